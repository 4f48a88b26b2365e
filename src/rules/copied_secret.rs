//! LW406: a file that holds a secret, copied into the image.

use super::{Context, Findings, meta};
use crate::model::is_remote;
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    // What no image has, only the cache of the builder keeps.
    for stage in cx.model.stages.iter().filter(|s| cx.model.is_kept(s.index)) {
        let copies = cx.model.steps(stage).iter().filter(|s| matches!(s.keyword, Keyword::Copy | Keyword::Add));
        for step in copies.filter(|s| s.flag("from").is_none()) {
            for source in step.sources().iter().filter(|w| !is_remote(&w.text)) {
                let Some(kind) = kind(source.text.trim_matches('"')) else { continue };
                out.report(
                    &meta::COPIED_SECRET,
                    source.span,
                    format!("{} goes into the image; by its name, it holds {kind}", cx.plain(&source.text)),
                )
                .note("everyone who has the image can read it, also when a later line removes it: its layer stays")
                .help("give it to the RUN that needs it with `--mount=type=secret` or `--mount=type=ssh`, or to the container when it starts");
            }
        }
    }
}

/// What a file or folder of the context holds, by its name.
pub(super) fn kind(path: &str) -> Option<&'static str> {
    let path = path.trim_end_matches('/').to_ascii_lowercase();
    // Keys of tests are no secrets.
    let of_a_test = ["test", "example", "sample", "snakeoil", "dummy", "fixture", "fake", "mock"];
    kind_of(&path).filter(|_| !of_a_test.iter().any(|word| path.contains(word)))
}

/// What a path, in lower case, says by its last names.
fn kind_of(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let within = |folder: &str| path.rsplit('/').nth(1) == Some(folder);
    match name {
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" => Some("a private key"),
        ".netrc" | "_netrc" | ".git-credentials" | ".pgpass" | ".pypirc" | ".dockercfg" | ".vault-token" => {
            Some("passwords or tokens")
        }
        ".aws" | ".azure" | ".gnupg" => Some("credentials"),
        "credentials" if within(".aws") => Some("credentials"),
        "config.json" if within(".docker") => Some("passwords or tokens"),
        "config" if within(".kube") => Some("credentials"),
        "kubeconfig" => Some("credentials"),
        ".env" => Some("the settings of one installation, often with passwords"),
        "privkey.pem" | "private.pem" | "private_key.pem" | "private-key.pem" | "private.key" => Some("a private key"),
        name if name.ends_with("-key.pem") || name.ends_with("_key.pem") || name.ends_with(".ppk") => {
            (!name.contains("public")).then_some("a private key")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tell() {
        for path in [
            "id_rsa",
            "./keys/id_ed25519",
            ".netrc",
            "/home/me/.aws/credentials",
            ".kube/config",
            "ssl/server-key.pem",
            ".env",
        ] {
            assert!(kind(path).is_some(), "{path}");
        }
        for path in [
            "id_rsa.pub",
            "config",
            "credentials",
            "config.json",
            ".npmrc",
            ".env.example",
            "test/id_rsa",
            "cert.pem",
            "public_key.pem",
            "release.key",
            "authorized_keys",
            "*.pem",
            ".ssh/config",
        ] {
            assert_eq!(kind(path), None, "{path}");
        }
    }
}
