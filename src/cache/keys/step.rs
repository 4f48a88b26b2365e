//! What goes into the key of one step, as far as the files of the context don't say it.

use super::input::{Name, Part};
use super::variables::Variables;
use crate::builder::Builder;
use crate::context::{Selection, digest};
use crate::model::effects::Resource;
use crate::model::{AbsolutePath, Expanded, Model, Value, expand};
use crate::source::Span;
use crate::syntax::{Form, Heredoc, Instruction, Keyword, mount_fields};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// Finds an earlier stage that is built.
pub(super) type Find<'f> = &'f dyn Fn(&str) -> Option<usize>;

/// The state of the builder while it goes through a stage.
#[derive(Clone)]
pub(super) struct Walker<'b> {
    /// The values of `--build-arg`, by name.
    arguments: &'b [(String, String)],
    builder: Builder,
    escape: char,
    variables: Variables,
    workdir: String,
    /// The same as a command gets it from BuildKit: an absolute path as it is written.
    spelled: String,
    user: String,
    shell: Vec<String>,
}

impl<'b> Walker<'b> {
    pub(super) fn new(arguments: &'b [(String, String)], builder: Builder, escape: char) -> Self {
        let shell = ["/bin/sh", "-c"].map(str::to_owned).to_vec();
        Self {
            arguments,
            builder,
            escape,
            variables: Variables::new(builder),
            workdir: "/".to_owned(),
            spelled: "/".to_owned(),
            user: String::new(),
            shell,
        }
    }

    /// The start of a stage that goes on from this one.
    pub(super) fn child(mut self) -> Self {
        self.variables.leave_stage();
        self
    }

    /// `text` with the ARGs above the first FROM put in.
    pub(super) fn global(&self, model: &Model<'_, '_>, text: &str) -> String {
        let lookup = |name: &str| {
            let given = self.arguments.iter().find(|(n, _)| n == name).map(|(_, v)| Value::Known(v.clone()));
            let default = || model.globals.get(name).cloned();
            given.or_else(default).unwrap_or(Value::Unset)
        };
        expand(text, self.escape, &lookup).known().unwrap_or_else(|| text.to_owned())
    }

    /// `text` with the variables put in. One that only the base image may know becomes a symbol; where
    /// `text` says what holds without it, that holds.
    fn expand(&self, text: &str) -> String {
        let modified = OnceCell::new();
        let lookup = |name: &str| match self.variables.get(name) {
            Some(value) => Value::Known(value.to_owned()),
            None if modified.get_or_init(|| with_modifier(text)).contains(name) => Value::Unset,
            None => Value::Known(format!("\u{1}{name}\u{1}")),
        };
        match expand(text, self.escape, &lookup) {
            Expanded::Known(text) => text,
            _ => format!("{text}{:?}", self.variables.scope().digests()),
        }
    }

