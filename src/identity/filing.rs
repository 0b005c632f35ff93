//! Filing: where a run keeps its dossiers and its checkpoints, whatever store that is.

use super::pages::DossierPage;
use crate::error::Result;

/// A checkpoint: a part of the run that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// A chunk of phase 1.
    Alone(u32),
    /// The settled part of a chunk under one arm.
    Settled(u32, u8),
    /// A whole replication.
    Replication(u32),
}

impl Checkpoint {
    /// The key under which a store keeps it.
    pub fn key(self) -> [u8; 7] {
        let (kind, number, arm) = match self {
            Self::Alone(chunk) => (b'1', chunk, 0),
            Self::Settled(chunk, arm) => (b'3', chunk, arm),
            Self::Replication(number) => (b'r', number, 0),
        };
        let [a, b, c, d] = number.to_be_bytes();
        [b'm', kind, a, b, c, d, arm]
    }
}

/// Whoever keeps what a run files.
pub trait Filing: Sync {
    /// What was committed with a mark; `None` if nothing was.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn marked(&self, mark: Checkpoint) -> Result<Option<Vec<u8>>>;

    /// Commits pages, what they amount to, and the mark that they are done: all or nothing.
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn commit(&self, mark: Checkpoint, done: &[u8], pages: Vec<DossierPage>) -> Result<()>;
}
