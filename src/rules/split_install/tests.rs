//! What the findings say besides their messages.

use crate::config::Builder;
use crate::context::{IgnoreFile, LazyProject, Project};
use crate::diagnostic::{Applicability, Diagnostic};
use crate::lint::{Settings, fix, lint};
use crate::rules::{Overrides, Selection};
use std::fs;
use std::sync::Arc;

fn findings(text: &str, files: &[(&str, &str)]) -> Vec<Diagnostic> {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let ignore = IgnoreFile::parse("node_modules\n").unwrap();
    let project = (!files.is_empty()).then(|| Arc::new(Project::new(root.path().to_owned(), ignore).into()));
    lint(text, &settings(project))
}

fn settings(project: Option<Arc<LazyProject>>) -> Settings {
    let overrides = Overrides { select: Some(vec!["LW104"]), ..Overrides::default() };
    Settings {
        selection: Selection::new(None, &overrides),
        builder: Builder::default(),
        project,
        histories: None,
        shellcheck: None,
    }
}

/// The applicability of the only fix, its notes, and the help.
fn only(text: &str, files: &[(&str, &str)]) -> (Option<Applicability>, Vec<String>, String) {
    let [finding] = &findings(text, files)[..] else { panic!("one finding in {text}") };
    let applicability = finding.fix.as_ref().map(|f| f.applicability);
    (applicability, finding.notes.clone(), finding.help.as_deref().unwrap_or_default().to_owned())
}

