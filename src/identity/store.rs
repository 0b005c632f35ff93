//! The dossier store: pages and checkpoints of a run, in one sled tree, so that they commit together.
//!
//! A store that has failed is left as it is: to drop a `sled::Db` whose write has failed can take for ever, and there is
//! nothing that it could still save.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::dossier::Dossier;
use super::filing::{Checkpoint, Filing};
use super::pages::{self, DossierPage, PageKind};
use super::sled_folder;
use super::trees::trouble::StorePlace;
use crate::error::{Error, Result};
use crate::folder::claim;

/// What a store says about the run it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the layout of this store.
    pub layout: u32,
    /// The run, as its summary names it.
    pub run: String,
    /// Hash of the scenario in force.
    pub scenario_hash: String,
    /// The scenario in force, as TOML.
    pub scenario: String,
    /// Folder against which the scenario names files.
    pub folder: PathBuf,
}

/// Version of the layout written now.
pub const LAYOUT: u32 = 5;

const HEADER: &[u8] = b"header";

/// Memory that sled may use for its page cache. It does not bound what sled uses; the batches do.
const CACHE_BYTES: u64 = 16 << 20;

/// How often a page that was written or read is looked up again. sled hears of what was used only in blocks of 64 for each
/// of 256 parts of its cache, and drops nothing before: in a run or a scan, which uses every page once, 16,384 pages pile
/// up. Looked up so often, they are as many times fewer.
const TOUCHES: u32 = 8;

/// By what the folder of a run's store is known as ours.
pub const FOLDER_MARK: claim::FolderMark = claim::FolderMark {
    name: "cutover-run",
    text: "The store of a `cutover run`: it may be deleted, and the run started again.\n",
};

/// The store of one run.
#[derive(Debug)]
pub struct DossierStore {
    /// There until it is dropped.
    db: Option<sled::Db>,
    folder: PathBuf,
    has_failed: AtomicBool,
    pulse: Arc<Pulse>,
}

/// Calls of a store: one that never comes back can be told from one that is slow.
#[derive(Debug, Default)]
pub struct Pulse {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Pulse {
    fn around<T>(&self, call: impl FnOnce() -> T) -> T {
        self.begun.fetch_add(1, Ordering::AcqRel);
        let done = call();
        self.ended.fetch_add(1, Ordering::AcqRel);
        done
    }

    /// How many calls have come back, if one has not yet.
    pub fn waits(&self) -> Option<u64> {
        let ended = self.ended.load(Ordering::Acquire);
        (self.begun.load(Ordering::Acquire) > ended).then_some(ended)
    }
}

impl DossierStore {
    /// Opens the store in `folder`, which is ours and which nobody else has open, or makes one. What a kill has left
    /// half-done is put right before.
    ///
    /// # Errors
    ///
    /// If the folder is somebody else's, or sled cannot open it.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_watched(folder, Arc::default())
    }

