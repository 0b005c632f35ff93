//! Outcome: what has become of an account at the horizon; every account is in exactly one.

use serde::{Deserialize, Serialize};

/// What has become of an account. If several apply, the first in this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An attacker holds it.
    TakenOver,
    /// It is bound to another person by mistake.
    Misbound,
    /// Its owner has left for good.
    Churned,
    /// Its owner has signed up again instead.
    Duplicate,
    /// Linked with the help of the desk or the review team.
    MigratedByDesk,
    /// Linked.
    Migrated,
    /// Archived.
    Retired,
    /// Its owner has tried and stopped trying, or was turned down.
    Blocked,
    /// Its owner is around but has not moved.
    Pending,
    /// Its owner has not shown up since the start.
    Dormant,
}

impl Outcome {
    /// All outcomes, in the order of reports.
    pub const ALL: [Self; 10] = [
        Self::Migrated,
        Self::MigratedByDesk,
        Self::Pending,
        Self::Dormant,
        Self::Retired,
        Self::Blocked,
        Self::Duplicate,
        Self::Churned,
        Self::Misbound,
        Self::TakenOver,
    ];

    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Migrated => "migrated",
            Self::MigratedByDesk => "migrated_by_desk",
            Self::Pending => "pending",
            Self::Dormant => "dormant",
            Self::Retired => "retired",
            Self::Blocked => "blocked",
            Self::Duplicate => "duplicate",
            Self::Churned => "churned",
            Self::Misbound => "misbound",
            Self::TakenOver => "taken_over",
        }
    }

    /// Name for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::MigratedByDesk => "migrated by desk",
            Self::TakenOver => "taken over",
            other => other.key(),
        }
    }

    /// Place in [`Outcome::ALL`].
    pub fn index(self) -> usize {
        match self {
            Self::Migrated => 0,
            Self::MigratedByDesk => 1,
            Self::Pending => 2,
            Self::Dormant => 3,
            Self::Retired => 4,
            Self::Blocked => 5,
            Self::Duplicate => 6,
            Self::Churned => 7,
            Self::Misbound => 8,
            Self::TakenOver => 9,
        }
    }
}
