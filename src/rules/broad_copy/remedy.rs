//! Which files to copy first, and what may go wrong.

use crate::context::{Project, Sent, churn};
use crate::model::effects::{Effects, Resource};
use crate::model::install::{StageInstalls, is_known, parent};
use crate::model::{AbsolutePath, Base, Stage};
use crate::rules::Context;
use crate::rules::listed::listed;
use crate::rules::rerun::MADE_BY_WORKDIR;
use crate::rules::split_install::{Broad, Item, is_apart, lines};
use crate::syntax::{Instruction, Keyword};

/// What a RUN needs of a COPY, and how to bring it alone.
pub(super) struct Remedy {
    /// The COPY.
    pub(super) broad: Broad,
    /// What the RUN needs of it.
    pub(super) items: Vec<Item>,
    /// The new instructions, each without indentation and newline; `None` if they can't be told.
    pub(super) lines: Option<Vec<String>>,
    /// By how many megabytes the image would grow, as both COPY bring the files.
    pub(super) growth: u64,
    /// Why the image may differ, the gravest first.
    pub(super) doubts: Vec<String>,
}

impl Remedy {
    /// The remedy for the COPY `broad` above `run`, a step of `stage` with `effects`. `None` if the RUN may need more
    /// than a few files of it, or the COPY can't go below it.
    pub(super) fn find(
        cx: &Context<'_, '_>,
        stage: &Stage,
        read: &StageInstalls,
        effects: &Effects,
        broad: Broad,
        run: usize,
    ) -> Option<Self> {
        let copy = broad.step;
        if !is_known(&broad.to) {
            return None;
        }
        // What else a folder holds, only the context tells: it may be there for this RUN.
        let project = cx.project();
        if project.is_none() && !broad.from.is_empty() {
            return None;
        }
        let steps = cx.model.steps(stage);
        let of_stage = &cx.effects(stage).effects;
        let needed = effects.named_below(&of_stage[copy], &broad.to)?;
        let mut doubts = Vec::new();
        let flags = flags(cx, &steps[copy], &mut doubts)?;
        let between = |step: usize| passes(&steps[step], &steps[copy], of_stage[step].independent(&of_stage[copy]));
        let made_later = (copy + 1..run).map(between).collect::<Option<Vec<_>>>()?.contains(&Pass::MakesFolder);
        if made_later {
            doubts.push(MADE_BY_WORKDIR.into());
        }
        let mut items: Vec<Item> = Vec::new();
        for path in needed {
            let from = broad.source(path)?;
            let folder = match project.map(|project| project.sent(&from)) {
                Some(Sent::Nothing) => continue,
                Some(Sent::File) => false,
                Some(Sent::Folder) => true,
                Some(Sent::Other) => return None,
                None if may_come_from_elsewhere(cx, stage, copy, path) => return None,
                None => !churn::is_named_file(&from),
            };
            let to = if folder { path.clone() } else { parent(path) };
            items.push(Item { from, to, folder });
        }
        let items = without_parts(items);
        if items.is_empty() || project.is_some_and(|project| is_all(project, &broad, &items)) {
            return None;
        }
        // Without a context, a name alone does not tell a file from a folder.
        let certain = project.is_some() || items.iter().all(|item| !item.folder);
        let missing: Vec<Item> = items.iter().filter(|i| !is_brought(steps, read, &broad, i)).cloned().collect();
        let growth = project.map_or(Some(0), |project| growth(project, &missing))?;
        let lines = (certain && growth == 0).then(|| lines(&steps[copy], &broad, &flags, missing.iter())).flatten();
        doubts.extend(place_doubts(read, &broad, &items, project.is_some()));
        Some(Self { broad, items, lines, growth, doubts })
    }

    /// The files for messages: `a`, `a and b`, `a, b and c`; of many only the number.
    pub(super) fn names(&self) -> String {
        let name = |item: &Item| format!("{}{}", item.from, if item.folder { "/" } else { "" });
        let names: Vec<String> = self.items.iter().map(name).collect();
        match names.len() {
            0..4 => listed(names.iter().map(String::as_str)),
            n => format!("{n} files"),
        }
    }
}

/// How the COPY gets below a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Unnoticed,
    /// A WORKDIR then makes the folder that the COPY made before.
    MakesFolder,
}

/// Whether `copy` may go below `step`.
fn passes(step: &Instruction<'_>, copy: &Instruction<'_>, independent: bool) -> Option<Pass> {
    if independent {
        return Some(Pass::Unnoticed);
    }
    let absolute = copy.destination().is_some_and(|w| w.text.starts_with('/'));
    (step.keyword == Keyword::Workdir && absolute).then_some(Pass::MakesFolder)
}

