//! Pace: how many requests are asked for at which second of a test.

use serde::{Deserialize, Serialize};

use crate::numbers::grouped;

/// The rate that is asked for, over the time of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// The same all the time, in requests per second.
    Steady(f64),
    /// Rising or falling in a line, from one rate to the other.
    Ramp {
        /// At the start, in requests per second.
        from: f64,
        /// At the end.
        to: f64,
    },
    /// One rate after the other, each for the same time.
    Steps(Vec<f64>),
}

impl Pace {
    /// The rate in words.
    pub fn words(&self) -> String {
        let per_s = |rate: &f64| format!("{} requests/s", grouped(*rate));
        match self {
            Self::Steady(rate) => per_s(rate),
            Self::Ramp { from, to } => format!("{} rising or falling to {}", per_s(from), per_s(to)),
            Self::Steps(rates) => rates.iter().map(per_s).collect::<Vec<_>>().join(", then "),
        }
    }

    /// Requests asked for in the first `time_s` seconds of a test of `duration_s` seconds.
    pub fn asked(&self, time_s: f64, duration_s: f64) -> f64 {
        match self {
            Self::Steady(rate) => rate * time_s,
            Self::Ramp { from, to } => from * time_s + (to - from) * time_s * time_s / (2.0 * duration_s),
            Self::Steps(rates) => {
                let each = duration_s / rates.len() as f64;
                let within = |(number, rate): (usize, &f64)| rate * (time_s - number as f64 * each).clamp(0.0, each);
                rates.iter().enumerate().map(within).sum()
            }
        }
    }

    /// The rate asked for at a time, in requests per second.
    pub fn rate(&self, time_s: f64, duration_s: f64) -> f64 {
        match self {
            Self::Steady(rate) => *rate,
            Self::Ramp { from, to } => from + (to - from) * time_s / duration_s,
            Self::Steps(rates) => {
                let step = (time_s / duration_s * rates.len() as f64) as usize;
                rates.get(step).or(rates.last()).copied().unwrap_or(0.0)
            }
        }
    }

    /// When so many requests have been asked for, in seconds from the start: the inverse of [`asked`](Self::asked).
    pub fn due_s(&self, requests: f64, duration_s: f64) -> f64 {
        match self {
            Self::Steady(rate) => requests / rate,
            Self::Ramp { from, to } => {
                let bend = (to - from) / (2.0 * duration_s);
                // The root of a quadratic, in the form that does not cancel.
                2.0 * requests / (from + (from * from + 4.0 * bend * requests).max(0.0).sqrt())
            }
            Self::Steps(rates) => {
                let each = duration_s / rates.len() as f64;
                let mut left = requests;
                for (number, rate) in rates.iter().enumerate() {
                    if left <= rate * each {
                        return number as f64 * each + left / rate;
                    }
                    left -= rate * each;
                }
                duration_s + left / rates.last().copied().unwrap_or(1.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paces() -> impl Strategy<Value = Pace> {
        let rate = 1.0..50_000.0;
        prop_oneof![
            rate.clone().prop_map(Pace::Steady),
            (rate.clone(), rate.clone()).prop_map(|(from, to)| Pace::Ramp { from, to }),
            proptest::collection::vec(rate, 1..6).prop_map(Pace::Steps),
        ]
    }

    proptest! {
        #[test]
        fn due_is_the_inverse_of_asked(pace in paces(), duration_s in 0.5..3600.0, part in 0.0..1.0) {
            let time_s = part * duration_s;
            let due_s = pace.due_s(pace.asked(time_s, duration_s), duration_s);
            prop_assert!((due_s - time_s).abs() < 1e-6 * duration_s, "{} {}", due_s, time_s);
        }

        #[test]
        fn asked_adds_up_the_rate(pace in paces(), duration_s in 0.5..3600.0) {
            let steps = 60_000;
            let step_s = duration_s / f64::from(steps);
            let sum: f64 = (0..steps).map(|n| pace.rate((f64::from(n) + 0.5) * step_s, duration_s) * step_s).sum();
            let asked = pace.asked(duration_s, duration_s);
            prop_assert!((sum / asked - 1.0).abs() < 1e-3, "{} {}", sum, asked);
        }
    }
}
