//! How likely an observed number is, given what is expected.
//!
//! Counts are negative binomial, shares of a known number of accounts beta-binomial. Both are spread wider than chance
//! alone spreads them: by so much as replications of the simulator differ among each other (`overdispersion`, a factor on
//! the variance), and by how far the emulator may be off (`misfit`, a variance on the scale of the predictor).

use statrs::function::beta::{beta_reg, ln_beta};
use statrs::function::gamma::ln_gamma;

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How often something happened among the accounts: the predictor is the logarithm of the rate for each.
    Count,
    /// How many of the accounts it happened to: the predictor is the log odds of the share.
    Share,
}

/// How a number is spread about what is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Kind of the number.
    pub kind: Kind,
    /// Accounts it is among.
    pub of: f64,
    /// Variance as a multiple of that of a Poisson or binomial number; at least 1.
    pub overdispersion: f64,
    /// Variance of the predictor itself.
    pub misfit: f64,
}

/// Predictors are kept within these: nobody sees a rate beyond.
const MOST: f64 = 30.0;

impl Kind {
    /// The predictor of a number among so many; half of one is added, so that nothing has a predictor as well.
    pub fn predictor(self, number: f64, of: f64) -> f64 {
        match self {
            Self::Count => ((number + 0.5) / of.max(1.0)).ln(),
            Self::Share => ((number + 0.5) / (of - number + 0.5).max(0.5)).ln(),
        }
    }

    /// The predictor of a rate or share.
    pub fn of_rate(self, rate: f64) -> f64 {
        match self {
            Self::Count => rate.max(1e-12).ln(),
            Self::Share => {
                let share = rate.clamp(1e-12, 1.0 - 1e-12);
                (share / (1.0 - share)).ln()
            }
        }
    }

    /// The rate or share of a predictor.
    pub fn rate(self, predictor: f64) -> f64 {
        let predictor = predictor.clamp(-MOST, MOST);
        match self {
            Self::Count => predictor.exp(),
            Self::Share => 1.0 / (1.0 + (-predictor).exp()),
        }
    }

    /// The variance of the number by chance alone, which is also by how much the mean rises with the predictor.
    pub fn slope(self, mean: f64, of: f64) -> f64 {
        match self {
            Self::Count => mean,
            Self::Share => mean * (1.0 - mean / of).max(1e-12),
        }
        .max(1e-12)
    }
}

impl Spread {
    /// What is expected at a predictor.
    pub fn mean(&self, predictor: f64) -> f64 {
        self.of * self.kind.rate(predictor)
    }

    /// Its variance, and by how much the mean rises with the predictor.
    pub fn variance(&self, mean: f64) -> (f64, f64) {
        let slope = self.kind.slope(mean, self.of);
        (self.overdispersion * slope + slope * slope * self.misfit, slope)
    }

    /// The logarithm of the probability of a number.
    pub fn ln_likelihood(&self, number: f64, predictor: f64) -> f64 {
        let mean = self.mean(predictor).max(1e-9);
        match self.kind {
            Kind::Count => match self.size(mean) {
                Some(size) => {
                    ln_gamma(number + size) - ln_gamma(size) - ln_gamma(number + 1.0)
                        + size * (size / (size + mean)).ln()
                        + number * (mean / (size + mean)).ln()
                }
                None => number * mean.ln() - mean - ln_gamma(number + 1.0),
            },
            Kind::Share => {
                let choose = -ln_beta(number + 1.0, self.of - number + 1.0) - (self.of + 1.0).ln();
                match self.beta(mean) {
                    Some((a, b)) => choose + ln_beta(number + a, self.of - number + b) - ln_beta(a, b),
                    None => {
                        let share = (mean / self.of).clamp(1e-12, 1.0 - 1e-12);
                        choose + number * share.ln() + (self.of - number) * (1.0 - share).ln()
                    }
                }
            }
        }
    }

    /// The probability of this number or less, and of this number or more.
    pub fn tails(&self, number: f64, predictor: f64) -> (f64, f64) {
        let mean = self.mean(predictor).max(1e-9);
        let below = |number: f64| if number < 0.0 { 0.0 } else { self.at_most(number, mean) };
        let upto = below(number);
        (upto, (1.0 - below(number - 1.0)).clamp(0.0, 1.0))
    }

