//! A small client of the Language Server Protocol, which drives the real program.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Nothing takes so long, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Dockerfile with findings, one of which has a safe fix: LW105.
pub const BAD: &str = "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl && \
    rm -rf /var/lib/apt/lists/*\nCMD [\"x\"]\n";

/// ShellCheck is not asked, wherever it is installed.
pub const OFF: &[&str] = &["--shellcheck", "off"];

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    received: Receiver<Value>,
    /// Notifications and requests of the server that came while an answer was waited for.
    pub waiting: Vec<Value>,
    sent: i64,
}

impl Client {
    /// Starts the program; what it runs of git and ShellCheck is that of the tests.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("layerwise"));
        command.arg("lsp").args(arguments).env_remove("LAYERWISE_SHELLCHECK").env("LAYERWISE_CACHE_DIR", "off");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the program starts");
        let stdin = child.stdin.take();
        let mut out = BufReader::new(child.stdout.take().expect("it has an output"));
        let (sender, received) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut out) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { child, stdin, received, waiting: Vec::new(), sent: 0 }
    }

    /// Starts the program and the session, for a client with `capabilities` and `options` of the user.
    pub fn session(arguments: &[&str], capabilities: Value, options: Value) -> (Self, Value) {
        let mut client = Self::start(arguments);
        let parameters = json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "initializationOptions": options });
        let answer = client.request("initialize", parameters);
        client.notify("initialized", json!({}));
        (client, answer)
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("the input is open");
        stdin.write_all(bytes).and_then(|()| stdin.flush()).expect("the program reads");
    }

    /// Several messages in one piece, so that all of them wait when the program looks.
    pub fn send_together(&mut self, messages: &[Value]) {
        let all: String = messages
            .iter()
            .map(|m| {
                let body = m.to_string();
                format!("Content-Length: {}\r\n\r\n{body}", body.len())
            })
            .collect();
        self.send_raw(all.as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and gives its number.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.sent += 1;
        let id = self.sent;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Sends a request and gives the whole answer.
    pub fn answer(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer_to(id)
    }

    pub fn answer_to(&mut self, id: i64) -> Value {
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
            self.waiting.push(message);
        }
    }

    /// Sends a request and gives its result.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The next message with this method, those that came earlier first.
    pub fn next(&mut self, method: &str) -> Value {
        self.next_that(|message| message["method"] == method)
    }

    /// The next message that `is` it; the others are kept.
    pub fn next_that(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&is) {
            return self.waiting.remove(at);
        }
        loop {
            let message = self.receive();
            if is(&message) {
                return message;
            }
            self.waiting.push(message);
        }
    }

    /// The next findings for the document at `uri`, of `version` or a later one.
    pub fn findings(&mut self, uri: &str, version: i64) -> Vec<Value> {
        loop {
            let params = self.published(uri);
            if params["version"].as_i64().is_some_and(|v| v >= version) {
                return params["diagnostics"].as_array().expect("a list").clone();
            }
        }
    }

    /// What is published next for the document at `uri`.
    pub fn published(&mut self, uri: &str) -> Value {
        let is = |m: &Value| m["method"] == "textDocument/publishDiagnostics" && m["params"]["uri"] == uri;
        self.next_that(is)["params"].clone()
    }

    fn receive(&self) -> Value {
        self.received.recv_timeout(PATIENCE).expect("the program answers")
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "dockerfile", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Says good-bye and gives how the program ended.
    pub fn stop(mut self) -> ExitStatus {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.wait()
    }

    /// Waits for the end of the program without another word.
    pub fn wait(&mut self) -> ExitStatus {
        for _ in 0..600 {
            if let Some(status) = self.child.try_wait().expect("the program can be waited for") {
                return status;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the program does not end");
    }

    /// Goes away without a word.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Only where a test has failed before the end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One message; nothing but messages may be there.
fn read(out: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("not a header: {line:?}"));
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length.expect("a message has a length")];
    out.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("a message is JSON"))
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// A folder with a Dockerfile of this text, and its URI.
pub fn folder(text: &str) -> (tempfile::TempDir, PathBuf, String) {
    // A folder whose name starts with a dot is not taken for a project.
    let folder = tempfile::Builder::new().prefix("shop").tempdir().expect("a folder");
    let path = folder.path().join("Dockerfile");
    std::fs::write(&path, text).expect("a file");
    let uri = uri(&path);
    (folder, path, uri)
}

/// `text` after the edits of a workspace edit to the document at `uri`.
pub fn edited(text: &str, edit: &Value, uri: &str) -> String {
    let changes = edit["documentChanges"].as_array().map(|all| {
        let here = all.iter().filter(|change| change["textDocument"]["uri"] == uri);
        here.flat_map(|change| change["edits"].as_array().expect("edits").clone()).collect()
    });
    let edits: Vec<Value> = changes.or_else(|| edit["changes"][uri].as_array().cloned()).unwrap_or_default();
    let mut places: Vec<(usize, usize, String)> = edits
        .iter()
        .map(|edit| {
            let at = |end: &str| offset(text, &edit["range"][end]);
            (at("start"), at("end"), edit["newText"].as_str().expect("a text").to_owned())
        })
        .collect();
    places.sort_by_key(|&(start, end, _)| (start, end));
    let mut out = text.to_owned();
    for (start, end, new) in places.into_iter().rev() {
        out.replace_range(start..end, &new);
    }
    out
}

/// The offset of a place with a column in UTF-16.
fn offset(text: &str, place: &Value) -> usize {
    let (line, column) = (place["line"].as_u64().expect("a line"), place["character"].as_u64().expect("a column"));
    let start: usize = text.split_inclusive('\n').take(line as usize).map(str::len).sum();
    let mut units = 0;
    for (at, c) in text[start..].char_indices() {
        if units >= column || c == '\n' {
            return start + at;
        }
        units += c.len_utf16() as u64;
    }
    text.len()
}

/// All that a modern client can do and this server makes use of.
pub fn able() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "textDocument": {
            "publishDiagnostics": { "relatedInformation": true, "tagSupport": { "valueSet": [1, 2] } },
            "codeAction": {
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix", "source.fixAll"] } },
                "dataSupport": true, "disabledSupport": true, "resolveSupport": { "properties": ["edit"] },
            },
        },
        "workspace": {
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
        },
    })
}

pub fn change(uri: &str, version: i64, range: Option<Value>, text: &str) -> Value {
    let change = range.map_or_else(|| json!({ "text": text }), |range| json!({ "range": range, "text": text }));
    let document = json!({ "uri": uri, "version": version });
    json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": { "textDocument": document, "contentChanges": [change] } })
}

pub fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    let place = |(line, character)| json!({ "line": line, "character": character });
    json!({ "start": place(from), "end": place(to) })
}

pub fn everywhere() -> Value {
    range((0, 0), (9999, 0))
}

pub fn actions(client: &mut Client, uri: &str, range: &Value, only: &[&str]) -> Vec<Value> {
    let context =
        if only.is_empty() { json!({ "diagnostics": [] }) } else { json!({ "diagnostics": [], "only": only }) };
    let parameters = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
    client.request("textDocument/codeAction", parameters).as_array().expect("a list").clone()
}

pub fn named<'v>(actions: &'v [Value], start: &str) -> &'v Value {
    let found = actions.iter().find(|a| a["title"].as_str().is_some_and(|title| title.starts_with(start)));
    found.unwrap_or_else(|| panic!("no action `{start}`: {actions:#?}"))
}

pub fn codes(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|f| f["code"].as_str().expect("a code")).collect()
}
