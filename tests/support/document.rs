//! Reads the documents in `rules/`: the front matter, the sections and the examples.

use layerwise::config::{self, Builder, Config};
use layerwise::context::{IgnoreFile, LazyProject, Project};
use layerwise::diagnostic::{Applicability, Diagnostic};
use layerwise::lint::{FileReport, Fixed, Settings, fix, lint};
use layerwise::report;
use layerwise::rules::{self, CATALOGUE, Overrides, Selection};
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Stands for the letters that `fill=N` asks for.
const FILL: char = '…';

/// A file of `rules/`.
pub struct Document {
    pub path: PathBuf,
    /// The file name without `.md`.
    pub stem: String,
    pub text: String,
    /// The front matter, in order.
    pub front: Vec<(String, String)>,
    /// `# Title` and `## Section`, in order; deeper ones are free.
    pub headings: Vec<String>,
    pub examples: Vec<Example>,
    /// What is wrong with the document itself, with the line.
    pub mistakes: Vec<(usize, String)>,
    /// The `file` blocks since the last example.
    files: Vec<(String, String)>,
    /// The `options` block since the last example.
    config: Option<Config>,
}

/// A fenced block.
#[derive(Clone)]
pub struct Block {
    /// The line of the fence, from 1.
    pub line: usize,
    /// Where the content stands in the document.
    pub range: Range<usize>,
    pub content: String,
    /// The words after the tag.
    pub words: Vec<String>,
}

/// A group of blocks that `dockerfile bad` starts, or a `dockerfile good`.
#[derive(Default)]
pub struct Example {
    pub bad: Option<Block>,
    pub findings: Option<Block>,
    pub fixed: Option<Block>,
    /// The `dockerfile fixed unsafe`.
    pub fixed_unsafe: Option<Block>,
    pub good: Option<Block>,
    /// The `file-fixed NAME`: what another file holds after the unsafe fixes.
    pub file_fixed: Option<(String, Block)>,
    /// The build context that the `file` blocks above the example describe.
    pub context: Option<Folder>,
    /// The rules that run as well: `with=A,B`.
    with: Vec<&'static str>,
    /// The configuration of the rule that an `options` block above the example gives.
    config: Option<Config>,
}

/// A build context in a folder of its own, which goes when this is dropped.
pub struct Folder {
    root: tempfile::TempDir,
    project: Arc<LazyProject>,
}

impl Folder {
    /// The folder with these files; a name that ends in `/` is that of a folder, and `.dockerignore` is
    /// read, too.
    fn new(files: &[(String, String)]) -> Self {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let mut ignore = IgnoreFile::default();
        for (name, text) in files {
            let path = root.path().join(name);
            let above = if name.ends_with('/') { Some(path.as_path()) } else { path.parent() };
            fs::create_dir_all(above.expect("a file is in a folder")).expect("a folder can be made");
            if !name.ends_with('/') {
                fs::write(&path, text).expect("a file can be written");
            }
            if name == ".dockerignore" {
                ignore = IgnoreFile::parse(text).expect("the ignore file of an example can be read");
            }
        }
        let ignore_file = root.path().join(".dockerignore");
        let mut project = Project::new(root.path().to_owned(), ignore);
        project.ignore_path = ignore_file.is_file().then_some(ignore_file);
        let project = Arc::new(project.into());
        Self { root, project }
    }
}

enum Kind {
    Bad,
    Findings,
    Fixed,
    Good,
}

/// The documents, by name.
pub fn all() -> Vec<Document> {
    let folder = root().join("rules");
    let entries = fs::read_dir(&folder).expect("the folder rules/ is there");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("rules/ can be read").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "md"));
    paths.sort();
    paths.into_iter().map(Document::read).collect()
}

