//! What the language server takes from the settings of the editor, and when it looks at files again.

mod support;

use serde_json::{Value, json};
use support::language_client::{BAD, Client, OFF, able, actions, everywhere, folder};

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
