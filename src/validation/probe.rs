//! Probe: the tally of one run. It counts the contacts that arrive in a window, each with what became of it, exactly;
//! what is before the window only warms the desk up, and what is behind it only lets those in the window come to an end.

use super::ledger::{Kept, Ledger};
use crate::calendar::{HOUR_MS, SimTime};
use crate::desk::{Lost, Taken, Tally};
use crate::terms::Reason;
use crate::terms::{Channel, Skill};

/// Answered within this time counts for the service level.
pub const IN_TIME_MS: i64 = 20_000;

/// What became of the contacts that arrived in a window.
#[derive(Clone, Debug)]
pub struct Probe {
    from: SimTime,
    to: SimTime,
    /// Arrivals.
    pub offered: u64,
    /// Of which waited.
    pub waited: u64,
    /// Of which gave up.
    pub abandoned: u64,
    /// Of which were answered within 20 s.
    pub within: u64,
    /// Sum of their waits, in milliseconds.
    pub wait_ms: i64,
    /// Time that agents were busy within the window, in milliseconds.
    pub busy_ms: i64,
    /// Times after which those who still wait are counted, in milliseconds.
    pub after_ms: Vec<i64>,
    /// How many still waited then, answered later or not.
    pub still_wait: Vec<u64>,
    /// Busy time by hour of the day, in milliseconds, if wanted.
    pub busy_by_hour: Option<[i64; 24]>,
    /// Arrivals by hour of the window, if wanted.
    pub arrivals_by_hour: Option<Vec<u32>>,
    /// Of the arrivals, those that came to an end before the run did: all, if it lasted long enough.
    ended: u64,
    /// Who waits, counted independently of the waits.
    pub ledger: Ledger,
}

impl Probe {
    /// Watches the contacts that arrive in these hours.
    pub fn new(hours: std::ops::Range<usize>) -> Self {
        let at = |hour: usize| SimTime(hour as i64 * HOUR_MS);
        Self {
            from: at(hours.start),
            to: at(hours.end),
            offered: 0,
            waited: 0,
            abandoned: 0,
            within: 0,
            wait_ms: 0,
            busy_ms: 0,
            after_ms: Vec::new(),
            still_wait: Vec::new(),
            busy_by_hour: None,
            arrivals_by_hour: None,
            ended: 0,
            ledger: Ledger::default(),
        }
    }

    /// Also counts those who still wait after these times, in milliseconds.
    pub fn with_tail(mut self, after_ms: &[i64]) -> Self {
        self.after_ms = after_ms.to_vec();
        self.still_wait = vec![0; after_ms.len()];
        self
    }

    /// Length of the window in milliseconds.
    pub fn window_ms(&self) -> i64 {
        self.to.0 - self.from.0
    }

    /// Little's law and conservation; a contact of the window that did not come to an end counts as lost from sight.
    pub fn kept(&self) -> Kept {
        let kept = self.ledger.kept();
        Kept {
            unaccounted: kept.unaccounted.abs() + (self.offered - self.ended) as i64,
            ..kept
        }
    }

    /// Work on a contact over this time. It is counted by contact, not by agent: an agent who holds three chats does the
    /// work of three.
    #[inline]
    fn keeps_busy(&mut self, from: SimTime, to: SimTime) {
        let (mut from, to) = (from.0.max(self.from.0), to.0.min(self.to.0));
        if from >= to {
            return;
        }
        self.busy_ms += to - from;
        if let Some(hours) = &mut self.busy_by_hour {
            while from < to {
                let hour = from / HOUR_MS;
                let end = to.min((hour + 1) * HOUR_MS);
                hours[(hour % 24) as usize] += end - from;
                from = end;
            }
        }
    }

    #[inline]
    fn watches(&self, arrived: SimTime) -> bool {
        self.from <= arrived && arrived < self.to
    }

    #[inline]
    fn wait(&mut self, wait_ms: i64) {
        self.ended += 1;
        self.waited += u64::from(wait_ms > 0);
        self.wait_ms += wait_ms;
        for (after_ms, count) in self.after_ms.iter().zip(&mut self.still_wait) {
            *count += u64::from(wait_ms > *after_ms);
        }
    }
}

impl Tally for Probe {
    #[inline]
    fn offered(&mut self, at: SimTime, _: Channel, _: Reason) {
        self.ledger.comes(at);
        if self.watches(at) {
            self.offered += 1;
            if let Some(arrivals) = &mut self.arrivals_by_hour {
                let hour = ((at.0 - self.from.0) / HOUR_MS) as usize;
                arrivals[hour] += 1;
            }
        }
    }

    fn redialed(&mut self, _: Channel) {}

    fn turned_away(&mut self, _: Channel) {}

    #[inline]
    fn taken(&mut self, taken: &Taken) {
        self.ledger.is_taken(taken.arrived, taken.at);
        self.keeps_busy(taken.at, taken.at + taken.busy);
        if self.watches(taken.arrived) {
            let wait_ms = (taken.at - taken.arrived).0;
            self.within += u64::from(wait_ms <= IN_TIME_MS);
            self.wait(wait_ms);
        }
    }

    #[inline]
    fn lost(&mut self, lost: &Lost) {
        self.ledger.is_lost(lost.arrived, lost.at);
        if self.watches(lost.arrived) {
            self.abandoned += 1;
            self.wait((lost.at - lost.arrived).0);
        }
    }

    fn busy(&mut self, _: Skill, _: SimTime, _: SimTime) {}

    fn waiting(&mut self, _: Channel, hour: usize, contacts: u64) {
        self.ledger.close_hour(hour, contacts);
    }

    fn left(&mut self, _: Channel, contacts: u64) {
        self.ledger.close(contacts);
    }
}
