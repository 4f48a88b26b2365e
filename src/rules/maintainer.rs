//! DL4000: MAINTAINER is deprecated.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::syntax::Keyword;

/// The label that took its place (OCI image spec, annotations).
const LABEL: &str = "org.opencontainers.image.authors";

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for i in cx.instructions().filter(|i| i.keyword == Keyword::Maintainer) {
        let finding = out
            .report(&meta::MAINTAINER_DEPRECATED, i.keyword_span, "MAINTAINER is deprecated; a LABEL took its place")
            .note("tools read labels; the author field that MAINTAINER sets is hardly shown anywhere")
            .help(format!("use `LABEL {LABEL}=\"...\"`; the image then has the label in place of the author field"));
        if let Some(word) = i.single() {
            let value = quote(&word.text, cx.file.escape);
            let edits = vec![Edit::replace(i.keyword_span.to(word.span), format!("LABEL {LABEL}={value}"))];
            finding.fix(Fix::new("use a LABEL", Applicability::Unsafe, edits));
        }
    }
}

/// `text` as one double-quoted value that expands to itself. Quotes around all of it are not doubled.
fn quote(text: &str, escape: char) -> String {
    let inner = ['"', '\''].iter().find_map(|&q| text.strip_prefix(q)?.strip_suffix(q).filter(|t| !t.contains(q)));
    let mut value = String::from('"');
    for c in inner.unwrap_or(text).chars() {
        if c == '"' || c == '$' || c == escape {
            value.push(escape);
        }
        value.push(c);
    }
    value.push('"');
    value
}
