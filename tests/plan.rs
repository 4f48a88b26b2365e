//! What the plan promises, on generated Dockerfiles and histories: each move is legal by its effects, lowers
//! the expected cost (or puts stable metadata first), and the fixed file costs no more and stays as it is.

mod support;

use layerwise::builder::Builder;
use layerwise::cache::{Chances, Evidence, Heat, Move, Prepared, Question, evidence, plan};
use layerwise::diagnostic::Applicability;
use layerwise::lint::fix;
use layerwise::model::Model;
use layerwise::syntax::{Keyword, parse};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use support::settings;

const FILES: [&str; 8] = [
    "package.json",
    "src/app.js",
    "src/lib/util.js",
    "docs/guide.md",
    "conf/app.conf",
    "tool.deb",
    "assets/logo.png",
    "Dockerfile",
];

/// Lines that can often change places.
const FREE: [&str; 18] = [
    "COPY . /app",
    "COPY . .",
    "COPY src /app/src",
    "COPY docs /data/docs",
    "COPY conf/app.conf /data/conf/",
    "COPY package.json /data/other/",
    "COPY tool.deb /data/tools/",
    "RUN apt-get update && apt-get install -y curl",
    "RUN apt-get install -y /data/tools/tool.deb",
    "RUN apk add --no-cache git",
    "RUN mkdir -p /data/data",
    "RUN useradd --system app",
    "RUN curl -o /data/x https://example.org/x",
    "RUN rm -rf /data/tools",
    "ENV MODE=production",
    "LABEL team=web",
    "EXPOSE 80",
    "CMD [\"./run\"]",
];

/// Lines that others seldom pass.
const BORDERS: [&str; 12] = [
    "COPY docs /usr/share/doc/app",
    "COPY assets assets",
    "ADD https://example.org/tool.tar.gz /tmp/",
    "RUN mkdir -p cache",
    "RUN ./build.sh",
    "ENV HOME_DIR=/data/$MODE",
    "ARG REVISION",
    "LABEL revision=$REVISION",
    "WORKDIR /app",
    "WORKDIR sub",
    "USER app",
    "SHELL [\"/bin/bash\", \"-c\"]",
];

fn dockerfile() -> impl Strategy<Value = String> {
    let line = || prop_oneof![6 => prop::sample::select(FREE.to_vec()), 1 => prop::sample::select(BORDERS.to_vec())];
    let stage = move || prop::collection::vec(line(), 2..14);
    (stage(), prop::option::of(stage()), any::<bool>()).prop_map(|(first, second, inherits)| {
        let mut text = format!("FROM debian:bookworm AS build\nWORKDIR /app\n{}\n", first.join("\n"));
        if let Some(second) = second {
            let base = if inherits { "build" } else { "alpine:3.20" };
            text += &format!("\nFROM {base}\nWORKDIR /app\n{}\nCOPY --from=build /data /data\n", second.join("\n"));
        }
        text
    })
}

/// Commits of one to three files each; none at all every now and then.
fn commits() -> impl Strategy<Value = Vec<Vec<String>>> {
    let path = prop::sample::select(FILES.to_vec()).prop_map(str::to_owned);
    prop_oneof![1 => Just(Vec::new()), 4 => prop::collection::vec(prop::collection::vec(path, 1..4), 10..40)]
}

fn ask(builder: Builder) -> Question<'static> {
    Question { builder, target: None, arguments: &[], recorded: &|_, _| None, passed: &|| () }
}

fn cost(text: &str, commits: &[Vec<String>], builder: Builder) -> f64 {
    let file = parse(text);
    let model = Model::new(&file);
    let evidence = Evidence { commits: commits.to_vec(), ..evidence(&model, None, None) };
    Heat::new(&Prepared::new(&model), &ask(builder), &evidence).expected()
}

/// The text with the lines moved as `to` says: here an instruction is a line.
fn moved(text: &str, to: &Move) -> String {
    let file = parse(text);
    let mut order: Vec<usize> = (0..file.instructions.len()).collect();
    for (step, below) in to.pairs() {
        order.retain(|&i| i != step);
        let at = order.iter().position(|&i| i == below).expect("it goes below a line of the file");
        order.insert(at + 1, step);
    }
    order.iter().map(|&i| format!("{}\n", file.instructions[i].span.of(text))).collect()
}

/// The pairs of instructions that `to` puts into another order.
fn swaps(to: &Move) -> Vec<(usize, usize)> {
    let members: Vec<usize> = to.with.iter().copied().chain([to.step]).collect();
    let passed = |m: usize| (to.below + 1..m).filter(|i| !members.contains(i));
    members.iter().flat_map(|&m| passed(m).map(move |i| (i, m))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_move_is_legal_and_saves_time(text in dockerfile(), commits in commits(), classic: bool) {
        let builder = if classic { Builder::Classic } else { Builder::Buildkit };
        let file = parse(&text);
        let model = Model::new(&file);
        let evidence = Evidence { commits: commits.clone(), ..evidence(&model, None, None) };
        let chances = Chances::new(&Prepared::new(&model), &ask(builder), evidence);
        for stage in &model.stages {
            let effects = model.effects(stage);
            let found = plan(&model, stage, || effects, &|| &chances);
            for to in found.metadata.iter().chain(found.runs.iter().map(|r| &r.to)) {
                prop_assert!(to.passes < to.step && to.below < to.step, "{to:?}");
            }
            for run in &found.runs {
                for (a, b) in swaps(&run.to) {
                    let of = |i: usize| &effects.effects[i - stage.steps.start];
                    let is_workdir = file.instructions[b].keyword == Keyword::Workdir;
                    let is_of_folder = run.makes_folder && is_workdir && of(b).share_but_a_folder(of(a));
                    prop_assert!(of(a).independent(of(b)) || is_of_folder, "{a} and {b} in\n{text}");
                }
                let after = cost(&moved(&text, &run.to), &commits, builder);
                let before = cost(&text, &commits, builder);
                prop_assert!(run.gain > 0.0 && after < before, "{before} -> {after}, {run:?} in\n{text}");
            }
        }
    }

    #[test]
    fn the_fixed_file_costs_no_more_and_stays(text in dockerfile()) {
        let fixed = fix(&text, &settings(&["LW101", "LW105"]), Applicability::Safe);
        prop_assert!(fixed.oscillating.is_empty());
        let again = fix(&fixed.text, &settings(&["LW101", "LW105"]), Applicability::Safe);
        prop_assert_eq!(&again.text, &fixed.text);
        for builder in Builder::ALL {
            // What is assumed is what the fix went by.
            let (before, after) = (cost(&text, &[], builder), cost(&fixed.text, &[], builder));
            prop_assert!(after <= before + 1e-9, "{before} -> {after} ({builder:?})\n{text}\n{}", fixed.text);
        }
    }
}

#[test]
fn the_generator_makes_moves() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut changed = 0;
    for _ in 0..300 {
        let text = dockerfile().new_tree(&mut runner).expect("a file can be made").current();
        let fixed = fix(&text, &settings(&["LW105"]), Applicability::Safe);
        changed += usize::from(fixed.text != text);
    }
    assert!(changed >= 100, "only {changed} of 300 files have a RUN to move");
}
