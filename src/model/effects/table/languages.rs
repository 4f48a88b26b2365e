//! The package managers of Go, Rust, Ruby, .NET, Perl and PHP.

use super::{Known, Operands, Place, Style, project, strict};

const GO: &str = "go command 1.22: `go install pkg@version` ignores go.mod; GOPATH is ~/go, in the image of Go /go";
const CARGO: &str = "The Cargo Book, cargo install, cargo fetch; rustup's proxies read rust-toolchain.toml";
const RUSTUP: &str = "The rustup book, Overrides: component and target belong to the toolchain of the folder";
const GEM: &str = "RubyGems 3.4, `gem help install`: without --remote, gems of the folder count";

/// Where Go keeps modules and programs.
const GOPATH: &[Place] = &[Place::Home, Place::Installs, Place::At("/go"), Place::At("/tmp")];
const GOPATH_HERE: &[Place] = &[Place::Home, Place::Installs, Place::At("/go"), Place::At("/tmp"), Place::Folder];
const INSTALLED: &[Place] = &[Place::System, Place::Home, Place::Installs, Place::At("/tmp")];

pub(super) static TABLE: &[Known] = &[
    Known {
        subcommands: &["install"],
        style: Style::OneDash,
        reads: &[Place::Home],
        writes: GOPATH,
        switches: &["-v", "-x", "-a", "-trimpath", "-race"],
        values: &["-tags", "-ldflags", "-gcflags", "-p"],
        needs_operand: true,
        seconds: 15.0,
        ..strict(&["go"], Operands::Modules, GO)
    },
    Known {
        subcommands: &["get"],
        style: Style::OneDash,
        reads: &[Place::Anywhere],
        writes: GOPATH_HERE,
        switches: &["-u", "-d", "-v", "-t", "-x", "-insecure", "-f", "-fix"],
        values: &["-tags"],
        seconds: 10.0,
        ..strict(&["go"], Operands::Text, GO)
    },
    Known {
        subcommands: &["mod download", "mod tidy", "mod verify", "mod init", "mod vendor"],
        style: Style::OneDash,
        reads: &[Place::Anywhere],
        writes: GOPATH_HERE,
        switches: &["-x", "-v", "-json"],
        seconds: 10.0,
        ..strict(&["go"], Operands::Text, GO)
    },
    Known {
        subcommands: &["clean"],
        style: Style::OneDash,
        needs: &["-cache", "-modcache", "-testcache"],
        reads: &[Place::Anywhere],
        writes: GOPATH,
        switches: &["-cache", "-modcache", "-testcache"],
        seconds: 1.0,
        ..strict(&["go"], Operands::None, GO)
    },
    Known {
        subcommands: &["env"],
        style: Style::OneDash,
        needs: &["-w"],
        reads: &[Place::Anywhere],
        writes: &[Place::Home, Place::Installs],
        switches: &["-w"],
        configures: true,
        ..strict(&["go"], Operands::Text, GO)
    },
    project(&["go"], &["build", "install", "test", "run", "get", "mod download", "mod vendor"], 20.0),
    project(&["go"], &["generate", "vet", "mod tidy"], 10.0),
    Known {
        subcommands: &["install"],
        reads: &[Place::Anywhere],
        writes: INSTALLED,
        switches: &["--locked", "--force", "-f", "--debug", "--no-default-features", "-q", "--all-features", "--quiet"],
        values: &[
            "--version",
            "--features",
            "--git",
            "--branch",
            "--tag",
            "--rev",
            "--target",
            "--profile",
            "-j",
            "--vers",
        ],
        paths: &["--root"],
        needs_operand: true,
        seconds: 60.0,
        ..strict(&["cargo"], Operands::Names, CARGO)
    },
    Known {
        subcommands: &["fetch"],
        reads: &[Place::Anywhere],
        writes: &[Place::System, Place::Home, Place::Installs, Place::Folder],
        switches: &["--locked", "-q", "--quiet", "--frozen"],
        values: &["--target"],
        seconds: 10.0,
        ..strict(&["cargo"], Operands::None, CARGO)
    },
    project(&["cargo"], &["chef prepare", "fetch", "fmt", "vendor"], 5.0),
    project(&["cargo"], &["build", "install", "test", "bench", "chef cook", "clippy", "run", "rustc", "check"], 90.0),
    Known {
        subcommands: &["default", "toolchain install", "update", "install", "set profile", "self update"],
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: &["--no-self-update", "-q", "--quiet", "-v", "--force"],
        values: &["--profile", "-c", "--component", "-t", "--target"],
        needs_operand: true,
        seconds: 20.0,
        ..strict(&["rustup"], Operands::Names, RUSTUP)
    },
    Known {
        subcommands: &["component add", "target add", "component remove"],
        reads: &[Place::Anywhere],
        writes: INSTALLED,
        values: &["--toolchain"],
        seconds: 8.0,
        ..strict(&["rustup"], Operands::Names, RUSTUP)
    },
    Known {
        subcommands: &["install"],
        needs: &["-r", "--remote"],
        reads: &[Place::Home],
        writes: INSTALLED,
        switches: GEM_REMOTE,
        values: GEM_VALUES,
        paths: GEM_PATHS,
        needs_operand: true,
        seconds: 10.0,
        ..strict(&["gem"], Operands::Names, GEM)
    },
    Known {
        subcommands: &["install"],
        reads: &[Place::Home, Place::Folder],
        writes: INSTALLED,
        switches: GEM_SWITCHES,
        values: GEM_VALUES,
        paths: GEM_PATHS,
        needs_operand: true,
        seconds: 10.0,
        ..strict(&["gem"], Operands::Names, GEM)
    },
    Known {
        subcommands: &["uninstall", "update", "cleanup"],
        reads: &[Place::Home, Place::Folder],
        writes: INSTALLED,
        switches: &["-a", "-x", "-I", "--all", "--force", "--system", "-N", "--no-document", "--no-rdoc", "--no-ri"],
        values: GEM_VALUES,
        paths: GEM_PATHS,
        seconds: 5.0,
        ..strict(&["gem"], Operands::Names, GEM)
    },
    project(&["gem"], &["install", "build"], 10.0),
    Known {
        subcommands: &["config"],
        reads: &[Place::Anywhere],
        writes: &[Place::System, Place::Home, Place::Installs, Place::Folder],
        switches: &["--global", "--local", "--delete"],
        configures: true,
        ..strict(&["bundle", "bundler"], Operands::Text, "Bundler 2.4, bundle-config(1)")
    },
    project(&["bundle", "bundler"], &["install", "update", "package"], 30.0),
    project(&["bundle", "bundler"], &["exec"], 10.0),
    project(&["bundle", "bundler"], &["config", "check", "clean"], 1.0),
    Known {
        subcommands: &["tool install", "tool update"],
        needs: &["-g", "--global", "--tool-path"],
        reads: &[Place::Anywhere],
        writes: INSTALLED,
        switches: &["-g", "--global", "--no-cache", "--ignore-failed-sources"],
        values: &["--version", "-v", "--verbosity", "--framework"],
        sources: &["--add-source", "--configfile"],
        paths: &["--tool-path"],
        needs_operand: true,
        seconds: 8.0,
        ..strict(
            &["dotnet"],
            Operands::Names,
            ".NET 8 CLI, dotnet tool install; global.json and nuget.config are looked up",
        )
    },
    Known {
        switches: &["-n", "--notest", "-q", "--quiet", "-v", "--verbose", "--force", "-f", "--reinstall"],
        // A file with the name of the module comes first.
        reads: &[Place::Home, Place::Folder],
        writes: INSTALLED,
        needs_operand: true,
        seconds: 20.0,
        ..strict(&["cpanm"], Operands::Names, "cpanm 1.7047, App::cpanminus")
    },
    project(&["composer"], &["install", "update", "require", "create-project"], 20.0),
    project(&["composer"], &["dump-autoload", "dumpautoload", "run-script", "run", "config"], 3.0),
];

const GEM_SWITCHES: &[&str] = &[
    "--no-document",
    "--no-rdoc",
    "--no-ri",
    "-N",
    "-f",
    "--force",
    "--conservative",
    "-q",
    "--quiet",
    "--pre",
    "--user-install",
    "--no-user-install",
    "--minimal-deps",
];
const GEM_REMOTE: &[&str] = &[
    "-r",
    "--remote",
    "--no-document",
    "--no-rdoc",
    "--no-ri",
    "-N",
    "-f",
    "--force",
    "--conservative",
    "-q",
    "--quiet",
    "--pre",
    "--user-install",
    "--no-user-install",
    "--minimal-deps",
];
const GEM_VALUES: &[&str] = &["-v", "--version", "-s", "--source"];
const GEM_PATHS: &[&str] = &["-i", "--install-dir", "-n", "--bindir", "--build-root"];
