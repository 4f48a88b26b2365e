//! `layerwise config show`: what counts for one Dockerfile, as a configuration that says where it comes from.

use crate::cli::failure::Failure;
use crate::config::{Config, Finder, Layers, OptionValue, quoted};
use crate::report::safe;
use crate::rules::{self, Overrides, RULES, Selection};
use clap::Args;
use std::io::{self, Write};
use std::path::PathBuf;

/// Print what counts for a Dockerfile, and where each setting comes from
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The Dockerfile; it need not be there.
    #[arg(value_name = "FILE", default_value = "Dockerfile")]
    file: PathBuf,
}

/// A setting: its key, its value in YAML, and where it comes from.
struct Line(String, String, String);

pub(super) fn run(args: &ShowArgs, out: &mut dyn Write) -> io::Result<Vec<Failure>> {
    let current = std::env::current_dir().unwrap_or_default();
    let finder = Finder::new(current.clone(), rules::CATALOGUE);
    let config = match finder.for_file(&args.file) {
        Ok(config) => config,
        Err(error) => return Ok(vec![Failure::Config(error)]),
    };
    let dockerfile = finder.whole(&args.file);
    let layers = config.as_ref().map(|c| c.layers(&dockerfile)).unwrap_or_default();
    let name = |path: &std::path::Path| path.strip_prefix(&current).unwrap_or(path).display().to_string();
    // A name stands in a comment, which a line break in it would end.
    let said = |path: &std::path::Path| safe::line(&name(path)).into_owned();
    let from = |at: Option<usize>| match at.and_then(|at| layers.origin(at)) {
        None => "default".to_owned(),
        Some((path, None)) => said(path),
        Some((path, Some(entry))) => format!("{}, override {}", said(path), entry + 1),
    };
    let context = config.as_ref().and_then(|c| c.context_of(&dockerfile)).map(|(folder, config)| {
        let file = dockerfile.strip_prefix(config.parent().unwrap_or(config)).unwrap_or(&dockerfile);
        Line(quoted(&file.display().to_string()), quoted(&folder.display().to_string()), said(config))
    });
    let word = |flag: bool| if flag { "true" } else { "false" };
    let general = [
        general(&layers, "builder", |c| c.builder.map(|b| b.name()), "buildkit", from),
        general(&layers, "fail-level", |c| c.fail_level.map(|s| s.name()), "info", from),
        general(&layers, "ignore-comments", |c| c.ignore_comments.map(word), "true", from),
        general(&layers, "no-fail", |c| c.no_fail.map(word), "false", from),
        general(&layers, "shellcheck", |c| c.shellcheck.map(|s| s.name()), "auto", from),
    ];
    let baseline = layers.baseline().map(|path| {
        let at = layers.iter().enumerate().filter(|(_, config)| config.baseline.is_some()).last().map(|(at, _)| at);
        Line("baseline".to_owned(), quoted(&name(path)), from(at))
    });
    let rules = rules(&layers, from);
    let width = general
        .iter()
        .chain(&baseline)
        .chain(&context)
        .chain(&rules)
        .map(|l| l.0.len() + l.1.len())
        .max()
        .unwrap_or_default();
    let line = |indent: &str, Line(key, value, from): &Line| {
        let gap = " ".repeat(width.saturating_sub(key.len() + value.len() + indent.len()) + 4);
        format!("{indent}{key}: {value}{gap}# {from}\n")
    };
    let mut text: String = general.iter().chain(&baseline).map(|l| line("", l)).collect();
    if let Some(context) = &context {
        text.push_str(&format!("contexts:\n{}", line("  ", context)));
    }
    text.push_str("rules:\n");
    text.extend(rules.iter().map(|l| line("  ", l)));
    let selection = Selection::new(layers.iter(), &Overrides::default());
    for (rule, severity) in selection.custom() {
        text.push_str(&format!("# custom: {}: {}\n", rule.code, severity.unwrap_or(rule.severity).name()));
    }
    out.write_all(text.as_bytes())?;
    Ok(Vec::new())
}

fn general(
    layers: &Layers<'_>,
    key: &str,
    value: impl Fn(&Config) -> Option<&'static str>,
    default: &str,
    from: impl Fn(Option<usize>) -> String,
) -> Line {
    let found = layers.iter().enumerate().filter_map(|(at, config)| Some((at, value(config)?))).last();
    let (at, word) = found.map_or((None, default), |(at, word)| (Some(at), word));
    Line(key.to_owned(), word.to_owned(), from(at))
}

/// Every rule, and every start of ShellCheck's codes that is spoken of, with the layer that changed it last.
fn rules(layers: &Layers<'_>, from: impl Fn(Option<usize>) -> String) -> Vec<Line> {
    let count = layers.iter().count();
    let stages: Vec<Selection> =
        (0..=count).map(|n| Selection::new(layers.iter().take(n), &Overrides::default())).collect();
    let last = &stages[count];
    let changed = |value: &dyn Fn(&Selection) -> String| {
        (0..count).rev().find(|&at| value(&stages[at]) != value(&stages[at + 1]))
    };
    let of_rules = RULES.iter().map(|rule| {
        let value = |selection: &Selection| setting(selection, rule.meta.code, rule.meta.severity.name());
        Line(rule.meta.code.to_owned(), value(last), from(changed(&value)))
    });
    let of_shell = last.shell().said().into_iter().map(|(code, on)| {
        let value = |selection: &Selection| {
            let said = selection.shell().said().into_iter().any(|(other, _)| other == code);
            let severity = selection.shell().severity(code).map_or("warning", |s| s.name());
            if said { level(selection.shell().reports(code), severity) } else { String::new() }
        };
        Line(code.to_owned(), if on { value(last) } else { "off".into() }, from(changed(&value)))
    });
    let mut lines: Vec<Line> = of_rules.chain(of_shell).collect();
    // Stable, so that ShellCheck's codes, of which the last one counts, keep their order.
    lines.sort_by_key(|line| (!line.0.starts_with("LW"), line.0.starts_with("SC")));
    lines
}

fn level(on: bool, severity: &str) -> String {
    (if on { severity } else { "off" }).to_owned()
}

/// A rule's level, with its options if there are some.
fn setting(selection: &Selection, code: &str, severity: &str) -> String {
    let found = selection.rules().find(|(rule, _)| rule.meta.code == code);
    let severity = found.and_then(|(_, severity)| severity).map_or(severity, |s| s.name());
    let level = level(found.is_some(), severity);
    match selection.options(code) {
        [] => level,
        options => {
            let pairs = options.iter().map(|(name, value)| format!(", {name}: {}", written(value)));
            format!("{{ severity: {level}{} }}", pairs.collect::<String>())
        }
    }
}

fn written(value: &OptionValue) -> String {
    match value {
        OptionValue::Flag(flag) => flag.to_string(),
        OptionValue::Words(words) => {
            format!("[{}]", words.iter().map(|w| quoted(w)).collect::<Vec<_>>().join(", "))
        }
        OptionValue::Map(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(k, v)| format!("{}: {}", quoted(k), quoted(v))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}
