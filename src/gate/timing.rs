//! Timing: whether a program has become slower, from how long it took many times.
//!
//! Two programs are run in turn, so that whatever the machine does besides meets both alike; or times that were recorded are
//! read. What is judged is the shift of the logarithms of the times, by ranks: one run that was disturbed hardly counts.
//!
//! A slowdown that must be seen is stated. A rule fails if it is shown that the new program is slower at all, and passes if it
//! is shown that it is not slower by so much. So noise alone fails it no more often than its confidence says, and the number
//! of samples is chosen so that the stated slowdown is seen nine times in ten.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Part;
use super::estimate::{Estimate, Evidence};
use super::meaning::{plain, stated};
use super::ranks::Ranks;
use super::rules::Time;
use super::verdict::{Question, Region};
use crate::error::Result;
use crate::numbers::{percent, tidy};
use crate::text;

/// Which of the two programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The one that is judged.
    New,
    /// The one that it is held against.
    Old,
}

/// Whoever runs programs and takes the time.
pub trait Timer {
    /// Pairs of runs that may be taken for one rule; `None` if there is no program to hold the new one against.
    fn most_pairs(&self) -> Option<usize>;

    /// Runs a program with these arguments; seconds.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or fails: its time says nothing then.
    fn seconds(&mut self, program: Program, arguments: &[String]) -> Result<f64>;
}

/// There is no program to hold the new one against.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTimer;

impl Timer for NoTimer {
    fn most_pairs(&self) -> Option<usize> {
        None
    }

    fn seconds(&mut self, _: Program, _: &[String]) -> Result<f64> {
        Ok(0.0)
    }
}

/// What the times of two programs came to.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The shift of the logarithms, new over old, and what it must be; `None` if nothing was timed.
    pub question: Option<Question>,
    /// Median seconds of the new and of the old program.
    pub medians: [f64; 2],
    /// Samples of each that were taken.
    pub taken: usize,
    /// Samples that it takes to see the stated slowdown.
    pub needed: Needed,
    /// The slowdown that must be seen.
    pub slower: f64,
}

/// How many samples it takes to see a stated slowdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// About so many.
    About(usize),
    /// More than so many: the slowdown is too small beside the spread to tell how many.
    MoreThan(usize),
}

/// How often the stated slowdown is to be seen. The number of samples comes from a spread that is itself not exact.
const SEEN_IN: f64 = 0.9;

/// Pairs from which the spread is taken first, and how often it is looked at again.
const FIRST: usize = 12;
const LOOKS: usize = 4;

/// Times of two programs that were recorded apart.
pub(super) fn of_samples(time: &Time, sure: f64, now: &[f64], was: &[f64]) -> Found {
    let logarithms = |seconds: &[f64]| seconds.iter().map(|seconds| seconds.ln()).collect::<Vec<_>>();
    let ranks = Ranks::samples(&logarithms(now), &logarithms(was));
    let taken = now.len().min(was.len());
    let needed = ranks.needed(time.slower.ln_1p(), sure, SEEN_IN).map_or(Needed::MoreThan(taken), Needed::About);
    found(time, ranks, [now, was], (taken, needed))
}

/// Times of two programs that run in turn: as many pairs as it takes, and at most `most`.
///
/// The spread is looked at several times, but never the shift: looking at the shift would find a slowdown too often.
pub(super) fn in_turn(
    time: &Time,
    sure: f64,
    most: usize,
    run: &mut dyn FnMut(Program) -> Result<f64>,
) -> Result<Found> {
    // What the first run finds cold the others find warm.
    for program in [Program::Old, Program::New] {
        run(program)?;
    }
    let (mut now, mut was, mut differences) = (Vec::new(), Vec::new(), Vec::new());
    let mut wanted = FIRST.min(most);
    let mut needed = Needed::MoreThan(most);
    for _ in 0..LOOKS {
        while differences.len() < wanted {
            // Who is first changes: the second may find what the first has left.
            let order = match differences.len() % 2 {
                0 => [Program::New, Program::Old],
                _ => [Program::Old, Program::New],
            };
            let mut pair = [0.0; 2];
            for program in order {
                pair[program as usize] = run(program)?.max(1e-9);
            }
            now.push(pair[0]);
            was.push(pair[1]);
            differences.push((pair[0] / pair[1]).ln());
        }
        let ranks = Ranks::pairs(&differences);
        let about = ranks.needed(time.slower.ln_1p(), sure, SEEN_IN);
        needed = about.map_or(Needed::MoreThan(most), Needed::About);
        let next = about.map_or(most, |about| about.min(most));
        if next <= wanted {
            break;
        }
        wanted = next;
    }
    Ok(found(time, Ranks::pairs(&differences), [&now, &was], (now.len(), needed)))
}

