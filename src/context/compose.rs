//! Which context a compose file gives a Dockerfile.
//!
//! Source: the Compose Build Specification, `build`, `context` and `dockerfile`; the order of the file
//! names is that of `docker compose`.

use super::lexical::{absolute, plain_text};
use crate::yaml::{LARGEST, within_bounds};
use serde_yaml::Value;
use std::path::{Path, PathBuf};

/// The names of the file, the one that wins first.
const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The builds that a compose file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compose {
    /// The file.
    pub(super) path: PathBuf,
    builds: Vec<Build>,
}

/// `build` of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Build {
    context: PathBuf,
    dockerfile: PathBuf,
}

impl Compose {
    /// The compose file in `folder`, an absolute path. One that is broken, a link, too large or
    /// too slow to read counts as none: it is somebody else's file, and only a hint here.
    pub(super) fn read_in(folder: &Path) -> Option<Self> {
        let mut paths = NAMES.iter().map(|name| folder.join(name));
        let (path, data) = paths.find_map(|path| path.symlink_metadata().ok().map(|data| (path, data)))?;
        if !data.is_file() || data.len() > LARGEST {
            return None;
        }
        let text = plain_text(&path, LARGEST)?;
        let builds = builds(&text, folder)?;
        Some(Self { path, builds })
    }

    /// The contexts that services build `dockerfile` with, each once. Both are absolute.
    pub(super) fn contexts_of(&self, dockerfile: &Path) -> Vec<&Path> {
        let mut contexts: Vec<&Path> = Vec::new();
        for build in self.builds.iter().filter(|build| build.dockerfile == dockerfile) {
            if !contexts.contains(&build.context.as_path()) {
                contexts.push(&build.context);
            }
        }
        contexts
    }
}

fn builds(text: &str, folder: &Path) -> Option<Vec<Build>> {
    within_bounds(text).ok()?;
    let mut document: Value = serde_yaml::from_str(text).ok()?;
    document.apply_merge().ok()?;
    let services = bare(document.get("services")?).as_mapping()?;
    let builds = services.iter().filter_map(|(_, service)| build(bare(bare(service).get("build")?), folder));
    Some(builds.collect())
}

/// What `!reset` and the like stand in front of.
fn bare(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) => bare(&tagged.value),
        value => value,
    }
}

/// The build of one service; `None` if the file alone doesn't say what it is.
fn build(value: &Value, folder: &Path) -> Option<Build> {
    let text = |key: &str, default: &str| match value.get(key).map(bare) {
        None | Some(Value::Null) => Some(default.to_owned()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => None,
    };
    let (context, dockerfile) = match value {
        Value::String(context) => (context.clone(), "Dockerfile".to_owned()),
        Value::Mapping(map) if !map.contains_key("dockerfile_inline") => {
            (text("context", ".")?, text("dockerfile", "Dockerfile")?)
        }
        _ => return None,
    };
    if !is_local(&context) || dockerfile.contains('$') {
        return None;
    }
    let context = absolute(folder, Path::new(&context));
    Some(Build { dockerfile: absolute(&context, Path::new(&dockerfile)), context })
}

/// Whether a context is a folder whose name stands in the file: no URL, no variable, no home folder.
fn is_local(context: &str) -> bool {
    let remote = context.contains("://") || context.contains(".git#") || context.starts_with("git@");
    !remote && !context.contains('$') && !context.starts_with('~') && !context.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &[(&str, &str)]) {
        let builds = builds(text, Path::new("/r/deploy")).unwrap();
        let shown: Vec<(&str, &str)> =
            builds.iter().map(|b| (b.context.to_str().unwrap(), b.dockerfile.to_str().unwrap())).collect();
        assert_eq!(shown, want, "{text}");
    }

    #[test]
    fn a_build_is_a_folder_or_a_mapping() {
        check("services: {a: {build: .}}", &[("/r/deploy", "/r/deploy/Dockerfile")]);
        check("services: {a: {build: ../api}}", &[("/r/api", "/r/api/Dockerfile")]);
        check(
            "services:\n  a:\n    build:\n      context: ..\n      dockerfile: docker/api.Dockerfile\n      target: x\n",
            &[("/r", "/r/docker/api.Dockerfile")],
        );
        check("services: {a: {build: {dockerfile: ../D}}}", &[("/r/deploy", "/r/D")]);
        check("services: {a: {build: {context: /x, dockerfile: /y/D}}}", &[("/x", "/y/D")]);
        check("services: {a: {image: x}, b: {build: ~}, c: {build: [x]}, d: 1}", &[]);
    }

    #[test]
    fn what_the_file_alone_does_not_say_is_left_out() {
        for context in ["$X", "${X:-.}", "https://example.com/r.git", "git@example.com:r", "~/x", "", "a/.git#main"] {
            check(&format!(r#"services: {{a: {{build: {{context: "{context}"}}}}}}"#), &[]);
        }
        check("services: {a: {build: {context: ., dockerfile: Dockerfile.$X}}}", &[]);
        check("services: {a: {build: {context: ., dockerfile_inline: FROM x}}}", &[]);
    }

    #[test]
    fn merged_and_tagged_values_count() {
        let text =
            "x-b: &b {context: ../w}\nservices:\n  a: {build: {<<: *b, dockerfile: D}}\n  b: {build: !override ..}\n";
        check(text, &[("/r/w", "/r/w/D"), ("/r", "/r/Dockerfile")]);
    }

    #[test]
    fn a_file_that_would_keep_everyone_waiting_says_nothing() {
        let services = "services: {a: {build: .}}\n";
        check(services, &[("/r/deploy", "/r/deploy/Dockerfile")]);
        let lists = format!("a: &a [{}]\nb: [{}]\n{services}", "1,".repeat(1_000), "*a,".repeat(1_000));
        assert_eq!(builds(&lists, Path::new("/r")), None);
    }

    #[test]
    fn a_broken_file_says_nothing() {
        for text in ["services: [", "services: [1]", "a: 1", "", "\u{0}", "services: {a: {build: .}, a: {build: x}}"] {
            assert_eq!(builds(text, Path::new("/r")), None, "{text:?}");
        }
    }
}
