//! Sobol' indices: which part of the variance of a result each input explains.
//!
//! First order: the part that would go if the input were known. Total: the part that would stay if all others were. From two
//! independent sets of points `A` and `B`, and for each input the points of `A` with that input taken from `B`: the first
//! after Saltelli et al. (Computer Physics Communications 181, 2010, table 2 b), the second after Jansen (1999, table 2 f).

use serde::Serialize;

use super::interval::{Interval, redrawn};

/// The indices of one input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Indices {
    /// Part of the variance that the input explains alone.
    pub first: Interval,
    /// Part of the variance in which the input has a share, alone or together with others.
    pub total: Interval,
}

/// The indices of inputs: results at the points `a` and `b`, and by input at the points of `a` with that input from `b`.
/// The intervals (95 %) come from drawing points anew. All nothing where nothing varies.
pub fn indices(a: &[f64], b: &[f64], mixed: &[Vec<f64>]) -> Vec<Indices> {
    let all: Vec<usize> = (0..a.len()).collect();
    let draws = redrawn(a.len());
    mixed
        .iter()
        .map(|ab| {
            let (first, total) = of(a, b, ab, &all);
            let (firsts, totals) = draws.iter().map(|rows| of(a, b, ab, rows)).unzip();
            Indices {
                first: Interval::percentile(first, firsts),
                total: Interval::percentile(total, totals),
            }
        })
        .collect()
}

/// First and total index of one input over some of the points.
fn of(a: &[f64], b: &[f64], ab: &[f64], rows: &[usize]) -> (f64, f64) {
    let n = rows.len().max(1) as f64;
    let both = || rows.iter().flat_map(|&row| [a[row], b[row]]);
    let mean = both().sum::<f64>() / (2.0 * n);
    let variance = both().map(|value| (value - mean).powi(2)).sum::<f64>() / (2.0 * n);
    if variance <= 0.0 {
        return (0.0, 0.0);
    }
    // Centred: the mean changes nothing in the long run and much in a short one.
    let first = rows.iter().map(|&row| (b[row] - mean) * (ab[row] - a[row])).sum::<f64>() / n;
    let total = rows.iter().map(|&row| (a[row] - ab[row]).powi(2)).sum::<f64>() / (2.0 * n);
    (first / variance, total / variance)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::uncertain::Points;

    /// The indices of a function of the unit cube, with so many points in each set.
    fn found(inputs: usize, n: u32, f: impl Fn(&[f64]) -> f64) -> Vec<Indices> {
        let points = |seed| -> Vec<Vec<f64>> { (0..n).map(|at| Points::new(inputs, seed).uniform(at)).collect() };
        let (a, b) = (points(1), points(2));
        let mixed = |input: usize| {
            let rows = a.iter().zip(&b).map(|(a, b)| {
                let mut row = a.clone();
                row[input] = b[input];
                f(&row)
            });
            rows.collect()
        };
        let mixed: Vec<Vec<f64>> = (0..inputs).map(mixed).collect();
        let of = |points: &[Vec<f64>]| -> Vec<f64> { points.iter().map(|point| f(point)).collect() };
        indices(&of(&a), &of(&b), &mixed)
    }

    fn must_cover(found: &[Indices], first: &[f64], total: &[f64], widest: f64) {
        for (input, indices) in found.iter().enumerate().take(first.len()) {
            for (got, truth) in [(indices.first, first[input]), (indices.total, total[input])] {
                assert!(got.low <= truth + 1e-6 && truth <= got.high + 1e-6, "input {input}: {got:?} for {truth}");
                assert!(got.high - got.low < widest, "input {input}: {got:?}");
            }
        }
    }

    #[test]
    fn the_function_of_ishigami_has_its_indices() {
        let f = |x: &[f64]| {
            let [a, b, c] = [x[0], x[1], x[2]].map(|u| PI * (2.0 * u - 1.0));
            a.sin() + 7.0 * b.sin().powi(2) + 0.1 * c.powi(4) * a.sin()
        };
        let found = found(3, 4096, f);
        must_cover(&found, &[0.313_905, 0.442_411, 0.0], &[0.557_589, 0.442_411, 0.243_684], 0.12);
    }

    #[test]
    fn the_g_function_has_its_indices() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let f = |x: &[f64]| x.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product();
        let found = found(8, 4096, f);
        let first = [0.716_192, 0.179_048, 0.023_676, 0.007_162];
        let total = [0.787_144, 0.242_198, 0.034_317, 0.010_460];
        must_cover(&found, &first, &total, 0.12);
        assert!(found[4..].iter().all(|idle| idle.total.value < 0.001), "99 is next to nothing");
    }

    #[test]
    fn nothing_that_varies_has_no_indices() {
        let found = found(2, 64, |_| 3.0);
        assert!(found.iter().all(|none| none.first.value == 0.0 && none.total.high == 0.0));
    }
}
