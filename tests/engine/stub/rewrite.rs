//! A Dockerfile made buildable: stub images instead of its own, the recorder instead of its commands.

use super::scene::{Kind, Scene, local_source};
use layerwise::model::{Base, Model, Stage, is_remote};
use layerwise::source::Span;
use layerwise::syntax::{Flag, Form, Instruction, Keyword, mount_fields, parse};
use std::fmt::Write;
use std::ops::Range;

/// A file that can be built.
pub struct Stub {
    pub text: String,
    /// The name of each stage of the original.
    pub stages: Vec<String>,
}

/// The stage whose files are the results.
pub const RESULTS: &str = "stub-results";

/// Makes `text` buildable in `scene`, with all stages from `image`.
///
/// # Errors
/// Why it can't be done.
pub fn stub(text: &str, scene: &Scene, image: &str) -> Result<Stub, String> {
    let file = parse(text);
    if let Some(error) = file.errors.first() {
        return Err(format!("BuildKit refuses it: {:?}", error.kind));
    }
    let model = Model::new(&file);
    if model.stages.is_empty() {
        return Err("no stage".into());
    }
    let mut rewriting = Rewriting { model: &model, scene, image, edits: Vec::new() };
    rewriting.directives();
    let mut stages = Vec::new();
    for stage in &model.stages {
        let name = rewriting.stage(stage);
        if stages.contains(&name) {
            return Err("two stages of one name".into());
        }
        stages.push(name);
    }
    let Rewriting { mut edits, .. } = rewriting;
    if let Some(last) = file.instructions.last().filter(|i| i.unfinished) {
        // What is put below must not become a part of it.
        let end = text[..last.span.end as usize].trim_end().trim_end_matches(file.escape).len();
        edits.push((end..text.len(), "\n".into()));
    }
    let mut text = apply(text, edits);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    write!(text, "FROM {image} AS stub-collector\nRUN --network=none").unwrap();
    for (number, name) in stages.iter().enumerate() {
        write!(text, " --mount=type=bind,from={name},target=/stages/{number}").unwrap();
    }
    write!(text, " [\"/stub/collector\"]\nFROM scratch AS {RESULTS}\nCOPY --from=stub-collector /out /\n").unwrap();
    Ok(Stub { text, stages })
}

