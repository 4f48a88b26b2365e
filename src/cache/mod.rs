//! What a rebuild runs, and the order of steps that makes it run less.

mod keys;
mod plan;

pub use keys::{Build, Inputs, Keyed, Prepared, Rerun, reruns, reruns_between};
pub use plan::{Move, StagePlan, plan};
