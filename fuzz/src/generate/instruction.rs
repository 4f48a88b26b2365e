//! Instructions.

use super::Writer;
use super::words::{ADDRESSES, COPY_FLAGS, IMAGES, PATHS, RUN_FLAGS, STAGES, VALUES, VARIABLES, Words};

/// Those that matter for order come more often.
const KEYWORDS: Words = (
    &[
        "RUN",
        "COPY",
        "ENV",
        "RUN",
        "COPY",
        "RUN",
        "WORKDIR",
        "ARG",
        "LABEL",
        "FROM",
        "USER",
        "EXPOSE",
        "CMD",
        "ENTRYPOINT",
        "ADD",
        "SHELL",
        "VOLUME",
        "HEALTHCHECK",
        "STOPSIGNAL",
        "ONBUILD",
        "MAINTAINER",
        "run",
        "Copy",
    ],
    &["RUNN", "ONBUILD", "FROM", "HEALTHCHECK", "é"],
);

impl Writer<'_> {
    /// One instruction with its line end and heredocs. The first is most often FROM.
    pub(super) fn instruction(&mut self, first: bool) {
        let keyword = if first && !self.oddly(6) { "FROM" } else { self.mixed(KEYWORDS) };
        self.bare(keyword);
        self.line();
        for lines in std::mem::take(&mut self.heredocs) {
            self.put(&lines);
        }
    }

    fn bare(&mut self, keyword: &str) {
        self.word(keyword);
        if self.oddly(50) {
            return;
        }
        self.gap();
        match keyword.to_ascii_uppercase().as_str() {
            "FROM" => self.from(),
            "RUN" => {
                self.flags(RUN_FLAGS);
                if self.once_in(12) { self.exec() } else { self.script() }
            }
            "COPY" => {
                self.flags(COPY_FLAGS);
                self.copy();
            }
            "ADD" => {
                if self.once_in(2) {
                    self.one(&ADDRESSES);
                    self.gap();
                }
                self.copy();
            }
            "ENV" | "LABEL" => self.pairs(),
            "ARG" => self.argument(),
            "WORKDIR" | "VOLUME" => self.path(),
            "USER" => self.mixed_word((&["app", "1000", "root", "app:app", "$A"], &["a b", "", "${", ":"])),
            "EXPOSE" => self.mixed_word((&["80", "80/tcp 443", "8000-8010/udp", "22"], &["$A", "70000", "80/xyz"])),
            "STOPSIGNAL" => self.mixed_word((&["SIGTERM", "9"], &["$A", "x"])),
            "SHELL" => self.mixed_word((
                &["[\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]", "[\"/bin/sh\", \"-c\"]"],
                &["[\"powershell\", \"-command\"]", "[]", "bash -c"],
            )),
            "HEALTHCHECK" => self.healthcheck(),
            "ONBUILD" => {
                let inner =
                    if self.oddly(4) { self.mixed(KEYWORDS) } else { self.pick(&["RUN", "COPY", "ENV", "ARG"]) };
                self.bare(inner);
            }
            _ => {
                if self.once_in(3) {
                    self.script();
                } else {
                    self.exec();
                }
            }
        }
    }

    fn from(&mut self) {
        if self.once_in(8) {
            self.mixed_word((&["--platform=linux/amd64", "--platform=$BUILDPLATFORM"], &["--platform=", "--platform"]));
            self.put(" ");
        }
        if self.once_in(3) {
            self.mixed_word(STAGES);
        } else {
            self.mixed_word(IMAGES);
        }
        if self.once_in(2) {
            self.gap();
            self.one(&["AS", "as", "As"]);
            self.gap();
            self.mixed_word(STAGES);
        }
    }

    pub(super) fn mixed_word(&mut self, words: Words) {
        let word = self.mixed(words);
        self.word(word);
    }

    fn flags(&mut self, flags: Words) {
        while self.once_in(3) {
            self.mixed_word(flags);
            self.gap();
        }
    }

    fn copy(&mut self) {
        if self.once_in(16) {
            return self.exec();
        }
        if self.once_in(10) {
            self.heredoc();
            self.gap();
        }
        for _ in 0..self.some(3) {
            self.path();
            self.gap();
        }
        self.path();
    }

    pub(super) fn path(&mut self) {
        self.mixed_word(PATHS);
    }

    pub(super) fn variable(&mut self) {
        let name = self.pick(&VARIABLES);
        self.word(name);
    }

    pub(super) fn value(&mut self) {
        self.mixed_word(VALUES);
    }

    fn argument(&mut self) {
        for at in 0..self.some(2) {
            if at > 0 {
                self.gap();
            }
            self.variable();
            if self.once_in(2) {
                self.put("=");
                self.value();
            }
        }
    }

    fn pairs(&mut self) {
        if self.once_in(10) {
            self.variable();
            self.gap();
            return self.value();
        }
        for at in 0..self.some(4) {
            if at > 0 {
                self.gap();
            }
            if self.once_in(8) {
                self.one(&["org.opencontainers.image.revision", "\"a b\"", "maintainer", "a.b"]);
            } else {
                self.variable();
            }
            self.put("=");
            self.value();
        }
    }

    fn healthcheck(&mut self) {
        if self.once_in(4) {
            return self.mixed_word((&["NONE", "none"], &["none x", "RUN x"]));
        }
        if self.once_in(3) {
            self.mixed_word((
                &["--interval=30s", "--start-period=1h1m1s", "--retries=2"],
                &["--timeout=x", "--retries=-1", "--interval"],
            ));
            self.put(" ");
        }
        self.one(&["CMD", "cmd"]);
        self.gap();
        if self.once_in(2) { self.exec() } else { self.script() }
    }

    /// A JSON array, or what comes near to one.
    fn exec(&mut self) {
        self.put("[");
        for at in 0..self.some(3) {
            if at > 0 {
                self.put(",");
                self.gap();
            }
            self.put("\"");
            self.mixed_word((
                &["/app/run", "sh", "-c", "a b && c", "$A", "\\u00e9", "\\\"", "sudo", "."],
                &["é", "\\x", ""],
            ));
            self.put("\"");
        }
        self.mixed_word((&["]"], &["] ", "", ",]", "] x"]));
    }
}
