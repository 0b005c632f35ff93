//! sled 0.34.7, the default.
//!
//! Its transactions hold one lock of the whole process while they run, so threads gain little; writes queue up inside
//! until they are flushed, and nothing but [`sync`](TreeStore::sync) bounds that queue.
//!
//! On Linux a flush of sled's own outlives the death of the process, not the loss of power. What was flushed is on disk
//! if the process has called [`sled_syncs::make_sound`]. If it has not, [`sync`](TreeStore::sync) syncs the file itself:
//! then a disk that writes in order loses nothing, while one that has written later segments before earlier ones when
//! the power goes may leave a store that cannot be opened.
//!
//! A page of more than 128 KiB (its rows are at most 32) is kept in a file of its own, which sled never syncs. `sync`
//! does; but sled may have built on it before: see [`LONGEST_SOUND_ROW_BYTES`].

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sled::transaction::{
    ConflictableTransactionError, TransactionError, Transactional, TransactionalTree, UnabortableTransactionError,
};

use super::outlives::Outlives;
use super::trouble::StorePlace;
use super::{Body, Stop, Transaction, Tree, TreeRow, TreeStore, Visit, on_disk, sled_syncs};
use crate::error::Result;
use crate::identity::sled_folder;

/// Rows in a batch of a bulk load: larger ones take gigabytes of memory, smaller ones time.
const BATCH: usize = 1_000;

/// Memory for its page cache.
const CACHE_BYTES: u64 = 256 << 20;

/// With rows up to this size a page is always part of the log, and what was flushed outlives the loss of power.
pub const LONGEST_SOUND_ROW_BYTES: usize = 4_096;

/// A sled database.
#[derive(Debug)]
pub struct SledTrees {
    db: sled::Db,
    trees: Vec<sled::Tree>,
    folder: PathBuf,
    outlives: Outlives,
    log: File,
    /// Names of the pages beside the log that are on disk.
    pages: Mutex<BTreeSet<OsString>>,
}

impl SledTrees {
    /// Opens the database in `folder`, or makes one; what is flushed is synced.
    ///
    /// # Errors
    ///
    /// If sled cannot open it.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_for(folder, Outlives::Power)
    }

    /// Opens the database in `folder`, or makes one. Its files and their names are on disk when this returns.
    ///
    /// # Errors
    ///
    /// If sled cannot open it.
    pub fn open_for(folder: &Path, outlives: Outlives) -> Result<Self> {
        let place = place(folder, "open the store");
        let (io, failed) = (|error| place.io(&error), |error| place.sled(&error));
        on_disk::make_folder(folder).map_err(io)?;
        sled_folder::mend(folder)?;
        let log = folder.join("db");
        if log.exists() {
            // What a killed process has written is read now, and a snapshot made of it: that must not be on disk first.
            on_disk::sync_file(&log).map_err(io)?;
        }
        let config = sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        let db = config.open().map_err(failed)?;
        let trees = Tree::ALL.iter().map(|tree| db.open_tree(tree.name())).collect::<Result<_, _>>().map_err(failed)?;
        db.flush().map_err(failed)?;
        on_disk::sync_all(folder).map_err(io)?;
        let log = File::open(log).map_err(io)?;
        let pages = Mutex::new(pages_beside(folder).map_err(io)?);
        Ok(Self { db, trees, folder: folder.to_owned(), outlives, log, pages })
    }

    /// Whether a store in this folder holds pages that are not in its log.
    pub fn has_pages_beside(folder: &Path) -> bool {
        pages_beside(folder).is_ok_and(|pages| !pages.is_empty())
    }

    fn sync_pages_beside(&self) -> std::io::Result<()> {
        let now = pages_beside(&self.folder)?;
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder.join(PAGES);
        let mut is_new = false;
        for page in now.difference(&pages) {
            match on_disk::sync_file(&folder.join(page)) {
                // It has been replaced in the meantime.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                done => done?,
            }
            is_new = true;
        }
        if is_new {
            on_disk::sync_names(&folder)?;
        }
        *pages = now;
        Ok(())
    }

    fn writing(&self) -> StorePlace<'_> {
        place(&self.folder, "write to the store")
    }
}

