//! The flusher: puts on disk what has been committed, tells those who waited for that, and knows how far it is behind.
//!
//! A store may accept writes faster than it can put them on disk, and hide the difference in memory. So flushes follow
//! each other closely, their lag is measured, and when it grows beyond its bound requests are held back: the store's
//! latency is then what customers would see, and not what its memory can hide.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::Sender;

use super::board::{Board, lock};
use super::{Job, PlayPlan, Player};
use crate::load::ack::{Answered, LogEntry, StoreAnswer};
use crate::load::durability::Durability;
use crate::load::guard::guarded;

/// Without group commit a flush begins after so many transactions...
const FLUSH_AFTER: u64 = 256;
/// ... or this time.
const FLUSH_EVERY_US: u64 = 100_000;

const NONE: u64 = u64::MAX;

/// What is not on disk yet.
#[derive(Debug)]
pub(super) struct Flusher {
    /// When the oldest write was committed that no flush covers yet.
    oldest_us: AtomicU64,
    /// The same for the flush under way.
    in_hand_us: AtomicU64,
    /// Transactions that no flush covers yet.
    unflushed: AtomicU64,
    held_back_us: AtomicU64,
    /// Answers that wait for a flush.
    pending: Mutex<Vec<Answered>>,
    /// Flushes done: who waits for one is woken.
    flushes: Mutex<u64>,
    flushed: Condvar,
    /// There is work for the flusher.
    wanted: Condvar,
    ended: AtomicBool,
}

impl Default for Flusher {
    fn default() -> Self {
        Self {
            oldest_us: AtomicU64::new(NONE),
            in_hand_us: AtomicU64::new(NONE),
            unflushed: AtomicU64::new(0),
            held_back_us: AtomicU64::new(0),
            pending: Mutex::default(),
            flushes: Mutex::default(),
            flushed: Condvar::new(),
            wanted: Condvar::new(),
            ended: AtomicBool::new(false),
        }
    }
}

impl Flusher {
    /// A transaction has been committed.
    pub(super) fn committed(&self, now_us: u64) {
        self.oldest_us.fetch_min(now_us, Ordering::AcqRel);
        if self.unflushed.fetch_add(1, Ordering::AcqRel) + 1 == FLUSH_AFTER {
            self.wake();
        }
    }

    /// Leaves an answer to be given when it is on disk.
    pub(super) fn acknowledge_later(&self, answered: Answered, plan: &PlayPlan) {
        let pending = {
            let mut pending = lock(&self.pending);
            pending.push(answered);
            pending.len()
        };
        if plan.pace.is_none() && pending >= plan.workers {
            self.wake();
        }
    }

    /// Wakes the flusher. It holds the lock whenever it does not sleep, so it cannot miss this.
    fn wake(&self) {
        let _flushes = lock(&self.flushes);
        self.wanted.notify_one();
    }

