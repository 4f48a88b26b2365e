//! Package managers of which only the list of manifests is known: that nothing else matters to them is
//! never shown.

use super::npm::package;
use super::{Needs, Place, inside};
use crate::context::Project;
use serde_json::Value;

/// The files of `names` that are there; beyond reach if one of `required` is not.
fn files(project: &Project, place: Place<'_>, required: &[&str], optional: &[&str]) -> Needs {
    let mut needs = Needs::default();
    for name in required {
        if !project.has(&place.inside(name)) {
            return needs.absent(&place.inside(name));
        }
    }
    let all = required.iter().chain(optional).map(|name| place.inside(name));
    needs.files.extend(all.filter(|path| project.has(path)));
    needs
}

fn unproven(mut needs: Needs, command: &str) -> Needs {
    needs.doubt(format!("whether `{command}` reads more than its manifests is not worked out"));
    needs
}

/// What `pnpm install` needs at `place`.
pub fn pnpm(project: &Project, place: Place<'_>, runs_scripts: bool) -> Needs {
    let mut needs = files(project, place, &["package.json"], &["pnpm-lock.yaml", ".npmrc", ".pnpmfile.cjs"]);
    let workspace = place.inside("pnpm-workspace.yaml");
    if let Some(text) = project.text(&workspace) {
        if text.lines().any(|l| l.trim_start().starts_with("packages:")) {
            return needs.beyond("pnpm-workspace.yaml lists packages, whose manifests are needed as well");
        }
        needs.files.push(workspace);
    }
    if place.above().any(|up| project.has(&inside(up, "pnpm-workspace.yaml"))) {
        return needs.beyond("the package belongs to the workspace of a folder above");
    }
    needs.folders.extend(Some(place.inside("patches")).filter(|path| project.has(path)));
    let scripts = ["preinstall", "install", "postinstall", "prepublish", "prepare", "pnpm:devPreinstall"];
    let text = project.text(&place.inside("package.json")).unwrap_or_default();
    let lock = project.text(&place.inside("pnpm-lock.yaml")).unwrap_or_default();
    if ["link:", "file:"].iter().any(|mark| lock.contains(mark)) {
        return needs.beyond("pnpm-lock.yaml takes a package from a folder of the project");
    }
    unproven(package(needs, project, place, &text, runs_scripts, &scripts), "pnpm install")
}

/// What `poetry install --no-root` needs at `place`.
pub fn poetry(project: &Project, place: Place<'_>) -> Needs {
    let needs = files(project, place, &["pyproject.toml"], &["poetry.lock", "poetry.toml"]);
    unproven(python(needs, project, place), "poetry install")
}

/// What `uv sync --no-install-project` needs at `place`.
pub fn uv(project: &Project, place: Place<'_>) -> Needs {
    let needs = files(project, place, &["pyproject.toml"], &["uv.lock", "uv.toml", ".python-version"]);
    unproven(python(needs, project, place), "uv sync")
}

/// A `pyproject.toml` that takes packages from folders.
fn python(needs: Needs, project: &Project, place: Place<'_>) -> Needs {
    let text = project.text(&place.inside("pyproject.toml")).unwrap_or_default();
    let local = |line: &str| {
        let line = line.split('#').next().unwrap_or_default().replace(' ', "");
        line.contains("path=\"") || line.contains("path='") || line.contains("workspace=true") || line.contains("file:")
    };
    if text.lines().any(local) || text.contains("[tool.uv.workspace]") {
        return needs.beyond("pyproject.toml takes a package from a folder of the project");
    }
    needs
}

/// What `pipenv install` needs at `place`.
pub fn pipenv(project: &Project, place: Place<'_>) -> Needs {
    let needs = files(project, place, &["Pipfile"], &["Pipfile.lock"]);
    let text = project.text(&place.inside("Pipfile")).unwrap_or_default();
    let compact = text.replace(' ', "");
    if compact.contains("path=") || compact.contains("file=") || compact.contains("editable=true") {
        return needs.beyond("Pipfile takes a package from a folder of the project");
    }
    unproven(needs, "pipenv install")
}

/// What `bundle install` needs at `place`.
pub fn bundler(project: &Project, place: Place<'_>) -> Needs {
    let needs =
        files(project, place, &["Gemfile"], &["Gemfile.lock", ".ruby-version", ".tool-versions", ".bundle/config"]);
    let text = project.text(&place.inside("Gemfile")).unwrap_or_default();
    // A Gemfile is Ruby and may read anything.
    let reads =
        ["gemspec", "path:", ":path", "path ", "eval_gemfile", "require_relative", "File.", "Dir.", "Dir[", "load "];
    let code = |line: &&str| !line.trim_start().starts_with('#');
    let read = |line: &str| reads.iter().any(|word| line.contains(word)) && !line.contains(".ruby-version");
    if text.lines().filter(code).any(read) {
        return needs.beyond("Gemfile reads other files of the project");
    }
    unproven(needs, "bundle install")
}

