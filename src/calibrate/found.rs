//! What a calibration found.

use serde::Serialize;

use super::shown::Shown;
use crate::error::{Error, Result};
use crate::results::Metric;
use crate::scenario::section::Grade;
use crate::sensitivity::interval::Interval;
use crate::sensitivity::sure::{BestIn, Choice};

/// A number is not explained if it is less probable than this to lie as far out.
pub(super) const IMPROBABLE: f64 = 0.01;

/// 5, 50 and 95 % of the worlds lie below these.
pub type Band = [f64; 3];

/// What a calibration found. Arms are told by name, money is in cents, days count from the date of the start, from 0.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Version of this form.
    pub schema_version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of the scenario.
    pub scenario_hash: String,
    /// The strategy that the pilot ran.
    pub strategy: String,
    /// Accounts of the scenario.
    pub accounts: u64,
    /// Accounts that each world simulates.
    pub accounts_simulated: u64,
    /// Worlds of each round, and of the forecast.
    pub worlds: u32,
    /// Rounds.
    pub rounds: u32,
    /// Keys with a range.
    pub uncertain_keys: usize,
    /// Keys on which the observed numbers were found to rest.
    pub keys_that_matter: usize,
    /// Part of the differences between worlds, beyond luck, that those explain.
    pub explained_share: f64,
    /// How many independent draws tell as much as the weighted ones behind the learnt ranges.
    pub effective_draws: f64,
    /// Worlds whose values were brought nearer to their middle, because together they were not allowed.
    pub pulled_in: usize,
    /// The last date that the pilot tells of.
    pub pilot_ends: String,
    /// Its day.
    pub pilot_ends_day: usize,
    /// The observed numbers, by measure, wave and date.
    pub observed: Vec<Checked>,
    /// Measures with how many times the variance of chance their luck has.
    pub luck: Vec<(Shown, f64)>,
    /// Values that the pilot moved, those first of which it taught most.
    pub moved: Vec<Moved>,
    /// Keys on which observed numbers rest, and which they did not move.
    pub not_moved: Vec<String>,
    /// Learnt values that go together.
    pub together: Vec<Together>,
    /// What is compared: the strategies, or with a single one the control and it.
    pub options: Vec<String>,
    /// How the strategies stood before the pilot.
    pub before: Standing,
    /// How they stand after it.
    pub after: Standing,
    /// What speaks for going on.
    pub advice: Advice,
    /// What is to come under the pilot's strategy after the pilot's last date, before and after it was learnt from.
    pub rest: Vec<Rest>,
    /// What each arm comes to at the horizon, the control first.
    pub figures: Vec<Outlook>,
    /// The pilot's strategy by day.
    pub by_day: Vec<Daily>,
}

/// An observed number and what was expected of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// Line of the table.
    pub line: u64,
    /// What it counts.
    pub measure: Shown,
    /// The wave that it is about.
    pub wave: Option<u32>,
    /// The first date that it counts.
    pub from: String,
    /// The last one.
    pub to: String,
    /// The last one, as a day.
    pub day: usize,
    /// The number.
    pub value: f64,
    /// Accounts it is about.
    pub of: f64,
    /// What was expected before the pilot.
    pub before: Band,
    /// What worlds expect that were learnt from it.
    pub after: Band,
    /// How probable it is in those worlds to be as far out, on either side.
    pub tail: f64,
    /// How many standard deviations it lies from what was expected before, on the scale on which worlds are told apart.
    pub surprise_sd: f64,
    /// Whether the model cannot explain it: learnt worlds hardly show it, or it contradicts what was known before.
    pub unexplained: bool,
}

impl Checked {
    /// Whether learnt worlds show it, and it contradicts what was known before.
    pub fn only_contradicts(&self) -> bool {
        self.unexplained && self.tail >= IMPROBABLE
    }
}

/// A value that the pilot moved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// The key.
    pub key: String,
    /// Its unit.
    pub unit: &'static str,
    /// How well it was known.
    pub grade: Grade,
    /// Its value in the scenario.
    pub now: f64,
    /// Where it lay before.
    pub before: Band,
    /// Where it lies now.
    pub after: Band,
    /// Standard deviation after, as part of that before, on the scale of its range.
    pub narrower: f64,
    /// By how many standard deviations of before its middle has moved.
    pub moved_by: f64,
    /// How much was learnt, in nats: the divergence of what is known now from what was.
    pub learnt_nats: f64,
    /// The ends of its range in the learnt scenario; `None` if it cannot have one there.
    pub range: Option<[f64; 2]>,
}

/// Two learnt values that go together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Together {
    /// Their keys.
    pub keys: [String; 2],
    /// Their correlation.
    pub correlation: f64,
    /// Whether the learnt scenario states it.
    pub kept: bool,
}

/// How strategies stand over worlds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// By metric, in how many worlds each is the best.
    pub best_in: Vec<BestIn>,
    /// What each costs over the worlds.
    pub choices: Vec<Choice>,
    /// Share of worlds in which the pilot's strategy has the lowest bill of all strategies.
    pub cheapest_share: Interval,
    /// Share of worlds in which its bill is below that of leaving everything as it is.
    pub below_stay_share: Interval,
    /// Share of worlds in which its calls keep the limit for giving up (`desk.target.abandoned_share`).
    pub within_limit_share: Interval,
}

/// Whether to go on with what the pilot ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "advice", content = "strategy")]
pub enum Advice {
    /// It has the lowest bill in most worlds.
    GoOn,
    /// Another one has.
    Change(String),
    /// None has it in most worlds.
    Undecided,
    /// The model does not explain the pilot well enough to advise.
    NotExplained,
}

/// What is to come of a measure after the pilot's last date.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rest {
    /// The measure.
    pub measure: Shown,
    /// As expected before the pilot.
    pub before: Band,
    /// As expected now.
    pub after: Band,
}

/// What an arm comes to at the horizon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outlook {
    /// The arm.
    pub arm: String,
    /// By metric: before and after.
    pub metrics: Vec<(Metric, Band, Band)>,
}

/// A measure by day, under the pilot's strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Daily {
    /// The measure.
    pub measure: Shown,
    /// By day, how many up to its end, as expected before.
    pub before: Vec<Band>,
    /// The same, as expected now.
    pub after: Vec<Band>,
}

impl Calibration {
    /// All of it, as `calibration.json` has it.
    ///
    /// # Errors
    ///
    /// If a number cannot be written.
    pub fn json(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec_pretty(self);
        json.map_err(|error| Error::Store(format!("calibration.json cannot be written: {error}")))
    }

    /// Numbers that the model cannot explain, the least probable first.
    pub fn unexplained(&self) -> Vec<&Checked> {
        let mut found: Vec<&Checked> = self.observed.iter().filter(|checked| checked.unexplained).collect();
        found.sort_by(|a, b| a.tail.total_cmp(&b.tail));
        found
    }
}
