//! Which shell reads a script, as far as ShellCheck knows it.

use crate::model::{ImageRef, program_name};

/// A shell that ShellCheck knows, with what it is started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    shell: Shell,
    /// Whether it stops at the first command that fails.
    errexit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shell {
    /// Whatever `/bin/sh` is: what POSIX says.
    Sh,
    Bash,
    Dash,
    Ksh,
    /// The one of Alpine. Versions of ShellCheck that don't know it take it for dash.
    BusyBox,
}

impl Dialect {
    /// The shell that `words`, those of a SHELL or of a `#!` line, start.
    pub(super) fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Option<Self> {
        let mut words = words.into_iter().peekable();
        let mut name = program_name(words.next()?);
        if name == "env" {
            name = program_name(words.find(|word| !word.starts_with('-') && !word.contains('='))?);
        }
        let shell = match name.to_ascii_lowercase().as_str() {
            "busybox" if matches!(words.next(), Some("sh" | "ash")) => Shell::BusyBox,
            "ash" => Shell::BusyBox,
            "sh" => Shell::Sh,
            "bash" => Shell::Bash,
            "dash" => Shell::Dash,
            "ksh" | "ksh93" => Shell::Ksh,
            _ => return None,
        };
        let mut errexit = false;
        while let Some(word) = words.next() {
            let letters = word.strip_prefix('-').filter(|w| w.bytes().all(|b| b.is_ascii_alphabetic()));
            let takes_name = letters.is_some_and(|l| l.contains('o'));
            errexit |= letters.is_some_and(|l| l.contains('e'));
            errexit |= takes_name && words.peek() == Some(&"errexit");
        }
        Some(Self { shell, errexit })
    }

    /// The shell of a RUN where no SHELL says otherwise; none in an image for Windows.
    pub(super) fn of_image(image: Option<&str>, windows: bool) -> Option<Self> {
        let image = ImageRef::parse(image.unwrap_or_default());
        let is_of_windows =
            image.name.contains("/windows/") || image.tag.is_some_and(|t| t.contains("windowsservercore"));
        let has_busybox = matches!(image.name.rsplit('/').next(), Some("alpine" | "busybox"))
            || image.tag.is_some_and(|t| t.contains("alpine") || t.contains("busybox"));
        let shell = if has_busybox { Shell::BusyBox } else { Shell::Sh };
        (!windows && !is_of_windows).then_some(Self { shell, errexit: false })
    }

    /// The same, but for what the image tells of plain `sh`.
    pub(super) fn or_image(self, image: Option<&str>) -> Self {
        match (self.shell, Self::of_image(image, false)) {
            (Shell::Sh, Some(of_image)) => Self { shell: of_image.shell, ..self },
            _ => self,
        }
    }

    /// The first line of a script for it, by which ShellCheck knows it. All versions read these.
    pub(super) fn shebang(self) -> String {
        let program = match self.shell {
            Shell::Sh => "/bin/sh",
            Shell::Bash => "/bin/bash",
            Shell::Dash => "/bin/dash",
            Shell::Ksh => "/bin/ksh",
            Shell::BusyBox => "/bin/busybox sh",
        };
        format!("#!{program}{}\n", if self.errexit { " -e" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shebang(words: &str) -> Option<String> {
        Dialect::of_words(words.split(' ')).map(|d| d.shebang().trim_end().to_owned())
    }

    #[test]
    fn shells_by_their_words() {
        for (words, expected) in [
            ("/bin/sh -c", "#!/bin/sh"),
            ("/bin/sh -ex -c", "#!/bin/sh -e"),
            ("/bin/bash -o pipefail -c", "#!/bin/bash"),
            ("bash -euo pipefail -c", "#!/bin/bash -e"),
            ("bash -o errexit -c", "#!/bin/bash -e"),
            ("C:\\tools\\bash.exe -lc", "#!/bin/bash"),
            ("/usr/bin/env -S bash -e", "#!/bin/bash -e"),
            ("/bin/ash -c", "#!/bin/busybox sh"),
            ("/bin/busybox sh -c", "#!/bin/busybox sh"),
            ("ksh -c", "#!/bin/ksh"),
        ] {
            assert_eq!(shebang(words).as_deref(), Some(expected), "{words}");
        }
        for other in ["powershell -Command", "pwsh", "cmd /S /C", "/usr/bin/env python3", "zsh -c", "busybox ls", ""] {
            assert_eq!(shebang(other), None, "{other}");
        }
    }

    #[test]
    fn the_shell_of_an_image() {
        let of = |image: &str| Dialect::of_image(Some(image), false).map(|d| d.shell);
        assert_eq!(of("debian:12"), Some(Shell::Sh));
        assert_eq!(of("docker.io/library/alpine"), Some(Shell::BusyBox));
        assert_eq!(of("python:3.12-alpine3.20"), Some(Shell::BusyBox));
        assert_eq!(of("mcr.microsoft.com/windows/servercore:ltsc2022"), None);
        assert_eq!(of("golang:1.22-windowsservercore"), None);
        assert_eq!(Dialect::of_image(None, true), None);
    }
}