/// The flags of the COPY, as the new one must have them; `None` if it has others than are understood.
fn flags(cx: &Context<'_, '_>, copy: &Instruction<'_>, doubts: &mut Vec<String>) -> Option<String> {
    let mut text = String::new();
    for flag in &copy.flags {
        match flag.name() {
            "chown" | "chmod" if !flag.text.contains('$') => {}
            "link" => doubts.push("a COPY with `--link` makes the folders above its files anew".into()),
            _ => return None,
        }
        text.push_str(flag.span.of(cx.file.text));
        text.push(' ');
    }
    Some(text)
}

/// The items that no folder among them holds.
fn without_parts(items: Vec<Item>) -> Vec<Item> {
    let held = |item: &Item| items.iter().any(|other| other.folder && other.from != item.from && holds(other, item));
    items.iter().filter(|item| !held(item)).cloned().collect()
}

fn holds(folder: &Item, item: &Item) -> bool {
    item.from.strip_prefix(&folder.from).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether the folder that the COPY brings holds nothing else.
fn is_all(project: &Project, broad: &Broad, items: &[Item]) -> bool {
    let pattern = if broad.from.is_empty() { "*".to_owned() } else { format!("{}/*", broad.from) };
    let names = project.matches(&pattern);
    !names.is_empty() && names.iter().all(|name| items.iter().any(|item| item.from == *name))
}

/// How many megabytes the files have; `None` if there are too many to say.
fn growth(project: &Project, items: &[Item]) -> Option<u64> {
    let sizes: Option<Vec<u64>> = items.iter().map(|item| project.size(&item.from)).collect();
    Some(sizes?.iter().sum::<u64>() / 1_000_000)
}

/// Whether a COPY above the broad one brings the file to the same place, so that it need not be copied
/// once more.
fn is_brought(steps: &[Instruction<'_>], read: &StageInstalls, broad: &Broad, item: &Item) -> bool {
    if item.folder || !steps[broad.step].flags.is_empty() {
        return false;
    }
    for at in (0..broad.step).rev() {
        let step = &steps[at];
        match step.keyword {
            Keyword::Copy if step.flags.is_empty() && step.heredocs.is_empty() => {}
            Keyword::Copy | Keyword::Add | Keyword::Run => return false,
            _ => continue,
        }
        let into_folder = step.destination().is_some_and(|w| w.text.ends_with('/') || w.text == ".");
        let names = read.sources[at].iter().all(|source| churn::is_named_file(source) && !source.contains(['*', '?']));
        if !into_folder || read.sources[at].is_empty() || !names {
            return false;
        }
        if read.destinations[at].as_ref() == Some(&item.to) && read.sources[at].contains(&item.from) {
            return true;
        }
    }
    false
}

/// Whether a step above the COPY may have put something at `path`: only the context would tell that the
/// COPY brings it.
fn may_come_from_elsewhere(cx: &Context<'_, '_>, stage: &Stage, copy: usize, path: &AbsolutePath) -> bool {
    let place = Resource::Path(path.clone());
    let brings = |stage: &Stage, at: usize, step: &Instruction<'_>| match step.keyword {
        Keyword::Run => cx.effects(stage).effects[at].writes.iter().any(|w| w.overlaps(&place)),
        Keyword::Copy | Keyword::Add => !cx.model.brings_sources(step, stage.index) || step.flag("from").is_some(),
        _ => false,
    };
    let any = |stage: &Stage, end: usize| (0..end).any(|at| brings(stage, at, &cx.model.steps(stage)[at]));
    let mut found = any(stage, copy);
    let mut base = &stage.base;
    while let Base::Stage(index) = base {
        let stage = &cx.model.stages[*index];
        found |= any(stage, cx.model.steps(stage).len());
        base = &stage.base;
    }
    found
}

/// What is not known about the folders that the files go to.
fn place_doubts(read: &StageInstalls, broad: &Broad, items: &[Item], known: bool) -> Vec<String> {
    let mut doubts = Vec::new();
    if !known {
        doubts.push("the build context is not known, so nobody can tell whether it has these files".into());
    }
    if !is_apart(&broad.to) {
        doubts.push(format!("packages may have files in {}, too", broad.to.as_str()));
    }
    let made = |item: &&Item| !item.folder && read.is_made(&item.to, broad.step);
    if let Some(item) = items.iter().find(|item| !made(item)) {
        doubts.push(format!("{} would be made for these files, so its owner and mode may differ", item.to.as_str()));
    }
    doubts
}
