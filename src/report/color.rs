//! Whether to colour the output, and with what.

use crate::diagnostic::Severity;
use std::ffi::OsString;
use std::io::IsTerminal;

/// The value of `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// Colours on a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Colours everywhere.
    Always,
    /// No colours.
    Never,
}

impl ColorChoice {
    /// Every choice.
    pub const ALL: [ColorChoice; 3] = [ColorChoice::Auto, ColorChoice::Always, ColorChoice::Never];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            ColorChoice::Auto => "auto",
            ColorChoice::Always => "always",
            ColorChoice::Never => "never",
        }
    }

    /// The choice called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }

    /// Whether to colour what goes to `stream`, given the environment of this process.
    pub fn resolve(self, stream: &impl IsTerminal) -> bool {
        self.resolve_with(|name| std::env::var_os(name), stream.is_terminal())
    }

    /// Whether to colour, given a look-up of environment variables. The option is the most explicit
    /// wish and wins; then `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, and at last what the output is.
    pub fn resolve_with(self, env: impl Fn(&str) -> Option<OsString>, terminal: bool) -> bool {
        let on = |name: &str| env(name).is_some_and(|v| !v.is_empty() && v != "0");
        match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            // NO_COLOR counts with any value but the empty one, "0" included.
            ColorChoice::Auto if env("NO_COLOR").is_some_and(|v| !v.is_empty()) => false,
            ColorChoice::Auto if on("CLICOLOR_FORCE") => true,
            ColorChoice::Auto => {
                terminal
                    && env("TERM").is_none_or(|v| v != "dumb")
                    && env("CLICOLOR").is_none_or(|v| v.is_empty() || v != "0")
            }
        }
    }
}

/// Ends every style.
pub(super) const RESET: &str = "\x1b[0m";
/// For the message of a finding.
pub(super) const BOLD: &str = "\x1b[1m";
/// For line numbers, borders and labels that say why.
pub(super) const FRAME: &str = "\x1b[36m";

/// For the word `error`, `warning` and so on.
pub(super) const fn header(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\x1b[1;31m",
        Severity::Warning => "\x1b[1;33m",
        Severity::Info => "\x1b[1;32m",
        Severity::Style => "\x1b[1;36m",
    }
}

/// For the label that says what to change.
pub(super) const fn label(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\x1b[31m",
        Severity::Warning => "\x1b[33m",
        Severity::Info => "\x1b[32m",
        Severity::Style => "\x1b[36m",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(vars: &[(&str, &str)], terminal: bool) -> bool {
        let env = |name: &str| vars.iter().find(|v| v.0 == name).map(|v| OsString::from(v.1));
        ColorChoice::Auto.resolve_with(env, terminal)
    }

    #[test]
    fn the_option_wins_over_everything() {
        assert!(ColorChoice::Always.resolve_with(|_| Some("1".into()), false));
        assert!(!ColorChoice::Never.resolve_with(|_| Some("1".into()), true));
    }

    #[test]
    fn auto_reads_the_environment_and_the_terminal() {
        assert!(auto(&[], true));
        assert!(!auto(&[], false));
        assert!(!auto(&[("NO_COLOR", "0"), ("CLICOLOR_FORCE", "1")], true));
        assert!(auto(&[("NO_COLOR", "")], true));
        assert!(auto(&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], false));
        assert!(!auto(&[("CLICOLOR_FORCE", "0")], false));
        assert!(!auto(&[("CLICOLOR", "0")], true));
        assert!(!auto(&[("TERM", "dumb")], true));
    }
}
