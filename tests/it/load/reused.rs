//! A store that an earlier test has filled is used again if it is sound, every time, and thrown away if it is not.

use std::fs;
use std::path::{Path, PathBuf};

use cutover::identity::trees::backend::Backend;
use cutover::load::report::Preload;
use cutover::load::test_bench::{Excerpt, TestBench};
use cutover::load::window::Window;
use cutover::scenario_file::Loaded;
use cutover::watch::Unwatched;

use super::super::support::{self, cutover, scenario};

fn customers() -> Loaded {
    let text = "
        name = 'reused'
        start = '2026-03-02'
        strategies = ['reset-only']
        horizon_days = 20
        population.accounts = 1000
    ";
    support::load(text, &[])
}

/// Fills the store of a backend for so many cohorts, as each test does.
fn filled(loaded: &Loaded, folder: &Path, backend: Backend, cohorts: u64) -> Preload {
    let played = Excerpt { strategy: 0, window: Window::PeakHour, record_bytes: 64 };
    let rig = TestBench::new(&loaded.scenario, None, &played, folder, &Unwatched).expect("a rig");
    rig.preload(backend, cohorts, &Unwatched).expect("filled")
}

fn persistent() -> impl Iterator<Item = Backend> {
    Backend::built().filter(|backend| backend.persists())
}

#[test]
fn a_sound_store_is_used_again_each_time() {
    let loaded = customers();
    for backend in persistent() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("store");
        let first = filled(&loaded, &folder, backend, 1);
        assert!(!first.reused && first.thrown_away.is_none());
        let mut accounts = first.accounts;
        // Longer tests fill it further, and so open it again at once.
        for cohorts in 2..20 {
            let further = filled(&loaded, &folder, backend, cohorts);
            assert!(further.accounts > accounts && further.thrown_away.is_none(), "{cohorts}: {further:?}");
            accounts = further.accounts;
            let again = filled(&loaded, &folder, backend, cohorts);
            assert_eq!((again.reused, again.accounts, again.thrown_away), (true, accounts, None));
        }
        assert!(filled(&loaded, &folder, backend, 1).reused, "what is too much does not matter");
    }
}

/// The files of a preloaded store, the largest first.
fn files(folder: &Path) -> Vec<PathBuf> {
    fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                gather(&entry.path(), files);
            } else {
                files.push(entry.path());
            }
        }
    }
    let mut files_there = Vec::new();
    gather(folder, &mut files_there);
    files_there.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).map_or(0, |data| data.len())));
    files_there
}

/// What is done to a file.
type Damage<'a> = &'a dyn Fn(&Path);

#[test]
fn a_damaged_store_is_thrown_away_and_filled_again() {
    let loaded = customers();
    for backend in persistent() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("store");
        let sound = filled(&loaded, &folder, backend, 2);
        let preloaded = folder.join(backend.key()).join("preloaded");
        let inventory = folder.join(backend.key()).join("preloaded.json");
        let rubbish = |path: &Path| fs::write(path, vec![0xA5; 40_000]).expect("written");
        let flip = |path: &Path| {
            let mut bytes = fs::read(path).expect("read");
            let middle = bytes.len() / 2;
            bytes[middle] ^= 4;
            fs::write(path, bytes).expect("written");
        };
        let remove = |path: &Path| fs::remove_file(path).expect("removed");
        let damages: [(&str, Damage<'_>, bool); 4] = [
            ("a bit", &flip, true),
            ("a file", &remove, true),
            ("rubbish", &rubbish, true),
            // As if it had been interrupted: nobody knows how its files should be.
            ("rubbish in all that was interrupted", &rubbish, false),
        ];
        for (what, damage, is_known) in damages {
            let files = files(&preloaded);
            if is_known {
                damage(&files[0]);
            } else {
                fs::remove_file(&inventory).expect("removed");
                files.iter().for_each(|file| damage(file));
            }
            let again = filled(&loaded, &folder, backend, 2);
            assert!(again.thrown_away.is_some() && !again.reused, "{}: {what}: {again:?}", backend.key());
            assert_eq!((again.accounts, again.records), (sound.accounts, sound.records), "{}: {what}", backend.key());
            assert!(filled(&loaded, &folder, backend, 2).reused, "{}: {what}", backend.key());
        }
    }
}

#[test]
fn the_command_says_in_a_line_that_it_fills_a_damaged_store_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let play = || {
        let arguments = [
            "--rate",
            "100/s",
            "--duration",
            "300ms",
            "--warm-up",
            "0s",
            "--no-report",
            "--json",
        ];
        let command = ["load", &scenario("tiny"), "--out", "out"];
        let assert = cutover(dir.path()).args(command).args(arguments).assert().success();
        let output = assert.get_output().clone();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (String::from_utf8_lossy(&output.stderr).into_owned(), report["preload"].clone())
    };
    play();
    let preloaded = dir.path().join("out/store/sled/preloaded");
    fs::write(&files(&preloaded)[0], b"nothing of a store").expect("damaged");
    let (said, preload) = play();
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("thrown away")).collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].starts_with("sled: the store of an earlier test was damaged"), "{said}");
    assert!(preload["thrown_away"].is_string(), "{preload}");
    let (said, preload) = play();
    assert!(!said.contains("thrown away") && preload["reused"] == true, "{said}{preload}");
}
