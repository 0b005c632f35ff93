//! A folder for temporary files: a store is read from a copy, so that nothing in the report's folder is written.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::error::{Error, Result};
use crate::load::stores::copy_folder;

/// Those that are in use, for an interruption that waits for nobody.
static IN_USE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A copy of a folder, which only this user can look into. It goes when this is dropped, or when the command is
/// interrupted.
pub(super) fn copy_of(folder: &Path) -> Result<TempDir> {
    let copy = tempfile::Builder::new().prefix("cutover-").tempdir().map_err(|error| {
        Error::Store(format!(
            "{}: cannot make a folder for temporary files: {error}. Set TMPDIR to one that can be written to",
            std::env::temp_dir().display()
        ))
    })?;
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner).push(copy.path().to_owned());
    copy_folder(folder, copy.path()).map_err(|error| {
        Error::Store(format!(
            "{error}. A store is read from a copy, so that nothing of it changes: if it is that disk which is full, set TMPDIR \
             to a folder with room"
        ))
    })?;
    Ok(copy)
}

/// Takes them away when the process is about to end in the middle of its work.
pub(super) fn clear() {
    for folder in IN_USE.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        let _ = std::fs::remove_dir_all(folder);
    }
}
