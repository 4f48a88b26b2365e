//! The tree of a Dockerfile.

use layerwise::source::Span;
use layerwise::syntax;

/// The leaves of the tree stand side by side, and all spans of the tree are places in the text.
pub fn assert_lossless(text: &str) {
    let file = syntax::parse(text);
    let mut at = 0;
    for token in syntax::tokens(&file) {
        assert_eq!(token.span.start, at, "a gap or an overlap in {text:?}");
        assert!(token.span.end > token.span.start);
        at = token.span.end;
    }
    assert_eq!(at as usize, text.len(), "the end is missing in {text:?}");
    let check = |span: Span| assert!(text.get(span.range()).is_some(), "{span:?} is no place in {text:?}");
    for i in &file.instructions {
        check(i.span);
        check(i.lines);
        assert!(i.lines.contains(i.span), "{text:?}");
        let words = i.words().iter().map(|w| w.span);
        let pairs = i.pairs().iter().flat_map(|p| [p.span, p.key.span, p.value.span]);
        let flags = i.flags.iter().flat_map(|f| [f.span, f.value_span]);
        words.chain(pairs).chain(flags).for_each(check);
    }
    file.errors.iter().for_each(|e| check(e.span));
}
