//! Programs that fail on some scripts, and answers that outlive a run.

use super::{Checker, Limits};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Notes each start, does what its scripts say, and has a word on each that holds `speak`.
const FAKE: &str = r#"#!/bin/sh
echo $# >> "$(dirname "$0")/starts"
shift 4
cat "$@" > all
if grep -q crash all; then echo 'out of luck' >&2; exit 9; fi
if grep -q hang all; then exec sleep 60; fi
if grep -q ramble all; then echo '{"comments":'; exit 0; fi
printf '{"comments":['
comma=
for file in $(grep -l speak "$@"); do
  printf '%s{"file":"%s","line":2,"endLine":2,"column":1,"endColumn":6,"level":"info","code":2086,"message":"Quote.",' "$comma" "$file"
  printf '"fix":{"replacements":[{"line":2,"endLine":2,"column":1,"endColumn":1,"replacement":"\\""}]}}'
  comma=,
done
echo ']}'
"#;

struct Place {
    folder: TempDir,
    program: PathBuf,
}

impl Place {
    fn new() -> Self {
        Self::with(FAKE)
    }

    fn with(script: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let program = folder.path().join("shellcheck");
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder, program }
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("kept")
    }

    fn checker(&self) -> Checker {
        self.checker_within(Duration::from_secs(30), Duration::from_secs(30))
    }

    fn checker_within(&self, limit: Duration, lost: Duration) -> Checker {
        Checker::with_limits(self.program.clone(), Some(&self.kept()), Limits { first: limit, again: limit, lost })
    }

    /// How often the program was started.
    fn starts(&self) -> usize {
        fs::read_to_string(self.folder.path().join("starts")).map_or(0, |text| text.lines().count())
    }
}

/// `count` scripts, those at the places of `odd` with a word.
fn scripts(count: usize, odd: &[(usize, &str)]) -> Vec<String> {
    let word = |at| odd.iter().find(|(place, _)| *place == at).map_or("speak", |(_, word)| word);
    (0..count).map(|at| format!("#!/bin/sh\n{} {at:03}\n", word(at))).collect()
}

/// What the program says of each, as the number of its comments.
fn ask(checker: &Checker, scripts: &[String]) -> Vec<usize> {
    let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    checker.ask(&scripts).iter().map(|comments| comments.len()).collect()
}

fn unread<'s>(checker: &Checker, scripts: &'s [String]) -> Vec<&'s str> {
    let texts = scripts.iter().map(String::as_str);
    texts.filter(|script| checker.left_unread(script)).map(|s| s.lines().nth(1).unwrap_or_default()).collect()
}

#[test]
fn a_script_that_breaks_the_program_costs_its_own_findings_only() {
    let place = Place::new();
    let checker = place.checker();
    let scripts = scripts(40, &[(7, "crash"), (30, "ramble")]);
    let answers = ask(&checker, &scripts);
    assert_eq!(answers.iter().sum::<usize>(), 38);
    assert_eq!((answers[7], answers[30]), (0, 0));
    assert_eq!(unread(&checker, &scripts), ["crash 007", "ramble 030"]);
    assert!(checker.trouble().is_some() && checker.trouble().is_none());
    // It is not asked about them again in this run, but in the next one.
    let starts = place.starts();
    assert_eq!(ask(&checker, &scripts), answers);
    assert_eq!(place.starts(), starts);
    checker.save();
    assert_eq!(ask(&place.checker(), &scripts), answers);
    assert!(place.starts() > starts);
}

#[test]
fn a_program_that_fails_on_everything_is_given_up() {
    let place = Place::with("#!/bin/sh\necho >> \"$(dirname \"$0\")/starts\"\nexit 9\n");
    let checker = place.checker();
    let scripts = scripts(400, &[]);
    assert_eq!(ask(&checker, &scripts).iter().sum::<usize>(), 0);
    assert_eq!(unread(&checker, &scripts).len(), 400);
    assert!(checker.trouble().unwrap().to_string().contains("exit code 9"));
    // One on each thread may have been on its way.
    let most = rayon::current_num_threads() + 1;
    assert!(place.starts() <= most, "{} processes", place.starts());
}

#[test]
fn scripts_that_hang_do_not_add_up() {
    let place = Place::new();
    let checker = place.checker_within(Duration::from_secs(2), Duration::from_secs(3));
    let odd: Vec<(usize, &str)> = (0..64).map(|at| (at, "hang")).collect();
    let scripts = scripts(64, &odd);
    ask(&checker, &scripts);
    assert_eq!(unread(&checker, &scripts).len(), 64);
    let most = 2 * rayon::current_num_threads() + 1;
    assert!(place.starts() <= most, "{} processes", place.starts());
}

#[test]
fn a_second_run_starts_no_process() {
    let place = Place::new();
    let scripts = scripts(100, &[(3, "be still")]);
    let first = place.checker();
    let said = ask(&first, &scripts);
    first.save();
    let starts = place.starts();
    let second = place.checker();
    assert_eq!(ask(&second, &scripts), said);
    assert_eq!((said[3], said[4]), (0, 1));
    assert_eq!(place.starts(), starts);
    let texts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let shown = |checker: &Checker| format!("{:?}", checker.ask(&texts)[4]).split_once("place").unwrap().1.to_owned();
    assert_eq!(shown(&first), shown(&second));
    // Another dialect is another script, and another program has answers of its own.
    let bash: Vec<String> = scripts[..1].iter().map(|s| s.replace("/bin/sh", "/bin/bash")).collect();
    ask(&second, &bash);
    assert_eq!(place.starts(), starts + 1);
    fs::write(&place.program, format!("{FAKE}\n# newer")).unwrap();
    ask(&place.checker(), &scripts[..1]);
    assert_eq!(place.starts(), starts + 2);
}

#[test]
fn rubbish_is_ignored_and_mended() {
    let place = Place::new();
    let scripts = scripts(60, &[]);
    let fill = || {
        let checker = place.checker();
        let said = ask(&checker, &scripts);
        checker.save();
        said
    };
    let said = fill();
    let files = || -> Vec<PathBuf> {
        fs::read_dir(place.kept().join("shellcheck")).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    assert!((8..=16).contains(&files().len()), "{:?}", files());
    let harms: [fn(&Path, Vec<u8>); 4] = [
        |path, bytes| fs::write(path, &bytes[..bytes.len() - 3]).unwrap(),
        |path, bytes| fs::write(path, bytes.iter().map(|b| b ^ 0x20).collect::<Vec<u8>>()).unwrap(),
        // Each answer says something else than was written.
        |path, bytes| fs::write(path, replaced(&bytes, b"2086", b"2087")).unwrap(),
        |path, _| fs::write(path, "").unwrap(),
    ];
    for harm in harms {
        for file in files() {
            harm(&file, fs::read(&file).unwrap());
        }
        let starts = place.starts();
        assert_eq!(fill(), said);
        let mended = place.starts();
        assert!(mended > starts);
        assert_eq!(fill(), said);
        assert_eq!(place.starts(), mended);
    }
    fs::remove_dir_all(place.kept()).unwrap();
    fs::write(place.kept(), "no folder").unwrap();
    assert_eq!(fill(), said);
    assert_eq!(fill(), said);
}

fn replaced(bytes: &[u8], old: &[u8; 4], new: &[u8; 4]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    while let Some(at) = bytes.windows(4).position(|window| window == old) {
        bytes[at..at + 4].copy_from_slice(new);
    }
    bytes
}
