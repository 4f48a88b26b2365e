use super::*;
use crate::context::churn::History;
use std::fs;
use tempfile::TempDir;

/// A repository made by the test, or `None`, said loudly, where git is missing.
fn repository() -> Option<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    match run_plain(folder.path(), &["init", "-q", "-b", "main", "."]) {
        Some(_) => Some(folder),
        None => {
            eprintln!("SKIPPED: there is no git program, so this test proves nothing");
            None
        }
    }
}

fn run_plain(folder: &Path, arguments: &[&str]) -> Option<String> {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgSign=false"];
    let mut git = Command::new("git");
    git.current_dir(folder).args(identity).args(arguments);
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        git.env_remove(name);
    }
    let output = git.output().ok()?;
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn commit(folder: &Path, files: &[(&str, &str)]) -> String {
    for (path, text) in files {
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        fs::write(folder.join(path), text).unwrap();
    }
    run_plain(folder, &["add", "-A"]);
    run_plain(folder, &["commit", "-q", "-m", "c", "--allow-empty"]);
    run_plain(folder, &["rev-parse", "HEAD"]).unwrap()
}

#[test]
fn a_merge_counts_as_one_change_and_a_rename_as_two_paths() {
    let Some(repository) = repository() else { return };
    let folder = repository.path();
    commit(folder, &[("app/a", "1\n"), ("app/b", "1\n"), ("other", "1")]);
    run_plain(folder, &["checkout", "-q", "-b", "side"]);
    commit(folder, &[("app/side", "1")]);
    commit(folder, &[("app/side", "2")]);
    run_plain(folder, &["checkout", "-q", "main"]);
    run_plain(folder, &["mv", "app/b", "app/c"]);
    commit(folder, &[]);
    run_plain(folder, &["merge", "-q", "--no-ff", "-m", "m", "side"]);
    let last = commit(folder, &[("other", "2")]);

    let history = History::load(&folder.join("app"), 300).unwrap();
    assert_eq!((history.commits().len(), history.prefix()), (3, "app/"), "the first commit is none that rebuilds");
    assert_eq!(history.commits()[0].id, last);
    assert!(history.commits()[0].time > 0);
    let changes: Vec<Vec<&str>> = history.commits().iter().map(|c| history.changed(c).collect()).collect();
    assert_eq!(changes, [vec!["other"], vec!["app/side"], vec!["app/b", "app/c"]]);
    let within = history.within(history.prefix(), |path| path != "b");
    assert_eq!(within, [vec![], vec!["side"], vec!["c"]], "`other` is no part of the context");
    assert_eq!(History::load(folder, 1).unwrap().commits().len(), 1);
}

#[test]
fn a_shallow_clone_and_a_worktree_are_read() {
    let Some(repository) = repository() else { return };
    let folder = repository.path();
    for text in ["1", "2", "3"] {
        commit(folder, &[("a", text), ("sub/b", "b")]);
    }
    let elsewhere = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.display());
    run_plain(elsewhere.path(), &["clone", "-q", "--depth", "2", &url, "clone"]);
    let clone = elsewhere.path().join("clone");
    assert!(place(&clone).unwrap().shallow);
    let history = History::load(&clone, 300).unwrap();
    assert_eq!((history.commits().len(), history.is_shallow()), (1, true), "the oldest one seems to add everything");
    assert!(!History::load(folder, 300).unwrap().is_shallow());
    assert!(!History::load(&clone, 1).unwrap().is_shallow(), "no more were asked for");

    let tree = elsewhere.path().join("tree");
    run_plain(folder, &["worktree", "add", "-q", "--detach", tree.to_str().unwrap()]);
    assert_eq!(History::load(&tree.join("sub"), 300).unwrap().commits().len(), 2);
}

#[test]
fn each_place_without_a_history_has_its_own_error() {
    let Some(repository) = repository() else { return };
    let folder = repository.path();
    assert!(matches!(History::load(folder, 9), Err(GitError::Empty(_))));
    assert!(matches!(resolve(folder, "HEAD"), Err(GitError::UnknownRevision(_))));
    let plain = tempfile::tempdir().unwrap();
    assert!(matches!(place(plain.path()), Err(GitError::NotARepository(_))));
    assert!(matches!(place(&plain.path().join("none")), Err(GitError::NotAFolder(_))));
    run_plain(plain.path(), &["init", "-q", "--bare", "."]);
    assert!(matches!(place(plain.path()), Err(GitError::Bare(_))));
    assert!(matches!(place(&folder.join(".git")), Err(GitError::Bare(_))));
}

