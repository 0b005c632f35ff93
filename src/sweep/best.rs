//! The best values of a strategy: searched for with some luck, confirmed with other luck.
//!
//! The search sees the replications from number 0 on. What it finds is then simulated beside the strategy as given in
//! replications that no search has seen, over more accounts: the gain and the limits are told from those alone. So nothing
//! is told that the search has chosen for its luck.

use std::ops::Range;

use serde::Serialize;

use super::axis::Axis;
use super::figure::{Figure, Row};
use super::found::{AxisFound, SettingFound};
use super::goal::{Goal, Limit};
use super::lab::Lab;
use super::plan::{MOST_AXES, Point, must_be_distinct};
use super::search::{Effort, Place, Searched, Trial, search};
use super::size::{must_be_some, size};
use crate::error::{Error, Result};
use crate::measure::statistics::{Estimate, estimate};
use crate::scenario::Scenario;
use crate::sensitivity::lab::Memory;
use crate::strategy::{STAY, Strategy};
use crate::watch::Watch;

/// The first replication of the fresh luck: far beyond those of any search.
const FRESH: u32 = 1 << 20;
/// Replications of it.
pub const CONFIRMED_WITH: u32 = 16;
/// Most accounts of it.
const MOST_CONFIRMED: u64 = 100_000;

/// The best values of a strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Best {
    /// Version of this form.
    pub schema_version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of the scenario as it stands.
    pub scenario_hash: String,
    /// Accounts of the scenario.
    pub accounts: u64,
    /// Accounts of each point of the search.
    pub accounts_searched: u64,
    /// Accounts with which it was confirmed.
    pub accounts_confirmed: u64,
    /// The strategy; `stay` if the scenario has none and only its desk is looked at.
    pub strategy: String,
    /// What was to be as good as can be.
    pub goal: String,
    /// What was looked through.
    pub axes: Vec<AxisFound>,
    /// Points that were tried.
    pub tried: usize,
    /// Points that were drawn and are not allowed.
    pub refused: usize,
    /// Replications of the search, over all points.
    pub replications_searched: usize,
    /// Replications of fresh luck, of the strategy as given and of the one found each.
    pub replications_confirmed: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// The best values, in the order of the axes; those of the scenario where nothing is better.
    pub settings: Vec<SettingFound>,
    /// The goal as given, in fresh luck.
    pub as_given: Estimate,
    /// The goal as found, in fresh luck.
    pub as_found: Estimate,
    /// By how much it is better as found, over paired replications of fresh luck.
    pub gain: Estimate,
    /// The same in the luck of the search: it has been chosen for that and flatters.
    pub gain_searched: f64,
    /// The limits in fresh luck.
    pub limits: Vec<LimitFound>,
    /// What else it changes: figures by name, as given and as found in fresh luck.
    pub figures: Vec<FigureFound>,
    /// The strategy as found, if it is one.
    #[serde(skip)]
    pub found: Option<Strategy>,
    /// What sets the values that are not the strategy's own: options of `--set`.
    pub sets: Vec<String>,
}

/// What came of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Fresh luck shows that it is better, and no limit is missed.
    Better,
    /// As given, a limit is missed; as found, none is.
    MeetsLimits,
    /// As given, a limit is missed; as found, fresh luck does not decide whether one is.
    Undecided,
    /// Fresh luck does not show that anything is better.
    NoBetter,
    /// Nothing that was tried meets the limits, or fresh luck shows that what seemed to meet them does not.
    NoneMeets,
}

impl Outcome {
    /// Whether what was found is worth keeping.
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Better | Self::MeetsLimits | Self::Undecided)
    }
}

/// A limit in fresh luck.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LimitFound {
    /// As it was asked for.
    pub limit: String,
    /// The figure as given.
    pub as_given: Estimate,
    /// Whether it is met so.
    pub is_met_as_given: Met,
    /// The figure as found.
    pub as_found: Estimate,
    /// Whether it is met so.
    pub is_met: Met,
}

/// Whether a limit is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// The whole interval lies within it.
    Met,
    /// The whole interval lies beyond it.
    Missed,
    /// The interval has it inside.
    Undecided,
}

