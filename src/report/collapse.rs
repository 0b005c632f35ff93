//! Collapse: when the desk no longer serves those who call it.
//!
//! Hours in which the desk takes calls are joined, in order, into stretches: as few of them as hold 20 calls in all
//! replications together, so that few calls do not make a verdict. A stretch fails if fewer than half of its calls are
//! answered in time, and either more than a fifth are given up, or more calls wait at its end than an hour of it brings
//! (the patient do not give up: their queue grows). Failing stretches with at most two working hours between them are
//! one collapse; it lasts for at least two working hours.
//!
//! Hours in which the desk is closed neither count nor end a collapse: a queue that is as long the next morning is the
//! same collapse.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::numbers::{grouped, percent, seconds, tidy};
use crate::calendar::SimTime;
use crate::desk::Channel;
use crate::desk::opening::OpenHours;
use crate::desk::staffing::Staffing;
use crate::engine::ArmResult;
use crate::measure::desk::Hour;
use crate::scenario::Scenario;

/// Calls that a stretch holds at least, in all replications together.
const CALLS: u64 = 20;
/// Working hours of a good time that do not end a collapse.
const PAUSE: usize = 2;
/// Working hours that a collapse lasts at least.
const SHORTEST: usize = 2;

/// A time in which the desk had collapsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Collapse {
    /// Hours since the start, from the first that failed to the last, closed ones among them.
    pub span: Range<usize>,
    /// Working hours in it.
    pub hours: usize,
    /// Calls offered in them, mean over replications.
    pub offered: f64,
    /// Of which were given up.
    pub abandoned: f64,
    /// Longest wait of one of them in any replication, in seconds.
    pub longest_wait_s: f64,
}

/// A collapse in `summary.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CollapseSummary {
    /// When it begins.
    pub start: String,
    /// Working hours that it lasts.
    pub hours: u64,
    /// Calls offered in it.
    pub offered: f64,
    /// Of which were given up.
    pub abandoned: f64,
    /// Longest wait of one of them in any replication, in seconds.
    pub longest_wait_s: f64,
}

impl Collapse {
    /// As it is written.
    pub fn summary(&self, scenario: &Scenario) -> CollapseSummary {
        CollapseSummary {
            start: scenario.calendar().iso(SimTime::from_hours(self.span.start as f64)),
            hours: self.hours as u64,
            offered: tidy(self.offered),
            abandoned: tidy(self.abandoned),
            longest_wait_s: tidy(self.longest_wait_s),
        }
    }
}

/// The collapses of one arm.
pub fn collapses(scenario: &Scenario, arms: &[&ArmResult]) -> Vec<Collapse> {
    let measured: Vec<&[Hour]> =
        arms.iter().map(|arm| arm.desk.channels[Channel::Phone as usize].hours.as_slice()).collect();
    find(&working_hours(scenario), &measured)
}

/// The hours in which calls are taken: the stated opening hours, or those in which somebody is on duty who takes calls.
fn working_hours(scenario: &Scenario) -> Vec<bool> {
    let staffing = Staffing::new(scenario);
    let open = OpenHours::new(scenario, &staffing, Channel::Phone);
    (0..scenario.hours()).map(|hour| open.in_hour(hour)).collect()
}

/// The collapses in the hours of calls of each replication.
fn find(open: &[bool], replications: &[&[Hour]]) -> Vec<Collapse> {
    let working: Vec<usize> = (0..open.len()).filter(|&hour| open[hour]).collect();
    let sum = |hours: &[usize], of: fn(&Hour) -> u64| -> u64 {
        hours.iter().flat_map(|&hour| replications.iter().map(move |hours| of(&hours[hour]))).sum()
    };
    let failed = |hours: &[usize]| {
        let offered = sum(hours, |hour| hour.offered);
        let waiting = sum(&hours[hours.len() - 1..], |hour| hour.backlog);
        2 * sum(hours, |hour| hour.within) < offered
            && (5 * sum(hours, |hour| hour.abandoned) > offered || waiting * hours.len() as u64 > offered)
    };
    // Places in `working`.
    let mut spans: Vec<Range<usize>> = Vec::new();
    let (mut from, mut calls) = (0, 0);
    for place in 0..working.len() {
        calls += sum(&working[place..=place], |hour| hour.offered);
        if calls < CALLS {
            continue;
        }
        if failed(&working[from..=place]) {
            match spans.last_mut() {
                Some(last) if from - last.end <= PAUSE => last.end = place + 1,
                _ => spans.push(from..place + 1),
            }
        }
        (from, calls) = (place + 1, 0);
    }
    let n = replications.len().max(1) as f64;
    let describe = |span: Range<usize>| {
        let hours = &working[span];
        let longest = hours.iter().flat_map(|&hour| replications.iter().map(move |hours| hours[hour].longest_ms));
        Collapse {
            span: hours[0]..hours[hours.len() - 1] + 1,
            hours: hours.len(),
            offered: sum(hours, |hour| hour.offered) as f64 / n,
            abandoned: sum(hours, |hour| hour.abandoned) as f64 / n,
            longest_wait_s: longest.max().unwrap_or(0) as f64 / 1000.0,
        }
    };
    spans.into_iter().filter(|span| span.len() >= SHORTEST).map(describe).collect()
}

