//! Rivals: every strategy of a run beside the others, in the few figures that decide, and which of them is best.

use serde::{Serialize, Serializer};

use super::{Arm, Comparison, Metric, Results};
use crate::measure::counts::Total;
use crate::measure::statistics::{Estimate, estimate};

/// The strategies of one run side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Rivals {
    /// Name of the scenario.
    pub scenario: String,
    /// Accounts.
    pub accounts: u64,
    /// Replications.
    pub replications: usize,
    /// The strategy with the lowest bill; `None` with fewer than two, where there is nothing to be better than.
    pub best: Option<String>,
    /// Strategies that cannot be told from the best: the interval of the difference of the two bills holds 0, or the bills
    /// are the same. With a single replication there are no intervals.
    pub ties: Vec<String>,
    /// The control `stay`, then the strategies.
    pub strategies: Vec<Rival>,
}

/// One strategy in a few figures.
#[derive(Clone, Debug, Serialize)]
pub struct Rival {
    /// Its name.
    pub name: String,
    /// The set of controls under its own; the control arm has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controls: Option<&'static str>,
    /// Its bill less that of `stay`, in cents.
    #[serde(serialize_with = "tidy")]
    pub bill_to_stay_cents: Estimate,
    /// Of the accounts whose owner shows up before the horizon, share that can sign in at the horizon; `None` if nobody
    /// shows up.
    #[serde(serialize_with = "tidy_if_any")]
    pub can_sign_in_share: Option<Estimate>,
    /// Customers who left, as the report counts them: accounts that share a contact point are one customer.
    #[serde(serialize_with = "tidy")]
    pub customers_lost: Estimate,
    /// Days for which intruders held accounts.
    #[serde(serialize_with = "tidy")]
    pub takeover_days: Estimate,
    /// Calls in the busiest hour.
    #[serde(serialize_with = "tidy")]
    pub peak_calls: Estimate,
}

impl Rivals {
    /// The strategies of these results.
    pub fn new(results: &Results) -> Self {
        let arms: Vec<Arm<'_>> = results.arms().collect();
        let Some((stay, others)) = arms.split_first() else {
            return Self::none(results);
        };
        let strategies = arms.iter().map(|arm| Rival::new(*arm, *stay)).collect();
        let bill = |arm: &&Arm<'_>| arm.metric(Metric::Cost).mean;
        let best = others.iter().min_by(|a, b| bill(a).total_cmp(&bill(b))).filter(|_| others.len() > 1);
        let equals = |arm: &&Arm<'_>| {
            best.is_some_and(|best| {
                let difference = Comparison::new(**arm, *best).metric(Metric::Cost).estimate;
                let is_same = difference.mean == 0.0;
                arm.place() != best.place() && (is_same || difference.ci95.is_some() && !difference.is_clear())
            })
        };
        Self {
            best: best.map(|arm| arm.name().to_owned()),
            ties: others.iter().filter(equals).map(|arm| arm.name().to_owned()).collect(),
            strategies,
            ..Self::none(results)
        }
    }

    fn none(results: &Results) -> Self {
        Self {
            scenario: results.scenario().name.clone(),
            accounts: results.scenario().population.accounts.get(),
            replications: results.replications().len(),
            best: None,
            ties: Vec::new(),
            strategies: Vec::new(),
        }
    }

    /// The strategy of this name.
    pub fn strategy(&self, name: &str) -> Option<&Rival> {
        self.strategies.iter().find(|rival| rival.name == name)
    }
}

impl Rival {
    fn new(arm: Arm<'_>, stay: Arm<'_>) -> Self {
        // Replications in which nobody shows up have no share.
        let share = |arm: &crate::engine::ArmResult| {
            let active = arm.counts.total(Total::Active);
            (active > 0).then(|| arm.counts.total(Total::CanSignIn) as f64 / active as f64)
        };
        let shares: Vec<f64> = arm.results().filter_map(share).collect();
        Self {
            name: arm.name().to_owned(),
            controls: arm.strategy().map(|strategy| strategy.controls.set.key()),
            bill_to_stay_cents: Comparison::new(arm, stay).metric(Metric::Cost).estimate,
            can_sign_in_share: (!shares.is_empty()).then(|| estimate(&shares)),
            customers_lost: arm.metric(Metric::CustomersLost),
            takeover_days: arm.metric(Metric::HeldDays),
            peak_calls: arm.metric(Metric::PeakCalls),
        }
    }
}

/// Six decimals, so that a file does not carry the noise of the last bits.
fn tidy<S: Serializer>(estimate: &Estimate, to: S) -> Result<S::Ok, S::Error> {
    let tidy = crate::numbers::tidy;
    let ci95 = estimate.ci95.map(|ends| ends.map(tidy));
    Estimate { mean: tidy(estimate.mean), ci95, ..*estimate }.serialize(to)
}

fn tidy_if_any<S: Serializer>(estimate: &Option<Estimate>, to: S) -> Result<S::Ok, S::Error> {
    match estimate {
        Some(estimate) => tidy(estimate, to),
        None => to.serialize_none(),
    }
}
