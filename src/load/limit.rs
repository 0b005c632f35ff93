//! The limit: the highest rate at which a latency is kept.
//!
//! Rates are doubled or halved until one holds and one breaks, then halved between them (on a logarithmic scale) until
//! they are close. Each trial plays the same sequence from a fresh copy of the store. What a trial shows is judged by
//! the share of its requests over the target, second by second: with Student's interval over the seconds (a ratio
//! estimator) the target is surely held, surely broken, or neither; then the rate is tried again, and the seconds of all
//! its trials count.

use super::report::{LimitReport, TrialVerdict};
use super::tally::LoadTally;
use crate::error::{Error, Result};
use crate::measure::statistics::ratio;
use crate::numbers::{grouped, percent};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatencyTarget {
    /// Share of the requests that must keep the latency.
    pub quantile: f64,
    /// The latency, in microseconds.
    pub latency_us: u64,
}

/// Trials at one rate before it counts as undecided.
const TRIALS_AT_A_RATE: usize = 3;
/// Trials in all.
const TRIALS: usize = 24;
/// Two rates so close are one.
const CLOSE: f64 = 1.05;
/// No machine that this runs on is asked for more.
const FASTEST_PER_S: f64 = 2e6;
/// Rates below this are not tried.
const SLOWEST_PER_S: f64 = 1.0;
/// Confidence of the bounds.
const CONFIDENCE: f64 = 0.95;
/// The expected number at whose upper bound none are seen in one of forty cases: −ln 0.025.
const NONE_SEEN: f64 = 3.69;

impl LatencyTarget {
    /// Reads `p99=20ms`.
    ///
    /// # Errors
    ///
    /// What is wrong and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("'{text}' is no target: expected p50, p90, p95, p99 or p99.9 and a latency, as in p99=20ms");
        let (quantile, latency) = text.split_once('=').ok_or_else(wrong)?;
        let quantile = match quantile.trim() {
            "p50" => 0.5,
            "p90" => 0.9,
            "p95" => 0.95,
            "p99" => 0.99,
            "p99.9" | "p999" => 0.999,
            _ => return Err(wrong()),
        };
        Ok(Self {
            quantile,
            latency_us: super::quantity::duration_us(latency.trim())?,
        })
    }

    /// The target in words: `99 % within 20 ms`.
    pub fn words(&self) -> String {
        let ms = self.latency_us as f64 / 1e3;
        format!("{} of the requests within {ms} ms", percent(self.quantile).replace(".0 %", " %"))
    }

    /// Requests on their way above which a trial at this rate has surely missed the target: a queue that takes many times
    /// the latency, and at least two seconds, to work off.
    pub fn flood(&self, rate_per_s: f64) -> u64 {
        (rate_per_s * (20.0 * self.latency_us as f64 / 1e6).max(2.0)) as u64 + 100
    }

    /// Requests over the target and requests, second by second, as a trial's tally has them.
    pub fn seconds(&self, tally: &LoadTally<'_>) -> Vec<(f64, f64)> {
        let first = tally.timing.warm_up_us.div_ceil(tally.slice_us);
        let measured = tally.slices.range(first..).map(|(_, slice)| slice).filter(|slice| slice.due > 0);
        // What the store failed at has no latency, and has not kept the target.
        measured
            .map(|slice| ((slice.above(self.latency_us) + slice.due - slice.measured()) as f64, slice.due as f64))
            .collect()
    }

    /// What the seconds show: lower bound, mean and upper bound of the share over the target, and the verdict.
    pub fn judge(&self, seconds: &[(f64, f64)]) -> ([f64; 3], TrialVerdict) {
        let requests: f64 = seconds.iter().map(|second| second.1).sum();
        let Some(share) = ratio(seconds) else {
            return ([0.0, 0.0, 1.0], TrialVerdict::Undecided);
        };
        // Seconds without a slow request do not show that there are none.
        let least_high = NONE_SEEN / requests;
        let [low, high] = share.ci95.unwrap_or([0.0, 1.0]);
        let bounds = [low.max(0.0), share.mean, high.max(least_high).min(1.0)];
        let allowed = 1.0 - self.quantile;
        let verdict = match bounds {
            [_, _, high] if high <= allowed => TrialVerdict::Held,
            [low, ..] if low > allowed => TrialVerdict::Broke,
            _ => TrialVerdict::Undecided,
        };
        (bounds, verdict)
    }
}

/// What a trial came to, and what to tell of it.
#[derive(Clone, Debug)]
pub struct LimitTrial {
    /// Requests over the target and requests, second by second.
    pub seconds: Vec<(f64, f64)>,
    /// The harness was too slow to tell.
    pub generator_limited: bool,
    /// It ended early, because requests came faster than they were answered.
    pub flooded: bool,
    /// What is told.
    pub trial: super::report::TrialReport,
}

