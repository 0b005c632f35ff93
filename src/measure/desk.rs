//! What is measured at the desk.

use hdrhistogram::Histogram;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::desk::Channel;
use crate::identity::operation::Reason;

/// Measures of one channel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelMeasure {
    /// By hour of arrival.
    pub hours: Vec<Hour>,
    /// Waits of all that were answered or gave up, in milliseconds.
    #[serde(serialize_with = "write_histogram", deserialize_with = "read_histogram")]
    pub waits: Histogram<u64>,
    /// Sum of the waits of those that were answered, in milliseconds.
    pub answered_wait_ms: u64,
    /// Sum of the waits of those that gave up, in milliseconds.
    pub abandoned_wait_ms: u64,
    /// Arrivals that are a further try after giving up.
    pub redialed: u64,
    /// Waiting at the horizon.
    pub left_waiting: u64,
}

/// Contacts that arrived in one hour on one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// Arrivals.
    pub offered: u64,
    /// Of which an agent took.
    pub answered: u64,
    /// Of which gave up.
    pub abandoned: u64,
    /// Of which were answered within the service-level time.
    pub within: u64,
    /// Sum of waits, answered or not, in milliseconds.
    pub wait_ms: u64,
    /// Waiting at the end of the hour.
    pub backlog: u64,
}

/// Measures of one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonMeasure {
    /// Arrivals.
    pub offered: u64,
    /// Of which an agent took.
    pub answered: u64,
    /// Of which gave up.
    pub abandoned: u64,
    /// Time agents spent on them, in milliseconds.
    pub handle_ms: u64,
}

/// Measures of one team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMeasure {
    /// Agents on duty, by hour.
    pub agents: Vec<u32>,
    /// Time agents were busy, by hour, in milliseconds.
    pub busy_ms: Vec<u64>,
}

/// All measures of the desk under one strategy in one replication.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeskMeasure {
    /// By channel, in the order of [`Channel::ALL`].
    pub channels: [ChannelMeasure; 3],
    /// By reason, in the order of [`Reason::ALL`].
    pub reasons: [ReasonMeasure; 5],
    /// First line and review team.
    pub teams: [TeamMeasure; 2],
    /// Answered within this time counts for the service level.
    pub service_level: Span,
}

impl DeskMeasure {
    /// Nothing measured yet, over `hours` hours.
    pub fn new(hours: usize, service_level: Span) -> Self {
        let channel = || ChannelMeasure {
            hours: vec![Hour::default(); hours],
            waits: histogram(),
            answered_wait_ms: 0,
            abandoned_wait_ms: 0,
            redialed: 0,
            left_waiting: 0,
        };
        Self {
            channels: [channel(), channel(), channel()],
            reasons: Default::default(),
            teams: Default::default(),
            service_level,
        }
    }

    /// A contact arrives.
    #[inline]
    pub fn offered(&mut self, at: SimTime, channel: Channel, reason: Reason) {
        self.channels[channel as usize].hours[at.hour()].offered += 1;
        self.reasons[reason as usize].offered += 1;
    }

    /// An agent takes a contact that arrived at `arrived`.
    #[inline]
    pub fn answered(&mut self, arrived: SimTime, channel: Channel, reason: Reason, waited: Span, handle: Span) {
        let measure = &mut self.channels[channel as usize];
        let wait_ms = waited.0.unsigned_abs();
        let hour = &mut measure.hours[arrived.hour()];
        hour.answered += 1;
        hour.wait_ms += wait_ms;
        hour.within += u64::from(waited <= self.service_level);
        measure.answered_wait_ms += wait_ms;
        record(&mut measure.waits, wait_ms);
        let reason = &mut self.reasons[reason as usize];
        reason.answered += 1;
        reason.handle_ms += handle.0.unsigned_abs();
    }

    /// A contact that arrived at `arrived` gives up.
    #[inline]
    pub fn abandoned(&mut self, arrived: SimTime, channel: Channel, reason: Reason, waited: Span) {
        let measure = &mut self.channels[channel as usize];
        let wait_ms = waited.0.unsigned_abs();
        let hour = &mut measure.hours[arrived.hour()];
        hour.abandoned += 1;
        hour.wait_ms += wait_ms;
        measure.abandoned_wait_ms += wait_ms;
        record(&mut measure.waits, wait_ms);
        self.reasons[reason as usize].abandoned += 1;
    }
}

impl TeamMeasure {
    /// An agent is busy from `start` to `end`; what lies beyond the last hour does not count.
    #[inline]
    pub fn busy(&mut self, start: SimTime, end: SimTime) {
        let mut from = start.0;
        while from < end.0 {
            let hour = (from / HOUR_MS) as usize;
            let Some(busy) = self.busy_ms.get_mut(hour) else { return };
            let to = end.0.min((hour as i64 + 1) * HOUR_MS);
            *busy += (to - from).unsigned_abs();
            from = to;
        }
    }

    /// Share of agents' time on duty in which they were busy; 0 if nobody was on duty.
    pub fn occupancy(&self) -> f64 {
        let on_duty_ms: u64 = self.agents.iter().map(|&agents| u64::from(agents) * HOUR_MS.unsigned_abs()).sum();
        match on_duty_ms {
            0 => 0.0,
            on_duty_ms => self.busy_ms.iter().sum::<u64>() as f64 / on_duty_ms as f64,
        }
    }
}

impl ChannelMeasure {
    /// Sums over all hours.
    pub fn total(&self) -> Hour {
        let mut total = Hour::default();
        for hour in &self.hours {
            total.offered += hour.offered;
            total.answered += hour.answered;
            total.abandoned += hour.abandoned;
            total.within += hour.within;
            total.wait_ms += hour.wait_ms;
            total.backlog = total.backlog.max(hour.backlog);
        }
        total
    }
}

/// Records a wait; the histogram grows with its values, so none is too large.
#[inline]
fn record(histogram: &mut Histogram<u64>, wait_ms: u64) {
    debug_assert!(histogram.is_auto_resize());
    let _ = histogram.record(wait_ms);
}

fn histogram() -> Histogram<u64> {
    Histogram::new(3).unwrap_or_else(|_| unreachable!("three digits are allowed"))
}

/// A histogram is written as its values and their counts.
fn write_histogram<S: Serializer>(histogram: &Histogram<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    let recorded = histogram.iter_recorded();
    let pairs: Vec<(u64, u64)> = recorded.map(|value| (value.value_iterated_to(), value.count_at_value())).collect();
    pairs.serialize(serializer)
}

fn read_histogram<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Histogram<u64>, D::Error> {
    let mut histogram = histogram();
    for (value, count) in Vec::<(u64, u64)>::deserialize(deserializer)? {
        histogram.record_n(value, count).map_err(serde::de::Error::custom)?;
    }
    Ok(histogram)
}
