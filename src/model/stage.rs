//! Stages: what stands between one FROM and the next.

use super::add::is_remote;
use super::effects::{EffectsOf, State, of_stage};
use super::expand::Expanded;
use super::globals::Globals;
use super::image::ImageRef;
use super::variables::Changes;
use crate::syntax::{Dockerfile, Flag, Instruction, Keyword, mount_fields};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

/// What a stage starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// An earlier stage, by its index.
    Stage(usize),
    /// Nothing.
    Scratch,
    /// An image, with the variables in its name replaced by their defaults.
    Image(String),
    /// An image whose name needs a build argument.
    Unknown,
}

impl Base {
    /// Whether it is known to have few of the folders that all distributions have.
    pub fn is_bare(&self) -> bool {
        const BARE: &[&str] = &["busybox", "distroless", "static", "nix"];
        match self {
            Self::Scratch => true,
            Self::Image(name) => ImageRef::parse(name).name.split('/').any(|part| BARE.contains(&part)),
            Self::Stage(_) | Self::Unknown => false,
        }
    }
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its number, from 0.
    pub index: usize,
    /// The position of its FROM among the instructions.
    pub from: usize,
    /// The positions of its other instructions.
    pub steps: Range<usize>,
    /// Its name in lower case.
    pub name: Option<String>,
    /// What it starts from.
    pub base: Base,
}

/// The stages of a file.
#[derive(Debug)]
pub struct Model<'f, 'a> {
    /// The file.
    pub file: &'f Dockerfile<'a>,
    /// Its stages, in order.
    pub stages: Vec<Stage>,
    /// What the ARGs in front of the first FROM say.
    pub globals: Globals,
    /// The instructions of a file, or the part of one, that no FROM stands above.
    pub fragment: Range<usize>,
    /// For each stage, the first of those that it starts from, through other stages; itself if there is none.
    roots: Vec<usize>,
    /// For each stage, whether another one uses it, once somebody asks.
    used: OnceCell<Vec<bool>>,
    /// For each stage, whether an image has its files, once somebody asks.
    kept: OnceCell<Vec<bool>>,
    /// The same for whether its files come from the build context.
    from_context: OnceCell<Vec<bool>>,
    /// The same for whether triggers of an earlier stage run in it.
    triggered: OnceCell<Vec<bool>>,
    /// For each stage, the variables of its steps, once somebody asks.
    pub(super) variables: OnceCell<Vec<Changes>>,
    /// For each stage, what effects go by in one that starts from it, once somebody asks.
    left: OnceCell<Box<[OnceCell<State>]>>,
    /// For each stage, the effects of its steps, once somebody asks.
    effects: OnceCell<Box<[OnceCell<EffectsOf>]>>,
    /// The stages of each name, from the top.
    named: OnceCell<HashMap<String, Vec<usize>>>,
}

impl<'f, 'a> Model<'f, 'a> {
    /// Reads the stages of `file`.
    pub fn new(file: &'f Dockerfile<'a>) -> Self {
        let all = &file.instructions;
        let froms: Vec<usize> = (0..all.len()).filter(|&i| all[i].keyword == Keyword::From).collect();
        let first = froms.first().copied().unwrap_or(all.len());
        let globals = Globals::of(&all[..first], file.escape);
        let mut stages: Vec<Stage> = Vec::with_capacity(froms.len());
        let mut roots: Vec<usize> = Vec::with_capacity(froms.len());
        let mut last_of_name: HashMap<String, usize> = HashMap::new();
        for (index, &from) in froms.iter().enumerate() {
            let end = froms.get(index + 1).copied().unwrap_or(all.len());
            let name = all[from].stage_name().map(|w| w.text.to_lowercase());
            let base = base(&all[from], file.escape, &globals, &last_of_name);
            last_of_name.extend(name.clone().map(|name| (name, index)));
            roots.push(if let Base::Stage(base) = base { roots[base] } else { index });
            stages.push(Stage { index, from, steps: from + 1..end, name, base });
        }
        Self {
            file,
            stages,
            globals,
            fragment: 0..first,
            roots,
            used: OnceCell::new(),
            kept: OnceCell::new(),
            from_context: OnceCell::new(),
            triggered: OnceCell::new(),
            variables: OnceCell::new(),
            left: OnceCell::new(),
            effects: OnceCell::new(),
            named: OnceCell::new(),
        }
    }

