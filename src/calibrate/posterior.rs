//! Posterior: worlds drawn where they explain what was observed, each with its weight.
//!
//! First the most probable world of the emulator and how far one may go from it (Laplace). Around it points are drawn and
//! weighted by prior, likelihood and how densely they were drawn (importance sampling). Where a few points have most of the
//! weight, their weights are tempered until half of the points count, the points are drawn anew around those, and so on
//! (population Monte Carlo: Cappé, Guillin, Marin and Robert 2004, with adaptive temperatures).

use rayon::prelude::*;

use super::algebra::{Matrix, backward, dot, forward, triangle};
use super::emulator::{Emulator, Number};
use super::likelihood::Spread;
use crate::uncertain::Points;

/// Points that are drawn.
const POINTS: u32 = 2048;
/// Times that they are drawn anew at most.
const ROUNDS: u32 = 8;
/// Part of the points that must count.
const ENOUGH: f64 = 0.25;
/// Deviations of the two normal clouds that points are drawn from, as multiples, and the part of the first.
const CLOUDS: ([f64; 2], f64) = ([1.1, 1.6], 0.9);

/// What was observed, beside the emulator that predicts it.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The emulator.
    pub emulator: &'a Emulator,
    /// The numbers.
    pub values: Vec<f64>,
    /// How they are spread.
    pub spreads: Vec<Spread>,
}

/// Weighted points.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// Numbers that describe a world: the scores that matter, then factors.
    pub points: Vec<Vec<f64>>,
    /// Their weights, which sum to 1.
    pub weights: Vec<f64>,
}

/// A normal cloud: its middle, and the lower triangle of its precision.
struct Cloud {
    middle: Vec<f64>,
    precision: Matrix,
}

impl<'a> Evidence<'a> {
    /// What was observed: values among so many accounts each.
    pub fn new(emulator: &'a Emulator, numbers: &[Number], observed: &[(f64, f64)]) -> Self {
        Self {
            emulator,
            values: observed.iter().map(|observed| observed.0).collect(),
            spreads: observed
                .iter()
                .enumerate()
                .map(|(place, (_, of))| emulator.spread(place, numbers[place], *of))
                .collect(),
        }
    }

    /// The logarithm of prior times likelihood, up to a constant.
    pub fn ln_density(&self, latent: &[f64]) -> f64 {
        let likely: f64 = self
            .spreads
            .iter()
            .enumerate()
            .map(|(place, spread)| spread.ln_likelihood(self.values[place], self.emulator.predictor(place, latent)))
            .sum();
        likely - 0.5 * dot(latent, latent)
    }

    /// The most probable world, and the precision around it, by scoring with halved steps.
    fn most_probable(&self) -> Cloud {
        let n = self.emulator.dimensions();
        let mut middle = self.emulator.middle();
        let mut density = self.ln_density(&middle);
        let mut precision = self.precision(&middle).1;
        for _ in 0..60 {
            let (push, matrix) = self.precision(&middle);
            let Some(lower) = triangle(&matrix) else { break };
            let step = backward(&lower, &forward(&lower, &push));
            let mut part = 1.0;
            let next = loop {
                let next: Vec<f64> = middle.iter().zip(&step).map(|(at, step)| at + part * step).collect();
                let there = self.ln_density(&next);
                if there >= density {
                    break Some((next, there));
                }
                part /= 2.0;
                if part < 1e-4 {
                    break None;
                }
            };
            precision = matrix;
            let Some((next, there)) = next else { break };
            let gained = there - density;
            (middle, density) = (next, there);
            if gained < 1e-9 {
                break;
            }
        }
        Cloud {
            middle,
            precision: triangle(&precision).unwrap_or_else(|| identity(n)),
        }
    }

    /// The slope of the density, and the expected precision.
    fn precision(&self, latent: &[f64]) -> (Vec<f64>, Matrix) {
        let n = latent.len();
        let mut push: Vec<f64> = latent.iter().map(|at| -at).collect();
        let mut matrix = identity(n);
        for (place, spread) in self.spreads.iter().enumerate() {
            let mean = spread.mean(self.emulator.predictor(place, latent));
            let (variance, slope) = spread.variance(mean);
            let gradient = self.emulator.gradient(place, latent);
            let pull = slope * (self.values[place] - mean) / variance;
            let weight = slope * slope / variance;
            for (a, along) in gradient.iter().enumerate() {
                push[a] += pull * along;
                for (b, other) in gradient.iter().enumerate() {
                    matrix[a][b] += weight * along * other;
                }
            }
        }
        (push, matrix)
    }

    /// Draws the posterior. The seed decides which points are taken.
    pub fn draw(&self, seed: u32) -> Posterior {
        let mut cloud = self.most_probable();
        let mut best: Option<(f64, Posterior)> = None;
        for round in 0..ROUNDS {
            let points = cloud.points(seed.wrapping_add(round.wrapping_mul(7919)));
            let logs: Vec<f64> =
                points.par_iter().map(|point| self.ln_density(point) - cloud.ln_density(point)).collect();
            let weights = weights(&logs, 1.0);
            let counting = effective(&weights) / f64::from(POINTS);
            let drawn = Posterior { points, weights };
            let enough = counting >= ENOUGH;
            let next = (!enough).then(|| tempered(&drawn.points, &logs)).flatten();
            if best.as_ref().is_none_or(|(most, _)| counting > *most) {
                best = Some((counting, drawn));
            }
            match next {
                Some(next) => cloud = next,
                None => break,
            }
        }
        best.map_or_else(|| Posterior { points: Vec::new(), weights: Vec::new() }, |(_, drawn)| drawn)
    }
}

