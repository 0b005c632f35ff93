//! `timeseries.csv`: what happens by the hour; means over replications.

use crate::calendar::SimTime;
use crate::desk::{Channel, Skill};
use crate::engine::{ArmResult, Replication};
use crate::error::{Error, Result};
use crate::measure::counts::Series;
use crate::measure::desk::Hour;
use crate::scenario::Scenario;
use crate::strategy::STAY;

/// The hours of one strategy; means over replications.
#[derive(Clone, Debug)]
pub struct HourlySeries {
    /// Name of the strategy.
    pub strategy: String,
    /// Events of journeys, in the order of [`Series::ALL`].
    pub events: Vec<Vec<f64>>,
    /// Contacts by channel, in the order of [`Channel::ALL`].
    pub channels: Vec<ChannelHours>,
    /// First-line agents on duty, and how many of them were busy on average.
    pub agents: Vec<f64>,
    /// Busy first-line agents, on average.
    pub busy: Vec<f64>,
    /// Reviewers on duty.
    pub reviewers: Vec<f64>,
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
}

/// The hourly series of all arms.
pub fn hourly(scenario: &Scenario, replications: &[Replication]) -> Vec<HourlySeries> {
    let names = std::iter::once(STAY).chain(scenario.strategies.iter().map(|s| s.name.as_str()));
    names
        .enumerate()
        .map(|(arm, name)| {
            let results: Vec<_> = replications.iter().map(|replication| &replication.arms[arm]).collect();
            of_arm(name, &results, scenario.hours())
        })
        .collect()
}

fn of_arm(name: &str, results: &[&ArmResult], hours: usize) -> HourlySeries {
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
            ChannelHours {
                offered: of(|h| h.offered),
                within: of(|h| h.within),
                backlog: of(|h| h.backlog),
                wait_s: (0..hours).map(wait).collect(),
                answered,
                abandoned,
            }
        })
        .collect();
    HourlySeries {
        strategy: name.to_owned(),
        events,
        channels,
        agents: mean(&|arm: &ArmResult, hour| f64::from(arm.desk.teams[0].agents[hour])),
        busy: mean(&|arm: &ArmResult, hour| arm.desk.teams[0].busy_ms[hour] as f64 / 3.6e6),
        reviewers: mean(&|arm: &ArmResult, hour| f64::from(arm.desk.teams[Skill::Review as usize].agents[hour])),
    }
}

/// The series as CSV: a row for each strategy and hour.
pub fn csv(scenario: &Scenario, series: &[HourlySeries]) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| Error::Store(format!("timeseries.csv cannot be written: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head = vec!["strategy".to_owned(), "hour".to_owned(), "start".to_owned()];
    head.extend(Series::ALL.iter().map(|series| series.key().to_owned()));
    for channel in Channel::ALL {
        for column in ["offered", "answered", "abandoned", "within", "wait_s", "backlog"] {
            head.push(format!("{}_{column}", channel.key()));
        }
    }
    head.extend(["agents", "busy_agents", "reviewers"].map(str::to_owned));
    writer.write_record(&head).map_err(|error| failed(&error))?;
    let calendar = scenario.calendar();
    for arm in series {
        for hour in 0..scenario.hours() {
            let mut row = vec![
                arm.strategy.clone(),
                hour.to_string(),
                calendar.iso(SimTime::from_hours(hour as f64)),
            ];
            row.extend(arm.events.iter().map(|values| number(values[hour])));
            for channel in &arm.channels {
                let columns = [
                    &channel.offered,
                    &channel.answered,
                    &channel.abandoned,
                    &channel.within,
                    &channel.wait_s,
                    &channel.backlog,
                ];
                row.extend(columns.map(|values| number(values[hour])));
            }
            row.extend([arm.agents[hour], arm.busy[hour], arm.reviewers[hour]].map(number));
            writer.write_record(&row).map_err(|error| failed(&error))?;
        }
    }
    writer.into_inner().map_err(|error| failed(&error))
}

/// A number without needless digits.
fn number(value: f64) -> String {
    let tidy = super::numbers::tidy(value);
    match tidy.fract() == 0.0 {
        true => format!("{tidy:.0}"),
        false => {
            let text = format!("{tidy:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}
