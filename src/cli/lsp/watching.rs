//! The files whose change changes what is found, of which the client tells if it is asked to.

use super::server::Server;
use crate::config::{HADOLINT_NAMES, NAMES};
use serde_json::{Value, json};
use std::path::Path;

/// What counts besides configurations, by its name. The state of Git does not: histories are read once a session.
const OTHERS: [&str; 4] =
    ["**/.dockerignore", "**/*.dockerignore", "**/.containerignore", "**/{docker-compose,compose}*.{yml,yaml}"];

impl Server {
    /// Asks to be told of all that counts by its name.
    pub(super) fn watch_names(&mut self) {
        let configurations = NAMES.iter().chain(&HADOLINT_NAMES).map(|name| format!("**/{name}"));
        self.watch(configurations.chain(OTHERS.map(str::to_owned)).collect());
    }

    /// Asks to be told of files that count because others name them: what is extended, and baselines.
    pub(super) fn watch_files<'p>(&mut self, files: impl IntoIterator<Item = &'p Path>) {
        let root = &self.workspace.root;
        let globs = files.into_iter().filter(|path| !is_watched_by_name(path)).filter_map(|path| glob(path, root));
        let globs = globs.collect();
        self.watch(globs);
    }

    fn watch(&mut self, globs: Vec<String>) {
        if !self.client.watches_files {
            return;
        }
        let new: Vec<String> = globs.into_iter().filter(|glob| self.watched.insert(glob.clone())).collect();
        if new.is_empty() {
            return;
        }
        let watchers: Vec<Value> = new.iter().map(|glob| json!({ "globPattern": glob })).collect();
        let registration = json!({
            "id": format!("files-{}", self.watched.len()), "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        self.request("client/registerCapability", &json!({ "registrations": [registration] }));
    }
}

fn is_watched_by_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| NAMES.contains(&name) || HADOLINT_NAMES.contains(&name))
}

/// A pattern for the file at `path`. Clients differ in what they hold a whole path against, so it is one that fits
/// below any folder; of a file outside of `root`, the name has to do.
fn glob(path: &Path, root: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok().or_else(|| path.file_name().map(Path::new))?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    // A pattern has no way to write these but as any one character.
    Some(format!("**/{}", parts?.join("/").replace(['*', '?', '[', ']', '{', '}', '\\', '!', ','], "?")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_its_file() {
        let root = Path::new("/a");
        for (path, wanted) in [
            ("/a/ci/base.yaml", "**/ci/base.yaml"),
            ("/b/base.yaml", "**/base.yaml"),
            ("/a/{x}/b[1].yaml", "**/?x?/b?1?.yaml"),
        ] {
            assert_eq!(glob(Path::new(path), root).as_deref(), Some(wanted), "{path}");
            let fits = globset::Glob::new(wanted).expect("a pattern").compile_matcher();
            assert!(fits.is_match(path), "{path}");
        }
    }
}
