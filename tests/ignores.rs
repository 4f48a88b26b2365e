//! Comments that switch rules off: written by `--add-ignores`, and taken out when they do nothing.

mod support;

use layerwise::config::Config;
use layerwise::diagnostic::{Applicability, Diagnostic};
use layerwise::lint::{Settings, add_ignores, fix, lint};
use layerwise::syntax::{self, ErrorKind};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::{fs, io::Write};
use support::repository::Repository;
use support::{Random, document, settings};

const UNUSED: &str = "LW018";

/// What the builder reads, and what `add_ignores` must leave alone.
fn instructions(text: &str) -> (Vec<String>, Vec<String>, Vec<ErrorKind>) {
    let file = syntax::parse(text);
    let heredocs = |i: &syntax::Instruction<'_>| i.heredocs.iter().map(|h| h.content).collect::<String>();
    (
        file.instructions.iter().map(|i| format!("{} {}", i.joined(), heredocs(i))).collect(),
        file.directives.iter().map(|d| format!("{}={}", d.name, d.value)).collect(),
        file.errors.iter().map(|e| e.kind).collect(),
    )
}

fn unused(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|f| f.code == UNUSED).count()
}

/// Writes comments into `text` and looks at the result from all sides. Gives how many findings were switched off.
fn check(text: &str, settings: &Settings, reason: Option<&str>) -> usize {
    let before = lint(text, settings);
    let new = add_ignores(text, &before, reason).unwrap_or_else(|e| panic!("{e}\n{text:?}"));
    let after = lint(&new, settings);
    let codes: BTreeSet<&str> = before.iter().map(|f| f.code).filter(|code| *code != UNUSED).collect();
    for finding in &after {
        assert!(!codes.contains(finding.code), "{} is still found\n{text}\n--\n{new}", finding.code);
    }
    assert!(unused(&after) <= unused(&before), "a comment was written in vain\n{text}\n--\n{new}");
    assert_eq!(instructions(text), instructions(&new), "{text}\n--\n{new}");
    assert_eq!(add_ignores(&new, &lint(&new, settings), reason).as_deref(), Ok(new.as_str()), "a second run writes");
    if !text.trim_start_matches('\u{feff}').is_empty() {
        assert_eq!(text.ends_with('\n'), new.ends_with('\n'), "{text:?}");
    }
    assert_eq!(text.starts_with('\u{feff}'), new.starts_with('\u{feff}'), "{text:?}");
    let bare = |text: &str| text.replace("\r\n", "").contains('\n');
    assert!(!text.contains('\n') || bare(text) || !bare(&new), "the line endings are mixed in {new:?}");
    before.len() - unused(&before)
}

/// The file as other editors would write it.
fn variants(text: &str) -> [String; 4] {
    let crlf = text.replace("\r\n", "\n").replace('\n', "\r\n");
    [text.to_owned(), format!("\u{feff}{text}"), crlf, text.trim_end_matches('\n').to_owned()]
}

#[test]
fn after_writing_no_example_has_its_findings() {
    let default = settings(&[]);
    // The comments that are written are findings of DL1001.
    let most = |code: &&str| !["DL1001", "InvalidDefinitionDescription"].contains(code);
    let all: Vec<&str> = layerwise::rules::RULES.iter().map(|rule| rule.meta.code).filter(most).collect();
    let all = settings(&all);
    let mut silenced = 0;
    let documents = document::all();
    let examples = documents.iter().flat_map(|document| &document.examples);
    for (n, bad) in examples.filter_map(|example| example.bad.as_ref()).enumerate() {
        let text = bad.file();
        silenced += check(&text, &default, None) + check(&variants(&text)[n % 4], &all, Some("known"));
    }
    assert!(silenced > 1_000, "only {silenced}");
}

