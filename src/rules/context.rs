//! What a rule may look at.

use super::runs::{ShellRun, runs_of};
use super::{RuleMeta, Selection};
use crate::cache::{Chances, Evidence, Prepared, Question, StagePlan, evidence, plan};
use crate::config::{Builder, OptionValue};
use crate::context::{Histories, LazyProject, Project, ProjectError};
use crate::model::effects::EffectsOf;
use crate::model::install::StageInstalls;
use crate::model::{Model, Stage};
use crate::source::LineEnding;
use crate::syntax::{Dockerfile, Instruction, Keyword};
use std::cell::OnceCell;
use std::collections::HashSet;

/// One file, and what has been worked out of it.
#[derive(Debug)]
pub struct Context<'c, 'a> {
    /// The syntax tree.
    pub file: &'c Dockerfile<'a>,
    /// The stages.
    pub model: &'c Model<'c, 'a>,
    /// The builder that messages and severities are about.
    pub builder: Builder,
    selection: &'c Selection,
    project: Option<&'c LazyProject>,
    histories: Option<&'c Histories>,
    /// A cell each stage.
    installs: Vec<OnceCell<Option<StageInstalls>>>,
    runs: OnceCell<Vec<ShellRun<'c, 'a>>>,
    chances: OnceCell<Chances>,
    plans: OnceCell<Vec<StagePlan>>,
    newline: OnceCell<&'static str>,
    added_newline: OnceCell<&'static str>,
    /// The names that any ENV or ARG sets.
    set: OnceCell<HashSet<&'c str>>,
}

impl<'c, 'a> Context<'c, 'a> {
    /// A context for the file of `model`.
    pub fn new(
        model: &'c Model<'c, 'a>,
        selection: &'c Selection,
        builder: Builder,
        project: Option<&'c LazyProject>,
        histories: Option<&'c Histories>,
    ) -> Self {
        let installs = model.stages.iter().map(|_| OnceCell::new()).collect();
        let (chances, plans, runs, newline) = (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self {
            file: model.file,
            model,
            builder,
            selection,
            project,
            histories,
            installs,
            runs,
            chances,
            plans,
            newline,
            added_newline: OnceCell::new(),
            set: OnceCell::new(),
        }
    }

    /// The build context, if it is known. The first question looks for it on disk; a file that takes
    /// nothing from a context has none.
    pub fn project(&self) -> Option<&'c Project> {
        self.find_project().ok().flatten()
    }

