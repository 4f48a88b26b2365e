//! Reaching every command and word of a script, at every depth.

use super::ast::{
    AndOrKind, Arithmetic, Branch, Command, CommandKind, ForHead, Pipeline, Script, SimpleCommand, Word, WordPart,
};

/// What is known about whether and where a command runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Whether the script can succeed without running the command: a branch, a body, the right side of `||`.
    pub conditional: bool,
    /// Whether the script can go on and succeed although the command fails, `set -e` and `pipefail` left aside.
    pub unchecked: bool,
    /// Whether it goes on even under `set -e`: something looks at the result, or it stands in front of `&&`.
    pub ignored: bool,
    /// Whether it is one of several commands of a pipeline.
    pub piped: bool,
    /// Whether it runs in a shell of its own, so that `cd` and assignments don't last.
    pub subshell: bool,
    /// Whether its output is substituted into a word.
    pub substitution: bool,
    /// Whether it is in a function's body, which a mere definition does not run.
    pub function: bool,
    /// Whether it is in a loop.
    pub repeated: bool,
}

/// What to do with the parts of a script; each method does nothing unless it is overridden.
pub trait Visitor<'s> {
    /// Called for each simple command, before its words.
    fn simple(&mut self, _command: &'s Command, _simple: &'s SimpleCommand, _context: Context) {}

    /// Called for each command of any kind, before what it holds.
    fn command(&mut self, _command: &'s Command, _context: Context) {}

    /// Called for each word, before its parts.
    fn word(&mut self, _word: &'s Word, _context: Context) {}

    /// Called for each part of a word, before the parts inside it.
    fn part(&mut self, _part: &'s WordPart, _context: Context) {}
}

/// Calls a closure for each simple command.
struct Simple<F>(F);

impl<'s, F: FnMut(&'s Command, &'s SimpleCommand, Context)> Visitor<'s> for Simple<F> {
    fn simple(&mut self, command: &'s Command, simple: &'s SimpleCommand, context: Context) {
        (self.0)(command, simple, context);
    }
}

impl Script {
    /// Calls `visit` for every simple command, in order, also those in substitutions and heredocs.
    pub fn walk<'s>(&'s self, visit: impl FnMut(&'s Command, &'s SimpleCommand, Context)) {
        self.accept(&mut Simple(visit), Context::default());
    }

    /// Shows everything in the script to `visitor`; `context` is that of the script itself.
    pub fn accept<'s>(&'s self, visitor: &mut impl Visitor<'s>, context: Context) {
        let last = self.lists.len().saturating_sub(1);
        for (i, list) in self.lists.iter().enumerate() {
            let mut list_context = context;
            list_context.unchecked |= i < last || list.background;
            list_context.subshell |= list.background;
            let is_passed_over = list_context.unchecked && !list.rest.is_empty();
            let mut chain = list_context;
            chain.ignored |= is_passed_over;
            // A failure on the left of `||`, however far, is not that of the list.
            let last_or = list.rest.iter().rposition(|(op, _)| op.kind == AndOrKind::Or);
            let rescued = |from: usize| last_or.is_some_and(|last| last >= from);
            chain.unchecked |= rescued(0);
            chain.ignored |= rescued(0);
            list.first.accept(visitor, chain);
            for (j, (op, pipeline)) in list.rest.iter().enumerate() {
                let mut chain = list_context;
                chain.unchecked |= rescued(j + 1);
                chain.ignored |= rescued(j + 1) || is_passed_over && j + 1 < list.rest.len();
                // After `&&`, a command that does not run means that the chain fails so far.
                chain.conditional |= op.kind == AndOrKind::Or || chain.unchecked;
                pipeline.accept(visitor, chain);
            }
        }
    }
}

impl Pipeline {
    fn accept<'s>(&'s self, visitor: &mut impl Visitor<'s>, mut context: Context) {
        context.unchecked |= self.negated;
        context.ignored |= self.negated;
        let piped = self.commands.len() > 1;
        context.piped |= piped;
        context.subshell |= piped;
        for (i, command) in self.commands.iter().enumerate() {
            let mut context = context;
            context.unchecked |= i + 1 < self.commands.len();
            command.accept(visitor, context);
        }
    }
}

