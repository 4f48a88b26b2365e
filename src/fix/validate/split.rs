//! A COPY of all sources below an install, and its manifests above: shown to be the same from the
//! context.
//!
//! Behind the last COPY the files of the context are the same whatever came before, so three things
//! are left to show: the install finds the same manifests as before, it looks at nothing else of the
//! sources, and nothing that it writes is among what the COPY brings.

use super::step::Step;
use super::unproven::Unproven;
use super::walk::WalkedStage;
use crate::context::manifest::{self, Needs, Place};
use crate::context::{Project, Sent};
use crate::model::effects::Resource;
use crate::model::install::{Install, Manager, Rest, StageInstalls, environment_doubt, is_known, parent};
use crate::model::{AbsolutePath, Model, Stage, join};
use crate::syntax::{Flag, Instruction, Keyword, mount_fields};

/// What a split is shown with.
pub(super) struct Splits<'s> {
    pub(super) before: &'s Model<'s, 's>,
    pub(super) after: &'s Model<'s, 's>,
    pub(super) stage: &'s Stage,
    pub(super) old: &'s WalkedStage,
    pub(super) new: &'s WalkedStage,
    pub(super) project: Option<&'s Project>,
}

/// What was shown: these RUN and COPY steps of the original may change places.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) pairs: Vec<(usize, usize)>,
}

/// The folder that a COPY takes from the context, and where it goes.
pub(super) struct Source {
    from: String,
    pub(super) to: AbsolutePath,
}

