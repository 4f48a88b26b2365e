//! The effects of RUN: those of its commands, as far as all of them are known.

use super::super::path::{AbsolutePath, join};
use super::argument::{Argument, may_become_pattern};
use super::leads;
use super::names::assigned_names;
use super::options::{is_plain_shell, is_posix, is_strict, sets_strict};
use super::settings;
use super::state::State;
use super::{Effects, MOST_PLACES, Resource};
use crate::syntax::shell::{self, Assignment, Command, CommandKind, Context, Redirect, RedirectOp, SimpleCommand};
use crate::syntax::shell::{Script, ShellErrorKind, Visitor, WordPart};
use crate::syntax::{Form, Instruction, mount_fields};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cell::OnceCell;

/// What a RUN does, and what it leaves behind for the commands below it.
pub(super) struct OfRun {
    pub(super) effects: Effects,
    /// Whether it may have changed where package managers install.
    pub(super) configured: bool,
}

/// The effects of `step`, a RUN, in the state `state`.
pub(super) fn of_run(step: &Instruction<'_>, state: &State, escape: char) -> OfRun {
    // On Windows, paths and commands are others.
    if escape != '\\' {
        return OfRun { effects: Effects::unknown(), configured: false };
    }
    let mut effects =
        Effects { reads: vec![Resource::Environment, Resource::User, Resource::System], ..Effects::default() };
    state.environment_paths().for_each(|path| effects.read_around(path.clone()));
    let mounted = mounts(step, &mut effects).is_some();
    let Some(read) = script(step, state, &mut effects) else {
        return OfRun { effects: Effects::unknown(), configured: false };
    };
    if read.leads {
        let bodies = step.heredocs.iter().map(|heredoc| heredoc.content);
        let texts = std::iter::once(step.joined()).chain(bodies);
        texts.flat_map(|text| leads::places(text, state)).for_each(|place| effects.leads_to(place));
    }
    if !(mounted && read.known) {
        // The links and settings that it says are there whatever else it does.
        let (links, lasting) = (effects.links, effects.lasting);
        effects = Effects { links, lasting, ..Effects::unknown() };
    }
    // The quick commands beside one of which nothing is known say nothing about the whole.
    effects.seconds = (read.seconds > 0.0 || !read.untimed).then_some(read.seconds);
    OfRun { effects, configured: read.configured }
}

/// What came of reading a script, besides its effects.
pub(super) struct Read {
    known: bool,
    seconds: f32,
    untimed: bool,
    configured: bool,
    leads: bool,
}

/// Mounts that bring no files of the context or of other stages: each hides what stands at its target.
/// `None` for all others, and for flags that nothing is known of.
fn mounts(step: &Instruction<'_>, effects: &mut Effects) -> Option<()> {
    for flag in &step.flags {
        match (flag.name(), flag.value()) {
            ("mount", Some(value)) => {
                let fields = mount_fields(value)?;
                let get = |keys: &[&str]| {
                    let mut named = fields.iter().filter(|f| keys.contains(&f.key));
                    named.next().map(|f| f.value.as_deref().unwrap_or_default())
                };
                if !matches!(get(&["type"]), Some("cache" | "tmpfs" | "secret" | "ssh")) || get(&["from"]).is_some() {
                    return None;
                }
                if let Some(target) = get(&["target", "dst", "destination"]) {
                    effects.write(Resource::Path(AbsolutePath::new(target)?));
                }
            }
            ("network", _) => {}
            _ => return None,
        }
    }
    Some(())
}

