//! The steps that touch files, each with all that it observes.

use super::config::{Command, Config, Shell};
use super::value::Value;
use super::walk::{Walker, name_of};
use crate::model::effects::{Effects, Resource};
use crate::model::{AbsolutePath, is_plain_source, is_remote};
use crate::syntax::{Flag, Heredoc, Instruction, Keyword, Word, mount_fields};

/// A step. Two with equal `does` and `sees` do the same to equal files.
pub(super) struct Step {
    /// Its position below FROM.
    pub(super) index: usize,
    pub(super) line: u32,
    pub(super) name: String,
    /// The joined text, to find a step again that sees something else than before.
    pub(super) text: String,
    pub(super) print: Print,
    /// What it touches beyond what its effects say.
    pub(super) more: Effects,
}

/// What a step does and sees.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Print {
    does: Does,
    sees: Sees,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Does {
    Run { flags: Vec<Setting>, command: Command, heredocs: Vec<Document> },
    Transfer { unpacks: bool, flags: Vec<Setting>, words: Vec<Value>, heredocs: Vec<Document> },
    Workdir(Value),
    Volume(Value),
    Refused(String),
}

/// The name of a flag, or of a field of one, and what it says.
type Setting = (String, Argument);

/// What a flag or a field says.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Argument {
    Text(String),
    /// The text and what it expands to: not every flag is expanded by every builder.
    Expanded(String, Value),
    Stage(usize),
    Mount(Vec<Setting>),
}

/// A here-document, and the variables that the builder may replace in it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Document {
    name: String,
    fd: u32,
    expand: bool,
    chomp: bool,
    content: String,
    variables: Vec<(String, Value)>,
}

/// What a step sees of its surroundings; `None` is what it doesn't look at.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Sees {
    environment: Option<u32>,
    user: Option<Option<Value>>,
    workdir: Option<Value>,
    shell: Option<Shell>,
}

impl Print {
    /// The first thing that the two see differently.
    pub(super) fn difference(&self, other: &Print) -> &'static str {
        let (a, b) = (&self.sees, &other.sees);
        if a.environment != b.environment {
            "the variables of the build"
        } else if a.user != b.user {
            "the user"
        } else if a.workdir != b.workdir {
            "the working directory"
        } else if a.shell != b.shell {
            "the shell"
        } else {
            "the values in its arguments"
        }
    }
}

impl Step {
    fn new(index: usize, step: &Instruction<'_>, does: Does, sees: Sees) -> Self {
        Self {
            index,
            line: step.line_numbers.0,
            name: name_of(step),
            text: step.joined().to_owned(),
            print: Print { does, sees },
            more: Effects::default(),
        }
    }

    /// An instruction that the builder refuses: it stays where it is, as it is.
    pub(super) fn refused(index: usize, step: &Instruction<'_>) -> Self {
        let mut text = step.joined().to_owned();
        step.heredocs.iter().for_each(|h| text.push_str(&format!("\n{}", h.content)));
        let refused = Self::new(index, step, Does::Refused(text), Sees::default());
        Self { more: Effects::unknown(), ..refused }
    }

    pub(super) fn volume(index: usize, step: &Instruction<'_>, path: Value) -> Self {
        let more = place(&path, None);
        Self { more, ..Self::new(index, step, Does::Volume(path), Sees::default()) }
    }

    /// Makes the folder that `config` now has as its working directory, owned by its user.
    pub(super) fn workdir(index: usize, step: &Instruction<'_>, config: &Config) -> Self {
        let sees = Sees { user: Some(config.user.clone()), ..Sees::default() };
        let mut more = place(&config.workdir, None);
        // A name is looked up in the image.
        let is_number = |u: &str| u == "root" || !u.contains(|c: char| !c.is_ascii_digit() && c != ':');
        let by_name = |u: &Value| !u.known().is_some_and(is_number);
        if config.user.as_ref().is_none_or(by_name) {
            let files = ["/etc/passwd", "/etc/group"].into_iter().filter_map(AbsolutePath::new);
            more.reads.extend(files.map(Resource::Path));
        }
        Self { more, ..Self::new(index, step, Does::Workdir(config.workdir.clone()), sees) }
    }

    pub(super) fn is_volume(&self) -> bool {
        matches!(self.print.does, Does::Volume(_))
    }
}

/// Writes anywhere if it isn't known where `path` is.
fn place(path: &Value, workdir: Option<&Value>) -> Effects {
    let known = path
        .known()
        .is_some_and(|p| p.starts_with('/') || workdir.and_then(Value::known).is_some_and(|w| w.starts_with('/')));
    let mut effects = Effects::default();
    if !known {
        effects.writes.push(Resource::Files);
    }
    effects
}

