//! A test that has shown nothing does not pass.

use std::path::Path;

use assert_cmd::assert::Assert;
use serde_json::Value;

use super::super::support::{cutover, scenario};

fn load(dir: &Path, more: &[&str]) -> Assert {
    let duration: &[&str] = if more.contains(&"--duration") {
        &[]
    } else {
        &["--duration", "1s"]
    };
    let arguments = [
        "load",
        &scenario("tiny"),
        "--out",
        "out",
        "--warm-up",
        "0s",
        "--no-report",
    ];
    cutover(dir).args(arguments).args(duration).args(more).assert()
}

fn said(assert: &Assert) -> String {
    let output = assert.get_output();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn told(dir: &Path) -> Value {
    let bytes = std::fs::read(dir.join("out/load.json")).expect("load.json");
    serde_json::from_slice(&bytes).expect("JSON")
}

#[test]
fn a_test_that_was_to_crash_and_did_not_fails() {
    let dir = tempfile::tempdir().expect("a folder");
    let rate = ["--rate", "100/s"];
    let text = said(&load(dir.path(), &[&rate[..], &["--crash-after", "10min"]].concat()).code(1));
    let sentence = "sled was killed and opened again 0 of the 1 times that were asked for";
    assert!(text.starts_with(&format!("Not shown: {sentence}")), "{text}");
    assert_eq!(text.matches(sentence).count(), 2, "in the verdict and as the error: {text}");
    let report = told(dir.path());
    assert_eq!((report["crashes_asked"].as_u64(), report["crashes_survived"].as_u64()), (Some(1), Some(0)));
    assert!(report["failures"][0].as_str().is_some_and(|said| said.contains(sentence)), "{report:#}");

    let crashed = [&rate[..], &["--crash-after", "300ms", "--fail-if"]].concat();
    load(dir.path(), &[&crashed[..], &["crashes_survived < 1"]].concat()).success();
    let text = said(&load(dir.path(), &[&crashed[..], &["crashes_survived < 2"]].concat()).code(1));
    assert!(text.contains("crashes_survived is 1: broken"), "{text}");
}

#[test]
fn what_stores_nothing_has_not_kept_everything() {
    let dir = tempfile::tempdir().expect("a folder");
    let nothing = ["--backend", "nothing", "--closed", "--fail-if"];
    for limit in ["lost > 0", "invariants_broken > 0", "crashes_survived < 0"] {
        let text = said(&load(dir.path(), &[&nothing[..], &[limit]].concat()).code(1));
        assert!(text.contains("nothing is stored: that is no pass"), "{text}");
    }
    load(dir.path(), &[&nothing[..], &["all.max > 600s"]].concat()).success();
}

#[test]
fn a_closed_loop_that_had_nothing_left_to_ask_says_so_and_is_not_ranked() {
    let dir = tempfile::tempdir().expect("a folder");
    // Ten minutes, and requests for a second of any machine.
    let few = [
        "--closed",
        "--closed-up-to",
        "1/s",
        "--duration",
        "10min",
        "--backend",
        "sled,nothing",
    ];
    let text = said(&load(dir.path(), &few).success());
    assert!(text.contains("were used up before the time was over: sled after"), "{text}");
    assert!(text.contains("Nor is a test that ended early"), "{text}");
    let report = told(dir.path());
    assert!(report["used_up_s"].as_f64().is_some_and(|after| after < 600.0), "{report:#}");
    assert!(report["others"][0]["used_up_s"].is_f64());

    let text = said(&load(dir.path(), &["--rate", "100/s", "--closed-up-to", "1/s"]).code(2));
    assert!(text.contains("--closed"), "{text}");
}

#[test]
fn the_verdict_is_told_though_its_files_cannot_be_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let test = super::start(dir.path(), &["--duration", "4s", "--no-report"]);
    let log = dir.path().join("out/store/sled/acknowledged.log");
    while std::fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // Something of others lies where a file is to go.
    std::fs::create_dir_all(dir.path().join("out/load.json/in the way")).expect("made");
    let output = test.wait_with_output().expect("ended");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{out}{err}");
    assert!(out.starts_with("sled 0.34.7 took") || out.contains("sled 0.34.7"), "{out}");
    assert!(out.contains("acknowledged and lost") && !out.contains("Report:"), "{out}");
    assert!(err.contains("load.json"), "{err}");
}
