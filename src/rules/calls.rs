//! The commands of a RUN as rules look at them: a name, arguments, and where they stand in the file.

use super::script::{Script, program};
use crate::diagnostic::Edit;
use crate::source::Span;
use crate::syntax::shell::{self, Context};
use crate::syntax::{self};
use std::borrow::Cow;

/// A simple command.
#[derive(Clone, Debug)]
pub(super) struct Call<'c> {
    /// The program, without folders; behind `sudo`, `env` and the like, the one that they start.
    pub name: Cow<'c, str>,
    /// What follows the name.
    pub arguments: Vec<Argument<'c>>,
    /// The program that starts it, such as `sudo`.
    pub via: Option<Cow<'c, str>>,
    /// From its first word to its last, in the file, with what starts it.
    pub span: Span,
    /// Where the name stands.
    pub name_span: Span,
    /// Whether and where it runs in its script.
    pub context: Context,
    /// Whether its words stand in a JSON array, each in quotes.
    pub is_exec: bool,
}

/// A word behind the name of a command.
#[derive(Clone, Debug)]
pub(super) struct Argument<'c> {
    /// Its value, with `$NAME` for each variable and `$()` for each substitution.
    pub text: Cow<'c, str>,
    /// Where it stands in the file, quotes included.
    pub span: Span,
}

impl<'c> Call<'c> {
    /// The command of an exec form.
    pub(super) fn exec(words: &'c [syntax::Word<'_>]) -> Option<Self> {
        let words = words.iter().map(|w| Argument { text: Cow::Borrowed(w.text.as_ref()), span: w.span });
        Some(Self { is_exec: true, ..Self::new(words.collect(), Context::default())? })
    }

    /// Puts the plain word `word` behind the one that ends at `end`.
    pub(super) fn insert(&self, end: u32, word: &str) -> Edit {
        Edit::insert(end, if self.is_exec { format!(", \"{word}\"") } else { format!(" {word}") })
    }

    /// Puts `end` at the end of the name.
    pub(super) fn lengthen(&self, end: &str) -> Edit {
        Edit::insert(self.name_span.end - u32::from(self.is_exec), end)
    }

    fn new(mut words: Vec<Argument<'c>>, context: Context) -> Option<Self> {
        let first = words.first()?;
        let (mut via, start) = (None, first.span.start);
        if let Some(skip) = inner(&words) {
            via = Some(base(first.text.clone()));
            words.drain(..skip);
        }
        let span = Span::new(start, words.last()?.span.end);
        let Argument { text, span: name_span } = words.remove(0);
        Some(Self { name: base(text), arguments: words, via, span, name_span, context, is_exec: false })
    }

    /// Whether one of `flags` is given: `-y` also in `-qy`, `--yes` also as `--yes=true`.
    pub(super) fn has(&self, flags: &[&str]) -> bool {
        self.flags().any(|word| flags.iter().any(|flag| is_flag(word, flag)))
    }

    /// The value of one of `flags` written in the same word, as in `--target=DIR`.
    pub(super) fn joined_value(&self, flags: &[&str]) -> Option<&str> {
        self.flags().find_map(|word| flags.iter().find_map(|flag| word.strip_prefix(flag)?.strip_prefix('=')))
    }

    /// The words in front of a `--` that start with a dash.
    pub(super) fn flags(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|a| a.text.as_ref()).take_while(|t| *t != "--").filter(|t| t.starts_with('-'))
    }

    /// The words that are no flags and no values of `with_value`, flags that take the next word.
    pub(super) fn operands(&self, with_value: &[&str]) -> impl Iterator<Item = &Argument<'c>> {
        let (mut skip, mut rest) = (false, false);
        self.arguments.iter().filter(move |argument| {
            let text = argument.text.as_ref();
            if rest {
                return true;
            }
            if std::mem::take(&mut skip) {
                return false;
            }
            rest = text == "--";
            skip = with_value.contains(&text);
            !text.starts_with('-')
        })
    }

    /// The first word that is no flag: the subcommand of many programs.
    pub(super) fn subcommand(&self, with_value: &[&str]) -> Option<&str> {
        self.operands(with_value).next().map(|a| a.text.as_ref())
    }
}

/// The commands of `script`, at any depth.
pub(super) fn calls_of<'c>(script: &Script<'c>) -> Vec<Call<'c>> {
    let mut calls = Vec::new();
    script.tree.walk(|_, simple, context| {
        let word = |w: &shell::Word| Argument { text: script.outline(w), span: script.source(w.span) };
        calls.extend(Call::new(simple.words.iter().map(word).collect(), context));
    });
    calls
}