#[test]
fn a_revision_is_read_without_a_check_out() {
    let Some(repository) = repository() else { return };
    let folder = repository.path();
    let first = commit(folder, &[("a", "one\r\n\0"), ("sub/ü x", "")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("a", folder.join("link")).unwrap();
    commit(folder, &[("a", "two")]);

    assert_eq!(resolve(folder, "HEAD~1").unwrap(), first);
    let entries = tree_at(&folder.join("sub"), &first).unwrap();
    let seen: Vec<_> = entries.iter().map(|e| (e.path.as_str(), e.mode, e.kind)).collect();
    assert_eq!(seen, [("a", 0o100_644, EntryKind::File), ("sub/ü x", 0o100_644, EntryKind::File)]);
    let ids: Vec<String> = entries.into_iter().map(|e| e.id).collect();
    assert_eq!(blobs(folder, &ids).unwrap(), [b"one\r\n\0".to_vec(), Vec::new()]);
    for revision in ["--all", "-h", "", "none", "HEAD:a", "HEAD..HEAD", "HEAD\nHEAD"] {
        assert!(matches!(resolve(folder, revision), Err(GitError::UnknownRevision(_))), "{revision:?}");
    }
    assert!(matches!(blobs(folder, &["0".repeat(40)]), Err(GitError::Missing(_))));
    assert!(matches!(blobs(folder, &["a\nb".to_owned()]), Err(GitError::Missing(_))));
}

const MODULE: &str = "[submodule \"m\"]\n\tpath = m\n\turl = ../m\n";

/// Each setting names a program that some command of git runs, or changes what `git log` shows.
#[test]
#[cfg(unix)]
fn an_untrusted_repository_runs_nothing_and_hides_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let Some(repository) = repository() else { return };
    let folder = repository.path();
    commit(folder, &[("a", "1"), ("sub/b", "1")]);
    commit(
        folder,
        &[("a", "2"), ("sub/b", "2"), (".gitattributes", "* diff=evil filter=evil\n"), (".gitmodules", MODULE)],
    );
    // Only a commit that looks signed makes git ask the signature checker.
    let signed = run_plain(folder, &["cat-file", "commit", "HEAD"]).unwrap().replacen(
        "\n\n",
        "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n",
        1,
    );
    fs::write(folder.join(".git/signed"), signed).unwrap();
    let signed = run_plain(folder, &["hash-object", "-t", "commit", "-w", ".git/signed"]).unwrap();
    run_plain(folder, &["update-ref", "HEAD", &signed]);
    let marker = folder.join(".git/ran");
    let evil = folder.join(".git/evil");
    fs::write(&evil, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\nexit 1\n", marker.display())).unwrap();
    fs::set_permissions(&evil, fs::Permissions::from_mode(0o755)).unwrap();
    let program = evil.to_str().unwrap();
    let (url, shell) = (format!("ext::{program}"), format!("!{program}"));
    for (name, value) in [
        ("core.fsmonitor", program),
        ("core.pager", program),
        ("pager.log", program),
        ("core.sshCommand", program),
        ("credential.helper", program),
        ("diff.external", program),
        ("diff.evil.command", program),
        ("diff.evil.textconv", program),
        ("filter.evil.smudge", program),
        ("filter.evil.clean", program),
        ("gpg.program", program),
        ("log.showSignature", "true"),
        ("diff.relative", "true"),
        ("diff.ignoreSubmodules", "all"),
        ("log.diffMerges", "off"),
        ("format.pretty", "%GG"),
        ("protocol.ext.allow", "always"),
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", &url),
        ("alias.log", &shell),
        ("alias.ls-tree", &shell),
        ("alias.cat-file", &shell),
        ("core.askPass", program),
        ("core.alternateRefsCommand", program),
        ("core.editor", program),
        ("core.gitProxy", program),
        ("interactive.diffFilter", program),
        ("submodule.m.update", &shell),
        ("submodule.m.url", &url),
    ] {
        run_plain(folder, &["config", name, value]);
    }
    for name in ["post-checkout", "post-index-change", "reference-transaction"] {
        fs::copy(&evil, folder.join(".git/hooks").join(name)).unwrap();
    }
    let history = History::load(&folder.join("sub"), 300).unwrap();
    let changed: Vec<_> = history.changed(&history.commits()[0]).collect();
    assert_eq!(changed, [".gitattributes", ".gitmodules", "a", "sub/b"]);
    let blob = tree_at(folder, "HEAD").unwrap().pop().unwrap().id;
    assert_eq!(blobs(folder, std::slice::from_ref(&blob)).unwrap(), [b"2".to_vec()]);
    // A missing object is what makes git ask the remote.
    fs::remove_file(folder.join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    assert!(blobs(folder, &[blob]).is_err());
    assert!(!marker.exists(), "ran: {}", fs::read_to_string(marker).unwrap_or_default());
}

#[test]
fn git_that_hangs_is_stopped() {
    let Ok(child) =
        Command::new("sleep").arg("60").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    else {
        return;
    };
    assert!(matches!(talk(child, Vec::new(), Duration::from_millis(50)), Err(GitError::TooSlow)));
}

#[test]
#[cfg(unix)]
fn only_absolute_folders_are_searched_for_git() {
    assert_eq!(search_path(OsStr::new("/a::.:b:/c")), Some("/a:/c".into()));
    assert_eq!(search_path(OsStr::new(".:")), None);
    assert_eq!(search_path(OsStr::new("")), None);
    let empty = tempfile::tempdir().unwrap();
    let error = command(empty.path(), &["version"], empty.path().as_os_str()).spawn().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}

/// `cargo test --release --lib measure -- --ignored --nocapture`, with `LAYERWISE_MEASURE` naming a repository.
#[test]
#[ignore = "a measurement, not a check"]
fn measure() {
    let Some(folder) = std::env::var_os("LAYERWISE_MEASURE") else { return };
    for _ in 0..5 {
        let start = std::time::Instant::now();
        let history = History::load(Path::new(&folder), 300).unwrap();
        let (loaded, paths) = (start.elapsed(), history.commits().iter().flat_map(|c| history.changed(c)).count());
        eprintln!("{} commits, {paths} changes: {loaded:?}", history.commits().len());
    }
}

#[test]
fn variables_that_point_elsewhere_are_dropped() {
    assert!(points_elsewhere("GIT_DIR") && points_elsewhere("GIT_EXTERNAL_DIFF") && points_elsewhere("GIT_TRACE"));
    assert!(!points_elsewhere("GIT_CONFIG_GLOBAL") && !points_elsewhere("PATH"));
    assert_eq!(printable("a\u{1b}[31m\nb"), "a\u{fffd}[31m b");
}

proptest::proptest! {
    #[test]
    fn a_file_list_never_panics(output in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..100)) {
        let _ = tree::entries(&output);
    }
}
