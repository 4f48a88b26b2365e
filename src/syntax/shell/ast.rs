//! The tree of a shell script. Every span is a byte offset into the text that was parsed.

use std::fmt;

use crate::source::Span;
use smallvec::SmallVec;

/// A list of commands: a whole text, or what a pair of delimiters holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// What was parsed, without the delimiters around it.
    pub span: Span,
    /// The commands, as `&&` and `||` join them.
    pub lists: Vec<AndOr>,
    /// Every `# ...` comment at any depth, in order; only the outermost script holds them.
    pub comments: Vec<Span>,
    /// Everything that could not be understood, at any depth; only the outermost script holds them.
    pub errors: Vec<ShellError>,
}

/// Pipelines joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AndOr {
    /// From the first pipeline to the last, without the separator that follows.
    pub span: Span,
    /// The pipeline that always runs.
    pub first: Pipeline,
    /// What follows, each with the operator in front of it.
    pub rest: Vec<(AndOrOp, Pipeline)>,
    /// Whether a single `&` ends it.
    pub background: bool,
}

/// An `&&` or `||` and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AndOrOp {
    /// The two bytes of the operator.
    pub span: Span,
    /// Which of the two it is.
    pub kind: AndOrKind,
}

/// How a pipeline depends on the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AndOrKind {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// From `!`, `time` or the first command to the last command.
    pub span: Span,
    /// Whether an odd number of `!` stands in front.
    pub negated: bool,
    /// The `time` keyword, with its `-p`.
    pub timed: Option<Span>,
    /// The commands; there is at least one.
    pub commands: Vec<Command>,
    /// The `|` between them, one fewer than the commands.
    pub pipes: Vec<Pipe>,
}

/// A `|` or `|&` and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pipe {
    /// The bytes of the operator.
    pub span: Span,
    /// Whether it is `|&`, which also sends the standard error.
    pub stderr: bool,
}

/// One command with its redirections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The whole command, redirections included, heredoc bodies not.
    pub span: Span,
    /// What kind of command it is.
    pub kind: CommandKind,
    /// The redirections, in order.
    pub redirects: Vec<Redirect>,
}

/// The kinds of commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandKind {
    /// `NAME=value command words`
    Simple(SimpleCommand),
    /// `( list )`
    Subshell(Box<Script>),
    /// `{ list; }`
    Group(Box<Script>),
    /// `if ...; then ...; elif ...; else ...; fi`
    If {
        /// The `if` and each `elif`, in order.
        branches: Vec<Branch>,
        /// What follows `else`.
        otherwise: Option<Box<Script>>,
    },
    /// `while ...; do ...; done`
    While {
        /// Whether the keyword is `until`.
        until: bool,
        /// The condition and the body.
        branch: Box<Branch>,
    },
    /// `for name in words; do ...; done`
    For(Box<For>),
    /// `case word in ... esac`
    Case(Box<Case>),
    /// `name() { ...; }`
    Function {
        /// The name.
        name: Span,
        /// The command that a call runs.
        body: Option<Box<Command>>,
    },
    /// `[[ words ]]`, operators and parentheses being words of their own.
    Test(Vec<Word>),
    /// `(( expression ))`
    Arithmetic(Arithmetic),
}

/// A condition and what it guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The list whose last status decides.
    pub condition: Script,
    /// The list that then runs.
    pub body: Script,
}

/// A `for` or `select` loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct For {
    /// Whether the keyword is `select`.
    pub select: bool,
    /// What sets the loop going.
    pub head: ForHead,
    /// What runs for each value.
    pub body: Script,
}

/// What stands between `for` and `do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForHead {
    /// `name in words`; no words at all means the positional parameters.
    Words {
        /// The variable.
        name: Span,
        /// The words after `in`.
        words: Option<Vec<Word>>,
    },
    /// `((init; test; step))`
    Arithmetic(Arithmetic),
}

/// A `case` command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The word that is matched.
    pub subject: Word,
    /// The alternatives, in order.
    pub items: Vec<CaseItem>,
}

/// One alternative of a `case`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseItem {
    /// From the first pattern to the terminator.
    pub span: Span,
    /// The patterns.
    pub patterns: Vec<Word>,
    /// What runs on a match.
    pub body: Script,
    /// The `;;`, `;&` or `;;&` at the end.
    pub terminator: Option<Span>,
}

/// Assignments and words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimpleCommand {
    /// The assignments in front of the command's name.
    pub assignments: Vec<Assignment>,
    /// The name and the arguments.
    pub words: Vec<Word>,
}

/// `name=value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// All of it.
    pub span: Span,
    /// The name.
    pub name: Span,
    /// What stands in the brackets of `name[subscript]=value`.
    pub subscript: Option<Span>,
    /// Whether the operator is `+=`.
    pub append: bool,
    /// The value, unless it is empty; an array is a word with one [`WordPart::Array`].
    pub value: Option<Word>,
}

/// A run of characters and expansions without an unquoted blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// All of it, quotes included.
    pub span: Span,
    /// The parts, in order, which together cover the span.
    pub parts: WordParts,
}

/// The parts of a word: nearly all words have one, which then needs no allocation.
pub type WordParts = SmallVec<[WordPart; 1]>;

