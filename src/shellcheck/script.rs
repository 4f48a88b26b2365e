//! The scripts of a file as the shell gets them from the builder.

use super::dialect::Dialect;
use super::position::Mapped;
use super::shells;
use crate::model::{Model, RunLine, Variables, run_lines, visit_steps};
use crate::syntax::{Form, Heredoc, Instruction, Keyword, mount_fields};
use std::collections::BTreeMap;
use std::ops::Range;

/// What the builder sets in every RUN without an ARG for it, if it is given to the build.
///
/// Source: Dockerfile reference, "Predefined ARGs".
const PREDEFINED: [&str; 10] = [
    "ALL_PROXY",
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "all_proxy",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// The script of a RUN.
#[derive(Clone, Debug)]
pub struct ShellScript {
    /// The text for ShellCheck: a `#!` line, the names that are set, and what the shell gets.
    pub text: Mapped,
    /// Whether it stands between the lines of a here-document, so that lines can be added to it.
    pub heredoc: bool,
}

/// The scripts of all RUNs that a shell reads that ShellCheck knows.
pub fn scripts(model: &Model<'_, '_>) -> Vec<ShellScript> {
    let lines = run_lines(model);
    if lines.is_empty() {
        return Vec::new();
    }
    let (variables, told) = (variables(model), shells::told(model));
    lines.iter().filter_map(|line| script(model, line, variables[line.at].as_ref(), told[line.at])).collect()
}

/// The variables at each instruction of the file where a RUN could read them.
fn variables(model: &Model<'_, '_>) -> Vec<Option<Variables>> {
    let mut all = vec![None; model.file.instructions.len()];
    let mut places = model.stages.iter().flat_map(|stage| stage.steps.clone());
    visit_steps(model, |_, step, variables| {
        let at = places.next();
        if matches!(step.keyword, Keyword::Run | Keyword::Onbuild)
            && let Some(place) = at.and_then(|at| all.get_mut(at))
        {
            *place = Some(variables.clone());
        }
    });
    all
}

fn script(
    model: &Model<'_, '_>,
    line: &RunLine<'_, '_>,
    variables: Option<&Variables>,
    told: Option<Option<Dialect>>,
) -> Option<ShellScript> {
    let run = line.instruction;
    let Some(Form::Shell { range, .. }) = run.command() else { return None };
    let whole = &model.file.instructions[line.at];
    let image = model.image(line.stage);
    let shell = match line.shell {
        _ if told.is_some() => told.flatten().map(|d| d.or_image(image)),
        Some(words) => Dialect::of_words(words.iter().map(|w| w.text.as_ref())).map(|d| d.or_image(image)),
        None => Dialect::of_image(image, model.file.escape != '\\'),
    };
    let mut body = Mapped::default();
    let script = if let Some(heredoc) = only_heredoc(whole, range.clone()) {
        // A first line that names a program starts that program; the SHELL is out of it then.
        let (first, rest) = match heredoc.content.strip_prefix("#!").and_then(|rest| rest.split_once('\n')) {
            Some((line, rest)) => (Some(line.split_whitespace()), rest),
            None => (None, heredoc.content),
        };
        let named = |words| Dialect::of_words(words).map(|d| d.or_image(image));
        let dialect = first.map_or(shell, named)?;
        let head = rest.len() - without_comments(rest).len();
        body.own(&dialect.shebang());
        // Comments to ShellCheck are about the whole script if they come first.
        lines_of(&mut body, heredoc, rest, 0..head);
        declare(&mut body, run, variables, rest);
        lines_of(&mut body, heredoc, rest, head..rest.len());
        ShellScript { text: body, heredoc: true }
    } else {
        let text = run.logical.text();
        let content = whole.heredocs.iter().map(|h| h.content).collect::<Vec<_>>().concat();
        body.own(&shell?.shebang());
        declare(&mut body, run, variables, &[&text[range.clone()], &content].concat());
        for (part, source) in run.logical.pieces(range.clone()) {
            body.piece(&text[part], source);
        }
        for heredoc in &whole.heredocs {
            body.own("\n");
            body.piece(heredoc.content, heredoc.content_span.start);
            body.own(&heredoc.name);
        }
        body.own("\n");
        ShellScript { text: body, heredoc: false }
    };
    Some(script)
}

/// The here-document that is the script, if the line has nothing else.
fn only_heredoc<'i, 'a>(run: &'i Instruction<'a>, range: Range<usize>) -> Option<&'i Heredoc<'a>> {
    let [heredoc] = run.heredocs.as_slice() else { return None };
    let line = &run.logical.text()[range.clone()];
    let start = range.start + line.len() - line.trim_start().len();
    let end = range.end - (line.len() - line.trim_end().len());
    (run.logical.span(start..end) == heredoc.span).then_some(heredoc)
}

/// `text` from its first line that is neither a comment nor blank.
fn without_comments(text: &str) -> &str {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let head: usize = text.split_inclusive('\n').take_while(|line| !is_code(line)).map(str::len).sum();
    &text[head..]
}

/// Adds the lines `part` of `rest`, the end of a here-document; with `<<-` without the tabs in front.
fn lines_of(body: &mut Mapped, heredoc: &Heredoc<'_>, rest: &str, part: Range<usize>) {
    let mut source = heredoc.content_span.end - (rest.len() - part.start) as u32;
    for line in rest[part].split_inclusive('\n') {
        let text = if heredoc.chomp { line.trim_start_matches('\t') } else { line };
        body.piece(text, source + (line.len() - text.len()) as u32);
        source += line.len() as u32;
    }
}

/// Sets the variables that are set and that `text` may read. One whose value the file tells, or that the builder sets, is
/// set to one word: what is set to several words is most often meant to be split. What the build is given can be anything.
fn declare(body: &mut Mapped, run: &Instruction<'_>, variables: Option<&Variables>, text: &str) {
    let mounts = run.flags.iter().filter(|f| f.name() == "mount").filter_map(|f| mount_fields(f.value()?));
    let secrets: Vec<String> = mounts
        .flatten()
        .filter(|field| field.key.eq_ignore_ascii_case("env"))
        .filter_map(|field| field.value.map(|v| v.into_owned()))
        .collect();
    let is_given = |name: &str| match variables {
        _ if PREDEFINED.contains(&name) => Some(false),
        _ if secrets.iter().any(|secret| secret == name) => Some(true),
        variables => variables.filter(|v| v.says(name)).map(|v| v.is_given(name)),
    };
    let words = text.split(|c: char| c != '_' && !c.is_ascii_alphanumeric()).filter(|word| is_name(word));
    let used: BTreeMap<&str, bool> = words.filter_map(|name| Some((name, is_given(name)?))).collect();
    if used.is_empty() {
        return;
    }
    body.own("export");
    for (name, given) in used {
        body.own(&format!(" {name}={}", if given { "\"$1\"" } else { "1" }));
    }
    body.own("\n");
}

fn is_name(name: &str) -> bool {
    let is_letter = |b: u8| b == b'_' || b.is_ascii_alphabetic();
    name.bytes().next().is_some_and(is_letter) && name.bytes().all(|b| is_letter(b) || b.is_ascii_digit())
}
