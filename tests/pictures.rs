//! The pictures of README.md show what the program prints. `.ci/pictures` draws them anew.

mod support;

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use support::repository::Repository;

const DOCKERFILE: &str = "\
FROM node:22-alpine
WORKDIR /app
COPY . .
RUN apk add --no-cache curl
RUN npm ci
EXPOSE 3000
CMD [\"node\", \"src/main.js\"]
";

/// A picture's name, and what is typed for it.
const PICTURES: [(&str, &[&str]); 2] = [("check", &["Dockerfile"]), ("cache", &["cache"])];

/// A shop whose code changes with each commit, and whose packages with each tenth.
fn shop() -> tempfile::TempDir {
    let mut shop = Repository::new();
    shop.commit(&[
        ("Dockerfile", DOCKERFILE),
        (".dockerignore", ".git\nDockerfile\nnode_modules\n"),
        ("package.json", "{ \"name\": \"shop\", \"dependencies\": { \"express\": \"4\" } }"),
        ("package-lock.json", &lock(0)),
        ("src/main.js", "0"),
    ]);
    for n in 1..=30 {
        let code = ("src/main.js", &*n.to_string());
        let packages = lock(n / 10);
        shop.commit(&[code, ("package-lock.json", &packages)][..if n % 10 == 0 { 2 } else { 1 }]);
    }
    shop.finish()
}

fn lock(patch: u32) -> String {
    let express = format!("{{ \"version\": \"4.21.{patch}\" }}");
    format!("{{ \"lockfileVersion\": 3, \"packages\": {{ \"\": {{}}, \"node_modules/express\": {express} }} }}")
}

fn printed(folder: &Path, args: &[&str], color: &str) -> String {
    let mut command = Command::cargo_bin("layerwise").expect("the program is built");
    command.current_dir(folder).env("LAYERWISE_SHELLCHECK", "off").args(args).args(["--color", color]);
    let output = command.output().expect("the program starts");
    format!("$ layerwise {}\n{}{}", args.join(" "), text(output.stdout), text(output.stderr))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("the program prints text")
}

/// The text of a picture, without blanks.
fn read(picture: &str) -> String {
    let document = roxmltree::Document::parse(picture).expect("a picture is XML");
    let is_shown = |node: &roxmltree::Node<'_, '_>| node.parent().is_some_and(|p| p.has_tag_name("text"));
    let parts = document.descendants().filter(|node| node.is_text() && is_shown(node));
    squeezed(&parts.filter_map(|node| node.text()).collect::<String>())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_pictures_show_what_is_printed() {
    let shop = shop();
    for (name, args) in PICTURES {
        let path = Path::new("testdata/pictures").join(name).with_extension("svg");
        let picture = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected = squeezed(&printed(shop.path(), args, "never"));
        assert_eq!(read(&picture), expected, "{} is to be drawn anew, with .ci/pictures", path.display());
    }
}

#[test]
#[ignore = "writes what .ci/pictures draws"]
fn write_what_is_printed() {
    let folder = std::env::var_os("LAYERWISE_PICTURES").expect("LAYERWISE_PICTURES names a folder");
    let shop = shop();
    for (name, args) in PICTURES {
        let path = Path::new(&folder).join(name).with_extension("ansi");
        fs::write(path, printed(shop.path(), args, "always")).expect("a file can be written");
    }
}