/// A figure before and after.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureFound {
    /// Its name.
    pub figure: String,
    /// As given.
    pub as_given: Estimate,
    /// As found.
    pub as_found: Estimate,
    /// The paired difference: as found less as given.
    pub difference: Estimate,
}

/// What is searched, and how.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// What is to be as good as can be, within which limits.
    pub goal: &'a Goal,
    /// What is looked through.
    pub axes: &'a [Axis],
    /// Accounts of each point; by the rule if left out.
    pub accounts: Option<u64>,
    /// How hard it is looked.
    pub effort: Effort,
}

/// Finds the best values of the only strategy of a scenario, or of its desk if it has none.
///
/// # Errors
///
/// If there are several strategies, if nothing is allowed, or if the watch stops it.
pub fn best(scenario: &Scenario, asked: &Asked<'_>, memory: &dyn Memory, watch: &dyn Watch) -> Result<Best> {
    let scenario = &scenario.checked()?;
    asked.must_be_possible(scenario)?;
    let arm = scenario.strategies.len();
    let axes = asked.axes;
    let corners: Vec<Scenario> = (0..=8)
        .map(|n| Point::at(axes, &vec![f64::from(n) / 8.0; axes.len()]).scenario(scenario))
        .filter_map(std::result::Result::ok)
        .collect();
    let (accounts, _) = size(scenario, (axes, &corners), asked.accounts, memory, watch)?;
    let lab = Lab::new(scenario, accounts, memory, watch)?;
    let trial = OnLab { lab: &lab, start: lab.start(scenario), asked, arm };
    let given: Vec<f64> = axes.iter().map(Axis::part_as_given).collect();
    let searched = search(&given, asked.effort, &trial)?;
    let Some(searched) = searched else {
        return Err(Error::Input("no point is allowed: the values of the axes do not go together".to_owned()));
    };
    let as_given = trial.samples("as given", &[Place::AsGiven], 0..asked.effort.most)?;
    let gain_searched = gain_in_search(&searched, as_given.first().and_then(Option::as_ref));
    confirm(scenario, asked, (&searched, gain_searched), lab.base().accounts(), (memory, watch))
}

impl Asked<'_> {
    /// Whether a search can begin.
    ///
    /// # Errors
    ///
    /// If there are several strategies, nothing to look through, too much, or what nobody can choose, or if the limits do not
    /// go together.
    pub fn must_be_possible(&self, scenario: &Scenario) -> Result<()> {
        let message = match (scenario.strategies.as_slice(), self.axes.len()) {
            ([_, _, ..], _) => {
                let names = scenario.strategies.iter().map(|strategy| strategy.name.clone());
                format!("--best looks at one strategy: choose it with --strategy, {}", crate::text::one_of(names))
            }
            (_, 0) => "there is nothing to look through: expected --vary KEY=LOW..HIGH".to_owned(),
            (_, axes) if axes > MOST_AXES => format!("{axes} keys are varied: expected 1 to {MOST_AXES}"),
            _ if !(FEWEST_PLACES..=MOST_PLACES).contains(&self.effort.places) => {
                format!("--points {}: expected {FEWEST_PLACES} to {MOST_PLACES}", self.effort.places)
            }
            _ => {
                must_be_some(self.accounts)?;
                must_be_distinct(self.axes)?;
                self.must_be_choices()?;
                return self.goal.must_be_possible().map_err(Error::Input);
            }
        };
        Err(Error::Input(message))
    }

    /// A world with other prices or customers is no better strategy.
    fn must_be_choices(&self) -> Result<()> {
        match self.axes.iter().find(|axis| !axis.is_choice()) {
            Some(axis) => Err(Error::Input(format!(
                "--vary {}: nobody can choose that. --best looks through keys of the strategy and of desk; without --best a \
                 sweep tells what other values come to",
                axis.key
            ))),
            None => Ok(()),
        }
    }
}

/// Fewest and most points of the first round.
const FEWEST_PLACES: u32 = 4;
const MOST_PLACES: u32 = 1_024;

