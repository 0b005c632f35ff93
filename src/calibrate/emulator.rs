//! Emulator: what the simulator would say of a world, without simulating it.
//!
//! The predictor of each observed number (the logarithm of a rate, the log odds of a share) is a constant, a slope and a
//! bend for each of the few scores that matter. Those are found among all by the extended Bayesian criterion, on the main
//! directions in which worlds differ by more than luck. Coefficients are those of a generalised linear model with a weak
//! prior (McCullagh and Nelder 1989). What it leaves beyond luck has a few directions in common, which are factors of
//! their own, and a rest for each number.

use rayon::prelude::*;

use super::algebra::{Matrix, backward, dot, forward, longest, triangle};
use super::likelihood::{Kind, Spread};
use super::predict::Predicted;
use crate::sensitivity::additive::Additive;

/// Most scores that matter; weaker ones are among what is left.
const ACTIVE: usize = 24;
/// Worlds that each of them needs.
const WORLDS_EACH: usize = 10;
/// Directions of the numbers in which scores that matter are looked for.
const DIRECTIONS: usize = 12;
/// A direction is looked at if worlds differ along it by so many times what luck does.
const ABOVE_LUCK: f64 = 1.5;
/// Most factors of what is left.
const FACTORS: usize = 8;
/// Standard deviation of slopes and of bends, as far as nothing is known of them.
const PRIOR: [f64; 2] = [1.0, 0.2];
/// Nothing that is left counts for more: a few worlds that nobody could foresee would pull everything to them.
const FAR: f64 = 4.0;
/// Standard deviation of constants.
const PRIOR_CONSTANT: f64 = 30.0;
/// Steps of a fit.
const STEPS: usize = 25;

/// A number that was observed, as far as its prediction goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Kind of the number.
    pub kind: Kind,
    /// Variance of luck as a multiple of that of chance; at least 1.
    pub overdispersion: f64,
}

/// A simulated world: its scores, independent standard normal ones, and what was counted in it.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The scores.
    pub scores: Vec<f64>,
    /// What was counted.
    pub predicted: Predicted,
}

/// The emulator of all observed numbers.
#[derive(Clone, Debug)]
pub struct Emulator {
    /// Places of the scores that matter.
    pub active: Vec<usize>,
    /// Middle and deviation of each of them over the worlds that the emulator is fitted to.
    places: Vec<(f64, f64)>,
    /// By number: constant, slopes, bends, over scores in deviations from the middle.
    coefficients: Vec<Vec<f64>>,
    /// By factor and number: how far the predictor moves with one standard deviation of the factor.
    factors: Vec<Vec<f64>>,
    /// By number: variance of the predictor that nothing explains.
    pub rest: Vec<f64>,
    /// Part of the variance beyond luck that the scores explain, over all numbers.
    pub explained: f64,
}

