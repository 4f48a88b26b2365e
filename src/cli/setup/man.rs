//! `layerwise setup man`: the manual pages.

use crate::cli::failure::Failure;
use crate::cli::output::file;
use crate::cli::{Cli, EXAMPLES, EXIT_CODES};
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The manual page: `layerwise setup man | man -l -`.
///
/// With `--output`, a page for each command as well, for a folder that `man` searches, such as ~/.local/share/man/man1.
#[derive(Args, Clone, Debug)]
pub struct ManArgs {
    /// The folder for the pages of all commands; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Runs `layerwise setup man`.
pub(super) fn run(args: &ManArgs, out: &mut dyn Write) -> io::Result<Vec<Failure>> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(folder) = &args.output else {
        return out.write_all(&page(program)?).map(|()| Vec::new());
    };
    let written = fs::create_dir_all(folder).and_then(|()| write(program, folder));
    let failure = written.err().map(|source| Failure::Pages { folder: folder.display().to_string(), source });
    Ok(failure.into_iter().collect())
}

/// Writes the page of `command`, and those of the commands below it.
fn write(command: Command, folder: &Path) -> io::Result<()> {
    for below in command.get_subcommands() {
        write(below.clone(), folder)?;
    }
    let name = Man::new(command.clone()).get_filename();
    let page = page(command)?;
    file::write(&folder.join(name), |out| out.write_all(&page))
}

/// A page as troff source.
fn page(command: Command) -> io::Result<Vec<u8>> {
    let whole_program = command.get_after_help().is_some();
    let source = concat!("layerwise ", env!("CARGO_PKG_VERSION"));
    // The generator would fill the lines of the examples to a paragraph.
    let man = Man::new(command.after_help(None::<&str>)).source(source).manual("layerwise");
    let mut page = Vec::new();
    man.render(&mut page)?;
    if whole_program {
        let mut sections = Roff::new();
        sections.control("SH", ["EXAMPLES"]).control("nf", []);
        for line in EXAMPLES.lines() {
            sections.text([roman(line)]);
        }
        sections.control("fi", []).control("SH", ["EXIT STATUS"]).text([roman(EXIT_CODES)]);
        sections.to_writer(&mut page)?;
    }
    Ok(page)
}
