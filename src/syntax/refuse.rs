//! What BuildKit's second pass, `instructions.Parse`, refuses (checked against BuildKit 0.32).

use super::ast::{Body, Dockerfile, Form, Instruction};
use super::error::{ErrorKind, SyntaxError};
use super::flags::mount_fields;
use super::keyword::Keyword;
use crate::source::Span;

/// The flags of each instruction; `true` for the ones that may stand there without a value, and
/// `many` for those that may be repeated.
fn known_flags(keyword: Keyword) -> &'static [(&'static str, FlagKind)] {
    use FlagKind::{Bool, Many, Text};
    match keyword {
        Keyword::From => &[("platform", Text)],
        Keyword::Add => &[
            ("keep-git-dir", Bool),
            ("checksum", Text),
            ("chown", Text),
            ("chmod", Text),
            ("link", Bool),
            ("exclude", Many),
            ("unpack", Bool),
        ],
        Keyword::Copy => {
            &[("chown", Text), ("from", Text), ("chmod", Text), ("link", Bool), ("parents", Bool), ("exclude", Many)]
        }
        Keyword::Run => &[("mount", Many), ("network", Text), ("security", Text), ("device", Many)],
        Keyword::Healthcheck => &[
            ("interval", Text),
            ("timeout", Text),
            ("start-period", Text),
            ("start-interval", Text),
            ("retries", Text),
        ],
        _ => &[],
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FlagKind {
    Bool,
    Text,
    Many,
}

/// The names of the flags that `keyword` takes.
pub fn flag_names(keyword: Keyword) -> impl Iterator<Item = &'static str> {
    known_flags(keyword).iter().map(|(name, _)| *name)
}

/// Checks every instruction and adds what is wrong to the errors of the file.
pub(super) fn check(file: &mut Dockerfile<'_>) {
    let mut errors = std::mem::take(&mut file.errors);
    let refused_by_parser = |i: &Instruction<'_>| errors.iter().any(|e| e.in_parser && i.span.contains(e.span));
    let mut found = Vec::new();
    let mut in_stage = false;
    let mut reported_no_stage = false;
    for instruction in &file.instructions {
        if instruction.keyword == Keyword::From {
            in_stage = true;
        }
        if refused_by_parser(instruction) {
            continue;
        }
        let before = found.len();
        let mut checker = Checker { instruction, errors: &mut found };
        checker.instruction();
        let outside = !in_stage && !matches!(instruction.keyword, Keyword::Arg | Keyword::Unknown);
        if outside && !reported_no_stage && found.len() == before {
            reported_no_stage = true;
            let message = format!("{} stands in front of the first FROM; only ARG may", instruction.keyword.name());
            let error = SyntaxError::instruction(ErrorKind::NoStage, instruction.keyword_span, message);
            found.push(error.help("start the file with FROM"));
        }
    }
    errors.extend(found);
    errors.sort_by_key(|e| e.span);
    file.errors = errors;
}

struct Checker<'c, 'a> {
    instruction: &'c Instruction<'a>,
    errors: &'c mut Vec<SyntaxError>,
}

impl Checker<'_, '_> {
    fn push(&mut self, kind: ErrorKind, span: Span, message: String) {
        self.errors.push(SyntaxError::instruction(kind, span, message));
    }

    fn whole(&mut self, kind: ErrorKind, message: String) {
        self.push(kind, self.instruction.span, message);
    }

    fn instruction(&mut self) {
        let i = self.instruction;
        let name = i.keyword.name();
        // HEALTHCHECK NONE returns before its flags are looked at.
        let none = matches!(&i.body, Body::Healthcheck { kind: Some(k), .. } if k.text.eq_ignore_ascii_case("none"));
        if i.keyword != Keyword::Unknown && !none {
            self.flags();
        }
        match i.keyword {
            Keyword::Unknown => {
                self.push(
                    ErrorKind::UnknownInstruction,
                    i.keyword_span,
                    format!("`{}` is no instruction", i.keyword_text()),
                );
            }
            Keyword::From => self.from(),
            Keyword::Add | Keyword::Copy => self.transfer(),
            Keyword::Env | Keyword::Label => {
                if i.pairs().is_empty() {
                    self.whole(ErrorKind::Arguments, format!("{name} needs at least one `name=value`"));
                }
                for pair in i.pairs().iter().filter(|p| p.key.text.is_empty()) {
                    self.push(ErrorKind::KeyValue, pair.span, format!("{name} has a value without a name"));
                }
            }
            Keyword::Arg => {
                if i.args().is_empty() {
                    self.whole(ErrorKind::Arguments, "ARG needs the name of a variable".into());
                }
                for arg in i.args().iter().filter(|a| a.name.text.is_empty()) {
                    self.push(ErrorKind::KeyValue, arg.span, "ARG has a value without a name".into());
                }
            }
            Keyword::Workdir | Keyword::User | Keyword::Stopsignal | Keyword::Maintainer if i.single().is_none() => {
                self.whole(ErrorKind::Arguments, format!("{name} needs {}", argument_of(i.keyword)));
            }
            Keyword::Expose | Keyword::Volume if i.words().is_empty() => {
                self.whole(ErrorKind::Arguments, format!("{name} needs at least one argument"));
            }
            Keyword::Shell => self.shell(),
            Keyword::Run => self.run(),
            Keyword::Healthcheck => self.healthcheck(none),
            Keyword::Onbuild => self.onbuild(),
            _ => {}
        }
    }

    fn flags(&mut self) {
        let i = self.instruction;
        let known = known_flags(i.keyword);
        for (at, flag) in i.flags.iter().enumerate() {
            let (name, keyword) = (flag.name(), i.keyword.name());
            let Some(&(_, kind)) = known.iter().find(|(n, _)| *n == name) else {
                self.push(ErrorKind::Flag, flag.span, format!("{keyword} has no flag `--{name}`"));
                continue;
            };
            match (kind, flag.value()) {
                (FlagKind::Bool, None | Some("true" | "false")) => {}
                (FlagKind::Bool, Some(value)) => {
                    self.push(ErrorKind::Flag, flag.span, format!("`--{name}` takes `true` or `false`, not `{value}`"));
                }
                (_, None) => self.push(ErrorKind::Flag, flag.span, format!("`--{name}` needs a value: `--{name}=...`")),
                (_, Some(_)) => {}
            }
            if kind != FlagKind::Many && i.flags[..at].iter().any(|f| f.name() == name) {
                self.push(ErrorKind::Flag, flag.span, format!("`--{name}` is given twice"));
            }
        }
    }

    fn from(&mut self) {
        let i = self.instruction;
        match i.words() {
            [_] => {}
            [_, keyword, name] if keyword.text.eq_ignore_ascii_case("as") => {
                if !is_stage_name(&name.text.to_lowercase()) {
                    let message = format!(
                        "`{}` can't name a stage: a name starts with a letter and goes on with letters, digits, `-`, `_` and `.`",
                        name.text
                    );
                    self.push(ErrorKind::Stage, name.span, message);
                }
            }
            words => {
                let message = "FROM takes an image, or `image AS name`, and nothing else";
                let error = SyntaxError::instruction(ErrorKind::Stage, i.span, message);
                self.errors.push(match words {
                    [image, tag] => error.help(format!("is a `:` missing, as in `{}:{}`?", image.text, tag.text)),
                    _ => error,
                });
            }
        }
    }

    fn transfer(&mut self) {
        let i = self.instruction;
        let name = i.keyword.name();
        if i.words().len() < 2 {
            self.whole(ErrorKind::Arguments, format!("{name} needs at least one source and a destination"));
        } else if let Some(to) = i.destination()
            && i.is_heredoc(to)
        {
            self.push(ErrorKind::Heredoc, to.span, format!("a here-document can't be the destination of {name}"));
        }
    }

    fn shell(&mut self) {
        match self.instruction.command() {
            Some(Form::Exec(words)) if !words.is_empty() => {}
            Some(Form::Shell { .. }) => {
                self.whole(ErrorKind::Json, "SHELL takes a JSON array, such as [\"/bin/bash\", \"-c\"]".into());
            }
            _ => self.whole(ErrorKind::Arguments, "SHELL needs at least one argument".into()),
        }
    }

    fn run(&mut self) {
        let i = self.instruction;
        for flag in &i.flags {
            let Some(value) = flag.value() else { continue };
            match flag.name() {
                "network" if !matches!(value, "default" | "none" | "host") => {
                    let message = format!("`--network` takes `default`, `none` or `host`, not `{value}`");
                    self.push(ErrorKind::Flag, flag.value_span, message);
                }
                "security" if !matches!(value, "sandbox" | "insecure") => {
                    let message = format!("`--security` takes `sandbox` or `insecure`, not `{value}`");
                    self.push(ErrorKind::Flag, flag.value_span, message);
                }
                "mount" => self.mount(value, flag.value_span),
                _ => {}
            }
        }
    }

    /// The fields of a mount are read later, when variables are known; only these two are refused
    /// at once.
    fn mount(&mut self, value: &str, span: Span) {
        let Some(fields) = mount_fields(value) else {
            self.push(ErrorKind::Flag, span, "a double quote in `--mount` must be around a whole field".into());
            return;
        };
        for field in fields.iter().filter(|f| f.key.eq_ignore_ascii_case("from")) {
            let value = field.value.as_deref().unwrap_or_default();
            if value.find('$').is_some_and(|at| at + 1 < value.len()) {
                let message = format!("a mount can't take its stage from a variable: `from={value}`");
                self.push(ErrorKind::Flag, span, message);
            }
        }
    }

    fn healthcheck(&mut self, none: bool) {
        let i = self.instruction;
        let Body::Healthcheck { kind, command } = &i.body else { return };
        match kind {
            None => self.whole(ErrorKind::Arguments, "HEALTHCHECK needs CMD or NONE".into()),
            Some(_) if none => {
                if !matches!(command, Form::Empty) {
                    self.whole(ErrorKind::Arguments, "HEALTHCHECK NONE takes no arguments".into());
                }
            }
            Some(kind) if !kind.text.eq_ignore_ascii_case("cmd") => {
                self.push(
                    ErrorKind::Healthcheck,
                    kind.span,
                    format!("HEALTHCHECK is CMD or NONE, not `{}`", kind.text),
                );
            }
            Some(_) => match command {
                Form::Empty => self.whole(ErrorKind::Arguments, "HEALTHCHECK CMD needs a command".into()),
                Form::Exec(words) if words.is_empty() => {
                    self.whole(ErrorKind::Arguments, "HEALTHCHECK CMD needs a command".into());
                }
                _ => self.healthcheck_values(),
            },
        }
    }

    fn healthcheck_values(&mut self) {
        for flag in &self.instruction.flags {
            let value = flag.value().unwrap_or_default();
            let problem = match flag.name() {
                "retries" if !value.is_empty() && value.parse::<i32>().is_ok_and(|n| n < 0) => {
                    "must be a whole number from 0 on"
                }
                "retries" if !value.is_empty() && value.parse::<i32>().is_err() => "must be a whole number",
                "interval" | "timeout" | "start-period" | "start-interval" if !value.is_empty() => {
                    match duration(value) {
                        None => "must be a duration such as `30s` or `1m30s`",
                        Some(ns) if ns != 0.0 && ns < 1e6 => "must be 1ms or longer",
                        Some(_) => continue,
                    }
                }
                _ => continue,
            };
            self.push(ErrorKind::Healthcheck, flag.value_span, format!("`--{}` {problem}, not `{value}`", flag.name()));
        }
    }

    fn onbuild(&mut self) {
        let i = self.instruction;
        let Some(inner) = i.trigger() else {
            self.whole(ErrorKind::Arguments, "ONBUILD needs an instruction behind it".into());
            return;
        };
        if matches!(inner.keyword, Keyword::Onbuild | Keyword::From | Keyword::Maintainer) {
            let message = format!("ONBUILD can't hold {}", inner.keyword.name());
            self.push(ErrorKind::Onbuild, inner.keyword_span, message);
        }
    }
}

fn argument_of(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::Workdir => "a path",
        Keyword::User => "a user",
        Keyword::Stopsignal => "a signal",
        _ => "a name",
    }
}

/// Whether `name`, in lower case, may name a stage.
pub fn is_stage_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'))
}

/// A Go duration in nanoseconds: signed decimal numbers, each with a unit.
fn duration(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if rest == "0" {
        return Some(0.0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = &rest[..rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len())];
        total += number
            * match unit {
                "ns" => 1.0,
                "us" | "µs" | "μs" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                "m" => 60e9,
                "h" => 3600e9,
                _ => return None,
            };
        rest = &rest[unit.len()..];
    }
    Some(sign * total)
}