const LINES: [&str; 22] = [
    "FROM debian:latest\n",
    "  from alpine AS Base\n",
    "# the stage of all\n",
    "# layerwise ignore=DL3007 # known\n",
    "# layerwise global ignore=DL4000,DL3004\n",
    "  #layerwise ignore = DL3004, DL3020\n",
    "# hadolint ignore=DL3020\n",
    "# layerwise ignore=\n",
    "# layerwise ignore=DL3020,DL3OO4 because\n",
    "\n",
    "ADD a /a\n",
    "ADD b /b\n",
    "\tMAINTAINER me\n",
    "ONBUILD ADD c /c\n",
    "RUN cd /x && \\\n    sudo make\n",
    "RUN sudo a && \\\n# layerwise ignore=DL3007\n\n  # b\n  sudo c\n",
    "RUN <<EOF\nsudo x\n# layerwise ignore=DL3004\nFROM y\nEOF\n",
    "COPY <<A <<B /\nADD x\nA\nsudo\nB\n",
    "ARG version\n",
    "NONSENSE\n",
    "CMD exec sudo x\n",
    "ENV a b\n",
];

const TOPS: [&str; 5] =
    ["", "# syntax=docker/dockerfile:1\n", "#escape=`\n# check=skip=all\n", "# a\n# escape=`\n", "\n"];

fn generated(random: &mut Random) -> String {
    let mut text = TOPS[random.below(TOPS.len())].to_owned();
    for _ in 0..random.below(12) {
        text += LINES[random.below(LINES.len())];
    }
    text
}

#[test]
fn after_writing_no_generated_file_has_its_findings() {
    let (mut random, mut silenced) = (Random(18), 0);
    let settings = settings(&["LW", "DL3004", "DL3007", "DL3020", "DL4000", "StageNameCasing", "JSONArgsRecommended"]);
    for n in 0..3_000 {
        let text = &variants(&generated(&mut random))[n % 4];
        silenced += check(text, &settings, [None, Some("known"), Some("not yet")][n % 3]);
    }
    assert!(silenced > 8_000, "only {silenced}");
}

#[test]
fn what_is_taken_out_silenced_nothing() {
    // None of these but LW018 has a safe fix.
    let settings = settings(&[UNUSED, "DL3004", "DL3007", "DL3020", "DL4000"]);
    let others = |findings: &[Diagnostic]| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        findings.iter().filter(|f| f.code != UNUSED).for_each(|f| *counts.entry(f.code).or_default() += 1);
        counts
    };
    let (mut random, mut taken) = (Random(81), 0);
    for n in 0..3_000 {
        let text = &variants(&generated(&mut random))[n % 4];
        let before = lint(text, &settings);
        let fixed = fix(text, &settings, Applicability::Safe);
        assert_eq!(others(&before), others(&fixed.findings), "{text}\n--\n{}", fixed.text);
        assert_eq!(instructions(text), instructions(&fixed.text), "{text}\n--\n{}", fixed.text);
        let left = fixed.findings.iter().filter(|f| f.code == UNUSED && f.fix.is_some()).count();
        assert_eq!(left, 0, "{text}\n--\n{}", fixed.text);
        assert!(fixed.oscillating.is_empty(), "{text}");
        taken += fixed.applied.get(UNUSED).copied().unwrap_or_default();
    }
    assert!(taken > 1_500, "only {taken}");
}

fn added(text: &str, select: &[&str], reason: Option<&str>) -> String {
    add_ignores(text, &lint(text, &settings(select)), reason).expect("comments can be written")
}

