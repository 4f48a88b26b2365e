//! The words of a command, sorted as an entry of the table says.

use super::argument::Argument;
use super::leads;
use super::table::{Known, Operands, Style, Unlisted};
use smallvec::SmallVec;

/// Where a value stands: a word, and the byte in it where the value starts.
pub(super) type Place = (usize, usize);

/// The words of a command, sorted by what they are.
#[derive(Default)]
pub(super) struct Call {
    /// The words that are no flags, and no values of flags.
    pub(super) operands: SmallVec<[usize; 8]>,
    /// The paths that flags name and that are written.
    pub(super) writes: SmallVec<[Place; 2]>,
    /// The paths that flags name and that are read.
    pub(super) reads: SmallVec<[Place; 2]>,
    /// How many operands are the subcommand.
    pub(super) skip: usize,
    /// Whether a flag says where the output goes.
    pub(super) has_output: bool,
    /// The values of other flags.
    values: SmallVec<[Place; 2]>,
    /// Whether a flag makes the effects unknown.
    refused: bool,
    /// Whether a flag that the entry needs is there.
    has_needed: bool,
}

/// What a flag takes.
enum Takes {
    Nothing,
    Text,
    Source,
    Path,
}

impl Call {
    pub(super) fn read(known: &Known, words: &[Argument<'_>]) -> Self {
        let mut call = Self::default();
        let mut at = 0;
        let mut flags_end = false;
        while let Some(word) = words.get(at) {
            let text = word.text.as_ref();
            at += 1;
            if known.style == Style::Bundle && at == 1 && word.complete && !text.starts_with('-') {
                at += call.bundle(known, text);
            } else if known.style == Style::OneDash && matches!(text, "!" | "(" | ")" | "]") {
                // The signs of an expression.
            } else if flags_end || !text.starts_with('-') || text == "-" {
                call.operands.push(at - 1);
            } else if text == "--" {
                flags_end = true;
            } else if text.starts_with("--") || known.style == Style::OneDash {
                at += call.long(known, at - 1, word);
            } else {
                at += call.short(known, at - 1, word);
            }
        }
        call
    }

    /// Reads `xzf`, the first word of tar: the values follow in the order of the letters.
    fn bundle(&mut self, known: &Known, text: &str) -> usize {
        let mut further = 0;
        for c in text.chars() {
            further += self.flag(known, letter(c, &mut [0; 5]), None, further);
        }
        further
    }

    /// Reads `--name` or `--name=value`; gives how many further words belong to it.
    fn long(&mut self, known: &Known, at: usize, word: &Argument<'_>) -> usize {
        let text = word.text.as_ref();
        if word.complete && known.switches.contains(&text) {
            return self.flag(known, text, None, at);
        }
        let (name, value) = match text.find('=') {
            Some(equals) => (&text[..equals], Some(equals + 1)),
            None => (text, None),
        };
        // A name that is not known to its end may be any flag, and a switch has no value.
        self.refused |= value.is_none() && !word.complete;
        self.refused |= value.is_some() && known.unlisted == Unlisted::Refused && known.switches.contains(&name);
        if let (Some(start), Takes::Nothing) = (value, takes(known, name))
            && is_path_like(&text[start..])
        {
            match known.unlisted {
                Unlisted::Read => self.reads.push((at, start)),
                _ => self.refused = true,
            }
        }
        self.flag(known, name, value.map(|start| (at, start)), at)
    }

    /// Reads `-abc`, where a flag with a value takes the rest of the word, or the next one.
    fn short(&mut self, known: &Known, at: usize, word: &Argument<'_>) -> usize {
        let text = word.text.as_ref();
        if word.complete && known.switches.contains(&text) {
            return self.flag(known, text, None, at);
        }
        for (i, c) in text.char_indices().skip(1) {
            let end = i + c.len_utf8();
            let rest = (end < text.len() || !word.complete).then_some((at, end));
            let mut buffer = [0; 5];
            let name = letter(c, &mut buffer);
            let takes_value = !matches!(takes(known, name), Takes::Nothing);
            let further = self.flag(known, name, rest.filter(|_| takes_value), at);
            if takes_value {
                return further;
            }
        }
        self.refused |= !word.complete;
        0
    }

    fn flag(&mut self, known: &Known, name: &str, value: Option<Place>, at: usize) -> usize {
        let has = |list: &[&str]| list.contains(&name);
        self.has_needed |= has(known.needs);
        self.has_output |= has(known.output);
        self.refused |= has(known.refused);
        let place = value.unwrap_or((at + 1, 0));
        match takes(known, name) {
            Takes::Path => self.writes.push(place),
            Takes::Source => self.reads.push(place),
            Takes::Text => self.values.push(place),
            Takes::Nothing => {
                self.refused |= known.unlisted == Unlisted::Refused && !has(known.switches) && !has(known.needs);
                return 0;
            }
        }
        usize::from(value.is_none())
    }

    /// Whether `known` is about these words.
    pub(super) fn fits(&mut self, known: &Known, words: &[Argument<'_>]) -> bool {
        if known.runs_project {
            return known.subcommands.is_empty() || known.subcommands.iter().any(|s| has_words(words, s));
        }
        if !known.subcommands.is_empty() {
            let Some(skip) = known.subcommands.iter().find_map(|s| self.starts_with(s, words)) else { return false };
            self.skip = skip;
        }
        let operands = &self.operands[self.skip..];
        let within = |list: &[Place]| list.iter().all(|&(at, _)| at < words.len());
        !self.refused
            && (known.needs.is_empty() || self.has_needed)
            && (!known.needs_operand || !operands.is_empty())
            && within(&self.writes)
            && within(&self.reads)
            && operands.iter().all(|&at| fits_operand(known.operands, &words[at]))
            && self.values.iter().all(|&(at, from)| words.get(at).is_some_and(|w| fits_value(known, &w.text[from..])))
            && self.fits_script(known, words)
            // APT reads the names of folders and files from options.
            && !words.iter().any(|w| w.text.starts_with("RootDir") || has_address(&w.text, "Dir::"))
            // An address may be that of a file.
            && (known.seconds == 0.0 || !words.iter().any(|w| has_local_address(&w.text)))
            // apt runs the commands that it finds there.
            && !words.iter().any(|w| has_address(&w.text, "Invoke:"))
            // A second folder may be seen from the first.
            && (known.style != Style::Bundle || self.writes.len() < 2)
    }

    /// How many operands make up `subcommand`, if they are it.
    fn starts_with(&self, subcommand: &str, words: &[Argument<'_>]) -> Option<usize> {
        let mut count = 0;
        for part in subcommand.split(' ') {
            let word = &words[*self.operands.get(count)?];
            if !word.complete || word.text != part {
                return None;
            }
            count += 1;
        }
        Some(count)
    }

    fn fits_script(&self, known: &Known, words: &[Argument<'_>]) -> bool {
        let Some(harmless) = known.script else { return true };
        if matches!(known.operands, Operands::TextThenReads | Operands::TextThenWrites) {
            let script = self.operands.first().map(|&at| &words[at]);
            return script.is_some_and(|w| w.complete && harmless(&w.text));
        }
        !self.values.is_empty()
            && self.values.iter().all(|&(at, from)| words[at].complete && harmless(&words[at].text[from..]))
    }
}

/// Whether `start`, which has a colon, stands in `text`: most words have none.
fn has_address(text: &str, start: &str) -> bool {
    text.as_bytes().contains(&b':') && text.contains(start)
}

/// Whether an address in `text` may be that of a file: installers know several such schemes, in any case.
fn has_local_address(text: &str) -> bool {
    text.as_bytes().contains(&b':') && {
        let lower = text.to_ascii_lowercase();
        leads::LOCAL_SCHEMES.iter().any(|scheme| lower.contains(scheme))
    }
}

fn takes(known: &Known, name: &str) -> Takes {
    let has = |list: &[&str]| list.contains(&name);
    if has(known.paths) {
        Takes::Path
    } else if has(known.sources) {
        Takes::Source
    } else if has(known.values) {
        Takes::Text
    } else {
        Takes::Nothing
    }
}

/// The flag `-c`, written to `buffer`.
fn letter(c: char, buffer: &mut [u8; 5]) -> &str {
    buffer[0] = b'-';
    let end = 1 + c.encode_utf8(&mut buffer[1..]).len();
    str::from_utf8(&buffer[..end]).unwrap_or_default()
}

/// Whether the words of `subcommand` stand side by side in `words`.
fn has_words(words: &[Argument<'_>], subcommand: &str) -> bool {
    (0..words.len()).any(|at| {
        let mut further = words[at..].iter();
        subcommand.split(' ').all(|part| further.next().is_some_and(|w| w.complete && w.text == part))
    })
}

/// Whether a value may name a file; a URL does not.
fn is_path_like(value: &str) -> bool {
    value.contains('/') && !value.contains("://")
}

fn fits_value(known: &Known, value: &str) -> bool {
    match known.operands {
        // curl reads a value from a file whose name follows `@`.
        Operands::Text => known.seconds == 0.0 || !value.starts_with('@'),
        Operands::Packages | Operands::Names => !is_path_like(value),
        Operands::Writes => known.script.is_some() || !is_path_like(value),
        _ => true,
    }
}

fn fits_operand(operands: Operands, word: &Argument<'_>) -> bool {
    let text = word.text.as_ref();
    match operands {
        Operands::None => false,
        Operands::Names => is_name(text) && !reads_the_folder(text),
        Operands::Modules => text.contains('@') && !text.starts_with(['.', '/']),
        _ => true,
    }
}

/// Whether the install script of the package `text` looks into the folder that npm was started in, whose name it is given
/// as `INIT_CWD`, with `-g` too.
///
/// Source: npm 11.19, measured; the manual of Prisma 5 on `postinstall`, which looks for a schema there.
fn reads_the_folder(text: &str) -> bool {
    ["prisma", "@prisma/client"]
        .iter()
        .any(|name| text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('@')))
}

/// Whether the installers of languages take `text` for the name or the address of a package, never for
/// a file: pip reads what has a slash, a leading dot or the ending of an archive, npm what starts with a
/// dot, a slash or `~` or ends like one, and takes `a/b` for a repository.
fn is_name(text: &str) -> bool {
    const FILES: [&str; 11] =
        [".whl", ".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".gem", ".nupkg", ".conda", ".txt"];
    if text.is_empty() || text.starts_with(['.', '/', '~', '-']) {
        return false;
    }
    if text.contains("://") {
        return true;
    }
    let protocol = ["file:", "link:", "portal:", "workspace:"].iter().any(|p| text.contains(p));
    let unscoped = text.strip_prefix('@').and_then(|t| t.split_once('/')).map_or(text, |(_, name)| name);
    !protocol && !unscoped.contains(['/', '\\']) && !FILES.iter().any(|end| text.ends_with(end))
}