/// What `composer install --no-scripts --no-autoloader` needs at `place`.
pub fn composer(project: &Project, place: Place<'_>) -> Needs {
    let needs = files(project, place, &["composer.json"], &["composer.lock", "auth.json", "symfony.lock"]);
    let text = project.text(&place.inside("composer.json")).unwrap_or_default();
    let Ok(value) = serde_json::from_str::<Value>(&text) else { return needs.beyond("composer.json can't be read") };
    let repositories = match value.get("repositories") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(Value::Object(object)) => object.values().collect(),
        _ => Vec::new(),
    };
    let local = |r: &&Value| matches!(r.get("type").and_then(Value::as_str), Some("path" | "artifact" | "package"));
    if repositories.iter().any(local) {
        return needs.beyond("composer.json takes a package from a folder of the project");
    }
    unproven(needs, "composer install")
}

/// What `mvn dependency:go-offline` needs for the files `named`, or for `pom.xml` in `folder`.
pub fn maven(project: &Project, place: Place<'_>, named: &[String]) -> Needs {
    let pom = named.first().cloned().unwrap_or_else(|| place.inside("pom.xml"));
    let mut needs = Needs::default();
    let Some(text) = project.text(&pom) else { return needs.absent(&pom) };
    needs.files.push(pom);
    for other in named.iter().skip(1) {
        if !project.has(other) {
            return needs.beyond(format!("the context has no {other}"));
        }
        needs.files.push(other.clone());
    }
    if text.contains("<module>") {
        return needs.beyond("pom.xml has modules, whose manifests are needed as well");
    }
    let parent =
        text.split_once("<parent>").and_then(|(_, rest)| rest.split_once("</parent>")).map(|(parent, _)| parent);
    let above_there = place.above().any(|up| project.has(&inside(up, "pom.xml")));
    let empty =
        |p: &str| p.contains("<relativePath/>") || p.contains("<relativePath />") || p.contains("<relativePath></");
    if parent.is_some_and(|p| !empty(p) && (p.contains("<relativePath>") || above_there)) {
        return needs.beyond("pom.xml has a parent in another folder");
    }
    if text.contains("<systemPath>") || text.contains("${project.basedir}") || text.contains("${basedir}") {
        return needs.beyond("pom.xml names files of the project");
    }
    needs.folders.extend(Some(place.inside(".mvn")).filter(|path| project.has(path)));
    unproven(needs, "mvn")
}

/// What `gradle dependencies` needs at `place`; `wrapper` says that the project's own Gradle runs.
pub fn gradle(project: &Project, place: Place<'_>, wrapper: bool) -> Needs {
    let names = [
        "build.gradle",
        "build.gradle.kts",
        "settings.gradle",
        "settings.gradle.kts",
        "gradle.properties",
        "gradle.lockfile",
    ];
    let mut needs = files(project, place, &[], &names);
    if needs.files.is_empty() {
        return needs.absent(&place.inside("build.gradle"));
    }
    if project.has(&place.inside("buildSrc")) {
        return needs.beyond("buildSrc is a part of the build");
    }
    let reads =
        ["include ", "include(", "includeBuild", "apply from", "apply(from", "fileTree", "files(", "rootProject.file"];
    let text: String = needs.files.iter().filter_map(|path| project.text(path)).collect();
    if reads.iter().any(|word| text.contains(word)) {
        return needs.beyond("the build files name other files of the project");
    }
    if wrapper {
        needs.files.push(place.inside("gradlew"));
        if !project.has(&place.inside("gradlew")) {
            return needs.beyond("the context has no gradlew there");
        }
    }
    needs.folders.extend(Some(place.inside("gradle")).filter(|path| project.has(path)));
    unproven(needs, "gradle dependencies")
}

/// What `dotnet restore` needs for the project files `named`, which must be one.
pub fn dotnet(project: &Project, place: Place<'_>, named: &[String]) -> Needs {
    let mut needs = Needs::default();
    let [file] = named else { return needs.beyond("which project files are needed is not told by the command") };
    let Some(text) = project.text(file) else { return needs.absent(file) };
    if !file.ends_with("proj") || text.contains("<ProjectReference") || text.contains("<Import ") {
        return needs.beyond(format!("{file} names other projects"));
    }
    needs.files.push(file.clone());
    let own = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let names = [
        "nuget.config",
        "NuGet.Config",
        "NuGet.config",
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Packages.props",
        "global.json",
        "packages.lock.json",
    ];
    // Each of them also counts in the folders above.
    let above = Place { root: place.root, folder: own }.above();
    let mut folders: Vec<&str> = std::iter::once(own).chain(above).chain(std::iter::once(place.folder)).collect();
    folders.dedup();
    for folder in folders {
        for path in names.iter().map(|name| inside(folder, name)).filter(|path| project.has(path)) {
            if !needs.files.contains(&path) {
                needs.files.push(path);
            }
        }
    }
    unproven(needs, "dotnet restore")
}

/// What `mix deps.get` needs at `place`.
pub fn mix(project: &Project, place: Place<'_>) -> Needs {
    let needs = files(project, place, &["mix.exs"], &["mix.lock"]);
    let text = project.text(&place.inside("mix.exs")).unwrap_or_default();
    let reads = ["path:", "apps_path", "in_umbrella", "File.", "Code."];
    if reads.iter().any(|word| text.contains(word)) {
        return needs.beyond("mix.exs names other files of the project");
    }
    unproven(needs, "mix deps.get")
}