fn script(step: &Instruction<'_>, state: &State, effects: &mut Effects) -> Option<Read> {
    match step.command()? {
        Form::Exec(words) => {
            let words: Vec<Argument<'_>> = words.iter().map(|w| Argument::whole(&w.text)).collect();
            let mut run = Run::new("", state, effects);
            run.invocation(&words);
            Some(run.read())
        }
        Form::Shell { range, .. } => {
            // SHELL may name a shell that reads another language.
            if !state.shell.as_deref().is_none_or(is_posix) {
                return None;
            }
            let is_plain = state.shell.as_deref().is_none_or(is_plain_shell);
            effects.read(Resource::Shell);
            let joined = step.logical.text();
            let lone_heredoc = matches!(&step.heredocs[..], [only] if joined[range.clone()].trim() == only.span.of(step.logical.source()));
            let read = match &step.heredocs[..] {
                [only] if lone_heredoc => {
                    // A first line like `#!/usr/bin/env python3` names another language.
                    if only.content.trim_start().starts_with("#!") {
                        return None;
                    }
                    commands(only.content, only.shell_tree(), false, state, effects)
                }
                heredocs => {
                    // The shell puts in what it finds in their bodies.
                    let bodies = || heredocs.iter().filter(|h| h.expand).map(|h| h.content);
                    let runs_more = bodies().any(|body| body.contains("$(") || body.contains('`'));
                    if bodies().any(names_folder) {
                        effects.read(Resource::WorkingDirectory);
                    }
                    let read = commands(joined, step.shell_tree()?, !heredocs.is_empty(), state, effects)?;
                    Some(Read { known: read.known && !runs_more, ..read })
                }
            }?;
            Some(Read { known: read.known && is_plain, ..read })
        }
        Form::Empty => None,
    }
}

/// Whether `text` has the variables that hold the working directory.
fn names_folder(text: &str) -> bool {
    ["$PWD", "${PWD", "$OLDPWD", "${OLDPWD"].iter().any(|name| text.contains(name))
}

fn commands(text: &str, script: &shell::Script, heredocs: bool, state: &State, effects: &mut Effects) -> Option<Read> {
    // The bodies of the instruction's own heredocs are not part of its line.
    let harmless = |e: &shell::ShellError| heredocs && e.kind == ShellErrorKind::UnterminatedHeredoc;
    if !script.errors.iter().all(harmless) {
        return None;
    }
    let mut run = Run { script: Some(script), ..Run::new(text, state, effects) };
    script.accept(&mut run, Context::default());
    Some(run.read())
}

/// The commands of one RUN, while they are read.
pub(super) struct Run<'r> {
    pub(super) text: &'r str,
    script: Option<&'r Script>,
    /// The variables that the script sets anywhere, once somebody asks.
    names: OnceCell<Vec<&'r str>>,
    pub(super) state: &'r State,
    pub(super) effects: &'r mut Effects,
    /// The working directory, while it is known.
    pub(super) folder: Option<AbsolutePath>,
    /// The variables that commands so far set, and the scripts around this one anywhere.
    pub(super) assigned: Vec<String>,
    /// Those whose values the shell may take for patterns of file names, where no quotes stand around them.
    pub(super) patterns: Vec<String>,
    /// The paths in their values.
    pub(super) assigned_paths: Vec<AbsolutePath>,
    /// Whether one of them may send what is installed to a place that is not known.
    pub(super) moves_installs: bool,
    /// The same for all that follows, by a setting that lasts.
    pub(super) configured: bool,
    /// Whether some command runs as root whoever the user is.
    pub(super) as_root: bool,
    /// Whether all commands so far are known.
    pub(super) known: bool,
    /// Whether settings are written that may lead other programs somewhere.
    pub(super) leads: bool,
    /// Whether `set -e` is in force.
    is_strict: bool,
    /// How long the commands so far take, as far as that is known.
    pub(super) seconds: f32,
    /// Whether nothing is known of how long one of them takes.
    pub(super) untimed: bool,
    /// How many commands that run others this one stands in.
    pub(super) depth: usize,
}

impl<'r> Run<'r> {
    fn new(text: &'r str, state: &'r State, effects: &'r mut Effects) -> Self {
        Self {
            text,
            script: None,
            names: OnceCell::new(),
            state,
            effects,
            folder: state.workdir.clone(),
            assigned: Vec::new(),
            patterns: Vec::new(),
            assigned_paths: Vec::new(),
            moves_installs: false,
            configured: false,
            as_root: false,
            known: true,
            leads: false,
            is_strict: state.shell.as_deref().is_some_and(is_strict),
            seconds: 0.0,
            untimed: false,
            depth: 0,
        }
    }

    fn read(&self) -> Read {
        let Self { known, seconds, untimed, configured, leads, .. } = *self;
        Read { known, seconds, untimed, configured, leads }
    }

    /// Whether the script sets the variable called `name`: what the file says of it no longer counts.
    pub(super) fn assigns(&self, name: &str) -> bool {
        self.assigned.iter().any(|a| a == name) || self.names().contains(&name)
    }

    fn names(&self) -> &[&'r str] {
        self.names.get_or_init(|| self.script.map_or_else(Vec::new, |script| assigned_names(self.text, script)))
    }

