//! What a file brings from the build context.

use super::add::is_remote;
use super::expand::{Expanded, Value, expand};
use super::stage::Model;
use crate::syntax::{Instruction, Keyword, mount_fields};

impl Model<'_, '_> {
    /// What COPY, ADD and bind mounts take from the build context, in order, as the builder gets it:
    /// names and patterns. One whose name needs a variable is left out. `None` if nothing is taken.
    ///
    /// Triggers (ONBUILD) count if a stage of the file runs them; else they run with the context of
    /// another build.
    pub fn context_sources(&self) -> Option<Vec<String>> {
        let mut any = false;
        let mut sources = Vec::new();
        let mut add = |text: &str| {
            any = true;
            if let Expanded::Known(text) = expand(text, self.file.escape, &|_| Value::Unknown) {
                sources.push(text);
            }
        };
        let triggers = self.stages.iter().flat_map(|stage| self.triggers(stage)).map(|(_, trigger)| trigger);
        for step in self.file.instructions.iter().chain(triggers) {
            match step.keyword {
                Keyword::Copy | Keyword::Add if step.flag("from").is_none() => {
                    let local = step.sources().iter().filter(|word| !is_remote(&word.text) && !step.is_heredoc(word));
                    local.for_each(|word| add(&word.text));
                }
                Keyword::Run => mounted(step).iter().for_each(|source| add(source)),
                _ => {}
            }
        }
        any.then_some(sources)
    }
}

/// The sources of the bind mounts of RUN that no stage gives.
fn mounted(run: &Instruction<'_>) -> Vec<String> {
    let mounts = run.flags.iter().filter(|flag| flag.name() == "mount");
    let source = |value: &str| {
        let fields = mount_fields(value)?;
        let get = |keys: &[&str]| {
            let field = fields.iter().rev().find(|field| keys.contains(&field.key))?;
            Some(field.value.as_deref().unwrap_or_default().to_owned())
        };
        let bind = get(&["type"]).is_none_or(|kind| kind == "bind");
        (bind && get(&["from"]).is_none()).then(|| get(&["source", "src"]).unwrap_or_default())
    };
    mounts.filter_map(|flag| source(flag.value()?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    #[track_caller]
    fn check(text: &str, want: Option<&[&str]>) {
        let file = parse(text);
        let sources = Model::new(&file).context_sources();
        assert_eq!(sources.as_deref(), want.map(|w| w.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()).as_deref());
    }

    #[test]
    fn names_are_as_the_builder_gets_them() {
        check("FROM a\nCOPY x \"y\" /d/\nADD [\"w v\", \"/\"]\n", Some(&["x", "y", "w v"]));
        check("FROM a\nARG V=1\nCOPY $V/x y /d/\nCOPY ${W:-q} /\n", Some(&["y"]));
        check("FROM a\nCOPY \\$V /\n", Some(&["$V"]));
    }

    #[test]
    fn what_comes_from_elsewhere_is_left_out() {
        check("FROM a\nCOPY --from=b x /\nADD https://example.com/x /\nCOPY <<E /f\nx\nE\nONBUILD COPY . .\n", None);
        check("FROM a\nADD https://example.com/x y /d/\n", Some(&["y"]));
        check("FROM a\nCOPY $X /\n", Some(&[]));
    }

    #[test]
    fn triggers_count_where_a_stage_runs_them() {
        check("FROM a AS b\nONBUILD COPY x /\nONBUILD RUN --mount=source=y,target=/y z\nFROM b\n", Some(&["x", "y"]));
        check("FROM a AS b\nONBUILD COPY x /\nFROM c\n", None);
    }

    #[test]
    fn bind_mounts_count() {
        check(
            "FROM a\nRUN --mount=type=bind,source=go.sum,target=go.sum --mount=src=w,target=/w x\n",
            Some(&["go.sum", "w"]),
        );
        check("FROM a\nRUN --mount=target=. x\n", Some(&[""]));
        check("FROM a\nRUN --mount=from=b,source=x,target=/x --mount=type=cache,target=/c x\n", None);
    }
}