impl Command {
    /// Shows the command and everything in it to `visitor`.
    pub fn accept<'s>(&'s self, visitor: &mut impl Visitor<'s>, context: Context) {
        visitor.command(self, context);
        let body = Context { conditional: true, ..context };
        let condition = Context { unchecked: true, ignored: true, ..context };
        match &self.kind {
            CommandKind::Simple(simple) => {
                visitor.simple(self, simple, context);
                let values = simple.assignments.iter().filter_map(|assignment| assignment.value.as_ref());
                words(values.chain(&simple.words), visitor, context);
            }
            CommandKind::Subshell(script) => script.accept(visitor, Context { subshell: true, ..context }),
            CommandKind::Group(script) => script.accept(visitor, context),
            CommandKind::If { branches, otherwise } => {
                for (i, branch) in branches.iter().enumerate() {
                    let conditional = context.conditional || i > 0;
                    branch.condition.accept(visitor, Context { conditional, ..condition });
                    branch.body.accept(visitor, body);
                }
                if let Some(otherwise) = otherwise {
                    otherwise.accept(visitor, body);
                }
            }
            CommandKind::While { branch, .. } => {
                let Branch { condition: test, body: list } = &**branch;
                test.accept(visitor, Context { repeated: true, ..condition });
                list.accept(visitor, Context { repeated: true, unchecked: true, ..body });
            }
            CommandKind::For(clause) => {
                match &clause.head {
                    ForHead::Words { words: list, .. } => words(list.iter().flatten(), visitor, context),
                    ForHead::Arithmetic(arithmetic) => parts(&arithmetic.parts, visitor, context),
                }
                clause.body.accept(visitor, Context { repeated: true, unchecked: true, ..body });
            }
            CommandKind::Case(case) => {
                case.subject.accept(visitor, context);
                for item in &case.items {
                    words(&item.patterns, visitor, context);
                    item.body.accept(visitor, body);
                }
            }
            CommandKind::Function { body: inner, .. } => {
                if let Some(inner) = inner {
                    inner.accept(visitor, Context { function: true, unchecked: true, ..body });
                }
            }
            CommandKind::Test(list) => words(list, visitor, context),
            CommandKind::Arithmetic(Arithmetic { parts: list, .. }) => parts(list, visitor, context),
        }
        for redirect in &self.redirects {
            redirect.target.accept(visitor, context);
            if let Some(heredoc) = &redirect.heredoc {
                parts(&heredoc.parts, visitor, context);
            }
        }
    }
}

impl Word {
    /// Shows the word and everything in it to `visitor`.
    #[inline]
    pub fn accept<'s>(&'s self, visitor: &mut impl Visitor<'s>, context: Context) {
        visitor.word(self, context);
        match &self.parts[..] {
            // Most words are one literal, and most visitors don't look at those.
            [only @ WordPart::Literal(_)] => visitor.part(only, context),
            all => parts(all, visitor, context),
        }
    }
}

fn words<'s>(list: impl IntoIterator<Item = &'s Word>, visitor: &mut impl Visitor<'s>, context: Context) {
    for word in list {
        word.accept(visitor, context);
    }
}

fn parts<'s>(list: &'s [WordPart], visitor: &mut impl Visitor<'s>, context: Context) {
    for part in list {
        visitor.part(part, context);
        let inner = Context { subshell: true, substitution: true, unchecked: true, ..context };
        match part {
            WordPart::Command { script, .. } | WordPart::ProcessSubstitution { script, .. } => {
                script.accept(visitor, inner);
            }
            WordPart::DoubleQuoted { parts: list, .. } => parts(list, visitor, context),
            WordPart::Arithmetic(Arithmetic { parts: list, .. }) => parts(list, visitor, context),
            WordPart::Parameter { op: Some(op), .. } => {
                // `${name:-$(command)}` runs the command only when it needs the value.
                let inner = Context { conditional: true, ..context };
                words(op.operand.iter().chain(&op.replacement), visitor, inner);
            }
            WordPart::Array { words: list, .. } => words(list, visitor, context),
            _ => {}
        }
    }
}
