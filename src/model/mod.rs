//! What a Dockerfile means: stages, variables, image references and effects.

mod expand;
mod image;
mod path;
mod stage;

pub mod effects;

pub use expand::{Expanded, Lookup, Value, expand};
pub use image::ImageRef;
pub use path::{AbsolutePath, join};
pub use stage::{Base, Model, Stage};
