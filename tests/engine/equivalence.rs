//! Whether two Dockerfiles make the same image.

use crate::compare::{Difference, Image, Noise, differences};
use crate::engine::Engine;
use crate::image::{Built, How};
use layerwise::model::Model;
use layerwise::syntax;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

/// A Dockerfile before and after a change to it.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    pub before: &'a str,
    pub after: &'a str,
    /// The folders that they are built with.
    pub contexts: [&'a Path; 2],
    /// Image names and the local images that stand for them.
    pub images: &'a [(String, String)],
}

/// What two builds, or more, have shown.
#[derive(Debug)]
pub enum Verdict {
    /// The last stage, and every other one with a name that can be built, is the same; so many facts were noise.
    Same { noise: usize },
    /// The first stage that is not the same, and what differs.
    Different { stage: usize, found: Vec<Difference> },
    /// The file builds before the change, but not after it.
    Broken(String),
    /// The file does not build before the change, so there is nothing to keep.
    NotBuildable(String),
}

impl Pair<'_> {
    /// Builds both and compares the stages, up to the first that is not the same.
    pub fn verdict(&self, engine: &Engine) -> Verdict {
        let mut different = None;
        let compared = self.compare(engine, |stage, found| {
            different = Some(Verdict::Different { stage, found });
            false
        });
        different.unwrap_or_else(|| compared.map_or_else(|verdict| verdict, |noise| Verdict::Same { noise }))
    }

    /// Builds both and gives what differs in any stage.
    ///
    /// # Errors
    /// The verdict, if one of them can't be built.
    pub fn differences(&self, engine: &Engine) -> Result<Vec<Difference>, Verdict> {
        let mut all = Vec::new();
        self.compare(engine, |_, found| {
            all.extend(found);
            true
        })?;
        Ok(all)
    }

    /// Compares the stages, as long as `different` says to go on; gives how many facts were noise.
    fn compare(
        &self,
        engine: &Engine,
        mut different: impl FnMut(usize, Vec<Difference>) -> bool,
    ) -> Result<usize, Verdict> {
        let stages = stages(self.before);
        let Some(last) = stages.len().checked_sub(1) else {
            return Err(Verdict::NotBuildable("it has no stage".into()));
        };
        let mut noise = 0;
        // The last stage is what most people build: it goes first, and what its build made is there for the others.
        for stage in (0..=last).rev() {
            let target = stages[stage].as_deref().filter(|_| stage < last);
            if target.is_none() && stage < last {
                continue;
            }
            let how = How { target, images: self.images, ..How::default() };
            let before = match Built::new(engine, self.before, self.contexts[0], how) {
                Ok(built) => built,
                // A stage that nothing builds may be broken, as long as it stays so.
                Err(_) if stage < last => continue,
                Err(said) => return Err(Verdict::NotBuildable(said)),
            };
            let after = Built::new(engine, self.after, self.contexts[1], how).map_err(Verdict::Broken)?;
            let fresh = How { fresh: true, ..how };
            let again = || Built::new(engine, self.before, self.contexts[0], fresh);
            let changed_again = || Built::new(engine, self.after, self.contexts[1], fresh);
            let (found, subtracted) = compare(&before, &after, again, changed_again).map_err(Verdict::NotBuildable)?;
            noise += subtracted;
            if !found.is_empty() && !different(stage, found) {
                break;
            }
        }
        Ok(noise)
    }
}

/// What differs beside noise, and how much noise there is. The noise is learnt from a third build, and from a fourth
/// where it is the changed one that came out otherwise once; they are made only if there is something to subtract it from.
fn compare<'e>(
    before: &Built<'e>,
    after: &Built<'e>,
    again: impl FnOnce() -> Result<Built<'e>, String>,
    changed_again: impl FnOnce() -> Result<Built<'e>, String>,
) -> Result<(Vec<Difference>, usize), String> {
    let (old, new) = images(before, after)?;
    let found = differences(&old, &new);
    if found.is_empty() {
        return Ok((found, 0));
    }
    let again = again()?;
    // The same layers were compared by their config alone, so the files are still to be read.
    let old = if old.files.is_empty() { before.image()? } else { old };
    let noise = Noise::between(&old, &again.image()?);
    let left = noise.subtract(found);
    if left.is_empty() {
        return Ok((left, noise.len()));
    }
    let new = if new.files.is_empty() { after.image()? } else { new };
    let more = Noise::between(&new, &changed_again()?.image()?);
    Ok((more.subtract(left), noise.len() + more.len()))
}

fn images(before: &Built<'_>, after: &Built<'_>) -> Result<(Image, Image), String> {
    if before.layers()? == after.layers()? {
        let config_only = |built: &Built<'_>| Ok::<_, String>(Image { config: built.config()?, ..Image::default() });
        return Ok((config_only(before)?, config_only(after)?));
    }
    Ok((before.image()?, after.image()?))
}

/// The names of the stages.
fn stages(text: &str) -> Vec<Option<String>> {
    Model::new(&syntax::parse(text)).stages.into_iter().map(|stage| stage.name).collect()
}

/// What `f` gives for each item, in order. A build waits for the network and the engine more than it works.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads can be started");
    pool.install(|| items.par_iter().with_max_len(1).map(f).collect())
}

