//! Go, Cargo, Bundler, Composer, Maven, Gradle, .NET and Mix.

use super::flags::Flags;
use super::script::Call;
use super::{Install, Manager};

pub(super) fn recognise(call: &Call) -> Option<Install> {
    match call.name() {
        "go" => go(call),
        "cargo" => cargo(call),
        "bundle" | "bundler" => bundle(call),
        "composer" => composer(call),
        "mvn" | "mvnw" => maven(call),
        "gradle" | "gradlew" => gradle(call),
        "dotnet" => dotnet(call),
        "mix" => mix(call),
        _ => None,
    }
}

/// `go mod download` of all modules. It fails rather than change `go.mod`.
///
/// Source: `go help mod download`, Go 1.22.
fn go(call: &Call) -> Option<Install> {
    let flags = Flags::read(call.rest(), &["-C", "-reuse", "-modfile"], &["-x", "-v"]);
    let [group, subcommand] = &flags.operands[..] else { return None };
    if group != "mod" || subcommand != "download" || flags.has(&["-C", "-modfile"]) {
        return None;
    }
    let mut install = Install::new(Manager::Go, "go mod download", &call.folder);
    install.keeps_lock = true;
    install.runs_scripts = false;
    install.doubt(&flags.unknown);
    Some(install)
}

/// `cargo fetch`. It reads the targets of each package: without a `src/main.rs` or `src/lib.rs`,
/// `Cargo.toml` is refused.
///
/// Source: cargo-fetch(1), Cargo 1.80.
fn cargo(call: &Call) -> Option<Install> {
    let flags = Flags::read(call.rest(), &["--target", "--manifest-path"], &["--locked", "-q", "--quiet"]);
    if flags.operands != ["fetch"] || flags.has(&["--manifest-path"]) {
        return None;
    }
    let mut install = Install::new(Manager::Cargo, "cargo fetch", &call.folder);
    install.keeps_lock = flags.has(&["--locked", "--frozen"]);
    install.blocker = Some(
        "Cargo reads no Cargo.toml without the sources of its targets: put empty ones beside it for `cargo fetch`, or use cargo-chef",
    );
    Some(install)
}

/// `bundle install`.
///
/// Source: bundle-install(1), Bundler 2.5.
fn bundle(call: &Call) -> Option<Install> {
    let values =
        ["--jobs", "-j", "--retry", "--path", "--without", "--with", "--gemfile", "--binstubs", "--redownload"];
    let flags = Flags::read(call.rest(), &values, &[]);
    // `--without development test` takes several words.
    let lists = flags.has(&["--without", "--with"]);
    let only = match &flags.operands[..] {
        [] => true,
        [word] => word == "install",
        [word, ..] => word == "install" && lists,
    };
    if !only || flags.has(&["--gemfile", "--version", "-v"]) {
        return None;
    }
    let mut install = Install::new(Manager::Bundler, "bundle install", &call.folder);
    install.keeps_lock = flags.has(&["--deployment", "--frozen"]);
    Some(install)
}

/// `composer install`.
///
/// Source: the command-line reference of Composer 2.
fn composer(call: &Call) -> Option<Install> {
    let flags = Flags::read(call.rest(), &["-d", "--working-dir", "--ignore-platform-req", "--prefer-install"], &[]);
    if flags.operands != ["install"] {
        return None;
    }
    let folder = match flags.value(&["-d", "--working-dir"]) {
        Some(path) => call.path(path)?,
        None => call.folder.clone(),
    };
    let mut install = Install::new(Manager::Composer, "composer install", &folder);
    install.keeps_lock = true;
    install.runs_scripts = !flags.has(&["--no-scripts"]);
    if install.runs_scripts || !flags.has(&["--no-autoloader"]) {
        install.blocker = Some(
            "its scripts and its autoloader need your sources: run `composer install --no-scripts --no-autoloader` above them, and \
             `composer dump-autoload` below",
        );
    }
    Some(install)
}

/// `mvn dependency:go-offline` and `mvn dependency:resolve`.
///
/// Source: the goals of maven-dependency-plugin 3.6; mvn(1).
fn maven(call: &Call) -> Option<Install> {
    let flags = Flags::read(call.rest(), &["-f", "--file", "-s", "--settings", "-P", "-T", "-pl"], &[]);
    let goals = ["dependency:go-offline", "dependency:resolve", "dependency:resolve-plugins"];
    let goal = flags.operands.first()?;
    if !flags.operands.iter().all(|o| goals.contains(&o.as_str())) {
        return None;
    }
    let mut install = Install::new(Manager::Maven, &format!("mvn {goal}"), &call.folder);
    if let Some(file) = flags.value(&["-f", "--file"]) {
        let file = call.path(file)?;
        let file =
            if file.as_str().ends_with(".xml") { file } else { super::super::path::join(Some(&file), "pom.xml")? };
        install.named.push(file);
    }
    if let Some(settings) = flags.value(&["-s", "--settings"]).filter(|s| !s.starts_with("/usr/share/")) {
        install.named.push(call.path(settings)?);
    }
    // The wrapper is a script of the project, with a folder of its own.
    if call.name() == "mvnw" || flags.has(&["-pl"]) {
        install.blocker = Some("copy pom.xml, mvnw and .mvn first, and the sources below");
    }
    Some(install)
}

/// `gradle dependencies`.
///
/// Source: the command-line reference of Gradle 8.
fn gradle(call: &Call) -> Option<Install> {
    let flags = Flags::read(call.rest(), &["-p", "--project-dir", "-b", "--build-file", "-g"], &[]);
    if flags.operands != ["dependencies"] || flags.has(&["-p", "--project-dir", "-b", "--build-file"]) {
        return None;
    }
    let mut install = Install::new(Manager::Gradle, &format!("{} dependencies", call.name()), &call.folder);
    install.keeps_lock = true;
    Some(install)
}

/// `dotnet restore`.
///
/// Source: the reference of the .NET 8 command line.
fn dotnet(call: &Call) -> Option<Install> {
    let values = [
        "-r",
        "--runtime",
        "-a",
        "--arch",
        "--os",
        "-s",
        "--source",
        "-v",
        "--verbosity",
        "--configfile",
        "--packages",
    ];
    let flags = Flags::read(call.rest(), &values, &[]);
    let operands: Vec<&str> = flags.operands.iter().map(String::as_str).filter(|w| !w.starts_with("/p:")).collect();
    let mut install = Install::new(Manager::Dotnet, "dotnet restore", &call.folder);
    match operands[..] {
        ["restore"] => {}
        ["restore", project] => {
            install.command = format!("dotnet restore {project}");
            install.named.push(call.path(project)?);
        }
        _ => return None,
    }
    Some(install)
}

/// `mix deps.get`.
///
/// Source: the documentation of Mix 1.16.
fn mix(call: &Call) -> Option<Install> {
    let flags = Flags::read(call.rest(), &["--only"], &[]);
    if flags.operands != ["deps.get"] {
        return None;
    }
    let mut install = Install::new(Manager::Mix, "mix deps.get", &call.folder);
    install.keeps_lock = flags.has(&["--check-locked"]);
    Some(install)
}
