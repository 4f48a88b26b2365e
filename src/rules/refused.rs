//! LW014, LW016 and LW017: what BuildKit reads, and refuses when it plans the build.

use super::{Context, Findings, expose, meta};
use crate::config::Builder;
use crate::model::{Expanded, raw_words, visit_steps};
use crate::source::Span;
use crate::syntax::word::{WordError, lex};
use crate::syntax::{Flag, Instruction, Keyword, MountField, mount_fields};

/// LW014: words that can't be expanded.
pub(super) fn words(cx: &Context<'_, '_>, out: &mut Findings) {
    let escape = cx.file.escape;
    let special = |text: &str| memchr::memchr3(b'$', b'"', b'\'', text.as_bytes()).is_some();
    // A file full of placeholders is a template, and has to be told that once.
    let mut told = false;
    let mut word = |text: &str, span: Span, escape: char| word(cx, out, (text, span, escape), &mut told);
    for stage in &cx.model.stages {
        let from = &cx.file.instructions[stage.from];
        let image = from.words().first().map(|w| (w.text.as_ref(), w.span));
        let platform = from.flag("platform").and_then(|f| Some((f.value()?, f.value_span)));
        for (text, span) in image.into_iter().chain(platform).filter(|(text, _)| special(text)) {
            word(text, span, escape);
        }
        // Of a RUN, only the flags are expanded, and scripts are long.
        let is_read = |s: &&Instruction<'_>| {
            (s.keyword != Keyword::Run || !s.flags.is_empty()) && special(s.span.of(cx.file.text))
        };
        for step in cx.model.steps(stage).iter().filter(is_read) {
            for raw in raw_words(step, escape).iter().filter(|raw| special(&raw.text)) {
                word(&raw.text, raw.span, raw.escape);
            }
        }
    }
    for arg in cx.file.instructions[cx.model.fragment.clone()].iter().flat_map(Instruction::args) {
        if let Some(value) = arg.value.as_ref().filter(|v| special(&v.text)) {
            word(&value.text, value.span, escape);
        }
    }
}

fn word(
    cx: &Context<'_, '_>,
    out: &mut Findings,
    (text, span, escape): (&str, Span, char),
    told_of_placeholder: &mut bool,
) {
    let Err(error) = lex(text, escape) else { return };
    if matches!(&error, WordError::Modifier(shown) if shown.starts_with('.'))
        && std::mem::replace(told_of_placeholder, true)
    {
        return;
    }
    let help = match &error {
        WordError::Quote(_) => format!("close the quote, or write `{escape}` in front of it"),
        WordError::Modifier(shown) if shown.starts_with('.') => {
            "is this a placeholder of a template, as those below may be? then fill them in before the build".to_owned()
        }
        WordError::Modifier(_) | WordError::Name => {
            "write `${NAME}`, or `${NAME:-default}`; other forms are for shells".to_owned()
        }
        WordError::Brace => "close it with `}`".to_owned(),
        WordError::Depth => "set the inner values with an ARG or ENV of their own".to_owned(),
    };
    out.report(&meta::UNREADABLE_WORD, span, format!("{} can't be expanded: {error}", cx.plain(text)))
        .note("the build fails before its first step")
        .help(help);
}

/// LW016: mounts.
pub(super) fn mounts(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        for step in cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Run) {
            for flag in step.flags.iter().filter(|f| f.name() == "mount") {
                let Some(mut fields) = flag.value().and_then(mount_fields) else { continue };
                if cx.builder == Builder::Buildah {
                    fields.retain(|f| !is_of_buildah(f));
                }
                let Some(fault) = mount_fault(&fields) else { continue };
                let finding =
                    out.report(&meta::WRONG_MOUNT, place(flag), fault).note("the build fails before its first step");
                if fields.iter().any(is_of_buildah) {
                    finding.help(
                        "only Buildah and Podman know this: leave it out, or say `builder: buildah` in .layerwise.yaml if they build the file",
                    );
                }
            }
        }
    }
}

fn place(flag: &Flag<'_>) -> Span {
    flag.value_span
}

/// The keys that a mount can have.
///
/// Source: Dockerfile reference, `RUN --mount`; refusals measured on BuildKit 0.13.
const KEYS: [&str; 17] = [
    "type",
    "from",
    "source",
    "src",
    "target",
    "dst",
    "destination",
    "readonly",
    "ro",
    "readwrite",
    "rw",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
];

/// The keys that Buildah knows besides: labels for SELinux, how a bind mount spreads, its names for a `tmpfs`.
///
/// Source: buildah-run(1) of Buildah 1.28, `--mount`.
const KEYS_OF_BUILDAH: [&str; 7] =
    ["z", "bind-propagation", "bind-nonrecursive", "tmpfs-size", "tmpfs-mode", "tmpcopyup", "read-only"];

fn is_of_buildah(field: &MountField<'_>) -> bool {
    KEYS_OF_BUILDAH.iter().any(|key| field.key.eq_ignore_ascii_case(key))
}

