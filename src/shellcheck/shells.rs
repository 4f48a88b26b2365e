//! Comments that say which shell an image has: `# hadolint shell=bash`.

use super::dialect::Dialect;
use crate::model::{Base, Model};
use crate::syntax::{Form, Instruction, Keyword, TriviaKind};

/// What such a comment says: a shell, or none that ShellCheck knows.
type Told = Option<Dialect>;

/// What comments say of the shell at each instruction of the file, as far as they say something. One holds from its place
/// to the next SHELL or to the end of its stage, and in stages that start from there. Right above a FROM, it is about that stage.
pub(super) fn told(model: &Model<'_, '_>) -> Vec<Option<Told>> {
    let all = &model.file.instructions;
    let mut told = vec![None; all.len()];
    if !model.file.text.contains("shell=") {
        return told;
    }
    let above = above(model);
    let mut ends: Vec<Option<Told>> = Vec::with_capacity(model.stages.len());
    for stage in &model.stages {
        let inherited = match stage.base {
            Base::Stage(base) => ends.get(base).copied().flatten(),
            _ => None,
        };
        let mut now = above[stage.from].or(inherited);
        for at in stage.steps.clone() {
            now = above[at].or(now);
            told[at] = now;
            if all[at].keyword == Keyword::Shell && matches!(all[at].command(), Some(Form::Exec(_))) {
                now = None;
            }
        }
        ends.push(now);
    }
    told
}

/// What the comments right above each instruction say.
fn above(model: &Model<'_, '_>) -> Vec<Option<Told>> {
    let mut trivia = model.file.trivia.iter().peekable();
    let said = |instruction: &Instruction<'_>| {
        let mut said = None;
        while let Some(t) = trivia.next_if(|t| t.span.start < instruction.lines.start) {
            if t.kind == TriviaKind::Comment {
                said = shell(t.span.of(model.file.text)).or(said);
            }
        }
        said
    };
    model.file.instructions.iter().map(said).collect()
}

/// `# hadolint shell=/bin/bash -e # why`
fn shell(comment: &str) -> Option<Told> {
    let text = comment.trim().trim_start_matches('#').trim_start();
    let rest = text.strip_prefix("hadolint").or_else(|| text.strip_prefix("layerwise"))?;
    let value = rest.trim_start().strip_prefix("shell")?.trim_start().strip_prefix('=')?;
    let value = value.split('#').next().unwrap_or_default();
    rest.starts_with([' ', '\t']).then(|| Dialect::of_words(value.split_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    /// What is told at each RUN, `-` for nothing and `?` for a shell that ShellCheck does not know.
    fn runs(text: &str) -> Vec<String> {
        let file = parse(text);
        let told = told(&Model::new(&file));
        let runs = file.instructions.iter().zip(told).filter(|(i, _)| i.keyword == Keyword::Run);
        let name = |told: Option<Told>| match told {
            None => "-".to_owned(),
            Some(None) => "?".to_owned(),
            Some(Some(dialect)) => dialect.shebang().trim_end().to_owned(),
        };
        runs.map(|(_, told)| name(told)).collect()
    }

    #[test]
    fn a_comment_holds_to_the_next_shell_or_stage() {
        let text = "FROM a AS x\nRUN 1\n# hadolint shell=bash\nRUN 2\n\nRUN 3\nFROM b\nRUN 4\nFROM x\nRUN 5\nSHELL [\"sh\", \"-c\"]\nRUN 6\n";
        assert_eq!(runs(text), ["-", "#!/bin/bash", "#!/bin/bash", "-", "#!/bin/bash", "-"]);
    }

    #[test]
    fn a_comment_above_a_stage_is_about_that_stage() {
        let text = "# layerwise shell = /bin/ksh -e # why\nFROM a\nRUN 1\n#hadolint shell=powershell\nFROM b\nRUN 2\n";
        assert_eq!(runs(text), ["#!/bin/ksh -e", "?"]);
    }

    #[test]
    fn other_comments_say_nothing() {
        for comment in ["# shell=bash", "# hadolintshell=bash", "# hadolint ignore=DL3006", "# hadolint shellbash"] {
            assert_eq!(runs(&format!("FROM a\n{comment}\nENV shell=x\nRUN 1\n")), ["-"], "{comment}");
        }
    }
}
