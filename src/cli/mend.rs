//! Writing what was fixed, or showing it.

use super::check::Outcome;
use super::failure::Failure;
use crate::fix::{addition, write};
use crate::lint::Fixed;
use crate::report::safe;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// How it is done, and told.
pub(super) struct Mending {
    /// Show what would change, and write nothing.
    pub(super) diff: bool,
    /// Don't say what was done.
    pub(super) quiet: bool,
    /// Say it in full.
    pub(super) show_fixes: bool,
    /// What is done to findings: "fixed", and what would be: "would fix".
    pub(super) verbs: (&'static str, &'static str),
}

impl Mending {
    /// Writes what was fixed, or shows it. Gives whether any file changes.
    pub(super) fn conclude(
        &self,
        outcomes: &mut [Outcome],
        failures: &mut Vec<Failure>,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> io::Result<bool> {
        let mut changes = self.add(outcomes, failures, out, err)?;
        for outcome in outcomes {
            let Some(fixed) = &outcome.fixed else { continue };
            let changed = fixed.text != outcome.before;
            changes |= changed;
            let name = &outcome.report.path;
            if self.diff {
                self.tell(self.verbs.1, outcome, fixed, err)?;
                if changed {
                    let diff = similar::TextDiff::from_lines(&outcome.before, &fixed.text);
                    write!(out, "{}", diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")))?;
                }
                continue;
            }
            if outcome.path == Path::new("-") {
                out.write_all(fixed.text.as_bytes())?;
            } else if changed
                && let Err(source) = write::write(&outcome.path, outcome.before.as_bytes(), fixed.text.as_bytes())
            {
                failures.push(Failure::Write { path: name.clone(), source });
                continue;
            }
            self.tell(self.verbs.0, outcome, fixed, err)?;
            if !fixed.oscillating.is_empty() {
                let rules = fixed.oscillating.join(" and ");
                let name = safe::line(name);
                writeln!(err, "{name}: the fixes of {rules} undo each other; stopped before doing it again")?;
            }
        }
        Ok(changes)
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

    /// Adds lines to the files beside the Dockerfiles, or shows them. Several Dockerfiles may share one.
    fn add(
        &self,
        outcomes: &[Outcome],
        failures: &mut Vec<Failure>,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> io::Result<bool> {
        let mut files: BTreeMap<&Path, Vec<String>> = BTreeMap::new();
        for (path, lines) in outcomes.iter().filter_map(|o| o.fixed.as_ref()).flat_map(|f| &f.additions) {
            let known = files.entry(path).or_default();
            let new: Vec<String> = lines.iter().filter(|line| !known.contains(line)).cloned().collect();
            known.extend(new);
        }
        for (path, lines) in &files {
            let name = path.display().to_string();
            if self.diff {
                if let Ok((before, after)) = addition::preview(path, lines) {
                    let diff = similar::TextDiff::from_lines(&before, &after);
                    write!(out, "{}", diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")))?;
                }
                continue;
            }
            match addition::add(path, lines) {
                Ok(()) if self.quiet => {}
                Ok(()) => writeln!(err, "{}: added {}", safe::line(&name), safe::line(&lines.join(", ")))?,
                Err(source) => failures.push(Failure::Write { path: name, source }),
            }
        }
        Ok(!files.is_empty())
    }
}

fn times(what: &str, n: usize) -> String {
    if n == 1 { what.to_owned() } else { format!("{what} x{n}") }
}
