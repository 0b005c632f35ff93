//! `timeseries.csv`: what happens by the hour; means over replications.

use std::ops::Range;

use super::collapse::{self, Collapse};
use super::sheet::sheet;
use crate::calendar::{Calendar, SimTime};
use crate::desk::erlang::{Before, Target, offered_load};
use crate::desk::opening;
use crate::desk::required::agents_required;
use crate::engine::{ArmResult, Replication};
use crate::error::Result;
use crate::measure::counts::Series;
use crate::measure::desk::{BANDS, Hour, wait_quantile};
use crate::scenario::Scenario;
use crate::strategy::STAY;
use crate::terms::{Channel, Skill};

/// The hours of one strategy; means over replications.
#[derive(Clone, Debug)]
pub struct HourlySeries {
    /// Name of the strategy.
    pub strategy: String,
    /// Events of journeys, in the order of [`Series::ALL`].
    pub events: Vec<Vec<f64>>,
    /// Contacts by channel, in the order of [`Channel::ALL`].
    pub channels: Vec<ChannelHours>,
    /// First-line agents on duty.
    pub agents: Vec<f64>,
    /// Busy first-line agents, on average.
    pub busy: Vec<f64>,
    /// Reviewers on duty.
    pub reviewers: Vec<f64>,
    /// Second-line agents on duty.
    pub tier2: Vec<f64>,
    /// A partner's agents on duty.
    pub partner: Vec<f64>,
    /// Agents on duty who take calls, a partner's left out.
    pub takers: Vec<f64>,
    /// Mean time an agent is busy with a call, in seconds.
    pub call_s: f64,
    /// Squared coefficient of variation of that time.
    pub call_cv2: f64,
    /// Times in which the desk had collapsed.
    pub collapses: Vec<Collapse>,
}

/// The hours of one channel.
#[derive(Clone, Debug, Default)]
pub struct ChannelHours {
    /// Arrivals.
    pub offered: Vec<f64>,
    /// Of which an agent took.
    pub answered: Vec<f64>,
    /// Of which gave up.
    pub abandoned: Vec<f64>,
    /// Of which were answered in time.
    pub within: Vec<f64>,
    /// Mean wait of those that were answered or gave up, in seconds.
    pub wait_s: Vec<f64>,
    /// Waiting at the end of the hour.
    pub backlog: Vec<f64>,
    /// Waits of those that were answered or gave up, by [`WAIT_BANDS_MS`](crate::measure::desk::WAIT_BANDS_MS), in all
    /// replications together.
    pub bands: Vec<[u32; BANDS]>,
    /// Longest wait in any replication, in milliseconds.
    pub longest_ms: Vec<u64>,
}

impl ChannelHours {
    /// The wait in seconds that this share of those who were answered or gave up did not exceed, over some hours and all
    /// replications; `None` if there were none.
    pub fn wait_quantile_s(&self, hours: Range<usize>, share: f64) -> Option<f64> {
        let mut sum = [0; BANDS];
        for bands in &self.bands[hours.clone()] {
            sum.iter_mut().zip(bands).for_each(|(sum, &count)| *sum += u64::from(count));
        }
        let longest = self.longest_ms[hours].iter().copied().max().unwrap_or(0);
        wait_quantile(&sum, longest, share).map(|ms| ms / 1000.0)
    }
}

impl HourlySeries {
    /// Agents that would keep the target for calls (`desk.target`) in each of these hours, by Erlang-A at the load of the
    /// hour, calls of the day before that are still being handled included; none where nobody calls.
    pub fn agents_required(&self, scenario: &Scenario, hours: Range<usize>) -> Vec<u32> {
        let target = Target {
            within_s: scenario.desk.service_level_s.get(),
            answered: scenario.desk.target.answered_share.get(),
            abandoned_at_most: scenario.desk.target.abandoned_share.get(),
        };
        let calls = &self.channels[Channel::Phone as usize].offered;
        let from = hours.start.saturating_sub(24);
        let per_s: Vec<f64> = calls[from..hours.end].iter().map(|per_hour| per_hour / 3600.0).collect();
        let loads = offered_load(&per_s, 3600.0, self.call_s, self.call_cv2, Before::Empty);
        let required = |hour: usize| {
            if calls[hour] > 0.0 {
                agents_required(scenario, Channel::Phone, target, loads[hour - from].max, self.call_s)
            } else {
                0
            }
        };
        hours.map(required).collect()
    }
}

/// The hourly series of all arms.
pub fn hourly(scenario: &Scenario, replications: &[Replication]) -> Vec<HourlySeries> {
    let names = std::iter::once(STAY).chain(scenario.strategies.iter().map(|s| s.name.as_str()));
    names
        .enumerate()
        .map(|(arm, name)| {
            let results: Vec<_> = replications.iter().map(|replication| &replication.arms[arm]).collect();
            of_arm(scenario, name, &results)
        })
        .collect()
}