/// Where sled keeps them, in its folder.
const PAGES: &str = "blobs";

fn place<'a>(folder: &'a Path, doing: &'a str) -> StorePlace<'a> {
    StorePlace { library: "sled", folder: Some(folder), doing }
}

fn pages_beside(folder: &Path) -> std::io::Result<BTreeSet<OsString>> {
    std::fs::read_dir(folder.join(PAGES))?.map(|entry| Ok(entry?.file_name())).collect()
}

/// What stopped a transaction inside sled, kept until sled can be told.
struct SledTransaction<'a> {
    trees: &'a [TransactionalTree],
    stopped: RefCell<Option<UnabortableTransactionError>>,
}

impl SledTransaction<'_> {
    fn stop(&self, error: UnabortableTransactionError) -> Stop {
        self.stopped.replace(Some(error));
        Stop::Conflict
    }
}

impl Transaction for SledTransaction<'_> {
    fn get(&self, tree: Tree, key: &[u8], value: &mut Vec<u8>) -> Result<bool, Stop> {
        value.clear();
        let found = self.trees[tree as usize].get(key).map_err(|error| self.stop(error))?;
        value.extend_from_slice(found.as_deref().unwrap_or_default());
        Ok(found.is_some())
    }

    fn put(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> Result<(), Stop> {
        let written = self.trees[tree as usize].insert(key, value);
        written.map(drop).map_err(|error| self.stop(error))
    }
}

impl TreeStore for SledTrees {
    fn transact(&self, durable: bool, body: &mut Body<'_>) -> Result<()> {
        // `RefCell`, because sled takes a body that does not change anything outside.
        let body = RefCell::new(body);
        let done = self.trees[..].transaction(|trees: &Vec<TransactionalTree>| {
            let mut transaction = SledTransaction { trees, stopped: RefCell::new(None) };
            match (body.borrow_mut())(&mut transaction) {
                Ok(()) => Ok(()),
                Err(Stop::Failed(error)) => Err(ConflictableTransactionError::Abort(error)),
                Err(Stop::Conflict) => Err(transaction
                    .stopped
                    .take()
                    .map_or(ConflictableTransactionError::Conflict, ConflictableTransactionError::from)),
            }
        });
        done.map_err(|error| match error {
            TransactionError::Abort(error) => error,
            TransactionError::Storage(error) => self.writing().sled(&error),
        })?;
        if durable {
            self.sync()?;
        }
        Ok(())
    }

    fn load(&self, rows: &[TreeRow]) -> Result<()> {
        for tree in Tree::ALL {
            let mut rows = rows.iter().filter(|row| row.tree == tree).peekable();
            while rows.peek().is_some() {
                let mut batch = sled::Batch::default();
                for row in rows.by_ref().take(BATCH) {
                    batch.insert(&row.key[..], &row.value[..]);
                }
                self.trees[tree as usize].apply_batch(batch).map_err(|error| self.writing().sled(&error))?;
            }
        }
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        self.db.flush().map_err(|error| self.writing().sled(&error))?;
        if self.outlives == Outlives::Power {
            self.sync_pages_beside().map_err(|error| self.writing().io(&error))?;
            if !sled_syncs::are_sound() {
                self.log.sync_data().map_err(|error| self.writing().io(&error))?;
            }
        }
        Ok(())
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        let rows = self.trees[tree as usize].range::<&[u8], _>((Bound::Excluded(after), Bound::Unbounded));
        for row in rows.take(limit) {
            let (key, value) = row.map_err(|error| place(&self.folder, "read the store").sled(&error))?;
            visit(&key, &value)?;
        }
        Ok(())
    }
}
