//! Stationary excess: the offered load over the day for handle times of any distribution. What a contact of an earlier
//! interval still adds is a matter of its age, so each age is integrated once and used for all intervals.

use super::quadrature::{integrate, integrate_tail};
use super::{Before, OfferedLoad, amount};

/// Moments looked at in each interval.
const LOOKS: usize = 16;

/// Offered load as in [`offered_load()`](super::offered_load()), for handle times of any distribution, given as `survival`: the share that lasts
/// longer than so many seconds.
///
/// Uses m(t) = Σ λᵢ (I(age of the interval's start) - I(age of its end)), I(x) = ∫₀ˣ survival = E\[S\] × the distribution of
/// the stationary excess of S. The mean is integrated numerically, the maximum taken over 17 moments of each interval.
/// Contacts older than 4096 intervals (or 8 rounds of `per_s`, if longer) count as if they had come at the mean rate
/// ([`Before::Repeats`]), at the first ([`Before::Steady`]), or not at all.
///
/// Without intervals the result is empty; if `survival` has no finite mean, loads are infinite.
///
/// Source: S. Eick, W. Massey and W. Whitt, Operations Research 41 (1993).
pub fn offered_load_general(
    per_s: &[f64],
    interval_s: f64,
    survival: impl Fn(f64) -> f64,
    before: Before,
) -> Vec<OfferedLoad> {
    let survival = |x: f64| amount(survival(x)).min(1.0);
    let interval_s = amount(interval_s);
    let rates: Vec<f64> = per_s.iter().map(|&rate| amount(rate)).collect();
    let handle_s = integrate_tail(&survival);
    if !(interval_s > 0.0 && interval_s.is_finite() && handle_s.is_finite() && handle_s > 0.0) {
        let load = |&rate: &f64| if rate > 0.0 { rate * handle_s } else { 0.0 };
        return rates.iter().map(|rate| OfferedLoad { mean: load(rate), max: load(rate) }).collect();
    }
    let most = 4096.max(8 * rates.len());
    let ages = busy_by_age(&survival, interval_s, handle_s, most);
    let kept = ages.len() - 1;
    let oldest = match before {
        Before::Empty => 0.0,
        Before::Steady => rates.first().copied().unwrap_or(0.0),
        Before::Repeats => rates.iter().sum::<f64>() / rates.len().max(1) as f64,
    };
    let rate = |now: usize, age: usize| match (age <= now, before) {
        (true, _) => rates[now - age],
        (false, Before::Empty) => 0.0,
        (false, Before::Steady) => rates[0],
        (false, Before::Repeats) => rates[(now + rates.len() - age % rates.len()) % rates.len()],
    };
    let load = |now: usize| {
        // Busy at each look, and the mean in the last place.
        let mut busy = ages[kept].map(|share| oldest * (handle_s - share).max(0.0));
        for age in 0..=kept {
            let per_s = rate(now, age);
            for (look, busy) in busy.iter_mut().enumerate() {
                let younger = if age > 0 { ages[age - 1][look] } else { 0.0 };
                *busy += per_s * (ages[age][look] - younger);
            }
        }
        OfferedLoad {
            mean: busy[LOOKS + 1],
            max: busy[..=LOOKS].iter().fold(0.0, |most, &busy| busy.max(most)),
        }
    };
    (0..rates.len()).map(load).collect()
}

/// I(x) at x = age × interval + each look, and in the last place its mean over the interval; until nothing is left to
/// come, or `most` ages.
fn busy_by_age(survival: &impl Fn(f64) -> f64, interval_s: f64, handle_s: f64, most: usize) -> Vec<[f64; LOOKS + 2]> {
    let width = interval_s / LOOKS as f64;
    let (mut ages, mut busy) = (Vec::new(), 0.0);
    loop {
        let mut age = [busy; LOOKS + 2];
        let mut sum = 0.0;
        for look in 0..LOOKS {
            let from = (ages.len() * LOOKS + look) as f64 * width;
            // The integral of I over a cell: width × I(from) + ∫ (to - x) survival(x) dx.
            sum += width * busy + integrate(&|x| (width - x) * survival(from + x), 0.0, width);
            busy += integrate(&|x| survival(from + x), 0.0, width);
            age[look + 1] = busy;
        }
        age[LOOKS + 1] = sum / interval_s;
        ages.push(age);
        if handle_s - age[0] <= 1e-12 * handle_s || ages.len() > most {
            return ages;
        }
    }
}
