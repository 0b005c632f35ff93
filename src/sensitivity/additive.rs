//! A result as a sum of curves, each of one input: what is expected of it once that input is known.
//!
//! Inputs are taken in one after the other, the one first that explains most of what is left; a curve is a polynomial of at
//! most the third degree in standard normal scores (Hermite's, which are uncorrelated there). One more is taken in while the
//! extended Bayesian criterion falls (Chen and Chen, Biometrika 95, 2008): it asks the more of a curve the more inputs
//! there are to choose from. Where inputs are independent, each curve is the expectation given its input.

/// Highest degree of a curve over so many rows: a few rows that lie far out would bend it as they like.
const fn degree(rows: usize) -> usize {
    match rows {
        0..128 => 1,
        128..512 => 2,
        _ => 3,
    }
}

/// Most inputs that a result is explained by.
const MOST: usize = 24;
/// Rounds in which curves are fitted to what the others leave.
const ROUNDS: usize = 25;

/// A result as a constant and curves.
#[derive(Clone, Debug)]
pub struct Additive {
    /// The mean.
    pub mean: f64,
    /// Rows that it was fitted to.
    pub rows: usize,
    /// The curves that were found to matter, the strongest first.
    pub curves: Vec<Curve>,
    /// Part of the variance that they explain together.
    pub explained: f64,
}

/// The curve of one input.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Place of the input.
    pub input: usize,
    /// By row: what it adds to the mean.
    pub values: Vec<f64>,
}

/// Columns of one input: centred, and each of them free of the ones before.
struct Basis(Vec<Vec<f64>>);

impl Basis {
    /// The polynomials of one input, or of several that go together.
    fn new(inputs: &[usize], scores: &[Vec<f64>]) -> Self {
        let n = scores.len();
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for degree in 1..=degree(n) {
            for &input in inputs {
                let mut column: Vec<f64> = scores.iter().map(|row| hermite(degree, row[input])).collect();
                let mean = column.iter().sum::<f64>() / n as f64;
                column.iter_mut().for_each(|value| *value -= mean);
                for before in &columns {
                    let along = dot(&column, before);
                    column.iter_mut().zip(before).for_each(|(value, before)| *value -= along * before);
                }
                let length = dot(&column, &column).sqrt();
                if length > 1e-9 {
                    column.iter_mut().for_each(|value| *value /= length);
                    columns.push(column);
                }
            }
        }
        Self(columns)
    }

    /// By degree: the sum of squares that the polynomials up to it explain, and how many they are.
    fn explains(&self, left: &[f64], together: usize) -> impl Iterator<Item = (f64, usize)> + use<> {
        let each: Vec<f64> = self.0.iter().map(|column| dot(column, left).powi(2)).collect();
        let steps = (1..=degree(left.len())).map(move |degree| degree * together);
        let sums = move |many: usize| each.get(..many).map(|parts| (parts.iter().sum(), many));
        steps.filter_map(sums)
    }

    /// The curve of so many polynomials that fits best.
    fn fitted(&self, many: usize, left: &[f64]) -> Vec<f64> {
        let mut curve = vec![0.0; left.len()];
        for column in &self.0[..many] {
            let along = dot(column, left);
            curve.iter_mut().zip(column).for_each(|(value, column)| *value += along * column);
        }
        curve
    }
}

