//! Putting files and their names on disk. A file that is synced can still be without a name after a loss of power: the
//! name is in its folder, which must be synced too.

use std::fs::{self, File};
use std::io::{ErrorKind, Result};
use std::path::Path;

/// Puts a file's content on disk.
///
/// # Errors
///
/// If it cannot be opened or synced.
pub fn sync_file(path: &Path) -> Result<()> {
    // Windows syncs only what may be written.
    File::options().read(true).write(cfg!(windows)).open(path)?.sync_all()
}

/// Puts the names in a folder on disk. Only Unix knows how, and only there is it needed; a file system that cannot do it
/// is let alone.
///
/// # Errors
///
/// If it cannot be opened or synced.
pub fn sync_names(folder: &Path) -> Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match sync_file(folder) {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Puts a folder on disk with all that is in it, and its own name.
///
/// # Errors
///
/// If something in it cannot be opened or synced.
pub fn sync_all(folder: &Path) -> Result<()> {
    sync_inside(folder)?;
    match folder.canonicalize()?.parent().map_or(Ok(()), sync_names) {
        // The folder may be somebody else's who lets us through and not look.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

/// From above to below: a folder has a name before there are any in it. What goes while this looks is no failure: the
/// threads of a store may be at work.
fn sync_inside(folder: &Path) -> Result<()> {
    sync_names(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let done = match entry.file_type() {
            Ok(kind) if kind.is_dir() => sync_inside(&entry.path()),
            Ok(kind) if kind.is_file() => sync_file(&entry.path()),
            other => other.map(drop),
        };
        match done {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            done => done?,
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
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    match sync_names(parent.unwrap_or(Path::new("."))) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_made_and_synced_with_all_that_is_in_them() {
        let dir = tempfile::tempdir().expect("a folder");
        let inside = dir.path().join("a/b/c");
        make_folder(&inside).expect("made");
        make_folder(&inside).expect("there");
        fs::write(inside.join("file"), "text").expect("written");
        sync_all(&dir.path().join("a")).expect("synced");
        assert_eq!(sync_all(&dir.path().join("none")).map_err(|error| error.kind()), Err(ErrorKind::NotFound));
        let in_the_way = make_folder(&inside.join("file/below"));
        assert!(in_the_way.is_err(), "a file is no folder");
    }
}