/// The folder of the package.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Document {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a document is UTF-8 text");
        let stem = path.file_stem().expect("a document has a name").to_string_lossy().into_owned();
        let mut document = Self {
            path,
            stem,
            text: String::new(),
            front: Vec::new(),
            headings: Vec::new(),
            examples: Vec::new(),
            mistakes: Vec::new(),
            files: Vec::new(),
            config: None,
        };
        document.scan(&text);
        document.text = text;
        document
    }

    /// The value of `key` in the front matter; empty if it is not there.
    pub fn field(&self, key: &str) -> &str {
        self.front.iter().find(|(k, _)| k == key).map_or("", |(_, v)| v)
    }

    /// The words of a list such as `[A, B]`.
    pub fn list(&self, key: &str) -> Vec<&str> {
        let inner = self.field(key).trim_start_matches('[').trim_end_matches(']');
        inner.split(',').map(str::trim).filter(|s| !s.is_empty()).collect()
    }

    fn scan(&mut self, text: &str) {
        let mut lines = Vec::new();
        let mut at = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            lines.push((number + 1, at, line.trim_end_matches(['\n', '\r'])));
            at += line.len();
        }
        let mut lines = lines.into_iter().peekable();
        if lines.next_if(|&(_, _, line)| line == "---").is_none() {
            self.mistakes.push((1, "the front matter is missing".into()));
        }
        for (number, _, line) in lines.by_ref().take_while(|&(_, _, line)| line != "---") {
            match line.split_once(':') {
                Some((key, value)) => {
                    self.front.push((key.to_owned(), value.trim().trim_matches('"').to_owned()));
                }
                None => self.mistakes.push((number, "a line of the front matter is `key: value`".into())),
            }
        }
        while let Some((number, _, line)) = lines.next() {
            let fence = line.len() - line.trim_start_matches('`').len();
            if line.starts_with("# ") || line.starts_with("## ") {
                self.headings.push(line.to_owned());
            }
            if fence < 3 {
                continue;
            }
            let start = lines.peek().map_or(text.len(), |&(_, at, _)| at);
            let close = lines.find(|&(_, _, l)| l.len() == fence && l.bytes().all(|b| b == b'`'));
            let Some((_, end, _)) = close else {
                self.mistakes.push((number, "the block is never closed".into()));
                break;
            };
            self.block(number, &line[fence..], start..end, text[start..end].to_owned());
        }
        if !self.files.is_empty() {
            self.mistakes.push((1, "there is a `file` block that no example follows".into()));
        }
    }

    fn block(&mut self, line: usize, tag: &str, range: Range<usize>, content: String) {
        let tag_words: Vec<&str> = tag.split_whitespace().collect();
        let (kind, words) = match &tag_words[..] {
            ["findings", words @ ..] => (Kind::Findings, words),
            ["dockerfile", "bad", words @ ..] => (Kind::Bad, words),
            ["dockerfile", "good", words @ ..] => (Kind::Good, words),
            ["dockerfile", "fixed", words @ ..] => (Kind::Fixed, words),
            ["options"] => {
                match options(&self.stem, &content) {
                    Ok(config) => self.config = Some(config),
                    Err(error) => self.mistakes.push((line, error)),
                }
                return;
            }
            ["file", name] => return self.files.push(((*name).to_owned(), content)),
            ["file-fixed", name] => {
                let block = Block { line, range, content, words: Vec::new() };
                match self.examples.last_mut().filter(|e| e.bad.is_some() && e.file_fixed.is_none()) {
                    Some(group) => group.file_fixed = Some(((*name).to_owned(), block)),
                    None => self.mistakes.push((line, "`file-fixed` comes once after a `dockerfile bad`".into())),
                }
                return;
            }
            ["yaml" | "sh"] => return,
            _ => return self.mistakes.push((line, format!("`{tag}` is no tag that the test knows"))),
        };
        let words: Vec<String> = words.iter().map(|&w| w.to_owned()).collect();
        for word in &words {
            if !is_word(word) {
                self.mistakes.push((line, format!("`{word}` is no word that the test knows")));
            }
        }
        let block = Block { line, range, content, words };
        match kind {
            Kind::Bad | Kind::Good => {
                let files = std::mem::take(&mut self.files);
                let config = self.config.take();
                let context = (!files.is_empty()).then(|| Folder::new(&files));
                let with = block.with();
                let example = match kind {
                    Kind::Bad => Example { bad: Some(block), context, with, config, ..Example::default() },
                    _ => Example { good: Some(block), context, with, config, ..Example::default() },
                };
                return self.examples.push(example);
            }
            Kind::Findings | Kind::Fixed => {}
        }
        let Some(group) = self.examples.last_mut().filter(|e| e.bad.is_some()) else {
            return self.mistakes.push((line, "the block has no `dockerfile bad` above it".into()));
        };
        let slot = match kind {
            Kind::Findings => &mut group.findings,
            _ if block.has("unsafe") => &mut group.fixed_unsafe,
            _ => &mut group.fixed,
        };
        if slot.is_some() {
            self.mistakes.push((line, "the group has such a block already".into()));
        }
        *slot = Some(block);
    }
}

impl Example {
    /// Settings under which only the rule `code` runs, and those that the example names, with its build context.
    fn settings(&self, code: &'static str, builder: Builder) -> Settings {
        let project = self.context.as_ref().map(|folder| folder.project.clone());
        let overrides = Overrides { select: Some([&[code], &self.with[..]].concat()), ..Overrides::default() };
        let selection = Selection::new(self.config.as_ref(), &overrides);
        Settings { project, selection, ..only(code, builder) }
    }

