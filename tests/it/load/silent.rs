//! A store that stops answering ends the test, which says so.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use cutover::identity::trees::TreeStore;
use cutover::identity::trees::faulty::{Fault, Faulty};
use cutover::identity::trees::memory::MemoryTrees;
use cutover::load::ack::{self, LogEntry, StoreAnswer};
use cutover::load::durability::Durability;
use cutover::load::pace::Pace;
use cutover::load::player::{PlayPlan, PlayResult};

use super::{Ground, entries};

const ENDLESS: Fault = Fault::Stall(Duration::MAX);

fn play(
    change: impl Fn(&mut PlayPlan),
    plant: impl Fn(Faulty<MemoryTrees>) -> Faulty<MemoryTrees>,
) -> (PlayResult, Vec<LogEntry>) {
    let ground = Ground::new("2026-03-02/P28D");
    let store = MemoryTrees::default();
    ground.preload(&store, 1);
    let store: Arc<dyn TreeStore> = Arc::new(plant(Faulty::new(store)));
    let dir = tempfile::tempdir().expect("a folder");
    let log = dir.path().join("log");
    let mut plan = ground.plan(Some(Pace::Steady(1_000.0)), 1);
    plan.silence_us = 1_000_000;
    change(&mut plan);
    let (played, _) = ground.play(store, &plan, &log);
    let held = ack::read(&log, |_| ()).expect("a log");
    assert!(held.ended && held.torn_bytes == 0, "the log is whole: {held:?}");
    (played, entries(&log))
}

fn end(entries: &[LogEntry]) -> ack::LogEnd {
    match entries.last() {
        Some(LogEntry::End(end)) => *end,
        other => panic!("no end but {other:?}"),
    }
}

#[test]
fn a_transaction_that_never_ends_ends_the_test() {
    let (played, entries) = play(|plan| plan.workers = 1, |store| store.with(100, ENDLESS));
    let (from_us, waiting) = played.silent.expect("it has stopped answering");
    assert_eq!(end(&entries).silent_from_us, Some(from_us));
    let given_up = entries
        .iter()
        .filter(|entry| matches!(entry, LogEntry::Answered(answered) if answered.answer == StoreAnswer::Unanswered));
    assert_eq!(given_up.count() as u64, waiting, "who waits is told of");
    assert!(waiting > 100, "requests went on to come: {waiting}");
    assert!(end_us(&entries) >= from_us + 1_000_000);
}

#[test]
fn a_flush_that_never_ends_ends_the_test_and_its_lag_grows_until_then() {
    for (durability, drain_us) in [(Durability::Group(2_000), 10_000_000), (Durability::None, 0)] {
        let (played, entries) = play(
            // Without a promise everybody is answered at once, and only the last flush hangs: after the schedule's end.
            |plan| {
                (plan.durability, plan.drain_us) = (durability, drain_us);
                (plan.silence_us, plan.duration_us) = (2_000_000, 1_000_000);
            },
            |store| (2..100).fold(store, |store, flush| store.with_flush(flush, ENDLESS)),
        );
        assert!(played.silent.is_some(), "{durability}");
        let lags: Vec<u64> = entries
            .iter()
            .filter_map(|entry| match entry {
                LogEntry::Gauge(gauge) => Some(gauge.flush_lag_us),
                _ => None,
            })
            .collect();
        let most = lags.iter().max().copied().unwrap_or(0);
        assert!(most > 1_500_000, "{durability}: it stands at {most}");
        // It grows with the clock, and never stands still.
        let late: Vec<u64> = lags.into_iter().filter(|lag| *lag > 200_000).collect();
        assert!(late.len() > 3 && late.windows(2).all(|pair| pair[0] < pair[1]), "{durability}: {late:?}");
    }
}

#[test]
fn a_store_that_is_slow_is_not_held_for_silent() {
    // Each call takes less than the silence that is allowed, all together longer.
    let slow = Fault::Stall(Duration::from_millis(500));
    let (played, entries) = play(
        |plan| (plan.workers, plan.silence_us, plan.duration_us) = (1, 4_000_000, 500_000),
        |store| (1..=10).fold(store, |store, call| store.with(call, slow)),
    );
    assert_eq!(played.silent, None);
    assert_eq!(end(&entries).silent_from_us, None);
    assert!(end_us(&entries) > 4_000_000);
}

/// When it ended.
fn end_us(entries: &[LogEntry]) -> u64 {
    let gauges = entries.iter().rev().filter_map(|entry| match entry {
        LogEntry::Gauge(gauge) => Some(gauge.time_us),
        _ => None,
    });
    gauges.take(1).sum()
}

/// The process that plays, as its lock tells.
#[cfg(target_os = "linux")]
pub(super) fn player(out: &Path) -> String {
    let lock = out.join("store/sled/playing.lock");
    let log = out.join("store/sled/acknowledged.log");
    loop {
        let number = std::fs::read_to_string(&lock).unwrap_or_default();
        // When it has begun to play.
        if !number.is_empty() && std::fs::metadata(&log).is_ok_and(|log| log.len() > 500) {
            return number;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
pub(super) fn signal(signal: &str, process: &str) {
    assert!(Command::new("kill").args([signal, process]).status().expect("kill").success());
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_cannot_even_write_its_log_is_killed_and_the_verdict_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let test = super::start(dir.path(), &["--duration", "10min", "--silence", "2s"]);
    signal("-STOP", &player(&dir.path().join("out")));
    let output = test.wait_with_output().expect("ended");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{out}{err}");
    assert!(out.starts_with("Not right: sled stopped answering after"), "{out}");
    assert!(err.contains("the store stopped answering after") && err.contains("was killed"), "{err}");
    let bytes = std::fs::read(dir.path().join("out/load.json")).expect("it is told all the same");
    let report: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    assert!(report["silent_from_s"].is_f64() && report["failures"][0].is_string(), "{report:#}");
    assert_eq!(report["proved"].as_bool(), Some(false));
    assert!(out.contains("nothing is known of what is lost"), "{out}");
}
