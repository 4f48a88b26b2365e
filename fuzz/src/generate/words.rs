//! The words that files are made of: few, so that they meet. The second part of a pair is for odd files.

pub(super) type Words = (&'static [&'static str], &'static [&'static str]);

pub(super) const IMAGES: Words = (
    &["debian:12", "alpine:3.20", "scratch", "node:22-slim", "python", "golang:latest", "ubuntu", "php:8"],
    &[
        "$IMAGE",
        "${IMAGE:-debian}:${TAG}",
        "registry.example.org:5000/team/app:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0",
        "Build",
        "--platform",
        "ubuntu:",
        "é",
    ],
);
pub(super) const STAGES: Words = (&["build", "base", "Build2", "test"], &["build", "0", "scratch", "a_b-c.d", "ü"]);
pub(super) const VARIABLES: [&str; 10] =
    ["A", "B", "PATH", "IMAGE", "TAG", "NODE_ENV", "HOME", "HTTP_PROXY", "TARGETARCH", "PASSWORD"];
pub(super) const PATHS: Words = (
    &[
        "/app",
        ".",
        "/app/",
        "./",
        "src",
        "package.json",
        "package*.json",
        "/etc/passwd",
        "/usr/local/bin/",
        "/",
        "requirements.txt",
        "conf/app.conf",
        "$A",
        "/data/${B}",
        "tool.tar.gz",
        "pins",
        "/data",
    ],
    &["../up", "\"a b\"", "~/.ssh/id_rsa", "https://example.org/tool.tar.gz", "C:\\app\\", "é/*.[ch]", "[", ""],
);
/// Sources of ADD.
pub(super) const ADDRESSES: [&str; 3] =
    ["https://example.org/tool.tar.gz", "http://example.org/x", "https://github.com/example/repo.git#main"];
pub(super) const VALUES: Words = (
    &[
        "1",
        "production",
        "\"a b\"",
        "'c $A'",
        "$A",
        "${B:-x}",
        "${A:+$B}",
        "\"$PATH:/app/bin\"",
        "a\\ b",
        "\"\\\"\"",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "a=b=c",
    ],
    &["\"", "'", "", "${A#*/}", "${", "é\u{a0}x", "\\"],
);
pub(super) const PACKAGES: Words = (
    &["curl", "git", "curl=7.88.1", "python3-pip", "flask==3.0.0", "express@4"],
    &["$A", "./local.deb", "'lodash@^4'"],
);
pub(super) const COPY_FLAGS: Words = (
    &["--from=build", "--from=0", "--from=alpine:3.20", "--chown=1000:1000", "--chown=app", "--chmod=755", "--link"],
    &[
        "--parents",
        "--exclude=*.md",
        "--checksum=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "--keep-git-dir=true",
        "--from=$A",
        "--link=maybe",
        "--chown",
    ],
);
pub(super) const RUN_FLAGS: Words = (
    &[
        "--mount=type=cache,target=/var/cache/apt,sharing=locked",
        "--mount=type=cache,target=/root/.cache/pip",
        "--mount=type=bind,source=package.json,target=/app/package.json",
        "--mount=type=secret,id=key,env=PASSWORD",
        "--mount=type=tmpfs,target=/tmp",
        "--network=none",
    ],
    &["--security=insecure", "--mount=", "--mount=type=tmpfs", "--no-such=\"x y\"", "--mount=type=bind,from=build,x"],
);
/// Text that a file may hold anywhere, and that readers trip over.
pub(super) const ODD: [&str; 16] = [
    "\0",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\u{a0}",
    "\u{1b}[31m",
    "\u{202e}",
    "\r",
    "\t",
    "`",
    "\\",
    "<<",
    "$(",
    "[\"",
    "#",
    "\u{1f433}",
];
/// Comments; those that switch rules off first.
pub(super) const COMMENTS: [&str; 14] = [
    "# layerwise ignore=LW105,DL3008 # a reason",
    "# layerwise global ignore=LW1",
    "# layerwise ignore=ALL",
    "# layerwise ignore=",
    "# hadolint ignore=DL3006,SC2046",
    "# hadolint global ignore=DL3059",
    "# hadolint shell=/bin/bash",
    "# shellcheck disable=SC2086",
    "# check=skip=all",
    "# a comment",
    "#",
    "#é",
    "# escape=`",
    "# syntax=docker/dockerfile:1",
];