fn apply(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = String::new();
    let mut at = 0;
    for (range, new) in edits {
        assert!(range.start >= at, "two edits overlap");
        out.push_str(&text[at..range.start]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

struct Rewriting<'r> {
    model: &'r Model<'r, 'r>,
    scene: &'r Scene,
    image: &'r str,
    edits: Vec<(Range<usize>, String)>,
}

impl Rewriting<'_> {
    fn replace(&mut self, span: Span, new: impl Into<String>) {
        self.edits.push((span.range(), new.into()));
    }

    fn insert(&mut self, at: u32, new: impl Into<String>) {
        self.replace(Span::empty(at), new);
    }

    /// The frontend that `# syntax=` names can't be fetched.
    fn directives(&mut self) {
        for directive in self.model.file.directives.iter().filter(|d| d.name.eq_ignore_ascii_case("syntax")) {
            self.replace(directive.span, "");
        }
    }

    /// Rewrites a stage and gives the name of it.
    fn stage(&mut self, stage: &Stage) -> String {
        let from = &self.model.file.instructions[stage.from];
        from.flags.iter().for_each(|f| self.replace(f.span, ""));
        let base = from.words()[0].span;
        if !matches!(stage.base, Base::Stage(_)) {
            self.replace(base, self.image);
        }
        let own = format!("stub-{}", stage.index);
        let written = from.stage_name();
        let mut name = stage.name.clone().unwrap_or_else(|| own.clone());
        if written.is_none() {
            self.insert(base.end, format!(" AS {own}"));
        }
        if self.scene.taken.contains_key(&stage.index) {
            let mut added = String::new();
            if self.has_own_supply(stage) {
                // References, as they are written, must find the stage that has what they take.
                let after = written.map_or_else(|| format!("{own}-supplied"), |w| w.text.to_string());
                if let Some(word) = written {
                    self.replace(word.span, own.clone());
                }
                writeln!(added, "FROM {own} AS {after}").unwrap();
                name = own;
            }
            added.push_str(&self.supply(stage));
            self.append(stage, &added);
        }
        for step in self.model.steps(stage) {
            self.step(stage, step);
        }
        name
    }

    /// Whether what other stages take comes in a stage of its own: one with triggers would run them there.
    fn has_own_supply(&self, stage: &Stage) -> bool {
        let onbuild = self.model.steps(stage).iter().any(|s| s.keyword == Keyword::Onbuild);
        self.scene.taken.contains_key(&stage.index) && !onbuild
    }

    /// Puts lines at the end of a stage.
    fn append(&mut self, stage: &Stage, lines: &str) {
        match self.model.file.instructions.get(stage.steps.end) {
            Some(next) => self.insert(next.lines.start, lines),
            None => {
                let end = self.model.file.text.len() as u32;
                self.insert(end, format!("\n{lines}"));
            }
        }
    }

    /// Copies what other stages take from `stage`; the deepest paths come first, so that what stands
    /// above them is a folder.
    fn supply(&self, stage: &Stage) -> String {
        let mut paths: Vec<_> = self.scene.taken[&stage.index].iter().collect();
        paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.matches('/').count()));
        let mut lines = String::new();
        for (path, kind) in paths {
            let source = if *kind == Kind::File { "taken/file" } else { "taken/folder" };
            writeln!(lines, "COPY [\"{source}\", \"{path}\"]").unwrap();
        }
        lines
    }

    /// The number that stage `index` has once the supplies are stages, too.
    fn number(&self, index: usize) -> usize {
        let before = self.model.stages[..=index].iter().filter(|s| self.has_own_supply(s)).count();
        index + before
    }

    /// A reference as it is to be: none for what is no stage.
    fn reference(&self, from: &str, stage: &Stage) -> Option<String> {
        let found = self.model.find(from, stage.index)?;
        let number = from.parse::<usize>().is_ok() && found.name.as_deref() != Some(from);
        Some(if number { self.number(found.index).to_string() } else { from.to_owned() })
    }

    fn step(&mut self, stage: &Stage, step: &Instruction<'_>) {
        match step.keyword {
            Keyword::Run => self.run(stage, step),
            Keyword::Shell => self.prefix(step),
            Keyword::Copy | Keyword::Add => self.transfer(stage, step),
            Keyword::Onbuild => {
                if let Some(trigger) = step.trigger() {
                    self.step(stage, trigger);
                }
            }
            _ => {}
        }
    }

    /// Has the recorder run what the words of a JSON array name.
    fn prefix(&mut self, step: &Instruction<'_>) {
        if let Some(Form::Exec(words)) = step.command()
            && let Some(first) = words.first()
            && let Some(bracket) = self.model.file.text[..first.span.start as usize].rfind('[')
        {
            self.insert(bracket as u32 + 1, "\"/stub/recorder\", ");
        }
    }

    fn run(&mut self, stage: &Stage, step: &Instruction<'_>) {
        // An engine without a bridge has no network to offer, and the recorder needs none.
        self.insert(step.keyword_span.end, " --network=none");
        for flag in &step.flags {
            match flag.name() {
                "mount" => {
                    let new = self.mount(flag, stage);
                    self.replace(flag.span, new);
                }
                _ => self.replace(flag.span, ""),
            }
        }
        self.prefix(step);
    }

    fn mount(&self, flag: &Flag<'_>, stage: &Stage) -> String {
        let Some(fields) = flag.value().and_then(mount_fields) else { return flag.text.to_string() };
        let is = |kind: &str| fields.iter().any(|f| f.key == "type" && f.value.as_deref() == Some(kind));
        if is("ssh") {
            return String::new();
        }
        let mut kept = Vec::new();
        for field in &fields {
            let value = field.value.as_deref().unwrap_or_default();
            match field.key.to_lowercase().as_str() {
                "required" | "env" => {}
                "from" => kept.extend(self.reference(value, stage).map(|r| format!("from={r}"))),
                key => kept.push(field.value.as_ref().map_or_else(|| key.to_owned(), |v| format!("{key}={v}"))),
            }
        }
        format!("--mount={}", kept.join(","))
    }

    fn transfer(&mut self, stage: &Stage, step: &Instruction<'_>) {
        for flag in &step.flags {
            match (flag.name(), flag.value()) {
                ("from", Some(value)) => {
                    let new = self.reference(value, stage).map(|r| format!("--from={r}")).unwrap_or_default();
                    self.replace(flag.span, new);
                }
                ("checksum" | "keep-git-dir" | "parents" | "exclude" | "platform" | "unpack", _) => {
                    self.replace(flag.span, "")
                }
                _ => {}
            }
        }
        if step.keyword == Keyword::Add {
            for word in step.sources() {
                if let Some(new) = local_source(&word.text) {
                    let json = self.model.file.text[word.span.range()].starts_with('"') && is_remote(&word.text);
                    self.replace(word.span, if json { format!("\"{new}\"") } else { new });
                }
            }
        }
    }
}
