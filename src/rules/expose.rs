//! ExposeProtoCasing and ExposeInvalidFormat: what EXPOSE takes, but not for good.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::Variables;
use crate::syntax::{Instruction, Keyword, Word};

pub(super) fn protocol(cx: &Context<'_, '_>, out: &mut Findings) {
    for (_, word) in words(cx).filter(|(_, w)| !w.text.contains('$')) {
        let Some((port, protocol)) = word.text.split_once('/') else { continue };
        let lower = protocol.to_ascii_lowercase();
        if lower == protocol || !matches!(lower.as_str(), "tcp" | "udp" | "sctp") {
            continue;
        }
        let wanted = format!("{port}/{lower}");
        let finding = out
            .report(
                &meta::EXPOSE_PROTO_CASING,
                word.span,
                format!("the protocol {} is not in lower case", cx.plain(protocol)),
            )
            .note("BuildKit writes it in lower case into the image, and warns of it at each build")
            .help(format!("write `{wanted}`"));
        if word.span.of(cx.file.text) == word.text {
            let edits = vec![Edit::replace(word.span, wanted.clone())];
            finding.fix(Fix::new(format!("write `{wanted}`"), Applicability::Safe, edits));
        }
    }
}

pub(super) fn format(cx: &Context<'_, '_>, out: &mut Findings) {
    for (step, word) in words(cx).filter(|(_, w)| w.text.contains(':') && !w.text.contains(['$', '"', '\''])) {
        let Some((_, port)) = word.text.rsplit_once(':').filter(|(_, port)| port_fault(port).is_none()) else {
            continue;
        };
        let finding = out
            .report(
                &meta::EXPOSE_INVALID_FORMAT,
                word.span,
                format!("EXPOSE can't map ports: of {} only {} counts", cx.plain(&word.text), cx.plain(port)),
            )
            .note("which port or address of the host leads there is said by `docker run -p`; a later BuildKit will refuse it")
            .help(format!("write `EXPOSE {port}`"));
        if word.span.of(cx.file.text) == word.text && !step.unfinished {
            let edits = vec![Edit::replace(word.span, port)];
            finding.fix(Fix::new(format!("write `{port}`"), Applicability::Safe, edits));
        }
    }
}

fn words<'c, 'a>(cx: &Context<'c, 'a>) -> impl Iterator<Item = (&'c Instruction<'a>, &'c Word<'a>)> {
    let steps = cx.model.stages.iter().flat_map(|s| cx.model.steps(s));
    steps.filter(|s| s.keyword == Keyword::Expose).flat_map(|s| s.words().iter().map(move |w| (s, w)))
}

/// Why BuildKit refuses a port; nothing if it doesn't, or if that depends on a build argument.
pub(super) fn fault(word: &str, variables: &Variables, escape: char) -> Option<&'static str> {
    let text = variables.expand(word, escape).known()?;
    text.split_whitespace().find_map(port_fault)
}

/// `[ip:][host:]port[-port][/protocol]`, measured on BuildKit 0.13.
fn port_fault(text: &str) -> Option<&'static str> {
    let mut parts = text.split('/');
    let ports = parts.next().unwrap_or_default();
    let protocol = parts.next().unwrap_or_default().to_ascii_lowercase();
    if !matches!(protocol.as_str(), "" | "tcp" | "udp" | "sctp") {
        return Some("the protocol is `tcp`, `udp` or `sctp`");
    }
    let port = ports.rsplit(':').next().unwrap_or_default();
    let number = |n: &str| n.parse::<u16>().ok().filter(|_| n.bytes().all(|b| b.is_ascii_digit()));
    match port.split_once('-') {
        None if number(port).is_some() => None,
        Some((from, to)) => match (number(from), number(to)) {
            (Some(from), Some(to)) if from <= to => None,
            _ => Some("a range goes from a port to a higher one"),
        },
        None => Some("a port is a number from 0 to 65535"),
    }
}
