//! Trees: the store as an identity service would have it. Each table is a tree of its own, and every request is one
//! transaction across them.
//!
//! A [`TreeStore`] knows nothing of identities: it reads and writes bytes. [`codec`] says how records become bytes, and
//! [`Encoded`] is the [`View`](super::table::View) through which the one set of [rules](super::rules) sees any store.

pub mod codec;

mod encoded;

mod cursor;

#[cfg(feature = "store")]
pub mod on_disk;

pub mod outlives;

#[cfg(feature = "store")]
pub mod trouble;

pub mod memory;

#[cfg(feature = "store")]
pub mod sled;

#[cfg(feature = "store")]
pub mod sled_syncs;

#[cfg(feature = "redb")]
pub mod redb;

#[cfg(feature = "fjall")]
pub mod fjall;

pub mod nothing;

pub mod faulty;

#[cfg(feature = "store")]
pub mod backend;

pub mod verify;

use crate::error::{Error, Result};
use crate::listed::listed;
use codec::KeyBytes;
pub use cursor::Cursor;
pub use encoded::{Encoded, Scratch};

listed! {
    /// A tree of the store.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Tree {
        /// Accounts of the legacy directory.
        Legacy,
        /// Identities of the target directory.
        Target,
        /// Which identity an identifier leads to.
        Identifiers,
        /// Links and codes.
        Tokens,
        /// Legacy sessions.
        Sessions,
        /// Cases.
        Tickets,
        /// Audit trails.
        Audit,
        /// What the store says about itself.
        Meta,
    }
}

impl Tree {
    /// Name of the tree in a store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Target => "target",
            Self::Identifiers => "identifiers",
            Self::Tokens => "tokens",
            Self::Sessions => "sessions",
            Self::Tickets => "tickets",
            Self::Audit => "audit",
            Self::Meta => "meta",
        }
    }
}

/// Why a transaction stops half-way. Nothing of it is kept.
#[derive(Debug)]
pub enum Stop {
    /// Another transaction was in the way: the store runs it again.
    Conflict,
    /// It failed.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What a transaction sees: every tree, with what it has written itself.
pub trait Transaction {
    /// Reads the value under `key` into `value`, which is emptied first; whether there is one.
    fn get(&self, tree: Tree, key: &[u8], value: &mut Vec<u8>) -> Result<bool, Stop>;
    /// Writes `value` under `key`.
    fn put(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> Result<(), Stop>;
}

/// What a transaction does. It may be run more than once, and only the last time counts.
pub type Body<'a> = dyn FnMut(&mut dyn Transaction) -> Result<(), Stop> + 'a;

/// What is done with a row that is read, given its key and its value.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<()> + 'a;

/// One record on its way into a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreeRow {
    /// Which tree.
    pub tree: Tree,
    /// Its key.
    pub key: KeyBytes,
    /// Its bytes.
    pub value: Vec<u8>,
}

/// An embedded store with atomic, isolated transactions across trees. Calls block.
pub trait TreeStore: Send + Sync {
    /// Runs `body` in one transaction, which is visible as a whole or not at all. With `durable` it is on disk when this
    /// returns; otherwise it is after the next [`sync`](Self::sync).
    ///
    /// # Errors
    ///
    /// What the body failed with, or the store.
    fn transact(&self, durable: bool, body: &mut Body<'_>) -> Result<()>;

    /// Writes many rows, outside of any transaction and in batches that suit the store.
    ///
    /// # Errors
    ///
    /// If the store fails; some rows may have been written then.
    fn load(&self, rows: &[TreeRow]) -> Result<()>;

    /// Puts everything that has been committed before the call on disk.
    ///
    /// # Errors
    ///
    /// If the store fails.
    fn sync(&self) -> Result<()>;

    /// Visits the rows of a tree in the order of their keys: the first one after `after`, and so on, `limit` of them if
    /// there are so many. The visitor must leave the store alone.
    ///
    /// # Errors
    ///
    /// If the store fails, or what the visitor fails with.
    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()>;

    /// Visits all rows of a tree in the order of their keys.
    ///
    /// # Errors
    ///
    /// If the store fails, or what the visitor fails with.
    fn scan(&self, tree: Tree, visit: &mut Visit<'_>) -> Result<()> {
        self.page(tree, &[], usize::MAX, visit)
    }
}

impl<S: TreeStore + ?Sized> TreeStore for Box<S> {
    fn transact(&self, durable: bool, body: &mut Body<'_>) -> Result<()> {
        (**self).transact(durable, body)
    }

    fn load(&self, rows: &[TreeRow]) -> Result<()> {
        (**self).load(rows)
    }

    fn sync(&self) -> Result<()> {
        (**self).sync()
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        (**self).page(tree, after, limit, visit)
    }
}
