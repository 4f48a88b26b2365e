//! What the heat of a Dockerfile is worked out from: the file, its context, its history, recorded timings.

use super::super::failure::Failure;
use super::super::input;
use super::super::progress::Progress;
use super::{argument, given};
use crate::builder::Builder;
use crate::cache::{ENOUGH, Evidence, Heat, Prepared, Question, evidence};
use crate::config::Finder;
use crate::context::churn::{DEFAULT_LIMIT, History};
use crate::context::timings::Timings;
use crate::context::{Chosen, Histories, LazyProject, Project, ProjectError, ProjectFinder};
use crate::diagnostic::Applicability;
use crate::lint::{self, Settings};
use crate::model::Model;
use crate::rules::{self, Overrides, RULES, Selection};
use crate::syntax;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The options that say what is looked at.
#[derive(Args, Debug)]
pub(super) struct GroundArgs {
    /// The Dockerfile.
    #[arg(value_name = "FILE", default_value = given::DEFAULT_FILE)]
    pub(super) file: PathBuf,
    /// The folder that is built; found by the files that the Dockerfile copies if it is not named.
    #[arg(long, value_name = "DIR")]
    context: Option<PathBuf>,
    /// How many commits of the first-parent history count; 0 for none.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT)]
    history: usize,
    /// Take the seconds of the steps from the log of a build: `docker build --progress=plain` or `rawjson`.
    #[arg(long, value_name = "LOG")]
    timings: Option<PathBuf>,
    /// A build argument.
    #[arg(long, value_name = "NAME=VALUE", value_parser = argument)]
    build_arg: Vec<(String, String)>,
    /// The stage to build; the last one if none is named.
    #[arg(long, value_name = "STAGE")]
    target: Option<String>,
    /// The builder [default: buildkit].
    #[arg(long, value_name = "BUILDER", value_parser = PossibleValuesParser::new(["buildkit", "classic", "buildah"]))]
    builder: Option<String>,
}

/// What was read.
pub(super) struct Ground {
    pub(super) text: String,
    pub(super) builder: Builder,
    project: Arc<LazyProject>,
    pub(super) histories: Arc<Histories>,
    /// The history, and the way from the repository's root to the context.
    pub(super) history: Option<(Arc<History>, String)>,
    /// Why there is no history.
    pub(super) without_history: Option<String>,
    timings: Option<Timings>,
    arguments: Vec<(String, String)>,
    target: Option<String>,
}

/// A version of the file, with its heat.
pub(super) struct Heated {
    pub(super) text: String,
    pub(super) heat: Heat,
    /// The rules whose fixes led here, each with how often.
    pub(super) fixed: Vec<(String, usize)>,
}

impl Ground {
    pub(super) fn read(args: &GroundArgs) -> Result<Self, Failure> {
        given::inside(Path::new(""), &args.file)?;
        let text = input::read(&args.file)?;
        given::has_target(&text, &args.file, args.target.as_deref())?;
        let timings = match &args.timings {
            None => None,
            Some(path) => {
                let parsed = Timings::parse(&input::read(path)?);
                Some(parsed.map_err(|source| Failure::Timings { path: path.display().to_string(), source })?)
            }
        };
        if let Some(folder) = args.context.as_deref().filter(|folder| !folder.is_dir()) {
            let message = format!("--context: {} is no folder", folder.display());
            let help = Some("name the folder that `docker build` gets".to_owned());
            return Err(Failure::Usage { message, help });
        }
        let current = std::env::current_dir().unwrap_or_default();
        let finder = Arc::new(ProjectFinder::new(current.clone(), args.context.as_deref()));
        let configs = Finder::new(current, rules::CATALOGUE);
        let config = configs.for_file(&args.file).map_err(Failure::Config)?;
        let configured = config.as_ref().and_then(|c| c.layers(&configs.whole(&args.file)).builder());
        let named = args.builder.as_deref().and_then(Builder::from_name);
        let builder = named.or(configured).unwrap_or_default();
        let request =
            finder.request(&args.file, builder, |dockerfile| config.as_ref()?.context_of(dockerfile).map(Chosen::from));
        let project = Arc::new(LazyProject::new(finder, request));
        let histories = Arc::new(Histories::new(args.history));
        let ground = Self::of(text, builder, project, histories).map_err(Failure::Context)?;
        Ok(Self { timings, arguments: args.build_arg.clone(), target: args.target.clone(), ..ground })
    }

