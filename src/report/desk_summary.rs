//! The desk in `summary.json`.

use serde::{Deserialize, Serialize};

use super::collapse::{self, CollapseSummary};
use crate::calendar::SimTime;
use crate::desk::opening;
use crate::desk::staffing::Staffing;
use crate::engine::ArmResult;
use crate::measure::desk::ChannelMeasure;
use crate::measure::statistics::{self, Estimate, estimate};
use crate::numbers::tidy;
use crate::results::desk::contacts;
use crate::scenario::Scenario;
use crate::terms::{Channel, Each, Reason, Skill};

/// Waits and losses of one channel; means over replications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChannelSummary {
    /// Arrivals.
    pub offered: f64,
    /// Of which an agent took.
    pub answered: f64,
    /// Of which gave up.
    pub abandoned: f64,
    /// Arrivals that are a further try after giving up, by `redial_share` of customers or of the baseline.
    pub redialed: f64,
    /// Waiting at the horizon.
    pub left_waiting: f64,
    /// Of which came when they could have been answered in time ([`opening::answerable`]).
    pub left_overdue: f64,
    /// Of the abandoned: hung up on the announced wait.
    pub balked: f64,
    /// Of the abandoned: heard the busy tone.
    pub blocked: f64,
    /// Of the answered: were called back.
    pub called_back: f64,
    /// Of the abandoned: were called back and did not answer.
    pub not_reached: f64,
    /// Found the desk closed; not among the offered.
    pub turned_away: f64,
    /// Mean time an agent was busy with one, after-contact work included, in seconds; 0 if none was answered.
    pub handle_s: f64,
    /// Mean wait of the answered, in seconds (average speed of answer).
    pub asa_s: f64,
    /// Mean wait of the answered and of those who gave up, in seconds.
    pub mean_wait_s: f64,
    /// Percentiles of that wait, in seconds.
    pub wait_s: WaitSummary,
    /// Share of the answered and of those who gave up that waited at all.
    pub waited_share: f64,
    /// Share of the answered and of those who gave up that gave up.
    pub abandoned_share: f64,
    /// Share answered in time.
    pub service_level: ServiceLevel,
    /// 95 % confidence intervals; `None` with a single replication or without contacts.
    pub ci95: Option<ChannelIntervals>,
    /// Most waiting at any full hour.
    pub backlog_max: f64,
    /// The busiest hour.
    pub peak_hour: PeakHour,
}

/// Percentiles of a wait, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WaitSummary {
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Longest.
    pub max: f64,
}

/// 95 % confidence intervals of a channel's ratios, `[from, to]`: of the luck of the draw, by a ratio estimator over
/// replications ([`statistics::ratio`]).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelIntervals {
    /// Of `asa_s`.
    pub asa_s: [f64; 2],
    /// Of `mean_wait_s`.
    pub mean_wait_s: [f64; 2],
    /// Of `waited_share`.
    pub waited_share: [f64; 2],
    /// Of `abandoned_share`.
    pub abandoned_share: [f64; 2],
    /// Of `service_level.of_offered`.
    pub of_offered: [f64; 2],
}

/// Share answered in time, by both definitions in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceLevel {
    /// In time means within so many seconds.
    pub within_s: f64,
    /// Of all that arrived, those still waiting at the horizon included.
    pub of_offered: f64,
    /// Of those that were answered.
    pub of_answered: f64,
}

/// The hour with the most arrivals, on the mean over replications; and the busiest hour of each replication, wherever it
/// lies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PeakHour {
    /// When it begins.
    pub start: String,
    /// Arrivals in it.
    pub offered: f64,
    /// Arrivals in the busiest hour of a replication, mean.
    #[serde(default)]
    pub busiest_mean: f64,
    /// The fewest.
    #[serde(default)]
    pub busiest_least: f64,
    /// The most.
    #[serde(default)]
    pub busiest_most: f64,
}

/// One reason; means over replications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReasonSummary {
    /// Arrivals.
    pub offered: f64,
    /// Of which an agent took.
    pub answered: f64,
    /// Of which gave up.
    pub abandoned: f64,
    /// Time agents spent on them, in hours.
    pub handle_h: f64,
}