fn gain_in_search(searched: &Searched, as_given: Option<&Vec<Vec<f64>>>) -> f64 {
    let mean = |samples: &[Vec<f64>]| samples.iter().map(|sample| sample[0]).sum::<f64>() / samples.len().max(1) as f64;
    as_given.map_or(0.0, |given| mean(given) - mean(&searched.best.samples))
}

/// Points of a scenario as what is tried.
struct OnLab<'a> {
    lab: &'a Lab<'a>,
    start: &'a Scenario,
    asked: &'a Asked<'a>,
    arm: usize,
}

impl Trial for OnLab<'_> {
    fn settled(&self, at: Vec<f64>) -> Vec<f64> {
        self.asked.axes.iter().zip(at).map(|(axis, part)| axis.settled(part)).collect()
    }

    fn samples(&self, phase: &str, places: &[Place], numbers: Range<u32>) -> Result<Vec<Option<Vec<Vec<f64>>>>> {
        let scenarios = places.iter().map(|place| at(self.start, self.asked.axes, place));
        let scenarios: Vec<Option<Scenario>> = scenarios.collect();
        if numbers.is_empty() {
            return Ok(scenarios.iter().map(|scenario| scenario.as_ref().map(|_| Vec::new())).collect());
        }
        let allowed: Vec<Scenario> = scenarios.iter().flatten().cloned().collect();
        let mut rows = self.lab.rows(phase, &allowed, numbers)?.into_iter();
        let sample = |arms: &Vec<Row>| self.asked.goal.sample(&arms[self.arm]);
        Ok(scenarios
            .iter()
            .map(|scenario| scenario.as_ref().and_then(|_| rows.next()).map(|rows| rows.iter().map(sample).collect()))
            .collect())
    }
}

/// A scenario at a place, if that is allowed.
fn at(start: &Scenario, axes: &[Axis], place: &Place) -> Option<Scenario> {
    match place {
        Place::AsGiven => Some(start.clone()),
        Place::At(parts) => Point::at(axes, parts).scenario(start).ok(),
    }
}

/// Holds what was found against what is given, in luck that the search has not seen.
fn confirm(
    scenario: &Scenario,
    asked: &Asked<'_>,
    (searched, gain_searched): (&Searched, f64),
    accounts_searched: u64,
    (memory, watch): (&dyn Memory, &dyn Watch),
) -> Result<Best> {
    let accounts = accounts_searched.max(scenario.population.accounts.get().min(MOST_CONFIRMED));
    let lab = Lab::new(scenario, accounts, memory, watch)?;
    let start = lab.start(scenario);
    let arm = scenario.strategies.len();
    let is_given = searched.best.place == Place::AsGiven;
    let found = at(start, asked.axes, &searched.best.place).unwrap_or_else(|| start.clone());
    let rows = lab.rows("fresh luck", &[start.clone(), found.clone()], FRESH..FRESH + CONFIRMED_WITH)?;
    let told = Told { given: &rows[0], found: &rows[1], arm };
    let goal = asked.goal;
    let gain = told.estimate(|given, found| goal.loss(given.of(goal.figure)) - goal.loss(found.of(goal.figure)));
    let limits: Vec<LimitFound> = goal.limits.iter().map(|limit| told.limit(limit)).collect();
    let outcome = outcome(searched.meets, is_given, &gain, &limits);
    let keeps = outcome.is_kept();
    let settings = settings(asked.axes, &searched.best.place, keeps);
    Ok(Best {
        schema_version: 1,
        scenario: scenario.name.clone(),
        scenario_hash: scenario.hash(),
        accounts: scenario.population.accounts.get(),
        accounts_searched,
        accounts_confirmed: lab.base().accounts(),
        strategy: scenario.strategies.first().map_or(STAY, |strategy| &strategy.name).to_owned(),
        goal: goal.figure.key(),
        axes: asked
            .axes
            .iter()
            .map(|axis| AxisFound { as_given: axis.told_as_given(), ..AxisFound::from(axis) })
            .collect(),
        tried: searched.tried,
        refused: searched.refused,
        replications_searched: searched.replications,
        replications_confirmed: CONFIRMED_WITH,
        outcome,
        settings,
        as_given: told.estimate(|given, _| given.of(goal.figure)),
        as_found: told.estimate(|_, found| found.of(goal.figure)),
        gain,
        gain_searched,
        limits,
        figures: Figure::all().iter().map(|figure| told.figure(*figure)).collect(),
        found: found.strategies.first().filter(|_| keeps).cloned(),
        sets: if keeps {
            sets(asked.axes, &searched.best.place)
        } else {
            Vec::new()
        },
    })
}

