//! The word language of Dockerfiles: quotes, escapes and `${variables}`, as BuildKit's shell lexer
//! reads them. It is not the language of the shell that RUN starts.

use std::ops::Range;

/// How deep `${a:-${b:-...}}` may nest before it is refused.
const MAX_DEPTH: usize = 64;

/// A piece of a word; ranges are bytes of the text given to [`lex`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain text outside quotes.
    Text(Range<usize>),
    /// The character behind an escape character.
    Escaped(Range<usize>),
    /// What stands between single quotes.
    Single(Range<usize>),
    /// What stands between double quotes.
    Double(Vec<Part>),
    /// `$name` or `${name...}`.
    Variable(Variable),
}

/// A variable reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// All of it, from `$` on.
    pub range: Range<usize>,
    /// The name.
    pub name: Range<usize>,
    /// What is done with its value.
    pub modifier: Modifier,
}

/// What a reference does with the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// `$name`, `${name}`
    None,
    /// `${name-word}`; with `:` (`null_too`) an empty value counts as unset.
    Default {
        /// Whether `:` stands in front.
        null_too: bool,
        /// The word.
        word: Vec<Part>,
    },
    /// `${name+word}`
    Alternative {
        /// Whether `:` stands in front.
        null_too: bool,
        /// The word.
        word: Vec<Part>,
    },
    /// `${name?word}`
    Required {
        /// Whether `:` stands in front.
        null_too: bool,
        /// The message.
        word: Vec<Part>,
    },
    /// `${name#pattern}`, `${name##pattern}`
    TrimPrefix {
        /// Whether the longest match goes.
        longest: bool,
        /// The pattern.
        pattern: Vec<Part>,
    },
    /// `${name%pattern}`, `${name%%pattern}`
    TrimSuffix {
        /// Whether the longest match goes.
        longest: bool,
        /// The pattern.
        pattern: Vec<Part>,
    },
    /// `${name/pattern/replacement}`, `${name//pattern/replacement}`
    Replace {
        /// Whether every match goes.
        all: bool,
        /// The pattern.
        pattern: Vec<Part>,
        /// What comes in its place.
        replacement: Vec<Part>,
    },
}

/// Why a word can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordError {
    /// A quote without its end.
    #[error("a {0} quote is not closed")]
    Quote(&'static str),
    /// `${` without `}`.
    #[error("`}}` is missing behind `${{`")]
    Brace,
    /// `${}`, `${:x}` and the like.
    #[error("no variable name stands behind `${{`")]
    Name,
    /// A modifier that the builder doesn't know.
    #[error("the builder does not know the modifier `{0}` in a substitution")]
    Modifier(String),
    /// Nested beyond the limit.
    #[error("substitutions are nested too deep")]
    Depth,
}

/// Reads `text` into parts. Blanks are plain text here; [`split`] finds the words.
pub fn lex(text: &str, escape: char) -> Result<Vec<Part>, WordError> {
    let mut lexer = Lexer { text, at: 0, escape };
    lexer.parts(None, false, 0)
}

/// The ranges of the words in `text`: blanks separate them unless quoted or escaped.
pub fn split(text: &str, escape: char) -> Result<Vec<Range<usize>>, WordError> {
    let parts = lex(text, escape)?;
    let mut gaps = Vec::new();
    for part in &parts {
        if let Part::Text(range) = part {
            gaps.extend(
                text[range.clone()]
                    .char_indices()
                    .filter(|(_, c)| c.is_whitespace())
                    .map(|(i, c)| range.start + i..range.start + i + c.len_utf8()),
            );
        }
    }
    let mut words = Vec::new();
    let mut start = 0;
    for gap in gaps {
        if gap.start > start {
            words.push(start..gap.start);
        }
        start = gap.end;
    }
    if start < text.len() {
        words.push(start..text.len());
    }
    Ok(words)
}

/// The text of `parts` with quotes and escapes taken out and references left as they stand.
pub fn unquote(text: &str, parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(r) | Part::Escaped(r) | Part::Single(r) => out.push_str(&text[r.clone()]),
            Part::Double(inner) => out.push_str(&unquote(text, inner)),
            Part::Variable(v) => out.push_str(&text[v.range.clone()]),
        }
    }
    out
}

