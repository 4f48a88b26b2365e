//! SecretsUsedInArgOrEnv: a secret in a variable of the image.

use super::{Context, Findings, meta};
use crate::model::{Expanded, Value, Variables, expand, visit_steps};
use crate::source::Span;
use crate::syntax::word::{self, lex};
use crate::syntax::{Instruction, Keyword, Word};

/// Words of a name that stand for a secret.
const SECRET: [&str; 10] =
    ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// Parts of names that hadolint looks for, too (measured).
const OF_HADOLINT: [&str; 6] = ["password", "secret", "token", "api_key", "private_key", "access_key"];

/// A name that ends so is about a secret and holds none.
const ABOUT: [&str; 15] = [
    "file", "path", "dir", "url", "uri", "host", "port", "size", "length", "bits", "checking", "enabled", "prefix",
    "sock", "version",
];

/// What the names of files end with that hold or make secrets.
const FILES: [&str; 12] =
    [".sh", ".py", ".pem", ".key", ".crt", ".json", ".txt", ".conf", ".yml", ".yaml", ".jks", ".p12"];

/// Values that switch something, or stand for none.
const SWITCHES: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "0", "1", "none", "null", "nil"];

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    let steps = || cx.model.stages.iter().flat_map(|s| cx.model.steps(s));
    let env = |s: &Instruction<'_>| s.keyword == Keyword::Env && s.pairs().iter().any(|p| is_secret_name(&p.key.text));
    if !steps().any(|s| env(s) || s.args().iter().any(|a| is_secret_name(&a.name.text))) {
        return;
    }
    visit_steps(cx.model, |_, step, variables| match step.keyword {
        Keyword::Env => {
            for pair in step.pairs().iter().filter(|p| is_secret_name(&p.key.text)) {
                let value = expanded(cx, variables, &pair.value);
                let empty = value.as_deref() == Some("") || is_of_image(cx, variables, &pair.value);
                if !(empty || is_harmless(&pair.key.text, &pair.value.text, value.as_deref())) {
                    report(cx, out, "ENV", &pair.key.text, pair.key.span);
                }
            }
        }
        Keyword::Arg => {
            for arg in step.args().iter().filter(|a| is_secret_name(&a.name.text)) {
                let value = arg.value.as_ref().and_then(|word| expanded(cx, variables, word));
                let raw = arg.value.as_ref().map_or("", |w| &w.text);
                // Without a default, it is there to be given the secret.
                if !is_harmless(&arg.name.text, raw, value.as_deref()) {
                    report(cx, out, "ARG", &arg.name.text, arg.name.span);
                }
            }
        }
        _ => {}
    });
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, keyword: &str, name: &str, span: Span) {
    let kept = match keyword {
        "ENV" => "everyone who has the image can read it, and every process in it",
        _ => "everyone who has the image can read it in the history",
    };
    let finding = out
        .report(&meta::SECRETS_USED_IN_ARG_OR_ENV, span, format!("{keyword} {} looks like a secret", cx.plain(name)))
        .note(kept)
        .help("give it to the RUN that needs it with `--mount=type=secret`, or to the container when it starts");
    if OF_HADOLINT.iter().any(|part| name.to_ascii_lowercase().contains(part)) {
        finding.also("DL3064");
    }
}

fn expanded(cx: &Context<'_, '_>, variables: &Variables, word: &Word<'_>) -> Option<String> {
    match variables.expand(&word.text, cx.file.escape) {
        Expanded::Known(text) => Some(text),
        Expanded::Unknown | Expanded::Invalid => None,
    }
}

/// Whether a value consists of variables that the file does not set: no secret comes in here.
fn is_of_image(cx: &Context<'_, '_>, variables: &Variables, word: &Word<'_>) -> bool {
    let Ok(parts) = lex(&word.text, cx.file.escape) else { return false };
    let mut found = Vec::new();
    word::variables(&parts, &mut found);
    let in_file = |name: &str| variables.says(name) || cx.model.declares(name);
    let text = expand(&word.text, cx.file.escape, &|_| Value::Unset);
    !found.is_empty()
        && text == Expanded::Known(String::new())
        && !found.iter().any(|v| in_file(&word.text[v.name.clone()]))
}

/// Whether a name has a word for a secret in it, and none that says it is public.
pub(super) fn is_secret_name(name: &str) -> bool {
    let has = |list: &[&str]| name.split('_').any(|word| list.iter().any(|w| w.eq_ignore_ascii_case(word)));
    has(&SECRET) && !has(&["public"])
}

/// Whether the name or the value shows that it is no secret.
fn is_harmless(name: &str, raw: &str, value: Option<&str>) -> bool {
    let words = || name.split('_');
    let named = |list: &[&str]| words().any(|word| list.iter().any(|w| w.eq_ignore_ascii_case(word)));
    let about = words().next_back().is_some_and(|last| ABOUT.iter().any(|w| w.eq_ignore_ascii_case(last)));
    let text = value.unwrap_or(raw).trim_matches(['"', '\'']);
    let has_login =
        text.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().unwrap_or_default().contains('@'));
    let is_url = text.contains("://");
    let is_path = text.starts_with(['/', '~', '.'])
        || (text.starts_with('$') && text.contains('/'))
        || matches!(text.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    let is_path = is_path || (!text.contains(char::is_whitespace) && FILES.iter().any(|end| text.ends_with(end)));
    let is_switch = SWITCHES.iter().any(|s| s.eq_ignore_ascii_case(text));
    // The fingerprint of a public key, which signatures are checked with.
    let is_fingerprint = text.len() >= 16
        && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b' ')
        && named(&["gpg", "pgp", "signing", "fingerprint"]);
    !has_login && (about || is_url || is_path || is_switch || is_fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_by_their_words() {
        for name in ["API_KEY", "key", "DATABASE_PASSWORD", "secret_message", "X_AUTH_Y"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["MONKEY", "KEYSTORE", "PUBLIC_KEY", "TOKENS", "AUTHOR"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn names_and_values_show_what_is_none() {
        for (name, value) in [
            ("DB_PASSWORD_FILE", "x"),
            ("TOKEN_URL", "https://example.com/token"),
            ("TLS_KEY", "/etc/tls/key.pem"),
            ("GPG_KEY", "0123456789ABCDEF0123456789ABCDEF01234567"),
            ("ALLOW_EMPTY_PASSWORD", "yes"),
            ("SSH_AUTH_SOCK", "${DIR}/socket"),
        ] {
            assert!(is_harmless(name, value, Some(value)), "{name}={value}");
        }
        for (name, value) in [
            ("PASSWORD", "changeme"),
            ("AUTH_URL", "https://me:secret@example.com/"),
            ("API_KEY", "0123456789ABCDEF0123"),
        ] {
            assert!(!is_harmless(name, value, Some(value)), "{name}={value}");
        }
    }
}
