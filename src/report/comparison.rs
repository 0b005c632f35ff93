//! Strategies against each other: paired differences over replications, and who moves where.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::Replication;
use crate::numbers::tidy;
use crate::results::{Metric, difference, transitions};
use crate::scenario::Scenario;
use crate::strategy::STAY;
use crate::terms::{Each, Outcome};

/// Two strategies in one metric: `a` minus `b`, over the same accounts with the same luck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparisonSummary {
    /// First strategy.
    pub a: String,
    /// Second strategy.
    pub b: String,
    /// What is compared.
    pub metric: Metric,
    /// Mean of `a` minus `b` over replications.
    pub mean_difference: f64,
    /// 95 % confidence interval of that mean, from the paired differences; absent with a single replication.
    pub ci95: Option<[f64; 2]>,
    /// Accounts by their outcome under `a`, then under `b`; means over replications, zeros left out. They are the same for
    /// every metric, and stand with that of [`WITH_TRANSITIONS`] only.
    #[serde(default, skip_serializing_if = "MeanTransitions::is_empty")]
    pub transitions: MeanTransitions,
}

/// The metric beside which result files have the transitions of a pair.
pub const WITH_TRANSITIONS: Metric = Metric::Migrated;

/// Compares every pair of strategies, and every strategy with the control arm.
pub fn compare(scenario: &Scenario, replications: &[Replication]) -> Vec<ComparisonSummary> {
    let strategies: Vec<_> = scenario.arms().collect();
    let name = |arm: usize| strategies[arm].map_or(STAY, |strategy| strategy.name.as_str()).to_owned();
    let strategy_pairs = (1..strategies.len()).flat_map(|a| (a + 1..strategies.len()).map(move |b| (a, b)));
    let with_stay = (1..strategies.len()).map(|a| (a, 0));
    let mut comparisons = Vec::new();
    for (a, b) in strategy_pairs.chain(with_stay) {
        let mut moved = Some(mean_transitions(replications, a, b));
        for metric in Metric::ALL {
            let estimate = difference(scenario, replications, (a, b), metric);
            comparisons.push(ComparisonSummary {
                a: name(a),
                b: name(b),
                metric,
                mean_difference: tidy(estimate.mean),
                ci95: estimate.ci95.map(|ci| ci.map(tidy)),
                transitions: moved.take_if(|_| metric == WITH_TRANSITIONS).unwrap_or_default(),
            });
        }
    }
    comparisons
}

fn mean_transitions(replications: &[Replication], a: usize, b: usize) -> MeanTransitions {
    let tables: Vec<_> = transitions(replications, (a, b)).collect();
    MeanTransitions(Each::new(|from: Outcome| {
        Each::new(|to: Outcome| {
            let sum: u64 = tables.iter().map(|table| table[from.index()][to.index()]).sum();
            tidy(sum as f64 / replications.len() as f64)
        })
    }))
}

/// Accounts by their outcome under one strategy, then under another; means over replications. Result files leave out zeros.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeanTransitions(Each<Outcome, Each<Outcome, f64>>);

impl MeanTransitions {
    /// Accounts with these two outcomes.
    pub fn of(&self, from: Outcome, to: Outcome) -> f64 {
        self.0[from][to]
    }

    fn is_empty(&self) -> bool {
        self.iter().all(|(.., accounts)| accounts <= 0.0)
    }

    /// Each pair of outcomes with its accounts.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, Outcome, f64)> {
        self.0.iter().flat_map(|(from, row)| row.iter().map(move |(to, accounts)| (from, to, *accounts)))
    }
}

impl Serialize for MeanTransitions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = BTreeMap::<&str, BTreeMap<&str, f64>>::new();
        for (from, to, accounts) in self.iter().filter(|(.., accounts)| *accounts > 0.0) {
            rows.entry(from.key()).or_default().insert(to.key(), accounts);
        }
        rows.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MeanTransitions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Each::deserialize(deserializer).map(Self)
    }
}