impl Walker<'_, '_, '_> {
    pub(super) fn run(&mut self, index: usize, step: &Instruction<'_>) -> Step {
        let command = Command::of(step, &None);
        let shell = !matches!(command, Command::Exec(_));
        let flags = step.flags.iter().map(|f| self.run_flag(f)).collect();
        let does = Does::Run { flags, command, heredocs: self.documents(step) };
        let folder = |r: &Resource| r.overlaps(&Resource::WorkingDirectory);
        let looks_around = self.effects[index].reads.iter().any(folder);
        let sees = Sees {
            environment: Some(self.environment()),
            user: Some(self.config.user.clone()),
            workdir: looks_around.then(|| self.config.workdir.clone()),
            shell: shell.then(|| self.config.shell.clone()),
        };
        Step::new(index, step, does, sees)
    }

    pub(super) fn transfer(&mut self, index: usize, step: &Instruction<'_>) -> Step {
        let expander = self.expander();
        let words: Vec<Value> = step.words().iter().map(|w| expander.word(&w.text)).collect();
        let mut flags: Vec<Setting> = step.flags.iter().map(|f| self.transfer_flag(f)).collect();
        // Repeated flags keep their order: a later pattern of --exclude may undo an earlier one.
        flags.sort_by(|a, b| a.0.cmp(&b.0));
        let mut sees = Sees::default();
        let mut more = Effects::default();
        if let [_, .., destination] = &words[..] {
            if destination.start().is_none_or(|text| !text.starts_with('/')) {
                sees.workdir = Some(self.config.workdir.clone());
            }
            more = place(destination, Some(&self.config.workdir));
        }
        let unpacks = step.keyword == Keyword::Add && !only_copies(step, &words);
        let heredocs = self.documents(step);
        let sources = &words[..words.len().saturating_sub(1)];
        if unpacks && sources.iter().any(|w| w.known().is_none_or(is_remote)) {
            sees.environment = Some(self.environment());
        }
        Step { more, ..Step::new(index, step, Does::Transfer { unpacks, flags, words, heredocs }, sees) }
    }

    fn run_flag(&self, flag: &Flag<'_>) -> Setting {
        let text = || Argument::Text(flag.text.to_string());
        let argument = match (flag.name(), flag.value().and_then(mount_fields)) {
            ("mount", Some(fields)) => Argument::Mount(
                fields
                    .iter()
                    .map(|field| {
                        let value = field.value.as_deref();
                        let argument = match value {
                            Some(value) if field.key.eq_ignore_ascii_case("from") => self.reference(value),
                            Some(value) => Argument::Text(format!("={value}")),
                            None => Argument::Text(String::new()),
                        };
                        (field.key.to_owned(), argument)
                    })
                    .collect(),
            ),
            _ => text(),
        };
        (flag.name().to_owned(), argument)
    }

    fn transfer_flag(&self, flag: &Flag<'_>) -> Setting {
        let argument = match (flag.name(), flag.value()) {
            ("from", Some(value)) => self.reference(value),
            (_, Some(value)) if value.contains('$') => {
                Argument::Expanded(value.to_owned(), self.expander().word(value))
            }
            _ => Argument::Text(flag.text.to_string()),
        };
        (flag.name().to_owned(), argument)
    }

    /// A stage by its number, if there is no doubt which one is meant.
    fn reference(&self, text: &str) -> Argument {
        let name = text.to_lowercase();
        let found = self.model.find(text, self.stage.index);
        let twins = self.model.all_named(&name).len();
        match found {
            Some(stage) if twins <= 1 => Argument::Stage(stage.index),
            Some(_) => Argument::Text(name),
            None => Argument::Text(text.to_owned()),
        }
    }

    fn documents(&self, step: &Instruction<'_>) -> Vec<Document> {
        let run = step.keyword == Keyword::Run;
        let document = |h: &Heredoc<'_>| Document {
            name: h.name.clone(),
            fd: h.fd,
            expand: h.expand,
            chomp: h.chomp,
            content: h.content.to_owned(),
            variables: if h.expand && !run { self.mentioned(h.content) } else { Vec::new() },
        };
        step.heredocs.iter().map(document).collect()
    }

    /// Every variable that `$` may bring into `text`, quoted or not.
    fn mentioned(&self, text: &str) -> Vec<(String, Value)> {
        let expander = self.expander();
        let name = |at: usize| {
            let rest = text[at + 1..].trim_start_matches('{');
            &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())]
        };
        text.match_indices('$').map(|(at, _)| (name(at).to_owned(), expander.lookup(name(at)).0)).collect()
    }
}

/// Whether ADD does no more than COPY would: its sources are local and no archives, and its flags are
/// those that COPY has.
fn only_copies(step: &Instruction<'_>, words: &[Value]) -> bool {
    let sources = &words[..words.len().saturating_sub(1)];
    // A here-document is no archive, whatever its name (measured on BuildKit 26.1). Its text is compared elsewhere.
    let raw = |w: &Word<'_>| !w.text.contains(['$', ':', '@']);
    let plain = |source: &Value| source.known().is_some_and(|s| is_plain_source(s) || is_zip(s));
    !sources.is_empty()
        && step.sources().iter().zip(sources).all(|(w, source)| step.is_heredoc(w) || (raw(w) && plain(source)))
        && step.flags.iter().all(|f| matches!(f.name(), "chown" | "chmod" | "link" | "exclude"))
}

/// Whether a file is a ZIP archive by its name. ADD unpacks tar archives, plain or compressed with
/// gzip, bzip2, xz or zstd (`archive.DetectCompression` and `IsArchivePath` in BuildKit and Moby), and
/// no others.
fn is_zip(source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or(source);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|e| ["ear", "jar", "war", "whl", "zip"].contains(&e.as_str()))
}
