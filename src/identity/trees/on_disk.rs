//! Putting files and their names on disk. A file that is synced can still be without a name after a loss of power: the
//! name is in its folder, which must be synced too.

use std::fs::{self, File};
use std::io::Result;
use std::path::Path;

/// Puts a file's content on disk.
///
/// # Errors
///
/// If it cannot be opened or synced.
pub fn sync_file(path: &Path) -> Result<()> {
    File::open(path)?.sync_all()
}

/// Puts the names in a folder on disk. Only Unix knows how, and only there is it needed.
///
/// # Errors
///
/// If it cannot be opened or synced.
pub fn sync_names(folder: &Path) -> Result<()> {
    match cfg!(unix) {
        true => sync_file(folder),
        false => Ok(()),
    }
}

/// Puts a folder on disk with all that is in it, and its own name.
///
/// # Errors
///
/// If something in it cannot be opened or synced.
pub fn sync_all(folder: &Path) -> Result<()> {
    sync_inside(folder)?;
    match folder.canonicalize()?.parent() {
        Some(parent) => sync_names(parent),
        None => Ok(()),
    }
}

/// From above to below: a folder has a name before there are any in it.
fn sync_inside(folder: &Path) -> Result<()> {
    sync_names(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            sync_inside(&entry.path())?;
        } else if kind.is_file() {
            sync_file(&entry.path())?;
        }
    }
    Ok(())
}

/// Makes a folder, and those above it that are missing; their names are on disk then.
///
/// # Errors
///
/// If it cannot be made.
pub fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        make_folder(parent)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    sync_names(parent.unwrap_or(Path::new(".")))
}
