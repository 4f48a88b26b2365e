//! Where rules put what they find.

use super::meta::RuleMeta;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::source::Span;
use std::borrow::Cow;

/// The findings of one file.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Diagnostic>,
}

impl Findings {
    /// Reports `message` about the bytes `span`; the result takes labels, notes, help and a fix.
    pub fn report(&mut self, rule: &'static RuleMeta, span: Span, message: impl Into<String>) -> Finding<'_> {
        let at = self.list.len();
        self.list.push(Diagnostic {
            code: rule.code,
            aliases: rule.aliases.to_vec(),
            severity: rule.severity,
            message: message.into(),
            primary: Label { span, message: String::new() },
            secondary: Vec::new(),
            members: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        });
        Finding(&mut self.list[at])
    }

    /// The findings, in the order they were reported.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.list
    }
}

/// A finding that is being put together.
#[derive(Debug)]
pub struct Finding<'f>(&'f mut Diagnostic);

impl Finding<'_> {
    /// Says what is to change at the primary place.
    pub fn label(self, message: impl Into<String>) -> Self {
        self.0.primary.message = message.into();
        self
    }

    /// Points at another place that makes the finding matter.
    pub fn why(self, span: Span, message: impl Into<String>) -> Self {
        self.0.secondary.push(Label { span, message: message.into() });
        self
    }

    /// Points at another instruction that the finding is about as much as about the first.
    pub fn member(self, span: Span, message: impl Into<String>) -> Self {
        self.belongs_to(span).why(span, message)
    }

    /// Names an instruction where a comment switches it off, besides those at its place.
    pub fn belongs_to(self, span: Span) -> Self {
        self.0.members.push(span);
        self
    }

    /// Says what it costs.
    pub fn note(self, message: impl Into<String>) -> Self {
        self.0.notes.push(message.into());
        self
    }

    /// Says what to do.
    pub fn help(self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.help = Some(message.into());
        self
    }

    /// Gives a weight other than the rule's own.
    pub fn severity(self, severity: Severity) -> Self {
        self.0.severity = severity;
        self
    }

    /// Adds the name under which another linter reports this very finding, where it does not report
    /// all findings of the rule.
    pub fn also(self, name: &'static str) -> Self {
        self.0.aliases.push(name);
        self
    }

    /// Gives a change that mends it.
    pub fn fix(self, fix: Fix) -> Self {
        self.0.fix = Some(fix);
        self
    }
}
