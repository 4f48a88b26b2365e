//! Comments that switch rules off: our own, and those of hadolint, BuildKit and ShellCheck.

use crate::config::is_custom_code;
use crate::diagnostic::Diagnostic;
use crate::rules;
use crate::shellcheck;
use crate::source::Span;
use crate::syntax::{Dockerfile, IgnoreComment, TriviaKind};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// What the comments of a file switch off.
#[derive(Debug, Default)]
pub(super) struct Pragmas<'t> {
    /// For the whole file.
    global: Vec<Word<'t>>,
    /// For one instruction, by its lines.
    local: Vec<(Span, Vec<Word<'t>>)>,
    /// BuildKit's `# check=skip=all`.
    all_of_buildkit: bool,
    /// Our own comments, in order.
    pub(super) own: Vec<Own>,
    /// The codes of the rules of the project.
    custom: Vec<&'static str>,
    /// What was asked already: many findings are alike, and a file may have many comments.
    asked: RefCell<HashMap<Asked, bool>>,
}

/// The place of words, which is an index into those for one instruction or `None` for those for the whole file, and what
/// they may name: the code and the aliases of a finding.
type Asked = (Option<usize>, &'static str, Vec<&'static str>);

/// A comment of our own.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) comment: IgnoreComment,
    pub(super) reach: Reach,
    /// Which of its codes have silenced a finding.
    used: Vec<Cell<bool>>,
}

/// What a comment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    File,
    /// The one with these lines.
    Instruction(Span),
    /// No instruction stands directly below it.
    Nothing,
}

/// A code in a comment.
#[derive(Clone, Copy, Debug)]
struct Word<'t> {
    text: &'t str,
    /// Which comment of ours it stands in, and which of its codes it is.
    own: Option<(usize, usize)>,
}

impl Own {
    /// Whether it names `code` as it is. `text` is the file.
    pub(super) fn says(&self, text: &str, code: &str) -> bool {
        self.comment.codes.iter().any(|span| span.of(text).eq_ignore_ascii_case(code))
    }

    /// Whether the code number `at` has silenced a finding.
    pub(super) fn is_used(&self, at: usize) -> bool {
        self.used[at].get()
    }
}

impl<'t> Pragmas<'t> {
    /// Reads the comments of `file`, for a project that has rules with the codes `custom`.
    pub(super) fn read(file: &Dockerfile<'t>, custom: Vec<&'static str>) -> Self {
        let mut pragmas = Self { custom, ..Self::default() };
        for directive in file.directives.iter().filter(|d| d.name.eq_ignore_ascii_case("check")) {
            pragmas.check(directive.value);
        }
        // A file without the word in it needs no second look.
        if !file.text.contains("ignore") && !file.text.contains("shellcheck") {
            return pragmas;
        }
        let mut trivia = file.trivia.iter().peekable();
        for i in &file.instructions {
            let mut words: Vec<Word<'_>> = Vec::new();
            while let Some(t) = trivia.next_if(|t| t.span.start < i.lines.start) {
                match t.kind {
                    TriviaKind::Comment => pragmas.comment(file.text, t.span, &mut words),
                    TriviaKind::Blank => words.clear(),
                    TriviaKind::Bom | TriviaKind::Directive => {}
                }
            }
            for t in i.inner.iter().filter(|t| t.kind == TriviaKind::Comment) {
                pragmas.comment(file.text, t.span, &mut words);
            }
            for (comment, _) in words.iter().filter_map(|word| word.own) {
                pragmas.own[comment].reach = Reach::Instruction(i.lines);
            }
            if !words.is_empty() {
                pragmas.local.push((i.lines, words));
            }
        }
        for t in trivia.filter(|t| t.kind == TriviaKind::Comment) {
            pragmas.comment(file.text, t.span, &mut Vec::new());
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
                self.global.push(Word { text: name, own: None });
            }
        }
    }

    /// Reads the comment on `line`; what it says of the next instruction goes to `local`.
    fn comment(&mut self, text: &'t str, line: Span, local: &mut Vec<Word<'t>>) {
        let comment = line.of(text).trim().trim_start_matches('#').trim_start();
        if let Some(rest) = comment.strip_prefix("shellcheck").filter(|rest| rest.starts_with([' ', '\t'])) {
            local.extend(disabled(rest).map(|text| Word { text, own: None }));
            return;
        }
        let Some(comment) = IgnoreComment::read(text, line) else { return };
        let own = comment.own.then_some(self.own.len());
        let words = comment.codes.iter().enumerate();
        let words = words.map(|(at, span)| Word { text: span.of(text), own: own.map(|own| (own, at)) });
        if comment.global {
            self.global.extend(words)
        } else {
            local.extend(words)
        }
        if comment.own {
            let reach = if comment.global { Reach::File } else { Reach::Nothing };
            let used = vec![Cell::new(false); comment.codes.len()];
            self.own.push(Own { comment, reach, used });
        }
    }

    /// Whether a comment switches `finding` off. All that do are remembered as used.
    pub(super) fn silence(&self, finding: &Diagnostic) -> bool {
        let mut is_silent = self.all_of_buildkit && is_of_buildkit(finding);
        is_silent |= self.try_all(None, &self.global, finding);
        for span in std::iter::once(&finding.primary.span).chain(&finding.members) {
            let index = self.local.partition_point(|(lines, _)| lines.end <= span.start);
            if let Some((_, words)) = self.local.get(index).filter(|(lines, _)| lines.start <= span.start) {
                is_silent |= self.try_all(Some(index), words, finding);
            }
        }
        is_silent
    }

    /// Whether one of `words`, which stand at `place`, names `finding`. All that do are remembered as used.
    fn try_all(&self, place: Option<usize>, words: &[Word<'_>], finding: &Diagnostic) -> bool {
        if words.is_empty() {
            return false;
        }
        let try_each = || {
            let mut named = false;
            for word in words.iter().filter(|word| names(word.text, finding) || self.starts(word, finding)) {
                named = true;
                if let Some((comment, at)) = word.own {
                    self.own[comment].used[at].set(true);
                }
            }
            named
        };
        let asked = (place, finding.code, finding.aliases.clone());
        *self.asked.borrow_mut().entry(asked).or_insert_with(try_each)
    }

    /// Whether `word`, in a comment of ours, is the start of the code of a finding of the project. The code of one rule
    /// does not mean others that start with it.
    fn starts(&self, word: &Word<'_>, finding: &Diagnostic) -> bool {
        word.own.is_some()
            && is_custom_code(finding.code)
            && starts(finding.code, word.text)
            && !self.custom.iter().any(|code| code.eq_ignore_ascii_case(word.text))
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
        || shellcheck::disables(code, finding.code)
        || !others()
            && rules::codes_of(code).is_some_and(|codes| codes.iter().any(|code| stands_for(code, finding.code)))
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
