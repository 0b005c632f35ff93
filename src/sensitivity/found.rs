//! What a study found.

use serde::Serialize;

use super::alone::Ends;
use super::indices::Indices;
use super::interval::Interval;
use super::sure::{BestIn, Choice, Spread};
use super::turning::Turn;
use crate::error::{Error, Result};
use crate::measure::statistics::Estimate;
use crate::scenario::section::Grade;

/// What a study found. Arms are told by name; money is in cents.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// Version of this form.
    pub schema_version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of the scenario.
    pub scenario_hash: String,
    /// Accounts of the scenario.
    pub accounts: u64,
    /// Accounts that each world simulates; figures are told as those of all.
    pub accounts_simulated: u64,
    /// Worlds that were drawn.
    pub worlds: u32,
    /// Keys with a range.
    pub uncertain_keys: usize,
    /// Keys that make a claim and have no range.
    pub exact_keys: usize,
    /// How many of the worlds had values that together were not allowed, and were brought nearer to their middle.
    pub pulled_in: usize,
    /// Part of the spread of the difference that is luck and not the world.
    pub luck_share: f64,
    /// What is compared: the strategies, or with a single one the control and it.
    pub options: Vec<String>,
    /// By metric, in how many worlds each is the best.
    pub best_in: Vec<BestIn>,
    /// What each costs over all worlds.
    pub choices: Vec<Choice>,
    /// The option with the smallest mean bill over all worlds.
    pub best: String,
    /// The option that is the cheapest in most of the worlds in which `best` is not.
    pub rival: String,
    /// The option with the smallest bill in the scenario as it stands; `best` where the two cannot be told apart there.
    pub best_as_stated: String,
    /// By how much `rival` is dearer than `best`, over worlds.
    pub spread: Spread,
    /// The same in the scenario as it stands, over replications.
    pub as_stated_cents: Estimate,
    /// What it would be worth to know everything: the mean regret of `best`.
    pub worth_of_knowing_all_cents: f64,
    /// Part of the spread that the keys explain one by one.
    pub explained_share: f64,
    /// Keys that were found to matter or were looked into, the most important first.
    pub keys: Vec<KeyFound>,
    /// All others together: their part of the spread.
    pub others: Option<Indices>,
    /// Keys that were turned alone and hardly move the difference.
    pub idle: Vec<String>,
    /// Keys that were turned alone.
    pub tried_alone: usize,
    /// What twice the horizon does, if it is allowed.
    pub horizon: Option<Horizon>,
}

/// What was found of a key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyFound {
    /// The key.
    pub key: String,
    /// Its unit.
    pub unit: &'static str,
    /// How well it is known.
    pub grade: Grade,
    /// Its value in the scenario.
    pub now: f64,
    /// Its 90 % interval.
    pub range: [f64; 2],
    /// What knowing it is worth, in cents.
    pub worth_of_knowing_cents: Interval,
    /// The difference at both ends of its interval, all else as stated.
    pub ends_cents: Option<Ends>,
    /// Which part of the spread it explains.
    pub indices: Option<Indices>,
    /// Values of the key with the difference there.
    pub curve: Vec<(f64, f64)>,
    /// At which value the order turns.
    pub turn: Option<Turn>,
}

impl Sensitivity {
    /// All of it, as `sensitivity.json` has it.
    ///
    /// # Errors
    ///
    /// If a number cannot be written.
    pub fn json(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec_pretty(self);
        json.map_err(|error| Error::Store(format!("sensitivity.json cannot be written: {error}")))
    }
}

impl KeyFound {
    /// How far the difference moves over its 90 % interval, in cents.
    pub fn swing_cents(&self) -> f64 {
        let ends = self.ends_cents.into_iter().flatten().flatten();
        let (low, high) =
            ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| (low.min(end), high.max(end)));
        (high - low).max(0.0)
    }
}

/// The difference at the horizon and at twice of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Horizon {
    /// The horizon, in days.
    pub days: u64,
    /// By how much the rival is dearer at twice the horizon, in cents, over several lucks.
    pub at_twice_cents: Estimate,
    /// The days at which the order turns, if it does.
    pub turns_at_days: Option<u64>,
}
