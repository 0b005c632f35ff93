//! The check: what was observed, held against what learnt worlds show when they are simulated, luck included.
//!
//! The emulator has no say in it. Far from the worlds that it was fitted to it may say anything, and what it says there would
//! explain whatever was observed.

use super::emulator::Number;
use super::found::Band;
use super::infer::Value;
use super::likelihood::{Kind, Spread};
use crate::sensitivity::interval::quantile;

/// So many standard deviations out it contradicts what was known before: once in fifteen thousand it would be by chance.
pub const SURPRISING: f64 = 4.0;
/// Draws behind a band, at least.
const DRAWS: usize = 512;
/// A step that fills an interval evenly: the golden ratio.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// What learnt worlds say of a number: its band, and how probable it is to lie as far out, on either side.
///
/// Of each world is told how many it was, and among how many simulated accounts.
pub fn check(number: Number, value: Value, worlds: &[(f64, f64)]) -> (Band, f64) {
    let (rates, misfit) = rates(number, worlds);
    let spread = Spread {
        kind: number.kind,
        of: value.of,
        overdispersion: number.overdispersion,
        misfit,
    };
    let (n, each) = (rates.len().max(1), DRAWS.div_ceil(rates.len().max(1)));
    let (mut below, mut above) = (0.0, 0.0);
    let mut numbers: Vec<f64> = Vec::with_capacity(n * each);
    for rate in rates {
        let predictor = number.kind.of_rate(rate);
        let (upto, from) = spread.tails(value.value, predictor);
        below += upto / n as f64;
        above += from / n as f64;
        let mean = spread.mean(predictor);
        let deviation = spread.variance(mean).0.sqrt();
        let most = if number.kind == Kind::Share {
            value.of
        } else {
            f64::INFINITY
        };
        for _ in 0..each {
            let luck = normal(((numbers.len() + 1) as f64 * GOLDEN).fract());
            numbers.push((mean + luck * deviation).clamp(0.0, most));
        }
    }
    (band(&mut numbers), (2.0 * below.min(above)).min(1.0))
}

/// How many standard deviations a number lies from what worlds as known before the pilot show, luck included, on the scale on
/// which worlds are told apart.
///
/// With ranges wide enough anything can be learnt; what lies that far out contradicts what was known, and a forecast from it
/// is not to be trusted (Evans and Moshonov, Checking for prior-data conflict, Bayesian Analysis 1, 2006).
pub fn surprise(number: Number, value: Value, worlds: &[(f64, f64)]) -> f64 {
    let Number { kind, overdispersion } = number;
    let (rates, misfit) = rates(number, worlds);
    let n = rates.len().max(1) as f64;
    // Half an account more, so that none is not infinitely far out.
    let least = 0.5 / accounts_of(worlds);
    let predictors: Vec<f64> = rates.iter().map(|rate| kind.of_rate(rate.max(least))).collect();
    let mean = predictors.iter().sum::<f64>() / n;
    let variance = predictors.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let of = value.of.max(1.0);
    let expected = (kind.rate(mean) * of).max(0.5);
    let luck = overdispersion / kind.slope(expected, of);
    let seen = kind.of_rate(((value.value + 0.5) / (of + 1.0)).max(least));
    (seen - mean) / (variance + luck + misfit).sqrt().max(f64::MIN_POSITIVE)
}

/// The rates or shares of worlds as they would be without the luck of each, and the variance of a predictor by what luck
/// leaves of all of them together.
///
/// Worlds differ by what they are and by luck. They are drawn together until the luck is out: the luck of the pilot, which
/// has other accounts, comes on top.
fn rates(number: Number, worlds: &[(f64, f64)]) -> (Vec<f64>, f64) {
    let Number { kind, overdispersion } = number;
    let n = worlds.len().max(1) as f64;
    let accounts = accounts_of(worlds);
    let counted: f64 = worlds.iter().map(|(count, _)| count).sum();
    let pooled = kind.rate(kind.predictor(counted, accounts));
    let rates: Vec<f64> = worlds.iter().map(|(count, accounts)| count / accounts.max(1.0)).collect();
    let mean = rates.iter().sum::<f64>() / n;
    let variance = rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let of = accounts / n;
    let luck = overdispersion * kind.slope(pooled * of, of) / (of * of);
    let kept = if variance > luck {
        (1.0 - luck / variance).sqrt()
    } else {
        0.0
    };
    let drawn = rates.iter().map(|rate| (pooled + kept * (rate - mean)).max(0.0));
    (drawn.collect(), overdispersion / kind.slope(pooled * accounts, accounts))
}

