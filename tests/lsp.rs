//! The language server, driven over its standard input and output.

mod support;

use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};
use support::language_client::{
    BAD, Client, OFF, able, actions, change, codes, edited, everywhere, folder, named, range, uri,
};
use support::repository::Repository;

/// What the command line makes of a file with these options.
fn layerwise(path: &std::path::Path, args: &[&str]) -> String {
    let mut command = assert_cmd::Command::cargo_bin("layerwise").expect("the program is built");
    let folder = path.parent().expect("a file has a folder");
    let output = command.current_dir(folder).env("LAYERWISE_SHELLCHECK", "off").args(args).output();
    String::from_utf8(output.expect("the program starts").stdout).expect("text")
}

#[test]
fn findings_are_those_of_the_command_line() {
    let (_folder, path, uri) = folder(BAD);
    let (mut client, answer) = Client::session(OFF, able(), Value::Null);
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(answer["capabilities"]["documentFormattingProvider"], Value::Null, "nothing is formatted");
    client.open(&uri, BAD);
    let findings = client.findings(&uri, 1);
    let expected: Vec<Value> =
        serde_json::from_str(&layerwise(&path, &["--format", "json", "Dockerfile"])).expect("JSON");
    assert_eq!(findings.len(), expected.len());
    let levels = ["error", "warning", "info", "style"];
    for (found, expected) in findings.iter().zip(&expected) {
        assert_eq!((&found["code"], &found["source"]), (&expected["code"], &json!("layerwise")));
        let level = found["severity"].as_u64().expect("a number") as usize;
        assert_eq!(expected["level"], levels[level - 1]);
        assert_eq!(found["range"]["start"]["line"].as_u64().map(|l| l + 1), expected["line"].as_u64());
        assert!(found["codeDescription"]["href"].as_str().is_some_and(|url| url.ends_with(".md")));
    }
    let order = findings.iter().find(|f| f["code"] == "LW105").expect("LW105");
    assert_eq!(order["relatedInformation"][0]["location"]["range"]["start"]["line"], 2);
    assert!(order["message"].as_str().is_some_and(|m| m.contains("\nhelp: ")), "{order}");
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn findings_follow_changes_and_go_with_the_document() {
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, "FROM a\n# \u{1f600}\u{1f600} \nMAINTAINER x\n");
    let findings = client.findings(&uri, 1);
    let old = findings.iter().find(|f| f["code"] == "DL4000").expect("DL4000");
    assert_eq!((&old["tags"], &old["range"]), (&json!([2]), &range((2, 0), (2, 10))));
    // Behind two pairs of surrogates; then the line goes.
    client.send(&change(&uri, 2, Some(range((1, 7), (1, 7))), "\nMAINTAINER z"));
    let findings = client.findings(&uri, 2);
    assert_eq!(codes(&findings).iter().filter(|&&c| c == "DL4000").count(), 2, "{findings:?}");
    client.send(&change(&uri, 3, Some(range((2, 0), (4, 0))), ""));
    assert!(!codes(&client.findings(&uri, 3)).contains(&"DL4000"));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    let last = client.next("textDocument/publishDiagnostics");
    assert_eq!((&last["params"]["uri"], &last["params"]["diagnostics"]), (&json!(uri), &json!([])));
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn of_many_changes_the_last_one_is_checked() {
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, BAD);
    client.findings(&uri, 1);
    let text = |version: i64| BAD.repeat(40) + if version == 201 { "MAINTAINER x\n" } else { "" };
    let changes: Vec<Value> = (2..=201).map(|version| change(&uri, version, None, &text(version))).collect();
    client.send_together(&changes);
    let mut versions = Vec::new();
    loop {
        let params = client.next("textDocument/publishDiagnostics")["params"].clone();
        versions.push(params["version"].as_i64().expect("a version"));
        if params["version"] == 201 {
            assert!(codes(params["diagnostics"].as_array().expect("a list")).contains(&"DL4000"));
            break;
        }
    }
    assert!(versions.is_sorted(), "{versions:?}");
    assert!(versions.len() < 100, "each change was checked: {versions:?}");
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn fix_all_gives_what_fix_gives() {
    for text in [BAD.to_owned(), BAD.replace('\n', "\r\n"), BAD.replace("CMD", "# \u{1f600}\nCMD")] {
        let (_folder, path, uri) = folder(&text);
        let (mut client, _) = Client::session(OFF, able(), Value::Null);
        client.open(&uri, &text);
        client.findings(&uri, 1);
        let all = actions(&mut client, &uri, &everywhere(), &["source.fixAll"]);
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!((&all[0]["kind"], &all[0]["edit"]), (&json!("source.fixAll.layerwise"), &Value::Null));
        let resolved = client.request("codeAction/resolve", all[0].clone());
        let version = &resolved["edit"]["documentChanges"][0]["textDocument"]["version"];
        assert_eq!(version, 1);
        let mended = edited(&text, &resolved["edit"], &uri);
        layerwise(&path, &["--fix", "Dockerfile"]);
        assert_eq!(mended, fs::read_to_string(&path).expect("a file"));
        assert_ne!(mended, text);
        // Another version is another text.
        client.send(&change(&uri, 2, None, "FROM a\n"));
        let stale = client.request("codeAction/resolve", all[0].clone());
        assert_eq!(stale["edit"], Value::Null);
        assert_eq!(client.stop().code(), Some(0));
    }
}

#[test]
fn a_client_that_can_not_wait_gets_the_edits_at_once() {
    let (_folder, path, uri) = folder(BAD);
    let capabilities = json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": {
        "codeActionKind": { "valueSet": [] } } } } });
    let (mut client, _) = Client::session(OFF, capabilities, Value::Null);
    client.open(&uri, BAD);
    let all = actions(&mut client, &uri, &everywhere(), &["source"]);
    assert!(all[0]["edit"]["changes"].is_object(), "{all:?}");
    let mended = edited(BAD, &all[0]["edit"], &uri);
    layerwise(&path, &["--fix", "Dockerfile"]);
    assert_eq!(mended, fs::read_to_string(&path).expect("a file"));
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn a_quick_fix_mends_its_finding_and_an_unsafe_one_says_so() {
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, BAD);
    let before = client.findings(&uri, 1);
    let order = before.iter().find(|f| f["code"] == "LW105").expect("LW105").clone();
    let here = actions(&mut client, &uri, &order["range"], &["quickfix"]);
    let fix = here.iter().find(|a| a["isPreferred"] == true).expect("a safe fix");
    assert_eq!((&fix["kind"], &fix["diagnostics"][0]), (&json!("quickfix"), &order));
    let mended = edited(BAD, &fix["edit"], &uri);
    client.send(&change(&uri, 2, None, &mended));
    assert!(!codes(&client.findings(&uri, 2)).contains(&"LW105"));

    let unsafe_one = "FROM debian:12\nRUN apt-get update && apt-get install curl\n";
    client.send(&change(&uri, 3, None, unsafe_one));
    client.findings(&uri, 3);
    let here = actions(&mut client, &uri, &everywhere(), &["quickfix"]);
    let fixes: Vec<&Value> = here.iter().filter(|a| a.get("isPreferred") == Some(&json!(false))).collect();
    assert!(!fixes.is_empty(), "{here:?}");
    let title = |a: &&Value| a["title"].as_str().unwrap_or_default().to_owned();
    let marked = |t: String| t.ends_with("(unsafe: may change the image)") || t.ends_with("(a template to complete)");
    assert!(fixes.iter().map(title).all(marked), "{fixes:#?}");
    // Nothing of this is safe, so nothing is mended in one go.
    assert_eq!(actions(&mut client, &uri, &everywhere(), &["source.fixAll"]), Vec::<Value>::new());
    client.notify("workspace/didChangeConfiguration", json!({ "settings": { "layerwise": { "unsafeFixes": true } } }));
    assert_eq!(actions(&mut client, &uri, &everywhere(), &["source.fixAll"]).len(), 1);
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn a_finding_can_be_ignored_where_it_stands() {
    let text = BAD.replace('\n', "\r\n");
    let (_folder, _, uri) = folder(&text);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, &text);
    let before: Vec<String> = codes(&client.findings(&uri, 1)).into_iter().map(str::to_owned).collect();
    assert!(before.contains(&"LW105".to_owned()));
    let here = actions(&mut client, &uri, &everywhere(), &[]);
    let silent = edited(&text, &named(&here, "ignore LW105 here")["edit"], &uri);
    assert!(silent.contains("\r\n# layerwise ignore=LW105\r\nRUN apt-get"), "{silent}");
    client.send(&change(&uri, 2, None, &silent));
    let after: Vec<String> = codes(&client.findings(&uri, 2)).into_iter().map(str::to_owned).collect();
    let rest: Vec<String> = before.into_iter().filter(|code| code != "LW105").collect();
    assert_eq!(after, rest);
    assert_eq!(client.stop().code(), Some(0));
}