/// The cloud of points whose weights are tempered until half of them count.
fn tempered(points: &[Vec<f64>], logs: &[f64]) -> Option<Cloud> {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if effective(&weights(logs, middle)) >= 0.5 * points.len() as f64 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let weights = weights(logs, low);
    let n = points.first()?.len();
    let mean: Vec<f64> = (0..n).map(|at| points.iter().zip(&weights).map(|(p, w)| w * p[at]).sum()).collect();
    let mut spread = vec![vec![0.0; n]; n];
    for (point, weight) in points.iter().zip(&weights) {
        for a in 0..n {
            for b in 0..n {
                spread[a][b] += weight * (point[a] - mean[a]) * (point[b] - mean[b]);
            }
        }
    }
    for (at, row) in spread.iter_mut().enumerate() {
        row[at] += 1e-9;
    }
    // The precision is the inverse of the spread.
    let lower = triangle(&spread)?;
    let columns: Matrix = (0..n)
        .map(|at| {
            let unit: Vec<f64> = (0..n).map(|row| f64::from(u8::from(row == at))).collect();
            backward(&lower, &forward(&lower, &unit))
        })
        .collect();
    Some(Cloud { middle: mean, precision: triangle(&columns)? })
}

impl Cloud {
    /// Points of it, spread evenly.
    fn points(&self, seed: u32) -> Vec<Vec<f64>> {
        let n = self.middle.len();
        let points = Points::new(n + 1, seed);
        let (scales, part) = CLOUDS;
        (0..POINTS)
            .into_par_iter()
            .map(|number| {
                let uniform = points.uniform(number)[n];
                let scale = if uniform < part { scales[0] } else { scales[1] };
                let normal = &points.normal(number)[..n];
                let away = backward(&self.precision, normal);
                self.middle.iter().zip(away).map(|(middle, away)| middle + scale * away).collect()
            })
            .collect()
    }

    /// How densely points are drawn there, as a logarithm up to a constant.
    fn ln_density(&self, point: &[f64]) -> f64 {
        let n = self.middle.len();
        let from: Vec<f64> = point.iter().zip(&self.middle).map(|(a, b)| a - b).collect();
        // |Lᵀ d|² with the lower triangle L of the precision.
        let square: f64 = (0..n)
            .map(|column| (column..n).map(|row| self.precision[row][column] * from[row]).sum::<f64>().powi(2))
            .sum();
        let (scales, part) = CLOUDS;
        let one = |scale: f64, part: f64| part.ln() - 0.5 * square / (scale * scale) - n as f64 * scale.ln();
        let (a, b) = (one(scales[0], part), one(scales[1], 1.0 - part));
        a.max(b) + (-(a - b).abs()).exp().ln_1p()
    }
}

impl Posterior {
    /// How many independent points tell as much.
    pub fn effective(&self) -> f64 {
        effective(&self.weights)
    }

    /// Places of `n` points, each as often as its weight asks for (systematic resampling).
    pub fn resample(&self, n: usize) -> Vec<usize> {
        let mut places = Vec::with_capacity(n);
        let (mut at, mut sum) = (0, self.weights.first().copied().unwrap_or(0.0));
        for number in 0..n {
            let wanted = (number as f64 + 0.5) / n as f64;
            while sum < wanted && at + 1 < self.weights.len() {
                at += 1;
                sum += self.weights[at];
            }
            places.push(at);
        }
        places
    }
}

fn weights(logs: &[f64], temper: f64) -> Vec<f64> {
    let most = logs.iter().copied().filter(|log| log.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let raw: Vec<f64> = logs
        .iter()
        .map(|log| {
            if log.is_finite() {
                (temper * (log - most)).exp()
            } else {
                0.0
            }
        })
        .collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|weight| weight / sum.max(1e-300)).collect()
}

fn effective(weights: &[f64]) -> f64 {
    1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>().max(1e-300)
}

fn identity(n: usize) -> Matrix {
    (0..n).map(|row| (0..n).map(|column| f64::from(u8::from(row == column))).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resampling_takes_each_point_as_often_as_it_weighs() {
        let posterior = Posterior {
            points: vec![vec![0.0]; 4],
            weights: vec![0.5, 0.25, 0.0, 0.25],
        };
        assert_eq!(posterior.resample(8), [0, 0, 0, 0, 1, 1, 3, 3]);
        assert!((posterior.effective() - 1.0 / 0.375).abs() < 1e-12);
    }

    #[test]
    fn a_cloud_is_drawn_as_densely_as_it_says() {
        let cloud = Cloud {
            middle: vec![1.0, -2.0],
            precision: vec![vec![2.0, 0.0], vec![0.7, 0.5]],
        };
        // Weighted by another normal density, points have its mean.
        let logs: Vec<f64> = cloud
            .points(3)
            .iter()
            .map(|p| -0.5 * ((p[0] - 0.8).powi(2) / 0.2 + (p[1] + 1.5).powi(2) / 1.5) - cloud.ln_density(p))
            .collect();
        let weights = weights(&logs, 1.0);
        let mean: f64 = cloud.points(3).iter().zip(&weights).map(|(p, w)| p[0] * w).sum();
        assert!((mean - 0.8).abs() < 0.03, "{mean}");
    }
}
