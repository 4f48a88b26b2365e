//! LW411: a script that a shell runs as it comes from the network.

use super::calls::Call;
use super::runs::ShellRun;
use super::script::Script;
use super::{Context, Findings, meta};
use crate::source::Span;
use crate::syntax::shell::Pipeline;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for run in cx.runs().iter().filter(|run| run.mentions("curl") || run.mentions("wget")) {
        for script in run.scripts() {
            for pipeline in script.certain() {
                if let Some((shell, fetch)) = piped(run, script, pipeline) {
                    report(out, shell, fetch.span);
                }
            }
        }
        for call in run.calls().iter().filter(|c| is_shell(&c.name)) {
            let substituted = |span: Span| SUBSTITUTED.iter().any(|start| span.of(cx.file.text).contains(start));
            if let Some(word) = call.arguments.iter().find(|a| substituted(a.span)) {
                report(out, call, word.span);
            }
        }
    }
}

const SUBSTITUTED: [&str; 6] = ["$(curl ", "$(wget ", "<(curl ", "<(wget ", "`curl ", "`wget "];

fn report(out: &mut Findings, shell: &Call<'_>, fetch: Span) {
    out.report(
        &meta::PIPED_SCRIPT,
        shell.name_span,
        format!("`{}` runs a script as it comes from the network", shell.name),
    )
    .why(fetch, "fetches it")
    .note("nobody has looked at what it does today, and half a script runs if the connection breaks")
    .help("download it to a file, compare it with a sum (`sha256sum -c`) and run that; or install a package");
}

/// The shell at the end of a pipeline that runs what another of its commands fetches, and that one.
fn piped<'r, 'c>(
    run: &'r ShellRun<'c, '_>,
    script: &Script<'_>,
    pipeline: &Pipeline,
) -> Option<(&'r Call<'c>, &'r Call<'c>)> {
    let [before @ .., last] = pipeline.commands.as_slice() else { return None };
    let call_of = |span: Span, fits: &dyn Fn(&Call<'_>) -> bool| {
        let place = script.source(span);
        run.calls().iter().find(|c| place.contains(c.span) && !c.context.substitution && fits(c))
    };
    let fetch = before.iter().find_map(|c| call_of(c.span, &|call| matches!(call.name.as_ref(), "curl" | "wget")))?;
    Some((call_of(last.span, &reads_script)?, fetch))
}

fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh")
}

/// Whether a shell takes its script from its input.
fn reads_script(call: &Call<'_>) -> bool {
    let has_file = || call.operands(&["-o", "+o"]).any(|a| !matches!(a.text.as_ref(), "-" | "/dev/stdin"));
    is_shell(&call.name) && !call.has(&["-c"]) && (call.has(&["-s"]) || !has_file())
}
