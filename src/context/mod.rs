//! The build context: the files that COPY and ADD can see, their history, and recorded timings.

pub mod churn;
pub mod git;
mod ignore_file;
pub mod manifest;
mod pattern;
mod project;
mod revision;
pub mod timings;
mod tree;

pub use ignore_file::{IgnoreError, IgnoreFile};
pub use pattern::Pattern;
pub use project::Project;
pub use revision::{Blob, files_at, tree_of};
pub use tree::{Entry, Kind, Tree, digest};
