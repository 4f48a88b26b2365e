//! What each step reads and writes, so that a swap of two steps can be proven unobservable.
//!
//! Everything that is not known counts as read and written. Wrong is worse than silent.

mod apply;
mod argument;
mod call;
mod instruction;
mod leads;
mod names;
mod options;
mod run;
mod settings;
mod state;
mod table;
mod touched;
mod wrapper;

#[cfg(test)]
mod tests;

use super::path::AbsolutePath;

pub use instruction::EffectsOf;
pub(super) use instruction::of_stage;
pub use state::State;
pub use touched::Touched;

pub(super) use options::is_plain_shell;
pub(super) use settings::{may_be_relative, names_a_place, path_of};
pub(super) use state::is_of_shims;

use std::collections::HashSet;

/// So many places that variables and settings name, or links, are told apart: each command reads them all. With more, it may
/// read any file.
const MOST_PLACES: usize = 256;

/// Something that steps read and write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Anything at all.
    Everything,
    /// A variable of ENV or ARG.
    Variable(String),
    /// All variables, as a command sees them.
    Environment,
    /// The order of the variables in the image.
    EnvironmentOrder,
    /// The user that commands run as.
    User,
    /// The working directory.
    WorkingDirectory,
    /// The shell of shell forms.
    Shell,
    /// CMD of the image; ENTRYPOINT resets it.
    Cmd,
    /// ENTRYPOINT of the image.
    Entrypoint,
    /// The labels.
    Labels,
    /// The exposed ports.
    Ports,
    /// The volumes.
    Volumes,
    /// The health check.
    Healthcheck,
    /// The stop signal.
    StopSignal,
    /// The triggers of ONBUILD, in order.
    Triggers,
    /// The author.
    Author,
    /// A file or folder and all below it.
    Path(AbsolutePath),
    /// A folder that is made if it is not there, with the owner of whoever comes first.
    Made(AbsolutePath),
    /// The folders that the packages of a distribution own.
    System,
    /// Any file.
    Files,
}

impl Resource {
    /// Whether touching one may touch the other.
    pub fn overlaps(&self, other: &Resource) -> bool {
        use Resource::{Environment, EnvironmentOrder, Everything, Files, Path, System, Variable};
        match (self, other) {
            (Everything, _) | (_, Everything) => true,
            (Environment, Environment | Variable(_) | EnvironmentOrder)
            | (Variable(_) | EnvironmentOrder, Environment) => true,
            (Files, Files | Path(_) | System) | (Path(_) | System, Files) => true,
            (Path(a), Path(b)) => a.overlaps(b),
            (Path(path), System) | (System, Path(path)) => path.is_system(),
            (a, b) => a == b,
        }
    }
}

/// What a step reads and writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// What it looks at.
    pub reads: Vec<Resource>,
    /// What of it no command names: the places that variables and settings lead to.
    pub surroundings: Vec<Resource>,
    /// What it changes.
    pub writes: Vec<Resource>,
    /// Whether the same command on the same files can give another result: it asks the network or the
    /// clock.
    pub varies: bool,
    /// About how long it takes, in seconds, where that is known of its commands.
    pub seconds: Option<f32>,
    /// The links that it makes: what is below one of them is somewhere else for the steps behind it.
    pub links: Vec<AbsolutePath>,
    /// The surroundings of the steps behind it, too: where settings lead that it leaves.
    pub lasting: Vec<Resource>,
    known_reads: Known,
    known_writes: Known,
}

/// What is in a list already, once it is long: a RUN may have thousands of commands.
#[derive(Clone, Debug, Default)]
struct Known(HashSet<Resource>);

impl Known {
    /// From so many on, a list is long.
    const MANY: usize = 32;

    /// Adds `resource` to `list` unless it is there. What is added or changed past this may be there twice: that does no
    /// harm, it only takes longer to read.
    fn add(&mut self, list: &mut Vec<Resource>, resource: Resource) {
        if list.len() < Self::MANY {
            if !list.contains(&resource) {
                list.push(resource);
            }
            return;
        }
        if self.0.is_empty() {
            self.0.extend(list.iter().cloned());
        }
        if self.0.insert(resource.clone()) {
            list.push(resource);
        }
    }
}

