//! Every edit of `testdata/cache-facts.txt` is predicted as it was measured on real builders.

use layerwise::builder::Builder;
use layerwise::cache::{Build, reruns};
use layerwise::context::{Entry, IgnoreFile, Kind, Tree, digest};
use std::collections::BTreeMap;

const FACTS: &str = include_str!("../testdata/cache-facts.txt");

/// The Dockerfile of the edits that name no other.
const USUAL: &str = "FROM busybox:1.36\nRUN echo first > /.n\nENV A=1\nENV B=2\nWORKDIR /web\nCOPY app.js .\n\
                     RUN echo x > /x\nCMD [\"sh\"]\n";

/// A file of the context: its content, its mode and its owner.
#[derive(Clone)]
struct File {
    content: String,
    mode: u32,
    owner: (u32, u32),
}

fn file(content: &str) -> File {
    File { content: content.to_owned(), mode: 0o644, owner: (0, 0) }
}

/// The context, with the Dockerfile in it and without what is ignored.
fn tree(
    dockerfile: &str,
    files: &BTreeMap<String, File>,
    folders: &[(String, String)],
    links: &[(String, String)],
) -> Tree {
    let mut tree = Tree::default();
    let mode = |text: &str| u32::from_str_radix(text, 8).expect("a mode");
    let insert = |tree: &mut Tree, path: &str, kind, mode| tree.insert(path, Entry { kind, mode, owner: (0, 0) });
    folders.iter().for_each(|(path, text)| insert(&mut tree, path, Kind::Folder, mode(text)));
    links.iter().for_each(|(path, target)| insert(&mut tree, path, Kind::Link(target.clone()), 0o777));
    let own = file(dockerfile);
    for (path, file) in files.iter().chain([(&"Dockerfile".to_owned(), &own)]) {
        let entry = Entry { kind: Kind::File(digest(&file.content)), mode: file.mode, owner: file.owner };
        tree.insert(path, entry);
    }
    let ignore = files.get(".dockerignore").map(|f| IgnoreFile::parse(&f.content).expect("the file is valid"));
    tree.without(&ignore.unwrap_or_default())
}

/// One block of the facts.
struct Fact<'t> {
    id: &'t str,
    lines: Vec<(&'t str, &'t str)>,
}

impl Fact<'_> {
    fn text(&self, key: &str) -> Option<String> {
        let lines: Vec<&str> = self.lines.iter().filter(|(k, _)| *k == key).map(|(_, v)| *v).collect();
        (!lines.is_empty()).then(|| lines.join("\n") + "\n")
    }

    fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let pair = |(_, value): &(&str, &str)| {
            let (name, value) = value.split_once('=').expect("name=value");
            (name.to_owned(), serde_json::from_str(value).expect("a quoted value"))
        };
        self.lines.iter().filter(|(k, _)| *k == key).map(pair).collect()
    }

    fn measured(&self, builder: &str) -> Option<Vec<u32>> {
        let (_, lines) = self.lines.iter().find(|(k, _)| *k == builder)?;
        Some(lines.split_whitespace().map(|n| n.parse().expect("a line number")).collect())
    }
}

fn facts() -> Vec<Fact<'static>> {
    let mut list: Vec<Fact<'static>> = Vec::new();
    for line in FACTS.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(id) if !line.contains(' ') => list.push(Fact { id, lines: Vec::new() }),
            _ => list.last_mut().expect("a block").lines.push(line.split_once(' ').unwrap_or((line, ""))),
        }
    }
    list
}

#[test]
fn every_measured_edit_is_predicted() {
    let mut asked = 0;
    let mut wrong = Vec::new();
    let facts = facts();
    for fact in &facts {
        let before = fact.text("before").unwrap_or_else(|| USUAL.to_owned());
        let after = fact.text("after").unwrap_or_else(|| before.clone());
        let mut files: BTreeMap<String, File> = fact.pairs("file").into_iter().map(|(k, v)| (k, file(&v))).collect();
        if files.is_empty() {
            files.insert("app.js".into(), file("app"));
        }
        let mut links = fact.pairs("link");
        let first = tree(&before, &files, &[], &links);
        for (path, content) in fact.pairs("write") {
            files.entry(path).or_insert_with(|| file("")).content = content;
        }
        for (path, mode) in fact.pairs("mode") {
            files.entry(path).and_modify(|f| f.mode = u32::from_str_radix(&mode, 8).expect("a mode"));
        }
        for (path, owner) in fact.pairs("owner") {
            let owner = owner.parse().expect("a number");
            files.entry(path).and_modify(|f| f.owner = (owner, owner));
        }
        for (path, _) in fact.pairs("remove") {
            let (count, below) = (files.len(), format!("{path}/"));
            files.retain(|other, _| *other != path && !other.starts_with(&below));
            assert!(files.len() < count, "{path} was there");
        }
        let again = fact.pairs("relink");
        links.retain(|(path, _)| again.iter().all(|(other, _)| other != path));
        links.extend(again);
        let second = tree(&after, &files, &fact.pairs("folder"), &links);
        let (old_arguments, arguments) = (fact.pairs("arg-before"), fact.pairs("arg"));
        let old = Build { text: &before, tree: &first, arguments: &old_arguments, target: None };
        let new = Build { text: &after, tree: &second, arguments: &arguments, target: None };
        for builder in Builder::ALL {
            let name = builder.name();
            let Some(measured) = fact.measured(name) else { continue };
            let predicted: Vec<u32> = reruns(&old, &new, builder).iter().map(|r| r.line).collect();
            asked += 1;
            if measured != predicted {
                wrong.push(format!("[{}] {name}: measured {measured:?}, predicted {predicted:?}", fact.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((facts.len(), asked), (204, 469), "no fact was lost");
}
