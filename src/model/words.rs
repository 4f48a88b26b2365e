//! The words of an instruction that the builder expands.

use crate::source::Span;
use crate::syntax::{Instruction, Keyword, Word, mount_fields};
use std::borrow::Cow;
use std::ops::Range;

/// A word before its variables are replaced.
#[derive(Clone, Debug)]
pub struct RawWord<'i> {
    /// The text.
    pub text: Cow<'i, str>,
    /// Where it stands in the file.
    pub span: Span,
    /// Where its first byte stands, if the file has it as it is, in one piece.
    start: Option<u32>,
    /// The escape character in it.
    pub escape: char,
}

impl RawWord<'_> {
    /// Where a part of the text stands in the file; all of the word if that can't be told.
    pub fn place(&self, range: &Range<usize>) -> Span {
        self.start.map_or(self.span, |start| Span::new(start + range.start as u32, start + range.end as u32))
    }
}

/// The words of `step` in which BuildKit replaces variables, in order.
pub fn raw_words<'i>(step: &'i Instruction<'_>, escape: char) -> Vec<RawWord<'i>> {
    let source = step.logical.source();
    let mut words = Vec::new();
    let mut add = |text: Cow<'i, str>, span: Span| {
        let inner = span.of(source);
        let quoted = inner.strip_prefix('"').is_some_and(|rest| rest.strip_suffix('"') == Some(&text));
        let start = if inner == text { Some(span.start) } else { quoted.then_some(span.start + 1) };
        words.push(RawWord { text, span, start, escape });
    };
    let mut word = |word: &'i Word<'_>| add(Cow::Borrowed(&word.text), word.span);
    match step.keyword {
        Keyword::Env | Keyword::Label => step.pairs().iter().for_each(|pair| {
            word(&pair.key);
            word(&pair.value);
        }),
        Keyword::Arg => step.args().iter().for_each(|arg| {
            word(&arg.name);
            arg.value.iter().for_each(&mut word);
        }),
        Keyword::Workdir | Keyword::User | Keyword::Stopsignal => step.single().into_iter().for_each(word),
        Keyword::Volume | Keyword::Expose => step.words().iter().for_each(word),
        Keyword::Copy | Keyword::Add => {
            step.words().iter().filter(|w| !step.is_heredoc(w)).for_each(word);
            for flag in step.flags.iter().filter(|f| matches!(f.name(), "chown" | "chmod" | "checksum")) {
                if let Some(value) = flag.value() {
                    add(Cow::Borrowed(value), flag.value_span);
                }
            }
            for heredoc in step.heredocs.iter().filter(|h| h.expand && h.content.contains('$')) {
                // Quotes mean nothing there, and the escape character is a backslash whatever the file says.
                let text = heredoc.content.replace(['"', '\''], " ");
                let (span, start) = (heredoc.content_span, Some(heredoc.content_span.start));
                words.push(RawWord { text: Cow::Owned(text), span, start, escape: '\\' });
            }
        }
        Keyword::Run => {
            for flag in step.flags.iter().filter(|f| f.name() == "mount") {
                for field in flag.value().and_then(mount_fields).unwrap_or_default() {
                    if let Some(value) = field.value {
                        add(Cow::Owned(value.into_owned()), flag.value_span);
                    }
                }
            }
        }
        _ => {}
    }
    words
}
