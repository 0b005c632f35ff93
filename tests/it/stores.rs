//! The store: what it holds is sound, and a check that it is sound can fail.

use std::path::Path;

use cutover::identity::store::DossierStore;
use cutover::identity::verify::{INVARIANTS, verify_arm};
use cutover::terms::operation::AccountId;
use cutover::watch::Unwatched;

use super::support::{cutover, scenario};

fn run(dir: &Path, more: &[&str]) {
    cutover(dir)
        .args(["run", &scenario("tiny"), "--out", "out", "--no-report"])
        .args(more)
        .assert()
        .success();
}

#[test]
fn a_finished_store_verifies_and_says_what_was_checked() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let assert = cutover(dir.path()).args(["verify", "out"]).assert().success();
    let said = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    for part in INVARIANTS.iter().chain(&[
        "reset-only",
        "risk-based",
        "lazy",
        "stay",
        "2,000",
        "compared with summary.json",
    ]) {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

#[test]
fn a_store_that_disagrees_with_its_summary_fails() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let path = dir.path().join("out/summary.json");
    let mut summary: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    let migrated = &mut summary["strategies"][1]["outcomes_stored"]["migrated"];
    *migrated = (migrated.as_f64().expect("a number") + 1.0).into();
    std::fs::write(&path, summary.to_string()).expect("write");
    let complaint = || {
        let assert = cutover(dir.path()).args(["verify", "out"]).assert().code(1);
        String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
    };
    assert!(complaint().contains("summary.json: it is not what run"), "{}", complaint());
    // Without its mark in the manifest it is held against the store all the same.
    let path = dir.path().join("out/manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    manifest["files"]["summary.json"] = serde_json::Value::Null;
    std::fs::write(&path, manifest.to_string()).expect("write");
    assert!(complaint().contains("summary.json says"), "{}", complaint());
}

#[test]
fn a_damaged_store_is_an_error_and_not_a_panic() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let db = dir.path().join("out/store/db");
    let sound = std::fs::read(&db).expect("read");
    let mut noticed = 0;
    // Which of its bytes hold what depends on when sled wrote them: damage of all kinds is met by damaging many places.
    for place in 1..12 {
        let mut bytes = sound.clone();
        let at = place * sound.len() / 12;
        bytes[at..at + 4096].fill(0x5a);
        std::fs::write(&db, bytes).expect("write");
        let output = cutover(dir.path()).args(["verify", "out"]).output().expect("run");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // sled drops what fails its checksums; then accounts are missing, or a page cannot be read.
        noticed += u32::from(!output.status.success());
        assert!(output.status.code().is_some_and(|code| code <= 3), "{:?} {said}", output.status);
        assert!(!said.contains("panicked"), "{said}");
    }
    assert!(noticed > 0, "a damaged store must not pass");
}

#[test]
fn the_store_gives_back_what_was_put_in() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let store = DossierStore::open(&dir.path().join("out/store")).expect("open");
    let (mut units, mut accounts) = (0, 0);
    while let Some(dossier) = store.dossier(units, 1).expect("read") {
        assert_eq!(dossier.legacy[0].0, AccountId(accounts), "unit {units}");
        accounts += dossier.legacy.len() as u64;
        units += 1;
    }
    assert_eq!(accounts, 2_000);
    let found = verify_arm(&store, 1, None, &Unwatched).expect("scan");
    assert_eq!((found.dossiers, found.accounts), (units, accounts));
}

/// Whoever planted a contact point gets every link that the owner asks for, and is often quicker: then the owner finds it
/// used, in the journey as in the store.
#[test]
fn a_link_that_somebody_else_was_quicker_with_is_used_up_for_both() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &["--set", "population.trouble.planted.share=0.3"]);
}
