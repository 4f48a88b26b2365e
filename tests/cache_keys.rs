//! The keys of one Dockerfile, asked with many contexts.

use layerwise::builder::Builder;
use layerwise::cache::{Build, Evidence, Heat, Inputs, Keyed, Prepared, Question, evidence, reruns, reruns_between};
use layerwise::context::{Entry, Kind, Tree, digest};
use layerwise::model::Model;
use layerwise::syntax::parse;

const THREE_STAGES: &str = "\
ARG NODE=20
FROM node:$NODE AS deps
WORKDIR /app
ENV CI=1 NPM_CONFIG_LOGLEVEL=warn
COPY package.json package-lock.json ./
RUN npm ci
RUN npm run postinstall
RUN echo done > /stamp

FROM deps AS build
ARG MODE=production
ENV MODE=$MODE
COPY tsconfig.json .
COPY src ./src
COPY public ./public
RUN npm run lint
RUN npm run build
RUN npm test
RUN npm prune --omit=dev

FROM nginx:1.25
LABEL maintainer=me
ENV PORT=8080
RUN apt-get update && apt-get install -y curl
WORKDIR /srv
COPY nginx.conf /etc/nginx/nginx.conf
COPY --from=build /app/dist /srv/dist
COPY --from=deps /stamp /srv/stamp
EXPOSE 8080
CMD [\"nginx\"]
";

fn tree(change: u32) -> Tree {
    let mut tree = Tree::default();
    let names = ["package.json", "package-lock.json", "tsconfig.json", "nginx.conf", "public/index.html"];
    let sources = (0..25).map(|i| format!("src/module{i}/index.ts"));
    for (number, path) in names.into_iter().map(str::to_owned).chain(sources).enumerate() {
        let content = if number as u32 == change { format!("changed {change}") } else { path.clone() };
        tree.insert(&path, Entry { kind: Kind::File(digest(&content)), mode: 0o644, owner: (0, 0) });
    }
    tree
}

#[test]
fn many_contexts_give_what_one_pair_of_builds_gives() {
    let file = parse(THREE_STAGES);
    let model = Model::new(&file);
    let prepared = Prepared::new(&model);
    let ask = |tree: &Tree, builder| prepared.keys(&Inputs { tree, arguments: &[], target: None }, builder);
    for builder in Builder::ALL {
        let first = tree(u32::MAX);
        let old = ask(&first, builder);
        assert!(reruns_between(&old, &ask(&first, builder)).is_empty(), "{builder:?}");
        for change in 0..30 {
            let second = tree(change);
            let new = ask(&second, builder);
            let line = |i: usize| -> &Keyed { &new[i] };
            let lines: Vec<u32> = reruns_between(&old, &new).into_iter().map(|i| line(i).line).collect();
            let build = |tree| Build { text: THREE_STAGES, tree, arguments: &[], target: None };
            let list = reruns(&build(&first), &build(&second), builder);
            assert_eq!(lines, list.iter().map(|r| r.line).collect::<Vec<_>>(), "{builder:?} {change}");
            assert!(!lines.is_empty(), "every file is copied: {builder:?} {change}");
            for (keyed, rerun) in reruns_between(&old, &new).into_iter().map(line).zip(&list) {
                assert_eq!(file.instructions[keyed.instruction_index].joined(), rerun.instruction);
            }
        }
    }
}

#[test]
fn the_target_is_asked_for_each_time() {
    let file = parse(THREE_STAGES);
    let model = Model::new(&file);
    let prepared = Prepared::new(&model);
    let files = tree(u32::MAX);
    let stages = |target| {
        let keys = prepared.keys(&Inputs { tree: &files, arguments: &[], target }, Builder::Buildkit);
        keys.last().map(|k| k.stage)
    };
    assert_eq!((stages(Some("deps")), stages(Some("build")), stages(None)), (Some(0), Some(1), Some(2)));
}

/// The lines that run again if the files `paths` change, on BuildKit.
fn after_change(text: &str, paths: &[&str]) -> Vec<u32> {
    let all = ["p/a/package.json", "p/a/src/index.ts", "p/b/package.json", "p/readme.md", "top.md"];
    let tree = |changed: &[&str]| {
        let mut tree = Tree::default();
        for path in all {
            let content = digest(&(path, changed.contains(&path)));
            tree.insert(path, Entry { kind: Kind::File(content), mode: 0o644, owner: (0, 0) });
        }
        tree
    };
    assert!(paths.iter().all(|path| all.contains(path)));
    let (first, second) = (tree(&[]), tree(paths));
    let build = |tree| Build { text, tree, arguments: &[], target: None };
    reruns(&build(&first), &build(&second), Builder::Buildkit).iter().map(|r| r.line).collect()
}

#[test]
fn flags_say_which_files_a_copy_brings() {
    let excluding = "FROM a\nARG KIND=md\nCOPY --exclude=*.${KIND} --exclude=**/src p /p\n";
    assert_eq!(after_change(excluding, &["p/readme.md", "p/a/src/index.ts"]), [0; 0]);
    assert_eq!(after_change(excluding, &["p/b/package.json"]), [3]);
    let parents = "FROM a\nCOPY --parents p/**/package.json /p/\nCOPY --parents=false p/*.md /\n";
    assert_eq!(after_change(parents, &["p/a/src/index.ts", "top.md"]), [0; 0]);
    assert_eq!(after_change(parents, &["p/a/package.json"]), [2, 3]);
    assert_eq!(after_change(parents, &["p/readme.md"]), [3]);
}

#[test]
fn parents_are_kept_from_the_dot_on() {
    let list = |before: &str, after: &str| {
        let tree = tree(u32::MAX);
        let [before, after] = [before, after].map(|source| format!("FROM a\nCOPY --parents {source} /p/\n"));
        let build = |text| Build { text, tree: &tree, arguments: &[], target: None };
        reruns(&build(&before), &build(&after), Builder::Buildkit).len()
    };
    assert_eq!(list("src/module1/index.ts", "src/./module1/index.ts"), 1);
    assert_eq!(list("src/module1/index.ts", "src/module1/index.ts"), 0);
}

const TRIGGERS: &str = "\
FROM node:20 AS base
RUN echo base
ONBUILD COPY src /src
ONBUILD RUN npm ci
FROM base AS one
RUN echo one
FROM base
RUN echo two
COPY --from=one /etc/x /
";

#[test]
fn a_trigger_is_named_by_its_line_and_the_stage_that_runs_it() {
    let (first, second) = (tree(u32::MAX), tree(10));
    let build = |tree| Build { text: TRIGGERS, tree, arguments: &[], target: None };
    let list = reruns(&build(&first), &build(&second), Builder::Buildkit);
    let shown: Vec<String> =
        list.iter().map(|r| format!("{} {} {}: {}", r.stage, r.line, r.instruction, r.reason)).collect();
    assert_eq!(
        shown,
        [
            "one 3 ONBUILD COPY src /src: `src/module5/index.ts` changed",
            "one 4 ONBUILD RUN npm ci: below line 3",
            "one 6 RUN echo one: below line 4",
            "2 8 RUN echo two: what it builds on changed",
            "2 9 COPY --from=one /etc/x /: `/etc/x` of stage one changed",
        ]
    );
}

/// Measured on the classic builder of Docker 26.1: it compares what the image keeps, the text behind ONBUILD as it is
/// written. In front of it and at the end of other lines, blanks don't count.
#[test]
fn the_classic_builder_compares_a_trigger_with_the_blanks_at_its_end() {
    const NONE: [u32; 0] = [];
    let same = tree(u32::MAX);
    let reruns_of = |builder, before: &str, after: &str| {
        let text = |line: &str| format!("FROM busybox:1.36\n{line}\nARG A\nCMD x\n");
        let texts = [text(before), text(after)];
        let build = |text| Build { text, tree: &same, arguments: &[], target: None };
        let list = reruns(&build(&texts[0]), &build(&texts[1]), builder);
        list.iter().map(|r| r.line).collect::<Vec<_>>()
    };
    let trigger = "ONBUILD ENV V=1";
    for after in ["ONBUILD ENV V=1  ", "ONBUILD ENV V=1\t", "ONBUILD env V=1", "ONBUILD ENV  V=1"] {
        assert_eq!(reruns_of(Builder::Classic, trigger, after), [2, 3, 4], "{after:?}");
        assert_eq!(reruns_of(Builder::Buildkit, trigger, after), NONE, "{after:?}");
    }
    for after in ["  ONBUILD ENV V=1", "onbuild   ENV V=1", "ONBUILD \\\n  ENV V=1"] {
        assert_eq!(reruns_of(Builder::Classic, trigger, after), NONE, "{after:?}");
    }
    assert_eq!(reruns_of(Builder::Classic, "ENV V=1", "ENV V=1  "), NONE);
}

#[test]
fn a_step_that_two_stages_share_costs_once_and_breaks_both() {
    let file = parse(TRIGGERS);
    let model = Model::new(&file);
    let recorded = |stage: Option<&str>, text: &str| (stage == Some("one") && text == "RUN npm ci").then_some(7.5);
    let ask =
        Question { builder: Builder::Buildkit, target: None, arguments: &[], recorded: &recorded, passed: &|| () };
    let commits = vec![vec!["src/a".to_owned()], vec!["README.md".to_owned()]];
    let counted = Evidence { commits, ..evidence(&model, None, None) };
    let heat = Heat::new(&Prepared::new(&model), &ask, &counted);
    let line = |index: usize| file.instructions[index].line_numbers.0;
    let runs = |stage: usize| {
        let steps = heat.steps.iter().filter(move |s| s.stage == stage);
        steps.map(|s| (line(s.instruction), s.runs, s.cause.map(line))).collect::<Vec<_>>()
    };
    assert_eq!(runs(0), [(2, 0, None), (3, 0, None), (4, 0, None)]);
    assert_eq!(runs(1), [(3, 1, Some(3)), (4, 1, Some(3)), (6, 1, Some(3))]);
    assert_eq!(runs(2), [(3, 0, Some(3)), (4, 0, Some(3)), (8, 1, Some(3)), (9, 1, Some(3))]);
    let timed: Vec<f64> = heat.steps.iter().filter(|s| s.recorded).map(|s| s.seconds).collect();
    assert_eq!(timed, [7.5], "a log names a trigger without its ONBUILD");
    let free = heat.steps.iter().filter(|s| s.stage == 2 && s.seconds == 0.0).count();
    assert_eq!(free, 2, "the triggers of the second child run in the first");
    let assumed = Heat::new(&Prepared::new(&model), &ask, &evidence(&model, None, None));
    assert!(assumed.steps.iter().any(|s| s.stage == 1 && s.chance > 0.0), "the sources of triggers are known");
}

/// Run with `--release --ignored --nocapture` for the figure.
#[test]
#[ignore = "a measurement"]
fn three_hundred_contexts() {
    let file = parse(THREE_STAGES);
    let model = Model::new(&file);
    let trees: Vec<Tree> = (0..300).map(|i| tree(i % 31)).collect();
    let start = std::time::Instant::now();
    let prepared = Prepared::new(&model);
    let mut count = 0;
    let mut old: Vec<Keyed> = Vec::new();
    for tree in &trees {
        let new = prepared.keys(&Inputs { tree, arguments: &[], target: None }, Builder::Buildkit);
        count += reruns_between(&old, &new).len();
        old = new;
    }
    println!("300 contexts: {:.1} ms, {count} steps run again", start.elapsed().as_secs_f64() * 1e3);
    assert!(count > 300);
}
