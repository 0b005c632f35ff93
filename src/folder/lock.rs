//! The lock of a folder: one command writes, or several read.
//!
//! It is a lock of the operating system on `.cutover/lock`: when the process dies, however it does, the lock is gone. The
//! file says who holds it, and how old it is says since when.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::CORNER;
use crate::error::{Error, Result};

/// A folder that is held, for as long as this lives.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes a folder for a command that writes into it; the folder is there.
    ///
    /// # Errors
    ///
    /// If another command has it (who, and since when), or it cannot be locked.
    pub fn exclusive(folder: &Path, command: &str) -> Result<Self> {
        let corner = folder.join(CORNER);
        super::no_link(&corner)?;
        let failed =
            |error| Error::file(folder, "lock this folder", format!("{error}; choose another folder with --out"));
        loop {
            match fs::create_dir(&corner) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(error)),
                _ => {}
            }
            let path = corner.join("lock");
            super::claim::not_linked(&path)?;
            let mut options = File::options();
            let file = match options.read(true).write(true).create(true).truncate(false).open(&path) {
                // The one who held it before is just taking its corner away.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                file => file.map_err(failed)?,
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(folder, &file)),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // It may have been taken away, and made anew by somebody else, before it was locked.
            if !is_at(&file, &path) {
                continue;
            }
            let mut lock = Self { file, path };
            lock.sign(command).map_err(failed)?;
            return Ok(lock);
        }
    }

    /// Takes a folder for a command that only reads; `None` where nothing was ever written by a command that locks.
    /// Writes nothing.
    ///
    /// # Errors
    ///
    /// If a command writes into it, or the lock cannot be read.
    pub fn shared(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(CORNER).join("lock");
        let failed = |error| Error::file(&path, "lock it to read", error);
        super::claim::not_linked(&path)?;
        let file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(failed)?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Self { file, path })),
            Err(TryLockError::WouldBlock) => Err(held(folder, &file)),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Makes sure that it is still the lock of the folder.
    ///
    /// # Errors
    ///
    /// If somebody has taken it away.
    pub(super) fn must_hold(&self) -> Result<()> {
        if is_at(&self.file, &self.path) {
            Ok(())
        } else {
            Err(Error::Store(format!(
                "{}: somebody has taken this lock away while the command was at work, and perhaps other files with it: run \
                 it again",
                self.path.display()
            )))
        }
    }

    /// Says in the file who holds it.
    fn sign(&mut self, command: &str) -> std::io::Result<()> {
        self.file.set_len(0)?;
        let line = format!("cutover {command}, process {}\n", std::process::id());
        self.file.write_all(line.as_bytes())?;
        self.file.sync_data()
    }

    /// Takes the file away, and the corner if nothing else is in it: nobody has used the folder.
    pub(super) fn erase(&self) {
        let _ = fs::remove_file(&self.path);
        if let Some(corner) = self.path.parent() {
            let _ = fs::remove_dir(corner);
        }
    }
}

/// Whether the open file is the one at this path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |data: fs::Metadata| (data.dev(), data.ino());
    file.metadata().map(id).ok() == fs::symlink_metadata(path).map(id).ok()
}

/// A file that is open cannot be taken away there.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Somebody else has the folder.
fn held(folder: &Path, file: &File) -> Error {
    let folder = folder.display();
    // Those who read do not sign: what the file says is of the last who wrote.
    if file.try_lock_shared().is_ok() {
        return Error::Store(format!(
            "{folder}: `cutover verify` or `cutover explain` is reading this folder: wait until it has ended, or choose \
             another --out"
        ));
    }
    let who = signature(file);
    let age = file.metadata().and_then(|data| data.modified()).ok().and_then(|since| since.elapsed().ok());
    let since = age.map_or(String::new(), |age| match age.as_secs() {
        s if s < 120 => format!(", for {s} s"),
        s if s < 7_200 => format!(", for {} min", s / 60),
        s => format!(", for {} h", s / 3_600),
    });
    let is_run = if who.starts_with("cutover run") {
        "a run"
    } else {
        "another command"
    };
    Error::Store(format!(
        "{folder}: {is_run} is using this folder ({who}{since}): wait until it has ended, stop it, or choose another \
         folder"
    ))
}

/// What the file says of who holds it. Whoever has just taken it may not have signed yet.
fn signature(mut file: &File) -> String {
    for _ in 0..50 {
        let mut who = String::new();
        // At most a line: it may be no file of ours.
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| Read::take(file, 200).read_to_string(&mut who));
        if let (Ok(_), Some((line, _))) = (read, who.split_once('\n'))
            && line.starts_with("cutover ")
        {
            return line.to_owned();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    "another cutover".to_owned()
}