fn of_arm(scenario: &Scenario, name: &str, results: &[&ArmResult]) -> HourlySeries {
    let hours = scenario.hours();
    let n = results.len() as f64;
    let mean = |of: &dyn Fn(&ArmResult, usize) -> f64| -> Vec<f64> {
        (0..hours).map(|hour| results.iter().map(|arm| of(arm, hour)).sum::<f64>() / n).collect()
    };
    let events = Series::ALL
        .iter()
        .map(|&series| mean(&|arm: &ArmResult, hour| f64::from(arm.counts.series[series as usize][hour])))
        .collect();
    let channels = Channel::ALL
        .iter()
        .map(|&channel| {
            let of = |pick: fn(&Hour) -> u64| {
                mean(&move |arm: &ArmResult, hour| pick(&arm.desk.channels[channel as usize].hours[hour]) as f64)
            };
            let (answered, abandoned, wait_ms) = (of(|h| h.answered), of(|h| h.abandoned), of(|h| h.wait_ms));
            let wait = |hour: usize| match answered[hour] + abandoned[hour] {
                0.0 => 0.0,
                ended => wait_ms[hour] / 1000.0 / ended,
            };
            let measured =
                |hour: usize| results.iter().map(move |arm| &arm.desk.channels[channel as usize].hours[hour]);
            let bands = |hour: usize| {
                measured(hour).fold([0; BANDS], |mut sum, of| {
                    sum.iter_mut().zip(of.bands).for_each(|(sum, count)| *sum += count);
                    sum
                })
            };
            ChannelHours {
                bands: (0..hours).map(bands).collect(),
                longest_ms: (0..hours).map(|hour| measured(hour).map(|of| of.longest_ms).max().unwrap_or(0)).collect(),
                offered: of(|h| h.offered),
                within: of(|h| h.within),
                backlog: of(|h| h.backlog),
                wait_s: (0..hours).map(wait).collect(),
                answered,
                abandoned,
            }
        })
        .collect();
    let team = |skill: Skill| mean(&|arm: &ArmResult, hour| f64::from(arm.desk.teams[skill as usize].agents[hour]));
    let takes = opening::takes(scenario);
    let takers: Vec<Vec<f64>> = [Skill::Tier1, Skill::Tier2, Skill::Review]
        .into_iter()
        .filter(|&skill| takes[skill as usize].contains(&Channel::Phone))
        .map(team)
        .collect();
    let (call_s, call_cv2) = call_time(scenario, results);
    HourlySeries {
        strategy: name.to_owned(),
        events,
        channels,
        agents: team(Skill::Tier1),
        busy: mean(&|arm: &ArmResult, hour| arm.desk.teams[0].busy_ms[hour] as f64 / 3.6e6),
        reviewers: team(Skill::Review),
        tier2: team(Skill::Tier2),
        partner: team(Skill::Partner),
        takers: (0..hours).map(|hour| takers.iter().map(|team| team[hour]).sum()).collect(),
        call_s,
        call_cv2,
        collapses: collapse::collapses(scenario, results),
    }
}

/// Mean and squared coefficient of variation of the time an agent is busy with a call: as measured, or that of baseline
/// calls if none was answered.
fn call_time(scenario: &Scenario, results: &[&ArmResult]) -> (f64, f64) {
    let phone = || results.iter().map(|arm| &arm.desk.channels[Channel::Phone as usize]);
    let calls = phone().map(|phone| phone.total().answered).sum::<u64>() as f64;
    let mean_s = phone().map(|phone| phone.handle_ms).sum::<u64>() as f64 / 1000.0 / calls;
    let squares_s2 = phone().map(|phone| phone.handle_squares_ms2).sum::<u128>() as f64 / 1e6;
    let variance = squares_s2 / calls - mean_s * mean_s;
    if mean_s > 0.0 {
        return (mean_s, variance.max(0.0) / (mean_s * mean_s));
    }
    let usual = &scenario.desk.baseline.phone_handle_time;
    (usual.mean_s() + scenario.desk.phone.after_work_s.get(), usual.cv() * usual.cv())
}

/// The series as CSV: a row for each strategy and hour.
pub fn csv(scenario: &Scenario, series: &[HourlySeries]) -> Result<Vec<u8>> {
    let mut head = vec!["strategy".to_owned(), "hour".to_owned(), "start".to_owned()];
    head.extend(Series::ALL.iter().map(|series| series.key().to_owned()));
    for channel in Channel::ALL {
        for column in ["offered", "answered", "abandoned", "within", "wait_s", "backlog"] {
            head.push(format!("{}_{column}", channel.key()));
        }
        if channel.is_live() {
            head.extend(["wait_p50_s", "wait_p90_s"].map(|column| format!("{}_{column}", channel.key())));
        }
    }
    head.extend(["agents", "busy_agents", "reviewers", "tier2_agents", "partner_agents"].map(str::to_owned));
    let calendar = scenario.calendar();
    let rows = series.iter().flat_map(|arm| (0..scenario.hours()).map(move |hour| row(calendar, arm, hour)));
    sheet("timeseries.csv", &head, rows)
}

/// One hour of one strategy.
fn row(calendar: Calendar, arm: &HourlySeries, hour: usize) -> Vec<String> {
    let start = calendar.iso(SimTime::from_hours(hour as f64));
    let mut row = vec![arm.strategy.clone(), hour.to_string(), start];
    row.extend(arm.events.iter().map(|values| number(values[hour])));
    for (channel, kind) in arm.channels.iter().zip(Channel::ALL) {
        let columns = [
            &channel.offered,
            &channel.answered,
            &channel.abandoned,
            &channel.within,
            &channel.wait_s,
            &channel.backlog,
        ];
        row.extend(columns.map(|values| number(values[hour])));
        if kind.is_live() {
            let wait = |share: f64| channel.wait_quantile_s(hour..hour + 1, share).unwrap_or(0.0);
            row.extend([wait(0.5), wait(0.9)].map(number));
        }
    }
    let teams = [&arm.agents, &arm.busy, &arm.reviewers, &arm.tier2, &arm.partner];
    row.extend(teams.map(|values| number(values[hour])));
    row
}

/// A number without needless digits.
fn number(value: f64) -> String {
    let tidy = crate::numbers::tidy(value);
    if tidy.fract() == 0.0 {
        format!("{tidy:.0}")
    } else {
        let text = format!("{tidy:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}
