//! How the time for a file grows with its length: nothing takes more than linear time, but for the few steps that
//! are named here.

#[path = "support/shapes.rs"]
mod shapes;
mod support;

use layerwise::cache::{Build, Heat, Prepared, Question, evidence, reruns};
use layerwise::config::Builder;
use layerwise::context::Tree;
use layerwise::context::timings::Timings;
use layerwise::diagnostic::Applicability;
use layerwise::lint::FileReport;
use layerwise::model::Model;
use layerwise::report::{self, Format, Root, Run};
use layerwise::{lint, syntax};
use std::hint::black_box;
use std::time::{Duration, Instant};
use support::{document, settings};

type Step = (&'static str, fn(&str));

/// How often each step runs again, without a history.
fn heat(text: &str) {
    let file = syntax::parse(text);
    let model = Model::new(&file);
    let ask =
        Question { builder: Builder::Buildkit, target: None, arguments: &[], recorded: &|_, _| None, passed: &|| () };
    drop(black_box(Heat::new(&Prepared::new(&model), &ask, &evidence(&model, None, None))));
}

/// The steps of a run that are timed.
const STEPS: [Step; 4] = [
    ("check", |text| drop(black_box(lint::lint(text, &settings(&["ALL"]))))),
    ("fix", |text| drop(black_box(lint::fix(text, &settings(&["ALL"]), Applicability::Safe)))),
    ("fix, unsafe", |text| drop(black_box(lint::fix(text, &settings(&["ALL"]), Applicability::Unsafe)))),
    ("cache", heat),
];

/// How long this thread has run, where the system tells it: other programs don't count then. It tells it every few
/// milliseconds.
fn clock() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn time(step: fn(&str), text: &str) -> Duration {
    timed(|| step(text))
}

fn timed(step: impl Fn()) -> Duration {
    let once = || {
        let (start, wall) = (clock(), Instant::now());
        step();
        let wall = wall.elapsed();
        let own = start.zip(clock()).map_or(wall, |(start, end)| end - start);
        if wall > Duration::from_millis(100) { own } else { wall }
    };
    let first = once();
    // The first run also asks the system for memory, and in short ones counts what else the machine does.
    let again = match first.as_millis() {
        0..200 => 4,
        200..2_000 => 1,
        _ => 0,
    };
    (0..again).map(|_| once()).fold(first, Duration::min)
}

fn chosen() -> impl Iterator<Item = &'static shapes::Shape> {
    let wanted = std::env::var("LAYERWISE_GROWTH").unwrap_or_default();
    shapes::all().filter(move |(name, _)| name.contains(&wanted))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// From how many lines to how many the time is compared.
const FROM: usize = 1_000;
const FACTOR: usize = 10;
/// How many times as long each line may take in the longer file: caches of the processor hold less of it.
const MOST: f64 = 3.0;
/// Where it is more, still, and in which steps: each line makes a value longer, the lines that moved are compared one by one, each
/// file that came is compared with each that goes, and moves that touch each other take a round for every few.
const NOT_YET: [(&str, &[&str]); 6] = [
    ("ENV lines of one name", &["cache"]),
    ("ENV lines of PATH", &["cache"]),
    ("USER and WORKDIR lines", &["cache"]),
    ("COPY . and metadata", &["check"]),
    ("RUN lines that add and remove", &["fix, unsafe"]),
    ("stages of many lines", &["fix", "fix, unsafe"]),
];
/// The documents with an example for which it is more, still: for each RUN below a COPY of sources, LW108 asks each line above
/// whether it may have made the file.
const DOCUMENTS_NOT_YET: [&str; 1] = ["LW105"];

fn is_not_yet(name: &str, step: &str) -> bool {
    NOT_YET.iter().any(|(shape, steps)| *shape == name && steps.contains(&step))
}

#[test]
#[ignore = "takes minutes; for a release build"]
fn time_grows_with_the_length_and_no_faster() {
    let mut slow = Vec::new();
    println!("| file | step | {FROM} lines, ms | {} lines, ms | as long a line |", FROM * FACTOR);
    println!("|---|---|---|---|---|");
    for (name, shape) in chosen() {
        let (short, long) = (shape(FROM), shape(FROM * FACTOR));
        for (step, run) in STEPS {
            let (a, b) = (time(run, &short), time(run, &long));
            let ratio = b.as_secs_f64() / a.as_secs_f64() / FACTOR as f64;
            println!("| {name} | {step} | {:.2} | {:.2} | {ratio:.1} |", ms(a), ms(b));
            if ratio > MOST && b > Duration::from_millis(50) && !is_not_yet(name, step) {
                slow.push(format!("{name}, {step}: {ratio:.1}"));
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

/// Two versions of a file, which are long in the same way.
type Pair = (&'static str, fn(usize) -> [String; 2]);

const PAIRS: [Pair; 3] = [
    ("ARGs that changed", |n| {
        let step = |i, value| format!("ARG A{i}={value}\nRUN x{i}\n");
        ["x", "y"].map(|value| "FROM a:1\n".to_owned() + &(0..n / 2).map(|i| step(i, value)).collect::<String>())
    }),
    ("one of many ARGs that changed", |n| {
        let args: String = (0..n / 2).map(|i| format!("ARG A{i}=x\n")).collect();
        let runs: String = (0..n / 2).map(|i| format!("RUN x{i}\n")).collect();
        ["x", "y"].map(|value| format!("FROM a:1\n{args}ARG B={value}\n{runs}"))
    }),
    ("a chain of stages from another image", |n| {
        let stage = |i| format!("FROM s{i} AS s{}\nCOPY --from=s{} x y\n", i + 1, i / 2);
        let stages: String = (0..n / 2).map(stage).collect();
        ["a:1", "a:2"].map(|base| format!("FROM {base} AS s0\n{stages}"))
    }),
];

/// What runs again between two versions.
fn compare([before, after]: &[String; 2]) {
    let tree = Tree::default();
    let build = |text| Build { text, tree: &tree, arguments: &[], target: None };
    drop(black_box(reruns(&build(before), &build(after), Builder::Buildkit)));
}

/// Asks the log of a build of `n` steps for each of them.
fn ask_log(n: usize) {
    let step = |i: usize| format!("#{i} [{i}/{n}] RUN make part{i} \"$A\"...\n#{i} DONE 1.0s\n");
    let log: String = (1..=n).map(step).collect();
    let timings = Timings::parse(&log).expect("it is a log");
    let lookup = timings.lookup();
    for i in 1..=n {
        black_box(lookup.seconds_for(None, &format!("RUN make part{i} \"$A\" $B")));
        black_box(lookup.seconds_for(None, &format!("RUN make part{i} \"\\$A\"...")));
    }
}

#[test]
#[ignore = "takes minutes; for a release build"]
fn comparing_two_builds_and_asking_a_log_grow_no_faster() {
    let timed = |run: &dyn Fn()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    let mut slow = Vec::new();
    let mut check = |name: &str, short: f64, long: f64| {
        let ratio = long / short / FACTOR as f64;
        println!("| {name} | {:.2} | {:.2} | {ratio:.1} |", short * 1000.0, long * 1000.0);
        if ratio > MOST && long > 0.05 {
            slow.push(format!("{name}: {ratio:.1}"));
        }
    };
    for (name, pair) in PAIRS {
        let [short, long] = [FROM, FROM * FACTOR].map(pair);
        check(name, timed(&|| compare(&short)), timed(&|| compare(&long)));
    }
    check("steps of a log", timed(&|| ask_log(FROM)), timed(&|| ask_log(FROM * FACTOR)));
    assert!(slow.is_empty(), "{slow:#?}");
}

/// The lengths of the curve.
const LENGTHS: [usize; 5] = [10, 100, 1_000, 10_000, 50_000];
/// What would take longer, at the pace at which it grows so far, is left out.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
#[ignore = "takes minutes; for a release build"]
fn the_curve_from_ten_lines_to_fifty_thousand() {
    println!("| file | step | {} |", LENGTHS.map(|n| format!("{n} lines: ms, µs a line")).join(" | "));
    println!("|---|---|{}", "---|".repeat(LENGTHS.len()));
    for (name, shape) in chosen() {
        for (step, run) in STEPS {
            let mut cells = Vec::new();
            let mut last: Option<(usize, Duration, f64)> = None;
            for n in LENGTHS {
                let guess = last.map_or(0.0, |(m, time, power)| time.as_secs_f64() * (n as f64 / m as f64).powf(power));
                if guess > PATIENCE.as_secs_f64() {
                    cells.push("-".to_owned());
                    continue;
                }
                let took = time(run, &shape(n));
                let power = last.map_or(1.0, |(m, time, _)| {
                    (took.as_secs_f64() / time.as_secs_f64()).ln() / (n as f64 / m as f64).ln()
                });
                last = Some((n, took, power.clamp(1.0, 3.0)));
                cells.push(format!("{:.2}, {:.1}", ms(took), ms(took) * 1000.0 / n as f64));
            }
            println!("| {name} | {step} | {} |", cells.join(" | "));
        }
    }
}

/// What the examples of the rules look like when somebody writes them again and again: all of it, and the steps of the last
/// stage.
fn repeated(example: &str, lines: usize) -> [String; 2] {
    let example = example.replace('\u{2026}', "x");
    let count = lines / example.lines().count().max(1);
    let from = example.rfind("\nFROM ").map_or(0, |at| at + 1);
    let steps = from + example[from..].find('\n').map_or(example.len() - from, |end| end + 1);
    let (head, steps) = example.split_at(steps);
    [example.repeat(count), head.to_owned() + &steps.repeat(count)]
}

#[test]
#[ignore = "takes minutes; for a release build"]
fn no_rule_takes_longer_a_line_in_a_long_file() {
    let mut slow = Vec::new();
    let (name, check) = STEPS[0];
    for document in document::all() {
        for block in document.examples.iter().flat_map(|example| example.bad.iter().chain(&example.good)) {
            let (short, long) = (repeated(&block.content, FROM), repeated(&block.content, FROM * FACTOR));
            for (way, (short, long)) in ["whole", "steps"].iter().zip(short.iter().zip(&long)) {
                let b = time(check, long);
                let ratio = || b.as_secs_f64() / time(check, short).as_secs_f64() / FACTOR as f64;
                if b > Duration::from_millis(150) {
                    let (ratio, line, stem) = (ratio(), block.line, &document.stem);
                    println!("{stem}:{line}, {way}, {name}: {:.0} ms, {ratio:.1} as long a line", ms(b));
                    if ratio > MOST && !DOCUMENTS_NOT_YET.contains(&stem.as_str()) {
                        slow.push(format!("{stem}:{line}, {way}: {ratio:.1}"));
                    }
                }
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

/// Lines with a finding at each word, of characters that are counted each in another way.
const WORDS: [shapes::Shape; 3] = [
    ("plain", |n| format!("FROM a:1\nRUN true{}\n", (0..n).map(|i| format!(" && sudo e{i}")).collect::<String>())),
    ("not ASCII", |n| {
        format!("FROM a:1\nRUN \u{1f600}{}\n", (0..n).map(|i| format!(" && sudo \u{e9}{i}")).collect::<String>())
    }),
    ("replaced", |n| {
        format!("FROM a:1\nRUN true{}\n", (0..n).map(|i| format!("\t&& sudo \u{1b}{i}")).collect::<String>())
    }),
];

#[test]
#[ignore = "takes minutes; for a release build"]
fn no_report_takes_longer_a_finding_on_a_long_line() {
    let mut slow = Vec::new();
    println!("| line | format | {FROM} findings, ms | {} findings, ms | as long a finding |", FROM * FACTOR);
    println!("|---|---|---|---|---|");
    for (name, shape) in WORDS {
        let reports = [FROM, FROM * FACTOR].map(|n| {
            let text = shape(n);
            let findings = lint::lint(&text, &settings(&["ALL"]));
            [FileReport { path: "Dockerfile".to_owned(), text, findings }]
        });
        for format in Format::ALL {
            let [a, b] = reports.each_ref().map(|files| {
                timed(|| {
                    let (root, mut out) = (Root::default(), Vec::new());
                    report::write(format, &Run { files, root: &root }, &mut out, false).expect("a vector takes all");
                    black_box(out);
                })
            });
            let ratio = b.as_secs_f64() / a.as_secs_f64() / FACTOR as f64;
            println!("| {name} | {} | {:.2} | {:.2} | {ratio:.1} |", format.name(), ms(a), ms(b));
            if ratio > MOST && b > Duration::from_millis(50) {
                slow.push(format!("{name}, {}: {ratio:.1}", format.name()));
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
