//! Checkpoints: what a killed run finds when it resumes. Each is committed in one batch with the dossiers it is about.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Replication;
use super::alone::AloneChunk;
use super::settled::SettledChunk;
use crate::error::Result;
use crate::identity::pages::Page;
use crate::identity::store::{DossierStore, Mark};

/// A replication that was finished before.
pub fn finished(store: Option<&DossierStore>, number: u32) -> Result<Option<Replication>> {
    load(store, Mark::Replication(number))
}

/// Marks a replication as finished.
pub fn finish(store: Option<&DossierStore>, number: u32, done: &Replication) -> Result<()> {
    save(store, Mark::Replication(number), done, Vec::new())
}

/// A chunk of phase 1 that was finished before.
pub fn load_alone(store: Option<&DossierStore>, chunk: usize, arms: usize) -> Result<Option<AloneChunk>> {
    let chunk: Option<AloneChunk> = load(store, Mark::Alone(chunk as u32))?;
    Ok(chunk.filter(|chunk| chunk.counts.len() == arms))
}

/// Commits a chunk of phase 1.
pub fn save_alone(store: Option<&DossierStore>, chunk: usize, done: &AloneChunk, pages: Vec<Page>) -> Result<()> {
    save(store, Mark::Alone(chunk as u32), done, pages)
}

/// The part of a chunk that was settled before.
pub fn load_settled(store: Option<&DossierStore>, chunk: usize, arm: usize) -> Result<Option<SettledChunk>> {
    load(store, Mark::Settled(chunk as u32, arm as u8))
}

/// Commits the settled part of a chunk.
pub fn save_settled(
    store: Option<&DossierStore>,
    chunk: usize,
    arm: usize,
    done: &SettledChunk,
    pages: Vec<Page>,
) -> Result<()> {
    save(store, Mark::Settled(chunk as u32, arm as u8), done, pages)
}

fn load<T: DeserializeOwned>(store: Option<&DossierStore>, mark: Mark) -> Result<Option<T>> {
    store.map_or(Ok(None), |store| store.marked(mark))
}

fn save<T: Serialize>(store: Option<&DossierStore>, mark: Mark, done: &T, pages: Vec<Page>) -> Result<()> {
    store.map_or(Ok(()), |store| store.commit(mark, done, pages))
}
