//! The rules.

pub mod meta;
