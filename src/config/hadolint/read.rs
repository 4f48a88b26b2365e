//! Reading `.hadolint.yaml`. hadolint passes over keys that it does not know, and so does this; where it gives up on the
//! whole file, there is a mistake.

use super::super::mistake::{ConfigError, Source};
use super::super::nodes::NodeReader;
use super::super::yaml::Node;
use super::{Hadolint, LABEL_FORMATS, THRESHOLDS};
use crate::config::find::text_of;
use crate::diagnostic::Severity;
use std::path::Path;

/// Reads the file at `path`, called `name` in messages.
pub(in crate::config) fn load(path: &Path, name: &str) -> Result<Hadolint, ConfigError> {
    read(&Source::new(name, &text_of(path, name)?))
}

pub(in crate::config) fn read(source: &Source) -> Result<Hadolint, ConfigError> {
    let mut nodes = NodeReader::new(source);
    let mut read = Hadolint::default();
    if let Some(root) = nodes.root() {
        for (_, name, value) in nodes.entries(&root, "the configuration of hadolint") {
            key(&mut nodes, name, value, &mut read);
        }
    }
    nodes.conclude(read)
}

fn key(nodes: &mut NodeReader<'_>, name: &str, value: &Node, read: &mut Hadolint) {
    match name {
        "ignored" => read.ignored = nodes.words(name, value),
        "trustedRegistries" => read.registries = nodes.words(name, value),
        "override" => {
            for (_, level, rules) in nodes.entries(value, "`override`") {
                match Severity::from_name(level) {
                    Some(severity) => {
                        read.severities.extend(nodes.words(level, rules).into_iter().map(|rule| (severity, rule)));
                    }
                    None => read.remarks.push(format!("`override` has no level `{level}`")),
                }
            }
        }
        "label-schema" => {
            for (_, label, format) in nodes.entries(value, "`label-schema`") {
                let known = |word: &str| LABEL_FORMATS.contains(&word).then(|| word.to_owned());
                read.labels.extend(nodes.choice(label, format, &LABEL_FORMATS, known).map(|f| (label.to_owned(), f)));
            }
        }
        "strict-labels" => read.strict_labels = nodes.flag(name, value),
        "failure-threshold" => read.threshold = nodes.choice(name, value, &THRESHOLDS, Hadolint::threshold),
        "no-fail" => read.no_fail = nodes.flag(name, value),
        "disable-ignore-pragma" => read.no_pragmas = nodes.flag(name, value),
        "format" => {
            let word = nodes.word(name, value);
            read.remarks.extend(word.map(|word| format!("`format: {word}`: a format is chosen with `--format`")));
        }
        "no-color" => {
            read.remarks.push("`no-color`: colours are chosen with `--color`, or by the variable NO_COLOR".into())
        }
        other => read.remarks.push(format!("`{other}` is no key of hadolint")),
    }
}
