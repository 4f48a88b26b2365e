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
mod appended;
mod apt_recommends;
mod cache_mount;
mod changed_folder;
mod changing_output;
mod consecutive_pairs;
mod consecutive_run;
mod distribution_upgrade;
mod download_progress;
mod empty_continuation;
mod independent_run;
mod kept_apk_index;
mod kept_cache;
mod kept_lists;
mod kept_pip_cache;
mod lost_failure;
mod maintainer;
mod mounted;
mod moving_clone;
mod moving_download;
mod pip;
mod port_range;
mod refreshed;
mod replaced_shell;
mod script;
mod sent_files;
mod sparse_log;
mod split_install;
mod stable_metadata;
mod stage_name_casing;
mod stale_package_list;
mod sudo;
mod syntax_errors;
mod two_downloaders;
mod unanswered_prompt;
mod unlinked_copy;
mod unpacked_archive;
mod unpinned_go_module;
mod unpinned_npm_package;
mod unpinned_packages;
mod unpinned_pip_package;
mod unstable_apt;
mod untagged_image;
mod useless_command;
mod volatile_argument;
mod volatile_name;

pub use context::Context;
pub use findings::Findings;
pub use meta::RuleMeta;
pub use registry::{RULES, Rule, find};
pub use select::{CATALOGUE, Overrides, Selection, UnknownRule, names, resolve};
