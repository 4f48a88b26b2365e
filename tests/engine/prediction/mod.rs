//! The prediction of `layerwise cache diff`, held against what a real builder executes.
//!
//! `LAYERWISE_PAIRS` says how many pairs of builds, `LAYERWISE_BUILDER` which builder, `LAYERWISE_SEED`
//! where the random choices start; pair number `i` of a run has the seed `LAYERWISE_SEED + i`.

mod compare;
mod edit;
mod generate;
mod lines;
mod pair;
mod random;
mod recipe;
mod shrink;
mod steps;
mod tally;

use crate::engine::{Builder, Engine};
use pair::{Outcome, Pair, name};
use random::Random;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tally::Tally;

/// As many pairs as a pipeline has the time for.
const PAIRS: u64 = 200;

/// More mismatches than that say nothing new.
const ENOUGH: usize = 5;

/// A build waits more than it works.
const WORKERS: usize = 3;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

fn prove(builder: Builder) {
    let wanted = std::env::var("LAYERWISE_BUILDER").ok();
    if wanted.as_deref().is_some_and(|wanted| wanted != name(builder)) {
        println!("{} is not asked for (LAYERWISE_BUILDER)", name(builder));
        return;
    }
    let engine = Engine::get();
    let (pairs, first) = (number("LAYERWISE_PAIRS", PAIRS), number("LAYERWISE_SEED", 1));
    let start = Instant::now();
    let next = AtomicU64::new(first);
    let shared = Mutex::new((Tally::default(), Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + pairs || shared.lock().expect("no worker fails").1.len() >= ENOUGH {
                return;
            }
            let pair = generated(seed, builder);
            let outcome = pair.check(engine, builder);
            let wrong = matches!(&outcome, Outcome::Built(found) if !found.wrong.is_empty());
            {
                let mut shared = shared.lock().expect("no worker fails");
                shared.0.count(&outcome);
                if shared.0.pairs % 100 == 0 {
                    println!("{}: {}, {:.0} s", name(builder), shared.0.summary(), start.elapsed().as_secs_f64());
                }
                shared.1.extend(wrong.then_some(seed));
            }
            if wrong {
                println!("{}", shrink::report(&pair, engine, builder, seed));
            }
        }
    };
    std::thread::scope(|scope| (0..WORKERS).for_each(|_| drop(scope.spawn(work))));
    let (tally, failures) = shared.into_inner().expect("no worker fails");
    println!("{}: {} in {:.0} s\n{tally}", name(builder), tally.summary(), start.elapsed().as_secs_f64());
    assert!(failures.is_empty(), "the prediction is wrong for the seeds {failures:?}");
    tally.check(pairs, builder);
}

/// The pair that `seed` stands for. Most random edits touch nothing that is built: of those for which nothing is
/// predicted to run again, only some are kept, so that there is time for the others.
fn generated(seed: u64, builder: Builder) -> Pair {
    let mut random = Random::new(seed);
    loop {
        let before = generate::recipe(&mut random, builder);
        let edits = edit::edits(&mut random, &before, builder);
        let pair = Pair { before, edits };
        if random.chance(15) || pair.runs_something(builder) {
            return pair;
        }
    }
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn buildkit_executes_what_is_predicted() {
    prove(Builder::BuildKit);
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn the_classic_builder_executes_what_is_predicted() {
    prove(Builder::Classic);
}
