//! The headline: the best strategy against the best alternative in one sentence, and what stands below it.

use super::summary::{StrategySummary, Summary};
use super::verdict::{AgentsNeeded, can_sign_in_share, paired, value};
use crate::numbers::{grouped, money, percent};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::strategy::STAY;

/// What sentences are made from.
pub(super) struct Said<'a> {
    pub(super) summary: &'a Summary,
    pub(super) agents: &'a [AgentsNeeded],
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
                    "{only}: {} can sign in, {} accounts have moved and been seen, and {}.",
                    can(strategy),
                    grouped(value(strategy, Metric::Migrated)),
                    lost_beyond(strategy)
                )
            }),
            [best, alternative, ..] => {
                let clauses = self.clauses(best, alternative);
                if self.ties.is_empty() {
                    let of = match self.order.len() {
                        2 => String::new(),
                        n => format!(", the best of {} alternatives", n - 1),
                    };
                    format!("{best} costs {} less than {alternative}{of}, {clauses}.", self.cheaper(best, alternative))
                } else {
                    format!(
                        "{best} has the smallest bill, but cannot be told apart from {} at 95 %; against {alternative} it \
                         {clauses}.",
                        named(self.ties)
                    )
                }
            }
        }
    }

    /// The best strategy against the baseline, and against leaving everything as it is.
    pub(super) fn beside(&self, scenario: &Scenario, baseline: Option<&str>) -> Vec<String> {
        let Some(best) = self.order.first() else {
            return Vec::new();
        };
        let mut said = Vec::new();
        if self.order.len() > 1 && *best == scenario.baseline() {
            said.push(format!("{best} is the baseline of this scenario."));
        }
        if let Some(baseline) = baseline.filter(|baseline| *baseline != STAY) {
            let tied = self.ties.contains(&baseline);
            let cost = if tied {
                "costs as much as luck can tell".to_owned()
            } else {
                format!("costs {} less", self.cheaper(best, baseline))
            };
            said.push(format!("Against the baseline {baseline} it {cost}, {}.", self.clauses(best, baseline)));
        }
        if let Some((dearer, interval)) = paired(self.summary, best, STAY, Metric::Cost) {
            let clear = interval.is_none_or(|[low, high]| low > 0.0 || high < 0.0);
            let cost = match dearer {
                _ if !clear => "cannot be told apart from it by its bill at 95 %".to_owned(),
                dearer if dearer < 0.0 => format!("costs {} less", money(-dearer)),
                dearer => format!("costs {} more", money(dearer)),
            };
            let [can, lost, taken] = self.people(best, STAY);
            let clauses = listed(&[&can, &lost, &taken]);
            said.push(format!("Against leaving everything as it is (stay) it {cost}, {clauses}."));
        }
        said
    }

    fn difference(&self, a: &str, b: &str, metric: Metric) -> f64 {
        paired(self.summary, a, b, metric).map_or(0.0, |(mean, _)| mean)
    }

    fn cheaper(&self, best: &str, other: &str) -> String {
        money(-self.difference(best, other, Metric::Cost))
    }

    /// How the first of two strategies fares beside its bill.
    fn clauses(&self, best: &str, other: &str) -> String {
        let [can, lost, taken] = self.people(best, other);
        listed(&[&can, &lost, &taken, &self.staff(best, other)])
    }

    fn people(&self, best: &str, other: &str) -> [String; 3] {
        let compared = |metric: Metric, verb: &str, what: &str| {
            let difference = self.difference(best, other, metric);
            match grouped(difference.abs()).as_str() {
                "0" => format!("{verb} as many {what}"),
                number if difference > 0.0 => format!("{verb} {number} more {what}"),
                number => format!("{verb} {number} fewer {what}"),
            }
        };
        [
            compared(Metric::CanSignIn, "leaves", "active customers who can sign in"),
            compared(Metric::CustomersLost, "loses", "customers"),
            compared(Metric::TakenOver, "sees", "account takeovers"),
        ]
    }

    fn staff(&self, best: &str, other: &str) -> String {
        let needed = |name: &str| self.agents.iter().find(|a| a.strategy == *name).map_or(0, |a| a.needed);
        let (ours, theirs) = (needed(best), needed(other));
        let agents = |n: u32| if n == 1 { "agent" } else { "agents" };
        match theirs.cmp(&ours) {
            std::cmp::Ordering::Equal => format!("needs as many agents in its busiest hour ({ours})"),
            order => {
                let by = theirs.abs_diff(ours);
                let which = if order.is_gt() { "fewer" } else { "more" };
                format!("needs {by} {which} {} in its busiest hour ({ours} instead of {theirs})", agents(by))
            }
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
fn named(names: &[&str]) -> String {
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
