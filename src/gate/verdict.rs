//! Verdict: passed, failed or undecided, for each figure, each rule, and the gate.

use serde::Serialize;

use super::check::Comparison;
use super::estimate::Estimate;

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is kept.
    Passed,
    /// The evidence does not tell.
    Undecided,
    /// It is broken.
    Failed,
}

impl Outcome {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Undecided => "undecided",
            Self::Failed => "failed",
        }
    }
}

/// Where a figure must lie. An end that is infinite is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Region {
    /// Between two ends; each may or may not belong to it.
    Inside {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// Whether the ends themselves are allowed.
        with_ends: bool,
    },
    /// Anywhere but there.
    Not(f64),
    /// A time: shown to be at most `limit`, it passes; shown to be above `none`, it fails.
    Slower {
        /// What must not be reached.
        limit: f64,
        /// No change at all.
        none: f64,
    },
}

impl Region {
    /// The region that a comparison with a limit leaves.
    pub(super) fn of(comparison: Comparison, limit: f64) -> Self {
        let inside = |low, high, with_ends| Self::Inside { low, high, with_ends };
        match comparison {
            Comparison::Below => inside(f64::NEG_INFINITY, limit, false),
            Comparison::AtMost => inside(f64::NEG_INFINITY, limit, true),
            Comparison::Above => inside(limit, f64::INFINITY, false),
            Comparison::AtLeast => inside(limit, f64::INFINITY, true),
            Comparison::Equal => inside(limit, limit, true),
            Comparison::Unequal => Self::Not(limit),
        }
    }

    /// What it is if the truth lies between these bounds.
    pub(super) fn judge(self, [lower, upper]: [f64; 2]) -> Outcome {
        let kept = |is_kept: bool, is_broken: bool| match (is_kept, is_broken) {
            (true, _) => Outcome::Passed,
            (_, true) => Outcome::Failed,
            _ => Outcome::Undecided,
        };
        match self {
            Self::Inside { low, high, with_ends: true } => {
                let [low, high] = [low - slack(low), high + slack(high)];
                kept(lower >= low && upper <= high, upper < low || lower > high)
            }
            Self::Inside { low, high, .. } => kept(lower > low && upper < high, upper <= low || lower >= high),
            Self::Not(limit) => kept(lower > limit || upper < limit, lower == limit && upper == limit),
            Self::Slower { limit, none } => kept(upper <= limit, lower > none),
        }
    }
}

/// Figures of files are rounded to six digits: so much beside the end of a region is on it.
fn slack(end: f64) -> f64 {
    if end.is_finite() {
        1e-9 * end.abs().max(1e-3)
    } else {
        0.0
    }
}

/// A figure that is to lie in a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The figure, or its difference to the baseline.
    pub estimate: Estimate,
    /// Where it must lie.
    pub region: Region,
    /// How sure that must be; `None` takes the figure as it is told.
    pub confidence: Option<f64>,
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What came of it.
    pub outcome: Outcome,
    /// Lower and upper bound, each with the confidence that was asked for; `None` where none was, or there are none.
    pub bounds: Option<[f64; 2]>,
    /// Why nothing could be decided, if that is so.
    pub why: Option<String>,
}

impl Question {
    /// Replications that would decide about it, if `n` leave it undecided between these bounds and the figure stays where it
    /// is; `None` if it lies on the end of its region, or nearly.
    pub(super) fn wanted(&self, n: usize, [lower, upper]: [f64; 2]) -> Option<usize> {
        let Region::Inside { low, high, .. } = self.region else {
            return None;
        };
        let value = self.estimate.value;
        let away = (value - low).abs().min((value - high).abs());
        let half = (value - lower).max(upper - value);
        let wanted = (n as f64 * (half / away).powi(2)).ceil();
        (wanted.is_finite() && wanted > n as f64 && wanted <= MOST_WANTED).then_some(wanted as usize)
    }

    fn answer(&self, among: usize) -> Answer {
        let Some(confidence) = self.confidence else {
            let outcome = self.region.judge([self.estimate.value; 2]);
            return Answer { outcome, bounds: None, why: None };
        };
        let bounds = match self.estimate.bounds(confidence) {
            Ok(bounds) => bounds,
            Err(why) => {
                return Answer {
                    outcome: Outcome::Undecided,
                    bounds: None,
                    why: Some(why.to_owned()),
                };
            }
        };
        let alone = self.region.judge(bounds);
        let stricter = 1.0 - (1.0 - confidence) / among.max(1) as f64;
        let outcome = match alone {
            Outcome::Failed if among > 1 => {
                match self.estimate.bounds(stricter).map(|wider| self.region.judge(wider)) {
                    Ok(Outcome::Failed) => Outcome::Failed,
                    _ => Outcome::Undecided,
                }
            }
            alone => alone,
        };
        let why = (outcome != alone).then(|| not_enough(among, stricter));
        Answer { outcome, bounds: Some(bounds), why }
    }
}

