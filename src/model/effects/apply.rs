//! What a command does, added to the effects of its RUN.

use super::super::expand::Value;
use super::super::path::{AbsolutePath, join, parent};
use super::Resource;
use super::argument::Argument;
use super::call::Call;
use super::leads;
use super::run::Run;
use super::settings;
use super::table::{self, Known, Operands, Place};
use std::borrow::Cow;
use std::sync::LazyLock;

/// The files that list users and groups (passwd(5), group(5), shadow(5), subuid(5); useradd(8) keeps
/// backups beside them and makes a mail box).
static ACCOUNTS: LazyLock<Vec<Resource>> = LazyLock::new(|| {
    let files = [
        "/etc/passwd",
        "/etc/passwd-",
        "/etc/group",
        "/etc/group-",
        "/etc/shadow",
        "/etc/shadow-",
        "/etc/gshadow",
        "/etc/gshadow-",
        "/etc/subuid",
        "/etc/subuid-",
        "/etc/subgid",
        "/etc/subgid-",
        "/var/mail",
        "/var/spool/mail",
    ];
    files.into_iter().filter_map(AbsolutePath::new).map(Resource::Path).collect()
});

/// The folders of programs that the system or its administrator owns.
const PROGRAMS: &[&str] = &["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/local/bin/", "/usr/local/sbin/"];

