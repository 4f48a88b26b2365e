" Vim compiler file: what :make reads of layerwise.
" Put it in ~/.vim/compiler/layerwise.vim (Neovim: ~/.config/nvim/compiler/), then
"   :compiler layerwise | make | copen

if exists('current_compiler')
  finish
endif
let current_compiler = 'layerwise'

if exists(':CompilerSet') != 2
  command -nargs=* CompilerSet setlocal <args>
endif

CompilerSet makeprg=layerwise\ --format\ short\ --color\ never\ --quiet
CompilerSet errorformat=
      \%f:%l:%c:\ %trror%m,
      \%f:%l:%c:\ %tarning%m,
      \%f:%l:%c:\ %tnfo%m,
      \%f:%l:%c:\ style%m,
      \%-G%.%#
