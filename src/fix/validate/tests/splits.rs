//! A COPY split in two is shown only where the context leaves no doubt.

use super::super::{keeps_image, validate_safe};
use crate::context::{IgnoreFile, Project};
use crate::model::Model;
use crate::syntax::parse;
use std::fs;

const FILES: &[(&str, &str)] = &[
    (".dockerignore", "**/node_modules\n"),
    ("package.json", r#"{"dependencies": {"a": "1"}}"#),
    ("package-lock.json", r#"{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {}}}"#),
    ("server.js", ""),
    ("requirements.txt", "-r more.txt\n"),
    ("more.txt", "flask\n"),
    ("api/list.txt", "flask\n"),
    ("web/package.json", "{}"),
    ("web/package-lock.json", r#"{"lockfileVersion": 3, "packages": {"": {}}}"#),
    ("alone/package.json", "{}"),
    ("alone/npm-shrinkwrap.json", r#"{"lockfileVersion": 3, "packages": {"": {}}}"#),
];

/// Whether the split is shown in a context of [`FILES`] with `changed` in it.
fn shown(before: &str, after: &str, changed: &[(&str, &str)]) -> Result<(), String> {
    let root = tempfile::tempdir().unwrap();
    let mut ignore = IgnoreFile::default();
    for (name, text) in FILES.iter().chain(changed) {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        if *name == ".dockerignore" {
            ignore = IgnoreFile::parse(text).unwrap();
        }
    }
    let project = Project::new(root.path().to_owned(), ignore);
    let [before, after] = [before, after].map(|lines| format!("FROM a\n{lines}\n"));
    assert!(validate_safe(&before, &after).is_err(), "without a context nothing is shown");
    let (before, after) = (parse(&before), parse(&after));
    keeps_image(&Model::new(&before), &Model::new(&after), Some(&project)).map_err(|e| e.to_string())
}

#[track_caller]
fn same(before: &str, after: &str) {
    assert_eq!(shown(before, after, &[]), Ok(()), "\n{before}\n-- to --\n{after}");
}

#[track_caller]
fn other(before: &str, after: &str) {
    assert!(shown(before, after, &[]).is_err(), "\n{before}\n-- to --\n{after}");
}

const BEFORE: &str = "WORKDIR /app\nCOPY . .\nRUN npm ci\nCMD x";
const AFTER: &str = "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD x";

#[test]
fn splits_that_are_the_same() {
    same(BEFORE, AFTER);
    same(BEFORE, &AFTER.replace("package-lock.json ./", "package-lock.json /app/"));
    same(BEFORE, &AFTER.replace("COPY package.json", "COPY package.json ./\nCOPY"));
    same(BEFORE, &AFTER.replace("COPY package.json", "COPY server.js package.json"));
    let owned = |text: &str| text.replace("COPY", "COPY --chown=1:1");
    same(&owned(BEFORE), &owned(AFTER));
    same(
        &BEFORE.replace("RUN", "ENV NODE_ENV=production\nUSER node\nRUN"),
        &AFTER.replace("COPY package", "ENV NODE_ENV=production\nUSER node\nCOPY package"),
    );
    same(
        "WORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt",
        "WORKDIR /app\nCOPY requirements.txt more.txt ./\nRUN pip install -r requirements.txt\nCOPY . .",
    );
    same(
        "WORKDIR /app/api\nADD . /app\nRUN pip install -r list.txt",
        "WORKDIR /app/api\nCOPY api/list.txt /app/api/\nRUN pip install -r list.txt\nADD . /app",
    );
    same(
        "WORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY . .\nRUN npm ci",
        "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .",
    );
    same(
        "WORKDIR /w\nCOPY alone .\nRUN --mount=type=cache,target=/root/.npm npm ci",
        "WORKDIR /w\nCOPY alone/package.json alone/npm-shrinkwrap.json ./\n\
         RUN --mount=type=cache,target=/root/.npm npm ci\nCOPY alone .",
    );
}

#[test]
fn a_manifest_that_is_left_out_or_goes_elsewhere() {
    for wrong in [
        "COPY package.json ./",
        "COPY package-lock.json ./",
        "COPY package*.json ./",
        "COPY web/package.json web/package-lock.json ./",
        "COPY package.json package-lock.json ./web/",
        "COPY package.json package-lock.json /",
        "COPY --chown=1 package.json package-lock.json ./",
        "COPY --chmod=600 package.json package-lock.json ./",
        "COPY --from=b package.json package-lock.json ./",
        "ADD package.json package-lock.json ./",
        "COPY package.json package-lock.json web ./",
        "COPY package.json package-lock.json none.json ./",
        "COPY <<EOF package.json package-lock.json ./\nEOF",
        "RUN true\nCOPY package.json package-lock.json ./",
    ] {
        other(BEFORE, &AFTER.replace("COPY package.json package-lock.json ./", wrong));
    }
    other(
        "WORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt",
        "WORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .",
    );
    // What is copied first and changed before the install is not what it was.
    other(
        "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN sed -i s/a/b/ package.json\nCOPY . .\nRUN npm ci",
        "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN sed -i s/a/b/ package.json\nRUN npm ci\nCOPY . .",
    );
    other(
        "WORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY web/package.json ./\nCOPY . .\nRUN npm ci",
        "WORKDIR /app\nCOPY package.json package-lock.json ./\nCOPY web/package.json ./\nRUN npm ci\nCOPY . .",
    );
    // A copy more, without a swap, and a step between.
    other(BEFORE, &BEFORE.replace("COPY", "COPY package.json package-lock.json ./\nCOPY"));
    other(
        "WORKDIR /app\nCOPY . .\nRUN make\nRUN npm ci",
        "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN make",
    );
    other(
        "WORKDIR /app\nCOPY . .\nRUN make\nRUN npm ci",
        "WORKDIR /app\nRUN make\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .",
    );
    other(
        "WORKDIR /app\nCOPY . .\nWORKDIR /app/web\nRUN npm ci",
        "WORKDIR /app\nWORKDIR /app/web\nCOPY web/package.json web/package-lock.json ./\nRUN npm ci\nCOPY . .",
    );
}

#[test]
fn installs_that_may_need_more() {
    for run in [
        "npm install",
        "npm ci && npm run build",
        "npm ci && ls",
        "npm ci --odd",
        "npm ci -w web",
        "npm ci | cat",
        "NODE_ENV=x npm ci",
        "npm ci --cache .npm",
        "npm ci --registry file:x",
        "A=1 pip install -U pip && npm ci",
        "pip install -r requirements.txt -i file:///app",
        "pip install -r requirements.txt -r file:///app/more.txt",
        "yarn install --frozen-lockfile",
        "bundle install",
        "python -m pip install -r requirements.txt",
        "make",
    ] {
        let run = format!("RUN {run}");
        other(&BEFORE.replace("RUN npm ci", &run), &AFTER.replace("RUN npm ci", &run));
    }
    for flag in [
        "--mount=type=cache,target=/app/.cache",
        "--mount=type=cache,target=x",
        "--mount=source=.",
        "--security=insecure",
    ] {
        let run = format!("RUN {flag} npm ci");
        other(&BEFORE.replace("RUN npm ci", &run), &AFTER.replace("RUN npm ci", &run));
    }
    for env in [
        "ENV NPM_CONFIG_CACHE=/app/.npm",
        "ENV PATH=/app/bin:$PATH",
        "ARG NPM_CONFIG_PREFIX",
        "ENV NODE_PATH=lib",
        "SHELL [\"/bin/csh\"]",
    ] {
        other(&format!("{env}\n{BEFORE}"), &format!("{env}\n{AFTER}"));
    }
    for copy in ["COPY --link . .", "COPY --exclude=x . .", "COPY * .", "COPY . ./", "COPY . web ./", "COPY $DIR ."] {
        if copy != "COPY . ./" {
            other(&BEFORE.replace("COPY . .", copy), &AFTER.replace("COPY . .", copy));
        }
    }
}

#[test]
fn folders_that_others_write_or_make() {
    for folder in ["/", "/root", "/home/node", "/usr/local", "/go", "/tmp", "/tmp/app", "/etc"] {
        let at = |text: &str| text.replace("/app", folder);
        other(&at(BEFORE), &at(AFTER));
    }
    for line in ["", "WORKDIR app", "WORKDIR $DIR", "RUN mkdir /app"] {
        other(&BEFORE.replace("WORKDIR /app", line), &AFTER.replace("WORKDIR /app", line));
    }
    other(
        "COPY . /app\nWORKDIR /app\nRUN npm ci",
        "WORKDIR /app\nCOPY package.json package-lock.json /app/\nRUN npm ci\nCOPY . /app",
    );
    other(
        "WORKDIR /app\nCOPY . .\nRUN cd web && npm ci",
        "WORKDIR /app\nCOPY web/package.json web/package-lock.json ./web/\nRUN cd web && npm ci\nCOPY . .",
    );
}

#[test]
fn contexts_that_leave_a_doubt() {
    for changed in [
        (".dockerignore", ""),
        (".dockerignore", "node_modules\n!node_modules/x\n"),
        (".dockerignore", "node_modules\npackage-lock.json\n"),
        ("package.json", r#"{"scripts": {"prepare": "x"}}"#),
        ("package.json", r#"{"workspaces": ["web"]}"#),
        ("package.json", r#"{"dependencies": {"a": "file:web"}}"#),
        ("package-lock.json", r#"{"lockfileVersion": 3, "packages": {"node_modules/a": {"hasInstallScript": true}}}"#),
        ("package-lock.json", r#"{"lockfileVersion": 1}"#),
        (".npmrc", "registry=https://example.org\n"),
        ("npm-shrinkwrap.json", r#"{"lockfileVersion": 3, "packages": {}}"#),
        ("binding.gyp", ""),
    ] {
        assert!(shown(BEFORE, AFTER, &[changed]).is_err(), "{changed:?}");
    }
    let with = AFTER.replace("package.json", "package.json .npmrc");
    assert_eq!(shown(BEFORE, &with, &[(".npmrc", "registry=https://example.org\n")]), Ok(()));
    assert!(shown(BEFORE, &with, &[(".npmrc", "prefix=x\n")]).is_err());
}

#[test]
fn the_reason_is_said() {
    assert_eq!(
        shown(BEFORE, AFTER, &[("package.json", r#"{"scripts": {"prepare": "x"}}"#)]).unwrap_err(),
        "RUN on line 4 can't be shown to find all that it needs above the COPY of the sources: package.json runs a \
         `prepare` script, which may need your sources"
    );
    assert_eq!(
        shown(BEFORE, &AFTER.replace(" package-lock.json", ""), &[]).unwrap_err(),
        "RUN on line 4 can't be shown to find all that it needs above the COPY of the sources: package-lock.json would \
         be missing"
    );
}

const NAMED: &str = "WORKDIR /app\nCOPY . .\nRUN apt-get install -y ./tool.deb";
const FIRST: &str = "WORKDIR /app\nCOPY tool.deb ./\nRUN apt-get install -y ./tool.deb\nCOPY . .";
const TOOL: &[(&str, &str)] = &[("tool.deb", ""), ("debs/tool.deb", ""), ("tools/debs/other.deb", "")];

#[test]
fn files_that_a_command_names_may_come_first() {
    let same = |before: &str, after: &str| {
        assert_eq!(shown(before, after, TOOL), Ok(()), "\n{before}\n-- to --\n{after}");
    };
    same(NAMED, FIRST);
    same(NAMED, &FIRST.replace("tool.deb ./", "server.js tool.deb /app/"));
    let owned = |text: &str| text.replace("COPY", "COPY --chown=1:1");
    same(&owned(NAMED), &owned(FIRST));
    let made = |text: &str| format!("WORKDIR /app/debs\n{}", text.replace("tool.deb", "debs/tool.deb"));
    same(&made(NAMED), &made(FIRST).replace("COPY debs/tool.deb ./", "COPY debs/tool.deb debs/"));
    let from = |text: &str| text.replace("COPY . .", "COPY tools/debs ./").replace("tool.deb", "other.deb");
    same(&from(NAMED), &from(FIRST).replace("COPY other", "COPY tools/debs/other"));
    let there = |text: &str| text.replace("COPY . .", "COPY tool.deb ./\nCOPY . .");
    same(&there(NAMED), FIRST);
    // A file that the context does not have came from above.
    let more = |text: &str| format!("{text}\nCMD x").replace("./tool.deb", "./tool.deb ./gone.deb");
    same(&more(NAMED), &more(FIRST));
}

#[test]
fn files_that_are_missing_or_not_all_that_is_read() {
    let other = |before: &str, after: &str| {
        assert!(shown(before, after, TOOL).is_err(), "\n{before}\n-- to --\n{after}");
    };
    let both = |change: &dyn Fn(&str) -> String| other(&change(NAMED), &change(FIRST));
    other(NAMED, &FIRST.replace("COPY tool.deb ./", "COPY server.js ./"));
    other(NAMED, &FIRST.replace("COPY tool.deb ./", "COPY debs/tool.deb ./"));
    other(NAMED, &FIRST.replace("COPY tool.deb ./", "COPY tool.deb more.deb"));
    other(NAMED, &FIRST.replace("COPY tool.deb ./", "COPY --chown=1:1 tool.deb ./"));
    other(NAMED, &FIRST.replace("COPY tool.deb ./", "ADD tool.deb ./"));
    other(NAMED, &FIRST.replace("\nCOPY . .", ""));
    // The folder of the file gets the mode of the one or of the other.
    let below = |text: &str| text.replace("tool.deb", "debs/tool.deb");
    other(&below(NAMED), &below(FIRST).replace("tool.deb ./", "tool.deb debs/"));
    both(&|text| text.replace("WORKDIR /app\n", "").replace(" .\n", " /app\n").replace("./", "/app/"));
    for more in ["rm tool.deb", "touch log", "ls", "cat server.js", "cp debs/* /opt/", "make", "cp -r debs /opt/"] {
        both(&|text| text.replace("./tool.deb", &format!("./tool.deb && {more}")));
    }
    both(&|text| text.replace("./tool.deb", "./*.deb"));
    both(&|text| text.replace("RUN", "ENV PATH=/app/bin:$PATH\nRUN"));
    both(&|text| text.replace("RUN", "RUN --mount=type=cache,target=/app/cache"));
    both(&|text| text.replace("RUN", "RUN --mount=type=bind,target=/mnt"));
    both(&|text| text.replace("WORKDIR /app", "WORKDIR /opt/tools"));
    both(&|text| text.replace("COPY", "COPY --link"));
    both(&|text| text.replace("COPY", "COPY --chown=node"));
    both(&|text| text.replace("RUN", "RUN PATH=/app/bin:$PATH"));
    assert!(shown(NAMED, FIRST, &[(".dockerignore", "*.deb\n"), ("tool.deb", "")]).is_err(), "the new COPY would fail");
}
