//! `layerwise config test`: the rules of the project, tried on their own examples.

use crate::cli::check::Checked;
use crate::cli::failure::Failure;
use crate::cli::summary::plural;
use crate::config::{Builder, Config, CustomRule, Finder, keep_code};
use crate::diagnostic::Applicability;
use crate::lint::{self, Settings};
use crate::report::safe;
use crate::rules::{self, Overrides, Selection};
use clap::Args;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Try the custom rules on their own `bad` and `good` examples; exit with 1 if one does not do what they say
#[derive(Args, Debug)]
pub struct TestArgs {
    /// The configuration [default: the one that counts in this folder].
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) fn run(args: &TestArgs, out: &mut dyn Write) -> io::Result<Checked> {
    let stop = |failure| Ok(Checked { fails: false, failures: vec![failure] });
    let current = std::env::current_dir().unwrap_or_default();
    let finder = match &args.file {
        Some(path) => Finder::only(current, path, rules::CATALOGUE),
        None => Finder::new(current, rules::CATALOGUE),
    };
    let config = match finder.for_folder(Path::new("")) {
        Ok(config) => config,
        Err(error) => return stop(Failure::Config(error)),
    };
    let config = config.filter(|config| !config.custom_rules().is_empty());
    let Some(config) = config else {
        let help = Some("write them under `custom:` in `.layerwise.yaml`, or name the file that has them".to_owned());
        return stop(Failure::Usage { message: "there are no custom rules to test".to_owned(), help });
    };
    let (mut examples, mut wrong) = (0, 0);
    let rules = config.custom_rules();
    for rule in &rules {
        examples += rule.bad.len() + rule.good.len();
        let faults = faults(&config, rule);
        wrong += faults.len();
        faults.iter().try_for_each(|fault| writeln!(out, "{}: {fault}", rule.code))?;
        if rule.bad.is_empty() {
            writeln!(out, "{}: nothing shows that it finds anything: give it a `bad` example", rule.code)?;
        }
    }
    let verdict = if wrong == 0 { "all right".into() } else { format!("{wrong} wrong") };
    writeln!(out, "{}, {}: {verdict}", plural(rules.len(), "rule"), plural(examples, "example"))?;
    Ok(Checked { fails: wrong > 0, failures: Vec::new() })
}

/// What the examples of `rule` show to be wrong.
fn faults(config: &Config, rule: &CustomRule) -> Vec<String> {
    let overrides = Overrides { select: Some(vec![keep_code(rule.code)]), ..Overrides::default() };
    let selection = Selection::new(layers(config), &overrides);
    let settings =
        Settings { selection, builder: Builder::default(), project: None, histories: None, shellcheck: None };
    let is_found = |example: &str| lint::lint(&whole(example), &settings).iter().any(|f| f.code == rule.code);
    let fault_of_bad = |example: &str| {
        if !is_found(example) {
            return Some("is not reported".to_owned());
        }
        rule.replace.as_ref().and_then(|_| fault_of_fix(rule, &settings, example))
    };
    let fault_of_good = |example: &str| is_found(example).then(|| "is reported".to_owned());
    let all = |kind: &str, examples: &[String], fault: &dyn Fn(&str) -> Option<String>| -> Vec<String> {
        let numbered = (1..).zip(examples);
        let wrong = numbered.filter_map(|(number, example)| Some((number, example, fault(example)?)));
        wrong
            .map(|(number, example, fault)| format!("{kind} example {number} {fault}: {}", first_line(example)))
            .collect()
    };
    let mut faults = all("bad", &rule.bad, &fault_of_bad);
    faults.extend(all("good", &rule.good, &fault_of_good));
    faults
}

/// Why the replacement of `rule` does not mend `example`, if it doesn't.
fn fault_of_fix(rule: &CustomRule, settings: &Settings, example: &str) -> Option<String> {
    let fixed = lint::fix(&whole(example), settings, Applicability::Unsafe);
    let left = fixed.findings.into_iter().find(|finding| finding.code == rule.code)?;
    let why = match left.notes.last() {
        _ if left.fix.is_none() => "it says no word that could be replaced",
        Some(note) => note,
        None => "it is found in the new text too",
    };
    Some(format!("is still reported after `--fix` ({})", one_line(why)))
}

/// The configuration and those that it extends, the strongest last.
fn layers(config: &Config) -> Vec<&Config> {
    config.extends.iter().flat_map(layers).chain([config]).collect()
}

/// An example without a FROM is a part of a stage.
fn whole(example: &str) -> Cow<'_, str> {
    let is_from = |line: &str| line.trim_start().get(..5).is_some_and(|word| word.eq_ignore_ascii_case("from "));
    if example.lines().any(is_from) { example.into() } else { format!("FROM scratch\n{example}").into() }
}

fn first_line(example: &str) -> String {
    one_line(example.trim().lines().next().unwrap_or_default()).chars().take(80).collect()
}

fn one_line(text: &str) -> String {
    safe::line(text).into_owned()
}
