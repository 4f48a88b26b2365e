//! One page per rule, and one that lists them, for the web.

use super::super::failure::Failure;
use super::super::output::file;
use super::{caption, fix, sorted};
use crate::report::markdown::{self, escaped};
use crate::rules::RuleMeta;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// What the pages are written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Markdown,
    Html,
}

impl Kind {
    fn extension(self) -> &'static str {
        match self {
            Kind::Markdown => "md",
            Kind::Html => "html",
        }
    }

    /// A whole page.
    fn page(self, title: &str, markdown: &str) -> String {
        match self {
            Kind::Markdown => markdown.to_owned(),
            Kind::Html => format!(
                "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
                 content=\"width=device-width\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
                escaped(title),
                include_str!("page.css"),
                markdown::html(markdown, caption)
            ),
        }
    }
}

/// Writes the pages into `folder`.
pub(super) fn write(folder: &Path, kind: Kind) -> io::Result<Vec<Failure>> {
    let mut pages = vec![("index".to_owned(), kind.page("layerwise: the rules", &index(kind)))];
    for meta in sorted() {
        let title = format!("{}: {}", meta.code, meta.title());
        pages.push((meta.code.to_owned(), kind.page(&title, &rule(meta, kind))));
    }
    let written = fs::create_dir_all(folder).and_then(|()| {
        pages.iter().try_for_each(|(name, text)| {
            let path = folder.join(name).with_extension(kind.extension());
            file::write(&path, |out| out.write_all(text.as_bytes()))
        })
    });
    let failure = written.err().map(|source| Failure::Pages { folder: folder.display().to_string(), source });
    Ok(failure.into_iter().collect())
}

fn index(kind: Kind) -> String {
    let mut text =
        "# The rules of layerwise\n\n| Code | Severity | Default | Fix | What it finds |\n|---|---|---|---|---|\n"
            .to_owned();
    for meta in sorted() {
        let on = if meta.default { "on" } else { "off" };
        let link = format!("[{code}]({code}.{})", kind.extension(), code = meta.code);
        let _ = writeln!(text, "| {link} | {} | {on} | {} | {} |", meta.severity.name(), fix(meta), meta.title());
    }
    text
}

/// The document of a rule with what its front matter says below the title.
fn rule(meta: &RuleMeta, kind: Kind) -> String {
    let (title, rest) = meta.body().trim_start().split_once('\n').unwrap_or((meta.body(), ""));
    let on = if meta.default { "on by default" } else { "off by default" };
    let names = match meta.aliases {
        [] => String::new(),
        names => format!(" Also known as {}.", names.join(", ")),
    };
    let (code, name, severity, category) = (meta.code, meta.name, meta.severity.name(), meta.category);
    format!(
        "{title}\n\n**{code}** ({name}): {severity}, {category}, {on}, fix: {}, since {}.{names}\n\n[All rules](index.{})\n{rest}",
        fix(meta),
        meta.since,
        kind.extension()
    )
}
