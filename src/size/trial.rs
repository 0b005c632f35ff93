//! Trial: what the contacts of one hour, and the written work that is due on each day, met with.

use std::sync::Arc;

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::target::ServiceTarget;
use crate::calendar::SimTime;
use crate::desk::{Lost, Taken, Tally};
use crate::terms::Reason;
use crate::terms::{CHANNELS, Channel, Skill};

/// Contacts of a live channel that arrived in one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Arrivals.
    pub offered: u32,
    /// Of which were answered in time.
    pub within: u32,
    /// Of which gave up.
    pub abandoned: u32,
}

impl Live {
    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            offered: self.offered + other.offered,
            within: self.within + other.within,
            abandoned: self.abandoned + other.abandoned,
        }
    }
}

/// Written contacts by the day whose work decides whether they are answered in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Contacts, but for those that gave up before they were due.
    pub due: u32,
    /// Of which were answered in time.
    pub in_time: u32,
}

/// The tally of one replication.
#[derive(Clone, Debug)]
pub struct TrialTally {
    target: Arc<ServiceTarget>,
    /// The first hour whose arrivals count.
    first: usize,
    /// What they met with, by hour from there.
    pub live: Vec<[Live; CHANNELS]>,
    /// By day; one for each channel, empty for live ones.
    pub written: [Vec<Due>; CHANNELS],
    /// Written contacts that are due before anybody works again, by channel.
    pub due_while_closed: [u32; CHANNELS],
}

impl TrialTally {
    /// Nothing has happened yet.
    pub fn new(target: &Arc<ServiceTarget>, days: usize) -> Self {
        Self {
            target: Arc::clone(target),
            first: 0,
            live: Vec::new(),
            written: Channel::ALL.map(|channel| vec![Due::default(); if channel.is_live() { 0 } else { days }]),
            due_while_closed: [0; CHANNELS],
        }
    }

    /// From now on the arrivals of these hours count.
    pub fn watch(&mut self, first: usize, hours: usize) {
        self.first = first;
        self.live.clear();
        self.live.resize(hours, Default::default());
    }

    #[inline]
    fn live(&mut self, arrived: SimTime, channel: Channel) -> Option<&mut Live> {
        let hours = self.live.get_mut(arrived.hour().wrapping_sub(self.first))?;
        Some(&mut hours[channel as usize])
    }

    fn due(&mut self, channel: Channel, arrived: SimTime) -> Option<(SimTime, &mut Due)> {
        let (at, day) = self.target.due(channel, arrived)?;
        self.written[channel as usize].get_mut(day).map(|due| (at, due))
    }
}

impl Tally for TrialTally {
    #[inline]
    fn offered(&mut self, at: SimTime, channel: Channel, _: Reason) {
        if !channel.is_live() {
            if let Some((_, due)) = self.due(channel, at) {
                due.due += 1;
            } else if self.target.is_due_while_closed(channel, at) {
                self.due_while_closed[channel as usize] += 1;
            }
        } else if let Some(live) = self.live(at, channel) {
            live.offered += 1;
        }
    }

    fn redialed(&mut self, _: Channel) {}

    fn turned_away(&mut self, _: Channel) {}

    #[inline]
    fn taken(&mut self, taken: &Taken) {
        let channel = taken.channel;
        if !channel.is_live() {
            if let Some((at, due)) = self.due(channel, taken.arrived) {
                due.in_time += u32::from(taken.at <= at);
            }
        } else {
            let in_time = taken.at - taken.arrived <= self.target.in_time[channel as usize];
            if let Some(live) = self.live(taken.arrived, channel) {
                live.within += u32::from(in_time);
            }
        }
    }

    #[inline]
    fn lost(&mut self, lost: &Lost) {
        if !lost.channel.is_live() {
            // Who stops caring before the answer is due is no longer waiting for it.
            if let Some((_, due)) = self.due(lost.channel, lost.arrived).filter(|(at, _)| lost.at <= *at) {
                due.due -= 1;
            }
        } else if let Some(live) = self.live(lost.arrived, lost.channel) {
            live.abandoned += 1;
        }
    }

    fn busy(&mut self, _: Skill, _: SimTime, _: SimTime) {}

    fn waiting(&mut self, _: Channel, _: usize, _: u64) {}

    fn left(&mut self, _: Channel, _: u64) {}
}

/// A share, estimated from replications, with a one-sided bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Contacts in all replications.
    pub of: u64,
    /// The share; 1 of nothing.
    pub mean: f64,
    /// Standard error.
    pub error: f64,
    /// How far away the one-sided bound of the wanted confidence lies.
    margin: f64,
}

impl Share {
    /// The ratio of sums over replications `(part, whole)`, with the standard error of a ratio estimator (Cochran,
    /// Sampling Techniques, 1977, section 6.3): replications are independent, contacts of one hour are not. Where no
    /// replication differs from another, as when all contacts were answered, there is no error to see: the bound is then
    /// that of so many independent contacts without a miss.
    pub fn of(parts: impl Iterator<Item = (u32, u32)> + Clone, confidence: f64) -> Self {
        let (mut part, mut whole, mut n) = (0_u64, 0_u64, 0_u32);
        for (p, w) in parts.clone() {
            (part, whole, n) = (part + u64::from(p), whole + u64::from(w), n + 1);
        }
        if whole == 0 {
            return Self { of: 0, mean: 1.0, error: 0.0, margin: 0.0 };
        }
        let mean = part as f64 / whole as f64;
        let squares: f64 = parts.map(|(p, w)| (f64::from(p) - mean * f64::from(w)).powi(2)).sum();
        let n = f64::from(n);
        let quantile = StudentsT::new(0.0, 1.0, (n - 1.0).max(1.0)).map_or(2.0, |t| t.inverse_cdf(confidence));
        let error = (squares * n / (n - 1.0).max(1.0)).sqrt() / whole as f64;
        let margin = if error > 0.0 {
            quantile * error
        } else {
            1.0 - (1.0 - confidence).powf(1.0 / whole as f64)
        };
        Self { of: whole, mean, error, margin }
    }

    /// The share is at least this, with the wanted confidence.
    pub fn at_least(&self) -> f64 {
        (self.mean - self.margin).max(0.0)
    }

    /// The share is at most this, with the wanted confidence.
    pub fn at_most(&self) -> f64 {
        (self.mean + self.margin).min(1.0)
    }
}
