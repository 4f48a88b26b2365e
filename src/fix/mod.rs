//! Applying fixes to a text, and writing the result.

pub mod apply;
pub mod validate;
pub mod write;
