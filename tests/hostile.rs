//! Files that nobody writes by hand.

#[path = "support/ran.rs"]
mod ran;

use ran::{folder, run};
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Longer than any of these takes on a busy machine, in a debug build; what grows with a square takes minutes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The exit code and all that is printed for a Dockerfile with this content.
fn check(content: &[u8]) -> (i32, String) {
    let dir = folder(&[]);
    fs::write(dir.path().join("Dockerfile"), content).expect("a file can be written");
    let start = Instant::now();
    let ran = run(dir.path(), &["Dockerfile", "--format", "short"], "");
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    (ran.code, ran.out + &ran.err)
}

#[test]
fn a_file_without_an_end_is_not_read_to_it() {
    let dir = folder(&[]);
    let file = File::create(dir.path().join("Dockerfile")).expect("a file can be made");
    file.set_len(1 << 30).expect("a file may have holes");
    let ran = run(dir.path(), &["Dockerfile"], "");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("larger than 64 MiB"), "{}", ran.err);
    if Path::new("/dev/zero").exists() {
        assert_eq!(run(dir.path(), &["/dev/zero"], "").code, 2);
    }
}

#[test]
fn a_line_of_ten_megabytes_is_an_error_at_its_place() {
    let (code, out) = check(format!("FROM a:1\nRUN {}\n", "x ".repeat(5 << 20)).as_bytes());
    assert_eq!(code, 1);
    assert!(out.starts_with("Dockerfile:2:1: error["), "{}", &out[..200]);
    assert!(out.len() < 10_000, "the line itself is not printed");
}

#[test]
fn what_is_no_text_is_an_error_with_its_place() {
    let (code, out) = check(b"FROM a:1\nRUN \xff\n");
    assert!(code == 2 && out.contains("offset 13 (line 2)"), "{code} {out}");
    let utf16: Vec<u8> = "FROM a:1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (code, out) = check(&[&[0xff, 0xfe], &utf16[..]].concat());
    assert!(code == 2 && out.contains("offset 0 (line 1)"), "{code} {out}");
    // NUL is UTF-8, and the builder reads it; a terminal does not get it.
    let (code, out) = check(b"FROM a:1\nRUN \0\nMAINTAINER \0\n");
    assert!(code != 2 && !out.contains('\0'), "{code} {out:?}");
}

#[test]
fn many_stages_and_deep_nesting_end() {
    let stages: String = (1..100_000).map(|n| format!("FROM a:1 AS s{n}\nCOPY --from=s{} /a /b\n", n / 2)).collect();
    let chain: String = (0..100_000).map(|n| format!("FROM s{n} AS s{}\nENV A{n}=b\n", n + 1)).collect();
    let onbuild = format!("FROM a:1\n{}RUN x\n", "ONBUILD ".repeat(5_000));
    let nested = |open: &str, close: &str| format!("FROM a:1\nRUN {}x{}\n", open.repeat(5_000), close.repeat(5_000));
    let all = [
        format!("FROM a:1 AS s0\n{stages}"),
        format!("FROM a:1 AS s0\n{chain}"),
        onbuild,
        nested("(", ")"),
        nested("$(", ")"),
        nested("\"$(", ")\""),
        nested("{ ", "; }"),
        nested("if ", "; then x; fi"),
        format!("FROM a:1\nENV A={}x{}\n", "${A:-".repeat(5_000), "}".repeat(5_000)),
    ];
    for text in all {
        let (code, out) = check(text.as_bytes());
        assert!((0..=2).contains(&code) && !out.contains("panicked"), "{code} {}", &text[..60]);
    }
}

#[test]
fn many_findings_on_one_line_are_soon_told() {
    let commands: String = (0..20_000).map(|i| format!("\t&& sudo \u{e9}\u{1b}{i}")).collect();
    let dir = folder(&[("Dockerfile", &format!("FROM a:1\nRUN true{commands}"))]);
    for format in ["pretty", "sarif", "sonarqube", "azure", "gitlab"] {
        let start = Instant::now();
        let ran = run(dir.path(), &["Dockerfile", "--format", format], "");
        assert!(start.elapsed() < PATIENCE, "{format}: {:?}", start.elapsed());
        assert!(ran.code == 1 && ran.out.matches("DL3004").count() >= 20_000, "{format}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_loops_in_a_folder_are_passed_over() {
    let dir = folder(&[("a/Dockerfile", "FROM a:1\n")]);
    let made = Command::new("mkfifo").arg(dir.path().join("a/Dockerfile.pipe")).status().expect("mkfifo is there");
    assert!(made.success());
    std::os::unix::fs::symlink("..", dir.path().join("a/up")).expect("a link can be made");
    std::os::unix::fs::symlink("Dockerfile.loop", dir.path().join("a/Dockerfile.loop")).expect("a link can be made");
    let ran = run(dir.path(), &[], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("1 file checked"), "{}", ran.err);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_hides_no_file() {
    use std::os::unix::ffi::OsStrExt;
    let dir = folder(&[]);
    let name = std::ffi::OsStr::from_bytes(b"\xff.Dockerfile");
    fs::write(dir.path().join(name), "FROM a:1\nMAINTAINER me\n").expect("a file can be written");
    let ran = run(dir.path(), &["--format", "short"], "");
    assert!(ran.code == 1 && ran.out.contains("DL4000"), "{} {}", ran.out, ran.err);
}

#[test]
fn a_mistake_on_a_long_line_of_a_configuration_is_an_error() {
    for text in [format!("{}: 1\n", "x".repeat(70_000)), format!("{{ignore: [LW102{}], foo: 1}}", " ".repeat(70_000))] {
        let dir = folder(&[("Dockerfile", "FROM a:1\n"), (".layerwise.yaml", &text)]);
        let ran = run(dir.path(), &[], "");
        assert_eq!(ran.code, 2, "{}", ran.err.len());
        assert!(ran.err.contains(".layerwise.yaml:1: "), "{}", ran.err.chars().take(500).collect::<String>());
    }
}