/// The desk under one strategy. The figures at the top are those of calls; other channels are below.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeskSummary {
    /// Calls.
    #[serde(flatten)]
    pub calls: ChannelSummary,
    /// Share of first-line agents' time on duty in which they were busy: on a contact or with its after-contact work. An
    /// agent who chats is busy, once, from the first of several chats that overlap to the end of the last, whether one
    /// chat is held or as many as can be; so it says little of how many more chats could be taken.
    pub occupancy: f64,
    /// 95 % confidence interval of `occupancy`; `None` with a single replication.
    pub occupancy_ci95: Option<[f64; 2]>,
    /// The same of second-line agents.
    pub tier2_occupancy: f64,
    /// The same of reviewers.
    pub review_occupancy: f64,
    /// Contacts that a partner took.
    pub by_partner: f64,
    /// Times in which the desk had collapsed: see [`collapse`].
    pub collapses: Vec<CollapseSummary>,
    /// All contacts, of every channel and reason but the baseline.
    pub contacts: f64,
    /// Each channel.
    pub by_channel: Each<Channel, ChannelSummary>,
    /// Each reason.
    pub by_reason: Each<Reason, ReasonSummary>,
}

/// Sums up the desk over the replications of one arm.
pub fn summarise(scenario: &Scenario, arms: &[&ArmResult]) -> DeskSummary {
    let mean =
        |of: &dyn Fn(&ArmResult) -> f64| tidy(estimate(&arms.iter().map(|arm| of(arm)).collect::<Vec<_>>()).mean);
    let staffing = Staffing::new(scenario);
    let by_channel = Each::new(|channel: Channel| {
        let measures: Vec<_> = arms.iter().map(|arm| &arm.desk.channels[channel as usize]).collect();
        let answerable = opening::answerable(scenario, &staffing, channel);
        summarise_channel(scenario, channel, &measures, &answerable)
    });
    let by_reason = Each::new(|reason: Reason| {
        let of = |pick: fn(&crate::measure::desk::ReasonMeasure) -> u64| {
            mean(&|arm: &ArmResult| pick(&arm.desk.reasons[reason as usize]) as f64)
        };
        ReasonSummary {
            offered: of(|r| r.offered),
            answered: of(|r| r.answered),
            abandoned: of(|r| r.abandoned),
            handle_h: tidy(of(|r| r.handle_ms) / 3.6e6),
        }
    });
    let occupancy: Vec<f64> = arms.iter().map(|arm| arm.desk.teams[0].occupancy()).collect();
    let occupancy = estimate(&occupancy);
    DeskSummary {
        calls: by_channel[Channel::Phone].clone(),
        occupancy: tidy(occupancy.mean),
        occupancy_ci95: occupancy.ci95.map(|ci| ci.map(tidy)),
        tier2_occupancy: mean(&|arm: &ArmResult| arm.desk.teams[Skill::Tier2 as usize].occupancy()),
        by_partner: mean(&|arm: &ArmResult| {
            arm.desk.reasons.iter().map(|reason| reason.by_partner).sum::<u64>() as f64
        }),
        review_occupancy: mean(&|arm: &ArmResult| arm.desk.teams[Skill::Review as usize].occupancy()),
        collapses: collapse::collapses(scenario, arms).iter().map(|found| found.summary(scenario)).collect(),
        contacts: mean(&|arm: &ArmResult| contacts(arm) as f64),
        by_channel,
        by_reason,
    }
}

