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
mod waiting;
mod watching;
mod wishes;
mod workspace;

use super::failure::{self, Failure};
use super::shell::Shell;
use background::Done;
use clap::Args;
use client::Client;
use lsp_server::{Connection, Message, ProtocolError, Response};
use lsp_types::InitializeParams;
use serde_json::json;
use server::Server;
use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread;
use std::time::Duration;
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
    Message(Message),
    Done(Done),
    /// The client is gone.
    Closed,
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
    let (connection, threads) = Connection::stdio();
    match serve(connection, args, shell) {
        Ok(code) => {
            // What was said last is to get out.
            let _ = threads.join();
            ExitCode::from(code)
        }
        Err(error) => {
            let message = format!("the client did not begin as the Language Server Protocol says: {error}");
            failure::print(&[Failure::Usage { message, help: None }], &mut io::stderr().lock(), false);
            ExitCode::FAILURE
        }
    }
}

fn serve(connection: Connection, args: &LspArgs, shell: Shell) -> Result<u8, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let client = Client::new(&params);
    let information = json!({ "name": "layerwise", "version": env!("CARGO_PKG_VERSION") });
    let answer = json!({ "capabilities": client::server(&client), "serverInfo": information });
    let _ = connection.sender.send(Message::Response(Response::new_ok(id, answer)));

    let (sender, inbox) = channel();
    let tell = sender.clone();
    let jobs = background::start(move |done| tell.send(Event::Done(done)).is_ok());
    let Connection { sender: out, receiver } = connection;
    // Takes what comes at once, so that of several changes only the last one is checked.
    thread::spawn(move || {
        let all = receiver.into_iter().map(Event::Message).try_for_each(|event| sender.send(event));
        let _ = all.and_then(|()| sender.send(Event::Closed));
    });
    let root = client.root.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    let workspace = Workspace::new(root, shell);
    // If the client does not listen any more, it will be seen to be gone.
    let out = Box::new(move |message| drop(out.send(message)));
    let mut server = Server::new(client, workspace, args.shellcheck.clone(), jobs, out);
    server.wish(&params.initialization_options.unwrap_or_default());
    Ok(session(&mut server, &inbox))
}

fn session(server: &mut Server, inbox: &Receiver<Event>) -> u8 {
    loop {
        let event = match inbox.try_recv() {
            Ok(event) => event,
            Err(TryRecvError::Disconnected) => Event::Closed,
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
            Event::Message(message) => {
                if let Some(code) = server.take(message) {
                    return code;
                }
            }
            Event::Done(done) => server.done(done),
            Event::Closed => return u8::from(!server.stops),
        }
    }
}

/// What happens next; none if nothing does for a while, and somebody waits for that.
fn next(server: &Server, inbox: &Receiver<Event>) -> Option<Event> {
    if !server.awaits_pause() {
        return Some(inbox.recv().unwrap_or(Event::Closed));
    }
    match inbox.recv_timeout(PAUSE) {
        Ok(event) => Some(event),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => Some(Event::Closed),
    }
}
