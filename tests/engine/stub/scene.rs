//! What a Dockerfile needs around it to be built: files of the context, files of its stages, users, and
//! values of arguments. Read by walking the file with every variable known.

use layerwise::model::{AbsolutePath, Base, Model, Stage, Value, expand, is_remote};
use layerwise::syntax::{Form, Instruction, Keyword, Word, mount_fields, parse};
use std::collections::{BTreeMap, BTreeSet};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
}

/// Paths and what stands there.
pub type Paths = BTreeMap<String, Kind>;

/// What has to be there to build a file.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// Paths below the context.
    pub context: Paths,
    /// The paths that other stages take from the stage of this number.
    pub taken: BTreeMap<usize, Paths>,
    pub users: BTreeSet<String>,
    pub groups: BTreeSet<String>,
    /// Values for the arguments that have none.
    pub given: BTreeMap<String, String>,
}

/// Arguments that the builder sets itself.
const AUTOMATIC: &[(&str, &str)] = &[
    ("TARGETPLATFORM", "linux/amd64"),
    ("TARGETOS", "linux"),
    ("TARGETARCH", "amd64"),
    ("TARGETVARIANT", ""),
    ("TARGETSTAGE", ""),
    ("BUILDPLATFORM", "linux/amd64"),
    ("BUILDOS", "linux"),
    ("BUILDARCH", "amd64"),
    ("BUILDVARIANT", ""),
];

/// Names without an extension that are those of files.
const FILES: &[&str] = &[
    "Brewfile",
    "CHANGELOG",
    "Caddyfile",
    "Dockerfile",
    "Gemfile",
    "Jenkinsfile",
    "LICENSE",
    "Makefile",
    "Pipfile",
    "Procfile",
    "README",
    "Rakefile",
    "VERSION",
    "configure",
    "crontab",
    "entrypoint",
    "gradlew",
    "mvnw",
];

impl Scene {
    /// What `text` needs.
    pub fn of(text: &str) -> Self {
        let file = parse(text);
        let model = Model::new(&file);
        let mut scene = Self { given: given(&model), ..Self::default() };
        let mut walk = Walk { model: &model, scene: &mut scene, env: Vec::new(), globals: BTreeMap::new() };
        walk.globals();
        model.stages.iter().for_each(|stage| walk.stage(stage));
        scene
    }

    /// The same with what the builder misses, or with a folder wherever a file stood in the way of one.
    pub fn mended(&self, error: &str) -> Option<Self> {
        let mut scene = self.clone();
        if error.contains("not a directory") || error.contains("non-directory") {
            let taken = scene.taken.values_mut().flat_map(BTreeMap::values_mut);
            let files: Vec<&mut Kind> = scene.context.values_mut().chain(taken).filter(|k| **k == Kind::File).collect();
            let some = !files.is_empty();
            files.into_iter().for_each(|kind| *kind = Kind::Folder);
            return some.then_some(scene);
        }
        let path = error.strip_suffix("\": not found")?.rsplit('"').next()?.trim_start_matches('/');
        scene.context.insert(path.to_owned(), Kind::Folder).is_none().then_some(scene)
    }
}

/// A value for each argument that no one gives one.
fn given(model: &Model<'_, '_>) -> BTreeMap<String, String> {
    let all = &model.file.instructions;
    let globals = &all[model.fragment.clone()];
    let has_default =
        |name: &str| globals.iter().flat_map(|i| i.args()).any(|a| a.name.text == name && a.value.is_some());
    let needy = |name: &str| !has_default(name) && !AUTOMATIC.iter().any(|(n, _)| *n == name);
    let names = all.iter().flat_map(|i| i.args()).filter(|a| a.value.is_none()).map(|a| a.name.text.to_string());
    names.filter(|name| needy(name)).map(|name| (name.clone(), value_for(&name))).collect()
}

/// A value that can stand where such a name is used.
fn value_for(name: &str) -> String {
    let name = name.to_uppercase();
    let has = |part: &str| name.contains(part);
    match () {
        () if has("PORT") => "8080".into(),
        () if has("UID") || has("GID") || name.ends_with("_ID") => "1000".into(),
        () if has("MODE") => "755".into(),
        () => format!("stub-{}", name.to_lowercase().replace('_', "-")),
    }
}

struct Walk<'w> {
    model: &'w Model<'w, 'w>,
    scene: &'w mut Scene,
    /// The variables that each stage ends with.
    env: Vec<BTreeMap<String, String>>,
    globals: BTreeMap<String, String>,
}

/// The variables in force; ENV wins over ARG.
#[derive(Default)]
struct Variables {
    env: BTreeMap<String, String>,
    args: BTreeMap<String, String>,
}

