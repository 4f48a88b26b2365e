//! How to split the COPY: which manifests come first, and what may go wrong.

use super::Checker;
use super::guess;
use super::lines::{Item, lines};
use super::shape::Broad;
use crate::context::manifest::{self, Needs, Place};
use crate::context::{Pattern, Project};
use crate::model::effects::Resource;
use crate::model::install::{Install, Manager, Rest, environment_doubt, is_known, parent};
use crate::model::{AbsolutePath, join};
use crate::rules::rerun::MADE_BY_WORKDIR;
use crate::syntax::{Instruction, Keyword, mount_fields};

/// Settings of a home that no installer looks for beside its manifests.
const HOME_SETTINGS: [&str; 6] =
    [".netrc", ".config/pip/pip.conf", ".pip/pip.conf", ".gitconfig", ".curlrc", ".ssh/config"];

/// What to do about an install below a COPY.
pub(super) struct Remedy {
    /// The manifests by name that no COPY above brings, for messages; empty if they can't be told.
    pub(super) names: Vec<String>,
    /// Whether all of them are brought above.
    pub(super) is_ready: bool,
    /// The change, or what to do by hand.
    pub(super) plan: Result<Plan, String>,
}

/// The change: new lines above the RUN, and the COPY below it.
pub(super) struct Plan {
    /// The new instructions, each without indentation and newline.
    pub(super) lines: Vec<String>,
    /// Why the image may differ, the gravest first.
    pub(super) doubts: Vec<String>,
}

/// What the installs of a RUN need.
#[derive(Default)]
struct Wanted {
    items: Vec<Item>,
    doubts: Vec<String>,
    /// Folders of the image that the installs write.
    written: Vec<AbsolutePath>,
    beyond: Option<String>,
}

impl Remedy {
    /// The remedy for the installs of `run`, whose files `broad` brings; `None` if it doesn't bring them
    /// after all.
    pub(super) fn find(checker: &Checker<'_, '_, '_>, run: usize, broad: &Broad) -> Option<Self> {
        let found = checker.read.runs[run].as_ref()?;
        let mut wanted = Wanted::default();
        for install in &found.installs {
            match checker.cx.project() {
                Some(project) => wanted.read(project, broad, install)?,
                None => wanted.guess(checker, broad, install),
            }
        }
        let planner = Planner { checker, run, broad };
        let known = wanted.beyond.is_none();
        let missing = wanted.items.iter().filter(|item| known && !planner.is_brought(item));
        let names: Vec<String> = missing.flat_map(Item::names).collect();
        let is_ready = known && names.is_empty() && !wanted.items.is_empty();
        let plan = planner.plan(wanted, &found.rest, &found.installs);
        Some(Self { names, is_ready, plan })
    }
}

impl Item {
    /// The names for messages.
    fn names(&self) -> Vec<String> {
        if self.folder { vec![format!("{}/", self.from)] } else { expand(&self.from) }
    }
}

impl Wanted {
    fn guess(&mut self, checker: &Checker<'_, '_, '_>, broad: &Broad, install: &Install) {
        let command = &install.command;
        // Each of them has a manifest that an install of JavaScript packages needs.
        let javascript = matches!(install.manager, Manager::Npm | Manager::Yarn | Manager::Pnpm);
        let workspace = javascript && checker.has_workspace();
        let Some(names) = guess::names(install).filter(|_| !workspace) else {
            let all = if workspace { "the manifests of all packages" } else { "its manifests" };
            self.beyond.get_or_insert_with(|| format!("copy {all} above it, and the sources below"));
            return;
        };
        let mut paths: Vec<AbsolutePath> = install.named.clone();
        if paths.is_empty() {
            paths.extend(names.iter().filter_map(|name| join(Some(&install.folder), name)));
        }
        for path in paths {
            match broad.source(&path) {
                Some(from) => self.item(Item { from, to: parent(&path), folder: false }),
                None => self.beyond = Some(format!("{} does not come with the COPY", path.as_str())),
            }
        }
        let doubt = format!(
            "the build context is not known, so nobody can tell whether `{command}` needs more than these files"
        );
        self.doubts.push(doubt);
        if let Some(made) = guess::made_here(install) {
            self.doubts.push(format!(
                "if {made} is among the sources, it would lie over what was installed: name it in .dockerignore"
            ));
        }
    }

