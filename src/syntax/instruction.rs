//! The parts of one instruction: keyword, flags and arguments.

use super::ast::{ArgItem, Body, Form, Instruction, Pair, Word};
use super::error::{ErrorKind, SyntaxError};
use super::json::{self, Json};
use super::keyword::Keyword;
use super::logical::Logical;
use super::{flags, keyvalue};
use crate::source::Span;
use nom::Parser;
use nom::bytes::complete::{take_till1, take_while, take_while1};
use nom::combinator::opt;
use nom::sequence::pair;
use std::cell::OnceCell;
use std::ops::Range;

/// ONBUILD inside ONBUILD is refused anyway; reading stops at this depth.
const MAX_ONBUILD: usize = 8;

/// The blanks that separate a keyword and the words of an instruction. Others, such as the
/// no-break space, don't.
pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{b}' | '\u{c}' | '\r')
}

/// What an instruction says, without the places that only the scanner knows.
pub(super) struct Parsed<'a> {
    pub(super) keyword: Keyword,
    pub(super) keyword_span: Span,
    pub(super) flags: Vec<super::ast::Flag<'a>>,
    pub(super) body: Body<'a>,
    pub(super) span: Span,
}

/// Reads one instruction out of joined text.
pub(super) struct Reader<'l, 'a> {
    pub(super) logical: &'l Logical<'a>,
    pub(super) escape: char,
    pub(super) errors: &'l mut Vec<SyntaxError>,
    pub(super) line_numbers: (u32, u32),
}

