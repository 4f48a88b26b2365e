//! Applying fixes to a text, checking and writing the result.

pub mod addition;
pub mod apply;
pub mod replace;
pub mod validate;
pub mod write;
