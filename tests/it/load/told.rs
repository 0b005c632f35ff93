//! What `cutover load` takes, says and leaves behind.

use std::path::Path;

use assert_cmd::assert::Assert;
use serde_json::Value;

use super::super::support::{cutover, scenario};

fn load(dir: &Path, more: &[&str]) -> Assert {
    let scenario = scenario("tiny");
    let mut all = vec!["load", &scenario, "--out", "out"];
    all.extend(more);
    cutover(dir).args(all).assert()
}

fn said(assert: &Assert) -> String {
    let output = assert.get_output();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn bad_arguments_are_refused_before_anything_is_done() {
    let dir = tempfile::tempdir().expect("a folder");
    for (arguments, expected) in [
        (&["--rate", "fast"][..], "requests per second"),
        (&["--rate", "100/s", "--closed"], "cannot be used with"),
        (&["--durability", "group"], "group:10ms"),
        (&["--window", "yesterday"], "peak-hour"),
        (&["--window", "2031-01-01T00:00/PT1H"], "the window must lie within"),
        (&["--backend", "rocksdb"], "sled"),
        (&["--backend", "rocksdb"], "allowed are sled"),
        (
            &["--backend", "memory"],
            "forgotten with its process, and so cannot be filled for it: allowed are sled",
        ),
        (&["--silence", "10ms"], "at least 1s"),
        (&["--backend", "sled,sled"], "named twice"),
        (&["--find-limit", "p98=20ms"], "p99=20ms"),
        (&["--find-limit", "p99=20ms", "--backend", "sled,nothing"], "a single --backend"),
        (&["--warm-up", "2s", "--duration", "1s"], "expected less"),
        (&["--fail-if", "redem.p99 > 20ms"], "redeem"),
        (&["--fail-if", "archive.p99 > 20ms"], "no request of kind archive"),
        (&["--crashes", "3"], "--crash-after"),
        (&["--workers", "0"], "1..=1024"),
        (&["--rate", "10000000/s", "--duration", "1000h"], "at most 200,000,000"),
    ] {
        let assert = load(dir.path(), arguments).code(2);
        let said = said(&assert);
        assert!(said.contains(expected), "{arguments:?} should say {expected}:\n{said}");
        let allows_memory = said.split_once("allowed are").is_some_and(|(_, allowed)| allowed.contains("memory"));
        assert!(!allows_memory && !said.contains("--resume"), "{arguments:?}:\n{said}");
        assert!(!dir.path().join("out/load.json").exists());
    }
}

#[test]
fn a_test_leaves_a_report_and_verifies_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let assert = load(
        dir.path(),
        &[
            "--rate",
            "300/s",
            "--duration",
            "2s",
            "--warm-up",
            "500ms",
            "--backend",
            "sled,nothing",
        ],
    );
    let text = said(&assert.success());
    for part in [
        "sled 0.34.7",
        "acknowledged and lost",
        "Before you believe it",
        "Report: out/index.html",
        "sequence ",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let out = dir.path().join("out");
    for file in [
        "load.json",
        "index.html",
        "sled-latency.hgrm",
        "sled-latency.hlog",
        "nothing-service.hgrm",
        "charts/percentiles.svg",
    ] {
        assert!(out.join(file).is_file(), "{file}");
    }
    let report: Value = serde_json::from_slice(&std::fs::read(out.join("load.json")).expect("read")).expect("JSON");
    assert_eq!(report["tried"], report["acknowledged"]);
    assert_eq!(report["others"][0]["backend"], "nothing");

    let assert = cutover(dir.path()).args(["verify", "out"]).assert().success();
    let again = said(&assert);
    let acknowledged = report["acknowledged"].as_u64().expect("a number").to_string();
    assert!(again.contains(&acknowledged) || again.replace(',', "").contains(&acknowledged), "{again}");
    // A store that has forgotten what it acknowledged does not pass.
    let played = out.join("store/sled/played");
    std::fs::remove_dir_all(&played).expect("removed");
    let copy = std::process::Command::new("cp")
        .arg("-r")
        .arg(out.join("store/sled/preloaded"))
        .arg(&played)
        .status();
    assert!(copy.expect("copied").success());
    let assert = cutover(dir.path()).args(["verify", "out"]).assert().code(1);
    assert!(said(&assert).contains("are lost"), "{}", said(&assert));

    // The preload is used again, and the folder is known as one of a load test.
    let assert = load(dir.path(), &["--rate", "300/s", "--duration", "1s", "--json"]).success();
    let report: Value = serde_json::from_slice(&assert.get_output().stdout).expect("JSON");
    assert_eq!(report["preload"]["reused"], true);
    let assert = cutover(dir.path()).args(["run", &scenario("tiny"), "--out", "out"]).assert().code(2);
    assert!(said(&assert).contains("load.json"), "{}", said(&assert));
}

#[test]
fn a_limit_that_is_not_kept_fails_the_test() {
    let dir = tempfile::tempdir().expect("a folder");
    let play = |limit: &str| load(dir.path(), &["--rate", "200/s", "--duration", "2s", "--fail-if", limit]);
    let text = said(&play("all.p50 > 0.001ms").code(1));
    assert!(text.contains("all.p50 > 0.001ms") && text.contains("broken"), "{text}");
    assert!(dir.path().join("out/load.json").is_file(), "a test that fails is told all the same");
    play("lost > 0").success();
}

#[test]
fn the_limit_is_searched_for_and_told() {
    let dir = tempfile::tempdir().expect("a folder");
    // So few requests show nothing: the search goes down, ends, and says so.
    let arguments = [
        "--find-limit",
        "p50=2ms",
        "--rate",
        "2/s",
        "--duration",
        "2s",
        "--warm-up",
        "0s",
        "--json",
    ];
    let assert = load(dir.path(), &arguments).success();
    let report: Value = serde_json::from_slice(&assert.get_output().stdout).expect("JSON");
    let limit = &report["limit"];
    assert!(
        limit["held_per_s"].is_null() && limit["trials"].as_array().is_some_and(|trials| trials.len() > 1),
        "{limit:#}"
    );
    assert!(
        limit["verdict"].as_str().is_some_and(|said| said.contains("50 % of the requests within 2 ms")),
        "{limit:#}"
    );
    assert!(dir.path().join("out/charts/knee.svg").is_file());
}
