//! The types of the syntax tree.

use super::error::SyntaxError;
use super::keyword::Keyword;
use super::logical::Logical;
use super::mention::Triples;
use super::shell;
use crate::source::Span;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

/// A whole file. [`super::tokens()`] gives its leaves, whose joined spans are the text.
#[derive(Clone, Debug)]
pub struct Dockerfile<'a> {
    /// The text that all spans point into.
    pub text: &'a str,
    /// The escape character in force: `\` or `` ` ``.
    pub escape: char,
    /// The parser directives at the top.
    pub directives: Vec<Directive<'a>>,
    /// The instructions, in order.
    pub instructions: Vec<Instruction<'a>>,
    /// What stands between the instructions, in order.
    pub trivia: Vec<Trivia>,
    /// What BuildKit refuses, in order.
    pub errors: Vec<SyntaxError>,
}

/// `# syntax=`, `# escape=` or `# check=`.
#[derive(Clone, Debug)]
pub struct Directive<'a> {
    /// The line, with its newline.
    pub span: Span,
    /// The name, as written.
    pub name: &'a str,
    /// The value, without blanks around it.
    pub value: &'a str,
    /// Where the value stands.
    pub value_span: Span,
}

/// A piece of text between instructions, or between the lines of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trivia {
    /// What it is.
    pub kind: TriviaKind,
    /// All of it: a whole line with its newline, or the byte order mark.
    pub span: Span,
}

/// What a piece of trivia is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriviaKind {
    /// The byte order mark at the start of the file.
    Bom,
    /// A line of blanks.
    Blank,
    /// A comment line.
    Comment,
    /// A parser directive.
    Directive,
}

/// One instruction.
#[derive(Clone, Debug)]
pub struct Instruction<'a> {
    /// Which instruction.
    pub keyword: Keyword,
    /// Where the keyword stands.
    pub keyword_span: Span,
    /// The `--name=value` flags.
    pub flags: Vec<Flag<'a>>,
    /// The arguments.
    pub body: Body<'a>,
    /// The here-documents, in order.
    pub heredocs: Vec<Heredoc<'a>>,
    /// From the keyword to the last byte, without the final newline.
    pub span: Span,
    /// The whole lines, with the indentation and the final newline.
    pub lines: Span,
    /// The lines as numbers, from 1: the first, and the last.
    pub line_numbers: (u32, u32),
    /// The joined text, which [`Form::Shell`] points into.
    pub logical: Logical<'a>,
    /// The part of the joined text that is this instruction (all of it but below ONBUILD).
    pub range: Range<usize>,
    /// The comments and blank lines between the lines.
    pub inner: Vec<Trivia>,
    /// Whether the file ends behind an escape character, where a further line should come: what is
    /// put below would become a part of the instruction.
    pub unfinished: bool,
    /// What [`Instruction::shell_tree`] has parsed.
    pub(super) shell_tree: OnceCell<Box<shell::Script>>,
    /// What [`Instruction::mentions`] has seen.
    pub(super) triples: OnceCell<Box<Triples>>,
}

impl<'a> Instruction<'a> {
    /// Whether `word` stands anywhere in the text of the instruction, here-documents and comments too. Quick when many
    /// words are asked about: what does not name a program need not be read.
    pub fn mentions(&self, word: &str) -> bool {
        let text = || self.span.of(self.logical.source());
        self.triples.get_or_init(|| Box::new(Triples::of(text()))).may_hold(word) && text().contains(word)
    }

    /// The commands of the shell form, which are parsed when somebody first asks for them. The spans point into the
    /// whole of `logical`. None for other forms.
    pub fn shell_tree(&self) -> Option<&shell::Script> {
        let Some(Form::Shell { range, .. }) = self.command() else { return None };
        let parse = || Box::new(shell::parse(self.logical.text(), Span::from(range.clone())));
        Some(self.shell_tree.get_or_init(parse))
    }

    /// The joined text.
    pub fn joined(&self) -> &str {
        &self.logical.text()[self.range.clone()]
    }

    /// The keyword as written.
    pub fn keyword_text(&self) -> &'a str {
        self.keyword_span.of(self.logical.source())
    }

    /// The first flag called `name`.
    pub fn flag(&self, name: &str) -> Option<&Flag<'a>> {
        self.flags.iter().find(|f| f.name() == name)
    }

    /// The words of FROM, COPY, ADD, EXPOSE and VOLUME.
    pub fn words(&self) -> &[Word<'a>] {
        match &self.body {
            Body::Words { words, .. } => words,
            _ => &[],
        }
    }

    /// The pairs of ENV and LABEL.
    pub fn pairs(&self) -> &[Pair<'a>] {
        match &self.body {
            Body::Pairs { pairs, .. } => pairs,
            _ => &[],
        }
    }

    /// The variables that ARG declares.
    pub fn args(&self) -> &[ArgItem<'a>] {
        match &self.body {
            Body::Args(args) => args,
            _ => &[],
        }
    }

    /// The argument of WORKDIR, USER, STOPSIGNAL and MAINTAINER.
    pub fn single(&self) -> Option<&Word<'a>> {
        match &self.body {
            Body::Single(word) => word.as_ref(),
            _ => None,
        }
    }

    /// The command of RUN, CMD, ENTRYPOINT, SHELL and HEALTHCHECK.
    pub fn command(&self) -> Option<&Form<'a>> {
        match &self.body {
            Body::Command(form) | Body::Healthcheck { command: form, .. } => Some(form),
            _ => None,
        }
    }

    /// The instruction below ONBUILD.
    pub fn trigger(&self) -> Option<&Instruction<'a>> {
        match &self.body {
            Body::Onbuild(inner) => inner.as_deref(),
            _ => None,
        }
    }

    /// The sources of COPY and ADD: all words but the last.
    pub fn sources(&self) -> &[Word<'a>] {
        let words = self.words();
        &words[..words.len().saturating_sub(1)]
    }

    /// The destination of COPY and ADD: the last word, if a source is there too.
    pub fn destination(&self) -> Option<&Word<'a>> {
        match self.words() {
            [_, .., last] => Some(last),
            _ => None,
        }
    }

    /// Whether `word` stands for a here-document.
    pub fn is_heredoc(&self, word: &Word<'_>) -> bool {
        let at = self.heredocs.binary_search_by_key(&word.span.start, |heredoc| heredoc.span.start);
        at.is_ok_and(|at| self.heredocs[at].span == word.span)
    }

    /// The name that FROM gives its stage.
    pub fn stage_name(&self) -> Option<&Word<'a>> {
        match self.words() {
            [_, keyword, name] if keyword.text.eq_ignore_ascii_case("as") => Some(name),
            _ => None,
        }
    }
}

