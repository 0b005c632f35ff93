//! A process that is killed while it works loses nothing that it has acknowledged; and the command says so.

use std::path::Path;

use cutover::load::ack::{self, LogEntry};
use serde_json::Value;

use super::super::support::{cutover, scenario};

/// Runs `cutover load` on two thousand customers; what load.json says.
fn load(dir: &Path, more: &[&str]) -> Value {
    let assert = cutover(dir)
        .args([
            "load",
            &scenario("tiny"),
            "--out",
            "out",
            "--strategy",
            "reset-only",
            "--json",
        ])
        .args(more)
        .assert()
        .success();
    serde_json::from_slice(&assert.get_output().stdout).expect("JSON")
}

/// As many times as `CRASHES` says, ten if it says nothing.
fn crashes() -> String {
    std::env::var("CRASHES").unwrap_or_else(|_| "10".to_owned())
}

#[test]
fn nothing_acknowledged_is_lost_however_often_the_process_is_killed() {
    let dir = tempfile::tempdir().expect("a folder");
    let crashes = crashes();
    let wanted: u64 = crashes.parse().expect("a number");
    let more = [
        "--rate",
        "800/s",
        "--duration",
        &format!("{}s", 2 + wanted / 4),
        "--durability",
        "group:10ms",
    ];
    let report = load(dir.path(), &[&more[..], &["--crash-after", "250ms", "--crashes", &crashes]].concat());
    assert_eq!(report["crashes_survived"].as_u64(), Some(wanted), "{report:#}");
    assert_eq!(report["acknowledged_lost"].as_u64(), Some(0));
    assert_eq!(report["invariants_broken"].as_u64(), Some(0), "{report:#}");
    assert_eq!(report["lost_is_allowed"].as_bool(), Some(false));
    assert_eq!(report["tried"], report["acknowledged"], "after each crash the clients try again: {report:#}");
    assert!(report["acknowledged"].as_u64() > Some(1_000));
}

#[test]
fn a_store_that_is_killed_while_it_is_being_opened_loses_nothing_either() {
    let dir = tempfile::tempdir().expect("a folder");
    // No process has even started after so short a time, let alone opened the store.
    let wanted = 24;
    let more = [
        "--rate",
        "200/s",
        "--duration",
        "2s",
        "--crash-after",
        "2ms",
        "--crashes",
        "24",
    ];
    let report = load(dir.path(), &more);
    assert_eq!(report["crashes_survived"].as_u64(), Some(wanted), "{report:#}");
    assert_eq!(report["acknowledged_lost"].as_u64(), Some(0));
    assert_eq!(report["tried"], report["acknowledged"], "{report:#}");
    let mut killed = Vec::new();
    ack::read(&dir.path().join("out/store/sled/acknowledged.log"), |entry| {
        if let LogEntry::Start { killed: before, .. } = entry {
            killed.push(u64::from(before));
        }
    })
    .expect("a log");
    // Two in three were killed before they said anything; each third one was given the time to open the store.
    assert!((killed.len() as u64) < wanted / 2, "{killed:?}");
    assert!(killed.len() as u64 >= wanted / 3, "{killed:?}");
    assert!(killed.windows(2).all(|pair| pair[1] > pair[0] && pair[1] - pair[0] <= 3), "{killed:?}");
}

#[test]
fn the_same_seed_plays_the_same_sequence_at_any_rate_on_any_store() {
    let dir = tempfile::tempdir().expect("a folder");
    let short = ["--duration", "300ms", "--warm-up", "0s"];
    let hash = |more: &[&str]| load(dir.path(), &[&short[..], more].concat())["sequence_hash"].clone();
    let first = hash(&["--rate", "300/s"]);
    assert!(first.as_str().is_some_and(|hash| hash.len() == 16), "{first}");
    assert_eq!(hash(&["--rate", "2000/s", "--durability", "none"]), first);
    assert_eq!(hash(&["--closed", "--backend", "nothing"]), first);
    assert_ne!(hash(&["--rate", "300/s", "--seed", "8"]), first);
}
