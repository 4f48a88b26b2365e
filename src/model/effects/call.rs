//! One command and its words, read against the table.

use super::super::path::{AbsolutePath, join};
use super::Resource;
use super::run::{Argument, Run};
use super::table::{self, Known, Operands, Writes};
use std::borrow::Cow;

/// The files that list users and groups (passwd(5), group(5), shadow(5), subuid(5); useradd(8) keeps
/// backups beside them and makes a mail box).
const ACCOUNTS: &[&str] = &[
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

/// The words of a command, sorted by what they are.
#[derive(Default)]
struct Call {
    /// The words that are no flags, and no values of flags.
    operands: Vec<usize>,
    /// The paths that flags name: a word, and where in it the path starts.
    paths: Vec<(usize, usize)>,
    /// The values of other flags, likewise.
    values: Vec<(usize, usize)>,
    /// Whether a flag says where the output goes.
    has_output: bool,
    /// Whether a flag makes the effects unknown.
    refused: bool,
    flags: usize,
}

impl Call {
    fn read(known: &Known, words: &[Argument<'_>]) -> Self {
        let mut call = Self::default();
        let mut at = 0;
        let mut flags_end = false;
        while let Some(word) = words.get(at) {
            let text = word.text.as_ref();
            at += 1;
            if flags_end || !text.starts_with('-') || text == "-" {
                call.operands.push(at - 1);
            } else if text == "--" {
                flags_end = true;
            } else if text.starts_with("--") {
                at += call.long(known, at - 1, word);
            } else {
                at += call.short(known, at - 1, word);
            }
        }
        call
    }

    /// Reads `--name` or `--name=value`; gives how many further words belong to it.
    fn long(&mut self, known: &Known, at: usize, word: &Argument<'_>) -> usize {
        let text = word.text.as_ref();
        let (name, value) = match text.find('=') {
            Some(equals) => (&text[..equals], Some(equals + 1)),
            None => (text, None),
        };
        // A name that is not known to its end may be any flag, and an unknown flag may name a file.
        let listed = known.values.contains(&name) || known.paths.contains(&name);
        self.refused |= value.is_none() && !word.complete;
        self.refused |= !listed && value.is_some_and(|start| is_path_like(&text[start..]));
        self.flag(known, name, value.map(|start| (at, start)), at)
    }

    /// Reads `-abc`, where a flag with a value takes the rest of the word, or the next one.
    fn short(&mut self, known: &Known, at: usize, word: &Argument<'_>) -> usize {
        for (i, c) in word.text.char_indices().skip(1) {
            let name = format!("-{c}");
            let end = i + c.len_utf8();
            let rest = (end < word.text.len() || !word.complete).then_some((at, end));
            let takes_value = known.values.contains(&name.as_str()) || known.paths.contains(&name.as_str());
            let further = self.flag(known, &name, rest.filter(|_| takes_value), at);
            if takes_value {
                return further;
            }
        }
        self.refused |= !word.complete;
        0
    }

    fn flag(&mut self, known: &Known, name: &str, value: Option<(usize, usize)>, at: usize) -> usize {
        self.flags += 1;
        self.refused |= known.refused.contains(&name) || (!known.only.is_empty() && !known.only.contains(&name));
        self.has_output |= known.output.contains(&name);
        let (is_path, is_value) = (known.paths.contains(&name), known.values.contains(&name));
        if is_path {
            self.paths.push(value.unwrap_or((at + 1, 0)));
        } else if is_value {
            self.values.push(value.unwrap_or((at + 1, 0)));
        }
        usize::from(value.is_none() && (is_path || is_value))
    }

    fn fits(&self, known: &Known, words: &[Argument<'_>]) -> bool {
        let subcommand = || {
            let first = self.operands.first().map(|&at| &words[at]);
            first.is_some_and(|w| w.complete && known.subcommands.contains(&w.text.as_ref()))
        };
        !self.refused
            && (known.only.is_empty() || self.flags > 0)
            && (!known.needs_operand || !self.operands.is_empty())
            && (known.subcommands.is_empty() || subcommand())
            && self.paths.iter().all(|&(at, _)| at < words.len())
            && (known.operands != Operands::Packages
                || self.values.iter().all(|&(at, from)| words.get(at).is_some_and(|w| !is_path_like(&w.text[from..]))))
            // APT reads the names of folders and files from options.
            && !words.iter().any(|w| w.text.contains("Dir::") || w.text.starts_with("RootDir"))
    }
}

/// Whether a value may name a file; a URL does not.
fn is_path_like(value: &str) -> bool {
    value.contains('/') && !value.contains("://")
}

impl Run<'_> {
    /// Adds the effects of the command `words`, or gives up on the whole RUN.
    pub(super) fn invocation(&mut self, words: &[Argument<'_>]) {
        let [name, rest @ ..] = words else { return };
        let program = ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].iter().find_map(|p| name.text.strip_prefix(p));
        let program = program.unwrap_or(&name.text);
        let entries = if name.complete { table::entries(program) } else { &[] };
        let fitting = entries.iter().find_map(|known| {
            let call = Call::read(known, rest);
            call.fits(known, rest).then_some((*known, call))
        });
        match fitting {
            Some((known, call)) => self.apply(known, &call, rest),
            None => self.known = false,
        }
    }

    fn apply(&mut self, known: &Known, call: &Call, words: &[Argument<'_>]) {
        let before = self.effects.seconds.unwrap_or_default();
        self.effects.seconds = Some(before + known.seconds);
        // What takes time here asks a server; users get the day of their making (shadow(5)).
        self.effects.varies |= known.seconds > 0.0 || known.writes != Writes::Nothing || known.names == ["date"];
        match known.writes {
            Writes::Nothing => {}
            Writes::System => self.effects.write(Resource::System),
            Writes::Accounts => {
                let files = ACCOUNTS.iter().map(|f| AbsolutePath::new(f).map_or(Resource::Files, Resource::Path));
                files.for_each(|file| self.effects.write(file));
            }
        }
        for &(at, from) in &call.paths {
            let word = &words[at];
            if word.text[from..].contains("://") {
                continue;
            }
            let text = Cow::Borrowed(&word.text[from..]);
            self.path(&Argument { text, complete: word.complete }, true);
        }
        let skip = usize::from(!known.subcommands.is_empty());
        for (position, &at) in call.operands.iter().skip(skip).enumerate() {
            let operand = &words[at];
            match known.operands {
                Operands::Text => {}
                Operands::TextThenWrites if position == 0 => {}
                Operands::Packages => self.package(operand),
                Operands::Users => self.home(operand),
                Operands::Reads => self.path(operand, false),
                Operands::Writes | Operands::TextThenWrites => self.path(operand, true),
            }
        }
        if !known.output.is_empty() && !call.has_output {
            self.path(&Argument::whole("."), true);
        }
    }

    /// A package by name touches no file of ours; one by path is read.
    fn package(&mut self, word: &Argument<'_>) {
        let text = word.text.as_ref();
        let file = [".deb", ".rpm", ".apk"].iter().any(|e| text.ends_with(e)) && !text.contains("://");
        if file || text.starts_with(['/', '.', '~']) {
            self.path(word, false);
        } else if text.is_empty() && !word.complete {
            // All of it unknown: it may be a path.
            self.known = false;
        }
    }

    /// The home folder that a new user gets unless a flag says another.
    fn home(&mut self, user: &Argument<'_>) {
        let folder = AbsolutePath::new("/home");
        let home = if user.complete { join(folder.as_ref(), &user.text) } else { folder };
        self.effects.write_path(home);
    }
}
