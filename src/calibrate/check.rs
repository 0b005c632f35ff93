//! The check: what was observed, held against what learnt worlds say of it, luck included.

use super::found::Band;
use super::infer::{Inferred, Value};
use crate::sensitivity::interval::quantile;

/// A number is not explained if it is less probable than this to lie as far out.
pub const IMPROBABLE: f64 = 0.01;
/// Learnt worlds that are looked at.
const WORLDS: usize = 512;
/// A step that fills an interval evenly: the golden ratio.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// What learnt worlds say of a number: its band, and how probable it is to lie as far out, on either side.
pub fn check(inferred: &Inferred, values: &[Value], place: usize) -> (Band, f64) {
    let evidence = inferred.evidence(values);
    let spread = evidence.spreads[place];
    let places = inferred.posterior.resample(WORLDS);
    let (mut below, mut above) = (0.0, 0.0);
    let mut numbers: Vec<f64> = Vec::with_capacity(WORLDS);
    for (number, at) in places.iter().enumerate() {
        let predictor = inferred.emulator.predictor(place, &inferred.posterior.points[*at]);
        let (upto, from) = spread.tails(values[place].value, predictor);
        below += upto / WORLDS as f64;
        above += from / WORLDS as f64;
        let mean = spread.mean(predictor);
        let luck = normal(((number + 1) as f64 * GOLDEN).fract());
        numbers.push((mean + luck * spread.variance(mean).0.sqrt()).max(0.0));
    }
    (band(&mut numbers), (2.0 * below.min(above)).min(1.0))
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
