//! A Dockerfile linter and cache advisor.
//!
//! Data flows one way: bytes become a source text, a syntax tree, a model of stages and effects,
//! findings, fixes and reports. `tests/architecture.rs` holds the table of who may import whom.

pub mod builder;
pub mod cache;
pub mod cli;
pub mod config;
pub mod context;
pub mod diagnostic;
pub mod fix;
pub mod lint;
pub mod model;
pub mod report;
pub mod rules;
pub mod shellcheck;
pub mod source;
mod suggest;
pub mod syntax;
mod yaml;
