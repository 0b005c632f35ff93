//! fjall 3.1.13: log-structured merge trees behind one journal (cargo feature `fjall`).
//!
//! One transaction writes at a time, the others wait. (The library's optimistic transactions run side by side, but each
//! commit then looks through up to ten thousand earlier ones, which costs more than it gains.) What is committed without
//! being durable may wait in the process, in the journal's buffer; a durable commit, and so [`sync`](TreeStore::sync),
//! hands it to the operating system and calls `fdatasync` on the journal, while writers wait. The trees' own files are
//! written later, by the library's threads, and synced (`fsync`) before the journal is let go.

use std::ops::Bound;
use std::path::{Path, PathBuf};

use fjall::{
    KeyspaceCreateOptions, PersistMode, Readable, SingleWriterTxDatabase, SingleWriterTxKeyspace, SingleWriterWriteTx,
};

use super::outlives::Outlives;
use super::trouble::StorePlace;
use super::{Body, Stop, Transaction, Tree, TreeRow, TreeStore, Visit, on_disk};
use crate::error::{Error, Result};

/// Rows in a batch of a bulk load: they are held in memory twice until it is committed.
const BATCH: usize = 1_000;

/// Memory for its cache of blocks, as much as the other stores have.
const CACHE_BYTES: u64 = 256 << 20;

/// What fjall failed with while it read or wrote the store in a folder.
fn failed<E: Into<fjall::Error>>(folder: &Path) -> impl Fn(E) -> Error + use<'_, E> {
    |error| place(folder, "read or write the store").fjall(&error.into())
}

fn place<'a>(folder: &'a Path, doing: &'a str) -> StorePlace<'a> {
    StorePlace { library: "fjall", folder: Some(folder), doing }
}

/// A fjall database.
pub struct FjallTrees {
    db: SingleWriterTxDatabase,
    trees: Vec<SingleWriterTxKeyspace>,
    folder: PathBuf,
    flushed: PersistMode,
}

impl FjallTrees {
    /// Opens the database in `folder`, or makes one; what is flushed is synced.
    ///
    /// # Errors
    ///
    /// If fjall cannot open it.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_for(folder, Outlives::Power)
    }

    /// Opens the database in `folder`, or makes one. Its files and their names are on disk when this returns.
    ///
    /// # Errors
    ///
    /// If fjall cannot open it.
    pub fn open_for(folder: &Path, outlives: Outlives) -> Result<Self> {
        let place = place(folder, "open the store");
        on_disk::make_folder(folder).map_err(|error| place.io(&error))?;
        let refused = |error: fjall::Error| place.fjall(&error);
        let builder = SingleWriterTxDatabase::builder(folder);
        let db = builder.cache_size(CACHE_BYTES).manual_journal_persist(true).open().map_err(refused)?;
        let open = |tree: &Tree| db.keyspace(tree.name(), KeyspaceCreateOptions::default);
        let trees = Tree::ALL.iter().map(open).collect::<Result<_, _>>().map_err(refused)?;
        on_disk::sync_all(folder).map_err(|error| place.io(&error))?;
        let flushed = match outlives {
            Outlives::Power => PersistMode::SyncData,
            Outlives::Process => PersistMode::Buffer,
        };
        Ok(Self { db, trees, folder: folder.to_owned(), flushed })
    }

    fn begin(&self, durable: bool) -> FjallTransaction<'_> {
        let transaction = self.db.write_tx().durability(durable.then_some(self.flushed));
        FjallTransaction { transaction, trees: &self.trees, folder: &self.folder }
    }
}

struct FjallTransaction<'a> {
    transaction: SingleWriterWriteTx<'a>,
    trees: &'a [SingleWriterTxKeyspace],
    folder: &'a Path,
}

impl Transaction for FjallTransaction<'_> {
    fn get(&self, tree: Tree, key: &[u8], value: &mut Vec<u8>) -> Result<bool, Stop> {
        value.clear();
        let found = self.transaction.get(&self.trees[tree as usize], key).map_err(failed(self.folder))?;
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
                Ok(()) => return transaction.transaction.commit().map_err(failed(&self.folder)),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Conflict) => {}
            }
        }
    }

    fn load(&self, rows: &[TreeRow]) -> Result<()> {
        for rows in rows.chunks(BATCH) {
            let mut batch = self.begin(false).transaction;
            for row in rows {
                batch.insert(&self.trees[row.tree as usize], &row.key[..], &row.value[..]);
            }
            batch.commit().map_err(failed(&self.folder))?;
        }
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        self.db.persist(self.flushed).map_err(failed(&self.folder))
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        let after = (Bound::Excluded(after), Bound::Unbounded);
        for row in self.db.read_tx().range::<&[u8], _>(&self.trees[tree as usize], after).take(limit) {
            let (key, value) = row.into_inner().map_err(failed(&self.folder))?;
            visit(&key, &value)?;
        }
        Ok(())
    }
}
