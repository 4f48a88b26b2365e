//! DL3026: an image from a registry that the project does not trust.

use super::{Context, Findings, meta};
use crate::model::{Base, ImageRef};
use crate::source::Span;
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let trusted = cx.words(&meta::TRUSTED_REGISTRY, "registries");
    if trusted.is_empty() {
        return;
    }
    for stage in &cx.model.stages {
        if let (Base::Image(name), Some(word)) = (&stage.base, cx.file.instructions[stage.from].words().first()) {
            report(cx, out, trusted, name, word.span);
        }
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Copy) {
            let Some((flag, from)) = step.flag("from").and_then(|f| Some((f, f.value()?))) else { continue };
            let number = from.bytes().all(|b| b.is_ascii_digit());
            if !number && !from.contains('$') && cx.model.find(from, stage.index).is_none() {
                report(cx, out, trusted, from, flag.value_span);
            }
        }
    }
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, trusted: &[String], image: &str, span: Span) {
    let registry = registry(image);
    if trusted.iter().any(|pattern| fits(pattern, registry)) {
        return;
    }
    let message =
        format!("the image {} comes from {registry}, which is none of the trusted registries", cx.plain(image));
    out.report(&meta::TRUSTED_REGISTRY, span, message)
        .note("what runs in the build and in the image is then up to whoever may push there")
        .help(format!("take it from one of these: {}", trusted.join(", ")));
}

/// The host in front of the first `/`; Docker Hub if there is none.
fn registry(image: &str) -> &str {
    let name = ImageRef::parse(image).name;
    match name.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
        _ => "docker.io",
    }
}

/// Whether a pattern, which may start or end with `*`, means the registry.
fn fits(pattern: &str, registry: &str) -> bool {
    let hub = |name: &str| matches!(name, "docker.io" | "index.docker.io" | "hub.docker.com" | "registry-1.docker.io");
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => registry.ends_with(end),
        (None, Some(start)) => registry.starts_with(start),
        (None, None) => pattern.eq_ignore_ascii_case(registry) || (hub(pattern) && hub(registry)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_are_told_from_names() {
        for (image, host) in [
            ("debian", "docker.io"),
            ("team/tool:1", "docker.io"),
            ("localhost/tool", "localhost"),
            ("localhost:5000/tool", "localhost:5000"),
            ("quay.io/a/b@sha256:00", "quay.io"),
        ] {
            assert_eq!(registry(image), host, "{image}");
        }
        assert!(fits("*.example.org", "eu.example.org") && fits("*", "quay.io") && fits("hub.docker.com", "docker.io"));
        assert!(!fits("example.org", "eu.example.org") && !fits("*.example.org", "example.com"));
    }
}
