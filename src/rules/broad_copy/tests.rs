//! What the findings say besides their messages, and what a document can't show.

use crate::config::Builder;
use crate::context::{IgnoreFile, Project};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::lint::{Settings, lint};
use crate::rules::{Overrides, Selection};
use std::fs;
use std::path::Path;
use std::sync::Arc;

const TEXT: &str = "FROM debian:bookworm\nWORKDIR /app\nCOPY . .\nRUN apt-get install -y ./tool.deb\n";

fn findings(text: &str, codes: &[&'static str], builder: Builder, fill: impl Fn(&Path)) -> Vec<Diagnostic> {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("main.c"), "").unwrap();
    fill(root.path());
    let project = Project::new(root.path().to_owned(), IgnoreFile::default());
    let overrides = Overrides { select: Some(codes.to_vec()), ..Overrides::default() };
    let selection = Selection::new(None, &overrides);
    lint(
        text,
        &Settings { selection, builder, project: Some(Arc::new(project.into())), histories: None, shellcheck: None },
    )
}

fn only(text: &str, builder: Builder, fill: impl Fn(&Path)) -> Diagnostic {
    let [finding] = &findings(text, &["LW108"], builder, fill)[..] else { panic!("one finding in {text}") };
    finding.clone()
}

fn write(folder: &Path, name: &str, bytes: usize) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, vec![0xff; bytes]).unwrap();
}

#[test]
fn what_it_costs_and_what_to_do_is_said() {
    let finding = only(TEXT, Builder::default(), |root| write(root, "tool.deb", 900_000));
    assert_eq!(finding.fix.as_ref().map(|f| f.applicability), Some(Applicability::Safe));
    assert_eq!(finding.notes, ["each change to those files costs about 20 s here (an estimate)"]);
    assert_eq!(finding.help.as_deref(), Some("copy tool.deb above it, and move `COPY . .` below it"));
    let text = TEXT.replace("./tool", "./debs/tool");
    let finding = only(&text, Builder::default(), |root| write(root, "debs/tool.deb", 1));
    assert_eq!(finding.fix.as_ref().map(|f| f.applicability), Some(Applicability::Unsafe));
    let doubt = "the fix is unsafe: /app/debs would be made for these files, so its owner and mode may differ";
    assert_eq!(finding.notes[1..], [doubt]);
}

#[test]
fn a_large_file_is_not_copied_twice() {
    let large = |root: &Path| write(root, "tool.deb", 2_500_000);
    let finding = only(TEXT, Builder::default(), large);
    assert!(finding.fix.is_none());
    let said = "with a COPY of its own the image has it twice, 2 MB more; `RUN --mount=type=bind` brings it without";
    assert_eq!(finding.notes[1..], [said]);
    // It knows no mounts.
    assert_eq!(only(TEXT, Builder::Classic, large).notes[1..], [said.split(';').next().unwrap()]);
}

#[cfg(unix)]
#[test]
fn a_link_may_lead_anywhere() {
    use std::os::unix::fs::symlink;
    let file = |root: &Path| {
        write(root, "debs/tool.deb", 1);
        symlink("debs/tool.deb", root.join("tool.deb")).unwrap();
    };
    assert!(findings(TEXT, &["LW108"], Builder::default(), file).is_empty());
    let folder = |root: &Path| {
        write(root, "debs/tool.deb", 1);
        symlink("debs", root.join("more")).unwrap();
    };
    let text = TEXT.replace("./tool", "./more/tool");
    assert!(findings(&text, &["LW108"], Builder::default(), folder).is_empty());
}

#[test]
fn one_rule_speaks_of_a_run() {
    let codes = ["LW104", "LW105", "LW108"];
    for run in [
        "apt-get install -y ./tool.deb",
        "apt-get install -y curl",
        "pip install -r list.txt",
        "pip install --find-links ./wheels flask && apt-get install -y ./tool.deb",
        "apt-get install -y ./tool.deb && pip install -r list.txt",
    ] {
        for below in ["", "COPY main.c /data/\n", "COPY . /data\n", "ENV A=b\n"] {
            let text = format!("FROM debian\nWORKDIR /app\nCOPY . .\n{below}RUN {run}\n");
            let found = findings(&text, &codes, Builder::default(), |root| {
                write(root, "tool.deb", 1);
                write(root, "wheels/a.whl", 1);
                fs::write(root.join("list.txt"), "flask\n").unwrap();
            });
            // Below two copies of all files, one of them less saves nothing.
            let least = usize::from(!below.contains("/data\n") || below.contains("main.c"));
            assert!((least..=1).contains(&found.len()), "{text}{found:?}");
        }
    }
}
