//! Silence: whether the store has stopped answering.
//!
//! A store that is slow ends a call from time to time, and one that has stopped does not. A process that was stopped
//! itself, or got no time from the machine, has not listened: such a pause counts as little.

use std::sync::atomic::Ordering;

use super::Player;
use super::board::lock;
use crate::process::Stopwatch;

/// The most that counts between two looks. There are some hundred a second.
const MOST_AT_ONCE_US: u64 = 500_000;

/// For how long no call has ended while some were under way.
#[derive(Debug)]
pub(super) struct Silence {
    calls: u64,
    looked: Stopwatch,
    quiet_us: u64,
    /// When a call ended last, or none was under way.
    from_us: u64,
}

impl Silence {
    pub(super) fn new(player: &Player) -> Self {
        Self {
            calls: 0,
            looked: Stopwatch::start(),
            quiet_us: 0,
            from_us: player.clock.now_us(),
        }
    }

    /// Looks whether a call has ended since; since when none has, if that is longer than is allowed.
    pub(super) fn look(&mut self, player: &Player) -> Option<u64> {
        let passed_us = std::mem::replace(&mut self.looked, Stopwatch::start()).micros();
        let calls = player.calls_ended();
        if calls != self.calls || !player.is_busy() {
            (self.calls, self.quiet_us, self.from_us) = (calls, 0, player.clock.now_us());
            return None;
        }
        self.quiet_us += passed_us.min(MOST_AT_ONCE_US);
        // With group commit everybody may be waiting for the next flush to begin.
        let allowed_us = player.plan.silence_us + player.plan.flush_rhythm().0;
        (self.quiet_us >= allowed_us).then_some(self.from_us)
    }
}

impl Player {
    /// Transactions and flushes that have ended, well or not.
    fn calls_ended(&self) -> u64 {
        let failed = lock(&self.failures).count;
        self.transactions.load(Ordering::Relaxed) + failed + self.flusher.flushes()
    }

    /// Whether something is asked of the store.
    fn is_busy(&self) -> bool {
        self.board.in_flight() > 0 || self.flusher.is_flushing()
    }
}
