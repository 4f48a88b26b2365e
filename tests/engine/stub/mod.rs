//! Every file of a corpus of real Dockerfiles that the safe fixes change, built before and after on a real
//! engine: no base image, source file or network is there, so the files are made buildable first.
//!
//! All images become one with no program in it but a recorder, which stands for each command of a RUN and
//! writes down all that the command could look at. The text of the commands, and all that the builder
//! itself does, stay as they are. Both builds must give the same config, the same files and the same
//! records. What a command would write is not known here, so a command that the table of effects knows
//! is compared by all it sees but files that it doesn't name; any other one by all files that are there
//! and all commands that ran before.
//!
//! `LAYERWISE_CORPUS=DIR cargo test --release --test engine stub -- --ignored --nocapture --test-threads 1`;
//! `LAYERWISE_STUB_FILES` says how many of the files, or `all`, or a part of the names.

mod bake;
mod base;
mod context;
mod difference;
mod rewrite;
mod scene;
mod wrong;

use crate::engine::{Engine, failed};
use crate::support::{Random, corpus, settings};
use bake::{Built, build};
use base::Accounts;
use difference::{Comparison, compare};
use layerwise::diagnostic::Applicability;
use layerwise::lint::fix;
use rewrite::{Stub, stub};
use scene::{Scene, knowledge};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Builds that run at a time.
const WORKERS: usize = 2;

/// A file that the safe fixes change.
struct Changed {
    name: String,
    before: String,
    after: String,
    scene: Scene,
}

/// Why two builds can't be compared, or what comparing them gave.
enum Outcome {
    NotBuildable(String),
    Compared(Comparison),
}

/// Whether a file names Windows images or paths: no engine on Linux builds it, whatever stands for the rest.
fn is_for_windows(text: &str) -> bool {
    layerwise::syntax::parse(text).escape != '\\' || text.contains(":\\") || text.contains("windows")
}

/// The files that are asked for: a sample that is the same on every machine, or all.
fn chosen() -> Vec<Changed> {
    let mut files = corpus();
    let public = |path: &Path| path.components().any(|c| c.as_os_str() == "public");
    if files.iter().any(|(path, _)| public(path)) {
        files.retain(|(path, _)| public(path));
    }
    let asked = std::env::var("LAYERWISE_STUB_FILES").unwrap_or_else(|_| "100".into());
    let most = match asked.as_str() {
        "all" => usize::MAX,
        number => number.parse().unwrap_or(usize::MAX),
    };
    if asked != "all" && most == usize::MAX {
        files.retain(|(path, _)| path.to_string_lossy().contains(&asked));
    }
    files.retain(|(_, text)| !is_for_windows(text));
    let mut random = Random(0x57ab_b11d);
    for at in (1..files.len()).rev() {
        files.swap(at, random.below(at + 1));
    }
    let default = settings(&[]);
    let changed = |(path, before): (PathBuf, String)| {
        let after = fix(&before, &default, Applicability::Safe).text;
        (after != before).then(|| Changed {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            scene: Scene::of(&before),
            before,
            after,
        })
    };
    files.into_iter().filter_map(changed).take(most).collect()
}

/// What the builds of a file have in common.
struct Ground<'g> {
    engine: &'g Engine,
    accounts: &'g Accounts,
    /// What all of them start from.
    base: String,
    /// The images that were made.
    made: Mutex<BTreeSet<String>>,
}

impl<'g> Ground<'g> {
    fn new(engine: &'g Engine, accounts: &'g Accounts) -> Self {
        Self { engine, accounts, base: base::make(engine, accounts), made: Mutex::default() }
    }

    /// Builds `before` and `after` with the surroundings of a file, and compares them.
    fn outcome(&self, scene: &Scene, before: &str, after: &str) -> Outcome {
        let mut scene = scene.clone();
        // What a file needs is read from it as well as can be; the builder knows better.
        for _ in 0..5 {
            let outcome = self.attempt(&scene, before, after);
            let Outcome::NotBuildable(why) = &outcome else { return outcome };
            match scene.mended(why) {
                Some(mended) => scene = mended,
                None => return outcome,
            }
        }
        self.attempt(&scene, before, after)
    }

    fn attempt(&self, scene: &Scene, before: &str, after: &str) -> Outcome {
        let work = tempfile::Builder::new().prefix("stub-").tempdir().unwrap();
        let [a, b] = match [before, after].map(|text| stub(text, scene, &self.base)) {
            [Ok(a), Ok(b)] => [a, b],
            [Err(why), _] => return Outcome::NotBuildable(why),
            [_, Err(why)] => return differs(format!("the rewritten file can't be read: {why}")),
        };
        context::write(&work.path().join("context"), &scene.context, self.accounts);
        match self.build(work.path(), &[&a, &b], scene) {
            Ok(built) => {
                let mut known = BTreeMap::new();
                knowledge(before, &mut known);
                knowledge(after, &mut known);
                Outcome::Compared(compare(&built[0], &built[1], &known))
            }
            Err(why) => match self.build(work.path(), &[&a], scene) {
                Ok(_) => differs(format!("only the original can be built: {why}")),
                Err(why) => Outcome::NotBuildable(why),
            },
        }
    }

