//! The options of hadolint, as `check` takes them in place of ours and `config migrate` translates them.

use crate::config::Hadolint;
use crate::diagnostic::Severity;
use clap::{ArgAction, Args};

/// hadolint's options that say what a configuration can say. They are left out of the help: whoever types them knows them.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct HadolintArgs {
    #[arg(long, short = 't', hide = true, value_name = "LEVEL", value_parser = threshold)]
    failure_threshold: Option<Severity>,
    #[arg(long, hide = true, value_name = "RULE", value_delimiter = ',', action = ArgAction::Append)]
    error: Vec<String>,
    #[arg(long, hide = true, value_name = "RULE", value_delimiter = ',', action = ArgAction::Append)]
    warning: Vec<String>,
    #[arg(long, hide = true, value_name = "RULE", value_delimiter = ',', action = ArgAction::Append)]
    info: Vec<String>,
    #[arg(long, hide = true, value_name = "RULE", value_delimiter = ',', action = ArgAction::Append)]
    style: Vec<String>,
    #[arg(long, hide = true, value_name = "REGISTRY", value_delimiter = ',', action = ArgAction::Append)]
    trusted_registry: Vec<String>,
    #[arg(long, hide = true, value_name = "LABEL:FORMAT", value_parser = label, value_delimiter = ',', action = ArgAction::Append)]
    require_label: Vec<(String, String)>,
    #[arg(long, hide = true)]
    strict_labels: bool,
    #[arg(long, hide = true)]
    disable_ignore_pragma: bool,
    /// Do without colours, like `--color never`.
    #[arg(long, hide = true)]
    pub(super) no_color: bool,
}

impl HadolintArgs {
    /// What they say.
    pub(super) fn read(&self) -> Hadolint {
        let levels = [
            (Severity::Error, &self.error),
            (Severity::Warning, &self.warning),
            (Severity::Info, &self.info),
            (Severity::Style, &self.style),
        ];
        Hadolint {
            severities: levels
                .into_iter()
                .flat_map(|(level, rules)| rules.iter().map(move |rule| (level, rule.clone())))
                .collect(),
            registries: self.trusted_registry.clone(),
            labels: self.require_label.clone(),
            strict_labels: self.strict_labels.then_some(true),
            threshold: self.failure_threshold,
            no_pragmas: self.disable_ignore_pragma.then_some(true),
            ..Hadolint::default()
        }
    }
}

fn threshold(word: &str) -> Result<Severity, String> {
    Hadolint::threshold(word).ok_or_else(|| "it is none of error, warning, info, style, ignore and none".to_owned())
}

fn label(word: &str) -> Result<(String, String), String> {
    Hadolint::label(word)
        .ok_or_else(|| "write the label and its format, such as `maintainer:text` or `version:semver`".to_owned())
}
