//! A day that happened: the bank's call centre of `scenarios/call-centre/`, simulated many times and held against its
//! record.

use std::path::Path;

use rayon::prelude::*;

use crate::calendar::SimTime;
use crate::desk::staffing::Staffing;
use crate::desk::{Floor, Lost, NoCallers, Taken, Tally};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::terms::Reason;
use crate::terms::{Channel, Skill};
use crate::watch::Watch;

/// Figures of a day, in the order of [`FIGURES`].
pub type Figures = [f64; FIGURES.len()];

/// Their names, and whether they are shares.
pub const FIGURES: [(&str, bool); 6] = [
    ("hung up, of the queued", true),
    ("hung up, of the offered", true),
    ("mean wait of the queued, s", false),
    ("mean wait of the queued who were answered, s", false),
    ("mean wait of those who hung up, s", false),
    ("calls offered", false),
];

/// The day itself, as `scenarios/call-centre/README.md` says; 36.5 % if 18 undocumented calls count as queued.
pub const RECORDED: Figures = [0.369, 0.325, 132.9, 163.9, 79.7, 2239.0];

/// One hour of the record.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordedHour {
    /// Hour of the day.
    pub hour: usize,
    /// Calls offered.
    pub offered: f64,
    /// Calls that waited at least a second.
    pub queued: f64,
    /// Mean wait of those, if there are any.
    pub wait_s: Option<f64>,
    /// Share of those that hung up.
    pub left: Option<f64>,
    /// Share of the offered that hung up.
    pub left_of_offered: f64,
}

/// What one hour of a simulated day met with.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    offered: u32,
    queued: u32,
    left: u32,
    left_queued: u32,
    wait_ms: i64,
    left_wait_ms: i64,
}

#[derive(Clone, Debug, Default)]
struct Simulated {
    hours: [Slot; 24],
}

impl Simulated {
    fn wait(&mut self, arrived: SimTime, at: SimTime, left: bool) {
        let Some(slot) = self.hours.get_mut(arrived.hour()) else {
            return;
        };
        let wait_ms = (at - arrived).0;
        slot.left += u32::from(left);
        // As in the record, whose clock counts seconds.
        if wait_ms >= 1000 {
            slot.queued += 1;
            slot.wait_ms += wait_ms;
            if left {
                slot.left_queued += 1;
                slot.left_wait_ms += wait_ms;
            }
        }
    }

    fn figures(&self) -> Figures {
        let sum = |of: fn(&Slot) -> i64| self.hours.iter().map(of).sum::<i64>() as f64;
        let (offered, queued) = (sum(|s| i64::from(s.offered)), sum(|s| i64::from(s.queued)));
        let (left, left_queued) = (sum(|s| i64::from(s.left)), sum(|s| i64::from(s.left_queued)));
        let (wait, left_wait) = (sum(|s| s.wait_ms) / 1000.0, sum(|s| s.left_wait_ms) / 1000.0);
        [
            left_queued / queued,
            left / offered,
            wait / queued,
            (wait - left_wait) / (queued - left_queued),
            left_wait / left_queued,
            offered,
        ]
    }
}

impl Tally for Simulated {
    fn offered(&mut self, at: SimTime, _: Channel, _: Reason) {
        if let Some(slot) = self.hours.get_mut(at.hour()) {
            slot.offered += 1;
        }
    }
    fn redialed(&mut self, _: Channel) {}
    fn turned_away(&mut self, _: Channel) {}
    fn taken(&mut self, taken: &Taken) {
        self.wait(taken.arrived, taken.at, false);
    }
    fn lost(&mut self, lost: &Lost) {
        self.wait(lost.arrived, lost.at, true);
    }
    fn busy(&mut self, _: Skill, _: SimTime, _: SimTime) {}
    fn waiting(&mut self, _: Channel, _: usize, _: u64) {}
    fn left(&mut self, _: Channel, _: u64) {}
}

/// Mean over the simulated days, and the range of 95 % of them.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// Mean of days.
    pub mean: f64,
    /// 2.5 % of the days are below.
    pub low: f64,
    /// 2.5 % of the days are above.
    pub high: f64,
}

impl Range {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((share * values.len() as f64) as usize).min(values.len() - 1)];
        Self {
            mean: values.iter().sum::<f64>() / values.len() as f64,
            low: at(0.025),
            high: at(0.975),
        }
    }

    /// Whether 95 % of the days surround this value.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// One hour, recorded and simulated.
