//! Which findings of ShellCheck are reported. Its codes are not in the registry: new versions bring new ones.

use crate::diagnostic::Severity;
use crate::shellcheck;

/// Starts of codes, each with what was said of it. What is said last counts.
#[derive(Clone, Debug, Default)]
pub struct ShellCodes {
    on: Vec<(&'static str, bool)>,
    severities: Vec<(&'static str, Severity)>,
}

impl ShellCodes {
    /// Switches those of `codes` that are ShellCheck's on or off.
    pub(super) fn set(&mut self, codes: &[&'static str], on: bool) {
        self.on.extend(codes.iter().filter(|code| shellcheck::selector(code).is_some()).map(|&code| (code, on)));
    }

    /// Switches `code` on, and gives its findings a severity.
    pub(super) fn weigh(&mut self, code: &'static str, severity: Severity) {
        self.on.push((code, true));
        self.severities.push((code, severity));
    }

    /// Whether any of them may be reported: if none, the program need not run.
    pub fn any(&self) -> bool {
        let all = self.on.iter().rposition(|(start, _)| *start == shellcheck::PREFIX);
        let later = &self.on[all.map_or(0, |at| at + 1)..];
        all.is_none_or(|at| self.on[at].1) || later.iter().any(|(_, on)| *on)
    }

    /// The starts of codes that were spoken of, and whether each is on, in the order of the last word on them.
    pub fn said(&self) -> Vec<(&'static str, bool)> {
        let last = |&(at, (start, _)): &(usize, &(&str, bool))| !self.on[at + 1..].iter().any(|(s, _)| s == start);
        self.on.iter().enumerate().filter(last).map(|(_, said)| *said).collect()
    }

    /// Whether findings with the code `code` are reported.
    pub fn reports(&self, code: &str) -> bool {
        self.on.iter().rev().find(|(start, _)| code.starts_with(start)).is_none_or(|(_, on)| *on)
    }

    /// The severity that findings with the code `code` are given.
    pub fn severity(&self, code: &str) -> Option<Severity> {
        self.severities.iter().rev().find(|(start, _)| code.starts_with(start)).map(|(_, severity)| *severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_last_counts() {
        let mut codes = ShellCodes::default();
        assert!(codes.any() && codes.reports("SC2086"));
        codes.set(&["SC", "DL3006"], false);
        assert!(!codes.any() && !codes.reports("SC2086"));
        codes.set(&["SC20", "LW101"], true);
        assert!(codes.any() && codes.reports("SC2086") && !codes.reports("SC2155"));
        codes.set(&["SC2086"], false);
        codes.weigh("SC3", Severity::Error);
        codes.weigh("SC3043", Severity::Style);
        assert!(!codes.reports("SC2086") && codes.reports("SC2006") && codes.reports("SC3010"));
        assert_eq!(codes.severity("SC3010"), Some(Severity::Error));
        assert_eq!(codes.severity("SC3043"), Some(Severity::Style));
        assert_eq!(codes.severity("SC2006"), None);
    }
}
