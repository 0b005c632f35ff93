//! The study: worlds drawn and simulated, and everything that is read off them.

use rayon::prelude::*;
use serde::Serialize;

use super::additive::{Additive, worth_of_knowing};
use super::alone::{Alone, Ends};
use super::indices::{Indices, indices};
use super::interval::{Interval, redrawn};
use super::lab::{Lab, Memory, Order, World};
use super::pair::Pair;
use super::population::{Size, size};
use super::sure::{BestIn, Choice, Spread, best_in, choices, options, spread};
use super::turning::{Turn, turn};
use super::{SEED_A, SEED_B};
use crate::error::{Error, Result};
use crate::measure::statistics::{Estimate, estimate};
use crate::probe::{Figures, Probe};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::scenario::section::Grade;
use crate::strategy::STAY;
use crate::uncertain::{MOST_POINTS, Points, Uncertain};
use crate::watch::Watch;

/// How much is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// How sure the answer is, and what knowing a key is worth.
    HowSure,
    /// Also what the answer rests on, and what would turn it.
    Whole,
}

/// How a study is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Worlds, an even number from [`Settings::FEWEST`] to [`Settings::MOST`].
    pub worlds: u32,
    /// Accounts of each world; by the rule if left out.
    pub accounts: Option<u64>,
    /// How much is looked into.
    pub depth: Depth,
}

impl Settings {
    /// Fewest worlds.
    pub const FEWEST: u32 = 16;
    /// Most worlds.
    pub const MOST: u32 = MOST_POINTS / 2;
}

/// Keys whose indices, curves and turning points are told.
const TOP: usize = 5;
/// Keys whose turning points are looked for.
const TURNED: usize = 8;
/// A key does not matter if it moves the difference by less than this part of its spread over worlds.
const IDLE_SHARE: f64 = 0.02;

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
    /// Worlds whose values were brought nearer to their middle, because together they were not allowed.
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
    /// The option with the smallest bill in the scenario as it stands, over as many accounts.
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
    /// By how much the rival is dearer at twice the horizon, in cents.
    pub at_twice_cents: f64,
    /// The days at which the order turns, if it does.
    pub turns_at_days: Option<u64>,
}

/// Studies a scenario.
///
/// # Errors
///
/// If there is nothing to compare or nothing uncertain, if the number of worlds is not allowed, or if the watch stops it.
pub fn study(scenario: &Scenario, settings: Settings, memory: &dyn Memory, watch: &dyn Watch) -> Result<Sensitivity> {
    let scenario = &scenario.checked()?;
    let uncertain = Uncertain::new(scenario)?;
    must_be_possible(scenario, &uncertain, settings)?;
    let Size { accounts, luck_share } = size(scenario, &uncertain, settings.accounts, memory, watch)?;
    let probe = Probe::new(scenario, accounts, watch)?;
    let lab = Lab::new(&probe, &uncertain, memory, watch);
    let drawn = Drawn::new(&lab, settings)?;
    let bills = drawn.bills();
    let pair = Pair::of(&bills);
    let alone = Alone::new(&lab, pair)?;
    let mut found = Findings::new(&lab, &drawn, pair);
    let mut others = None;
    if settings.depth == Depth::Whole {
        found.one_at_a_time(&lab, &alone, settings.worlds as usize / 2)?;
        others = found.take_apart(&lab, &drawn)?;
        found.turn(&lab, &alone)?;
    }
    let names: Vec<String> =
        scenario.arms().map(|arm| arm.map_or(STAY, |strategy| &strategy.name).to_owned()).collect();
    let leads: Vec<f64> = (0..super::alone::LUCKS).map(|number| alone.lead(number)).collect();
    let stated = lab.figures(probe.scenario().clone(), 0)?;
    let stated = options(names.len())
        .min_by(|&a, &b| stated[a].of(Metric::Cost).total_cmp(&stated[b].of(Metric::Cost)))
        .unwrap_or(pair.best);
    let horizon = match settings.depth {
        Depth::Whole => horizon(scenario, accounts, &alone, pair, watch)?,
        Depth::HowSure => None,
    };
    let choices = choices(&bills);
    let idle_below = IDLE_SHARE * spread_of(&bills, pair);
    let (idle, tried_alone) = found.idle(&lab, idle_below);
    Ok(Sensitivity {
        schema_version: 1,
        scenario: scenario.name.clone(),
        scenario_hash: scenario.hash(),
        accounts: scenario.population.accounts.get(),
        accounts_simulated: probe.accounts(),
        worlds: settings.worlds,
        uncertain_keys: uncertain.keys().len(),
        exact_keys: uncertain.exact(),
        pulled_in: lab.pulled_in(),
        luck_share,
        options: options(names.len()).map(|arm| names[arm].clone()).collect(),
        best_in: best_in(&drawn.figures().collect::<Vec<_>>()),
        worth_of_knowing_all_cents: choices[pair.best - options(names.len()).start].regret_cents,
        choices,
        best: names[pair.best].clone(),
        rival: names[pair.rival].clone(),
        best_as_stated: names[stated].clone(),
        spread: spread(pair, &bills),
        as_stated_cents: estimate(&leads),
        explained_share: found.explained,
        others,
        idle,
        tried_alone,
        horizon,
        keys: found.told(&lab, idle_below),
    })
}

