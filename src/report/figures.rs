//! Figures of a summary: a metric under one strategy, and by how much two strategies differ in it.

use super::summary::{StrategySummary, Summary};
use crate::measure::counts::Total;
use crate::numbers::grouped;
use crate::results::Metric;
use crate::terms::Outcome;

/// A paired difference over replications: its mean, and its interval if there is one.
pub(crate) type Paired = (f64, Option<[f64; 2]>);

/// Paired difference `a` minus `b`, whichever way round it was computed.
pub(crate) fn paired(summary: &Summary, a: &str, b: &str, metric: Metric) -> Option<Paired> {
    if let Some(found) = summary.comparison(a, b, metric) {
        return Some((found.mean_difference, found.ci95));
    }
    let found = summary.comparison(b, a, metric)?;
    Some((-found.mean_difference, found.ci95.map(|[low, high]| [-high, -low])))
}

/// A mean with the least and the most, where they differ.
pub(crate) fn ranged(mean: String, [least, most]: [f64; 2]) -> String {
    if least < most {
        format!("{mean} ({} to {})", grouped(least), grouped(most))
    } else {
        mean
    }
}

/// Share of the active customers who can sign in; `None` if there are none.
pub(crate) fn can_sign_in_share(strategy: &StrategySummary) -> Option<f64> {
    let active = strategy.totals[Total::Active];
    (active > 0.0).then(|| strategy.totals[Total::CanSignIn] / active)
}

/// The mean of a metric under one strategy.
pub(crate) fn value(strategy: &StrategySummary, metric: Metric) -> f64 {
    let outcome = |outcome: Outcome| strategy.outcomes[outcome];
    match metric {
        Metric::CanSignIn => strategy.totals[Total::CanSignIn],
        Metric::Migrated => outcome(Outcome::Migrated) + outcome(Outcome::MigratedByDesk),
        Metric::LinkedUnseen => outcome(Outcome::LinkedUnseen),
        Metric::ShutOut => strategy.totals[Total::ShutOut],
        Metric::CustomersLost => strategy.customers_lost,
        Metric::Churned => outcome(Outcome::Churned),
        Metric::Duplicate => outcome(Outcome::Duplicate),
        Metric::Blocked => outcome(Outcome::Blocked),
        Metric::Misbound => outcome(Outcome::Misbound),
        Metric::WrongLinks => strategy.totals[Total::WrongLinks],
        Metric::InOtherHands => strategy.totals[Total::InOtherHands],
        Metric::TakenOver => strategy.security.taken_over.sum(),
        Metric::HeldDays => strategy.totals[Total::HeldHours] / 24.0,
        Metric::Contacted => strategy.totals[Total::Contacted],
        Metric::Contacts => strategy.desk.contacts,
        Metric::PeakCalls => strategy.desk.calls.peak_hour.busiest_mean,
        Metric::Cost => strategy.cost_cents.total() as f64,
    }
}
