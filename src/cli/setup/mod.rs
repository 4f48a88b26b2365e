//! `layerwise setup`: files that tell other programs about layerwise.

mod completions;
mod man;

use super::failure::Failure;
use clap::{Args, Subcommand};
use std::io::{self, Write};

/// Print a file that tells an editor, a shell, `man` or GitHub about layerwise.
#[derive(Args, Debug)]
pub struct SetupArgs {
    #[command(subcommand)]
    reader: Reader,
}

#[derive(Subcommand, Clone, Debug)]
enum Reader {
    /// A problem matcher for GitHub Actions, for jobs that run `layerwise --format short`.
    ///
    /// Save it in the repository, as .github/layerwise.json, and let a step before the one with layerwise print
    /// `::add-matcher::.github/layerwise.json`. Without a matcher, `layerwise --format github` marks the lines by
    /// itself, on all their columns and with what to do.
    GithubMatcher,
    /// A task for Visual Studio Code, which fills the list of problems.
    ///
    /// Save it as .vscode/tasks.json, or add its task to yours.
    VscodeTasks,
    /// A compiler file for Vim and Neovim: `:compiler layerwise`, then `:make` fills the quickfix list.
    ///
    /// Save it as ~/.vim/compiler/layerwise.vim, for Neovim as ~/.config/nvim/compiler/layerwise.vim.
    Vim,
    /// A command for Emacs, and what its compilation buffers need to jump to the lines.
    ///
    /// Put it into your init file: `layerwise setup emacs >> ~/.emacs.d/init.el`.
    Emacs,
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs `layerwise setup`.
pub(super) fn run(args: &SetupArgs, out: &mut dyn Write) -> io::Result<Vec<Failure>> {
    let file = match &args.reader {
        Reader::GithubMatcher => include_str!("github-matcher.json"),
        Reader::VscodeTasks => include_str!("vscode-tasks.json"),
        Reader::Vim => include_str!("layerwise.vim"),
        Reader::Emacs => include_str!("layerwise.el"),
        Reader::Completions(args) => return completions::run(*args, out).map(|()| Vec::new()),
        Reader::Man(args) => return man::run(args, out),
    };
    out.write_all(file.as_bytes()).map(|()| Vec::new())
}
