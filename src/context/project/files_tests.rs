//! What is sent of folders on disk.

use super::tests::tree;
use super::*;
use std::fs;
use tempfile::TempDir;

const FILES: [&str; 13] = [
    "package.json",
    "package-lock.json",
    "a.md",
    "src/main.c",
    "src/deep/x.c",
    "src/node_modules/y",
    "node_modules/left/pad",
    ".git/HEAD",
    "docs/a.md",
    "docs/img/b.png",
    "api/.venv/z",
    "api/v1/dist/q",
    "dist/out",
];

fn project(ignore: &str) -> (TempDir, Project) {
    let files: Vec<(&str, &str)> = FILES.iter().map(|name| (*name, "text")).collect();
    let root = tree(&files);
    let project = Project::new(root.path().to_owned(), IgnoreFile::parse(ignore).unwrap());
    (root, project)
}

#[test]
fn what_is_sent_is_there_and_not_ignored() {
    let (root, project) = project("dist\ndocs\n!docs/**/*.png\n*.json\n!package.json\nsrc/*\n!src/none\n");
    for (path, sent, folder) in [
        ("a.md", true, false),
        ("./src/../a.md", true, false),
        ("", true, true),
        ("package-lock.json", false, false),
        ("package.json", true, false),
        ("dist", false, false),
        ("dist/out", false, false),
        ("docs", true, true),
        ("docs/a.md", false, false),
        ("docs/img", true, true),
        ("src", true, true),
        ("src/deep", false, false),
        ("gone", false, false),
    ] {
        assert_eq!((project.has(path), project.is_dir(path)), (sent, folder), "{path:?}");
    }
    assert!(project.exists("dist/out") && !project.exists("gone"));
    assert_eq!(project.text("a.md").as_deref(), Some("text"));
    assert_eq!((project.text("package-lock.json"), project.text("src"), project.text("gone")), (None, None, None));
    fs::write(root.path().join("a.md"), b"\xff").unwrap();
    assert_eq!(project.text("a.md"), None);
}

#[test]
fn the_top_level_has_all_names() {
    let (_root, project) = project("dist\n.git\n");
    let names: Vec<(String, bool, bool)> =
        project.top_level().into_iter().map(|n| (n.path, n.is_dir, n.ignored)).collect();
    let want = [
        (".git", true, true),
        ("a.md", false, false),
        ("api", true, false),
        ("dist", true, true),
        ("docs", true, false),
        ("node_modules", true, false),
        ("package-lock.json", false, false),
        ("package.json", false, false),
        ("src", true, false),
    ];
    assert_eq!(names, want.map(|(name, folder, ignored)| (name.to_owned(), folder, ignored)));
}

#[test]
fn known_folders_are_found_without_walking_into_them() {
    let (_root, project) = project("dist\n");
    let find = |depth, names: &[&str]| {
        project.find_at_most(depth, names).into_iter().map(|n| (n.path, n.ignored)).collect::<Vec<_>>()
    };
    let all = ["node_modules", ".git", ".venv", "dist", "left", "HEAD"];
    let names =
        |list: &[(&str, bool)]| list.iter().map(|(name, ignored)| ((*name).to_owned(), *ignored)).collect::<Vec<_>>();
    assert_eq!(find(1, &all), names(&[(".git", false), ("dist", true), ("node_modules", false)]));
    let two =
        [(".git", false), ("dist", true), ("node_modules", false), ("api/.venv", false), ("src/node_modules", false)];
    assert_eq!(find(2, &all), names(&two));
    assert_eq!(find(3, &["dist"]), names(&[("dist", true), ("api/v1/dist", false)]));
    assert_eq!(find(2, &["left", "HEAD", "out"]), []);
}

#[test]
fn sources_name_what_is_sent() {
    let (_root, project) = project("package-lock.json\nsrc/deep\n");
    for (source, want) in [
        ("package*.json", &["package.json"][..]),
        ("/a.md", &["a.md"]),
        ("./", &[""]),
        ("*/*.c", &["src/main.c"]),
        ("s?c/*", &["src/main.c", "src/node_modules"]),
        ("*.md", &["a.md"]),
        ("[x", &[]),
        ("package-lock.json", &[]),
        ("gone*", &[]),
        ("a.md/*", &[]),
    ] {
        assert_eq!(project.matches(source), want, "{source}");
    }
}

#[test]
fn files_are_those_that_are_sent() {
    let (_root, project) = project("*\n!*.md\n!src\n**/node_modules\n!docs/img/*\n");
    let want = ["a.md", "docs/img/b.png", "src/deep/x.c", "src/main.c"];
    assert_eq!(project.files(4).unwrap(), want);
    assert_eq!(project.files(3), None);
}

#[test]
fn an_overlay_changes_files_and_what_is_ignored() {
    let (root, project) = project("dist\n");
    let next = project.overlay("docs/new/x.txt", "new").unwrap();
    assert_eq!(next.text("docs/new/x.txt").as_deref(), Some("new"));
    assert!(next.is_dir("docs/new") && !project.exists("docs/new") && !next.has("dist"));
    assert_eq!(next.matches("docs/n*/*"), ["docs/new/x.txt"]);
    assert_eq!(project.overlay("a.md", "b").unwrap().text("a.md").as_deref(), Some("b"));
    let ignoring = next.overlay(".dockerignore", "*.json\ndocs\n").unwrap();
    assert!(ignoring.has("dist") && !ignoring.has("package.json") && !ignoring.has("docs/new/x.txt"));
    assert_eq!(ignoring.ignore_path, Some(root.path().join(".dockerignore")));
    assert!(project.overlay(".dockerignore", "[").is_err());
    assert!(ignoring.top_level().iter().any(|name| name.path == ".dockerignore"));
}

#[test]
fn an_ignore_file_that_is_not_in_force_changes_nothing() {
    let (root, _) = project("");
    fs::write(root.path().join("Dockerfile.dockerignore"), "dist\n").unwrap();
    let finder = ProjectFinder::new(root.path().to_owned(), None);
    let find = |builder| {
        let request = finder.request("Dockerfile".as_ref(), builder, |_| None);
        finder.find(&request, &["src".to_owned()]).unwrap().unwrap()
    };
    let buildkit = find(Builder::Buildkit);
    assert!(!buildkit.has("dist") && buildkit.overlay(".dockerignore", "src").unwrap().has("src/main.c"));
    assert!(!buildkit.overlay("Dockerfile.dockerignore", "src").unwrap().has("src/main.c"));
    assert!(!find(Builder::Classic).overlay(".dockerignore", "src").unwrap().has("src/main.c"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let (root, project) = project("");
    let outside = tree(&[("secret/x", "s")]);
    symlink(outside.path().join("secret"), root.path().join("link")).unwrap();
    symlink(outside.path().join("secret/x"), root.path().join("file")).unwrap();
    assert!(project.has("link") && !project.is_dir("link") && !project.has("link/x"));
    assert_eq!((project.text("file"), project.text("link/x")), (None, None));
    assert_eq!((project.matches("l*/x"), project.matches("link/*")), (vec![], vec![]));
    assert_eq!(project.find_at_most(2, &["x"]), []);
    assert!(project.files(100).unwrap().contains(&"link".to_owned()));
}
