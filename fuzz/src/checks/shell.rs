//! The tree of a shell script.

use layerwise::source::Span;
use layerwise::syntax::shell::*;

/// Nothing is nested deeper.
const DEEPEST: usize = 100;

/// Checks that spans are on boundaries, in order and inside what is around them.
struct Checker<'t> {
    text: &'t str,
    range: Span,
}

impl Checker<'_> {
    fn span(&self, span: Span, parent: Span) {
        assert!(span.start <= span.end && parent.contains(span), "{span:?} is not in {parent:?} of {:?}", self.text);
        assert!(self.text.get(span.range()).is_some(), "{span:?} cuts a character of {:?}", self.text);
    }

    fn ordered(&self, spans: impl IntoIterator<Item = Span>, parent: Span) {
        let mut last = parent.start;
        for span in spans {
            self.span(span, parent);
            assert!(last <= span.start, "{span:?} is out of order in {:?}", self.text);
            last = span.end;
        }
    }

    fn script(&self, script: &Script, parent: Span) {
        self.span(script.span, parent);
        self.ordered(script.lists.iter().map(|list| list.span), script.span);
        for list in &script.lists {
            let rest = list.rest.iter().flat_map(|(op, pipeline)| [op.span, pipeline.span]);
            self.ordered(std::iter::once(list.first.span).chain(rest), list.span);
            for pipeline in std::iter::once(&list.first).chain(list.rest.iter().map(|(_, pipeline)| pipeline)) {
                assert_eq!(pipeline.pipes.len() + 1, pipeline.commands.len());
                self.ordered(pipeline.commands.iter().map(|command| command.span), pipeline.span);
                self.ordered(pipeline.pipes.iter().map(|pipe| pipe.span), pipeline.span);
                pipeline.commands.iter().for_each(|command| self.command(command));
            }
        }
    }

    fn command(&self, command: &Command) {
        let span = command.span;
        match &command.kind {
            CommandKind::Simple(simple) => {
                self.ordered(simple.assignments.iter().map(|assignment| assignment.span), span);
                for assignment in &simple.assignments {
                    self.ordered([assignment.name].into_iter().chain(assignment.subscript), assignment.span);
                    self.words(&assignment.value, assignment.span);
                }
                self.words(&simple.words, span);
            }
            CommandKind::Subshell(script) | CommandKind::Group(script) => self.script(script, span),
            CommandKind::If { branches, otherwise } => {
                for branch in branches {
                    self.ordered([branch.condition.span, branch.body.span], span);
                    self.script(&branch.condition, span);
                    self.script(&branch.body, span);
                }
                otherwise.iter().for_each(|script| self.script(script, span));
            }
            CommandKind::While { branch, .. } => {
                self.script(&branch.condition, span);
                self.script(&branch.body, span);
            }
            CommandKind::For(clause) => {
                match &clause.head {
                    ForHead::Words { name, words } => {
                        self.span(*name, span);
                        self.words(words.iter().flatten(), span);
                    }
                    ForHead::Arithmetic(arithmetic) => self.parts(&arithmetic.parts, arithmetic.span),
                }
                self.script(&clause.body, span);
            }
            CommandKind::Case(case) => {
                self.words([&case.subject], span);
                self.ordered(case.items.iter().map(|item| item.span), span);
                for item in &case.items {
                    self.words(&item.patterns, item.span);
                    self.script(&item.body, item.span);
                    item.terminator.iter().for_each(|&terminator| self.span(terminator, item.span));
                }
            }
            CommandKind::Function { name, body } => {
                self.ordered([*name].into_iter().chain(body.iter().map(|body| body.span)), span);
                body.iter().for_each(|body| self.command(body));
            }
            CommandKind::Test(words) => self.words(words, span),
            CommandKind::Arithmetic(arithmetic) => self.parts(&arithmetic.parts, arithmetic.span),
        }
        self.ordered(command.redirects.iter().map(|redirect| redirect.span), span);
        for redirect in &command.redirects {
            redirect.fd.iter().for_each(|&fd| self.span(fd, redirect.span));
            self.words([&redirect.target], redirect.span);
            if let Some(heredoc) = &redirect.heredoc {
                self.span(heredoc.body, self.range);
                assert!(redirect.span.end <= heredoc.body.start);
                self.covering(&heredoc.parts, heredoc.body);
            }
        }
    }

    fn words<'w>(&self, words: impl IntoIterator<Item = &'w Word>, parent: Span) {
        let mut last = parent.start;
        for word in words {
            self.ordered([Span::empty(last), word.span], parent);
            last = word.span.end;
            self.covering(&word.parts, word.span);
            assert!(word.literal(self.text).is_none_or(|value| value.len() <= word.span.len() as usize));
        }
    }

    /// Checks parts that leave no byte out.
    fn covering(&self, parts: &[WordPart], parent: Span) {
        self.parts(parts, parent);
        let mut at = parent.start;
        for part in parts {
            assert_eq!(part.span().start, at, "a gap in {parent:?} of {:?}", self.text);
            at = part.span().end;
        }
        assert_eq!(at, parent.end, "a gap at the end of {parent:?} of {:?}", self.text);
    }

    fn parts(&self, parts: &[WordPart], parent: Span) {
        self.ordered(parts.iter().map(WordPart::span), parent);
        for part in parts {
            let span = part.span();
            match part {
                WordPart::DoubleQuoted { parts, .. } => self.parts(parts, span),
                WordPart::Arithmetic(arithmetic) => self.parts(&arithmetic.parts, span),
                WordPart::Command { script, .. } | WordPart::ProcessSubstitution { script, .. } => {
                    self.script(script, span);
                }
                WordPart::Array { words, .. } => self.words(words, span),
                WordPart::Parameter { name, op, .. } => {
                    self.span(*name, span);
                    if let Some(op) = op {
                        self.span(op.span, span);
                        self.words(op.operand.iter().chain(&op.replacement), span);
                    }
                }
                _ => {}
            }
        }
    }
}

/// The spans of the tree of `text[range]` are on boundaries, in order and inside what is around them.
pub fn assert_spans(text: &str, range: Span) {
    let script = parse(text, range);
    let checker = Checker { text, range };
    checker.script(&script, range);
    checker.ordered(script.comments.iter().copied(), range);
    for error in &script.errors {
        checker.span(error.span, range);
    }
    script.walk(|_, simple, _| {
        let _ = simple.name(text);
        // Each level may read a text once more, and no more often.
        simple.words.iter().for_each(|word| assert!(word.parameters().count() <= DEEPEST * text.len()));
    });
}

pub(super) fn check(text: &str) {
    assert_spans(text, Span::from(0..text.len()));
    // A script in the middle of a file, cut anywhere.
    let inside = |at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    assert_spans(text, Span::from(inside(text.len() / 4)..inside(text.len() / 4 * 3)));
}
