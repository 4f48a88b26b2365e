//! COPY and ADD.

use super::super::random::Random;
use super::Place;
use crate::engine::Builder;

/// Files, folders and patterns of the context.
pub fn copy(random: &mut Random, place: &Place) -> Option<String> {
    let file = random.pick(&place.files)?.clone();
    let other = random.pick(&place.files)?.clone();
    if let Some(link) = random.pick(&place.links).cloned()
        && random.chance(25)
    {
        let source = if link == "folder" {
            random.one(&["folder", "folder/", "folder/two.js", "./folder/*.js"])
        } else {
            "link"
        };
        return Some(format!("COPY {}{source} {}", flags(random, place), random.one(&["/app/", "/linked/", "./"])));
    }
    if file.contains(' ') {
        return Some(format!("COPY {}[\"{file}\", \"{}\"]", flags(random, place), random.one(&["/app/", "/srv/"])));
    }
    if place.builder == Builder::BuildKit && random.chance(4) {
        return Some(format!("COPY {file} *.none {}", random.one(&["/app/", "/none/"])));
    }
    let folder = file.split_once('/').map(|(folder, _)| folder.to_owned());
    let (source, many) = match (random.below(6), folder) {
        (0, _) => (".".to_owned(), true),
        (1, _) if other != file && !other.contains(' ') => (format!("{file} {other}"), true),
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
    if place.builder == Builder::BuildKit && random.chance(5) {
        flags += "--link ";
    }
    if place.builder == Builder::BuildKit && random.chance(12) {
        flags += &format!("--chmod={} ", random.one(&["755", "0600", "644"]));
    }
    flags
}

/// A path of an earlier stage.
pub fn copy_from(random: &mut Random, place: &Place) -> Option<String> {
    let flags = flags(random, place);
    if random.chance(8) {
        return Some(format!("COPY --from=busybox:1.36 {flags}/etc/{} /from/image", random.one(&["passwd", "group"])));
    }
    let (names, paths) = random.pick(&place.stages)?;
    let (name, path) = (random.pick(names)?, random.pick(paths)?);
    let to = random.one(&["/from/", "./", "/from/file", "sub/"]);
    Some(format!("COPY --from={name} {flags}{path} {to}"))
}

/// A file that the Dockerfile itself holds.
pub fn document(random: &mut Random, place: &Place) -> Option<String> {
    if place.builder == Builder::Classic {
        return None;
    }
    let flags = flags(random, place);
    let (mark, word) = (random.one(&["EOF", "\"EOF\""]), random.word());
    let to = random.one(&["/etc/document", "/app/", "sub/document"]);
    Some(format!("COPY {flags}<<{mark} {to}\n{word} $V1 NONCE\nEOF"))
}