impl Run<'_> {
    /// Adds the effects of the command `words`, or gives up on the whole RUN.
    pub(super) fn invocation(&mut self, words: &[Argument<'_>]) {
        let [name, rest @ ..] = words else { return };
        if !name.complete {
            self.unknown();
            return;
        }
        let program = if name.text.contains('/') { self.program_of(&name.text) } else { &name.text };
        if self.wrapped(program, rest) {
            return;
        }
        let fitting = table::entries(program).iter().filter(|known| may_fit(known, rest)).find_map(|known| {
            let mut call = Call::read(known, rest);
            call.fits(known, rest).then_some((*known, call))
        });
        match fitting {
            Some((known, call)) => self.apply(known, &call, rest),
            None => self.unknown(),
        }
    }

    /// Gives up: what a command does, and how long it takes, is not known.
    fn unknown(&mut self) {
        self.known = false;
        self.untimed = true;
    }

    /// The program at `path`. Takes `/opt/venv/bin/pip` for pip in the environment `/opt/venv`, which is then read
    /// and written.
    fn program_of<'n>(&mut self, path: &'n str) -> &'n str {
        let program = PROGRAMS.iter().find_map(|p| path.strip_prefix(p)).unwrap_or(path);
        if let Some((folder, name)) = program.rsplit_once("/bin/")
            && (name.starts_with("pip") || name.starts_with("python") || matches!(name, "conda" | "mamba"))
            && let Some(path) = AbsolutePath::new(folder)
        {
            self.effects.read_around(Resource::Path(path.clone()));
            self.assigned_paths.push(path);
            return name;
        }
        program
    }

    fn apply(&mut self, known: &Known, call: &Call, words: &[Argument<'_>]) {
        self.seconds += known.seconds;
        if known.runs_project {
            self.known = false;
            return;
        }
        // What takes time here asks a server; users get the day of their making (shadow(5)).
        self.effects.varies |= known.seconds > 0.0 || !known.writes.is_empty() || known.names == ["date"];
        self.configured |=
            known.configures && call.operands.iter().any(|&at| settings::moves_installs(&words[at].text));
        if known.configures || known.subcommands.iter().any(|s| s.contains("config")) {
            self.leads = true;
            // From which folder on, the reader of the setting decides.
            let is_relative = |word: &Argument<'_>| {
                let text = word.text.as_ref();
                text.contains('/') && !text.contains("://") && !text.starts_with(['/', '~', '@'])
            };
            if call.operands.iter().any(|&at| is_relative(&words[at])) {
                self.effects.leads_to(Resource::Files);
            }
        }
        known.reads.iter().for_each(|place| self.place(*place, false));
        known.writes.iter().for_each(|place| self.place(*place, true));
        for (list, write) in [(&call.writes, true), (&call.reads, false)] {
            for &(at, from) in list {
                let word = &words[at];
                if word.text[from..].contains("://") {
                    continue;
                }
                let text = Cow::Borrowed(&word.text[from..]);
                self.path(&Argument { text, complete: word.complete }, write);
            }
        }
        self.operands(known.operands, call, words);
        if matches!(known.operands, Operands::Copies | Operands::Moves) {
            // `cp -t FOLDER`
            let targets = call.writes.iter().map(|&(at, from)| words[at].text[from..].to_owned());
            targets.collect::<Vec<_>>().iter().for_each(|to| self.copied(to, &call.operands, words));
        }
        if !known.output.is_empty() && !call.has_output {
            self.path(&Argument::whole("."), true);
        }
    }

    fn operands(&mut self, operands: Operands, call: &Call, words: &[Argument<'_>]) {
        let list = &call.operands[call.skip..];
        if operands == Operands::Clones {
            self.clone_of(list, words);
            return;
        }
        for (position, &at) in list.iter().enumerate() {
            let word = &words[at];
            let last = position + 1 == list.len();
            match operands {
                Operands::None | Operands::Text | Operands::Names | Operands::Modules | Operands::Clones => {}
                Operands::TextThenReads | Operands::TextThenWrites if position == 0 => {}
                Operands::Packages => self.package(word),
                Operands::Users => self.home_of(word),
                Operands::Reads | Operands::TextThenReads if word.text.contains("://") => {}
                Operands::Reads | Operands::TextThenReads => self.path(word, false),
                // Nothing of its folder is known.
                Operands::Beside if !word.complete && !word.text.contains('/') => self.path(word, false),
                Operands::Beside => {
                    let folder = word.text.rfind('/').map_or(".", |at| &word.text[..=at]);
                    self.path(&Argument::whole(folder), false);
                }
                Operands::Writes | Operands::TextThenWrites => self.path(word, true),
                Operands::Moves => {
                    self.path(word, false);
                    self.path(word, true);
                    if last {
                        self.copied(&word.text, list, words);
                    }
                }
                Operands::Copies if last && call.writes.is_empty() && list.len() > 1 => {
                    self.path(word, true);
                    self.copied(&word.text, list, words);
                }
                Operands::Copies => self.path(word, false),
                Operands::Places if !word.complete || word.text.contains('/') => self.path(word, true),
                Operands::Places => {}
                Operands::Looks if !word.complete || word.text.contains('/') => self.path(word, false),
                Operands::Looks => {}
                // Without a name, the link goes to the working directory.
                Operands::Links if list.len() == 1 => {
                    self.path(&Argument::whole("."), true);
                    let name = word.text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
                    self.link(&Argument { text: name.into(), complete: word.complete }, &[word]);
                }
                Operands::Links if last => {
                    self.path(word, true);
                    let targets: Vec<_> = list[..position].iter().map(|&at| &words[at]).collect();
                    self.link(word, &targets);
                }
                Operands::Links => {}
            }
        }
    }

    /// What settings copied to `to` say, nobody knows, unless packages brought them.
    fn copied(&mut self, to: &str, list: &[usize], words: &[Argument<'_>]) {
        let of_system = |word: &Argument<'_>| word.complete && self.place_of(&word.text).is_some_and(|p| p.is_system());
        if self.may_hold_settings(to) && !list.iter().all(|&at| of_system(&words[at])) {
            self.effects.leads_to(Resource::Files);
        }
    }

    fn place_of(&self, text: &str) -> Option<AbsolutePath> {
        join(self.folder.as_ref(), text).filter(|_| !text.starts_with('~'))
    }

    /// What stands at the place `word` and below it is somewhere else from now on: at one of `targets`.
    fn link(&mut self, word: &Argument<'_>, targets: &[&Argument<'_>]) {
        let path = |folder: Option<&AbsolutePath>, word: &Argument<'_>| {
            let is_known = word.complete && !word.text.starts_with('~');
            is_known.then(|| join(folder, &word.text)).flatten()
        };
        // Of `/usr/bin/$name`, the folder is known.
        let folder_of = |text: &str| text.rfind('/').map(|at| text[..at.max(1)].to_owned());
        let place = match folder_of(&word.text).filter(|_| !word.complete) {
            Some(folder) => path(self.folder.as_ref(), &Argument::whole(&folder)),
            None => path(self.folder.as_ref(), word),
        };
        // What looks for its programs and settings in a folder of the system, or of a home, finds the target.
        if place.as_ref().is_none_or(|p| p.is_system() || leads::holds_settings(p, self.state)) {
            // If the place is a folder, the link stands in it.
            let folders = [place.as_ref().map(parent), place.clone()];
            for (target, folder) in targets.iter().flat_map(|target| folders.iter().map(move |f| (target, f))) {
                match path(folder.as_ref(), target) {
                    Some(target) if target.is_system() => {}
                    Some(target) => self.effects.leads_to(Resource::Path(target)),
                    None => self.effects.leads_to(Resource::Files),
                }
            }
        }
        self.effects.links.extend(place.or_else(|| AbsolutePath::new("/")));
    }

    /// A package by name touches no file of ours; one by path is read.
    fn package(&mut self, word: &Argument<'_>) {
        let text = word.text.as_ref();
        let file = ([".deb", ".rpm", ".apk"].iter().any(|e| text.ends_with(e)) || text.contains(".pkg.tar"))
            && !text.contains("://");
        // `.build-deps` is a name: so people call the virtual packages of apk.
        let hidden = text.starts_with('.') && (text.contains('/') || matches!(text, "." | ".."));
        if file || hidden || text.starts_with(['/', '~']) || text.ends_with('/') {
            self.path(word, false);
        } else if text.is_empty() && !word.complete {
            // All of it unknown: it may be a path.
            self.known = false;
        }
    }

    /// The home folder that a new user gets unless a flag says another.
    fn home_of(&mut self, user: &Argument<'_>) {
        let folder = AbsolutePath::new("/home");
        let home = if user.complete { join(folder.as_ref(), &user.text) } else { folder };
        self.effects.write_path(home);
    }

    /// A repository goes to the folder that is named, or to one with the last part of its address.
    fn clone_of(&mut self, list: &[usize], words: &[Argument<'_>]) {
        let (address, folder) = match list {
            [address] => (&words[*address], None),
            [address, folder] => (&words[*address], Some(&words[*folder])),
            _ => {
                self.known = false;
                return;
            }
        };
        let text = address.text.as_ref();
        let is_address = text.contains("://") || (text.contains('@') && text.contains(':'));
        if !is_address {
            // A folder, or an address of which nothing is known.
            self.effects.read_path(None);
        }
        match folder {
            Some(folder) => self.path(folder, true),
            None => {
                let name = text.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
                let name = name.strip_suffix(".git").unwrap_or(name);
                let known = address.complete && !name.is_empty();
                self.path(&Argument::whole(if known { name } else { "." }), true);
            }
        }
    }

    fn place(&mut self, place: Place, write: bool) {
        match place {
            Place::System if write => self.effects.write(Resource::System),
            Place::System => self.effects.read(Resource::System),
            Place::Accounts => {
                for file in ACCOUNTS.iter().cloned() {
                    if write { self.effects.write(file) } else { self.effects.read(file) }
                }
            }
            Place::Home => {
                for folder in self.homes() {
                    self.resource(folder, write);
                }
            }
            Place::Installs => self.installs(write),
            Place::Folder => self.path(&Argument::whole("."), write),
            Place::At(path) => self.resource(AbsolutePath::new(path), write),
            Place::Anywhere => self.resource(None, write),
        }
    }

    fn resource(&mut self, path: Option<AbsolutePath>, write: bool) {
        // What is read may decide what is written.
        self.effects.read_around(path.clone().map_or(Resource::Files, Resource::Path));
        if write {
            self.effects.write_path(path);
        }
    }

    /// The home folders that a command may use; `None` is a folder that is not known.
    fn homes(&self) -> Vec<Option<AbsolutePath>> {
        let root = || AbsolutePath::new("/root");
        if ["HOME", "GNUPGHOME"].iter().any(|name| self.assigns(name)) {
            return vec![None];
        }
        match self.state.variable("HOME") {
            Value::Known(home) if self.as_root => return vec![AbsolutePath::new(&home), root()],
            Value::Known(home) => return vec![AbsolutePath::new(&home)],
            Value::Unknown => return vec![None],
            Value::Unset => {}
        }
        match self.state.user.as_deref().map(|user| user.split(':').next().unwrap_or(user)) {
            Some("root" | "0") => vec![root()],
            // Without USER, the base image may have set one.
            None => vec![root(), AbsolutePath::new("/home")],
            // The list of users says where it is.
            Some(_) => vec![None],
        }
    }

    /// The folders that variables name, and for one of programs the folder around it.
    fn installs(&mut self, write: bool) {
        if self.state.moves_installs || self.moves_installs || self.configured {
            self.known = false;
            return;
        }
        let state = self.state;
        let of_state = state.environment_paths().map(|r| match r {
            Resource::Path(path) => Some(path.clone()),
            _ => None,
        });
        let all: Vec<Option<AbsolutePath>> = of_state.chain(self.assigned_paths.iter().cloned().map(Some)).collect();
        for path in all {
            let around = path.as_ref().and_then(|p| {
                let (folder, last) = p.as_str().rsplit_once('/')?;
                (matches!(last, "bin" | "sbin") && !folder.is_empty()).then(|| AbsolutePath::new(folder)).flatten()
            });
            self.resource(around.or(path), write);
        }
    }
}

/// A quick look at whether a subcommand of the entry is among the words at all.
fn may_fit(known: &Known, words: &[Argument<'_>]) -> bool {
    let first = |subcommand: &str| subcommand.split(' ').next().unwrap_or_default().len();
    known.subcommands.is_empty()
        || known.subcommands.iter().any(|s| words.iter().any(|w| w.text.as_ref() == &s[..first(s)]))
}
