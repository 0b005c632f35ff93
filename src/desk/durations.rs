//! Durations drawn from the distributions that a scenario states.

use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Exp1, Gamma, LogNormal, Weibull};
use statrs::function::gamma::gamma;

use crate::calendar::Span;
use crate::values::{Duration, Patience, WorkS};

/// A distribution of durations, its constants worked out.
#[derive(Clone, Debug)]
pub enum Sampler {
    /// Mean in seconds.
    Exponential(f64),
    /// In seconds.
    Lognormal(LogNormal<f64>),
    /// In seconds.
    Gamma(Gamma<f64>),
    /// In seconds.
    Weibull(Weibull<f64>),
    /// In seconds.
    Constant(f64),
    /// Values in milliseconds, each as likely as the other.
    Empirical(Arc<[u32]>),
}

impl Sampler {
    /// The distribution that a scenario states.
    pub fn new(duration: &Duration) -> Self {
        // Means and spreads are positive by their types, so every distribution below exists.
        let otherwise = Self::Constant(duration.mean_s());
        match duration {
            Duration::Exponential(mean) => Self::Exponential(mean.mean_s.get()),
            Duration::Constant(mean) => Self::Constant(mean.mean_s.get()),
            Duration::Lognormal(spread) => {
                LogNormal::from_mean_cv(spread.mean_s.get(), spread.cv.get()).map_or(otherwise, Self::Lognormal)
            }
            Duration::Gamma(spread) => {
                let shape = spread.cv.get().powi(-2);
                Gamma::new(shape, spread.mean_s.get() / shape).map_or(otherwise, Self::Gamma)
            }
            Duration::Weibull(shaped) => {
                let shape = shaped.shape.get();
                let scale = shaped.mean_s.get() / gamma(1.0 + 1.0 / shape);
                Weibull::new(scale, shape).map_or(otherwise, Self::Weibull)
            }
            Duration::Empirical(empirical) => Self::Empirical(Arc::clone(&empirical.values_ms)),
        }
    }

    /// The distribution of a patience, or `None` if it is endless.
    pub fn patience(patience: &Patience) -> Option<Self> {
        patience.duration().as_ref().map(Self::new)
    }

    /// Exponential after-contact work with this mean in seconds, or `None` if there is none.
    pub fn after_work(mean_s: WorkS) -> Option<Self> {
        (mean_s.get() > 0.0).then(|| Self::Exponential(mean_s.get()))
    }

    /// One duration, to the millisecond; at most 100 years, so that times stay finite (a numerical device).
    #[inline]
    pub fn sample(&self, draw: &mut impl Rng) -> Span {
        // The most frequent by far is kept where it is drawn.
        let seconds = match self {
            Self::Exponential(mean) => {
                let unit: f64 = Exp1.sample(draw);
                mean * unit
            }
            _ => self.sample_other(draw),
        };
        Span::from_seconds(seconds.min(3.2e9))
    }

    /// Seconds from a distribution that is not exponential.
    #[inline(never)]
    fn sample_other(&self, draw: &mut impl Rng) -> f64 {
        match self {
            Self::Exponential(mean) | Self::Constant(mean) => *mean,
            Self::Lognormal(distribution) => distribution.sample(draw),
            Self::Gamma(distribution) => distribution.sample(draw),
            Self::Weibull(distribution) => distribution.sample(draw),
            Self::Empirical(values_ms) => {
                let place = (u64::from(draw.next_u32()) * values_ms.len() as u64) >> 32;
                f64::from(values_ms.get(place as usize).copied().unwrap_or(0)) / 1000.0
            }
        }
    }
}

/// One duration, or none at all.
#[inline]
pub fn sample_if(sampler: Option<&Sampler>, draw: &mut impl Rng) -> Span {
    sampler.map_or(Span::ZERO, |sampler| sampler.sample(draw))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};
    use crate::values::{Empirical, Mean, MeanS, Positive, Shaped, Spread};

    /// Mean and coefficient of variation of 200,000 draws, in seconds.
    fn moments(duration: &Duration) -> (f64, f64) {
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
        let spread = |cv: f64| Spread { mean_s: MeanS::new(300.0), cv: Positive::new(cv) };
        let mean = Mean { mean_s: MeanS::new(300.0) };
        // (distribution, coefficient of variation, allowed relative error of it)
        let cases = [
            (Duration::Exponential(mean), 1.0, 0.02),
            (Duration::Lognormal(spread(1.08)), 1.08, 0.05),
            (Duration::Gamma(spread(0.5)), 0.5, 0.02),
            (Duration::Gamma(spread(1.5)), 1.5, 0.03),
            (Duration::Weibull(Shaped { mean_s: MeanS::new(300.0), shape: Positive::new(0.7) }), 1.4624, 0.03),
            (Duration::Weibull(Shaped { mean_s: MeanS::new(300.0), shape: Positive::new(2.0) }), 0.5227, 0.02),
        ];
        for (duration, cv, allowed) in cases {
            let got = moments(&duration);
            assert!((duration.cv() / cv - 1.0).abs() < 1e-3, "{duration:?}: stated cv {}", duration.cv());
            assert!((got.0 - 300.0).abs() < 4.0, "{duration:?}: mean {}", got.0);
            assert!((got.1 / cv - 1.0).abs() < allowed, "{duration:?}: cv {}", got.1);
        }
        assert_eq!(moments(&Duration::Constant(mean)), (300.0, 0.0));
        let values = Empirical {
            values_ms: [100_000, 300_000, 500_000].into(),
            ..Empirical::default()
        };
        let (got, cv) = moments(&Duration::Empirical(values.clone()));
        assert!(
            (got - 300.0).abs() < 2.0 && (cv / Duration::Empirical(values).cv() - 1.0).abs() < 0.01,
            "{got} {cv}"
        );
    }
}
