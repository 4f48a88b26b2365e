//! Writing what was fixed, or showing it.

use super::failure::Failure;
use super::interrupt::Interrupt;
use super::outcome::Outcome;
use super::patch::{self, Change};
use crate::fix::{addition, write};
use crate::lint::Fixed;
use crate::report::safe;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// How it is done, and told.
pub(super) struct Mending<'m> {
    /// The folder that the paths to show start from.
    pub(super) current: &'m Path,
    /// Show what would change, and write nothing.
    pub(super) diff: bool,
    /// Don't say what was done.
    pub(super) quiet: bool,
    /// Say it in full.
    pub(super) show_fixes: bool,
    /// Tells when to stop.
    pub(super) interrupt: &'m Interrupt,
    /// What is done to findings: "fixed", and what would be: "would fix".
    pub(super) verbs: (&'static str, &'static str),
}

impl Mending<'_> {
    /// Writes what was fixed, or shows it.
    pub(super) fn conclude(
        &self,
        outcomes: &mut [Outcome],
        failures: &mut Vec<Failure>,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> io::Result<()> {
        if self.diff {
            return self.show(outcomes, out, err);
        }
        let (mut looked_at, mut written) = (0, 0);
        for outcome in &mut *outcomes {
            if self.interrupt.caught().is_some() {
                break;
            }
            looked_at += 1;
            let Some(fixed) = &outcome.fixed else { continue };
            if outcome.path == Path::new("-") {
                out.write_all(fixed.text.as_bytes())?;
            } else if fixed.text != outcome.before {
                match write::write(&outcome.path, outcome.before.as_bytes(), fixed.text.as_bytes()) {
                    Ok(()) => written += 1,
                    Err(source) => {
                        failures.push(Failure::Write { path: outcome.report.path.clone(), source });
                        outcome.take_back();
                    }
                }
            }
        }
        if let Some(signal) = self.interrupt.caught() {
            let rewrites = |outcome: &&Outcome| outcome.fixed.as_ref().is_some_and(|f| f.text != outcome.before);
            let files = outcomes.iter().filter(rewrites).count();
            failures.push(Failure::Stopped { signal, done: format!("{written} of {files} files were written") });
        } else {
            // Only once the Dockerfiles that ask for the lines are written: all of a fix, or nothing.
            self.add(outcomes, failures, err)?;
        }
        for outcome in &outcomes[..looked_at] {
            let Some(fixed) = &outcome.fixed else { continue };
            self.tell(self.verbs.0, outcome, fixed, err)?;
            if !fixed.oscillating.is_empty() {
                let rules = fixed.oscillating.join(" and ");
                let name = safe::line(&outcome.report.path);
                writeln!(err, "{name}: the fixes of {rules} undo each other; stopped before doing it again")?;
            }
        }
        Ok(())
    }

    /// Shows what would change.
    fn show(&self, outcomes: &[Outcome], out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
        let on_terminal = io::stdout().is_terminal();
        for (path, lines) in additions(outcomes) {
            if let Ok((before, after)) = addition::preview(path, &lines) {
                let before = path.exists().then_some(before.as_str());
                let name = patch::name_from(self.current, path);
                patch::write(&Change { name: &name, before, after: &after }, on_terminal, out)?;
            }
        }
        for outcome in outcomes {
            let Some(fixed) = &outcome.fixed else { continue };
            self.tell(self.verbs.1, outcome, fixed, err)?;
            for (reason, &n) in fixed.refused.iter().filter(|_| !self.quiet) {
                let name = safe::line(&outcome.report.path);
                writeln!(err, "{name}: {n} {} left out: {}", if n == 1 { "fix" } else { "fixes" }, safe::line(reason))?;
            }
            if fixed.text != outcome.before {
                let name = patch::name_from(self.current, Path::new(&outcome.report.path));
                patch::write(
                    &Change { name: &name, before: Some(&outcome.before), after: &fixed.text },
                    on_terminal,
                    out,
                )?;
            }
        }
        Ok(())
    }

    /// Says which rules were fixed in a file, and with `--show-fixes` what was done.
    fn tell(&self, verb: &str, outcome: &Outcome, fixed: &Fixed, err: &mut dyn Write) -> io::Result<()> {
        let is_usual = !self.quiet && !self.diff && fixed.text != outcome.before;
        let in_full = self.show_fixes && !fixed.titles.is_empty();
        if is_usual || in_full {
            let list: Vec<String> = fixed.applied.iter().map(|(code, &n)| times(code, n)).collect();
            writeln!(err, "{}: {verb} {}", safe::line(&outcome.report.path), list.join(", "))?;
        }
        if in_full {
            let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
            fixed.titles.iter().for_each(|(code, title)| *counts.entry((code, title)).or_default() += 1);
            for ((code, title), n) in counts {
                writeln!(err, "  {}: {}", times(code, n), safe::line(title))?;
            }
        }
        Ok(())
    }

    /// Adds lines to the files beside the Dockerfiles.
    fn add(&self, outcomes: &mut [Outcome], failures: &mut Vec<Failure>, err: &mut dyn Write) -> io::Result<()> {
        let files: Vec<(PathBuf, Vec<String>)> =
            additions(outcomes).into_iter().map(|(path, lines)| (path.to_owned(), lines)).collect();
        for (path, lines) in files {
            let name = patch::name_from(self.current, &path);
            match addition::add(&path, &lines) {
                Ok(()) if self.quiet => {}
                Ok(()) => writeln!(err, "{}: added {}", safe::line(&name), safe::line(&lines.join(", ")))?,
                Err(source) => {
                    failures.push(Failure::Write { path: name, source });
                    let asks = |outcome: &&mut Outcome| {
                        outcome.fixed.as_ref().is_some_and(|fixed| fixed.additions.contains_key(&path))
                    };
                    outcomes.iter_mut().filter(asks).for_each(Outcome::take_back_additions);
                }
            }
        }
        Ok(())
    }
}

/// The lines for the files beside the Dockerfiles, several of which may share one.
fn additions(outcomes: &[Outcome]) -> BTreeMap<&Path, Vec<String>> {
    let mut files: BTreeMap<&Path, Vec<String>> = BTreeMap::new();
    for (path, lines) in outcomes.iter().filter_map(|o| o.fixed.as_ref()).flat_map(|f| &f.additions) {
        let known = files.entry(path).or_default();
        let new: Vec<String> = lines.iter().filter(|line| !known.contains(line)).cloned().collect();
        known.extend(new);
    }
    files
}

fn times(what: &str, n: usize) -> String {
    if n == 1 { what.to_owned() } else { format!("{what} x{n}") }
}
