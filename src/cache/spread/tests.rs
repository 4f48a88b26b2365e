//! What is put together from kinds of paths, against the keys of each change by itself.

use super::kinds::tree_of;
use super::*;
use crate::builder::Builder;
use crate::cache::Prepared;
use crate::context::Tree;
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
fn naive(old: &[Keyed], new: &[Keyed], model: &Model<'_, '_>, files: &[&str]) -> (Vec<Again>, Vec<(usize, String)>) {
    let (mut list, mut paths) = (Vec::new(), Vec::new());
    let mut broken: HashMap<usize, usize> = HashMap::new();
    let cached: HashSet<u128> = old.iter().map(|k| k.key).collect();
    let mut run: HashSet<u128> = HashSet::new();
    for (step, keyed) in new.iter().enumerate().filter(|(_, k)| !cached.contains(&k.key)) {
        let place = |k: &Keyed| (k.stage, k.instruction_index, k.trigger);
        assert_eq!(place(&old[step]), place(keyed), "the steps are the same");
        let base = match model.stages.get(keyed.stage).map(|s| &s.base) {
            Some(Base::Stage(base)) => broken.get(base).copied(),
            _ => None,
        };
        let cause = *broken.entry(keyed.stage).or_insert(base.unwrap_or(step));
        list.push(Again { step, cause, own: keyed.values() != old[step].values(), shared: !run.insert(keyed.key) });
        let names = keyed.files().filter(|name| files.contains(name));
        paths.extend(names.map(|name| (step, name.to_owned())));
    }
    (list, paths)
}

/// Compares what is put together from at most so many kinds with what each change gives by itself.
fn compare(text: &str, builder: Builder, most: usize, changes: &[Vec<&str>]) -> Result<(), TestCaseError> {
    let file = parse(text);
    let model = Model::new(&file);
    let prepared = Prepared::new(&model);
    let resolved = prepared.resolve(builder, None, &[]);
    let old = resolved.keys(&Tree::default());
    let owned: Vec<Vec<String>> = changes.iter().map(|c| c.iter().map(|&p| p.to_owned()).collect()).collect();
    let spread = Spread::with_most(most, &model, &old, owned.iter().map(Vec::as_slice), &resolved);
    let own: Vec<Vec<usize>> = spread.own().collect();
    prop_assert!(own.len() <= most);
    for (change, owned) in changes.iter().zip(&owned) {
        // A file and a folder of one name are never there together.
        if change.contains(&"lib") && change.contains(&"lib/x") {
            continue;
        }
        let (expected, mut paths) = naive(&old, &resolved.keys(&tree_of(change.iter().copied())), &model, change);
        let kinds = spread.kinds(owned);
        let again = spread.again(&kinds);
        let own: HashSet<usize> = kinds.iter().flat_map(|&kind| &own[kind]).copied().collect();
        prop_assert_eq!(&own, &again.iter().filter(|a| a.own).map(|a| a.step).collect(), "{:?}\n{}", change, text);
        let step = |again: &Again| (again.step, again.own);
        if most < FEW {
            let all: HashSet<(usize, bool)> = again.iter().map(step).collect();
            let covered = |a: &Again| all.contains(&step(a)) || all.contains(&(a.step, true));
            prop_assert!(expected.iter().all(covered), "{:?}\n{}", change, text);
        } else {
            prop_assert_eq!(again, expected, "{:?}\n{}", change, text);
        }
        let found = |p: &String| (0..old.len()).filter(|&at| spread.brings(at, p)).map(|at| (at, p.clone())).collect();
        let mut found: Vec<(usize, String)> = owned.iter().flat_map(|p| -> Vec<_> { found(p) }).collect();
        // Two sources of a step may bring the same file.
        paths.sort();
        paths.dedup();
        found.sort();
        prop_assert_eq!(found, paths, "{:?}\n{}", change, text);
    }
    Ok(())
}

/// Below so many kinds, some of those of [`PATHS`] may share one.
const FEW: usize = 2 * PATHS.len();

/// The classic builder takes two COPY for one if they bring the same files, which may be so for one change only.
#[test]
fn steps_are_one_only_if_they_are_so_for_all_files_of_a_change() {
    for one in ["package.json", "lock.json"] {
        let text = format!("FROM a\nCOPY {one} ./\nFROM a\nCOPY *.json ./\n");
        let both = ["lock.json", "package.json"];
        let changes = [vec![both[0]], vec![both[1]], both.to_vec()];
        compare(&text, Builder::Classic, FEW, &changes).expect("they are alike");
        let file = parse(&text);
        let model = Model::new(&file);
        let prepared = Prepared::new(&model);
        let resolved = prepared.resolve(Builder::Classic, None, &[]);
        let old = resolved.keys(&Tree::default());
        let all = both.map(str::to_owned);
        let spread = Spread::new(&model, &old, [&all[..]].into_iter(), &resolved);
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
        most in prop_oneof![2 => Just(FEW), 1 => 1usize..4],
    ) {
        let mut text = String::new();
        for (at, (base, lines)) in stages.iter().enumerate() {
            let base = if *base < at { base.to_string() } else { "a".to_owned() };
            text.push_str(&format!("FROM {base} AS s{at}\nWORKDIR /app\n"));
            lines.iter().for_each(|&line| text.push_str(&format!("{}\n", LINES[line])));
        }
        let builder = [Builder::Buildkit, Builder::Classic, Builder::Buildah][builder];
        let changes: Vec<Vec<&str>> = changes.iter().map(|c| c.iter().map(|&p| PATHS[p]).collect()).collect();
        compare(&text, builder, most, &changes)?;
    }
}
