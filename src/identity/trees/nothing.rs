//! A store that does nothing, not even what it is asked: what a load test costs without a store.

use super::{Body, Tree, TreeRow, TreeStore, Visit};
use crate::error::Result;

/// Accepts everything and keeps nothing. Bodies are not run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl TreeStore for Nothing {
    fn transact(&self, _: bool, _: &mut Body<'_>) -> Result<()> {
        Ok(())
    }

    fn load(&self, _: &[TreeRow]) -> Result<()> {
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn page(&self, _: Tree, _: &[u8], _: usize, _: &mut Visit<'_>) -> Result<()> {
        Ok(())
    }
}