    /// Reads the manifests; `None` if the first of them is not there, so that it must come from elsewhere.
    fn read(&mut self, project: &Project, broad: &Broad, install: &Install) -> Option<()> {
        let folder = broad.source(&install.folder);
        let needs = needs(project, broad, install, folder.as_deref())?;
        if needs.absent {
            return None;
        }
        if let Some(why) = needs.beyond {
            self.beyond.get_or_insert(why);
        }
        self.doubts.extend(needs.doubts);
        let image = |path: &str| {
            let below = path.strip_prefix(&broad.from)?.trim_start_matches('/');
            (broad.from.is_empty() || path.len() == broad.from.len() || path[broad.from.len()..].starts_with('/'))
                .then(|| join(Some(&broad.to), below))?
        };
        let files = needs.files.iter().map(|path| (path, false)).chain(needs.folders.iter().map(|path| (path, true)));
        for (from, folder) in files {
            match image(from) {
                Some(to) => {
                    let to = if folder { to } else { parent(&to) };
                    self.item(Item { from: from.clone(), to, folder });
                }
                None => {
                    self.beyond.get_or_insert_with(|| format!("{from} does not come with the COPY"));
                }
            }
        }
        self.written.extend(needs.writes.iter().filter_map(|path| image(path)));
        Some(())
    }

    fn item(&mut self, item: Item) {
        if !self.items.contains(&item) {
            self.items.push(item);
        }
    }
}

/// What the manifests say; `None` if they don't lie in the context.
fn needs(project: &Project, broad: &Broad, install: &Install, folder: Option<&str>) -> Option<Needs> {
    let named: Option<Vec<String>> = install.named.iter().map(|path| broad.source(path)).collect();
    let (keeps, scripts) = (install.keeps_lock, install.runs_scripts);
    let at = Place { root: &broad.from, folder: folder.unwrap_or_default() };
    Some(match install.manager {
        Manager::Pip => manifest::pip(project, &named?),
        Manager::Maven => manifest::maven(project, at, &named?),
        Manager::Dotnet => manifest::dotnet(project, at, &named?),
        _ if folder.is_none() => return None,
        Manager::Npm => manifest::npm(project, at, keeps, scripts),
        Manager::Yarn => manifest::yarn(project, at, keeps, scripts),
        Manager::Pnpm => manifest::pnpm(project, at, scripts),
        Manager::Poetry => manifest::poetry(project, at),
        Manager::Uv => manifest::uv(project, at),
        Manager::Pipenv => manifest::pipenv(project, at),
        Manager::Go => manifest::go(project, at),
        Manager::Bundler => manifest::bundler(project, at),
        Manager::Composer => manifest::composer(project, at),
        Manager::Gradle => manifest::gradle(project, at, install.command.starts_with("gradlew")),
        Manager::Mix => manifest::mix(project, at),
        // It has a blocker.
        Manager::Cargo => Needs::default(),
    })
}

struct Planner<'p, 'k, 'c, 'a> {
    checker: &'p Checker<'k, 'c, 'a>,
    run: usize,
    broad: &'p Broad,
}

