//! What manifests say, on small projects.

use super::{Needs, Place, dotnet, go, holds_only_manifests, npm, pip, yarn};
use crate::context::{IgnoreFile, Project};
use std::fs;

/// A project with these files; the one called `.dockerignore` is its ignore file, too.
struct Folder(#[allow(dead_code, reason = "the folder goes with it")] tempfile::TempDir, Project);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let mut ignore = IgnoreFile::default();
        for (name, text) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
            if *name == ".dockerignore" {
                ignore = IgnoreFile::parse(text).unwrap();
            }
        }
        let project = Project::new(root.path().to_owned(), ignore);
        Self(root, project)
    }
}

/// The context itself.
const AT: Place<'_> = Place { root: "", folder: "" };

const IGNORE: (&str, &str) = (".dockerignore", "node_modules\n");
const LOCK: (&str, &str) = ("package-lock.json", r#"{"lockfileVersion": 3, "packages": {"": {}}}"#);

fn npm_ci(files: &[(&str, &str)]) -> Needs {
    npm(&Folder::new(files).1, AT, true, true)
}

#[test]
fn a_plain_npm_project_needs_its_manifests() {
    let needs = npm_ci(&[("package.json", r#"{"dependencies": {"a": "^1"}}"#), LOCK, IGNORE]);
    assert_eq!(needs.files, ["package.json", "package-lock.json"]);
    assert_eq!((needs.beyond, needs.doubts), (None, vec![]));
    let needs = npm_ci(&[("package.json", "{}"), LOCK, IGNORE, (".npmrc", "# a\nfund=false\n//h/:_authToken=${T}\n")]);
    assert_eq!(needs.files, ["package.json", "package-lock.json", ".npmrc"]);
    assert!(needs.doubts.is_empty());
}

#[test]
fn what_npm_manifests_may_hide() {
    let package = |text: &str| npm_ci(&[("package.json", text), LOCK, IGNORE]);
    for text in [
        "{",
        r#"{"workspaces": ["a"]}"#,
        r#"{"dependencies": {"a": "file:../a"}}"#,
        r#"{"devDependencies": {"a": "./a.tgz"}}"#,
        r#"{"overrides": {"a": {"b": "file:b"}}}"#,
        r#"{"dependencies": {"a": "a-1.0.tgz"}}"#,
    ] {
        assert!(package(text).beyond.is_some(), "{text}");
    }
    for name in ["preinstall", "install", "postinstall", "prepare", "prepublish", "dependencies"] {
        let text = format!(r#"{{"scripts": {{"{name}": "x"}}}}"#);
        assert!(package(&text).doubts[0].contains(name), "{text}");
    }
    assert!(package(r#"{"scripts": {"build": "x", "start": "y"}}"#).doubts.is_empty());
    assert!(npm_ci(&[("package.json", "{}"), IGNORE]).beyond.is_some());
    assert!(npm_ci(&[LOCK, IGNORE]).beyond.is_some());
    assert!(npm_ci(&[("package.json", "{}"), LOCK]).doubts[0].contains("node_modules"));
    assert!(npm_ci(&[("package.json", "{}"), LOCK, IGNORE, ("binding.gyp", "")]).doubts[0].contains("binding.gyp"));
    assert!(npm_ci(&[("package.json", "{}"), LOCK, IGNORE, (".npmrc", "cafile=x.pem")]).doubts[0].contains("cafile"));
}

#[test]
fn what_npm_lock_files_say() {
    let lock = |text: &str| npm_ci(&[("package.json", "{}"), ("package-lock.json", text), IGNORE]);
    let with = |body: &str| format!(r#"{{"lockfileVersion": 3, "packages": {{"": {{}}, {body}}}}}"#);
    let scripts = with(r#""node_modules/a": {"hasInstallScript": true}"#);
    assert!(lock(&scripts).doubts[0].starts_with("`a` runs a script"));
    let mac = with(r#""node_modules/fsevents": {"hasInstallScript": true, "os": ["darwin"]}"#);
    assert!(lock(&mac).doubts.is_empty());
    let esbuild = with(r#""node_modules/vite/node_modules/esbuild": {"hasInstallScript": true}"#);
    assert!(lock(&esbuild).doubts.is_empty());
    for local in [r#""a": {}, "node_modules/a": {"link": true}"#, r#""node_modules/a": {"resolved": "file:a.tgz"}"#] {
        assert!(lock(&with(local)).beyond.is_some(), "{local}");
    }
    assert!(lock(r#"{"lockfileVersion": 1}"#).doubts[0].contains("version 1"));
    assert!(lock("{").beyond.is_some());
    let files = [("package.json", r#"{"scripts": {"prepare": "x"}}"#), ("package-lock.json", scripts.as_str()), IGNORE];
    assert!(npm(&Folder::new(&files).1, AT, true, false).doubts.is_empty());
    assert!(npm(&Folder::new(&files).1, AT, false, false).doubts[0].contains("may change package-lock.json"));
}

#[test]
fn folders_above_count() {
    let needs = |more: &[(&str, &str)]| {
        let lock = ("a/web/package-lock.json", LOCK.1);
        let mut files = vec![("a/web/package.json", "{}"), lock, (".dockerignore", "**/node_modules\n")];
        files.extend(more);
        npm(&Folder::new(&files).1, Place { root: "", folder: "a/web" }, true, true)
    };
    assert_eq!(needs(&[]).files, ["a/web/package.json", "a/web/package-lock.json"]);
    assert!(needs(&[]).doubts.is_empty());
    assert!(needs(&[("package.json", "{}")]).doubts[0].contains("above"));
    assert!(needs(&[("a/package.json", "{}")]).doubts[0].contains("above"));
    // Above the folder that is copied, they don't come to the image.
    let files = [
        ("a/package.json", "{}"),
        ("package.json", "{}"),
        ("a/web/package.json", "{}"),
        ("a/web/package-lock.json", LOCK.1),
    ];
    let project = Folder::new(&files);
    let doubts = |root| npm(&project.1, Place { root, folder: "a/web" }, true, true).doubts;
    assert!(doubts("a").iter().any(|d| d.contains("above")));
    assert!(!doubts("a/web").iter().any(|d| d.contains("above")));
}

#[test]
fn yarn_is_never_sure_of_scripts() {
    let files = [("package.json", "{}"), ("yarn.lock", ""), IGNORE];
    assert!(yarn(&Folder::new(&files).1, AT, true, false).doubts.is_empty());
    assert_eq!(yarn(&Folder::new(&files).1, AT, true, true).doubts.len(), 1);
    // Newer versions of Yarn don't look at the settings of npm.
    let quiet = [("package.json", "{}"), ("yarn.lock", ""), IGNORE, (".npmrc", "ignore-scripts=true\n")];
    assert_eq!(yarn(&Folder::new(&quiet).1, AT, true, true).doubts.len(), 1);
    let needs = yarn(&Folder::new(&files).1, AT, false, false);
    assert!(needs.doubts[0].contains("--frozen-lockfile"));
    let modern = [("package.json", "{}"), ("yarn.lock", ""), (".yarnrc.yml", ""), (".yarn/releases/y.cjs", ""), IGNORE];
    let needs = yarn(&Folder::new(&modern).1, AT, true, false);
    assert_eq!(needs.files, ["package.json", "yarn.lock", ".yarnrc.yml"]);
    assert_eq!(needs.folders, [".yarn/releases"]);
    assert!(!needs.doubts.is_empty());
}

#[test]
fn requirement_files_are_followed() {
    let read = |text: &str| {
        pip(&Folder::new(&[("r/dev.txt", text), ("r/base.txt", "b\n"), ("c.txt", "")]).1, &["r/dev.txt".into()])
    };
    let needs =
        read("a==1 # why\n-r base.txt\n-c ../c.txt\n-i https://example.org/simple\nx @ https://example.org/x.whl\n");
    assert_eq!(needs.files, ["r/dev.txt", "c.txt", "r/base.txt"]);
    assert_eq!((needs.beyond, needs.doubts), (None, vec![]));
    let plain =
        "a[b]>=1,<2 ; python_version < '3.9'\nb==1 \\\n    --hash=sha256:00\ngit+https://example.org/a.git@v1#egg=a\n";
    assert_eq!(read(plain).doubts, Vec::<String>::new());
    for local in [
        ".",
        "-e .",
        "./lib",
        "lib/",
        "../a",
        "a.whl",
        "a @ file:///a",
        "file:a",
        "-f wheels",
        "-rnone.txt",
        "-r file:///app/a.txt",
        "-e file:///app",
        "-r ../../x",
    ] {
        assert!(read(local).beyond.is_some(), "{local}");
    }
    for doubt in [
        "-e git+https://example.org/a.git#egg=a",
        "a @ ${URL}",
        "a --global-option=x",
        "--config-settings x",
        "-r ${FILE}",
        "$NAME",
    ] {
        assert!(!read(doubt).doubts.is_empty(), "{doubt}");
    }
}

#[test]
fn go_modules() {
    let read = |module: &str, sums: &str| go(&Folder::new(&[("go.mod", module), ("go.sum", sums)]).1, AT);
    let module = "module a\n\ngo 1.22\n\nrequire (\n\tb v1.0.0 // indirect\n)\n";
    let sums = "b v1.0.0 h1:x=\nb v1.0.0/go.mod h1:y=\n";
    let needs = read(module, sums);
    assert_eq!(needs.files, ["go.mod", "go.sum"]);
    assert_eq!((needs.beyond, needs.doubts), (None, vec![]));
    assert!(read(module, "b v1.0.0/go.mod h1:y=\n").doubts[0].contains("`b`"));
    assert!(read(&module.replace("1.22", "1.16"), sums).doubts[0].contains("1.16"));
    assert!(read(&format!("{module}replace b => ../b\n"), sums).beyond.is_some());
    assert!(read(&format!("{module}replace b => c v1.0.0\n"), sums).doubts[0].contains("`c`"));
    assert!(read(&format!("{module}odd x\n"), sums).doubts[0].contains("not understood"));
    let files = [("m/go.mod", module), ("m/go.sum", sums), ("go.work", "")];
    assert!(go(&Folder::new(&files).1, Place { root: "", folder: "m" }).beyond.is_some());
}

#[test]
fn folders_of_manifests_alone() {
    let only = |files: &[(&str, &str)]| holds_only_manifests(&Folder::new(files).1, "");
    assert!(only(&[("requirements.txt", ""), ("Dockerfile", ""), ("README.md", "")]));
    assert!(only(&[("package.json", ""), IGNORE, ("node_modules/a", "")]));
    assert!(!only(&[("requirements.txt", ""), ("app.py", "")]));
    assert!(!only(&[("requirements.txt", ""), ("src.txt/app.py", "")]));
}

#[test]
fn dotnet_names_the_files_that_count_above() {
    let files = [("src/a/a.csproj", "<Project/>"), ("nuget.config", ""), ("src/Directory.Build.props", "")];
    let needs = dotnet(&Folder::new(&files).1, AT, &["src/a/a.csproj".into()]);
    assert_eq!(needs.files, ["src/a/a.csproj", "src/Directory.Build.props", "nuget.config"]);
    let files = [("a.csproj", "<ProjectReference Include=\"b\"/>")];
    assert!(dotnet(&Folder::new(&files).1, AT, &["a.csproj".into()]).beyond.is_some());
}
