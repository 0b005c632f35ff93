//! Metrics: in what strategies are compared.

use serde::{Deserialize, Serialize};

use super::costs;
use super::desk::{contacts, peak_calls};
use crate::engine::ArmResult;
use crate::measure::counts::{CUSTOMER, Total};
use crate::numbers::{grouped, money, signed};
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::terms::Outcome;

/// Something in which strategies are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Active customers who can sign in at the horizon, with what they have and without any further step; accounts.
    CanSignIn,
    /// Accounts linked whose owner was seen at the target or proved who they are, by themselves or with help.
    Migrated,
    /// Accounts linked silently whose owner has not been seen since.
    LinkedUnseen,
    /// Accounts whose owner was locked out for a day or more in all.
    ShutOut,
    /// Customers who left, in whole customers: accounts that share a contact point are one.
    CustomersLost,
    /// Accounts whose owner left.
    Churned,
    /// Customers who signed up again.
    Duplicate,
    /// Customers who were turned away.
    Blocked,
    /// Accounts bound to another person by mistake.
    Misbound,
    /// Wrong links through which somebody saw another person's data.
    WrongLinks,
    /// Accounts in the hands of an intruder at the horizon, since the first day or since an attack.
    InOtherHands,
    /// Attacks that worked, noticed or not.
    TakenOver,
    /// Days for which intruders held accounts, over all accounts.
    HeldDays,
    /// People who contacted the desk or had a case, as accounts.
    Contacted,
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
    pub const ALL: [Self; 17] = [
        Self::CanSignIn,
        Self::Migrated,
        Self::LinkedUnseen,
        Self::ShutOut,
        Self::CustomersLost,
        Self::Churned,
        Self::Duplicate,
        Self::Blocked,
        Self::Misbound,
        Self::WrongLinks,
        Self::InOtherHands,
        Self::TakenOver,
        Self::HeldDays,
        Self::Contacted,
        Self::Contacts,
        Self::PeakCalls,
        Self::Cost,
    ];

    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::CanSignIn => "can_sign_in",
            Self::Migrated => "migrated",
            Self::LinkedUnseen => "linked_unseen",
            Self::ShutOut => "shut_out",
            Self::CustomersLost => "customers_lost",
            Self::Churned => "churned",
            Self::Duplicate => "duplicate",
            Self::Blocked => "blocked",
            Self::Misbound => "misbound",
            Self::WrongLinks => "wrong_links",
            Self::InOtherHands => "in_other_hands",
            Self::TakenOver => "taken_over",
            Self::HeldDays => "held_days",
            Self::Contacted => "contacted",
            Self::Contacts => "contacts",
            Self::PeakCalls => "peak_calls",
            Self::Cost => "cost_cents",
        }
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::CanSignIn => "active customers who can sign in",
            Self::Migrated => "accounts migrated and seen",
            Self::LinkedUnseen => "accounts linked, owner not seen",
            Self::ShutOut => "people locked out for a day or more",
            Self::CustomersLost => "customers lost",
            Self::Churned => "accounts lost with them",
            Self::Duplicate => "duplicate accounts",
            Self::Blocked => "customers blocked",
            Self::Misbound => "accounts misbound",
            Self::WrongLinks => "wrong links seen by somebody",
            Self::InOtherHands => "accounts in other hands at the end",
            Self::TakenOver => "attacks that worked",
            Self::HeldDays => "days in the hands of intruders",
            Self::Contacted => "people who contact desk or review",
            Self::Contacts => "contacts with desk and review",
            Self::PeakCalls => "calls in the busiest hour",
            Self::Cost => "total cost",
        }
    }

    /// Whether more of it is better.
    pub fn more_is_better(self) -> bool {
        matches!(self, Self::CanSignIn | Self::Migrated)
    }

    /// Whether it counts accounts, so that it has a share of all of them.
    pub fn counts_accounts(self) -> bool {
        !matches!(
            self,
            Self::WrongLinks | Self::TakenOver | Self::HeldDays | Self::Contacts | Self::PeakCalls | Self::Cost
        )
    }

    /// The metric of one arm in one replication.
    pub fn of(self, scenario: &Scenario, strategy: Option<&Strategy>, arm: &ArmResult) -> f64 {
        let counts = &arm.counts;
        let whole = match self {
            Self::CanSignIn => counts.total(Total::CanSignIn),
            Self::LinkedUnseen => counts.outcome(Outcome::LinkedUnseen),
            Self::ShutOut => counts.total(Total::ShutOut),
            Self::CustomersLost => return customers(counts.lost.iter().sum()),
            Self::WrongLinks => counts.total(Total::WrongLinks),
            Self::HeldDays => return counts.total(Total::HeldHours) as f64 / 24.0,
            Self::Contacted => counts.total(Total::Contacted),
            Self::Migrated => counts.outcome(Outcome::Migrated) + counts.outcome(Outcome::MigratedByDesk),
            Self::Churned => counts.outcome(Outcome::Churned),
            Self::Duplicate => counts.outcome(Outcome::Duplicate),
            Self::Blocked => counts.outcome(Outcome::Blocked),
            Self::Misbound => counts.outcome(Outcome::Misbound),
            Self::InOtherHands => counts.total(Total::InOtherHands),
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

/// Whole customers, from the parts in which they are counted.
pub(crate) fn customers(parts: u64) -> f64 {
    parts as f64 / CUSTOMER as f64
}

crate::terms::words!(Metric);
