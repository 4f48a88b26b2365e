//! The examples of the rule documents, before and after their safe fix.

use crate::engine::Engine;
use crate::equivalence::{Pair, Verdict, in_parallel, list};
use crate::example_context as context;
use crate::support::document::{self, Block, Example};
use std::time::Instant;

/// An example with a safe fix.
struct Fixed {
    /// The document and the line of the block.
    place: String,
    before: String,
    after: String,
    /// The `file` blocks of the document.
    files: Vec<(String, String)>,
}

/// The examples with the block that `fixed` gives.
fn all(fixed: impl Fn(&Example) -> Option<&Block>) -> Vec<Fixed> {
    let mut all = Vec::new();
    for document in document::all() {
        for example in &document.examples {
            let (Some(bad), Some(fixed)) = (&example.bad, fixed(example)) else { continue };
            all.push(Fixed {
                place: format!("{}:{}", document.stem, bad.line),
                before: context::light(&bad.file()),
                after: context::light(&bad.expand(&fixed.content)),
                files: example.folder().map(context::files).unwrap_or_default(),
            });
        }
    }
    all
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn safe_fixes_change_no_example() {
    let (engine, start) = (Engine::get(), Instant::now());
    let examples = all(|e| e.fixed.as_ref());
    let results = in_parallel(&examples, |example| {
        let folder = context::make([&example.before, &example.after], &example.files);
        let images = context::images(engine, &example.before);
        let pair =
            Pair { before: &example.before, after: &example.after, contexts: [folder.path(); 2], images: &images };
        let verdict = pair.verdict(engine);
        let place = &example.place;
        match &verdict {
            Verdict::Same { noise } => println!("  {place}: the same ({noise} facts of noise)"),
            Verdict::Different { stage, found } => println!("  {place}: DIFFERENT in stage {stage}\n{}", list(found)),
            Verdict::Broken(said) => println!("  {place}: BROKEN by the fix\n{said}"),
            Verdict::NotBuildable(said) => println!("  {place}: not buildable\n{said}"),
        }
        verdict
    });
    let same = results.iter().filter(|v| matches!(v, Verdict::Same { .. })).count();
    let missing: Vec<String> = examples
        .iter()
        .zip(&results)
        .filter_map(|(example, verdict)| match verdict {
            Verdict::NotBuildable(said) => Some(format!("{} ({})", example.place, reason(said))),
            _ => None,
        })
        .collect();
    let built = examples.len() - missing.len();
    println!(
        "examples {same}/{built} the same, {} not buildable: {}; {:.0} s",
        missing.len(),
        missing.join(", "),
        start.elapsed().as_secs_f32()
    );
    assert_eq!(same, built);
    assert!(missing.is_empty(), "an example without an image of its own proves nothing: see stand_in.rs");
}

/// An unsafe fix may change the image, but what was built before has to build after it. Many of these examples install
/// packages of systems that no local image is of, so not all can be built.
#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn unsafe_fixes_break_no_example() {
    let (engine, start) = (Engine::get(), Instant::now());
    let examples = all(|e| e.fixed_unsafe.as_ref());
    let results = in_parallel(&examples, |example| {
        let folder = context::make([&example.before, &example.after], &example.files);
        let images = context::images(engine, &example.before);
        let contexts = [folder.path(); 2];
        let verdict =
            Pair { before: &example.before, after: &example.after, contexts, images: &images }.verdict(engine);
        match &verdict {
            Verdict::Broken(said) => println!("  {}: BROKEN by the fix\n{said}", example.place),
            Verdict::NotBuildable(said) => println!("  {}: not buildable: {}", example.place, reason(said)),
            Verdict::Same { .. } => println!("  {}: the same", example.place),
            Verdict::Different { .. } => println!("  {}: changed", example.place),
        }
        verdict
    });
    let count = |is: fn(&Verdict) -> bool| results.iter().filter(|v| is(v)).count();
    let broken = count(|v| matches!(v, Verdict::Broken(_)));
    let missing = count(|v| matches!(v, Verdict::NotBuildable(_)));
    println!(
        "unsafe fixes of {} examples: {} build before and after, {broken} are broken, {missing} can't be built; {:.0} s",
        examples.len(),
        examples.len() - broken - missing,
        start.elapsed().as_secs_f32()
    );
    assert_eq!(broken, 0);
    assert!(missing * 2 < examples.len(), "too few can be built to prove anything");
}

/// The line of a failed build that tells most.
fn reason(said: &str) -> String {
    let line = said.lines().rev().find(|l| l.contains("not found")).or_else(|| said.lines().last()).unwrap_or_default();
    line.rsplit("/bin/sh: ").next().unwrap_or(line).chars().take(80).collect()
}
