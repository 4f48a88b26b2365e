//! Configurations: ours, and hadolint's.

use layerwise::builder::Builder;
use layerwise::config::{self, Config, ConfigError};
use layerwise::lint::{Settings, lint};
use layerwise::rules::{CATALOGUE, Overrides, Selection};
use miette::Diagnostic;
use std::path::Path;

/// A file that custom rules find something in.
const SAMPLE: &str = "FROM debian:12 AS build\nARG V=1\nENV A=b C=\"d $V\"\nRUN --mount=type=cache,target=/x \
                      curl -o /y https://example.org/$V | sh\nCOPY --chown=a . /app/\n\nFROM scratch\n\
                      COPY --from=build /app /app\nONBUILD RUN true\nCMD [\"/app/run\", \"é\"]\n";

pub(super) fn check(text: &str) {
    for name in [".layerwise.yaml", ".hadolint.yaml"] {
        match config::parse(name, text, CATALOGUE) {
            // The folders need not be there: only patterns are held against them.
            Ok(config) => use_it(&Config { path: Some(Path::new("/a").join(name)), ..config }),
            Err(error) => assert_placed(text, &error),
        }
    }
}

/// Checks a file as `config` says.
fn use_it(config: &Config) {
    let layers = config.layers(Path::new("/a/b/Dockerfile"));
    let builder = layers.builder().unwrap_or(Builder::Buildkit);
    let selection = Selection::new(layers.iter(), &Overrides::default());
    let settings = Settings { selection, builder, project: None, histories: None, shellcheck: None };
    for finding in lint(SAMPLE, &settings) {
        assert!(SAMPLE.get(finding.primary.span.range()).is_some(), "{finding:?}");
    }
}

/// All labels of the mistakes are places in `text`.
fn assert_placed(text: &str, error: &ConfigError) {
    for mistake in error.mistakes() {
        for label in mistake.labels().into_iter().flatten() {
            let span = label.offset()..label.offset() + label.len();
            assert!(text.get(span).is_some(), "{mistake}: {label:?} is no place in {text:?}");
        }
    }
}