impl Variables {
    fn expand(&self, text: &str, escape: char) -> Option<String> {
        let lookup = |name: &str| {
            let value = self.env.get(name).or_else(|| self.args.get(name));
            value.map_or(Value::Unset, |v| Value::Known(v.clone()))
        };
        expand(text, escape, &lookup).known()
    }
}

impl Walk<'_> {
    fn escape(&self) -> char {
        self.model.file.escape
    }

    fn globals(&mut self) {
        let mut known = Variables::default();
        known.args.extend(AUTOMATIC.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        for step in &self.model.file.instructions[self.model.fragment.clone()] {
            self.args(step, &mut known);
        }
        self.globals = known.args;
    }

    fn args(&self, step: &Instruction<'_>, known: &mut Variables) {
        for arg in step.args() {
            let name = arg.name.text.to_string();
            let value = match (self.scene.given.get(&name), &arg.value) {
                (Some(given), _) => Some(given.clone()),
                (None, Some(default)) => known.expand(&default.text, self.escape()),
                (None, None) => self.globals.get(&name).cloned(),
            };
            known.args.extend(value.map(|value| (name, value)));
        }
    }

    fn stage(&mut self, stage: &Stage) {
        let mut known = Variables::default();
        if let Base::Stage(index) = stage.base {
            known.env = self.env[index].clone();
        }
        for step in self.model.steps(stage) {
            self.step(stage, step, &mut known);
        }
        self.env.push(known.env);
    }

    fn step(&mut self, stage: &Stage, step: &Instruction<'_>, known: &mut Variables) {
        match step.keyword {
            Keyword::Arg => self.args(step, known),
            Keyword::Env => {
                let value = |p: &layerwise::syntax::Pair<'_>| {
                    Some((p.key.text.to_string(), known.expand(&p.value.text, self.escape())?))
                };
                let values: Vec<_> = step.pairs().iter().filter_map(value).collect();
                known.env.extend(values);
            }
            Keyword::User => {
                if let Some(user) = step.single().and_then(|w| known.expand(&w.text, self.escape())) {
                    self.account(&user);
                }
            }
            Keyword::Copy | Keyword::Add => self.transfer(stage, step, known),
            Keyword::Run => self.run(stage, step, known),
            Keyword::Onbuild => {
                if let Some(trigger) = step.trigger() {
                    self.step(stage, trigger, &mut Variables { env: known.env.clone(), args: known.args.clone() });
                }
            }
            _ => {}
        }
    }

    /// `user:group`.
    fn account(&mut self, text: &str) {
        let (user, group) = text.split_once(':').unwrap_or((text, ""));
        let name = |n: &str| !n.is_empty() && !n.bytes().all(|b| b.is_ascii_digit()) && !n.contains([':', '\n']);
        self.scene.users.extend(name(user).then(|| user.to_owned()));
        self.scene.groups.extend(name(group).then(|| group.to_owned()));
    }

    fn transfer(&mut self, stage: &Stage, step: &Instruction<'_>, known: &Variables) {
        let escape = self.escape();
        if let Some(owner) = step.flag("chown").and_then(|f| known.expand(f.value()?, escape)) {
            self.account(&owner);
        }
        let from = step.flag("from").and_then(|f| f.value()).and_then(|f| self.model.find(f, stage.index));
        for word in step.sources() {
            if step.heredocs.iter().any(|h| h.span == word.span) {
                continue;
            }
            let text = local(word, step, known, escape).unwrap_or_else(|| word.text.to_string());
            let Some(path) = known.expand(&text, escape) else { continue };
            match from {
                Some(from) => self.taken(from.index, &path),
                None => self.needed(&path),
            }
        }
    }

    fn run(&mut self, stage: &Stage, step: &Instruction<'_>, known: &Variables) {
        for fields in step.flags.iter().filter(|f| f.name() == "mount").filter_map(|f| mount_fields(f.value()?)) {
            let get = |keys: &[&str]| {
                let field = fields.iter().find(|f| keys.contains(&&*f.key.to_lowercase()))?;
                known.expand(field.value.as_deref().unwrap_or_default(), self.escape())
            };
            let kind = get(&["type"]).unwrap_or_else(|| "bind".into());
            let (Some(source), "bind" | "cache") = (get(&["source", "src"]), kind.as_str()) else { continue };
            match get(&["from"]) {
                Some(from) => match self.model.find(&from, stage.index) {
                    Some(from) => self.taken(from.index, &source),
                    None => self.needed(&source),
                },
                None if kind == "bind" => self.needed(&source),
                None => {}
            }
        }
        // What it names may come with a COPY of the whole context.
        mentioned(step.joined()).filter(|name| !name.starts_with('/')).take(20).for_each(|name| self.needed(name));
    }

    fn needed(&mut self, path: &str) {
        if let Some((path, kind)) = self.place(path) {
            self.scene.context.entry(path[1..].to_owned()).or_insert(kind);
        }
    }

    fn taken(&mut self, stage: usize, path: &str) {
        if let Some((path, kind)) = self.place(path) {
            self.scene.taken.entry(stage).or_default().entry(path).or_insert(kind);
        }
    }

    /// A path that the pattern `path` matches, and what should stand there.
    fn place(&self, path: &str) -> Option<(String, Kind)> {
        let name = without_pattern(path);
        let clean = AbsolutePath::new(&format!("/{name}"))?;
        let clean = clean.as_str();
        let first = clean.split('/').nth(1).unwrap_or_default();
        if matches!(first, "" | "proc" | "sys" | "dev" | "stub") || clean.contains(['"', '\\', '$', '\n']) {
            return None;
        }
        let last = clean.rsplit('/').next().unwrap_or_default();
        let below = format!("{}/", &clean[1..]);
        let folder = path.ends_with(['/', '.']) || self.model.file.text.contains(&below);
        let file = last.contains('.') || FILES.contains(&last);
        Some((clean.to_owned(), if folder || !file { Kind::Folder } else { Kind::File }))
    }
}