fn must_be_possible(scenario: &Scenario, uncertain: &Uncertain, settings: Settings) -> Result<()> {
    let Settings { worlds, .. } = settings;
    let message = if !(Settings::FEWEST..=Settings::MOST).contains(&worlds) || worlds % 2 == 1 {
        format!("{worlds} worlds: expected an even number from {} to {}", Settings::FEWEST, Settings::MOST)
    } else if scenario.population.accounts.get() == 0 || scenario.strategies.is_empty() {
        "there is nothing to compare: expected accounts and a strategy".to_owned()
    } else if uncertain.keys().is_empty() {
        "no value has a range: all factors of `[grades]` are 1 and `[uncertain]` is empty".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::Input(message))
}

fn spread_of(bills: &[Vec<f64>], pair: Pair) -> f64 {
    let leads: Vec<f64> = bills.iter().map(|world| pair.lead(world)).collect();
    let mean = leads.iter().sum::<f64>() / leads.len().max(1) as f64;
    (leads.iter().map(|lead| (lead - mean).powi(2)).sum::<f64>() / leads.len().max(1) as f64).sqrt()
}

/// The worlds that were drawn: two independent halves.
struct Drawn {
    scores: [Vec<Vec<f64>>; 2],
    worlds: [Vec<World>; 2],
}

impl Drawn {
    fn new(lab: &Lab<'_>, settings: Settings) -> Result<Self> {
        let half = settings.worlds / 2;
        let keys = lab.uncertain.keys().len();
        let scores = [SEED_A, SEED_B].map(|seed| {
            let points = Points::new(keys, seed);
            (0..half).map(|number| lab.uncertain.scores(&points.normal(number))).collect::<Vec<_>>()
        });
        let [a, b] = &scores;
        let whole = settings.depth == Depth::Whole;
        let firsts = a.iter().zip(b).map(|(a, b)| Order { scores: a, other: whole.then_some(b) });
        let orders: Vec<Order<'_>> = firsts.chain(b.iter().map(|scores| Order { scores, other: None })).collect();
        let mut worlds = lab.worlds("worlds", &orders)?;
        let second = worlds.split_off(half as usize);
        Ok(Self { scores, worlds: [worlds, second] })
    }

    fn figures(&self) -> impl Iterator<Item = &[Figures]> {
        self.worlds.iter().flatten().map(|world| world.figures.as_slice())
    }

    /// By world and arm, in cents.
    fn bills(&self) -> Vec<Vec<f64>> {
        self.figures().map(|arms| arms.iter().map(|arm| arm.of(Metric::Cost)).collect()).collect()
    }

    fn all_scores(&self) -> Vec<Vec<f64>> {
        self.scores.iter().flatten().cloned().collect()
    }
}

/// What is found of keys, by their places.
struct Findings {
    pair: Pair,
    factors: Vec<Vec<usize>>,
    /// The gain of each option over the best, explained by factors.
    gains: Vec<Additive>,
    explained: f64,
    /// How strongly each factor goes with the difference.
    strength: Vec<f64>,
    ends: Vec<Option<Ends>>,
    swings: Vec<f64>,
    indices: Vec<Option<Indices>>,
    curves: Vec<Vec<(f64, f64)>>,
    turns: Vec<Option<Turn>>,
}

