//! What the user sets in the editor: `initializationOptions`, and the section `layerwise` of its settings.

use serde_json::{Map, Value};

/// The words that `shellcheck` takes. A path is none of them: settings of an editor may come with a repository, and
/// that does not choose what runs on this machine.
const SHELLCHECK: [&str; 3] = ["auto", "on", "off"];

/// The names of the settings.
const KEYS: [&str; 2] = ["unsafeFixes", "shellcheck"];

/// What is wished for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wishes {
    /// Whether fix-all takes the fixes that may change the image, too.
    pub(super) unsafe_fixes: bool,
    /// Whether scripts go to `shellcheck`, if something is said.
    pub(super) shellcheck: Option<String>,
}

impl Wishes {
    /// Reads what the client sent, which may have the name of the section around it. Gives what could not be read, too;
    /// none of it counts.
    pub(super) fn read(value: &Value) -> (Self, Vec<String>) {
        let value = value.get("layerwise").unwrap_or(value);
        let (mut wishes, mut wrong) = (Self::default(), Vec::new());
        for (key, value) in value.as_object().into_iter().flatten() {
            match (key.as_str(), value) {
                (_, Value::Null) => {}
                ("unsafeFixes", Value::Bool(flag)) => wishes.unsafe_fixes = *flag,
                ("shellcheck", Value::String(word)) if SHELLCHECK.contains(&word.as_str()) => {
                    wishes.shellcheck = Some(word.clone());
                }
                ("unsafeFixes", _) => wrong.push("`unsafeFixes` takes true or false".to_owned()),
                ("shellcheck", _) => wrong.push("`shellcheck` takes auto, on or off".to_owned()),
                _ => wrong.push(format!("there is no setting `{key}`; there are `unsafeFixes` and `shellcheck`")),
            }
        }
        (wishes, wrong)
    }

    /// What `settings` of all servers say of this one, if they do: the section, or our own keys among others. Several
    /// clients send settings that don't name us, some of them as soon as they start.
    pub(super) fn section(settings: &Value) -> Option<Value> {
        match settings.get("layerwise") {
            Some(Value::Null) => None,
            Some(section) => Some(section.clone()),
            None => {
                let all = settings.as_object()?.iter();
                let ours: Map<String, Value> =
                    all.filter(|(key, _)| KEYS.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect();
                (!ours.is_empty()).then_some(Value::Object(ours))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_read_with_and_without_the_name_of_the_section() {
        let wishes = Wishes { unsafe_fixes: true, shellcheck: Some("off".into()) };
        let value = json!({ "unsafeFixes": true, "shellcheck": "off" });
        assert_eq!(Wishes::read(&value), (wishes.clone(), vec![]));
        assert_eq!(Wishes::read(&json!({ "layerwise": value, "other": 1 })), (wishes, vec![]));
        assert_eq!(Wishes::read(&Value::Null), (Wishes::default(), vec![]));
    }

    #[test]
    fn what_can_not_be_read_is_told_and_does_not_count() {
        for value in [json!({ "unsafeFixes": 1 }), json!({ "shellcheck": "/repo/evil" }), json!({ "shellChek": "on" })]
        {
            let (wishes, wrong) = Wishes::read(&value);
            assert_eq!((wishes, wrong.len()), (Wishes::default(), 1), "{value}");
        }
    }
}