const LOCK: (&str, &str) = ("package-lock.json", r#"{"lockfileVersion": 3, "packages": {"": {}}}"#);
const SOURCE: (&str, &str) = ("index.js", "");

#[test]
fn a_doubt_is_said() {
    let text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    let script = ("package.json", r#"{"scripts": {"postinstall": "x"}}"#);
    let (applicability, notes, help) = only(text, &[script, LOCK, SOURCE]);
    assert_eq!(applicability, Some(Applicability::Unsafe));
    assert!(
        notes
            .iter()
            .any(|n| n == "the fix is unsafe: package.json runs a `postinstall` script, which may need your sources")
    );
    assert_eq!(help, "copy package.json and package-lock.json above `npm ci`, and move `COPY . .` below it");
    let (applicability, notes, _) = only(text, &[]);
    assert_eq!(applicability, Some(Applicability::Unsafe));
    assert!(notes.iter().any(|n| n.contains("the build context is not known")));
    let (applicability, notes, _) = only(text, &[("package.json", "{}"), LOCK, SOURCE]);
    assert_eq!(applicability, Some(Applicability::Safe));
    assert!(!notes.iter().any(|n| n.contains("unsafe")));
}

#[test]
fn what_to_do_by_hand_is_said() {
    let (fix, _, help) = only("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n", &[]);
    assert_eq!(fix, None);
    assert_eq!(help, "split the RUN: `npm run build` may need the sources, the install needs only its manifests");
    let workspace = ("package.json", r#"{"workspaces": ["a"]}"#);
    let (fix, _, help) = only("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n", &[workspace, LOCK, SOURCE]);
    assert_eq!(fix, None);
    assert!(help.contains("workspaces"), "{help}");
    let (fix, _, help) = only("FROM a\nWORKDIR /app\nCOPY . .\nRUN ./configure\nRUN npm ci\n", &[]);
    assert_eq!(fix, None);
    assert!(help.contains("RUN on line 4"), "{help}");
    let (_, _, help) = only("FROM a\nWORKDIR /app\nCOPY . .\nCOPY Gemfile* ./\nRUN bundle install\n", &[]);
    assert!(help.starts_with("move `COPY . .` below it, if the COPY on line 4 brings all"), "{help}");
    let (_, _, help) = only("FROM a\nWORKDIR /app\nCOPY . .\nCOPY --from=b /x ./\nRUN npm ci\n", &[]);
    assert!(help.ends_with("mind that COPY on line 4 between them puts files to the same place"), "{help}");
    let (_, _, help) = only("FROM a\nWORKDIR /app\nCOPY . .\nWORKDIR /app\nRUN npm ci\n", &[]);
    assert!(help.contains("in full: WORKDIR on line 4 may change that of `COPY . .`"), "{help}");
}

#[test]
fn a_folder_of_the_sources_is_needed() {
    let text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && cd lib\n";
    assert_eq!(only(text, &[]).0, None);
    for folder in ["/app", "/", ".", "/tmp", "-"] {
        let text = format!("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci && cd {folder}\n");
        assert_eq!(only(&text, &[]).0, Some(Applicability::Unsafe), "{folder}");
    }
    let text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN cd web && npm ci\n";
    assert_eq!(only(text, &[]).0, Some(Applicability::Unsafe));
}

#[test]
fn scripts_run_if_the_command_says_so() {
    let files = [
        ("package.json", r#"{"scripts": {"postinstall": "node s.js"}}"#),
        LOCK,
        SOURCE,
        (".npmrc", "ignore-scripts=true\n"),
        ("s.js", ""),
    ];
    let fix = |run: &str| only(&format!("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN {run}\n"), &files).0;
    assert_eq!(fix("npm ci"), Some(Applicability::Safe));
    assert_eq!(fix("npm ci --ignore-scripts=false"), Some(Applicability::Unsafe));
    let mut files = files.to_vec();
    files[3].1 = "ignore-scripts=true\nignore-scripts=false\n";
    let text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    assert_eq!(only(text, &files).0, Some(Applicability::Unsafe));
}

#[test]
fn pip_reads_all_options_of_a_line_and_the_settings_of_distutils() {
    let text = "FROM python:3.9\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";
    let fix = |options: &'static str, setup: &'static str| {
        only(text, &[("requirements.txt", options), ("setup.cfg", setup), ("app.py", "")]).0
    };
    assert_eq!(fix("flask\n", "[flake8]\n"), Some(Applicability::Safe));
    assert_eq!(fix("--pre --index-url https://x.org/s\nflask\n", ""), Some(Applicability::Safe));
    assert_eq!(fix("flask\n", "[install]\nprefix=/x\n"), Some(Applicability::Unsafe));
    for options in ["--no-index --find-links=wheels\nx\n", "--pre -f wheels\n", "-r https://h/a.txt -f ./wheels\n"] {
        assert_eq!(fix(options, ""), None, "{options}");
    }
}

#[test]
fn names_and_new_folders_are_no_sources() {
    for more in ["apk add -t .build-deps gcc", "mkdir -p /data"] {
        let (fix, _, _) = only(&format!("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN {more} && npm ci\n"), &[]);
        assert_eq!(fix, Some(Applicability::Unsafe), "{more}");
    }
}

#[test]
fn each_install_is_reported_once() {
    let count = |text: &str| findings(&format!("FROM a\nWORKDIR /app\nCOPY . .\n{text}"), &[]).len();
    assert_eq!(count("RUN npm ci\nRUN npm run build\nRUN npm ci --omit=dev\n"), 1);
    assert_eq!(count("RUN pip install -r a.txt\nRUN pip install -r b.txt\n"), 2);
    assert_eq!(count("RUN cd a && npm ci\nRUN cd b && npm ci\n"), 2);
}

#[test]
fn a_file_that_the_command_names_is_no_folder() {
    for copy in ["COPY pins .", "COPY conf/pins ./pins/../", "COPY pins /app/"] {
        let text = format!("FROM python:3\nWORKDIR /app\n{copy}\nRUN pip install -r pins\nCOPY . .\n");
        assert_eq!(findings(&text, &[]), [], "{text}");
    }
    let text = "FROM python:3\nWORKDIR /app\nCOPY pins .\nRUN pip install -r all.txt\n";
    assert_eq!(findings(text, &[]).len(), 1, "another folder may hold it");
    let text = "FROM python:3\nWORKDIR /app\nCOPY pins .\nCOPY . .\nRUN pip install -r pins\n";
    assert_eq!(findings(text, &[]).len(), 1, "the file comes with other files, too");
}

#[test]
fn a_file_without_an_extension_is_copied_once() {
    let text = "FROM python:3\nWORKDIR /app\nCOPY . .\nRUN pip install -r pins\n";
    let fixed = fix(text, &settings(None), Applicability::Unsafe);
    assert_eq!(fixed.text, "FROM python:3\nWORKDIR /app\nCOPY pins ./\nRUN pip install -r pins\nCOPY . .\n");
}

#[test]
fn what_may_lead_to_the_sources_is_a_doubt() {
    let requirements = ("requirements.txt", "flask==3.0.0\n");
    let safe = |above: &str, run: &str, files: &[(&str, &str)]| {
        let text = format!("FROM python:3.12\n{above}WORKDIR /app\nCOPY . .\nRUN {run}\n");
        let all = [&[requirements, SOURCE], files].concat();
        only(&text, &all).0 == Some(Applicability::Safe)
    };
    let pip = "pip install -r requirements.txt";
    assert!(safe("", pip, &[]));
    assert!(safe("ENV CFLAGS=-I/opt/x\nENV REQUESTS_CA_BUNDLE=/etc/ssl/ca.pem\n", pip, &[]));
    assert!(safe("SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\n", pip, &[]));
    for above in [
        "ENV PATH=/root/.pyenv/shims:$PATH\n",
        "ENV REQUESTS_CA_BUNDLE=certs/ca.pem\n",
        "ENV GIT_SSH_COMMAND=\"ssh -i deploy_key\"\n",
        "ENV CFLAGS=-I/app/include\n",
        "ENV BASH_ENV=env.sh\n",
        "SHELL [\"/bin/bash\", \"-lc\"]\n",
        "COPY pip.conf /etc/pip.conf\n",
        "RUN pip config set global.cert /app/certs/ca.pem\n",
        "RUN echo /app/lib > /etc/ld.so.conf.d/app.conf\n",
        "RUN ln -s /app/netrc /root/.netrc\n",
    ] {
        assert!(!safe(above, pip, &[]), "{above}");
    }
    assert!(!safe("RUN pip install uv\n", "uv pip install --system -r requirements.txt", &[]));
    assert!(!safe("", pip, &[(".netrc", "")]));
    assert!(!safe("", pip, &[(".config/pip/pip.conf", "")]));
}

#[test]
fn what_yarn_removes_is_copied_first() {
    let text = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN yarn install --frozen-lockfile --ignore-scripts\n";
    let files = [("package.json", "{}"), ("yarn.lock", ""), (".yarnclean", "*.md\n"), SOURCE];
    assert!(only(text, &files).2.contains("3 manifests") || only(text, &files).2.contains(".yarnclean"));
}
