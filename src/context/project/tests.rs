//! Folders on disk, and what is taken for the context of a Dockerfile in them.

use super::*;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

use crate::builder::Builder;

/// A folder with these files; a name that ends in `/` is a folder.
pub(super) fn tree(files: &[(&str, &str)]) -> TempDir {
    let root = TempDir::new().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).unwrap();
        } else {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    root
}

fn empty(names: &[&str]) -> TempDir {
    tree(&names.iter().map(|name| (*name, "")).collect::<Vec<_>>())
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn find(root: &TempDir, dockerfile: &str, sources: &[&str]) -> Result<Option<Project>, ProjectError> {
    let finder = ProjectFinder::new(root.path().to_owned(), None);
    let request = finder.request(Path::new(dockerfile), Builder::Buildkit, |_| None);
    finder.find(&request, &owned(sources))
}

/// The context, from `root` on, and how it was found.
fn found(root: &TempDir, dockerfile: &str, sources: &[&str]) -> Option<(String, How)> {
    let project = find(root, dockerfile, sources).unwrap()?;
    let folder = project.root.strip_prefix(root.path()).unwrap();
    Some((folder.display().to_string(), project.how))
}

#[track_caller]
fn check(root: &TempDir, dockerfile: &str, sources: &[&str], want: Option<(&str, How)>) {
    let want = want.map(|(folder, how)| (folder.to_owned(), how));
    assert_eq!(found(root, dockerfile, sources), want, "{dockerfile} with {sources:?}");
}

#[test]
fn the_nearest_folder_with_all_sources() {
    let root =
        empty(&[".git/", "package.json", "src/", "docker/Dockerfile", "docker/run.sh", "api/Dockerfile", "api/go.mod"]);
    check(&root, "api/Dockerfile", &["go.mod", "."], Some(("api", How::Beside)));
    check(&root, "docker/Dockerfile", &["package.json", "src/", "docker/run.sh"], Some(("", How::Parent)));
    check(&root, "docker/Dockerfile", &["run.sh"], Some(("docker", How::Beside)));
    check(&root, "docker/Dockerfile", &["run.sh", "package.json"], None);
    check(&root, "api/Dockerfile", &["/go.mod", "./go.mod", "../go.mod"], Some(("api", How::Beside)));
    check(&root, "Dockerfile", &["dist"], None);
}

#[test]
fn patterns_fit_at_least_one_name() {
    let root = empty(&[".git/", "a/package.json", "a/w/x/p.toml", "a/w/f", "a/Dockerfile"]);
    check(&root, "a/Dockerfile", &["package*.json"], Some(("a", How::Beside)));
    check(&root, "a/Dockerfile", &["yarn.lock*"], None);
    check(&root, "a/Dockerfile", &["w/*/p.toml", "?/*/p.[st]oml"], Some(("a", How::Beside)));
    check(&root, "a/Dockerfile", &["w/*/q.toml"], None);
    check(&root, "a/Dockerfile", &["*/package.json"], Some(("", How::Parent)));
    check(&root, "a/Dockerfile", &["pack[age"], None);
}

#[test]
fn nothing_above_the_repository_or_six_levels_is_looked_at() {
    let root =
        empty(&["x", "r/.git/", "r/a/Dockerfile", "plain/a/Dockerfile", "deep/.git/", "deep/y", "deep/1/2/3/4/5/6/7/"]);
    check(&root, "r/a/Dockerfile", &["x"], None);
    check(&root, "plain/a/Dockerfile", &["x"], None);
    check(&root, "deep/1/2/3/4/5/6/Dockerfile", &["y"], Some(("deep", How::Parent)));
    check(&root, "deep/1/2/3/4/5/6/7/Dockerfile", &["y"], None);
}

#[test]
fn with_nothing_to_look_for_only_a_project_counts() {
    let pile =
        ["README.md", "LICENSE", ".dockerignore", "a.Dockerfile", "Dockerfile.dockerignore", "docker-compose.ci.yml"];
    let names: Vec<String> = pile.iter().map(|name| format!("pile/{name}")).collect();
    let names: Vec<&str> =
        names.iter().map(String::as_str).chain(["app/main.c", "docker/run.sh", ".dev/x", ".git/"]).collect();
    let root = empty(&names);
    for sources in [&["."][..], &["./", "*"], &["/"], &[], &["a.Dockerfile"]] {
        check(&root, "pile/a.Dockerfile", sources, None);
        check(&root, "app/a.Dockerfile", sources, Some(("app", How::Beside)));
        check(&root, "docker/a.Dockerfile", sources, None);
        check(&root, ".dev/a.Dockerfile", sources, None);
    }
}

#[test]
fn a_compose_file_names_the_context() {
    let compose = "services:\n  a: {build: {context: .., dockerfile: deploy/a.Dockerfile}}\n  b: {build: b}\n  c: {build: gone}\n";
    let root = tree(&[(".git/x", ""), ("deploy/compose.yml", compose), ("deploy/b/Dockerfile", ""), ("deploy/y", "")]);
    let how = || How::Compose(root.path().join("deploy/compose.yml"));
    check(&root, "deploy/a.Dockerfile", &["y"], Some(("", how())));
    check(&root, "deploy/b/Dockerfile", &["."], Some(("deploy/b", how())));
    check(&root, "deploy/gone/Dockerfile", &["y"], None);
    check(&root, "deploy/other.Dockerfile", &["y"], Some(("deploy", How::Beside)));
    assert_eq!(how().to_string(), "from compose.yml");
}

#[test]
fn compose_files_that_disagree_or_are_broken_say_nothing() {
    let two = "services:\n  a: {build: {context: ., dockerfile: D}}\n  b: {build: {context: s, dockerfile: ../D}}\n";
    let root = tree(&[("two/compose.yaml", two), ("two/s/x", ""), ("bad/compose.yaml", "services: ["), ("bad/x", "")]);
    check(&root, "two/D", &["s"], None);
    check(&root, "bad/D", &["x"], Some(("bad", How::Beside)));
    let first = tree(&[
        ("compose.yaml", "services: {a: {build: s}}"),
        ("docker-compose.yml", "services: {a: {build: .}}"),
        ("x", ""),
    ]);
    check(&first, "Dockerfile", &["x"], Some(("", How::Beside)));
}

#[test]
fn nothing_in_a_repository_names_a_folder_outside() {
    let compose = "services: {a: {build: {context: ../secret, dockerfile: ../r/Dockerfile}}}";
    let root = tree(&[
        ("secret/x", ""),
        ("r/.git/x", ""),
        ("r/compose.yaml", compose),
        ("alone/compose.yaml", &compose.replace("/r/", "/alone/")),
    ]);
    for name in ["r", "alone"] {
        let error = find(&root, &format!("{name}/Dockerfile"), &["x"]).unwrap_err();
        let (folder, bounds) = (root.path().join("secret"), root.path().join(name));
        assert_eq!(error, ProjectError::Outside { folder, bounds });
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_outside() {
    use std::os::unix::fs::symlink;
    let compose = "services: {a: {build: {context: link, dockerfile: ../Dockerfile}}}";
    let root =
        tree(&[("secret/x", "s"), ("r/.git/x", ""), ("r/a/y", ""), ("c/.git/x", ""), ("c/compose.yaml", compose)]);
    let at = |name: &str| root.path().join(name);
    symlink("../secret", at("c/link")).unwrap();
    assert!(matches!(find(&root, "c/Dockerfile", &["x"]), Err(ProjectError::Outside { .. })));
    symlink("../../secret", at("r/a/link")).unwrap();
    check(&root, "r/a/Dockerfile", &["link/x"], None);
    check(&root, "r/a/Dockerfile", &["l*/x"], None);
    check(&root, "r/a/Dockerfile", &["link"], Some(("r/a", How::Beside)));
    symlink("../../secret/x", at("r/a/.dockerignore")).unwrap();
    let error = find(&root, "r/a/Dockerfile", &["y"]).unwrap_err();
    assert_eq!(error, ProjectError::Unreadable { path: at("r/a/.dockerignore") });
}

#[test]
fn the_configuration_comes_before_what_is_found() {
    let root = empty(&[".git/", "conf/.layerwise.yaml", "api/x", "api/Dockerfile"]);
    let config = root.path().join("conf/.layerwise.yaml");
    let finder = ProjectFinder::new(root.path().to_owned(), None);
    let ask = |folder: &str| {
        let chosen = Chosen { folder: folder.into(), config: config.clone() };
        let request = finder.request(Path::new("api/Dockerfile"), Builder::Buildkit, |_| Some(chosen));
        finder.find(&request, &owned(&["x"]))
    };
    let project = ask("..").unwrap().unwrap();
    assert_eq!((project.root.as_path(), &project.how), (root.path(), &How::Config(config.clone())));
    assert_eq!(project.how.to_string(), "from .layerwise.yaml");
    assert!(matches!(ask("../.."), Err(ProjectError::Outside { .. })));
    assert!(matches!(ask("../gone"), Err(ProjectError::Missing { .. })));
}

#[test]
fn the_option_comes_before_all() {
    let root = tree(&[("a/compose.yaml", "services: {a: {build: .}}"), ("b/x", "")]);
    let finder = ProjectFinder::new(root.path().to_owned(), Some(Path::new("a/../b")));
    let request = finder.request(Path::new("a/Dockerfile"), Builder::Buildkit, |_| None);
    let project = finder.find(&request, &owned(&["gone"])).unwrap().unwrap();
    assert_eq!((project.root.ends_with("b"), project.how), (true, How::Option));
}

#[test]
fn the_ignore_file_depends_on_the_builder() {
    let root = tree(&[
        ("x", ""),
        ("d/Dockerfile.dockerignore", "own"),
        (".dockerignore", "all"),
        (".containerignore", "theirs"),
        ("d/.dockerignore", "no"),
    ]);
    let finder = ProjectFinder::new(root.path().to_owned(), Some(Path::new(".")));
    for (builder, ignored, file) in [
        (Builder::Buildkit, "own", "d/Dockerfile.dockerignore"),
        (Builder::Classic, "all", ".dockerignore"),
        (Builder::Buildah, "theirs", ".containerignore"),
    ] {
        let request = finder.request(Path::new("d/Dockerfile"), builder, |_| None);
        let project = finder.find(&request, &[]).unwrap().unwrap();
        let ignored: Vec<bool> =
            ["own", "all", "theirs"].iter().map(|name| project.ignore.ignores(name) == (*name == ignored)).collect();
        assert_eq!(ignored, [true; 3], "{builder:?}");
        assert_eq!(project.ignore_path, Some(root.path().join(file)));
    }
}

#[test]
fn a_broken_ignore_file_is_told() {
    let root = tree(&[("x", ""), (".dockerignore", "a\n[b\n"), ("d/x", "")]);
    let error = find(&root, "Dockerfile", &["x"]).unwrap_err();
    let ProjectError::Pattern { path, error } = error else { panic!("{error}") };
    assert_eq!((path, error.line), (root.path().join(".dockerignore"), 2));
    fs::write(root.path().join("d/.dockerignore"), b"\xff").unwrap();
    assert!(matches!(find(&root, "d/Dockerfile", &["x"]), Err(ProjectError::Unreadable { .. })));
}

#[test]
fn nothing_is_looked_at_before_the_first_question_and_the_answer_stays() {
    let root = empty(&["x"]);
    let finder = std::sync::Arc::new(ProjectFinder::new(root.path().to_owned(), None));
    let request = finder.request(Path::new("Dockerfile"), Builder::Buildkit, |_| None);
    let lazy = LazyProject::new(finder.clone(), request.clone());
    fs::write(root.path().join("y"), "").unwrap();
    assert!(lazy.get(|| Some(owned(&["y"]))).unwrap().is_some());
    fs::remove_file(root.path().join("y")).unwrap();
    assert!(lazy.get(|| panic!("asked twice")).unwrap().is_some());
    let none = LazyProject::new(finder, request);
    assert!(none.get(|| None).unwrap().is_none());
}
