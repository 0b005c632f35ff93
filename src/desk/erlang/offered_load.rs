//! Offered load over the day: how many agents would be busy if there were always enough of them (M(t)/G/∞). Staffing by
//! Erlang's formulas at this load, not at the hour's own arrivals × handle time, accounts for work that carries over.

use super::{amount, offered_load_general};

/// Mean number of busy agents in one interval, if no contact ever waited, in erlangs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfferedLoad {
    /// Averaged over the interval.
    pub mean: f64,
    /// At its busiest moment within the interval.
    pub max: f64,
}

/// What went before the first interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing: the desk opens empty.
    Empty,
    /// The first rate, for ever.
    Steady,
    /// The same intervals, over and over: a typical day or week.
    Repeats,
}

/// Offered load of arrivals at `per_s[i]` per second during the i-th interval of `interval_s` seconds, for handle times
/// of mean `handle_s` and squared coefficient of variation `cv2`.
///
/// m(t) = ∫₀^∞ λ(t - u) P(handle > u) du. For exponential handle times (`cv2` = 1) m′ = λ - m/h, which is carried from
/// interval to interval without error. For `cv2` above 1 the handle time is a mixture of two exponential ones with
/// balanced means (each bears half of the load), likewise without error; for `cv2` below 1 it is a fixed time plus an
/// exponential one, see [`offered_load_general`]. Both match mean and variance; m(t) depends on more than these, but
/// little: the first-order lag is E\[S²\] / 2E\[S\].
///
/// Without intervals, or with intervals or handle times of no length, the load of each is its rate × `handle_s`.
///
/// Source: S. Eick, W. Massey and W. Whitt, "The physics of the Mt/G/∞ queue", Operations Research 41 (1993); for
/// balanced means W. Whitt, Operations Research 30 (1982).
pub fn offered_load(per_s: &[f64], interval_s: f64, handle_s: f64, cv2: f64, before: Before) -> Vec<OfferedLoad> {
    let (handle_s, cv2) = (amount(handle_s), amount(cv2).min(1e12));
    if cv2 < 1.0 {
        let exponential_s = handle_s * cv2.sqrt();
        let fixed_s = handle_s - exponential_s;
        let survival = |x: f64| {
            if x <= fixed_s {
                1.0
            } else {
                (-(x - fixed_s) / exponential_s).exp()
            }
        };
        return offered_load_general(per_s, interval_s, survival, before);
    }
    let skew = ((cv2 - 1.0) / (cv2 + 1.0)).sqrt();
    // The shorter kind has the share (1 + skew) / 2 of contacts, and each kind half of the work.
    let parts =
        [handle_s / (1.0 + skew), handle_s / (1.0 - skew)].map(|s| exponential(per_s, interval_s, s, handle_s, before));
    let ends = parts[0].iter().zip(&parts[1]);
    ends.map(|(short, long)| busiest_of_two(short, long, interval_s)).collect()
}

/// Load of one kind of contact over an interval: target + (start - target) e^(-t/time).
struct Relaxing {
    target: f64,
    start: f64,
    time_s: f64,
}

impl Relaxing {
    fn at(&self, t: f64) -> f64 {
        if self.time_s > 0.0 {
            self.target + (self.start - self.target) * (-t / self.time_s).exp()
        } else {
            self.target
        }
    }

    fn mean(&self, interval_s: f64) -> f64 {
        let x = interval_s / self.time_s;
        let share = if x < 1e-300 { 1.0 } else { -(-x).exp_m1() / x };
        if share.is_nan() {
            self.target
        } else {
            self.target + (self.start - self.target) * share
        }
    }
}

/// The recursion for contacts that bear half of the work of `handle_s` and last `time_s` in the mean.
fn exponential(per_s: &[f64], interval_s: f64, time_s: f64, handle_s: f64, before: Before) -> Vec<Relaxing> {
    let targets: Vec<f64> = per_s.iter().map(|&rate| amount(rate) * handle_s * 0.5).collect();
    let run = |first: f64| {
        let mut start = first;
        let step = |&target: &f64| {
            let part = Relaxing { target, start, time_s };
            start = part.at(amount(interval_s));
            part
        };
        targets.iter().map(step).collect::<Vec<_>>()
    };
    match before {
        Before::Empty => run(0.0),
        Before::Steady => run(targets.first().copied().unwrap_or(0.0)),
        Before::Repeats => {
            // What is left of the first start after one round is e^(-round/time) of it.
            let left = run(0.0).last().map_or(0.0, |last| last.at(amount(interval_s)));
            let kept = -(-(per_s.len() as f64) * amount(interval_s) / time_s).exp_m1();
            let mean = targets.iter().sum::<f64>() / targets.len().max(1) as f64;
            run(if kept > 1e-12 { left / kept } else { mean })
        }
    }
}