#[test]
fn comments_stand_where_people_write_them() {
    let select = ["DL3007", "DL3004", "DL3020", "DL4000", "LW001"];
    let one = |text: &str| added(text, &select, None);
    assert_eq!(one("FROM debian:latest\n"), "# layerwise ignore=DL3007\nFROM debian:latest\n");
    assert_eq!(
        one("# syntax=a/b:1\n\nFROM a:1\n  ADD x y\n  # c\n  ADD x https://\n"),
        "# syntax=a/b:1\n\nFROM a:1\n  # layerwise ignore=DL3020\n  ADD x y\n  # c\n  # layerwise ignore=DL3020\n  ADD x https://\n"
    );
    assert_eq!(
        one("# b the base\nFROM debian:latest AS b\n"),
        "# layerwise ignore=DL3007\n# b the base\nFROM debian:latest AS b\n",
        "the description of a stage stays directly above it"
    );
    assert_eq!(
        one("FROM a:1\n# layerwise ignore=DL4000 because, # why\nRUN sudo a && \\\n  sudo b\n"),
        "FROM a:1\n# layerwise ignore=DL4000,DL3004 because, # why\nRUN sudo a && \\\n  sudo b\n",
        "one that is there takes more"
    );
    assert_eq!(one("FROM a:1\n# hadolint ignore=DL3006\nADD x y\n").matches("# hadolint ignore=DL3006\n").count(), 1);
    assert_eq!(one("# escape=`"), "# escape=`\n# layerwise global ignore=LW001", "a file without an instruction");
    assert_eq!(one("# layerwise global ignore=X\n# a\n"), "# layerwise global ignore=X,LW001\n# a\n");
    assert_eq!(one("FROM a:1\n"), "FROM a:1\n");
}

#[test]
fn reasons_are_not_given_to_other_codes() {
    let text = "FROM a:1\n# layerwise ignore=DL4000 # old\nRUN sudo a\n";
    assert_eq!(
        added(text, &["DL3004"], Some("new")),
        "FROM a:1\n# layerwise ignore=DL4000 # old\n# layerwise ignore=DL3004 # new\nRUN sudo a\n"
    );
    assert_eq!(added(text, &["DL3004"], Some("old")), text.replace("DL4000", "DL4000,DL3004"));
}

#[test]
fn a_code_that_stands_there_is_not_written_again() {
    let mut off = settings(&["DL3004", "DL3007", "LW001"]);
    let findings = lint("FROM debian:latest\nRUN sudo a\n", &off);
    let text = "# layerwise ignore=dl3007 # known\nFROM debian:latest\nRUN sudo a\n";
    let moved: Vec<Diagnostic> = {
        off.selection =
            layerwise::rules::Selection::new([&Config { ignore_comments: Some(false), ..Config::default() }], &{
                layerwise::rules::Overrides { select: Some(vec!["DL3004", "DL3007"]), ..Default::default() }
            });
        lint(text, &off)
    };
    assert_eq!((findings.len(), moved.len()), (2, 2), "comments don't count here");
    let new = text.replace("RUN", "# layerwise ignore=DL3004 # new\nRUN");
    assert_eq!(add_ignores(text, &moved, Some("new")).as_deref(), Ok(new.as_str()));
    assert_eq!(add_ignores(&new, &lint(&new, &off), Some("new")).as_deref(), Ok(new.as_str()));
}

fn run(folder: &Path, args: &[&str], stdin: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwise"));
    command.env("LAYERWISE_SHELLCHECK", "off").current_dir(folder).args(args);
    let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().expect("the program starts");
    child.stdin.take().expect("it is a pipe").write_all(stdin.as_bytes()).expect("it can be written");
    child.wait_with_output().expect("the program ends")
}

