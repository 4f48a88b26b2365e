//! What the program said, kept in files between runs.
//!
//! The key of an answer is a hash of all that it depends on: the script with the `#!` line that names its dialect, the options, and
//! which program answered. Of the program, path, size and time of change count; as a wrapper keeps these when what it
//! starts is replaced, answers are believed for some days only.
//!
//! A file holds the answers whose keys start with the same digit, the oldest first. It is replaced as a whole. Of two
//! runs that end at once, one may lose what it learned, which is then asked again.

use super::answer::Comment;
use super::program::OPTIONS;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How every file starts. The number changes with the form of the entries and with what is read from an answer.
const HEADER: &[u8] = b"layerwise: answers of shellcheck, 1\n";
/// How many files there are.
const FILES: usize = 16;
/// The most bytes that a file may have.
const MOST_BYTES: usize = 1024 * 1024;
/// How long an answer is believed.
const LIFETIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// How names of files start that are not yet in their place, and how long one may be there.
const UNFINISHED: (&str, Duration) = (".new-", Duration::from_secs(60 * 60));

type Key = [u8; 16];

/// Before each answer: its key, the second of its writing, its length, and a part of a hash of all of that and of it.
const HEAD: usize = 16 + 8 + 4 + 8;

/// The answers of one program.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    /// The hash of what all keys have in common.
    common: Sha256,
    files: [OnceLock<Answers>; FILES],
    new: Mutex<Vec<(Key, Vec<u8>)>>,
}

impl Store {
    /// The answers of `program` below `folder`, which need not be there.
    pub(super) fn new(folder: &Path, program: &Path) -> Option<Self> {
        let data = fs::metadata(program).ok()?;
        let changed = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let mut common = Sha256::new();
        for part in OPTIONS.iter().map(|o| o.as_bytes()).chain([program.as_os_str().as_encoded_bytes()]) {
            common.update((part.len() as u64).to_le_bytes());
            common.update(part);
        }
        common.update(data.len().to_le_bytes());
        common.update(changed.as_nanos().to_le_bytes());
        Some(Self { folder: folder.join("shellcheck"), common, files: Default::default(), new: Mutex::default() })
    }

    /// What was said of `script`, if that is known.
    pub(super) fn get(&self, script: &str) -> Option<Vec<Comment>> {
        let key = self.key(script);
        let at = file_of(&key);
        let bytes = self.files[at].get_or_init(|| Answers::read(&self.path(at), now())).get(&key)?;
        if bytes.is_empty() { Some(Vec::new()) } else { serde_json::from_slice(bytes).ok() }
    }

    /// Keeps what was said of `script` for [`Store::save`].
    pub(super) fn put(&self, script: &str, comments: &[Comment]) {
        let answer = if comments.is_empty() { Ok(Vec::new()) } else { serde_json::to_vec(comments) };
        if let Ok(answer) = answer {
            self.new.lock().unwrap_or_else(PoisonError::into_inner).push((self.key(script), answer));
        }
    }

    /// Writes what was put. What can't be written is not kept: the next run does without it.
    pub(super) fn save(&self) {
        let new = std::mem::take(&mut *self.new.lock().unwrap_or_else(PoisonError::into_inner));
        if new.is_empty() || make_folder(&self.folder).is_err() {
            return;
        }
        let now = now();
        for at in 0..FILES {
            let new: Vec<_> = new.iter().filter(|(key, _)| file_of(key) == at).collect();
            if !new.is_empty() {
                // Another run may have written since this one read.
                let all = Answers::read(&self.path(at), now).with(&new, now);
                let _ = replace(&self.folder, &self.path(at), &all);
            }
        }
        remove_unfinished(&self.folder);
    }

    fn key(&self, script: &str) -> Key {
        let mut key = Key::default();
        let whole = self.common.clone().chain_update(script).finalize();
        key.copy_from_slice(&whole[..size_of::<Key>()]);
        key
    }

    fn path(&self, at: usize) -> PathBuf {
        self.folder.join(format!("{at:x}"))
    }
}

