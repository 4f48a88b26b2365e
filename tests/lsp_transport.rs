//! What the language server makes of a client that sends something wrong.

mod support;

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::language_client::{BAD, Client, OFF, able, actions, change, everywhere, folder, range};

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

#[test]
fn a_request_whose_name_can_not_be_read_is_answered() {
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    for id in [json!(3_000_000_000_u32), json!(-3_000_000_000_i64), json!(1.5), Value::Null] {
        client.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": {} }));
        let answer = client.next_that(|m| m["error"].is_object());
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&id, &json!(-32600)), "{answer}");
    }
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn a_session_begins_once() {
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    let again = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    assert_eq!(client.answer("initialize", again)["error"]["code"], -32600);
    assert_eq!(client.answer("x", Value::Null)["error"]["code"], -32601, "it goes on");
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn after_shutdown_nothing_is_checked() {
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, BAD);
    client.findings(&uri, 1);
    // The change comes before it, but is not looked at before it.
    let shutdown = json!({ "jsonrpc": "2.0", "id": "last", "method": "shutdown" });
    client.send_together(&[change(&uri, 2, None, "FROM a\n"), shutdown]);
    assert_eq!(client.next_that(|m| m["id"] == "last")["result"], Value::Null);
    client.open("untitled:other", BAD);
    client.send(&change(&uri, 3, None, BAD));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    // The first one may wait beside the others; before the second one all of them were looked at.
    for _ in 0..2 {
        assert_eq!(client.answer("textDocument/hover", json!({}))["error"]["code"], -32600);
    }
    let told = client.waiting.iter().find(|m| m["method"] == "textDocument/publishDiagnostics");
    assert!(told.is_none(), "{told:?}");
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(0));
}

/// Longer than any of this takes in a debug build on a busy machine; it took minutes when it grew with a square.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_long_line_keeps_nobody_waiting() {
    let text = format!("FROM a:1\nRUN true é{}\n", (0..12_000).map(|i| format!(" && sudo e{i}")).collect::<String>());
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    let start = Instant::now();
    client.open(&uri, &text);
    assert!(client.findings(&uri, 1).len() > 12_000);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    let start = Instant::now();
    assert!(actions(&mut client, &uri, &everywhere(), &["quickfix"]).len() > 12_000);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn the_fixes_of_a_long_file_keep_nobody_waiting() {
    let lines: String = (0..2_000).map(|i| format!("run a{i}\nENV B{i} c\nEXPOSE 1\n")).collect();
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, &format!("from a:1\n{lines}"));
    client.findings(&uri, 1);
    let start = Instant::now();
    let all = actions(&mut client, &uri, &range((0, 0), (100_000, 0)), &["quickfix"]);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    let is_fix = |action: &&Value| !action["title"].as_str().is_some_and(|title| title.starts_with("ignore"));
    let (later, now): (Vec<&Value>, Vec<&Value>) =
        all.iter().filter(is_fix).partition(|action| action["data"].is_object());
    assert_eq!(now.len(), 4, "so many are tried at once");
    assert!(later.len() > 2_000, "{}", later.len());
    // The others when somebody wants them.
    let asked = client.request("codeAction/resolve", later[later.len() - 1].clone());
    assert!(asked["edit"].is_object() || asked["disabled"].is_object(), "{asked}");
    assert_eq!(client.stop().code(), Some(0));
}
