//! The rules that a project writes itself: what its configuration says, held against a file.

use super::Context;
use super::calls::Call;
use crate::config::{CustomRule, Matcher, Parts, Patterns, StageFilter, Subject};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Label};
use crate::model::{Base, ImageRef, Stage};
use crate::source::Span;
use crate::syntax::word::{lex, unquote};
use crate::syntax::{Body, Form, Instruction, Keyword, Word};
use std::borrow::Cow;

/// What `rule` finds.
pub fn check(cx: &Context<'_, '_>, rule: &CustomRule) -> Vec<Diagnostic> {
    match &rule.subject {
        Subject::Match(matcher) => {
            let stages = cx.model.stages.iter().filter(|stage| is_meant(cx, stage, matcher.stage.as_ref()));
            let mut hits: Vec<Hit> = stages.flat_map(|stage| hits(cx, stage, matcher)).collect();
            if matcher.stage.is_none() {
                hits.extend(cx.model.fragment.clone().flat_map(|at| hits_of(cx, at, None, matcher)));
            }
            hits.into_iter().map(|hit| finding(rule, hit.span, hit.word)).collect()
        }
        Subject::Require(matcher) => {
            let filter = matcher.stage.as_ref().unwrap_or(&StageFilter::Final);
            let stages = cx.model.stages.iter().filter(|stage| is_meant(cx, stage, Some(filter)));
            let without = stages.filter(|stage| !has(cx, stage, matcher));
            without.map(|stage| finding(rule, cx.file.instructions[stage.from].span, None)).collect()
        }
    }
}

fn finding(rule: &CustomRule, span: Span, word: Option<Span>) -> Diagnostic {
    let fix = rule.replace.as_ref().zip(word).map(|(text, word)| {
        let edits = vec![Edit::replace(word, text.as_str())];
        Fix::new(format!("write `{text}`"), Applicability::Unsafe, edits)
    });
    Diagnostic {
        code: rule.code,
        aliases: Vec::new(),
        severity: rule.severity,
        message: rule.message.clone(),
        primary: Label { span, message: String::new() },
        secondary: Vec::new(),
        members: Vec::new(),
        notes: Vec::new(),
        help: rule.help.clone().map(Cow::Owned),
        fix,
    }
}

fn is_meant(cx: &Context<'_, '_>, stage: &Stage, filter: Option<&StageFilter>) -> bool {
    let last = stage.index + 1 == cx.model.stages.len();
    match filter {
        None | Some(StageFilter::Any) => true,
        Some(StageFilter::Final) => last,
        Some(StageFilter::Build) => !last,
        Some(StageFilter::Named(patterns)) => stage.name.as_deref().is_some_and(|name| fit(patterns, name)),
    }
}

/// Whether the image of `stage` has what `matcher` means, from the stages that it starts from as well.
fn has(cx: &Context<'_, '_>, stage: &Stage, matcher: &Matcher) -> bool {
    let mut from_stage = Some(stage);
    while let Some(stage) = from_stage {
        let lines = std::iter::once(stage.from).chain(stage.steps.clone()).rev();
        let mut lines = lines.filter(|&at| named(&cx.file.instructions[at], matcher));
        // Of these, only the last one counts in an image.
        let single = |at: usize| {
            use Keyword::{Cmd, Entrypoint, Healthcheck, Stopsignal, User};
            matches!(cx.file.instructions[at].keyword, Cmd | Entrypoint | Healthcheck | Stopsignal | User)
        };
        if matcher.instructions.len() == 1 && lines.clone().next().is_some_and(single) {
            return lines.next().is_some_and(|at| !hits_of(cx, at, Some(stage), matcher).is_empty());
        }
        if lines.any(|at| !hits_of(cx, at, Some(stage), matcher).is_empty()) {
            return true;
        }
        from_stage = match stage.base {
            Base::Stage(base) => cx.model.stages.get(base),
            _ => None,
        };
    }
    false
}

/// A place that a matcher means.
struct Hit {
    span: Span,
    /// The word that a replacement takes the place of.
    word: Option<Span>,
}

fn hits(cx: &Context<'_, '_>, stage: &Stage, matcher: &Matcher) -> Vec<Hit> {
    let lines = std::iter::once(stage.from).chain(stage.steps.clone());
    lines.flat_map(|at| hits_of(cx, at, Some(stage), matcher)).collect()
}

fn named(instruction: &Instruction<'_>, matcher: &Matcher) -> bool {
    let mut all = std::iter::successors(Some(instruction), |i| i.trigger());
    all.any(|i| matcher.instructions.contains(&i.keyword.name()))
}

/// What `matcher` means in the line number `at`, below ONBUILD too.
fn hits_of(cx: &Context<'_, '_>, at: usize, stage: Option<&Stage>, matcher: &Matcher) -> Vec<Hit> {
    let all = std::iter::successors(Some(&cx.file.instructions[at]), |i| i.trigger());
    let mut hits = Vec::new();
    for instruction in all.filter(|i| matcher.instructions.contains(&i.keyword.name())) {
        let image = match stage.map(|stage| &stage.base) {
            Some(Base::Image(name)) if instruction.keyword == Keyword::From => Some(name.as_str()),
            _ => None,
        };
        let unit = |call| Unit { instruction, image, call, escape: cx.file.escape };
        if instruction.keyword == Keyword::Run && says_words(matcher) {
            let calls = cx.run_at(at).map_or(&[][..], |run| run.calls());
            hits.extend(calls.iter().filter_map(|call| unit(Some(call)).hit(matcher)));
        } else {
            hits.extend(unit(None).hit(matcher));
        }
    }
    hits
}

