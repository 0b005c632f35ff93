//! The tally: everything that is measured, counted from the log of acknowledgements entry by entry.
//!
//! Counts are of the whole test, for the proof needs them all. Times and rates leave out the warm-up: requests that are
//! due in it. A request that was given up is in the latencies with its age, which is less than it would have waited; one
//! that the store failed at is counted and has no latency, for a quick refusal to work is not speed.

mod figures;

mod slice;

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::ack::{Answered, Gauge, LogEntry, StoreAnswer};
use super::kind::RequestKind;
use super::sequence::Sequence;
use crate::error::{Error, Result};
pub use figures::TallyFigures;
pub use slice::Slice;

/// The longest time that is told apart, in microseconds: an hour.
const LONGEST_US: u64 = 3_600_000_000;
/// Slices that a test is cut into at most, until its schedule ends.
const SLICES: u64 = 600;
const SECOND_US: u64 = 1_000_000;

/// When a test measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestTiming {
    /// Requests due before this are not measured, in microseconds from the schedule's beginning.
    pub warm_up_us: u64,
    /// End of the schedule, in microseconds from its beginning, warm-up included.
    pub duration_us: u64,
    /// Whether requests are sent when earlier ones are answered, and not by a schedule.
    pub closed: bool,
}

/// What one process said of itself, from its start until it was killed or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Where in the schedule it began, in microseconds from the schedule's beginning.
    pub from_us: u64,
    /// Memory that it held before it opened the store.
    pub rss_bytes: u64,
    /// Time that opening the store took.
    pub opening_us: u64,
    /// Processes that had been killed before, those among them that had not opened the store yet.
    pub killed: u32,
    /// The last that it said of how things stand. Its counters begin at 0 in every life.
    pub last: Gauge,
}

/// Everything that is measured of one backend.
#[derive(Clone, Debug)]
pub struct LoadTally<'a> {
    /// When it measures.
    pub timing: TestTiming,
    sequence: &'a Sequence,
    blank: Histogram<u64>,
    /// All requests.
    pub all: TallyFigures,
    /// The requests of each kind that occurred.
    pub kinds: BTreeMap<RequestKind, TallyFigures>,
    /// How much later than due the harness sent requests, in microseconds, after the warm-up; those apart that came due
    /// while no process was alive.
    pub lateness: Histogram<u64>,
    /// Age of the oldest write that was not on disk, in microseconds, as each flush after the warm-up found it.
    pub flush_lag: Histogram<u64>,
    /// Time that flushes after the warm-up took, in microseconds; those apart that were part of a transaction.
    pub flush_took: Histogram<u64>,
    /// The greatest such age seen after the warm-up, between flushes too, in microseconds.
    pub flush_lag_most_us: u64,
    /// Flushes, in the whole test.
    pub flushes: u64,
    /// Requests that were due after the warm-up and sent before the schedule's end.
    pub sent_in_time: u64,
    /// Requests that were acknowledged between the warm-up and the schedule's end.
    pub acknowledged_in_time: u64,
    /// Length of a slice in microseconds: a second, more in tests of over ten minutes.
    pub slice_us: u64,
    /// What happened in each slice of time, warm-up included, by the number of the slice.
    pub slices: BTreeMap<u64, Slice>,
    /// Processes that played the sequence, one after the other.
    pub lives: Vec<Life>,
    /// Whether the test has ended, and the log with it.
    pub has_ended: bool,
    /// Since when the store has answered nothing any more, in microseconds from the schedule's beginning, if it stopped.
    pub silent_from_us: Option<u64>,
}

impl<'a> LoadTally<'a> {
    /// An empty tally of a test that plays this sequence.
    ///
    /// # Errors
    ///
    /// Never: if histograms with the bounds of this module could not be made.
    pub fn new(timing: TestTiming, sequence: &'a Sequence) -> Result<Self> {
        let blank = Histogram::new_with_bounds(1, LONGEST_US, 3)
            .map_err(|error| Error::Check(format!("no histogram of latencies can be made: {error}")))?;
        Ok(Self {
            timing,
            sequence,
            all: TallyFigures::new(&blank),
            kinds: BTreeMap::new(),
            lateness: blank.clone(),
            flush_lag: blank.clone(),
            flush_took: blank.clone(),
            flush_lag_most_us: 0,
            flushes: 0,
            sent_in_time: 0,
            acknowledged_in_time: 0,
            slice_us: timing.duration_us.div_ceil(SLICES * SECOND_US).max(1) * SECOND_US,
            slices: BTreeMap::new(),
            lives: Vec::new(),
            has_ended: false,
            silent_from_us: None,
            blank,
        })
    }

