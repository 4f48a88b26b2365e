//! The variables of ENV and ARG, in the order in which commands get them.

use super::step::Named;
use crate::builder::Builder;
use crate::context::digest;

/// The variables that have a value.
///
/// BuildKit has one list of them: what is set goes to its end, so that the last of ENV and ARG wins, and
/// a stage that starts from another goes on with its list. For the others an ENV hides each ARG, and the
/// ARGs end with their stage. A proxy that no ARG declares is in no key; one that an ARG declares is like
/// any other. Measured on 26.1.
#[derive(Clone, Debug)]
pub(super) struct Variables {
    builder: Builder,
    list: Vec<Variable>,
}

#[derive(Clone, Debug)]
struct Variable {
    name: String,
    value: String,
    is_env: bool,
    /// That of the name and the value.
    digest: u128,
}

impl Variables {
    pub(super) fn new(builder: Builder) -> Self {
        Self { builder, list: Vec::new() }
    }

    pub(super) fn leave_stage(&mut self) {
        self.list.retain(|v| v.is_env || self.builder == Builder::Buildkit);
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.list.iter().filter(|v| v.name == name);
        named.clone().find(|v| v.is_env).or_else(|| named.next()).map(|v| v.value.as_str())
    }

    pub(super) fn set_env(&mut self, name: &str, value: String) {
        self.set(name, value, true);
    }

    pub(super) fn set_arg(&mut self, name: &str, value: String) {
        self.set(name, value, false);
    }

    fn set(&mut self, name: &str, value: String, is_env: bool) {
        let either = self.builder == Builder::Buildkit;
        self.list.retain(|v| v.name != name || (v.is_env != is_env && !either));
        let digest = digest(&(name, &value));
        self.list.push(Variable { name: name.to_owned(), value, is_env, digest });
    }

    /// What commands get of ENV.
    pub(super) fn environment(&self) -> Vec<(&str, &str)> {
        self.list.iter().filter(|v| v.is_env).map(|v| (v.name.as_str(), v.value.as_str())).collect()
    }

    /// What the key of a command holds of them. The chain of lines that the others have knows every ENV.
    pub(super) fn of_a_command(&self, inputs: &mut Named) {
        let env = |name: &str| self.list.iter().any(|v| v.is_env && v.name == name);
        for Variable { name, is_env, digest, .. } in &self.list {
            if *is_env && self.builder == Builder::Buildkit {
                inputs.push((format!("ENV {name}").into(), *digest));
            } else if !is_env && !env(name) {
                inputs.push((format!("ARG {name} is in scope and").into(), *digest));
            }
        }
        if self.builder == Builder::Buildkit {
            let names: Vec<&str> = self.list.iter().map(|v| v.name.as_str()).collect();
            inputs.push(("the order of the variables".into(), digest(&names)));
        }
    }
}
