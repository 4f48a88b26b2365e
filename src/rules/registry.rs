//! Which function implements which document.

use super::meta::{self, RuleMeta};
use super::{
    Context, Findings, absolute_workdir, add_instead_of_copy, base_name, broad_copy, cache_mount, changing_output,
    consecutive_pairs, description, empty_continuation, expose, ignored_source, independent_run, keyword_casing,
    legacy_pair, maintainer, moving_clone, moving_download, overridden, platform, refused, secret_name, sent_files,
    shell_form, split_install, stable_metadata, stage_name_casing, stage_names, stale_package_list, sudo,
    syntax_errors, undefined_variable, unlinked_copy, unstable_apt, untagged_image, volatile_argument,
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
