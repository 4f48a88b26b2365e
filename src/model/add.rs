//! What ADD does with a source, told from its name alone.

/// Whether a source is fetched from elsewhere: a URL or a Git repository.
pub fn is_remote(source: &str) -> bool {
    let source = source.trim_start_matches(['"', '\'']);
    ["http://", "https://", "git://", "git@", "ssh://"].iter().any(|p| source.starts_with(p))
}

/// Whether a name is that of an archive which ADD may unpack.
pub fn is_archive_name(source: &str) -> bool {
    let name = source.trim_end_matches(['"', '\'']).to_ascii_lowercase();
    ARCHIVES.iter().any(|extension| name.ends_with(extension))
}

/// Whether a source is surely no tar archive, so that ADD only copies it: a folder by its form, or a
/// file whose extension no archive has. BuildKit decides by content, and never unpacks what lies in
/// a folder.
pub fn is_plain_source(source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or(source);
    if matches!(name, "" | "." | "..") {
        // The builder leaves out what stands behind the last name.
        let folder = source.trim_end_matches(['/', '.', '"']);
        return !source.contains(['$', '*', '?', '[']) && !is_archive_name(folder);
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    !source.contains('$') && extension.is_some_and(|e| PLAIN.contains(&e.as_str()))
}

const ARCHIVES: &[&str] = &[
    ".tar", ".gz", ".tgz", ".tz", ".bz2", ".tbz", ".tbz2", ".tb2", ".lzma", ".tlz", ".xz", ".txz", ".tarz", ".z",
    ".lz", ".zst", ".tzst", ".tpz",
];

/// Extensions of files that are not tar archives, whatever is in them.
const PLAIN: &[&str] = &[
    "bash",
    "bat",
    "c",
    "cc",
    "cer",
    "cfg",
    "cmd",
    "cnf",
    "conf",
    "config",
    "cpp",
    "crt",
    "cs",
    "css",
    "csv",
    "env",
    "ex",
    "exs",
    "go",
    "gradle",
    "graphql",
    "h",
    "hpp",
    "htm",
    "html",
    "ini",
    "ipynb",
    "java",
    "jpg",
    "js",
    "json",
    "jsx",
    "key",
    "list",
    "lock",
    "lua",
    "md",
    "mjs",
    "mod",
    "pem",
    "php",
    "pl",
    "png",
    "proto",
    "properties",
    "ps1",
    "pub",
    "py",
    "r",
    "rb",
    "repo",
    "rs",
    "rules",
    "scala",
    "service",
    "sh",
    "sql",
    "sum",
    "svg",
    "toml",
    "ts",
    "tsx",
    "txt",
    "vhost",
    "xml",
    "yaml",
    "yml",
    "zsh",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_archives_from_plain_files() {
        assert!(is_archive_name("a.tar.gz") && is_archive_name("B.TGZ") && !is_archive_name("a.zip"));
        for plain in [".", "src/", "a/..", "run.sh", "*.py", "conf/x.CONF"] {
            assert!(is_plain_source(plain), "{plain}");
        }
        for doubtful in ["rootfs.tar.gz/", "a.tar/.", "a.tgz//", "app", "a.jar", "a.tar", "$DIR/x.py", "src*", "a.deb"]
        {
            assert!(!is_plain_source(doubtful), "{doubtful}");
        }
    }
}