    /// Counts an entry of the log. Entries come in the order of the log.
    pub fn add(&mut self, entry: &LogEntry) {
        match entry {
            LogEntry::Start { from_us, rss_bytes, opening_us, killed } => self.lives.push(Life {
                from_us: *from_us,
                rss_bytes: *rss_bytes,
                opening_us: *opening_us,
                killed: *killed,
                last: Gauge { time_us: *from_us, ..Gauge::default() },
            }),
            LogEntry::Answered(answered) => self.answered(answered),
            LogEntry::Flush { time_us, lag_us, took_us, .. } => {
                self.flushes += 1;
                if *time_us >= self.timing.warm_up_us {
                    self.flush_lag.saturating_record(*lag_us);
                    if *took_us > 0 {
                        self.flush_took.saturating_record(*took_us);
                    }
                }
                self.lag(*time_us, *lag_us);
            }
            LogEntry::Gauge(gauge) => self.gauge(gauge),
            LogEntry::End(end) => {
                self.has_ended = true;
                self.silent_from_us = end.silent_from_us;
            }
        }
    }

    fn answered(&mut self, answered: &Answered) {
        let TestTiming { warm_up_us, duration_us, .. } = self.timing;
        let (kind, alone) = {
            let request = self.sequence.turn(answered.place).request;
            (request.kind, request.alone)
        };
        let is_measured = answered.due_us >= warm_up_us;
        self.all.add(answered, alone, is_measured);
        let blank = &self.blank;
        self.kinds.entry(kind).or_insert_with(|| TallyFigures::new(blank)).add(answered, alone, is_measured);
        let is_acknowledged = matches!(answered.answer, StoreAnswer::Acknowledged { .. });
        let done_us = answered.due_us.saturating_add(answered.done_us);
        if is_measured {
            // What came due while no process was alive is late because of that.
            if self.lives.last().is_none_or(|life| answered.due_us >= life.from_us) {
                self.lateness.saturating_record(answered.late_us);
            }
            let is_sent_in_time = answered.due_us.saturating_add(answered.late_us) < duration_us;
            self.sent_in_time += u64::from(is_sent_in_time);
        }
        let is_in_time = (warm_up_us..duration_us).contains(&done_us);
        self.acknowledged_in_time += u64::from(is_acknowledged && is_in_time);
        self.slice(answered.due_us).due(kind, answered);
        if is_acknowledged {
            self.slice(done_us).acknowledged += 1;
        }
    }

    fn gauge(&mut self, gauge: &Gauge) {
        if let Some(life) = self.lives.last_mut() {
            life.last = *gauge;
        }
        self.lag(gauge.time_us, gauge.flush_lag_us);
        let slice = self.slice(gauge.time_us);
        slice.in_flight = slice.in_flight.max(gauge.in_flight);
    }

    fn lag(&mut self, time_us: u64, lag_us: u64) {
        if time_us >= self.timing.warm_up_us {
            self.flush_lag_most_us = self.flush_lag_most_us.max(lag_us);
        }
        let slice = self.slice(time_us);
        slice.flush_lag_us = Some(slice.flush_lag_us.map_or(lag_us, |most| most.max(lag_us)));
    }

    fn slice(&mut self, time_us: u64) -> &mut Slice {
        self.slices.entry(time_us / self.slice_us).or_default()
    }

    /// When the test was broken off with requests unanswered before its schedule had ended, if it was, in microseconds.
    pub fn broken_off_us(&self) -> Option<u64> {
        let end_us = self.lives.last().filter(|_| self.has_ended && self.all.unanswered > 0)?.last.time_us;
        (end_us < self.timing.duration_us).then_some(end_us)
    }

    /// Seconds that are measured: from the end of the warm-up to the schedule's end, or until the test was broken off.
    pub fn measured_s(&self) -> f64 {
        let end_us = self.broken_off_us().unwrap_or(self.timing.duration_us);
        end_us.saturating_sub(self.timing.warm_up_us) as f64 / SECOND_US as f64
    }

    /// Requests acknowledged each second of these.
    pub fn achieved_per_s(&self) -> f64 {
        match self.measured_s() {
            seconds if seconds > 0.0 => self.acknowledged_in_time as f64 / seconds,
            _ => 0.0,
        }
    }

    /// Whole slices after the warm-up and before the schedule's end, with their numbers.
    pub fn measured_slices(&self) -> impl Iterator<Item = (u64, &Slice)> {
        let first = self.timing.warm_up_us.div_ceil(self.slice_us);
        let end = self.timing.duration_us / self.slice_us;
        self.slices.range(first..end.max(first)).map(|(number, slice)| (*number, slice))
    }

    /// The most requests that were due in one of these, as a rate.
    pub fn due_most_per_s(&self) -> Option<f64> {
        let most = self.measured_slices().map(|(_, slice)| slice.due).max()?;
        Some((most * SECOND_US) as f64 / self.slice_us as f64)
    }

    /// The sum over all processes of something that each of them counted.
    pub fn sum(&self, of: impl Fn(&Gauge) -> u64) -> u64 {
        self.lives.iter().map(|life| of(&life.last)).sum()
    }

    /// Times that a process was killed and the store opened again after it.
    pub fn crashes(&self) -> u32 {
        self.lives.last().map_or(0, |life| life.killed)
    }

    /// The most memory that a process held, in bytes.
    pub fn peak_rss_bytes(&self) -> u64 {
        self.lives.iter().map(|life| life.last.peak_rss_bytes).max().unwrap_or(0)
    }
}

#[cfg(test)]
pub(in crate::load) mod tests;
