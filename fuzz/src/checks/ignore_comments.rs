//! Comments that switch rules off: written where findings are, and taken out where they do nothing.

use super::settings;
use layerwise::builder::Builder;
use layerwise::diagnostic::{Applicability, Diagnostic};
use layerwise::lint::{add_ignores, fix, lint};
use layerwise::rules::{Overrides, RULES};
use layerwise::syntax::{ErrorKind, parse};
use std::collections::BTreeSet;

const UNUSED: &str = "LW018";
/// They find such comments themselves: any, and those that stand where BuildKit looks for a description.
const COMMENTS: [&str; 2] = ["DL1001", "InvalidDefinitionDescription"];
const REASONS: [Option<&str>; 2] = [None, Some("known")];

pub(super) fn check(text: &str, builder: Builder) {
    let settings = settings(builder, &COMMENTS);
    let before = lint(text, &settings);
    let reason = REASONS[text.len() % REASONS.len()];
    if let Ok(new) = add_ignores(text, &before, reason) {
        assert_eq!(read(text), read(&new), "{text:?} became {new:?}");
        let (silenced, after) = (codes(&before), lint(&new, &settings));
        for finding in &after {
            assert!(!silenced.contains(finding.code), "{} is still found: {text:?} became {new:?}", finding.code);
        }
        let again = add_ignores(&new, &after, reason);
        assert_eq!(again.as_deref(), Ok(new.as_str()), "a second run writes into {text:?}");
    }
    // Nothing but comments is mended with these.
    let others = RULES.iter().map(|rule| rule.meta).filter(|meta| meta.fix != Some(Applicability::Safe));
    let select = others.map(|meta| meta.code).chain([UNUSED]).collect();
    let settings = super::settings_with(
        builder,
        Overrides { select: Some(select), ignore: COMMENTS.to_vec(), ..Overrides::default() },
    );
    let fixed = fix(text, &settings, Applicability::Safe);
    assert_eq!(read(text), read(&fixed.text), "{text:?} became {:?}", fixed.text);
    assert!(fixed.oscillating.is_empty(), "{text:?}");
    assert_eq!(codes(&fixed.findings), codes(&lint(text, &settings)), "{text:?} became {:?}", fixed.text);
}

/// The rules that comments switch off: all but the one about comments.
fn codes(findings: &[Diagnostic]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.code).filter(|code| *code != UNUSED).collect()
}

/// What the builder reads.
fn read(text: &str) -> (Vec<String>, Vec<String>, Vec<ErrorKind>) {
    let file = parse(text);
    let instructions = file.instructions.iter().map(|i| {
        let heredocs: String = i.heredocs.iter().map(|heredoc| heredoc.content).collect();
        format!("{} {heredocs}", i.joined())
    });
    let directives = file.directives.iter().map(|d| format!("{}={}", d.name, d.value));
    (instructions.collect(), directives.collect(), file.errors.iter().map(|e| e.kind).collect())
}