impl Additive {
    /// Explains `results` by inputs: `scores` by row and score, `inputs` lists of scores that go together, most of them one.
    /// Only the `candidates` among the inputs are looked at: the fewer there are, the weaker an input may be and still show.
    pub fn fit(results: &[f64], scores: &[Vec<f64>], inputs: &[Vec<usize>], candidates: &[usize]) -> Self {
        let n = results.len() as f64;
        let mean = results.iter().sum::<f64>() / n.max(1.0);
        let centred: Vec<f64> = results.iter().map(|value| value - mean).collect();
        let all = dot(&centred, &centred);
        let mut left = centred.clone();
        let mut taken: Vec<(usize, Basis, usize)> = Vec::new();
        let mut curves: Vec<Vec<f64>> = Vec::new();
        let bases: Vec<(usize, Basis)> =
            candidates.iter().map(|&input| (input, Basis::new(&inputs[input], scores))).collect();
        // A sum that is nothing but rounding is not explained.
        let grain = all * 1e-12;
        while taken.len() < MOST.min(results.len() / 6) && dot(&left, &left) > grain {
            let rest = dot(&left, &left);
            let free = bases.iter().filter(|(input, _)| taken.iter().all(|(of, ..)| of != input));
            let best = free
                .flat_map(|(input, basis)| {
                    basis.explains(&left, inputs[*input].len()).map(move |(sum, many)| (*input, sum, many))
                })
                .map(|(input, sum, many)| {
                    let gained = n * ((rest - sum).max(grain) / rest).ln();
                    let asked = many as f64 * n.ln() + 2.0 * (bases.len() as f64).ln();
                    (input, many, gained + asked)
                })
                .min_by(|a, b| a.2.total_cmp(&b.2));
            let Some((input, many, _)) = best.filter(|best| best.2 < 0.0) else {
                break;
            };
            taken.push((input, Basis::new(&inputs[input], scores), many));
            curves.push(vec![0.0; results.len()]);
            refit(&centred, &taken, &mut curves);
            left.clone_from(&centred);
            for curve in &curves {
                left.iter_mut().zip(curve).for_each(|(left, value)| *left -= value);
            }
        }
        let explained = if all > 0.0 { 1.0 - dot(&left, &left) / all } else { 0.0 };
        let mut curves: Vec<Curve> =
            taken.iter().zip(curves).map(|((input, ..), values)| Curve { input: *input, values }).collect();
        curves.sort_by(|a, b| b.strength().total_cmp(&a.strength()));
        Self { mean, rows: results.len(), curves, explained }
    }

    /// The curve of an input, if it was found to matter.
    pub fn curve(&self, input: usize) -> Option<&Curve> {
        self.curves.iter().find(|curve| curve.input == input)
    }
}

impl Curve {
    /// Its variance over the rows.
    pub fn strength(&self) -> f64 {
        dot(&self.values, &self.values) / self.values.len().max(1) as f64
    }
}

/// Fits all curves, each to what the others leave.
fn refit(centred: &[f64], taken: &[(usize, Basis, usize)], curves: &mut [Vec<f64>]) {
    for _ in 0..ROUNDS {
        for at in 0..taken.len() {
            let mut left = centred.to_vec();
            for (_, curve) in curves.iter().enumerate().filter(|(other, _)| *other != at) {
                left.iter_mut().zip(curve).for_each(|(left, value)| *left -= value);
            }
            curves[at] = taken[at].1.fitted(taken[at].2, &left);
        }
    }
}

/// What knowing an input is worth: by how much the best choice given the input is better than the best choice without,
/// in the unit of the results. `gains` are results by option, the more the better, each as a sum of curves.
///
/// The expected value of partial perfect information (Strong, Oakley and Brennan, Medical Decision Making 34, 2014), with
/// the curves as the regression.
pub fn worth_of_knowing(gains: &[Additive], input: usize, rows: &[usize]) -> f64 {
    let n = rows.len().max(1) as f64;
    let given =
        |option: &Additive, row: usize| option.mean + option.curve(input).map_or(0.0, |curve| curve.values[row]);
    let mean = |option: &Additive| rows.iter().map(|&row| given(option, row)).sum::<f64>() / n;
    let without = gains.iter().map(mean).fold(f64::NEG_INFINITY, f64::max);
    let best = |row: usize| gains.iter().map(|option| given(option, row)).fold(f64::NEG_INFINITY, f64::max);
    let with = rows.iter().map(|&row| best(row)).sum::<f64>() / n;
    (with - without).max(0.0)
}

/// What knowing everything is worth: no single input can be worth more. `gains` by option and row, the more the better.
pub fn worth_of_knowing_all(gains: &[Vec<f64>], rows: &[usize]) -> f64 {
    let n = rows.len().max(1) as f64;
    let mean = |option: &Vec<f64>| rows.iter().map(|&row| option[row]).sum::<f64>() / n;
    let without = gains.iter().map(mean).fold(f64::NEG_INFINITY, f64::max);
    let best = |row: usize| gains.iter().map(|option| option[row]).fold(f64::NEG_INFINITY, f64::max);
    (rows.iter().map(|&row| best(row)).sum::<f64>() / n - without).max(0.0)
}