    /// Waits until the answer to this request has been given, or the test has ended: the last flush then gives it.
    pub(super) fn wait_for(&self, place: u64, board: &Board) {
        let mut flushes = lock(&self.flushes);
        while !board.is_answered(place) && !board.ended() {
            let waited = self.flushed.wait_timeout(flushes, Duration::from_millis(50));
            flushes = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Age of the oldest write that is not on disk.
    pub(super) fn lag_us(&self, now_us: u64) -> u64 {
        let oldest = self.oldest_us.load(Ordering::Acquire).min(self.in_hand_us.load(Ordering::Acquire));
        now_us.saturating_sub(oldest)
    }

    /// Flushes that have ended.
    pub(super) fn flushes(&self) -> u64 {
        *lock(&self.flushes)
    }

    /// Whether a flush is under way.
    pub(super) fn is_flushing(&self) -> bool {
        self.in_hand_us.load(Ordering::Acquire) != NONE
    }

    /// Time for which requests were held back, all together.
    pub(super) fn held_back_us(&self) -> u64 {
        self.held_back_us.load(Ordering::Relaxed)
    }

    /// Holds a request back while the flushes are too far behind.
    pub(super) fn admit(&self, player: &Player) {
        let from_us = player.clock.now_us();
        if self.lag_us(from_us) <= player.plan.max_flush_lag_us {
            return;
        }
        let mut flushes = lock(&self.flushes);
        while self.lag_us(player.clock.now_us()) > player.plan.max_flush_lag_us && !player.board.ended() {
            let waited = self.flushed.wait_timeout(flushes, Duration::from_millis(20));
            flushes = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        self.held_back_us.fetch_add(player.clock.now_us() - from_us, Ordering::Relaxed);
    }

    /// The last flush is to come.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.wake();
    }

    /// Waits until a flush is wanted; whether the test goes on.
    fn wait(&self, player: &Player, last_us: u64) -> bool {
        let (every_us, enough) = player.plan.flush_rhythm();
        let mut flushes = lock(&self.flushes);
        loop {
            if self.ended.load(Ordering::Acquire) {
                return false;
            }
            let left_us = (last_us + every_us).saturating_sub(player.clock.now_us());
            // In a closed loop in which everybody waits, nobody else will come.
            let all_wait = player.plan.pace.is_none() && lock(&self.pending).len() >= player.plan.workers;
            if left_us == 0 || all_wait || self.unflushed.load(Ordering::Acquire) >= enough {
                return true;
            }
            let waited = self.wanted.wait_timeout(flushes, Duration::from_micros(left_us));
            flushes = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl PlayPlan {
    /// The time after which a flush begins, in microseconds, and the transactions.
    pub(super) fn flush_rhythm(&self) -> (u64, u64) {
        let (every_us, enough) = match self.durability {
            Durability::Group(every_us) => (every_us, u64::MAX),
            _ => (FLUSH_EVERY_US, FLUSH_AFTER),
        };
        // Nobody is to be held back because of a flush that could have come earlier.
        (every_us.min(self.max_flush_lag_us / 2), enough)
    }
}

/// Flushes until the test has ended and everything is on disk.
pub(super) fn run(player: &Player, queue: &Sender<Job>) {
    let mut goes_on = true;
    while goes_on {
        let last_us = player.clock.now_us();
        goes_on = player.flusher.wait(player, last_us);
        flush(player, queue);
    }
}

fn flush(player: &Player, queue: &Sender<Job>) {
    let flusher = &player.flusher;
    let oldest_us = flusher.oldest_us.load(Ordering::Acquire);
    if oldest_us == NONE && lock(&flusher.pending).is_empty() {
        return;
    }
    // Never without one of the two: a lag must not seem to vanish between them.
    flusher.in_hand_us.store(oldest_us, Ordering::Release);
    flusher.oldest_us.store(NONE, Ordering::Release);
    let transactions = flusher.unflushed.swap(0, Ordering::AcqRel);
    let mut answers = std::mem::take(&mut *lock(&flusher.pending));

    let began_us = player.clock.now_us();
    let done = guarded("flushing the store", || player.store.sync());
    let now_us = player.clock.now_us();
    if let Err(error) = &done {
        let mut failures = lock(&player.failures);
        failures.count += 1;
        failures.first.get_or_insert_with(|| error.to_string());
        // It is not on disk, and as old as before.
        flusher.oldest_us.fetch_min(oldest_us, Ordering::AcqRel);
    }
    for answered in &mut answers {
        answered.done_us = now_us.saturating_sub(answered.due_us);
        if done.is_err() {
            answered.answer = StoreAnswer::Failed;
        }
        player.note(LogEntry::Answered(*answered));
    }
    let lag_us = now_us.saturating_sub(oldest_us);
    if done.is_ok() {
        player.note(LogEntry::Flush {
            time_us: now_us,
            lag_us,
            transactions,
            took_us: now_us.saturating_sub(began_us).max(1),
        });
    }
    if !answers.is_empty() {
        // An answer counts as given when nothing but the loss of power can take it back. If the log cannot be written,
        // the runtime meets the same failure and ends the test.
        let _ = player.write_log();
    }
    for answered in answers {
        if let Some(next) = player.answered(answered.place) {
            let _ = queue.send(next);
        }
    }
    flusher.in_hand_us.store(NONE, Ordering::Release);
    *lock(&flusher.flushes) += 1;
    flusher.flushed.notify_all();
}
