//! Lines of every kind, made to fit the place where they stand.

mod commands;
mod copies;
mod settings;

use super::random::Random;
use super::recipe::{Item, Kind, Line, Recipe};
use crate::engine::Builder;

/// What a line can refer to.
#[derive(Debug)]
pub struct Place {
    builder: Builder,
    /// The files and folders of the context that are surely sent.
    files: Vec<String>,
    links: Vec<String>,
    /// The stages above: what they are called, and what surely is in them.
    stages: Vec<(Vec<String>, Vec<String>)>,
}

impl Place {
    /// The place in front of the line at `at`.
    pub fn at(recipe: &Recipe, at: usize, builder: Builder) -> Self {
        let ignored = recipe.files.keys().any(|path| path.ends_with(".dockerignore"));
        let is_safe =
            |path: &&String| !ignored || !(path.starts_with("docs") || path.contains("deep") || path.ends_with(".md"));
        let files = recipe
            .files
            .keys()
            .filter(|p| !p.ends_with(".dockerignore") && matches!(recipe.files[*p], Item::File { .. }))
            .filter(is_safe)
            .cloned()
            .collect();
        let mut stages: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for line in &recipe.lines[..at] {
            if line.kind == Kind::From {
                let mut names = vec![stages.len().to_string()];
                names.extend(line.text.split_once(" AS ").map(|(_, name)| name.to_owned()));
                stages.push((names, vec!["/etc/passwd".to_owned()]));
            } else if let (Some((_, paths)), Some(path)) = (stages.last_mut(), &line.makes) {
                paths.push(path.clone());
            }
        }
        // The last one is the stage that the line stands in.
        stages.pop();
        let is_link = |(_, item): &(&String, &Item)| matches!(item, Item::Link(_));
        let links = recipe.files.iter().filter(is_link).map(|(path, _)| path.clone()).collect();
        Self { builder, files, links, stages }
    }
}

/// A line of the kind `kind` with the number `id`, if there can be one at `place`.
pub fn make(random: &mut Random, kind: Kind, place: &Place, id: u32) -> Option<Line> {
    let mut makes = None;
    let text = match kind {
        Kind::Env => settings::env(random),
        Kind::Arg => settings::arg(random),
        Kind::Workdir => format!(
            "WORKDIR {}",
            random.one(&["/app", "/app/", "/srv/web", "sub", "./sub/", "/srv/../app", "/app/d$V1", "../up"])
        ),
        Kind::User => format!("USER {}", random.one(&["1000", "nobody", "root", "0:0", "1000:1000"])),
        Kind::Shell => format!("SHELL [\"/bin/sh\", \"{}\"]", random.one(&["-ec", "-c", "-uc"])),
        Kind::Metadata => settings::metadata(random),
        Kind::Copy => {
            let text = copies::copy(random, place)?;
            // `/app/` is there as a folder, whatever is copied into it.
            makes = text.ends_with(" /app/").then(|| "/app".to_owned());
            text
        }
        Kind::Document => copies::document(random, place)?,
        Kind::Add => copies::copy(random, place)?.replacen("COPY", "ADD", 1),
        Kind::CopyFrom => copies::copy_from(random, place)?,
        Kind::Run => commands::known(random, place),
        Kind::Output => commands::output(random, makes.insert(format!("/tmp/o{id}"))),
        Kind::Witness => commands::witness(random, place, makes.insert(format!("/tmp/o{id}"))),
        Kind::Onbuild => {
            let kinds = [Kind::Env, Kind::Copy, Kind::Run, Kind::Workdir, Kind::User, Kind::Metadata];
            let kind = random.one(&kinds);
            let line = make(random, kind, place, id).filter(|line| !line.text.contains('\n'))?;
            format!("ONBUILD {}", line.text)
        }
        Kind::Comment => format!("# {}", random.word()),
        Kind::From | Kind::Own => return None,
    };
    Some(Line { id, kind, text, makes, kept: false })
}
