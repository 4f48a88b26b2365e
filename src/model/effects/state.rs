//! What is known while a stage is read from top to bottom: variables, folder, user, shell.

use super::super::expand::{Expanded, Value, expand, expand_known};
use super::super::path::{AbsolutePath, join};
use super::{MOST_PLACES, Resource, settings};
use crate::syntax::{Form, Instruction, Keyword};
use rpds::{RedBlackTreeMap, RedBlackTreeSet, Vector};
use std::borrow::Cow;

/// The builder's state between two steps.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What is the same in other states is shared with them.
    variables: RedBlackTreeMap<String, Named>,
    /// How many stages are above this one, one from the other.
    depth: usize,
    environment_paths: Vector<Resource>,
    /// The links that commands above made.
    pub(super) links: RedBlackTreeSet<AbsolutePath>,
    /// Whether variables or settings may send what package managers install to a place that is not known.
    pub(super) moves_installs: bool,
    /// The working directory, if an absolute WORKDIR stands above.
    pub workdir: Option<AbsolutePath>,
    /// The user, if a USER stands above.
    pub user: Option<String>,
    /// The shell, if a SHELL stands above.
    pub shell: Option<Vec<String>>,
}

/// What ENV and ARG say of one name.
#[derive(Clone, Debug, Default)]
struct Named {
    env: Option<Variable>,
    arg: Option<Variable>,
}

#[derive(Clone, Debug)]
struct Variable {
    value: Value,
    /// The depth of the stage that set it.
    depth: usize,
}

impl State {
    /// What is known of the variable called `name`. An unset one may still come from the base image.
    pub fn variable(&self, name: &str) -> Value {
        // Which of ENV and ARG wins is not the same in all builders.
        match self.variables.get(name).map(|named| (&named.env, &named.arg)) {
            None | Some((None, None)) => Value::Unset,
            Some((Some(only), None) | (None, Some(only))) => only.value.clone(),
            Some((Some(_), Some(_))) => Value::Unknown,
        }
    }

    /// Whether `name` is an ARG, or an ENV whose value depends on one.
    pub fn is_build_argument(&self, name: &str) -> bool {
        self.variable(name) == Value::Unknown
    }

    /// The places that values of ENV name, which commands may look at: `PATH`, settings, caches.
    pub(super) fn environment_paths(&self) -> impl Iterator<Item = &Resource> {
        self.environment_paths.iter()
    }

    /// Expands `text`; a variable that only the base image may know makes it unknown.
    pub fn expand(&self, text: &str, escape: char) -> Expanded {
        expand(text, escape, &|name| self.in_image(name))
    }

    /// The same for a text that is of use only if all of it is known.
    fn known<'t>(&self, text: &'t str, escape: char) -> Option<Cow<'t, str>> {
        expand_known(text, escape, &|name| self.in_image(name))
    }

    fn in_image(&self, name: &str) -> Value {
        match self.variable(name) {
            Value::Unset => Value::Unknown,
            value => value,
        }
    }

    /// `text` as a path in the image.
    pub fn path(&self, text: &str, escape: char) -> Option<AbsolutePath> {
        join(self.workdir.as_ref(), &self.known(text, escape)?)
    }

    /// Goes past `step`.
    pub fn advance(&mut self, step: &Instruction<'_>, escape: char) {
        match step.keyword {
            Keyword::Env => {
                // All values of one ENV are read before any of its names is set.
                let values: Vec<Value> = step.pairs().iter().map(|p| self.value(&p.value.text, escape)).collect();
                for (pair, value) in step.pairs().iter().zip(values) {
                    self.note_paths(&pair.key.text, &pair.value.text, escape);
                    let known = match &value {
                        Value::Known(text) => Some(text.as_str()),
                        _ => None,
                    };
                    self.moves_installs |= settings::is_puzzling(&pair.key.text, known);
                    self.set(&pair.key.text, value, true);
                }
            }
            // A build argument can always be given another value.
            Keyword::Arg => step.args().iter().for_each(|a| {
                self.moves_installs |= settings::is_puzzling(&a.name.text, None);
                self.set(&a.name.text, Value::Unknown, false);
            }),
            Keyword::Copy | Keyword::Add => {
                self.moves_installs |= step.words().iter().any(|w| settings::is_file(&w.text));
            }
            Keyword::Workdir => self.workdir = step.single().and_then(|w| self.path(&w.text, escape)),
            Keyword::User => self.user = step.single().and_then(|w| self.expand(&w.text, escape).known()),
            Keyword::Shell => {
                if let Some(Form::Exec(words)) = step.command() {
                    self.shell = Some(words.iter().map(|w| w.text.to_string()).collect());
                }
            }
            _ => {}
        }
    }

    /// Remembers the paths in a value of ENV.
    fn note_paths(&mut self, name: &str, value: &str, escape: char) {
        // An empty member of such a list is the current folder.
        let list = value.trim_matches(['"', '\'']);
        if name.ends_with("PATH") && (list.starts_with(':') || list.ends_with(':') || list.contains("::")) {
            self.note_path(Resource::Files);
        }
        for part in value.split([':', ' ', '"', '\'', '=', ',', '|']) {
            let part = settings::path_of(part);
            if is_of_shims(name, part) {
                self.note_path(Resource::Files);
            }
            let path = match self.known(part, escape).as_deref() {
                // From a relative place, a program may take any file.
                Some(text) if settings::names_a_place(name) && settings::may_be_relative(text) => None,
                Some(text) if !text.starts_with('/') => continue,
                Some(text) => AbsolutePath::new(text),
                // What the variable was before is not changed by this file.
                None if is_reference(part, name) => continue,
                None if part.starts_with('/') => part.find('$').and_then(|at| AbsolutePath::new(&part[..at])),
                None if settings::names_a_place(name) => None,
                None => continue,
            };
            self.note_path(path.map_or(Resource::Files, Resource::Path));
        }
    }

    /// Remembers a place that commands may look at.
    pub(super) fn note_path(&mut self, resource: Resource) {
        if self.environment_paths.len() == MOST_PLACES {
            self.environment_paths = Vector::from_iter([Resource::Files]);
        }
        if !self.environment_paths.iter().any(|known| *known == resource) {
            self.environment_paths.push_back_mut(resource);
        }
    }

    /// Goes on to a stage that starts from this one. BuildKit keeps the ARGs, the classic builder does not
    /// (measured on 26.1): an ENV of the new stage settles what its name stands for.
    pub(super) fn leave_stage(&mut self) {
        self.depth += 1;
    }

    fn value(&self, text: &str, escape: char) -> Value {
        self.expand(text, escape).value()
    }

    fn set(&mut self, name: &str, value: Value, is_env: bool) {
        let mut named = self.variables.get(name).cloned().unwrap_or_default();
        let variable = Some(Variable { value, depth: self.depth });
        if is_env {
            named.arg.take_if(|arg| arg.depth < self.depth);
            named.env = variable;
        } else {
            named.arg = variable;
        }
        self.variables.insert_mut(name.to_owned(), named);
    }
}

/// Whether programs found by `name` look into the folder that they run in, and those above, for which of them is meant:
/// the shims of pyenv, rbenv, nodenv and asdf do.
pub(in crate::model) fn is_of_shims(name: &str, part: &str) -> bool {
    name == "PATH" && part.trim_end_matches('/').ends_with("/shims")
}

/// Whether `text` is nothing but the variable `name`, with or without braces.
pub fn is_reference(text: &str, name: &str) -> bool {
    text.strip_prefix('$').is_some_and(|rest| {
        rest == name || rest.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) == Some(name)
    })
}
