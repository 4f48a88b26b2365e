//! How the time for a file grows with its length: nothing takes more than linear time, but for the few steps that
//! are named here.

mod support;

use layerwise::diagnostic::Applicability;
use layerwise::lint;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};
use support::settings;

/// Files of about `n` lines or words, each long in another way.
type Shape = (&'static str, fn(usize) -> String);

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = "FROM debian:12\n".to_owned();
    (0..n).for_each(|i| {
        let _ = writeln!(text, "{}", line(i));
    });
    text
}

const SHAPES: &[Shape] = &[
    ("ENV lines", |n| lines(n, |i| format!("ENV A{i}=$A{}", i / 2))),
    ("ENV lines, old form", |n| lines(n, |i| format!("ENV A{i} b"))),
    ("ARG lines", |n| lines(n, |i| format!("ARG A{i}=${{A{}:-x}}", i / 2))),
    ("LABEL lines", |n| lines(n, |i| format!("LABEL a{i}=b"))),
    ("pairs of one ENV", |n| lines(1, |_| (0..n).fold("ENV".to_owned(), |all, i| all + &format!(" \\\n A{i}=b")))),
    ("RUN lines", |n| lines(n, |i| format!("RUN echo {i} > /a{i} && rm -rf /b{i}"))),
    ("RUN lines that install", |n| lines(n, |i| format!("RUN apt-get update && apt-get install -y p{i}"))),
    ("commands of one RUN", |n| {
        lines(1, |_| (0..n).fold("RUN true".to_owned(), |all, i| all + &format!(" && \\\n    mkdir /a{i}")))
    }),
    ("commands of one RUN, or", |n| {
        lines(1, |_| (0..n).fold("RUN true".to_owned(), |all, i| all + &format!(" || \\\n    mkdir /a{i}")))
    }),
    ("lines of a here-document", |n| {
        lines(1, |_| (0..n).fold("RUN <<E".to_owned(), |all, i| all + &format!("\nmkdir /a{i}")) + "\nE")
    }),
    ("COPY lines", |n| lines(n, |i| format!("COPY a{i} /b{i}"))),
    ("COPY and RUN lines", |n| {
        lines(n / 2, |i| format!("COPY a{i} /b{i}\nRUN apt-get install -y p{i} && npm ci --prefix /b{i}"))
    }),
    ("COPY . and metadata", |n| lines(n / 2, |i| format!("COPY . /b{i}\nEXPOSE {}", i % 60_000 + 1))),
    ("sources of one COPY", |n| {
        lines(1, |_| (0..n).fold("COPY".to_owned(), |all, i| all + &format!(" \\\n a{i}")) + " /b/")
    }),
    ("CMD lines", |n| lines(n, |i| format!("CMD [\"a{i}\"]"))),
    ("ONBUILD lines", |n| lines(n, |i| format!("ONBUILD RUN echo {i}"))),
    ("USER and WORKDIR lines", |n| lines(n / 2, |i| format!("USER u{i}\nWORKDIR a{i}"))),
    ("stages", |n| lines(n / 2, |i| format!("FROM debian:12 AS s{i}\nRUN echo {i}"))),
    ("stages in a chain", |n| {
        (0..n / 2)
            .fold("FROM debian:12 AS s0\n".to_owned(), |all, i| all + &format!("FROM s{i} AS s{}\nENV A{i}=b\n", i + 1))
    }),
    ("stages that copy", |n| {
        lines(n / 2, |i| format!("FROM debian:12 AS s{}\nCOPY --from=s{i} /a /b", i + 1)).replacen(
            "debian:12\n",
            "debian:12 AS s0\n",
            1,
        )
    }),
    ("comments", |n| lines(n, |i| format!("# {i}")) + "RUN cd /a\n"),
    ("ignore comments", |n| lines(n / 2, |i| format!("# layerwise ignore=DL3003\nRUN cd /a{i}"))),
    ("words of a command", |n| {
        lines(1, |_| (0..n).fold("RUN apt-get install".to_owned(), |all, i| all + &format!(" \\\n p{i}")))
    }),
    ("blank continuations", |n| lines(1, |_| "RUN a \\\n".to_owned() + &"\n".repeat(n) + "b")),
    ("mistakes", |n| lines(n, |i| format!("NOTHING {i}"))),
];

type Step = (&'static str, fn(&str));

/// The steps of a run that are timed.
const STEPS: [Step; 3] = [
    ("check", |text| drop(black_box(lint::lint(text, &settings(&[]))))),
    ("fix", |text| drop(black_box(lint::fix(text, &settings(&[]), Applicability::Safe)))),
    ("fix, unsafe", |text| drop(black_box(lint::fix(text, &settings(&[]), Applicability::Unsafe)))),
];

fn time(step: fn(&str), text: &str) -> Duration {
    let once = || {
        let start = Instant::now();
        step(text);
        start.elapsed()
    };
    let first = once();
    // Short ones are repeated: what else the machine does counts there.
    if first > Duration::from_millis(200) { first } else { first.min(once()).min(once()) }
}

/// From how many lines to how many the time is compared.
const FROM: usize = 500;
const FACTOR: usize = 10;
/// How many times as long each line may take in the longer file: caches of the processor hold less of it.
const MOST: f64 = 3.0;
/// Where it is more, still: effects of later steps are compared with those of all earlier ones, a stage in a chain is read
/// with all that it starts from, and fixes that touch each other take a round each.
const NOT_YET: [&str; 7] = [
    "ENV lines, old form",
    "LABEL lines",
    "RUN lines that install",
    "COPY and RUN lines",
    "COPY . and metadata",
    "stages in a chain",
    "stages that copy",
];

#[test]
#[ignore = "takes minutes; for a release build"]
fn time_grows_with_the_length_and_no_faster() {
    let wanted = std::env::var("LAYERWISE_GROWTH").unwrap_or_default();
    let mut slow = Vec::new();
    println!("| file | step | {FROM} lines, ms | {} lines, ms | as long a line |", FROM * FACTOR);
    println!("|---|---|---|---|---|");
    for (name, shape) in SHAPES.iter().filter(|(name, _)| name.contains(&wanted)) {
        let (short, long) = (shape(FROM), shape(FROM * FACTOR));
        for (step, run) in STEPS {
            let (a, b) = (time(run, &short), time(run, &long));
            let ratio = b.as_secs_f64() / a.as_secs_f64() / FACTOR as f64;
            let ms = |d: Duration| d.as_secs_f64() * 1000.0;
            println!("| {name} | {step} | {:.2} | {:.2} | {ratio:.1} |", ms(a), ms(b));
            if ratio > MOST && b > Duration::from_millis(50) && !NOT_YET.contains(name) {
                slow.push(format!("{name}, {step}: {ratio:.1}"));
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