#[derive(Clone, Copy, Debug)]
pub struct DayComparison {
    /// The record.
    pub recorded: RecordedHour,
    /// Agents in the scenario.
    pub agents: u32,
    /// Calls offered, by day.
    pub offered: Range,
    /// Share of the offered that hung up, by day.
    pub left_of_offered: Range,
    /// Mean wait of all the queued of all days.
    pub wait_s: f64,
    /// Share of them that hung up.
    pub left: f64,
}

/// The day, recorded and simulated.
#[derive(Clone, Debug)]
pub struct BankDay {
    /// Days simulated.
    pub days: u32,
    /// The figures, in the order of [`FIGURES`].
    pub figures: Vec<Range>,
    /// Hours with calls.
    pub hours: Vec<DayComparison>,
    /// Correlation over the hours from 9 to 18 of the share that hung up, recorded and simulated.
    pub correlation: f64,
}

/// Simulates the day of `folder`, `scenarios/call-centre/` in the repository.
///
/// # Errors
///
/// If that cannot be read, or if `watch` stops it.
pub fn run(folder: &Path, watch: &dyn Watch) -> Result<BankDay> {
    let scenario = Scenario::load(&folder.join("bank-day.toml"), &[], &[])?.scenario;
    let recorded = record(&folder.join("abandonment_by_wait.csv"))?;
    let staffing = Staffing::new(&scenario);
    let days = scenario.replications.get() as u32;
    let simulated: Vec<Simulated> = (0..days)
        .into_par_iter()
        .map(|day| {
            let seed = Seed::new(u64::from(scenario.seed), day);
            // The last hour's agents stay until nobody waits.
            Floor::new(&scenario, &staffing, seed, Simulated::default()).run(
                2 * scenario.hours(),
                &mut NoCallers,
                watch,
            )
        })
        .collect::<Result<_>>()?;
    let figures: Vec<Figures> = simulated.iter().map(Simulated::figures).collect();
    let compare = |recorded: RecordedHour| {
        let slots = || simulated.iter().map(|day| day.hours[recorded.hour]);
        let share = |slot: Slot| f64::from(slot.left) / f64::from(slot.offered.max(1));
        let sum = |of: fn(Slot) -> i64| slots().map(of).sum::<i64>() as f64;
        let queued = sum(|s| i64::from(s.queued));
        DayComparison {
            recorded,
            agents: staffing.of(Skill::Tier1).in_hour(recorded.hour),
            offered: Range::of(slots().map(|slot| f64::from(slot.offered)).collect()),
            left_of_offered: Range::of(slots().map(share).collect()),
            wait_s: sum(|s| s.wait_ms) / 1000.0 / queued,
            left: sum(|s| i64::from(s.left_queued)) / queued,
        }
    };
    let hours: Vec<DayComparison> = recorded.into_iter().map(compare).collect();
    let pairs: Vec<(f64, f64)> = hours
        .iter()
        .filter(|hour| (9..18).contains(&hour.recorded.hour))
        .map(|hour| (hour.recorded.left_of_offered, hour.left_of_offered.mean))
        .collect();
    Ok(BankDay {
        days,
        figures: (0..FIGURES.len()).map(|f| Range::of(figures.iter().map(|day| day[f]).collect())).collect(),
        hours,
        correlation: correlation(&pairs),
    })
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |(x, y), pair| (x + pair.0 / n, y + pair.1 / n));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|pair| of(pair.0 - x, pair.1 - y)).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// Reads the record by the hour.
fn record(path: &Path) -> Result<Vec<RecordedHour>> {
    let wrong = |what: &dyn std::fmt::Display| Error::Input(format!("{}: {what}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(&error))?;
    let head = reader.headers().map_err(|error| wrong(&error))?.clone();
    let place = |name: &str| {
        let found = head.iter().position(|title| title == name);
        found.ok_or_else(|| wrong(&format!("there is no column \"{name}\"")))
    };
    let columns = [
        place("hour_of_day")?,
        place("offered")?,
        place("queued")?,
        place("mean_wait_of_queued_s")?,
        place("share_abandoned_of_queued")?,
        place("share_abandoned_of_offered")?,
    ];
    let mut hours = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| wrong(&error))?;
        let number = |column: usize| row.get(columns[column]).and_then(|cell| cell.parse::<f64>().ok());
        let needed = |column: usize| number(column).ok_or_else(|| wrong(&format!("not a number in {row:?}")));
        let hour = needed(0)? as usize;
        if hour >= 24 {
            return Err(wrong(&format!("{hour} is no hour of the day")));
        }
        hours.push(RecordedHour {
            hour,
            offered: needed(1)?,
            queued: needed(2)?,
            wait_s: number(3),
            left: number(4),
            left_of_offered: needed(5)?,
        });
    }
    Ok(hours)
}
