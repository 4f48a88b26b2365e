//! The variables of ENV and ARG, in the order in which commands get them.

use super::scope::Scope;
use crate::builder::Builder;
use std::collections::HashMap;
use std::sync::Arc;

/// The variables that have a value.
///
/// BuildKit has one list of them: what is set goes to its end, so that the last of ENV and ARG wins, and
/// a stage that starts from another goes on with its list. For the others an ENV hides each ARG, and the
/// ARGs end with their stage. A proxy that no ARG declares is in no key; one that an ARG declares is like
/// any other. Measured on 26.1.
#[derive(Clone, Debug)]
pub(super) struct Variables {
    builder: Builder,
    /// Shared with the stages that start from this one, as long as they set nothing.
    values: Arc<HashMap<String, Values>>,
    scope: Scope,
}

/// The values of one name.
#[derive(Clone, Debug, Default)]
struct Values {
    env: Option<String>,
    arg: Option<String>,
}

impl Variables {
    pub(super) fn new(builder: Builder) -> Self {
        Self { builder, values: Arc::default(), scope: Scope::new(builder) }
    }

    pub(super) fn leave_stage(&mut self) {
        if self.builder == Builder::Buildkit || self.values.values().all(|v| v.arg.is_none()) {
            return;
        }
        let values = Arc::make_mut(&mut self.values);
        values.values_mut().for_each(|v| v.arg = None);
        values.retain(|_, v| v.env.is_some());
        self.scope = self.scope.without_arguments();
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let values = self.values.get(name)?;
        values.env.as_deref().or(values.arg.as_deref())
    }

    pub(super) fn set_env(&mut self, name: &str, value: String) {
        self.set(name, value, true);
    }

    pub(super) fn set_arg(&mut self, name: &str, value: String) {
        self.set(name, value, false);
    }

    fn set(&mut self, name: &str, value: String, is_env: bool) {
        let all = Arc::make_mut(&mut self.values);
        let is_new = !all.contains_key(name);
        let values = all.entry(name.to_owned()).or_default();
        if self.builder == Builder::Buildkit {
            *values = Values::default();
        }
        self.scope.push(name, &value, is_env, is_new);
        *if is_env { &mut values.env } else { &mut values.arg } = Some(value);
        self.scope.shorten(all.len());
    }

    /// What is set now, to be kept beside the key of a command.
    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BUILDERS: [Builder; 3] = [Builder::Buildkit, Builder::Classic, Builder::Buildah];

    /// The settings that hold after `all`, kept as a plain list.
    fn plain(builder: Builder, all: &[(u8, u8, bool)]) -> Vec<(u8, u8, bool)> {
        let mut list: Vec<(u8, u8, bool)> = Vec::new();
        for &(name, value, is_env) in all {
            list.retain(|old| old.0 != name || (old.2 != is_env && builder != Builder::Buildkit));
            list.push((name, value, is_env));
        }
        list
    }

    fn variables(builder: Builder, all: &[(u8, u8, bool)]) -> Variables {
        let mut variables = Variables::new(builder);
        for (name, value, is_env) in all {
            variables.set(&name.to_string(), value.to_string(), *is_env);
            // What is asked on the way is kept, and must not make a difference.
            if value % 2 == 0 {
                variables.scope().digests();
            }
        }
        variables
    }

    proptest! {
        #[test]
        fn what_is_shared_says_the_same_as_a_plain_list(
            all in proptest::collection::vec((0u8..6, 0u8..4, any::<bool>()), 0..200),
            builder in 0usize..3,
        ) {
            let builder = BUILDERS[builder];
            let (long, list) = (variables(builder, &all), plain(builder, &all));
            let short = variables(builder, &list);
            prop_assert_eq!(long.scope().digests(), short.scope().digests());
            prop_assert_eq!(long.scope().named(), short.scope().named());
            let shown = list.iter().filter(|v| match builder {
                Builder::Buildkit => true,
                _ => !v.2 && !list.contains(&(v.0, v.1, true)) && !list.iter().any(|w| w.2 && w.0 == v.0),
            });
            let order = usize::from(builder == Builder::Buildkit);
            prop_assert_eq!(long.scope().named().len(), shown.count() + order);
            for name in 0u8..6 {
                let held = |is_env: bool| list.iter().find(|v| v.0 == name && v.2 == is_env);
                let value = held(true).or(held(false)).map(|v| v.1.to_string());
                prop_assert_eq!(long.get(&name.to_string()).map(str::to_owned), value);
            }
            let mut child = long.clone();
            child.leave_stage();
            let kept: Vec<_> = list.into_iter().filter(|v| v.2 || builder == Builder::Buildkit).collect();
            prop_assert_eq!(child.scope().digests(), variables(builder, &kept).scope().digests());
        }

        #[test]
        fn other_lists_have_other_digests(
            one in proptest::collection::vec((0u8..3, 0u8..2, any::<bool>()), 0..5),
            two in proptest::collection::vec((0u8..3, 0u8..2, any::<bool>()), 0..5),
        ) {
            // An ARG is as good as an ENV for BuildKit, and of the others' keys only ARGs are a part.
            let values = |all: &[(u8, u8, bool)]| -> Vec<(u8, u8)> {
                plain(Builder::Buildkit, all).iter().map(|v| (v.0, v.1)).collect()
            };
            let key = |all| variables(Builder::Buildkit, all).scope().digests().key;
            prop_assert_eq!(key(&one) == key(&two), values(&one) == values(&two));
            let values = |all: &[(u8, u8, bool)]| -> Vec<(u8, u8)> {
                let list = plain(Builder::Classic, all);
                let hidden = |name: u8| list.iter().any(|v| v.2 && v.0 == name);
                list.iter().filter(|v| !hidden(v.0)).map(|v| (v.0, v.1)).collect()
            };
            let key = |all| variables(Builder::Classic, all).scope().digests().key;
            prop_assert_eq!(key(&one) == key(&two), values(&one) == values(&two));
        }
    }

    #[test]
    fn a_long_list_ends_without_a_deep_stack() {
        let mut variables = Variables::new(Builder::Buildkit);
        (0..200_000).for_each(|i| variables.set_env(&i.to_string(), String::new()));
        let kept = variables.scope().clone();
        drop(variables);
        assert_eq!(kept.named().len(), 200_001);
    }
}
