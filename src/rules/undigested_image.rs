//! LW408: an image without a digest.

use super::{Context, Findings, meta};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{Base, ImageRef};
use crate::source::Span;
use crate::syntax::Keyword;

pub(super) fn check(cx: &Context<'_, '_>, out: &mut Findings) {
    for stage in &cx.model.stages {
        if let (Base::Image(_), Some(word)) = (&stage.base, cx.file.instructions[stage.from].words().first()) {
            image(cx, out, &word.text, word.span);
        }
        let copies = cx.model.steps(stage).iter().filter(|s| s.keyword == Keyword::Copy);
        for flag in copies.filter_map(|s| s.flag("from")) {
            let name = flag.value().unwrap_or_default();
            let is_number = name.bytes().all(|b| b.is_ascii_digit());
            if !is_number && cx.model.find(name, stage.index).is_none() {
                image(cx, out, name, flag.value_span);
            }
        }
    }
}

fn image(cx: &Context<'_, '_>, out: &mut Findings, name: &str, span: Span) {
    // A variable is there to be given a value, which may have one.
    if name.contains('$') || ImageRef::parse(name).digest.is_some() {
        return;
    }
    let finding = out
        .report(&meta::UNDIGESTED_IMAGE, span, format!("the image {} is named without a digest", cx.plain(name)))
        .note("its registry can give another image under the same name: a rebuild of the same commit is not the same then")
        .help("add the digest that `docker buildx imagetools inspect` shows, and let a bot such as Renovate or Dependabot update it");
    if span.of(cx.file.text) == name {
        let edit = Edit::insert(span.end, "@sha256:DIGEST");
        finding.fix(Fix::new("add the digest you want", Applicability::Display, vec![edit]));
    }
}
