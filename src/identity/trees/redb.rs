//! redb 4.6.0: a copy-on-write B-tree in one file (cargo feature `redb`).
//!
//! One transaction writes at a time, the others wait. What is committed without being durable stays in the process's
//! memory and outlives nothing; a durable commit, and so [`sync`](TreeStore::sync), puts it in the file together with
//! everything before, with one `fdatasync`, while writers wait. Pages freed in between are not used again until then,
//! so that the file grows if syncs are rare. After a crash, opening it walks the whole file.

use std::cell::RefCell;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::{Database, Durability, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};

use super::trouble::StorePlace;
use super::{Body, Stop, Transaction, Tree, TreeRow, TreeStore, Visit, on_disk};
use crate::error::{Error, Result};

/// Rows in a commit of a bulk load: every commit writes the upper pages of a tree again, so few are better.
const BATCH: usize = 20_000;

/// Memory for its page cache, as much as the other stores have.
const CACHE_BYTES: usize = 256 << 20;

/// Keys and values are bytes.
type Bytes = &'static [u8];

fn definition(tree: Tree) -> TableDefinition<'static, Bytes, Bytes> {
    TableDefinition::new(tree.name())
}

/// What redb failed with while it read or wrote the store in a folder.
fn failed<E: Into<redb::Error>>(folder: &Path) -> impl Fn(E) -> Error + use<'_, E> {
    |error| place(folder, "read or write the store").redb(&error.into())
}

fn place<'a>(folder: &'a Path, doing: &'a str) -> StorePlace<'a> {
    StorePlace { library: "redb", folder: Some(folder), doing }
}

/// A redb database.
#[derive(Debug)]
pub struct RedbTrees {
    db: Database,
    folder: PathBuf,
}

impl RedbTrees {
    /// Opens the database in `folder`, or makes one.
    ///
    /// # Errors
    ///
    /// If redb cannot open it.
    pub fn open(folder: &Path) -> Result<Self> {
        let place = place(folder, "open the store");
        on_disk::make_folder(folder).map_err(|error| place.io(&error))?;
        let mut builder = Database::builder();
        let db = builder.set_cache_size(CACHE_BYTES).create(folder.join("trees.redb"));
        let db = db.map_err(|error| place.redb(&error.into()))?;
        let store = Self { db, folder: folder.to_owned() };
        // A table that nothing was written to would be missing when it is scanned.
        let transaction = store.begin(true)?;
        for tree in Tree::ALL {
            transaction.open_table(definition(tree)).map_err(failed(folder))?;
        }
        transaction.commit().map_err(failed(folder))?;
        // The file, too, must be found after the loss of power.
        on_disk::sync_all(folder).map_err(|error| place.io(&error))?;
        Ok(store)
    }

    fn begin(&self, durable: bool) -> Result<WriteTransaction> {
        let mut transaction = self.db.begin_write().map_err(failed(&self.folder))?;
        let durability = if durable {
            Durability::Immediate
        } else {
            Durability::None
        };
        transaction.set_durability(durability).map_err(failed(&self.folder))?;
        Ok(transaction)
    }
}

/// A transaction and the tables it has needed so far: to open one costs as much as to read a row.
struct RedbTransaction<'a> {
    transaction: &'a WriteTransaction,
    folder: &'a Path,
    tables: RefCell<[Option<Table<'a, Bytes, Bytes>>; Tree::ALL.len()]>,
}

impl<'a> RedbTransaction<'a> {
    fn new(transaction: &'a WriteTransaction, folder: &'a Path) -> Self {
        Self { transaction, folder, tables: RefCell::default() }
    }

    fn with<R>(
        &self,
        tree: Tree,
        action: impl FnOnce(&mut Table<'a, Bytes, Bytes>) -> Result<R, redb::StorageError>,
    ) -> Result<R> {
        let table = &mut self.tables.borrow_mut()[tree as usize];
        let table = match table {
            Some(table) => table,
            None => table.insert(self.transaction.open_table(definition(tree)).map_err(failed(self.folder))?),
        };
        action(table).map_err(failed(self.folder))
    }
}

impl Transaction for RedbTransaction<'_> {
    fn get(&self, tree: Tree, key: &[u8], value: &mut Vec<u8>) -> Result<bool, Stop> {
        value.clear();
        let found = self.with(tree, |table| {
            let found = table.get(key)?;
            value.extend_from_slice(found.as_ref().map(|found| found.value()).unwrap_or_default());
            Ok(found.is_some())
        })?;
        Ok(found)
    }

    fn put(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> Result<(), Stop> {
        self.with(tree, |table| table.insert(key, value).map(drop))?;
        Ok(())
    }
}

impl TreeStore for RedbTrees {
    fn transact(&self, durable: bool, body: &mut Body<'_>) -> Result<()> {
        loop {
            let transaction = self.begin(durable)?;
            let done = body(&mut RedbTransaction::new(&transaction, &self.folder));
            match done {
                Ok(()) => return transaction.commit().map_err(failed(&self.folder)),
                Err(stop) => {
                    transaction.abort().map_err(failed(&self.folder))?;
                    if let Stop::Failed(error) = stop {
                        return Err(error);
                    }
                }
            }
        }
    }

    fn load(&self, rows: &[TreeRow]) -> Result<()> {
        for rows in rows.chunks(BATCH) {
            let transaction = self.begin(false)?;
            let tables = RedbTransaction::new(&transaction, &self.folder);
            for row in rows {
                tables.with(row.tree, |table| table.insert(&row.key[..], &row.value[..]).map(drop))?;
            }
            drop(tables);
            transaction.commit().map_err(failed(&self.folder))?;
        }
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        self.begin(true)?.commit().map_err(failed(&self.folder))
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        let table = self
            .db
            .begin_read()
            .map_err(failed(&self.folder))?
            .open_table(definition(tree))
            .map_err(failed(&self.folder))?;
        let rows = table.range::<&[u8]>((Bound::Excluded(after), Bound::Unbounded)).map_err(failed(&self.folder))?;
        for row in rows.take(limit) {
            let (key, value) = row.map_err(failed(&self.folder))?;
            visit(key.value(), value.value())?;
        }
        Ok(())
    }
}
