//! How a strategy stands at the horizon: whether its small bill is that of a migration at all.

use super::summary::StrategySummary;
use crate::numbers::percent;
use crate::strategy::STAY;
use crate::terms::Outcome;

/// Share of the active customers who have not moved from which on it is told. A choice of this report.
const MANY: f64 = 0.5;

/// What must be said beside a small bill, in a few words: the rollout did not run its course, nobody was moved, or most
/// of the active customers were not. `None` for a migration that is as good as done, and for the control arm.
pub fn remark(strategy: &StrategySummary) -> Option<String> {
    if strategy.name == STAY || strategy.outcomes.sum() < 0.5 {
        return None;
    }
    let moved = [Outcome::Migrated, Outcome::MigratedByDesk, Outcome::LinkedUnseen];
    let moved: f64 = moved.into_iter().map(|outcome| strategy.outcomes[outcome]).sum();
    let (active, waiting) = (strategy.outcomes_active.sum(), strategy.outcomes_active[Outcome::Pending]);
    let mut parts = Vec::from_iter(ended(strategy));
    if moved < 0.5 {
        parts.push("moved nobody".to_owned());
    } else if waiting > MANY * active {
        parts.push(format!("{} of the active have not moved", percent(waiting / active)));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// That the rollout stopped or was undone, and in how many replications if not in all.
fn ended(strategy: &StrategySummary) -> Option<String> {
    let rollout = strategy.rollout.as_ref()?;
    let all = rollout.decisions.len();
    let words = [
        (rollout.replications_rolled_back, "rolled back"),
        (rollout.replications_stopped, "stopped"),
    ];
    let told: Vec<String> = words
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, how)| match count as usize {
            count if count == all => how.to_owned(),
            count => format!("{how} in {count} of {all} replications"),
        })
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}
