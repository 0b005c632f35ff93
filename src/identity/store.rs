//! The dossier store: pages and checkpoints of a run, in one sled tree, so that they commit together.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::dossier::Dossier;
use super::pages::{self, Page, PageKind};
use crate::error::{Error, Result};

/// A checkpoint: a part of the run that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A chunk of phase 1.
    Alone(u32),
    /// The settled part of a chunk under one arm.
    Settled(u32, u8),
    /// A whole replication.
    Replication(u32),
}

impl Mark {
    fn key(self) -> [u8; 7] {
        let (kind, number, arm) = match self {
            Self::Alone(chunk) => (b'1', chunk, 0),
            Self::Settled(chunk, arm) => (b'3', chunk, arm),
            Self::Replication(number) => (b'r', number, 0),
        };
        let [a, b, c, d] = number.to_be_bytes();
        [b'm', kind, a, b, c, d, arm]
    }
}

/// What a store says about the run it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the layout of this store.
    pub layout: u32,
    /// Hash of the scenario in force.
    pub scenario_hash: String,
    /// The scenario in force, as TOML.
    pub scenario: String,
    /// Folder against which the scenario names files.
    pub folder: PathBuf,
}

/// Version of the layout written now.
pub const LAYOUT: u32 = 2;

const HEADER: &[u8] = b"header";

/// Memory that sled may use for its page cache. It does not bound what sled uses; the batches do.
const CACHE_BYTES: u64 = 16 << 20;

/// How often a page that was written or read is looked up again. sled hears of what was used only in blocks of 64 for each
/// of 256 parts of its cache, and drops nothing before: in a run or a scan, which uses every page once, 16,384 pages pile
/// up. Looked up so often, they are as many times fewer.
const TOUCHES: u32 = 8;

/// The store of one run.
#[derive(Debug)]
pub struct DossierStore {
    db: sled::Db,
}

impl DossierStore {
    /// Opens the store in `folder`, or makes one.
    pub fn open(folder: &Path) -> Result<Self> {
        let opened = sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(Some(1000)).open();
        match opened {
            Ok(db) => Ok(Self { db }),
            Err(error) => Err(Error::file(folder, "open the store", error)),
        }
    }

    /// What the store says about its run; `None` if it is new.
    pub fn header(&self) -> Result<Option<Header>> {
        self.db.get(HEADER)?.map(|bytes| decode(&bytes)).transpose()
    }

    /// Begins a run in a new store.
    pub fn begin(&self, header: &Header) -> Result<()> {
        self.db.insert(HEADER, encode(header)?)?;
        self.flush()
    }

    /// Commits pages, what they amount to, and the mark that they are done: all or nothing.
    pub fn commit<T: Serialize>(&self, mark: Mark, done: &T, pages: Vec<Page>) -> Result<()> {
        let mut batch = sled::Batch::default();
        let keys: Vec<_> = pages.iter().map(|page| page.key).collect();
        for page in pages {
            batch.insert(&page.key, page.value);
        }
        batch.insert(&mark.key(), lz4_flex::compress_prepend_size(&encode(done)?));
        self.db.apply_batch(batch)?;
        keys.iter().try_for_each(|key| touch(&self.db, key))
    }

    /// What was committed with a mark.
    pub fn marked<T: DeserializeOwned>(&self, mark: Mark) -> Result<Option<T>> {
        let Some(value) = self.db.get(mark.key())? else {
            return Ok(None);
        };
        let bytes = lz4_flex::decompress_size_prepended(&value)
            .map_err(|error| Error::Check(format!("a checkpoint of the store is damaged: {error}")))?;
        decode(&bytes).map(Some)
    }

    /// Writes everything to disk.
    pub fn flush(&self) -> Result<()> {
        self.db.flush()?;
        Ok(())
    }

    /// Pages of one kind and arm, in order of units. What has been read is not kept in memory.
    pub fn pages(&self, kind: PageKind, arm: u8) -> impl Iterator<Item = Result<sled::IVec>> + use<> {
        let db = self.db.clone();
        self.db.scan_prefix([kind.prefix(), arm]).map(move |page| {
            let (key, value) = page?;
            touch(&db, &key)?;
            Ok(value)
        })
    }

    /// The dossier of a unit under an arm.
    pub fn dossier(&self, unit: u64, arm: u8) -> Result<Option<Dossier>> {
        for kind in [PageKind::Alone, PageKind::Settled] {
            let from = pages::key(kind, arm, 0);
            let to = pages::key(kind, arm, unit);
            let Some(page) = self.db.range(from..=to).values().next_back() else {
                continue;
            };
            let mut found = None;
            pages::read(&page?, |number, dossier| {
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
        Ok(self.db.size_on_disk()?)
    }
}

/// Looks a page up again, for sled to drop others.
fn touch(db: &sled::Db, key: &[u8]) -> Result<()> {
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
