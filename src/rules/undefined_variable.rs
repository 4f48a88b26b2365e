//! UndefinedVar and LW410: a variable that nothing sets, or at most the base image.

use super::meta::{self, RuleMeta};
use super::{Context, Findings, absolute_workdir};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{PLATFORM, RawWord, Variables, global_variables, raw_words, visit_steps};
use crate::source::{LineEnding, Span};
use crate::suggest::Suggestions;
use crate::syntax::word::{Modifier, Part, Variable, lex};
use crate::syntax::{Instruction, Keyword, TriviaKind};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// UndefinedVar: what surely is not set.
pub(super) fn surely(cx: &Context<'_, '_>, out: &mut Findings) {
    check(cx, out, true);
}

/// LW410: what only an image could set of which no one knows the environment.
pub(super) fn maybe(cx: &Context<'_, '_>, out: &mut Findings) {
    check(cx, out, false);
}

fn check(cx: &Context<'_, '_>, out: &mut Findings, sure: bool) {
    if !cx.file.text.contains('$') {
        return;
    }
    let globals = global_variables(cx.model);
    let suggestions = Suggestions::default();
    visit_steps(cx.model, |stage, step, variables| {
        if !step.span.of(cx.file.text).contains('$') {
            return;
        }
        let mut seen: HashSet<String> = HashSet::new();
        let by_itself = OnceCell::new();
        for word in raw_words(step, cx.file.escape) {
            let Ok(parts) = lex(&word.text, word.escape) else { continue };
            let mut found = Vec::new();
            references(&word.text, &parts, &mut Vec::new(), &mut found);
            for variable in found {
                let name = &word.text[variable.name.clone()];
                if name.is_empty() || variables.says(name) || seen.contains(name) {
                    continue;
                }
                let own = by_itself.get_or_init(|| set_by(step)).get(name);
                // A global of that name is not handed on to the stage, whatever the base image sets.
                let out_of_scope = globals.says(name) || cx.model.declares(name);
                // Who sets it in the same line does not count on the base image for it.
                let same = step.keyword == Keyword::Env && own.is_some_and(|spans| is_set_for(spans, &word));
                let is_sure = variables.environment().sets(name) == Some(false)
                    || ((out_of_scope || same) && variables.environment().sets(name).is_none());
                if variables.environment().sets(name) == Some(true) || is_sure != sure {
                    continue;
                }
                seen.insert(name.to_owned());
                let rule: &'static RuleMeta =
                    if sure { &meta::UNDEFINED_VARIABLE } else { &meta::VARIABLE_OF_UNKNOWN_IMAGE };
                let place = Place { cx, step, variables, word: &word, variable, suggestions: &suggestions };
                let relative = step.keyword == Keyword::Workdir
                    && variable.range.start <= 1
                    && !word.text[variable.range.end..].starts_with('/')
                    && absolute_workdir::is_first(cx, stage, step);
                let why = match (sure, out_of_scope) {
                    (true, _) if same => Why::SetByTheSame,
                    (true, true) => Why::NotDeclaredHere,
                    (true, false) if own.is_some() => Why::ReadsItself,
                    (true, false) => Why::NotSet,
                    (false, _) => Why::NotKnown,
                };
                place.report(out, rule, name, (why, own.is_some()), relative);
            }
        }
    });
}

/// The names that the ENV or ARG `step` sets, each with the pairs of ENV that do.
fn set_by<'i>(step: &'i Instruction<'_>) -> HashMap<&'i str, Vec<Span>> {
    let mut names: HashMap<&str, Vec<Span>> = HashMap::new();
    for arg in step.args() {
        names.entry(&arg.name.text).or_default();
    }
    for pair in step.pairs().iter().filter(|_| step.keyword == Keyword::Env) {
        names.entry(&pair.key.text).or_default().push(pair.span);
    }
    names
}

/// Whether one of `pairs` is not the one that `word` belongs to.
fn is_set_for(pairs: &[Span], word: &RawWord<'_>) -> bool {
    pairs.iter().any(|pair| !pair.contains(word.span))
}

/// Why a variable is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    ReadsItself,
    NotDeclaredHere,
    SetByTheSame,
    NotSet,
    NotKnown,
}

/// A reference and all around it.
struct Place<'p, 'c, 'a> {
    cx: &'p Context<'c, 'a>,
    step: &'p Instruction<'a>,
    variables: &'p Variables,
    word: &'p RawWord<'p>,
    variable: &'p Variable,
    suggestions: &'p Suggestions,
}

