//! The effects of each instruction. RUN is in its own file.

use super::super::add::{is_archive_name, is_remote};
use super::super::path::{AbsolutePath, join};
use super::super::stage::{Base, Model, Stage};
use super::leads;
use super::run::of_run;
use super::state::State;
use super::{Effects, Resource};
use crate::syntax::word::{lex, variables};
use crate::syntax::{Form, Instruction, Keyword};
use rpds::RedBlackTreeSet;
use std::collections::BTreeSet;

/// The effects of the steps of a stage, and the state in front of each.
#[derive(Clone, Debug)]
pub struct EffectsOf {
    /// The effects of the triggers that run at the FROM of the stage.
    pub triggers: Vec<Effects>,
    /// The effects, a step each.
    pub effects: Vec<Effects>,
    /// Whether a step's text reads a build argument, so that it may change with every build.
    pub reads_argument: Vec<bool>,
    /// What is known at the end of the stage.
    pub end: State,
    /// The links that commands of stages above made, and triggers.
    inherited: RedBlackTreeSet<AbsolutePath>,
    /// The links that commands make, each with the number of the first step behind it.
    links: Vec<(usize, AbsolutePath)>,
}

impl EffectsOf {
    /// `resources` of the step number `step`, each file behind a link being any file.
    pub fn behind_links(&self, step: usize, resources: &mut [Resource]) {
        let mut own = RedBlackTreeSet::new();
        self.links.iter().filter(|(from, _)| *from <= step).for_each(|(_, link)| own.insert_mut(link.clone()));
        resolve(resources, &self.inherited);
        resolve(resources, &own);
    }
}

fn resolve(resources: &mut [Resource], links: &RedBlackTreeSet<AbsolutePath>) {
    if links.is_empty() {
        return;
    }
    for resource in resources {
        let (Resource::Path(path) | Resource::Made(path)) = &*resource else { continue };
        if path.with_folders().any(|folder| links.contains(folder)) {
            *resource = Resource::Files;
        }
    }
}

/// Reads `stage` from top to bottom.
pub(in crate::model) fn of_stage(model: &Model<'_, '_>, stage: &Stage) -> EffectsOf {
    let mut state = base_state(model, stage);
    let mut inherited = state.links.clone();
    let is_bare = model.root(stage).is_bare();
    let escape = model.file.escape;
    let steps = model.steps(stage);
    let mut triggers = Vec::new();
    let mut effects = Vec::with_capacity(steps.len());
    let mut reads_argument = Vec::with_capacity(steps.len());
    let first = model.triggers(stage).map(|(_, trigger)| (trigger, true));
    for (step, is_trigger) in first.chain(steps.iter().map(|step| (step, false))) {
        let mut of_step = Effects::default();
        let mut configured = false;
        Reader { step, state: &state, escape, effects: &mut of_step, configured: &mut configured }.read();
        made(&mut of_step, is_bare);
        resolve(&mut of_step.reads, &state.links);
        resolve(&mut of_step.writes, &state.links);
        of_step.links.iter().for_each(|link| state.links.insert_mut(link.clone()));
        of_step.lasting.iter().for_each(|place| state.note_path(place.clone()));
        if is_trigger {
            of_step.links.iter().for_each(|link| inherited.insert_mut(link.clone()));
            triggers.push(of_step);
        } else {
            let reads = |r: &Resource| matches!(r, Resource::Variable(name) if state.is_build_argument(name));
            reads_argument.push(of_step.reads.iter().any(reads));
            effects.push(of_step);
        }
        state.advance(step, escape);
        state.moves_installs |= configured;
    }
    let links =
        (1..).zip(&effects).flat_map(|(behind, of_step)| of_step.links.iter().map(move |link| (behind, link.clone())));
    let links = links.collect();
    EffectsOf { triggers, effects, reads_argument, end: state, inherited, links }
}

/// Adds the folders above what a step writes that a bare image may lack, and the one that Alpine lacks.
fn made(effects: &mut Effects, is_bare: bool) {
    let path = |r: &Resource| if let Resource::Path(path) = r { Some(path.clone()) } else { None };
    if effects.writes.iter().any(|r| matches!(r, Resource::Path(path) if path.as_str().starts_with("/usr/src/"))) {
        AbsolutePath::new("/usr/src").into_iter().for_each(|folder| effects.write(Resource::Made(folder)));
    }
    if !is_bare {
        return;
    }
    for written in effects.writes.iter().filter_map(path).collect::<Vec<_>>() {
        written.folders_of_bare_images().for_each(|folder| effects.write(Resource::Made(folder)));
    }
}

