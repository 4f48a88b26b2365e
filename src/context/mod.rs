//! The build context: the files that COPY and ADD can see.

pub mod git;
mod ignore_file;
mod pattern;
mod tree;

pub use ignore_file::{IgnoreError, IgnoreFile};
pub use pattern::Pattern;
pub use tree::{Entry, Kind, Tree, digest};
