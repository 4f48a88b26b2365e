//! What counts as an install, and what of it is known.

use super::{Install, Manager, Rest, RunInstalls, StageInstalls};
use crate::model::Model;
use crate::syntax::parse;

fn run(lines: &str) -> Option<RunInstalls> {
    let text = format!("FROM a\nWORKDIR /app\n{lines}\n");
    let file = parse(&text);
    let model = Model::new(&file);
    StageInstalls::of(&model, &model.stages[0])?.runs.into_iter().flatten().next()
}

fn only(command: &str) -> Install {
    let run = run(&format!("RUN {command}")).unwrap_or_else(|| panic!("{command} installs something"));
    run.installs.into_iter().next().unwrap()
}

#[test]
fn installs_are_told_from_other_commands() {
    use Manager as M;
    for (command, manager, shown, folder) in [
        ("npm ci", M::Npm, "npm ci", "/app"),
        ("npm ci --omit=dev --no-audit", M::Npm, "npm ci", "/app"),
        ("npm --prefix web ci", M::Npm, "npm ci", "/app/web"),
        ("npm i --only production", M::Npm, "npm i", "/app"),
        ("cd web && npm install", M::Npm, "npm install", "/app/web"),
        ("[\"npm\", \"ci\"]", M::Npm, "npm ci", "/app"),
        ("yarn", M::Yarn, "yarn", "/app"),
        ("yarn --prod --cwd ui", M::Yarn, "yarn", "/app/ui"),
        ("yarn install --frozen-lockfile", M::Yarn, "yarn install", "/app"),
        ("pnpm i --frozen-lockfile", M::Pnpm, "pnpm i", "/app"),
        ("pip3 install --no-cache-dir -r requirements.txt", M::Pip, "pip install -r requirements.txt", "/app"),
        ("pip install -rrequirements.txt", M::Pip, "pip install -r requirements.txt", "/app"),
        ("python3 -m pip install --requirement=a/b.txt", M::Pip, "pip install -r a/b.txt", "/app"),
        ("uv pip install --system -r r.txt", M::Pip, "pip install -r r.txt", "/app"),
        ("uv sync --frozen", M::Uv, "uv sync", "/app"),
        ("poetry install --no-root --only main", M::Poetry, "poetry install", "/app"),
        ("pipenv install --system --deploy", M::Pipenv, "pipenv install", "/app"),
        ("go mod download -x", M::Go, "go mod download", "/app"),
        ("cargo fetch --locked", M::Cargo, "cargo fetch", "/app"),
        ("bundle install --without development test", M::Bundler, "bundle install", "/app"),
        ("composer install -d /app/api", M::Composer, "composer install", "/app/api"),
        ("mvn -B dependency:go-offline", M::Maven, "mvn dependency:go-offline", "/app"),
        ("./gradlew --no-daemon dependencies", M::Gradle, "gradlew dependencies", "/app"),
        ("dotnet restore src/a.csproj", M::Dotnet, "dotnet restore src/a.csproj", "/app"),
        ("mix deps.get --only prod", M::Mix, "mix deps.get", "/app"),
    ] {
        let install = only(command);
        assert_eq!((install.manager, install.command.as_str()), (manager, shown), "{command}");
        assert_eq!(install.folder.as_str(), folder, "{command}");
    }
    for command in [
        "npm install -g yarn",
        "npm install --global .",
        "npm install express",
        "npm install .",
        "npm install $PACKAGES",
        "npm run build",
        "npm ci -w web",
        "yarn build",
        "yarn add left-pad",
        "yarn --version",
        "pnpm -r install",
        "pip install flask",
        "pip install .",
        "pip install -e . -r requirements.txt",
        "pip install -r requirements.txt ./lib",
        "pip download -r requirements.txt",
        "pip install -r $FILE",
        "pip install -r *.txt",
        "git clone https://example.org/a . && npm ci",
        "go build ./...",
        "go mod download example.org/a@v1.0.0",
        "cargo build",
        "mvn package",
        "gradle build",
        "dotnet publish",
        "npm ci || true && echo `npm ci`; false || npm ci",
        "if [ -f package.json ]; then npm ci; fi",
        "cd $SOMEWHERE && npm ci",
    ] {
        let run = run(&format!("RUN {command}"));
        // A list with `||` still has a first command.
        assert!(run.is_none() || command.contains("|| true"), "{command}: {run:?}");
    }
}

#[test]
fn what_the_command_says_is_kept() {
    assert!(only("npm ci").keeps_lock && !only("npm install").keeps_lock);
    assert!(!only("npm ci --ignore-scripts").runs_scripts && only("npm ci --ignore-scripts=false").runs_scripts);
    assert_eq!(only("npm ci --odd").doubts.len(), 1);
    assert_eq!(only("npm ci --cache .npm").doubts.len(), 1);
    let named: Vec<String> = only("pip install -r a.txt -r ../b.txt -c c/d.txt -r https://example.org/e.txt")
        .named
        .iter()
        .map(|p| p.as_str().to_owned())
        .collect();
    assert_eq!(named, ["/app/a.txt", "/b.txt", "/app/c/d.txt"]);
    assert!(only("poetry install").blocker.is_some() && only("poetry install --no-root").blocker.is_none());
    assert!(only("uv sync").blocker.is_some() && only("uv sync --no-install-project").blocker.is_none());
    assert!(only("python -m pip install -r a.txt").doubts[0].contains("imports"));
}

#[test]
fn manifests_that_a_mount_brings_need_no_copy() {
    let mounted = |flags: &str| run(&format!("RUN {flags} npm ci")).unwrap().mounted;
    assert!(mounted("--mount=type=bind,source=package.json,target=package.json"));
    assert!(mounted("--mount=target=."));
    assert!(!mounted("--mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc"));
}

#[test]
fn other_commands_of_the_run_are_judged() {
    let other = |command: &str| Rest::Other(command.to_owned());
    for (command, want) in [
        ("npm ci", Rest::Nothing),
        ("set -ex; npm ci && npm cache clean --force", Rest::Nothing),
        ("apt-get install -y git && npm ci && rm -rf /var/lib/apt/lists/*", Rest::Harmless),
        ("npm ci && rm -rf ./*", other("")),
        ("apk add $TOOLS && . ~/.nvm/nvm.sh && bundle install --jobs \"$(nproc)\"", Rest::Harmless),
        ("npm ci && rm -rf /tmp/x ~/.npm", Rest::Nothing),
        ("apt-get update && npm ci && rm -rf /tmp/x", Rest::Harmless),
        ("npm ci --quiet > /dev/null 2>&1", Rest::Nothing),
        ("pip install --upgrade pip && pip install -r r.txt", Rest::Nothing),
        ("npm install -g npm@10 && npm ci", Rest::Harmless),
        ("NODE_ENV=production npm ci", Rest::Harmless),
        ("npm ci && npm run build", other("npm run build")),
        ("npm ci && chown -R node:node /app", other("chown -R node:node")),
        ("npm ci | tee log && npm ci", other("")),
        ("npm ci > log", other("")),
        ("npm ci || npm install", other("")),
        ("npm ci & npm ci", other("")),
        ("A=1; npm ci", other("")),
    ] {
        let got = run(&format!("RUN {command}")).unwrap_or_else(|| panic!("{command}")).rest;
        let same = match (&got, &want) {
            (Rest::Other(_), Rest::Other(name)) if name.is_empty() => true,
            (got, want) => got == want,
        };
        assert!(same, "{command}: {got:?}");
    }
}
