//! A kill at any system call: a run, its resumption and a check of it can end at every one of them, and nothing is lost.
//!
//! `strace` ends the process at the n-th call of a kind, for every kind that changes something on disk and every n until the
//! process gets through. A few of these moments are tried by default; with `KILLS=all` every one.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use cutover::identity::trees::backend::Backend;
use cutover::load::sequence::Sequence;
use cutover::load::stores::copy_folder;
use cutover::load::test_bench::examine;

use super::support::{cutover, load, scenario};

/// Calls that change a folder, or hold it.
const CALLS: [&str; 13] = [
    "openat",
    "mkdir",
    "write",
    "pwrite64",
    "ftruncate",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "rename",
    "unlink",
    "unlinkat",
    "rmdir",
    "flock",
];

fn arguments<'a>(tiny: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["run", tiny, "--out", "out", "--no-report", "--accounts", "600"], more].concat()
}

/// Runs a command that is killed at the `n`-th call of a kind; whether it was, before it came to its end.
fn killed_at(folder: &Path, call: &str, n: usize, arguments: &[&str]) -> bool {
    let status = Command::new("strace")
        // With -D the process is a child of this one, and not of strace.
        .args(["-D", "-f", "-qqq", "-o", "/dev/null", "-e"])
        .arg(format!("trace={call}"))
        .arg("-e")
        .arg(format!("inject={call}:signal=SIGKILL:when={n}"))
        .arg(env!("CARGO_BIN_EXE_cutover"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("strace");
    !status.success()
}

fn has_strace() -> bool {
    let found = Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if !found {
        eprintln!("NOT TESTED: kills at system calls need strace, which is not there");
        assert!(std::env::var_os("CI").is_none(), "the gate installs strace");
    }
    found
}

/// How many of the moments are tried: one in so many.
fn stride() -> usize {
    if std::env::var("KILLS").is_ok_and(|kills| kills == "all") {
        1
    } else {
        9
    }
}

/// Goes through the moments at which a command can be killed in a copy of `before`; what is left is handed to `look`.
fn walk(before: &Path, arguments: &[&str], mut look: impl FnMut(&Path, &str)) -> usize {
    let (mut kills, mut moment) = (0, 0);
    for call in CALLS {
        for n in 1.. {
            moment += 1;
            // The first of a kind, and some of the others.
            if n > 1 && moment % stride() != 0 {
                continue;
            }
            let dir = tempfile::tempdir().expect("a folder");
            copy_folder(before, dir.path()).expect("copied");
            if !killed_at(dir.path(), call, n, arguments) {
                break;
            }
            kills += 1;
            look(dir.path(), &format!("killed at {call} {n}"));
        }
    }
    kills
}

/// What a run that nobody kills comes to.
fn whole(tiny: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().expect("a folder");
    cutover(dir.path()).args(arguments(tiny, &[])).assert().success();
    std::fs::read(dir.path().join("out/summary.json")).expect("summary.json")
}

/// The run goes on and comes to the same; what it leaves is sound.
fn goes_on(folder: &Path, tiny: &str, whole: &[u8], when: &str) {
    let resumed = cutover(folder).args(arguments(tiny, &["--resume"])).output().expect("run");
    if !resumed.status.success() {
        let said = String::from_utf8_lossy(&resumed.stderr).into_owned();
        // It had not begun yet, and what another run has left is whole.
        assert!(said.contains("started with another scenario"), "{when}: {said}");
        cutover(folder).args(["verify", "out"]).assert().success();
        cutover(folder).args(arguments(tiny, &[])).assert().success();
    }
    let summary = std::fs::read(folder.join("out/summary.json")).expect("summary.json");
    assert!(summary == whole, "{when}: another summary");
    let verified = cutover(folder).args(["verify", "out"]).output().expect("verify");
    assert!(verified.status.success(), "{when}: {}", String::from_utf8_lossy(&verified.stderr));
    let left: Vec<_> = std::fs::read_dir(folder.join("out/.cutover")).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 1, "{when}: only the lock is left: {left:?}");
}

#[test]
fn a_run_survives_a_kill_at_any_system_call() {
    if !has_strace() {
        return;
    }
    let tiny = scenario("tiny");
    let whole = whole(&tiny);
    let empty = tempfile::tempdir().expect("a folder");
    let mut content = 0;
    let kills = walk(empty.path(), &arguments(&tiny, &[]), |folder, when| {
        // A check of what was left says what it found and does no harm.
        let verified = cutover(folder).args(["verify", "out"]).output().expect("verify");
        content += u32::from(verified.status.success());
        assert!(verified.status.code().is_some_and(|code| code <= 3), "{when}");
        goes_on(folder, &tiny, &whole, when);
    });
    assert!(kills >= 12, "{kills} kills");
}

#[test]
fn a_run_over_another_is_never_a_mixture() {
    if !has_strace() {
        return;
    }
    let tiny = scenario("tiny");
    let whole = whole(&tiny);
    let before = tempfile::tempdir().expect("a folder");
    cutover(before.path()).args(arguments(&tiny, &["--seed", "2"])).assert().success();
    let kills = walk(before.path(), &arguments(&tiny, &[]), |folder, when| goes_on(folder, &tiny, &whole, when));
    assert!(kills >= 12, "{kills} kills");
}

#[test]
fn a_resumption_survives_a_kill_at_any_system_call() {
    if !has_strace() {
        return;
    }
    let tiny = scenario("tiny");
    let whole = whole(&tiny);
    // Killed when some of the work is in the store: how much, depends on when sled writes.
    let before = tempfile::tempdir().expect("a folder");
    for n in [9, 7, 5, 3] {
        if killed_at(before.path(), "pwrite64", n, &arguments(&tiny, &[])) {
            break;
        }
    }
    let kills = walk(before.path(), &arguments(&tiny, &["--resume"]), |folder, when| {
        goes_on(folder, &tiny, &whole, when);
    });
    assert!(kills >= 12, "{kills} kills");
}

#[test]
fn a_check_that_is_killed_has_changed_nothing() {
    if !has_strace() {
        return;
    }
    let tiny = scenario("tiny");
    let before = tempfile::tempdir().expect("a folder");
    cutover(before.path()).args(arguments(&tiny, &[])).assert().success();
    let bytes = |folder: &Path| std::fs::read(folder.join("out/store/db")).expect("db");
    let db = bytes(before.path());
    let kills = walk(before.path(), &["verify", "out"], |folder, when| {
        assert!(bytes(folder) == db, "{when}");
        cutover(folder).args(["verify", "out"]).assert().success();
    });
    assert!(kills >= 6, "{kills} kills");
}

/// Opens a store again that was played on and killed, plays on to the end of the test, and proves what was acknowledged.
#[test]
fn the_recovery_of_a_load_test_survives_a_kill_at_any_system_call() {
    if !has_strace() {
        return;
    }
    let tiny = scenario("tiny");
    let before = tempfile::tempdir().expect("a folder");
    let arguments = [
        "load",
        &tiny,
        "--strategy",
        "reset-only",
        "--out",
        "out",
        "--no-report",
        "--rate",
        "400/s",
        "--duration",
        "1500ms",
        "--warm-up",
        "0s",
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_cutover"))
        .args(arguments)
        .current_dir(before.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let stores = before.path().join("out/store");
    let log = stores.join("sled/acknowledged.log");
    while std::fs::metadata(&log).map_or(0, |log| log.len()) < 4_000 {
        assert!(child.try_wait().expect("asked").is_none(), "it ended before it could be killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("wait");
    // The process that plays leaves with it.
    let lock = std::fs::File::open(stores.join("sled/playing.lock")).expect("a lock");
    lock.lock().expect("locked");
    drop(lock);
    let folder = stores.join("sled");
    let mut order: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("order.json")).expect("read")).expect("JSON");
    // A process that plays leaves with the one that ordered it.
    order["parent"] = std::process::id().into();
    std::fs::write(folder.join("order.json"), order.to_string()).expect("written");
    let sequence = Sequence::read(&stores.join("sequence")).expect("a sequence");
    let strategy = load(&std::fs::read_to_string(&tiny).expect("read"), &[]).scenario.strategies.swap_remove(0);
    assert_eq!(strategy.name, "reset-only");
    let play = ["play-load", "out/store/sled/order.json"];
    let mut acknowledged = 0;
    let kills = walk(before.path(), &play, |folder, when| {
        let played = cutover(folder).args(play).output().expect("run");
        assert!(played.status.success(), "{when}: {}", String::from_utf8_lossy(&played.stderr));
        let place = folder.join("out/store/sled");
        let log = place.join("acknowledged.log");
        let (found, proof) = examine(Backend::Sled, &place.join("played"), &log, &sequence, &strategy)
            .unwrap_or_else(|error| panic!("{when}: {error}"));
        assert_eq!((found.broken.iter().sum::<u64>(), proof.lost), (0, 0), "{when}: {:?}", proof.example);
        acknowledged += proof.acknowledged;
    });
    assert!(kills >= 12 && acknowledged > 0, "{kills} kills");
}