fn summarise_channel(
    scenario: &Scenario,
    channel: Channel,
    measures: &[&ChannelMeasure],
    answerable: &[bool],
) -> ChannelSummary {
    let n = measures.len() as f64;
    let totals: Vec<_> = measures.iter().map(|measure| measure.total()).collect();
    let mean = |values: &dyn Fn(usize) -> f64| tidy((0..measures.len()).map(values).sum::<f64>() / n);
    // Ratios are formed over all replications together, so that a replication with few contacts weighs little.
    let ratio = |part: &dyn Fn(usize) -> u64, whole: &dyn Fn(usize) -> u64| {
        let pairs: Vec<(f64, f64)> = (0..measures.len()).map(|i| (part(i) as f64, whole(i) as f64)).collect();
        statistics::ratio(&pairs)
    };
    let offered = |i: usize| totals[i].offered;
    let answered = |i: usize| totals[i].answered;
    let ended = |i: usize| totals[i].answered + totals[i].abandoned;
    let asa_ms = ratio(&|i| measures[i].answered_wait_ms, &answered);
    let mean_wait_ms = ratio(&|i| totals[i].wait_ms, &ended);
    let waited = ratio(&|i| ended(i) - u64::from(totals[i].bands[0]), &ended);
    let abandoned = ratio(&|i| totals[i].abandoned, &ended);
    let of_offered = ratio(&|i| totals[i].within, &offered);
    let of_answered = ratio(&|i| totals[i].within, &answered);
    let handle_ms = ratio(&|i| measures[i].handle_ms, &answered);
    let value = |estimate: Option<Estimate>, per: f64| estimate.map_or(0.0, |estimate| tidy(estimate.mean / per));
    let interval = |estimate: Option<Estimate>, per: f64| Some(estimate?.ci95?.map(|end| tidy(end / per)));
    let intervals = || {
        Some(ChannelIntervals {
            asa_s: interval(asa_ms, 1000.0)?,
            mean_wait_s: interval(mean_wait_ms, 1000.0)?,
            waited_share: interval(waited, 1.0)?,
            abandoned_share: interval(abandoned, 1.0)?,
            of_offered: interval(of_offered, 1.0)?,
        })
    };

    let overdue = |i: usize| -> u64 {
        let due = measures[i].hours.iter().zip(answerable).filter(|(_, answerable)| **answerable);
        due.map(|(hour, _)| hour.offered.saturating_sub(hour.answered + hour.abandoned)).sum()
    };

    let mut waits = measures[0].waits.clone();
    for measure in &measures[1..] {
        let _ = waits.add(&measure.waits);
    }
    let wait = |share: f64| tidy(waits.value_at_quantile(share) as f64 / 1000.0);
    ChannelSummary {
        offered: mean(&|i| totals[i].offered as f64),
        answered: mean(&|i| totals[i].answered as f64),
        abandoned: mean(&|i| totals[i].abandoned as f64),
        redialed: mean(&|i| measures[i].redialed as f64),
        left_waiting: mean(&|i| measures[i].left_waiting as f64),
        left_overdue: mean(&|i| overdue(i) as f64),
        balked: mean(&|i| measures[i].balked as f64),
        blocked: mean(&|i| measures[i].blocked as f64),
        called_back: mean(&|i| measures[i].called_back as f64),
        not_reached: mean(&|i| measures[i].not_reached as f64),
        turned_away: mean(&|i| measures[i].turned_away as f64),
        handle_s: value(handle_ms, 1000.0),
        asa_s: value(asa_ms, 1000.0),
        mean_wait_s: value(mean_wait_ms, 1000.0),
        wait_s: WaitSummary {
            p50: wait(0.5),
            p90: wait(0.9),
            p99: wait(0.99),
            max: tidy(waits.max() as f64 / 1000.0),
        },
        service_level: ServiceLevel {
            within_s: scenario.desk.in_time(channel).0 as f64 / 1000.0,
            of_offered: value(of_offered, 1.0),
            of_answered: value(of_answered, 1.0),
        },
        waited_share: value(waited, 1.0),
        abandoned_share: value(abandoned, 1.0),
        ci95: intervals(),
        backlog_max: mean(&|i| totals[i].backlog as f64),
        peak_hour: peak_hour(scenario, measures),
    }
}

fn peak_hour(scenario: &Scenario, measures: &[&ChannelMeasure]) -> PeakHour {
    let offered = |hour: usize| measures.iter().map(|measure| measure.hours[hour].offered).sum::<u64>();
    let hours = measures[0].hours.len();
    // The first of the busiest.
    let peak = (0..hours).rev().max_by_key(|&hour| offered(hour)).unwrap_or(0);
    let busiest = |measure: &&ChannelMeasure| measure.hours.iter().map(|hour| hour.offered).max().unwrap_or(0) as f64;
    let busiest: Vec<f64> = measures.iter().map(busiest).collect();
    PeakHour {
        busiest_mean: tidy(busiest.iter().sum::<f64>() / measures.len() as f64),
        busiest_least: busiest.iter().copied().fold(f64::INFINITY, f64::min),
        busiest_most: busiest.iter().copied().fold(0.0, f64::max),
        start: scenario.calendar().iso(SimTime::from_hours(peak as f64)),
        offered: tidy(offered(peak) as f64 / measures.len() as f64),
    }
}
