//! What pip reads.

use super::{Needs, resolve};
use crate::context::Project;

/// What `pip install -r` needs for the requirement and constraint files `named`.
///
/// Source: the requirements file format of pip 24.
pub fn pip(project: &Project, named: &[String]) -> Needs {
    let mut needs = Needs::default();
    let mut pending: Vec<String> = named.iter().rev().cloned().collect();
    while let Some(path) = pending.pop() {
        if needs.files.contains(&path) {
            continue;
        }
        let Some(text) = project.text(&path) else {
            return if named.contains(&path) {
                needs.absent(&path)
            } else {
                needs.beyond(format!("the context has no {path}"))
            };
        };
        needs.files.push(path.clone());
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for line in logical_lines(&text) {
            for option in options(&line) {
                match read(option) {
                    Line::Plain => {}
                    Line::File(name) => match resolve(folder, name) {
                        Some(file) => pending.push(file),
                        None => return needs.beyond(format!("{path} names {name}, which lies outside the context")),
                    },
                    Line::Local => {
                        return needs.beyond(format!("{path} takes a package from your files: `{}`", line.trim()));
                    }
                    Line::Doubt => needs.doubt(format!("{path} has an option that may name files: `{}`", line.trim())),
                }
            }
        }
    }
    needs
}

enum Line<'l> {
    /// A package by name or by URL, or an option that names no file.
    Plain,
    /// A further file of requirements or constraints.
    File(&'l str),
    /// A package that lies in the project.
    Local,
    /// Something that may name files.
    Doubt,
}

/// The lines, continuations joined and comments taken out.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut joined = String::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        if let Some(start) = line.strip_suffix('\\') {
            joined.push_str(start);
            continue;
        }
        joined.push_str(line);
        let whole = std::mem::take(&mut joined);
        // A comment starts the line, or follows a blank.
        let end =
            if whole.trim_start().starts_with('#') { Some(0) } else { whole.find(" #").or_else(|| whole.find("\t#")) };
        let kept = whole[..end.unwrap_or(whole.len())].trim().to_owned();
        if !kept.is_empty() {
            lines.push(kept);
        }
    }
    if !joined.trim().is_empty() {
        lines.push(joined.trim().to_owned());
    }
    lines
}

/// The options of a line, each with its value: a line may have several. That of a package is left whole.
fn options(line: &str) -> impl Iterator<Item = &str> {
    let several = line.starts_with('-');
    let is_start = |at: usize| several && line[at..].starts_with('-') && line[..at].ends_with([' ', '\t']);
    let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).filter(|&at| at == 0 || is_start(at)).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([line.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| line[start..end].trim_end())
}

fn read(line: &str) -> Line<'_> {
    if !line.starts_with('-') {
        return requirement(line);
    }
    let (option, value) = match line.find([' ', '\t', '=']) {
        Some(at) => (&line[..at], line[at + 1..].trim()),
        // `-rbase.txt`
        None if line.len() > 2 && !line.starts_with("--") && line.is_char_boundary(2) => line.split_at(2),
        None => (line, ""),
    };
    match option {
        "-r" | "--requirement" | "-c" | "--constraint" if value.starts_with("http") => Line::Plain,
        "-r" | "--requirement" | "-c" | "--constraint" if value.contains(':') => Line::Local,
        "-r" | "--requirement" | "-c" | "--constraint" if value.contains(['$', '"', '\'']) => Line::Doubt,
        "-r" | "--requirement" | "-c" | "--constraint" if value.starts_with('/') => Line::Local,
        "-r" | "--requirement" | "-c" | "--constraint" => Line::File(value),
        "-i" | "--index-url" | "--extra-index-url" if value.starts_with("http") => Line::Plain,
        "--no-index" | "--pre" | "--prefer-binary" | "--require-hashes" | "--trusted-host" | "--no-binary"
        | "--only-binary" => Line::Plain,
        // A repository is checked out below the folder that pip runs in.
        "-e" | "--editable" if value.contains("+http") || value.contains("+ssh") => Line::Doubt,
        "-e" | "--editable" => Line::Local,
        "-f" | "--find-links" if value.starts_with("http") => Line::Plain,
        "-f" | "--find-links" => Line::Local,
        _ => Line::Doubt,
    }
}

/// A requirement: `name`, `name==1 ; marker`, `name @ URL`, a URL or a path.
fn requirement(line: &str) -> Line<'_> {
    let word = line.split([' ', '\t', ';']).next().unwrap_or(line);
    let target = line.split_once('@').map(|(_, target)| target.trim());
    let url = |text: &str| {
        ["http://", "https://", "git+https://", "git+http://", "git+ssh://", "git+git://", "hg+https://"]
            .iter()
            .any(|p| text.starts_with(p))
    };
    let options = line.match_indices(" --").any(|(at, _)| !line[at..].starts_with(" --hash"));
    if options {
        return Line::Doubt;
    }
    if url(word) || target.is_some_and(url) {
        return Line::Plain;
    }
    let archive = [".whl", ".zip", ".gz", ".tgz", ".bz2", ".tar", ".xz"].iter().any(|e| word.ends_with(e));
    let local = |text: &str| text.starts_with(['.', '/', '~']) || text.starts_with("file:");
    if local(word) || target.is_some_and(local) || archive || word.contains(['/', '\\', ':']) {
        return Line::Local;
    }
    let name = word.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    if name && target.is_none() && !word.contains('$') { Line::Plain } else { Line::Doubt }
}