impl Splits<'_> {
    /// Shows each place where new COPY steps stand above a RUN and a COPY that were the other way round.
    /// `places` says where each new step was.
    pub(super) fn show(&self, places: &[Option<usize>]) -> Result<Shown, Unproven> {
        let mut shown = Shown::default();
        let mut first = None;
        for (at, place) in places.iter().enumerate() {
            let Some(run) = *place else {
                first.get_or_insert(at);
                continue;
            };
            let new = &self.new.steps[first.take().unwrap_or(at)..at];
            let copy = places.get(at + 1).copied().flatten();
            match copy.filter(|&copy| copy < run) {
                Some(copy) => match self.prove_either(new, run, copy) {
                    Ok(()) => shown.pairs.push((run, copy)),
                    // Without new steps it is a swap like any other.
                    Err(_) if new.is_empty() => {}
                    Err(why) => {
                        return Err(Unproven::Split { line: self.old.steps[run].line, why });
                    }
                },
                None => added(new)?,
            }
        }
        added(&self.new.steps[first.unwrap_or(places.len())..])?;
        Ok(shown)
    }

    /// By what it installs, or by the files that it names. The reason is that of the first if it
    /// installs anything.
    fn prove_either(&self, new: &[Step], run: usize, copy: usize) -> Result<(), String> {
        let installs = |stage: StageInstalls| stage.runs[self.old.steps[run].index].is_some();
        match StageInstalls::of(self.before, self.stage).is_some_and(installs) {
            true => self.prove(new, run, copy),
            false => self.prove_named(new, run, copy),
        }
    }

    fn prove(&self, new: &[Step], run: usize, copy: usize) -> Result<(), String> {
        let Some(project) = self.project else { return Err("the build context is not known".into()) };
        if self.old.uncertain {
            return Err("triggers may run first".into());
        }
        let stage = StageInstalls::of(self.before, self.stage).ok_or("it installs nothing")?;
        let (run_at, copy_at) = (self.old.steps[run].index, self.old.steps[copy].index);
        let steps = self.before.steps(self.stage);
        let found = stage.runs.get(run_at).and_then(Option::as_ref).ok_or("it installs nothing")?;
        if found.mounted || found.rest != Rest::Nothing || !steps[run_at].flags.iter().all(is_harmless_flag) {
            return Err("it does more than install".into());
        }
        let source = source(&steps[copy_at], &stage, copy_at, project)?;
        is_apart(&source.to)?;
        let mut there = self.files(new, &steps[copy_at], &source, project)?;
        let exists = |folder: &AbsolutePath| stage.is_made(folder, copy_at);
        files_folder_made(&there, &stage, copy_at)?;
        if flags(&steps[copy_at]).is_some_and(|flags| flags.is_empty()) {
            there.extend(self.earlier(&stage, copy_at, project));
        }
        let mut written = Vec::new();
        for install in &found.installs {
            if source.to.covers(&install.folder) && !exists(&install.folder) {
                return Err(format!("{} is not made by a WORKDIR above", install.folder.as_str()));
            }
            let needs = needs(project, &source, install)?;
            for file in &needs.files {
                let path = source.image(file).ok_or_else(|| format!("{file} does not come with the COPY"))?;
                if !there.iter().any(|(from, to)| from == file && *to == path) {
                    return Err(format!("{file} would be missing"));
                }
            }
            for folder in &needs.writes {
                if !manifest::is_left_out(project, folder) {
                    return Err(format!("the COPY may bring files to {folder}"));
                }
                written.extend(source.image(folder));
            }
        }
        let place = Resource::Path(source.to.clone());
        let above = &self.before.effects(self.stage).effects[..run_at];
        if above.iter().flat_map(|step| &step.lasting).any(|led| led.overlaps(&place)) {
            return Err(format!("settings of a step above may name files in {}", source.to.as_str()));
        }
        match environment_doubt(&stage, run_at, &source.to, &written) {
            Some(why) => Err(why),
            None => mounts(&steps[run_at], &source.to),
        }
    }

    /// The files that the new steps bring, by their place in the context and in the image: each must be
    /// brought again, the same, by `copy`.
    pub(super) fn files(
        &self,
        new: &[Step],
        copy: &Instruction<'_>,
        source: &Source,
        project: &Project,
    ) -> Result<Vec<(String, AbsolutePath)>, String> {
        let mut files = Vec::new();
        if new.is_empty() {
            return Ok(files);
        }
        let stage = &self.after.stages[self.stage.index];
        let read = StageInstalls::read(self.after, stage).ok_or("it is a stage of Windows")?;
        for step in new {
            let instruction = &self.after.steps(stage)[step.index];
            let odd = || format!("{} on line {} does more than copy files", step.name, step.line);
            let words = instruction.words();
            let folder = words.last().is_some_and(|w| w.text.ends_with('/') || w.text == ".");
            let plain = instruction.keyword == Keyword::Copy && instruction.heredocs.is_empty() && folder;
            if !plain || flags(instruction) != flags(copy) || flags(copy).is_none() {
                return Err(odd());
            }
            let to = read.destinations[step.index].as_ref().filter(|to| is_known(to)).ok_or_else(odd)?;
            if read.sources[step.index].is_empty() {
                return Err(odd());
            }
            for from in &read.sources[step.index] {
                let name = from.rsplit('/').next().unwrap_or(from);
                let path = join(Some(to), name).ok_or_else(odd)?;
                if project.sent(from) != Sent::File || source.image(from).as_ref() != Some(&path) {
                    return Err(odd());
                }
                files.push((from.clone(), path));
            }
        }
        Ok(files)
    }

    /// The files that COPY steps directly above the step at `below` bring.
    pub(super) fn earlier(
        &self,
        stage: &StageInstalls,
        below: usize,
        project: &Project,
    ) -> Vec<(String, AbsolutePath)> {
        let steps = self.before.steps(self.stage);
        let mut files: Vec<(String, AbsolutePath)> = Vec::new();
        for at in (0..below).rev() {
            let step = &steps[at];
            let metadata = !matches!(step.keyword, Keyword::Copy | Keyword::Add | Keyword::Run | Keyword::Unknown);
            if metadata {
                continue;
            }
            let plain = step.keyword == Keyword::Copy && step.flags.is_empty() && step.heredocs.is_empty();
            let folder = step.words().last().is_some_and(|w| w.text.ends_with('/') || w.text == ".");
            let Some(to) = stage.destinations[at].as_ref().filter(|_| plain && folder) else { break };
            // A pattern or a folder brings files of any name.
            if stage.sources[at].is_empty() || stage.sources[at].iter().any(|from| project.sent(from) != Sent::File) {
                break;
            }
            for from in &stage.sources[at] {
                let name = from.rsplit('/').next().unwrap_or(from);
                // The last one counts, and they are read from below.
                if let Some(path) = join(Some(to), name).filter(|path| files.iter().all(|(_, other)| other != path)) {
                    files.push((from.clone(), path));
                }
            }
        }
        files
    }
}

impl Source {
    /// Where a path of the context goes; `None` if it does not come along.
    fn image(&self, path: &str) -> Option<AbsolutePath> {
        let below = match self.from.as_str() {
            "" => path,
            from => path.strip_prefix(from)?.strip_prefix('/')?,
        };
        join(Some(&self.to), below)
    }

