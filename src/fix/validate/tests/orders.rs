//! The steps that touch files.

use super::{other, other_stage, same, same_stage};

#[test]
fn steps_see_the_user_and_the_folder() {
    other_stage(&[
        ("RUN x\nUSER u", "USER u\nRUN x"),
        ("WORKDIR /w\nUSER u", "USER u\nWORKDIR /w"),
        ("COPY a b\nWORKDIR /w", "WORKDIR /w\nCOPY a b"),
        ("RUN x\nWORKDIR /w", "WORKDIR /w\nRUN x"),
        ("WORKDIR /a\nWORKDIR b", "WORKDIR /b\nWORKDIR a"),
        ("WORKDIR /a\nWORKDIR /b", "WORKDIR /b"),
        ("WORKDIR /a\nWORKDIR /b", "WORKDIR /b\nWORKDIR /a"),
        ("USER root\nWORKDIR /w\nUSER u", "WORKDIR /w\nUSER u"),
    ]);
    same_stage(&[
        ("WORKDIR /a\nWORKDIR b", "WORKDIR /a/\nWORKDIR /a/b"),
        ("WORKDIR /a\nCOPY x /b", "COPY x /b\nWORKDIR /a"),
        ("WORKDIR /a\nCOPY x .", "WORKDIR  \"/a\"\nCOPY \\\n  x   ."),
    ]);
}

#[test]
fn files_that_may_meet_keep_their_order() {
    other_stage(&[
        ("COPY a /x\nCOPY b /x", "COPY b /x\nCOPY a /x"),
        ("COPY a /x\nCOPY b /x/y", "COPY b /x/y\nCOPY a /x"),
        ("COPY a /x\nCOPY b $D", "COPY b $D\nCOPY a /x"),
        ("COPY a /x\nCOPY b y", "COPY b y\nCOPY a /x"),
        ("COPY a /x\nRUN cat /x", "RUN cat /x\nCOPY a /x"),
        ("RUN a\nRUN b", "RUN b\nRUN a"),
        ("COPY a /bin/x\nCOPY b /usr/bin/x", "COPY b /usr/bin/x\nCOPY a /bin/x"),
        ("VOLUME /v\nRUN touch /v/x", "RUN touch /v/x\nVOLUME /v"),
        ("VOLUME /v\nCOPY x /v/x", "COPY x /v/x\nVOLUME /v"),
        ("USER u\nCOPY a /etc/passwd\nWORKDIR /w", "USER u\nWORKDIR /w\nCOPY a /etc/passwd"),
        ("COPY a /etc/passwd\nCOPY --chown=u b /x", "COPY --chown=u b /x\nCOPY a /etc/passwd"),
        ("COPY a /b\nCOPY c /d\nRUN x", "COPY a /b\nRUN x\nCOPY c /d"),
    ]);
    same_stage(&[
        ("COPY a /x\nCOPY b /y", "COPY b /y\nCOPY a /x"),
        ("USER 7\nCOPY a /etc/passwd\nWORKDIR /w", "USER 7\nWORKDIR /w\nCOPY a /etc/passwd"),
        ("VOLUME /v\nCOPY x /w", "COPY x /w\nVOLUME /v"),
        ("COPY a /x\nCOPY a /x\nCOPY b /y", "COPY a /x\nCOPY b /y\nCOPY a /x"),
    ]);
    // Nothing is there yet: whoever comes first makes the folder above.
    let scratch = |a: &str, b: &str| format!("FROM scratch\n{a}\n{b}\n");
    let (a, b) = ("COPY --chown=1 a /usr/local/x", "COPY b /usr/y");
    other(&[(&scratch(a, b), &scratch(b, a))]);
}

#[test]
fn steps_keep_their_text() {
    other_stage(&[
        ("RUN a b", "RUN a  b"),
        ("RUN a \\\n  b", "RUN a \\\n    b"),
        ("RUN a", "RUN [\"a\"]"),
        ("RUN --network=none a", "RUN a"),
        ("RUN --mount=type=cache,target=/c a", "RUN --mount=type=cache,target=/d a"),
        ("RUN <<E\na\nb\nE", "RUN <<E\na\nE"),
        ("RUN <<E\na\nE", "RUN <<'E'\na\nE"),
        ("RUN <<E\na\nE", "RUN <<E\na\r\nE"),
        ("RUN <<-E\n\ta\nE", "RUN <<E\n\ta\nE"),
        ("COPY <<E /b\na\nE", "COPY <<F /b\na\nF"),
        ("COPY --link a /b", "COPY a /b"),
        ("COPY --chmod=1 a /b", "COPY --chmod=2 a /b"),
        ("COPY a /b", "COPY a /b/"),
        ("COPY a b /c/", "COPY b a /c/"),
        ("COPY a /b", ""),
        ("RUN a\nRUN a", "RUN a"),
        ("RUN a\nRUN b", "RUN a && b"),
        ("BOGUS a\nRUN b", "BOGUS c\nRUN b"),
        ("CMD [1]", "CMD [2]"),
    ]);
    same_stage(&[
        ("RUN a b", "run   a b"),
        ("RUN a \\\n  b", "RUN a   b"),
        ("RUN a \\\n# c\n  b", "# c\nRUN a \\\n\n  b"),
        ("COPY a b /c/", "COPY [\"a\", \"b\", \"/c/\"]"),
        ("COPY --link --chmod=1 a /b", "COPY --chmod=1 --link \"a\" /b"),
        ("RUN a\nCOPY b /c", "RUN a\r\nCOPY b /c\r"),
    ]);
}

