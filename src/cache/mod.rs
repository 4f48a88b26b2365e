//! What a rebuild runs, and the order of steps that makes it run less.

mod chances;
mod cost;
mod evidence;
mod heat;
mod keys;
mod lift;
mod odds;
mod plan;
mod spread;

pub use chances::Chances;
pub use evidence::evidence;
pub use heat::{Heat, HeatStep, Question, Recorded};
pub use keys::{Build, Inputs, Keyed, Prepared, Rerun, Resolved, Step, reruns, reruns_between};
pub use odds::{Assumed, ENOUGH, Evidence};
pub use plan::{Move, RunMove, StagePlan, plan};
