//! The line at the end of a run.

use crate::diagnostic::{Applicability, Severity};
use crate::lint::FileReport;
use std::fmt;

/// How many files and findings there were.
pub(super) struct Summary {
    files: usize,
    counts: [usize; Severity::ALL.len()],
    safe: usize,
    risky: usize,
    known: usize,
}

impl Summary {
    /// Of what is reported, beside `known` findings that are not, as they stand in a baseline.
    pub(super) fn of(reports: &[FileReport], known: usize) -> Self {
        let mut summary = Self { files: reports.len(), counts: [0; Severity::ALL.len()], safe: 0, risky: 0, known };
        for finding in reports.iter().flat_map(|r| &r.findings) {
            summary.counts[finding.severity as usize] += 1;
            match finding.fix.as_ref().map(|f| f.applicability) {
                Some(Applicability::Safe) => summary.safe += 1,
                Some(Applicability::Unsafe) => summary.risky += 1,
                Some(Applicability::Display) | None => {}
            }
        }
        summary
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} checked: ", plural(self.files, "file"))?;
        if self.counts.iter().all(|&n| n == 0) {
            return match self.known {
                0 => write!(f, "no findings"),
                known => write!(f, "no findings but {known} of the baseline"),
            };
        }
        let names = ["style finding", "info finding", "warning", "error"];
        let parts: Vec<String> =
            self.counts.iter().zip(names).rev().filter(|(n, _)| **n > 0).map(|(&n, name)| plural(n, name)).collect();
        write!(f, "{}", parts.join(", "))?;
        match (self.safe, self.risky) {
            (0, 0) => {}
            (safe, 0) => write!(f, "; --fix mends {safe}")?,
            (0, risky) => write!(f, "; --fix --unsafe-fixes mends {risky}")?,
            (safe, risky) => write!(f, "; --fix mends {safe}, with --unsafe-fixes {risky} more")?,
        }
        match self.known {
            0 => Ok(()),
            known => write!(f, "; {known} of the baseline left out"),
        }
    }
}

pub(super) fn plural(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