    fn at_most(&self, number: f64, mean: f64) -> f64 {
        match self.kind {
            Kind::Count => match self.size(mean) {
                Some(size) => beta_reg(size, number + 1.0, (size / (size + mean)).clamp(0.0, 1.0)),
                None => statrs::function::gamma::gamma_ur(number + 1.0, mean),
            },
            // A beta-binomial tail is a long sum: that of a normal number of the same mean and variance is told.
            Kind::Share => normal_below((number + 0.5 - mean) / self.variance(mean).0.sqrt()),
        }
    }

    /// Shape of the negative binomial with the variance; `None` if it is a Poisson number.
    fn size(&self, mean: f64) -> Option<f64> {
        let beyond = self.variance(mean).0 - mean;
        (beyond > 1e-6 * mean).then(|| mean * mean / beyond)
    }

    /// Parameters of the beta-binomial with the variance; `None` if it is a binomial number.
    fn beta(&self, mean: f64) -> Option<(f64, f64)> {
        let share = (mean / self.of).clamp(1e-12, 1.0 - 1e-12);
        let binomial = self.of * share * (1.0 - share);
        let alike = ((self.variance(mean).0 / binomial - 1.0) / (self.of - 1.0).max(1.0)).clamp(0.0, 0.999);
        (alike > 1e-12).then(|| {
            let both = 1.0 / alike - 1.0;
            (share * both, (1.0 - share) * both)
        })
    }
}

/// The share of a standard normal number below a value.
fn normal_below(value: f64) -> f64 {
    0.5 * statrs::function::erf::erfc(-value / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(spread: Spread, predictor: f64, upto: u32) -> (f64, f64, f64) {
        let of = |number: u32| spread.ln_likelihood(f64::from(number), predictor).exp();
        let all: f64 = (0..=upto).map(of).sum();
        let mean: f64 = (0..=upto).map(|number| f64::from(number) * of(number)).sum();
        let square: f64 = (0..=upto).map(|number| f64::from(number).powi(2) * of(number)).sum();
        (all, mean, square - mean * mean)
    }

    #[test]
    fn numbers_have_the_mean_and_the_variance_they_are_said_to_have() {
        for (kind, of, predictor) in [
            (Kind::Count, 1000.0, -4.0),
            (Kind::Share, 200.0, -1.0),
            (Kind::Share, 40.0, 1.5),
        ] {
            for (overdispersion, misfit) in [(1.0, 0.0), (2.5, 0.0), (1.5, 0.02)] {
                let spread = Spread { kind, of, overdispersion, misfit };
                let upto = if kind == Kind::Share { of as u32 } else { 400 };
                let (all, mean, variance) = moments(spread, predictor, upto);
                let expected = spread.mean(predictor);
                assert!((all - 1.0).abs() < 1e-6 && (mean / expected - 1.0).abs() < 1e-6, "{all} {mean} {expected}");
                let wanted = spread.variance(expected).0;
                assert!((variance / wanted - 1.0).abs() < 1e-4, "{kind:?}: {variance} for {wanted}");
            }
        }
    }

    #[test]
    fn tails_add_up_to_one_and_the_number_itself() {
        for kind in [Kind::Count, Kind::Share] {
            let spread = Spread { kind, of: 500.0, overdispersion: 1.7, misfit: 0.01 };
            let (below, above) = spread.tails(20.0, -3.0);
            let itself = spread.ln_likelihood(20.0, -3.0).exp();
            assert!((below + above - 1.0 - itself).abs() < 0.01, "{below} {above} {itself}");
        }
    }

    #[test]
    fn a_number_has_its_predictor() {
        assert!((Kind::Count.rate(Kind::Count.predictor(99.5, 1000.0)) - 0.1).abs() < 1e-9);
        assert!((Kind::Share.rate(Kind::Share.predictor(500.0, 1000.0)) - 0.5).abs() < 1e-9);
    }
}
