//! What is put together from kinds of paths, against the keys of each change by itself.

use super::*;
use crate::builder::Builder;
use crate::cache::{Inputs, Prepared};
use crate::syntax::parse;
use proptest::prelude::*;

const LINES: [&str; 14] = [
    "COPY . .",
    "COPY src lib/",
    "COPY src/a.js package.json ./",
    "COPY *.json ./",
    "COPY --exclude=*.js . /x/",
    "COPY --exclude=a.js src /y/",
    "COPY src/deep /z",
    "ADD src src/ /w/",
    "RUN --mount=type=bind,source=src make",
    "RUN npm ci",
    "RUN true",
    "WORKDIR /app",
    "ENV A=b",
    "COPY --from=0 /app/a.js .",
];
const PATHS: [&str; 9] = [
    "src/a.js",
    "src/b.js",
    "src/deep/a.js",
    "src/deep/er/c",
    "package.json",
    "lock.json",
    "README.md",
    "lib",
    "lib/x",
];

/// The steps of `new` whose results are not in `old`, as they are found without a look at the kinds of paths. Of the
/// paths of a step, those that are files.
fn naive(old: &[Keyed], new: &[Keyed], model: &Model<'_, '_>, files: &[&str]) -> (Vec<Again>, Vec<(Place, String)>) {
    let (mut list, mut paths) = (Vec::new(), Vec::new());
    let mut broken: HashMap<usize, Place> = HashMap::new();
    let cached: HashSet<u128> = old.iter().map(|k| k.key).collect();
    let mut run: HashSet<u128> = HashSet::new();
    for keyed in new.iter().filter(|k| !cached.contains(&k.key)) {
        let before = old.iter().find(|k| place(k) == place(keyed)).expect("the steps are the same");
        let changed: Vec<_> = keyed.inputs.iter().filter(|i| !before.inputs.contains(i)).collect();
        let gone = before.inputs.len() > keyed.inputs.len();
        let base = match model.stages.get(keyed.stage).map(|s| &s.base) {
            Some(Base::Stage(base)) => broken.get(base).copied(),
            _ => None,
        };
        let step = place(keyed);
        let cause = *broken.entry(keyed.stage).or_insert(base.unwrap_or(step));
        list.push(Again { step, cause, own: !changed.is_empty() || gone, shared: !run.insert(keyed.key) });
        let names = changed.iter().filter_map(|(name, _)| file(name)).filter(|name| files.contains(name));
        paths.extend(names.map(|name| (step, name.to_owned())));
    }
    (list, paths)
}

fn compare(text: &str, builder: Builder, changes: &[Vec<&str>]) -> Result<(), TestCaseError> {
    let file = parse(text);
    let model = Model::new(&file);
    let prepared = Prepared::new(&model);
    let keys = |tree: &Tree| prepared.keys(&Inputs { tree, arguments: &[], target: None }, builder);
    let old = keys(&Tree::default());
    let all: HashSet<&str> = changes.iter().flatten().copied().collect();
    let spread = Spread::new(&model, &old, &all, &keys);
    for change in changes {
        // A file and a folder of one name are never there together.
        if change.contains(&"lib") && change.contains(&"lib/x") {
            continue;
        }
        let owned: Vec<String> = change.iter().map(|&p| p.to_owned()).collect();
        let (expected, mut paths) = naive(&old, &keys(&tree_of(change.iter().copied())), &model, change);
        prop_assert_eq!(spread.again(&spread.kinds(&owned)), expected, "{:?}\n{}", change, text);
        let mut found: Vec<(Place, String)> =
            owned.iter().flat_map(|p| spread.steps_of(p).map(|step| (step, p.clone()))).collect();
        paths.sort();
        found.sort();
        prop_assert_eq!(found, paths, "{:?}\n{}", change, text);
    }
    Ok(())
}

/// The classic builder takes two COPY for one if they bring the same files, which may be so for one change only.
#[test]
fn steps_are_one_only_if_they_are_so_for_all_files_of_a_change() {
    for one in ["package.json", "lock.json"] {
        let text = format!("FROM a\nCOPY {one} ./\nFROM a\nCOPY *.json ./\n");
        let both = vec!["lock.json", "package.json"];
        let changes = [vec![both[0]], vec![both[1]], both.clone()];
        compare(&text, Builder::Classic, &changes).expect("they are alike");
        let file = parse(&text);
        let model = Model::new(&file);
        let prepared = Prepared::new(&model);
        let keys = |tree: &Tree| prepared.keys(&Inputs { tree, arguments: &[], target: None }, Builder::Classic);
        let old = keys(&Tree::default());
        let spread = Spread::new(&model, &old, &both.iter().copied().collect(), &keys);
        let shared = |paths: &[&str]| {
            let owned: Vec<String> = paths.iter().map(|&p| p.to_owned()).collect();
            spread.again(&spread.kinds(&owned)).iter().filter(|again| again.shared).count()
        };
        assert_eq!((shared(&[one]), shared(&both)), (1, 0), "{one}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn kinds_of_paths_give_what_each_change_gives(
        stages in proptest::collection::vec((0usize..3, proptest::collection::vec(0..LINES.len(), 0..6)), 1..4),
        changes in proptest::collection::vec(proptest::collection::btree_set(0..PATHS.len(), 0..4), 1..6),
        builder in 0usize..3,
    ) {
        let mut text = String::new();
        for (at, (base, lines)) in stages.iter().enumerate() {
            let base = if *base < at { base.to_string() } else { "a".to_owned() };
            text.push_str(&format!("FROM {base} AS s{at}\nWORKDIR /app\n"));
            lines.iter().for_each(|&line| text.push_str(&format!("{}\n", LINES[line])));
        }
        let builder = [Builder::Buildkit, Builder::Classic, Builder::Buildah][builder];
        let changes: Vec<Vec<&str>> = changes.iter().map(|c| c.iter().map(|&p| PATHS[p]).collect()).collect();
        compare(&text, builder, &changes)?;
    }
}
