//! The variables of ENV and ARG.

use super::value::{Symbol, Value};
use rpds::{RedBlackTreeMap, RedBlackTreeSet};

/// What one instruction says of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Assignment {
    /// ENV, with the value.
    Env(Value),
    /// ARG, with the default.
    Arg(Option<Value>),
}

impl Assignment {
    pub(super) fn size(&self) -> usize {
        match self {
            Assignment::Env(value) | Assignment::Arg(Some(value)) => value.size(),
            Assignment::Arg(None) => 16,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    /// The name as last written: it differs from the key only where case doesn't count.
    name: String,
    /// The last ENV, if any, and the ARGs behind it; an ENV settles all that was said before.
    history: Vec<Assignment>,
}

/// All variables as a command sees them. Their order in the environment doesn't count. What many stages have in common is
/// there once.
pub(super) type Snapshot = RedBlackTreeMap<String, Entry>;

/// How the variables of two scopes differ.
pub(super) enum Difference<'s> {
    /// In what ENV leaves in the image: the name of a variable.
    Env(&'s str),
    /// In what ARG says.
    Arg,
}

/// The variables in scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    entries: Snapshot,
    /// The keys that this stage has said something of. Of all others, it has what the stage below left.
    own: RedBlackTreeSet<String>,
    /// Whether `Path` and `PATH` may be one variable, as on Windows.
    ignore_case: bool,
}

impl Scope {
    /// An empty scope. Only Dockerfiles for Windows have a reason to change the escape character.
    pub(super) fn new(escape: char) -> Self {
        Self { ignore_case: escape == '`', ..Self::default() }
    }

    fn key(&self, name: &str) -> String {
        if self.ignore_case { name.to_uppercase() } else { name.to_owned() }
    }

    /// The value of `name`, and whether it is surely set.
    pub(super) fn lookup(&self, name: &str) -> (Value, bool) {
        let key = self.key(name);
        let Some(entry) = self.entries.get(&key) else {
            return (Value::symbol(Symbol::Inherited(key)), false);
        };
        if let Some(Assignment::Env(value)) = entry.history.last() {
            return (value.clone(), true);
        }
        let set = matches!(entry.history.first(), Some(Assignment::Env(_)));
        (Value::symbol(Symbol::Argument { name: key, history: entry.history.clone() }), set)
    }

    pub(super) fn assign(&mut self, name: &str, assignment: Assignment) {
        let key = self.key(name);
        self.own.insert_mut(key.clone());
        let Some(entry) = self.entries.get_mut(&key) else {
            self.entries.insert_mut(key, Entry { name: name.to_owned(), history: vec![assignment] });
            return;
        };
        name.clone_into(&mut entry.name);
        if matches!(assignment, Assignment::Env(_)) {
            entry.history.clear();
        }
        entry.history.push(assignment);
    }

    /// What a stage built on this one starts with.
    pub(super) fn for_child(&self) -> Self {
        Self { own: RedBlackTreeSet::new(), ..self.clone() }
    }

    /// What differs in `other`, if the stages below ended with the same variables: the name of one that ENV sets, or of
    /// another, which is an ARG.
    pub(super) fn difference<'s>(&'s self, other: &'s Scope) -> Option<Difference<'s>> {
        let keys = || self.own.iter().chain(other.own.iter());
        let differs = |key: &&String| self.entries.get(*key) != other.entries.get(*key);
        let set = |key| self.set(key).or(other.set(key)).map(|(name, _)| name);
        let env = |key: &'s String| (self.set(key) != other.set(key)).then(|| set(key)).flatten();
        keys().find_map(env).map(Difference::Env).or_else(|| keys().find(differs).map(|_| Difference::Arg))
    }

    /// What ENV leaves of a variable in the image: its name and its value.
    fn set(&self, key: &str) -> Option<(&str, &Value)> {
        let entry = self.entries.get(key)?;
        match entry.history.first() {
            Some(Assignment::Env(value)) => Some((entry.name.as_str(), value)),
            _ => None,
        }
    }

    /// What a command sees.
    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.entries
    }

    /// About how many bytes a snapshot takes.
    pub(super) fn size(&self) -> usize {
        let of = |entry: &Entry| 2 * entry.name.len() + entry.history.iter().map(Assignment::size).sum::<usize>();
        self.entries.values().map(of).sum()
    }
}
