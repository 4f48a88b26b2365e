//! Messages on standard input and output, each behind a header that says how long it is.
//!
//! A client that sends something wrong is told so, and the session goes on: the header says where the next message
//! starts. Only after a wrong header nobody knows.

use lsp_server::{ErrorCode, Message};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

/// No line of a header is longer.
const LONGEST_LINE: u64 = 4096;

/// What stands between two headers.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(Message),
    Refused(Refusal),
}

/// Why something is no message.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The name that it gives itself; null if none can be read.
    id: Value,
    code: ErrorCode,
    message: String,
}

/// The next message; none at the end of the input.
///
/// # Errors
/// If nobody knows where it starts or ends, or the input ends within it.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    while let Some(length) = header(input)? {
        let mut body = Vec::new();
        // As much is set aside as comes, not as much as was promised.
        input.by_ref().take(length).read_to_end(&mut body)?;
        if (body.len() as u64) < length {
            return Err(cut_off());
        }
        if let Some(incoming) = parse(&body) {
            return Ok(Some(incoming));
        }
    }
    Ok(None)
}

/// How long the next message is.
fn header(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    for number in 0.. {
        let mut line = Vec::new();
        input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() && number == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        if !line.ends_with('\n') && (line.len() as u64) < LONGEST_LINE {
            return Err(cut_off());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let wrong = || io::Error::other(format!("`{}` is no line of a header", line.escape_debug()));
        let (name, value) = line.split_once(':').ok_or_else(wrong)?;
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse().map_err(|_| wrong())?);
        }
    }
    length.map(Some).ok_or_else(|| io::Error::other("a header has no Content-Length"))
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the input ended within a message")
}

/// What `body` says; none if it says nothing, and asks for no answer.
fn parse(body: &[u8]) -> Option<Incoming> {
    match serde_json::from_slice(body) {
        // A name that can't be read makes a request look like one of these, and somebody would wait for the answer.
        Ok(Message::Notification(_)) if is_named(body) => {}
        Ok(message) => return Some(Incoming::Message(message)),
        Err(_) => {}
    }
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => {
            let message = format!("this is no JSON: {error}");
            return Some(Incoming::Refused(Refusal { id: Value::Null, code: ErrorCode::ParseError, message }));
        }
    };
    // Two programs that answer each other's wrong answers would never stop.
    if value.get("method").is_none() && (value.get("error").is_some() || value.get("result").is_some()) {
        return None;
    }
    let id = value.get("id").filter(|id| id.is_string() || id.is_number()).cloned().unwrap_or_default();
    let message = match value {
        Value::Array(_) => "the protocol has no batches: send one message at a time",
        Value::Object(fields) if fields.contains_key("method") => {
            "the id of a request is a string or an integer of 32 bits"
        }
        _ => "this is neither a request nor a notification nor a response",
    };
    Some(Incoming::Refused(Refusal { id, code: ErrorCode::InvalidRequest, message: message.to_owned() }))
}

/// Whether a message has an `id`, whatever it is.
fn is_named(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Named {
        #[serde(rename = "id")]
        _id: IgnoredAny,
    }
    serde_json::from_slice::<Named>(body).is_ok()
}

/// Takes what is to be said, and never waits for the client to listen.
pub(super) struct Outbox(Sender<String>);

/// An outbox for standard output, and the thread that writes what was put into it. It ends when the outbox is gone and
/// all is written, or when the client listens no more.
pub(super) fn outbox() -> (Outbox, JoinHandle<()>) {
    let (sender, bodies) = channel::<String>();
    let writer = thread::spawn(move || {
        let mut out = io::stdout().lock();
        for body in bodies {
            let written = write!(out, "Content-Length: {}\r\n\r\n{body}", body.len()).and_then(|()| out.flush());
            if written.is_err() {
                return;
            }
        }
    });
    (Outbox(sender), writer)
}

