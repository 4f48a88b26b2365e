//! What several tests share.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod document;
pub mod language_client;
pub mod repository;
#[path = "../../fuzz/src/checks/tree.rs"]
pub mod tree;

use layerwise::config::Builder;
use layerwise::lint::Settings;
use layerwise::rules::{Overrides, Selection, resolve};
use std::path::PathBuf;

/// Settings with the rules `select` (all of the default set if empty) for BuildKit.
pub fn settings(select: &[&str]) -> Settings {
    let codes = |word: &&str| resolve(word).expect("the test names rules that exist");
    let chosen = (!select.is_empty()).then(|| select.iter().flat_map(codes).collect());
    let overrides = Overrides { select: chosen, ..Overrides::default() };
    Settings {
        selection: Selection::new(None, &overrides),
        builder: Builder::Buildkit,
        project: None,
        histories: None,
        shellcheck: None,
    }
}

/// A small generator of numbers: the same on every machine.
pub struct Random(pub u64);

impl Random {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        // xorshift64*, Vigna 2016.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n.max(1)
    }
}

/// The Dockerfiles below the folder that `LAYERWISE_CORPUS` names, by name.
pub fn corpus() -> Vec<(PathBuf, String)> {
    let root = std::env::var_os("LAYERWISE_CORPUS").expect("LAYERWISE_CORPUS names a folder of Dockerfiles");
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut folders = vec![PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the corpus can be read") {
            let path = entry.expect("the corpus can be read").path();
            if path.is_dir() { folders.push(path) } else { paths.push(path) }
        }
    }
    paths.sort();
    let text = |path: PathBuf| Some((path.clone(), std::fs::read_to_string(path).ok()?));
    paths.into_iter().filter(|p| p.extension().is_some_and(|e| e == "Dockerfile")).filter_map(text).collect()
}