/// A piece of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordPart {
    /// Characters that stand for themselves.
    Literal(Span),
    /// A backslash and the character after it; a backslash and a newline stand for nothing.
    Escaped(Span),
    /// `'...'`
    SingleQuoted(Span),
    /// `"..."`
    DoubleQuoted {
        /// With the quotes.
        span: Span,
        /// What stands between them.
        parts: Vec<WordPart>,
    },
    /// `$'...'`
    AnsiCQuoted(Span),
    /// `$name` or `${name...}`; inside arithmetic also a bare `name`.
    Parameter {
        /// All of it.
        span: Span,
        /// The name, or the one character of a special parameter.
        name: Span,
        /// Whether it stands in braces.
        braced: bool,
        /// What the braces do with the value.
        op: Option<Box<ParameterOp>>,
    },
    /// `$(...)` or a pair of backquotes.
    Command {
        /// With the delimiters.
        span: Span,
        /// What stands between them.
        script: Box<Script>,
        /// Whether the delimiters are backquotes.
        backquoted: bool,
    },
    /// `$((...))` or `$[...]`
    Arithmetic(Arithmetic),
    /// `<(...)` or `>(...)`
    ProcessSubstitution {
        /// With the delimiters.
        span: Span,
        /// What stands between them.
        script: Box<Script>,
        /// Whether it is `>(...)`.
        output: bool,
    },
    /// `*`, `?`, `[...]` or `@(...)`; only the `[` when quotes or expansions are in the brackets.
    Glob(Span),
    /// `{a,b}` or `{1..9}`; only the `{` when quotes or expansions are in the braces.
    BraceExpansion(Span),
    /// `~` or `~user` at the start of a word or of a path in an assignment.
    Tilde(Span),
    /// `(...)` as the value of an array.
    Array {
        /// With the parentheses.
        span: Span,
        /// The elements.
        words: Vec<Word>,
    },
}

/// An arithmetic expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arithmetic {
    /// With the delimiters.
    pub span: Span,
    /// The expression as literals and expansions.
    pub parts: Vec<WordPart>,
}

/// What `${name...}` does with the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterOp {
    /// The operator.
    pub span: Span,
    /// Which operator it is.
    pub kind: ParameterOpKind,
    /// The `[...]` after the name.
    pub subscript: Option<Span>,
    /// What follows the operator.
    pub operand: Option<Word>,
    /// What follows the second `/` of a replacement.
    pub replacement: Option<Word>,
}

/// The operators inside `${...}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterOpKind {
    /// `${name[...]}` and nothing else.
    Subscript,
    /// `${#name}`
    Length,
    /// `${!name}`
    Indirect,
    /// `:-` or `-`
    Default,
    /// `:=` or `=`
    Assign,
    /// `:?` or `?`
    Error,
    /// `:+` or `+`
    Alternative,
    /// `#` or `##`
    RemovePrefix,
    /// `%` or `%%`
    RemoveSuffix,
    /// `/`, `//`, `/#` or `/%`
    Replace,
    /// `:offset:length`
    Substring,
    /// `^`, `^^`, `,` or `,,`
    CaseChange,
    /// `@Q` and its kin.
    Transform,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// From the file descriptor to the target.
    pub span: Span,
    /// The file descriptor in front, a number or `{name}`.
    pub fd: Option<Span>,
    /// The operator.
    pub op: RedirectOp,
    /// The file, the descriptor or the delimiter.
    pub target: Word,
    /// What a `<<` or `<<-` feeds in; it stands after the line, outside the span.
    pub heredoc: Option<Box<Heredoc>>,
}

/// The redirection operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectOp {
    /// `<`
    Input,
    /// `>`
    Output,
    /// `>>`
    Append,
    /// `>|`
    Clobber,
    /// `<>`
    ReadWrite,
    /// `<&`
    DuplicateInput,
    /// `>&`
    DuplicateOutput,
    /// `&>`
    OutputBoth,
    /// `&>>`
    AppendBoth,
    /// `<<`
    Heredoc,
    /// `<<-`
    HeredocTabs,
    /// `<<<`
    HereString,
}

/// The body of a heredoc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The lines, without the terminator.
    pub body: Span,
    /// The line that ends it; none when the text ends first.
    pub terminator: Option<Span>,
    /// Whether the delimiter is quoted, so that nothing in the body expands.
    pub quoted: bool,
    /// The body as literals and expansions.
    pub parts: Vec<WordPart>,
}

/// Something that could not be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShellError {
    /// The offending token, or the opening of what never closes.
    pub span: Span,
    /// What is wrong with it.
    pub kind: ShellErrorKind,
}

/// The kinds of syntax errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellErrorKind {
    /// A token that can't stand here.
    Unexpected,
    /// The named token never comes.
    Missing(&'static str),
    /// A list that needs a command has none.
    Empty,
    /// `${...}` that no shell accepts.
    BadSubstitution,
    /// The text ends before the heredoc's delimiter; shells only warn.
    UnterminatedHeredoc,
    /// The nesting is too deep to follow, and the rest of the text is not parsed.
    TooDeep,
}

impl fmt::Display for ShellErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected => f.write_str("this can't stand here"),
            Self::Missing(token) => write!(f, "`{token}` is missing"),
            Self::Empty => f.write_str("a command is missing"),
            Self::BadSubstitution => f.write_str("this is no valid substitution"),
            Self::UnterminatedHeredoc => f.write_str("the end of this heredoc is missing"),
            Self::TooDeep => f.write_str("this is nested too deeply"),
        }
    }
}