impl Emulator {
    /// Fits it: which scores matter is found in all worlds, how they matter in those from `local` on.
    pub fn fit(worlds: &[Trained], local: usize, numbers: &[Number]) -> Self {
        let local = &worlds[local..];
        let active = active(worlds, numbers, ACTIVE.min(local.len() / WORLDS_EACH));
        let terms = 1 + 2 * active.len();
        let places: Vec<(f64, f64)> = active.iter().map(|&at| place_of(local.iter().map(|w| w.scores[at]))).collect();
        let rows: Vec<Vec<f64>> = local
            .iter()
            .map(|world| {
                terms_of(active.iter().zip(&places).map(|(at, (middle, sd))| (world.scores[*at] - middle) / sd))
            })
            .collect();
        // What is asked of coefficients is asked of them in standard deviations of the prior.
        let asked: Vec<f64> = std::iter::once(PRIOR_CONSTANT.powi(-2))
            .chain(places.iter().map(|(_, sd)| (PRIOR[0] * sd).powi(-2)))
            .chain(places.iter().map(|(_, sd)| (PRIOR[1] * sd * sd).powi(-2)))
            .collect();
        let fitted: Vec<(Vec<f64>, Vec<f64>, Vec<f64>)> = (0..numbers.len())
            .into_par_iter()
            .map(|place| fit_one(local, (&rows, &asked), place, numbers[place]))
            .collect();
        let n = local.len() as f64;
        let lost = n / (n - terms as f64).max(1.0);
        let deviation = |place: usize| (fitted[place].1.iter().map(|r| r * r).sum::<f64>() / n * lost).sqrt().max(1e-9);
        let deviations: Vec<f64> = (0..numbers.len()).map(deviation).collect();
        let residuals: Vec<Vec<f64>> =
            fitted.iter().zip(&deviations).map(|(fit, sd)| fit.1.iter().map(|r| r / sd).collect()).collect();
        let factors = factors(&residuals, &deviations);
        let mut explained = (0.0, 0.0);
        let rest = (0..numbers.len())
            .map(|place| {
                let total = deviations[place].powi(2);
                let luck = fitted[place].2.iter().sum::<f64>() / n;
                let common: f64 = factors.iter().map(|factor| factor[place].powi(2)).sum();
                let slopes: f64 = fitted[place].0[1..].iter().map(|slope| slope * slope).sum();
                let beyond = (total - luck).max(0.0);
                explained = (explained.0 + slopes / (luck + beyond), explained.1 + (slopes + beyond) / (luck + beyond));
                // Coefficients are known as well as so many worlds tell them.
                (beyond - common).max(0.0) + total * terms as f64 / n
            })
            .collect();
        Self {
            active,
            places,
            coefficients: fitted.into_iter().map(|fit| fit.0).collect(),
            factors,
            rest,
            explained: if explained.1 > 0.0 {
                explained.0 / explained.1
            } else {
                0.0
            },
        }
    }

    /// The middle of the worlds that it was fitted to, without factors.
    pub fn middle(&self) -> Vec<f64> {
        self.places.iter().map(|(middle, _)| *middle).chain(self.factors.iter().map(|_| 0.0)).collect()
    }

    /// Numbers that describe a world: scores that matter, then factors.
    pub fn dimensions(&self) -> usize {
        self.active.len() + self.factors.len()
    }

    /// The predictor of a number.
    pub fn predictor(&self, place: usize, latent: &[f64]) -> f64 {
        let (scores, factors) = latent.split_at(self.active.len());
        let coefficients = &self.coefficients[place];
        let bends = &coefficients[1 + scores.len()..];
        let scored: f64 = scores
            .iter()
            .zip(&self.places)
            .map(|(z, (middle, sd))| (z - middle) / sd)
            .zip(coefficients[1..].iter().zip(bends))
            .map(|(x, (slope, bend))| slope * x + bend * bent(x))
            .sum();
        coefficients[0] + scored + factors.iter().zip(&self.factors).map(|(f, along)| f * along[place]).sum::<f64>()
    }

    /// How it moves with each number that describes a world.
    pub fn gradient(&self, place: usize, latent: &[f64]) -> Vec<f64> {
        let active = self.active.len();
        let coefficients = &self.coefficients[place];
        let scored = self.places.iter().enumerate().map(|(at, (middle, sd))| {
            let x = (latent[at] - middle) / sd;
            (coefficients[1 + at] + coefficients[1 + active + at] * std::f64::consts::SQRT_2 * x) / sd
        });
        scored.chain(self.factors.iter().map(|factor| factor[place])).collect()
    }

    /// The spread of an observed number among so many accounts.
    pub fn spread(&self, place: usize, number: Number, of: f64) -> Spread {
        Spread {
            kind: number.kind,
            of,
            overdispersion: number.overdispersion,
            misfit: self.rest[place],
        }
    }
}

/// The second of Hermite's polynomials, of variance 1.
fn bent(z: f64) -> f64 {
    (z * z - 1.0) / std::f64::consts::SQRT_2
}

