//! Looking ahead without building anything: the other end of brackets, lines and quotes.

use super::cursor::Cursor;

impl Cursor<'_> {
    /// The first byte at or after `from`, outside quotes and substitutions, that `stop` accepts; the end if there
    /// is none. With `parens`, what stands in plain parentheses is skipped too.
    pub(super) fn find_outside(&self, from: usize, parens: bool, stop: impl Fn(u8) -> bool) -> usize {
        let bytes = &self.text.as_bytes()[..self.end];
        let mut open: Vec<u8> = Vec::new();
        let mut at = from;
        let mut word_starts = true;
        while at < bytes.len() {
            let byte = bytes[at];
            let inside = open.last().copied().unwrap_or(0);
            if inside == 0 && stop(byte) {
                return at;
            }
            let was_start = std::mem::replace(&mut word_starts, matches!(byte, b' ' | b'\t' | b'\n' | b';' | b'('));
            match byte {
                b'\\' => at += 1,
                _ if byte == inside => {
                    open.pop();
                }
                b'\'' if inside != b'"' => {
                    at = bytes[at + 1..].iter().position(|&b| b == b'\'').map_or(bytes.len(), |n| at + 1 + n);
                }
                b'#' if was_start && inside != b'"' => {
                    at = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| at + n);
                    continue;
                }
                b'"' | b'`' => open.push(byte),
                b'$' if bytes.get(at + 1) == Some(&b'(') => {
                    open.push(b')');
                    at += 1;
                }
                b'$' if bytes.get(at + 1) == Some(&b'{') => {
                    open.push(b'}');
                    at += 1;
                }
                b'(' if inside == b')' || (inside == 0 && parens) => open.push(b')'),
                _ => {}
            }
            at += 1;
        }
        bytes.len()
    }

    /// Where the expression ends whose `((` stands before `from`: at its `))`, unless one of the two parentheses
    /// closes earlier, which makes it a list in a subshell.
    pub(super) fn arithmetic_end(&self, from: usize) -> Option<usize> {
        let mut from = from;
        let mut open = 0u32;
        loop {
            let at = self.find_paren(from)?;
            match self.byte(at) {
                b'(' => open += 1,
                _ if open > 0 => open -= 1,
                _ => return (self.byte(at + 1) == b')').then_some(at),
            }
            from = at + 1;
        }
    }

    /// The next parenthesis that is neither escaped nor quoted.
    fn find_paren(&self, from: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[..self.end];
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                b'(' | b')' => return Some(at),
                b'\\' => at += 1,
                quote @ (b'\'' | b'"') => {
                    if let Some(length) = bytes[at + 1..].iter().position(|&b| b == quote) {
                        at += length + 1;
                    } else {
                        return None;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// The backquote that closes the one before `from`; quotes don't hide it.
    pub(super) fn backquote_end(&self, from: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[..self.end];
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                b'`' => return Some(at),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        None
    }
}
