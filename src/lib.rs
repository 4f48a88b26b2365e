//! A Dockerfile linter and cache advisor.
//!
//! Data flows one way: bytes become a source text, a syntax tree, a model of stages and effects,
//! findings, fixes and reports. `tests/architecture.rs` holds the table of who may import whom.

pub mod diagnostic;
pub mod source;
pub mod syntax;