fn is_flag(word: &str, flag: &str) -> bool {
    match flag.strip_prefix("--") {
        Some(_) => word.strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')),
        // One letter may stand among others.
        None if flag.len() == 2 => {
            let letters = word[1..].split('=').next().unwrap_or_default();
            !word.starts_with("--") && letters.contains(&flag[1..])
        }
        None => word == flag,
    }
}

/// Where the command starts that a program such as `sudo` runs.
fn inner(words: &[Argument<'_>]) -> Option<usize> {
    // What follows each of these flags is its value.
    let with_value: &[&str] = match program(&words[0].text) {
        "sudo" => &["-u", "-g", "-U", "-C", "-p", "-h", "--user", "--group"],
        "env" => &["-u", "-C", "--unset", "--chdir"],
        "nice" => &["-n"],
        "timeout" => &["-s", "-k"],
        "command" | "exec" | "nohup" | "time" => &[],
        _ => return None,
    };
    let mut at = 1;
    while let Some(word) = words.get(at).map(|w| w.text.as_ref()) {
        let assigned = word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.contains('/'));
        match word {
            _ if with_value.contains(&word) => at += 2,
            _ if word.starts_with('-') || assigned => at += 1,
            _ => break,
        }
    }
    if program(&words[0].text) == "timeout" {
        at += 1;
    }
    (at < words.len()).then_some(at)
}

fn base(word: Cow<'_, str>) -> Cow<'_, str> {
    match word {
        Cow::Borrowed(word) => Cow::Borrowed(program(word)),
        Cow::Owned(word) if word.contains('/') => Cow::Owned(program(&word).to_owned()),
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::scripts;
    use super::*;
    use crate::syntax::parse;

    fn calls(run: &str, then: impl Fn(&[Call<'_>], &str)) {
        let text = format!("FROM a\nRUN {run}\n");
        let file = parse(&text);
        let list: Vec<Call<'_>> = scripts(&file.instructions[1]).iter().flat_map(calls_of).collect();
        then(&list, &text);
    }

    #[test]
    fn commands_stand_where_they_stand() {
        calls("a && \\\n  FOO=1 /usr/bin/b -x \"c d\" $E | f", |list, text| {
            let seen: Vec<&str> = list.iter().map(|c| c.span.of(text)).collect();
            assert_eq!(seen, ["a", "/usr/bin/b -x \"c d\" $E", "f"]);
            assert_eq!(list[1].name, "b");
            let words: Vec<&str> = list[1].arguments.iter().map(|a| a.text.as_ref()).collect();
            assert_eq!(words, ["-x", "c d", "$E"]);
            assert_eq!(list[1].arguments[1].span.of(text), "\"c d\"");
        });
    }

    #[test]
    fn the_program_behind_another_counts() {
        let rows = [
            ("sudo -u root apt-get update", "apt-get", Some("sudo"), "update"),
            ("env A=1 -u B make all", "make", Some("env"), "all"),
            ("exec sleep 1", "sleep", Some("exec"), "1"),
            ("timeout -k 5 10 curl x", "curl", Some("timeout"), "x"),
            ("sudo", "sudo", None, ""),
            ("sudo -l", "sudo", None, "-l"),
        ];
        for (run, name, via, first) in rows {
            calls(run, |list, _| {
                let call = &list[0];
                let seen = (call.name.as_ref(), call.via.as_deref(), call.arguments.first().map_or("", |a| &a.text));
                assert_eq!(seen, (name, via, first), "{run}");
            });
        }
    }

    #[test]
    fn flags_are_found_however_they_are_written() {
        calls("p -qy --yes=1 -t dir --target=x install -- -z", |list, _| {
            let call = &list[0];
            assert!(call.has(&["-y"]) && call.has(&["-q"]) && call.has(&["--yes"]) && call.has(&["--target", "--no"]));
            assert!(!call.has(&["-z"]) && !call.has(&["--ye"]) && !call.has(&["-i"]));
            assert_eq!(call.joined_value(&["--target"]), Some("x"));
            assert_eq!(call.subcommand(&["-t"]), Some("install"));
            let all: Vec<&str> = call.operands(&["-t"]).map(|a| a.text.as_ref()).collect();
            assert_eq!(all, ["install", "-z"]);
        });
    }
}
