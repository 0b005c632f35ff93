//! Limits that a test must keep: `redeem.p99 > 20ms` fails it.
//!
//! A limit names what must not be. What cannot be known cannot pass: a percentile of which some requests were given up,
//! or a time or rate that was measured by a harness that was too slow, or what a store lost that keeps nothing.

mod parse;

use super::kind::RequestKind;
use super::report::{BackendReport, Figures, LimitResult};
use super::sequence::Sequence;
use crate::error::{Error, Result};
use crate::identity::trees::backend::Backend;
use crate::numbers::{grouped, micros};

/// A limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As it was written.
    text: String,
    measure: LimitedMeasure,
    operator: Operator,
    /// In microseconds, requests per second, or as a count.
    bound: f64,
    unit: LimitUnit,
}

/// What a limit is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LimitedMeasure {
    /// A percentile of a kind's latencies, or of those of all.
    Latency(Option<RequestKind>, &'static str),
    /// The same of service times.
    Service(Option<RequestKind>, &'static str),
    /// A count of requests.
    Count(Option<RequestKind>, &'static str),
    FlushLag(&'static str),
    Lateness(&'static str),
    Achieved,
    Lost,
    InvariantsBroken,
    CrashesSurvived,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Over,
    AtLeast,
    Under,
    AtMost,
}

/// A unit: its name, and what it is in microseconds, where it is one of time.
#[derive(Clone, Copy, Debug, PartialEq)]
struct LimitUnit(&'static str, f64);

impl Limit {
    /// Makes sure, before the test, that requests of the limit's kind are in the window.
    ///
    /// # Errors
    ///
    /// If there are none: nothing would be judged.
    pub fn check(&self, sequence: &Sequence) -> Result<()> {
        match self.kind() {
            Some(kind) if !sequence.requests().iter().any(|request| request.kind == kind) => {
                let mut there: Vec<RequestKind> = sequence.requests().iter().map(|request| request.kind).collect();
                there.sort_unstable();
                there.dedup();
                let there: Vec<&str> = there.into_iter().map(RequestKind::key).collect();
                Err(self.nothing_to_judge(kind, &format!("the window has {}", there.join(", "))))
            }
            _ => Ok(()),
        }
    }

    /// Holds the limit against what was measured.
    ///
    /// # Errors
    ///
    /// If no request of its kind occurred: a limit on nothing is bad input, and no pass.
    pub fn judge(&self, report: &BackendReport) -> Result<LimitResult> {
        if let Some(kind) = self.kind().filter(|kind| !report.operations.contains_key(kind.key())) {
            let there: Vec<&str> = report.operations.keys().map(String::as_str).collect();
            return Err(self.nothing_to_judge(kind, &format!("the test had {}", there.join(", "))));
        }
        let found = self.found(report);
        let is_beyond = found.is_some_and(|found| self.operator.holds(found, self.bound));
        // What was lost or refused is known all the same.
        let is_untimed = self.measure.is_proof() || matches!(self.measure, LimitedMeasure::Count(..));
        let is_late = report.generator_limited && !is_untimed;
        let is_unsure = self.times_of(report).is_some_and(|figures| figures.latency_is_at_least);
        let unproved = self.unproved(report);
        let value = found.map_or("unknown, for nothing was measured after the warm-up".to_owned(), |v| self.say(v));
        let name = self.text.split(['<', '>']).next().unwrap_or_default().trim();
        let why = match (is_beyond, found) {
            _ if unproved.is_some() => format!("{name}: {}: that is no pass", unproved.unwrap_or_default()),
            (_, None) => format!("{name} is {value}: that is no pass"),
            _ if is_late => {
                format!("{name} is {value}, but the harness was too slow to know: that is no pass")
            }
            (true, _) => format!("{name} is {value}: broken"),
            (false, _) if is_unsure => {
                format!("{name} is at least {value}, for requests were given up unanswered: that is no pass")
            }
            (false, _) => format!("{name} is {value}: kept"),
        };
        Ok(LimitResult {
            backend: report.backend.clone(),
            limit: self.text.clone(),
            value: found.filter(|_| unproved.is_none()).map(|found| found / self.unit.1),
            unit: self.unit.0.to_owned(),
            broken: is_beyond || is_unsure || is_late || found.is_none() || unproved.is_some(),
            why,
        })
    }

    /// Why what the proof should have shown is not known.
    fn unproved(&self, report: &BackendReport) -> Option<&'static str> {
        let persists = !Backend::ALL.into_iter().any(|one| one.key() == report.backend && !one.persists());
        match self.measure {
            measure if !measure.is_proof() => None,
            _ if !persists => Some("nothing is stored"),
            LimitedMeasure::CrashesSurvived => None,
            _ => (!report.proved).then_some("the store could not be held against its log"),
        }
    }

    fn kind(&self) -> Option<RequestKind> {
        match self.measure {
            LimitedMeasure::Latency(kind, _) | LimitedMeasure::Service(kind, _) | LimitedMeasure::Count(kind, _) => {
                kind
            }
            _ => None,
        }
    }

    fn nothing_to_judge(&self, kind: RequestKind, there: &str) -> Error {
        let text = &self.text;
        Error::Input(format!("--fail-if '{text}': no request of kind {} to judge; {there}", kind.key()))
    }

    /// The figures whose latencies it is of, if it is of latencies.
    fn times_of<'a>(&self, report: &'a BackendReport) -> Option<&'a Figures> {
        match self.measure {
            LimitedMeasure::Latency(kind, _) => figures(report, kind),
            _ => None,
        }
    }

    /// The value found: in microseconds, requests per second, or a count.
    fn found(&self, report: &BackendReport) -> Option<f64> {
        match self.measure {
            LimitedMeasure::Latency(kind, p) => figures(report, kind)?.latency_us?.named(p).map(|us| us as f64),
            LimitedMeasure::Service(kind, p) => figures(report, kind)?.service_us?.named(p).map(|us| us as f64),
            LimitedMeasure::Count(kind, name) => figures(report, kind)?.count(name).map(|count| count as f64),
            LimitedMeasure::FlushLag(p) => report.flush_lag_ms.map_or(Some(0.0), |lag| lag.named(p).map(|ms| 1e3 * ms)),
            LimitedMeasure::Lateness(p) => report.lateness_us?.named(p).map(|us| us as f64),
            LimitedMeasure::Achieved => Some(report.achieved_per_s),
            LimitedMeasure::Lost => Some(report.acknowledged_lost as f64),
            LimitedMeasure::InvariantsBroken => Some(report.invariants_broken as f64),
            LimitedMeasure::CrashesSurvived => Some(report.crashes_survived as f64),
        }
    }

    fn say(&self, value: f64) -> String {
        match self.measure {
            LimitedMeasure::Achieved => format!("{} requests/s", grouped(value)),
            LimitedMeasure::Count(..)
            | LimitedMeasure::Lost
            | LimitedMeasure::InvariantsBroken
            | LimitedMeasure::CrashesSurvived => grouped(value),
            _ => micros(value),
        }
    }
}

impl LimitedMeasure {
    /// Whether it is of what the proof shows, and so of a store that keeps something.
    fn is_proof(self) -> bool {
        matches!(self, Self::Lost | Self::InvariantsBroken | Self::CrashesSurvived)
    }
}

impl Operator {
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::Over => value > bound,
            Self::AtLeast => value >= bound,
            Self::Under => value < bound,
            Self::AtMost => value <= bound,
        }
    }
}

fn figures(report: &BackendReport, kind: Option<RequestKind>) -> Option<&Figures> {
    kind.map_or(Some(&report.all), |kind| report.operations.get(kind.key()))
}

#[cfg(test)]
mod tests;