    /// Reads a script that a command of this one runs in another shell.
    pub(super) fn read_in(&mut self, text: &str, script: &Script) {
        let around = self.names().iter().map(|&name| name.to_owned());
        let mut inner = Run {
            script: Some(script),
            folder: self.folder.clone(),
            assigned: self.assigned.iter().cloned().chain(around).collect(),
            patterns: self.patterns.clone(),
            assigned_paths: self.assigned_paths.clone(),
            moves_installs: self.moves_installs,
            configured: self.configured,
            as_root: self.as_root,
            depth: self.depth,
            ..Run::new(text, self.state, self.effects)
        };
        script.accept(&mut inner, Context::default());
        let read = inner.read();
        self.known &= read.known;
        self.seconds += read.seconds;
        self.untimed |= read.untimed;
        self.configured |= read.configured;
        self.leads |= read.leads;
    }
}

impl<'s> Visitor<'s> for Run<'_> {
    fn command(&mut self, command: &'s Command, _: Context) {
        match &command.kind {
            // A function may have the name of a known command.
            CommandKind::Function { .. } => self.known = false,
            CommandKind::Test(words) => {
                for word in words {
                    let argument = self.argument(word);
                    self.path(&argument, false);
                }
            }
            _ => {}
        }
        for redirect in &command.redirects {
            self.redirect(redirect);
        }
    }

    fn simple(&mut self, _: &'s Command, simple: &'s SimpleCommand, context: Context) {
        simple.assignments.iter().for_each(|a| self.assignment(a));
        let words: SmallVec<[Argument<'_>; 8]> = simple.words.iter().map(|w| self.argument(w)).collect();
        if words.is_empty() {
            return;
        }
        if matches!(words[0].text.as_ref(), "cd") && words[0].complete {
            self.change_folder(&words, context);
            return;
        }
        if words[0].complete && words[0].text == "set" && !(context.subshell || context.substitution) {
            let is_strict = sets_strict(&words[1..], self.is_strict);
            // A line that may not run makes nothing sure.
            self.is_strict = is_strict && (self.is_strict || !context.conditional);
        }
        let sets = |name: &str| matches!(name, "export" | "readonly" | "local" | "declare" | "typeset");
        // Without a value, these and `set` print all variables, or those that are named.
        let prints = sets(&words[0].text) || words[0].text == "set" && words.len() == 1;
        if prints && !words[1..].iter().any(|w| w.text.contains('=')) {
            self.effects.read(Resource::WorkingDirectory);
        }
        if words[0].complete && sets(&words[0].text) {
            for (word, argument) in simple.words.iter().zip(&words).skip(1) {
                let raw = word.span.of(self.text);
                if let (Some((name, value)), Some((_, raw))) = (argument.text.split_once('='), raw.split_once('=')) {
                    self.value(name, argument.complete.then_some(value), raw);
                } else {
                    // `export $(cat .env)` sets any variable.
                    self.known &= argument.complete;
                }
            }
        }
        self.invocation(&words);
    }

    fn word(&mut self, word: &'s shell::Word, _: Context) {
        if word.span.of(self.text).starts_with("~+") || word.span.of(self.text).starts_with("~-") {
            self.effects.read(Resource::WorkingDirectory);
        }
        // The shell lists the folder of a pattern.
        if word.has_glob() {
            let argument = self.argument(word);
            self.path(&argument, false);
        } else if word.parts.iter().any(|part| self.may_be_pattern(part)) {
            self.path(&Argument { text: Cow::Borrowed(""), complete: false }, false);
        }
    }

    fn part(&mut self, part: &'s WordPart, _: Context) {
        match part {
            // `<(...)` is a file that only the shell knows of.
            WordPart::ProcessSubstitution { .. } => self.known = false,
            // `${!name}` is any variable.
            WordPart::Parameter { name, span, .. }
                if matches!(name.of(self.text), "PWD" | "OLDPWD") || span.of(self.text).starts_with("${!") =>
            {
                self.effects.read(Resource::WorkingDirectory);
            }
            _ => {}
        }
    }
}

impl<'r> Run<'r> {
    fn assignment(&mut self, assignment: &Assignment) {
        let name = assignment.name.of(self.text);
        let Some(value) = &assignment.value else { return };
        let raw = value.span.of(self.text);
        if may_become_pattern(raw) {
            self.patterns.push(name.to_owned());
        }
        let literal = value.literal(self.text);
        self.value(name, literal.as_deref(), value.span.of(self.text));
    }

