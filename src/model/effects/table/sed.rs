//! What a script for sed does besides changing text.

/// Whether a script for sed neither runs a command nor opens a file (GNU sed 4.9: the commands `r`, `R`, `w`, `W` and
/// `e`, and the flags `w` and `e` of `s`). One that is not understood counts as one that does.
pub(super) fn only_changes_text(script: &str) -> bool {
    let mut reader = Reader { rest: script };
    while !reader.rest.is_empty() {
        if reader.command().is_none() {
            return false;
        }
    }
    true
}

struct Reader<'s> {
    rest: &'s str,
}

impl Reader<'_> {
    /// Reads a command with its addresses. Nothing if it does more than change text, or is not understood.
    fn command(&mut self) -> Option<()> {
        self.skip(|c| c.is_whitespace() || c == ';');
        self.address()?;
        self.skip(char::is_whitespace);
        if self.take(',') {
            self.skip(char::is_whitespace);
            self.skip(|c| matches!(c, '+' | '~'));
            self.address()?;
        }
        self.skip(|c| c.is_whitespace() || c == '!');
        let Some(name) = self.next() else { return Some(()) };
        match name {
            '{' | '}' | '=' | 'd' | 'D' | 'F' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' => Some(()),
            'l' | 'L' | 'q' | 'Q' => {
                self.skip(|c| c == ' ' || c.is_ascii_digit());
                Some(())
            }
            's' => {
                let end = self.next()?;
                self.text(end)?;
                self.text(end)?;
                self.skip(|c| c.is_ascii_digit() || "gpiImM".contains(c));
                (!self.rest.starts_with(['w', 'e'])).then_some(())
            }
            'y' => {
                let end = self.next()?;
                self.text(end)?;
                self.text(end)
            }
            // A text goes on to the end of the line, and one with a backslash at its end further.
            'a' | 'i' | 'c' | '#' => {
                let mut is_escaped = false;
                while let Some(c) = self.next() {
                    if c == '\n' && !(is_escaped && name != '#') {
                        break;
                    }
                    is_escaped = c == '\\' && !is_escaped;
                }
                Some(())
            }
            'b' | 't' | 'T' | ':' => {
                self.skip(|c| c != '\n' && c != ';' && c != '}');
                Some(())
            }
            _ => None,
        }
    }

    /// Reads an address, if there is one.
    fn address(&mut self) -> Option<()> {
        if self.take('/') {
            self.text('/')?;
        } else if self.take('\\') {
            let end = self.next()?;
            self.text(end)?;
        } else {
            self.skip(|c| c.is_ascii_digit() || matches!(c, '$' | '~'));
            return Some(());
        }
        self.skip(|c| matches!(c, 'I' | 'M'));
        Some(())
    }

    /// Reads up to `end` and past it.
    fn text(&mut self, end: char) -> Option<()> {
        loop {
            match self.next()? {
                '\\' => drop(self.next()?),
                c if c == end => return Some(()),
                _ => {}
            }
        }
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(is_skipped);
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_only_change_text() {
        for script in [
            "",
            "s/a/b/",
            "s/a/b/g",
            "s|/usr/lib|/opt|g; s,x\\,y,root,2pI",
            "/^#/d",
            "$ a include x",
            "$aread w r e",
            "s/^#\\(en_US\\)/\\1/",
            "1,3p",
            "1~2!{s/r/w/;y/e/r/}",
            "/a/,+2d;\\,x,Id",
            "/x/i\\\nwrite\\\nread\np",
            ":a;N;$!ba;s/\\n/ /g",
            "5q",
            "# r x\n",
            "s/é/ü/",
        ] {
            assert!(only_changes_text(script), "{script}");
        }
    }

    #[test]
    fn scripts_that_do_more() {
        for script in [
            "s/a/b/w out",
            "s/a/b/gw out",
            "s/a/b/wout",
            "s/a/b/e",
            "s/a/b/ge",
            "w out",
            "/x/r /app/f",
            "/x/rbanner",
            "/x/Irbanner",
            "\\,x,rbanner",
            "/x/,/y/rbanner",
            "0,/x/rbanner",
            "/x/{rbanner\n d}",
            "$!rbanner",
            "/x/ecat y",
            "1e",
            "e ls",
            "1rnotes.txt",
            "$rnotes.txt",
            "$!{w/x\n}",
            "p;Rx",
            "s/a/b",
            "s/[é",
            "k",
        ] {
            assert!(!only_changes_text(script), "{script}");
        }
    }
}
