//! A store in memory, one transaction at a time: so simple that it is right, and therefore the oracle for the others.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Body, Stop, Transaction, Tree, TreeRow, TreeStore, Visit};
use crate::error::Result;

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// Trees in memory. Nothing of it outlives the process.
#[derive(Debug, Default)]
pub struct MemoryTrees {
    trees: Mutex<[Rows; Tree::ALL.len()]>,
}

impl MemoryTrees {
    fn lock(&self) -> MutexGuard<'_, [Rows; Tree::ALL.len()]> {
        self.trees.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transaction and what it would overwrite.
struct Journal<'a> {
    trees: &'a mut [Rows; Tree::ALL.len()],
    before: Vec<(Tree, Vec<u8>, Option<Vec<u8>>)>,
}

impl Journal<'_> {
    fn undo(&mut self) {
        while let Some((tree, key, value)) = self.before.pop() {
            let rows = &mut self.trees[tree as usize];
            match value {
                Some(value) => rows.insert(key, value),
                None => rows.remove(&key),
            };
        }
    }
}

impl Transaction for Journal<'_> {
    fn get(&self, tree: Tree, key: &[u8], value: &mut Vec<u8>) -> Result<bool, Stop> {
        value.clear();
        let found = self.trees[tree as usize].get(key);
        value.extend_from_slice(found.map(Vec::as_slice).unwrap_or_default());
        Ok(found.is_some())
    }

    fn put(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> Result<(), Stop> {
        let before = self.trees[tree as usize].insert(key.to_vec(), value.to_vec());
        self.before.push((tree, key.to_vec(), before));
        Ok(())
    }
}

impl TreeStore for MemoryTrees {
    fn transact(&self, _: bool, body: &mut Body<'_>) -> Result<()> {
        let mut trees = self.lock();
        let mut journal = Journal { trees: &mut trees, before: Vec::new() };
        loop {
            match body(&mut journal) {
                Ok(()) => return Ok(()),
                Err(stop) => {
                    journal.undo();
                    if let Stop::Failed(error) = stop {
                        return Err(error);
                    }
                }
            }
        }
    }

    fn load(&self, rows: &[TreeRow]) -> Result<()> {
        let mut trees = self.lock();
        for row in rows {
            trees[row.tree as usize].insert(row.key.to_vec(), row.value.clone());
        }
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        let trees = self.lock();
        let rows = trees[tree as usize].range::<[u8], _>((Bound::Excluded(after), Bound::Unbounded));
        rows.take(limit).try_for_each(|(key, value)| visit(key, value))
    }
}