/// Accounts of all worlds together.
fn accounts_of(worlds: &[(f64, f64)]) -> f64 {
    worlds.iter().map(|(_, accounts)| accounts.max(1.0)).sum::<f64>().max(1.0)
}

/// The band of some numbers.
pub fn band(numbers: &mut [f64]) -> Band {
    numbers.sort_by(f64::total_cmp);
    [0.05, 0.5, 0.95].map(|share| quantile(numbers, share))
}

/// The normal score of a share.
fn normal(share: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    Normal::standard().inverse_cdf(share.clamp(1e-6, 1.0 - 1e-6))
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution, Poisson, StandardNormal};

    use super::*;
    use crate::calibrate::found::IMPROBABLE;
    use crate::random::{Purpose, Seed};

    const COUNT: Number = Number { kind: Kind::Count, overdispersion: 1.0 };

    fn value(value: f64, of: f64) -> Value {
        Value { kind: Kind::Count, value, of, group: 0 }
    }

    /// Worlds of many accounts and of few, which differ much and hardly: one in a hundred numbers that they could have shown
    /// is not explained.
    #[test]
    fn numbers_that_a_learnt_world_shows_are_explained() {
        for (accounts, of, differ) in [
            (2_000.0, 2_000.0, 0.3),
            (2_000.0, 100_000.0, 0.2),
            (8_000.0, 2_000.0, 0.05),
        ] {
            let mut luck = Seed::new(3, accounts as u32).draw(0, Purpose::Bootstrap, 0);
            let mut count = |accounts: f64| -> f64 {
                let score: f64 = StandardNormal.sample(&mut luck);
                let mean = accounts * 0.02 * (differ * score).exp();
                Poisson::new(mean).expect("a mean").sample(&mut luck)
            };
            let worlds: Vec<(f64, f64)> = (0..256).map(|_| (count(accounts), accounts)).collect();
            let tails = (0..1_000).map(|_| check(COUNT, value(count(of), of), &worlds).1);
            let unexplained = tails.filter(|tail| *tail < IMPROBABLE).count();
            assert!(unexplained <= 50, "{unexplained} of 1,000: {accounts} {of} {differ}");
        }
    }

    #[test]
    fn a_number_far_from_what_was_known_is_a_surprise_and_one_at_the_end_of_it_is_none() {
        // 20 to 180 of 2,000.
        let worlds: Vec<(f64, f64)> =
            (1..=64).map(|world| (20.0 * 9.0_f64.powf(f64::from(world) / 64.0), 2_000.0)).collect();
        let seen = |count: f64| surprise(COUNT, value(count, 2_000.0), &worlds);
        assert!(seen(60.0).abs() < 0.3, "{}", seen(60.0));
        assert!(seen(180.0) > 1.0 && seen(180.0) < 2.5 && seen(20.0) < -1.0, "{}", seen(180.0));
        assert!(seen(2_000.0) > SURPRISING && seen(0.0) < -SURPRISING, "{} {}", seen(2_000.0), seen(0.0));
    }

    #[test]
    fn what_no_world_shows_is_not_explained() {
        let worlds: Vec<(f64, f64)> = (0..64).map(|world| (f64::from(world % 9), 2_000.0)).collect();
        let (band, tail) = check(COUNT, value(2_000.0, 2_000.0), &worlds);
        assert!(tail < 1e-6 && band[2] < 20.0, "{tail} {band:?}");
        assert!(check(COUNT, value(4.0, 2_000.0), &worlds).1 > 0.5);
        // Where hardly anything happens little is known of a pilot with many more accounts.
        let never = [(0.0, 100.0); 64];
        assert!(check(COUNT, value(30.0, 1e6), &never).1 > IMPROBABLE);
        assert!(check(COUNT, value(30.0, 100.0), &never).1 < IMPROBABLE);
        let share = Number { kind: Kind::Share, ..COUNT };
        let all = [(100.0, 100.0); 64];
        let (band, tail) = check(share, Value { kind: Kind::Share, ..value(500.0, 500.0) }, &all);
        assert!(tail > 0.5 && band[2] <= 500.0, "{tail} {band:?}");
    }
}