/// A word as the builder's parser splits it: quotes and escapes kept, continuations gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// Where it stands.
    pub span: Span,
    /// Its text.
    pub text: Cow<'a, str>,
}

/// The arguments of an instruction.
#[derive(Clone, Debug)]
pub enum Body<'a> {
    /// FROM, COPY, ADD, EXPOSE, VOLUME: words, or a JSON array of them.
    Words {
        /// The words, or the values of the JSON strings.
        words: Vec<Word<'a>>,
        /// Whether they were written as JSON.
        json: bool,
    },
    /// ENV and LABEL.
    Pairs {
        /// The pairs, in order.
        pairs: Vec<Pair<'a>>,
        /// Whether it is the old form `ENV name value`.
        legacy: bool,
    },
    /// ARG.
    Args(Vec<ArgItem<'a>>),
    /// RUN, CMD, ENTRYPOINT, SHELL.
    Command(Form<'a>),
    /// WORKDIR, USER, STOPSIGNAL, MAINTAINER.
    Single(Option<Word<'a>>),
    /// HEALTHCHECK.
    Healthcheck {
        /// `CMD` or `NONE`.
        kind: Option<Word<'a>>,
        /// What follows.
        command: Form<'a>,
    },
    /// ONBUILD.
    Onbuild(Option<Box<Instruction<'a>>>),
    /// The rest of a line whose first word is no instruction.
    Unknown,
}

/// A command in shell form or in JSON (exec) form.
#[derive(Clone, Debug)]
pub enum Form<'a> {
    /// A JSON array: run as it is, without a shell.
    Exec(Vec<Word<'a>>),
    /// Anything else: a line for the shell.
    Shell {
        /// Where it stands.
        span: Span,
        /// Which part of the joined text it is.
        range: Range<usize>,
    },
    /// No argument at all.
    Empty,
}

/// `name=value` in ENV or LABEL.
#[derive(Clone, Debug)]
pub struct Pair<'a> {
    /// Both sides.
    pub span: Span,
    /// The name, as written.
    pub key: Word<'a>,
    /// The value, as written (quotes and escapes kept).
    pub value: Word<'a>,
    /// Whether a `=` stands between them.
    pub equals: bool,
}

/// A variable that ARG declares.
#[derive(Clone, Debug)]
pub struct ArgItem<'a> {
    /// All of it.
    pub span: Span,
    /// All of it, as written.
    pub text: Cow<'a, str>,
    /// The name.
    pub name: Word<'a>,
    /// The default, as written.
    pub value: Option<Word<'a>>,
}

/// A flag, `--name` or `--name=value`.
#[derive(Clone, Debug)]
pub struct Flag<'a> {
    /// All of it.
    pub span: Span,
    /// Its text, quotes and escapes taken out.
    pub text: Cow<'a, str>,
    /// Where the value stands; empty behind the flag if there is none.
    pub value_span: Span,
}

impl Flag<'_> {
    /// The name, without the dashes.
    pub fn name(&self) -> &str {
        let text = self.text.strip_prefix("--").unwrap_or(&self.text);
        text.split_once('=').map_or(text, |(name, _)| name)
    }

    /// The value, if there is a `=`.
    pub fn value(&self) -> Option<&str> {
        self.text.split_once('=').map(|(_, value)| value)
    }
}

/// A here-document.
#[derive(Clone, Debug)]
pub struct Heredoc<'a> {
    /// The word that ends it, unquoted.
    pub name: String,
    /// The file descriptor in front of `<<`; 0 if there is none.
    pub fd: u32,
    /// Whether variables in it are expanded: the name is not quoted.
    pub expand: bool,
    /// Whether leading tabs go: `<<-`.
    pub chomp: bool,
    /// Where `<<NAME` stands.
    pub span: Span,
    /// The lines between, each with its newline.
    pub content: &'a str,
    /// Where they stand.
    pub content_span: Span,
    /// The line that ends it, with its newline; empty if it is missing.
    pub terminator: Span,
    /// What [`Heredoc::shell_tree`] has parsed.
    pub(super) shell_tree: OnceCell<Box<shell::Script>>,
}

impl Heredoc<'_> {
    /// The content as shell commands, which are parsed when somebody first asks for them. The spans point into it.
    pub fn shell_tree(&self) -> &shell::Script {
        self.shell_tree.get_or_init(|| Box::new(shell::parse(self.content, Span::new(0, self.content.len() as u32))))
    }
}
