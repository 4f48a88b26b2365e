//! `layerwise lsp`: a language server on standard input and output.
//!
//! One thread (`messages`, `server`) takes what the client says and answers from what is known; another one (`background`)
//! does what may take long. Findings come after each change, of the newest version only. What needs Git or ShellCheck is
//! there at the first look if these have been asked already, else a moment later.
//!
//! ShellCheck is asked on opening, on saving and when nobody types; in between, scripts that it has seen keep their
//! findings, wherever they have moved to, and changed ones have none.

mod actions;
mod background;
mod chunks;
mod client;
mod diagnostics;
mod document;
mod edits;
mod guard;
mod heat;
mod hover;
mod messages;
mod mistakes;
mod place;
mod position;
mod server;
mod transport;
mod waiting;
mod watching;
mod wishes;
mod workspace;

use super::failure::{self, Failure};
use super::interrupt;
use super::shell::Shell;
use background::Done;
use clap::Args;
use client::Client;
use lsp_server::{ErrorCode, Message, Request, Response};
use lsp_types::InitializeParams;
use serde_json::json;
use server::Server;
use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread;
use std::time::Duration;
use transport::{Incoming, Outbox};
use workspace::Workspace;

/// So long nobody types before ShellCheck is asked about new scripts.
const PAUSE: Duration = Duration::from_millis(400);

/// Serve an editor: the Language Server Protocol on standard input and output
#[derive(Args, Debug)]
pub struct LspArgs {
    /// Whether the scripts of RUN go to the `shellcheck` program: if it is there, always, never, or to the
    /// one at this absolute path [default: auto].
    #[arg(long, value_name = "auto|on|off|PROGRAM")]
    shellcheck: Option<String>,
    /// Standard input and output, which is what is used anyway; some clients name it.
    #[arg(long)]
    stdio: bool,
}

/// Something that happens.
enum Event {
    Incoming(Incoming),
    Done(Done),
    /// The client is gone, or can't be understood any more.
    Closed(Option<io::Error>),
}

/// Serves until the client says `exit` or goes away. The exit code is the protocol's: 0 after `shutdown`, else 1.
pub(super) fn run(args: &LspArgs) -> ExitCode {
    let shell = match Shell::new(args.shellcheck.as_deref(), false) {
        Ok(shell) => shell,
        Err(failure) => {
            failure::print(&[failure], &mut io::stderr().lock(), false);
            return ExitCode::from(2);
        }
    };
    let (outbox, writer) = transport::outbox();
    let code = serve(args, shell, outbox).unwrap_or_else(|message| {
        failure::print(&[Failure::Usage { message, help: None }], &mut io::stderr().lock(), false);
        1
    });
    // What was said last is to get out.
    let _ = writer.join();
    interrupt::end_all();
    ExitCode::from(code)
}

fn serve(args: &LspArgs, shell: Shell, outbox: Outbox) -> Result<u8, String> {
    let (sender, inbox) = channel();
    let tell = sender.clone();
    // Takes what comes at once, so that of several changes only the last one is checked.
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let event = match transport::read(&mut input) {
                Ok(Some(incoming)) => Event::Incoming(incoming),
                Ok(None) => Event::Closed(None),
                Err(error) => Event::Closed(Some(error)),
            };
            let is_last = matches!(event, Event::Closed(_));
            if sender.send(event).is_err() || is_last {
                return;
            }
        }
    });
    let Request { id, params, .. } = first(&inbox, &outbox)?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let client = Client::new(&params);
    let information = json!({ "name": "layerwise", "version": env!("CARGO_PKG_VERSION") });
    let answer = json!({ "capabilities": client::server(&client), "serverInfo": information });
    outbox.send(&Message::Response(Response::new_ok(id, answer)));

    let jobs = background::start(move |done| tell.send(Event::Done(done)).is_ok());
    let root = client.root.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    let workspace = Workspace::new(root, shell);
    let mut server = Server::new(client, workspace, args.shellcheck.clone(), jobs, outbox);
    server.wish(&params.initialization_options.unwrap_or_default());
    session(&mut server, &inbox)
}

/// The request that begins the session. Other ones are refused, and notifications mean nothing yet.
fn first(inbox: &Receiver<Event>, outbox: &Outbox) -> Result<Request, String> {
    loop {
        match inbox.recv().unwrap_or(Event::Closed(None)) {
            Event::Incoming(Incoming::Message(Message::Request(request))) if request.method == "initialize" => {
                return Ok(request);
            }
            Event::Incoming(Incoming::Message(Message::Request(request))) => {
                let message = format!("{} comes before initialize", request.method);
                let code = ErrorCode::ServerNotInitialized as i32;
                outbox.send(&Message::Response(Response::new_err(request.id, code, message)));
            }
            Event::Incoming(Incoming::Message(Message::Notification(n))) if n.method == "exit" => {
                return Err("the client left before it said initialize".to_owned());
            }
            Event::Incoming(Incoming::Refused(refusal)) => outbox.refuse(&refusal),
            Event::Incoming(Incoming::Message(_)) | Event::Done(_) => {}
            Event::Closed(None) => return Err("the client left before it said initialize".to_owned()),
            Event::Closed(Some(error)) => return Err(unreadable(&error)),
        }
    }
}

fn unreadable(error: &io::Error) -> String {
    format!("what the client sends is not the Language Server Protocol: {error}")
}

/// Serves to the end, and gives the exit code; a message if the client can't be understood any more.
fn session(server: &mut Server, inbox: &Receiver<Event>) -> Result<u8, String> {
    loop {
        let event = match inbox.try_recv() {
            Ok(event) => event,
            Err(TryRecvError::Disconnected) => Event::Closed(None),
            Err(TryRecvError::Empty) => {
                server.settle();
                match next(server, inbox) {
                    Some(event) => event,
                    None => {
                        server.pause();
                        continue;
                    }
                }
            }
        };
        match event {
            Event::Incoming(Incoming::Message(message)) => {
                if let Some(code) = server.take(message) {
                    return Ok(code);
                }
            }
            Event::Incoming(Incoming::Refused(refusal)) => server.outbox.refuse(&refusal),
            Event::Done(done) => server.done(done),
            Event::Closed(Some(error)) => return Err(unreadable(&error)),
            Event::Closed(None) => return Ok(u8::from(!server.stops)),
        }
    }
}

/// What happens next; none if nothing does for a while, and somebody waits for that.
fn next(server: &Server, inbox: &Receiver<Event>) -> Option<Event> {
    if !server.awaits_pause() {
        return Some(inbox.recv().unwrap_or(Event::Closed(None)));
    }
    match inbox.recv_timeout(PAUSE) {
        Ok(event) => Some(event),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => Some(Event::Closed(None)),
    }
}
