//! Whatever is shown to be the same gives the same image when it is built: a builder with real values
//! and a real table of files, written without the parser, runs random files and random rewrites.

use super::super::validate_safe;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

#[derive(Clone, Debug)]
enum Part {
    Text(&'static str),
    Variable(&'static str),
    Default(&'static str, &'static str),
    Quoted(&'static str),
}

type Text = Vec<Part>;

#[derive(Clone, Debug)]
enum Step {
    Env(Vec<(&'static str, Text)>),
    Arg(&'static str, Option<Text>),
    Label(&'static str, Text),
    Copy(&'static str, Text),
    Workdir(Text),
    User(&'static str),
    Run(u8),
    RunExec(u8),
    Cmd(u8),
    Entrypoint(u8),
    Shell(u8),
    Volume(&'static str),
}

fn render(text: &Text) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => (*text).to_owned(),
        Part::Variable(name) => format!("${{{name}}}"),
        Part::Default(name, word) => format!("\"${{{name}:-{word}}}\""),
        Part::Quoted(name) => format!("'${name}'"),
    };
    text.iter().map(part).collect()
}

fn dockerfile(steps: &[Step]) -> String {
    let mut out = "ARG G=global\nFROM base\n".to_owned();
    for step in steps {
        match step {
            Step::Env(pairs) => {
                out.push_str("ENV");
                pairs.iter().for_each(|(name, value)| write!(out, " {name}={}", render(value)).unwrap());
            }
            Step::Arg(name, None) => write!(out, "ARG {name}").unwrap(),
            Step::Arg(name, Some(value)) => write!(out, "ARG {name}={}", render(value)).unwrap(),
            Step::Label(name, value) => write!(out, "LABEL {name}={}", render(value)).unwrap(),
            Step::Copy(source, to) => write!(out, "COPY {source} {}", render(to)).unwrap(),
            Step::Workdir(path) => write!(out, "WORKDIR {}", render(path)).unwrap(),
            Step::User(user) => write!(out, "USER {user}").unwrap(),
            Step::Run(n) => write!(out, "RUN command {n}").unwrap(),
            Step::RunExec(n) => write!(out, "RUN [\"command\", \"{n}\"]").unwrap(),
            Step::Cmd(n) => write!(out, "CMD command {n}").unwrap(),
            Step::Entrypoint(n) => write!(out, "ENTRYPOINT [\"command\", \"{n}\"]").unwrap(),
            Step::Shell(n) => write!(out, "SHELL [\"shell{n}\"]").unwrap(),
            Step::Volume(path) => write!(out, "VOLUME {path}").unwrap(),
        }
        out.push('\n');
    }
    out
}

/// What a build is given from outside.
#[derive(Clone, Copy)]
struct World {
    base: &'static [(&'static str, &'static str)],
    given: &'static [(&'static str, &'static str)],
    /// Whether an ARG hides an ENV above it: builders differ.
    arg_hides_env: bool,
}

const WORLDS: [World; 4] = [
    World { base: &[], given: &[], arg_hides_env: false },
    World { base: &[("A", "1"), ("B", "")], given: &[], arg_hides_env: true },
    World { base: &[("B", "x")], given: &[("A", "y")], arg_hides_env: true },
    World { base: &[("G", "2")], given: &[("B", "1"), ("G", "z")], arg_hides_env: false },
];

#[derive(Clone, Debug, Default, PartialEq)]
struct Image {
    files: BTreeMap<String, String>,
    env: BTreeMap<String, String>,
    labels: BTreeMap<String, String>,
    volumes: BTreeSet<String>,
    user: String,
    workdir: String,
    shell: String,
    cmd: String,
    entrypoint: String,
}

struct Builder {
    world: World,
    image: Image,
    args: BTreeMap<String, String>,
    own_cmd: bool,
}

impl Builder {
    fn read(&self, name: &str) -> Option<String> {
        let (env, arg) = (self.image.env.get(name), self.args.get(name));
        if self.world.arg_hides_env { arg.or(env) } else { env.or(arg) }.cloned()
    }

    fn expand(&self, text: &Text) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => (*text).to_owned(),
            Part::Variable(name) => self.read(name).unwrap_or_default(),
            Part::Default(name, word) => self.read(name).filter(|v| !v.is_empty()).unwrap_or((*word).to_owned()),
            Part::Quoted(name) => format!("${name}"),
        };
        text.iter().map(part).collect()
    }

    fn path(&self, text: &Text) -> String {
        let path = self.expand(text);
        if path.starts_with('/') { path } else { format!("{}/{path}", self.image.workdir) }
    }

    fn command(&mut self, n: u8, shell: &str) {
        let image = &self.image;
        let seen = format!("{n}{shell}{:?}{:?}", (&image.user, &image.workdir), (&image.env, &self.args));
        let all = format!("{:?}{seen}", image.files);
        for path in ["/log", "/v/log"] {
            if !image.volumes.iter().any(|v| path.starts_with(&format!("{v}/"))) {
                // A short digest keeps the log of a log from growing.
                let digest = all
                    .bytes()
                    .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
                self.image.files.insert(path.to_owned(), digest.to_string());
                return;
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Env(pairs) => {
                let values: Vec<String> = pairs.iter().map(|(_, v)| self.expand(v)).collect();
                for ((name, _), value) in pairs.iter().zip(values) {
                    self.image.env.insert((*name).to_owned(), value);
                    self.args.remove(*name);
                }
            }
            Step::Arg(name, default) => {
                let given = self.world.given.iter().find(|(n, _)| n == name).map(|(_, v)| (*v).to_owned());
                let global = || (*name == "G").then(|| "global".to_owned());
                let value = given.or_else(|| default.as_ref().map(|d| self.expand(d))).or_else(global);
                if let Some(value) = value {
                    self.args.insert((*name).to_owned(), value);
                }
            }
            Step::Label(name, value) => {
                let value = self.expand(value);
                self.image.labels.insert((*name).to_owned(), value);
            }
            Step::Copy(source, to) => {
                let path = self.path(to);
                self.image.files.insert(path, (*source).to_owned());
            }
            Step::Workdir(path) => {
                let path = self.path(path);
                let made = format!("folder of {}", self.image.user);
                self.image.files.entry(path.clone()).or_insert(made);
                self.image.workdir = path;
            }
            Step::User(user) => self.image.user = (*user).to_owned(),
            Step::Run(n) => self.command(*n, &self.image.shell.clone()),
            Step::RunExec(n) => self.command(*n, ""),
            Step::Cmd(n) => {
                self.image.cmd = format!("{} {n}", self.image.shell);
                self.own_cmd = true;
            }
            Step::Entrypoint(n) => {
                self.image.entrypoint = n.to_string();
                if !self.own_cmd {
                    self.image.cmd.clear();
                }
            }
            Step::Shell(n) => self.image.shell = n.to_string(),
            Step::Volume(path) => {
                self.image.volumes.insert((*path).to_owned());
            }
        }
    }
}

fn build(steps: &[Step], world: World) -> Image {
    let env = world.base.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let image = Image { env, workdir: "/base".into(), cmd: "base".into(), ..Image::default() };
    let mut builder = Builder { world, image, args: BTreeMap::new(), own_cmd: false };
    steps.iter().for_each(|s| builder.step(s));
    builder.image
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["A", "B", "G"])
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        3 => prop::sample::select(vec!["1", "2", "x"]).prop_map(Part::Text),
        2 => name().prop_map(Part::Variable),
        1 => (name(), prop::sample::select(vec!["1", "x"])).prop_map(|(n, w)| Part::Default(n, w)),
        1 => name().prop_map(Part::Quoted),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    prop::collection::vec(part(), 1..3)
}

fn path() -> impl Strategy<Value = Text> {
    let start = prop::sample::select(vec!["/", "/v/", "/1", "v", "x"]).prop_map(Part::Text);
    (start, prop::option::of(part())).prop_map(|(start, part)| [start].into_iter().chain(part).collect())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec((name(), text()), 1..3).prop_map(Step::Env),
        2 => (name(), prop::option::of(text())).prop_map(|(n, v)| Step::Arg(n, v)),
        1 => (name(), text()).prop_map(|(n, v)| Step::Label(n, v)),
        4 => (prop::sample::select(vec!["a", "b"]), path()).prop_map(|(s, p)| Step::Copy(s, p)),
        2 => path().prop_map(Step::Workdir),
        2 => prop::sample::select(vec!["u", "7"]).prop_map(Step::User),
        2 => (0..2u8).prop_map(Step::Run),
        1 => (0..2u8).prop_map(Step::RunExec),
        2 => (0..2u8).prop_map(Step::Cmd),
        2 => (0..2u8).prop_map(Step::Entrypoint),
        2 => (0..2u8).prop_map(Step::Shell),
        1 => prop::sample::select(vec!["/v", "/1"]).prop_map(Step::Volume),
    ]
}

/// Moves, drops, repeats or merges.
fn rewrite(steps: &[Step], edits: &[(u8, usize, usize)]) -> Vec<Step> {
    let mut steps = steps.to_vec();
    for &(kind, from, to) in edits {
        if steps.is_empty() {
            break;
        }
        let (from, to) = (from % steps.len(), to % steps.len());
        match kind {
            0..=5 => {
                let step = steps.remove(from);
                steps.insert(to.min(steps.len()), step);
            }
            6 => drop(steps.remove(from)),
            7 => steps.insert(to, steps[from].clone()),
            _ => {
                let next = steps.get(from + 1).cloned();
                if let (Step::Env(pairs), Some(Step::Env(more))) = (&mut steps[from], next) {
                    pairs.extend(more);
                    steps.remove(from + 1);
                }
            }
        }
    }
    steps
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_to_be_the_same_builds_the_same(
        steps in prop::collection::vec(step(), 1..7),
        edits in prop::collection::vec((0..11u8, 0..8usize, 0..8usize), 1..3),
    ) {
        let rewritten = rewrite(&steps, &edits);
        let (before, after) = (dockerfile(&steps), dockerfile(&rewritten));
        prop_assert_eq!(validate_safe(&before, &before), Ok(()));
        if validate_safe(&before, &after).is_ok() {
            for world in WORLDS {
                prop_assert_eq!(build(&steps, world), build(&rewritten, world), "\n{}\n-- to --\n{}", before, after);
            }
        }
    }

    #[test]
    fn nothing_makes_it_panic(before in "(FROM|RUN|ENV|COPY|ONBUILD|ARG|<<E|E|[ $\\{\\}:a='\"\\\\\n\r#\\[\\]-]){0,12}", cut in 0..40usize) {
        let after: String = before.chars().skip(cut).collect();
        let _ = validate_safe(&before, &after);
        prop_assert_eq!(validate_safe(&before, &before.clone()), Ok(()));
        prop_assert_eq!(super::super::validate_unsafe(&before, &before), Ok(()));
    }
}

#[test]
fn enough_rewrites_are_shown_to_be_the_same() {
    let steps = |cmd: bool| {
        let env = |name| Step::Env(vec![(name, vec![Part::Text("1")])]);
        let mut steps = vec![env("A"), env("B"), Step::Copy("a", vec![Part::Text("/x")]), Step::Cmd(1)];
        if cmd {
            steps.rotate_right(1);
        }
        steps
    };
    assert_eq!(validate_safe(&dockerfile(&steps(false)), &dockerfile(&steps(true))), Ok(()));
}
