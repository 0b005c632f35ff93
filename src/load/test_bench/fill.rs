//! Fill: the store as it is before a test. One that an earlier test has filled is used again if it is sound, and filled
//! further if it holds too little; a damaged one is thrown away.

use std::path::Path;

use super::TestBench;
use crate::error::{Error, Result};
use crate::identity::trees::TreeStore;
use crate::identity::trees::backend::Backend;
use crate::load::guard::guarded;
use crate::load::inventory::Inventory;
use crate::load::lock;
use crate::load::preload::{self, PreloadSpec, Preloaded};
use crate::load::report::Preload;
use crate::load::stores::remove_file;
use crate::process::Stopwatch;
use crate::watch::Watch;

impl TestBench<'_> {
    /// Loads what is missing in a backend's store; goes on where an earlier preload stopped. A store that is damaged is
    /// thrown away and filled again: why is told in what is returned.
    ///
    /// # Errors
    ///
    /// If the store fails, or on interruption; what is loaded stays.
    pub fn preload(&self, backend: Backend, cohorts: u64, watch: &dyn Watch) -> Result<Preload> {
        if !backend.persists() {
            return Ok(Preload::default());
        }
        let wanted = PreloadSpec {
            key: self.key.clone(),
            cohorts,
            record_bytes: self.record_bytes,
        };
        let folder = self.stores.preloaded(backend);
        let mut thrown_away = None;
        if folder.exists() {
            let known = Inventory::read(&self.stores.seal(backend));
            match self.reused(backend, &wanted, known.as_ref(), watch) {
                Ok(Some(preload)) => return Ok(preload),
                Ok(None) => {}
                Err(Unusable::Failed(error)) => return Err(error),
                Err(Unusable::Damaged(why)) => thrown_away = Some(why),
            }
            self.stores.discard_preloaded(backend)?;
        }
        std::fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, "make this folder", error))?;
        let store = open(backend, &folder)?;
        let done = self.filled(backend, store, &wanted, watch)?;
        Ok(Preload { thrown_away, ..told(&done, false) })
    }

    /// Uses a store that an earlier test has filled; nothing if it was filled for another one.
    fn reused(
        &self,
        backend: Backend,
        wanted: &PreloadSpec,
        known: Option<&Inventory>,
        watch: &dyn Watch,
    ) -> Result<Option<Preload>, Unusable> {
        let folder = self.stores.preloaded(backend);
        if let Some(known) = known {
            if known.preloaded.key != wanted.key {
                return Ok(None);
            }
            if let Some(why) = known.damage(&folder) {
                return Err(Unusable::Damaged(why));
            }
            if known.preloaded.is_enough(&self.operations, wanted) {
                return Ok(Some(told(&known.preloaded, true)));
            }
        }
        // From here on its files change. One that is interrupted has no inventory, and is opened to see how far it is.
        remove_file(&self.stores.seal(backend)).map_err(Unusable::Failed)?;
        let opened = open(backend, &folder).map_err(|error| Unusable::Damaged(error.to_string()))?;
        let before = match guarded("reading how far it is", || Preloaded::of(&*opened)) {
            Ok(Some(before)) if before.key == wanted.key => before,
            // Without a key it was killed before it had loaded anything worth keeping.
            Ok(_) => {
                drop(opened);
                lock::wait_until_free(&folder);
                return Ok(None);
            }
            Err(error) => {
                // What cannot be read may not be closed either.
                std::mem::forget(opened);
                return Err(Unusable::Damaged(error.to_string()));
            }
        };
        match self.filled(backend, opened, wanted, watch) {
            Ok(done) => Ok(Some(told(&done, before.accounts == done.accounts))),
            // A store that was sound a moment ago has failed for another reason, such as a full disk.
            Err(error) if known.is_some() || matches!(error, Error::Interrupted(_)) => Err(Unusable::Failed(error)),
            Err(error) => Err(Unusable::Damaged(error.to_string())),
        }
    }

    /// Fills a store as far as is wanted, closes it, and takes its inventory.
    fn filled(
        &self,
        backend: Backend,
        store: Box<dyn TreeStore>,
        wanted: &PreloadSpec,
        watch: &dyn Watch,
    ) -> Result<Preloaded> {
        let clock = Stopwatch::start();
        let clock_ms = || clock.micros() / 1_000;
        let done =
            guarded("filling it", || preload::preload(&self.operations, &self.found, &*store, wanted, watch, &clock_ms));
        let done = match done {
            Err(error) if !matches!(error, Error::Interrupted(_)) => {
                // Some stores wait for ever when they are closed after a failure.
                std::mem::forget(store);
                return Err(error);
            }
            done => done?,
        };
        guarded("closing it", || {
            drop(store);
            Ok(())
        })?;
        let folder = self.stores.preloaded(backend);
        lock::wait_until_free(&folder);
        Inventory::take(done.clone(), &folder)?.write(&self.stores.seal(backend))?;
        Ok(done)
    }
}

/// Why a store that is there cannot be used.
enum Unusable {
    /// Nor can another one be made in its place.
    Failed(Error),
    /// It is to be thrown away.
    Damaged(String),
}

fn open(backend: Backend, folder: &Path) -> Result<Box<dyn TreeStore>> {
    lock::wait_until_free(folder);
    let what = format!("opening the {} store in {}", backend.key(), folder.display());
    guarded(&what, || backend.open(folder))
}

fn told(done: &Preloaded, reused: bool) -> Preload {
    Preload {
        accounts: done.accounts,
        records: done.records,
        seconds: done.milliseconds as f64 / 1e3,
        reused,
        thrown_away: None,
    }
}
