//! `layerwise setup completions`: what a shell needs to complete a command line.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::{self, Write};

/// Completions of commands, options and their values for a shell.
///
/// bash: `layerwise setup completions bash > ~/.local/share/bash-completion/completions/layerwise`, which the package
/// bash-completion reads. zsh: save it as `_layerwise` in a folder of `$fpath`. fish: save it as
/// ~/.config/fish/completions/layerwise.fish. PowerShell: `layerwise setup completions powershell >> $PROFILE`. Elvish:
/// `layerwise setup completions elvish >> ~/.config/elvish/rc.elv`.
#[derive(Args, Clone, Copy, Debug)]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

/// Runs `layerwise setup completions`.
pub(super) fn run(args: CompletionsArgs, out: &mut dyn Write) -> io::Result<()> {
    // The generators panic where writing fails, as it does for `| head`: let them write to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::cli::Cli::command(), "layerwise", &mut script);
    out.write_all(&script)
}
