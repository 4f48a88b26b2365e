//! Syntax trees of what a Dockerfile holds.

pub mod shell;
