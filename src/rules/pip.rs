//! How pip is called, and what the file sets for it.

use super::Context;
use super::calls::Call;
use super::runs::ShellRun;
use crate::model::Base;
use crate::syntax::{Instruction, Keyword};
use std::borrow::Cow;

/// Flags of `pip install` whose value is the next word.
pub(super) const WITH_VALUE: &[&str] = &[
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-e",
    "--editable",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "--src",
    "--trusted-host",
    "--proxy",
    "--timeout",
    "--default-timeout",
    "--retries",
    "--cache-dir",
    "--log",
    "--global-option",
    "--install-option",
    "--build-option",
    "-C",
    "--config-settings",
    "--config-setting",
    "--no-binary",
    "--only-binary",
    "--platform",
    "--python-version",
    "--implementation",
    "--abi",
    "--progress-bar",
    "--upgrade-strategy",
    "--use-feature",
    "--use-deprecated",
    "--exists-action",
    "--cert",
    "--client-cert",
    "--group",
    "--report",
    "--python",
    "-b",
    "--build",
    "-d",
    "--keyring-provider",
    "--root-user-action",
];

/// `call` as a call of pip: `pip`, `pip3.11`, `python3 -m pip`.
pub(super) fn as_pip<'r, 'c>(call: &'r Call<'c>) -> Option<Cow<'r, Call<'c>>> {
    let family = call.name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match family {
        "pip" => Some(Cow::Borrowed(call)),
        "python" => {
            let module = call.arguments.iter().position(|a| !a.text.starts_with('-') || a.text == "-m")?;
            let [flag, name, ..] = call.arguments.get(module..)? else { return None };
            let pip = flag.text == "-m" && matches!(name.text.as_ref(), "pip" | "pip3");
            let arguments = call.arguments[module + 2..].to_vec();
            pip.then(|| Cow::Owned(Call { arguments, ..call.clone() }))
        }
        _ => None,
    }
}

/// What ENV, or ARG in the same stage, set the variable `name` to for `run`, quotes taken off.
pub(super) fn variable<'c>(cx: &Context<'c, '_>, run: &ShellRun<'_, '_>, name: &str) -> Option<&'c str> {
    if !cx.sets(name) {
        return None;
    }
    let all = &cx.file.instructions;
    let (mut stage, mut end) = (&cx.model.stages[run.stage], run.at);
    loop {
        let steps = &all[stage.steps.start..end];
        if let Some(value) = steps.iter().rev().find_map(|step| set(step, name, stage.index == run.stage)) {
            return Some(value.of(cx.file.text).trim_matches(['"', '\'']));
        }
        let Base::Stage(base) = stage.base else { return None };
        stage = &cx.model.stages[base];
        end = stage.steps.end;
    }
}

fn set(step: &Instruction<'_>, name: &str, own: bool) -> Option<crate::source::Span> {
    match step.keyword {
        Keyword::Env => step.pairs().iter().rev().find(|p| p.key.text == name).map(|p| p.value.span),
        Keyword::Arg if own => step.args().iter().find(|a| a.name.text == name)?.value.as_ref().map(|w| w.span),
        _ => None,
    }
}