/// The first differences, a line each.
pub fn list(found: &[Difference]) -> String {
    const MOST: usize = 12;
    let mut text = String::new();
    for difference in found.iter().take(MOST) {
        let _ = writeln!(text, "      {difference}");
    }
    if found.len() > MOST {
        let _ = writeln!(text, "      and {} more", found.len() - MOST);
    }
    text
}

#[test]
#[ignore = "needs a Docker engine: tests/engine/setup.sh"]
fn the_engine_shows_what_differs() {
    const ROOT: &str = "FROM busybox:1.36\n";
    let context = tempfile::Builder::new().prefix("layerwise-").tempdir().unwrap();
    std::fs::write(context.path().join("a"), "text\n").unwrap();
    let start = Instant::now();
    let tail = |said: &str| said[said.rfind("exit code").unwrap_or_default()..].to_owned();
    let found = |before: &str, after: &str| {
        let (before, after) = (format!("{ROOT}{before}"), format!("{ROOT}{after}"));
        let pair = Pair { before: &before, after: &after, contexts: [context.path(); 2], images: &[] };
        match pair.verdict(Engine::get()) {
            Verdict::Same { noise } => vec![format!("same, noise {noise}")],
            Verdict::Different { stage, found } => found.iter().map(|d| format!("{stage} {d}")).collect(),
            Verdict::Broken(said) => vec![format!("broken: {}", tail(&said))],
            Verdict::NotBuildable(said) => vec![format!("not buildable: {}", tail(&said))],
        }
    };
    let cases: [(&str, &str, &[&str]); 16] = [
        ("COPY a /a\nCMD [\"a\"]\n", "CMD [\"a\"]\nCOPY a /a\n", &["same, noise 0"]),
        ("CMD [\"a\"]\n", "CMD [\"b\"]\n", &[r#"0 config: Cmd: [\"a\"] -> [\"b\"]"#]),
        ("ENV A=1\nENV B=$A\n", "ENV A=1 B=$A\n", &[r#"0 config: Env B: 1 -> """#]),
        (
            "EXPOSE 80\n",
            "EXPOSE 81\n",
            &["0 config: ExposedPorts 80/tcp: {} -> none", "0 config: ExposedPorts 81/tcp: none -> {}"],
        ),
        (
            "SHELL [\"/bin/sh\", \"-ec\"]\nCMD a\n",
            "CMD a\nSHELL [\"/bin/sh\", \"-ec\"]\n",
            &[r#"0 config: Cmd: [\"/bin/sh\",\"-ec\",\"a\"] -> [\"/bin/sh\",\"-c\",\"a\"]"#],
        ),
        ("COPY a /a\n", "COPY --chmod=600 a /a\n", &["0 /a: mode: 0644 -> 0600"]),
        ("COPY a /a\n", "COPY --chown=5:6 a /a\n", &["0 /a: owner: 0:0 -> 5:6"]),
        ("USER 5\nWORKDIR /w\n", "WORKDIR /w\nUSER 5\n", &["0 /w: owner: 5:5 -> 0:0"]),
        ("RUN ln -s a /l\n", "RUN ln -s b /l\n", &["0 /l: target: a -> b"]),
        ("RUN echo a >/f\n", "RUN echo b >/f\n", &["0 /f: content: a\\n -> b\\n"]),
        (
            "RUN echo a >/f\n",
            "RUN mkdir /f\n",
            &["0 /f: content: a\\n -> none", "0 /f: mode: 0644 -> 0755", "0 /f: type: file -> folder"],
        ),
        (
            "COPY a /a\n",
            "COPY a /b\n",
            &[
                "0 /a: path: mode 0644, owner 0:0, type file, content text\\n -> none",
                "0 /b: path: none -> mode 0644, owner 0:0, type file, content text\\n",
            ],
        ),
        // Noise: the first line differs from build to build, and is no cause to overlook the second.
        (
            "RUN cat /proc/sys/kernel/random/uuid >/id\n",
            "RUN cat  /proc/sys/kernel/random/uuid >/id\n",
            &["same, noise 1"],
        ),
        (
            "RUN cat /proc/sys/kernel/random/uuid >/id\n",
            "RUN cat /proc/sys/kernel/random/uuid >/id; chmod 600 /id\n",
            &["0 /id: mode: 0644 -> 0600"],
        ),
        ("RUN true\n", "RUN false\n", &["broken: exit code: 1"]),
        ("RUN false\n", "RUN true\n", &["not buildable: exit code: 1"]),
    ];
    let failures: Vec<String> = cases
        .iter()
        .map(|&(before, after, want)| (before, found(before, after), want))
        .filter(|(_, got, want)| got != want)
        .map(|(before, got, want)| format!("{before}  {got:#?} instead of {want:#?}"))
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let stages = |mode: &str| {
        format!("RUN true\nFROM busybox:1.36 AS a\nCOPY --chmod={mode} a /a\nFROM busybox:1.36\nCOPY a /a\n")
    };
    assert_eq!(found(&stages("600"), &stages("644")), ["1 /a: mode: 0600 -> 0644"], "every stage is compared");
    println!("{} pairs in {:.1?}", cases.len() + 1, start.elapsed());
}