fn found(time: &Time, ranks: Ranks, both: [&[f64]; 2], (taken, needed): (usize, Needed)) -> Found {
    let region = Region::Slower { limit: time.slower.ln_1p(), none: 0.0 };
    let estimate = Estimate { value: ranks.shift(), evidence: Evidence::Ranks(ranks) };
    let question = Some(Question { estimate, region, confidence: Some(time.confidence) });
    Found {
        question,
        medians: both.map(median),
        taken,
        needed,
        slower: time.slower,
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

impl Found {
    /// Puts it into words.
    pub(super) fn tell(&self, path: &str, why: &str, part: &mut Part) {
        let Some(question) = &self.question else { return };
        let change = question.estimate.value.exp_m1();
        let signed = |share: f64| match share {
            // Beyond ten times as much, whole percentages that a reader can count.
            much if much >= 10.0 => format!("+{}", stated(much)),
            more if more > 0.0 => format!("+{}", percent(more)),
            other => percent(other),
        };
        part.bounds = part.bounds.map(|bounds| bounds.map(|bound| tidy(bound.exp())));
        let sure = stated(question.confidence.unwrap_or(0.0));
        let bounds = part
            .bounds
            .map(|bounds| bounds.map(|ratio| signed(ratio - 1.0)))
            .map(|[low, high]| format!(" (with {sure} at least {low}, with {sure} at most {high})"));
        let (taken, slower) = (self.taken, stated(self.slower));
        let asked = match self.needed {
            Needed::MoreThan(most) => format!("; to see +{slower} it takes more than {most}"),
            Needed::About(needed) if needed > taken => {
                format!("; to see +{slower} it takes about {}", plain(needed as f64))
            }
            Needed::About(_) => format!("; enough to see +{slower}"),
        };
        part.told = format!(
            "{path} takes {}, took {}: {}{}; {taken} samples of each{asked}{why}",
            seconds(self.medians[0]),
            seconds(self.medians[1]),
            signed(change),
            bounds.unwrap_or_default(),
        );
        (part.value, part.baseline) = (Some(self.medians[0]), Some(self.medians[1]));
        part.samples = Some(match self.needed {
            Needed::About(needed) => [Some(taken), Some(needed)],
            Needed::MoreThan(_) => [Some(taken), None],
        });
    }
}

/// Seconds as people say them, however few.
fn seconds(value: f64) -> String {
    let (unit, per) = match value {
        x if x < 1e-6 => ("ns", 1e-9),
        x if x < 1e-3 => ("µs", 1e-6),
        x if x < 1.0 => ("ms", 1e-3),
        _ => ("s", 1.0),
    };
    format!("{} {unit}", plain(value / per))
}

/// Bytes of a file of samples, at most; and samples.
const MOST_BYTES: u64 = 64 << 20;
const MOST_SAMPLES: usize = 2_000;

/// The file of samples that a path means: itself, or the one in a folder of criterion's.
pub(super) fn sample_file(path: &Path) -> PathBuf {
    let inside = ["sample.json", "new/sample.json"].map(|name| path.join(name));
    if path.is_dir() {
        inside.into_iter().find(|file| file.is_file()).unwrap_or(path.to_owned())
    } else {
        path.to_owned()
    }
}

/// Seconds of each sample: a list of seconds in JSON, or criterion's `sample.json` (also by its folder).
///
/// # Errors
///
/// If it is neither, or holds too few or too many.
pub(super) fn recorded(path: &Path) -> std::result::Result<Vec<f64>, String> {
    let file = sample_file(path);
    let wrong = |what: &str| format!("{}: {what}", text::path(&file));
    let bytes = crate::input::read(&file, MOST_BYTES).map_err(|what| wrong(&what))?;
    let read: Value = serde_json::from_slice(&bytes).map_err(|error| wrong(&format!("this is no JSON: {error}")))?;
    let list = |value: &Value| value.as_array()?.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>();
    let samples = match (list(&read), read.get("iters").and_then(list), read.get("times").and_then(list)) {
        (Some(seconds), ..) => seconds,
        // criterion tells nanoseconds of so many iterations.
        (_, Some(iterations), Some(times)) if iterations.len() == times.len() => {
            times.iter().zip(iterations).map(|(time, n)| time / n * 1e-9).collect()
        }
        _ => return Err(wrong("expected a list of seconds, or criterion's sample.json with iters and times")),
    };
    match samples.len() {
        n if !(2..=MOST_SAMPLES).contains(&n) => {
            Err(wrong(&format!("it holds {n} samples, expected 2 to {MOST_SAMPLES}")))
        }
        _ if samples.iter().any(|seconds| !(seconds.is_finite() && *seconds > 0.0)) => {
            Err(wrong("it holds a time that is not above 0"))
        }
        _ => Ok(samples),
    }
}
