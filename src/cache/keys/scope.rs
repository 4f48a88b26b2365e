//! What ENV and ARG have set at one place of a Dockerfile, which any number of steps can keep.

use crate::builder::Builder;
use crate::context::digest;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

/// The settings up to a place. Those of the places above are shared, so that a file whose every RUN stands below another
/// ENV takes no more memory than one with all its ENVs at the top.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    builder: Builder,
    last: Option<Arc<Setting>>,
}

#[derive(Debug)]
struct Setting {
    name: String,
    /// That of the name and the value.
    digest: u128,
    is_env: bool,
    /// Whether nothing above sets the name.
    is_new: bool,
    above: Option<Arc<Setting>>,
    /// How many settings there are up to this one.
    length: usize,
    digests: OnceLock<Digests>,
}

/// Stands for all settings up to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digests {
    /// What the key of a command holds of them. For BuildKit an ARG is as good as an ENV (measured on 26.1); the chain of
    /// lines that the others have knows every ENV.
    pub(super) key: u128,
    /// What commands get of ENV.
    pub(super) environment: u128,
}

impl Digests {
    fn with(self, builder: Builder, setting: &Setting) -> Self {
        let Setting { digest: value, is_env, .. } = setting;
        let key = if *is_env && builder != Builder::Buildkit { self.key } else { digest(&(self.key, value)) };
        let environment = if *is_env { digest(&(self.environment, value)) } else { self.environment };
        Self { key, environment }
    }
}

impl Scope {
    pub(super) fn new(builder: Builder) -> Self {
        Self { builder, last: None }
    }

    /// Sets `name`; `is_new` says that nothing has set it yet.
    pub(super) fn push(&mut self, name: &str, value: &str, is_env: bool, is_new: bool) {
        self.append(name.to_owned(), digest(&(name, value)), is_env, is_new);
    }

    fn append(&mut self, name: String, digest: u128, is_env: bool, is_new: bool) {
        let above = self.last.take();
        let length = above.as_ref().map_or(0, |s| s.length) + 1;
        self.last = Some(Arc::new(Setting { name, digest, is_env, is_new, above, length, digests: OnceLock::new() }));
    }

    /// How many settings there are, hidden ones too.
    pub(super) fn length(&self) -> usize {
        self.last.as_ref().map_or(0, |last| last.length)
    }

    /// Forgets what is hidden, once that is most of it; so many `names` are set.
    pub(super) fn shorten(&mut self, names: usize) {
        // Each name may have an ENV and an ARG.
        if self.last.as_ref().is_some_and(|last| last.length > 4 * names + 16) {
            *self = self.of(|_| true);
        }
    }

    /// The same without the ARGs.
    pub(super) fn without_arguments(&self) -> Self {
        self.of(|setting| setting.is_env)
    }

    fn of(&self, keep: impl Fn(&Setting) -> bool) -> Self {
        let mut scope = Self::new(self.builder);
        let mut names = HashSet::new();
        for setting in self.list().into_iter().filter(|s| keep(s)) {
            let is_new = names.insert(&setting.name);
            scope.append(setting.name.clone(), setting.digest, setting.is_env, is_new);
        }
        scope
    }

    /// The settings that hold, in order.
    fn list(&self) -> Vec<&Setting> {
        list(self.builder, self.last.as_deref())
    }

    pub(super) fn digests(&self) -> Digests {
        let mut below = Vec::new();
        let mut digests = Digests::default();
        for setting in upwards(self.last.as_deref()) {
            if let Some(known) = setting.digests.get() {
                digests = *known;
                break;
            }
            if !setting.is_new {
                digests = *setting.digests.get_or_init(|| from_scratch(self.builder, setting));
                break;
            }
            below.push(setting);
        }
        for setting in below.into_iter().rev() {
            digests = *setting.digests.get_or_init(|| digests.with(self.builder, setting));
        }
        digests
    }

    /// What the key of a command holds of them, each with a name for messages.
    pub(super) fn named(&self) -> Vec<(Cow<'static, str>, u128)> {
        let list = of_a_command(self.builder, self.list());
        let name =
            |s: &Setting| if s.is_env { format!("ENV {}", s.name) } else { format!("ARG {} is in scope and", s.name) };
        let mut named: Vec<_> = list.iter().map(|s| (name(s).into(), s.digest)).collect();
        if self.builder == Builder::Buildkit {
            let names: Vec<&String> = list.iter().map(|s| &s.name).collect();
            named.push(("the order of the variables".into(), digest(&names)));
        }
        named
    }
}

fn upwards(last: Option<&Setting>) -> impl Iterator<Item = &Setting> {
    std::iter::successors(last, |setting| setting.above.as_deref())
}

/// The settings up to `last` that hold, in order.
fn list(builder: Builder, last: Option<&Setting>) -> Vec<&Setting> {
    let either = builder == Builder::Buildkit;
    let mut known = HashSet::new();
    let mut list: Vec<&Setting> = upwards(last).filter(|s| known.insert((&s.name, s.is_env && !either))).collect();
    list.reverse();
    list
}

/// Those of `list` that the key of a command holds.
fn of_a_command(builder: Builder, mut list: Vec<&Setting>) -> Vec<&Setting> {
    if builder != Builder::Buildkit {
        let envs: HashSet<&String> = list.iter().filter(|s| s.is_env).map(|s| &s.name).collect();
        list.retain(|s| !envs.contains(&s.name));
    }
    list
}

fn from_scratch(builder: Builder, last: &Setting) -> Digests {
    let fold = |list: &[&Setting]| list.iter().fold(Digests::default(), |d, s| d.with(builder, s));
    let all = list(builder, Some(last));
    let environment = fold(&all).environment;
    Digests { key: fold(&of_a_command(builder, all)).key, environment }
}

impl Drop for Setting {
    /// One by one: a long list would overflow the stack.
    fn drop(&mut self) {
        let mut above = self.above.take();
        while let Some(mut setting) = above.and_then(Arc::into_inner) {
            above = setting.above.take();
        }
    }
}
