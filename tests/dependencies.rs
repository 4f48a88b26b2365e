//! What the project depends on works with the compiler that Cargo.toml names as the oldest.

use serde_json::Value;
use std::process::Command;

fn output(program: &str, args: &[&str]) -> String {
    let mut command = Command::new(program);
    let output = command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("it starts");
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

/// The packages that are compiled on this machine, tests included.
fn packages() -> Vec<Value> {
    let rustc = output("rustc", &["-vV"]);
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc says for what it compiles");
    let args = ["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host];
    let text = output(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), &args);
    let metadata: Value = serde_json::from_str(&text).expect("it is JSON");
    metadata["packages"].as_array().expect("there are packages").clone()
}

/// `1.88` and `1.88.0` as numbers.
fn version(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next())
}

#[test]
fn no_dependency_needs_a_newer_compiler() {
    let ours = version(env!("CARGO_PKG_RUST_VERSION"));
    let packages = packages();
    let said: Vec<(&Value, &str)> =
        packages.iter().filter_map(|p| Some((&p["name"], p["rust_version"].as_str()?))).collect();
    assert!(said.len() > 50, "the packages were not read: {said:?}");
    let newer: Vec<_> = said.iter().filter(|(_, needs)| version(needs) > ours).collect();
    assert!(
        newer.is_empty(),
        "Cargo.toml says {}, but these need a newer one: {newer:?}",
        env!("CARGO_PKG_RUST_VERSION")
    );
}
