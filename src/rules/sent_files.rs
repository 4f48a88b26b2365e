//! LW201 to LW204: files that a COPY of the whole folder brings and that no image needs.

use super::meta::RuleMeta;
use super::{Context, Findings, meta};
use crate::context::{Project, clean};
use crate::diagnostic::{Fix, Severity};
use crate::model::invocations;
use crate::syntax::{Instruction, Keyword};

/// So many folders of the context are looked into.
const MOST_FOLDERS: usize = 200;

/// Folders that tools make again: the name, the file beside it (or in it) that says which tool it was, and
/// the pattern that leaves all of them out.
const MADE_AGAIN: &[(&str, &str, &str)] = &[
    ("node_modules", "package.json", "**/node_modules"),
    (".venv", ".venv/pyvenv.cfg", "**/.venv"),
    ("venv", "venv/pyvenv.cfg", "**/venv"),
    ("target", "Cargo.toml", "**/target"),
    ("target", "pom.xml", "**/target"),
    (".gradle", "", "**/.gradle"),
    ("__pycache__", "", "**/__pycache__"),
    (".pytest_cache", "", "**/.pytest_cache"),
    (".mypy_cache", "", "**/.mypy_cache"),
    (".tox", "", "**/.tox"),
    (".next", "package.json", "**/.next"),
    (".nuxt", "package.json", "**/.nuxt"),
    (".terraform", "", "**/.terraform"),
];

/// LW201: no ignore file at all.
pub(super) fn no_ignore_file(cx: &Context<'_, '_>, out: &mut Findings) {
    let Some((copy, project)) = broad(cx).filter(|(_, p)| p.ignore_path.is_none()) else { return };
    let mut heavy: Vec<String> = made_again(cx, project).into_iter().map(|(path, _)| path).collect();
    let git = has_git(cx, project);
    if git {
        heavy.insert(0, ".git".to_owned());
    }
    let severity = if heavy.is_empty() { Severity::Info } else { Severity::Warning };
    let files: Vec<String> = heavy.iter().take(3).cloned().chain(project.dockerfile()).collect();
    let Some(files) = list(&files) else { return };
    let quoted = cx.quote(copy);
    let message = format!(
        "{quoted} brings the whole folder as there is no .dockerignore: each change to {files} makes it and all \
         below run again"
    );
    let mut lines: Vec<String> = Vec::new();
    lines.extend(git.then(|| ".git".to_owned()));
    lines.extend(patterns(cx, project));
    lines.extend(project.dockerfile());
    lines.push(".dockerignore".to_owned());
    report(out, &meta::NO_IGNORE_FILE, copy, project, (message, "write a .dockerignore"), lines).severity(severity);
}

/// LW202: the history of the repository.
pub(super) fn git_folder(cx: &Context<'_, '_>, out: &mut Findings) {
    let Some((copy, project)) = broad(cx).filter(|(_, p)| p.ignore_path.is_some()) else { return };
    if !has_git(cx, project) {
        return;
    }
    let message =
        format!("{} brings .git, which each commit changes, so it is never found in the cache", cx.quote(copy));
    let what = (message, "add .git to the ignore file");
    report(out, &meta::GIT_FOLDER_SENT, copy, project, what, vec![".git".to_owned()]);
}

/// LW203: dependencies and build results.
pub(super) fn made_again_folders(cx: &Context<'_, '_>, out: &mut Findings) {
    let Some((copy, project)) = broad(cx).filter(|(_, p)| p.ignore_path.is_some()) else { return };
    let found: Vec<String> = made_again(cx, project).into_iter().map(|(path, _)| path).collect();
    let shown: Vec<String> = found.iter().take(3).cloned().collect();
    let Some(names) = list(&shown) else { return };
    let message = format!(
        "{} brings {names}, which tools made on your machine: what they leave there goes into the image, and each \
         change of it makes this and all below run again",
        cx.quote(copy)
    );
    let what = (message, "add what tools make again to the ignore file");
    report(out, &meta::DEPENDENCIES_SENT, copy, project, what, patterns(cx, project));
}

