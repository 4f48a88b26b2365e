//! RUN.

use super::super::random::Random;
use super::Place;
use crate::engine::Builder;

/// Writes down everything that a step can see: its command, the variables, the user, the folder, all
/// files. Its output changes whenever anything changes that makes a builder run it again.
const WITNESS: &str = "{ tr '\\0' ' ' < /proc/$$/cmdline; env | grep -v ^HOSTNAME= | sort; id; pwd; \
    s() { find / \\( -path /proc -o -path /sys -o -path /dev -o -path /usr -o -path /bin -o -path /sbin -o -path '/etc/h*' \
    -o -path /etc/resolv.conf \\) -prune -o \"$@\" | sort; }; s -exec stat -c '%n %f %u %g %N' {} +; s -type f -exec md5sum {} +; } \
    2> /dev/null | md5sum";

/// Its effects are unknown to layerwise.
pub fn witness(random: &mut Random, place: &Place, path: &str) -> String {
    let mounts = mounts(random, place);
    format!("RUN {mounts}: {}; {WITNESS} > {path}", random.word())
}

/// What it writes is known to layerwise, and changes with all that it may look at.
pub fn output(random: &mut Random, path: &str) -> String {
    let word = random.word();
    format!("RUN {{ export | grep -v HOSTNAME; pwd; echo \"$- {word}\"; }} > {path}")
}

/// Its effects are known. Nothing is copied from it: its output need not change when it runs again.
pub fn known(random: &mut Random, place: &Place) -> String {
    let word = random.word();
    match random.below(6) {
        0 => format!("RUN echo {word} > /tmp/{word}"),
        1 => format!("RUN mkdir -p /tmp/d{word} && echo {word} > /tmp/d{word}/f"),
        2 => format!("RUN echo \"${{V1:-}} ${{A1:-}} {word}\" > /tmp/{word}"),
        3 if place.builder == Builder::BuildKit => format!("RUN <<EOF\necho {word} > /tmp/{word}\necho done\nEOF"),
        4 => format!("RUN echo {word} > /tmp/{word} && \\\n    # a comment\n    touch /tmp/{word}"),
        _ => format!("RUN [\"/bin/sh\", \"-c\", \"echo {word} > /tmp/{word}\"]"),
    }
}

/// Mounts, which only BuildKit has.
fn mounts(random: &mut Random, place: &Place) -> String {
    if place.builder == Builder::Classic || !random.chance(35) {
        return String::new();
    }
    let stage = random.pick(&place.stages).cloned();
    let file = random.pick(&place.files).cloned();
    match (random.below(6), stage, file) {
        (0 | 1, _, Some(file)) => {
            let source = file.split_once('/').map_or(file.as_str(), |(folder, _)| folder).to_owned();
            format!("--mount=type=bind,source={source},target=/mnt/bound ")
        }
        (2, ..) => "--mount=target=/mnt/bound ".to_owned(),
        (3 | 4, Some((names, paths)), _) => {
            let (name, path) = (&names[random.below(names.len())], &paths[random.below(paths.len())]);
            format!("--mount=type=bind,from={name},source={path},target=/mnt/bound ")
        }
        (5, ..) => format!("--mount=type=tmpfs,target=/mnt/{} ", random.one(&["t", "u"])),
        _ => format!("--mount=type=cache,target=/cache/{} ", random.word()),
    }
}
