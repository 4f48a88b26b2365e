//! The package managers, and where each keeps what it fetched.

/// What is known of a package manager.
#[derive(Debug)]
pub(super) struct Manager {
    /// What it is called in a message.
    pub(super) name: &'static str,
    programs: &'static [&'static str],
    /// The first operands with which it fetches or uses packages; an empty word stands for none.
    subcommands: &'static [&'static str],
    /// The folders of its cache when root runs it.
    pub(super) targets: &'static [&'static str],
    /// Whether two builds at once would disturb each other in there.
    pub(super) locked: bool,
    /// The names of the images for which the folders are known to be these; empty for all.
    pub(super) images: &'static [&'static str],
    /// Variables and options that name another folder, or switch the cache off.
    pub(super) settings: &'static [&'static str],
    /// Flags that leave the cache out.
    pub(super) without: &'static [&'static str],
    /// Whether what was fetched is also used when the container runs, or by steps without a mount.
    pub(super) kept: bool,
    /// Whether the fix is known to work.
    pub(super) mends: bool,
    /// What else there is to know, for the help; may be empty.
    pub(super) trap: &'static str,
}

/// One of these is in the text of each RUN with a manager.
pub(super) const HINTS: &[&str] = &[
    "install",
    "apk",
    "npm",
    "yarn",
    "go ",
    "cargo",
    "mvn",
    "gradle",
    "composer",
    "dotnet",
    "uv ",
    "upgrade",
    "build-dep",
];

const PLAIN: Manager = Manager {
    name: "",
    programs: &[],
    subcommands: &[],
    targets: &[],
    locked: false,
    images: &[],
    settings: &[],
    without: &[],
    kept: false,
    mends: false,
    trap: "",
};

