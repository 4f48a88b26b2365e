//! What the language server makes of a client that sends something wrong.

mod support;

use serde_json::{Value, json};
use support::language_client::{BAD, Client, OFF, able, folder};

#[test]
fn a_malformed_message_is_refused_and_the_session_goes_on() {
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    for (wrong, id, code) in [
        (r#"{"jsonrpc":"2.0", "id": 1, broken"#, Value::Null, -32700),
        (r#"{"jsonrpc":"2.0","id":"one","params":{}}"#, json!("one"), -32600),
        (r#"[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]"#, Value::Null, -32600),
    ] {
        client.send_raw(format!("Content-Length: {}\r\n\r\n{wrong}", wrong.len()).as_bytes());
        let answer = client.next_that(|m| m["error"]["code"] == code);
        assert_eq!((answer.get("id"), &answer["jsonrpc"]), (Some(&id), &json!("2.0")), "{wrong}");
        assert!(answer["error"]["message"].as_str().is_some_and(|m| !m.is_empty()), "{answer}");
    }
    client.open(&uri, BAD);
    assert!(!client.findings(&uri, 1).is_empty());
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn before_the_session_it_is_the_same() {
    let mut client = Client::start(OFF);
    client.send_raw(b"Content-Length: 1\r\n\r\n{");
    assert_eq!(client.next_that(|m| m["error"].is_object())["error"]["code"], -32700);
    client.request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn what_can_not_be_read_any_more_is_told() {
    let start =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }).to_string();
    let start = format!("Content-Length: {}\r\n\r\n{start}", start.len());
    for before in ["", &start] {
        for (input, told) in [
            ("this is a terminal\r\n", "`this is a terminal` is no line of a header"),
            ("Content-Length: 10\r\n\r\n{", "the input ended within a message"),
        ] {
            let mut command = assert_cmd::Command::cargo_bin("layerwise").expect("the program is built");
            let output = command.args(["lsp", "--shellcheck", "off"]).write_stdin(format!("{before}{input}")).output();
            let output = output.expect("the program starts");
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{err}");
            let words = err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
            assert!(words.contains(told), "{err}");
        }
    }
}
