//! All rules, a line each.

use super::{fix, sorted};
use crate::diagnostic::Severity;
use crate::rules::RuleMeta;
use serde::Serialize;
use std::io::{self, Write};

/// A rule as programs get it. Fields are added, never taken away.
#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    title: &'static str,
    aliases: &'static [&'static str],
    severity: &'static str,
    category: &'static str,
    default: bool,
    fix: &'static str,
    since: &'static str,
    options: Vec<&'static str>,
}

pub(super) fn json(out: &mut dyn Write) -> io::Result<()> {
    let row = |meta: &'static RuleMeta| Row {
        code: meta.code,
        name: meta.name,
        title: meta.title(),
        aliases: meta.aliases,
        severity: meta.severity.name(),
        category: meta.category,
        default: meta.default,
        fix: fix(meta),
        since: meta.since,
        options: meta.options.iter().map(|o| o.name).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &sorted().into_iter().map(row).collect::<Vec<_>>())?;
    writeln!(out)
}

pub(super) fn pretty(out: &mut dyn Write, colour: bool) -> io::Result<()> {
    let list = sorted();
    let width = |text: fn(&RuleMeta) -> &str| list.iter().map(|m| text(m).len()).max().unwrap_or_default();
    let (code, severity) = (width(|m| m.code), Severity::ALL.iter().map(|s| s.name().len()).max().unwrap_or_default());
    let (bold, reset) = if colour { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    writeln!(
        out,
        "{bold}{:code$}  {:severity$}  {:7}  {:7}  what it finds{reset}",
        "code", "severity", "default", "fix"
    )?;
    for meta in &list {
        let on = if meta.default { "on" } else { "off" };
        write!(
            out,
            "{:code$}  {:severity$}  {on:7}  {:7}  {}",
            meta.code,
            meta.severity.name(),
            fix(meta),
            meta.title()
        )?;
        match meta.aliases {
            [] => writeln!(out)?,
            names => writeln!(out, " ({})", names.join(", "))?,
        }
    }
    writeln!(out, "\n{} rules; `layerwise explain CODE` tells all about one", list.len())?;
    writeln!(
        out,
        "besides: SC1000 to SC3999, what shellcheck says of the scripts of RUN; chosen by code or start of code\n(`--ignore SC2086`, `--select SC2`), `layerwise explain SC2086` names the page of one"
    )
}
