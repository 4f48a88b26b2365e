//! The build context: the files that COPY and ADD can see, their history, and recorded timings.

pub mod churn;
mod compose;
pub mod git;
mod histories;
mod ignore_file;
mod lexical;
pub mod manifest;
mod memo;
mod pattern;
mod project;
mod revision;
mod selection;
pub mod timings;
mod tree;

pub use histories::Histories;
pub use ignore_file::{IgnoreError, IgnoreFile, clean, in_force};
pub use pattern::Pattern;
pub use project::{Chosen, How, LazyProject, Name, Project, ProjectError, ProjectFinder, Request, Sent, ignore_text};
pub use revision::{Digests, Revision, Unread};
pub use selection::{Selected, Selection};
pub use tree::{Entry, Kind, Tree, digest};
