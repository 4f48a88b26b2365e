//! DL3020: ADD where COPY does the same.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{is_archive_name, is_plain_source, is_remote};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for outer in &cx.file.instructions {
        let Some(add) = std::iter::successors(Some(outer), |i| i.trigger()).find(|i| i.keyword == Keyword::Add) else {
            continue;
        };
        let sources = add.sources();
        let special = |text: &str| is_remote(text) || is_archive_name(text) || text.starts_with('$');
        if sources.is_empty() || sources.iter().any(|w| special(&w.text)) {
            continue;
        }
        // These flags are about archives and repositories, or about a later BuildKit.
        if add.flags.iter().any(|f| !matches!(f.name(), "chown" | "chmod" | "link" | "exclude")) {
            continue;
        }
        let plain = sources.iter().all(|w| add.is_heredoc(w) || is_plain_source(&w.text));
        // Below ONBUILD the text itself is a part of the image.
        let triggered = outer.keyword == Keyword::Onbuild;
        let applicability = if plain && !triggered { Applicability::Safe } else { Applicability::Unsafe };
        let copy = if add.keyword_text().starts_with(|c: char| c.is_lowercase()) { "copy" } else { "COPY" };
        let fix = Fix::new("use COPY", applicability, vec![Edit::replace(add.keyword_span, copy)]);
        let message = if plain {
            "ADD is used for plain files; COPY does the same and nothing else"
        } else {
            "ADD is used where COPY may do: no source looks like an archive"
        };
        let finding = out
            .report(&meta::ADD_INSTEAD_OF_COPY, add.keyword_span, message)
            .note("ADD unpacks archives and fetches URLs, so a reader has to look twice");
        let finding = if plain && triggered {
            finding.help("use COPY; the trigger that the image keeps is then another text with the same effect")
        } else if plain {
            finding.help("use COPY")
        } else {
            let doubtful: Vec<String> = sources
                .iter()
                .filter(|w| !add.is_heredoc(w) && !is_plain_source(&w.text))
                .map(|w| format!("`{}`", w.text))
                .collect();
            let to = add.destination().map_or("the image", |w| &w.text);
            finding.help(format!(
                "use COPY; if {} is a local tar archive, ADD unpacks it into `{to}` and COPY does not, so look first",
                doubtful.join(" or ")
            ))
        };
        finding.fix(fix);
    }
}