/// Of these, one stands in each RUN that leaves links or settings.
const LEAVING: [&str; 8] = ["ln", "etc", "config", "root", "home", "HOME", "~/", ".pth"];

/// Where the settings lead that `step`, a COPY or ADD, brings to `place`.
fn brought(step: &Instruction<'_>, place: &AbsolutePath, state: &State) -> Vec<Resource> {
    let place_holds = leads::holds_settings(place, state);
    let is_folder = || {
        let ends = step.destination().is_some_and(|to| to.text.ends_with(['/', '.']));
        ends || matches!(place.as_str(), "/etc" | "/root")
    };
    let brings = |source: &str| {
        let name = source.trim_matches('"').rsplit('/').next().unwrap_or_default();
        if !place_holds && !leads::is_name_of_settings(name) {
            return false;
        }
        // ADD unpacks an archive; nobody knows what is behind an address.
        let is_unpacked = step.keyword == Keyword::Add && (is_archive_name(name) || is_remote(source));
        match join(Some(place), name).filter(|_| is_name_of_file(name) && !is_unpacked) {
            // It keeps its name if the place is a folder.
            Some(path) => leads::holds_settings(&path, state) || !is_folder() && place_holds,
            None => place_holds,
        }
    };
    let is_text = !step.heredocs.is_empty() && place_holds;
    if !is_text && !step.sources().iter().any(|source| brings(&source.text)) {
        return Vec::new();
    }
    if step.heredocs.is_empty() || step.heredocs.len() < step.sources().len() {
        // Nobody looks into the files.
        return vec![Resource::Files];
    }
    step.heredocs.iter().flat_map(|heredoc| leads::places(heredoc.content, state)).collect()
}

/// Whether a source is rather a file than a folder, by its name.
fn is_name_of_file(name: &str) -> bool {
    name.trim_start_matches('.').contains('.') && !name.ends_with(".d") && !name.contains(['*', '?', '[', '$'])
}

/// What a stage inherits from the stage it starts from.
fn base_state(model: &Model<'_, '_>, stage: &Stage) -> State {
    // As far up as nobody has asked yet.
    let mut open = Vec::new();
    let mut base = &stage.base;
    let mut state = State::default();
    while let Base::Stage(index) = base {
        if let Some(known) = model.left(*index).get() {
            state = known.clone();
            break;
        }
        open.push(*index);
        base = &model.stages[*index].base;
    }
    for index in open.into_iter().rev() {
        let stage = &model.stages[index];
        for step in model.triggers(stage).map(|(_, trigger)| trigger).chain(model.steps(stage)) {
            match step.keyword {
                Keyword::Run if LEAVING.iter().any(|name| step.mentions(name)) => {
                    let effects = of_run(step, &state, model.file.escape).effects;
                    effects.links.into_iter().for_each(|link| state.links.insert_mut(link));
                    effects.lasting.into_iter().for_each(|place| state.note_path(place));
                }
                Keyword::Copy | Keyword::Add => {
                    let place = step.destination().and_then(|w| state.path(&w.text, model.file.escape));
                    let led = place.map(|place| brought(step, &place, &state)).unwrap_or_default();
                    led.into_iter().for_each(|place| state.note_path(place));
                }
                _ => {}
            }
            state.advance(step, model.file.escape);
            // Its commands are not read again here.
            state.moves_installs |= step.keyword == Keyword::Run && step.joined().contains("config");
        }
        state.leave_stage();
        state = model.left(index).get_or_init(|| state).clone();
    }
    state
}

