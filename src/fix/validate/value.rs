//! Symbolic values: text with symbols in it for what only the builder knows.

use super::scope::{Assignment, Scope};
use super::walk::Budget;
use crate::syntax::word::{Modifier, Part, Variable, lex};

/// A text of literals and symbols. Equal values are equal texts in every build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Value {
    /// No two literals stand side by side, and none is empty: a value has one spelling.
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Piece {
    Text(String),
    Symbol(Symbol),
}

/// Something that only the builder knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Symbol {
    /// A variable that the file doesn't set: of the base image or of the builder.
    Inherited(String),
    /// The working directory of the base image.
    Workdir,
    /// What an ARG in front of the first FROM gives.
    Global(String),
    /// A variable whose last word is an ARG, with all that was said of it: builders differ in whether
    /// an ARG overrides an earlier ENV, and any build may give the ARG another value.
    Argument { name: String, history: Vec<Assignment> },
    /// The result of an operation on what is not known.
    Result { operator: String, inputs: Vec<Value> },
    /// A word that the builder refuses.
    Invalid(String),
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        let mut value = Self::default();
        value.push_text(text);
        value
    }

    pub(super) fn symbol(symbol: Symbol) -> Self {
        Self { pieces: vec![Piece::Symbol(symbol)] }
    }

    /// The text, if there is no symbol in it.
    pub(super) fn known(&self) -> Option<&str> {
        match &self.pieces[..] {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The literal that it starts with.
    pub(super) fn start(&self) -> Option<&str> {
        match self.pieces.first() {
            None => Some(""),
            Some(Piece::Text(text)) => Some(text),
            Some(Piece::Symbol(_)) => None,
        }
    }

    /// Whether it has a character in every build.
    fn is_filled(&self) -> bool {
        self.pieces.iter().any(|p| matches!(p, Piece::Text(_)))
    }

    pub(super) fn push_text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    pub(super) fn push(&mut self, other: Value) {
        for piece in other.pieces {
            match piece {
                Piece::Text(text) => self.push_text(&text),
                symbol => self.pieces.push(symbol),
            }
        }
    }

    /// About how many bytes it takes, symbols with all that is in them.
    pub(super) fn size(&self) -> usize {
        let of = |piece: &Piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Symbol(Symbol::Inherited(text) | Symbol::Global(text) | Symbol::Invalid(text)) => text.len(),
            Piece::Symbol(Symbol::Workdir) => 1,
            Piece::Symbol(Symbol::Argument { name, history }) => {
                name.len() + history.iter().map(Assignment::size).sum::<usize>()
            }
            Piece::Symbol(Symbol::Result { operator, inputs }) => {
                operator.len() + inputs.iter().map(Value::size).sum::<usize>()
            }
        };
        16 + self.pieces.iter().map(|p| 16 + of(p)).sum::<usize>()
    }
}

/// Replaces the variables in words.
pub(super) struct Expander<'e> {
    pub(super) scope: &'e Scope,
    pub(super) escape: char,
    pub(super) budget: &'e Budget,
}

impl Expander<'_> {
    /// `text` as the builder hands it to an instruction.
    pub(super) fn word(&self, text: &str) -> Value {
        if !text.contains(['$', '\'', '"', self.escape]) {
            return Value::text(text);
        }
        match lex(text, self.escape) {
            Ok(parts) => self.parts(text, &parts),
            Err(_) => Value::symbol(Symbol::Invalid(text.to_owned())),
        }
    }

    fn parts(&self, text: &str, parts: &[Part]) -> Value {
        let mut value = Value::default();
        for part in parts {
            match part {
                Part::Text(r) | Part::Escaped(r) | Part::Single(r) => value.push_text(&text[r.clone()]),
                Part::Double(inner) => value.push(self.parts(text, inner)),
                Part::Variable(variable) => value.push(self.variable(text, variable)),
            }
        }
        value
    }

    /// The value of the variable `name`, charged to the budget: values can double with every line.
    pub(super) fn lookup(&self, name: &str) -> (Value, bool) {
        let (value, set) = self.scope.lookup(name);
        if self.budget.spend(value.size()) { (value, set) } else { (Value::default(), true) }
    }

    fn variable(&self, text: &str, variable: &Variable) -> Value {
        let (value, set) = self.lookup(&text[variable.name.clone()]);
        let result = |operator: &str, inputs: Vec<Value>| {
            Value::symbol(Symbol::Result { operator: operator.to_owned(), inputs })
        };
        // Whether the value counts as there; with `:`, an empty one doesn't.
        let present = |null_too: bool| match null_too {
            true if value.is_filled() => Some(true),
            true if set && value.known() == Some("") => Some(false),
            false if set => Some(true),
            _ => None,
        };
        match &variable.modifier {
            Modifier::None => value,
            Modifier::Default { null_too, word } => match present(*null_too) {
                Some(true) => value,
                Some(false) => self.parts(text, word),
                None => result(if *null_too { ":-" } else { "-" }, vec![value, self.parts(text, word)]),
            },
            Modifier::Alternative { null_too, word } => match present(*null_too) {
                Some(true) => self.parts(text, word),
                Some(false) => Value::default(),
                None => result(if *null_too { ":+" } else { "+" }, vec![value, self.parts(text, word)]),
            },
            Modifier::Required { null_too, word } => match present(*null_too) {
                Some(true) => value,
                _ => result(if *null_too { ":?" } else { "?" }, vec![value, self.parts(text, word)]),
            },
            // What the pattern matches isn't worked out: the same text on the same values is the same.
            Modifier::TrimPrefix { pattern, .. } | Modifier::TrimSuffix { pattern, .. } => {
                result(&text[variable.range.clone()], vec![value, self.parts(text, pattern)])
            }
            Modifier::Replace { pattern, replacement, .. } => {
                let inputs = vec![value, self.parts(text, pattern), self.parts(text, replacement)];
                result(&text[variable.range.clone()], inputs)
            }
        }
    }
}
