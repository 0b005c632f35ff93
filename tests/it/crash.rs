//! A run that is killed at any moment, or interrupted, goes on where it stopped and ends with the same bytes.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::support::{cutover, scenario};

const ACCOUNTS: &str = "60000";

fn arguments(out: &Path) -> Vec<String> {
    let out = out.display().to_string();
    [
        "run",
        &scenario("quickstart"),
        "--accounts",
        ACCOUNTS,
        "--replications",
        "2",
        "--no-report",
        "--out",
        &out,
    ]
    .map(str::to_owned)
    .to_vec()
}

fn start(out: &Path, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_cutover"))
        .args(arguments(out))
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("start")
}

fn finish(dir: &Path, out: &Path, more: &[&str]) -> Vec<u8> {
    cutover(dir).args(arguments(out)).args(more).assert().success();
    std::fs::read(out.join("summary.json")).expect("summary.json")
}

#[test]
fn a_killed_run_resumes_to_the_same_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let whole = finish(dir.path(), &dir.path().join("whole"), &[]);
    let mut unfinished = 0;
    // From before the store is there to shortly before the end, and twice over.
    for round in 0..8_u64 {
        let out = dir.path().join(format!("killed{round}"));
        for attempt in 0..3_u64 {
            let more: &[&str] = if attempt == 0 { &[] } else { &["--resume"] };
            if attempt > 0 && !out.join("store").is_dir() {
                break;
            }
            let mut child = start(&out, more);
            std::thread::sleep(Duration::from_millis(20 + 130 * round + 70 * attempt));
            child.kill().expect("SIGKILL");
            let ended = child.wait().expect("wait");
            unfinished += u32::from(!ended.success());
        }
        let more: &[&str] = if out.join("store").is_dir() { &["--resume"] } else { &[] };
        assert_eq!(finish(dir.path(), &out, more), whole, "round {round}");
        cutover(dir.path()).arg("verify").arg(&out).assert().success();
    }
    assert!(unfinished >= 3, "the test must hit runs that are under way: {unfinished}");
}

#[test]
fn a_finished_run_resumes_to_itself() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    let first = finish(dir.path(), &out, &[]);
    assert_eq!(finish(dir.path(), &out, &["--resume"]), first);
}

#[test]
fn a_run_is_not_resumed_with_another_scenario() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path().join("out");
    finish(dir.path(), &out, &[]);
    let assert = cutover(dir.path()).args(arguments(&out)).args(["--resume", "--seed", "9"]).assert().code(2);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains("started with another scenario"), "{said}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_go_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let whole = finish(dir.path(), &dir.path().join("whole"), &[]);
    for delay in [0, 200, 500] {
        let out = dir.path().join(format!("interrupted{delay}"));
        let child = Command::new(env!("CARGO_BIN_EXE_cutover"))
            .args(arguments(&out))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("start");
        while !out.join("store").is_dir() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(delay));
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
        let output = child.wait_with_output().expect("wait");
        if output.status.success() {
            continue; // It was faster than the signal.
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.contains("--resume goes on from there"), "{said}");
        assert_eq!(finish(dir.path(), &out, &["--resume"]), whole, "{delay} ms");
    }
}
