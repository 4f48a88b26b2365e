//! Commands that compare what came with what was expected.

use super::calls::Call;
use super::runs::ShellRun;

/// Programs that compare a file with a sum, or with a signature.
const VERIFIERS: &[&str] = &[
    "sha256sum",
    "sha512sum",
    "sha384sum",
    "sha224sum",
    "sha1sum",
    "md5sum",
    "b2sum",
    "shasum",
    "sha256",
    "rhash",
    "gpgv",
    "gpgv2",
    "cosign",
    "minisign",
    "signify",
];

/// Whether the program `name` with `words` behind it looks at what a file holds.
pub(super) fn verifies(name: &str, mut words: impl Iterator<Item = impl AsRef<str>>) -> bool {
    VERIFIERS.contains(&name)
        || (name == "openssl" && words.any(|w| w.as_ref() == "dgst"))
        || (name.starts_with("gpg") && words.any(|w| w.as_ref() == "--verify"))
}

/// Whether `run` looks at what it gets.
pub(super) fn is_verified(run: &ShellRun<'_, '_>) -> bool {
    let one = |call: &Call<'_>| verifies(&call.name, call.arguments.iter().map(|a| &a.text));
    run.calls().iter().any(one)
}
