//! Ledger: who waits, counted from comings and goings alone, so that Little's law can be checked on every run.
//!
//! Each contact comes once and goes once, taken or lost. At the end of every hour the number that waits, by this count,
//! must be the number that the desk says is in its queues; and over the whole run the integral of that number over time
//! must be the sum of all waits, with those still waiting counted up to the end. Both are sums of whole milliseconds and
//! must agree exactly.

use crate::calendar::{HOUR_MS, SimTime};
use crate::terms::{CHANNELS, Channel};

/// Comings and goings of one run.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Time and change of the number that waits, of the hour that is open.
    changes: Vec<(i64, i8)>,
    /// Number that waits, as of `settled`.
    waits: i64,
    settled_ms: i64,
    /// Integral over time of the number that waits, in contact-milliseconds.
    integral: i64,
    /// Sum of the waits of those who were taken or lost, in milliseconds.
    waited_ms: i64,
    /// Sum of their times of arrival, and of all times of arrival.
    arrived_ms: (i64, i64),
    /// In the queues at the end of the hour that is being closed, and channels heard of so far.
    queued: (u64, usize),
    /// Hours at whose end the counts differed.
    wrong_hours: u64,
    /// Contacts that came, that went, and that the desk says are left.
    counts: [u64; 3],
}

/// The result of the check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Contacts that came.
    pub came: u64,
    /// Contacts that came less those taken, lost and left.
    pub unaccounted: i64,
    /// Hours at whose end the two counts of those who wait differed.
    pub wrong_hours: u64,
    /// Integral of the number that waits less the sum of waits, in milliseconds.
    pub difference_ms: i64,
}

impl Kept {
    /// Whether nothing is amiss.
    pub fn holds(&self) -> bool {
        self.unaccounted == 0 && self.wrong_hours == 0 && self.difference_ms == 0
    }

    /// Two checks together.
    pub fn and(self, other: Self) -> Self {
        Self {
            came: self.came + other.came,
            unaccounted: self.unaccounted.abs() + other.unaccounted.abs(),
            wrong_hours: self.wrong_hours + other.wrong_hours,
            difference_ms: self.difference_ms.abs() + other.difference_ms.abs(),
        }
    }
}

impl Ledger {
    /// A contact comes.
    #[inline]
    pub fn comes(&mut self, at: SimTime) {
        self.counts[0] += 1;
        self.arrived_ms.1 += at.0;
        self.changes.push((at.0, 1));
    }

    /// It is taken.
    #[inline]
    pub fn is_taken(&mut self, arrived: SimTime, at: SimTime) {
        // One who is taken on arrival never waits; leaving both changes out keeps the list short.
        if arrived == at && self.changes.last() == Some(&(at.0, 1)) {
            self.changes.pop();
            self.counts[1] += 1;
            self.arrived_ms.0 += arrived.0;
            return;
        }
        self.goes(arrived, at);
    }

    /// It gives up.
    #[inline]
    pub fn is_lost(&mut self, arrived: SimTime, at: SimTime) {
        self.goes(arrived, at);
    }

    #[inline]
    fn goes(&mut self, arrived: SimTime, at: SimTime) {
        self.counts[1] += 1;
        self.arrived_ms.0 += arrived.0;
        self.waited_ms += at.0 - arrived.0;
        self.changes.push((at.0, -1));
    }

    /// So many are in one channel's queue at the end of an hour; by then the desk has told of everybody who gave up.
    pub fn close_hour(&mut self, hour: usize, contacts: u64) {
        self.queued = (self.queued.0 + contacts, self.queued.1 + 1);
        if self.queued.1 < CHANNELS {
            return;
        }
        let end_ms = (hour as i64 + 1) * HOUR_MS;
        // Losses are told late: the order of telling is not that of time.
        self.changes.sort_by_key(|(at, _)| *at);
        for (at, change) in self.changes.drain(..) {
            self.integral += self.waits * (at - self.settled_ms);
            self.settled_ms = at;
            self.waits += i64::from(change);
        }
        self.integral += self.waits * (end_ms - self.settled_ms);
        self.settled_ms = end_ms;
        self.wrong_hours += u64::from(self.waits != self.queued.0 as i64);
        self.queued = (0, 0);
    }

    /// So many are left in one channel's queue when the run ends.
    pub fn close(&mut self, contacts: u64) {
        self.counts[2] += contacts;
    }

    /// The check, at the end of a run.
    pub fn kept(&self) -> Kept {
        let [came, went, left] = self.counts;
        // Those left have waited from their arrival to the end.
        let left_ms = left as i64 * self.settled_ms - (self.arrived_ms.1 - self.arrived_ms.0);
        Kept {
            came,
            unaccounted: came as i64 - went as i64 - left as i64,
            wrong_hours: self.wrong_hours,
            difference_ms: self.integral - self.waited_ms - left_ms,
        }
    }
}

const _: () = assert!(Channel::ALL.len() == CHANNELS);

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(ledger: &mut Ledger, queued: u64) -> Kept {
        for channel in 0..CHANNELS as u64 {
            ledger.close_hour(0, if channel == 0 { queued } else { 0 });
            ledger.close(if channel == 0 { queued } else { 0 });
        }
        ledger.kept()
    }

    #[test]
    fn the_integral_is_the_sum_of_waits_and_a_lost_contact_is_noticed() {
        let mut ledger = Ledger::default();
        ledger.comes(SimTime(10));
        ledger.is_taken(SimTime(10), SimTime(10));
        for at in [20, 30, 40] {
            ledger.comes(SimTime(at));
        }
        ledger.is_taken(SimTime(20), SimTime(100));
        ledger.is_lost(SimTime(30), SimTime(60));
        let mut careless = ledger.clone();
        let kept = closed(&mut ledger, 1);
        assert!(kept.holds() && kept.came == 4, "{kept:?}");
        let kept = closed(&mut careless, 0);
        assert!(kept.unaccounted == 1 && kept.wrong_hours == 1, "{kept:?}");
    }
}