#[test]
fn add_of_plain_local_files_is_copy() {
    let becomes = |words: &str| (format!("ADD {words}"), format!("COPY {words}"));
    for words in [
        ". .",
        "src/ /x",
        "a.py b.json /x/",
        "--chown=u a.jar /x",
        "[\"a b.txt\", \"/x\"]",
        "*.conf /x/",
        "<<E /x\na\nE",
    ] {
        let (add, copy) = becomes(words);
        same_stage(&[(&add, &copy), (&copy, &add)]);
    }
    for words in [
        "a /x",
        "a.tar /x",
        "a.tgz /x",
        "https://h/a.py /x",
        "git@h:a.py /x",
        "u@h:a.py /x",
        "$A.py /x",
        "a* /x",
        "a.py b /x/",
        "--unpack=false a.py /x",
        "--keep-git-dir=true . /x",
        "a.tar <<E /x\na\nE",
    ] {
        let (add, copy) = becomes(words);
        other_stage(&[(&add, &copy)]);
    }
    other_stage(&[("ADD <<E /x\na\nE", "COPY <<E /x\nb\nE"), ("ADD <<E /x\n$a\nE", "COPY <<'E' /x\n$a\nE")]);
    other_stage(&[("ADD a.py /x", "COPY a.py /y"), ("ADD --chown=1 a.py /x", "COPY a.py /x")]);
}

#[test]
fn names_of_stages_have_no_case() {
    same(&[
        (
            "FROM a AS Build\nRUN x\nFROM Build AS two\nFROM b\nCOPY --from=Build x /y\nRUN --mount=from=Build,target=/z z\n",
            "FROM a AS build\nRUN x\nFROM build AS two\nFROM b\nCOPY --from=build x /y\nRUN --mount=from=BUILD,target=/z z\n",
        ),
        ("FROM a AS b\nFROM c\nCOPY --from=b x /y\n", "FROM a as B\nFROM c\nCOPY --from=0 x /y\n"),
    ]);
    other(&[
        ("FROM a AS b\nFROM c\nCOPY --from=b x /y\n", "FROM a AS d\nFROM c\nCOPY --from=d x /y\n"),
        ("FROM a AS b\nFROM c\nCOPY --from=b x /y\n", "FROM a\nFROM c\nCOPY --from=0 x /y\n"),
        ("FROM a AS b\nFROM b\n", "FROM a AS b\nFROM a\n"),
        ("FROM a AS b\nFROM c\nCOPY --from=b x /y\n", "FROM a AS b\nFROM c\nCOPY --from=e x /y\n"),
        ("FROM c\nCOPY --from=Img x /y\n", "FROM c\nCOPY --from=img x /y\n"),
        (
            "FROM a AS b\nFROM a AS c\nFROM d\nCOPY --from=b x /y\n",
            "FROM a AS c\nFROM a AS b\nFROM d\nCOPY --from=b x /y\n",
        ),
    ]);
}

#[test]
fn long_files_are_read_in_no_time() {
    let copies: Vec<String> = (0..3000).map(|i| format!("ENV E{i}=1\nCOPY a /f{i}/x\nLABEL l=$E{i}")).collect();
    let moved = [&copies[2999..], &copies[..2999]].concat();
    let labels = ["LABEL l=1".to_owned()];
    same_stage(&[(&[&copies[..], &labels].concat().join("\n"), &[&moved[..], &labels].concat().join("\n"))]);
}

#[test]
fn a_base_that_a_variable_names_may_be_any_stage() {
    let child = |stage: &str, child: &str| format!("ARG V=b\nFROM a AS b\n{stage}\nFROM $V\n{child}\n");
    other(&[
        (&child("ARG A=1", "RUN x"), &child("", "RUN x")),
        (&child("ENV A=1", "ENV B=$A"), &child("ENV A=1", "ENV B=1")),
        (&child("", "COPY a /x\nCOPY b /y"), &child("", "COPY b /y\nCOPY a /x")),
    ]);
    same(&[(&child("ENV A=1", "COPY a /x\nENV B=$A"), &child("ENV A=1", "ENV B=$A\nCOPY a /x"))]);
    let tagged = |steps: &str| format!("ARG V=1\nFROM a:${{V:-2}}\n{steps}\n");
    same(&[(&tagged("COPY a /x\nCOPY b /y"), &tagged("COPY b /y\nCOPY a /x"))]);
}