/// A repository of thirty commits, all of which change a source.
fn shop() -> tempfile::TempDir {
    let mut repository = Repository::new();
    repository.commit(&[("Dockerfile", BAD), ("src/main.js", "0"), ("package.json", "{}")]);
    for n in 1..30 {
        repository.commit(&[("src/main.js", &n.to_string())]);
    }
    repository.finish()
}

fn lens(uri: &str, id: i64) -> Value {
    let document = json!({ "textDocument": { "uri": uri } });
    json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/codeLens", "params": document })
}

fn hover(client: &mut Client, uri: &str, line: u32, character: u32) -> Value {
    let place = json!({ "line": line, "character": character });
    client.request("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": place }))
}

#[test]
fn lenses_and_hovers_tell_what_a_commit_rebuilds() {
    let shop = shop();
    let path = shop.path().join("Dockerfile");
    let uri = uri(&path);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, BAD);
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    let titles: Vec<(u64, &str)> = lenses
        .as_array()
        .expect("a list")
        .iter()
        .map(|lens| {
            let line = lens["range"]["start"]["line"].as_u64().expect("a line");
            (line, lens["command"]["title"].as_str().expect("a title"))
        })
        .collect();
    // CMD makes no layer; the table of `layerwise cache` has the same figures.
    assert_eq!(titles.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 3]);
    let report: Value = serde_json::from_str(&layerwise(&path, &["cache", "--format", "json"])).expect("JSON");
    let row = &report["before"]["stages"][0]["steps"][2];
    assert_eq!(row["line"], 4);
    let percent = (row["churn"].as_f64().expect("a share") * 100.0).round();
    let seconds = row["seconds"].as_f64().expect("seconds").round();
    assert_eq!(titles[2].1, format!("rebuilt by {percent} % of commits · {seconds} s"));

    let run = hover(&mut client, &uri, 4, 1);
    assert!(run["contents"]["value"].as_str().is_some_and(|t| t.contains("only changes the config")), "{run}");
    let run = hover(&mut client, &uri, 3, 0);
    let text = run["contents"]["value"].as_str().expect("a text");
    assert!(text.starts_with("**LW105** "), "{text}");
    assert!(text.contains("rules/LW105.md") && !text.contains("```"), "{text}");
    assert!(text.contains("of the last 29") && text.contains("below line 3: src/main.js (29)\n"), "{text}");
    assert_eq!(hover(&mut client, &uri, 99, 0), Value::Null);
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn what_was_asked_of_an_older_text_is_given_up() {
    let shop = shop();
    let uri = uri(&shop.path().join("Dockerfile"));
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, BAD);
    client.findings(&uri, 1);
    // Many together, so that the thread that works them out is not faster than they come.
    let lens = |id: i64| lens(&uri, id);
    let next = BAD.replace("curl", "wget");
    client.send_together(&[lens(1000), change(&uri, 2, None, &next), lens(1001)]);
    let old = client.answer_to(1000);
    assert!(old["error"]["code"] == -32801 || old["result"].is_array(), "{old}");
    assert_eq!(client.answer_to(1001)["result"].as_array().map(Vec::len), Some(3));
    let cancel = json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 1002 } });
    client.send_together(&[change(&uri, 3, None, BAD), lens(1002), cancel]);
    let gone = client.answer_to(1002);
    assert!(gone["error"]["code"] == -32800 || gone["result"].is_array(), "{gone}");
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn a_mistake_in_the_configuration_is_told_once_and_shown_in_it() {
    let (folder, _, uri) = folder(BAD);
    let config = folder.path().join(".layerwise.yaml");
    fs::write(&config, "# \u{1f600}\nignore: [LW105, LW9999]\n").expect("a file");
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, BAD);
    assert!(codes(&client.findings(&uri, 1)).contains(&"LW105"), "the defaults count");
    let message = client.next("window/showMessage");
    assert!(message["params"]["message"].as_str().is_some_and(|m| m.contains("LW9999")), "{message}");
    let config_uri = support::language_client::uri(&config);
    let mistakes = client.published(&config_uri);
    assert_eq!(mistakes["diagnostics"][0]["range"], range((1, 16), (1, 22)));
    client.waiting.clear();

    client.send(&change(&uri, 2, None, &format!("{BAD}# x\n")));
    client.findings(&uri, 2);
    fs::write(&config, "ignore: [LW105]\n").expect("a file");
    let changed = json!({ "changes": [{ "uri": config_uri, "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    while codes(&client.findings(&uri, 2)).contains(&"LW105") {}
    let mut gone = client.published(&config_uri);
    while gone["diagnostics"] != json!([]) {
        gone = client.published(&config_uri);
    }
    assert!(!client.waiting.iter().any(|m| m["method"] == "window/showMessage"), "told again: {:?}", client.waiting);
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn known_findings_are_not_shown_and_a_broken_baseline_is_told() {
    let text = "FROM debian:12\nMAINTAINER me\n";
    let (folder, path, uri) = folder(text);
    layerwise(&path, &["--write-baseline", "known.json", "Dockerfile"]);
    let known = folder.path().join("known.json");
    assert!(known.exists());
    fs::write(folder.path().join(".layerwise.yaml"), "baseline: known.json\n").expect("a file");
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, text);
    assert_eq!(codes(&client.findings(&uri, 1)), [""; 0]);
    client.send(&change(&uri, 2, None, &format!("# moved\n{text}WORKDIR here\n")));
    assert_eq!(codes(&client.findings(&uri, 2)), ["DL3000"]);
    fs::write(&known, "not a baseline").expect("a file");
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    while !codes(&client.findings(&uri, 2)).contains(&"DL4000") {}
    let message = client.next("window/showMessage");
    let told = message["params"]["message"].as_str().unwrap_or_default().to_owned();
    assert!(told.contains("known.json") && told.contains("can't be read"), "{told}");
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn lines_for_another_file_are_an_edit_of_it() {
    let mut repository = Repository::new();
    let text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    repository.commit(&[("Dockerfile", text), ("package.json", "{}"), ("package-lock.json", "{}"), ("x.js", "1")]);
    let shop = repository.finish();
    let uri = uri(&shop.path().join("Dockerfile"));
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, text);
    client.findings(&uri, 1);
    let all = actions(&mut client, &uri, &everywhere(), &["quickfix"]);
    let adding = all.iter().find(|a| a["edit"]["documentChanges"][0]["kind"] == "create").expect("such a fix");
    let ignore = support::language_client::uri(&shop.path().join(".dockerignore"));
    assert_eq!(adding["edit"]["documentChanges"][0]["uri"], ignore);
    assert!(edited("", &adding["edit"], &ignore).contains(".git\n"), "{adding}");
    assert!(!shop.path().join(".dockerignore").exists(), "the client makes it");

    // If it is open, what counts is the text that the client has.
    fs::write(shop.path().join(".dockerignore"), "x\n").expect("a file");
    let item = json!({ "uri": ignore, "languageId": "ignore", "version": 4, "text": "x\n" });
    client.notify("textDocument/didOpen", json!({ "textDocument": item }));
    client.send(&change(&ignore, 5, None, "x\ny\nz"));
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    let is_adding = |a: &&Value| {
        let edit = &a["edit"]["documentChanges"][0];
        edit["textDocument"]["uri"] == ignore && a["title"].as_str().is_some_and(|title| title.starts_with("add .git "))
    };
    let all = actions(&mut client, &uri, &everywhere(), &["quickfix"]);
    let edit = &all.iter().find(is_adding).expect("such a fix")["edit"];
    assert_eq!(edit["documentChanges"][0]["textDocument"]["version"], 5);
    let text = edited("x\ny\nz", edit, &ignore);
    assert!(text.starts_with("x\ny\nz\n") && text.contains("\n.git\n"), "{text:?}");
    client.send(&change(&ignore, 6, None, &text));
    let all = actions(&mut client, &uri, &everywhere(), &["quickfix"]);
    assert!(!all.iter().any(|a| is_adding(&a)), "it is there, if not yet saved: {all:?}");
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": ignore } }));
    let all = actions(&mut client, &uri, &everywhere(), &["quickfix"]);
    let edit = &all.iter().find(is_adding).expect("such a fix")["edit"];
    assert_eq!(edit["documentChanges"][0]["textDocument"]["version"], Value::Null);
    assert!(edited("x\n", edit, &ignore).starts_with("x\n.git\n"), "{edit}");
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn documents_of_other_kinds_are_left_alone() {
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    let other = json!({ "uri": "file:///x/Makefile", "languageId": "makefile", "version": 1, "text": BAD });
    client.notify("textDocument/didOpen", json!({ "textDocument": other }));
    assert_eq!(actions(&mut client, "file:///x/Makefile", &everywhere(), &[]), Vec::<Value>::new());
    assert_eq!(hover(&mut client, "file:///x/Makefile", 3, 0), Value::Null);
    // A document without a file is ours by its language.
    client.open("untitled:Untitled-1", "FROM a\nMAINTAINER x\n");
    assert!(codes(&client.findings("untitled:Untitled-1", 1)).contains(&"DL4000"));
    assert!(client.waiting.iter().all(|m| m["params"]["uri"] != "file:///x/Makefile"), "{:?}", client.waiting);
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn what_makes_no_sense_is_refused_and_the_session_goes_on() {
    let (_folder, _, uri) = folder(BAD);
    let (mut client, _) = Client::session(OFF, able(), json!({ "shellcheck": "/evil", "unknown": 1 }));
    for _ in 0..2 {
        assert_eq!(client.next("window/showMessage")["params"]["type"], 2);
    }
    assert_eq!(client.answer("textDocument/references", json!({}))["error"]["code"], -32601);
    assert_eq!(client.answer("textDocument/hover", json!({ "position": "here" }))["error"]["code"], -32602);
    client.notify("textDocument/didOpen", json!({ "textDocument": 1 }));
    client.notify("textDocument/didChange", change("file:///not/open", 1, None, "x")["params"].clone());
    client.notify("$/setTrace", json!({ "value": "off" }));
    client.open(&uri, BAD);
    assert!(!client.findings(&uri, 1).is_empty());
    assert_eq!(client.stop().code(), Some(0));
}

#[test]
fn the_exit_code_tells_whether_it_was_shut_down() {
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(1), "exit without shutdown");
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.hang_up();
    assert_eq!(client.wait().code(), Some(1), "the client is gone");
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.request("shutdown", Value::Null);
    assert_eq!(client.answer("textDocument/hover", json!({}))["error"]["code"], -32600);
    client.hang_up();
    assert_eq!(client.wait().code(), Some(0));
    let mut client = Client::start(OFF);
    assert_eq!(client.answer("textDocument/hover", json!({}))["error"]["code"], -32002, "before initialize");
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(1));
}

#[test]
fn lenses_follow_an_ignore_file_that_changes_while_they_are_worked_out() {
    let shop = shop();
    let uri = uri(&shop.path().join("Dockerfile"));
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, BAD);
    client.findings(&uri, 1);
    let lens = |id: i64| lens(&uri, id);
    let title = |answer: &Value| answer["result"][1]["command"]["title"].as_str().expect("a title").to_owned();
    client.send(&lens(1000));
    assert!(title(&client.answer_to(1000)).starts_with("rebuilt by 100 % of commits"));
    // Another text, so that its heat is not known; it is begun before the server hears of the ignore file.
    let next = BAD.replace("curl", "wget");
    fs::write(shop.path().join(".dockerignore"), "src\n").expect("a file");
    let saved =
        json!({ "jsonrpc": "2.0", "method": "textDocument/didSave", "params": { "textDocument": { "uri": uri } } });
    client.send_together(&[change(&uri, 2, None, &next), lens(1001), saved, lens(1002)]);
    let after = client.answer_to(1002);
    assert!(title(&after).starts_with("rebuilt by <1 % of commits"), "{after}");
    assert_eq!(client.stop().code(), Some(0));
}

/// A stand-in for ShellCheck, which finds SC2086 in every script and writes a line each time it is run.
#[cfg(unix)]
fn shellcheck(folder: &std::path::Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let program = folder.join("check");
    let comment = r#"{"file":"%s","line":2,"column":1,"endLine":2,"endColumn":2,"level":"info","code":2086,"message":"quote it","fix":null}"#;
    let script = format!(
        "#!/bin/sh\necho run >> {0}/runs\nprintf '{{\"comments\":['\nfirst=1\nfor a; do case $a in -*|SC*) ;; *) \
         [ $first ] || printf ,; first=; printf '{comment}' \"$a\" ;; esac; done\nprintf ']}}'\nexit 1\n",
        folder.display()
    );
    fs::write(&program, script).expect("a file");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
    program
}

#[test]
#[cfg(unix)]
fn shellcheck_is_not_asked_at_each_key() {
    let (folder, _, uri) = folder("FROM a:1\nRUN echo $x\n");
    let program = shellcheck(folder.path());
    let runs = || fs::read_to_string(folder.path().join("runs")).unwrap_or_default().lines().count();
    let (mut client, _) = Client::session(&["--shellcheck", &program.display().to_string()], able(), Value::Null);
    client.open(&uri, "FROM a:1\nRUN echo $x\n");
    while !codes(&client.findings(&uri, 1)).contains(&"SC2086") {}
    assert_eq!(runs(), 1);
    // The script moves, and the finding with it, without another run.
    client.send(&change(&uri, 2, Some(range((1, 0), (1, 0))), "LABEL a=b\n"));
    let findings = client.findings(&uri, 2);
    let found = findings.iter().find(|f| f["code"] == "SC2086").expect("it is kept");
    assert_eq!(found["range"]["start"]["line"], 2);
    // The script changes, and has no finding until somebody rests.
    let started = Instant::now();
    for version in 3..13 {
        client.send(&change(&uri, version, Some(range((2, 11), (2, 11))), "y"));
        if version == 3 {
            assert!(!codes(&client.findings(&uri, 3)).contains(&"SC2086"));
        }
    }
    if started.elapsed() < Duration::from_millis(300) {
        assert_eq!(runs(), 1, "asked while keys are pressed");
    }
    while !codes(&client.findings(&uri, 12)).contains(&"SC2086") {}
    assert_eq!(client.stop().code(), Some(0));
    assert!(runs() <= 3, "{} runs", runs());
}

#[test]
#[cfg(unix)]
fn a_comment_for_shellcheck_is_not_unused_while_it_was_not_asked() {
    let text = "FROM a:1\n# layerwise ignore=SC2086\nRUN echo $x\n# layerwise ignore=SC2155\nRUN echo y\n";
    let (folder, _, uri) = folder(text);
    let program = shellcheck(folder.path());
    let (mut client, _) = Client::session(&["--shellcheck", &program.display().to_string()], able(), Value::Null);
    client.open(&uri, text);
    let unused = |findings: &[Value]| {
        let all = findings.iter().filter(|f| f["code"] == "LW018");
        all.map(|f| f["range"]["start"]["line"].as_u64()).collect::<Vec<_>>()
    };
    assert_eq!(unused(&client.findings(&uri, 1)), [], "nobody has looked");
    while unused(&client.findings(&uri, 1)) != [Some(3)] {}
    client.send(&change(&uri, 2, Some(range((2, 10), (2, 11))), "z"));
    assert_eq!(unused(&client.findings(&uri, 2)), [], "nobody has looked at the new script");
    while unused(&client.findings(&uri, 2)) != [Some(3)] {}
    assert_eq!(client.stop().code(), Some(0));
}

/// A file of three hundred lines that has something of everything.
fn long() -> String {
    let mut text = String::from("FROM node:22 AS build\nWORKDIR /app\nCOPY . .\n");
    for n in 0..74 {
        text.push_str(&format!(
            "ENV NAME{n}=value\nRUN apt-get update && \\\n    apt-get install -y tool{n} && rm -rf /var/lib/apt/lists/*\nCOPY src/part{n} /part{n}/\n"
        ));
    }
    text + "EXPOSE 8080\n"
}

/// The times of an answer to each of twenty changes, and of the actions at a place after each, sorted.
fn latencies() -> (Vec<Duration>, Vec<Duration>) {
    let shop = shop();
    let uri = uri(&shop.path().join("Dockerfile"));
    let text = long();
    assert_eq!(text.lines().count(), 300);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, &text);
    client.findings(&uri, 1);
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    assert!(lenses.as_array().is_some_and(|list| list.len() > 140), "{lenses}");
    let (mut findings, mut requests) = (Vec::new(), Vec::new());
    for version in 2..22 {
        let start = Instant::now();
        client.send(&change(&uri, version, Some(range((3, 10), (3, 10))), "x"));
        client.findings(&uri, version);
        findings.push(start.elapsed());
        let start = Instant::now();
        actions(&mut client, &uri, &range((4, 3), (4, 3)), &["quickfix"]);
        requests.push(start.elapsed());
    }
    assert_eq!(client.stop().code(), Some(0));
    findings.sort();
    requests.sort();
    (findings, requests)
}

#[test]
fn answers_are_quick() {
    let (findings, requests) = latencies();
    for (what, list) in [("findings after a change", &findings), ("actions at a place", &requests)] {
        println!("{what}: median {:?}, the slowest {:?}", list[10], list[19]);
    }
    // The figure for people is that of a release build; this one only sees that nothing is out of all proportion.
    assert!(
        findings[10] < Duration::from_secs(5) && requests[10] < Duration::from_secs(5),
        "{findings:?} {requests:?}"
    );
}

#[test]
fn of_a_long_selection_every_fix_can_be_taken() {
    let text = format!("FROM debian:12\n{}", "ENV Ai b\n".repeat(60));
    let (_folder, _, uri) = folder(&text);
    let (mut client, _) = Client::session(OFF, able(), Value::Null);
    client.open(&uri, &text);
    client.findings(&uri, 1);
    let is_fix = |a: &Value| a["title"].as_str().is_some_and(|title| !title.starts_with("ignore"));
    let all: Vec<Value> = actions(&mut client, &uri, &everywhere(), &["quickfix"]).into_iter().filter(is_fix).collect();
    assert_eq!((all.len(), all.iter().filter(|a| a["edit"].is_object()).count()), (60, 50));
    let last = client.request("codeAction/resolve", all[59].clone());
    let alone = actions(&mut client, &uri, &range((60, 0), (60, 8)), &["quickfix"]).into_iter().find(is_fix);
    assert_eq!(last["edit"], alone.expect("a fix")["edit"]);
    assert!(last["edit"].is_object() && last.get("disabled").is_none(), "{last}");
    client.send(&change(&uri, 2, None, "FROM debian:12\n"));
    assert_eq!(client.request("codeAction/resolve", all[59].clone())["edit"], Value::Null, "it was for another text");
    assert_eq!(client.stop().code(), Some(0));
}
