//! The scripts of RUN, read by the `shellcheck` program where it is installed.
//!
//! `script` puts together what the shell gets from the builder, with a map from each byte back to the file
//! (`position`); `dialect` and `shells` say which shell that is. `checker` hands many scripts to few processes (`program`, at `work`), and
//! `answer` turns what they say into findings and fixes. `store` keeps what they said for the next run.

mod answer;
mod checker;
mod code;
mod dialect;
mod position;
mod program;
mod script;
mod shells;
mod store;
#[cfg(test)]
mod tests;
mod work;

pub use checker::{Checker, Guard};
pub use code::{PREFIX, disables, is_code, is_disable, link, selector};
pub use program::{Trouble, find};
pub use script::{ShellScript, scripts};
pub use work::AtWork;

use crate::diagnostic::Diagnostic;
use crate::model::Model;

/// What ShellCheck finds in the RUNs of `model`.
pub fn check(model: &Model<'_, '_>, checker: &Checker) -> Vec<Diagnostic> {
    let scripts = scripts(model);
    let texts: Vec<&str> = scripts.iter().map(|s| s.text.text()).collect();
    let answers = checker.ask(&texts);
    scripts.iter().zip(answers).flat_map(|(s, answer)| answer::findings(s, &answer, model.file.text)).collect()
}
