//! What is promised of the build: a small tree without features, and a version of Rust that is new enough.

use std::collections::BTreeSet;
use std::process::Command;

use super::support::{read, root};

/// What cargo says. It looks no further than the lock file, and loads what of that is not on this machine yet.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(arguments)
        .arg("--locked")
        .output()
        .expect("cargo");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Names of the crates that are built with these features.
fn tree(features: &[&str]) -> BTreeSet<String> {
    let list = cargo(
        &[
            &["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}"][..],
            features,
        ]
        .concat(),
    );
    list.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn without_features_no_store_no_charts_and_no_terminal_are_built() {
    let (core, all) = (tree(&["--no-default-features"]), tree(&[]));
    for name in [
        "askama",
        "clap",
        "crossbeam-channel",
        "ctrlc",
        "indicatif",
        "plotters",
        "png",
        "sled",
        "tempfile",
        "tokio",
    ] {
        assert!(all.contains(name), "{name} is used no more: take it from this list");
        assert!(!core.contains(name), "{name} is built without features");
    }
    assert!(core.contains("cutover") && core.len() + 50 < all.len(), "{} of {} crates", core.len(), all.len());
}

/// `1.90` and `1.90.0` as numbers.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().expect("a number"));
    [(); 3].map(|()| parts.next().unwrap_or(0))
}

#[test]
fn no_dependency_asks_for_a_newer_rust_than_is_said() {
    let metadata = cargo(&["metadata", "--format-version", "1", "--all-features"]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let locked = read("Cargo.lock").matches("[[package]]").count();
    assert_eq!(packages.len(), locked, "every package of the lock file is looked at");
    let said = env!("CARGO_PKG_RUST_VERSION");
    let asked: Vec<(&str, &str)> = packages
        .iter()
        .filter(|package| package["name"] != "cutover")
        .filter_map(|package| Some((package["name"].as_str()?, package["rust_version"].as_str()?)))
        .collect();
    assert!(asked.len() > 100, "only {} packages say what they need", asked.len());
    let newer: Vec<_> = asked.iter().filter(|(_, wanted)| version(wanted) > version(said)).collect();
    assert!(newer.is_empty(), "Cargo.toml says Rust {said}, but these need more: {newer:?}");
    assert!(read("README.md").contains(&format!("Rust {said} or newer")), "README.md should say Rust {said}");
}

/// An advisory that nobody needs to ignore any more hides the next one.
#[test]
fn every_ignored_advisory_is_about_a_locked_package() {
    let deny: toml::Table = read("deny.toml").parse().expect("TOML");
    let lock = read("Cargo.lock");
    let ignored = deny["advisories"]["ignore"].as_array().expect("a list");
    assert!(!ignored.is_empty(), "sled needs some");
    for advisory in ignored {
        let (id, reason) = (advisory["id"].as_str().expect("an id"), advisory["reason"].as_str().expect("a reason"));
        let package = reason.split(',').next().unwrap_or_default();
        assert!(lock.contains(&format!("name = \"{package}\"\n")), "{id}: {package} is not in Cargo.lock");
    }
}
