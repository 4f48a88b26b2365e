//! What came of one file. If what was mended can't be written, the file is looked at again as it is on disk: nobody is
//! to be told of a text that is nowhere.

use super::baseline::{Applied, Baseline};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{self, FileReport, Fixed, Settings};
use std::path::PathBuf;
use std::sync::Arc;

/// What came of one file.
pub(super) struct Outcome {
    pub(super) report: FileReport,
    pub(super) before: String,
    pub(super) path: PathBuf,
    pub(super) fixed: Option<Fixed>,
    /// What its baseline made of the findings.
    pub(super) known: Option<Applied>,
    /// Whether a finding is at or above the fail level.
    pub(super) fails: bool,
    /// Whether anything about it makes the run fail.
    pub(super) counts: bool,
    judge: Option<Judge>,
}

/// How the findings of one file are found, and which of them count.
pub(super) struct Judge {
    pub(super) settings: Settings,
    /// The lightest finding that counts, if any does.
    pub(super) level: Option<Severity>,
    pub(super) baseline: Option<Arc<Baseline>>,
    /// The folder that the path to show starts from.
    pub(super) current: PathBuf,
}

impl Judge {
    /// Takes the findings out of `report` that the baseline knows.
    pub(super) fn leave_out(&self, report: &mut FileReport) -> Option<Applied> {
        self.baseline.as_ref().map(|baseline| baseline.apply(report, &self.current, &self.settings))
    }

    fn fails(&self, report: &FileReport) -> bool {
        self.level.is_some_and(|level| report.findings.iter().any(|finding| finding.severity >= level))
    }
}

impl Outcome {
    /// What came of the file at `path`, which held `before`: a report whose known findings are left out.
    pub(super) fn new(
        path: PathBuf,
        before: String,
        (report, known): (FileReport, Option<Applied>),
        fixed: Option<Fixed>,
        judge: Judge,
    ) -> Self {
        let (fails, counts) = (judge.fails(&report), judge.level.is_some());
        let mut outcome = Self { report, before, path, fixed, known, fails, counts, judge: None };
        // Settings hold the build context: those of a file that stays as it is need not outlive the look at it.
        outcome.judge = outcome.changes().then_some(judge);
        outcome
    }

    /// Whether there is something to write.
    pub(super) fn changes(&self) -> bool {
        self.fixed.as_ref().is_some_and(|fixed| fixed.text != self.before || !fixed.additions.is_empty())
    }

    /// Nothing could be written: all is as it was.
    pub(super) fn take_back(&mut self) {
        self.fixed = None;
        self.look_again(self.before.clone());
    }

    /// The file is mended, but the lines for another file could not be written.
    pub(super) fn take_back_additions(&mut self) {
        let Some(mut fixed) = self.fixed.take() else { return };
        self.look_again(fixed.text.clone());
        let adds = |code: &str| {
            let of_code = |finding: &&Diagnostic| finding.code == code;
            self.report.findings.iter().filter(of_code).any(|f| f.fix.as_ref().is_some_and(|f| f.addition.is_some()))
        };
        fixed.applied.retain(|code, _| !adds(code));
        fixed.titles.retain(|(code, _)| !adds(code));
        self.fixed = Some(fixed);
    }

    fn look_again(&mut self, text: String) {
        let Some(judge) = &self.judge else { return };
        self.report.findings = lint::lint(&text, &judge.settings);
        self.report.text = text;
        self.known = judge.leave_out(&mut self.report);
        self.fails = judge.fails(&self.report);
    }
}