impl Planner<'_, '_, '_, '_> {
    fn step(&self, index: usize) -> &Instruction<'_> {
        &self.checker.cx.model.steps(self.checker.stage)[index]
    }

    fn plan(&self, wanted: Wanted, rest: &Rest, installs: &[Install]) -> Result<Plan, String> {
        if let Some(blocker) = installs.iter().find_map(|i| i.blocker) {
            return Err(blocker.to_owned());
        }
        if let Some(why) = wanted.beyond {
            return Err(if why.starts_with("copy ") { why } else { format!("copy all that it needs first: {why}") });
        }
        if let Rest::Other(command) = rest {
            return Err(if command.is_empty() {
                "put the install into a RUN of its own, above the COPY of the sources and below one of its manifests"
                    .into()
            } else {
                format!("split the RUN: `{command}` may need the sources, the install needs only its manifests")
            });
        }
        let mut doubts = self.passes()?;
        let copy = self.step(self.broad.step);
        let flags = self.flags(copy, &mut doubts)?;
        let lines = self.lines(copy, &flags, &wanted.items)?;
        let mut all = wanted.doubts;
        all.extend(installs.iter().flat_map(|i| i.doubts.iter().cloned()));
        if *rest == Rest::Harmless {
            all.push("the other commands of the RUN may find other files, too".into());
        }
        all.extend(self.place_doubt(&wanted.items, installs));
        all.extend(environment_doubt(self.checker.read, self.run, &self.broad.to, &wanted.written));
        all.extend(self.settings_doubt());
        all.extend(self.home_doubt());
        all.extend(self.distutils_doubt(installs));
        all.extend(self.mount_doubt());
        all.extend(doubts);
        Ok(Plan { lines, doubts: all })
    }

    /// Whether the COPY may move below the steps between it and the RUN.
    fn passes(&self) -> Result<Vec<String>, String> {
        let Self { checker, run, broad } = self;
        if self.step(*run).unfinished || self.step(broad.step).unfinished {
            return Err("the file ends in the middle of an instruction".into());
        }
        let effects = &checker.cx.effects(checker.stage).effects;
        let mut doubts = Vec::new();
        for between in broad.step + 1..*run {
            let step = self.step(between);
            if effects[between].independent(&effects[broad.step]) {
                continue;
            }
            let absolute = self.step(broad.step).destination().is_some_and(|w| w.text.starts_with('/'));
            if step.keyword == Keyword::Workdir && absolute {
                doubts.push(MADE_BY_WORKDIR.into());
                continue;
            }
            let (name, line) = (step.keyword.name(), step.line_numbers.0);
            let quoted = checker.cx.quote(self.step(broad.step));
            return Err(match step.keyword {
                Keyword::Copy if step.flag("from").is_none() => format!(
                    "move {quoted} below it, if the COPY on line {line} brings all manifests that the install reads"
                ),
                Keyword::Add | Keyword::Copy => format!(
                    "copy its manifests above it and the sources below it; mind that {name} on line {line} between them \
                     puts files to the same place"
                ),
                Keyword::Workdir => format!(
                    "copy its manifests above it and the sources below it, with their place in full: WORKDIR on line \
                     {line} may change that of {quoted}"
                ),
                _ => format!(
                    "copy its manifests above it and the sources below it; {name} on line {line} between them may need \
                     the sources"
                ),
            });
        }
        Ok(doubts)
    }

    /// The flags of the COPY, as the new one must have them.
    fn flags(&self, copy: &Instruction<'_>, doubts: &mut Vec<String>) -> Result<String, String> {
        let mut text = String::new();
        for flag in &copy.flags {
            match flag.name() {
                "chown" | "chmod" => {}
                "link" => doubts.push("a COPY with `--link` makes the folders above its files anew".into()),
                _ => {
                    return Err(format!(
                        "copy its manifests first, in a COPY of their own; mind the flag `{}`",
                        flag.text
                    ));
                }
            }
            text.push_str(flag.span.of(self.checker.cx.file.text));
            text.push(' ');
        }
        Ok(text)
    }

    /// The new instructions.
    fn lines(&self, copy: &Instruction<'_>, flags: &str, items: &[Item]) -> Result<Vec<String>, String> {
        let missing = items.iter().filter(|item| !self.is_brought(item));
        lines(copy, self.broad, flags, missing)
            .ok_or_else(|| "copy its manifests first, in a COPY of their own".to_owned())
    }

    /// Whether a COPY above the broad one brings the file to the same place, and nothing below that COPY
    /// changes it there.
    fn is_brought(&self, item: &Item) -> bool {
        let read = self.checker.read;
        let brings = |at: usize, name: &String| read.sources[at].iter().any(|source| fits(source, name));
        let own = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        self.step(self.broad.step).flags.is_empty()
            && expand(&item.from).iter().all(|name| {
                for at in (0..self.broad.step).rev() {
                    match self.step(at).keyword {
                        Keyword::Copy | Keyword::Add => {}
                        Keyword::Run => return false,
                        _ => continue,
                    }
                    let here = read.destinations[at].as_ref() == Some(&item.to) && self.step(at).flags.is_empty();
                    if here && self.step(at).keyword == Keyword::Copy && brings(at, name) {
                        return true;
                    }
                    let apart = read.destinations[at].as_ref().is_some_and(|to| !to.overlaps(&item.to));
                    let file = |source: &String| {
                        own(source) != own(name) && own(source).contains('.') && !source.contains('*')
                    };
                    if !apart && (read.sources[at].is_empty() || !read.sources[at].iter().all(file)) {
                        return false;
                    }
                }
                false
            })
    }

    /// Settings of steps above that may lead to the sources.
    fn settings_doubt(&self) -> Option<String> {
        let place = Resource::Path(self.broad.to.clone());
        let effects = &self.checker.cx.effects(self.checker.stage).effects;
        let at = effects[..self.run].iter().position(|step| step.lasting.iter().any(|led| led.overlaps(&place)))?;
        let step = self.step(at);
        Some(format!(
            "{} on line {} leaves settings that may name some of the sources",
            step.keyword.name(),
            step.line_numbers.0
        ))
    }

    /// Settings among the sources that count if the folder is the home of whoever installs.
    fn home_doubt(&self) -> Option<String> {
        let project = self.checker.cx.project()?;
        let name = HOME_SETTINGS.into_iter().find(|name| project.has(&join_name(&self.broad.from, name)))?;
        Some(format!("{name} would be missing if {} is the home of whoever installs", self.broad.to.as_str()))
    }

    /// Settings of distutils among the sources, by which pip goes up to Python 3.9.
    fn distutils_doubt(&self, installs: &[Install]) -> Option<String> {
        let project = self.checker.cx.project()?;
        let of_pip = installs.iter().find(|install| install.manager == Manager::Pip)?;
        let text = project.text(&join_name(&self.broad.source(&of_pip.folder)?, "setup.cfg"))?;
        let sets = ["[install]", "[easy_install]", "[build]"].iter().any(|section| text.contains(section));
        sets.then(|| "setup.cfg has settings for installs, which pip follows up to Python 3.9".to_owned())
    }

    /// What is not known about the folder that the files go to.
    fn place_doubt(&self, items: &[Item], installs: &[Install]) -> Option<String> {
        let to = &self.broad.to;
        if !is_known(to) {
            return Some("where the files go depends on the base image: there is no WORKDIR above".into());
        }
        if !is_apart(to) {
            return Some(format!("packages, or the caches of the installer, may have files in {}, too", to.as_str()));
        }
        let made = |path: &AbsolutePath| self.checker.read.is_made(path, self.broad.step);
        let places =
            items.iter().map(|item| &item.to).chain(installs.iter().map(|i| &i.folder).filter(|f| to.covers(f)));
        let place = places.into_iter().find(|place| !made(place))?;
        Some(format!("{} would be made for the manifests, so its owner and mode may differ", place.as_str()))
    }

    /// A mount that may lie among the sources.
    fn mount_doubt(&self) -> Option<String> {
        let harmless = |flag: &crate::syntax::Flag<'_>| {
            let fields = flag.value().and_then(mount_fields).unwrap_or_default();
            let target = fields.iter().find(|f| matches!(f.key, "target" | "dst" | "destination"));
            let path = target.and_then(|f| AbsolutePath::new(f.value.as_deref()?));
            match flag.name() {
                "network" => true,
                "mount" => match path {
                    Some(path) => !path.overlaps(&self.broad.to),
                    // A secret or an agent without a place of its own goes below /run.
                    None => target.is_none(),
                },
                _ => false,
            }
        };
        let odd = self.step(self.run).flags.iter().find(|flag| !harmless(flag))?;
        Some(format!("what `{}` brings may lie among the sources", odd.text))
    }
}

