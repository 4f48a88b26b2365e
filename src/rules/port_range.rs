//! DL3011: a port that there is not.

use super::{Context, Findings, meta};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for expose in cx.instructions().filter(|i| i.keyword == Keyword::Expose) {
        for word in expose.words() {
            let ports = word.text.trim_matches('"').split('/').next().unwrap_or_default();
            let number = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            let beyond = |port: &&str| number(port) && port.parse::<u16>().is_err();
            if let Some(port) = ports.split(['-', ':']).find(beyond) {
                out.report(&meta::PORT_RANGE, word.span, format!("there is no port {}", cx.plain(port)))
                    .note("the builder refuses the instruction")
                    .help("ports go up to 65535");
            }
        }
    }
}
