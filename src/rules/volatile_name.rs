//! Build arguments that carry what a build is called, and so change with most builds.

use crate::syntax::ArgItem;

/// Names that tell a build or a commit apart, whatever their default.
const PER_BUILD: &[&str] = &[
    "BUILDDATE",
    "BUILDTIME",
    "BUILD_DATE",
    "BUILD_ID",
    "BUILD_NUM",
    "BUILD_NUMBER",
    "BUILD_TAG",
    "BUILD_TIME",
    "BUILD_TIMESTAMP",
    "GIT_SHA",
    "SOURCE_COMMIT",
    "VCS_REF",
];

/// Those of them that do so with the name of a project in front as well: `SHOP_BUILD_DATE`.
const BEHIND_A_PREFIX: &[&str] =
    &["_BUILD_DATE", "_BUILD_NUMBER", "_BUILD_TIME", "_BUILD_TIMESTAMP", "_GIT_SHA", "_VCS_REF"];

/// Names that do so unless they have a default that is a value of its own: `ARG VERSION=1.2.3` pins.
const WITHOUT_DEFAULT: &[&str] = &[
    "APP_VERSION",
    "BUILD_COMMIT",
    "BUILD_REF",
    "BUILD_REVISION",
    "BUILD_SHA",
    "BUILD_VERSION",
    "COMMIT",
    "COMMIT_HASH",
    "COMMIT_ID",
    "COMMIT_REF",
    "COMMIT_SHA",
    "CREATED",
    "GIT_BRANCH",
    "GIT_COMMIT",
    "GIT_DESCRIBE",
    "GIT_HASH",
    "GIT_REF",
    "GIT_REV",
    "GIT_REVISION",
    "GIT_TAG",
    "GIT_VERSION",
    "IMAGE_VERSION",
    "PACKAGE_VERSION",
    "RELEASE_VERSION",
    "REVISION",
    "SOURCE_BRANCH",
    "TIMESTAMP",
    "VCS_REVISION",
    "VERSION",
];

/// How the variables of CI systems that tell builds apart begin.
const OF_CI: &[&str] = &[
    "BITBUCKET_BUILD",
    "BITBUCKET_COMMIT",
    "BUILDKITE_BUILD",
    "BUILDKITE_COMMIT",
    "CIRCLE_BUILD",
    "CIRCLE_SHA",
    "CI_BUILD",
    "CI_COMMIT",
    "CI_JOB_ID",
    "CI_PIPELINE",
    "DRONE_BUILD",
    "DRONE_COMMIT",
    "GITHUB_REF",
    "GITHUB_RUN",
    "GITHUB_SHA",
    "TRAVIS_BUILD",
    "TRAVIS_COMMIT",
];

/// Defaults that stand for "not given".
const PLACEHOLDERS: &[&str] = &[
    "",
    "dev",
    "develop",
    "development",
    "dirty",
    "head",
    "latest",
    "local",
    "main",
    "master",
    "none",
    "n/a",
    "null",
    "snapshot",
    "undefined",
    "unknown",
    "unset",
    "0",
    "0.0.0",
];

/// Whether `arg` has another value in most builds, judged by its name and its default.
pub(super) fn is_volatile(arg: &ArgItem<'_>) -> bool {
    let name = arg.name.text.to_ascii_uppercase();
    let default = arg.value.as_ref().map(|v| v.text.trim_matches(['"', '\'']).to_ascii_lowercase());
    // A default made from another variable is not known; it may pin.
    let open = default.is_none_or(|d| PLACEHOLDERS.contains(&d.as_str()));
    PER_BUILD.contains(&name.as_str())
        || BEHIND_A_PREFIX.iter().any(|end| name.ends_with(end))
        || OF_CI.iter().any(|start| name.starts_with(start))
        || (open && WITHOUT_DEFAULT.contains(&name.as_str()))
}
