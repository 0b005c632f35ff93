//! The process that holds the store and plays on it. It is one of its own so that it can be killed, and so that its memory
//! and its writes are those of one store.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::guard::guarded;
use super::lock::{self, TestLock};
use super::player::{self, Before, PlayPlan};
use super::sequence::Sequence;
use crate::error::{Error, Result};
use crate::identity::trees::TreeStore;
use crate::identity::trees::backend::Backend;
use crate::identity::trees::outlives::Outlives;
use crate::process;

/// What a playing process is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayOrder {
    /// Name of the backend.
    pub backend: String,
    /// Folder of the store.
    pub store: PathBuf,
    /// The file that is locked by whoever plays on it.
    pub lock: PathBuf,
    /// The sequence.
    pub sequence: PathBuf,
    /// Where it logs.
    pub log: PathBuf,
    /// How it plays.
    pub plan: PlayPlan,
    /// The process that orders it: when that has died, nobody wants it any more.
    pub parent: u32,
    /// Processes of this test that were killed before.
    pub killed: u32,
    /// What is flushed must outlive.
    #[serde(default)]
    pub outlives: Outlives,
}

/// How often a process looks whether the one that ordered it is alive.
const LOOK_EVERY: Duration = Duration::from_millis(200);

impl PlayOrder {
    /// Reads an order.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Error::file(path, "read it", error))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Error::Input(format!(
                "{}: this is not what this version of `cutover load` tells the process that plays ({error}): run the load test \
                 again",
                path.display()
            ))
        })
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

    /// Plays, until the time is up or `stopped` says so. The process ends at once when the one that ordered it has died,
    /// whatever the store is doing.
    ///
    /// # Errors
    ///
    /// If the store cannot be opened, has failed at requests, or has stopped answering. It is not closed then, for some
    /// stores wait for ever when they are closed after a failure: the process should end.
    pub fn play(&self, stopped: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        self.leave_with_parent();
        // Whoever was killed a moment ago may still be dying.
        let _lock = TestLock::take(&self.lock, lock::PATIENCE)?;
        let sequence = Arc::new(Sequence::read(&self.sequence)?);
        let backend = Backend::named(&self.backend).map_err(Error::Input)?;
        lock::wait_until_free(&self.store);
        let rss_bytes = process::peak_rss_bytes();
        let watch = process::Stopwatch::start();
        let what = format!("opening the {} store in {}", self.backend, self.store.display());
        let store: Arc<dyn TreeStore> = Arc::from(guarded(&what, || {
            if self.outlives == Outlives::Power {
                backend.make_sound()?;
            }
            backend.open_for(&self.store, self.outlives)
        })?);
        let before = Before { rss_bytes, opening_us: watch.micros(), killed: self.killed };
        let played = self.play_on(Arc::clone(&store), &sequence, before, stopped);
        if played.is_err() {
            std::mem::forget(store);
        }
        played
    }

    fn play_on(
        &self,
        store: Arc<dyn TreeStore>,
        sequence: &Arc<Sequence>,
        before: Before,
        stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<()> {
        let played = player::play(store, sequence, &self.plan, &self.log, before, &stopped)?;
        if let Some((from_us, waiting)) = played.silent {
            return Err(Error::Store(format!(
                "the {} store stopped answering after {:.1} s of the test: no transaction and no flush ended for {:.0} s, and \
                 {waiting} requests waited",
                self.backend,
                from_us as f64 / 1e6,
                self.plan.silence_us as f64 / 1e6
            )));
        }
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

    /// Ends this process when its parent is not the one that ordered it, even while the store does not come back.
    fn leave_with_parent(&self) {
        let ordered_by = self.parent;
        std::thread::spawn(move || {
            // 0: the system does not tell.
            while [0, ordered_by].contains(&process::parent()) {
                std::thread::sleep(LOOK_EVERY);
            }
            std::process::exit(3);
        });
    }
}
