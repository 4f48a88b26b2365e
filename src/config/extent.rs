//! How far a YAML node reaches, given where it starts: the YAML reader tells only the start.

/// The length of the node that `text` starts with; `scalar` is its value if it is one.
pub(super) fn extent(text: &str, scalar: Option<&str>) -> usize {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    match (line.bytes().next(), scalar) {
        (None, _) => 0,
        (Some(quote @ (b'"' | b'\'')), Some(_)) => quoted(line, quote),
        (_, Some(value)) if !value.is_empty() && line.starts_with(value) => value.len(),
        (_, Some(_)) => plain(line),
        // A list or a mapping: its first line is enough to point at.
        (_, None) => line.find(" #").map_or(line, |at| &line[..at]).trim_end().len(),
    }
}

fn quoted(line: &str, quote: u8) -> usize {
    let bytes = line.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 2,
            // A doubled single quote stands for one.
            b if b == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            b if b == quote => return at + 1,
            _ => at += 1,
        }
    }
    line.len()
}

fn plain(line: &str) -> usize {
    line.find([' ', '\t', ',', ']', '}']).unwrap_or(line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_end_where_they_are_closed() {
        for (text, value, want) in [
            ("\"a\\\"b\", c", "a\"b", "\"a\\\"b\""),
            ("'it''s' # x", "it's", "'it''s'"),
            ("'open", "open", "'open"),
            ("one two: x", "one two", "one two"),
            ("3, 4]", "", "3"),
            ("~}", "", "~"),
            ("", "", ""),
            ("\nnext", "", ""),
        ] {
            assert_eq!(&text[..extent(text, Some(value))], want);
        }
    }

    #[test]
    fn collections_show_their_first_line() {
        assert_eq!(extent("- a # why\n- b\n", None), 3);
        assert_eq!(extent("{a: 1,\n b: 2}", None), 6);
    }
}
