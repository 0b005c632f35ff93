//! Outcome: what has become of an account at the horizon; every account is in exactly one.

use serde::{Deserialize, Serialize};

/// What has become of an account. If several apply, the first in this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Its owner has left for good.
    Churned,
    /// An attacker holds it.
    TakenOver,
    /// It is bound to another person by mistake.
    Misbound,
    /// Its owner has signed up again instead.
    Duplicate,
    /// Its owner has tried and stopped trying, or was turned down, before a link or after it.
    Blocked,
    /// Linked with the help of the desk or the review team.
    MigratedByDesk,
    /// Linked, and its owner has signed in at the target or proved who they are.
    Migrated,
    /// Linked silently; its owner has not been seen since.
    LinkedUnseen,
    /// Archived.
    Retired,
    /// Its owner is around but has not moved.
    Pending,
    /// Its owner has not shown up since the start.
    Dormant,
}

impl Outcome {
    /// All outcomes, in the order of reports.
    pub const ALL: [Self; 11] = [
        Self::Migrated,
        Self::MigratedByDesk,
        Self::LinkedUnseen,
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
            Self::LinkedUnseen => "linked_unseen",
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
            Self::LinkedUnseen => "linked, not seen",
            Self::TakenOver => "taken over",
            other => other.key(),
        }
    }

    /// Place in [`Outcome::ALL`].
    pub fn index(self) -> usize {
        match self {
            Self::Migrated => 0,
            Self::MigratedByDesk => 1,
            Self::LinkedUnseen => 2,
            Self::Pending => 3,
            Self::Dormant => 4,
            Self::Retired => 5,
            Self::Blocked => 6,
            Self::Duplicate => 7,
            Self::Churned => 8,
            Self::Misbound => 9,
            Self::TakenOver => 10,
        }
    }
}
