//! What is built: a Dockerfile as a list of lines, a context, build arguments.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};
use std::{fs, io};

/// What stands for the fresh word of a pair in lines and files, so that no two pairs share cache.
pub const NONCE: &str = "NONCE";

/// A line of a Dockerfile: an instruction with all its lines, or a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What edits know it by.
    pub id: u32,
    pub kind: Kind,
    pub text: String,
    /// A path that is there below it, whatever else changes.
    pub makes: Option<String>,
    /// Another line needs it: it may change, but must stay.
    pub kept: bool,
}

/// What a line is; one kind may have many forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    From,
    /// The line that makes the first step of a stage the pair's own.
    Own,
    Env,
    Arg,
    Workdir,
    User,
    Shell,
    Copy,
    /// COPY of a heredoc.
    Document,
    CopyFrom,
    Add,
    /// RUN with commands that are known.
    Run,
    /// The same, with an output that others copy.
    Output,
    /// RUN with a command that looks at everything.
    Witness,
    Metadata,
    Onbuild,
    Comment,
}

impl Line {
    /// The instruction, in capitals.
    pub fn keyword(&self) -> String {
        self.text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase()
    }

    /// The words of the first logical line behind the keyword.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split_whitespace().skip(1).filter(|w| *w != "\\" && !w.starts_with('#'))
    }

    /// What it takes from other stages: each stage as the line names it, and the path.
    pub fn copied(&self) -> Vec<(&str, &str)> {
        let mut list = Vec::new();
        if let Some(from) = self.words().find_map(|w| w.strip_prefix("--from=")) {
            list.extend(self.words().find(|w| !w.starts_with("--")).map(|path| (from, path)));
        }
        for mount in self.words().filter_map(|w| w.strip_prefix("--mount=")) {
            let field = |name: &str| mount.split(',').find_map(|f| f.strip_prefix(name));
            list.extend(field("from=").zip(field("source=")));
        }
        list
    }

    /// Whether it may write `path`: what an unknown command does, where `sub/` is in an image whose folder
    /// is not known, or what `$V1` is if only the image may know it, nobody can tell.
    fn may_write(&self, path: &str, in_folder: bool) -> bool {
        let last = match self.kind {
            Kind::Document => self.text.lines().next().and_then(|l| l.rsplit(' ').next()),
            _ => self.text.split_whitespace().last(),
        };
        let last = last.unwrap_or_default();
        let last = last.trim_matches(['"', ']']);
        let is_vague = last.contains('$') || !(in_folder || last.starts_with('/'));
        let writes = is_vague || last.starts_with(path) || (path == "/app" && !last.starts_with('/'));
        match self.kind {
            Kind::Witness => true,
            Kind::Copy | Kind::CopyFrom | Kind::Document | Kind::Add | Kind::Workdir => writes,
            Kind::Onbuild => writes && self.words().any(|w| matches!(w, "COPY" | "ADD" | "WORKDIR")),
            _ => false,
        }
    }
}

/// Something in the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    File { content: String, mode: u32 },
    Link(String),
}

/// A build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    pub lines: Vec<Line>,
    /// The context, by path.
    pub files: BTreeMap<String, Item>,
    pub arguments: Vec<(String, String)>,
    /// The stage to build, if it is not the last one.
    pub target: Option<String>,
}

impl Recipe {
    /// The Dockerfile.
    pub fn text(&self, nonce: &str) -> String {
        self.lines.iter().map(|line| line.text.replace(NONCE, nonce) + "\n").collect()
    }

    /// The number of the stage that the line at `at` stands in; `None` above the first FROM.
    pub fn stage_at(&self, at: usize) -> Option<usize> {
        self.lines[..=at].iter().filter(|l| l.kind == Kind::From).count().checked_sub(1)
    }

    /// The name of each stage, if it has one.
    pub fn stage_names(&self) -> Vec<Option<String>> {
        let name = |line: &Line| line.text.split_once(" AS ").map(|(_, name)| name.to_owned());
        self.lines.iter().filter(|l| l.kind == Kind::From).map(name).collect()
    }

    /// Whether what is copied from a stage differs whenever the steps that may write it differ. Nobody can
    /// foresee that an unknown command leaves a path as it was, and layerwise does not foresee that two
    /// steps write the same files as two other ones: such copies are not asked about.
    pub fn can_be_foreseen(&self) -> bool {
        let mut stages: Vec<(Option<&str>, Vec<&Line>)> = Vec::new();
        for line in &self.lines {
            if line.kind == Kind::From {
                let base = line.text.split(' ').nth(1).unwrap_or_default();
                let lines = stages.iter().find(|(name, _)| *name == Some(base)).map(|(_, lines)| lines.clone());
                stages.push((line.text.split_once(" AS ").map(|(_, name)| name), lines.unwrap_or_default()));
                continue;
            }
            for (from, path) in line.copied() {
                let by_number = || from.parse().ok().and_then(|n: usize| stages.get(n));
                let Some((_, lines)) = stages.iter().find(|(name, _)| *name == Some(from)).or_else(by_number) else {
                    continue;
                };
                let in_folder = |at: usize| {
                    lines[..at].iter().any(|l| l.keyword() == "WORKDIR" && l.words().any(|w| w.starts_with('/')))
                };
                let makes = |line: &&Line| line.makes.as_deref() == Some(path);
                // Only an output that shows everything above differs with it. All else depends on every line:
                // an unknown command may have changed the programs that a known one runs.
                let made = lines.iter().rposition(makes);
                let shown = made.filter(|&at| lines[at].kind == Kind::Witness).map_or(0, |at| at + 1);
                let mut others = (shown..lines.len()).filter(|at| Some(*at) != made);
                if others.any(|at| lines[at].may_write(path, in_folder(at))) {
                    return false;
                }
            }
            if let Some((_, lines)) = stages.last_mut() {
                lines.push(line);
            }
        }
        true
    }

    /// The first line of each instruction, from 1, with the line; comments are left out.
    pub fn numbered(&self) -> Vec<(u32, &Line)> {
        let mut number = 1;
        let mut list = Vec::new();
        for line in &self.lines {
            if line.kind != Kind::Comment {
                list.push((number, line));
            }
            number += u32::try_from(line.text.lines().count()).expect("a short file");
        }
        list
    }

    /// Writes the context with the Dockerfile in it. Every file gets a time that no other ever had: the
    /// builder takes a file with the same size and time for the same.
    pub fn write(&self, root: &Path, nonce: &str) -> io::Result<()> {
        fs::create_dir_all(root)?;
        for (path, item) in &self.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("it is below the root"))?;
            match item {
                Item::File { content, mode } => write(&path, &content.replace(NONCE, nonce), *mode)?,
                Item::Link(target) => symlink(target, &path)?,
            }
        }
        write(&root.join("Dockerfile"), &self.text(nonce), 0o644)
    }
}

fn write(path: &Path, content: &str, mode: u32) -> io::Result<()> {
    static START: OnceLock<SystemTime> = OnceLock::new();
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    fs::write(path, content)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    let later = Duration::from_millis(WRITTEN.fetch_add(1, Ordering::Relaxed));
    fs::File::open(path)?.set_modified(*START.get_or_init(SystemTime::now) + later)
}
