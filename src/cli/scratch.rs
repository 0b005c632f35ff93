//! A folder for temporary files: a store is read from a copy, so that nothing in the report's folder is written.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::error::{Error, Result};

/// Those that are in use, for an interruption that waits for nobody.
static IN_USE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A new folder, which only this user can look into. It goes when this is dropped, or when the command is interrupted.
pub(super) fn folder() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("cutover-").tempdir().map_err(|error| {
        Error::Store(format!(
            "{}: cannot make a folder for temporary files: {error}. Set TMPDIR to one that can be written to",
            std::env::temp_dir().display()
        ))
    })?;
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner).push(folder.path().to_owned());
    Ok(folder)
}

/// Takes them away when the process is about to end in the middle of its work.
pub(super) fn clear() {
    for folder in IN_USE.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        let _ = std::fs::remove_dir_all(folder);
    }
}
