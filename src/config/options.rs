//! What a rule lets its users set, besides its severity.

/// An option of a rule, as the document of the rule declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// The key.
    pub name: &'static str,
    /// What its values look like.
    pub kind: OptionKind,
}

/// What the values of an option look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// `true` or `false`.
    Flag,
    /// A list of words.
    Words,
    /// A mapping from words to words.
    Map,
}

/// A value that an option was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// Of an [`OptionKind::Flag`].
    Flag(bool),
    /// Of an [`OptionKind::Words`].
    Words(Vec<String>),
    /// Of an [`OptionKind::Map`], in the order of the file.
    Map(Vec<(String, String)>),
}

/// The options that a rule was given, by name.
pub type Options = Vec<(&'static str, OptionValue)>;

impl OptionKind {
    /// What is expected, for messages.
    pub(super) fn expected(self) -> &'static str {
        match self {
            OptionKind::Flag => "`true` or `false`",
            OptionKind::Words => "a list of words",
            OptionKind::Map => "a mapping",
        }
    }

    /// How it is written, for messages.
    pub(super) fn example(self) -> &'static str {
        match self {
            OptionKind::Flag => "true",
            OptionKind::Words => "[one, two]",
            OptionKind::Map => "{key: value}",
        }
    }
}
