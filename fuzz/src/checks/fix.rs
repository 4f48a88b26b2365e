//! Fixes.

use super::settings;
use layerwise::builder::Builder;
use layerwise::diagnostic::Applicability;
use layerwise::fix::validate::{validate_safe, validate_unsafe};
use layerwise::lint::fix;
use layerwise::syntax::{ErrorKind, parse};

/// Takes comments out that silence nothing any more, which the validator of safe fixes calls a loss.
const UNUSED_COMMENTS: &str = "LW018";

pub(super) fn check(text: &str, builder: Builder) {
    for least in [Applicability::Safe, Applicability::Unsafe] {
        let settings = settings(builder, &[UNUSED_COMMENTS]);
        let fixed = fix(text, &settings, least);
        assert!(fixed.oscillating.is_empty(), "{:?} undo each other in {text:?}", fixed.oscillating);
        if fixed.text == text {
            continue;
        }
        super::assert_lossless(&fixed.text);
        assert_eq!(verdict(&fixed.text), verdict(text), "{text:?} became {:?}", fixed.text);
        let whole = match least {
            Applicability::Safe => validate_safe(text, &fixed.text),
            _ => validate_unsafe(text, &fixed.text),
        };
        assert!(whole.is_ok(), "{whole:?}: {text:?} became {:?}", fixed.text);
        let again = fix(&fixed.text, &settings, least);
        assert_eq!(again.text, fixed.text, "a second run changes {text:?} once more");
    }
    let settings = settings(builder, &[]);
    let fixed = fix(text, &settings, Applicability::Safe);
    assert_eq!(verdict(&fixed.text), verdict(text), "{text:?} became {:?}", fixed.text);
    assert_eq!(fix(&fixed.text, &settings, Applicability::Safe).text, fixed.text, "{text:?}");
}

/// The kinds of errors, which a fix must not change.
fn verdict(text: &str) -> Vec<ErrorKind> {
    let mut kinds: Vec<ErrorKind> = parse(text).errors.into_iter().map(|e| e.kind).collect();
    kinds.sort_unstable();
    kinds
}