/// The words of `text` that look like names of files.
pub fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "._/-+".contains(c)));
    words.map(|w| w.strip_prefix("./").unwrap_or(w)).filter(|word| {
        let name = word.rsplit('/').next().unwrap_or_default();
        let extension =
            name.rsplit_once('.').is_some_and(|(stem, e)| !stem.is_empty() && e.starts_with(char::is_alphabetic));
        extension && !word.contains("//") && !word.starts_with('-') && !word.contains("..")
    })
}

/// A source that ADD would fetch, as one of the context; the variables stay in it where they can.
pub fn local_source(word: &str) -> Option<String> {
    if !is_remote(word) {
        return None;
    }
    let quotes: &[char] = &['"', '\''];
    let mut out = String::from("web/");
    let mut depth = 0_usize;
    for c in word.trim_matches(quotes).chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        out.push(if depth == 0 && !(c.is_alphanumeric() || "$_-.}".contains(c)) { '_' } else { c });
    }
    Some(out)
}

fn local(word: &Word<'_>, step: &Instruction<'_>, known: &Variables, escape: char) -> Option<String> {
    if step.keyword != Keyword::Add {
        return None;
    }
    local_source(&word.text).or_else(|| {
        let whole = known.expand(&word.text, escape)?;
        is_remote(&whole).then(|| local_source(&whole)).flatten()
    })
}

fn without_pattern(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path.chars();
    while let Some(c) = rest.next() {
        match c {
            '*' if out.ends_with("any") => {}
            '*' => out.push_str("any"),
            '?' => out.push('x'),
            '[' => {
                let class: String = rest.by_ref().take_while(|c| *c != ']').collect();
                out.push(class.chars().next().unwrap_or('x'));
            }
            c => out.push(c),
        }
    }
    out
}

/// What the table of effects knows of the RUN steps of a file, by their text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Knowledge {
    /// Whether it knows what the step reads and writes.
    pub known: bool,
    /// Whether the step looks at the folder it runs in.
    pub looks_around: bool,
}

/// Adds the RUN steps of `text` to `all`; the stricter one counts for steps of one text.
pub fn knowledge(text: &str, all: &mut BTreeMap<String, Knowledge>) {
    use layerwise::model::effects::Resource;
    let file = parse(text);
    let model = Model::new(&file);
    for stage in &model.stages {
        let effects = &model.effects(stage).effects;
        for (step, effects) in model.steps(stage).iter().zip(effects).filter(|(s, _)| s.keyword == Keyword::Run) {
            let known = !effects.is_unknown();
            let looks_around = effects.reads.iter().any(|r| r.overlaps(&Resource::WorkingDirectory));
            let entry = all.entry(command_text(step)).or_insert(Knowledge { known: true, looks_around: false });
            entry.known &= known;
            entry.looks_around |= looks_around;
        }
    }
}

/// The text that the shell is given, or the words of the exec form, a line each.
pub fn command_text(step: &Instruction<'_>) -> String {
    match step.command() {
        Some(Form::Exec(words)) => words.iter().map(|w| w.text.as_ref()).collect::<Vec<_>>().join("\n"),
        Some(Form::Shell { range, .. }) => {
            let line = step.logical.text()[range.clone()].trim();
            match &step.heredocs[..] {
                [only] if line == only.span.of(step.logical.source()) => only.content.to_owned(),
                heredocs => heredocs.iter().fold(line.to_owned(), |mut text, h| {
                    text.push('\n');
                    text.push_str(h.content);
                    text.push_str(&h.name);
                    text
                }),
            }
        }
        _ => String::new(),
    }
}
