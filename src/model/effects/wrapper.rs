//! Commands that run another command, which stands in their words.

use super::super::path::AbsolutePath;
use super::argument::Argument;
use super::run::Run;
use crate::source::Span;
use crate::syntax::shell;

/// How deep such commands may nest.
const DEEPEST: usize = 4;

impl Run<'_> {
    /// Reads `program words` as the command in its words; false if it is none of these programs.
    pub(super) fn wrapped(&mut self, program: &str, words: &[Argument<'_>]) -> bool {
        if self.depth >= DEEPEST {
            self.known = false;
            return false;
        }
        let inner = match program {
            "python" | "python3" | "python2" => return self.module(words),
            _ if program.starts_with("python3.") => return self.module(words),
            // Bash first runs the file that BASH_ENV names (bash(1), Invocation), which the base image may set.
            "bash" => {
                if !self.script_word(words) {
                    return false;
                }
                self.known = false;
                return true;
            }
            "sh" | "ash" | "dash" => return self.script_word(words),
            // Variables of their own may lead these elsewhere.
            "env" | "sudo" => {
                let skip = words.iter().take_while(|w| is_flag_of(program, w)).count();
                let assigned = words[skip..].iter().take_while(|w| is_assignment(w)).count();
                for word in &words[skip..skip + assigned] {
                    let (name, value) = word.text.split_once('=').unwrap_or((&word.text, ""));
                    self.sets(name, word.complete.then_some(value));
                }
                self.as_root |= program == "sudo";
                &words[skip + assigned..]
            }
            "command" if !words.first().is_some_and(|w| w.text.starts_with('-')) => words,
            "exec" | "nohup" => words,
            "timeout" => words.get(1..).unwrap_or_default(),
            "xargs" => return self.xargs(words),
            _ => return false,
        };
        if inner.first().is_none_or(|w| w.text.starts_with('-')) {
            return false;
        }
        self.nested(inner);
        true
    }

    fn nested(&mut self, words: &[Argument<'_>]) {
        self.depth += 1;
        self.invocation(words);
        self.depth -= 1;
    }

    /// `python -m pip`: Python looks for modules in the working directory first.
    fn module(&mut self, words: &[Argument<'_>]) -> bool {
        let [flag, module, rest @ ..] = words else { return false };
        if !(flag.complete && flag.text == "-m" && module.complete) {
            return false;
        }
        let name = match module.text.as_ref() {
            "pip" => "pip",
            "venv" => "-m venv",
            "virtualenv" => "-m virtualenv",
            "ensurepip" => "-m ensurepip",
            _ => return false,
        };
        self.path(&Argument::whole("."), false);
        let mut inner = vec![Argument::whole(name)];
        inner.extend(rest.iter().map(|w| Argument { text: w.text.clone(), complete: w.complete }));
        self.nested(&inner);
        true
    }

    /// `xargs command`: some words, of which nothing is known, follow.
    fn xargs(&mut self, words: &[Argument<'_>]) -> bool {
        let mut at = 0;
        while let Some(word) = words.get(at).filter(|w| w.text.starts_with('-')) {
            match word.text.as_ref() {
                "-r" | "-0" | "-t" | "-0r" | "-r0" | "--no-run-if-empty" | "--null" => at += 1,
                "-n" | "-L" | "-P" => at += 2,
                text if ["-n", "-L", "-P"].iter().any(|f| text.starts_with(f)) && word.complete => at += 1,
                _ => return false,
            }
        }
        let Some(inner) = words.get(at..).filter(|w| !w.is_empty()) else { return false };
        let mut inner: Vec<Argument<'_>> =
            inner.iter().map(|w| Argument { text: w.text.clone(), complete: w.complete }).collect();
        inner.push(Argument { text: "".into(), complete: false });
        self.nested(&inner);
        true
    }

    /// `sh -c 'script'`, read as a script in a shell of its own.
    fn script_word(&mut self, words: &[Argument<'_>]) -> bool {
        let options = words.iter().take_while(|w| w.complete && is_shell_flag(&w.text)).count();
        let [options @ .., last] = &words[..options] else { return false };
        if !last.text.ends_with('c') || options.iter().any(|w| w.text.contains('c')) {
            return false;
        }
        let Some(script) = words.get(options.len() + 1).filter(|w| w.complete) else { return false };
        let text = script.text.as_ref();
        let tree = shell::parse(text, Span::new(0, text.len() as u32));
        if !tree.errors.is_empty() {
            return false;
        }
        self.depth += 1;
        self.read_in(text, &tree);
        self.depth -= 1;
        true
    }

    /// Notes that a variable is set for a command of the script.
    pub(super) fn sets(&mut self, name: &str, value: Option<&str>) {
        self.assigned.push(name.to_owned());
        self.moves_installs |= super::settings::is_puzzling(name, value);
        let Some(value) = value else {
            // Where programs and libraries are looked for must be known.
            self.known &= !(name.ends_with("PATH") || name == "LD_PRELOAD");
            return;
        };
        for part in value.split([':', ' ', '=', ',']) {
            let part = super::settings::path_of(part);
            if let Some(path) = AbsolutePath::new(part) {
                self.effects.read_around(super::Resource::Path(path.clone()));
                self.assigned_paths.push(path);
            } else if name == "PATH" || name == "LD_LIBRARY_PATH" {
                // A relative folder, or one whose name is left out, which is the working directory.
                self.known = false;
            } else if !part.is_empty() && super::settings::names_a_place(name) && super::settings::may_be_relative(part)
            {
                self.effects.read_around(super::Resource::Files);
                self.effects.read(super::Resource::WorkingDirectory);
            }
        }
    }
}

fn is_assignment(word: &Argument<'_>) -> bool {
    word.text
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// The flags that change nothing here: `sudo -E -H -n`.
fn is_flag_of(program: &str, word: &Argument<'_>) -> bool {
    program == "sudo" && matches!(word.text.as_ref(), "-E" | "-H" | "-n" | "-EH" | "-HE")
}

/// `-c`, `-e`, `-ex`, `-euxc`: not `-l` and `-i`, with which a shell reads files of the home.
fn is_shell_flag(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|letters| !letters.is_empty() && letters.bytes().all(|b| b"ceux".contains(&b)))
}
