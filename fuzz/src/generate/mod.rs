//! Dockerfiles made of bytes: each choice takes a byte, so that a changed byte changes one choice.
//!
//! There are few names, so that stages, variables and paths meet. Every other file is free of what builders refuse, as
//! far as a generator can tell.

mod instruction;
mod layout;
mod shell;
mod words;

use arbitrary::Unstructured;

/// The most lines of a file that start an instruction.
const MOST_INSTRUCTIONS: usize = 24;

/// The Dockerfile that `data` stands for.
pub fn dockerfile(data: &[u8]) -> String {
    let mut writer = Writer::new(data);
    writer.top();
    let mut instructions = 0;
    while instructions < MOST_INSTRUCTIONS && !writer.source.is_empty() {
        writer.between();
        writer.instruction(instructions == 0);
        instructions += 1;
    }
    writer.end();
    writer.out
}

/// What has been written so far, and where choices come from.
struct Writer<'d> {
    source: Unstructured<'d>,
    out: String,
    newline: &'static str,
    escape: char,
    /// Whether the file holds what readers trip over.
    odd: bool,
    /// How deep in commands inside commands.
    depth: usize,
    /// The heredocs of the instruction: the lines of each, to be written below it.
    heredocs: Vec<String>,
}

impl<'d> Writer<'d> {
    fn new(data: &'d [u8]) -> Self {
        let source = Unstructured::new(data);
        let (out, heredocs) = (String::new(), Vec::new());
        let mut writer = Self { source, out, newline: "\n", escape: '\\', odd: false, depth: 0, heredocs };
        writer.odd = writer.once_in(2);
        writer
    }

    /// One of `list`; the first when there are no bytes left.
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        let at = self.source.int_in_range(0..=list.len().saturating_sub(1).min(255) as u8).unwrap_or_default();
        list[usize::from(at)]
    }

    /// True once in `n` times; never when there are no bytes left.
    fn once_in(&mut self, n: u8) -> bool {
        self.source.int_in_range(0..=n - 1).unwrap_or_default() == n - 1 && n > 1
    }

    /// A number from 1 to `most`.
    fn some(&mut self, most: u8) -> u8 {
        self.source.int_in_range(1..=most).unwrap_or(1)
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// True once in `n` times in an odd file.
    fn oddly(&mut self, n: u8) -> bool {
        self.odd && self.once_in(n)
    }

    /// One of `sound`, or in an odd file one of `odd`.
    fn mixed<T: Copy>(&mut self, (sound, odd): (&[T], &[T])) -> T {
        if self.oddly(4) { self.pick(odd) } else { self.pick(sound) }
    }

    /// Writes one of `list`.
    fn one(&mut self, list: &[&str]) {
        let text = self.pick(list);
        self.put(text);
    }
}