impl PartialEq for Known {
    /// It says nothing that the list does not say.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Effects {
    /// The effects of a step that nothing is known of.
    pub fn unknown() -> Self {
        let everything = || vec![Resource::Everything];
        Self { reads: everything(), surroundings: everything(), writes: everything(), varies: true, ..Self::default() }
    }

    /// Whether the order of the two steps can't be observed: neither writes what the other reads or
    /// writes.
    pub fn independent(&self, other: &Effects) -> bool {
        let clash = |a: &[Resource], b: &[Resource]| a.iter().any(|x| b.iter().any(|y| x.overlaps(y)));
        !(clash(&self.writes, &other.writes) || clash(&self.writes, &other.reads) || clash(&self.reads, &other.writes))
    }

    /// Whether the order of the two steps can be observed in nothing but who made a folder: both write known paths, and
    /// neither writes what the other reads.
    pub fn share_but_a_folder(&self, other: &Effects) -> bool {
        let clash = |a: &Resource, b: &Resource| {
            let is_folder =
                matches!((a, b), (Resource::Path(a), Resource::Path(b)) if !a.is_system() && !b.is_system());
            a.overlaps(b) && !is_folder
        };
        let reads = |a: &Effects, b: &Effects| a.writes.iter().any(|x| b.reads.iter().any(|y| x.overlaps(y)));
        let writes = self.writes.iter().any(|x| other.writes.iter().any(|y| clash(x, y)));
        !(writes || reads(self, other) || reads(other, self))
    }

    /// What a RUN with these effects reads of the files that a COPY with the effects `copy` puts below
    /// `to`, if its commands name all of it and it touches nothing else of what the COPY touches. What is
    /// read is never `to` itself.
    pub fn named_below(&self, copy: &Effects, to: &AbsolutePath) -> Option<Vec<&AbsolutePath>> {
        let touches = |list: &[Resource], other: &Resource| list.iter().any(|r| r.overlaps(other));
        if copy.writes.iter().chain(&copy.reads).any(|r| touches(&self.writes, r)) {
            return None;
        }
        let place = Resource::Path(to.clone());
        if touches(&self.surroundings, &place) {
            return None;
        }
        let mut named = Vec::new();
        for read in self.reads.iter().filter(|read| read.overlaps(&place)) {
            match read {
                Resource::Path(path) if to.covers(path) && path != to => named.push(path),
                _ => return None,
            }
        }
        Some(named)
    }

    /// Whether nothing at all is known.
    pub fn is_unknown(&self) -> bool {
        self.writes.contains(&Resource::Everything)
    }

    pub(super) fn read(&mut self, resource: Resource) {
        self.known_reads.add(&mut self.reads, resource);
    }

    /// Reads what no command names.
    pub(super) fn read_around(&mut self, resource: Resource) {
        self.surroundings.push(resource.clone());
        self.read(resource);
    }

    /// Reads what settings lead to, as do the steps behind.
    pub(super) fn leads_to(&mut self, resource: Resource) {
        let resource = if self.lasting.len() < MOST_PLACES { resource } else { Resource::Files };
        if !self.lasting.contains(&resource) {
            self.lasting.push(resource.clone());
            self.read_around(resource);
        }
    }

    pub(super) fn write(&mut self, resource: Resource) {
        self.known_writes.add(&mut self.writes, resource);
    }

    /// Reads a path, or any file if the path is not known.
    pub(super) fn read_path(&mut self, path: Option<AbsolutePath>) {
        self.read(path.map_or(Resource::Files, Resource::Path));
    }

    /// Writes a path with the folders that may have to be made above it, or any file if the path is
    /// not known.
    pub(super) fn write_path(&mut self, path: Option<AbsolutePath>) {
        self.write(path.map_or(Resource::Files, |p| Resource::Path(p.claimed())));
    }
}
