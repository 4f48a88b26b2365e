//! Comments that switch rules off: `# layerwise [global] ignore=A,B # why`, and the same for hadolint.

use crate::source::Span;

/// What such a comment starts with; the first is our own name.
const TOOLS: [&str; 2] = ["layerwise", "hadolint"];

/// Such a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreComment {
    /// The line, with its newline.
    pub line: Span,
    /// Whether it speaks to layerwise, and to no other tool.
    pub own: bool,
    /// Whether it is for the whole file.
    pub global: bool,
    /// Where the codes start: behind the `=`.
    pub list: u32,
    /// Where each code stands, in order.
    pub codes: Vec<Span>,
}

impl IgnoreComment {
    /// Reads the comment on the line `line` of `text`, if it is one.
    pub fn read(text: &str, line: Span) -> Option<Self> {
        let comment = line.of(text).trim().strip_prefix('#')?.trim_start_matches('#').trim_start();
        let (tool, rest) = TOOLS.iter().find_map(|tool| Some((*tool, comment.strip_prefix(tool)?)))?;
        let rest = Some(rest).filter(|rest| rest.starts_with([' ', '\t']))?.trim_start();
        let (global, rest) = match rest.strip_prefix("global") {
            Some(rest) => (true, rest.trim_start()),
            None => (false, rest),
        };
        let list = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
        let offset = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
        let items = list.split('#').next().unwrap_or_default().split(',');
        let codes = items.filter_map(|item| item.split_whitespace().next());
        let place = |code: &str| Span::from(offset(code)..offset(code) + code.len());
        let codes = codes.map(place).collect();
        Some(Self { line, own: tool == TOOLS[0], global, list: offset(list) as u32, codes })
    }

    /// What stands behind the `#` that ends the list, without blanks around it.
    pub fn reason<'t>(&self, text: &'t str) -> Option<&'t str> {
        let rest = &text[self.list as usize..self.line.end as usize];
        rest.split_once('#').map(|(_, reason)| reason.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(bool, bool, Vec<&str>, Option<&str>)> {
        let comment = IgnoreComment::read(line, Span::from(0..line.len()))?;
        let codes = comment.codes.iter().map(|span| span.of(line)).collect();
        Some((comment.own, comment.global, codes, comment.reason(line)))
    }

    #[test]
    fn codes_have_places_and_reasons_are_apart() {
        assert_eq!(
            read("  ## layerwise  ignore = A, B because ,,C # why, D # more\r\n"),
            Some((true, false, vec!["A", "B", "C"], Some("why, D # more")))
        );
        assert_eq!(read("#hadolint\tglobal ignore=DL3006"), Some((false, true, vec!["DL3006"], None)));
        assert_eq!(read("# layerwise ignore="), Some((true, false, vec![], None)));
        for no in ["# layerwise", "# layerwiseignore=A", "# layerwise ignore A", "# ignore=A", "layerwise ignore=A", ""]
        {
            assert_eq!(read(no), None, "{no}");
        }
    }
}