    fn absolute(&self, path: &str) -> String {
        let folder = path.ends_with('/') || path.ends_with("/.") || path == "." || path.ends_with("..");
        let joined = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.workdir) };
        let clean = AbsolutePath::new(&joined).map_or(joined, |p| p.as_str().to_owned());
        if folder && clean != "/" { clean + "/" } else { clean }
    }

    /// Goes past `i`; gives what goes into its key if the builder has a step for it.
    pub(super) fn step(&mut self, i: &Instruction<'_>, find: Find<'_>, model: &Model<'_, '_>) -> Option<Vec<Part>> {
        // What the line says is read in the state above it.
        let parts = match i.keyword {
            Keyword::Run => Some(self.run(i, find)),
            Keyword::Copy | Keyword::Add => Some(self.transfer(i, find)),
            Keyword::Workdir => Some(vec![known("its path", &self.folder(i))]),
            _ => None,
        };
        let chain = self.builder != Builder::Buildkit;
        let text = chain.then(|| self.line(i));
        self.advance(i, model);
        let is_step = match i.keyword {
            Keyword::Workdir => self.workdir != "/",
            _ => parts.is_some(),
        };
        if !chain && !is_step {
            return None;
        }
        let mut parts = parts.unwrap_or_default();
        if !(i.keyword == Keyword::Run && self.builder == Builder::Classic) {
            parts.extend(text.map(|text| known("its text", &text)));
        }
        if i.keyword == Keyword::Workdir && !chain {
            parts.push(known("USER", &self.user));
        }
        Some(parts)
    }

    /// Stands for what a command gets besides what is in its own key: in a chain, that stands in the lines above.
    pub(super) fn around(&self) -> u128 {
        digest(&(self.variables.scope().digests().environment, &self.user, &self.workdir))
    }

    fn folder(&self, i: &Instruction<'_>) -> String {
        let folder = self.absolute(&self.expand(i.single().map_or("", |w| &w.text)));
        if folder == "/" { folder } else { folder.trim_end_matches('/').to_owned() }
    }

    fn run(&self, i: &Instruction<'_>, find: Find<'_>) -> Vec<Part> {
        let bodies: Vec<&str> = i.heredocs.iter().map(|h| h.content).collect();
        let scope = self.variables.scope();
        let mut parts = vec![
            known("its command", &self.command(i)),
            known("its here-document", &bodies),
            Part::Known(Name::Variables(scope.clone()), scope.digests().key),
        ];
        if self.builder != Builder::Buildkit {
            return parts;
        }
        parts.push(known("USER", &self.user));
        parts.push(known("WORKDIR", &self.spelled));
        for flag in &i.flags {
            parts.push(Part::Known(Name::quoted(&flag.text), digest(&flag.text)));
            let fields = flag.value().filter(|_| flag.name() == "mount").and_then(mount_fields).unwrap_or_default();
            let get = |keys: &[&str]| fields.iter().find(|f| keys.contains(&f.key)).and_then(|f| f.value.as_deref());
            if get(&["type"]).unwrap_or("bind") == "bind" {
                let source = get(&["source", "src"]).unwrap_or("").to_owned();
                parts.push(files(get(&["from"]), source, &Arc::default(), find));
            }
        }
        parts
    }

    fn command(&self, i: &Instruction<'_>) -> Vec<String> {
        match i.command() {
            Some(Form::Exec(words)) => words.iter().map(|w| w.text.to_string()).collect(),
            Some(Form::Shell { range, .. }) => {
                let text = i.logical.text()[range.clone()].to_owned();
                self.shell.iter().cloned().chain([text]).collect()
            }
            _ => self.shell.clone(),
        }
    }

    fn transfer(&self, i: &Instruction<'_>, find: Find<'_>) -> Vec<Part> {
        let to = i.destination().map_or_else(String::new, |w| self.expand(&w.text));
        let to = if self.builder == Builder::Buildkit { self.absolute(&to) } else { to };
        let mut parts = vec![known("its destination", &to)];
        for flag in i.flags.iter().filter(|f| !matches!(f.name(), "from" | "link")) {
            parts.push(Part::Known(Name::quoted(&flag.text), digest(&self.expand(&flag.text))));
        }
        let from = i.flag("from").and_then(|f| f.value()).map(|v| self.expand(v));
        let parents = i.flag("parents").is_some_and(|f| f.value() != Some("false"));
        let excluded = i.flags.iter().filter(|f| f.name() == "exclude").filter_map(|f| f.value());
        let excluded: Vec<String> = excluded.map(|pattern| self.expand(pattern)).collect();
        let selection = Arc::new(Selection::new(parents, excluded.iter().map(String::as_str)));
        let heredocs: HashMap<Span, &Heredoc<'_>> = i.heredocs.iter().map(|h| (h.span, h)).collect();
        for word in i.sources() {
            if let Some(heredoc) = heredocs.get(&word.span) {
                let text = if heredoc.expand { self.expand(heredoc.content) } else { heredoc.content.to_owned() };
                parts.push(Part::Known(Name::quoted(&heredoc.name), digest(&(&heredoc.name, text))));
            } else {
                parts.push(files(from.as_deref(), self.expand(&word.text), &selection, find));
            }
        }
        parts
    }

    /// The line as a chain has it: expanded for the classic builder, as written for Buildah.
    fn line(&self, i: &Instruction<'_>) -> String {
        let name = i.keyword.name();
        let joined = i.joined();
        let rest = joined.get(i.keyword_text().len()..).unwrap_or_default();
        match (self.builder, i.keyword) {
            (_, Keyword::Copy | Keyword::Add) => name.to_owned(),
            (Builder::Buildah, Keyword::Arg) => {
                let names: Vec<&str> = i.args().iter().map(|a| a.name.text.as_ref()).collect();
                format!("ARG {}", names.join(" "))
            }
            (Builder::Buildah, _) => format!("{name}{rest}"),
            (_, Keyword::Env | Keyword::Label) => {
                let pair = |p: &crate::syntax::Pair<'_>| format!("{}={}", p.key.text, self.expand(&p.value.text));
                format!("{name} {:?}", i.pairs().iter().map(pair).collect::<Vec<_>>())
            }
            (_, Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell | Keyword::Healthcheck) => {
                let flags: Vec<&str> = i.flags.iter().map(|f| f.text.as_ref()).collect();
                format!("{name} {flags:?} {:?}", self.command(i))
            }
            (_, Keyword::Workdir) => format!("{name} {}", self.folder(i)),
            (_, Keyword::Arg) => format!("{name} {}", rest.trim()),
            // The image keeps what an ONBUILD holds as it is written, blanks at its end too.
            (_, Keyword::Onbuild) => format!("{name} {}", rest.trim_start()),
            _ => format!("{name} {}", self.expand(rest.trim())),
        }
    }

    fn advance(&mut self, i: &Instruction<'_>, model: &Model<'_, '_>) {
        match i.keyword {
            Keyword::Env => {
                let values: Vec<String> = i.pairs().iter().map(|p| self.expand(&p.value.text)).collect();
                for (pair, value) in i.pairs().iter().zip(values) {
                    self.variables.set_env(&pair.key.text, value);
                }
            }
            Keyword::Arg => {
                for arg in i.args() {
                    let name = arg.name.text.as_ref();
                    let given = self.arguments.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
                    let default = || arg.value.as_ref().map(|v| self.expand(&v.text));
                    let global = || model.declares(name).then(|| self.global(model, &format!("${{{name}}}")));
                    if let Some(value) = given.or_else(default).or_else(global) {
                        self.variables.set_arg(name, value);
                    }
                }
            }
            Keyword::Workdir => {
                let text = self.expand(i.single().map_or("", |w| &w.text));
                self.workdir = self.folder(i);
                self.spelled = if text.starts_with('/') { text } else { self.workdir.clone() };
            }
            Keyword::User => self.user = self.expand(i.single().map_or("", |w| &w.text)),
            Keyword::Shell => self.shell = self.command(i),
            _ => {}
        }
    }
}