#[test]
fn the_option_writes_and_shows() {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let path = dir.path().join("Dockerfile");
    let old = "FROM debian:latest\nRUN sudo make && \\\n    sudo make install\n";
    fs::write(&path, old).expect("a file can be written");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let args = ["--add-ignores=known, see #12", "--format", "short"];

    let shown = run(dir.path(), &[&args[..], &["--diff"]].concat(), "");
    assert_eq!(shown.status.code(), Some(1));
    assert!(text(&shown.stdout).contains("\n+# layerwise ignore=DL3004 # known, see #12\n"), "{}", text(&shown.stdout));
    assert_eq!(fs::read_to_string(&path).expect("it is there"), old);

    let written = run(dir.path(), &args, "");
    assert_eq!((written.status.code(), text(&written.stdout)), (Some(0), String::new()));
    assert_eq!(text(&written.stderr), "Dockerfile: switched off DL3004 x2, DL3007\n1 file checked: no findings\n");
    let new = fs::read_to_string(&path).expect("it is there");
    assert_eq!(
        new,
        format!(
            "# layerwise ignore=DL3007 # known, see #12\n{}",
            old.replace("RUN", "# layerwise ignore=DL3004 # known, see #12\nRUN")
        )
    );
    assert_eq!(run(dir.path(), &[], "").status.code(), Some(0));

    let piped = run(dir.path(), &["-", "--add-ignores"], old);
    assert_eq!(text(&piped.stdout), new.replace(" # known, see #12", ""));

    for args in [&["--add-ignores=a\nb"][..], &["--add-ignores=a\u{1b}[2J"], &["--add-ignores", "--fix"]] {
        assert_eq!(run(dir.path(), args, "").status.code(), Some(2), "{args:?}");
    }
}

/// What a rule finds depends on how often files change, so a shallow clone and a full one may disagree.
#[test]
fn a_comment_that_another_clone_needs_is_used() {
    let dockerfile = "FROM debian:12\nWORKDIR /app\nCOPY lib/ lib/\n# layerwise ignore=LW105 # generated\n\
        RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*\n\
        COPY src/ src/\n# layerwise ignore=LW105,LW101\nRUN make\n";
    let mut repository = Repository::new();
    repository.commit(&[("Dockerfile", dockerfile), ("lib/a", "0")]);
    for n in 0..320 {
        repository.commit(&[("src/a", &n.to_string())]);
    }
    let dir = repository.finish();
    let found = |args: &[&str]| {
        let ran = run(dir.path(), &[&["--format", "short", "--select", "LW018,LW101,LW105"], args].concat(), "");
        let out = String::from_utf8_lossy(&ran.stdout).into_owned();
        out.lines().map(|line| line.split(": it finds").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    // The first comment hides nothing here, and something where no commits are counted; the second one nothing anywhere.
    let unused =
        |code: &str, column: usize| format!("Dockerfile:7:{column}: info[LW018]: `{code}` switches nothing off");
    assert_eq!(found(&[]), [unused("LW105", 20), unused("LW101", 26)]);
    assert_eq!(found(&["--history", "0"]), [unused("LW101", 26)], "nobody knows what a full clone finds");
    assert_eq!(found(&["--fix"]), Vec::<String>::new());
    let text = fs::read_to_string(dir.path().join("Dockerfile")).expect("it is there");
    assert_eq!(text, dockerfile.replace("# layerwise ignore=LW105,LW101\n", ""));
    fs::write(dir.path().join("Dockerfile"), text.replace("# layerwise ignore=LW105 # generated\n", ""))
        .expect("written");
    assert_eq!((found(&[]).len(), found(&["--history", "0"]).len()), (0, 1), "else this shows nothing");
}

#[test]
fn of_many_unknown_words_the_first_are_compared_and_none_is_removed_unlooked() {
    let text = |n: usize| {
        let words: String = (0..n).map(|i| format!(",zz{i}")).collect();
        format!("FROM a:1\n# layerwise ignore=DL30033{words},DL30033\nRUN x\n")
    };
    let settings = settings(&["LW018"]);
    let helps = |n: usize| {
        let found = lint(&text(n), &settings);
        assert_eq!(found.len(), n + 2);
        [0, n + 1].map(|at| found[at].help.clone().unwrap_or_default())
    };
    let meant = "did you mean `DL3003`?";
    assert_eq!(helps(20), [meant, meant]);
    let of_many = helps(20_000);
    assert_eq!(of_many[0], meant);
    assert!(!of_many[1].contains("did you mean"), "{of_many:?}");
    let fixed = |n: usize| fix(&text(n), &settings, Applicability::Safe).text;
    assert_eq!(fixed(20), "FROM a:1\n# layerwise ignore=DL30033,DL30033\nRUN x\n");
    assert_eq!(fixed(20_000), text(20_000));
}
