//! Which function implements which document.

use super::meta::{self, RuleMeta};
use super::{Context, Findings};
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A function that looks at a file and reports what it finds. It is given the documents that it was
/// registered for and that are selected.
type Check = fn(&Context<'_, '_>, &mut Findings);

/// A rule: its document and its function.
pub struct Rule {
    /// What the document declares.
    pub meta: &'static RuleMeta,
    /// The function. Without one, the rule is about what the others found, and linting works it out behind them.
    pub check: Option<Check>,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rule").field(&self.meta.code).finish()
    }
}

/// Every rule, in the order in which their fixes are tried.
pub static RULES: [Rule; meta::ALL.len()] = [
    rule(&meta::NO_INSTRUCTION, super::syntax_errors::no_instruction),
    rule(&meta::UNKNOWN_INSTRUCTION, super::syntax_errors::unknown_instruction),
    rule(&meta::WRONG_ARGUMENTS, super::syntax_errors::wrong_arguments),
    rule(&meta::WRONG_FLAG, super::syntax_errors::wrong_flag),
    rule(&meta::NO_STAGE, super::syntax_errors::no_stage),
    rule(&meta::WRONG_STAGE, super::syntax_errors::wrong_stage),
    rule(&meta::WRONG_HEREDOC, super::syntax_errors::wrong_heredoc),
    rule(&meta::WRONG_DIRECTIVE, super::syntax_errors::wrong_directive),
    rule(&meta::WRONG_JSON, super::syntax_errors::wrong_json),
    rule(&meta::WRONG_KEY_VALUE, super::syntax_errors::wrong_key_value),
    rule(&meta::LINE_TOO_LONG, super::syntax_errors::line_too_long),
    rule(&meta::WRONG_TRIGGER, super::syntax_errors::wrong_trigger),
    rule(&meta::WRONG_HEALTHCHECK, super::syntax_errors::wrong_healthcheck),
    rule(&meta::UNREADABLE_WORD, super::refused::words),
    rule(&meta::INVALID_IMAGE, super::base_name::invalid),
    rule(&meta::WRONG_MOUNT, super::refused::mounts),
    rule(&meta::WRONG_VALUE, super::refused::values),
    last(&meta::UNUSED_IGNORE),
    rule(&meta::STABLE_METADATA_BELOW_SOURCES, super::stable_metadata::check),
    rule(&meta::INDEPENDENT_RUN_BELOW_SOURCES, super::independent_run::check),
    rule(&meta::INSTALL_BELOW_SOURCES, super::split_install::check),
    rule(&meta::BROAD_COPY_ABOVE_RUN, super::broad_copy::check),
    rule(&meta::VOLATILE_ARGUMENT_ABOVE_RUN, super::volatile_argument::argument),
    rule(&meta::VOLATILE_METADATA_ABOVE_RUN, super::volatile_argument::derived),
    rule(&meta::NO_IGNORE_FILE, super::sent_files::no_ignore_file),
    rule(&meta::GIT_FOLDER_SENT, super::sent_files::git_folder),
    rule(&meta::DEPENDENCIES_SENT, super::sent_files::made_again_folders),
    rule(&meta::DOCKERFILE_SENT, super::sent_files::dockerfile),
    rule(&meta::NO_CACHE_MOUNT, super::cache_mount::check),
    rule(&meta::UNLINKED_COPY, super::unlinked_copy::check),
    rule(&meta::STALE_PACKAGE_LIST, super::stale_package_list::check),
    rule(&meta::MOVING_CLONE, super::moving_clone::check),
    rule(&meta::MOVING_DOWNLOAD, super::moving_download::check),
    rule(&meta::CHANGING_OUTPUT, super::changing_output::check),
    rule(&meta::UNVERIFIED_TLS, super::unverified_tls::check),
    rule(&meta::UNSIGNED_PACKAGES, super::unsigned_packages::check),
    rule(&meta::REMOVED_TOO_LATE, super::removed_too_late::check),
    rule(&meta::SWALLOWED_COMMANDS, super::swallowed_commands::check),
    rule(&meta::WRITTEN_SECRET, super::written_secret::check),
    rule(&meta::COPIED_SECRET, super::copied_secret::check),
    rule(&meta::PLAIN_HTTP, super::plain_http::check),
    rule(&meta::UNDIGESTED_IMAGE, super::undigested_image::check),
    rule(&meta::SSH_PORT, super::ssh_port::check),
    rule(&meta::PIPED_SCRIPT, super::piped_script::check),
    rule(&meta::CONSECUTIVE_ENV, super::consecutive_pairs::env),
    rule(&meta::CONSECUTIVE_LABEL, super::consecutive_pairs::label),
    rule(&meta::ABSOLUTE_WORKDIR, super::absolute_workdir::check),
    rule(&meta::UNTAGGED_IMAGE, super::untagged_image::check),
    rule(&meta::ADD_INSTEAD_OF_COPY, super::add_instead_of_copy::check),
    rule(&meta::SUDO, super::sudo::check),
    rule(&meta::UNSTABLE_APT, super::unstable_apt::check),
    rule(&meta::CHANGED_FOLDER, super::changed_folder::check),
    rule(&meta::UNPINNED_APT_PACKAGE, super::unpinned_packages::apt),
    rule(&meta::UNPINNED_APK_PACKAGE, super::unpinned_packages::apk),
    rule(&meta::UNPINNED_GEM, super::unpinned_packages::gem),
    rule(&meta::UNPINNED_YUM_PACKAGE, super::unpinned_packages::yum),
    rule(&meta::UNPINNED_ZYPPER_PACKAGE, super::unpinned_packages::zypper),
    rule(&meta::UNPINNED_DNF_PACKAGE, super::unpinned_packages::dnf),
    rule(&meta::UNANSWERED_APT, super::unanswered_prompt::apt),
    rule(&meta::UNANSWERED_YUM, super::unanswered_prompt::yum),
    rule(&meta::UNANSWERED_ZYPPER, super::unanswered_prompt::zypper),
    rule(&meta::UNANSWERED_DNF, super::unanswered_prompt::dnf),
    rule(&meta::APT_RECOMMENDS, super::apt_recommends::check),
    rule(&meta::CONSECUTIVE_RUN, super::consecutive_run::check),
    rule(&meta::LOST_FAILURE, super::lost_failure::check),
    rule(&meta::DISTRIBUTION_UPGRADE, super::distribution_upgrade::check),
    rule(&meta::DOWNLOAD_PROGRESS, super::download_progress::check),
    rule(&meta::KEPT_APK_INDEX, super::kept_apk_index::check),
    rule(&meta::KEPT_YUM_CACHE, super::kept_cache::yum),
    rule(&meta::KEPT_ZYPPER_CACHE, super::kept_cache::zypper),
    rule(&meta::KEPT_DNF_CACHE, super::kept_cache::dnf),
    rule(&meta::KEPT_YARN_CACHE, super::kept_cache::yarn),
    rule(&meta::KEPT_LISTS, super::kept_lists::check),
    rule(&meta::KEPT_PIP_CACHE, super::kept_pip_cache::check),
    rule(&meta::PORT_RANGE, super::port_range::check),
    rule(&meta::REPLACED_SHELL, super::replaced_shell::check),
    rule(&meta::SPARSE_LOG, super::sparse_log::check),
    rule(&meta::TWO_DOWNLOADERS, super::two_downloaders::check),
    rule(&meta::UNPACKED_ARCHIVE, super::unpacked_archive::check),
    rule(&meta::UNPINNED_GO_MODULE, super::unpinned_go_module::check),
    rule(&meta::UNPINNED_NPM_PACKAGE, super::unpinned_npm_package::check),
    rule(&meta::UNPINNED_PIP_PACKAGE, super::unpinned_pip_package::check),
    rule(&meta::USELESS_COMMAND, super::useless_command::check),
    rule(&meta::IGNORE_COMMENT, super::ignore_comment::check),
    rule(&meta::ROOT_USER, super::final_user::root),
    rule(&meta::LATEST_TAG, super::latest_tag::check),
    rule(&meta::OWN_IMAGE, super::own_image::check),
    rule(&meta::SEVERAL_SOURCES, super::several_sources::check),
    rule(&meta::FOREIGN_SOURCE, super::foreign_source::check),
    rule(&meta::TRUSTED_REGISTRY, super::trusted_registry::check),
    rule(&meta::RELATIVE_DESTINATION, super::relative_destination::check),
    rule(&meta::LABEL_KEY, super::label_key::check),
    rule(&meta::LABEL_SCHEMA, super::label_schema::check),
    rule(&meta::NO_HEALTHCHECK, super::no_healthcheck::check),
    rule(&meta::NAMED_USER, super::final_user::named),
    rule(&meta::WHOLE_FILESYSTEM, super::whole_filesystem::check),
    rule(&meta::MAINTAINER_DEPRECATED, super::maintainer::check),
    rule(&meta::STAGE_NAME_CASING, super::stage_name_casing::check),
    rule(&meta::NO_EMPTY_CONTINUATION, super::empty_continuation::check),
    rule(&meta::CONSISTENT_INSTRUCTION_CASING, super::keyword_casing::instructions),
    rule(&meta::FROM_AS_CASING, super::keyword_casing::from_as),
    rule(&meta::LEGACY_KEY_VALUE_FORMAT, super::legacy_pair::check),
    rule(&meta::SHELL_FORM_COMMAND, super::shell_form::check),
    rule(&meta::MULTIPLE_INSTRUCTIONS_DISALLOWED, super::overridden::check),
    rule(&meta::DUPLICATE_STAGE_NAME, super::stage_names::duplicate),
    rule(&meta::RESERVED_STAGE_NAME, super::stage_names::reserved),
    rule(&meta::UNDEFINED_ARG_IN_FROM, super::base_name::undefined),
    rule(&meta::INVALID_DEFAULT_ARG_IN_FROM, super::base_name::invalid_default),
    rule(&meta::UNDEFINED_VARIABLE, super::undefined_variable::surely),
    rule(&meta::VARIABLE_OF_UNKNOWN_IMAGE, super::undefined_variable::maybe),
    rule(&meta::REDUNDANT_TARGET_PLATFORM, super::platform::redundant),
    rule(&meta::FROM_PLATFORM_FLAG_CONST_DISALLOWED, super::platform::constant),
    rule(&meta::SECRETS_USED_IN_ARG_OR_ENV, super::secret_name::surely),
    rule(&meta::NAME_OF_A_SECRET, super::secret_name::maybe),
    rule(&meta::COPY_IGNORED_FILE, super::ignored_source::check),
    rule(&meta::EXPOSE_PROTO_CASING, super::expose::protocol),
    rule(&meta::EXPOSE_INVALID_FORMAT, super::expose::format),
    rule(&meta::INVALID_DEFINITION_DESCRIPTION, super::description::check),
];