/// What is to be said about the collapses under a strategy; nothing if there are none.
pub fn sentence(scenario: &Scenario, strategy: &str, collapses: &[Collapse]) -> Option<String> {
    let first = collapses.first()?;
    let reads = |hour: usize| scenario.calendar().reads(SimTime::from_hours(hour as f64));
    let sum = |of: fn(&Collapse) -> f64| collapses.iter().map(of).sum::<f64>();
    let (offered, abandoned) = (sum(|c| c.offered), sum(|c| c.abandoned));
    let longest = collapses.iter().map(|c| c.longest_wait_s).fold(0.0, f64::max);
    let hours = sum(|c| c.hours as f64);
    let when = match collapses {
        [only] => {
            let (from, to) = (reads(only.span.start), reads(only.span.end));
            format!("from {from} to {to}, {} working hours. In them", grouped(hours))
        }
        many => {
            let (from, to) = (reads(first.span.start), reads(many[many.len() - 1].span.end));
            format!("{} times between {from} and {to}, {} working hours in all. In them", many.len(), grouped(hours))
        }
    };
    Some(format!(
        "Under {strategy} the desk collapses {when} {} of {} calls ({}) are given up, and the longest wait is {}.",
        grouped(abandoned),
        grouped(offered),
        percent(abandoned / offered.max(1.0)),
        seconds(longest)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour in which `within` of `offered` calls are answered in time and `abandoned` given up.
    fn hour(offered: u64, within: u64, abandoned: u64) -> Hour {
        Hour {
            offered,
            within,
            abandoned,
            answered: offered - abandoned,
            longest_ms: 1_000 * abandoned,
            ..Hour::default()
        }
    }

    const GOOD: (u64, u64, u64) = (30, 28, 1);
    const BAD: (u64, u64, u64) = (30, 3, 15);

    fn hours(parts: &[((u64, u64, u64), usize)]) -> Vec<Hour> {
        parts.iter().flat_map(|&((a, b, c), times)| std::iter::repeat_n(hour(a, b, c), times)).collect()
    }

    #[test]
    fn a_collapse_has_its_beginning_its_length_and_its_losses() {
        let hours = hours(&[(GOOD, 5), (BAD, 6), (GOOD, 5)]);
        let found = find(&[true; 16], &[&hours, &hours]);
        let expected = Collapse {
            span: 5..11,
            hours: 6,
            offered: 180.0,
            abandoned: 90.0,
            longest_wait_s: 15.0,
        };
        assert_eq!(found, [expected]);
        assert_eq!(find(&[true; 5], &[&hours[..5], &hours[11..]]), []);
    }

    #[test]
    fn one_bad_hour_is_none_and_a_short_relief_does_not_end_it() {
        let find = |parts: &[_]| find(&[true; 40], &[&hours(parts)]);
        assert_eq!(find(&[(GOOD, 5), (BAD, 1), (GOOD, 34)]), []);
        let relieved = find(&[(GOOD, 5), (BAD, 4), (GOOD, 2), (BAD, 4), (GOOD, 25)]);
        assert_eq!(relieved.iter().map(|c| (c.span.start, c.span.end)).collect::<Vec<_>>(), [(5, 15)]);
        assert_eq!(find(&[(GOOD, 5), (BAD, 4), (GOOD, 3), (BAD, 4), (GOOD, 24)]).len(), 2);
    }

    #[test]
    fn the_night_is_no_part_of_it_and_does_not_end_it() {
        let open: Vec<bool> = (0..48).map(|hour| (8..18).contains(&(hour % 24))).collect();
        let closed = (0, 0, 0);
        let hours = hours(&[
            (closed, 8),
            (GOOD, 4),
            (BAD, 6),
            (closed, 14),
            (BAD, 3),
            (GOOD, 7),
            (closed, 6),
        ]);
        let found = find(&open, &[&hours]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].span.clone(), found[0].hours), (12..35, 9));
    }

    #[test]
    fn few_calls_are_judged_together() {
        // Three calls an hour, all of them given up: seven hours make a stretch.
        let hours = hours(&[((3, 0, 3), 14), ((3, 3, 0), 14)]);
        let found = find(&[true; 28], &[&hours]);
        assert_eq!(found.iter().map(|c| (c.span.start, c.span.end)).collect::<Vec<_>>(), [(0, 14)]);
        assert_eq!(find(&[true; 6], &[&hours[..6]]), [], "18 calls say nothing");
        assert_eq!(find(&[], &[&[]]), []);
    }

    #[test]
    fn a_queue_of_the_patient_collapses_without_anybody_giving_up() {
        let growing: Vec<Hour> = (0..10).map(|n| Hour { backlog: 15 * (n + 1), ..hour(30, 2, 0) }).collect();
        let found = find(&[true; 10], &[&growing]);
        assert_eq!(found.iter().map(|c| (c.span.start, c.span.end)).collect::<Vec<_>>(), [(2, 10)]);
        let steady: Vec<Hour> = (0..10).map(|_| Hour { backlog: 15, ..hour(30, 2, 0) }).collect();
        assert_eq!(find(&[true; 10], &[&steady]), [], "slow, but it keeps up");
    }
}
