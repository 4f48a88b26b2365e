//! The rules: one file each, and the registry.
//!
//! A rule is declared by its document in `rules/` and implemented by a function here. The registry
//! joins the two; a document without a function, or the reverse, does not build.

mod calls;
mod context;
mod findings;
mod layout;
pub mod meta;
mod registry;
mod runs;
mod select;

mod absolute_workdir;
mod add_instead_of_copy;
mod apt_recommends;
mod cache_mount;
mod changed_folder;
mod changing_output;
mod consecutive_pairs;
mod consecutive_run;
mod empty_continuation;
mod independent_run;
mod lost_failure;
mod maintainer;
mod moving_clone;
mod moving_download;
mod refreshed;
mod script;
mod sent_files;
mod split_install;
mod stable_metadata;
mod stage_name_casing;
mod stale_package_list;
mod sudo;
mod syntax_errors;
mod unanswered_prompt;
mod unlinked_copy;
mod unpinned_packages;
mod unstable_apt;
mod untagged_image;
mod volatile_argument;
mod volatile_name;

pub use context::Context;
pub use findings::Findings;
pub use meta::RuleMeta;
pub use registry::{RULES, Rule, find};
pub use select::{CATALOGUE, Overrides, Selection, UnknownRule, names, resolve};
