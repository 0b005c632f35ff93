//! The log of acknowledgements is evidence: one that was cut off, altered, taken away or exchanged does not pass.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::support::{cutover, scenario};

/// A short test of sled and of what stores nothing.
fn play(dir: &Path, out: &str) {
    let arguments = ["--rate", "200/s", "--duration", "1s", "--warm-up", "0s", "--no-report"];
    let command = ["load", &scenario("tiny"), "--out", out, "--backend", "sled,nothing"];
    cutover(dir).args(command).args(arguments).assert().success();
}

/// What `verify` says, which must fail with exit code 1.
fn refused(dir: &Path, what: &str) -> String {
    let assert = cutover(dir).args(["verify", "out"]).assert();
    let output = assert.get_output();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{what}: {said}");
    said
}

struct Played {
    dir: tempfile::TempDir,
}

impl Played {
    fn log(&self, backend: &str) -> PathBuf {
        self.dir.path().join("out/store").join(backend).join("acknowledged.log")
    }

    /// What `verify` says while a file is another one.
    fn with(&self, path: &Path, bytes: &[u8], what: &str) -> String {
        let whole = fs::read(path).expect("read");
        fs::write(path, bytes).expect("written");
        let said = refused(self.dir.path(), what);
        fs::write(path, whole).expect("written");
        said
    }
}

#[test]
fn a_log_that_is_not_as_it_was_written_does_not_pass() {
    let dir = tempfile::tempdir().expect("a folder");
    play(dir.path(), "out");
    play(dir.path(), "other");
    let played = Played { dir };
    let dir = played.dir.path();
    let sound = || cutover(dir).args(["verify", "out"]).assert().success();
    sound();
    for backend in ["sled", "nothing"] {
        let log = played.log(backend);
        let whole = fs::read(&log).expect("read");
        let said = played.with(&log, &[], "emptied");
        assert!(said.contains("do not belong together") && said.contains("0 acknowledged requests"), "{said}");
        for cut in [1, 5, 40, whole.len() / 2, whole.len() - 1] {
            let said = played.with(&log, &whole[..whole.len() - cut], "cut off");
            assert!(said.contains("do not belong together"), "{said}");
        }
        // Bits all over the log, its first and its last ones too.
        let bits = 8 * whole.len();
        for bit in (0..bits).step_by(bits / 40).chain([1, 7, bits - 1, bits - 40]) {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let said = played.with(&log, &flipped, &format!("bit {bit} flipped"));
            assert!(said.contains("damaged at byte") && said.contains("run the load test again"), "{said}");
        }
        let other = fs::read(dir.join("other/store").join(backend).join("acknowledged.log")).expect("read");
        let said = played.with(&log, &other, "of another test");
        assert!(said.contains("do not belong together") && said.contains("of another test"), "{said}");
        fs::remove_file(&log).expect("removed");
        let said = refused(dir, "missing");
        assert!(said.contains("acknowledgements is missing"), "{said}");
        fs::write(&log, whole).expect("written");
    }
    sound();
}

#[test]
fn figures_and_stores_that_do_not_belong_to_the_log_do_not_pass() {
    let dir = tempfile::tempdir().expect("a folder");
    play(dir.path(), "out");
    let played = Played { dir };
    let dir = played.dir.path();
    let json = dir.join("out/load.json");
    let text = fs::read_to_string(&json).expect("read");
    let told: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let altered = |pointer: &str, value: serde_json::Value| {
        let mut changed = told.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value;
        played.with(&json, &serde_json::to_vec(&changed).expect("JSON"), pointer)
    };
    for pointer in [
        "/acknowledged",
        "/refused",
        "/failed",
        "/unanswered",
        "/crashes_survived",
        "/others/0/acknowledged",
    ] {
        let said = altered(pointer, 7.into());
        assert!(said.contains("do not belong together"), "{pointer}: {said}");
    }
    for pointer in ["/evidence/acknowledged", "/evidence/entries", "/evidence/bytes"] {
        assert!(altered(pointer, 7.into()).contains("do not belong together"), "{pointer}");
    }
    assert!(altered("/evidence/checksum", "0".into()).contains("do not belong together"));
    assert!(altered("/evidence", serde_json::Value::Null).contains("older version"));
    assert!(altered("/sequence_hash", "0123".into()).contains("of another test"));
    assert!(altered("/others", serde_json::json!([])).contains("nothing: it was played on"));
    assert!(altered("/schema_version", 99.into()).contains("schema_version is 99"));
    let mut lost = told.clone();
    (lost["acknowledged_lost"], lost["evidence"]["lost"]) = (3.into(), 3.into());
    let said = played.with(&json, &serde_json::to_vec(&lost).expect("JSON"), "lost");
    assert!(said.contains("3 acknowledged requests are lost, the store 0"), "{said}");

    let store = dir.join("out/store/sled/played");
    fs::rename(&store, dir.join("elsewhere")).expect("moved");
    let said = refused(dir, "no store");
    assert!(said.contains("played is missing"), "{said}");
    fs::rename(dir.join("elsewhere"), &store).expect("moved");
    fs::remove_file(&json).expect("removed");
    assert!(refused(dir, "no load.json").contains("load.json: it is missing"));
    fs::write(&json, text).expect("written");
    cutover(dir).args(["verify", "out"]).assert().success();
}

#[test]
fn a_search_for_the_limit_verifies_though_it_tells_of_another_trial() {
    let dir = tempfile::tempdir().expect("a folder");
    let arguments = [
        "--find-limit",
        "p50=1s",
        "--rate",
        "20/s",
        "--duration",
        "1s",
        "--warm-up",
        "0s",
        "--no-report",
    ];
    cutover(dir.path())
        .args(["load", &scenario("tiny"), "--out", "out"])
        .args(arguments)
        .assert()
        .success();
    cutover(dir.path()).args(["verify", "out"]).assert().success();
    let log = dir.path().join("out/store/sled/acknowledged.log");
    let whole = fs::read(&log).expect("read");
    fs::write(&log, &whole[..whole.len() / 2]).expect("cut off");
    assert!(refused(dir.path(), "cut off").contains("do not belong together"));
}