/// Every variable that `parts` refer to, at any depth.
pub fn variables<'p>(parts: &'p [Part], out: &mut Vec<&'p Variable>) {
    for part in parts {
        match part {
            Part::Double(inner) => variables(inner, out),
            Part::Variable(v) => {
                out.push(v);
                match &v.modifier {
                    Modifier::None => {}
                    Modifier::Default { word, .. }
                    | Modifier::Alternative { word, .. }
                    | Modifier::Required { word, .. } => variables(word, out),
                    Modifier::TrimPrefix { pattern, .. } | Modifier::TrimSuffix { pattern, .. } => {
                        variables(pattern, out);
                    }
                    Modifier::Replace { pattern, replacement, .. } => {
                        variables(pattern, out);
                        variables(replacement, out);
                    }
                }
            }
            Part::Text(_) | Part::Escaped(_) | Part::Single(_) => {}
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// `\` or a backquote, as the directive has it: ASCII, like all that is special.
    escape: char,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Reads up to `stop`, which is consumed, or to the end when there is none.
    fn parts(&mut self, stop: Option<char>, keep_escapes: bool, depth: usize) -> Result<Vec<Part>, WordError> {
        if depth > MAX_DEPTH {
            return Err(WordError::Depth);
        }
        let mut parts = Vec::new();
        let mut plain = self.at;
        loop {
            let here = self.at;
            let Some(c) = self.peek() else {
                push_text(&mut parts, plain..here);
                return if stop.is_some() { Err(WordError::Brace) } else { Ok(parts) };
            };
            if Some(c) == stop {
                push_text(&mut parts, plain..here);
                self.next();
                return Ok(parts);
            }
            let part = match c {
                '\'' => {
                    self.next();
                    let start = self.at;
                    let len = self.text[start..].find('\'').ok_or(WordError::Quote("single"))?;
                    self.at = start + len + 1;
                    Part::Single(start..start + len)
                }
                '"' => {
                    self.next();
                    Part::Double(self.double(depth)?)
                }
                '$' => match self.variable(depth)? {
                    Some(variable) => Part::Variable(variable),
                    None => continue,
                },
                c if c == self.escape => {
                    self.next();
                    let start = if keep_escapes { here } else { self.at };
                    self.next();
                    Part::Escaped(start..self.at)
                }
                _ => {
                    self.skip_plain(stop);
                    continue;
                }
            };
            push_text(&mut parts, plain..here);
            parts.push(part);
            plain = self.at;
        }
    }

    /// Reads the inside of a double-quoted string and its end.
    fn double(&mut self, depth: usize) -> Result<Vec<Part>, WordError> {
        let mut parts = Vec::new();
        let mut plain = self.at;
        loop {
            let here = self.at;
            match self.peek().ok_or(WordError::Quote("double"))? {
                '"' => {
                    push_text(&mut parts, plain..here);
                    self.next();
                    return Ok(parts);
                }
                '$' => {
                    if let Some(variable) = self.variable(depth)? {
                        push_text(&mut parts, plain..here);
                        parts.push(Part::Variable(variable));
                        plain = self.at;
                    }
                }
                c if c == self.escape => {
                    self.next();
                    // Only these lose the escape character; in front of others it stays.
                    if self.peek().is_some_and(|n| n == '"' || n == '$' || n == self.escape) {
                        push_text(&mut parts, plain..here);
                        let start = self.at;
                        self.next();
                        parts.push(Part::Escaped(start..self.at));
                        plain = self.at;
                    }
                }
                _ => self.skip_plain(None),
            }
        }
    }

    /// Moves to the next character that may be special, past the one at hand.
    fn skip_plain(&mut self, stop: Option<char>) {
        self.next();
        let (stop, escape) = (stop.unwrap_or('$'), self.escape);
        let special = |&b: &u8| {
            let c = char::from(b);
            c.is_ascii() && (matches!(c, '$' | '\'' | '"') || c == escape || c == stop)
        };
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(special).unwrap_or(rest.len());
    }

    /// Reads `$...`; a `$` without a name is plain text and only consumed.
    fn variable(&mut self, depth: usize) -> Result<Option<Variable>, WordError> {
        let start = self.at;
        self.next();
        if self.peek() != Some('{') {
            let name = self.name();
            let variable = Variable { range: start..self.at, name: name.clone(), modifier: Modifier::None };
            return Ok((!name.is_empty()).then_some(variable));
        }
        self.next();
        match self.peek() {
            None => return Err(WordError::Brace),
            Some('{' | '}' | ':') => return Err(WordError::Name),
            Some(_) => {}
        }
        let name = self.name();
        let modifier = self.modifier(depth + 1)?;
        Ok(Some(Variable { range: start..self.at, name, modifier }))
    }

    fn name(&mut self) -> Range<usize> {
        let start = self.at;
        match self.peek() {
            Some(c) if c.is_alphabetic() || c == '_' => {
                while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    self.next();
                }
            }
            Some(c) if c.is_ascii_digit() => {
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.next();
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => {
                self.next();
            }
            _ => {}
        }
        start..self.at
    }

    fn modifier(&mut self, depth: usize) -> Result<Modifier, WordError> {
        let mut null_too = false;
        let mut c = self.next().ok_or(WordError::Brace)?;
        let mut shown = String::from(c);
        if c == ':' {
            null_too = true;
            c = self.next().ok_or(WordError::Brace)?;
            shown.push(c);
        }
        match c {
            '}' if !null_too => Ok(Modifier::None),
            '-' => Ok(Modifier::Default { null_too, word: self.parts(Some('}'), false, depth)? }),
            '+' => Ok(Modifier::Alternative { null_too, word: self.parts(Some('}'), false, depth)? }),
            '?' => Ok(Modifier::Required { null_too, word: self.parts(Some('}'), false, depth)? }),
            '#' | '%' if !null_too => {
                let longest = self.peek() == Some(c);
                if longest {
                    self.next();
                }
                let pattern = self.parts(Some('}'), true, depth)?;
                Ok(if c == '#' {
                    Modifier::TrimPrefix { longest, pattern }
                } else {
                    Modifier::TrimSuffix { longest, pattern }
                })
            }
            '/' if !null_too => {
                let all = self.peek() == Some('/');
                if all {
                    self.next();
                }
                let pattern = self.parts(Some('/'), true, depth)?;
                let replacement = self.parts(Some('}'), true, depth)?;
                Ok(Modifier::Replace { all, pattern, replacement })
            }
            _ => Err(WordError::Modifier(shown)),
        }
    }
}

fn push_text(parts: &mut Vec<Part>, range: Range<usize>) {
    if !range.is_empty() {
        parts.push(Part::Text(range));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        split(text, '\\').unwrap().into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn quotes_and_escapes_hold_words_together() {
        assert_eq!(words(r#"cat <<'E F' a\ b "c d"  e"#), ["cat", "<<'E F'", r"a\ b", "\"c d\"", "e"]);
        assert_eq!(split("it's", '\\'), Err(WordError::Quote("single")));
        assert_eq!(split("\"it", '\\'), Err(WordError::Quote("double")));
    }

    #[test]
    fn every_modifier_is_read() {
        for text in ["${a}", "$a", "${a:-b}", "${a:+b}", "${a-b}", "${a?b}", "${a#b}", "${a%%b}", "${a/b/c}"] {
            let parts = lex(text, '\\').unwrap();
            assert!(matches!(&parts[..], [Part::Variable(v)] if &text[v.name.clone()] == "a"), "{text}");
        }
        assert_eq!(lex("${a.b}", '\\'), Err(WordError::Modifier(".".into())));
        assert_eq!(lex("${a:}", '\\'), Err(WordError::Modifier(":}".into())));
        assert_eq!(lex("${}", '\\'), Err(WordError::Name));
        assert_eq!(lex("${a", '\\'), Err(WordError::Brace));
    }

    #[test]
    fn variables_are_found_at_any_depth() {
        let text = r#"x"$a${b:-$c}"'$d'\$e"#;
        let parts = lex(text, '\\').unwrap();
        let mut found = Vec::new();
        variables(&parts, &mut found);
        assert_eq!(found.iter().map(|v| &text[v.name.clone()]).collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn nesting_has_a_limit() {
        assert_eq!(lex(&"${a:-".repeat(100_000), '\\'), Err(WordError::Depth));
    }
}