    /// The findings of the rule `code` in `text`.
    pub fn findings(&self, code: &'static str, builder: Builder, text: &str) -> Vec<Diagnostic> {
        let mut findings = lint(text, &self.settings(code, builder));
        findings.retain(|finding| finding.code == code);
        findings
    }

    /// The folder of the context, if there is one.
    pub fn folder(&self) -> Option<&Path> {
        self.context.as_ref().map(|folder| folder.root.path())
    }

    /// Fixes `text` by the rule `code` alone.
    pub fn mend(&self, code: &'static str, builder: Builder, text: &str, least: Applicability) -> Fixed {
        fix(text, &self.settings(code, builder), least)
    }
}

/// The configuration that sets `content`, lines of YAML, for the rule `code`.
fn options(code: &str, content: &str) -> Result<Config, String> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    let indented: String = content.lines().map(|line| format!("    {line}\n")).collect();
    fs::write(file.path(), format!("rules:\n  {code}:\n{indented}")).expect("a temporary file can be written");
    config::load(file.path(), "options", CATALOGUE).map_err(|error| format!("{:?}", miette::Report::new(error)))
}

fn is_word(word: &str) -> bool {
    let known = ["crlf", "bom", "no-newline", "unsafe", "remains", "broken"];
    known.contains(&word)
        || word.strip_prefix("with=").is_some_and(|list| list.split(',').all(|code| rules::find(code).is_some()))
        || word.strip_prefix("builder=").is_some_and(|b| Builder::from_name(b).is_some())
        || word.strip_prefix("fill=").is_some_and(|n| n.parse::<usize>().is_ok())
}

impl Block {
    /// Whether `word` stands after the tag.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.words.iter().find_map(|w| w.strip_prefix(key)?.strip_prefix('='))
    }

    /// The rules that run besides that of the document.
    fn with(&self) -> Vec<&'static str> {
        let codes = self.value("with").into_iter().flat_map(|list| list.split(','));
        codes.filter_map(|code| Some(rules::find(code)?.meta.code)).collect()
    }

    /// The builder that the block speaks of.
    pub fn builder(&self) -> Builder {
        self.value("builder").and_then(Builder::from_name).unwrap_or_default()
    }

    fn fill(&self) -> String {
        "x".repeat(self.value("fill").and_then(|n| n.parse().ok()).unwrap_or_default())
    }

    /// `content` as the file that the words of this block describe.
    pub fn expand(&self, content: &str) -> String {
        let mut text = content.to_owned();
        if self.value("fill").is_some() {
            text = text.replace(FILL, &self.fill());
        }
        if self.has("no-newline") {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if self.has("crlf") {
            text = text.replace('\n', "\r\n");
        }
        if self.has("bom") {
            text.insert(0, '\u{feff}');
        }
        text
    }

    /// The content of the block that [`Block::expand`] makes `text` of.
    pub fn contract(&self, text: &str) -> String {
        let mut text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        if self.value("fill").is_some() {
            text = text.replace(&self.fill(), &FILL.to_string());
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }

    /// The file of this block.
    pub fn file(&self) -> String {
        self.expand(&self.content)
    }
}

/// Settings under which only the rule `code` runs.
pub fn only(code: &'static str, builder: Builder) -> Settings {
    let overrides = Overrides { select: Some(vec![code]), ..Overrides::default() };
    Settings { selection: Selection::new(None, &overrides), builder, project: None, histories: None, shellcheck: None }
}

/// `findings` in the short format, without the name of the file.
pub fn short(text: &str, findings: Vec<Diagnostic>) -> String {
    let file = FileReport { path: "-".into(), text: text.to_owned(), findings };
    let mut out = Vec::new();
    let run = report::Run { files: &[file], root: &report::Root::default() };
    report::write(report::Format::Short, &run, &mut out, false).expect("memory can be written");
    let out = String::from_utf8(out).expect("the report is UTF-8");
    out.lines().map(|l| format!("{}\n", l.strip_prefix("-:").unwrap_or(l))).collect()
}

/// `text` with each range replaced; the ranges don't overlap.
pub fn splice(text: &str, edits: &BTreeMap<usize, (Range<usize>, String)>) -> String {
    let mut out = text.to_owned();
    for (range, new) in edits.values().rev() {
        out.replace_range(range.clone(), new);
    }
    out
}
