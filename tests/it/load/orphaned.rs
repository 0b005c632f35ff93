//! A process that plays does not outlive the command that started it, and nobody takes its store away while it lives.

#![cfg(target_os = "linux")]

use std::time::Duration;

use super::super::support::{cutover, scenario};
use super::silent::{player, signal};
use super::start;

fn is_there(process: &str) -> bool {
    // One that has died and that nobody has asked after is gone for our purpose.
    std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn the_process_that_plays_leaves_when_its_command_has_been_killed() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut command = start(dir.path(), &["--duration", "10min"]);
    let player = player(&dir.path().join("out"));
    assert!(is_there(&player));
    command.kill().expect("SIGKILL");
    command.wait().expect("dead");
    // It looks five times a second; a busy machine may take longer.
    for _ in 0..1_500 {
        if !is_there(&player) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("process {player} is still there after 30 s");
}

#[test]
fn the_store_of_a_process_that_still_has_it_is_not_taken_away() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut command = start(dir.path(), &["--duration", "10min"]);
    let out = dir.path().join("out");
    let player = player(&out);
    // One that cannot leave, as if its disk did not come back.
    signal("-STOP", &player);
    command.kill().expect("SIGKILL");
    command.wait().expect("dead");
    let log = std::fs::read(out.join("store/sled/acknowledged.log")).expect("a log");
    let again = [
        "load",
        &scenario("tiny"),
        "--out",
        "out",
        "--rate",
        "100/s",
        "--duration",
        "1s",
    ];
    let assert = cutover(dir.path()).args(again).assert().code(3);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains(&format!("process {player}")) && said.contains("try again"), "{said}");
    assert!(!said.contains("--resume"), "{said}");
    assert!(out.join("store/sled/played").is_dir());
    assert_eq!(std::fs::read(out.join("store/sled/acknowledged.log")).expect("a log"), log);
    signal("-KILL", &player);
    cutover(dir.path()).args(again).assert().success();
}
