//! What the language server takes from the settings of the editor, and when it looks at files again.

mod support;

use globset::GlobBuilder;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use support::language_client::{BAD, Client, OFF, able, actions, change, codes, everywhere, folder, uri};

/// The title of fix-all for a document, which tells whether unsafe fixes are wished for.
fn title(client: &mut Client, uri: &str) -> String {
    let all = actions(client, uri, &everywhere(), &["source.fixAll"]);
    all[0]["title"].as_str().expect("a title").to_owned()
}

const SAFE: &str = "fix all that is safe";
const ALL: &str = "fix all that can be (may change the image)";

#[test]
fn settings_that_say_nothing_of_layerwise_change_nothing() {
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), json!({ "unsafeFixes": true }));
    client.open(&uri, BAD);
    assert_eq!(title(&mut client, &uri), ALL);
    let tell = |client: &mut Client, settings: Value| {
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
        title(client, &uri)
    };
    for settings in [json!({}), json!([]), json!({ "layerwise": null }), json!({ "yaml": {}, "python": { "x": 1 } })] {
        assert_eq!(tell(&mut client, settings.clone()), ALL, "{settings}");
    }
    assert!(client.waiting.iter().all(|m| m["method"] != "window/showMessage"), "{:?}", client.waiting);
    // What does speak of it counts as a whole, and only it is read.
    for (settings, wanted) in [
        (json!({ "layerwise": {} }), SAFE),
        (json!({ "unsafeFixes": true, "python": {} }), ALL),
        (json!({ "layerwise": { "unsafeFixes": false }, "unsafeFixes": true }), SAFE),
    ] {
        assert_eq!(tell(&mut client, settings.clone()), wanted, "{settings}");
    }
    assert!(client.waiting.iter().all(|m| m["method"] != "window/showMessage"), "{:?}", client.waiting);
    assert_eq!(tell(&mut client, json!({ "layerwise": { "unsafeFix": true } })), SAFE);
    let message = client.next("window/showMessage");
    assert!(message["params"]["message"].as_str().is_some_and(|m| m.contains("`unsafeFix`")), "{message}");
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn a_client_that_tells_nothing_is_asked() {
    let (_folder, _, uri) = folder(BAD);
    let mut capabilities = able();
    capabilities["workspace"]["configuration"] = json!(true);
    let (mut client, _) = Client::session(OFF, capabilities, json!({ "unsafeFixes": true }));
    client.open(&uri, BAD);
    for (settings, answer, wanted) in [
        (Value::Null, Value::Null, ALL),
        (Value::Null, json!({ "unsafeFixes": false }), SAFE),
        // The keys of others say nothing, and this client has an answer.
        (json!({ "yaml": {} }), json!({ "unsafeFixes": true }), ALL),
        (json!({}), json!({}), SAFE),
    ] {
        let question = client.next("workspace/configuration");
        assert_eq!(question["params"]["items"], json!([{ "section": "layerwise" }]));
        client.send(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": [answer] }));
        assert_eq!(title(&mut client, &uri), wanted, "{settings} {answer}");
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    }
    assert_eq!(client.stop().code(), Some(0));
}

/// Writes a file as a program does that the client knows nothing of: it tells the server if it was asked to.
fn write(client: &mut Client, path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
    let patterns = client.waiting.iter().filter(|m| m["method"] == "client/registerCapability").flat_map(|m| {
        let all = m["params"]["registrations"].as_array().expect("a list").iter();
        all.flat_map(|one| one["registerOptions"]["watchers"].as_array().expect("a list"))
            .map(|watcher| watcher["globPattern"].as_str().expect("a pattern"))
    });
    let fits = |pattern: &str| {
        let mut glob = GlobBuilder::new(pattern);
        glob.literal_separator(true).build().expect("a pattern").compile_matcher().is_match(path)
    };
    if patterns.into_iter().any(fits) {
        let change = json!({ "uri": uri(path), "type": 2 });
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    }
}

/// The codes that are found once all that was said is taken in.
fn found(client: &mut Client, document: &str, version: &mut i64) -> Vec<String> {
    *version += 1;
    let version = *version;
    client.send(&change(document, version, None, TWO));
    let findings = client.findings(document, version);
    codes(&findings).into_iter().map(str::to_owned).collect()
}

const TWO: &str = "FROM debian\nMAINTAINER me\n";

#[test]
fn files_that_count_are_looked_at_again_when_they_change() {
    let (folder, path, document) = folder(TWO);
    let root = folder.path();
    fs::create_dir(root.join("ci")).expect("a folder");
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&document, TWO);
    let mut version = 1;
    client.findings(&document, 1);
    assert_eq!(found(&mut client, &document, &mut version), ["DL3006", "DL4000"]);
    for name in [".hadolint.yml", ".hadolint.yaml"] {
        write(&mut client, &root.join(name), "ignored: [DL3006]\n");
        assert_eq!(found(&mut client, &document, &mut version), ["DL4000"], "{name}");
        fs::remove_file(root.join(name)).expect("it is there");
        write(&mut client, &root.join(".dockerignore"), "x\n");
        assert_eq!(found(&mut client, &document, &mut version).len(), 2, "{name}");
    }
    // What a configuration names: its base, which lies elsewhere, and its baseline.
    fs::write(root.join("ci/base.yaml"), "ignore: []\n").expect("a file");
    write(&mut client, &root.join(".layerwise.yaml"), "extends: ci/base.yaml\nbaseline: known.json\n");
    assert_eq!(found(&mut client, &document, &mut version).len(), 2);
    write(&mut client, &root.join("ci/base.yaml"), "ignore: [DL3006]\n");
    assert_eq!(found(&mut client, &document, &mut version), ["DL4000"]);
    let mut known = assert_cmd::Command::cargo_bin("layerwise").expect("the program is built");
    known.current_dir(root).args(["--shellcheck", "off", "--write-baseline", "made.json", "Dockerfile"]);
    known.output().expect("the program starts");
    let known = fs::read_to_string(root.join("made.json")).expect("it was written");
    write(&mut client, &root.join("known.json"), &known);
    assert_eq!(found(&mut client, &document, &mut version), [""; 0]);
    // A base with a mistake is read again, too.
    write(&mut client, &root.join("ci/base.yaml"), "ignore: [LW9999]\n");
    assert_eq!(found(&mut client, &document, &mut version).len(), 2, "the defaults count");
    write(&mut client, &root.join("ci/base.yaml"), "ignore: [DL4000]\n");
    assert_eq!(found(&mut client, &document, &mut version), ["DL3006"]);
    assert!(path.exists());
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn files_that_do_not_count_are_not_watched() {
    let (folder, _, document) = folder(TWO);
    let root = folder.path();
    fs::create_dir(root.join(".git")).expect("a folder");
    fs::write(root.join(".layerwise.yaml"), "baseline: known.json\n").expect("a file");
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&document, TWO);
    let mut version = 1;
    client.findings(&document, 1);
    found(&mut client, &document, &mut version);
    client.waiting.retain(|m| m["method"] == "client/registerCapability");
    assert_eq!(client.waiting.len(), 2, "each file is asked for once: {:?}", client.waiting);
    for name in [".git/HEAD", "base.yaml", "other.json", "Dockerfile"] {
        write(&mut client, &root.join(name), "x");
    }
    // Had it looked again, it would know this by now.
    fs::write(root.join(".layerwise.yaml"), "ignore: [DL3006]\n").expect("a file");
    assert_eq!(found(&mut client, &document, &mut version).len(), 2);
    assert_eq!(client.stop().code(), Some(0));
}
