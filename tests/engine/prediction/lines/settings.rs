//! Lines that change what the steps below them see, and lines that only the image keeps.

use super::super::random::Random;

fn variable(random: &mut Random) -> &'static str {
    random.one(&["V1", "V2", "V3"])
}

pub fn env(random: &mut Random) -> String {
    let name = variable(random);
    let other = variable(random);
    match random.below(5) {
        0 => format!("ENV {name}={} {other}={}", random.word(), random.word()),
        1 => format!("ENV {name}=${{{other}:-{}}}", random.word()),
        2 => format!("ENV {name} {}", random.word()),
        _ => format!("ENV {name}={}", random.word()),
    }
}

pub fn arg(random: &mut Random) -> String {
    let name = random.one(&["A1", "A2", "A3", "V3"]);
    match random.below(3) {
        0 => format!("ARG {name}"),
        1 => format!("ARG {name}=$V1-{}", random.word()),
        _ => format!("ARG {name}={}", random.word()),
    }
}

pub fn metadata(random: &mut Random) -> String {
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
