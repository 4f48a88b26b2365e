//! The leaves of the tree give the text back, whatever the text is.

mod support;

use proptest::prelude::*;
use support::tree::assert_lossless;

/// Pieces that Dockerfiles are made of, put together in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "FROM a",
        "FROM a AS B",
        "RUN ",
        "RUN --mount=type=cache,target=/x ",
        "COPY --from=b a b",
        "ADD <<EOF /x",
        "ENV A=1",
        "ENV a b c",
        "ENV A=\"x\\\" y\" B='z",
        "LABEL a=b",
        "CMD [\"a\", \"\\u00e9\"]",
        "CMD [1]",
        "ONBUILD RUN x",
        "ONBUILD ONBUILD",
        "HEALTHCHECK --interval=1s CMD x",
        "EXPOSE 80",
        "ARG A=${B:-c}",
        "SHELL [\"a\"]",
        "<<EOF",
        "<<-'E F'",
        "EOF",
        "\tEOF",
        "E F",
        "# comment",
        "  # comment",
        "# escape=`",
        "# syntax=x",
        "#",
        "\\",
        " \\",
        "`",
        " \\ \t",
        "\\\\",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "é",
        "\u{feff}",
        "\u{a0}",
        "\u{2028}",
        "\"",
        "'",
        "$",
        "${",
        "}",
        "&&",
        "|",
        ";",
        "(",
        "\0",
        "--",
        "--a=",
        "[",
        "]",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|list| list.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn joined_leaves_are_the_text(text in pieces()) {
        assert_lossless(&text);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        assert_lossless(&text);
    }
}
