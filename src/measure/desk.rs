//! What is measured at the desk.

use hdrhistogram::Histogram;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::desk::staffing::Staffing;
use crate::desk::{Loss, Lost, Taken, Tally};
use crate::scenario::Scenario;
use crate::terms::Reason;
use crate::terms::{CHANNELS, Channel, SKILLS, Skill};

/// Upper ends of the bands in which waits are counted by the hour, in milliseconds; the last band has no end.
pub const WAIT_BANDS_MS: [u64; 11] = [
    0, 5_000, 10_000, 20_000, 40_000, 60_000, 120_000, 300_000, 900_000, 3_600_000, 14_400_000,
];

/// Number of bands.
pub const BANDS: usize = WAIT_BANDS_MS.len() + 1;

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
    /// Of those that gave up: hung up on the announced wait.
    pub balked: u64,
    /// Of those that gave up: heard the busy tone.
    pub blocked: u64,
    /// Of those that gave up: had accepted to be called back, and did not answer.
    pub not_reached: u64,
    /// Of the answered: were called back.
    pub called_back: u64,
    /// Found the desk closed; they are not among the offered.
    pub turned_away: u64,
    /// Time agents spent on the answered, after-contact work included, in milliseconds.
    pub handle_ms: u64,
    /// Sum of the squares of that time, in square milliseconds.
    pub handle_squares_ms2: u128,
    /// Taken at once: their wait is none, and is entered into `waits` at the end.
    at_once: u64,
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
    /// Longest wait, answered or not, in milliseconds.
    pub longest_ms: u64,
    /// Waits of those that were answered or gave up, by [`WAIT_BANDS_MS`].
    pub bands: [u32; BANDS],
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
    /// Of which agents of a partner.
    pub partner_ms: u64,
    /// Contacts taken by a partner.
    pub by_partner: u64,
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
    pub channels: [ChannelMeasure; CHANNELS],
    /// By reason, in the order of [`Reason::ALL`].
    pub reasons: [ReasonMeasure; Reason::ALL.len()],
    /// By skill, in the order of [`Skill::ALL`].
    pub teams: [TeamMeasure; SKILLS],
    /// Answered within this time counts for the service level, by channel.
    pub in_time: [Span; CHANNELS],
}

impl DeskMeasure {
    /// Nothing measured yet, over the hours of a scenario, with this staffing.
    pub fn new(scenario: &Scenario, staffing: &Staffing) -> Self {
        let hours = scenario.hours();
        let channel = || ChannelMeasure {
            hours: vec![Hour::default(); hours],
            waits: histogram(),
            answered_wait_ms: 0,
            abandoned_wait_ms: 0,
            redialed: 0,
            left_waiting: 0,
            balked: 0,
            blocked: 0,
            not_reached: 0,
            called_back: 0,
            turned_away: 0,
            handle_ms: 0,
            handle_squares_ms2: 0,
            at_once: 0,
        };
        let team = |skill: Skill| TeamMeasure {
            agents: staffing.of(skill).hours().to_vec(),
            busy_ms: vec![0; hours],
        };
        Self {
            channels: std::array::from_fn(|_| channel()),
            reasons: Default::default(),
            teams: Skill::ALL.map(team),
            in_time: Channel::ALL.map(|channel| scenario.desk.in_time(channel)),
        }
    }

    /// Enters what was kept apart for speed, once the desk has been run.
    pub fn finish(mut self) -> Self {
        for channel in &mut self.channels {
            let at_once = std::mem::take(&mut channel.at_once);
            if at_once > 0 {
                let _ = channel.waits.record_n(0, at_once);
            }
        }
        self
    }
}

impl DeskMeasure {
    /// Adds what another desk came to, over the same hours: another replication, or another part of the customers. Agents
    /// on duty and contacts that wait add up like everything else.
    pub fn merge(&mut self, other: &Self) {
        self.channels.iter_mut().zip(&other.channels).for_each(|(channel, other)| channel.merge(other));
        self.reasons.iter_mut().zip(&other.reasons).for_each(|(reason, other)| reason.merge(other));
        self.teams.iter_mut().zip(&other.teams).for_each(|(team, other)| team.merge(other));
    }
}

