//! Lines of every kind, made to fit the place where they stand.

use super::random::Random;
use super::recipe::{Item, Kind, Line, Recipe};
use crate::engine::Builder;

/// What a line can refer to.
#[derive(Debug)]
pub struct Place {
    builder: Builder,
    /// The files and folders of the context that are surely sent.
    files: Vec<String>,
    /// The stages above: what they are called, and what surely is in them.
    stages: Vec<(Vec<String>, Vec<String>)>,
}

impl Place {
    /// The place in front of the line at `at`.
    pub fn at(recipe: &Recipe, at: usize, builder: Builder) -> Self {
        let ignored = matches!(recipe.files.get(".dockerignore"), Some(Item::File { .. }));
        let is_safe =
            |path: &&String| !ignored || !(path.starts_with("docs") || path.contains("deep") || path.ends_with(".md"));
        let files =
            recipe.files.keys().filter(|p| *p != ".dockerignore" && *p != "link").filter(is_safe).cloned().collect();
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
        Self { builder, files, stages }
    }
}

/// Writes down everything that a step can see: its command, the variables, the user, the folder, all
/// files. Its output changes whenever anything changes that makes a builder run it again.
const WITNESS: &str = "{ tr '\\0' ' ' < /proc/$$/cmdline; env | grep -v ^HOSTNAME= | sort; id; pwd; \
    s() { find / \\( -path /proc -o -path /sys -o -path /dev -o -path /usr -o -path /bin -o -path /sbin -o -path '/etc/h*' \
    -o -path /etc/resolv.conf \\) -prune -o \"$@\" | sort; }; s -exec stat -c '%n %f %u %g %N' {} +; s -type f -exec md5sum {} +; } \
    2> /dev/null | md5sum";

/// A line of the kind `kind` with the number `id`, if there can be one at `place`.
pub fn make(random: &mut Random, kind: Kind, place: &Place, id: u32) -> Option<Line> {
    let mut makes = None;
    let text = match kind {
        Kind::Env => env(random),
        Kind::Arg => arg(random),
        Kind::Workdir => format!("WORKDIR {}", random.one(&["/app", "/srv/web", "sub", "/app/$V1", "../up"])),
        Kind::User => format!("USER {}", random.one(&["1000", "nobody", "root", "0:0", "1000:1000"])),
        Kind::Shell => {
            format!("SHELL [\"/bin/sh\", \"{}\"]", random.one(&["-ec", "-c", "-uc"]))
        }
        Kind::Copy => copy(random, place)?,
        Kind::Add => copy(random, place)?.replacen("COPY", "ADD", 1),
        Kind::CopyFrom => copy_from(random, place)?,
        Kind::Run => run(random, place, makes.insert(format!("/tmp/o{id}"))),
        Kind::Witness => format!("RUN : {}; {WITNESS} > {}", random.word(), makes.insert(format!("/tmp/o{id}"))),
        Kind::Metadata => metadata(random),
        Kind::Comment => format!("# {}", random.word()),
        Kind::From | Kind::Own => return None,
    };
    Some(Line { id, kind, text, makes, kept: false })
}

fn variable(random: &mut Random) -> &'static str {
    random.one(&["V1", "V2", "V3"])
}

fn env(random: &mut Random) -> String {
    let name = variable(random);
    let other = variable(random);
    match random.below(5) {
        0 => format!("ENV {name}={} {other}={}", random.word(), random.word()),
        1 => format!("ENV {name}=${{{other}:-{}}}", random.word()),
        2 => format!("ENV {name} {}", random.word()),
        _ => format!("ENV {name}={}", random.word()),
    }
}

fn arg(random: &mut Random) -> String {
    let name = random.one(&["A1", "A2", "A3", "V3"]);
    match random.below(3) {
        0 => format!("ARG {name}"),
        1 => format!("ARG {name}=$V1-{}", random.word()),
        _ => format!("ARG {name}={}", random.word()),
    }
}

fn copy(random: &mut Random, place: &Place) -> Option<String> {
    let file = random.pick(&place.files)?.clone();
    let other = random.pick(&place.files)?.clone();
    let folder = file.split_once('/').map(|(folder, _)| folder.to_owned());
    let (source, many) = match (random.below(6), folder) {
        (0, _) => (".".to_owned(), true),
        (1, _) if other != file => (format!("{file} {other}"), true),
        (2 | 3, Some(folder)) => (folder, true),
        (2, None) => (format!("./{file}"), false),
        (4, _) => {
            let (stem, suffix) = file.rsplit_once('.')?;
            let folder = stem.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            (format!("{folder}*.{suffix}"), true)
        }
        _ => (file, false),
    };
    let to = if many { "/" } else { random.one(&["/", "/file", ""]) };
    let folder = random.one(&[".", "/app", "/srv/$V2", "sub/deep"]);
    let flags = flags(random, place);
    Some(format!("COPY {flags}{source} {folder}{to}"))
}

fn flags(random: &mut Random, place: &Place) -> String {
    let mut flags = String::new();
    if random.chance(12) {
        flags += &format!("--chown={} ", random.one(&["1000", "nobody:nogroup", "0:0"]));
    }
    if place.builder == Builder::BuildKit && random.chance(12) {
        flags += &format!("--chmod={} ", random.one(&["755", "0600", "644"]));
    }
    flags
}

fn copy_from(random: &mut Random, place: &Place) -> Option<String> {
    let (names, paths) = random.pick(&place.stages)?;
    let (name, path) = (random.pick(names)?, random.pick(paths)?);
    let flags = flags(random, place);
    let to = random.one(&["/from/", "./", "/from/file", "sub/"]);
    Some(format!("COPY --from={name} {flags}{path} {to}"))
}

fn run(random: &mut Random, place: &Place, path: &str) -> String {
    let word = random.word();
    match random.below(4) {
        0 => format!("RUN echo {word} > {path}"),
        1 => format!("RUN mkdir -p /tmp/d{word} && echo {word} > {path}"),
        2 => format!("RUN echo \"${{V1:-}} ${{A1:-}} {word}\" > {path}"),
        3 if place.builder == Builder::BuildKit => format!("RUN <<EOF\necho {word} > {path}\necho done\nEOF"),
        _ => format!("RUN [\"/bin/sh\", \"-c\", \"echo {word} > {path}\"]"),
    }
}

fn metadata(random: &mut Random) -> String {
    let word = random.word();
    match random.below(9) {
        0 => format!("CMD [\"echo\", \"{word}\"]"),
        1 => format!("CMD echo {word}"),
        2 => format!("LABEL name={word} version=$V1"),
        3 => format!("EXPOSE {}", 1000 + random.below(5000)),
        4 => format!("ENTRYPOINT [\"/bin/{word}\"]"),
        5 => format!("HEALTHCHECK CMD echo {word}"),
        6 => format!("STOPSIGNAL {}", random.one(&["SIGTERM", "9", "15", "SIGUSR1"])),
        7 => format!("VOLUME /volume/{word}"),
        _ => format!("LABEL name={word}"),
    }
}
