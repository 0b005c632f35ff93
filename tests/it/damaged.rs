//! A store whose files are damaged: a sentence says so, or it still works; never a text of the library, a panic or a hang.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::assert::Assert;
use cutover::identity::trees::backend::Backend;
use cutover::load::stores::copy_folder;

use super::support::{cutover, scenario};

/// As many damages for each store as `DAMAGES` says, or a few.
fn damages() -> u64 {
    std::env::var("DAMAGES").ok().map_or(16, |text| text.parse().expect("a number"))
}

/// All files in a folder that have content.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("read").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if fs::metadata(&path).is_ok_and(|data| data.len() > 0) {
            found.push(path);
        }
    }
}

/// Damages one of the files, at a place and in a way that depend on `n`; in words.
fn damage(files: &[PathBuf], n: u64) -> String {
    let luck = |salt: u64| {
        let x = (n * 16 + salt + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 16
    };
    let path = &files[n as usize % files.len()];
    let mut bytes = fs::read(path).expect("read");
    // The beginning of a file is what is read first.
    let range = if luck(0) % 2 == 0 {
        bytes.len() as u64
    } else {
        bytes.len().min(256) as u64
    };
    let at = (luck(1) % range) as usize;
    let how = match luck(2) % 5 {
        0 => {
            bytes[at] ^= 1 << (luck(3) % 8);
            "a bit is flipped"
        }
        1 => {
            bytes.truncate(at);
            "it is cut off"
        }
        2 => {
            bytes.iter_mut().skip(at).take(4_096).for_each(|byte| *byte = 0);
            "4,096 bytes are zero"
        }
        3 => {
            bytes.iter_mut().skip(at).take(64).for_each(|byte| *byte = 0xff);
            "64 bytes are 255"
        }
        _ => {
            bytes.rotate_left(at);
            "it is rotated"
        }
    };
    fs::write(path, bytes).expect("written");
    format!("{} at {at}: {how}", path.file_name().unwrap_or_default().display())
}

/// What no user should have to read.
const RAW: [&str; 14] = [
    "panicked",
    "backtrace",
    "Inline(",
    "FjallError",
    "LsmTreeError",
    "JournalRecovery",
    "Unrecoverable",
    "ChecksumMismatch",
    "InvalidTrailer",
    "os error",
    "WouldBlock",
    "unwrap",
    "Corrupted(",
    "REPORT THIS BUG",
];

fn is_told_well(assert: &Assert, what: &str) -> bool {
    let output = assert.get_output();
    let said = String::from_utf8_lossy(&output.stderr);
    // A length that fjall 3.1 reads from its list of tables and believes: it asks for all the memory of the world, and
    // Rust ends a process that cannot have it. Nothing outside the library can catch that.
    if what.starts_with("fjall") && said.contains("memory allocation of") {
        return false;
    }
    assert!(output.status.code().is_some_and(|code| code <= 3), "{what}: {:?} {said}", output.status);
    let raw: Vec<&&str> = RAW.iter().filter(|raw| said.contains(**raw)).collect();
    assert!(raw.is_empty(), "{what}: {raw:?} in: {said}");
    assert!(output.status.success() || !said.trim().is_empty(), "{what}: nothing is said");
    output.status.success()
}

fn every_damage_is_told(backend: Backend) {
    let dir = tempfile::tempdir().expect("a folder");
    let arguments = [
        "--out",
        "out",
        "--no-report",
        "--duration",
        "500ms",
        "--warm-up",
        "0s",
        "--rate",
        "500/s",
    ];
    let arguments = [
        &[
            "load",
            &scenario("tiny"),
            "--strategy",
            "reset-only",
            "--backend",
            backend.key(),
        ],
        &arguments[..],
    ];
    cutover(dir.path()).args(arguments.concat()).assert().success();
    let stores = dir.path().join("out/store").join(backend.key());
    let (played, sound) = (stores.join("played"), dir.path().join("sound"));
    copy_folder(&played, &sound).expect("copied");
    let log = fs::read(stores.join("acknowledged.log")).expect("a log");
    // A process that plays leaves with the one that ordered it.
    let order = stores.join("order.json");
    let mut told: serde_json::Value = serde_json::from_slice(&fs::read(&order).expect("read")).expect("JSON");
    told["parent"] = std::process::id().into();
    fs::write(&order, told.to_string()).expect("written");
    let mut failed = 0;
    for n in 0..damages() {
        for command in [
            &["verify", "out"][..],
            &["play-load", &stores.join("order.json").display().to_string()],
        ] {
            fs::remove_dir_all(&played).expect("removed");
            copy_folder(&sound, &played).expect("copied");
            fs::write(stores.join("acknowledged.log"), &log).expect("written");
            let mut found = Vec::new();
            files(&played, &mut found);
            let how = damage(&found, n);
            let what = format!("{} {}, damage {n}, {how}", backend.key(), command[0]);
            let assert = cutover(dir.path()).args(command).timeout(Duration::from_secs(60)).assert();
            failed += u64::from(!is_told_well(&assert, &what));
        }
    }
    assert!(failed > 0, "no damage was noticed");
}

#[test]
fn every_damage_of_sled_is_told() {
    every_damage_is_told(Backend::Sled);
}

#[cfg(feature = "redb")]
#[test]
fn every_damage_of_redb_is_told() {
    every_damage_is_told(Backend::Redb);
}

#[cfg(feature = "fjall")]
#[test]
fn every_damage_of_fjall_is_told() {
    every_damage_is_told(Backend::Fjall);
}