    /// The path in the context of what it puts at `path` of the image; `None` if it puts nothing there.
    pub(super) fn context(&self, path: &AbsolutePath) -> Option<String> {
        let below = self.to.covers(path).then(|| path.as_str()[self.to.as_str().len()..].trim_start_matches('/'))?;
        Some([self.from.as_str(), below].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/"))
    }
}

/// Whether WORKDIR made the folders that the files go to, so that no COPY gives them its owner and mode.
pub(super) fn files_folder_made(
    files: &[(String, AbsolutePath)],
    stage: &StageInstalls,
    before: usize,
) -> Result<(), String> {
    match files.iter().find(|(_, path)| !stage.is_made(&parent(path), before)) {
        Some((_, path)) => Err(format!("the folder of {} is not made by a WORKDIR above", path.as_str())),
        None => Ok(()),
    }
}

/// Any new step that is not a part of a split.
fn added(new: &[Step]) -> Result<(), Unproven> {
    match new.first() {
        Some(step) => Err(Unproven::Added { instruction: step.name.clone(), line: step.line }),
        None => Ok(()),
    }
}

/// The folder that `copy` takes, if it is one of the context and all of the instruction is known.
pub(super) fn source(
    copy: &Instruction<'_>,
    stage: &StageInstalls,
    at: usize,
    project: &Project,
) -> Result<Source, String> {
    let odd = || format!("{} on line {} is not just a copy of a folder", copy.keyword.name(), copy.line_numbers.0);
    let [from] = &stage.sources[at][..] else { return Err(odd()) };
    let parts: Vec<&str> = from.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    let from = parts.join("/");
    let known = !parts.contains(&"..") && !from.contains(['*', '?', '[', '\\', ':']);
    let folder = from.is_empty() || manifest::is_folder(project, &from);
    if !known || !folder || flags(copy).is_none() || !copy.heredocs.is_empty() {
        return Err(odd());
    }
    let to = stage.destinations[at].clone().filter(is_known).ok_or_else(odd)?;
    Ok(Source { from, to })
}

/// The flags that a COPY may have here, sorted; `None` if it has others.
pub(super) fn flags(copy: &Instruction<'_>) -> Option<Vec<String>> {
    let known = |flag: &Flag<'_>| matches!(flag.name(), "chown" | "chmod") && !flag.text.contains('$');
    let mut all: Vec<String> = copy.flags.iter().map(|f| f.text.to_string()).collect();
    all.sort();
    copy.flags.iter().all(known).then_some(all)
}

/// Whether installers and packages keep away from `folder`: what they write besides is below the home
/// folder of the user, in the module cache of Go, in /tmp, or in folders of the system.
pub(super) fn is_apart(folder: &AbsolutePath) -> Result<(), String> {
    let deep = folder.as_str().split('/').skip(1).count();
    let home = folder.as_str().starts_with("/home") && deep < 3;
    let others = ["/root/.npm", "/root/.cache", "/go/pkg", "/go/bin", "/tmp", "/usr/local"];
    let shared = others.iter().filter_map(|path| AbsolutePath::new(path)).any(|path| folder.overlaps(&path));
    if home || shared || folder.is_system() {
        return Err(format!("installs may write to {}", folder.as_str()));
    }
    Ok(())
}

fn is_harmless_flag(flag: &Flag<'_>) -> bool {
    matches!(flag.name(), "mount" | "network")
}

/// No mount lies among the sources.
fn mounts(run: &Instruction<'_>, folder: &AbsolutePath) -> Result<(), String> {
    for flag in run.flags.iter().filter(|f| f.name() == "mount") {
        let fields = flag.value().and_then(mount_fields).ok_or("a mount is not understood")?;
        for field in fields.iter().filter(|f| matches!(f.key, "target" | "dst" | "destination")) {
            let target = field.value.as_deref().and_then(AbsolutePath::new);
            if target.is_none_or(|target| target.overlaps(folder)) {
                return Err("a mount may lie among the sources".into());
            }
        }
    }
    Ok(())
}

/// What the install needs, if the manifests leave no doubt.
fn needs(project: &Project, source: &Source, install: &Install) -> Result<Needs, String> {
    if let Some(doubt) = install.doubts.first().map(String::as_str).or(install.blocker) {
        return Err(doubt.to_owned());
    }
    let context = |path: &AbsolutePath| source.context(path);
    let outside = || format!("`{}` looks for its manifests elsewhere", install.command);
    let folder = context(&install.folder);
    let place = folder.as_deref().map(|folder| Place { root: &source.from, folder }).ok_or_else(outside);
    let needs = match install.manager {
        Manager::Pip => {
            let named: Option<Vec<String>> = install.named.iter().map(context).collect();
            manifest::pip(project, &named.ok_or_else(outside)?)
        }
        Manager::Npm | Manager::Yarn if !install.keeps_lock => return Err("it may change its lock file".into()),
        Manager::Npm => manifest::npm(project, place?, true, install.runs_scripts),
        Manager::Yarn => manifest::yarn(project, place?, true, install.runs_scripts),
        Manager::Go => manifest::go(project, place?),
        _ => return Err(format!("what `{}` reads is not known well enough", install.command)),
    };
    match needs.beyond.as_ref().or(needs.doubts.first()) {
        Some(why) => Err(why.clone()),
        None if !needs.folders.is_empty() => Err("it needs whole folders".into()),
        None => Ok(needs),
    }
}
