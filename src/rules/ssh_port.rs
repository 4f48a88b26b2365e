//! LW409: the port of an SSH server.

use super::{Context, Findings, meta};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for expose in cx.instructions().filter(|i| i.keyword == Keyword::Expose) {
        for word in expose.words().iter().filter(|w| is_ssh(w.text.trim_matches('"'))) {
            out.report(&meta::SSH_PORT, word.span, "port 22 is that of an SSH server, a second way into the container")
                .note("it needs keys, accounts and updates of its own, and what is done through it is lost with the container")
                .help("use `docker exec` or `kubectl exec`, and leave the server out; if the image is there to serve SSH, ignore this");
        }
    }
}

/// Whether a port or a range of ports over TCP has 22 in it.
fn is_ssh(ports: &str) -> bool {
    let (ports, protocol) = ports.split_once('/').unwrap_or((ports, "tcp"));
    let ports = ports.rsplit(':').next().unwrap_or(ports);
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else { return false };
    protocol.eq_ignore_ascii_case("tcp") && (first..=last).contains(&22)
}
