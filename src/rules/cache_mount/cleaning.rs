//! Taking out of a script what would empty the cache.

use super::managers::{Manager, within};
use super::{Run, words};
use crate::diagnostic::Edit;
use crate::rules::script::Script;
use crate::source::Span;
use crate::syntax::shell::{AndOr, AndOrKind, Command, CommandKind, Pipeline, Script as Tree, Word};

/// The edits that take out of `script` all that empties the cache of `manager`. None if one of them
/// stands where it can't be taken out.
pub(super) fn removals(run: &Run<'_, '_, '_>, script: &Script<'_>, manager: &Manager) -> Option<Vec<Edit>> {
    let mut spans = Vec::new();
    let mut all = 0;
    script.tree.walk(|_, simple, _| {
        all +=
            usize::from(!matches!(emptying(script, manager, &simple.words, &words(script, simple)), Empties::Nothing));
    });
    let mut taken = 0;
    let lists = &script.tree.lists;
    for (at, list) in lists.iter().enumerate() {
        for (place, pipeline) in pipelines(list).enumerate() {
            let [Command { kind: CommandKind::Simple(simple), redirects, .. }] = &pipeline.commands[..] else {
                continue;
            };
            match emptying(script, manager, &simple.words, &words(script, simple)) {
                Empties::Nothing => continue,
                Empties::Words(of_words) => {
                    spans.extend(of_words.iter().map(|&w| word(script, &simple.words, w)));
                }
                Empties::Alone if redirects.is_empty() => spans.push(whole(script, script.tree, at, place)?),
                Empties::Alone => return None,
            }
            taken += 1;
        }
    }
    // One is in a branch, in a loop or in a substitution.
    if taken < all {
        return None;
    }
    for list in script.certain().into_iter().flat_map(|p| &p.commands) {
        let CommandKind::Simple(simple) = &list.kind else { continue };
        if manager.fetches(&words(script, simple)) {
            let without = |w: &Word| manager.without.contains(&w.span.of(script.text));
            let flags = (1..simple.words.len()).filter(|&w| without(&simple.words[w]));
            spans.extend(flags.map(|w| word(script, &simple.words, w)));
        }
    }
    spans.sort();
    let apart = spans.windows(2).all(|pair| pair[0].end <= pair[1].start);
    let comments = script.tree.comments.iter().map(|&c| script.source(c));
    let comments: Vec<Span> = comments.chain(run.step.inner.iter().map(|t| t.span)).collect();
    let kept = !spans.iter().any(|s| comments.iter().any(|c| s.overlaps(*c)));
    (apart && kept).then(|| spans.into_iter().map(Edit::delete).collect())
}

fn pipelines(list: &AndOr) -> impl Iterator<Item = &Pipeline> {
    std::iter::once(&list.first).chain(list.rest.iter().map(|(_, p)| p))
}

/// A word and the blanks in front of it.
fn word(script: &Script<'_>, words: &[Word], at: usize) -> Span {
    Span::new(script.source(words[at - 1].span).end, script.source(words[at].span).end)
}

/// The pipeline `place` of the list `at`, with one operator that joins it to the others. None if the
/// rest would mean something else without it.
fn whole(script: &Script<'_>, tree: &Tree, at: usize, place: usize) -> Option<Span> {
    let list = &tree.lists[at];
    let source = |span: Span| script.source(span);
    let own = source(pipelines(list).nth(place)?.span);
    let operators: Vec<AndOrKind> = list.rest.iter().map(|(op, _)| op.kind).collect();
    let or = |i: usize| operators.get(i) == Some(&AndOrKind::Or);
    if list.background || or(place) || (place > 0 && or(place - 1)) {
        return None;
    }
    if place > 0 {
        let before = source(pipelines(list).nth(place - 1)?.span);
        return Some(Span::new(before.end, own.end));
    }
    if let Some((_, next)) = list.rest.first() {
        return Some(Span::new(own.start, source(next.span).start));
    }
    match (at.checked_sub(1).map(|i| &tree.lists[i]), tree.lists.get(at + 1)) {
        (Some(before), _) if !before.background => Some(Span::new(source(before.span).end, own.end)),
        (None, Some(next)) => Some(Span::new(own.start, source(next.span).start)),
        _ => None,
    }
}

enum Empties {
    Nothing,
    /// These words of a command that does more.
    Words(Vec<usize>),
    /// The whole command.
    Alone,
}

/// What of a command empties the cache.
fn emptying(script: &Script<'_>, manager: &Manager, raw: &[Word], words: &[String]) -> Empties {
    let Some(name) = words.first() else { return Empties::Nothing };
    if *name == manager.name || (manager.name == "apt-get" && name == "apt") {
        let mut operands = words[1..].iter().filter(|w| !w.starts_with('-')).map(String::as_str);
        let clears = match operands.next() {
            Some("clean" | "distclean") => true,
            Some("cache") => matches!(operands.next(), Some("clean" | "purge" | "remove" | "clear")),
            _ => false,
        };
        return if clears { Empties::Alone } else { Empties::Nothing };
    }
    if name != "rm" {
        return Empties::Nothing;
    }
    let operands: Vec<usize> = (1..raw.len()).filter(|&i| !raw[i].span.of(script.text).starts_with('-')).collect();
    let of_cache = |&i: &usize| {
        let path = script.outline(&raw[i]).replace("$HOME", "/root").replace('~', "/root");
        let folder = path.split(['*', '?', '[', '{']).next().unwrap_or(&path).trim_end_matches('/').to_owned();
        // A pattern such as `/var/cache/*` meets all that is in there; without a place it is not known.
        if folder.is_empty() {
            return false;
        }
        manager.targets.iter().any(|t| within(&folder, t) || within(t, &folder))
    };
    let hits: Vec<usize> = operands.iter().copied().filter(|i| of_cache(i)).collect();
    match hits.len() {
        0 => Empties::Nothing,
        n if n == operands.len() => Empties::Alone,
        _ => Empties::Words(hits),
    }
}
