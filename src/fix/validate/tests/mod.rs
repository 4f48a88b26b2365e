//! Each way a rewrite can be wrong, and those that are right.

mod configs;
mod frames;
mod orders;
mod simulate;
mod splits;
mod values;

use super::{Unproven, validate_safe};

/// Every pair must be shown to be the same.
#[track_caller]
fn same(pairs: &[(&str, &str)]) {
    for (before, after) in pairs {
        assert_eq!(validate_safe(before, after), Ok(()), "\n{before}\n-- to --\n{after}");
    }
}

/// Every pair must be refused, in both directions.
#[track_caller]
fn other(pairs: &[(&str, &str)]) {
    for (before, after) in pairs {
        assert_ne!(validate_safe(before, after), Ok(()), "\n{before}\n-- to --\n{after}");
        assert_ne!(validate_safe(after, before), Ok(()), "\n{after}\n-- to --\n{before}");
    }
}

/// `same` for the lines below `FROM a`.
#[track_caller]
fn same_stage(pairs: &[(&str, &str)]) {
    for (before, after) in pairs {
        same(&[(&format!("FROM a\n{before}\n"), &format!("FROM a\n{after}\n"))]);
    }
}

/// `other` for the lines below `FROM a`.
#[track_caller]
fn other_stage(pairs: &[(&str, &str)]) {
    for (before, after) in pairs {
        other(&[(&format!("FROM a\n{before}\n"), &format!("FROM a\n{after}\n"))]);
    }
}

fn message(before: &str, after: &str) -> String {
    validate_safe(before, after).map_or_else(|e: Unproven| e.to_string(), |()| "safe".to_owned())
}

#[test]
fn metadata_at_the_top_and_variables_in_one_instruction() {
    let before = "FROM diamol/node\n\nENV TARGET=\"blog.sixeyed.com\"\nENV METHOD=\"HEAD\"\nENV INTERVAL=\"3000\"\n\n\
                  WORKDIR /web-ping\nCOPY app.js .\n\nCMD [\"node\", \"/web-ping/app.js\"]\n";
    let after = "FROM diamol/node\n\nCMD [\"node\", \"/web-ping/app.js\"]\n\nENV TARGET=\"blog.sixeyed.com\" \\\n    \
                 METHOD=\"HEAD\" \\\n    INTERVAL=\"3000\"\n\nWORKDIR /web-ping\nCOPY app.js .\n";
    same(&[(before, after)]);
}

#[test]
fn messages_name_the_instruction_and_the_line() {
    for (before, after, want) in [
        (
            "FROM a\nRUN x\nENV A=1\n",
            "FROM a\nENV A=1\nRUN x\n",
            "RUN on line 2 would see the variables of the build differently",
        ),
        ("FROM a\nRUN x\nUSER u\n", "FROM a\nUSER u\nRUN x\n", "RUN on line 2 would see the user differently"),
        ("FROM a\nRUN x\nCOPY . .\n", "FROM a\nCOPY . .\n", "RUN on line 2 would be dropped or do something else"),
        (
            "FROM a\nCOPY . .\n",
            "FROM a\nCOPY . .\nRUN x\n",
            "the rewritten file has RUN on line 3, which the original doesn't have",
        ),
        (
            "FROM a\nCOPY . .\nRUN x\n",
            "FROM a\nRUN x\nCOPY . .\n",
            "COPY on line 2 must stay above RUN on line 3: one may touch what the other uses",
        ),
        (
            "FROM a\nENV A=1\n",
            "FROM a\nENV A=2\n",
            "the variable A of the image that stage 0 builds (its last ENV is on line 2) would change",
        ),
        ("FROM a\n# b\n", "FROM a\n", "the comment on line 2 would be lost: # b"),
        ("FROM a\n", "FROM b\n", "the base image of the FROM on line 1 would change"),
    ] {
        assert_eq!(message(before, after), want);
    }
}
