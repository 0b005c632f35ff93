//! Ranks: a shift and its bounds that a few wild values hardly move (Hodges and Lehmann, Estimates of location based on
//! rank tests, Annals of Mathematical Statistics 34, 1963). The bounds are those of the rank tests, turned round.

use crate::measure::statistics::students_t;

/// A shift: between pairs, or between two samples that have nothing to do with each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranks {
    /// What the shift is the median of, sorted: means of two differences each, or differences of two values each.
    shifts: Vec<f64>,
    /// Values of each sample; one of them for pairs.
    of: Sizes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sizes {
    Pairs(usize),
    Samples(usize, usize),
}

/// Up to so many values the test's distribution is counted out; beyond that it is a normal one, closely.
const COUNTED: usize = 60;

impl Ranks {
    /// The centre of differences within pairs, by signed ranks.
    pub(super) fn pairs(differences: &[f64]) -> Self {
        let means = differences
            .iter()
            .enumerate()
            .flat_map(|(place, one)| differences[place..].iter().map(move |other| f64::midpoint(*one, *other)));
        Self::sorted(means.collect(), Sizes::Pairs(differences.len()))
    }

    /// How far the first sample lies above the second, by the sum of ranks.
    pub(super) fn samples(above: &[f64], below: &[f64]) -> Self {
        let shifts = above.iter().flat_map(|high| below.iter().map(move |low| high - low));
        Self::sorted(shifts.collect(), Sizes::Samples(above.len(), below.len()))
    }

    fn sorted(mut shifts: Vec<f64>, of: Sizes) -> Self {
        shifts.sort_by(f64::total_cmp);
        Self { shifts, of }
    }

    /// The shift; 0 of nothing.
    pub(super) fn shift(&self) -> f64 {
        let n = self.shifts.len();
        match n {
            0 => 0.0,
            n if n % 2 == 1 => self.shifts[n / 2],
            n => f64::midpoint(self.shifts[n / 2 - 1], self.shifts[n / 2]),
        }
    }

    /// Lower and upper bound, each with this confidence.
    ///
    /// # Errors
    ///
    /// If there are too few values for so much confidence.
    pub(super) fn bounds(&self, confidence: f64) -> Result<[f64; 2], &'static str> {
        let outside = 1.0 - confidence;
        let cut = match self.of {
            Sizes::Pairs(n) if n <= COUNTED => cut(&signed_ranks(n), outside),
            Sizes::Pairs(n) => {
                let n = n as f64;
                near(n * (n + 1.0) / 4.0, (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt(), outside)
            }
            Sizes::Samples(m, n) if m.max(n) <= COUNTED => cut(&rank_sums(m, n), outside),
            Sizes::Samples(m, n) => {
                let (m, n) = (m as f64, n as f64);
                near(m * n / 2.0, (m * n * (m + n + 1.0) / 12.0).sqrt(), outside)
            }
        };
        match cut {
            0 => Err("too few samples for so much confidence"),
            cut => Ok([self.shifts[cut - 1], self.shifts[self.shifts.len() - cut]]),
        }
    }

    /// Samples, of each of two, that a true shift needs to be seen: with this confidence, in this share of the trials.
    ///
    /// Noether, Sample size determination for some common nonparametric tests, JASA 82 (1987). How often a shifted value
    /// lies above is counted among those that are here, so that no distribution is assumed.
    pub(super) fn needed(&self, shift: f64, confidence: f64, seen_in: f64) -> Option<usize> {
        let centre = self.shift();
        let least = match self.of {
            Sizes::Pairs(n) => n,
            Sizes::Samples(m, n) => m.min(n),
        };
        if least < 2 || shift <= 0.0 {
            return None;
        }
        let above = self.shifts.iter().filter(|each| *each - centre + shift > 0.0).count();
        let lead = above as f64 / self.shifts.len() as f64 - 0.5;
        if lead <= 0.0 {
            return None;
        }
        let sum = students_t(confidence, f64::INFINITY) + students_t(seen_in, f64::INFINITY);
        let per = if matches!(self.of, Sizes::Pairs(_)) { 3.0 } else { 6.0 };
        let least = self.least(confidence);
        Some(((sum * sum / (per * lead * lead)).ceil() as usize).max(least))
    }

