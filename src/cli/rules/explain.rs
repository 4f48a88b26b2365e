//! `layerwise explain CODE`: the document of a rule, for the terminal.

use super::super::failure::Failure;
use super::{caption, fix};
use crate::config::Finder;
use crate::report::{markdown, safe};
use crate::rules::{self, RuleMeta};
use crate::shellcheck;
use crate::suggest::closest;
use clap::Args;
use std::io::{self, Write};
use std::path::Path;

/// The widest that a text is easy to read.
const WIDEST: usize = 100;

/// Explain a rule: what it finds, why that matters, examples.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// A code, the name of a rule, or the name that another linter has for it.
    #[arg(value_name = "CODE", required = true)]
    codes: Vec<String>,
}

/// Runs `layerwise explain`.
pub(in super::super) fn run(args: &ExplainArgs, out: &mut dyn Write, colour: bool) -> io::Result<Vec<Failure>> {
    let mut failures = Vec::new();
    for code in &args.codes {
        match rules::find(code) {
            Some(rule) => explain(rule.meta, out, colour)?,
            None if shellcheck::is_code(code) => explain_shell(&code.to_ascii_uppercase(), out, colour)?,
            None if custom(code, out, colour)? => {}
            None => {
                let help = match closest(code, rules::names()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`layerwise rules` lists them all".to_owned(),
                };
                failures.push(Failure::Usage { message: format!("there is no rule `{code}`"), help: Some(help) });
            }
        }
    }
    Ok(failures)
}

fn explain(meta: &RuleMeta, out: &mut dyn Write, colour: bool) -> io::Result<()> {
    let columns = textwrap::termwidth().clamp(40, WIDEST);
    let on = if meta.default { "on by default" } else { "off by default" };
    let (bold, reset) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    writeln!(out, "{bold}{}{reset} {}", meta.code, meta.name)?;
    writeln!(out, "{}, {}, {on}, fix: {}, since {}", meta.severity.name(), meta.category, fix(meta), meta.since)?;
    if !meta.aliases.is_empty() {
        writeln!(out, "also known as {}", meta.aliases.join(", "))?;
    }
    writeln!(out)?;
    markdown::terminal(meta.body(), caption, columns, colour, out)
}

/// A rule of the project in the current folder; gives whether there is one with the code.
fn custom(code: &str, out: &mut dyn Write, colour: bool) -> io::Result<bool> {
    let finder = Finder::new(std::env::current_dir().unwrap_or_default(), rules::CATALOGUE);
    let Ok(Some(config)) = finder.for_folder(Path::new("")) else { return Ok(false) };
    let rules = config.custom_rules();
    let Some(rule) = rules.iter().find(|rule| rule.code.eq_ignore_ascii_case(code)) else { return Ok(false) };
    let (bold, reset) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let columns = textwrap::termwidth().clamp(40, WIDEST);
    writeln!(out, "{bold}{}{reset} {}, a rule of this project\n", rule.code, rule.severity.name())?;
    let lines = [Some(rule.message.clone()), rule.help.as_ref().map(|help| format!("What to do: {help}"))];
    for line in lines.into_iter().flatten() {
        textwrap::wrap(&line, columns).iter().try_for_each(|line| writeln!(out, "{}", safe::line(line)))?;
    }
    for (caption, examples) in [("Reported", &rule.bad), ("Not reported", &rule.good)] {
        for example in examples {
            writeln!(out, "\n{caption}:")?;
            example.lines().try_for_each(|line| writeln!(out, "    {}", safe::line(line)))?;
        }
    }
    Ok(true)
}

/// A code of ShellCheck. What it means, its own page says best.
fn explain_shell(code: &str, out: &mut dyn Write, colour: bool) -> io::Result<()> {
    let columns = textwrap::termwidth().clamp(40, WIDEST);
    let (bold, reset) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let kind = match code.as_bytes().get(shellcheck::PREFIX.len()) {
        Some(b'1') => "a shell can't read the script, or reads it as something else than was meant",
        Some(b'3') => "the script uses what its shell, mostly plain `sh`, need not have",
        _ => "the script is valid, but most likely does not do what was meant",
    };
    let text = format!(
        "A finding of ShellCheck in the script of a RUN; with this number: {kind}. It is reported if the program \
         `shellcheck` is installed (`--shellcheck auto`), and like the code of a rule it can be ignored, selected and given a \
         severity. Its page says what it finds and what to do: {}\n",
        shellcheck::link(code)
    );
    writeln!(out, "{bold}{code}{reset} ShellCheck\n")?;
    markdown::terminal(&text, caption, columns, colour, out)
}
