//! Rollouts that react, with a store: killed and resumed, checked, told and played.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{CALLERS_WAIT, gated, text};
use crate::support::cutover;

fn scenario(dir: &Path) -> String {
    let gates = format!(
        "{CALLERS_WAIT} \"hold\" }}, {{ signal = \"phone_wait_p95_s\", above = 120, response = \"roll_back\" }}"
    );
    let path = dir.join("adaptive.toml");
    std::fs::write(&path, text(&gated("", &gates))).expect("written");
    path.display().to_string()
}

fn arguments(scenario: &str, out: &Path) -> Vec<String> {
    let out = out.display().to_string();
    ["run", scenario, "--accounts", "60000", "--no-report", "--out", &out].map(str::to_owned).to_vec()
}

#[test]
fn killed_and_resumed_it_ends_with_the_same_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let scenario = scenario(dir.path());
    let finish = |out: &Path, more: &[&str]| {
        cutover(dir.path()).args(arguments(&scenario, out)).args(more).assert().success();
        std::fs::read(out.join("summary.json")).expect("summary.json")
    };
    let clock = cutover::process::Stopwatch::start();
    let whole = finish(&dir.path().join("whole"), &[]);
    let takes_ms = (1000.0 * clock.seconds()) as u64;
    let mut unfinished = 0;
    for round in 0..5_u64 {
        let out = dir.path().join(format!("killed{round}"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_cutover"))
            .args(arguments(&scenario, &out))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("start");
        std::thread::sleep(Duration::from_millis(takes_ms * (2 * round + 1) / 14));
        child.kill().expect("SIGKILL");
        unfinished += u32::from(!child.wait().expect("wait").success());
        let more: &[&str] = if out.join("store").is_dir() { &["--resume"] } else { &[] };
        assert_eq!(finish(&out, more), whole, "round {round}");
        cutover(dir.path()).arg("verify").arg(&out).assert().success();
    }
    assert!(unfinished >= 2, "the test must hit runs that are under way: {unfinished}");
}

/// The story of an account tells what the rollout decided, and is the one that the store has on file.
#[test]
fn a_story_tells_what_the_rollout_decided() {
    let dir = tempfile::tempdir().expect("a folder");
    let (scenario, out) = (scenario(dir.path()), dir.path().join("out"));
    cutover(dir.path()).args(arguments(&scenario, &out)).assert().success();
    let mut held = 0;
    for account in ["0", "17", "4711", "59999"] {
        let told = cutover(dir.path()).arg("explain").arg(&out).arg(account).assert().success();
        let told = String::from_utf8_lossy(&told.get_output().stdout).into_owned();
        let holds = |line: &&str| line.contains(" was held back: one caller in twenty waited longer than ");
        held += u32::from(told.lines().any(|line| holds(&line) && line.contains("  Wave ") && line.ends_with('.')));
        assert!(!told.contains("rollout: the rollout"), "{told}");
    }
    assert_eq!(held, 4, "the hold concerns everybody");
}