/// Mean and deviation.
fn place_of(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count().max(1) as f64;
    let mean = values.clone().sum::<f64>() / n;
    let sd = (values.map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
    (mean, sd.max(1e-3))
}

fn terms_of(scores: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    std::iter::once(1.0).chain(scores.clone()).chain(scores.map(bent)).collect()
}

/// The scores that matter.
fn active(worlds: &[Trained], numbers: &[Number], most: usize) -> Vec<usize> {
    let n = worlds.len() as f64;
    let columns: Vec<Vec<f64>> = numbers
        .iter()
        .enumerate()
        .map(|(place, number)| {
            let counts = worlds.iter().map(|world| (world.predicted.counts[place], world.predicted.accounts[place]));
            let predictors: Vec<f64> = counts.clone().map(|(count, of)| number.kind.predictor(count, of)).collect();
            let mean = predictors.iter().sum::<f64>() / n;
            let slope = counts.map(|(count, of)| number.kind.slope(count, of).max(0.25)).sum::<f64>() / n;
            let luck = (number.overdispersion / slope).sqrt();
            predictors.into_iter().map(|value| (value - mean) / luck).collect()
        })
        .collect();
    let scores: Vec<Vec<f64>> = worlds.iter().map(|world| world.scores.clone()).collect();
    let dimensions = scores.first().map_or(0, Vec::len);
    let inputs: Vec<Vec<usize>> = (0..dimensions).map(|input| vec![input]).collect();
    let candidates: Vec<usize> = (0..dimensions).collect();
    let found: Vec<Vec<(usize, f64)>> = longest(&products(&columns), DIRECTIONS, ABOVE_LUCK)
        .into_par_iter()
        .map(|(_, along)| {
            let results: Vec<f64> = (0..worlds.len())
                .map(|row| columns.iter().zip(&along).map(|(column, weight)| column[row] * weight).sum())
                .collect();
            Additive::fit(&results, &scores, &inputs, &candidates)
                .curves
                .iter()
                .map(|curve| (curve.input, curve.strength()))
                .collect()
        })
        .collect();
    // Directions are told in units of luck. What a score can teach grows with the logarithm of what it moves: a number that
    // one score moves a thousandfold has no more to say than another that it moves tenfold.
    let mut strength = vec![0.0; dimensions];
    found.into_iter().flatten().for_each(|(input, adds)| strength[input] += adds.ln_1p());
    let mut active: Vec<usize> = candidates.into_iter().filter(|&input| strength[input] > 0.0).collect();
    active.sort_by(|&a, &b| strength[b].total_cmp(&strength[a]));
    active.truncate(most);
    active.sort_unstable();
    active
}

/// Mean products of each two columns.
fn products(columns: &[Vec<f64>]) -> Matrix {
    let n = columns.first().map_or(1, Vec::len).max(1) as f64;
    columns.par_iter().map(|a| columns.iter().map(|b| dot(a, b) / n).collect()).collect()
}

/// Coefficients of a number, what they leave on the scale of the predictor, and the variance that luck has there.
fn fit_one(
    worlds: &[Trained],
    (rows, asked): (&[Vec<f64>], &[f64]),
    place: usize,
    number: Number,
) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let Number { kind, overdispersion } = number;
    let terms = asked.len();
    let data: Vec<(f64, f64)> = worlds
        .iter()
        .map(|world| (world.predicted.counts[place], world.predicted.accounts[place].max(1.0)))
        .collect();
    // It begins where each world's own count would put its predictor.
    let begin: Vec<f64> = data.iter().map(|(count, of)| kind.predictor(*count, *of)).collect();
    let mut coefficients = vec![0.0; terms];
    let mut misfit = 0.0;
    let (mut left, mut luck) = (vec![0.0; rows.len()], vec![0.0; rows.len()]);
    for step in 0..STEPS {
        let mut system = vec![vec![0.0; terms]; terms];
        let mut right = vec![0.0; terms];
        let all = rows.iter().zip(&data).zip(&begin).zip(left.iter_mut().zip(&mut luck));
        for (((row, (count, of)), begin), (left, luck)) in all {
            let predictor = if step == 0 { *begin } else { dot(row, &coefficients) };
            let mean = of * kind.rate(predictor);
            let slope = kind.slope(mean, *of);
            *luck = overdispersion / slope;
            *left = ((count - mean) / slope).clamp(-FAR, FAR);
            let weight = 1.0 / (*luck + misfit);
            let target = weight * (predictor + *left);
            for (term, value) in row.iter().enumerate() {
                right[term] += target * value;
                for other in 0..=term {
                    system[term][other] += weight * value * row[other];
                }
            }
        }
        // The lower half is all that is looked at.
        system.iter_mut().zip(asked).enumerate().for_each(|(term, (row, asked))| row[term] += asked);
        let Some(lower) = triangle(&system) else { break };
        let next = backward(&lower, &forward(&lower, &right));
        let moved = next.iter().zip(&coefficients).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        coefficients = next;
        // What is left beyond luck, weighted as the fit is.
        let weights = luck.iter().map(|luck| (luck + misfit).powi(-2));
        let (sum, weight) =
            left.iter().zip(&luck).zip(weights).fold((0.0, 0.0), |sum, ((left, luck), weight)| {
                (sum.0 + weight * (left * left - luck), sum.1 + weight)
            });
        let wanted = (sum / weight.max(1e-300)).clamp(0.0, 4.0);
        if step >= 3 && moved < 1e-8 && (wanted - misfit).abs() < 1e-8 {
            break;
        }
        misfit = wanted;
    }
    (coefficients, left, luck)
}

