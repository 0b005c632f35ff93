//! sled 0.34.7, the default.
//!
//! Its transactions hold one lock of the whole process while they run, so threads gain little; writes queue up inside
//! until they are flushed, and nothing but [`sync`](TreeStore::sync) bounds that queue. A flush uses
//! `sync_file_range`, which survives the death of the process; whether it survives the loss of power is unproven.

use std::cell::RefCell;
use std::ops::Bound;
use std::path::Path;

use sled::transaction::{
    ConflictableTransactionError, TransactionError, Transactional, TransactionalTree, UnabortableTransactionError,
};

use super::{Body, Row, Stop, Transaction, Tree, TreeStore, Visit, on_disk};
use crate::error::{Error, Result};

/// Rows in a batch of a bulk load: larger ones take gigabytes of memory, smaller ones time.
const BATCH: usize = 1_000;

/// Memory for its page cache.
const CACHE_BYTES: u64 = 256 << 20;

/// A sled database.
#[derive(Debug)]
pub struct SledTrees {
    db: sled::Db,
    trees: Vec<sled::Tree>,
    log: std::fs::File,
}

impl SledTrees {
    /// Opens the database in `folder`, or makes one.
    ///
    /// # Errors
    ///
    /// If sled cannot open it.
    pub fn open(folder: &Path) -> Result<Self> {
        let failed = |error: sled::Error| Error::file(folder, "open the sled store", error);
        on_disk::make_folder(folder).map_err(|e| failed(e.into()))?;
        let log = folder.join("db");
        if log.exists() {
            on_disk::sync_file(&log).map_err(|e| failed(e.into()))?;
        }
        let config = sled::Config::new().path(folder).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        let db = config.open().map_err(failed)?;
        let trees = Tree::ALL.iter().map(|tree| db.open_tree(tree.name())).collect::<Result<_, _>>().map_err(failed)?;
        db.flush().map_err(failed)?;
        on_disk::sync_all(folder).map_err(|e| failed(e.into()))?;
        let log = std::fs::File::open(log).map_err(|e| failed(e.into()))?;
        Ok(Self { db, trees, log })
    }
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
            TransactionError::Storage(error) => error.into(),
        })?;
        if durable {
            self.sync()?;
        }
        Ok(())
    }

    fn load(&self, rows: &[Row]) -> Result<()> {
        for tree in Tree::ALL {
            let mut rows = rows.iter().filter(|row| row.tree == tree).peekable();
            while rows.peek().is_some() {
                let mut batch = sled::Batch::default();
                for row in rows.by_ref().take(BATCH) {
                    batch.insert(&row.key[..], &row.value[..]);
                }
                self.trees[tree as usize].apply_batch(batch)?;
            }
        }
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        self.db.flush()?;
        self.log.sync_data().map_err(sled::Error::Io)?;
        Ok(())
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        let rows = self.trees[tree as usize].range::<&[u8], _>((Bound::Excluded(after), Bound::Unbounded));
        for row in rows.take(limit) {
            let (key, value) = row?;
            visit(&key, &value)?;
        }
        Ok(())
    }
}
