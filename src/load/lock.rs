//! Locks: a store belongs to one process at a time. The system lets go of them when the process has died, however it died.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::process::Stopwatch;

/// How long a lock is waited for. Whoever is dying lets go of it sooner.
pub const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub struct TestLock {
    _file: File,
}

impl TestLock {
    /// Takes the lock that this file is for, and writes into it who has it.
    ///
    /// # Errors
    ///
    /// If another process has it and does not let go of it in time: which one, and what to do. If the file cannot be made.
    pub fn take(path: &Path, patience: Duration) -> Result<Self> {
        let failed = |error| Error::file(path, "lock the store with it", error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::file(folder, "make this folder", error))?;
        }
        let mut options = File::options();
        let mut file = options.create(true).truncate(false).read(true).write(true).open(path).map_err(failed)?;
        if !wait_for(&file, patience).map_err(failed)? {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            let holder = match holder.trim() {
                "" => String::new(),
                number => format!(" (process {number})"),
            };
            return Err(Error::Store(format!(
                "{}: another process{holder} still has this store: it belongs to a load test that has not ended, or whose \
                 command has died. Wait for it, or end it, and try again; or choose another --out",
                path.display()
            )));
        }
        // Who has it is for people; the lock holds without that.
        let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

/// Waits until nobody has a file of this folder locked any more. Some libraries let go of their files only some time after
/// the store was closed, and refuse to open it until then. It is no error if they never do: opening the store tells why.
pub fn wait_until_free(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()) {
        if let Ok(file) = File::open(&path) {
            let _ = wait_for(&file, PATIENCE);
        }
    }
}

/// Whether it could be locked in time. Where there are no locks, nobody has one.
fn wait_for(file: &File, patience: Duration) -> std::io::Result<bool> {
    let waiting = Stopwatch::start();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if u128::from(waiting.micros()) >= patience.as_micros() => return Ok(false),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK_EVERY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one_and_says_by_whom() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("sled/playing.lock");
        let first = TestLock::take(&path, Duration::ZERO).expect("free");
        let said = TestLock::take(&path, Duration::ZERO).expect_err("taken").to_string();
        assert!(said.contains(&format!("process {}", std::process::id())), "{said}");
        drop(first);
        TestLock::take(&path, Duration::ZERO).expect("free again");
    }

    #[test]
    fn a_store_that_is_let_go_of_late_is_waited_for() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("db");
        let held = TestLock::take(&path, Duration::ZERO).expect("free");
        let other = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            drop(held);
        });
        wait_until_free(dir.path());
        TestLock::take(&path, Duration::ZERO).expect("let go of");
        other.join().expect("done");
        wait_until_free(&dir.path().join("none"));
    }
}