    /// Why the build context can't be used although something names it. There is no project then.
    pub fn project_error(&self) -> Option<&'c ProjectError> {
        self.find_project().err()
    }

    fn find_project(&self) -> Result<Option<&'c Project>, &'c ProjectError> {
        self.project.map_or(Ok(None), |project| project.get(|| self.model.context_sources()))
    }

    /// The plan of each stage. A file that no builder accepts has none: what looks like an
    /// instruction there may be a template's business.
    pub fn plans(&self) -> &[StagePlan] {
        self.plans.get_or_init(|| {
            if !self.file.errors.is_empty() {
                return Vec::new();
            }
            let one = |stage: &Stage| plan(self.model, stage, || self.effects(stage), &|| self.chances());
            self.model.stages.iter().map(one).collect()
        })
    }

    /// How the lines of the file end.
    pub fn newline(&self) -> &'static str {
        self.newline.get_or_init(|| LineEnding::of(self.file.text).as_str())
    }

    /// How a line ends that is added inside an instruction: one CRLF in the file is enough to add another.
    pub fn added_newline(&self) -> &'static str {
        self.added_newline.get_or_init(|| if self.file.text.contains("\r\n") { "\r\n" } else { "\n" })
    }

    /// Whether an ENV or ARG of the file sets `name`.
    pub fn sets(&self, name: &str) -> bool {
        let names = |i: &'c Instruction<'a>| {
            let env = i.pairs().iter().filter(|_| i.keyword == Keyword::Env).map(|p| p.key.text.as_ref());
            env.chain(i.args().iter().map(|a| a.name.text.as_ref()))
        };
        self.set.get_or_init(|| self.file.instructions.iter().flat_map(names).collect()).contains(name)
    }

    /// The effects of the steps of `stage`.
    pub fn effects(&self, stage: &Stage) -> &EffectsOf {
        self.model.effects(stage)
    }

    /// What the steps of `stage` install, and where its files go; `None` for a stage of Windows.
    pub fn installs(&self, stage: &Stage) -> Option<&StageInstalls> {
        self.installs[stage.index].get_or_init(|| StageInstalls::read(self.model, stage)).as_ref()
    }

    /// The RUNs of all stages, in order, those below ONBUILD too.
    pub fn runs(&self) -> &[ShellRun<'c, 'a>] {
        self.runs.get_or_init(|| runs_of(self.model))
    }

    /// Those of `stage` that stand below the line number `at`.
    pub fn runs_below(&self, stage: &Stage, at: usize) -> &[ShellRun<'c, 'a>] {
        let runs = self.runs();
        let start = runs.partition_point(|run| run.at <= at.max(stage.from));
        &runs[start..runs.partition_point(|run| run.at < stage.steps.end).max(start)]
    }

    /// The RUN in the line number `at`, be it a trigger.
    pub fn run_at(&self, at: usize) -> Option<&ShellRun<'c, 'a>> {
        let runs = self.runs();
        runs.get(runs.partition_point(|run| run.at < at)).filter(|run| run.at == at)
    }

    /// How likely the steps run again, and what they cost. Git is asked for the history of the context,
    /// once for all files of a repository.
    pub fn chances(&self) -> &Chances {
        self.chances.get_or_init(|| {
            let ask = Question {
                builder: self.builder,
                target: None,
                arguments: &[],
                recorded: &|_, _| None,
                passed: &|| (),
            };
            Chances::new(&Prepared::new(self.model), &ask, self.evidence())
        })
    }

    fn evidence(&self) -> Evidence {
        let project = self.project();
        let history = project.zip(self.histories).and_then(|(p, h)| h.of(&p.root)?.ok());
        evidence(self.model, project, history.as_ref().map(|(history, prefix)| (&**history, prefix.as_str())))
    }

    /// Whether the option `name` of `rule` is set to `true`.
    pub fn flag(&self, rule: &RuleMeta, name: &str) -> bool {
        matches!(self.option(rule, name), Some(OptionValue::Flag(true)))
    }

    /// The words that the option `name` of `rule` is set to.
    pub fn words(&self, rule: &RuleMeta, name: &str) -> &[String] {
        match self.option(rule, name) {
            Some(OptionValue::Words(words)) => words,
            _ => &[],
        }
    }

    /// The pairs that the option `name` of `rule` is set to.
    pub fn pairs(&self, rule: &RuleMeta, name: &str) -> &[(String, String)] {
        match self.option(rule, name) {
            Some(OptionValue::Map(pairs)) => pairs,
            _ => &[],
        }
    }

    fn option(&self, rule: &RuleMeta, name: &str) -> Option<&OptionValue> {
        debug_assert!(rule.options.iter().any(|o| o.name == name), "{} declares no option {name}", rule.code);
        self.selection.options(rule.code).iter().find(|(n, _)| *n == name).map(|(_, value)| value)
    }

    /// Every instruction, those below ONBUILD too.
    pub fn instructions(&self) -> impl Iterator<Item = &'c Instruction<'a>> {
        self.file.instructions.iter().flat_map(|i| std::iter::successors(Some(i), |i| i.trigger()))
    }

    /// The first line of an instruction, short enough for a message.
    pub fn quote(&self, instruction: &Instruction<'_>) -> String {
        let line = instruction.span.of(self.file.text).lines().next().unwrap_or_default().trim_end();
        match line.char_indices().nth(40) {
            Some((at, _)) => format!("`{}...`", line[..at].trim_end()),
            None => format!("`{line}`"),
        }
    }

    /// A word in back quotes for a message, cut where it would flood the line.
    pub fn plain(&self, word: &str) -> String {
        match word.char_indices().nth(60) {
            Some((at, _)) => format!("`{}...`", &word[..at]),
            None => format!("`{word}`"),
        }
    }
}
