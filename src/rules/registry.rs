//! Which function implements which document.

use super::meta::{self, RuleMeta};
use super::{
    Context, Findings, absolute_workdir, add_instead_of_copy, apt_recommends, base_name, broad_copy, cache_mount,
    changed_folder, changing_output, consecutive_pairs, consecutive_run, description, distribution_upgrade,
    download_progress, empty_continuation, expose, ignored_source, independent_run, kept_apk_index, kept_cache,
    kept_lists, kept_pip_cache, keyword_casing, legacy_pair, lost_failure, maintainer, moving_clone, moving_download,
    overridden, platform, port_range, refused, replaced_shell, secret_name, sent_files, shell_form, sparse_log,
    split_install, stable_metadata, stage_name_casing, stage_names, stale_package_list, sudo, syntax_errors,
    two_downloaders, unanswered_prompt, undefined_variable, unlinked_copy, unpacked_archive, unpinned_go_module,
    unpinned_npm_package, unpinned_packages, unpinned_pip_package, unstable_apt, untagged_image, useless_command,
    volatile_argument,
};
use std::fmt;

/// A function that looks at a file and reports what it finds. It is given the documents that it was
/// registered for and that are selected.
type Check = fn(&Context<'_, '_>, &mut Findings);

/// A rule: its document and its function.
pub struct Rule {
    /// What the document declares.
    pub meta: &'static RuleMeta,
    /// The function.
    pub check: Check,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rule").field(&self.meta.code).finish()
    }
}

