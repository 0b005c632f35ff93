//! A tree read from its beginning, record by record, and a page at a time.

use std::collections::VecDeque;

use super::TreeStore;
use super::codec::{self, KeyBytes, TreeKey};
use crate::error::{Error, Result};
use crate::identity::table::Table;

/// Rows in a page: enough that looking for its beginning costs little, few enough to stay in the cache.
const PAGE: usize = 256;

/// A place in a tree, and the rows that come next. Between pages the store may be read and written.
pub struct Cursor<'a, T: Table> {
    store: &'a dyn TreeStore,
    rows: VecDeque<(T::Key, T::Record)>,
    after: KeyBytes,
    ended: bool,
}

impl<'a, T: Table> Cursor<'a, T> {
    /// Before the first row.
    pub fn new(store: &'a dyn TreeStore) -> Self {
        Self {
            store,
            rows: VecDeque::new(),
            after: KeyBytes::of(&[]),
            ended: false,
        }
    }

    /// The key that comes next.
    ///
    /// # Errors
    ///
    /// If the store fails or a record is damaged.
    pub fn peek(&mut self) -> Result<Option<T::Key>> {
        self.fill()?;
        Ok(self.rows.front().map(|(key, _)| *key))
    }

    /// Takes the next row if its key is wanted.
    ///
    /// # Errors
    ///
    /// If the store fails or a record is damaged.
    pub fn next_if(&mut self, wanted: impl FnOnce(T::Key) -> bool) -> Result<Option<(T::Key, T::Record)>> {
        self.fill()?;
        match self.rows.front() {
            Some((key, _)) if wanted(*key) => Ok(self.rows.pop_front()),
            _ => Ok(None),
        }
    }

    /// Goes on to the first row after these bytes, and never back.
    pub fn seek(&mut self, after: KeyBytes) {
        while self.rows.front().is_some_and(|(key, _)| key.encode() <= after) {
            self.rows.pop_front();
        }
        if self.rows.is_empty() {
            self.after = self.after.max(after);
        }
    }

    fn fill(&mut self) -> Result<()> {
        if !self.rows.is_empty() || self.ended {
            return Ok(());
        }
        let rows = &mut self.rows;
        self.store.page(T::TREE, &self.after, PAGE, &mut |key, value| {
            let key =
                T::Key::decode(key).ok_or_else(|| Error::Check(format!("a key of {} is damaged", T::TREE.name())))?;
            rows.push_back((key, codec::read(T::TREE, value)?));
            Ok(())
        })?;
        self.ended = rows.len() < PAGE;
        if let Some((key, _)) = rows.back() {
            self.after = key.encode();
        }
        Ok(())
    }
}