/// Searches for the limit of `store` from `rate_per_s` on; `trial` plays at a rate.
///
/// # Errors
///
/// What a trial fails with.
pub fn search(
    store: &str,
    target: LatencyTarget,
    rate_per_s: f64,
    mut trial: impl FnMut(f64) -> Result<LimitTrial>,
) -> Result<LimitReport> {
    let mut search = LimitSearch {
        target,
        trials: Vec::new(),
        held: None,
        broke: None,
        edge: None,
    };
    let mut next = Some(rate_per_s);
    while let Some(rate) = next {
        let mut seconds = Vec::new();
        for _ in 0..TRIALS_AT_A_RATE {
            let mut shown = trial(rate)?;
            seconds.append(&mut shown.seconds);
            let (bounds, verdict) = target.judge(&seconds);
            shown.trial.over_target_share = bounds;
            shown.trial.verdict = match (shown.generator_limited, shown.flooded) {
                (true, _) => TrialVerdict::Generator,
                (_, true) => TrialVerdict::Broke,
                _ => verdict,
            };
            let verdict = shown.trial.verdict;
            search.trials.push(shown.trial);
            if verdict != TrialVerdict::Undecided || search.trials.len() >= TRIALS {
                break;
            }
        }
        let verdict = search.trials.last().map_or(TrialVerdict::Undecided, |trial| trial.verdict);
        next = search.note(rate, verdict);
    }
    if search.trials.is_empty() {
        Err(Error::Check("no trial was made".to_owned()))
    } else {
        Ok(search.report(store))
    }
}

struct LimitSearch {
    target: LatencyTarget,
    trials: Vec<super::report::TrialReport>,
    held: Option<f64>,
    broke: Option<f64>,
    /// Where it ended without a sure answer, and why.
    edge: Option<(f64, TrialVerdict)>,
}

impl LimitSearch {
    /// Notes what a rate has shown; the next rate, if there is one to try.
    fn note(&mut self, rate: f64, verdict: TrialVerdict) -> Option<f64> {
        match verdict {
            TrialVerdict::Held => self.held = Some(self.held.map_or(rate, |held| held.max(rate))),
            TrialVerdict::Broke => self.broke = Some(self.broke.map_or(rate, |broke| broke.min(rate))),
            // Above a rate that luck decides, and where the harness is too slow, nothing can be found; below it can.
            TrialVerdict::Undecided | TrialVerdict::Generator => self.edge = Some((rate, verdict)),
        }
        if self.trials.len() >= TRIALS {
            return None;
        }
        let ceiling = self.broke.into_iter().chain(self.edge.map(|(rate, _)| rate)).reduce(f64::min);
        let next = match (self.held, ceiling) {
            (Some(held), None) => held * 2.0,
            (None, Some(ceiling)) => ceiling / 2.0,
            (Some(held), Some(ceiling)) if ceiling / held > CLOSE => (held * ceiling).sqrt(),
            _ => return None,
        };
        let (next, floor) = (next.round(), self.held.unwrap_or(0.0));
        let is_new = next > floor && ceiling.is_none_or(|ceiling| next < ceiling);
        (is_new && (SLOWEST_PER_S..=FASTEST_PER_S).contains(&next)).then_some(next)
    }