    /// Where what effects go by behind the stage number `index` is kept, for those that start from it.
    pub(super) fn left(&self, index: usize) -> &OnceCell<State> {
        &self.left.get_or_init(|| self.cells())[index]
    }

    /// A cell each stage.
    fn cells<T>(&self) -> Box<[OnceCell<T>]> {
        self.stages.iter().map(|_| OnceCell::new()).collect()
    }

    /// The effects of the steps of `stage`, which are read when somebody first asks for them.
    pub fn effects(&self, stage: &Stage) -> &EffectsOf {
        self.effects.get_or_init(|| self.cells())[stage.index].get_or_init(|| of_stage(self, stage))
    }

    /// Whether an ARG in front of the first FROM declares `name`.
    pub fn declares(&self, name: &str) -> bool {
        self.globals.get(name).is_some()
    }

    /// The instructions of `stage` below its FROM.
    pub fn steps(&self, stage: &Stage) -> &'f [Instruction<'a>] {
        &self.file.instructions[stage.steps.clone()]
    }

    /// `stage`, the stage that it starts from, and so on.
    pub fn lineage<'s>(&'s self, stage: &'s Stage) -> impl Iterator<Item = &'s Stage> {
        std::iter::successors(Some(stage), |stage| match stage.base {
            Base::Stage(index) => Some(&self.stages[index]),
            _ => None,
        })
    }

    /// The triggers that run at the FROM of `stage`: what the ONBUILD lines of the stage that it starts
    /// from hold, each with the position of its line. They don't run a second time in a stage that
    /// starts from `stage` (measured on BuildKit and on the classic builder 26.1).
    pub fn triggers(&self, stage: &Stage) -> impl Iterator<Item = (usize, &'f Instruction<'a>)> + use<'f, 'a> {
        let lines = match stage.base {
            Base::Stage(base) => self.stages[base].steps.clone(),
            _ => 0..0,
        };
        let all = &self.file.instructions;
        lines.filter_map(|index| Some((index, all[index].trigger()?)))
    }

    /// The stage in front of `before` that `reference` names, by name or, with COPY, by number.
    pub fn find(&self, reference: &str, before: usize) -> Option<&Stage> {
        let by_name = self.last_named(&reference.to_lowercase(), before);
        by_name.or_else(|| self.stages[..before].get(reference.parse::<usize>().ok()?))
    }

    /// The stages whose name, in lower case, is `name`, from the top.
    pub fn all_named(&self, name: &str) -> &[usize] {
        let named = self.named.get_or_init(|| {
            let mut named: HashMap<_, Vec<_>> = HashMap::new();
            for stage in &self.stages {
                if let Some(name) = &stage.name {
                    named.entry(name.clone()).or_default().push(stage.index);
                }
            }
            named
        });
        named.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The last stage in front of `before` whose name, in lower case, is `name`.
    pub fn last_named(&self, name: &str, before: usize) -> Option<&Stage> {
        let all = self.all_named(name);
        all[..all.partition_point(|&index| index < before)].last().map(|&index| &self.stages[index])
    }

    /// What the stages below `stage` begin with.
    pub fn root(&self, stage: &Stage) -> &Base {
        &self.stages[self.roots[stage.index]].base
    }

    /// Whether the files of `stage` come, directly or through other stages, from the build context.
    pub fn uses_context(&self, stage: &Stage) -> bool {
        self.from_context.get_or_init(|| {
            // A stage takes files from stages above it only.
            let mut all = Vec::with_capacity(self.stages.len());
            for stage in &self.stages {
                let mut steps = self.triggers(stage).map(|(_, trigger)| trigger).chain(self.steps(stage));
                let of_base = matches!(stage.base, Base::Stage(base) if all[base]);
                let own = of_base
                    || steps.any(|step| match self.origin(step, stage.index) {
                        Origin::Context => true,
                        Origin::Stage(from) => all[from],
                        Origin::Elsewhere => false,
                    });
                all.push(own);
            }
            all
        })[stage.index]
    }

    /// Whether an image has the files of `stage`: it is one, or one starts from it, through other stages.
    pub fn is_kept(&self, stage: usize) -> bool {
        self.kept.get_or_init(|| {
            let mut kept = vec![false; self.stages.len()];
            self.targets().for_each(|target| kept[target.index] = true);
            // A stage starts from one above it.
            for stage in self.stages.iter().rev() {
                if let Base::Stage(base) = stage.base {
                    kept[base] |= kept[stage.index];
                }
            }
            kept
        })[stage]
    }

    /// The stages that are images of their own: the last one, and those that no other stage of the file uses.
    pub fn targets(&self) -> impl Iterator<Item = &Stage> {
        let used = self.used.get_or_init(|| self.used());
        self.stages.iter().filter(move |stage| !used[stage.index])
    }

    fn used(&self) -> Vec<bool> {
        let mut used = vec![false; self.stages.len()];
        for stage in &self.stages {
            if let Base::Stage(base) = stage.base {
                used[base] = true;
            }
            let steps = self.steps(stage).iter().flat_map(|s| std::iter::successors(Some(s), |s| s.trigger()));
            for name in steps.flat_map(stages_named_in) {
                if let Some(source) = self.find(&name, stage.index) {
                    used[source.index] = true;
                }
            }
        }
        used
    }

    /// The image that `stage` starts from, through other stages.
    pub fn image(&self, stage: usize) -> Option<&str> {
        match self.root(self.stages.get(stage)?) {
            Base::Image(name) => Some(name),
            _ => None,
        }
    }

    /// Whether ONBUILD triggers of an earlier stage run first in `stage`, so that its start is not
    /// known.
    pub fn inherits_triggers(&self, stage: &Stage) -> bool {
        self.triggered.get_or_init(|| {
            let mut all = Vec::with_capacity(self.stages.len());
            for stage in &self.stages {
                let has_triggers =
                    |base: usize| self.steps(&self.stages[base]).iter().any(|s| s.keyword == Keyword::Onbuild);
                all.push(matches!(stage.base, Base::Stage(base) if all[base] || has_triggers(base)));
            }
            all
        })[stage.index]
    }

    /// Where COPY and ADD take their files from.
    fn origin(&self, step: &Instruction<'_>, stage: usize) -> Origin {
        if !matches!(step.keyword, Keyword::Copy | Keyword::Add) {
            return Origin::Elsewhere;
        }
        if let Some(from) = step.flag("from").and_then(|f| f.value()) {
            return self.find(from, stage).map_or(Origin::Elsewhere, |s| Origin::Stage(s.index));
        }
        let local = |w: &crate::syntax::Word<'_>| !is_remote(&w.text) && !step.is_heredoc(w);
        if step.sources().iter().any(local) { Origin::Context } else { Origin::Elsewhere }
    }

    /// Whether COPY or ADD brings files that change with the sources: from the context, or from a
    /// stage that they went into.
    pub fn brings_sources(&self, step: &Instruction<'_>, stage: usize) -> bool {
        match self.origin(step, stage) {
            Origin::Context => true,
            Origin::Stage(from) => self.uses_context(&self.stages[from]),
            Origin::Elsewhere => false,
        }
    }
}

/// The names in `--from` of COPY and in the mounts of RUN.
fn stages_named_in(step: &Instruction<'_>) -> Vec<String> {
    let of_mount = |value: &str| {
        let field = mount_fields(value)?.into_iter().find(|f| f.key.eq_ignore_ascii_case("from"))?;
        Some(field.value?.into_owned())
    };
    let name = |flag: &Flag<'_>| match flag.name() {
        "from" => flag.value().map(str::to_owned),
        "mount" => flag.value().and_then(of_mount),
        _ => None,
    };
    step.flags.iter().filter_map(name).collect()
}

enum Origin {
    Context,
    Stage(usize),
    Elsewhere,
}

fn base(from: &Instruction<'_>, escape: char, globals: &Globals, stages: &HashMap<String, usize>) -> Base {
    let Some(word) = from.words().first() else { return Base::Unknown };
    let Expanded::Known(name) = globals.expand(&word.text, escape) else {
        return Base::Unknown;
    };
    match stages.get(&name.to_lowercase()) {
        Some(&stage) => Base::Stage(stage),
        None if name.is_empty() => Base::Unknown,
        None if name == "scratch" => Base::Scratch,
        None => Base::Image(name),
    }
}
