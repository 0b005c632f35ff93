//! Quadrature: Gauss-Legendre panels that also know the running integral up to each of their points.

use std::sync::LazyLock;

/// Points of a panel.
pub(super) const POINTS: usize = 12;

/// A Gauss-Legendre rule on [0, 1].
pub(super) struct Rule {
    /// Where the function is read.
    pub(super) at: [f64; POINTS],
    /// Weights of the integral over the whole panel.
    pub(super) weight: [f64; POINTS],
    /// Weights of the integral from the start of the panel to each point.
    pub(super) up_to: [[f64; POINTS]; POINTS],
    /// Weights that continue the function to the start and to the end of the panel.
    ends: [[f64; POINTS]; 2],
}

impl Rule {
    /// Whether the function runs on smoothly to its values at the ends; a jump between the outermost points and the
    /// ends would otherwise go unseen.
    pub(super) fn meets(&self, read: &[f64; POINTS], ends: [f64; 2], tolerance: f64) -> bool {
        let continued = |weights: &[f64; POINTS]| weights.iter().zip(read).map(|(w, f)| w * f).sum::<f64>();
        self.ends.iter().zip(ends).all(|(weights, end)| (continued(weights) - end).abs() <= tolerance)
    }
}

/// The rule, computed once.
pub(super) static RULE: LazyLock<Rule> = LazyLock::new(Rule::new);

/// Legendre polynomials of degree 0 to `POINTS` at `x`.
fn legendre(x: f64) -> [f64; POINTS + 1] {
    let mut p = [1.0; POINTS + 1];
    p[1] = x;
    for k in 2..=POINTS {
        let degree = k as f64;
        p[k] = ((2.0 * degree - 1.0) * x * p[k - 1] - (degree - 1.0) * p[k - 2]) / degree;
    }
    p
}

/// The slope of the highest one.
fn slope(x: f64, p: &[f64; POINTS + 1]) -> f64 {
    POINTS as f64 * (x * p[POINTS] - p[POINTS - 1]) / (x * x - 1.0)
}

impl Rule {
    fn new() -> Self {
        let root = |i: usize| {
            let mut x = -(std::f64::consts::PI * (i as f64 + 0.75) / (POINTS as f64 + 0.5)).cos();
            for _ in 0..20 {
                let p = legendre(x);
                x -= p[POINTS] / slope(x, &p);
            }
            x
        };
        let roots: [f64; POINTS] = std::array::from_fn(root);
        let values = roots.map(legendre);
        let weight = std::array::from_fn(|i| 1.0 / ((1.0 - roots[i] * roots[i]) * slope(roots[i], &values[i]).powi(2)));
        // The interpolant in Legendre polynomials is integrated term by term.
        let up_to = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let inner = |k: usize| values[j][k] * (values[i][k + 1] - values[i][k - 1]);
                weight[j] * (roots[i] + 1.0 + (1..POINTS).map(inner).sum::<f64>()) / 2.0
            })
        });
        Self {
            at: roots.map(|x| 0.5 * (x + 1.0)),
            weight,
            up_to,
            ends: [-1.0_f64, 1.0].map(|side| {
                std::array::from_fn(|j| {
                    let term = |k: usize| (2 * k + 1) as f64 * values[j][k] * side.powi(k as i32);
                    weight[j] * (0..POINTS).map(term).sum::<f64>()
                })
            }),
        }
    }
}

/// One panel.
fn panel(f: &impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let width = to - from;
    (0..POINTS).map(|i| RULE.weight[i] * f(from + width * RULE.at[i])).sum::<f64>() * width
}

/// The integral of a bounded function over a finite range, by halving panels until they agree to 13 digits of the
/// whole; a jump is met by narrowing down on it. At most 2000 panels, so that a function of noise ends too.
pub(super) fn integrate(f: &impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let whole = panel(f, from, to);
    refine(f, from, to, whole, whole.abs(), &mut 2_000)
}

fn refine(f: &impl Fn(f64) -> f64, from: f64, to: f64, whole: f64, scale: f64, budget: &mut u32) -> f64 {
    let middle = f64::midpoint(from, to);
    let (left, right) = (panel(f, from, middle), panel(f, middle, to));
    let scale = scale.max((left + right).abs());
    let read = RULE.at.map(|at| f(from + (to - from) * at));
    let height = read.iter().fold(0.0_f64, |height, f| height.max(f.abs()));
    let agree = (left + right - whole).abs() <= 1e-13 * scale;
    if (agree && RULE.meets(&read, [f(from), f(to)], 1e-4 * height))
        || *budget == 0
        || middle <= from
        || !(left + right).is_finite()
    {
        return left + right;
    }
    *budget -= 1;
    refine(f, from, middle, left, scale, budget) + refine(f, middle, to, right, scale, budget)
}

/// The integral from 0, over panels that start at 1e-12 of `grain` and double: no detail near 0 is overlooked.
pub(super) fn integrate_graded(f: &impl Fn(f64) -> f64, to: f64, grain: f64) -> f64 {
    let (mut sum, mut from, mut width) = (0.0, 0.0, 1e-12 * grain);
    while from < to {
        let next = if from + width < to { from + width } else { to };
        sum += integrate(f, from, next);
        (from, width) = (next, 2.0 * width);
    }
    sum
}

/// The integral from 0 to infinity of a function that falls; infinite if it does not fall fast enough.
pub(super) fn integrate_tail(f: &impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut from, mut width) = (0.0, 0.0_f64, 1e-12_f64);
    let mut quiet = 0;
    while quiet < 4 {
        let next = from + width;
        if !next.is_finite() {
            return f64::INFINITY;
        }
        let more = integrate(f, from, next);
        sum += more;
        quiet = if more <= 1e-16 * sum && f(next) < 1e-3 {
            quiet + 1
        } else {
            0
        };
        (from, width) = (next, 2.0 * width);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::close;
    use super::*;

    #[test]
    fn panels_integrate_polynomials_and_their_running_integrals() {
        let f = |x: f64| 1.0 + 3.0 * x * x - 11.0 * x.powi(10);
        let total: f64 = (0..POINTS).map(|i| RULE.weight[i] * f(RULE.at[i])).sum();
        close(total, 1.0, 1e-14);
        for i in 0..POINTS {
            let (x, up_to) = (RULE.at[i], RULE.up_to[i]);
            let got: f64 = (0..POINTS).map(|j| up_to[j] * f(RULE.at[j])).sum();
            close(got, x + x.powi(3) - x.powi(11), 1e-12);
        }
    }

    #[test]
    fn curves_jumps_and_tails() {
        close(integrate(&f64::exp, 0.0, 20.0), 20_f64.exp_m1(), 1e-12);
        close(integrate(&|x| f64::from(u8::from(x < 0.3)), 0.0, 1.0), 0.3, 1e-12);
        close(integrate_tail(&|x: f64| (-x / 1e6).exp()), 1e6, 1e-12);
        close(integrate_tail(&|x: f64| (-x / 1e-6).exp()), 1e-6, 1e-12);
        assert_eq!(integrate_tail(&|_| 1.0), f64::INFINITY);
        close(integrate_graded(&|x: f64| (-x * 1e8).exp() + 0.5, 1.0, 1.0), 0.5 + 1e-8, 1e-13);
    }
}
