//! Where a load test keeps its stores: one as it was before the window, for every backend, and a copy that is played on.

use std::fs;
use std::path::{Path, PathBuf};

use super::lock::{self, TestLock};
use crate::error::{Error, Result};
use crate::folder::claim::{self, FolderMark};
use crate::identity::sled_folder;
use crate::identity::trees::backend::Backend;
use crate::identity::trees::on_disk;

/// By what the folder is known as one of ours.
const MARK: FolderMark = FolderMark {
    name: "cutover-load",
    text: "Stores of a load test: they may be deleted, and will be made again.\n",
};

/// What lies in the folder beside it, a folder for each backend apart.
const FILES: [&str; 2] = ["sequence", "scenario.json"];
/// What lies in the folder of a backend.
const OF_BACKEND: [&str; 7] = [
    "preloaded",
    "played",
    "acknowledged.log",
    "order.json",
    "playing.lock",
    "preloaded.json",
    "errors.txt",
];

/// The folder of the stores.
#[derive(Clone, Debug)]
pub struct Stores {
    folder: PathBuf,
}

impl Stores {
    /// The stores in this folder, if a load test has left some.
    pub fn left(folder: &Path) -> Option<Self> {
        folder.join(MARK.name).is_file().then(|| Self { folder: folder.to_owned() })
    }

    /// Takes the folder, or makes it.
    ///
    /// # Errors
    ///
    /// If something else is in it, or it cannot be made.
    pub fn open(folder: &Path) -> Result<Self> {
        let is_backend = |name: &str| Backend::ALL.iter().any(|backend| backend.key() == name);
        claim::claim(folder, MARK, |name| FILES.contains(&name) || is_backend(name))?;
        for below in Backend::ALL.map(|backend| folder.join(backend.key())) {
            crate::folder::no_link(&below)?;
            for name in claim::names(&below)? {
                let path = below.join(&name);
                if !OF_BACKEND.contains(&name.as_str()) {
                    return Err(Error::Input(format!(
                        "{}: this was not made by cutover load: choose another --out, or take it away",
                        path.display()
                    )));
                }
                claim::not_linked(&path)?;
            }
        }
        for store in ["played", "preloaded"].map(|name| folder.join(Backend::Sled.key()).join(name)) {
            sled_folder::check(&store)?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// The store as it was before the window.
    pub fn preloaded(&self, backend: Backend) -> PathBuf {
        self.folder.join(backend.key()).join("preloaded")
    }

    /// The store that is played on.
    pub fn played(&self, backend: Backend) -> PathBuf {
        self.folder.join(backend.key()).join("played")
    }

    /// The log of acknowledgements.
    pub fn log(&self, backend: Backend) -> PathBuf {
        self.folder.join(backend.key()).join("acknowledged.log")
    }

    /// What the playing process is told.
    pub fn order(&self, backend: Backend) -> PathBuf {
        self.folder.join(backend.key()).join("order.json")
    }

    /// What the playing process has locked while it lives.
    pub fn lock(&self, backend: Backend) -> PathBuf {
        self.folder.join(backend.key()).join("playing.lock")
    }

    /// The preloaded store's seal: what it holds, and how its files are.
    pub fn seal(&self, backend: Backend) -> PathBuf {
        self.folder.join(backend.key()).join("preloaded.json")
    }

    /// The sequence, for the playing process.
    pub fn sequence(&self) -> PathBuf {
        self.folder.join("sequence")
    }

    /// Where the scenario in force is kept, its strategy the first one: `verify` needs it.
    pub fn scenario(&self) -> PathBuf {
        self.folder.join("scenario.json")
    }

    /// Takes away what an earlier test has left: the played store and its log.
    ///
    /// # Errors
    ///
    /// If it cannot be removed, or the process of an earlier test still has it: its command may have died before it.
    pub fn clear(&self, backend: Backend) -> Result<()> {
        if !self.folder.join(backend.key()).exists() {
            return Ok(());
        }
        let _lock = TestLock::take(&self.lock(backend), lock::PATIENCE)?;
        remove_folder(&self.played(backend))?;
        remove_file(&self.log(backend))
    }

    /// Copies the store as it was before the window to where it is played on.
    ///
    /// # Errors
    ///
    /// If it cannot be copied.
    pub fn copy(&self, backend: Backend) -> Result<()> {
        let played = self.played(backend);
        copy_folder(&self.preloaded(backend), &played)?;
        // What the system has yet to write would be written while the store is tried.
        on_disk::sync_all(&played).map_err(|error| Error::file(&played, "put it on disk", error))
    }

    /// Takes away a preloaded store that was made for another test.
    ///
    /// # Errors
    ///
    /// If it cannot be removed.
    pub fn discard_preloaded(&self, backend: Backend) -> Result<()> {
        remove_file(&self.seal(backend))?;
        remove_folder(&self.preloaded(backend))
    }
}

pub(in crate::load) fn remove_file(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(file, "remove it", error)),
        _ => Ok(()),
    }
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(folder, "remove it", error)),
        _ => Ok(()),
    }
}

/// Copies a folder with all that is in it.
///
/// # Errors
///
/// If something cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let failed = |error| Error::file(to, "copy a store to it", error);
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(|error| Error::file(from, "look into this folder", error))? {
        let entry = entry.map_err(failed)?;
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(failed)?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).map_err(failed)?;
        }
    }
    Ok(())
}

/// Bytes that a folder takes on disk. Files with holes count with what they hold.
pub fn disk_bytes(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => disk_bytes(&entry.path()),
        Ok(data) => held_bytes(&data),
        // It has gone in the meantime.
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

#[cfg(unix)]
fn held_bytes(data: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::blocks(data) * 512
}

#[cfg(not(unix))]
fn held_bytes(data: &fs::Metadata) -> u64 {
    data.len()
}