/// The sum of two kinds; its maximum is at an end, or where one falls as fast as the other rises.
fn busiest_of_two(a: &Relaxing, b: &Relaxing, interval_s: f64) -> OfferedLoad {
    let interval_s = amount(interval_s);
    let at = |t: f64| a.at(t) + b.at(t);
    let (fast, slow) = ((a.start - a.target) / a.time_s, (b.start - b.target) / b.time_s);
    let turn = (-fast / slow).ln() / (1.0 / a.time_s - 1.0 / b.time_s);
    let inner = if turn > 0.0 && turn < interval_s { at(turn) } else { 0.0 };
    OfferedLoad {
        mean: a.mean(interval_s) + b.mean(interval_s),
        max: at(0.0).max(at(interval_s)).max(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::super::close;
    use super::*;

    /// λ(t) = 1 + 0.6 sin γt by small steps: m(t) = h + 0.6 h (sin γt - γh cos γt) / (1 + γ²h²).
    #[test]
    fn the_sinusoid_of_eick_massey_and_whitt() {
        let (steps, handle_s, day) = (960_u32, 3.0, 24.0_f64);
        let (width, gamma) = (day / f64::from(steps), 2.0 * std::f64::consts::PI / day);
        let rates: Vec<f64> = (0..steps).map(|i| 1.0 + 0.6 * (gamma * (f64::from(i) + 0.5) * width).sin()).collect();
        let exact = |t: f64| {
            let lag = gamma * handle_s;
            handle_s + 0.6 * handle_s / (1.0 + lag * lag) * ((gamma * t).sin() - lag * (gamma * t).cos())
        };
        let recursion = offered_load(&rates, width, handle_s, 1.0, Before::Repeats);
        let excess = offered_load_general(&rates, width, |x| (-x / handle_s).exp(), Before::Repeats);
        for (i, (load, general)) in recursion.iter().zip(&excess).enumerate() {
            close(load.mean, exact((i as f64 + 0.5) * width), 1e-5);
            close(general.mean, load.mean, 1e-9);
            close(general.max, load.max, 1e-9);
            assert!(load.max >= load.mean);
        }
        let peak = recursion.iter().map(|load| load.max).fold(0.0, f64::max);
        close(peak, handle_s + 0.6 * handle_s / (1.0 + (gamma * handle_s).powi(2)).sqrt(), 1e-4);
    }

    #[test]
    fn an_opening_desk_fills_as_its_handle_times_end() {
        let load = offered_load(&[2.0, 2.0], 10.0, 5.0, 1.0, Before::Empty);
        close(load[0].max, 10.0 * (1.0 - (-2.0_f64).exp()), 1e-12);
        close(load[0].mean, 10.0 - 5.0 * (1.0 - (-2.0_f64).exp()), 1e-12);
        // Fixed handle time: linear up to 5 s, then full.
        let load = offered_load(&[2.0, 0.0, 0.0], 10.0, 5.0, 0.0, Before::Empty);
        close(load[0].mean, 7.5, 1e-9);
        close(load[0].max, 10.0, 1e-9);
        close(load[1].mean, 2.5, 1e-9);
        assert!(load[2].max < 1e-9);
        for cv2 in [0.0, 0.3, 1.0, 4.0] {
            for load in offered_load(&[2.0; 3], 10.0, 5.0, cv2, Before::Steady) {
                close(load.mean, 10.0, 1e-9);
                close(load.max, 10.0, 1e-9);
            }
        }
    }

    #[test]
    fn two_kinds_of_contact_follow_the_stationary_excess() {
        let rates = [0.2, 1.5, 0.1, 0.0, 3.0];
        let (h, cv2) = (8.0, 5.0_f64);
        let p = 0.5 * (1.0 + ((cv2 - 1.0) / (cv2 + 1.0)).sqrt());
        let mixed = |x: f64| p * (-2.0 * p * x / h).exp() + (1.0 - p) * (-2.0 * (1.0 - p) * x / h).exp();
        for before in [Before::Empty, Before::Steady, Before::Repeats] {
            let recursion = offered_load(&rates, 10.0, h, cv2, before);
            for (got, general) in recursion.iter().zip(offered_load_general(&rates, 10.0, mixed, before)) {
                close(got.mean, general.mean, 1e-9);
                close(got.max, general.max, 2e-3);
            }
        }
    }

    /// Over a round, work in is work done.
    #[test]
    fn a_repeating_day_conserves_work() {
        let rates = [0.0, 1.0, 5.0, 2.0];
        for cv2 in [0.0, 0.5, 1.0, 3.0] {
            for handle_s in [0.1, 7.0, 300.0, 1e5] {
                let load = offered_load(&rates, 10.0, handle_s, cv2, Before::Repeats);
                let mean = load.iter().map(|load| load.mean).sum::<f64>() / 4.0;
                close(mean, 2.0 * handle_s, 1e-6);
            }
        }
    }

    #[test]
    fn no_number_breaks_it() {
        assert!(offered_load(&[], 10.0, 5.0, 1.0, Before::Repeats).is_empty());
        assert!(offered_load(&[], 10.0, 5.0, 0.5, Before::Steady).is_empty());
        for interval_s in [0.0, 1e-9, 1e9] {
            for (handle_s, cv2) in [
                (0.0, 1.0),
                (0.0, 0.0),
                (0.0, 2.0),
                (10.0, 0.5),
                (1e6, 1.0),
                (10.0, 1e300),
            ] {
                for before in [Before::Empty, Before::Steady, Before::Repeats] {
                    for load in offered_load(&[1.0, 0.0, f64::NAN], interval_s, handle_s, cv2, before) {
                        assert!(load.mean >= 0.0 && load.max.is_finite(), "{interval_s} {handle_s} {cv2} {load:?}");
                    }
                }
            }
        }
    }
}
