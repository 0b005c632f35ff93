//! The process that holds the store and plays on it. It is one of its own so that it can be killed, and so that its memory
//! and its writes are those of one store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::player::{self, Before, Plan};
use super::sequence::Sequence;
use crate::error::{Error, Result};
use crate::identity::trees::TreeStore;
use crate::identity::trees::backend::Backend;
use crate::identity::trees::outlives::Outlives;
use crate::process;

/// What a playing process is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Name of the backend.
    pub backend: String,
    /// Folder of the store.
    pub store: PathBuf,
    /// The sequence.
    pub sequence: PathBuf,
    /// Where it logs.
    pub log: PathBuf,
    /// How it plays.
    pub plan: Plan,
    /// What is flushed must outlive.
    #[serde(default)]
    pub outlives: Outlives,
}

impl Order {
    /// Reads an order.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Error::file(path, "read it", error))?;
        serde_json::from_slice(&bytes)
            .map_err(|error| Error::Input(format!("{}: not an order: {error}", path.display())))
    }

    /// Writes it down.
    ///
    /// # Errors
    ///
    /// If that fails.
    pub fn write(&self, path: &Path) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Store(format!("{}: cannot be written: {error}", path.display())))?;
        std::fs::write(path, bytes).map_err(|error| Error::file(path, "write it", error))
    }

    /// Plays, until the time is up or `stopped` says so, or the process that ordered it has died.
    ///
    /// # Errors
    ///
    /// If the store cannot be opened, or has failed at requests.
    pub fn play(&self, stopped: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let parent = process::parent();
        let sequence = Arc::new(Sequence::read(&self.sequence)?);
        let backend = Backend::named(&self.backend).map_err(Error::Input)?;
        let rss_bytes = process::peak_rss_bytes();
        let watch = process::Stopwatch::start();
        if self.outlives == Outlives::Power {
            backend.make_sound()?;
        }
        let store: Arc<dyn TreeStore> = Arc::from(backend.open_for(&self.store, self.outlives)?);
        let before = Before { rss_bytes, opening_us: watch.micros() };
        let stop = || stopped() || process::parent() != parent;
        let played = player::play(store, &sequence, &self.plan, &self.log, before, &stop)?;
        match played.failed {
            (0, _) if played.stopped => Err(Error::Interrupted("the process that plays was stopped".to_owned())),
            (0, _) => Ok(()),
            (count, first) => Err(Error::Store(format!(
                "the {} store failed {count} times, first so: {}",
                self.backend,
                first.unwrap_or_default()
            ))),
        }
    }
}
