//! The words of a command, told apart: flags, their values, and the rest.

/// The words behind the name of a command.
#[derive(Debug, Default)]
pub(super) struct Flags {
    /// The words that are no flags and no values of flags.
    pub(super) operands: Vec<String>,
    /// The flags, with their values.
    set: Vec<(String, Option<String>)>,
    /// The flags that are in neither list.
    pub(super) unknown: Vec<String>,
}

impl Flags {
    /// Reads `words`: the flags `values` take one, the flags `plain` don't. `--name=value` is read for
    /// all of them.
    pub(super) fn read(words: &[String], values: &[&str], plain: &[&str]) -> Self {
        let mut flags = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if !word.starts_with('-') || word == "-" {
                flags.operands.push(word.clone());
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let short = name.len() > 2 && !name.starts_with("--") && name.is_char_boundary(2);
            if values.contains(&name) {
                let value = value.or_else(|| words.next().cloned());
                flags.set.push((name.to_owned(), value));
            } else if short && values.contains(&&name[..2]) {
                // `-rrequirements.txt`
                flags.set.push((name[..2].to_owned(), Some(word[2..].to_owned())));
            } else {
                if !plain.contains(&name) {
                    flags.unknown.push(word.clone());
                }
                flags.set.push((name.to_owned(), value));
            }
        }
        flags
    }

    /// Whether one of `names` is there.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.set.iter().any(|(name, value)| names.contains(&name.as_str()) && value.as_deref() != Some("false"))
    }

    /// The value of the last of `names`.
    pub(super) fn value(&self, names: &[&str]) -> Option<&str> {
        self.values(names).last()
    }

    /// The values of all of `names`.
    pub(super) fn values(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        self.set.iter().filter(move |(name, _)| names.contains(&name.as_str())).map(|(_, v)| v.as_deref().unwrap_or(""))
    }
}