impl Outbox {
    pub(super) fn send(&self, message: &Message) {
        #[derive(Serialize)]
        struct Body<'m> {
            jsonrpc: &'static str,
            #[serde(flatten)]
            message: &'m Message,
        }
        if let Ok(body) = serde_json::to_string(&Body { jsonrpc: "2.0", message }) {
            self.put(body);
        }
    }

    pub(super) fn refuse(&self, refusal: &Refusal) {
        let error = json!({ "code": refusal.code as i32, "message": refusal.message });
        self.put(json!({ "jsonrpc": "2.0", "id": refusal.id, "error": error }).to_string());
    }

    fn put(&self, body: String) {
        // If the client does not listen any more, it will be seen to be gone.
        let _ = self.0.send(body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of `input`, in words.
    fn all(mut input: &[u8]) -> Vec<String> {
        let mut list = Vec::new();
        loop {
            match read(&mut input) {
                Ok(Some(Incoming::Message(Message::Request(r)))) => list.push(format!("{} {}", r.id, r.method)),
                Ok(Some(Incoming::Message(other))) => list.push(format!("{other:?}")),
                Ok(Some(Incoming::Refused(r))) => list.push(format!("{} {}", r.id, r.code as i32)),
                Ok(None) => return list,
                Err(error) => {
                    list.push(error.to_string());
                    return list;
                }
            }
        }
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_is_refused_and_the_next_one_is_read() {
        for (wrong, refused) in [
            (r#"{"jsonrpc":"2.0", "id": 1, broken"#, "null -32700"),
            ("", "null -32700"),
            (r#"{"jsonrpc":"2.0","id":1}"#, "1 -32600"),
            (r#"{"jsonrpc":"2.0","id":"a","params":{}}"#, "\"a\" -32600"),
            (r#"{"id":[1],"params":{}}"#, "null -32600"),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"x"}]"#, "null -32600"),
            ("1", "null -32600"),
            (r#"{"jsonrpc":"2.0","id":3000000000,"method":"x"}"#, "3000000000 -32600"),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, "1.5 -32600"),
            (r#"{"jsonrpc":"2.0","id":null,"method":"x","params":{}}"#, "null -32600"),
            (r#"{"jsonrpc":"2.0","method":"x","id":{"id":1}}"#, "null -32600"),
        ] {
            let good = frame(r#"{"jsonrpc":"2.0","id":7,"method":"y"}"#);
            assert_eq!(all((frame(wrong) + &good).as_bytes()), [refused, "7 y"], "{wrong}");
        }
        let bytes = [b"Content-Length: 3\r\n\r\n\"\xff\"", frame(r#"{"id":7,"method":"y"}"#).as_bytes()].concat();
        assert_eq!(all(&bytes), ["null -32700", "7 y"]);
    }

    #[test]
    fn a_wrong_answer_is_not_answered() {
        let good = frame(r#"{"id":7,"method":"y"}"#);
        for wrong in [r#"{"id":null,"error":{"code":-32700,"message":"x"}}"#, r#"{"id":{},"result":1}"#] {
            assert_eq!(all((frame(wrong) + &good).as_bytes()), ["7 y"], "{wrong}");
        }
    }

    #[test]
    fn headers_may_be_written_in_several_ways() {
        for header in [
            "content-length:21\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
            "Content-Type: x\nContent-Length:  21 \n\n",
        ] {
            assert_eq!(all(format!("{header}{{\"id\":7,\"method\":\"y\"}}").as_bytes()), ["7 y"], "{header}");
        }
    }

    #[test]
    fn without_a_length_nothing_more_can_be_read() {
        let long = "x".repeat(10_000);
        for (input, told) in [
            ("Content-Length: 5\r\n\r\n{}", "the input ended within a message"),
            ("Content-Length: 5\r\n", "the input ended within a message"),
            ("Content-Length: 99999999999999999\r\n\r\n{}", "the input ended within a message"),
            ("Content-Type: x\r\n\r\n{}", "a header has no Content-Length"),
            ("Content-Length: -1\r\n\r\n{}", "`Content-Length: -1` is no line of a header"),
            ("{\"id\"}\r\n\r\n", "`{\\\"id\\\"}` is no line of a header"),
            (&long, &format!("`{}` is no line of a header", &long[..4096])),
        ] {
            assert_eq!(all(input.as_bytes()), [told], "{input}");
        }
    }
}
