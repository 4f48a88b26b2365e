//! `.dockerignore`.

use layerwise::builder::Builder;
use layerwise::context::IgnoreFile;

const PATHS: [&str; 9] =
    ["a", "b", "a/b", "a/b/c", ".git/config", "node_modules/x/y.js", "src/main.go", "é/ü.md", "Dockerfile"];

pub(super) fn check(text: &str) {
    let file = match IgnoreFile::parse(text) {
        Ok(file) => file,
        Err(error) => {
            let line = text.lines().nth(error.line - 1).unwrap_or_default();
            assert!(line.contains(&error.pattern), "line {} of {text:?} is not {:?}", error.line, error.pattern);
            return;
        }
    };
    // The patterns themselves are often paths that fit.
    let own = text.lines().map(|line| line.trim().trim_matches(['!', '/'])).filter(|path| !path.is_empty()).take(8);
    let paths: Vec<&str> = PATHS.into_iter().chain(own).collect();
    for builder in Builder::ALL {
        let file = file.clone().for_builder(builder);
        for path in &paths {
            let ignored = file.ignores(path);
            for below in ["x", "x/y.md", "c"].map(|name| format!("{path}/{name}")) {
                let kept = !file.ignores(&below);
                assert!(!(kept && file.covers(path)), "{text:?} covers {path:?} and keeps {below:?}");
                let may = !ignored || file.may_keep_below(path);
                assert!(may || !kept, "{text:?} may not keep what is below {path:?}, and keeps {below:?}");
                assert!(!(ignored && kept) || file.has_exceptions(), "{text:?} keeps {below:?} without an exception");
            }
        }
    }
}
