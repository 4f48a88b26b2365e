//! `layerwise rules`: what is there to be found; `layerwise explain`: one rule in full.

mod explain;
mod pages;
mod table;

pub(super) use explain::{ExplainArgs, run as explain};

use super::failure::Failure;
use crate::rules::{RULES, RuleMeta};
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::io::{self, Write};
use std::path::PathBuf;

/// List all rules.
#[derive(Args, Debug)]
pub struct RulesArgs {
    /// A table for people, JSON for programs, or one page per rule, written into `--output`.
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = PossibleValuesParser::new(["table", "json", "markdown", "html"]))]
    format: String,
    /// The folder for the pages; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Runs `layerwise rules`.
pub(super) fn run(args: &RulesArgs, out: &mut dyn Write, colour: bool) -> io::Result<Vec<Failure>> {
    let usage = |message: &str, help: &str| {
        Ok(vec![Failure::Usage { message: message.to_owned(), help: Some(help.to_owned()) }])
    };
    match (args.format.as_str(), &args.output) {
        ("markdown" | "html", None) => usage(
            &format!("--format {} writes one page per rule, and needs a folder for them", args.format),
            "name it with `--output DIR`",
        ),
        ("markdown", Some(folder)) => pages::write(folder, pages::Kind::Markdown),
        ("html", Some(folder)) => pages::write(folder, pages::Kind::Html),
        (_, Some(_)) => usage("--output is for `--format markdown` and `--format html`", "leave it out"),
        ("json", None) => table::json(out).map(|()| Vec::new()),
        (_, None) => table::pretty(out, colour).map(|()| Vec::new()),
    }
}

/// The rules in the order of their codes, our own first.
fn sorted() -> Vec<&'static RuleMeta> {
    let mut list: Vec<&RuleMeta> = RULES.iter().map(|rule| rule.meta).collect();
    list.sort_by_key(|meta| (!meta.code.starts_with("LW"), meta.code));
    list
}

/// The fix that a rule has, in a word.
fn fix(meta: &RuleMeta) -> &'static str {
    meta.fix.map_or("none", |applicability| applicability.name())
}

/// The line of a fence in a rule's document, in words.
fn caption(info: &str) -> Option<String> {
    let words: Vec<&str> = info.split_whitespace().collect();
    Some(match words[..] {
        ["dockerfile", "bad", ..] => "Reported".to_owned(),
        ["findings", ..] => "The findings".to_owned(),
        ["dockerfile", "fixed", ref more @ ..] if more.contains(&"unsafe") => "After --fix --unsafe-fixes".to_owned(),
        ["dockerfile", "fixed", ..] => "After --fix".to_owned(),
        ["dockerfile", "good", ..] => "Not reported".to_owned(),
        ["file", name] => format!("With the file {name}"),
        ["file-fixed", name] => format!("The file {name} after --fix --unsafe-fixes"),
        ["options"] => "With the options".to_owned(),
        _ => return None,
    })
}
