//! Metrics: in what strategies are compared.

use serde::{Deserialize, Serialize};

use super::costs;
use super::desk::{contacts, peak_calls};
use crate::engine::ArmResult;
use crate::numbers::{grouped, money, signed};
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::terms::Outcome;

/// Something in which strategies are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    #[serde(rename = "cost_cents")]
    Cost,
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
        Self::Cost,
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
            Self::Cost => "cost_cents",
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
            Self::Cost => "total cost",
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
            Self::Cost => costs::bill(scenario, strategy, arm).into_iter().fold(0, u64::saturating_add),
        };
        whole as f64
    }

    /// A value of it as people read it: money in units of the currency, all else in whole numbers.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Cost => money(value),
            _ => grouped(value),
        }
    }

    /// A difference in it as people read it, with its sign.
    pub fn show_difference(self, value: f64) -> String {
        match self {
            Self::Cost if value > 0.0 => format!("+{}", money(value)),
            Self::Cost => money(value),
            _ => signed(value),
        }
    }
}

crate::terms::words!(Metric);