impl ChannelMeasure {
    fn merge(&mut self, other: &Self) {
        self.hours.iter_mut().zip(&other.hours).for_each(|(hour, other)| hour.merge(other));
        // Histograms of the same precision that grow with their values take each other in.
        let _ = self.waits.add(&other.waits);
        self.answered_wait_ms += other.answered_wait_ms;
        self.abandoned_wait_ms += other.abandoned_wait_ms;
        self.redialed += other.redialed;
        self.left_waiting += other.left_waiting;
        self.balked += other.balked;
        self.blocked += other.blocked;
        self.not_reached += other.not_reached;
        self.called_back += other.called_back;
        self.turned_away += other.turned_away;
        self.handle_ms += other.handle_ms;
        self.handle_squares_ms2 += other.handle_squares_ms2;
        self.at_once += other.at_once;
    }
}

impl ReasonMeasure {
    fn merge(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.abandoned += other.abandoned;
        self.handle_ms += other.handle_ms;
        self.partner_ms += other.partner_ms;
        self.by_partner += other.by_partner;
    }
}

impl Tally for DeskMeasure {
    #[inline]
    fn offered(&mut self, at: SimTime, channel: Channel, reason: Reason) {
        self.channels[channel as usize].hours[at.hour()].offered += 1;
        self.reasons[reason as usize].offered += 1;
    }

    fn redialed(&mut self, channel: Channel) {
        self.channels[channel as usize].redialed += 1;
    }

    fn turned_away(&mut self, channel: Channel) {
        self.channels[channel as usize].turned_away += 1;
    }

    #[inline(always)]
    fn taken(&mut self, taken: &Taken) {
        let in_time = self.in_time[taken.channel as usize];
        let measure = &mut self.channels[taken.channel as usize];
        let waited = taken.at - taken.arrived;
        let wait_ms = waited.0.unsigned_abs();
        let hour = &mut measure.hours[taken.arrived.hour()];
        hour.answered += 1;
        hour.within += u64::from(waited <= in_time);
        if wait_ms == 0 {
            hour.bands[0] += 1;
            measure.at_once += 1;
        } else {
            hour.wait(wait_ms);
            measure.answered_wait_ms += wait_ms;
            record(&mut measure.waits, wait_ms);
        }
        measure.called_back += u64::from(taken.called_back);
        let busy_ms = taken.busy.0.unsigned_abs();
        measure.handle_ms += busy_ms;
        measure.handle_squares_ms2 += u128::from(busy_ms) * u128::from(busy_ms);
        let reason = &mut self.reasons[taken.reason as usize];
        reason.answered += 1;
        reason.handle_ms += busy_ms;
        if taken.skill == Skill::Partner {
            reason.partner_ms += busy_ms;
            reason.by_partner += 1;
        }
    }

    #[inline]
    fn lost(&mut self, lost: &Lost) {
        let measure = &mut self.channels[lost.channel as usize];
        let wait_ms = (lost.at - lost.arrived).0.unsigned_abs();
        let hour = &mut measure.hours[lost.arrived.hour()];
        hour.abandoned += 1;
        hour.wait(wait_ms);
        measure.abandoned_wait_ms += wait_ms;
        record(&mut measure.waits, wait_ms);
        self.reasons[lost.reason as usize].abandoned += 1;
        match lost.how {
            Loss::Patience => {}
            Loss::Balked => measure.balked += 1,
            Loss::Blocked => measure.blocked += 1,
            Loss::NotReached => measure.not_reached += 1,
        }
    }

    /// What lies beyond the last hour does not count.
    #[inline]
    fn busy(&mut self, skill: Skill, from: SimTime, to: SimTime) {
        let busy_ms = &mut self.teams[skill as usize].busy_ms;
        let mut from = from.0;
        while from < to.0 {
            let hour = (from / HOUR_MS) as usize;
            let Some(busy) = busy_ms.get_mut(hour) else { return };
            let end = to.0.min((hour as i64 + 1) * HOUR_MS);
            *busy += (end - from).unsigned_abs();
            from = end;
        }
    }

    fn waiting(&mut self, channel: Channel, hour: usize, contacts: u64) {
        self.channels[channel as usize].hours[hour].backlog = contacts;
    }

    fn left(&mut self, channel: Channel, contacts: u64) {
        self.channels[channel as usize].left_waiting = contacts;
    }
}

