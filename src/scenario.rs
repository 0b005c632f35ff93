//! Scenario: one TOML file that states the question, the customers, their behaviour, the desk, the attackers, the
//! prices and the strategies to compare.
//!
//! Here is what it says, as values whose types prove their limits. Reading and checking a file is the matter of
//! [`scenario_file`](crate::scenario_file).

#[macro_use]
pub mod section;

pub mod population;

pub mod behaviour;

pub mod threat;

pub mod desk;

pub mod prices;

pub mod trouble;

pub mod target;

pub mod uncertain;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, HOUR_MS, SimTime};
use crate::strategy::{STAY, Strategy};
use crate::values;
use crate::values::{Start, Whole};
use population::{Shares, SignIns};

/// A scenario as it is in force: file, presets, overrides and defaults together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Scenario {
    /// Name of the scenario; the file name without `.toml` if left out. Reports go to `reports/<name>/`, so it has up
    /// to 100 letters (A to Z), digits, `-`, `_`, `.` or spaces, neither begins nor ends with a dot or a space, and is
    /// none that Windows keeps for a device.
    pub name: String,
    /// What the scenario is meant to answer.
    pub question: String,
    /// What its author expects the answer to be, written before the run.
    pub expected: String,
    /// What its author made of the results, written after a run.
    pub analysis: String,
    /// Seed of all random draws.
    pub seed: u32,
    /// Independent repetitions, each with other luck. The 95 % intervals come from their spread.
    pub replications: Whole<1, 1000>,
    /// Civil date, and optionally time, at which simulated time begins. Minutes and seconds are dropped: it begins at
    /// the full hour.
    pub start: Start,
    /// Days simulated.
    pub horizon_days: Whole<1, 36_500>,
    /// Name of the strategy that the best one is also held against: what you would do otherwise, or `stay`. The first of
    /// `strategies` if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// The customers.
    pub population: population::Population,
    /// Their behaviour.
    pub journey: behaviour::Behaviour,
    /// The attackers.
    pub threat: threat::Threat,
    /// The new platform.
    pub target: target::Target,
    /// The help desk.
    pub desk: desk::Desk,
    /// Unit prices.
    pub prices: prices::Prices,
    /// How far values may be off, by their grade.
    pub grades: uncertain::Grades,
    /// Where single values lie nine times in ten, by their keys.
    #[serde(skip_serializing_if = "uncertain::Ranges::is_empty")]
    pub uncertain: uncertain::Ranges,
    /// Values that are high or low together, where ranges are drawn from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub correlated: Vec<uncertain::Correlated>,
    /// The strategies to compare, at most 15. The control arm `stay`, in which nothing is migrated, is always simulated
    /// too. Each is the name of a built-in strategy, a table with a `preset` and changes to it, or a table that states
    /// everything.
    pub strategies: Vec<Strategy>,
    /// Directory of the scenario file, against which other files are named.
    #[serde(skip)]
    pub folder: PathBuf,
    #[serde(skip)]
    segments: Vec<Segment>,
}

/// A segment with everything it inherits from the population.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Name.
    pub name: String,
    /// Share of accounts.
    pub share: f64,
    /// Mean account age in years.
    pub mean_age_years: f64,
    /// Share that acts on campaign mail.
    pub responds_share: f64,
    /// Divides the hazard of leaving.
    pub attachment: f64,
    /// Worth of a kept customer for a year, in cents.
    pub worth_cents: u64,
    /// Sign-in habit.
    pub sign_ins: SignIns,
    /// Edge cases.
    pub shares: Shares,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            name: String::new(),
            question: String::new(),
            expected: String::new(),
            analysis: String::new(),
            seed: 1,
            replications: Whole::new(5),
            start: Start(jiff::civil::date(2026, 3, 2).at(0, 0, 0, 0)),
            horizon_days: Whole::new(120),
            baseline: None,
            population: population::Population::default(),
            journey: behaviour::Behaviour::default(),
            threat: threat::Threat::default(),
            target: target::Target::default(),
            desk: desk::Desk::default(),
            prices: prices::Prices::default(),
            grades: uncertain::Grades::default(),
            uncertain: uncertain::Ranges::new(),
            correlated: Vec::new(),
            strategies: Vec::new(),
            folder: PathBuf::new(),
            segments: Vec::new(),
        }
    }
}

impl Scenario {
    /// The segments in order; a population without segments is one segment named "all".
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The arms of a run: the control, which has no strategy, then the strategies.
    pub fn arms(&self) -> impl Iterator<Item = Option<&Strategy>> {
        std::iter::once(None).chain(self.strategies.iter().map(Some))
    }