/// Hermite's polynomial of a degree from 1 to 3.
fn hermite(degree: usize, z: f64) -> f64 {
    match degree {
        1 => z,
        2 => z * z - 1.0,
        _ => z * (z * z - 3.0),
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertain::Points;

    fn scores(inputs: usize, n: u32) -> Vec<Vec<f64>> {
        (0..n).map(|number| Points::new(inputs, 5).normal(number)).collect()
    }

    /// Explained by all inputs.
    fn fit(results: &[f64], rows: &[Vec<f64>], inputs: &[Vec<usize>]) -> Additive {
        Additive::fit(results, rows, inputs, &(0..inputs.len()).collect::<Vec<_>>())
    }

    fn alone(inputs: usize) -> Vec<Vec<usize>> {
        (0..inputs).map(|input| vec![input]).collect()
    }

    #[test]
    fn knowing_a_linear_gaussian_input_is_worth_its_closed_form() {
        // Option 0 gives 0, option 1 gives a + b x + c y + noise: knowing x is worth b φ(a/b) - |a| Φ(-|a|/b).
        let (a, b) = (0.4, 1.0);
        let rows = scores(6, 4096);
        let gains: Vec<f64> = rows.iter().map(|z| a + b * z[0] + 0.7 * z[1] + 0.5 * z[2] * z[3]).collect();
        let none = fit(&vec![0.0; rows.len()], &rows, &alone(6));
        let some = fit(&gains, &rows, &alone(6));
        let all: Vec<usize> = (0..rows.len()).collect();
        let worth = |input| worth_of_knowing(&[none.clone(), some.clone()], input, &all);
        let closed = |b: f64| {
            let normal = statrs::distribution::Normal::standard();
            use statrs::distribution::{Continuous, ContinuousCDF};
            b * normal.pdf(a / b) - a * normal.cdf(-a / b)
        };
        for (input, slope) in [(0, b), (1, 0.7)] {
            let (got, truth) = (worth(input), closed(slope));
            assert!((got / truth - 1.0).abs() < 0.03, "{input}: {got} for {truth}");
        }
        assert_eq!([worth(4), worth(5)], [0.0, 0.0], "what does not matter is worth nothing");
    }

    #[test]
    fn a_few_worlds_find_the_inputs_that_matter_among_many_and_no_others() {
        let rows = scores(230, 64);
        let results: Vec<f64> = rows.iter().map(|z| 3.0 * z[17] + 2.0 * z[101] + 0.5 * (z[7] * z[8])).collect();
        let sum = fit(&results, &rows, &alone(230));
        let found: Vec<usize> = sum.curves.iter().map(|curve| curve.input).collect();
        assert_eq!(found, [17, 101], "{}", sum.explained);
        // Among few candidates also a weak one shows.
        let weak: Vec<f64> = rows.iter().map(|z| z[17] + 0.45 * (z[7] * z[8] + z[9] * z[10]) + 0.3 * z[40]).collect();
        let among = |candidates: &[usize]| Additive::fit(&weak, &rows, &alone(230), candidates).curve(40).is_some();
        assert!(among(&[17, 40, 50]) && !among(&(0..230).collect::<Vec<_>>()));
        // Luck alone is explained by nothing.
        let luck: Vec<f64> = rows.iter().map(|z| z[3] * z[4] * z[5]).collect();
        let luck = fit(&luck, &rows, &alone(229)[10..]);
        assert!(luck.curves.is_empty(), "{}", luck.explained);
    }

    #[test]
    fn curves_that_bend_are_found_and_inputs_that_go_together_are_one() {
        let rows = scores(5, 512);
        let results: Vec<f64> = rows.iter().map(|z| z[0] * z[0] + (z[1] + z[2])).collect();
        let inputs = vec![vec![0], vec![1, 2], vec![3], vec![4]];
        let fit = fit(&results, &rows, &inputs);
        let mut found: Vec<usize> = fit.curves.iter().map(|curve| curve.input).collect();
        found.sort_unstable();
        assert_eq!(found, [0, 1]);
        assert!(fit.explained > 0.999 && (fit.curves[0].strength() - 2.0).abs() < 0.1);
    }

    #[test]
    fn what_never_varies_needs_no_curve() {
        let rows = scores(3, 32);
        let fit = fit(&[5.0; 32], &rows, &alone(3));
        assert!(fit.curves.is_empty() && fit.mean == 5.0 && fit.explained == 0.0);
    }
}
