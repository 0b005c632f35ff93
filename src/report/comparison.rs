//! Strategies against each other: paired differences over replications, and who moves where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::costs;
use super::desk_summary::{contacts, peak_calls};
use super::summary::arms;
use crate::engine::{ArmResult, Replication};
use crate::measure::outcomes::Transitions;
use crate::measure::statistics::estimate;
use crate::numbers::tidy;
use crate::scenario::Scenario;
use crate::strategy::{STAY, Strategy};
use crate::terms::Outcome;

/// Two strategies in one metric: `a` minus `b`, over the same accounts with the same luck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// First strategy.
    pub a: String,
    /// Second strategy.
    pub b: String,
    /// What is compared.
    pub metric: String,
    /// Mean of `a` minus `b` over replications.
    pub mean_difference: f64,
    /// 95 % confidence interval of that mean, from the paired differences; absent with a single replication.
    pub ci95: Option<[f64; 2]>,
    /// Accounts by their outcome under `a`, then under `b`; means over replications, zeros left out.
    pub transitions: BTreeMap<String, BTreeMap<String, f64>>,
}

/// Something in which strategies are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Accounts linked, by themselves or with help.
    Migrated,
    /// Customers who left.
    Churned,
    /// Customers who signed up again.
    Duplicate,
    /// Customers who were turned away.
    Blocked,
    /// Accounts bound to another person by mistake.
    Misbound,
    /// Takeovers, noticed or not.
    TakenOver,
    /// Contacts with desk and review team.
    Contacts,
    /// Calls in the busiest hour.
    PeakCalls,
    /// The whole bill, in cents.
    CostCents,
}

impl Metric {
    /// All metrics, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Migrated,
        Self::Churned,
        Self::Duplicate,
        Self::Blocked,
        Self::Misbound,
        Self::TakenOver,
        Self::Contacts,
        Self::PeakCalls,
        Self::CostCents,
    ];

    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Migrated => "migrated",
            Self::Churned => "churned",
            Self::Duplicate => "duplicate",
            Self::Blocked => "blocked",
            Self::Misbound => "misbound",
            Self::TakenOver => "taken_over",
            Self::Contacts => "contacts",
            Self::PeakCalls => "peak_calls",
            Self::CostCents => "cost_cents",
        }
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Migrated => "accounts migrated",
            Self::Churned => "customers lost",
            Self::Duplicate => "duplicate accounts",
            Self::Blocked => "customers blocked",
            Self::Misbound => "accounts misbound",
            Self::TakenOver => "account takeovers",
            Self::Contacts => "contacts with desk and review",
            Self::PeakCalls => "calls in the busiest hour",
            Self::CostCents => "total cost",
        }
    }

    /// Whether more of it is better.
    pub fn more_is_better(self) -> bool {
        self == Self::Migrated
    }

    /// The metric of one arm in one replication.
    pub fn of(self, scenario: &Scenario, strategy: Option<&Strategy>, arm: &ArmResult) -> f64 {
        let counts = &arm.counts;
        let whole = match self {
            Self::Migrated => counts.outcome(Outcome::Migrated) + counts.outcome(Outcome::MigratedByDesk),
            Self::Churned => counts.outcome(Outcome::Churned),
            Self::Duplicate => counts.outcome(Outcome::Duplicate),
            Self::Blocked => counts.outcome(Outcome::Blocked),
            Self::Misbound => counts.outcome(Outcome::Misbound),
            Self::TakenOver => counts.taken_over.iter().sum(),
            Self::Contacts => contacts(arm),
            Self::PeakCalls => peak_calls(arm),
            Self::CostCents => costs::bill(scenario, strategy, arm).into_iter().fold(0, u64::saturating_add),
        };
        whole as f64
    }
}

/// Compares every pair of strategies, and every strategy with the control arm.
pub fn compare(scenario: &Scenario, replications: &[Replication]) -> Vec<Comparison> {
    let strategies: Vec<_> = arms(scenario).collect();
    let name = |arm: usize| strategies[arm].map_or(STAY, |strategy| strategy.name.as_str()).to_owned();
    let strategy_pairs = (1..strategies.len()).flat_map(|a| (a + 1..strategies.len()).map(move |b| (a, b)));
    let with_stay = (1..strategies.len()).map(|a| (a, 0));
    let mut comparisons = Vec::new();
    for (a, b) in strategy_pairs.chain(with_stay) {
        let transitions = mean_transitions(replications, a, b);
        for metric in Metric::ALL {
            let differences: Vec<f64> = replications
                .iter()
                .map(|replication| {
                    let of = |arm: usize| metric.of(scenario, strategies[arm], &replication.arms[arm]);
                    of(a) - of(b)
                })
                .collect();
            let estimate = estimate(&differences);
            comparisons.push(Comparison {
                a: name(a),
                b: name(b),
                metric: metric.key().to_owned(),
                mean_difference: tidy(estimate.mean),
                ci95: estimate.ci95.map(|ci| ci.map(tidy)),
                transitions: transitions.clone(),
            });
        }
    }
    comparisons
}

fn mean_transitions(replications: &[Replication], a: usize, b: usize) -> BTreeMap<String, BTreeMap<String, f64>> {
    let count = |table: &Transitions, from: Outcome, to: Outcome| {
        if a < b {
            table[from.index()][to.index()]
        } else {
            table[to.index()][from.index()]
        }
    };
    let pair = (a.min(b), a.max(b));
    let tables: Vec<_> = replications
        .iter()
        .filter_map(|replication| replication.transitions.iter().find(|(of, _)| *of == pair))
        .map(|(_, table)| table)
        .collect();
    let mut rows = BTreeMap::new();
    for from in Outcome::ALL {
        let row: BTreeMap<String, f64> = Outcome::ALL
            .iter()
            .filter_map(|&to| {
                let sum: u64 = tables.iter().map(|table| count(table, from, to)).sum();
                (sum > 0).then(|| (to.key().to_owned(), tidy(sum as f64 / replications.len() as f64)))
            })
            .collect();
        if !row.is_empty() {
            rows.insert(from.key().to_owned(), row);
        }
    }
    rows
}
