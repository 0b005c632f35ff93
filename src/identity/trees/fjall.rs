//! fjall 3.1.13: log-structured merge trees behind one journal (cargo feature `fjall`).
//!
//! One transaction writes at a time, the others wait. (The library's optimistic transactions run side by side, but each
//! commit then looks through up to ten thousand earlier ones, which costs more than it gains.) What is committed without
//! being durable may wait in the process, in the journal's buffer; a durable commit, and so [`sync`](TreeStore::sync),
//! hands it to the operating system and calls `fdatasync` on the journal, while writers wait. The trees' own files are
//! written later, by the library's threads, and synced (`fsync`) before the journal is let go.

use std::ops::Bound;
use std::path::Path;

use fjall::{
    KeyspaceCreateOptions, PersistMode, Readable, SingleWriterTxDatabase, SingleWriterTxKeyspace, SingleWriterWriteTx,
};

use super::{Body, Row, Stop, Transaction, Tree, TreeStore, Visit};
use crate::error::{Error, Result};

/// Rows in a batch of a bulk load: they are held in memory twice until it is committed.
const BATCH: usize = 1_000;

/// Memory for its cache of blocks, as much as the other stores have.
const CACHE_BYTES: u64 = 256 << 20;

/// How everything is put on disk.
const ON_DISK: PersistMode = PersistMode::SyncData;

fn failed(error: impl Into<fjall::Error>) -> Error {
    Error::Store(format!("fjall failed: {}", error.into()))
}

/// A fjall database.
pub struct FjallTrees {
    db: SingleWriterTxDatabase,
    trees: Vec<SingleWriterTxKeyspace>,
}

impl FjallTrees {
    /// Opens the database in `folder`, or makes one.
    ///
    /// # Errors
    ///
    /// If fjall cannot open it.
    pub fn open(folder: &Path) -> Result<Self> {
        let refused = |error: fjall::Error| Error::file(folder, "open the fjall store", error);
        let builder = SingleWriterTxDatabase::builder(folder);
        let db = builder.cache_size(CACHE_BYTES).manual_journal_persist(true).open().map_err(refused)?;
        let open = |tree: &Tree| db.keyspace(tree.name(), KeyspaceCreateOptions::default);
        let trees = Tree::ALL.iter().map(open).collect::<Result<_, _>>().map_err(refused)?;
        Ok(Self { db, trees })
    }

    fn begin(&self, durable: bool) -> FjallTransaction<'_> {
        let transaction = self.db.write_tx().durability(durable.then_some(ON_DISK));
        FjallTransaction { transaction, trees: &self.trees }
    }
}

struct FjallTransaction<'a> {
    transaction: SingleWriterWriteTx<'a>,
    trees: &'a [SingleWriterTxKeyspace],
}

impl Transaction for FjallTransaction<'_> {
    fn get(&self, tree: Tree, key: &[u8], value: &mut Vec<u8>) -> Result<bool, Stop> {
        value.clear();
        let found = self.transaction.get(&self.trees[tree as usize], key).map_err(failed)?;
        value.extend_from_slice(found.as_deref().unwrap_or_default());
        Ok(found.is_some())
    }

    fn put(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> Result<(), Stop> {
        self.transaction.insert(&self.trees[tree as usize], key, value);
        Ok(())
    }
}

impl TreeStore for FjallTrees {
    fn transact(&self, durable: bool, body: &mut Body<'_>) -> Result<()> {
        loop {
            let mut transaction = self.begin(durable);
            match body(&mut transaction) {
                Ok(()) => return transaction.transaction.commit().map_err(failed),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Conflict) => {}
            }
        }
    }

    fn load(&self, rows: &[Row]) -> Result<()> {
        for rows in rows.chunks(BATCH) {
            let mut batch = self.begin(false).transaction;
            for row in rows {
                batch.insert(&self.trees[row.tree as usize], &row.key[..], &row.value[..]);
            }
            batch.commit().map_err(failed)?;
        }
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        self.db.persist(ON_DISK).map_err(failed)
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        let after = (Bound::Excluded(after), Bound::Unbounded);
        for row in self.db.read_tx().range::<&[u8], _>(&self.trees[tree as usize], after).take(limit) {
            let (key, value) = row.into_inner().map_err(failed)?;
            visit(&key, &value)?;
        }
        Ok(())
    }
}
