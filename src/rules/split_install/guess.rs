//! The manifests of an install, where the build context is not known.

use crate::model::install::{Install, Manager};
use crate::syntax::Instruction;

/// Whether the stage speaks of several packages of one repository.
pub(super) fn has_workspace(steps: &[Instruction<'_>]) -> bool {
    const SIGNS: &[&str] = &["packages/", "apps/", "--filter", "--workspace", "workspaces", "turbo", "lerna", "nx "];
    steps.iter().any(|step| SIGNS.iter().any(|sign| step.joined().contains(sign)))
}

/// The folder beside the manifests that `install` fills.
pub(super) fn made_here(install: &Install) -> Option<&'static str> {
    match install.manager {
        Manager::Npm | Manager::Yarn | Manager::Pnpm => Some("node_modules"),
        Manager::Composer => Some("vendor"),
        Manager::Mix => Some("deps"),
        _ => None,
    }
}

/// The names of the manifests in the folder of `install`, as a COPY may write them; `None` if they can't
/// be told. A name that may be missing has a star at its end: COPY lets a pattern fit nothing as long
/// as another source is there (measured on BuildKit and on the classic builder 26.1).
pub(super) fn names(install: &Install) -> Option<&'static [&'static str]> {
    let strict = install.keeps_lock;
    Some(match install.manager {
        Manager::Npm if strict => &["package.json", "package-lock.json"],
        Manager::Npm => &["package*.json"],
        // Yarn 2 and newer have their own program and its plugins in the project.
        Manager::Yarn if install.command.contains("--immutable") => return None,
        Manager::Yarn if strict => &["package.json", "yarn.lock"],
        Manager::Yarn => &["package.json", "yarn.lock*"],
        Manager::Pnpm if strict => &["package.json", "pnpm-lock.yaml"],
        Manager::Pnpm => &["package.json", "pnpm-lock.yaml*"],
        Manager::Poetry => &["pyproject.toml", "poetry.lock*"],
        Manager::Uv if strict => &["pyproject.toml", "uv.lock"],
        Manager::Uv => &["pyproject.toml", "uv.lock*"],
        Manager::Pipenv if strict => &["Pipfile", "Pipfile.lock"],
        Manager::Pipenv => &["Pipfile*"],
        Manager::Go => &["go.mod", "go.sum"],
        Manager::Bundler => &["Gemfile*"],
        Manager::Composer => &["composer.json", "composer.lock*"],
        Manager::Maven => &["pom.xml"],
        Manager::Mix => &["mix.exs", "mix.lock*"],
        // What they read has names of the project's own.
        Manager::Gradle | Manager::Dotnet | Manager::Cargo => return None,
        // The command names them.
        Manager::Pip => &[],
    })
}
