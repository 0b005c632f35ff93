//! The strategies at a glance: one small table, a row for each.

use super::figures::{can_sign_in_share, value};
use super::standing;
use super::summary::{StrategySummary, Summary};
use super::verdict::Verdict;
use crate::numbers::{grouped, percent};
use crate::results::Metric;
use crate::strategy::STAY;

/// What the columns say.
pub const HEAD: [&str; 5] = [
    "can sign in",
    "customers lost",
    "in other hands",
    "agents needed (on duty)",
    "bill against stay",
];

/// A strategy at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Its name.
    pub name: String,
    /// How it stands by its bill, in a word or two, and what must be said beside that; empty for most.
    pub mark: String,
    /// Its figures, in the order of [`HEAD`].
    pub cells: [String; 5],
}

/// The table: every arm of a run in its order; nothing without accounts.
pub fn table(summary: &Summary, verdict: &Verdict) -> Vec<Glance> {
    if summary.accounts == 0 {
        return Vec::new();
    }
    summary.strategies.iter().map(|strategy| glance(strategy, verdict)).collect()
}

fn glance(strategy: &StrategySummary, verdict: &Verdict) -> Glance {
    let name = strategy.name.as_str();
    let agents = verdict.agents.iter().find(|agents| agents.strategy == name);
    let bill = match strategy.attributable.cost_cents {
        _ if name == STAY => "–".to_owned(),
        cents => Metric::Cost.show_difference(cents as f64),
    };
    Glance {
        name: name.to_owned(),
        mark: mark(strategy, verdict),
        cells: [
            can_sign_in_share(strategy).map_or("–".to_owned(), percent),
            grouped(value(strategy, Metric::CustomersLost)),
            grouped(value(strategy, Metric::InOtherHands)),
            agents.map_or("–".to_owned(), |agents| format!("{} ({})", agents.needed, grouped(agents.on_duty))),
            bill,
        ],
    }
}

fn mark(strategy: &StrategySummary, verdict: &Verdict) -> String {
    let name = &strategy.name;
    let place = match &verdict.pair {
        Some((best, _)) if best == name && verdict.ties.is_empty() => Some("best"),
        Some((best, _)) if best == name => Some("smallest bill"),
        _ if verdict.ties.contains(name) => Some("not told apart"),
        _ => None,
    };
    let parts = place.map(str::to_owned).into_iter().chain(standing::remark(strategy));
    parts.collect::<Vec<_>>().join(", ")
}
