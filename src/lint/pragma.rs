//! Comments that switch rules off: our own, and those of hadolint and BuildKit.

use crate::config::is_custom_code;
use crate::diagnostic::Diagnostic;
use crate::rules;
use crate::shellcheck;
use crate::source::Span;
use crate::syntax::{Dockerfile, TriviaKind};

/// What the comments of a file switch off.
#[derive(Debug, Default)]
pub(super) struct Pragmas<'t> {
    /// For the whole file.
    global: Vec<&'t str>,
    /// For one instruction, by its lines.
    local: Vec<(Span, Vec<&'t str>)>,
    /// BuildKit's `# check=skip=all`.
    all_of_buildkit: bool,
}

impl<'t> Pragmas<'t> {
    /// Reads the comments of `file`.
    pub(super) fn read(file: &Dockerfile<'t>) -> Self {
        let mut pragmas = Self::default();
        for directive in file.directives.iter().filter(|d| d.name.eq_ignore_ascii_case("check")) {
            pragmas.check(directive.value);
        }
        // A file without the word in it needs no second look.
        if !file.text.contains("ignore") && !file.text.contains("shellcheck") {
            return pragmas;
        }
        let mut trivia = file.trivia.iter().peekable();
        for i in &file.instructions {
            let mut codes: Vec<&str> = Vec::new();
            while let Some(t) = trivia.next_if(|t| t.span.start < i.lines.start) {
                match t.kind {
                    TriviaKind::Comment => pragmas.comment(t.span.of(file.text), &mut codes),
                    TriviaKind::Blank => codes.clear(),
                    TriviaKind::Bom | TriviaKind::Directive => {}
                }
            }
            for t in i.inner.iter().filter(|t| t.kind == TriviaKind::Comment) {
                pragmas.comment(t.span.of(file.text), &mut codes);
            }
            if !codes.is_empty() {
                pragmas.local.push((i.lines, codes));
            }
        }
        for t in trivia.filter(|t| t.kind == TriviaKind::Comment) {
            pragmas.comment(t.span.of(file.text), &mut Vec::new());
        }
        pragmas
    }

    /// `# check=skip=A,B;error=true`
    fn check(&mut self, value: &'t str) {
        let skips = value.split(';').filter_map(|part| part.trim().strip_prefix("skip="));
        for name in skips.flat_map(|list| list.split(',')).map(str::trim) {
            if name.eq_ignore_ascii_case("all") {
                self.all_of_buildkit = true;
            } else if !name.is_empty() {
                self.global.push(name);
            }
        }
    }

    /// `# layerwise [global] ignore=A,B # why`, and the same for hadolint.
    fn comment(&mut self, comment: &'t str, local: &mut Vec<&'t str>) {
        let text = comment.trim().trim_start_matches('#').trim_start();
        if let Some(rest) = text.strip_prefix("shellcheck").filter(|rest| rest.starts_with([' ', '\t'])) {
            local.extend(disabled(rest));
            return;
        }
        let Some(rest) = text.strip_prefix("layerwise").or_else(|| text.strip_prefix("hadolint")) else { return };
        if !rest.starts_with([' ', '\t']) {
            return;
        }
        let rest = rest.trim_start();
        let (global, rest) = match rest.strip_prefix("global") {
            Some(rest) => (true, rest.trim_start()),
            None => (false, rest),
        };
        let Some(list) = rest.strip_prefix("ignore").and_then(|r| r.trim_start().strip_prefix('=')) else { return };
        let list = list.split('#').next().unwrap_or_default();
        let codes = list.split(',').filter_map(|item| item.split_whitespace().next());
        if global { self.global.extend(codes) } else { local.extend(codes) }
    }

    /// Whether a comment switches `finding` off.
    pub(super) fn silence(&self, finding: &Diagnostic) -> bool {
        let named = |codes: &[&str]| codes.iter().any(|code| names(code, finding));
        let at_place = |span: &Span| {
            let index = self.local.partition_point(|(lines, _)| lines.end <= span.start);
            self.local.get(index).is_some_and(|(lines, codes)| lines.start <= span.start && named(codes))
        };
        (self.all_of_buildkit && is_of_buildkit(finding))
            || named(&self.global)
            || std::iter::once(&finding.primary.span).chain(&finding.members).any(at_place)
    }
}

/// The codes in ` disable=SC1,SC2 # why`, a comment to ShellCheck. The builder takes it out of a script before
/// ShellCheck can see it.
fn disabled(text: &str) -> impl Iterator<Item = &str> {
    let text = text.split('#').next().unwrap_or_default();
    let lists = text.split_whitespace().filter_map(|word| word.strip_prefix("disable="));
    let codes = lists.flat_map(|list| list.split(','));
    codes
        .map(|code| if code == "all" { shellcheck::PREFIX } else { code })
        .filter(|code| *code == shellcheck::PREFIX || shellcheck::is_disable(code))
}

/// Whether `code` is a code, a name, an alias or the start of a code of the finding's rule.
fn names(code: &str, finding: &Diagnostic) -> bool {
    let is = |name: &&str| name.eq_ignore_ascii_case(code);
    // A name for some of a rule's findings means those that carry it.
    let others = || rules::find(finding.code).is_some_and(|rule| rule.meta.also.iter().any(is));
    is(&finding.code)
        || finding.aliases.iter().any(is)
        || is_custom_code(finding.code) && starts(finding.code, code)
        || shellcheck::disables(code, finding.code)
        || !others() && rules::resolve(code).is_ok_and(|codes| codes.iter().any(|code| stands_for(code, finding.code)))
}

/// Whether the code of a custom rule starts with `start`, whatever its case.
fn starts(code: &str, start: &str) -> bool {
    !start.is_empty() && code.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// Whether `selected`, a code or the start of ShellCheck's codes, stands for `code`.
fn stands_for(selected: &str, code: &str) -> bool {
    selected == code
        || shellcheck::selector(selected).is_some() && code.starts_with(selected)
        || selected == rules::CUSTOM && is_custom_code(code)
}

/// BuildKit's checks are called by words, those of the others by letters and numbers.
fn is_of_buildkit(finding: &Diagnostic) -> bool {
    let is_word = |name: &str| !name.ends_with(|c: char| c.is_ascii_digit());
    is_word(finding.code) || finding.aliases.iter().any(|alias| is_word(alias))
}
