//! Adding lines to a file beside the Dockerfile: a `.dockerignore`.

use super::replace::Replacement;
use super::write::{WriteError, write};
use crate::source::LineEnding;
use std::fs;
use std::io;
use std::path::Path;

/// What a file of such lines may hold at most, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// `text` with those of `lines` at its end that it does not have yet, in its line endings.
pub fn with_lines(text: &str, lines: &[String]) -> String {
    let ending = LineEnding::of(text).as_str();
    let mut out = text.to_owned();
    for line in lines {
        if out.lines().any(|l| l.trim() == line) {
            continue;
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(ending);
        }
        out.push_str(line);
        out.push_str(ending);
    }
    out
}

/// What the file at `path` holds now, and what it will with `lines`. A file that is not there is empty.
///
/// # Errors
/// If it is no plain file, too large, or can't be read as text: a link may lead anywhere.
pub fn preview(path: &Path, lines: &[String]) -> io::Result<(String, String)> {
    let before = match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
        Ok(data) if !data.is_file() || data.len() > LARGEST => {
            return Err(io::Error::other("it is no plain file, or too large for an ignore file"));
        }
        Ok(_) => fs::read_to_string(path)?,
    };
    let after = with_lines(&before, lines);
    Ok((before, after))
}

/// Adds `lines` to the file at `path`, all or nothing; makes the file if it is not there.
///
/// # Errors
/// As [`preview`] and [`write`]; the file is then as it was.
pub fn add(path: &Path, lines: &[String]) -> Result<(), WriteError> {
    let io = |source| WriteError::Io { path: path.to_owned(), source };
    let (before, after) = preview(path, lines).map_err(io)?;
    if path.symlink_metadata().is_ok() {
        return write(path, before.as_bytes(), after.as_bytes());
    }
    let replacement = Replacement::of(path, None).map_err(io)?;
    replacement.fill(|out| out.write_all(after.as_bytes())).map_err(io)?;
    replacement.put_new().map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(list: &[&str]) -> Vec<String> {
        list.iter().map(|&l| l.to_owned()).collect()
    }

    #[test]
    fn lines_go_to_the_end_once_in_the_endings_of_the_file() {
        assert_eq!(with_lines("", &lines(&["a", "b"])), "a\nb\n");
        assert_eq!(with_lines("a", &lines(&["b"])), "a\nb\n");
        assert_eq!(with_lines("x\r\na \r\n", &lines(&["a", "b"])), "x\r\na \r\nb\r\n");
    }

    #[test]
    fn a_file_is_made_or_extended_but_a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".dockerignore");
        add(&path, &lines(&[".git"])).unwrap();
        add(&path, &lines(&[".git", "node_modules"])).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), ".git\nnode_modules\n");
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&path, &link).unwrap();
            assert!(add(&link, &lines(&["x"])).is_err());
            assert_eq!(fs::read_to_string(&path).unwrap(), ".git\nnode_modules\n");
        }
    }
}
