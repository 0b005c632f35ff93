//! What is found of keys while a study goes on, from worlds that were drawn and from keys turned alone.

use rayon::prelude::*;

use super::additive::{Additive, worth_of_knowing, worth_of_knowing_all};
use super::alone::{Alone, Ends};
use super::drawn::Drawn;
use super::found::KeyFound;
use super::indices::{Indices, indices};
use super::interval::{Interval, redrawn};
use super::lab::{Lab, Order, World};
use super::pair::Pair;
use super::sure::options;
use super::turning::{Turn, turn};
use crate::error::Result;
use crate::probe::Figures;

/// Keys whose indices, curves and turning points are told.
const TOP: usize = 5;
/// Keys whose turning points are looked for.
const TURNED: usize = 8;
/// Keys among which those worth knowing are looked for once all were turned alone.
const CLOSER: usize = 24;

/// What is found of keys, by their places.
pub(super) struct Findings {
    pair: Pair,
    factors: Vec<Vec<usize>>,
    /// The gain of each option over the best, explained by factors.
    gains: Vec<Additive>,
    pub(super) explained: f64,
    /// How strongly each factor goes with the difference.
    strength: Vec<f64>,
    ends: Vec<Option<Ends>>,
    swings: Vec<f64>,
    indices: Vec<Option<Indices>>,
    curves: Vec<Vec<(f64, f64)>>,
    turns: Vec<Option<Turn>>,
}

impl Findings {
    pub(super) fn new(lab: &Lab<'_>, drawn: &Drawn, pair: Pair) -> Self {
        let bills = drawn.bills();
        let scores = abscissae(lab, drawn);
        let factors = lab.uncertain.factors();
        let arms = bills.first().map_or(0, Vec::len);
        let gains = gains(&bills, &scores, pair, &factors, &(0..factors.len()).collect::<Vec<_>>());
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

    /// Looks again at what each key is worth, now among those only that move the difference when they are turned alone.
    pub(super) fn look_closer(&mut self, lab: &Lab<'_>, drawn: &Drawn) {
        let top = self.top(CLOSER);
        let holds = |factor: &usize| self.factors[*factor].iter().any(|key| top.contains(key));
        let candidates: Vec<usize> = (0..self.factors.len()).filter(holds).collect();
        let (bills, scores) = (drawn.bills(), abscissae(lab, drawn));
        self.gains = gains(&bills, &scores, self.pair, &self.factors, &candidates);
        self.explained = self.gains[self.pair.rival - options(bills[0].len()).start].explained;
    }

    /// Turns keys one at a time: all prices, which cost no simulation, and so many others, those first that go with the
    /// difference most.
    /// With all lucks so many of them that move it most are looked at again.
    pub(super) fn one_at_a_time(
        &mut self,
        lab: &Lab<'_>,
        alone: &Alone<'_>,
        (most, sharpened): (usize, usize),
    ) -> Result<()> {
        let keys = lab.uncertain.keys();
        let mut order: Vec<usize> = (0..self.factors.len()).collect();
        order.sort_by(|&a, &b| self.strength[b].total_cmp(&self.strength[a]));
        let others = order.into_iter().flat_map(|factor| self.factors[factor].clone());
        let others = others.filter(|&key| !keys[key].is_price()).take(most);
        let places: Vec<usize> = lab.prices().chain(others).collect();
        for (place, ends) in places.iter().zip(alone.ends(&places)?) {
            self.ends[*place] = Some(ends);
            self.swings[*place] = Alone::swing(alone.lead(0), ends);
        }
        // One luck is enough to find the keys that matter, and not to say by how much.
        let sharpened = self.top(sharpened);
        let first: Vec<Ends> = sharpened.iter().filter_map(|place| self.ends[*place]).collect();
        for (place, ends) in sharpened.iter().zip(alone.ends_over_lucks(&sharpened, &first)?) {
            self.ends[*place] = Some(ends);
            self.swings[*place] = Alone::swing(alone.mean_lead(), ends);
        }
        Ok(())
    }

    /// How the difference changes along the keys that move it most.
    pub(super) fn along(&mut self, lab: &Lab<'_>, alone: &Alone<'_>) -> Result<()> {
        let keys = lab.uncertain.keys();
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
    pub(super) fn take_apart(&mut self, lab: &Lab<'_>, drawn: &Drawn) -> Result<Option<Indices>> {
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
        let lead = |world: &World| pair.lead(&Figures::bills(&world.figures));
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
    pub(super) fn turn(&mut self, lab: &Lab<'_>, alone: &Alone<'_>) -> Result<()> {
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
    pub(super) fn idle(&self, lab: &Lab<'_>, below: f64) -> (Vec<String>, usize) {
        let tried = || (0..self.ends.len()).filter(|&key| self.ends[key].is_some());
        let idle = tried().filter(|&key| self.swings[key] < below);
        (idle.map(|key| lab.uncertain.keys()[key].key.clone()).collect(), tried().count())
    }

    /// What is told of keys: those that matter, by what knowing them is worth, then by how far they move the difference.
    pub(super) fn told(&self, lab: &Lab<'_>, drawn: &Drawn, idle_below: f64) -> Vec<KeyFound> {
        let gained = gained(&drawn.bills(), self.pair);
        // A curve that fits badly could promise more than there is.
        let worth_of = |factor, rows: &[usize]| {
            worth_of_knowing(&self.gains, factor, rows).min(worth_of_knowing_all(&gained, rows))
        };
        let rows: Vec<usize> = (0..self.gains.first().map_or(0, |gain| gain.rows)).collect();
        let draws = redrawn(rows.len());
        let mut told: Vec<KeyFound> = Vec::new();
        for (factor, keys) in self.factors.iter().enumerate() {
            let matters = self.gains.iter().any(|gain| gain.curve(factor).is_some());
            let worth = if matters {
                let value = worth_of(factor, &rows);
                let samples = draws.iter().map(|rows| worth_of(factor, rows)).collect();
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

/// The gain of each option over the best, explained by some of the factors.
fn gains(
    bills: &[Vec<f64>],
    scores: &[Vec<f64>],
    pair: Pair,
    factors: &[Vec<usize>],
    candidates: &[usize],
) -> Vec<Additive> {
    let gained = gained(bills, pair);
    gained.par_iter().map(|gain| Additive::fit(gain, scores, factors, candidates)).collect()
}

/// By option and world: by how much its bill is lower than that of the best.
fn gained(bills: &[Vec<f64>], pair: Pair) -> Vec<Vec<f64>> {
    let arms = options(bills.first().map_or(0, Vec::len));
    arms.map(|arm| bills.iter().map(|world| world[pair.best] - world[arm]).collect()).collect()
}

/// What curves are drawn over, by world and key: the score; of a price its value, in which a bill is a straight line.
fn abscissae(lab: &Lab<'_>, drawn: &Drawn) -> Vec<Vec<f64>> {
    let mut rows = drawn.all_scores();
    for place in lab.prices() {
        let key = &lab.uncertain.keys()[place];
        let values: Vec<f64> = rows.iter().map(|row| key.at(row[place])).collect();
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
        for (row, value) in rows.iter_mut().zip(values).filter(|_| sd > 0.0) {
            row[place] = (value - mean) / sd;
        }
    }
    rows
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
