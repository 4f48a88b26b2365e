//! What a rebuild runs, and the order of steps that makes it run less.

mod keys;
mod plan;

pub use keys::{Build, Keyed, Rerun, keys, reruns};
pub use plan::{Move, StagePlan, plan};