const fn rule(meta: &'static RuleMeta, check: Check) -> Rule {
    Rule { meta, check: Some(check) }
}

const fn last(meta: &'static RuleMeta) -> Rule {
    Rule { meta, check: None }
}

/// The rule with the code, the name or the alias `name`, whatever its case.
pub fn find(name: &str) -> Option<&'static Rule> {
    if ASKED.fetch_add(1, Ordering::Relaxed) < FEW {
        return look_for(name);
    }
    BY_NAME.get(&name.to_ascii_lowercase()).map(|&place| &RULES[place])
}

/// The same without a table.
fn look_for(name: &str) -> Option<&'static Rule> {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    RULES.iter().find(|r| is(r.meta.code)).or_else(|| {
        RULES.iter().find(|r| is(r.meta.name) || r.meta.aliases.iter().chain(r.meta.also).any(|alias| is(alias)))
    })
}

/// How often somebody asked. To make the table takes as long as so many searches, and most runs ask less.
static ASKED: AtomicUsize = AtomicUsize::new(0);
const FEW: usize = 16;

/// The place in [`RULES`] of each code, name and alias, in lower case. A code comes before the names of others, and else
/// the first one counts.
static BY_NAME: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let codes = RULES.iter().zip(0..).map(|(rule, place)| (rule.meta.code, place));
    let names = RULES.iter().zip(0..).flat_map(|(Rule { meta, .. }, place)| {
        [meta.name].into_iter().chain(meta.aliases.iter().chain(meta.also).copied()).map(move |name| (name, place))
    });
    let mut all = HashMap::new();
    for (name, place) in codes.chain(names) {
        all.entry(name.to_ascii_lowercase()).or_insert(place);
    }
    all
});
