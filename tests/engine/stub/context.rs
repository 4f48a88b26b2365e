//! The files that the stubs are built with. What is in them depends on their paths only.

use super::base::Accounts;
use super::scene::{Kind, Paths};
use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Writes `paths`, and what every context has, below `root`.
pub fn write(root: &Path, paths: &Paths, accounts: &Accounts) {
    // What stands above another path is a folder.
    let mut folders: BTreeSet<&str> = BTreeSet::from([""]);
    for (path, kind) in paths {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        folders.extend(above.chain((*kind == Kind::Folder).then_some(path.as_str())));
    }
    folders.extend(["taken", "taken/folder"]);
    for folder in &folders {
        fs::create_dir_all(root.join(folder)).unwrap();
        // One name in every folder: two that are copied to one place leave what came last.
        for name in ["common.txt", &format!("of-{:x}.txt", hash(folder) & 0xff_ffff)] {
            file(root, &format!("{folder}/{name}"), accounts);
        }
    }
    paths.keys().filter(|path| !folders.contains(path.as_str())).for_each(|path| file(root, path, accounts));
    file(root, "taken/file", accounts);
    for folder in &folders {
        let mode = if hash(folder).is_multiple_of(2) { 0o755 } else { 0o775 };
        fs::set_permissions(root.join(folder), Permissions::from_mode(mode)).unwrap();
    }
}

fn file(root: &Path, path: &str, accounts: &Accounts) {
    let path = path.trim_start_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    let hash = hash(path);
    let content = match name {
        // Users must still be found behind a COPY of these.
        "passwd" => accounts.passwd.clone().into_bytes(),
        "group" => accounts.group.clone().into_bytes(),
        ".dockerignore" => b"# nothing\n".to_vec(),
        _ if is_archive(name) => archive(&format!("unpacked-{:x}.txt", hash & 0xff_ffff)),
        _ => format!("this is {path}\n").into_bytes(),
    };
    let at = root.join(path);
    fs::write(&at, content).unwrap();
    let mode = [0o644, 0o755, 0o664, 0o744][hash as usize / 7 % 4];
    fs::set_permissions(&at, Permissions::from_mode(mode)).unwrap();
    // The builder takes files of one size and time for the same.
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000 + hash % 100_000_000);
    File::options().write(true).open(&at).unwrap().set_modified(time).unwrap();
}

/// Whether ADD should find an archive there.
fn is_archive(name: &str) -> bool {
    [".tar", ".gz", ".tgz", ".bz2", ".xz", ".txz", ".tbz"].iter().any(|e| name.ends_with(e))
}

/// A tar archive with one file, not compressed: ADD looks at what is in it.
fn archive(name: &str) -> Vec<u8> {
    let content = format!("this is {name}\n");
    let mut header = [0_u8; 512];
    let fields = [
        (0, name.to_owned()),
        (100, "0000644".into()),
        (108, "0000000".into()),
        (116, "0000000".into()),
        (124, format!("{:011o}", content.len())),
        (136, format!("{:011o}", 1_000_000_000)),
        (148, " ".repeat(8)),
        (156, "0".into()),
        (257, "ustar\x0000".into()),
    ];
    for (at, text) in fields {
        header[at..at + text.len()].copy_from_slice(text.as_bytes());
    }
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut out = header.to_vec();
    out.extend(content.bytes());
    out.resize(out.len().next_multiple_of(512) + 1024, 0);
    out
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
