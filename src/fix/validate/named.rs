//! A COPY of a folder below a RUN that names the few files which it needs of it, and these files above:
//! shown to be the same from the effects of both and from the context.
//!
//! As for installs, the files of the context are the same behind the last COPY whatever came before. The
//! RUN must find each file that it names, and neither list, read nor write anything else among them.

use super::split::{Splits, files_folder_made, flags, is_apart, source};
use super::step::Step;
use crate::context::Sent;
use crate::model::install::StageInstalls;

impl Splits<'_> {
    /// Shows that the RUN at `run` does the same above the COPY at `copy` and below the steps `new`.
    pub(super) fn prove_named(&self, new: &[Step], run: usize, copy: usize) -> Result<(), String> {
        let Some(project) = self.project else { return Err("the build context is not known".into()) };
        if self.old.uncertain {
            return Err("triggers may run first".into());
        }
        let stage = StageInstalls::read(self.before, self.stage).ok_or("it is a stage of Windows")?;
        let (run_at, copy_at) = (self.old.steps[run].index, self.old.steps[copy].index);
        let step = &self.before.steps(self.stage)[copy_at];
        let source = source(step, &stage, copy_at, project)?;
        is_apart(&source.to)?;
        let effects = &self.before.effects(self.stage).effects;
        if effects[run_at].is_unknown() {
            return Err("what it reads is not known".into());
        }
        let needed = effects[run_at].named_below(&effects[copy_at], &source.to);
        let needed = needed.ok_or_else(|| format!("it may touch other files in {}", source.to.as_str()))?;
        let mut there = self.files(new, step, &source, project)?;
        files_folder_made(&there, &stage, copy_at)?;
        if flags(step).is_some_and(|flags| flags.is_empty()) {
            there.extend(self.earlier(&stage, copy_at, project));
        }
        for path in needed {
            let from = source.context(path).ok_or_else(|| format!("{} comes from elsewhere", path.as_str()))?;
            match project.sent(&from) {
                // It was not there before, or came from above.
                Sent::Nothing => {}
                Sent::File if there.iter().any(|(other, to)| *other == from && to == path) => {}
                Sent::File => return Err(format!("{from} would be missing")),
                Sent::Folder | Sent::Other => return Err(format!("{from} is not a plain file")),
            }
        }
        Ok(())
    }
}
