//! Parabolas through what is known: for a smooth optimum their least place comes nearer than any point.

use super::{Place, SAFE, Search, Tried, standard_error, within};
use crate::sweep::plan::SEED;
use crate::uncertain::Points;

/// Places at which parabolas are looked at where there are limits.
const LOOKED_AT: u32 = 1_024;

impl Search<'_> {
    /// The least place of parabolas along the axes, laid through what is known in a box by least squares; of those places
    /// that meet the limits by parabolas of their own, if there are limits.
    pub(super) fn parabola(&self, centre: &[f64], half: f64) -> Option<Place> {
        let near = |at: &[f64]| at.iter().zip(centre).all(|(at, centre)| (at - centre).abs() <= 1.5 * half);
        let some: Vec<(&[f64], &Tried)> = self
            .known
            .iter()
            .filter_map(|tried| match &tried.place {
                Place::At(at) if near(at) && !tried.samples.is_empty() => Some((at.as_slice(), tried)),
                _ => None,
            })
            .collect();
        let terms = 2 * self.dimensions + 1;
        if some.len() < terms + 2 {
            return None;
        }
        let row = |at: &[f64]| -> Vec<f64> {
            let scaled: Vec<f64> = at.iter().zip(centre).map(|(at, centre)| (at - centre) / half).collect();
            std::iter::once(1.0).chain(scaled.iter().copied()).chain(scaled.iter().map(|at| at * at)).collect()
        };
        let scales = self.scales();
        // Places with more replications weigh more.
        let fit = |of: usize| {
            let rows = some.iter().map(|(at, tried)| (row(at), tried.mean(of, usize::MAX), tried.samples.len() as f64));
            least_squares(&rows.collect::<Vec<_>>(), terms)
        };
        let fitted: Vec<Vec<f64>> = (0..=scales.len()).map(fit).collect::<Option<_>>()?;
        let room: Vec<f64> = (1..=scales.len()).map(|limit| 2.0 * SAFE * self.luck(limit)).collect();
        let score = |at: &[f64]| {
            let row = row(at);
            let told = |of: usize| fitted[of].iter().zip(&row).map(|(a, b)| a * b).sum::<f64>();
            let missed = (0..scales.len()).map(|limit| (told(limit + 1) + room[limit]).max(0.0) / scales[limit]);
            (missed.sum::<f64>(), told(0))
        };
        let least = (0..self.dimensions).map(|axis| {
            let (slope, bend) = (fitted[0][1 + axis], fitted[0][1 + self.dimensions + axis]);
            let least = if bend > 0.0 {
                (-slope / (2.0 * bend)).clamp(-1.0, 1.0)
            } else {
                -slope.signum()
            };
            (centre[axis] + half * least).clamp(0.0, 1.0)
        });
        let mut tried: Vec<Vec<f64>> = vec![least.collect()];
        if !scales.is_empty() {
            let sequence = Points::new(self.dimensions, SEED);
            tried.extend((0..LOOKED_AT).map(|number| within(&sequence.uniform(number), centre, half)));
        }
        let best = tried.into_iter().min_by(|a, b| {
            let (a, b) = (score(a), score(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        })?;
        Some(Place::At(self.trial.settled(best)))
    }

    /// The standard error of a limit's figure where it is known best.
    fn luck(&self, limit: usize) -> f64 {
        let most = self.known.iter().map(|tried| tried.samples.len()).max().unwrap_or(0);
        let best = self.known.iter().filter(|tried| tried.samples.len() == most && most > 1);
        let errors: Vec<f64> = best
            .map(|tried| standard_error(&tried.samples.iter().map(|sample| sample[limit]).collect::<Vec<_>>()))
            .collect();
        errors.iter().sum::<f64>() / errors.len().max(1) as f64
    }
}

/// The coefficients that fit rows of terms to values best, by the normal equations; `None` if the rows do not tell.
fn least_squares(rows: &[(Vec<f64>, f64, f64)], terms: usize) -> Option<Vec<f64>> {
    let mut system = vec![vec![0.0; terms + 1]; terms];
    for (row, value, weight) in rows {
        for (a, equation) in system.iter_mut().enumerate() {
            for (b, slot) in equation.iter_mut().enumerate() {
                *slot += weight * row[a] * if b < terms { row[b] } else { *value };
            }
        }
    }
    for at in 0..terms {
        let pivot = (at..terms).max_by(|&a, &b| system[a][at].abs().total_cmp(&system[b][at].abs()))?;
        system.swap(at, pivot);
        if system[at][at].abs() < 1e-9 {
            return None;
        }
        let lead = system[at].clone();
        for (other, equation) in system.iter_mut().enumerate() {
            if other != at {
                let by = equation[at] / lead[at];
                equation.iter_mut().zip(&lead).for_each(|(slot, lead)| *slot -= by * lead);
            }
        }
    }
    Some((0..terms).map(|at| system[at][terms] / system[at][at]).collect())
}