/// Whether a RUN is looked at command by command.
fn says_words(matcher: &Matcher) -> bool {
    let says = |parts: &Parts| parts.command.is_some() || parts.argument.is_some();
    says(&matcher.parts) || matcher.not.as_ref().is_some_and(says)
}

/// What patterns are held against: an instruction, or one command of a RUN.
struct Unit<'u, 'a> {
    instruction: &'u Instruction<'a>,
    image: Option<&'u str>,
    call: Option<&'u Call<'u>>,
    escape: char,
}

impl Unit<'_, '_> {
    fn hit(&self, matcher: &Matcher) -> Option<Hit> {
        let words = self.fits(&matcher.parts)?;
        if matcher.not.as_ref().is_some_and(|not| self.fits(not).is_some()) {
            return None;
        }
        let whole = self.call.map_or(self.instruction.span, |call| call.span);
        let keyword = matcher.parts.is_empty().then_some(self.instruction.keyword_span);
        let span = words.or(keyword).unwrap_or(whole);
        Some(Hit { span, word: words.or(keyword) })
    }

    /// Whether all of `parts` fit; the most telling word that does, if any is named.
    fn fits(&self, parts: &Parts) -> Option<Option<Span>> {
        let mut word = None;
        if let Some(patterns) = &parts.command {
            let call = self.call.filter(|call| fit(patterns, &call.name))?;
            word = Some(call.name_span);
        }
        if let Some(patterns) = &parts.image {
            let image = self.image?;
            image_names(image).iter().find(|name| fit(patterns, name))?;
            word = self.instruction.words().first().map(|word| word.span);
        }
        if let Some(patterns) = &parts.flag {
            let fits =
                |text: &str| fit(patterns, text) || text.split_once('=').is_some_and(|(name, _)| fit(patterns, name));
            word = Some(self.instruction.flags.iter().find(|flag| fits(&flag.text))?.span);
        }
        if let Some(patterns) = &parts.argument {
            word = Some(self.arguments().into_iter().find(|(text, _)| fit(patterns, text))?.1);
        }
        Some(word)
    }

    /// The words of the command behind its name; of an instruction, its words, pairs or command line, quotes taken out.
    fn arguments(&self) -> Vec<(Cow<'_, str>, Span)> {
        if let Some(call) = self.call {
            return call.arguments.iter().map(|word| (Cow::Borrowed(word.text.as_ref()), word.span)).collect();
        }
        let plain = |word: &Word<'_>| (Cow::Owned(self.plain(&word.text)), word.span);
        match &self.instruction.body {
            Body::Words { words, .. } => words.iter().map(plain).collect(),
            Body::Pairs { pairs, .. } => {
                let pair = |key: &str, value: &str| Cow::Owned(format!("{}={}", self.plain(key), self.plain(value)));
                pairs.iter().map(|p| (pair(&p.key.text, &p.value.text), p.span)).collect()
            }
            Body::Args(args) => args.iter().map(|arg| (Cow::Borrowed(arg.text.as_ref()), arg.span)).collect(),
            Body::Single(word) => word.iter().map(plain).collect(),
            Body::Command(form) => self.command_line(form),
            Body::Healthcheck { kind, command } => kind.iter().map(plain).chain(self.command_line(command)).collect(),
            Body::Onbuild(_) | Body::Unknown => Vec::new(),
        }
    }

    fn command_line(&self, form: &Form<'_>) -> Vec<(Cow<'_, str>, Span)> {
        match form {
            Form::Exec(words) => words.iter().map(|w| (Cow::Owned(w.text.to_string()), w.span)).collect(),
            Form::Shell { span, range } => {
                let text = self.instruction.logical.text()[range.clone()].trim().to_owned();
                vec![(Cow::Owned(text), *span)]
            }
            Form::Empty => Vec::new(),
        }
    }

    fn plain(&self, text: &str) -> String {
        lex(text, self.escape).map_or_else(|_| text.to_owned(), |parts| unquote(text, &parts))
    }
}

fn fit(patterns: &Patterns, text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.fits(text))
}

/// All names of the image `written`: with the registry and the tag that the builder fills in.
fn image_names(written: &str) -> Vec<String> {
    let parts = ImageRef::parse(written);
    let host = written.split_once('/').map(|(host, _)| host);
    let full = match host {
        Some(host) if host.contains(['.', ':']) || host == "localhost" => None,
        Some(_) => Some(format!("docker.io/{written}")),
        None => Some(format!("docker.io/library/{written}")),
    };
    let mut names: Vec<String> = std::iter::once(written.to_owned()).chain(full).collect();
    if parts.tag.is_none() && parts.digest.is_none() {
        names.extend(names.clone().into_iter().map(|name| name + ":latest"));
    }
    names
}