    /// The ground of `text`, without recorded timings and build arguments.
    ///
    /// # Errors
    /// If something names a context that can't be used.
    pub(super) fn of(
        text: String,
        builder: Builder,
        project: Arc<LazyProject>,
        histories: Arc<Histories>,
    ) -> Result<Self, ProjectError> {
        let found = project_of(&project, &text).map_err(Clone::clone)?.map(|p| histories.of(&p.root));
        let (history, without_history) = match found {
            None => (None, Some("the build context is not known (`--context` names it)".to_owned())),
            Some(None) if !histories.are_wanted() => (None, None),
            Some(None) => (None, Some("no Git repository is around the build context".to_owned())),
            Some(Some(Err(error))) => (None, Some(error.to_string())),
            Some(Some(Ok((history, prefix)))) => {
                let few = too_few(&history);
                (Some((history, prefix)), few)
            }
        };
        let (timings, arguments, target) = (None, Vec::new(), None);
        Ok(Self { text, builder, project, histories, history, without_history, timings, arguments, target })
    }

    /// The build context, if it is known.
    pub(super) fn project(&self) -> Option<&Project> {
        project_of(&self.project, &self.text).ok().flatten()
    }

    /// How many commits were counted: none if there are too few to say anything.
    pub(super) fn commits(&self) -> usize {
        self.history.as_ref().map(|(h, _)| h.commits().len()).filter(|&n| n >= ENOUGH).unwrap_or(0)
    }

    /// The file as it is, as the safe fixes leave it, and as all fixes leave it. A version that is no other
    /// than the one before it is left out.
    pub(super) fn versions(&self) -> (Heated, Option<Heated>, Option<Heated>) {
        let (safe, by_safe) = self.fix(Applicability::Safe);
        let (all, by_all) = self.fix(Applicability::Unsafe);
        // The fixed file names all that the original names, and more.
        let evidence = self.evidence(&all);
        let versions = 1 + usize::from(safe != self.text) + usize::from(all != safe);
        let progress = Progress::new(versions * evidence.changes(), "going through the history");
        let passed = || progress.step();
        let heated =
            |text: &str, fixed| Heated { text: text.to_owned(), heat: self.heat(text, &evidence, &passed), fixed };
        let before = heated(&self.text, Vec::new());
        let planned = (safe != self.text).then(|| heated(&safe, by_safe));
        let planned_unsafe = (all != safe).then(|| heated(&all, by_all));
        (before, planned, planned_unsafe)
    }

    /// The file as it is.
    pub(super) fn present(&self) -> Heated {
        let heat = self.heat(&self.text, &self.evidence(&self.text), &|| ());
        Heated { text: self.text.clone(), heat, fixed: Vec::new() }
    }

    /// Applies the fixes that change what a rebuild runs.
    fn fix(&self, least: Applicability) -> (String, Vec<(String, usize)>) {
        let codes = RULES.iter().map(|r| r.meta).filter(|m| m.category == "order").map(|m| m.code).collect();
        let overrides = Overrides { select: Some(codes), ..Overrides::default() };
        let settings = Settings {
            selection: Selection::new(None, &overrides),
            builder: self.builder,
            project: Some(Arc::clone(&self.project)),
            histories: Some(Arc::clone(&self.histories)),
            shellcheck: None,
        };
        let fixed = lint::fix(&self.text, &settings, least);
        (fixed.text, fixed.applied.iter().map(|(&code, &n)| (code.to_owned(), n)).collect())
    }

    fn evidence(&self, text: &str) -> Evidence {
        let file = syntax::parse(text);
        let history = self.history.as_ref().map(|(history, prefix)| (&**history, prefix.as_str()));
        evidence(&Model::new(&file), self.project(), history)
    }

    fn heat(&self, text: &str, evidence: &Evidence, passed: &dyn Fn()) -> Heat {
        let file = syntax::parse(text);
        let model = Model::new(&file);
        let timings = self.timings.as_ref().map(Timings::lookup);
        let recorded = |stage: Option<&str>, text: &str| timings.as_ref()?.seconds_for(stage, text);
        let (target, arguments) = (self.target.as_deref(), &self.arguments[..]);
        let ask = Question { builder: self.builder, target, arguments, recorded: &recorded, passed };
        Heat::new(&Prepared::new(&model), &ask, evidence)
    }
}

/// Why there are too few commits to say anything, if there are.
fn too_few(history: &History) -> Option<String> {
    match history.commits().len() {
        n if n >= ENOUGH => None,
        _ if history.is_shallow() => {
            Some("the clone holds only its newest commits; fetch more (`fetch-depth: 0`)".to_owned())
        }
        n => Some(format!("it has {n} commits, and fewer than {ENOUGH} say nothing")),
    }
}

fn project_of<'p>(project: &'p LazyProject, text: &str) -> Result<Option<&'p Project>, &'p ProjectError> {
    project.get(|| Model::new(&syntax::parse(text)).context_sources())
}