    fn build(&self, work: &Path, stubs: &[&Stub], scene: &Scene) -> Result<Vec<Built>, String> {
        let built = build(self.engine, work, stubs, &scene.given)?;
        self.made.lock().unwrap().extend(built.iter().flat_map(|b| b.images.clone()));
        Ok(built)
    }
}

impl Drop for Ground<'_> {
    fn drop(&mut self) {
        let images: Vec<String> = std::mem::take(&mut *self.made.lock().unwrap()).into_iter().collect();
        let images = [images, vec![self.base.clone()]].concat();
        for some in images.chunks(100) {
            let mut arguments = vec!["image", "rm", "-f"];
            arguments.extend(some.iter().map(String::as_str));
            // What another build made, too, may be gone already.
            let _ = self.engine.ask(&arguments);
        }
    }
}

fn differs(what: String) -> Outcome {
    Outcome::Compared(Comparison { differences: vec![what], ..Comparison::default() })
}

/// What becomes of each of `items`, some at a time.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((at, item)) = items.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = work(item);
                    done.lock().unwrap().push((at, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[test]
#[ignore = "needs a Docker engine and LAYERWISE_CORPUS"]
fn stub_builds_of_real_files_are_the_same_before_and_after() {
    let engine = Engine::get();
    let start = Instant::now();
    let files = chosen();
    println!("{} files that the safe fixes change, chosen in {} s", files.len(), start.elapsed().as_secs());
    let accounts = Accounts::of(files.iter().map(|f| &f.scene));
    let ground = Ground::new(engine, &accounts);
    let count = AtomicUsize::new(0);
    let outcomes = each(&files, |file| {
        let outcome = ground.outcome(&file.scene, &file.before, &file.after);
        match &outcome {
            Outcome::NotBuildable(why) => println!("{}: not buildable: {why}", file.name),
            Outcome::Compared(c) => c.differences.iter().for_each(|d| {
                println!("{}: DIFFERS: {d}", file.name);
                failed();
            }),
        }
        let count = count.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_multiple_of(100) {
            println!("{count} files, {} s", start.elapsed().as_secs());
        }
        outcome
    });
    let mut total = Comparison::default();
    let (mut same, mut different, mut not_buildable) = (0, 0, 0);
    for outcome in &outcomes {
        match outcome {
            Outcome::NotBuildable(_) => not_buildable += 1,
            Outcome::Compared(c) => {
                if c.differences.is_empty() {
                    same += 1
                } else {
                    different += 1
                }
                total.commands += c.commands;
                total.strict += c.strict;
                total.unmatched += c.unmatched;
                total.other_folder += c.other_folder;
                total.other_order += c.other_order;
            }
        }
    }
    println!(
        "{same} of {} files are the same before and after, {different} differ, {not_buildable} can't be built; {} s",
        files.len(),
        start.elapsed().as_secs()
    );
    println!(
        "{} commands, {} of them compared with all files there were ({} whose text was not found); {} ran in another \
         folder, which they don't look at; {} stages have their variables in another order",
        total.commands, total.strict, total.unmatched, total.other_folder, total.other_order
    );
    assert_eq!(different, 0, "a safe fix changes an image");
    assert!(same > 0, "nothing was compared");
    assert!(not_buildable * 50 <= files.len(), "too many files can't be built");
}

#[test]
#[ignore = "needs a Docker engine and LAYERWISE_CORPUS"]
fn wrong_changes_of_real_files_are_seen() {
    /// A file becomes wrong by this.
    type Break = Box<dyn Fn(&str) -> Option<String> + Sync>;
    /// Of each kind of change so many files.
    const EACH: usize = 2;
    let engine = Engine::get();
    let files = chosen();
    let accounts = Accounts::of(files.iter().map(|f| &f.scene));
    let ground = Ground::new(engine, &accounts);
    let swap =
        |wrong: &'static wrong::Wrong| -> (&str, Break) { (wrong.0, Box::new(|text| wrong::swapped(text, wrong))) };
    let mut breaks: Vec<(&str, Break)> = wrong::SWAPS.iter().map(swap).collect();
    breaks.push(("metadata left out", Box::new(wrong::without_metadata)));
    breaks.push(("an archive not unpacked", Box::new(wrong::without_unpacking)));
    let seen = each(&breaks, |(name, wrong)| {
        let mut seen = 0;
        for file in &files {
            let Some(text) = wrong(&file.before) else { continue };
            match ground.outcome(&file.scene, &file.before, &text) {
                Outcome::NotBuildable(_) => continue,
                Outcome::Compared(c) => assert!(!c.differences.is_empty(), "{}: {name}: no difference seen", file.name),
            }
            seen += 1;
            if seen == EACH {
                break;
            }
        }
        println!("{name}: seen in {seen} files");
        seen
    });
    // A small sample may not have each kind.
    let kinds = seen.iter().filter(|n| **n > 0).count();
    assert!(kinds * 2 > breaks.len(), "only {kinds} kinds of changes could be tried");
}