/// What came of it, by fresh luck.
fn outcome(meets: bool, is_given: bool, gain: &Estimate, limits: &[LimitFound]) -> Outcome {
    let missed = limits.iter().any(|limit| limit.is_met == Met::Missed);
    let missed_as_given = limits.iter().any(|limit| limit.is_met_as_given == Met::Missed);
    let is_better = gain.is_clear() && gain.mean > 0.0;
    match () {
        () if !meets || missed => Outcome::NoneMeets,
        () if is_given => Outcome::NoBetter,
        () if missed_as_given && limits.iter().any(|limit| limit.is_met != Met::Met) => Outcome::Undecided,
        () if missed_as_given => Outcome::MeetsLimits,
        () if is_better => Outcome::Better,
        () => Outcome::NoBetter,
    }
}

/// The values at a place as they come out, or those of the scenario.
fn settings(axes: &[Axis], place: &Place, keeps: bool) -> Vec<SettingFound> {
    let one = |(at, axis): (usize, &Axis)| {
        let (label, number) = match place {
            Place::At(parts) if keeps => axis.told_setting(&axis.at(parts[at])),
            _ => (axis.told_as_given(), axis.number_as_given),
        };
        SettingFound { label, number }
    };
    axes.iter().enumerate().map(one).collect()
}

/// `KEY=VALUE` for what changes and is not the strategy's own.
fn sets(axes: &[Axis], place: &Place) -> Vec<String> {
    let Place::At(parts) = place else { return Vec::new() };
    let point = Point::at(axes, parts);
    let changed = axes.iter().zip(&point.settings).filter(|(axis, setting)| !axis.leaves_as_given(setting));
    let all = changed.flat_map(|(_, setting)| &setting.sets);
    all.filter(|(key, _)| !key.starts_with("strategies"))
        .map(|(key, value)| format!("{key}={value}"))
        .collect()
}

/// What was seen in fresh luck: by replication and arm.
struct Told<'a> {
    given: &'a [Vec<Row>],
    found: &'a [Vec<Row>],
    arm: usize,
}

impl Told<'_> {
    fn estimate(&self, of: impl Fn(&Row, &Row) -> f64) -> Estimate {
        let pairs = self.given.iter().zip(self.found);
        estimate(&pairs.map(|(given, found)| of(&given[self.arm], &found[self.arm])).collect::<Vec<f64>>())
    }

    fn limit(&self, limit: &Limit) -> LimitFound {
        let as_given = self.estimate(|given, _| given.of(limit.figure));
        let as_found = self.estimate(|_, found| found.of(limit.figure));
        LimitFound {
            limit: limit.text.clone(),
            is_met_as_given: met(limit, &as_given),
            is_met: met(limit, &as_found),
            as_given,
            as_found,
        }
    }

    fn figure(&self, figure: Figure) -> FigureFound {
        FigureFound {
            figure: figure.key(),
            as_given: self.estimate(|given, _| given.of(figure)),
            as_found: self.estimate(|_, found| found.of(figure)),
            difference: self.estimate(|given, found| found.of(figure) - given.of(figure)),
        }
    }
}

fn met(limit: &Limit, estimate: &Estimate) -> Met {
    let [low, high] = estimate.ci95.unwrap_or([estimate.mean; 2]).map(|end| limit.excess(end));
    match (low.max(high) <= 0.0, low.min(high) > 0.0) {
        (true, _) => Met::Met,
        (_, true) => Met::Missed,
        _ => Met::Undecided,
    }
}

impl Best {
    /// As JSON.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn json(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec_pretty(self);
        json.map_err(|error| Error::Store(format!("sweep.json cannot be written: {error}")))
    }

    /// The goal.
    pub fn figure(&self) -> Figure {
        Figure::named(&self.goal).map_or(Figure::COST, |(figure, _)| figure)
    }
}
