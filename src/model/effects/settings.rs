//! Settings of package managers that may send what they install anywhere.

/// How the names of such variables start, in lower case.
const PREFIXES: &[&str] = &[
    "pip_",
    "npm_config_",
    "npm_",
    "node_path",
    "node_options",
    "gem_",
    "bundle_",
    "cargo_",
    "rustup_",
    "go",
    "uv_",
    "conda_",
    "mamba_",
    "python",
    "virtual_env",
    "poetry_",
    "nuget_",
    "dotnet_",
    "perl",
    "xdg_",
    "corepack_",
    "bash_env",
    "gnupghome",
];

/// Values of them that name no file.
const WORDS: &[&str] = &[
    "",
    "true",
    "false",
    "on",
    "off",
    "yes",
    "no",
    "auto",
    "never",
    "always",
    "local",
    "direct",
    "production",
    "development",
    "copy",
    "hardlink",
    "sparse",
    "linux",
    "amd64",
    "arm64",
    "random",
    "utf-8",
    "utf8",
    "error",
    "warn",
    "ignore",
    "noninteractive",
];

/// Names of them whose value is no path.
const HARMLESS: &[&str] =
    &["VERSION", "URL", "TOKEN", "PROXY", "REGISTRY", "HOST", "PRIVATE", "SHA256", "ENCODING", "GOOS", "GOARCH"];

/// The ends of names of files with settings of package managers.
const FILES: &[&str] =
    &[".npmrc", "/npmrc", "pip.conf", ".condarc", ".gemrc", ".pydistutils.cfg", "go/env", ".cargo/config.toml"];

/// Whether the variable may name a place that the other rules of effects don't see: with a relative
/// path, an unknown value, or a setting of another kind. An absolute path is looked at elsewhere.
pub(super) fn is_puzzling(name: &str, value: Option<&str>) -> bool {
    let name = name.as_bytes();
    let Some(first) = name.first().map(u8::to_ascii_lowercase) else { return false };
    let starts = |p: &&str| {
        let p = p.as_bytes();
        p[0] == first && name.get(..p.len()).is_some_and(|start| start.eq_ignore_ascii_case(p))
    };
    let from_end = |len: usize| name.len().checked_sub(len).and_then(|at| name.get(at..));
    let ends = |h: &&str| from_end(h.len()).is_some_and(|end| end.eq_ignore_ascii_case(h.as_bytes()));
    if !PREFIXES.iter().any(starts) || HARMLESS.iter().any(ends) {
        return false;
    }
    let Some(value) = value else { return true };
    let value = value.trim_matches(['"', '\'']);
    let number = value.starts_with("--max") || is_number(value);
    let known = number || value.contains("://") || WORDS.contains(&value.to_ascii_lowercase().as_str());
    let absolute = value.split(':').all(|part| part.starts_with('/') || part.starts_with('$'));
    !known && !absolute
}

/// Whether `text` is a number or a version; `.` and `..` are folders.
fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The programs that read paths from variables of their own, as the first part of such names.
const PROGRAMS: [&str; 15] = [
    "APT", "AWS", "COMPOSER", "CURL", "DENO", "GIT", "GRADLE", "LD", "M2", "MAVEN", "NODE", "OPENSSL", "PNPM",
    "REQUESTS", "SSL",
];
/// What the further parts of such a name say that its value is.
const PLACES: [&str; 20] = [
    "ASKPASS",
    "AUDIT",
    "BUNDLE",
    "CACHE",
    "CAINFO",
    "CAPATH",
    "CERT",
    "CERTS",
    "CONF",
    "CONFIG",
    "DIR",
    "DIRECTORY",
    "FILE",
    "FOLDER",
    "HOME",
    "PATH",
    "PRELOAD",
    "SSH",
    "TREE",
    "TEMPLATE",
];

/// Whether programs take the value of the variable for a path, or for a list of them: one that is relative means a file
/// of the folder that the program runs in.
pub(in crate::model) fn names_a_place(name: &str) -> bool {
    let mut parts = name.split('_');
    let of_program = parts.next().is_some_and(|first| PROGRAMS.contains(&first));
    name.ends_with("PATH")
        || matches!(name, "HOME" | "TMPDIR" | "TMP" | "TEMP" | "NETRC" | "WGETRC" | "SYSTEM_WGETRC" | "PNPM_HOME")
        || matches!(name, "BASH_ENV" | "CONDARC" | "MAMBARC" | "GOAUTH" | "PERL5LIB" | "RUBYLIB")
        || of_program && parts.any(|part| PLACES.contains(&part))
}

/// The path in a part of a value: that of `-I/opt/x/include` stands behind the flag.
pub(in crate::model) fn path_of(part: &str) -> &str {
    if part.starts_with('-') { &part[part.find('/').unwrap_or(part.len())..] } else { part }
}

/// Whether `text`, a value or a member of a list, may be a path from the current folder on.
pub(in crate::model) fn may_be_relative(text: &str) -> bool {
    !text.starts_with(['/', '-', '$'])
        && !text.contains("://")
        && !is_number(text)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether a setting called `key`, or `key=value`, may change where packages are installed.
pub(super) fn moves_installs(key: &str) -> bool {
    const PARTS: [&str; 17] = [
        "prefix",
        "dir",
        "path",
        "home",
        "root",
        "target",
        "location",
        "cache",
        "store",
        "user",
        "links",
        "file",
        "constraint",
        "requirement",
        "GOBIN",
        "virtualenvs.in",
        "src",
    ];
    key == "global" || PARTS.iter().any(|part| key.contains(part))
}

/// Whether `path` is a file with settings of a package manager.
pub(super) fn is_file(path: &str) -> bool {
    FILES.iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_may_name_a_place() {
        for (name, value) in [
            ("PIP_TARGET", "lib"),
            ("npm_config_prefix", "./x"),
            ("GEM_HOME", "vendor"),
            ("GOFLAGS", "-mod=vendor"),
            ("PYTHONPATH", "src"),
            ("PYTHONPATH", "."),
            ("PIP_TARGET", "."),
            ("npm_config_prefix", ".."),
            ("GOBIN", "."),
        ] {
            assert!(is_puzzling(name, Some(value)), "{name}={value}");
        }
        assert!(is_puzzling("PIP_TARGET", None));
        for (name, value) in [
            ("PIP_NO_CACHE_DIR", "1"),
            ("PIP_INDEX_URL", "https://a/b"),
            ("GOPATH", "/go"),
            ("PYTHONUNBUFFERED", "1"),
            ("GOLANG_VERSION", "1.22.1"),
            ("APP", "lib"),
        ] {
            assert!(!is_puzzling(name, Some(value)), "{name}={value}");
        }
        assert!(!is_puzzling("NODE_VERSION", None));
    }
}
