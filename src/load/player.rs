//! The player: sends the requests of a sequence to a store, and logs what it was told.
//!
//! ```text
//! pacer ─► queue ─► workers ─► (flusher, with group commit) ─► log
//! ```
//!
//! A tokio runtime waits for what takes time: the log's rhythm, the end, a signal. Everything that blocks has a thread
//! of its own beside it: each worker in its store call, the flusher in its flush, and the pacer, whose sleep must be
//! finer than the runtime's millisecond.

mod board;

mod flusher;

mod pacer;

mod silence;

mod worker;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use super::ack::{AckLog, Answered, Gauge, LogEnd, LogEntry, StoreAnswer};
use super::durability::Durability;
use super::pace::Pace;
use super::sequence::Sequence;
use crate::error::{Error, Result};
use crate::identity::trees::TreeStore;
use crate::process::{self, Stopwatch};
use board::Board;
use flusher::Flusher;
use silence::Silence;

/// How a sequence is played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayPlan {
    /// The rate asked for; without one each worker sends its next request when it has the answer (a closed loop).
    pub pace: Option<Pace>,
    /// How long requests are sent, in microseconds.
    pub duration_us: u64,
    /// How long answers are waited for after that.
    pub drain_us: u64,
    /// Requests that the store works on at the same time.
    pub workers: usize,
    /// When requests are acknowledged.
    pub durability: Durability,
    /// Age of the oldest write not on disk above which requests are held back.
    pub max_flush_lag_us: u64,
    /// Least size of the records of accounts and identities.
    pub record_bytes: usize,
    /// Requests for which the store is preloaded; they end there.
    pub most: u64,
    /// A test with more requests than this on their way has shown what it can show, and ends.
    pub most_in_flight: u64,
    /// A store that ends no transaction and no flush for so long, while it is asked for some, has stopped answering.
    pub silence_us: u64,
}

impl PlayPlan {
    /// When the request in this place is due, in microseconds from the beginning.
    pub fn due_us(&self, sequence: &Sequence, place: u64) -> u64 {
        let due_s = |pace: &Pace| pace.due_s(sequence.flow(place), self.duration_us as f64 / 1e6);
        self.pace.as_ref().map_or(0, |pace| (due_s(pace) * 1e6) as u64)
    }

    /// Requests that are due before a time, in microseconds from the beginning.
    pub fn due_before(&self, sequence: &Sequence, time_us: u64) -> u64 {
        let (mut from, mut to) = (0, self.most);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.due_us(sequence, middle) < time_us {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }
}

/// Time since the beginning of the schedule.
#[derive(Clone, Copy, Debug)]
struct PlayerClock {
    watch: Stopwatch,
    from_us: u64,
}

/// Time that threads have to get ready before the schedule goes on.
const LEAD_US: u64 = 20_000;

impl PlayerClock {
    fn start(from_us: u64) -> Self {
        Self { watch: Stopwatch::start(), from_us }
    }

    fn now_us(&self) -> u64 {
        self.from_us + self.watch.micros().saturating_sub(LEAD_US)
    }
}

/// A request on its way.
#[derive(Clone, Copy, Debug)]
struct Job {
    place: u64,
    due_us: u64,
    late_us: u64,
}

/// A test under way, shared by all its threads.
struct Player {
    plan: PlayPlan,
    sequence: Arc<Sequence>,
    store: Arc<dyn TreeStore>,
    clock: PlayerClock,
    board: Board,
    flusher: Flusher,
    /// How late those were sent that wait for the account's request before.
    late: std::sync::Mutex<BTreeMap<u64, u64>>,
    /// Entries that wait for the log.
    waiting: std::sync::Mutex<Vec<LogEntry>>,
    /// Where the next ones will wait while these are written: a vector that has its size already.
    spare: std::sync::Mutex<Vec<LogEntry>>,
    log: std::sync::Mutex<AckLog>,
    logical_bytes: AtomicU64,
    transactions: AtomicU64,
    failures: std::sync::Mutex<Failures>,
}

/// What is done at every tick of the log's rhythm.
struct Beat {
    silence: Silence,
    ticks: u64,
}

impl Beat {
    /// Reads the gauges from time to time, writes the log, and listens whether the store still answers.
    fn tick(&mut self, player: &Player, silent: &mut Option<u64>) -> Result<()> {
        if self.ticks.is_multiple_of(GAUGE_EVERY) {
            player.note(LogEntry::Gauge(player.gauge()));
        }
        self.ticks += 1;
        *silent = self.silence.look(player);
        player.write_log()
    }
}

/// What went wrong in the store.
#[derive(Debug, Default)]
struct Failures {
    count: u64,
    first: Option<String>,
}

/// What a test came to.
#[derive(Clone, Debug, Default)]
pub struct PlayResult {
    /// Requests at which the store failed, and what it said first.
    pub failed: (u64, Option<String>),
    /// It was stopped before its time.
    pub stopped: bool,
    /// The store has stopped answering: since when, in microseconds of the schedule, and how many requests waited then.
    /// Threads are left behind in its calls, which cannot be called back.
    pub silent: Option<(u64, u64)>,
}

/// What a process was before it opened the store.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before {
    /// Memory held.
    pub rss_bytes: u64,
    /// Time that opening the store took.
    pub opening_us: u64,
    /// Processes of this test that were killed before.
    pub killed: u32,
}