/// Factors that residuals of variance 1 have in common, on the scale of predictors.
fn factors(residuals: &[Vec<f64>], deviations: &[f64]) -> Vec<Vec<f64>> {
    let n = residuals.first().map_or(1, Vec::len).max(1) as f64;
    // Noise alone has no longer direction than this (Marchenko and Pastur 1967).
    let edge = (1.0 + (residuals.len() as f64 / n).sqrt()).powi(2);
    let found = if residuals.len() < 2 {
        Vec::new()
    } else {
        longest(&products(residuals), FACTORS, edge)
    };
    found
        .into_iter()
        .map(|(length, along)| {
            let strength = (length - 1.0).max(0.0).sqrt();
            along.iter().zip(deviations).map(|(along, sd)| strength * along * sd).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertain::Points;

    #[test]
    fn what_matters_is_found_among_many_and_so_is_how() {
        let points = Points::new(60, 3);
        let truth = |z: &[f64], place: usize| match place {
            0 => -3.0 + 0.5 * z[7] + 0.1 * bent(z[7]),
            1 => -4.0 + 0.4 * z[7] - 0.3 * z[31],
            _ => 0.3 + 0.8 * z[31],
        };
        let numbers = [Kind::Count, Kind::Count, Kind::Share].map(|kind| Number { kind, overdispersion: 1.0 });
        let worlds: Vec<Trained> = (0..200)
            .map(|number| {
                let scores = points.normal(number);
                let counts =
                    (0..3).map(|place| (4000.0 * numbers[place].kind.rate(truth(&scores, place))).round()).collect();
                Trained {
                    scores,
                    predicted: Predicted { counts, accounts: vec![4000.0; 3] },
                }
            })
            .collect();
        let emulator = Emulator::fit(&worlds, 0, &numbers);
        assert_eq!(emulator.active, [7, 31]);
        let mut z = vec![0.0; 60];
        (z[7], z[31]) = (1.2, -0.7);
        let latent = [vec![1.2, -0.7], vec![0.0; emulator.dimensions() - 2]].concat();
        for place in 0..3 {
            let (told, truth) = (emulator.predictor(place, &latent), truth(&z, place));
            assert!((told - truth).abs() < 0.02, "{place}: {told} for {truth}");
        }
        let gradient = emulator.gradient(0, &latent);
        let step = 1e-6;
        let mut moved = latent.clone();
        moved[0] += step;
        let numeric = (emulator.predictor(0, &moved) - emulator.predictor(0, &latent)) / step;
        assert!((gradient[0] - numeric).abs() < 1e-4);
    }
}
