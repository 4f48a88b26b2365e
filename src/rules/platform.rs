//! RedundantTargetPlatform and FromPlatformFlagConstDisallowed: what `--platform` of a FROM says.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::source::Span;
use crate::syntax::word::{Modifier, Part, lex};
use crate::syntax::{Flag, Instruction};

pub(super) fn redundant(cx: &Context<'_, '_>, out: &mut Findings) {
    for (from, flag, value) in flags(cx) {
        let Ok(parts) = lex(value, cx.file.escape) else { continue };
        let variable = match &parts[..] {
            [Part::Variable(variable)] => variable,
            [Part::Double(inner)] => match &inner[..] {
                [Part::Variable(variable)] => variable,
                _ => continue,
            },
            _ => continue,
        };
        let is_whole = matches!(variable.modifier, Modifier::None | Modifier::Default { .. });
        if &value[variable.name.clone()] != "TARGETPLATFORM" || !is_whole || is_given(cx) {
            continue;
        }
        let finding = out
            .report(&meta::REDUNDANT_TARGET_PLATFORM, flag.span, "FROM takes the target platform without being told")
            .note("the flag changes nothing, and readers look for what it does")
            .help("leave the flag out");
        if let Some(image) = from.words().first()
            && from.inner.is_empty()
            && from.flags.len() == 1
        {
            let edits = vec![Edit::delete(Span::new(flag.span.start, image.span.start))];
            finding.fix(Fix::new("leave the flag out", Applicability::Unsafe, edits));
        }
    }
}

/// Whether the file itself says what the target platform is.
fn is_given(cx: &Context<'_, '_>) -> bool {
    let args = cx.file.instructions[cx.model.fragment.clone()].iter().flat_map(Instruction::args);
    args.into_iter().any(|arg| arg.name.text == "TARGETPLATFORM" && arg.value.is_some())
}

pub(super) fn constant(cx: &Context<'_, '_>, out: &mut Findings) {
    for (from, flag, value) in flags(cx) {
        let Some((os, machine)) = parse(value) else { continue };
        let named = from.stage_name().map(|w| w.text.to_lowercase()).unwrap_or_default();
        if named.contains(os) || named.contains(machine) {
            continue;
        }
        out.report(
            &meta::FROM_PLATFORM_FLAG_CONST_DISALLOWED,
            flag.span,
            format!("this stage is built for {} whatever platform is asked for", cx.plain(value)),
        )
        .note("on other machines it runs in emulation, several times slower, and the image is for one platform only")
        .help("write `--platform=$BUILDPLATFORM` for a stage that only makes files, or leave the flag out");
    }
}

fn flags<'c, 'a>(cx: &Context<'c, 'a>) -> impl Iterator<Item = (&'c Instruction<'a>, &'c Flag<'a>, &'c str)> {
    let froms = cx.model.stages.iter().map(|s| &cx.file.instructions[s.from]);
    froms.filter_map(|from| {
        let flag = from.flag("platform")?;
        Some((from, flag, flag.value()?))
    })
}

/// The operating system and the machine that a constant names, the ones that are known.
///
/// Source: the list of known values in the containerd `platforms` package.
fn parse(value: &str) -> Option<(&str, &str)> {
    const SYSTEMS: [&str; 12] = [
        "linux",
        "windows",
        "darwin",
        "freebsd",
        "netbsd",
        "openbsd",
        "dragonfly",
        "solaris",
        "illumos",
        "aix",
        "android",
        "js",
    ];
    const MACHINES: [&str; 21] = [
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64",
        "mips64le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "wasm",
    ];
    const OTHER_NAMES: [&str; 6] = ["x86_64", "x86-64", "aarch64", "armhf", "armel", "i386"];
    if value.contains('$') {
        return None;
    }
    let mut parts = value.split('/');
    let first = parts.next()?;
    let is_machine = |m: &&str| MACHINES.contains(m) || OTHER_NAMES.contains(m);
    match parts.next() {
        Some(machine) if SYSTEMS.contains(&first) => Some((first, machine)),
        Some(_) => None,
        None if SYSTEMS.contains(&first) => Some((first, first)),
        None => Some(first).filter(is_machine).map(|machine| (machine, machine)),
    }
}