/// How often the log is written.
const LOG_EVERY: Duration = Duration::from_millis(5);

/// How many times the log is written for each reading of the gauges.
const GAUGE_EVERY: u64 = 20;

/// Plays the sequence against the store. What the log holds already was answered before a crash: it is not sent again,
/// while what was on its way is.
///
/// # Errors
///
/// If the log cannot be written or a thread cannot be started. A store that fails or stops answering is noted in the log.
pub fn play(
    store: Arc<dyn TreeStore>,
    sequence: &Arc<Sequence>,
    plan: &PlayPlan,
    log: &Path,
    before: Before,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<PlayResult> {
    let board = Board::new(sequence, plan);
    let (mut from_us, mut first) = (0, 0);
    // It goes on at the time at which the log ends: a backlog is not forgotten, and no time comes twice.
    let mut log = AckLog::open(log, |entry| match entry {
        LogEntry::Answered(answered) => {
            board.answered_before(answered.place, sequence);
            from_us = from_us.max(answered.due_us + answered.done_us);
            first = first.max(answered.place + 1);
        }
        LogEntry::Flush { time_us, .. } => from_us = from_us.max(time_us),
        LogEntry::Gauge(gauge) => from_us = from_us.max(gauge.time_us),
        LogEntry::Start { .. } | LogEntry::End(_) => {}
    })?;
    let retries = board.unanswered(first);
    log.add(&LogEntry::Start {
        from_us,
        rss_bytes: before.rss_bytes,
        opening_us: before.opening_us,
        killed: before.killed,
    });
    log.write()?;
    let player = Arc::new(Player {
        plan: plan.clone(),
        sequence: Arc::clone(sequence),
        store,
        clock: PlayerClock::start(from_us),
        board,
        flusher: Flusher::default(),
        late: std::sync::Mutex::default(),
        waiting: std::sync::Mutex::default(),
        spare: std::sync::Mutex::default(),
        log: std::sync::Mutex::new(log),
        logical_bytes: AtomicU64::new(0),
        transactions: AtomicU64::new(0),
        failures: std::sync::Mutex::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .max_blocking_threads(plan.workers + 2)
        .build()
        .map_err(|error| Error::Store(format!("cannot start the runtime: {error}")))?;
    let played = runtime.block_on(player.run(retries, first, stop));
    // A call that does not end is not waited for. All others have ended.
    runtime.shutdown_background();
    played
}

impl Player {
    async fn run(
        self: Arc<Self>,
        retries: Vec<u64>,
        first: u64,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<PlayResult> {
        let (queue, jobs) = crossbeam_channel::unbounded();
        let mut threads: Vec<_> = (0..self.plan.workers)
            .map(|_| {
                let (player, queue, jobs) = (Arc::clone(&self), queue.clone(), jobs.clone());
                tokio::task::spawn_blocking(move || worker::work(&player, &queue, &jobs))
            })
            .collect();
        let flusher = {
            let (player, queue) = (Arc::clone(&self), queue.clone());
            tokio::task::spawn_blocking(move || flusher::run(&player, &queue))
        };
        let pacer = {
            let player = Arc::clone(&self);
            tokio::task::spawn_blocking(move || pacer::run(&player, &queue, retries, first))
        };

        let mut rhythm = tokio::time::interval(LOG_EVERY);
        rhythm.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let end_us = self.plan.duration_us + self.plan.drain_us;
        let mut beat = Beat { silence: Silence::new(&self), ticks: 0 };
        let (mut stopped, mut silent) = (false, None);
        while silent.is_none() {
            rhythm.tick().await;
            // A log that cannot be written ends the test, after everybody has been told so.
            let is_lost = beat.tick(&self, &mut silent).is_err();
            stopped = is_lost || stop() || self.broken();
            let is_done = pacer.is_finished() && self.board.in_flight() == 0;
            let is_flooded = self.board.in_flight() > self.plan.most_in_flight;
            if is_done || stopped || is_flooded || self.clock.now_us() >= end_us {
                break;
            }
        }

        self.board.end();
        threads.insert(0, pacer);
        for thread in threads {
            self.join(thread, &mut beat, &mut silent).await?;
        }
        self.flusher.end();
        self.join(flusher, &mut beat, &mut silent).await?;
        let waiting = self.board.in_flight();
        self.give_up();
        self.note(LogEntry::Gauge(self.gauge()));
        self.note(LogEntry::End(LogEnd { silent_from_us: silent, ..LogEnd::default() }));
        self.write_log()?;
        let failures = std::mem::take(&mut *board::lock(&self.failures));
        Ok(PlayResult {
            failed: (failures.count, failures.first),
            stopped,
            silent: silent.map(|from_us| (from_us, waiting)),
        })
    }

    /// Waits until a thread has ended, or the store has stopped answering: then it may never.
    async fn join(&self, mut thread: JoinHandle<()>, beat: &mut Beat, silent: &mut Option<u64>) -> Result<()> {
        while silent.is_none() {
            match tokio::time::timeout(LOG_EVERY, &mut thread).await {
                Ok(ended) => {
                    return ended.map_err(|error| Error::Store(format!("a thread of the load test has died: {error}")));
                }
                // It fails again when the end is written.
                Err(_) => drop(beat.tick(self, silent)),
            }
        }
        Ok(())
    }

    /// Puts an entry where the log will take it from.
    fn note(&self, entry: LogEntry) {
        board::lock(&self.waiting).push(entry);
    }

    /// Hands what waits to the operating system.
    fn write_log(&self) -> Result<()> {
        let mut log = board::lock(&self.log);
        let mut entries = std::mem::take(&mut *board::lock(&self.spare));
        std::mem::swap(&mut entries, &mut *board::lock(&self.waiting));
        entries.iter().for_each(|entry| log.add(entry));
        entries.clear();
        *board::lock(&self.spare) = entries;
        log.write()
    }

    /// A store that has failed so often will not recover.
    fn broken(&self) -> bool {
        board::lock(&self.failures).count >= 1_000
    }

    fn gauge(&self) -> Gauge {
        let (flush_lag_us, held_back_us) = (self.flusher.lag_us(self.clock.now_us()), self.flusher.held_back_us());
        let own = board::lock(&self.log).written();
        Gauge {
            time_us: self.clock.now_us(),
            in_flight: self.board.in_flight(),
            flush_lag_us,
            held_back_us,
            peak_rss_bytes: process::peak_rss_bytes(),
            device_bytes: process::device_bytes().saturating_sub(own),
            logical_bytes: self.logical_bytes.load(Ordering::Relaxed),
            transactions: self.transactions.load(Ordering::Relaxed),
        }
    }

    /// Requests that were sent and got no answer.
    fn give_up(&self) {
        let now_us = self.clock.now_us();
        for place in self.board.in_flight_places() {
            let due_us = self.plan.due_us(&self.sequence, place);
            let waited_us = now_us.saturating_sub(due_us);
            self.note(LogEntry::Answered(Answered {
                place,
                due_us,
                late_us: 0,
                begun_us: waited_us,
                done_us: waited_us,
                answer: StoreAnswer::Unanswered,
            }));
        }
    }

    /// An answer is with the client: the next request of the account may go.
    fn answered(&self, place: u64) -> Option<Job> {
        let next = self.board.answered(place, &self.sequence)?;
        let late_us = board::lock(&self.late).remove(&next).unwrap_or(0);
        Some(Job { late_us, ..self.job(next) })
    }

    fn job(&self, place: u64) -> Job {
        let due_us = match self.plan.pace {
            Some(_) => self.plan.due_us(&self.sequence, place),
            None => self.clock.now_us(),
        };
        Job { place, due_us, late_us: 0 }
    }
}
