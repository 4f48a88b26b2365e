//! DL3002 and DL3066: the user that an image runs as.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{Base, Stage, visit_steps};
use crate::syntax::{Keyword, Word};

pub(super) fn root(cx: &Context<'_, '_>, out: &mut Findings) {
    for user in final_users(cx).iter().filter(|user| user.is_root()) {
        out.report(&meta::ROOT_USER, user.word.span, "what runs in the image is root")
            .note("who breaks into it owns every file there, and more of the host than any other user would")
            .help("put a USER below this line, behind the steps that need root");
    }
}

pub(super) fn named(cx: &Context<'_, '_>, out: &mut Findings) {
    for user in final_users(cx) {
        let name = user.name.as_str();
        let is_number = name.starts_with(|c: char| c.is_ascii_digit()) && name.bytes().all(|b| b.is_ascii_digit());
        if name.is_empty() || is_number || user.is_root() || user.windows {
            continue;
        }
        let message = format!("only the image knows which user {} is", cx.plain(name));
        let finding = out
            .report(&meta::NAMED_USER, user.word.span, message)
            .note("Kubernetes can't tell that it is not root, and refuses it under `runAsNonRoot`");
        match number_of(cx, user.stage, name) {
            Some(number) => {
                let rest = user.word.text.trim_matches(['"', '\'']).split_once(':').map(|(_, group)| group);
                let written = rest.map_or_else(|| number.clone(), |group| format!("{number}:{group}"));
                let finding = finding.help(format!("write its number: `USER {written}`"));
                if !user.word.text.contains('$') {
                    let edit = Edit::replace(user.word.span, written);
                    finding.fix(Fix::new("write the number", Applicability::Unsafe, vec![edit]));
                }
            }
            None => {
                finding.help("write the number of the user: `USER 1000`");
            }
        }
    }
}

/// The USER in force at the end of an image that the file makes.
struct FinalUser<'c, 'a> {
    /// The stage that it stands in.
    stage: &'c Stage,
    word: &'c Word<'a>,
    /// Its value without the group; empty if only a build argument could tell.
    name: String,
    windows: bool,
}

impl FinalUser<'_, '_> {
    fn is_root(&self) -> bool {
        self.name == "root" || (!self.name.is_empty() && self.name.bytes().all(|b| b == b'0'))
    }
}

/// Stages that nothing else in the file uses are images; what the others run as ends with the build.
fn final_users<'c, 'a>(cx: &Context<'c, 'a>) -> Vec<FinalUser<'c, 'a>> {
    if !cx.file.instructions.iter().any(|i| i.keyword == Keyword::User) {
        return Vec::new();
    }
    // The last USER of each stage, with its value without the group.
    let mut last: Vec<Option<(&'c Word<'a>, String)>> = vec![None; cx.model.stages.len()];
    visit_steps(cx.model, |stage, step, variables| {
        if step.keyword == Keyword::User
            && let Some(word) = step.single()
        {
            let value = variables.expand(&word.text, cx.file.escape).known().unwrap_or_default();
            last[stage.index] = Some((word, value.split(':').next().unwrap_or_default().to_owned()));
        }
    });
    let mut users: Vec<FinalUser<'c, 'a>> = Vec::new();
    for stage in cx.model.targets() {
        let mut owner = stage;
        let found = loop {
            match (&last[owner.index], &owner.base) {
                (Some(found), _) => break Some(found),
                (None, Base::Stage(base)) => owner = &cx.model.stages[*base],
                (None, _) => break None,
            }
        };
        let Some((word, name)) = found else { continue };
        // Several images may have it from one stage.
        if users.iter().any(|u| u.word.span == word.span) {
            continue;
        }
        let windows = cx.file.escape != '\\'
            || cx.model.image(stage.index).is_some_and(|i| i.contains("windows") || i.contains("nanoserver"));
        users.push(FinalUser { stage: owner, word, name: name.clone(), windows });
    }
    users
}

/// The flags of `useradd` and of both kinds of `adduser` that take the next word: it may be a group of that
/// name, and is no user.
///
/// Source: useradd(8), adduser(8), the help of BusyBox.
const WITH_VALUE: [&str; 27] = [
    "-b",
    "-c",
    "-d",
    "-e",
    "-f",
    "-g",
    "-G",
    "-h",
    "-k",
    "-K",
    "-p",
    "-R",
    "-s",
    "-u",
    "--base-dir",
    "--comment",
    "--expiredate",
    "--gecos",
    "--gid",
    "--groups",
    "--home",
    "--home-dir",
    "--ingroup",
    "--password",
    "--root",
    "--shell",
    "--uid",
];

/// The number that a command of the stages above gives to the user `name`.
fn number_of(cx: &Context<'_, '_>, stage: &Stage, name: &str) -> Option<String> {
    let mut stages = vec![stage.index];
    let mut base = &stage.base;
    while let Base::Stage(index) = base {
        stages.push(*index);
        base = &cx.model.stages[*index].base;
    }
    let runs = cx.runs().iter().filter(|r| !r.trigger && stages.contains(&r.stage) && r.mentions(name));
    let calls = runs.flat_map(|run| run.calls()).filter(|c| matches!(c.name.as_ref(), "useradd" | "adduser"));
    let numbers: Vec<String> = calls
        .filter(|call| call.operands(&WITH_VALUE).next().is_some_and(|first| first.text == name))
        .filter_map(|call| {
            let flag = call.arguments.iter().position(|a| matches!(a.text.as_ref(), "-u" | "--uid"));
            let next = flag.and_then(|at| call.arguments.get(at + 1)).map(|a| a.text.as_ref());
            let number = next.or_else(|| call.joined_value(&["--uid"]))?;
            (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| number.to_owned())
        })
        .collect();
    match &numbers[..] {
        [number] => Some(number.clone()),
        _ => None,
    }
}