    /// The fewest values with which bounds of this confidence exist.
    fn least(&self, confidence: f64) -> usize {
        let outside = 1.0 - confidence;
        (2..COUNTED)
            .find(|n| match self.of {
                Sizes::Pairs(_) => cut(&signed_ranks(*n), outside) > 0,
                Sizes::Samples(..) => cut(&rank_sums(*n, *n), outside) > 0,
            })
            .unwrap_or(COUNTED)
    }
}

/// How many of the sorted shifts lie outside: the largest number so that the statistic is below it by luck in this share of
/// trials at most.
fn cut(shares: &[f64], outside: f64) -> usize {
    let mut sum = 0.0;
    let within = shares.iter().take_while(|share| {
        sum += **share;
        sum <= outside
    });
    within.count()
}

/// The same from a normal distribution.
fn near(mean: f64, deviation: f64, outside: f64) -> usize {
    (mean + students_t(outside, f64::INFINITY) * deviation - 0.5).floor().max(0.0) as usize
}

/// Shares of all signs in which the ranks with a plus sum to 0, 1, 2, …
fn signed_ranks(n: usize) -> Vec<f64> {
    let mut shares = vec![0.0; n * (n + 1) / 2 + 1];
    shares[0] = 1.0;
    for rank in 1..=n {
        for sum in (0..shares.len()).rev() {
            let with = if sum >= rank { shares[sum - rank] } else { 0.0 };
            shares[sum] = (shares[sum] + with) / 2.0;
        }
    }
    shares
}

/// Shares of all orders of two samples in which 0, 1, 2, … pairs stand the other way round.
///
/// The generating function is a Gaussian binomial: multiplied by `1 − x^(n+i)` and divided by `1 − x^i` for each `i` to `m`.
fn rank_sums(m: usize, n: usize) -> Vec<f64> {
    let mut ways = vec![0.0_f64; m * n + 1];
    ways[0] = 1.0;
    // One value of the first sample after the other; each row is divided so that it stays a share.
    for one in 1..=m {
        for sum in (one + n..ways.len()).rev() {
            ways[sum] -= ways[sum - one - n];
        }
        for sum in one..ways.len() {
            ways[sum] += ways[sum - one];
        }
        let all: f64 = ways.iter().take(one * n + 1).sum();
        ways.iter_mut().for_each(|share| *share /= all);
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_are_those_of_the_tables() {
        // P(W <= 2), n = 5: 3 of 32. P(U <= 1), 3 and 4: 2 of 35.
        let sum = |shares: Vec<f64>, to: usize| shares.iter().take(to + 1).sum::<f64>();
        assert!((sum(signed_ranks(5), 2) - 3.0 / 32.0).abs() < 1e-12);
        assert!((sum(rank_sums(3, 4), 1) - 2.0 / 35.0).abs() < 1e-12);
        for shares in [
            signed_ranks(COUNTED),
            rank_sums(COUNTED, COUNTED),
            rank_sums(7, COUNTED),
        ] {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(shares.iter().zip(shares.iter().rev()).all(|(a, b)| (a - b).abs() < 1e-9 && *a >= -1e-12));
        }
    }

    #[test]
    fn bounds_are_those_of_the_tests() {
        // Signed ranks of 6 values: P(W <= 2) = 3/64 is within 5 %, P(W <= 3) = 5/64 is not: three means are cut.
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 60.0];
        let ranks = Ranks::pairs(&values);
        assert_eq!(ranks.bounds(0.95), Ok([2.0, 32.0]));
        assert_eq!(ranks.shift(), 3.5);
        assert!(Ranks::pairs(&values[..4]).bounds(0.95).is_err());
        // The counted and the near distribution cut alike.
        for n in [40, 60] {
            let (n, m) = (n as f64, signed_ranks(n));
            let mean = n * (n + 1.0) / 4.0;
            let counted = cut(&m, 0.05) as f64;
            let near = near(mean, (mean * (2.0 * n + 1.0) / 6.0).sqrt(), 0.05) as f64;
            assert!((counted - near).abs() <= 1.5, "{counted} {near}");
        }
        let [low, high] = Ranks::samples(&[5.0, 6.0, 7.0, 8.0], &[1.0, 2.0, 3.0, 4.0]).bounds(0.95).expect("bounds");
        assert!(low > 1.0 && low < 4.0 && high > 4.0 && high < 7.0, "{low} {high}");
    }
}
