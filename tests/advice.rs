//! What findings say besides their messages.

mod support;

use layerwise::diagnostic::Diagnostic;
use layerwise::lint::lint;
use support::settings;

#[track_caller]
fn only(code: &str, text: &str) -> Diagnostic {
    let mut found = lint(text, &settings(&[code]));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn a_requirement_is_pinned_by_its_address_and_a_clone_by_a_flag() {
    let help = |run: &str| only("LW302", &format!("FROM a\nRUN {run}\n")).help.expect("there is help");
    assert!(help("pip install git+https://example.org/r@main").contains("`...@TAG`"));
    assert!(help("git clone https://example.org/r").contains("`--branch TAG`"));
}

#[test]
fn no_seconds_are_claimed_where_none_are_known() {
    let notes = |text: &str| only("LW106", text).notes.join("\n");
    assert!(notes("FROM a\nARG GIT_SHA\nRUN npm ci\n").contains("about 25 s"));
    // On Windows, commands are others.
    let windows = notes("# escape=`\nFROM a\nARG GIT_SHA\nRUN npm ci\n");
    assert!(!windows.contains(" s "), "{windows}");
}

#[test]
fn a_split_warns_of_a_folder_that_the_sources_may_bring() {
    let notes = |run: &str| {
        only("LW104", &format!("FROM a\nRUN mkdir /app\nWORKDIR /app\nCOPY . .\nRUN {run}\n")).notes.join("\n")
    };
    assert!(notes("npm install").contains("node_modules is among the sources"));
    let composer = notes("composer install --no-scripts --no-autoloader");
    assert!(composer.contains("vendor is among the sources"), "{composer}");
    assert!(!notes("pip install -r requirements.txt").contains("among the sources"));
}
