//! Slices: what happened in each second of a test.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use crate::load::ack::{Answered, StoreAnswer};
use crate::load::kind::RequestKind;

/// What happened in a slice of time.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    /// Requests that were due in it.
    pub due: u64,
    /// Requests that were acknowledged in it, whenever they were due.
    pub acknowledged: u64,
    /// Latencies of the requests due in it by kind, in microseconds to two digits; failed ones are not among them, those
    /// given up are with their age.
    pub latency: BTreeMap<RequestKind, Histogram<u32>>,
    /// Requests due in it that were given up.
    pub given_up: u64,
    /// The greatest age of a write that was not on disk, in microseconds, if anything was said of it.
    pub flush_lag_us: Option<u64>,
    /// The most requests that were sent and not answered.
    pub in_flight: u64,
}

impl Slice {
    pub(super) fn due(&mut self, kind: RequestKind, answered: &Answered) {
        self.due += 1;
        self.given_up += u64::from(answered.answer == StoreAnswer::Unanswered);
        if answered.answer == StoreAnswer::Failed {
            return;
        }
        // A histogram of two digits that grows with its values always can be made.
        if let std::collections::btree_map::Entry::Vacant(place) = self.latency.entry(kind)
            && let Ok(empty) = Histogram::new(2)
        {
            place.insert(empty);
        }
        if let Some(latency) = self.latency.get_mut(&kind) {
            // It grows up to an hour.
            let _ = latency.record(answered.done_us.min(super::LONGEST_US));
        }
    }

    /// Latencies in it.
    pub fn measured(&self) -> u64 {
        self.latency.values().map(Histogram::len).sum()
    }

    /// Latencies above a limit in microseconds, which is met to two digits.
    pub fn above(&self, limit_us: u64) -> u64 {
        let above = |latency: &Histogram<u32>| {
            let values = latency.iter_recorded();
            let slower = values.filter(|step| step.value_iterated_to() > limit_us);
            slower.map(|step| u64::from(step.count_at_value())).sum::<u64>()
        };
        self.latency.values().map(above).sum()
    }

    /// The latency that this share of its requests does not exceed, in microseconds to two digits.
    pub fn quantile_us(&self, share: f64) -> Option<u64> {
        let mut counts = BTreeMap::new();
        for latency in self.latency.values() {
            for step in latency.iter_recorded() {
                *counts.entry(step.value_iterated_to()).or_insert(0_u64) += u64::from(step.count_at_value());
            }
        }
        let wanted = (share * counts.values().sum::<u64>() as f64).ceil().max(1.0) as u64;
        let mut sum = 0;
        counts.into_iter().find_map(|(value, count)| {
            sum += count;
            (sum >= wanted).then_some(value)
        })
    }
}
