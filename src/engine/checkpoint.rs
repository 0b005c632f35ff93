//! Checkpoints: what a killed run finds when it resumes. Each is committed in one batch with the dossiers it is about.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Replication;
use super::alone::AloneChunk;
use super::settled::SettledChunk;
use crate::error::{Error, Result};
use crate::identity::filing::{Checkpoint, Filing};
use crate::identity::pages::DossierPage;

/// A replication that was finished before.
pub fn finished(filing: Option<&dyn Filing>, number: u32) -> Result<Option<Replication>> {
    load(filing, Checkpoint::Replication(number))
}

/// Marks a replication as finished.
pub fn finish(filing: Option<&dyn Filing>, number: u32, done: &Replication) -> Result<()> {
    save(filing, Checkpoint::Replication(number), done, Vec::new())
}

/// A chunk of phase 1 that was finished before.
pub fn load_alone(filing: Option<&dyn Filing>, chunk: usize, arms: usize) -> Result<Option<AloneChunk>> {
    let chunk: Option<AloneChunk> = load(filing, Checkpoint::Alone(chunk as u32))?;
    Ok(chunk.filter(|chunk| chunk.counts.len() == arms))
}

/// Commits a chunk of phase 1.
pub fn save_alone(filing: Option<&dyn Filing>, chunk: usize, done: &AloneChunk, pages: Vec<DossierPage>) -> Result<()> {
    save(filing, Checkpoint::Alone(chunk as u32), done, pages)
}

/// The part of a chunk that was settled before.
pub fn load_settled(filing: Option<&dyn Filing>, chunk: usize, arm: usize) -> Result<Option<SettledChunk>> {
    load(filing, Checkpoint::Settled(chunk as u32, arm as u8))
}

/// Commits the settled part of a chunk.
pub fn save_settled(
    filing: Option<&dyn Filing>,
    chunk: usize,
    arm: usize,
    done: &SettledChunk,
    pages: Vec<DossierPage>,
) -> Result<()> {
    save(filing, Checkpoint::Settled(chunk as u32, arm as u8), done, pages)
}

fn load<T: DeserializeOwned>(filing: Option<&dyn Filing>, mark: Checkpoint) -> Result<Option<T>> {
    let Some(bytes) = filing.map_or(Ok(None), |filing| filing.marked(mark))? else {
        return Ok(None);
    };
    postcard::from_bytes(&bytes)
        .map(Some)
        .map_err(|error| Error::Check(format!("a checkpoint of the store is damaged: {error}")))
}

fn save<T: Serialize>(filing: Option<&dyn Filing>, mark: Checkpoint, done: &T, pages: Vec<DossierPage>) -> Result<()> {
    let Some(filing) = filing else { return Ok(()) };
    let done =
        postcard::to_stdvec(done).map_err(|error| Error::Store(format!("a checkpoint cannot be encoded: {error}")))?;
    filing.commit(mark, &done, pages)
}
