//! SecretsUsedInArgOrEnv and LW412: a secret in a variable of the image, or what has the name of one.

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

/// Words that make a secret of a `KEY` in the same name; other keys may be public.
const OF_SECRET_KEYS: [&str; 8] = ["access", "api", "auth", "deploy", "encrypt", "encryption", "private", "ssh"];

/// Parts of values that stand for one that is still to come, or that nobody could mean to keep.
const PLACEHOLDERS: [&str; 18] = [
    "change",
    "default",
    "dummy",
    "example",
    "fill",
    "here",
    "insert",
    "none",
    "passw",
    "placeholder",
    "replace",
    "sample",
    "secret",
    "test",
    "todo",
    "token",
    "xxx",
    "your",
];

/// SecretsUsedInArgOrEnv: what is a secret, or is there to be given one.
pub(super) fn surely(cx: &Context<'_, '_>, out: &mut Findings) {
    check(cx, out, true);
}

/// LW412: what has only the name of one.
pub(super) fn maybe(cx: &Context<'_, '_>, out: &mut Findings) {
    check(cx, out, false);
}

fn check(cx: &Context<'_, '_>, out: &mut Findings, sure: bool) {
    let steps = || cx.model.stages.iter().flat_map(|s| cx.model.steps(s));
    let env = |s: &Instruction<'_>| s.keyword == Keyword::Env && s.pairs().iter().any(|p| is_secret_name(&p.key.text));
    if !steps().any(|s| env(s) || s.args().iter().any(|a| is_secret_name(&a.name.text))) {
        return;
    }
    visit_steps(cx.model, |_, step, variables| match step.keyword {
        Keyword::Env => {
            for pair in step.pairs().iter().filter(|p| is_secret_name(&p.key.text)) {
                let name = &pair.key.text;
                let value = expanded(cx, variables, &pair.value);
                let harmless =
                    is_of_image(cx, variables, &pair.value) || is_harmless(name, &pair.value.text, value.as_deref());
                // Without a known value, it hands on what an ARG is given.
                let secret = value.as_deref().map_or_else(|| is_strong(name), is_hard_to_guess);
                let login = has_login(value.as_deref().unwrap_or(&pair.value.text));
                if (login || (secret && !harmless)) == sure {
                    report(cx, out, "ENV", name, pair.key.span, sure);
                }
            }
        }
        Keyword::Arg => {
            for arg in step.args().iter().filter(|a| is_secret_name(&a.name.text)) {
                let name = &arg.name.text;
                let value = arg.value.as_ref().and_then(|word| expanded(cx, variables, word));
                let raw = arg.value.as_ref().map_or("", |w| &w.text);
                // Whatever its default, it is there to be given the secret.
                let secret = is_strong(name) || value.as_deref().is_some_and(is_hard_to_guess);
                let login = has_login(value.as_deref().unwrap_or(raw));
                if (login || (secret && !is_harmless(name, raw, value.as_deref()))) == sure {
                    report(cx, out, "ARG", name, arg.name.span, sure);
                }
            }
        }
        _ => {}
    });
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, keyword: &str, name: &str, span: Span, sure: bool) {
    let kept = match keyword {
        "ENV" => "everyone who has the image can read it, and every process in it",
        _ => "everyone who has the image can read it in the history",
    };
    let shown = cx.plain(name);
    let finding = if sure {
        out.report(&meta::SECRETS_USED_IN_ARG_OR_ENV, span, format!("{keyword} {shown} looks like a secret"))
            .note(kept)
            .help("give it to the RUN that needs it with `--mount=type=secret`, or to the container when it starts")
    } else {
        out.report(&meta::NAME_OF_A_SECRET, span, format!("{keyword} {shown} has the name of a secret"))
            .note(kept)
            .help("see that no real one gets here, also none that a build is given")
            .also("SecretsUsedInArgOrEnv")
    };
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

/// Whether a name says that its value has to be kept secret, and not only that it is some key.
fn is_strong(name: &str) -> bool {
    let has = |list: &[&str]| name.split('_').any(|word| list.iter().any(|w| w.eq_ignore_ascii_case(word)));
    let is_id = name.rsplit('_').next().is_some_and(|last| last.eq_ignore_ascii_case("id"));
    !is_id
        && (has(&["apikey", "credential", "credentials", "password", "pword", "passwd", "secret", "token"])
            || (has(&["key"]) && has(&OF_SECRET_KEYS)))
}

/// Whether a value looks as if it was made to be hard to guess: letters of both cases, digits and signs,
/// three kinds of these, or two in a long one.
fn is_hard_to_guess(value: &str) -> bool {
    let kinds: [fn(u8) -> bool; 4] =
        [|b| b.is_ascii_lowercase(), |b| b.is_ascii_uppercase(), |b| b.is_ascii_digit(), |b| b.is_ascii_punctuation()];
    let count = kinds.iter().filter(|kind| value.bytes().any(kind)).count();
    let lower = value.to_ascii_lowercase();
    let long = value.len() >= 20 && value.bytes().any(|b| b.is_ascii_digit());
    value.len() >= 8
        && !value.contains(char::is_whitespace)
        && (count >= 3 || (count == 2 && long))
        && !PLACEHOLDERS.iter().any(|part| lower.contains(part))
}

/// Whether a URL has a name or a password in it.
fn has_login(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().unwrap_or_default().contains('@'))
}

/// Whether the name or the value shows that it is no secret.
fn is_harmless(name: &str, raw: &str, value: Option<&str>) -> bool {
    let words = || name.split('_');
    let named = |list: &[&str]| words().any(|word| list.iter().any(|w| w.eq_ignore_ascii_case(word)));
    let about = words().next_back().is_some_and(|last| ABOUT.iter().any(|w| w.eq_ignore_ascii_case(last)));
    let text = value.unwrap_or(raw).trim_matches(['"', '\'']);
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
    about || is_url || is_path || is_switch || is_fingerprint
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
    fn some_names_are_those_of_public_things() {
        for name in ["NPM_TOKEN", "API_KEY", "Deploy_Key", "password", "AWS_SECRET_ACCESS_KEY"] {
            assert!(is_strong(name), "{name}");
        }
        for name in ["SITE_KEY", "KEY", "GPG_KEY", "BASIC_AUTH", "AWS_ACCESS_KEY_ID"] {
            assert!(!is_strong(name), "{name}");
        }
    }

    #[test]
    fn values_that_anyone_would_guess_are_no_secrets() {
        for value in ["Nw7-blue-kettle!", "g0rd0n1!", "AKIAQ3EGRFM5ZPK2L8Y7", "8f14e45fceea167a5a36dedd4bea2543"] {
            assert!(is_hard_to_guess(value), "{value}");
        }
        for value in [
            "",
            "root",
            "postgres",
            "0123456789",
            "Change_me_1!",
            "YOUR_LICENSE_KEY_1",
            "**None**",
            "AKIAIOSFODNN7EXAMPLE",
        ] {
            assert!(!is_hard_to_guess(value), "{value}");
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
        for (name, value) in [("PASSWORD", "changeme"), ("API_KEY", "0123456789ABCDEF0123")] {
            assert!(!is_harmless(name, value, Some(value)), "{name}={value}");
        }
    }

    #[test]
    fn addresses_can_hold_a_login() {
        assert!(has_login("https://me:word@example.com/"));
        assert!(!has_login("https://example.com/a@b"));
        assert!(!has_login("me@example.com"));
    }
}