    /// Notes that `name` is set to `value`, which is written as `raw`.
    fn value(&mut self, name: &str, value: Option<&str>, raw: &str) {
        if value.is_some() {
            return self.sets(name, value);
        }
        // `PATH=$PATH:/opt/x/bin` adds to what was there.
        let before = |part: &str| part.trim_start_matches("${").trim_start_matches('$').trim_end_matches('}') == name;
        let parts = raw.trim_matches('"').split(':');
        let (own, added): (Vec<&str>, Vec<&str>) = parts.partition(|part| part.starts_with('$') && before(part));
        let plain = |part: &&str| !part.contains(['$', '`', '"', '\'', '\\']);
        if !own.is_empty() && added.iter().all(plain) {
            self.sets(name, Some(&added.join(":")));
        } else {
            self.sets(name, None);
        }
    }

    fn change_folder(&mut self, words: &[Argument<'_>], context: Context) {
        let apart = context.subshell || context.substitution || context.piped;
        // If there is no such folder, the script must not go on in this one.
        let ends = !context.unchecked || self.is_strict && !context.ignored;
        let lasting = ends && !(context.conditional || apart);
        let target = match words {
            [_, target] if target.complete && target.text != "-" && lasting => join(self.folder.as_ref(), &target.text),
            _ => None,
        };
        if let [_, target] = words {
            self.path(target, false);
        }
        self.folder = target;
    }

    fn redirect(&mut self, redirect: &Redirect) {
        match redirect.op {
            RedirectOp::Heredoc | RedirectOp::HeredocTabs | RedirectOp::HereString => {}
            RedirectOp::Input => {
                let target = self.argument(&redirect.target);
                self.path(&target, false);
            }
            RedirectOp::DuplicateInput | RedirectOp::DuplicateOutput
                if self.argument(&redirect.target).text.bytes().all(|b| b.is_ascii_digit() || b == b'-') => {}
            _ => {
                let target = self.argument(&redirect.target);
                // `~/.npmrc` is known by its end.
                self.configured |= settings::is_file(redirect.target.span.of(self.text).trim_matches(['"', '\'']));
                self.path(&target, true);
            }
        }
    }

    /// Reads or writes the path `argument`. One that is known only in part counts as its folder.
    pub(super) fn path(&mut self, argument: &Argument<'_>, write: bool) {
        let text = argument.text.as_ref();
        if argument.complete && matches!(text, "-" | "/dev/null" | "/dev/stdout" | "/dev/stderr" | "/dev/tty") {
            return;
        }
        self.configured |= write && argument.complete && settings::is_file(text);
        self.leads |= write && !self.leads && self.may_hold_settings(text);
        if !self.known {
            // Nothing is known of the whole RUN.
            return;
        }
        let text = if argument.complete { Some(text) } else { text.rfind('/').map(|at| &text[..at.max(1)]) };
        let path = text.filter(|t| !t.starts_with('~')).and_then(|text| {
            if !text.starts_with('/') {
                self.effects.read(Resource::WorkingDirectory);
            }
            join(self.folder.as_ref(), text)
        });
        if text.is_none() || path.is_none() {
            self.effects.read(Resource::WorkingDirectory);
        }
        // What is behind a link is somewhere else.
        let links = &self.effects.links;
        let is_behind = |path: &AbsolutePath| {
            links.len() > MOST_PLACES || links.iter().any(|link| link.covers(path)) || is_of_process(path)
        };
        let path = path.filter(|path| !is_behind(path));
        if write { self.effects.write_path(path) } else { self.effects.read_path(path) }
    }

    /// Whether `text` names a file with settings, or may do so.
    pub(super) fn may_hold_settings(&self, text: &str) -> bool {
        text.starts_with('~')
            || join(self.folder.as_ref(), text).is_some_and(|path| leads::holds_settings(&path, self.state))
    }
}

/// Whether `path` is one of the links that the kernel has for each process: its root, its folder, its files.
fn is_of_process(path: &AbsolutePath) -> bool {
    let below = path.as_str().strip_prefix("/proc/").and_then(|rest| rest.split_once('/')).map(|(_, below)| below);
    below.is_some_and(|below| ["root", "cwd", "fd", "task"].contains(&below.split('/').next().unwrap_or_default()))
}