struct Reader<'r, 'a> {
    step: &'r Instruction<'a>,
    state: &'r State,
    escape: char,
    effects: &'r mut Effects,
    /// Whether a RUN changes where package managers install.
    configured: &'r mut bool,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        use Resource as R;
        let step = self.step;
        match step.keyword {
            Keyword::Env => {
                self.effects.write(R::EnvironmentOrder);
                // One ENV may have thousands.
                let mut names: BTreeSet<&str> = BTreeSet::new();
                for pair in step.pairs() {
                    if names.insert(&pair.key.text) {
                        self.sets(&pair.key.text);
                    }
                    self.expands(&pair.value.text);
                }
            }
            Keyword::Arg => {
                let mut names: BTreeSet<&str> = BTreeSet::new();
                for arg in step.args() {
                    if names.insert(&arg.name.text) {
                        self.sets(&arg.name.text);
                    }
                    if let Some(value) = &arg.value {
                        self.expands(&value.text);
                    }
                }
            }
            Keyword::Label => {
                self.effects.write(R::Labels);
                step.pairs().iter().for_each(|p| {
                    self.expands(&p.key.text);
                    self.expands(&p.value.text);
                });
            }
            Keyword::Expose => self.words(R::Ports),
            Keyword::Volume => self.volume(),
            Keyword::Stopsignal => self.single(R::StopSignal),
            Keyword::User => self.single(R::User),
            Keyword::Maintainer => self.single(R::Author),
            Keyword::Workdir => self.workdir(),
            Keyword::Shell => self.effects.write(R::Shell),
            Keyword::Cmd => {
                self.effects.write(R::Cmd);
                self.form();
            }
            Keyword::Entrypoint => {
                self.effects.write(R::Entrypoint);
                self.effects.write(R::Cmd);
                self.form();
            }
            Keyword::Healthcheck => {
                self.effects.write(R::Healthcheck);
                self.form();
            }
            Keyword::Onbuild => self.effects.write(R::Triggers),
            Keyword::Copy | Keyword::Add => self.transfer(),
            Keyword::Run => {
                let run = of_run(step, self.state, self.escape);
                (*self.effects, *self.configured) = (run.effects, run.configured);
            }
            Keyword::From | Keyword::Unknown => *self.effects = Effects::unknown(),
        }
    }

    /// Reads the variables that the builder replaces in `text`.
    fn expands(&mut self, text: &str) {
        if !text.contains('$') {
            return;
        }
        let Ok(parts) = lex(text, self.escape) else {
            *self.effects = Effects::unknown();
            return;
        };
        let mut found = Vec::new();
        variables(&parts, &mut found);
        for variable in found {
            self.effects.read(Resource::Variable(text[variable.name.clone()].to_owned()));
        }
    }

    /// Writes the variable `name`, for the first time. The builder expands names too: one with quotes may be any.
    fn sets(&mut self, name: &str) {
        if name.contains(['$', '"', '\'', self.escape]) {
            self.effects.write(Resource::Environment);
        } else {
            self.effects.writes.push(Resource::Variable(name.to_owned()));
        }
    }

    fn single(&mut self, written: Resource) {
        self.effects.write(written);
        if let Some(word) = self.step.single() {
            self.expands(&word.text);
        }
    }

    fn words(&mut self, written: Resource) {
        self.effects.write(written);
        self.step.words().iter().for_each(|w| self.expands(&w.text));
    }

    /// A shell form is completed by the shell that SHELL names.
    fn form(&mut self) {
        if matches!(self.step.command(), Some(Form::Shell { .. })) {
            self.effects.read(Resource::Shell);
        }
    }

    /// WORKDIR makes the folder, owned by the user in force (BuildKit).
    fn workdir(&mut self) {
        self.effects.write(Resource::WorkingDirectory);
        self.effects.read(Resource::User);
        // A name is looked up in the image, and the base image may have set one.
        if !self.state.user.as_deref().is_some_and(|u| u == "root" || u.bytes().all(|b| b.is_ascii_digit())) {
            self.accounts();
        }
        let Some(word) = self.step.single() else { return };
        self.expands(&word.text);
        let path = self.state.path(&word.text, self.escape);
        if !word.text.starts_with('/') {
            self.effects.read(Resource::WorkingDirectory);
        }
        self.effects.write_path(path);
    }

    fn accounts(&mut self) {
        for file in ["/etc/passwd", "/etc/group"] {
            self.effects.read_path(super::AbsolutePath::new(file));
        }
    }

    /// The classic builder drops what later steps write below a volume.
    fn volume(&mut self) {
        self.words(Resource::Volumes);
        for word in self.step.words() {
            self.effects.write_path(self.state.path(&word.text, self.escape));
        }
    }

    fn transfer(&mut self) {
        let step = self.step;
        for word in step.words() {
            self.expands(&word.text);
        }
        for flag in &step.flags {
            self.expands(&flag.text);
            // A name is looked up in the image; a number is not.
            if flag.name() == "chown"
                && flag.value().is_some_and(|v| v.contains(|c: char| !c.is_ascii_digit() && c != ':'))
            {
                self.accounts();
            }
        }
        for heredoc in step.heredocs.iter().filter(|h| h.expand) {
            self.expands(heredoc.content);
        }
        // An archive or a repository is not looked at by name; its owner may come from within.
        if step.keyword == Keyword::Add && step.sources().iter().any(|w| is_remote(&w.text)) {
            self.effects.read(Resource::Environment);
        }
        match step.destination() {
            Some(word) => {
                if !word.text.starts_with('/') {
                    self.effects.read(Resource::WorkingDirectory);
                }
                let place = self.state.path(&word.text, self.escape);
                if let Some(place) = &place {
                    self.effects.lasting = brought(step, place, self.state);
                }
                self.effects.write_path(place);
            }
            None => *self.effects = Effects::unknown(),
        }
    }
}