impl<'a> Reader<'_, 'a> {
    /// Reads `range` of the joined text.
    pub(super) fn read(&mut self, range: Range<usize>, depth: usize) -> Parsed<'a> {
        let text = &self.logical.text()[range];
        let text = text.trim();
        let mut split = pair(take_till1::<_, _, ()>(is_blank), opt(take_while1(is_blank)));
        let (args, (word, _)) = split.parse(text).unwrap_or(("", (text, None)));
        let keyword_span = self.span(word);
        let keyword = Keyword::from_word(word);
        let (flags, args) = flags::take(self.logical, args);
        let args = args.trim();
        let (body, at) = (self.body(keyword, word, args, depth), self.logical.range_of(text));
        Parsed { keyword, keyword_span, flags, body, span: self.logical.span(at) }
    }

    fn span(&self, part: &str) -> Span {
        self.logical.span(self.logical.range_of(part))
    }

    fn word(&self, part: &str) -> Word<'a> {
        let range = self.logical.range_of(part);
        Word { span: self.logical.span(range.clone()), text: self.logical.slice(range) }
    }

    fn body(&mut self, keyword: Keyword, word: &str, args: &str, depth: usize) -> Body<'a> {
        match keyword {
            Keyword::From | Keyword::Expose => self.words(args, false),
            Keyword::Add | Keyword::Copy | Keyword::Volume => self.words(args, true),
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => Body::Command(self.form(args)),
            Keyword::Workdir | Keyword::User | Keyword::Stopsignal | Keyword::Maintainer => {
                Body::Single((!args.is_empty()).then(|| self.word(args)))
            }
            Keyword::Env | Keyword::Label => self.pairs(word, args),
            Keyword::Arg => {
                let words = keyvalue::words(args, self.escape);
                Body::Args(words.into_iter().map(|w| self.arg(w)).collect())
            }
            Keyword::Healthcheck => {
                let kind = &args[..args.find(char::is_whitespace).unwrap_or(args.len())];
                let command = self.form(args[kind.len()..].trim_start());
                Body::Healthcheck { kind: (!kind.is_empty()).then(|| self.word(kind)), command }
            }
            Keyword::Onbuild => Body::Onbuild(self.trigger(args, depth)),
            Keyword::Unknown => Body::Unknown,
        }
    }

    fn words(&mut self, args: &str, json_too: bool) -> Body<'a> {
        if json_too && let Some(words) = self.json(args) {
            return Body::Words { words, json: true };
        }
        let mut words = Vec::new();
        let mut rest = args;
        while let Ok((after, (word, _))) = pair(take_till1::<_, _, ()>(is_blank), take_while(is_blank)).parse(rest) {
            words.push(self.word(word));
            rest = after;
        }
        Body::Words { words, json: false }
    }

    fn form(&mut self, args: &str) -> Form<'a> {
        if let Some(words) = self.json(args) {
            return Form::Exec(words);
        }
        if args.is_empty() {
            return Form::Empty;
        }
        let range = self.logical.range_of(args);
        Form::Shell { span: self.logical.span(range.clone()), range }
    }

    /// The words of a JSON array. An array of something else is refused, and gives no word.
    fn json(&mut self, args: &str) -> Option<Vec<Word<'a>>> {
        match json::array(args) {
            Json::Not => None,
            Json::NotStrings => {
                let message = "a JSON array must hold nothing but strings";
                let error = SyntaxError::parser(ErrorKind::Json, self.span(args), message);
                self.errors.push(error.help("put every element into double quotes"));
                Some(Vec::new())
            }
            Json::Strings(strings) => {
                let word = |(raw, value): (&str, std::borrow::Cow<'_, str>)| {
                    let range = self.logical.range_of(raw);
                    let inner = range.start + 1..range.end - 1;
                    let text = match value {
                        std::borrow::Cow::Borrowed(value) if value.len() == inner.len() => self.logical.slice(inner),
                        value => value.into_owned().into(),
                    };
                    Word { span: self.logical.span(range), text }
                };
                Some(strings.into_iter().map(word).collect())
            }
        }
    }

    fn arg(&self, word: &str) -> ArgItem<'a> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(self.word(value))),
            None => (word, None),
        };
        let Word { span, text } = self.word(word);
        ArgItem { span, text, name: self.word(name), value }
    }

    fn pairs(&mut self, keyword: &str, args: &str) -> Body<'a> {
        let words = keyvalue::words(args, self.escape);
        if words.first().is_some_and(|first| !first.contains('=')) {
            return self.legacy_pair(keyword, args);
        }
        let mut pairs = Vec::with_capacity(words.len());
        for word in words {
            let Some((key, value)) = word.split_once('=') else {
                let message = format!("`{word}` is not `name=value`");
                let help = "a value with blanks needs double quotes around it";
                self.errors.push(SyntaxError::parser(ErrorKind::KeyValue, self.span(word), message).help(help));
                continue;
            };
            pairs.push(Pair { span: self.span(word), key: self.word(key), value: self.word(value), equals: true });
        }
        Body::Pairs { pairs, legacy: false }
    }

    /// `ENV name value`: everything behind the first blank is the value.
    fn legacy_pair(&mut self, keyword: &str, args: &str) -> Body<'a> {
        let Some(at) = args.find(is_blank) else {
            let keyword = keyword.to_ascii_uppercase();
            let message = format!("{keyword} needs a name and a value; `{args}` has no value");
            let help = format!("write `{keyword} {args}=value`");
            self.errors.push(SyntaxError::parser(ErrorKind::KeyValue, self.span(args), message).help(help));
            return Body::Pairs { pairs: Vec::new(), legacy: true };
        };
        let (key, value) = (&args[..at], args[at..].trim_start_matches(is_blank));
        let pair = Pair { span: self.span(args), key: self.word(key), value: self.word(value), equals: false };
        Body::Pairs { pairs: vec![pair], legacy: true }
    }

    fn trigger(&mut self, args: &str, depth: usize) -> Option<Box<Instruction<'a>>> {
        if args.is_empty() || depth >= MAX_ONBUILD {
            return None;
        }
        let range = self.logical.range_of(args);
        let parsed = self.read(range.clone(), depth + 1);
        Some(Box::new(Instruction {
            keyword: parsed.keyword,
            keyword_span: parsed.keyword_span,
            flags: parsed.flags,
            body: parsed.body,
            heredocs: Vec::new(),
            span: parsed.span,
            lines: parsed.span,
            line_numbers: self.line_numbers,
            logical: self.logical.clone(),
            range,
            inner: Vec::new(),
            unfinished: false,
            shell_tree: OnceCell::new(),
            triples: OnceCell::new(),
        }))
    }
}