fn mount_fault(fields: &[MountField<'_>]) -> Option<String> {
    let value = |keys: &[&str]| {
        let field = fields.iter().rev().find(|f| keys.iter().any(|k| f.key.eq_ignore_ascii_case(k)))?;
        Some(field.value.as_deref().unwrap_or_default().to_owned())
    };
    if fields.iter().any(|f| f.value.as_ref().is_some_and(|v| v.contains('$'))) {
        return None;
    }
    let kind = value(&["type"]).unwrap_or_else(|| "bind".to_owned()).to_ascii_lowercase();
    if !matches!(kind.as_str(), "bind" | "cache" | "tmpfs" | "secret" | "ssh") {
        return Some(format!("a mount is of type `bind`, `cache`, `tmpfs`, `secret` or `ssh`, not `{kind}`"));
    }
    for field in fields {
        let key = field.key.to_ascii_lowercase();
        if field.value.is_none() {
            match key.as_str() {
                "readonly" | "ro" | "readwrite" | "rw" => {}
                "required" if matches!(kind.as_str(), "secret" | "ssh") => {}
                "required" => return Some(format!("a mount of type `{kind}` has no `required`")),
                _ => return Some(format!("`{}` in a mount needs a value: `{}=...`", field.key, field.key)),
            }
        } else if !KEYS.contains(&key.as_str()) && !matches!(key.as_str(), "gid" | "env") {
            return Some(format!("a mount has no `{}`", field.key));
        }
    }
    for key in ["mode", "uid", "gid"] {
        if value(&[key]).is_some() && !matches!(kind.as_str(), "cache" | "secret" | "ssh") {
            return Some(format!("a mount of type `{kind}` has no `{key}`"));
        }
    }
    match value(&["sharing"]) {
        Some(sharing) if !matches!(sharing.to_ascii_lowercase().as_str(), "shared" | "private" | "locked") => {
            return Some(format!("`sharing` is `shared`, `private` or `locked`, not `{sharing}`"));
        }
        Some(_) if kind != "cache" => return Some(format!("a mount of type `{kind}` has no `sharing`")),
        _ => {}
    }
    let target = value(&["target", "dst", "destination"]);
    match kind.as_str() {
        "bind" | "cache" | "tmpfs" if target.as_deref().is_none_or(|t| matches!(t, "" | "/")) => {
            Some(format!("a mount of type `{kind}` needs a `target` below `/`"))
        }
        "secret" if target.is_none() && value(&["id"]).is_none() && value(&["source", "src"]).is_none() => {
            Some("a mount of type `secret` needs an `id` or a `target`".to_owned())
        }
        _ => None,
    }
}

/// LW017: values.
pub(super) fn values(cx: &Context<'_, '_>, out: &mut Findings) {
    let escape = cx.file.escape;
    let concerns = |k: Keyword| matches!(k, Keyword::Volume | Keyword::Expose | Keyword::Copy);
    if !cx.model.stages.iter().flat_map(|s| cx.model.steps(s)).any(|s| concerns(s.keyword)) {
        return;
    }
    visit_steps(cx.model, |stage, step, variables| {
        let mut report = |span: Span, message: String, others: &[&'static str]| {
            let finding = out.report(&meta::WRONG_VALUE, span, message).note("the build fails before its first step");
            others.iter().fold(finding, |finding, name| finding.also(name));
        };
        match step.keyword {
            Keyword::Volume => {
                for word in step.words() {
                    // What a variable leaves empty is told by UndefinedVar.
                    let known = variables.expand(&word.text, escape) == Expanded::Known(String::new());
                    if known && !word.text.contains('$') {
                        report(word.span, "a VOLUME has no name".to_owned(), &[]);
                    }
                }
            }
            Keyword::Expose => {
                for word in step.words() {
                    if let Some(fault) = expose::fault(&word.text, variables, escape) {
                        report(word.span, format!("{} is no port: {fault}", cx.plain(&word.text)), &[]);
                    }
                }
            }
            Keyword::Copy => {
                let Some(flag) = step.flag("from") else { return };
                let Some(from) = flag.value() else { return };
                let named = cx.model.all_named(&from.to_lowercase()).first().copied();
                if named.is_none()
                    && let Ok(index) = from.parse::<usize>()
                    && index >= cx.model.stages.len()
                {
                    report(
                        flag.span,
                        format!("there is no stage {index}: {}", count(cx.model.stages.len())),
                        &["DL3022"],
                    );
                    return;
                }
                let index = named.or_else(|| from.parse().ok());
                if index == Some(stage.index) {
                    report(flag.span, "a stage can't copy from itself".to_owned(), &["DL3022", "DL3023"]);
                }
            }
            _ => {}
        }
    });
}

fn count(stages: usize) -> String {
    match stages {
        1 => "the file has one, number 0".to_owned(),
        n => format!("the file has {n}, numbered from 0 to {}", n - 1),
    }
}