impl Findings {
    fn new(lab: &Lab<'_>, drawn: &Drawn, pair: Pair) -> Self {
        let bills = drawn.bills();
        let scores = drawn.all_scores();
        let factors = lab.uncertain.factors();
        let arms = bills.first().map_or(0, Vec::len);
        let gains: Vec<Additive> = options(arms)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|arm| {
                let gain: Vec<f64> = bills.iter().map(|world| world[pair.best] - world[arm]).collect();
                Additive::fit(&gain, &scores, &factors)
            })
            .collect();
        let rival = &gains[pair.rival - options(arms).start];
        let leads: Vec<f64> = bills.iter().map(|world| pair.lead(world)).collect();
        let strength = factors
            .iter()
            .enumerate()
            .map(|(factor, keys)| {
                let alone = keys.iter().map(|&key| goes_with(&leads, scores.iter().map(|row| row[key])));
                let curve = rival.curve(factor).map_or(0.0, |_| 1.0);
                curve + alone.fold(0.0, f64::max)
            })
            .collect();
        let keys = lab.uncertain.keys().len();
        Self {
            pair,
            explained: rival.explained,
            factors,
            gains,
            strength,
            ends: vec![None; keys],
            swings: vec![0.0; keys],
            indices: vec![None; keys],
            curves: vec![Vec::new(); keys],
            turns: vec![None; keys],
        }
    }

    /// Turns keys one at a time: all prices, which cost no simulation, and so many others, those first that go with the
    /// difference most.
    fn one_at_a_time(&mut self, lab: &Lab<'_>, alone: &Alone<'_>, most: usize) -> Result<()> {
        let keys = lab.uncertain.keys();
        let mut order: Vec<usize> = (0..self.factors.len()).collect();
        order.sort_by(|&a, &b| self.strength[b].total_cmp(&self.strength[a]));
        let others = order.into_iter().flat_map(|factor| self.factors[factor].clone());
        let others = others.filter(|&key| !keys[key].is_price()).take(most);
        let places: Vec<usize> = lab.prices().chain(others).collect();
        for (place, ends) in places.iter().zip(alone.ends(&places)?) {
            self.ends[*place] = Some(ends);
            self.swings[*place] = alone.swing(ends);
        }
        let top = self.top(TOP);
        for (place, curve) in top.iter().zip(alone.curves(&top)?) {
            self.curves[*place] = curve.into_iter().map(|(score, lead)| (keys[*place].at(score), lead)).collect();
        }
        Ok(())
    }

    /// Places of the keys that move the difference most.
    fn top(&self, most: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.swings.len()).filter(|&key| self.swings[key] > 0.0).collect();
        order.sort_by(|&a, &b| self.swings[b].total_cmp(&self.swings[a]));
        order.truncate(most);
        order
    }

    /// The indices of the factors that move the difference most, and of all others together.
    fn take_apart(&mut self, lab: &Lab<'_>, drawn: &Drawn) -> Result<Option<Indices>> {
        let top = self.top(TOP);
        let mut factors: Vec<Vec<usize>> = Vec::new();
        for key in top {
            let factor = self.factors.iter().find(|factor| factor.contains(&key)).cloned().unwrap_or_default();
            if !factors.contains(&factor) {
                factors.push(factor);
            }
        }
        if factors.is_empty() {
            return Ok(None);
        }
        let [a, b] = &drawn.scores;
        let mixed = |taken: &dyn Fn(usize) -> bool| -> Vec<Vec<f64>> {
            let row = |(a, b): (&Vec<f64>, &Vec<f64>)| {
                (0..a.len()).map(|key| if taken(key) { b[key] } else { a[key] }).collect()
            };
            a.iter().zip(b).map(row).collect()
        };
        let prices: Vec<usize> = lab.prices().collect();
        let mut sets: Vec<Vec<Vec<f64>>> = Vec::new();
        for factor in &factors {
            // A price alone was made out with each world.
            let is_priced = matches!(factor[..], [key] if prices.contains(&key));
            sets.push(if is_priced {
                Vec::new()
            } else {
                mixed(&|key| factor.contains(&key))
            });
        }
        sets.push(mixed(&|key| !factors.iter().any(|factor| factor.contains(&key))));
        let orders: Vec<Order<'_>> = sets.iter().flatten().map(|scores| Order { scores, other: None }).collect();
        let mut worlds = lab.worlds("worlds with single keys exchanged", &orders)?.into_iter();
        let pair = self.pair;
        let lead = |world: &World| pair.lead(&world.figures.iter().map(|arm| arm.of(Metric::Cost)).collect::<Vec<_>>());
        let mut results: Vec<Vec<f64>> = Vec::new();
        for (place, set) in sets.iter().enumerate() {
            results.push(match factors.get(place) {
                Some(factor) if set.is_empty() => {
                    let price = prices.iter().position(|price| *price == factor[0]).unwrap_or(0);
                    drawn.worlds[0].iter().map(|world| pair.lead(&world.repriced[price])).collect()
                }
                _ => worlds.by_ref().take(set.len()).map(|world| lead(&world)).collect(),
            });
        }
        let [at_a, at_b] = [0, 1].map(|half| drawn.worlds[half].iter().map(lead).collect::<Vec<f64>>());
        let mut found = indices(&at_a, &at_b, &results);
        let others = found.pop();
        for (factor, indices) in factors.iter().zip(found) {
            factor.iter().for_each(|&key| self.indices[key] = Some(indices));
        }
        Ok(others)
    }

    /// Turning points of the keys that move the difference most.
    fn turn(&mut self, lab: &Lab<'_>, alone: &Alone<'_>) -> Result<()> {
        let keys = lab.uncertain.keys();
        let top = self.top(TURNED);
        lab.watch.begin("turning points", top.len() as u64);
        let turns: Vec<Option<Turn>> = top
            .par_iter()
            .map(|&place| {
                let found = turn(alone, place, &keys[place], self.ends[place].unwrap_or_default())?;
                lab.watch.advance(1);
                Ok(found)
            })
            .collect::<Result<_>>()?;
        top.into_iter().zip(turns).for_each(|(place, turn)| self.turns[place] = turn);
        Ok(())
    }

    /// Keys that were turned alone and moved the difference by less than so much, and how many were turned.
    fn idle(&self, lab: &Lab<'_>, below: f64) -> (Vec<String>, usize) {
        let tried = || (0..self.ends.len()).filter(|&key| self.ends[key].is_some());
        let idle = tried().filter(|&key| self.swings[key] < below);
        (idle.map(|key| lab.uncertain.keys()[key].key.clone()).collect(), tried().count())
    }

    /// What is told of keys: those that matter, by what knowing them is worth, then by how far they move the difference.
    fn told(&self, lab: &Lab<'_>, idle_below: f64) -> Vec<KeyFound> {
        let rows: Vec<usize> = (0..self.gains.first().map_or(0, |gain| gain.rows)).collect();
        let draws = redrawn(rows.len());
        let mut told: Vec<KeyFound> = Vec::new();
        for (factor, keys) in self.factors.iter().enumerate() {
            let matters = self.gains.iter().any(|gain| gain.curve(factor).is_some());
            let worth = if matters {
                let value = worth_of_knowing(&self.gains, factor, &rows);
                let samples = draws.iter().map(|rows| worth_of_knowing(&self.gains, factor, rows)).collect();
                Interval::percentile(value, samples)
            } else {
                Interval::default()
            };
            for &place in keys {
                if !matters && self.swings[place] < idle_below.max(f64::MIN_POSITIVE) {
                    continue;
                }
                let key = &lab.uncertain.keys()[place];
                let (low, high) = key.range();
                told.push(KeyFound {
                    key: key.key.clone(),
                    unit: key.unit,
                    grade: key.grade,
                    now: key.now(),
                    range: [low, high],
                    worth_of_knowing_cents: worth,
                    ends_cents: self.ends[place],
                    indices: self.indices[place],
                    curve: self.curves[place].clone(),
                    turn: self.turns[place],
                });
            }
        }
        told.sort_by(|a, b| {
            let worth = |found: &KeyFound| found.worth_of_knowing_cents.value;
            worth(b).total_cmp(&worth(a)).then(b.swing_cents().total_cmp(&a.swing_cents()))
        });
        told
    }
}