/// LW204: the Dockerfile itself.
pub(super) fn dockerfile(cx: &Context<'_, '_>, out: &mut Findings) {
    let Some((copy, project)) = broad(cx).filter(|(_, p)| p.ignore_path.is_some()) else { return };
    let Some(own) = project.dockerfile().filter(|path| project.has(path) && !is_named(cx, path)) else {
        return;
    };
    let message =
        format!("{} brings {own} itself: an edited comment in it makes this and all below run again", cx.quote(copy));
    let mut lines = vec![own];
    lines.extend(project.has(".dockerignore").then(|| ".dockerignore".to_owned()));
    report(out, &meta::DOCKERFILE_SENT, copy, project, (message, "add it to the ignore file"), lines);
}

fn report<'o>(
    out: &'o mut Findings,
    rule: &'static RuleMeta,
    copy: &Instruction<'_>,
    project: &Project,
    (message, title): (String, &str),
    lines: Vec<String>,
) -> super::findings::Finding<'o> {
    let path = project.ignore_path.clone().unwrap_or_else(|| project.root.join(".dockerignore"));
    let help = format!("{title}: {}", lines.join(", "));
    out.report(rule, copy.span, message)
        .label("brings all that is not ignored")
        .note("the fix is unsafe: what is ignored is no longer in the image, and a command may have used it")
        .help(help.clone())
        .fix(Fix::adding(help, path, lines))
}

/// The first COPY or ADD that brings the whole context, and the context.
fn broad<'c, 'a>(cx: &Context<'c, 'a>) -> Option<(&'c Instruction<'a>, &'c Project)> {
    let whole = |i: &&Instruction<'_>| {
        matches!(i.keyword, Keyword::Copy | Keyword::Add)
            && i.flag("from").is_none()
            && i.sources().iter().any(|w| matches!(clean(&w.text).as_str(), "" | "*"))
            && i.heredocs.is_empty()
    };
    let copy = cx.file.instructions.iter().find(whole)?;
    Some((copy, cx.project()?))
}

/// Whether the history is sent and no command asks for it.
fn has_git(cx: &Context<'_, '_>, project: &Project) -> bool {
    let asks = |i: &Instruction<'_>| {
        i.keyword == Keyword::Run
            && i.span.of(i.logical.source()).contains("git")
            && invocations(i).iter().any(|c| c.name() == "git" && !matches!(c.subcommand(), Some("clone" | "config")))
    };
    project.has(".git") && !is_named(cx, ".git") && !cx.instructions().any(asks)
}

/// The folders that are sent though tools make them again, and the pattern for each.
fn made_again(cx: &Context<'_, '_>, project: &Project) -> Vec<(String, &'static str)> {
    let mut places = vec![String::new()];
    if let Ok(entries) = project.root.read_dir() {
        let folders = entries.flatten().filter(|e| e.file_type().is_ok_and(|t| t.is_dir()));
        let names = folders.filter_map(|e| e.file_name().into_string().ok()).filter(|n| !n.starts_with('.'));
        places.extend(names.take(MOST_FOLDERS).map(|name| format!("{name}/")));
    }
    places.sort();
    let mut found: Vec<(String, &str)> = Vec::new();
    for place in places {
        for (name, witness, pattern) in MADE_AGAIN {
            let path = format!("{place}{name}");
            let made = project.is_dir(&path) && (witness.is_empty() || project.has(&format!("{place}{witness}")));
            if made && project.has(&path) && !is_named(cx, &path) && !found.iter().any(|(p, _)| *p == path) {
                found.push((path, pattern));
            }
        }
    }
    found
}

fn patterns(cx: &Context<'_, '_>, project: &Project) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    for (_, pattern) in made_again(cx, project) {
        if !patterns.iter().any(|p| p == pattern) {
            patterns.push(pattern.to_owned());
        }
    }
    patterns
}

/// Whether an instruction names `path`, or something in it: then somebody wants it.
fn is_named(cx: &Context<'_, '_>, path: &str) -> bool {
    let within = |source: &str| {
        let source = clean(source);
        source == path || source.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    };
    cx.model.context_sources().is_some_and(|sources| sources.iter().any(|s| within(s)))
}

/// `a`, `a and b`, `a, b and c`; `None` for nothing.
fn list(names: &[String]) -> Option<String> {
    let (last, rest) = names.split_last()?;
    Some(if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) })
}
