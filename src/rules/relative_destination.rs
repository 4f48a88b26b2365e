//! DL3045: a COPY to a relative path that no WORKDIR gives a place.

use super::absolute_workdir::is_first;
use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix, Severity};
use crate::model::{Base, ImageRef, visit_steps};
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    if !cx.file.instructions.iter().any(|i| i.keyword == Keyword::Copy) {
        return;
    }
    visit_steps(cx.model, |stage, step, variables| {
        let Some(to) = step.destination().filter(|_| step.keyword == Keyword::Copy) else { return };
        let Some(path) = variables.expand(&to.text, cx.file.escape).known() else { return };
        let start = match cx.model.root(stage) {
            Base::Scratch => Start::Root,
            Base::Image(image) => start(image),
            Base::Unknown | Base::Stage(_) => Start::Unknown,
        };
        if is_absolute(&path) || start == Start::Elsewhere || !is_first(cx, stage, step) {
            return;
        }
        let shown = cx.plain(&path);
        let message = match start {
            Start::Root => format!("no WORKDIR stands above, so {shown} is {}", cx.plain(&from_root(&path))),
            _ => format!("no WORKDIR stands above, so the base image says where {shown} is"),
        };
        let finding = out
            .report(&meta::RELATIVE_DESTINATION, to.span, message)
            .note("files end up in `/`, or somewhere else as soon as the base image gets a WORKDIR");
        if start == Start::Unknown {
            finding.severity(Severity::Info).help("put a WORKDIR above, or write the whole path, from `/` on");
            return;
        }
        let finding = finding.help(format!("put a WORKDIR above, or write {}", cx.plain(&from_root(&path))));
        if to.span.of(cx.file.text) == path {
            let edit = Edit::replace(to.span, from_root(&path));
            finding.fix(Fix::new("write the whole path", Applicability::Unsafe, vec![edit]));
        }
    });
}

/// Where steps begin in an image.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// In `/`.
    Root,
    /// In a folder that the image chose.
    Elsewhere,
    /// That is not known.
    Unknown,
}

/// Absolute on Linux or on Windows.
fn is_absolute(path: &str) -> bool {
    let drive = matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    path.is_empty() || path.starts_with(['/', '\\']) || drive
}

/// The path that a relative one is in `/`.
fn from_root(path: &str) -> String {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter.trim_start_matches('/');
    }
    if matches!(rest, "." | "..") { "/".to_owned() } else { format!("/{rest}") }
}

fn start(image: &str) -> Start {
    let name = ImageRef::parse(image).name;
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    if AT_ROOT.contains(&name) {
        Start::Root
    } else if ELSEWHERE.contains(&name) {
        Start::Elsewhere
    } else {
        Start::Unknown
    }
}

/// Images whose Dockerfiles have no WORKDIR.
///
/// Source: the Dockerfiles of the Docker Official Images.
const AT_ROOT: &[&str] = &[
    "almalinux",
    "alpine",
    "amazonlinux",
    "archlinux",
    "buildpack-deps",
    "busybox",
    "centos",
    "debian",
    "fedora",
    "nginx",
    "node",
    "openjdk",
    "oraclelinux",
    "postgres",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "ubuntu",
];

/// Images whose Dockerfiles have one.
///
/// Source: as above.
const ELSEWHERE: &[&str] = &[
    "caddy",
    "composer",
    "drupal",
    "flink",
    "ghost",
    "golang",
    "gradle",
    "httpd",
    "joomla",
    "matomo",
    "mediawiki",
    "nextcloud",
    "php",
    "phpmyadmin",
    "redis",
    "redmine",
    "solr",
    "sonarqube",
    "tomcat",
    "tomee",
    "wordpress",
];