/// Nobody runs more replications than this to decide about a figure.
const MOST_WANTED: f64 = 1_000.0;

/// Why a figure that would fail alone does not fail.
fn not_enough(among: usize, confidence: f64) -> String {
    // Rounded down, so that nothing less than certain is told as 100 %.
    let sure = (confidence * 1e4 + 1e-6).floor() / 1e2;
    format!("alone it would fail; not enough once {among} figures are judged together, which takes {sure} % each")
}

/// Answers questions, all together: noise alone fails one or more of them no more often than the least sure one says.
///
/// Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979): what fails
/// with its chance of error divided by the number of questions is taken out, and the others are looked at again. Passing is
/// judged alone.
pub(super) fn answers(questions: &[&Question], is_together: bool) -> Vec<Answer> {
    let all = questions.iter().filter(|question| question.confidence.is_some()).count();
    let failed = |answers: &[Answer]| {
        let pairs = questions.iter().zip(answers);
        pairs.filter(|(asked, got)| asked.confidence.is_some() && got.outcome == Outcome::Failed).count()
    };
    let mut among = if is_together { all } else { 1 };
    loop {
        let answers: Vec<Answer> = questions.iter().map(|question| question.answer(among)).collect();
        let left = if is_together {
            (all - failed(&answers)).max(1)
        } else {
            1
        };
        if left >= among || among <= 1 {
            return answers;
        }
        among = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::estimate::Evidence;

    fn question(value: f64, error: f64) -> Question {
        let evidence = Evidence::Errors { errors: [error; 2], freedom: f64::INFINITY };
        let region = Region::of(Comparison::AtMost, 0.0);
        Question {
            estimate: Estimate { value, evidence },
            region,
            confidence: Some(0.95),
        }
    }

    #[test]
    fn ends_belong_to_a_region_or_not() {
        let judged = |comparison, value: f64| Region::of(comparison, 5.0).judge([value; 2]);
        assert_eq!(judged(Comparison::Below, 5.0), Outcome::Failed);
        assert_eq!(judged(Comparison::AtMost, 5.0), Outcome::Passed);
        assert_eq!(judged(Comparison::Above, 5.0), Outcome::Failed);
        assert_eq!(judged(Comparison::AtLeast, 5.0), Outcome::Passed);
        assert_eq!(judged(Comparison::Equal, 5.0), Outcome::Passed);
        assert_eq!(judged(Comparison::Unequal, 5.0), Outcome::Failed);
        assert_eq!(judged(Comparison::Equal, 5.1), Outcome::Failed);
        let between = Region::Inside { low: 1.0, high: 2.0, with_ends: true };
        assert_eq!(between.judge([1.0, 2.0]), Outcome::Passed);
        assert_eq!(between.judge([0.5, 1.5]), Outcome::Undecided);
        assert_eq!(between.judge([2.5, 3.5]), Outcome::Failed);
    }

    #[test]
    fn replications_that_would_decide_are_as_many_as_the_interval_is_too_wide() {
        // Half the width is twice the way to the end: four times as many.
        assert_eq!(question(1.0, 1.0).wanted(5, [-1.0, 3.0]), Some(20));
        assert_eq!(question(0.0, 1.0).wanted(5, [-1.0, 1.0]), None);
    }

    #[test]
    fn what_fails_alone_may_be_luck_among_many() {
        let near = question(1.8, 1.0); // 1.645 alone, 2.33 among five
        let sure = question(9.0, 1.0);
        let kept = question(-3.0, 1.0);
        assert_eq!(answers(&[&near], true)[0].outcome, Outcome::Failed);
        let among = answers(&[&near, &kept, &kept, &kept, &kept], true);
        assert_eq!(among[0].outcome, Outcome::Undecided);
        let why = "alone it would fail; not enough once 5 figures are judged together, which takes 99 % each";
        assert_eq!(among[0].why.as_deref(), Some(why));
        assert_eq!(among[1].outcome, Outcome::Passed);
        assert_eq!(answers(&[&near, &kept, &kept, &kept, &kept], false)[0].outcome, Outcome::Failed);
        // Four that surely fail leave the last one alone.
        let stepped = answers(&[&near, &sure, &sure, &sure, &sure], true);
        assert!(stepped.iter().all(|answer| answer.outcome == Outcome::Failed));
    }
}
