//! How a file is laid out: directives, comments, blank lines, continued lines and line ends.

use super::Writer;
use super::words::{COMMENTS, ODD, Words};

const DIRECTIVES: Words = (
    &["# syntax=docker/dockerfile:1", "# check=skip=JSONArgsRecommended;error=true", "# escape=`"],
    &["#check=skip=all", "# SYNTAX = docker/dockerfile:1.4", "# unknown=x", "// syntax=x", "# escape=x"],
);

impl Writer<'_> {
    /// What stands above the instructions.
    pub(super) fn top(&mut self) {
        if self.once_in(16) {
            self.put("\u{feff}");
        }
        if self.once_in(6) {
            self.newline = "\r\n";
        }
        while self.once_in(5) {
            let directive = self.mixed(DIRECTIVES);
            self.put(directive);
            self.line();
            if directive == "# escape=`" {
                self.escape = '`';
            }
        }
    }

    /// What stands between two instructions.
    pub(super) fn between(&mut self) {
        while self.once_in(4) {
            match self.pick(&[0, 1, 2]) {
                0 => self.line(),
                1 => {
                    self.one(&["", "  ", "\t"]);
                    self.one(&COMMENTS);
                    self.line();
                }
                _ => {
                    self.put("   ");
                    self.line();
                }
            }
        }
        if self.once_in(12) {
            self.one(&[" ", "\t", "    "]);
        }
    }

    /// What stands at the end.
    pub(super) fn end(&mut self) {
        if self.oddly(8) {
            let escape = self.escape;
            self.out.push(escape);
        }
        if self.once_in(6) {
            let kept = self.out.trim_end_matches(['\n', '\r']).len();
            self.out.truncate(kept);
        }
    }

    pub(super) fn line(&mut self) {
        let newline = if self.oddly(40) { "\n" } else { self.newline };
        self.put(newline);
    }

    /// The blank between two words: now and then a line break, comment lines and something odd.
    pub(super) fn gap(&mut self) {
        self.put(" ");
        if self.oddly(40) {
            self.one(&ODD);
        }
        if !self.once_in(6) {
            return;
        }
        self.fold();
        if self.once_in(5) {
            self.one(&["", "  "]);
            self.one(&COMMENTS);
            self.line();
        }
        if self.oddly(10) {
            self.line();
        }
        self.one(&["    ", "", "\t", " "]);
    }

    /// The end of a line that goes on.
    pub(super) fn fold(&mut self) {
        let escape = if self.oddly(30) { '`' } else { self.escape };
        self.out.push(escape);
        if self.oddly(12) {
            self.put("  ");
        }
        self.line();
    }

    /// `word`, or one with something odd or a line break within.
    pub(super) fn word(&mut self, word: &str) {
        if !self.oddly(40) || word.is_empty() {
            return self.put(word);
        }
        let at = word.char_indices().nth(word.chars().count() / 2).map_or(0, |(at, _)| at);
        let (head, tail) = word.split_at(at);
        self.put(head);
        if self.once_in(2) {
            self.fold()
        } else {
            self.one(&ODD)
        }
        self.put(tail);
    }
}
