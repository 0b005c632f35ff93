//! The headline: the best strategy against the best alternative in one sentence, and what stands below it.

use super::figures::{can_sign_in_share, paired, value};
use super::standing;
use super::summary::{StrategySummary, Summary};
use crate::numbers::{grouped, money, percent};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::strategy::STAY;

/// What sentences are made from.
pub(super) struct Said<'a> {
    pub(super) summary: &'a Summary,
    /// The strategies from the smallest bill to the largest.
    pub(super) order: &'a [&'a str],
    /// Those that cannot be told apart from the first.
    pub(super) ties: &'a [&'a str],
}

impl Said<'_> {
    /// One sentence.
    pub(super) fn headline(&self) -> String {
        match *self.order {
            [] => "No strategy was run: this is the control arm and the desk alone.".to_owned(),
            [only] => self.summary.strategy(only).map_or_else(String::new, |strategy| {
                format!(
                    "{}: {} can sign in, {} accounts have moved and been seen, and {}.",
                    self.named(only),
                    can(strategy),
                    grouped(value(strategy, Metric::Migrated)),
                    lost_beyond(strategy)
                )
            }),
            [best, alternative, ..] if self.ties.is_empty() => {
                let of = match self.order.len() {
                    2 => String::new(),
                    n => format!(", the best of {} alternatives", n - 1),
                };
                let (named, other) = (self.named(best), self.named(alternative));
                let people = self.people(best, alternative);
                if grouped(self.difference(best, alternative, Metric::Cost)) == "0" {
                    return format!("{named} and {other} cost the same: {people}.");
                }
                let cheaper = self.cheaper(best, alternative);
                format!("{named} costs {cheaper} less than {other}{of}: {people}.")
            }
            [best, ..] => {
                let (named, ties) = (self.named(best), shortened(self.ties));
                format!("{named} has the smallest bill, but cannot be told apart from {ties} at 95 %.")
            }
        }
    }

    /// The best strategy against the best alternative once more, against the baseline, and against leaving everything as
    /// it is.
    pub(super) fn beside(&self, scenario: &Scenario, baseline: Option<&str>) -> Vec<String> {
        let Some(best) = self.order.first() else {
            return Vec::new();
        };
        let mut said = Vec::new();
        if let Some(alternative) = self.order.get(1) {
            if !self.ties.is_empty() {
                said.push(format!("Against {alternative}, the next: {}.", self.people(best, alternative)));
            }
            if *best == scenario.baseline() {
                said.push(format!("{best} is the baseline of this scenario."));
            }
        }
        if let Some(baseline) = baseline.filter(|baseline| *baseline != STAY) {
            let cost = if self.ties.contains(&baseline) {
                "costs as much as luck can tell".to_owned()
            } else {
                format!("costs {} less", self.cheaper(best, baseline))
            };
            said.push(format!("Against the baseline {baseline} it {cost}: {}.", self.people(best, baseline)));
        }
        if let Some((dearer, interval)) = paired(self.summary, best, STAY, Metric::Cost) {
            let clear = interval.is_none_or(|[low, high]| low > 0.0 || high < 0.0);
            let cost = match dearer {
                _ if !clear => "costs as much as luck can tell".to_owned(),
                dearer if dearer < 0.0 => format!("costs {} less", money(-dearer)),
                dearer => format!("costs {} more", money(dearer)),
            };
            let people = self.people(best, STAY);
            said.push(format!("Against leaving everything as it is (stay) it {cost}: {people}."));
        }
        said
    }

    fn difference(&self, a: &str, b: &str, metric: Metric) -> f64 {
        paired(self.summary, a, b, metric).map_or(0.0, |(mean, _)| mean)
    }

    fn cheaper(&self, best: &str, other: &str) -> String {
        money(-self.difference(best, other, Metric::Cost))
    }

    /// How people fare under the first of two strategies.
    fn people(&self, best: &str, other: &str) -> String {
        let compared = |metric: Metric, before: &str, after: &str| {
            let (difference, interval) = paired(self.summary, best, other, metric).unwrap_or_default();
            let unclear = interval.is_some_and(|[low, high]| low <= 0.0 && high >= 0.0);
            let count = match grouped(difference.abs()).as_str() {
                "0" => "as many".to_owned(),
                // What luck could explain is no finding.
                _ if unclear => "about as many".to_owned(),
                number if difference > 0.0 => format!("{number} more"),
                number => format!("{number} fewer"),
            };
            format!("{count}{before} {after}")
        };
        let can = compared(Metric::CanSignIn, " active customers", "can sign in");
        let lost = compared(Metric::CustomersLost, "", "are lost");
        let taken = compared(Metric::InOtherHands, " accounts", "are in other hands");
        format!("{can}, {lost}, and {taken}")
    }

    /// A strategy as the headline names it: with what must be said beside a small bill.
    fn named(&self, name: &str) -> String {
        match self.summary.strategy(name).and_then(standing::remark) {
            Some(remark) => format!("{name} ({remark})"),
            None => name.to_owned(),
        }
    }
}

/// Active customers who can sign in, with their share.
fn can(strategy: &StrategySummary) -> String {
    let count = grouped(value(strategy, Metric::CanSignIn));
    match can_sign_in_share(strategy) {
        Some(share) => format!("{count} active customers ({})", percent(share)),
        None => format!("{count} active customers"),
    }
}

fn lost_beyond(strategy: &StrategySummary) -> String {
    let beyond = strategy.attributable.customers_lost;
    match grouped(beyond.abs()).as_str() {
        "0" => "as many customers are lost as leave anyway".to_owned(),
        number if beyond > 0.0 => format!("{number} customers are lost beyond those who leave anyway"),
        number => format!("{number} customers fewer are lost than leave anyway"),
    }
}

/// Names in a sentence, which stays short: the table below has all.
fn shortened(names: &[&str]) -> String {
    match names {
        [first, second, _, _, ..] => format!("{first}, {second} and {} others", names.len() - 2),
        _ => listed(names),
    }
}

/// Parts of a sentence.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => (*name).to_owned(),
        [names @ .., last] => format!("{} and {last}", names.join(", ")),
    }
}
