//! A disk that takes no more: every command says so and ends, nothing is half-written, and what is done is kept.
//!
//! The disk is made full by a limit on the size of files, which needs no rights: a write beyond it fails as on a full disk.

#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::support::{cutover, scenario};

/// Runs a command none of whose files may grow beyond so many kilobytes. One that does not end is killed, and fails here.
fn limited(folder: &Path, kilobytes: u64, arguments: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {}; exec timeout -s KILL 120 \"$0\" \"$@\"", 2 * kilobytes);
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_cutover")])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("sh");
    assert!(output.status.code().is_some_and(|code| code < 128), "{kilobytes} KB: {arguments:?} did not end");
    output
}

#[test]
fn a_run_on_a_full_disk_ends_says_so_and_can_go_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let tiny = scenario("tiny");
    let run = |more: &[&'static str]| -> Vec<String> {
        let arguments = [&["run", &tiny, "--out", "out"], more].concat();
        arguments.into_iter().map(str::to_owned).collect()
    };
    let asked = |more: &[&'static str]| run(more);
    let whole = {
        let whole = tempfile::tempdir().expect("a folder");
        cutover(whole.path()).args(run(&[])).assert().success();
        std::fs::read(whole.path().join("out/summary.json")).expect("summary.json")
    };
    let mut failed = 0;
    for kilobytes in [1, 8, 100, 300, 520, 700, 1_030, 1_200, 1_500, 2_000] {
        for more in [&[][..], &["--resume"]] {
            let arguments = asked(more);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = limited(dir.path(), kilobytes, &arguments);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => {}
                Some(3) => {
                    failed += 1;
                    assert!(!said.contains("panicked") && said.contains("out"), "{kilobytes} KB: {said}");
                }
                other => panic!("{kilobytes} KB: {other:?} {said}"),
            }
        }
        cutover(dir.path()).args(run(&["--resume"])).assert().success();
        assert!(std::fs::read(dir.path().join("out/summary.json")).expect("summary.json") == whole, "{kilobytes} KB");
        cutover(dir.path()).args(["verify", "out"]).assert().success();
        std::fs::remove_dir_all(dir.path().join("out")).expect("removed");
    }
    assert!(failed >= 8, "{failed} runs met the limit");
}

#[test]
fn a_plan_on_a_full_disk_is_not_half_there() {
    let dir = tempfile::tempdir().expect("a folder");
    let tiny = scenario("tiny");
    for kilobytes in [1, 40] {
        let output = limited(
            dir.path(),
            kilobytes,
            &[
                "size",
                &tiny,
                "--out",
                "plan",
                "--no-curve",
                "--set",
                "desk.target.sample_contacts=1000",
            ],
        );
        assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!dir.path().join("plan/size.json").exists() && !dir.path().join("plan/index.html").exists());
    }
}
