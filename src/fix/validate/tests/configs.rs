//! The final config.

use super::{other, other_stage, same, same_stage};

#[test]
fn the_order_of_metadata_does_not_count() {
    same_stage(&[
        ("EXPOSE 80\nEXPOSE 81", "EXPOSE 81 80"),
        ("EXPOSE 80/TCP", "EXPOSE 80"),
        ("ENV A=1\nENV B=2", "ENV B=2\nENV A=1"),
        ("LABEL a=1\nLABEL b=2", "LABEL b=2 a=1"),
        ("CMD x\nENTRYPOINT y", "ENTRYPOINT y\nCMD x"),
        ("COPY a /b\nCMD x", "CMD x\nCOPY a /b"),
        ("RUN x\nLABEL a=1\nEXPOSE 1\nSTOPSIGNAL 9", "STOPSIGNAL 9\nEXPOSE 1\nLABEL a=1\nRUN x"),
        ("RUN x\nHEALTHCHECK --retries=2 --interval=1s CMD y", "HEALTHCHECK --interval=1s --retries=2 cmd y\nRUN x"),
        ("VOLUME /a\nVOLUME /b", "VOLUME [\"/b\", \"/a\"]"),
        ("MAINTAINER x\nRUN y", "RUN y\nMAINTAINER x"),
        ("COPY a /b\nUSER u", "USER u\nCOPY a /b"),
        ("COPY a /b\nSHELL [\"x\"]", "SHELL [\"x\"]\nCOPY a /b"),
    ]);
}

#[test]
fn what_a_later_instruction_overrides_may_go() {
    same_stage(&[
        ("CMD x\nCMD y", "CMD y"),
        ("ENTRYPOINT x\nENTRYPOINT y", "ENTRYPOINT y"),
        ("HEALTHCHECK CMD x\nHEALTHCHECK NONE", "HEALTHCHECK NONE"),
        ("LABEL a=1\nLABEL a=2", "LABEL a=2"),
        ("USER a\nUSER b", "USER b"),
    ]);
    other_stage(&[
        ("CMD x\nCMD y", "CMD x"),
        ("LABEL a=1\nLABEL a=2", "LABEL a=2 a=1"),
        ("USER a\nRUN x\nUSER b", "RUN x\nUSER b"),
        ("STOPSIGNAL 9", "STOPSIGNAL 15"),
        ("EXPOSE 80", "EXPOSE 80/udp"),
        ("EXPOSE $P", "EXPOSE \"$P\""),
        ("LABEL $a=1 b=2", "LABEL b=2 $a=1"),
    ]);
}

#[test]
fn an_entry_point_takes_away_only_an_inherited_command() {
    let stages = |end: &str| format!("FROM a AS x\nCMD c\nFROM x\n{end}\n");
    other(&[
        (&stages("ENTRYPOINT e"), &stages("ENTRYPOINT e\nCMD c")),
        (&stages("ENTRYPOINT e"), &stages("")),
        ("FROM a AS x\nENTRYPOINT e\nCMD c\nFROM x\n", "FROM a AS x\nENTRYPOINT e\nFROM x\nCMD c\n"),
    ]);
    same(&[(&stages("CMD c\nENTRYPOINT e"), &stages("ENTRYPOINT e\nCMD c"))]);
}

#[test]
fn a_shell_completes_only_what_stands_below_it() {
    other_stage(&[
        ("RUN x\nSHELL [\"s\"]", "SHELL [\"s\"]\nRUN x"),
        ("CMD x\nSHELL [\"s\"]", "SHELL [\"s\"]\nCMD x"),
        ("ENTRYPOINT x\nSHELL [\"s\"]", "SHELL [\"s\"]\nENTRYPOINT x"),
        ("HEALTHCHECK CMD x\nSHELL [\"s\"]", "SHELL [\"s\"]\nHEALTHCHECK CMD x"),
        ("CMD x y", "CMD [\"x\", \"y\"]"),
        ("CMD [\"x y\"]", "CMD [\"x\", \"y\"]"),
    ]);
    same_stage(&[
        ("RUN [\"x\"]\nSHELL [\"s\"]", "SHELL [\"s\"]\nRUN [\"x\"]"),
        ("CMD [ \"x\" ]\nSHELL [\"s\"]", "SHELL [\"s\"]\nCMD [\"x\"]"),
    ]);
}

#[test]
fn triggers_keep_their_order_and_their_text() {
    other_stage(&[
        ("ONBUILD RUN x\nONBUILD RUN y", "ONBUILD RUN y\nONBUILD RUN x"),
        ("ONBUILD RUN x", "ONBUILD RUN  x"),
        ("ONBUILD RUN x", "RUN x"),
    ]);
    same_stage(&[("RUN y\nONBUILD RUN x", "ONBUILD RUN x\nRUN y")]);
    // The trigger may give A another value.
    other(&[(
        "FROM a AS b\nENV A=1\nONBUILD ENV A=2\nFROM b\nENV B=$A\n",
        "FROM a AS b\nENV A=1\nONBUILD ENV A=2\nFROM b\nENV B=1\n",
    )]);
}

#[test]
fn the_variables_of_a_stage_are_its_own_and_those_below() {
    other(&[
        ("FROM a AS b\nENV X=1\nFROM b\nENV Y=2\n", "FROM a AS b\nENV X=1\nFROM b\n"),
        ("FROM a AS b\nENV X=1\nFROM b\nENV X=2\n", "FROM a AS b\nENV X=1\nFROM b\n"),
        ("FROM a AS b\nENV X=1\nFROM b\n", "FROM a AS b\nFROM b\nENV X=1\n"),
        // Both images may be built.
        ("FROM a AS b\nENV X=1\nFROM b\nENV X=3\n", "FROM a AS b\nENV X=2\nFROM b\nENV X=3\n"),
        ("FROM a AS b\nFROM b AS c\nENV X=1\nFROM c\nENV X=1\n", "FROM a AS b\nFROM b AS c\nFROM c\nENV X=1\n"),
        ("FROM a AS b\nENV X=1\nFROM b\nARG X=2\n", "FROM a AS b\nENV X=1\nFROM b\n"),
    ]);
    same(&[
        (
            "FROM a AS b\nENV X=1\nENV Y=2\nFROM b\nENV Z=$X\nENV W=3\n",
            "FROM a AS b\nENV X=1 Y=2\nFROM b\nENV Z=1 W=3\n",
        ),
        ("FROM a AS b\nENV X=1\nFROM b\nENV X=1\n", "FROM a AS b\nENV X=1\nFROM b\n"),
    ]);
}
