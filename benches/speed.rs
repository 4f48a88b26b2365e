//! Parse, check, fix and cache, over the corpus that `LAYERWISE_CORPUS` names, or else over `testdata`.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use layerwise::cache::{Heat, Prepared, Question, evidence};
use layerwise::config::Builder;
use layerwise::diagnostic::Applicability;
use layerwise::lint::{self, Settings};
use layerwise::rules::{Overrides, Selection};
use layerwise::{model, syntax};
use std::path::PathBuf;

fn main() {
    divan::main();
}

fn files() -> Vec<String> {
    let root = std::env::var_os("LAYERWISE_CORPUS").map_or_else(|| PathBuf::from("testdata"), PathBuf::from);
    let mut folders = vec![root];
    let mut texts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|n| n.to_string_lossy().ends_with("Dockerfile")) {
                texts.extend(std::fs::read_to_string(&path));
            }
        }
    }
    texts
}

fn over_all<R>(bencher: Bencher<'_, '_>, work: impl Fn(&str) -> R + Sync) {
    let texts = files();
    let bytes: usize = texts.iter().map(String::len).sum();
    let count = texts.len();
    bencher.counter(BytesCount::new(bytes)).counter(ItemsCount::new(count)).bench(|| {
        texts.iter().map(|text| work(text)).for_each(|result| drop(divan::black_box(result)));
    });
}

fn settings() -> Settings {
    Settings {
        selection: Selection::new(None, &Overrides::default()),
        builder: Builder::Buildkit,
        project: None,
        histories: None,
        shellcheck: None,
    }
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    over_all(bencher, |text| syntax::parse(text).instructions.len());
}

#[divan::bench]
fn parse_and_model(bencher: Bencher<'_, '_>) {
    over_all(bencher, |text| model::Model::new(&syntax::parse(text)).stages.len());
}

#[divan::bench]
fn check(bencher: Bencher<'_, '_>) {
    let settings = settings();
    over_all(bencher, |text| lint::lint(text, &settings));
}

#[divan::bench]
fn fix(bencher: Bencher<'_, '_>) {
    let settings = settings();
    over_all(bencher, |text| lint::fix(text, &settings, Applicability::Safe));
}

/// How often each step runs again, with the churn that is assumed where there is no history.
#[divan::bench]
fn cache(bencher: Bencher<'_, '_>) {
    over_all(bencher, |text| {
        let file = syntax::parse(text);
        let model = model::Model::new(&file);
        let ask = Question {
            builder: Builder::Buildkit,
            target: None,
            arguments: &[],
            recorded: &|_, _| None,
            passed: &|| (),
        };
        Heat::new(&Prepared::new(&model), &ask, &evidence(&model, None, None))
    });
}