    /// The same, with its calls told to `pulse`.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn open_watched(folder: &Path, pulse: Arc<Pulse>) -> Result<Self> {
        sled_folder::claim(folder, FOLDER_MARK)?;
        Self::opened(folder, folder, Some(1000), pulse)
    }

    /// Opens a copy of the store in `folder`, to read: of what is done to it nothing will be kept.
    ///
    /// # Errors
    ///
    /// If sled cannot open it.
    pub fn open_copy(copy: &Path, folder: &Path) -> Result<Self> {
        Self::opened(copy, folder, None, Arc::default())
    }

    /// Opens the store in the first folder; errors name the second.
    fn opened(at: &Path, folder: &Path, flush_every_ms: Option<u64>, pulse: Arc<Pulse>) -> Result<Self> {
        sled_folder::mend(at)?;
        let config = sled::Config::new().path(at).cache_capacity(CACHE_BYTES).flush_every_ms(flush_every_ms);
        let db = pulse.around(|| config.open()).map_err(|error| place(folder, "open the store").sled(&error))?;
        Ok(Self {
            db: Some(db),
            folder: folder.to_owned(),
            has_failed: AtomicBool::new(false),
            pulse,
        })
    }

    /// Asks sled for something; notes whether it has failed, and that it came back.
    fn ask<T>(&self, what: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T> {
        let Some(db) = &self.db else {
            return Err(Error::Store("the store is closed".to_owned()));
        };
        self.pulse.around(|| what(db)).map_err(|error| {
            self.has_failed.store(true, Ordering::Release);
            place(&self.folder, "use the store").sled(&error)
        })
    }

    /// What the store says about its run; `None` if it is new.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is laid out as another version does it.
    pub fn header(&self) -> Result<Option<Header>> {
        let Some(bytes) = self.ask(|db| db.get(HEADER))? else {
            return Ok(None);
        };
        // The layout stands first, whatever comes behind it in other versions.
        match postcard::take_from_bytes::<u32>(&bytes) {
            Ok((LAYOUT, _)) => decode(&bytes).map(Some),
            Ok((layout, _)) => Err(Error::Input(format!(
                "{}: this store has layout {layout}, and this program reads {LAYOUT}: run the scenario again, without --resume",
                self.folder.display()
            ))),
            Err(_) => decode(&bytes).map(Some),
        }
    }

    /// Begins a run in a new store.
    pub fn begin(&self, header: &Header) -> Result<()> {
        let header = encode(header)?;
        self.ask(|db| db.insert(HEADER, header))?;
        self.flush()
    }

    /// Writes everything to disk.
    pub fn flush(&self) -> Result<()> {
        self.ask(|db| db.flush()).map(drop)
    }

    /// Pages of one kind and arm, in order of units. What has been read is not kept in memory.
    pub fn pages(&self, kind: PageKind, arm: u8) -> impl Iterator<Item = Result<sled::IVec>> + use<> {
        let pages = self.db.as_ref().map(|db| {
            let touched = db.clone();
            db.scan_prefix([kind.prefix(), arm]).map(move |page| {
                let (key, value) = page?;
                touch(&touched, &key)?;
                Ok(value)
            })
        });
        let folder = self.folder.clone();
        pages
            .into_iter()
            .flatten()
            .map(move |page: sled::Result<_>| page.map_err(|error| place(&folder, "read the store").sled(&error)))
    }

    /// The dossier of a unit under an arm.
    pub fn dossier(&self, unit: u64, arm: u8) -> Result<Option<Dossier>> {
        for kind in [PageKind::Alone, PageKind::Settled] {
            let (from, to) = (pages::key(kind, arm, 0), pages::key(kind, arm, unit));
            let page = self.ask(|db| db.range(from..=to).values().next_back().transpose())?;
            let Some(page) = page else { continue };
            let mut found = None;
            pages::read(&page, |number, dossier| {
                if number == unit {
                    found = Some(dossier);
                }
                Ok(())
            })?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Bytes on disk.
    pub fn size_on_disk(&self) -> Result<u64> {
        self.ask(sled::Db::size_on_disk)
    }
}

impl Filing for DossierStore {
    fn marked(&self, mark: Checkpoint) -> Result<Option<Vec<u8>>> {
        let Some(value) = self.ask(|db| db.get(mark.key()))? else {
            return Ok(None);
        };
        lz4_flex::decompress_size_prepended(&value)
            .map(Some)
            .map_err(|error| Error::Check(format!("a checkpoint of the store is damaged: {error}")))
    }

    fn commit(&self, mark: Checkpoint, done: &[u8], pages: Vec<DossierPage>) -> Result<()> {
        let mut batch = sled::Batch::default();
        let keys: Vec<_> = pages.iter().map(|page| page.key).collect();
        for page in pages {
            batch.insert(&page.key, page.value);
        }
        batch.insert(&mark.key(), lz4_flex::compress_prepend_size(done));
        self.ask(|db| {
            db.apply_batch(batch)?;
            keys.iter().try_for_each(|key| touch(db, key))
        })
    }
}

fn place<'a>(folder: &'a Path, doing: &'a str) -> StorePlace<'a> {
    StorePlace { library: "sled", folder: Some(folder), doing }
}

impl Drop for DossierStore {
    fn drop(&mut self) {
        let Some(db) = self.db.take() else { return };
        self.pulse.around(|| {
            if self.has_failed.load(Ordering::Acquire) || db.flush().is_err() {
                std::mem::forget(db);
            } else {
                drop(db);
            }
        });
    }
}

/// Looks a page up again, for sled to drop others.
fn touch(db: &sled::Db, key: &[u8]) -> sled::Result<()> {
    for _ in 0..TOUCHES {
        db.contains_key(key)?;
    }
    Ok(())
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(|error| Error::Store(format!("a checkpoint cannot be encoded: {error}")))
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|error| Error::Check(format!("a record of the store is damaged: {error}")))
}