    /// Name of the arm that the best strategy is also held against.
    pub fn baseline(&self) -> &str {
        let first = || self.strategies.first().map_or(STAY, |strategy| &strategy.name);
        self.baseline.as_deref().unwrap_or_else(first)
    }

    /// The civil calendar of simulated time.
    pub fn calendar(&self) -> Calendar {
        Calendar::new(self.start.0)
    }

    /// The end of simulated time.
    pub fn horizon(&self) -> SimTime {
        SimTime::from_days(self.horizon_days.get() as f64)
    }

    /// The first and the last date of simulated time.
    pub fn dates(&self) -> (jiff::civil::Date, jiff::civil::Date) {
        let date = |time: SimTime| self.calendar().civil(time).date();
        (date(SimTime::START), date(SimTime(self.horizon().0 - HOUR_MS)))
    }

    /// Full hours simulated.
    pub fn hours(&self) -> usize {
        self.horizon_days.get() as usize * 24
    }

    /// Takes over the number of accounts and the hash of the directory export that was read.
    pub fn adopt(&mut self, accounts: u64, digest: &str) {
        self.population.accounts = Whole::new(accounts);
        if let Some(directory) = &mut self.population.directory {
            directory.digest = Some(digest.to_owned());
        }
    }

    /// By how much staffing and baseline traffic are scaled to the population.
    pub fn desk_scale(&self) -> f64 {
        match self.desk.for_accounts.get() {
            0 => 1.0,
            accounts => self.population.accounts.get() as f64 / accounts as f64,
        }
    }

    /// A hash of everything that decides the results, which prose, baseline and ranges do not; the same hash and version give
    /// the same numbers.
    pub fn hash(&self) -> String {
        let without_prose = Self {
            question: String::new(),
            expected: String::new(),
            analysis: String::new(),
            baseline: None,
            grades: uncertain::Grades::default(),
            uncertain: uncertain::Ranges::new(),
            correlated: Vec::new(),
            ..self.clone()
        };
        let text = serde_json::to_vec(&without_prose).unwrap_or_default();
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&text))
    }

    /// A hash of what decides who the accounts are and what luck they have: the population without what a customer is worth,
    /// and the seed. Where an export lies does not matter, but what is in it and when it was made.
    pub fn population_hash(&self) -> String {
        let mut population = self.population.clone();
        population.worth_cents = Whole::new(0);
        population.segments.iter_mut().for_each(|segment| segment.worth_cents = None);
        let is_exported = population.directory.as_mut().map(|directory| {
            directory.file = PathBuf::new();
            self.start
        });
        let text = serde_json::to_vec(&(population, is_exported, self.seed)).unwrap_or_default();
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&text))
    }

    /// Names a run of this scenario with this version: all that is of one run has the same.
    pub fn run_id(&self) -> String {
        crate::folder::run_id(crate::folder::Kind::Run, &[&self.hash()])
    }

    /// Sets what a kept customer of each segment is worth, in cents, by the segment's place. Meant for making out a bill
    /// anew: what is stated in the file stays as it is.
    pub(crate) fn set_worths(&mut self, worth_cents: impl Fn(usize) -> u64) {
        for (place, segment) in self.segments.iter_mut().enumerate() {
            segment.worth_cents = worth_cents(place);
        }
    }

    /// Other segments than the population states.
    #[cfg(test)]
    pub(crate) fn replace_segments(&mut self, segments: Vec<Segment>) {
        self.segments = segments;
    }

    /// Works out the segments from what the population says.
    pub(crate) fn resolve_segments(&mut self) {
        let population = &self.population;
        let everybody = [population::Segment {
            name: "all".to_owned(),
            share: values::Share::new(1.0),
            sign_ins: None,
            mean_age_years: None,
            responds_share: None,
            attachment: None,
            worth_cents: None,
            shares: None,
        }];
        let stated = if population.segments.is_empty() {
            &everybody[..]
        } else {
            &population.segments
        };
        self.segments = stated
            .iter()
            .map(|segment| Segment {
                name: segment.name.clone(),
                share: segment.share.get(),
                mean_age_years: segment.mean_age_years.unwrap_or(population.mean_age_years).get(),
                responds_share: segment.responds_share.unwrap_or(population.responds_share).get(),
                attachment: segment.attachment.unwrap_or(population.attachment).get(),
                worth_cents: segment.worth_cents.unwrap_or(population.worth_cents).get(),
                sign_ins: segment.sign_ins.clone().unwrap_or_else(|| population.sign_ins.clone()),
                shares: segment.shares.clone().unwrap_or_else(|| population.shares.clone()),
            })
            .collect();
    }
}
