//! The desk under one arm, channel by channel.

use hdrhistogram::Histogram;

use super::{Arm, Hourly};
use crate::calendar::{SimTime, Span};
use crate::engine::ArmResult;
use crate::measure::desk::{ChannelMeasure, Hour};
use crate::measure::statistics::{Estimate, estimate, ratio};
use crate::terms::{Channel, Reason};

/// Contacts of customers and impostors in one replication: all but the baseline.
pub fn contacts(arm: &ArmResult) -> u64 {
    Reason::ALL
        .iter()
        .filter(|&&reason| reason != Reason::Baseline)
        .map(|&reason| arm.desk.reasons[reason as usize].offered)
        .sum()
}

/// Most calls in one hour in one replication.
pub fn peak_calls(arm: &ArmResult) -> u64 {
    let hours = &arm.desk.channels[Channel::Phone as usize].hours;
    hours.iter().map(|hour| hour.offered).max().unwrap_or(0)
}

/// What those who came on one channel met, under one arm.
#[derive(Clone, Copy, Debug)]
pub struct ChannelResults<'a> {
    arm: Arm<'a>,
    channel: Channel,
}

impl<'a> ChannelResults<'a> {
    pub(super) fn new(arm: Arm<'a>, channel: Channel) -> Self {
        Self { arm, channel }
    }

    /// The channel.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// Contacts that came while the desk took them.
    pub fn offered(&self) -> Estimate {
        self.sum(|hour| hour.offered)
    }

    /// Of which an agent took.
    pub fn answered(&self) -> Estimate {
        self.sum(|hour| hour.answered)
    }

    /// Of which gave up.
    pub fn abandoned(&self) -> Estimate {
        self.sum(|hour| hour.abandoned)
    }

    /// Contacts that found the desk closed; they are not among the offered.
    pub fn turned_away(&self) -> Estimate {
        self.each(|measure| measure.turned_away)
    }

    /// Contacts that wait at the horizon.
    pub fn left_waiting(&self) -> Estimate {
        self.each(|measure| measure.left_waiting)
    }

    /// Share of the offered that was answered in time; `None` if nobody came.
    pub fn service_level(&self) -> Option<Estimate> {
        self.ratio(|total, _| (total.within, total.offered))
    }

    /// Share that gave up, of those who were answered or gave up; `None` if there were none.
    pub fn abandoned_share(&self) -> Option<Estimate> {
        self.ratio(|total, _| (total.abandoned, total.answered + total.abandoned))
    }

    /// Mean wait in seconds of those who were answered or gave up; `None` if there were none.
    pub fn mean_wait_s(&self) -> Option<Estimate> {
        self.ratio(|total, _| (total.wait_ms, total.answered + total.abandoned)).map(in_seconds)
    }

    /// Mean time in seconds for which an agent was busy with one; `None` if none was answered.
    pub fn handle_s(&self) -> Option<Estimate> {
        self.ratio(|total, measure| (measure.handle_ms, total.answered)).map(in_seconds)
    }

    /// The waits of all who were answered or gave up, over all replications.
    pub fn wait(&self) -> Waits {
        let mut all: Option<Histogram<u64>> = None;
        for measure in self.measures() {
            match &mut all {
                // Both grow with their values, so that adding cannot fail.
                Some(all) => drop(all.add(&measure.waits)),
                None => all = Some(measure.waits.clone()),
            }
        }
        Waits { histogram: all }
    }

    /// Contacts offered by the hour.
    pub fn offered_by_hour(&self) -> Hourly {
        self.by_hour(|hour| hour.offered)
    }

    /// Contacts answered, by the hour in which they came.
    pub fn answered_by_hour(&self) -> Hourly {
        self.by_hour(|hour| hour.answered)
    }

    /// Contacts given up, by the hour in which they came.
    pub fn abandoned_by_hour(&self) -> Hourly {
        self.by_hour(|hour| hour.abandoned)
    }

    /// Contacts that wait at the end of each hour.
    pub fn backlog_by_hour(&self) -> Hourly {
        self.by_hour(|hour| hour.backlog)
    }

    fn measures(&self) -> impl Iterator<Item = &'a ChannelMeasure> + use<'a> {
        let channel = self.channel as usize;
        self.arm.results().map(move |arm| &arm.desk.channels[channel])
    }

    fn each(&self, of: fn(&ChannelMeasure) -> u64) -> Estimate {
        estimate(&self.measures().map(|measure| of(measure) as f64).collect::<Vec<_>>())
    }

    fn sum(&self, of: fn(&Hour) -> u64) -> Estimate {
        estimate(&self.measures().map(|measure| of(&measure.total()) as f64).collect::<Vec<_>>())
    }

    fn ratio(&self, of: fn(&Hour, &ChannelMeasure) -> (u64, u64)) -> Option<Estimate> {
        let pairs: Vec<(f64, f64)> = self
            .measures()
            .map(|measure| of(&measure.total(), measure))
            .map(|(part, whole)| (part as f64, whole as f64))
            .collect();
        ratio(&pairs)
    }

    fn by_hour(&self, of: fn(&Hour) -> u64) -> Hourly {
        let measures: Vec<_> = self.measures().collect();
        self.arm.hourly(|hour| measures.iter().map(|measure| of(&measure.hours[hour])).sum())
    }
}

fn in_seconds(ms: Estimate) -> Estimate {
    Estimate {
        mean: ms.mean / 1000.0,
        ci95: ms.ci95.map(|ci| ci.map(|end| end / 1000.0)),
        ..ms
    }
}

/// Waits of many contacts, answered or given up.
#[derive(Clone, Debug)]
pub struct Waits {
    histogram: Option<Histogram<u64>>,
}

impl Waits {
    /// Contacts.
    pub fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(0, Histogram::len)
    }

    /// The wait that this share of them did not exceed; none at all if nobody came.
    pub fn quantile(&self, share: f64) -> Span {
        self.span(|waits| waits.value_at_quantile(share))
    }

    /// Half of them waited no longer.
    pub fn p50(&self) -> Span {
        self.quantile(0.5)
    }

    /// Nine in ten of them waited no longer.
    pub fn p90(&self) -> Span {
        self.quantile(0.9)
    }

    /// 99 of 100 of them waited no longer.
    pub fn p99(&self) -> Span {
        self.quantile(0.99)
    }

    /// The longest wait.
    pub fn longest(&self) -> Span {
        self.span(Histogram::max)
    }

    /// Each wait that occurred, to three digits, with the number of contacts that waited so long; ascending.
    pub fn iter(&self) -> impl Iterator<Item = (Span, u64)> + '_ {
        let recorded = self.histogram.iter().flat_map(Histogram::iter_recorded);
        recorded.map(|value| (Span(value.value_iterated_to() as i64), value.count_at_value()))
    }

    fn span(&self, of: impl Fn(&Histogram<u64>) -> u64) -> Span {
        Span(self.histogram.as_ref().map_or(0, of) as i64)
    }
}

impl Hourly {
    /// The hour with the highest value, the first of several: when it begins, and the value.
    pub fn peak(&self) -> Option<(SimTime, f64)> {
        let place = (0..self.values.len()).rev().max_by(|&a, &b| self.values[a].total_cmp(&self.values[b]))?;
        Some((SimTime::from_hours(place as f64), self.values[place]))
    }
}
