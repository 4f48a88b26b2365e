//! What a Dockerfile means: stages, variables, image references and effects.

mod add;
mod commands;
mod expand;
mod image;
mod package_list;
mod path;
mod sources;
mod stage;

pub mod effects;
pub mod install;

pub use add::{is_archive_name, is_plain_source, is_remote};
pub use commands::{Invocation, invocations};
pub use expand::{Expanded, Lookup, Value, expand};
pub use image::ImageRef;
pub use package_list::PackageList;
pub use path::{AbsolutePath, join};
pub use stage::{Base, Model, Stage};
