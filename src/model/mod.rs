//! What a Dockerfile means: stages, variables, image references and effects.

mod add;
mod commands;
mod environment;
mod expand;
mod globals;
mod image;
mod package_list;
mod path;
mod shells;
mod sources;
mod stage;
mod variables;
mod words;

pub mod effects;
pub mod install;

pub use add::{is_archive_name, is_plain_source, is_remote};
pub use commands::{Invocation, invocations};
pub use environment::Environment;
pub use expand::{Expanded, Lookup, Value, expand};
pub use globals::Globals;
pub use image::{ImageRef, reference_fault};
pub use package_list::PackageList;
pub use path::{AbsolutePath, join};
pub use shells::{RunLine, program_name, run_lines};
pub use stage::{Base, Model, Stage};
pub use variables::{PLATFORM, Variables, global_variables, visit_steps};
pub use words::{RawWord, raw_words};