impl Hour {
    /// Adds the contacts of another hour; what waits at its end adds up too.
    pub fn merge(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.abandoned += other.abandoned;
        self.within += other.within;
        self.wait_ms += other.wait_ms;
        self.backlog += other.backlog;
        self.longest_ms = self.longest_ms.max(other.longest_ms);
        self.bands.iter_mut().zip(other.bands).for_each(|(sum, count)| *sum += count);
    }

    #[inline]
    fn wait(&mut self, wait_ms: u64) {
        self.wait_ms += wait_ms;
        self.longest_ms = self.longest_ms.max(wait_ms);
        // Compared with all ends, and with 32 bits: a processor does several at once, and none is a branch to guess.
        let wait_ms = u32::try_from(wait_ms).unwrap_or(u32::MAX);
        self.bands[WAIT_BANDS_MS.iter().filter(|end| (**end as u32) < wait_ms).count()] += 1;
    }
}

impl TeamMeasure {
    fn merge(&mut self, other: &Self) {
        self.agents.iter_mut().zip(&other.agents).for_each(|(sum, agents)| *sum += agents);
        self.busy_ms.iter_mut().zip(&other.busy_ms).for_each(|(sum, busy_ms)| *sum += busy_ms);
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
            let backlog = total.backlog.max(hour.backlog);
            total.merge(hour);
            total.backlog = backlog;
        }
        total
    }
}

/// The wait, in milliseconds, that a share of contacts does not exceed, from their counts by band and the longest wait
/// among them; `None` without contacts.
///
/// Within a band waits are taken to be spread evenly on the scale of logarithms, from 5 seconds on, and evenly below. The
/// last band ends at the longest wait.
pub fn wait_quantile(bands: &[u64; BANDS], longest_ms: u64, share: f64) -> Option<f64> {
    let total: u64 = bands.iter().sum();
    if total == 0 {
        return None;
    }
    let rank = share.clamp(0.0, 1.0) * total as f64;
    let longest = longest_ms as f64;
    let mut below = 0.0;
    let found = bands.iter().position(|&count| {
        below += count as f64;
        count > 0 && below >= rank
    });
    let band = found.or_else(|| bands.iter().rposition(|&count| count > 0))?;
    if band == 0 {
        return Some(0.0);
    }
    let from = WAIT_BANDS_MS[band - 1] as f64;
    let to = WAIT_BANDS_MS.get(band).map_or(longest, |&end| (end as f64).min(longest)).max(from);
    let count = bands[band] as f64;
    let part = ((rank - (below - count)) / count).clamp(0.0, 1.0);
    Some(if from > 0.0 {
        from * (to / from).powf(part)
    } else {
        to * part
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(waits_ms: &[u64]) -> ([u64; BANDS], u64) {
        let mut bands = [0; BANDS];
        for wait in waits_ms {
            bands[WAIT_BANDS_MS.partition_point(|end| end < wait)] += 1;
        }
        (bands, waits_ms.iter().copied().max().unwrap_or(0))
    }

    #[test]
    fn quantiles_are_found_in_their_band() {
        let (bands, longest) = counts(&[]);
        assert_eq!(wait_quantile(&bands, longest, 0.5), None);
        let (bands, longest) = counts(&[0, 0, 0, 30_000]);
        assert_eq!(wait_quantile(&bands, longest, 0.5), Some(0.0));
        assert_eq!(wait_quantile(&bands, longest, 1.0), Some(30_000.0), "never longer than the longest");
        // Nobody answers within four hours: the last band ends at the longest wait.
        let (bands, longest) = counts(&[20_000_000, 40_000_000]);
        assert_eq!(wait_quantile(&bands, longest, 1.0), Some(40_000_000.0));
        assert!((14_400_000.0..40_000_000.0).contains(&wait_quantile(&bands, longest, 0.5).expect("waits")));
    }

    #[test]
    fn quantiles_of_many_waits_are_near_the_true_ones() {
        let waits: Vec<u64> = (1..=10_000).map(|n| (60_000.0 * -(1.0 - f64::from(n) / 10_001.0).ln()) as u64).collect();
        let (bands, longest) = counts(&waits);
        for share in [0.1, 0.5, 0.9, 0.99] {
            let (got, exact) =
                (wait_quantile(&bands, longest, share).expect("waits"), -60_000.0 * (1.0_f64 - share).ln());
            assert!((got / exact - 1.0).abs() < 0.15, "{share}: {got} for {exact}");
        }
    }
}
