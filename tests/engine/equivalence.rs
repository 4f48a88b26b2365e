//! Whether two Dockerfiles build the same image.

use crate::compare::{Difference, Noise, differences};
use crate::engine::{Builder, Engine};
use crate::image::Image;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// As often a file is built again to learn what differs by itself.
const LESSONS: usize = 3;

/// What two builds came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// In what the images differ, noise left out.
    pub differences: Vec<Difference>,
    /// In how many places two builds of the first file differed.
    pub noise: usize,
}

/// Builds `before` and `after` from the folder `context` and compares the images. Only where they differ is
/// `before` built again, without the cache, until what is left is more than noise.
pub fn compare(engine: &Engine, context: &Path, before: &str, after: &str) -> Result<Verdict, String> {
    let first = image(engine, context, before, true)?;
    let second = image(engine, context, after, true)?;
    let mut verdict = Verdict { differences: differences(&first, &second), noise: 0 };
    let mut noise = Noise::default();
    for _ in 0..LESSONS {
        // The config is never noise.
        if verdict.differences.iter().all(|d| d.what == "config") {
            break;
        }
        noise.learn(&first, &image(engine, context, before, false)?);
        verdict.noise = noise.len();
        verdict.differences.retain(|d| !noise.covers(d));
    }
    Ok(verdict)
}

/// Builds `dockerfile`, from the cache where `cached`, and reads the image.
fn image(engine: &Engine, context: &Path, dockerfile: &str, cached: bool) -> Result<Image, String> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let tag = format!("layerwise-proof:{}-{number}", std::process::id());
    // Not in the context: a COPY of all of it must not see which of the two files is built.
    let file = tempfile::NamedTempFile::new().map_err(|e| e.to_string())?;
    std::fs::write(file.path(), dockerfile).map_err(|e| e.to_string())?;
    let mut build = engine.build(Builder::BuildKit);
    build.arg("--file").arg(file.path()).args(["--tag", &tag]);
    if !cached {
        build.arg("--no-cache");
    }
    let output = build.arg(context).output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let image = Image::read(engine, &tag);
    engine.ask(&["image", "rm", "-f", &tag])?;
    image
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn the_comparison_sees_what_a_build_changes() {
    let engine = Engine::get();
    let context = tempfile::Builder::new().prefix("layerwise-").tempdir().unwrap();
    std::fs::write(context.path().join("a"), "text").unwrap();
    let base = "FROM busybox:1.36\nCOPY a /a\nRUN cat /proc/sys/kernel/random/uuid > /noise\n";
    let seen = |after: &str| {
        let verdict = compare(engine, context.path(), base, after).unwrap();
        let places: Vec<String> = verdict.differences.iter().map(|d| format!("{} {}", d.what, d.place)).collect();
        (places.join(", "), verdict.noise)
    };
    assert_eq!(
        seen("FROM busybox:1.36\nRUN cat /proc/sys/kernel/random/uuid > /noise\nCOPY a /a\n"),
        (String::new(), 1)
    );
    assert_eq!(
        seen("FROM busybox:1.36\nRUN cat /proc/sys/kernel/random/uuid > /noise\nCOPY a /b\n").0,
        "presence a, presence b"
    );
    assert_eq!(seen(&format!("{base}ENV A=1\n")), ("config Env A".to_owned(), 0));
    assert_eq!(seen(&format!("{base}RUN chmod 600 /a\n")).0, "mode a");
    assert_eq!(seen(&format!("{base}RUN chown 5 /a\n")).0, "owner a");
    assert_eq!(seen(&format!("{base}RUN echo >> /a\n")).0, "content a");
}