/// The variables that `text` has with a modifier, like `${name:-1}`.
fn with_modifier(text: &str) -> HashSet<&str> {
    let name = |after: &str| match after.find(|c: char| !(c.is_alphanumeric() || c == '_')) {
        // `$?` and its like have one sign.
        Some(0) => after.chars().next().map_or(0, char::len_utf8),
        end => end.unwrap_or(after.len()),
    };
    let names = text.split("${").skip(1).map(|after| after.split_at(name(after)));
    names.filter(|(_, rest)| rest.starts_with([':', '-', '+', '?'])).map(|(name, _)| name).collect()
}

fn known(name: &'static str, value: &impl Hash) -> Part {
    Part::Known(Name::Fixed(name), digest(value))
}

/// The files that `source` stands for, in the context, in an earlier stage or in an image.
fn files(from: Option<&str>, source: String, selection: &Arc<Selection>, find: Find<'_>) -> Part {
    let Some(from) = from else { return Part::Context { source, selection: Arc::clone(selection) } };
    let name = Name::Made(format!("`{source}` of stage {from}").into());
    let path = source.trim_matches('/').to_owned();
    match find(from) {
        Some(stage) => {
            let place = AbsolutePath::new(&format!("/{source}")).map_or(Resource::Files, Resource::Path);
            Part::Stage { name, stage, path, place }
        }
        None => Part::Known(name, digest(&(path, digest(from)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modifier_belongs_to_the_whole_name_before_it() {
        let of = |text| with_modifier(text);
        assert_eq!(of("${A:-x}/$B:-x/${C}-x/${D+${E?x}}"), HashSet::from(["A", "D", "E"]));
        assert_eq!(of("${?:-x}${größe-x}${1-x}"), HashSet::from(["?", "größe", "1"]));
        assert_eq!(of("A:-x ${} ${A"), HashSet::new());
    }
}
