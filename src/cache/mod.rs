//! What a rebuild runs, and the order of steps that makes it run less.

mod plan;

pub use plan::{Move, StagePlan, plan};
