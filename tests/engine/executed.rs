//! Which steps a build really executed, read from what the client printed.

/// A step of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The stage's name as BuildKit prints it (`stage-N` for one without a name, empty if it is the only
    /// one); always empty for the classic builder, which counts through.
    pub stage: String,
    /// Its position, from 1. BuildKit counts FROM of an image, WORKDIR, COPY, ADD and RUN within the
    /// stage, and prints no number (here 0) and no stage for triggers of ONBUILD in a stage that has no step
    /// of its own; the classic builder counts every instruction of the file.
    pub position: usize,
    /// The instruction, with its variables put in.
    pub text: String,
    /// Whether the builder did its work, instead of taking it from the cache.
    pub executed: bool,
    /// The same for each trigger of ONBUILD that FROM ran. Only the classic builder tells them so; for
    /// BuildKit they are steps like others.
    pub triggers: Vec<bool>,
}

impl Step {
    /// The instruction's keyword, in capitals.
    pub fn keyword(&self) -> String {
        self.text.split_whitespace().next().unwrap_or_default().to_ascii_uppercase()
    }
}

/// The steps of a log of `--progress=plain`. FROM counts as not executed: it is printed as done even if
/// the image was there.
pub fn buildkit(log: &str) -> Vec<Step> {
    let mut steps: Vec<(u32, Step)> = Vec::new();
    for line in log.lines() {
        let Some((number, rest)) = line.strip_prefix('#').and_then(|l| l.split_once(' ')) else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        let known = steps.iter_mut().find(|(n, _)| *n == number);
        match (known, named(rest)) {
            (None, Some(step)) => steps.push((number, step)),
            (Some((_, step)), None) => {
                let done = rest.strip_prefix("DONE ").is_some_and(|time| time.ends_with('s'));
                step.executed |= done && step.keyword() != "FROM";
                if rest == "CACHED" {
                    step.executed = false;
                }
            }
            _ => {}
        }
    }
    steps.into_iter().map(|(_, step)| step).collect()
}

/// Reads `[build  2/12] RUN make`, `[2/3] RUN make` and `RUN make`, and nothing of BuildKit's own work.
fn named(text: &str) -> Option<Step> {
    let Some(bracket) = text.strip_prefix('[') else {
        let keyword = text.split(' ').next().unwrap_or_default();
        let is_step = matches!(keyword, "RUN" | "COPY" | "ADD" | "WORKDIR");
        let step = Step { stage: String::new(), position: 0, text: text.to_owned(), executed: false, triggers: vec![] };
        return is_step.then_some(step);
    };
    let (place, text) = bracket.split_once("] ")?;
    let (stage, count) = place.rsplit_once(' ').unwrap_or(("", place));
    let (position, total) = count.split_once('/')?;
    total.parse::<usize>().ok()?;
    let stage = stage.trim().to_owned();
    Some(Step {
        stage,
        position: position.trim().parse().ok()?,
        text: text.to_owned(),
        executed: false,
        triggers: Vec::new(),
    })
}

/// The steps of what the classic builder printed. FROM counts as not executed: the builder never says
/// that it took it from the cache.
pub fn classic(log: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    // How many of the triggers that FROM runs were taken from the cache so far.
    let mut cached = 0;
    for line in log.lines() {
        if let Some(step) = line.strip_prefix("Step ").and_then(numbered) {
            steps.push(step);
            cached = 0;
            continue;
        }
        let Some(step) = steps.last_mut() else { continue };
        if step.keyword() == "FROM" {
            if let Some(count) = triggers(line) {
                step.triggers = vec![true; count];
            }
            // Of a trigger that is executed, nothing is printed if it is a COPY. But below one that is, none comes
            // from the cache, so the cached ones are the first.
            if line == USING_CACHE && cached < step.triggers.len() {
                step.triggers[cached] = false;
                cached += 1;
            }
        } else if line == USING_CACHE {
            step.executed = false;
        }
    }
    // It stops at an error: the last step was begun, not done; a build that failed is not asked about.
    steps
}

const USING_CACHE: &str = " ---> Using cache";

/// Reads `# Executing 2 build triggers`.
fn triggers(line: &str) -> Option<usize> {
    let (count, rest) = line.strip_prefix("# Executing ")?.split_once(' ')?;
    if rest.starts_with("build trigger") { count.parse().ok() } else { None }
}