/// The path of the file `name` in `folder`, one of the context.
fn join_name(folder: &str, name: &str) -> String {
    [folder, name].join("/").trim_start_matches('/').to_owned()
}

/// The names that a guessed pattern stands for.
fn expand(name: &str) -> Vec<String> {
    match name.rsplit_once('/').map_or(name, |(_, last)| last) {
        "package*.json" => vec![name.replace('*', ""), name.replace('*', "-lock")],
        "Gemfile*" | "Pipfile*" => vec![name.replace('*', ""), name.replace('*', ".lock")],
        _ => vec![name.trim_end_matches('*').to_owned()],
    }
}

fn fits(source: &str, name: &str) -> bool {
    let source = source.strip_prefix("./").unwrap_or(source);
    source == name || Pattern::new(source, false).is_some_and(|pattern| pattern.matches(name))
}

/// Whether neither packages nor caches of installers lie in the folder.
pub(in super::super) fn is_apart(folder: &AbsolutePath) -> bool {
    let caches = ["/go/pkg", "/go/bin", "/tmp", "/usr/local"].iter().filter_map(|path| AbsolutePath::new(path));
    let is_home = folder.as_str().strip_prefix("/home/").is_some_and(|name| !name.contains('/'));
    !folder.is_system()
        && !is_home
        && folder.as_str() != "/home"
        && !caches.into_iter().any(|cache| folder.overlaps(&cache))
}
