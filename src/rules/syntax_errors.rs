//! LW001 to LW013: what BuildKit refuses to build.

use super::meta::{self, RuleMeta};
use super::{Context, Findings};
use crate::suggest::closest;
use crate::syntax::{ErrorKind, Keyword, SyntaxError, flag_names};

macro_rules! rules {
    ($($check:ident, $meta:ident, $kind:ident;)*) => {
        $(
            pub(super) fn $check(cx: &Context<'_, '_>, out: &mut Findings) {
                report(cx, out, &meta::$meta, ErrorKind::$kind);
            }
        )*
    };
}

rules! {
    no_instruction, NO_INSTRUCTION, NoInstruction;
    unknown_instruction, UNKNOWN_INSTRUCTION, UnknownInstruction;
    wrong_arguments, WRONG_ARGUMENTS, Arguments;
    wrong_flag, WRONG_FLAG, Flag;
    no_stage, NO_STAGE, NoStage;
    wrong_stage, WRONG_STAGE, Stage;
    wrong_heredoc, WRONG_HEREDOC, Heredoc;
    wrong_directive, WRONG_DIRECTIVE, Directive;
    wrong_json, WRONG_JSON, Json;
    wrong_key_value, WRONG_KEY_VALUE, KeyValue;
    line_too_long, LINE_TOO_LONG, LineTooLong;
    wrong_trigger, WRONG_TRIGGER, Onbuild;
    wrong_healthcheck, WRONG_HEALTHCHECK, Healthcheck;
}

fn report(cx: &Context<'_, '_>, out: &mut Findings, rule: &'static RuleMeta, kind: ErrorKind) {
    for error in cx.file.errors.iter().filter(|e| e.kind == kind) {
        let finding = out.report(rule, error.span, error.message.clone());
        match suggestion(cx, error).or_else(|| error.help.clone()) {
            Some(help) => finding.help(help),
            None => finding,
        };
    }
}

/// What the author most likely meant.
fn suggestion(cx: &Context<'_, '_>, error: &SyntaxError) -> Option<String> {
    let written = error.span.of(cx.file.text);
    match error.kind {
        ErrorKind::UnknownInstruction => {
            if matches!(written, "&&" | "||" | "|" | ";") {
                return Some(format!("is a `\\` missing at the end of the line above, in front of `{written}`?"));
            }
            let glued =
                written.split_once('[').map(|(word, _)| word).filter(|w| Keyword::from_word(w) != Keyword::Unknown);
            if let Some(word) = glued {
                return Some(format!("put a blank between `{word}` and `[`"));
            }
            closest(written, Keyword::names()).map(|name| format!("did you mean `{name}`?"))
        }
        ErrorKind::Flag => {
            let all = &cx.file.instructions;
            let line = all.get(all.partition_point(|i| i.span.end <= error.span.start));
            let mut nested = std::iter::successors(line, |i| i.trigger());
            let instruction = nested.find(|i| i.flags.iter().any(|f| f.span == error.span))?;
            let name = instruction.flags.iter().find(|f| f.span == error.span)?.name();
            let known: Vec<&str> = flag_names(instruction.keyword).collect();
            if known.contains(&name) {
                return None;
            }
            closest(name, known.iter().copied()).map(|name| format!("did you mean `--{name}`?"))
        }
        _ => None,
    }
}
