//! Findings.

use super::settings;
use layerwise::builder::Builder;
use layerwise::diagnostic::Diagnostic;
use layerwise::fix::apply::apply;
use layerwise::lint::{FileReport, add_ignores, fingerprints, lint};
use layerwise::report::{self, Format, Root, Run};
use layerwise::source::Span;
use std::io;

pub(super) fn check(text: &str, builder: Builder) {
    let settings = settings(builder, &[]);
    let findings = lint(text, &settings);
    for finding in &findings {
        assert_placed(text, finding);
    }
    assert_eq!(findings, lint(text, &settings), "another run finds something else");
    if let Ok(new) = add_ignores(text, &findings, Some("a reason")) {
        super::assert_lossless(&new);
    }
    assert_shown(text, findings);
}

/// All places of `finding` are in `text`, and its fix fits.
fn assert_placed(text: &str, finding: &Diagnostic) {
    let check = |span: Span| {
        assert!(text.get(span.range()).is_some(), "{}: {span:?} is no place in {text:?}", finding.code);
    };
    let labels = std::iter::once(&finding.primary).chain(&finding.secondary).map(|label| label.span);
    labels.chain(finding.members.iter().copied()).for_each(check);
    assert!(!finding.message.is_empty(), "{}", finding.code);
    if let Some(fix) = &finding.fix {
        let applied = apply(text, &[fix]);
        assert!(applied.is_ok(), "{}: {applied:?}", finding.code);
    }
}

/// Every format can show `findings`.
fn assert_shown(text: &str, findings: Vec<Diagnostic>) {
    let file = FileReport { path: "a/Dockerfile".to_owned(), text: text.to_owned(), findings };
    assert_eq!(fingerprints(&file).len(), file.findings.len());
    let (files, root) = ([file], Root::default());
    for format in Format::ALL {
        let written = report::write(format, &Run { files: &files, root: &root }, &mut io::sink(), false);
        assert!(written.is_ok(), "{}: {written:?}", format.name());
    }
}
