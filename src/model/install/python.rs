//! pip, uv, Poetry and pipenv.

use super::flags::Flags;
use super::script::Call;
use super::{Install, Manager};

/// Flags of `pip install` that name no file of the project.
const PLAIN: &[&str] = &[
    "--no-cache-dir",
    "--upgrade",
    "-U",
    "--quiet",
    "-q",
    "-qq",
    "--verbose",
    "-v",
    "--no-deps",
    "--pre",
    "--no-input",
    "--disable-pip-version-check",
    "--break-system-packages",
    "--require-hashes",
    "--no-compile",
    "--compile",
    "--prefer-binary",
    "--force-reinstall",
    "--ignore-installed",
    "-I",
    "--no-warn-script-location",
    "--no-build-isolation",
    "--system",
    "--no-cache",
    "--no-binary-all",
];

/// Flags of `pip install` with a value that is no file.
const VALUES: &[&str] = &[
    "--timeout",
    "--default-timeout",
    "--retries",
    "--index-url",
    "-i",
    "--extra-index-url",
    "--trusted-host",
    "--no-binary",
    "--only-binary",
    "--progress-bar",
    "--root-user-action",
    "--upgrade-strategy",
    "--python-version",
    "--platform",
];

/// Flags whose value says where packages come from or go to.
const PLACES: &[&str] = &[
    "--target",
    "-t",
    "--prefix",
    "--root",
    "--src",
    "--find-links",
    "-f",
    "--cache-dir",
    "--python",
    "--log",
    "--cert",
    "--client-cert",
    "--build",
];

/// `pip install -r FILE`, also as `python -m pip` and `uv pip`.
///
/// Source: pip-install(1), pip 24; the command-line reference of uv 0.5.
pub(super) fn pip(call: &Call) -> Option<Install> {
    let words = call.rest();
    let (words, as_module) = match call.name() {
        name if name == "pip" || name.starts_with("pip3") || name == "pip2" => (words, false),
        "uv" if words.first().is_some_and(|w| w == "pip") => (&words[1..], false),
        name if name.starts_with("python") => match words {
            [module, pip, rest @ ..] if module == "-m" && pip == "pip" => (rest, true),
            _ => return None,
        },
        _ => return None,
    };
    let mut values = VALUES.to_vec();
    values.extend(PLACES);
    values.extend(["-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints", "-e", "--editable"]);
    let flags = Flags::read(words, &values, PLAIN);
    let local =
        |word: &&String| word.contains('/') || word.starts_with('.') || word.is_empty() || word.contains(".whl");
    if flags.operands.first()? != "install" || flags.operands.iter().skip(1).any(|w| local(&w)) {
        return None;
    }
    if flags.has(&["-e", "--editable"]) {
        return None;
    }
    let files: Vec<&str> = flags.values(&["-r", "--requirement", "--requirements"]).collect();
    let first = *files.first()?;
    let mut install = Install::new(Manager::Pip, &format!("pip install -r {first}"), &call.folder);
    install.keeps_lock = true;
    if call.name() == "uv" {
        install
            .doubts
            .push("uv also reads `uv.toml` and `pyproject.toml`, there and above, and uses a `.venv` there".into());
    }
    install.runs_scripts = false;
    for file in files.iter().copied().chain(flags.values(&["-c", "--constraint", "--constraints"])) {
        if !file.starts_with("http") {
            install.named.push(call.path(file).filter(|_| !file.contains(':'))?);
        }
    }
    install.named.first()?;
    install.doubt(&flags.unknown);
    for name in PLACES.iter().filter(|name| flags.has(&[name])) {
        install.doubt(&[(*name).to_owned()]);
    }
    if flags.values(&["-i", "--index-url", "--extra-index-url"]).any(|place| !place.starts_with("http")) {
        install.doubt(&["--index-url".to_owned()]);
    }
    if flags.has(&["--user"]) {
        install.doubt(&["--user".to_owned()]);
    }
    if as_module {
        let doubt = "`python -m pip` also imports modules from the folder that it runs in, so a file of yours could stand in for one";
        install.doubts.push(doubt.to_owned());
    }
    Some(install)
}

/// `poetry install`, `uv sync`, `pipenv install` and `pipenv sync`.
///
/// Source: the command-line references of Poetry 1.8, uv 0.5 and pipenv 2024.
pub(super) fn project(call: &Call) -> Option<Install> {
    let words = call.rest();
    let name = call.name();
    if name == "uv" && words.first().is_some_and(|w| w == "pip") {
        return pip(call);
    }
    let values = [
        "--only",
        "--with",
        "--without",
        "-E",
        "--extras",
        "--extra",
        "--group",
        "--no-group",
        "--python",
        "-p",
        "-C",
        "--directory",
        "--project",
        "--index-url",
        "-i",
        "--link-mode",
        "--categories",
    ];
    let flags = Flags::read(words, &values, &[]);
    let [subcommand] = &flags.operands[..] else { return None };
    if flags.has(&["-C", "--directory", "--project", "--package", "--all-packages"]) {
        return None;
    }
    let manager = match (name, subcommand.as_str()) {
        ("poetry", "install") => Manager::Poetry,
        ("uv", "sync") => Manager::Uv,
        ("pipenv", "install" | "sync") => Manager::Pipenv,
        _ => return None,
    };
    let mut install = Install::new(manager, &format!("{name} {subcommand}"), &call.folder);
    install.keeps_lock = match manager {
        Manager::Uv => flags.has(&["--frozen", "--locked"]),
        Manager::Pipenv => subcommand == "sync" || flags.has(&["--deploy", "--ignore-pipfile"]),
        _ => true,
    };
    install.blocker = match manager {
        Manager::Poetry if !flags.has(&["--no-root", "--only-root", "--no-directory"]) => Some(
            "`poetry install` installs your own package, too: run `poetry install --no-root` above the sources first",
        ),
        Manager::Uv if !flags.has(&["--no-install-project", "--no-install-workspace"]) => {
            Some("`uv sync` installs your own package, too: run `uv sync --no-install-project` above the sources first")
        }
        _ => None,
    };
    Some(install)
}
