use super::*;
use proptest::prelude::*;

/// The logs were made by an engine (26.1) from `stages.Dockerfile` and smaller files.
const STAGES: &str = include_str!("../../../testdata/logs/stages.log");
const AGAIN: &str = include_str!("../../../testdata/logs/again.log");
const CUT: &str = include_str!("../../../testdata/logs/cut.log");
const FAILED: &str = include_str!("../../../testdata/logs/failed.log");
const CLASSIC: &str = include_str!("../../../testdata/logs/classic.log");

/// The instructions of `stages.Dockerfile` as written, lines joined, and what the log says.
const WRITTEN: &[(&str, &str, f64)] = &[
    ("build", "RUN   sleep 1.2 &&     echo \"made by $TOOL\"   >   made", 1.3),
    ("build", "run sleep 1.2 && \\\n echo \"made by ${TOOL}\" > made", 1.3),
    (
        "build",
        "RUN --mount=type=cache,target=/cache <<EOF\nmkdir -p $OUT\necho 'two  words' > $OUT/x\nsleep 0.4\nEOF",
        0.5,
    ),
    ("build", r#"RUN ["sh", "-c", "sleep 0.3; echo $TOOL \"x\""]"#, 0.4),
    ("build", "COPY src ${DIR}/src", 0.0),
    ("stage-1", "ADD --chmod=644 package.json \"/etc/${NOPE}package.json\"", 0.0),
    ("stage-1", "COPY --from=build /out/x /x", 0.0),
    (
        "BUILD",
        "RUN for i in 1 2 3; do echo \"[build 9/9] RUN line $i\"; sleep 0.2; done; echo '#7 DONE 99.0s'; echo \"DONE 99.0s\"; \
         : a long tail of words that goes on and on and on so that it is longer than what fits ${TOOL} ${NOPE} \\$X",
        0.7,
    ),
];

#[test]
fn a_plain_log_gives_the_seconds_of_what_was_written() {
    for log in [STAGES, CUT, &STAGES.replace('\n', "\r\n"), &format!("{FAILED}{STAGES}")] {
        let timings = Timings::parse(log).unwrap();
        for (stage, text, seconds) in WRITTEN {
            assert_eq!(timings.seconds_for(Some(stage), text), Some(*seconds), "{text}\n{log}");
        }
        assert_eq!(timings.seconds_for(None, "RUN nothing like it"), None);
        assert_eq!(timings.seconds_for(Some("other"), WRITTEN[0].1), None);
    }
    let timings = Timings::parse(STAGES).unwrap();
    assert_eq!(timings.steps.len(), 11, "what a RUN prints is no step");
    assert_eq!(timings.steps[3].position, Some((2, 4)));
    assert_eq!(timings.seconds_for(None, "RUN sleep 0.7; echo side by side"), Some(0.9));
}

#[test]
fn a_step_that_is_cached_later_keeps_the_time_of_its_last_run() {
    let again = Timings::parse(AGAIN).unwrap();
    assert_eq!(again.seconds_for(Some("stage-1"), "RUN sleep 0.7; echo side by side"), None);
    assert!(again.steps.iter().any(|step| step.cached && step.text == "WORKDIR /work"));
    let both = Timings::parse(&format!("{STAGES}{AGAIN}")).unwrap();
    assert_eq!(both.steps.len(), 22);
    assert_eq!(both.seconds_for(Some("stage-1"), "RUN sleep 0.7; echo side by side"), Some(0.9));
}

#[test]
fn a_failed_step_has_no_time() {
    let timings = Timings::parse(FAILED).unwrap();
    assert_eq!(timings.seconds_for(None, "RUN sleep 0.5"), Some(0.6));
    assert_eq!(timings.seconds_for(None, "RUN echo before; false"), None);
    assert!(timings.steps[0].cached);
}

#[test]
fn lines_may_be_coloured_and_stamped() {
    let log = "2024-05-01T10:00:00.1234567Z \u{1b}[36m#5 [linux/amd64 web 2/3] RUN a\u{1b}[0m\r\n\
               2024-05-01T10:00:01.1234567Z #5 DONE 1.5s\r\n#6 [linux/arm64 2/3] RUN b\n#6 DONE 0.5s 0.2s\n";
    let timings = Timings::parse(log).unwrap();
    assert_eq!(timings.steps[0].stage.as_deref(), Some("web"));
    assert_eq!(timings.steps[0].seconds, Some(1.5));
    assert_eq!((timings.steps[1].stage.as_deref(), timings.steps[1].seconds), (None, Some(0.7)));
}

#[test]
fn steps_without_times_are_recognised() {
    let timings = Timings::parse(CLASSIC).unwrap();
    assert_eq!((timings.steps.len(), timings.steps[2].position), (12, Some((3, 6))));
    assert_eq!(timings.steps[2].stage.as_deref(), Some("build"));
    assert_eq!(timings.steps[4].stage, None);
    assert_eq!(timings.steps.iter().filter(|step| step.cached).count(), 4);
    assert!(timings.steps.iter().all(|step| step.seconds.is_none()));
    let buildah = Timings::parse("[1/2] STEP 2/3: RUN a\n--> Using cache 12ab\nSTEP 3/3: RUN b\n").unwrap();
    assert_eq!(buildah.steps.iter().map(|s| s.cached).collect::<Vec<_>>(), [true, false]);
}

const RAW: &str = r#"{"vertexes":[{"digest":"d1","name":"[internal] load build context"},{"digest":"d2","name":"[build 2/3] RUN a"}]}
{"vertexes":[{"digest":"d2","started":"2024-02-29T23:59:58.5Z"}],"logs":null}
{"statuses":[{"id":"x"}]}
{"vertexes":[{"digest":"d2","name":"[build 2/3] RUN a","started":"2024-02-29T23:59:58.5Z","completed":"2024-03-01T02:00:01+02:00"},
 {"digest":"d3","name":"[build 3/3] RUN b","started":"2024-03-01T00:00:01Z","completed":"2024-03-01T00:00:02Z","cached":true}]}
"#;

#[test]
fn raw_json_is_merged_over_its_lines() {
    let timings = Timings::parse(RAW).unwrap();
    assert_eq!(timings.seconds_for(Some("build"), "RUN a"), Some(2.5));
    assert_eq!((timings.steps[1].cached, timings.steps[1].seconds), (true, None));
    let later = RAW.replace("2024", "2025").replace("02-29", "02-28");
    let both = Timings::parse(&format!("{RAW}{later}")).unwrap();
    assert_eq!(both.steps.len(), 4, "a second build has the same digests");
    assert_eq!(Timings::parse(&format!("{RAW}{{\"vert")).unwrap(), timings, "interrupted");
}

#[test]
fn a_long_log_is_read_in_one_pass() {
    let start = std::time::Instant::now();
    let log = format!("{RAW}{}", "{\"vertexes\":[]}\n".repeat(20_000));
    assert_eq!(Timings::parse(&log).unwrap(), Timings::parse(RAW).unwrap());
    // Counting lines anew for each of them takes more than half a minute in a build for tests.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert_eq!(Timings::parse("{\"logs\":[]}\n\n{\"logs\":[]}\n{\"a\":1}\n").unwrap_err().line, 3);
}

#[test]
fn what_is_no_log_is_refused_with_its_line() {
    let error = |text: &str| Timings::parse(text).unwrap_err();
    assert_eq!(error("").line, 1);
    assert!(error("hello\nworld").message.contains("no build step"));
    assert_eq!(error(&format!("{RAW}{{\"vertexes\":7}}\n")).line, 6);
    assert!(error("{\"Name\":\"x\",\"NumTotalSteps\":7}").message.contains("history logs"));
    assert!(error("{\"a\":1}").message.contains("vertexes"));
}

#[test]
fn two_steps_that_can_not_be_told_apart_give_nothing() {
    let log = "#5 [2/3] RUN make PART=one\n#5 DONE 1.0s\n#6 [3/3] RUN make PART=two\n#6 DONE 2.0s\n";
    let timings = Timings::parse(log).unwrap();
    assert_eq!(timings.seconds_for(None, "RUN make PART=$PART"), None);
    assert_eq!(timings.seconds_for(None, "RUN make PART=two"), Some(2.0));
    assert_eq!(timings.seconds_for(None, "RUN $ANY"), None);
}

proptest! {
    #[test]
    fn nothing_panics(text in "(\\PC|[\n\r\u{1b}]|#[0-9] (\\[a 1/2\\] RUN x|DONE 1.0s|CACHED)\n|\\{\"vertexes\":|Step 1/2 : ){0,40}", asked: String) {
        if let Ok(timings) = Timings::parse(&text) {
            let _ = timings.seconds_for(None, &asked);
            let _ = timings.seconds_for(Some("a"), &timings.steps[0].text);
        }
    }

    #[test]
    fn matching_does_not_panic(logged: String, asked in "RUN [a-c$ {}<(.é\"\\\\]{0,30}") {
        let step = TimedStep { stage: None, position: None, text: logged, seconds: Some(1.0), cached: false };
        let timings = Timings { steps: vec![step.clone(), TimedStep { text: asked.clone(), ..step }] };
        let _ = timings.seconds_for(None, &asked);
    }

    #[test]
    fn times_do_not_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(Z|[+-][0-9é:]{5})") {
        let _ = json::nanoseconds(&text);
    }
}
