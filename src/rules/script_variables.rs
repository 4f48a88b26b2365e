//! The variables of a script whose value stands in it.

use super::script::Script;
use crate::syntax::shell::SimpleCommand;

/// The names that the scripts of a RUN set once, to a text in which the shell expands nothing, with that text.
pub(super) fn known(scripts: &[Script<'_>]) -> Vec<(String, String)> {
    let mut set: Vec<(String, Option<String>)> = Vec::new();
    for script in scripts {
        script.tree.walk(|_, simple, _| assigned(script, simple, &mut set));
    }
    let once = |name: &str| set.iter().filter(|(other, _)| other == name).count() == 1;
    set.iter().filter(|(name, _)| once(name)).filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect()
}

fn assigned(script: &Script<'_>, simple: &SimpleCommand, set: &mut Vec<(String, Option<String>)>) {
    // In front of a command, an assignment is for that command alone, whose own words do not see it.
    if simple.words.is_empty() {
        for assignment in &simple.assignments {
            let plain = !assignment.append && assignment.subscript.is_none();
            let value = assignment.value.as_ref().filter(|_| plain).and_then(|word| word.literal(script.text));
            set.push((assignment.name.of(script.text).to_owned(), value.map(|text| text.into_owned())));
        }
    }
    if matches!(simple.name(script.text).as_deref(), Some("export" | "local" | "read" | "readonly")) {
        for word in &simple.words[1..] {
            let text = script.outline(word);
            let (name, value) = text.split_once('=').unwrap_or((&text, ""));
            let value = word.literal(script.text).is_some().then(|| value.to_owned());
            // `export NAME` leaves the value as it is.
            if text.contains('=') || !matches!(simple.name(script.text).as_deref(), Some("export" | "readonly")) {
                set.push((name.to_owned(), value.filter(|_| text.contains('='))));
            }
        }
    }
}
