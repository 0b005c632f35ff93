//! What sled 0.34.7 keeps in a folder, and what must be put right before it may open one.
//!
//! ```text
//! conf                     written once, before anything else
//! db                       the log, in segments that are used again
//! blobs/                   values too large for it
//! snap.LSN                 what sled needs to open quickly; snap.LSN.generating while it is being written
//! ```
//!
//! sled takes an unfinished snapshot for its newest and never opens the folder again, and it refuses a `conf` that was torn
//! before there was a `db`. Both are what a kill at the wrong moment leaves, and both can be taken away: an unfinished
//! snapshot is made again from the log, and before there is a `db` nothing was stored.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::folder::claim::{self, FolderMark, names};

/// Whether sled gives such names.
fn is_sleds(name: &str) -> bool {
    ["conf", "db", "blobs"].contains(&name) || name.starts_with("snap.")
}

/// Makes a folder for a store of ours, which nobody else may look into, or makes sure that the one there is ours.
///
/// # Errors
///
/// If the folder is somebody else's or a link, or cannot be made.
pub fn claim(folder: &Path, mark: FolderMark) -> Result<()> {
    claim::claim(folder, mark, is_sleds)?;
    check_pages(folder)
}

/// Makes sure that nothing of others lies in a folder in which sled alone keeps files.
///
/// # Errors
///
/// If there is.
pub fn check(folder: &Path) -> Result<()> {
    match names(folder)?.into_iter().find(|name| !is_sleds(name)) {
        Some(name) => Err(Error::Input(format!(
            "{}: this was not made by cutover: take it away or choose another --out",
            folder.join(name).display()
        ))),
        None => check_pages(folder),
    }
}

/// Makes sure that among the pages that sled keeps beside its log is nothing of others.
///
/// # Errors
///
/// If there is.
pub fn check_pages(folder: &Path) -> Result<()> {
    let pages = folder.join("blobs");
    for name in names(&pages)? {
        let path = pages.join(&name);
        if !name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') || !path.is_file() {
            return Err(Error::Input(format!(
                "{}: this was not made by cutover: take it away or choose another --out",
                path.display()
            )));
        }
        claim::not_linked(&path)?;
    }
    Ok(())
}

/// Removes a store of ours, and nothing else. The log goes first, so that what a kill leaves is no store; the mark goes
/// last, so that it is still known as ours. `before` is done when it is sure that it can go.
///
/// # Errors
///
/// If the folder is somebody else's, or cannot be removed, or what `before` fails with.
pub fn discard(folder: &Path, mark: FolderMark, before: impl FnOnce() -> Result<()>) -> Result<()> {
    crate::folder::no_link(folder)?;
    claim::check(folder, mark, is_sleds)?;
    check_pages(folder)?;
    before()?;
    let failed = |error| Error::file(folder, "remove the store of an earlier run", error);
    let mut names = names(folder)?;
    names.retain(|name| name != mark.name);
    names.sort_by_key(|name| name != "db");
    for name in names {
        let path = folder.join(&name);
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir());
        let done = if is_folder {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        done.map_err(failed)?;
    }
    for done in [fs::remove_file(folder.join(mark.name)), fs::remove_dir(folder)] {
        match done {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether anything can have been stored in a folder: its log has been begun.
pub fn has_begun(folder: &Path) -> bool {
    fs::metadata(folder.join("db")).is_ok_and(|data| data.is_file() && data.len() > 0)
}

/// Puts right what a kill has left half-done. Nobody may have the store open.
///
/// # Errors
///
/// If something cannot be removed.
pub fn mend(folder: &Path) -> Result<()> {
    let remove = |path: PathBuf| match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Error::file(&path, "remove what a kill has left unfinished", error))
        }
        _ => Ok(()),
    };
    for name in names(folder)? {
        if name.starts_with("snap.") && name.ends_with(".generating") {
            remove(folder.join(name))?;
        }
    }
    if !has_begun(folder) {
        remove(folder.join("conf"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: FolderMark = FolderMark { name: "ours", text: "A mark.\n" };

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().expect("a folder");
        let store = dir.path().join("store");
        (dir, store)
    }

    #[test]
    fn a_store_of_others_is_neither_taken_nor_deleted() {
        let (_dir, store) = folder();
        // Another program's sled.
        drop(sled::open(&store).expect("a store"));
        for done in [claim(&store, MARK), discard(&store, MARK, || Ok(()))] {
            let said = done.expect_err("not ours").to_string();
            assert!(said.contains("not made by cutover") && said.contains("--out"), "{said}");
        }
        assert!(store.join("db").is_file());
    }

    #[test]
    fn a_stranger_in_our_store_keeps_it() {
        let (_dir, store) = folder();
        claim(&store, MARK).expect("ours");
        fs::write(store.join("db"), "log").expect("written");
        fs::write(store.join("holiday.jpg"), "sun").expect("written");
        assert!(
            discard(&store, MARK, || Ok(())).is_err()
                && store.join("db").is_file()
                && store.join("holiday.jpg").is_file()
        );
        fs::remove_file(store.join("holiday.jpg")).expect("removed");
        discard(&store, MARK, || Ok(())).expect("removed");
        assert!(!store.exists());
        discard(&store, MARK, || Ok(())).expect("nothing to remove");
    }

    #[test]
    fn what_a_killed_removal_leaves_is_still_ours() {
        let (_dir, store) = folder();
        claim(&store, MARK).expect("ours");
        fs::create_dir(store.join("blobs")).expect("made");
        discard(&store, MARK, || Ok(())).expect("removed");
        // Killed just before the folder itself goes.
        fs::create_dir(&store).expect("made");
        discard(&store, MARK, || Ok(())).expect("an empty folder is nobody's");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let (dir, store) = folder();
        let theirs = dir.path().join("theirs");
        fs::create_dir(&theirs).expect("made");
        fs::write(theirs.join("db"), "log").expect("written");
        std::os::unix::fs::symlink(&theirs, &store).expect("linked");
        assert!(claim(&store, MARK).is_err() && discard(&store, MARK, || Ok(())).is_err());
        assert!(theirs.join("db").is_file());
    }

    #[test]
    fn unfinished_snapshots_and_torn_beginnings_are_put_right() {
        let (_dir, store) = folder();
        {
            let db = sled::open(&store).expect("a store");
            db.insert(b"key", b"value").expect("written");
            db.flush().expect("flushed");
        }
        fs::write(store.join("snap.00000000FFFFFFFF.generating"), "").expect("written");
        mend(&store).expect("mended");
        let value = sled::open(&store).expect("opened").get(b"key").expect("read");
        assert_eq!(value.as_deref(), Some(&b"value"[..]));
        // Killed while `conf` was written: it has any length, and there is no `db` yet, or an empty one.
        let conf = fs::read(store.join("conf")).expect("read");
        for torn in 0..=conf.len() {
            for has_db in [false, true] {
                let (_dir, store) = folder();
                fs::create_dir(&store).expect("made");
                fs::write(store.join("conf"), &conf[..torn]).expect("written");
                if has_db {
                    fs::write(store.join("db"), "").expect("written");
                }
                mend(&store).expect("mended");
                drop(sled::open(&store).expect("opened"));
            }
        }
    }
}