fn file_of(key: &Key) -> usize {
    usize::from(key[0]) % FILES
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// What a file holds.
#[derive(Debug, Default)]
struct Answers {
    bytes: Vec<u8>,
    /// Where the entry of each key is.
    entries: HashMap<Key, Range<usize>>,
}

impl Answers {
    /// Reads `path`. What is no file of ours, or too old at the second `now`, is not there.
    fn read(path: &Path, now: u64) -> Self {
        let mut answers = Self { bytes: bytes_of(path).unwrap_or_default(), entries: HashMap::new() };
        if !answers.bytes.starts_with(HEADER) {
            return Self::default();
        }
        let mut at = HEADER.len();
        while let Some(head) = answers.bytes.get(at..at + HEAD) {
            let (Some(key), Some(written), Some(len)) = (array(head, 0), array(head, 16), array(head, 24)) else {
                break;
            };
            let end = at + HEAD + u32::from_le_bytes(len) as usize;
            if end > answers.bytes.len() {
                break;
            }
            // One that comes from the future would stay for ever.
            if now.checked_sub(u64::from_le_bytes(written)).is_some_and(|age| age < LIFETIME.as_secs()) {
                answers.entries.insert(key, at..end);
            }
            at = end;
        }
        answers
    }

    /// The answer for `key`.
    fn get(&self, key: &Key) -> Option<&[u8]> {
        let (head, answer) = self.bytes.get(self.entries.get(key)?.clone())?.split_at_checked(HEAD)?;
        (head[HEAD - 8..] == proof(&head[..HEAD - 8], answer)).then_some(answer)
    }

    /// The content of a file with these answers and `new`, less the oldest if that is too much.
    fn with(&self, new: &[&(Key, Vec<u8>)], now: u64) -> Vec<u8> {
        let known: HashSet<&Key> = new.iter().map(|(key, _)| key).collect();
        let mut old: Vec<Range<usize>> =
            self.entries.iter().filter(|(key, _)| !known.contains(key)).map(|(_, range)| range.clone()).collect();
        old.sort_unstable_by_key(|range| range.start);
        let mut entries: Vec<Vec<u8>> = old.into_iter().map(|range| self.bytes[range].to_vec()).collect();
        // One that is too large by itself would be asked again anyway, and leave no room for any other.
        let fits = |answer: &[u8]| HEADER.len() + HEAD + answer.len() <= MOST_BYTES;
        entries.extend(new.iter().filter(|(_, answer)| fits(answer)).map(|(key, answer)| {
            let mut entry = [&key[..], &now.to_le_bytes(), &(answer.len() as u32).to_le_bytes()].concat();
            entry.extend(proof(&entry, answer));
            entry.extend(answer);
            entry
        }));
        let mut size = HEADER.len();
        let kept = entries.iter().rev().take_while(|entry| {
            size += entry.len();
            size <= MOST_BYTES
        });
        let first = entries.len() - kept.count();
        [HEADER, &entries[first..].concat()].concat()
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

fn proof(head: &[u8], answer: &[u8]) -> [u8; 8] {
    let whole = Sha256::new().chain_update(head).chain_update(answer).finalize();
    array(&whole, 0).unwrap_or_default()
}

fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe would never end.
    if !fs::metadata(path)?.is_file() {
        return Ok(Vec::new());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

fn replace(folder: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED.0).tempfile_in(folder)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}

/// Removes what runs left behind that were ended while they wrote.
fn remove_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(UNFINISHED.0);
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if is_ours && age().is_some_and(|age| age > UNFINISHED.1) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u64) -> Key {
        let mut key = Key::default();
        key[..8].copy_from_slice(&n.to_le_bytes());
        key
    }

    fn written(folder: &Path, content: &[u8]) -> PathBuf {
        let path = folder.join("0");
        fs::write(&path, content).unwrap();
        path
    }

    #[test]
    fn the_oldest_answers_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut path = written(folder.path(), b"");
        for round in 0..6 {
            let new: Vec<(Key, Vec<u8>)> = (0..100).map(|n| (key(round * 100 + n), vec![b' '; 2_000])).collect();
            let all = Answers::read(&path, 50).with(&new.iter().collect::<Vec<_>>(), 50);
            assert!(all.len() <= MOST_BYTES);
            path = written(folder.path(), &all);
        }
        let answers = Answers::read(&path, 50);
        assert_eq!(answers.entries.len(), (MOST_BYTES - HEADER.len()) / (2_000 + HEAD));
        assert!(answers.get(&key(0)).is_none());
        assert!(answers.get(&key(599)).is_some_and(|answer| answer.len() == 2_000));
    }

    #[test]
    fn an_answer_that_fits_no_file_drives_nothing_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &Answers::default().with(&[&(key(1), b"a".to_vec())], 50));
        let most = MOST_BYTES - HEADER.len() - HEAD;
        let new = [(key(2), b"b".to_vec()), (key(3), vec![b' '; most + 1]), (key(4), b"c".to_vec())];
        let path = written(folder.path(), &Answers::read(&path, 50).with(&new.iter().collect::<Vec<_>>(), 50));
        let answers = Answers::read(&path, 50);
        let known: Vec<bool> = (1..=4).map(|n| answers.get(&key(n)).is_some()).collect();
        assert_eq!(known, [true, true, false, true]);
        let all = answers.with(&[&(key(5), vec![b' '; most])], 50);
        assert_eq!(all.len(), MOST_BYTES, "one that just fits is kept");
    }

    #[test]
    fn an_answer_is_replaced_and_grows_old() {
        let folder = tempfile::tempdir().unwrap();
        let entry = |answer: &str| (key(1), answer.as_bytes().to_vec());
        let path = written(folder.path(), &Answers::default().with(&[&entry("a"), &(key(2), Vec::new())], 1_000));
        let path = written(folder.path(), &Answers::read(&path, 1_001).with(&[&entry("b")], 1_002));
        let at = |now| Answers::read(&path, now);
        assert_eq!(at(1_002).get(&key(1)), Some(&b"b"[..]));
        assert_eq!(at(1_002).get(&key(2)), Some(&b""[..]));
        assert_eq!(at(1_002).entries.len(), 2);
        assert_eq!(at(1_001).get(&key(1)), None, "it was not yet written");
        let late = 1_001 + LIFETIME.as_secs();
        assert_eq!(at(late).get(&key(1)), Some(&b"b"[..]));
        assert_eq!(at(late).get(&key(2)), None);
        assert_eq!(at(late + 1).entries.len(), 0);
    }
}
