//! Commands that were meant as a JSON array.

/// Whether a command starts like an array: `[` is also a command of the shell, which has a blank behind it.
pub(super) fn is_meant_as_array(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('[') else { return false };
    let has_end = || rest.split_whitespace().any(|word| word.trim_end_matches(';') == "]");
    let is_list = ["\",", "',", "”,", "’,"].iter().any(|mark| rest.contains(mark));
    let is_test = rest.starts_with([' ', '\t']) && has_end() && !is_list;
    let is_quoted = rest.trim_start().starts_with(['"', '\'', '“', '”', '‘', '’']);
    !is_test && (is_quoted || rest.trim_end().ends_with(']'))
}

/// What is wrong with an array that JSON does not read.
pub(super) fn mistake(text: &str) -> String {
    let Err(error) = serde_json::from_str::<Vec<String>>(text) else { return String::new() };
    let inner = text.trim_start_matches(['[', ' ', '\t']);
    if inner.starts_with(['\'', '‘', '’']) {
        return "write double quotes: JSON knows no others".to_owned();
    }
    if text.contains(['“', '”']) {
        return "write plain double quotes (`\"`): JSON knows no others".to_owned();
    }
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let end = line.char_indices().map(|(at, c)| at + c.len_utf8()).find(|&end| end >= error.column());
    let read = &line[..end.unwrap_or(line.len())];
    let from = read.char_indices().rev().nth(19).map_or(0, |(at, _)| at);
    if error.is_eof() {
        return "a `\"` or the `]` at the end is missing".to_owned();
    }
    format!("JSON reads it up to `{}` and no further: mend it there", &read[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_of_the_shell_is_no_array() {
        for text in
            ["[ -f x ] && run", "[ \"$a\" = b ] || exit", "[ \"a\" = \"b\" ]; run", "[[ -f x ]] && run", "run [\"a\"]"]
        {
            assert!(!is_meant_as_array(text), "{text}");
        }
        for text in ["[\"a]", "['a']", "[ 'a','b' ]", "[“a”]", "[\"a\"] # x", "[a, b]", "[$A, \"b\"]", "[]\"]"] {
            assert!(is_meant_as_array(text), "{text}");
        }
    }

    #[test]
    fn the_mistake_is_named() {
        for (text, part) in [
            ("['a']", "double quotes"),
            ("[\"a”, \"b\"]", "plain double quotes"),
            ("[\"a\", \"b]", "is missing"),
            ("[\"a\"", "is missing"),
            ("[\"a\"] # x", "`[\"a\"] #`"),
            ("[\"é\", x]", "`[\"é\", x`"),
            ("[\"a\", 1]", "`[\"a\", 1`"),
            ("[\n\"a\"\nb]", "`b`"),
        ] {
            assert!(mistake(text).contains(part), "{text}: {}", mistake(text));
        }
    }
}
