//! The lexical grammar: classes of bytes, keywords, operators and names.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{one_of, satisfy};
use nom::combinator::{recognize, value};
use nom::sequence::pair;
use nom::{IResult, Parser};

use super::ast::{ParameterOpKind, RedirectOp};

type Result<'t, O> = IResult<&'t str, O, ()>;

/// Ends an unquoted word.
pub(super) const BREAK: u8 = 1;
/// Ends a literal run of an unquoted word.
pub(super) const WORD: u8 = 2;
/// Ends a literal run inside double quotes, heredocs and arithmetic.
pub(super) const EXPANDING: u8 = 4;
/// Ends a literal run of the operand in `${name-operand}`.
pub(super) const OPERAND: u8 = 8;
/// Continues a name.
pub(super) const NAME: u8 = 16;
/// Ends a literal run of arithmetic.
pub(super) const ARITHMETIC: u8 = 32;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    const fn mark(mut table: [u8; 256], bytes: &[u8], class: u8) -> [u8; 256] {
        let mut i = 0;
        while i < bytes.len() {
            table[bytes[i] as usize] |= class;
            i += 1;
        }
        table
    }
    let names = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    let mut table = [0; 256];
    table = mark(table, b" \t\n;&|<>()", BREAK | WORD);
    table = mark(table, b"'\"`$\\*?[{", WORD);
    table = mark(table, b"\"`$\\", EXPANDING);
    table = mark(table, b"'\"`$\\}/*?", OPERAND);
    table = mark(table, names, NAME | ARITHMETIC);
    table = mark(table, b"0123456789", NAME | ARITHMETIC);
    mark(table, b"'\"`$\\", ARITHMETIC)
}

/// Whether `byte` is in `class`.
#[inline]
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// A set of tokens that end a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Closers(u16);

impl Closers {
    pub(super) const NONE: Self = Self(0);
    pub(super) const PAREN: Self = Self(1);
    pub(super) const BRACE: Self = Self(2);
    pub(super) const THEN: Self = Self(4);
    pub(super) const ELIF: Self = Self(8);
    pub(super) const ELSE: Self = Self(16);
    pub(super) const FI: Self = Self(32);
    pub(super) const DO: Self = Self(64);
    pub(super) const DONE: Self = Self(128);
    pub(super) const ESAC: Self = Self(256);
    pub(super) const SEMICOLONS: Self = Self(512);

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn has(self, closer: Self) -> bool {
        self.0 & closer.0 != 0
    }

    /// The closer that the keyword `word` is.
    pub(super) fn keyword(word: &str) -> Option<Self> {
        Some(match word {
            "}" => Self::BRACE,
            "then" => Self::THEN,
            "elif" => Self::ELIF,
            "else" => Self::ELSE,
            "fi" => Self::FI,
            "do" => Self::DO,
            "done" => Self::DONE,
            "esac" => Self::ESAC,
            _ => return None,
        })
    }
}

/// A variable's name.
pub(super) fn name(input: &str) -> Result<'_, &str> {
    let first = satisfy(|c| c.is_ascii_alphabetic() || c == '_');
    recognize(pair(first, take_while(|c: char| c.is_ascii() && is(c as u8, NAME)))).parse(input)
}

/// What can follow a `$`: a name, a number or one special character.
pub(super) fn parameter(input: &str) -> Result<'_, &str> {
    alt((name, recognize(one_of("@*#?-$!0123456789")))).parse(input)
}

/// What can follow a `${`, where numbers have any length.
pub(super) fn braced_parameter(input: &str) -> Result<'_, &str> {
    alt((name, take_while1(|c: char| c.is_ascii_digit()), recognize(one_of("@*#?-$!")))).parse(input)
}

/// The file descriptor in front of a redirection.
pub(super) fn descriptor(input: &str) -> Result<'_, &str> {
    let named = recognize((tag("{"), name, tag("}")));
    alt((take_while1(|c: char| c.is_ascii_digit()), named)).parse(input)
}

/// A redirection's operator.
pub(super) fn redirect(input: &str) -> Result<'_, RedirectOp> {
    alt((
        value(RedirectOp::HereString, tag("<<<")),
        value(RedirectOp::HeredocTabs, tag("<<-")),
        value(RedirectOp::Heredoc, tag("<<")),
        value(RedirectOp::DuplicateInput, tag("<&")),
        value(RedirectOp::ReadWrite, tag("<>")),
        value(RedirectOp::Input, tag("<")),
        value(RedirectOp::Append, tag(">>")),
        value(RedirectOp::DuplicateOutput, tag(">&")),
        value(RedirectOp::Clobber, tag(">|")),
        value(RedirectOp::Output, tag(">")),
        value(RedirectOp::AppendBoth, tag("&>>")),
        value(RedirectOp::OutputBoth, tag("&>")),
    ))
    .parse(input)
}

/// The operator after the name in `${name...}`.
pub(super) fn parameter_op(input: &str) -> Result<'_, ParameterOpKind> {
    use ParameterOpKind::{
        Alternative, Assign, CaseChange, Default, Error, RemovePrefix, RemoveSuffix, Replace, Substring, Transform,
    };
    alt((
        value(Default, alt((tag(":-"), tag("-")))),
        value(Assign, alt((tag(":="), tag("=")))),
        value(Error, alt((tag(":?"), tag("?")))),
        value(Alternative, alt((tag(":+"), tag("+")))),
        value(Substring, tag(":")),
        value(RemovePrefix, alt((tag("##"), tag("#")))),
        value(RemoveSuffix, alt((tag("%%"), tag("%")))),
        value(Replace, alt((tag("//"), tag("/#"), tag("/%"), tag("/")))),
        value(CaseChange, alt((tag("^^"), tag("^"), tag(",,"), tag(",")))),
        value(Transform, tag("@")),
    ))
    .parse(input)
}
