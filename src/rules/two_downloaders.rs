//! DL4001: `curl` and `wget` in one image.

use super::{Context, Findings, meta};
use crate::source::Span;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    if !cx.file.text.contains("wget") || !cx.file.text.contains("curl") {
        return;
    }
    for stage in &cx.model.stages {
        // Where each stands for the first time.
        let (mut wget, mut curl): (Option<Span>, Option<Span>) = (None, None);
        for run in cx.runs().iter().filter(|run| run.stage == stage.index) {
            let mut last = None;
            for call in run.calls() {
                let first = match call.name.as_ref() {
                    "wget" => &mut wget,
                    "curl" => &mut curl,
                    _ => continue,
                };
                first.get_or_insert(call.span);
                last = Some(call);
            }
            let (Some(last), Some(wget), Some(curl)) = (last, wget, curl) else { continue };
            let (name, other, place) =
                if last.name == "wget" { ("wget", "curl", curl) } else { ("curl", "wget", wget) };
            out.report(&meta::TWO_DOWNLOADERS, last.name_span, format!("this stage downloads with `{name}` and with `{other}`"))
                .why(place, format!("here with `{other}`"))
                .note("both have to be installed and updated, and they take proxies, certificates and errors in different ways")
                .help("use one of them for all");
        }
    }
}
