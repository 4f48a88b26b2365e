//! The settings of npm and Yarn 1 that lie beside `package.json`.

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Whether no scripts run.
    pub(super) ignores_scripts: bool,
    /// A setting that may name files.
    pub(super) doubt: Option<String>,
}

/// Settings that name no file (npm-config(7), npm 10).
const PLAIN: &[&str] = &[
    "registry",
    "always-auth",
    "engine-strict",
    "fund",
    "audit",
    "audit-level",
    "legacy-peer-deps",
    "strict-peer-dependencies",
    "strict-peer-deps",
    "auto-install-peers",
    "loglevel",
    "progress",
    "save",
    "save-exact",
    "save-prefix",
    "package-lock",
    "ignore-scripts",
    "strict-ssl",
    "fetch-retries",
    "fetch-timeout",
    "maxsockets",
    "update-notifier",
    "message",
    "tag",
    "_auth",
    "_authtoken",
    "email",
];

/// Reads `.npmrc`; `text` is `None` if it can't be read.
pub(super) fn read(text: Option<&str>) -> Settings {
    let mut settings = Settings::default();
    let Some(text) = text else {
        settings.doubt = Some(".npmrc can't be read".into());
        return settings;
    };
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', ';'])) {
        let (key, value) = line.split_once('=').map_or((line, "true"), |(key, value)| (key.trim(), value.trim()));
        let lower = key.to_ascii_lowercase();
        // `//host/:_authToken` is for one registry, `@scope:registry` for one scope.
        let last = lower.rsplit(':').next().unwrap_or_default();
        let scoped = lower.starts_with("//") || lower.starts_with('@');
        let plain = PLAIN.contains(&lower.as_str())
            || (scoped
                && ["registry", "_auth", "_authtoken", "_password", "username", "email", "always-auth"]
                    .contains(&last));
        if !plain {
            settings.doubt.get_or_insert_with(|| format!("`{key}` in .npmrc may name other files"));
        }
        if lower == "ignore-scripts" {
            settings.ignores_scripts = value == "true";
        }
    }
    settings
}