/// The squared correlation of two lists.
fn goes_with(results: &[f64], scores: impl Iterator<Item = f64>) -> f64 {
    let scores: Vec<f64> = scores.collect();
    let n = results.len().max(1) as f64;
    let means = [results, &scores[..]].map(|values| values.iter().sum::<f64>() / n);
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in results.iter().zip(&scores) {
        both += (a - means[0]) * (b - means[1]);
        of_a += (a - means[0]).powi(2);
        of_b += (b - means[1]).powi(2);
    }
    if of_a * of_b > 0.0 {
        both * both / (of_a * of_b)
    } else {
        0.0
    }
}

/// What twice the horizon does to the difference; and at how many days it turns.
fn horizon(
    scenario: &Scenario,
    accounts: u64,
    alone: &Alone<'_>,
    pair: Pair,
    watch: &dyn Watch,
) -> Result<Option<Horizon>> {
    let days = scenario.horizon_days.get();
    let lead_at = |days: u64| -> Result<Option<f64>> {
        let Ok(longer) = scenario.rebuild().horizon_days(days).build() else {
            return Ok(None);
        };
        let probe = match Probe::new(&longer, accounts, watch) {
            Err(Error::Input(_)) => return Ok(None),
            probe => probe?,
        };
        let figures = probe.figures(&probe.run(0, watch)?);
        Ok(Some(pair.lead(&figures.iter().map(|arm| arm.of(Metric::Cost)).collect::<Vec<_>>())))
    };
    watch.begin("twice the horizon", 1);
    let Some(at_twice_cents) = lead_at(2 * days)? else {
        return Ok(None);
    };
    let is_ahead = alone.lead(0) > 0.0;
    let mut turns_at_days = None;
    if (at_twice_cents > 0.0) != is_ahead {
        let (mut kept, mut over) = (days, 2 * days);
        while over - kept > (days / 32).max(1) {
            let middle = u64::midpoint(kept, over);
            match lead_at(middle)? {
                Some(there) if (there > 0.0) != is_ahead => over = middle,
                _ => kept = middle,
            }
        }
        turns_at_days = Some(over);
    }
    Ok(Some(Horizon { days, at_twice_cents, turns_at_days }))
}
