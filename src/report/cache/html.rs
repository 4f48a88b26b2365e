//! One page that needs nothing else: no script, no font, no network.

use super::{CacheReport, Row, Version, percent, seconds};
use crate::source::{is_command_mark, is_unsafe};
use std::io::{self, Write};

const STYLE: &str = include_str!("page.css");

pub(super) fn write(report: &CacheReport, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{}: what a commit rebuilds", text(&report.file));
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    // The page says itself that it loads nothing.
    writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    )?;
    writeln!(out, "<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>")?;
    let context = report.context.as_deref().map(|c| format!(" Context: {}.", text(c))).unwrap_or_default();
    writeln!(out, "<p class=\"basis\">{}; builder {}.{context}</p>", text(&report.basis()), text(&report.builder))?;
    if let Some(reason) = &report.without_history {
        writeln!(out, "<p class=\"basis\">No history: {}.</p>", text(reason))?;
    }
    let savings = report.savings().map(|(option, version)| (format!("With layerwise {option}"), version));
    let versions: Vec<(String, &Version)> =
        std::iter::once(("As it is".to_owned(), &report.before)).chain(savings).collect();
    let longest = versions.iter().map(|(_, v)| v.full).fold(0.0, f64::max);
    let most = rows(&report.before).map(|r| r.expected).fold(0.0, f64::max);
    writeln!(out, "<main>")?;
    for (name, version) in versions {
        writeln!(out, "<section>\n<h2>{name}</h2>")?;
        let full = seconds(version.full);
        writeln!(
            out,
            "<p class=\"total\"><strong>{}</strong> per commit <span>of {full} for a full build</span></p>",
            seconds(version.expected)
        )?;
        timeline(version, longest, out)?;
        table(version, most, out)?;
        writeln!(out, "</section>")?;
    }
    writeln!(out, "</main>")?;
    let kind = if report.recorded { "the seconds of a recorded build" } else { "estimates by kind of command" };
    writeln!(
        out,
        "<p class=\"basis\">A bar is as long as its step takes, and as red as commits often run it again. The times are \
         {kind}; a commit costs the chance that a step runs again times what it takes, summed over all steps.</p>\n\
         </body>\n</html>"
    )
}

fn rows(version: &Version) -> impl Iterator<Item = &Row> {
    version.stages.iter().flat_map(|s| &s.steps)
}

/// The steps in a row, each as wide as it takes.
fn timeline(version: &Version, longest: f64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<div class=\"timeline\" role=\"img\" aria-label=\"a full build, step by step\">")?;
    for row in rows(version).filter(|r| r.seconds > 0.0) {
        let width = if longest > 0.0 { row.seconds / longest * 100.0 } else { 0.0 };
        let tip = format!("line {}: {} ({}, {})", row.line, row.instruction, seconds(row.seconds), percent(row.churn));
        writeln!(out, "<i style=\"width:{width:.2}%;--heat:{:.0}%\" title=\"{}\"></i>", row.churn * 100.0, text(&tip))?;
    }
    writeln!(out, "</div>")
}

fn table(version: &Version, most: f64, out: &mut dyn Write) -> io::Result<()> {
    for stage in &version.stages {
        writeln!(
            out,
            "<h3>stage {} <small>from {}</small></h3>\n<table>\n<thead><tr><th>line</th><th>instruction</th>\
             <th>churn</th><th>a run</th><th>a commit</th></tr></thead>\n<tbody>",
            text(&stage.name),
            text(&stage.base)
        )?;
        for row in &stage.steps {
            self::row(row, most, out)?;
        }
        writeln!(out, "</tbody>\n</table>")?;
    }
    Ok(())
}

fn row(row: &Row, most: f64, out: &mut dyn Write) -> io::Result<()> {
    let costs = row.layer || row.seconds > 0.0;
    let class = if costs { "" } else { " class=\"config\"" };
    let share = if most > 0.0 { (row.expected / most * 100.0).min(100.0) } else { 0.0 };
    let shown = |value: String| if costs { value } else { "-".to_owned() };
    let why = row.reason().map_or_else(String::new, |reason| format!("<small>{}</small>", text(&reason)));
    writeln!(
        out,
        "<tr{class}><td>{}</td><td><code>{}</code>{why}</td><td>{}</td><td>{}</td>\
         <td>{}<b style=\"width:{share:.1}%;--heat:{:.0}%\"></b></td></tr>",
        row.line,
        text(&row.instruction),
        shown(percent(row.churn)),
        shown(seconds(row.seconds)),
        shown(seconds(row.expected)),
        row.churn * 100.0
    )
}

/// `value` as text of a page: nothing in a Dockerfile becomes markup, or is shown as what it is not.
fn text(value: &str) -> String {
    let mut safe = String::with_capacity(value.len());
    for (at, c) in value.char_indices() {
        match c {
            '#' if is_command_mark(value, at) => safe.push_str("&#35;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(' '),
            c if is_unsafe(c) => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
