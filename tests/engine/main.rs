//! The promises of the tool, checked by a real Docker engine: no safe fix changes an image, and no
//! prediction is wrong.
//!
//! `tests/engine/setup.sh` brings an engine up where none answers. Then
//! `cargo test --release --test engine -- --ignored --nocapture --test-threads 1` runs the proofs.

mod apps;
mod compare;
mod engine;
mod equivalence;
mod example_context;
mod examples;
mod executed;
mod image;
mod prediction;
mod stand_in;
mod stub;
#[path = "../support/mod.rs"]
mod support;
mod time;
mod unsafe_fixes;
