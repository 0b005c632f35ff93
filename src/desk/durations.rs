//! Durations drawn from the distributions that a scenario states.

use rand_distr::{Distribution, Exp1, Gamma, LogNormal};

use crate::calendar::Span;
use crate::random::Draw;
use crate::scenario::values::{Duration, Patience};

/// A distribution of durations, its constants worked out.
#[derive(Clone, Copy, Debug)]
pub enum Sampler {
    /// Mean in seconds.
    Exponential(f64),
    /// In seconds.
    Lognormal(LogNormal<f64>),
    /// In seconds.
    Gamma(Gamma<f64>),
    /// In seconds.
    Constant(f64),
}

impl Sampler {
    /// The distribution that a scenario states.
    pub fn new(duration: Duration) -> Self {
        // Means and spreads are positive by their types, so every distribution below exists.
        match duration {
            Duration::Exponential(mean) => Self::Exponential(mean.mean_s.get()),
            Duration::Constant(mean) => Self::Constant(mean.mean_s.get()),
            Duration::Lognormal(spread) => LogNormal::from_mean_cv(spread.mean_s.get(), spread.cv.get())
                .map_or(Self::Constant(spread.mean_s.get()), Self::Lognormal),
            Duration::Gamma(spread) => {
                let shape = spread.cv.get().powi(-2);
                Gamma::new(shape, spread.mean_s.get() / shape).map_or(Self::Constant(spread.mean_s.get()), Self::Gamma)
            }
        }
    }

    /// The distribution of a patience, or `None` if it is endless.
    pub fn patience(patience: Patience) -> Option<Self> {
        patience.duration().map(Self::new)
    }

    /// One duration, to the millisecond; at most 100 years.
    #[inline]
    pub fn sample(&self, draw: &mut Draw) -> Span {
        let seconds: f64 = match self {
            Self::Exponential(mean) => {
                let unit: f64 = Exp1.sample(draw);
                mean * unit
            }
            Self::Lognormal(distribution) => distribution.sample(draw),
            Self::Gamma(distribution) => distribution.sample(draw),
            Self::Constant(seconds) => *seconds,
        };
        Span::from_seconds(seconds.min(3.2e9))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};
    use crate::scenario::values::{Mean, Positive, Spread};

    /// Mean and coefficient of variation of 200,000 draws, in seconds.
    fn moments(duration: Duration) -> (f64, f64) {
        let sampler = Sampler::new(duration);
        let draws: Vec<f64> = (0..200_000)
            .map(|n| sampler.sample(&mut Seed::new(4, 0).draw(n, Purpose::Contact, 0)).0 as f64 / 1000.0)
            .collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        (mean, variance.sqrt() / mean)
    }

    #[test]
    fn every_distribution_has_its_stated_mean_and_spread() {
        let spread = |cv: f64| Spread { mean_s: Positive::new(300.0), cv: Positive::new(cv) };
        let mean = Mean { mean_s: Positive::new(300.0) };
        // (distribution, coefficient of variation, allowed relative error of it)
        let cases = [
            (Duration::Exponential(mean), 1.0, 0.02),
            (Duration::Lognormal(spread(1.08)), 1.08, 0.05),
            (Duration::Gamma(spread(0.5)), 0.5, 0.02),
            (Duration::Gamma(spread(1.5)), 1.5, 0.03),
        ];
        for (duration, cv, allowed) in cases {
            let got = moments(duration);
            assert!((got.0 - 300.0).abs() < 4.0, "{duration:?}: mean {}", got.0);
            assert!((got.1 / cv - 1.0).abs() < allowed, "{duration:?}: cv {}", got.1);
        }
        assert_eq!(moments(Duration::Constant(mean)), (300.0, 0.0));
    }
}
