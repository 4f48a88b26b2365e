-- Neovim as the client: opens the Dockerfile of the current folder, edits it, asks for all there is, takes all safe fixes and
-- saves. Prints one line of JSON. It works without plugins, and with Neovim 0.7, which has no `vim.lsp.start`.
local out = {}
local function await(what, is)
    if not vim.wait(30000, is, 20) then
        error('waited in vain for ' .. what)
    end
end
local function finds(code)
    for _, found in ipairs(vim.diagnostic.get(0)) do
        if found.code == code or (found.user_data and found.user_data.lsp and found.user_data.lsp.code == code) then
            return found
        end
    end
end
local function main()
    vim.cmd('edit Dockerfile')
    local id = vim.lsp.start_client({
        name = 'layerwise',
        cmd = { vim.env.LAYERWISE, 'lsp', '--shellcheck', 'off' },
        root_dir = vim.fn.getcwd(),
        on_exit = function(code)
            out.exit = code
        end,
    })
    vim.lsp.buf_attach_client(0, id)
    local client = vim.lsp.get_client_by_id(id)
    await('findings', function()
        return #vim.diagnostic.get(0) > 0
    end)
    out.first = #vim.diagnostic.get(0)
    -- A change in the middle, behind a character of two code units: Neovim sends it as an edit of a range.
    vim.api.nvim_buf_set_lines(0, 1, 1, true, { '# ' .. vim.fn.nr2char(0x1f600) .. ' x', 'MAINTAINER somebody' })
    vim.api.nvim_buf_set_text(0, 1, 6, 1, 7, { 'y', '' })
    await('the finding of a change', function()
        return finds('DL4000')
    end)
    out.maintainer = finds('DL4000').lnum
    vim.cmd('undo')
    vim.cmd('undo')
    await('its end', function()
        return not finds('DL4000')
    end)
    local function ask(method, params)
        local answers = assert(vim.lsp.buf_request_sync(0, method, params, 30000))
        local answer = answers[id] or {}
        assert(not answer.error, vim.inspect(answer.error))
        return answer.result
    end
    local document = { uri = vim.uri_from_bufnr(0) }
    out.hover = ask('textDocument/hover', { textDocument = document, position = { line = 3, character = 1 } })
    out.lenses = ask('textDocument/codeLens', { textDocument = document })
    local whole = { start = { line = 0, character = 0 }, ['end'] = { line = 99, character = 0 } }
    local actions = ask('textDocument/codeAction', {
        textDocument = document,
        range = whole,
        context = { diagnostics = {}, only = { 'source.fixAll' } },
    })
    out.actions = #actions
    local action = actions[1]
    if not action.edit then
        action = ask('codeAction/resolve', action)
    end
    vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    await('the end of the finding that was mended', function()
        return not finds('LW105')
    end)
    vim.cmd('write')
    client.stop()
    await('the end of the program', function()
        return out.exit
    end)
end
local worked, message = pcall(main)
if not worked then
    out.error = tostring(message)
end
local json = vim.json and vim.json.encode or vim.fn.json_encode
io.stdout:write(json(out), '\n')
vim.cmd('qall!')
