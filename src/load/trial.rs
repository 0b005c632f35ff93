//! A trial: one test of one backend, from a fresh copy of the preloaded store to the proof.
//!
//! The playing process writes the log of acknowledgements, and this one reads it as it grows: for whoever watches, and to
//! kill that process in the middle of its work and start it again, if a crash is asked for.

mod process;

mod tail;

use super::ack::{self, Seal};
use super::child::PlayOrder;
use super::player::PlayPlan;
use super::sequence::Sequence;
use super::stores::{Stores, disk_bytes};
use super::tally::{LoadTally, TestTiming};
use crate::error::{Error, Result};
use crate::identity::trees::backend::Backend;
use crate::identity::trees::outlives::Outlives;
use process::{Kill, Process};
use tail::Tail;

/// When the playing process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crashes {
    /// A single crash comes so many microseconds after the process was started; each of several at some moment up to that.
    /// So some come while the store is being opened again.
    pub after_us: u64,
    /// How many.
    pub count: u32,
    /// Seed of those moments.
    pub seed: u64,
}

/// One test of one backend.
#[derive(Debug)]
pub struct Trial<'a> {
    /// Where the stores are.
    pub stores: &'a Stores,
    /// The backend.
    pub backend: Backend,
    /// What is played.
    pub sequence: &'a Sequence,
    /// How.
    pub plan: PlayPlan,
    /// From when on it is measured, in microseconds.
    pub warm_up_us: u64,
    /// Crashes on the way.
    pub crashes: Option<Crashes>,
    /// What is flushed must outlive.
    pub outlives: Outlives,
}

/// Size of a store on disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreBytes {
    /// Before the test.
    pub before: u64,
    /// At its end.
    pub after: u64,
}

/// What a trial left.
#[derive(Debug)]
pub struct TrialResult<'a> {
    /// Everything measured.
    pub tally: LoadTally<'a>,
    /// Bytes of the store on disk, before and after.
    pub store_bytes: StoreBytes,
    /// What the log comes to.
    pub seal: Seal,
    /// Why the playing process failed, if it did.
    pub failure: Option<Error>,
}

/// Who watches a trial.
pub trait Audience {
    /// How things stand, several times a second: time since the schedule's beginning, and all that was measured so far.
    fn see(&mut self, time_us: u64, tally: &LoadTally<'_>);
    /// Whether to stop.
    fn stopped(&self) -> bool;
}

/// Kills before the store was open that may follow each other: the life after them is given time to open it.
const KILLS_IN_RECOVERY: u32 = 2;

impl<'a> Trial<'a> {
    /// Plays, and reads what was measured.
    ///
    /// # Errors
    ///
    /// If the process cannot be started or logs nothing that can be read, or on interruption.
    pub fn run(&self, audience: &mut dyn Audience) -> Result<TrialResult<'a>> {
        let (stores, backend) = (self.stores, self.backend);
        stores.clear(backend)?;
        if backend.persists() {
            stores.copy(backend)?;
        }
        let before = disk_bytes(&stores.played(backend));
        let log = stores.log(backend);
        let mut order = PlayOrder {
            backend: backend.key().to_owned(),
            store: stores.played(backend),
            lock: stores.lock(backend),
            sequence: stores.sequence(),
            log: log.clone(),
            plan: self.plan.clone(),
            parent: std::process::id(),
            killed: 0,
            outlives: self.outlives,
        };
        let path = stores.order(backend);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))
            .map_err(|error| Error::file(&path, "make its folder", error))?;

        let mut timing = TestTiming {
            warm_up_us: self.warm_up_us,
            duration_us: self.plan.duration_us,
            closed: self.plan.pace.is_none(),
        };
        let mut tail = Tail::new(log.clone(), LoadTally::new(timing, self.sequence)?);
        let (mut failure, mut in_recovery) = (None, 0);
        for life in 0.. {
            order.killed = life;
            order.write(&path)?;
            let after_us = self.crashes.and_then(|crashes| crashes.after_us(life));
            let once_open = in_recovery >= KILLS_IN_RECOVERY;
            let kill = after_us.map(|after_us| Kill { after_us, once_open });
            let ended = Process::start(&path, self.plan.silence_us)?.watch(kill, &mut tail, audience)?;
            failure = ended.failure;
            if tail.tally.has_ended || !ended.killed {
                break;
            }
            in_recovery = if ended.opened { 0 } else { in_recovery + 1 };
        }
        if !tail.tally.has_ended && failure.is_none() {
            failure = Some(Error::Store(format!(
                "the process that played on {} ended before the test did: run it again",
                backend.key()
            )));
        }
        let seal = tail.seal();
        let mut tally = tail.tally;
        if timing.closed && log.exists() {
            // A closed loop has sustained what it has done in the time until everything was on disk.
            timing.duration_us = tally.lives.last().map_or(0, |life| life.last.time_us).max(10);
            // It may have come to the end of the preloaded cohorts early.
            timing.warm_up_us = timing.warm_up_us.min(timing.duration_us / 10);
            let silent_from_us = tally.silent_from_us;
            tally = LoadTally::new(timing, self.sequence)?;
            ack::read(&log, |entry| tally.add(&entry))?;
            tally.silent_from_us = silent_from_us;
        }
        Ok(TrialResult {
            tally,
            store_bytes: StoreBytes { before, after: disk_bytes(&stores.played(backend)) },
            seal,
            failure,
        })
    }

    /// Requests that the schedule holds after the warm-up; `None` for a closed loop.
    pub fn asked(&self) -> Option<u64> {
        let due = |time_us| self.plan.due_before(self.sequence, time_us);
        self.plan.pace.is_some().then(|| due(self.plan.duration_us) - due(self.warm_up_us))
    }
}

impl Crashes {
    /// How long a life lasts until it is killed, if it is.
    fn after_us(&self, life: u32) -> Option<u64> {
        if life >= self.count {
            return None;
        }
        let moment = xxhash_rust::xxh3::xxh3_64_with_seed(&life.to_le_bytes(), self.seed);
        match self.count {
            1 => Some(self.after_us),
            _ => Some(moment % (self.after_us + 1)),
        }
    }
}