impl Place<'_, '_, '_> {
    /// `own` says that the step sets the name itself.
    fn report(&self, out: &mut Findings, rule: &'static RuleMeta, name: &str, (why, own): (Why, bool), relative: bool) {
        let written = &self.word.text[self.variable.range.clone()];
        let shown = self.cx.plain(&format!("${name}"));
        let becomes = match &self.variable.modifier {
            Modifier::Default { .. } => "its default is always taken",
            Modifier::Required { .. } => "the build fails",
            _ => "it is empty",
        };
        let message = match why {
            Why::NotDeclaredHere if PLATFORM.contains(&name) => {
                format!("{shown} is not declared in this stage, so {becomes}")
            }
            Why::NotDeclaredHere => format!("{shown} is declared above the first FROM only, so {becomes} here"),
            Why::SetByTheSame => {
                format!("this ENV sets {shown} for the lines below it, not for its own other values, so here {becomes}")
            }
            Why::NotSet | Why::ReadsItself => format!("nothing sets {shown} above this line, so {becomes}"),
            Why::NotKnown => format!("nothing in this file sets {shown}; unless the base image does, {becomes}"),
        };
        let mut finding = out.report(rule, self.word.place(&self.variable.range), message);
        if relative {
            finding = finding.also("WorkdirRelativePath");
        }
        if why == Why::NotKnown {
            finding = finding.also("UndefinedVar");
        }
        if why == Why::SetByTheSame {
            finding = finding.also("DL3044");
        }
        let near = match why {
            // Who sets a name knows how it is spelled.
            Why::NotSet | Why::NotKnown if !own => self.suggestions.closest(name, || self.variables.names()),
            _ => None,
        };
        match (why, near) {
            (Why::ReadsItself, _) if self.step.keyword == Keyword::Env => {
                let remedy = match &self.variable.modifier {
                    Modifier::Default { .. } => format!("write the default in place of `{written}`"),
                    _ => format!("leave `{written}` out"),
                };
                finding.help(format!("{remedy}, or set `{name}` in an ENV above this one"));
            }
            (Why::ReadsItself, _) => {
                finding.help(format!(
                    "write the default as it is: `ARG {name}=...`; a build argument takes its place without `{written}`"
                ));
            }
            (Why::SetByTheSame, _) => {
                finding.help(format!("set `{name}` in an ENV of its own, above this one"));
            }
            (Why::NotDeclaredHere, _) => {
                let finding = finding.help(format!("put `ARG {name}` above it, in this stage"));
                let indent = &self.cx.file.text[self.step.lines.start as usize..self.step.keyword_span.start as usize];
                let line = format!("{indent}ARG {name}{}", LineEnding::of(self.cx.file.text).as_str());
                let start = above_comments(self.cx, self.step);
                let edits = vec![Edit::insert(start, line)];
                finding.fix(Fix::new(format!("declare `{name}` in the stage"), Applicability::Unsafe, edits));
            }
            (_, Some(near)) => {
                finding.help(format!("did you mean `${near}`?"));
            }
            (Why::NotKnown, None) => {
                finding.help(format!(
                    "set it here, with `ENV {name}=...` or `ARG {name}`, and the file says what it needs"
                ));
            }
            (_, None) => {
                finding.help(format!("set it above with `ENV {name}=...`, or declare `ARG {name}`"));
            }
        }
    }
}

/// Where `step` starts with the comments directly above it.
fn above_comments(cx: &Context<'_, '_>, step: &Instruction<'_>) -> u32 {
    let mut start = step.lines.start;
    let above = cx.file.trivia.partition_point(|t| t.span.start < start);
    for comment in cx.file.trivia[..above].iter().rev() {
        if comment.kind != TriviaKind::Comment || comment.span.end != start {
            break;
        }
        start = comment.span.start;
    }
    start
}

/// The variables in `parts`, but for those that are asked after and only used if set: `${A:+x$A}`.
fn references<'p>(text: &str, parts: &'p [Part], asked: &mut Vec<String>, out: &mut Vec<&'p Variable>) {
    for part in parts {
        match part {
            Part::Double(inner) => references(text, inner, asked, out),
            Part::Variable(variable) => {
                let name = &text[variable.name.clone()];
                if let Modifier::Alternative { word, .. } = &variable.modifier {
                    asked.push(name.to_owned());
                    references(text, word, asked, out);
                    asked.pop();
                    continue;
                }
                if !asked.iter().any(|a| a == name) {
                    out.push(variable);
                }
                match &variable.modifier {
                    Modifier::Default { word, .. } | Modifier::Required { word, .. } => {
                        references(text, word, asked, out)
                    }
                    Modifier::TrimPrefix { pattern, .. } | Modifier::TrimSuffix { pattern, .. } => {
                        references(text, pattern, asked, out);
                    }
                    Modifier::Replace { pattern, replacement, .. } => {
                        references(text, pattern, asked, out);
                        references(text, replacement, asked, out);
                    }
                    Modifier::None | Modifier::Alternative { .. } => {}
                }
            }
            Part::Text(_) | Part::Escaped(_) | Part::Single(_) => {}
        }
    }
}