/// The folders are the defaults in the manuals and in the documentation of the images; see the document
/// of the rule. `mends` is set where a build with the mount was tried, or where Docker's documentation
/// on cache mounts has the very folder.
pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        name: "apt-get",
        programs: &["apt-get"],
        subcommands: &["install", "upgrade", "dist-upgrade", "build-dep"],
        targets: &["/var/cache/apt", "/var/lib/apt/lists"],
        locked: true,
        settings: &["Dir::", "/etc/apt/apt.conf"],
        mends: true,
        trap: "another one for /var/lib/apt/lists, both with `sharing=locked`; remove /etc/apt/apt.conf.d/docker-clean, which \
               empties the cache, and don't remove the lists",
        ..PLAIN
    },
    Manager {
        name: "apt",
        programs: &["apt", "aptitude"],
        subcommands: &["install", "upgrade", "full-upgrade"],
        targets: &["/var/cache/apt", "/var/lib/apt/lists"],
        trap: "another one for /var/lib/apt/lists, both with `sharing=locked`; use apt-get, which keeps its downloads, remove \
               /etc/apt/apt.conf.d/docker-clean, and don't remove the lists",
        ..PLAIN
    },
    Manager {
        name: "apk",
        programs: &["apk"],
        subcommands: &["add", "upgrade"],
        targets: &["/var/cache/apk", "/etc/apk/cache"],
        trap: "link /etc/apk/cache to it, and leave out `--no-cache`",
        ..PLAIN
    },
    Manager {
        name: "dnf",
        programs: &["dnf", "yum", "microdnf"],
        subcommands: &["install", "update", "upgrade", "groupinstall", "localinstall"],
        targets: &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"],
        trap: "yum and dnf5 have /var/cache/yum and /var/cache/libdnf5; set `keepcache=1`, and leave out `clean all`",
        ..PLAIN
    },
    Manager {
        name: "pip",
        programs: &["pip", "pip3", "pip2"],
        subcommands: &["install", "wheel", "download"],
        targets: &["/root/.cache/pip"],
        settings: &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "--cache-dir", "XDG_CACHE_HOME"],
        without: &["--no-cache-dir"],
        mends: true,
        ..PLAIN
    },
    Manager {
        name: "uv",
        programs: &["uv"],
        subcommands: &["pip", "sync", "add", "tool"],
        targets: &["/root/.cache/uv"],
        settings: &["UV_CACHE_DIR", "UV_NO_CACHE", "--cache-dir", "XDG_CACHE_HOME"],
        without: &["--no-cache"],
        // Its links into the cache would point nowhere without the mount.
        trap: "set `UV_LINK_MODE=copy`, because a mount can't be linked to",
        ..PLAIN
    },
    Manager {
        name: "npm",
        programs: &["npm"],
        subcommands: &["ci", "install", "i", "add", "clean-install"],
        targets: &["/root/.npm"],
        settings: &["npm_config_cache", "NPM_CONFIG_CACHE", "--cache"],
        mends: true,
        ..PLAIN
    },
    Manager {
        name: "yarn",
        programs: &["yarn"],
        subcommands: &["install", "add", "global", ""],
        targets: &["/usr/local/share/.cache/yarn", "/root/.yarn"],
        trap: "from version 2 on it is /root/.yarn/berry/cache, or .yarn/cache in the project",
        ..PLAIN
    },
    Manager {
        name: "pnpm",
        programs: &["pnpm"],
        subcommands: &["install", "i", "add", "fetch"],
        targets: &["/root/.local/share/pnpm/store"],
        trap: "with PNPM_HOME set, it is the folder store in there",
        ..PLAIN
    },
    Manager {
        name: "go",
        programs: &["go"],
        subcommands: &["build", "install", "get", "test", "mod", "vet", "run"],
        targets: &["/go/pkg/mod", "/root/.cache/go-build"],
        images: &["golang"],
        settings: &["GOPATH", "GOMODCACHE", "GOCACHE", "GOFLAGS", "XDG_CACHE_HOME"],
        kept: true,
        mends: true,
        trap: "another one for /root/.cache/go-build, and both at all steps that run go",
        ..PLAIN
    },
    Manager {
        name: "cargo",
        programs: &["cargo"],
        subcommands: &["build", "install", "fetch", "test", "run", "check"],
        targets: &["/usr/local/cargo/registry", "/usr/local/cargo/git/db"],
        images: &["rust"],
        settings: &["CARGO_HOME"],
        kept: true,
        mends: true,
        trap: "another one for /usr/local/cargo/git/db; a mount for the folder target takes the program out of the image \
               unless the same step copies it",
        ..PLAIN
    },
    Manager {
        name: "mvn",
        programs: &["mvn", "mvnw"],
        subcommands: &[],
        targets: &["/root/.m2"],
        settings: &["maven.repo.local", "MAVEN_CONFIG", "localRepository"],
        kept: true,
        ..PLAIN
    },
    Manager {
        name: "gradle",
        programs: &["gradle", "gradlew"],
        subcommands: &[],
        targets: &["/root/.gradle", "/home/gradle/.gradle"],
        trap: "in the image gradle it is /home/gradle/.gradle; add `sharing=locked`, because two builds at once wait for each other",
        ..PLAIN
    },
    Manager {
        name: "bundle",
        programs: &["bundle", "bundler"],
        subcommands: &["install", ""],
        targets: &["/usr/local/bundle/cache"],
        trap: "the gems themselves are installed above it, and must stay in the image",
        ..PLAIN
    },
    Manager {
        name: "composer",
        programs: &["composer"],
        subcommands: &["install", "require", "update", "create-project"],
        targets: &["/root/.composer/cache", "/root/.cache/composer", "/tmp/cache"],
        trap: "in the image composer it is /tmp/cache",
        ..PLAIN
    },
    Manager {
        name: "dotnet",
        programs: &["dotnet"],
        subcommands: &["restore", "build", "publish", "test", "pack"],
        targets: &["/root/.nuget/packages"],
        settings: &["NUGET_PACKAGES"],
        kept: true,
        trap: "at all steps that run dotnet, since `--no-restore` needs what restore fetched",
        ..PLAIN
    },
];

impl Manager {
    /// Whether a command with these words fetches packages.
    pub(super) fn fetches(&self, words: &[String]) -> bool {
        let Some(program) = words.first() else { return false };
        // `pip3.11` is pip.
        let family = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let pip = family == "pip" && self.name == "pip";
        if !pip && !self.programs.contains(&program.as_str()) {
            return false;
        }
        if words.iter().any(|w| matches!(w.as_str(), "--help" | "--version" | "-version" | "-h" | "--print-uris")) {
            return false;
        }
        let mut rest = words[1..].iter();
        let mut operand = "";
        while let Some(word) = rest.next() {
            match word.as_str() {
                "-o" | "-c" | "-t" | "-C" | "-X" | "--prefix" | "--cwd" | "--dir" | "--repository" => drop(rest.next()),
                word if word.starts_with(['-', '+']) => {}
                word => {
                    operand = word;
                    break;
                }
            }
        }
        self.subcommands.is_empty() || self.subcommands.contains(&operand)
    }

    /// Whether a mount at `target` holds a part of the cache, or all of it.
    pub(super) fn uses(&self, target: &str) -> bool {
        self.targets.iter().any(|own| within(own, target) || within(target, own))
    }
}

/// Whether `path` is `folder` or stands in it.
pub(super) fn within(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