    fn report(self, store: &str) -> LimitReport {
        let goal = self.target.words();
        let per_s = |rate: f64| format!("{}/s", grouped(rate));
        let why = match self.edge {
            Some((rate, TrialVerdict::Generator)) => {
                format!(
                    " At {} the harness was too slow to tell: what the store can do there is not known.",
                    per_s(rate)
                )
            }
            Some((rate, _)) => format!(" At {} luck decides.", per_s(rate)),
            None => String::new(),
        };
        let verdict = match (self.held, self.broke) {
            (Some(held), Some(broke)) => {
                format!("{store} surely keeps {goal} up to {} and surely not at {}.{why}", per_s(held), per_s(broke))
            }
            (Some(held), None) => {
                format!("{store} surely keeps {goal} up to {}; its limit was not met.{why}", per_s(held))
            }
            (None, Some(broke)) => {
                format!(
                    "{store} surely does not keep {goal} at {}, and at no lower rate that was tried surely does.{why}",
                    per_s(broke)
                )
            }
            (None, None) => format!("Whether {store} keeps {goal} was not decided.{why}"),
        };
        LimitReport {
            quantile: self.target.quantile,
            target_us: self.target.latency_us,
            held_per_s: self.held,
            broke_per_s: self.broke,
            confidence: CONFIDENCE,
            verdict,
            trials: self.trials,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: LatencyTarget = LatencyTarget { quantile: 0.99, latency_us: 20_000 };

    /// A store whose share of slow requests grows with the rate, and its harness.
    fn shown(rate_per_s: f64, share: f64, generator_limited: bool) -> LimitTrial {
        // Seconds that differ a little, by turns.
        let second = |n: i32| (rate_per_s * share * (1.0 + 0.1 * f64::from(n % 3 - 1)), rate_per_s);
        LimitTrial {
            seconds: (0..9).map(second).collect(),
            generator_limited,
            flooded: false,
            trial: super::super::report::TrialReport {
                rate_per_s,
                achieved_per_s: rate_per_s,
                p50_us: 1,
                p99_us: 2,
                p999_us: 3,
                over_target_share: [0.0; 3],
                verdict: TrialVerdict::Undecided,
                seconds: 9.0,
            },
        }
    }

    #[test]
    fn the_search_closes_in_on_a_known_limit() {
        for limit in [170.0, 5_600.0, 90_000.0] {
            let found =
                search("sled", TARGET, 1_000.0, |rate| Ok(shown(rate, if rate > limit { 0.3 } else { 0.001 }, false)));
            let found = found.expect("found");
            let (held, broke) = (found.held_per_s.expect("held"), found.broke_per_s.expect("broke"));
            assert!(held <= limit && limit < broke, "{limit}: {held} {broke}");
            assert!(broke / held <= CLOSE || broke - held <= 2.0, "{limit}: {held} {broke}");
            assert!(found.trials.len() < TRIALS, "{limit}: {}", found.trials.len());
        }
    }

    #[test]
    fn a_rate_too_low_to_show_anything_ends_the_search() {
        // Nine seconds of a few requests cannot show that one in a hundred keeps the target.
        let found =
            search("sled", TARGET, 1_000.0, |rate| Ok(shown(rate, if rate > 3.0 { 0.3 } else { 0.001 }, false)));
        let found = found.expect("found");
        assert_eq!(found.held_per_s, None);
        assert!(
            found.broke_per_s.is_some_and(|broke| broke > 3.0) && found.trials.len() <= TRIALS,
            "{}",
            found.verdict
        );
    }

    #[test]
    fn what_luck_decides_is_not_called_held_or_broken() {
        // One in a hundred is just the share that is allowed.
        let found =
            search("sled", TARGET, 1_000.0, |rate| Ok(shown(rate, 0.01 * rate / 1_000.0, false))).expect("found");
        let (held, broke) = (found.held_per_s.expect("held"), found.broke_per_s);
        assert!(held < 1_000.0 && broke.is_none_or(|broke| broke > 1_000.0));
        assert!(found.verdict.contains("luck decides"), "{}", found.verdict);
        assert!(found.trials.iter().filter(|trial| trial.rate_per_s == 1_000.0).count() == TRIALS_AT_A_RATE);
    }

    #[test]
    fn a_slow_harness_is_not_the_stores_limit() {
        let found = search("sled", TARGET, 1_000.0, |rate| Ok(shown(rate, 0.001, rate > 30_000.0))).expect("found");
        assert_eq!(found.broke_per_s, None);
        assert!(found.verdict.contains("harness was too slow") && found.verdict.contains("limit was not met"));
    }

    #[test]
    fn seconds_without_a_slow_request_prove_only_what_their_number_allows() {
        assert_eq!(TARGET.judge(&[(0.0, 20.0); 10]).1, TrialVerdict::Undecided, "200 requests cannot show 99 %");
        assert_eq!(TARGET.judge(&[(0.0, 50.0); 10]).1, TrialVerdict::Held);
        assert_eq!(TARGET.judge(&[(50.0, 50.0); 10]).1, TrialVerdict::Broke);
        assert_eq!(TARGET.judge(&[]).1, TrialVerdict::Undecided);
        assert_eq!(TARGET.judge(&[(0.0, 5_000.0)]).1, TrialVerdict::Undecided, "one second has no spread");
    }

    #[test]
    fn targets_are_read_and_refused() {
        assert_eq!(LatencyTarget::parse("p99=20ms"), Ok(TARGET));
        assert_eq!(LatencyTarget::parse("p99.9 = 1s"), Ok(LatencyTarget { quantile: 0.999, latency_us: 1_000_000 }));
        for wrong in ["p99", "p98=20ms", "=", "p99=20", "p99=-1s"] {
            assert!(LatencyTarget::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(TARGET.words(), "99 % of the requests within 20 ms");
    }
}