/// Every rule, in the order in which their fixes are tried.
pub static RULES: [Rule; meta::ALL.len()] = [
    rule(&meta::NO_INSTRUCTION, syntax_errors::no_instruction),
    rule(&meta::UNKNOWN_INSTRUCTION, syntax_errors::unknown_instruction),
    rule(&meta::WRONG_ARGUMENTS, syntax_errors::wrong_arguments),
    rule(&meta::WRONG_FLAG, syntax_errors::wrong_flag),
    rule(&meta::NO_STAGE, syntax_errors::no_stage),
    rule(&meta::WRONG_STAGE, syntax_errors::wrong_stage),
    rule(&meta::WRONG_HEREDOC, syntax_errors::wrong_heredoc),
    rule(&meta::WRONG_DIRECTIVE, syntax_errors::wrong_directive),
    rule(&meta::WRONG_JSON, syntax_errors::wrong_json),
    rule(&meta::WRONG_KEY_VALUE, syntax_errors::wrong_key_value),
    rule(&meta::LINE_TOO_LONG, syntax_errors::line_too_long),
    rule(&meta::WRONG_TRIGGER, syntax_errors::wrong_trigger),
    rule(&meta::WRONG_HEALTHCHECK, syntax_errors::wrong_healthcheck),
    rule(&meta::UNREADABLE_WORD, refused::words),
    rule(&meta::INVALID_IMAGE, base_name::invalid),
    rule(&meta::WRONG_MOUNT, refused::mounts),
    rule(&meta::WRONG_VALUE, refused::values),
    rule(&meta::STABLE_METADATA_BELOW_SOURCES, stable_metadata::check),
    rule(&meta::INDEPENDENT_RUN_BELOW_SOURCES, independent_run::check),
    rule(&meta::INSTALL_BELOW_SOURCES, split_install::check),
    rule(&meta::BROAD_COPY_ABOVE_RUN, broad_copy::check),
    rule(&meta::VOLATILE_ARGUMENT_ABOVE_RUN, volatile_argument::argument),
    rule(&meta::VOLATILE_METADATA_ABOVE_RUN, volatile_argument::derived),
    rule(&meta::NO_IGNORE_FILE, sent_files::no_ignore_file),
    rule(&meta::GIT_FOLDER_SENT, sent_files::git_folder),
    rule(&meta::DEPENDENCIES_SENT, sent_files::made_again_folders),
    rule(&meta::DOCKERFILE_SENT, sent_files::dockerfile),
    rule(&meta::NO_CACHE_MOUNT, cache_mount::check),
    rule(&meta::UNLINKED_COPY, unlinked_copy::check),
    rule(&meta::STALE_PACKAGE_LIST, stale_package_list::check),
    rule(&meta::MOVING_CLONE, moving_clone::check),
    rule(&meta::MOVING_DOWNLOAD, moving_download::check),
    rule(&meta::CHANGING_OUTPUT, changing_output::check),
    rule(&meta::CONSECUTIVE_ENV, consecutive_pairs::env),
    rule(&meta::CONSECUTIVE_LABEL, consecutive_pairs::label),
    rule(&meta::ABSOLUTE_WORKDIR, absolute_workdir::check),
    rule(&meta::UNTAGGED_IMAGE, untagged_image::check),
    rule(&meta::ADD_INSTEAD_OF_COPY, add_instead_of_copy::check),
    rule(&meta::SUDO, sudo::check),
    rule(&meta::UNSTABLE_APT, unstable_apt::check),
    rule(&meta::CHANGED_FOLDER, changed_folder::check),
    rule(&meta::UNPINNED_APT_PACKAGE, unpinned_packages::apt),
    rule(&meta::UNPINNED_APK_PACKAGE, unpinned_packages::apk),
    rule(&meta::UNPINNED_GEM, unpinned_packages::gem),
    rule(&meta::UNPINNED_YUM_PACKAGE, unpinned_packages::yum),
    rule(&meta::UNPINNED_ZYPPER_PACKAGE, unpinned_packages::zypper),
    rule(&meta::UNPINNED_DNF_PACKAGE, unpinned_packages::dnf),
    rule(&meta::UNANSWERED_APT, unanswered_prompt::apt),
    rule(&meta::UNANSWERED_YUM, unanswered_prompt::yum),
    rule(&meta::UNANSWERED_ZYPPER, unanswered_prompt::zypper),
    rule(&meta::UNANSWERED_DNF, unanswered_prompt::dnf),
    rule(&meta::APT_RECOMMENDS, apt_recommends::check),
    rule(&meta::CONSECUTIVE_RUN, consecutive_run::check),
    rule(&meta::LOST_FAILURE, lost_failure::check),
    rule(&meta::DISTRIBUTION_UPGRADE, distribution_upgrade::check),
    rule(&meta::DOWNLOAD_PROGRESS, download_progress::check),
    rule(&meta::KEPT_APK_INDEX, kept_apk_index::check),
    rule(&meta::KEPT_YUM_CACHE, kept_cache::yum),
    rule(&meta::KEPT_ZYPPER_CACHE, kept_cache::zypper),
    rule(&meta::KEPT_DNF_CACHE, kept_cache::dnf),
    rule(&meta::KEPT_YARN_CACHE, kept_cache::yarn),
    rule(&meta::KEPT_LISTS, kept_lists::check),
    rule(&meta::KEPT_PIP_CACHE, kept_pip_cache::check),
    rule(&meta::PORT_RANGE, port_range::check),
    rule(&meta::REPLACED_SHELL, replaced_shell::check),
    rule(&meta::SPARSE_LOG, sparse_log::check),
    rule(&meta::TWO_DOWNLOADERS, two_downloaders::check),
    rule(&meta::UNPACKED_ARCHIVE, unpacked_archive::check),
    rule(&meta::UNPINNED_GO_MODULE, unpinned_go_module::check),
    rule(&meta::UNPINNED_NPM_PACKAGE, unpinned_npm_package::check),
    rule(&meta::UNPINNED_PIP_PACKAGE, unpinned_pip_package::check),
    rule(&meta::USELESS_COMMAND, useless_command::check),
    rule(&meta::MAINTAINER_DEPRECATED, maintainer::check),
    rule(&meta::STAGE_NAME_CASING, stage_name_casing::check),
    rule(&meta::NO_EMPTY_CONTINUATION, empty_continuation::check),
    rule(&meta::CONSISTENT_INSTRUCTION_CASING, keyword_casing::instructions),
    rule(&meta::FROM_AS_CASING, keyword_casing::from_as),
    rule(&meta::LEGACY_KEY_VALUE_FORMAT, legacy_pair::check),
    rule(&meta::SHELL_FORM_COMMAND, shell_form::check),
    rule(&meta::MULTIPLE_INSTRUCTIONS_DISALLOWED, overridden::check),
    rule(&meta::DUPLICATE_STAGE_NAME, stage_names::duplicate),
    rule(&meta::RESERVED_STAGE_NAME, stage_names::reserved),
    rule(&meta::UNDEFINED_ARG_IN_FROM, base_name::undefined),
    rule(&meta::INVALID_DEFAULT_ARG_IN_FROM, base_name::invalid_default),
    rule(&meta::UNDEFINED_VARIABLE, undefined_variable::surely),
    rule(&meta::VARIABLE_OF_UNKNOWN_IMAGE, undefined_variable::maybe),
    rule(&meta::REDUNDANT_TARGET_PLATFORM, platform::redundant),
    rule(&meta::FROM_PLATFORM_FLAG_CONST_DISALLOWED, platform::constant),
    rule(&meta::SECRETS_USED_IN_ARG_OR_ENV, secret_name::check),
    rule(&meta::COPY_IGNORED_FILE, ignored_source::check),
    rule(&meta::EXPOSE_PROTO_CASING, expose::protocol),
    rule(&meta::EXPOSE_INVALID_FORMAT, expose::format),
    rule(&meta::INVALID_DEFINITION_DESCRIPTION, description::check),
];

const fn rule(meta: &'static RuleMeta, check: Check) -> Rule {
    Rule { meta, check }
}

/// The rule with the code, the name or the alias `name`, whatever its case.
pub fn find(name: &str) -> Option<&'static Rule> {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    RULES.iter().find(|r| is(r.meta.code)).or_else(|| {
        RULES.iter().find(|r| is(r.meta.name) || r.meta.aliases.iter().chain(r.meta.also).any(|alias| is(alias)))
    })
}