/// Reads ` ---> ce98c533226b`, the image that a step made.
fn id(line: &str) -> Option<&str> {
    line.strip_prefix(" ---> ").filter(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Reads `3/7 : RUN make`.
fn numbered(text: &str) -> Option<Step> {
    let (place, text) = text.split_once(" : ")?;
    let (position, total) = place.split_once('/')?;
    total.parse::<usize>().ok()?;
    let position = position.parse().ok()?;
    let mut step = Step { stage: String::new(), position, text: text.to_owned(), executed: true, triggers: Vec::new() };
    step.executed = step.keyword() != "FROM";
    Some(step)
}

/// The images that a build left behind, the last one first: what it made, not what it started from.
pub fn images(log: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let mut from = false;
    for line in log.lines() {
        if let Some(step) = line.strip_prefix("Step ").and_then(numbered) {
            from = step.keyword() == "FROM";
            continue;
        }
        from &= !line.starts_with("# Executing ");
        let id = match id(line) {
            Some(id) if !from => id,
            _ => match line.split_once(" writing image sha256:") {
                Some((_, rest)) => rest.split(' ').next().unwrap_or(rest),
                None => continue,
            },
        };
        if !list.iter().any(|known| known == id) {
            list.insert(0, id.to_owned());
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(steps: &[Step]) -> Vec<String> {
        let mark = |s: &Step| if s.executed { "ran" } else { "-" };
        steps.iter().map(|s| format!("{} {} {} {}", s.stage, s.position, s.text, mark(s))).collect()
    }

    #[test]
    fn buildkit_tells_what_is_done_and_what_is_cached() {
        let log = "#0 building with \"default\" instance using docker driver\n\n\
                   #1 [internal] load build definition from Dockerfile\n#1 transferring dockerfile: 253B done\n\
                   #1 DONE 0.1s\n\n#4 [base  1/10] FROM docker.io/library/busybox:1.36\n#4 DONE 0.0s\n\n\
                   #6 [base  2/10] WORKDIR /app\n#6 CACHED\n\n#9 [stage-1 1/2] RUN echo CACHED\n#9 0.253 CACHED\n\
                   #9 0.253 DONE 3\n\n#7 [base 10/10] COPY a b/\n#7 DONE 0.1s\n\n#9 [stage-1 1/2] RUN echo CACHED\n\
                   #9 DONE 0.3s\n\n#10 [stage-1 2/2] RUN false\n#10 ERROR: process did not complete\n\n\
                   #12 exporting to image\n#12 writing image sha256:83b8df done\n#12 DONE 0.2s\n";
        let steps = buildkit(log);
        let expected = [
            "base 1 FROM docker.io/library/busybox:1.36 -",
            "base 2 WORKDIR /app -",
            "stage-1 1 RUN echo CACHED ran",
            "base 10 COPY a b/ ran",
            "stage-1 2 RUN false -",
        ];
        assert_eq!(shown(&steps), expected);
        assert_eq!(images(log), ["83b8df"]);
    }

    #[test]
    fn buildkit_names_no_stage_where_there_is_one() {
        assert_eq!(shown(&buildkit("#5 [2/3] run x\n#5 DONE 1.0s\n")), [" 2 run x ran"]);
        assert!(buildkit("#5 [auth] library/busybox:pull\n#5 DONE 1.0s\n[2/3] RUN x\n").is_empty());
    }

    #[test]
    fn buildkit_numbers_no_trigger_in_a_stage_without_steps() {
        let log = "#6 [s0 2/2] RUN make\n#6 DONE 0.1s\n#7 COPY [two blanks.txt, /srv/]\n#7 CACHED\n\
                   #8 RUN echo x > /x\n#8 0.1 RUN y\n#8 DONE 0.0s\n#9 exporting to image\n#9 DONE 0.0s\n";
        let expected = ["s0 2 RUN make ran", " 0 COPY [two blanks.txt, /srv/] -", " 0 RUN echo x > /x ran"];
        assert_eq!(shown(&buildkit(log)), expected);
    }

    #[test]
    fn classic_counts_every_instruction() {
        let log = "Sending build context to Docker daemon  3.072kB\nStep 1/6 : ARG X=1\nStep 2/6 : FROM busybox AS a\n\
                   \x20---> 23cde01dbbc8\nStep 3/6 : ENV A=1\n ---> Using cache\n ---> 68ed04326809\n\
                   Step 4/6 : COPY a.txt .\n ---> aca6610b2d6e\nStep 5/6 : FROM scratch\n ---> \n\
                   Step 6/6 : RUN x\n ---> Running in efbe766cac8d\nx\n ---> Removed intermediate container efbe766cac8d\n\
                   \x20---> ce98c533226b\nSuccessfully built ce98c533226b\n";
        let expected = [
            " 1 ARG X=1 ran",
            " 2 FROM busybox AS a -",
            " 3 ENV A=1 -",
            " 4 COPY a.txt . ran",
            " 5 FROM scratch -",
            " 6 RUN x ran",
        ];
        assert_eq!(shown(&classic(log)), expected);
        assert_eq!(images(log), ["ce98c533226b", "aca6610b2d6e", "68ed04326809"]);
    }

    #[test]
    fn classic_runs_triggers_within_from() {
        // The second trigger is a COPY, of which nothing is printed.
        let log = "Step 1/2 : FROM a\n# Executing 3 build triggers\n ---> Using cache\n\
                   \x20---> Running in efbe766cac8d\nhi\n ---> Removed intermediate container efbe766cac8d\n\
                   \x20---> 333333333333\nStep 2/2 : RUN x\n ---> Using cache\n ---> 444444444444\n";
        let steps = classic(log);
        assert_eq!(steps[0].triggers, [false, true, true]);
        assert_eq!(shown(&steps), [" 1 FROM a -", " 2 RUN x -"]);
        assert_eq!(images(log), ["444444444444", "333333333333"]);
        let cached = "Step 1/1 : FROM a\n# Executing 2 build triggers\n ---> Using cache\n ---> Using cache\n\
                      \x20---> 333333333333\n";
        assert_eq!(classic(cached)[0].triggers, [false, false]);
        assert_eq!(classic("Step 1/1 : FROM a\n# Executing 1 build trigger\n ---> 333333333333\n")[0].triggers, [true]);
    }
}
