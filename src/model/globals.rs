//! The ARGs in front of the first FROM.

use super::expand::{Expanded, Value, expand};
use crate::syntax::Instruction;
use std::collections::HashMap;

/// What they say of each name: a default, or that there is none.
#[derive(Debug, Default)]
pub struct Globals {
    list: Vec<(String, Value)>,
    /// The last of each name.
    last: HashMap<String, usize>,
}

impl Globals {
    pub(super) fn of(instructions: &[Instruction<'_>], escape: char) -> Self {
        let mut globals = Self::default();
        for arg in instructions.iter().flat_map(Instruction::args) {
            let value = match &arg.value {
                // Only a build argument can tell.
                None => Value::Unknown,
                Some(word) => match globals.expand(&word.text, escape) {
                    Expanded::Known(text) => Value::Known(text),
                    _ => Value::Unknown,
                },
            };
            globals.last.insert(arg.name.text.to_string(), globals.list.len());
            globals.list.push((arg.name.text.to_string(), value));
        }
        globals
    }

    /// The default of `name`, if one of them declares it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.last.get(name).map(|&at| &self.list[at].1)
    }

    /// The names, in order; one that is declared again stands there again.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(name, _)| name.as_str())
    }

    /// A variable that no ARG declares may still be one that the builder sets: `TARGETARCH` and its like.
    pub(super) fn expand(&self, text: &str, escape: char) -> Expanded {
        expand(text, escape, &|name| self.get(name).cloned().unwrap_or(Value::Unknown))
    }
}
