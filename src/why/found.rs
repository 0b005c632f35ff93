//! What was found of the difference between two strategies.

use serde::Serialize;

use super::parts::Kind;
use crate::error::{Error, Result};
use crate::measure::statistics::Estimate;
use crate::results::Metric;

/// A difference taken apart. Money is in cents; figures are those of all accounts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    /// Version of this form.
    pub schema_version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of the scenario.
    pub scenario_hash: String,
    /// The first strategy.
    pub a: String,
    /// The second strategy.
    pub b: String,
    /// Accounts of the scenario.
    pub accounts: u64,
    /// Accounts that each combination simulates.
    pub accounts_simulated: u64,
    /// Replications, each with other luck; all combinations have the same.
    pub replications: u32,
    /// Different combinations that were simulated.
    pub combinations: usize,
    /// Orders that were drawn for each replication; without, all of them count.
    pub orders: Option<usize>,
    /// Parts that are not allowed without each other and go over together.
    pub joined: Vec<Joined>,
    /// What the two differ in.
    pub parts: Vec<PartFound>,
    /// What the parts come to, by metric, in the order of reports.
    pub measures: Vec<Measured>,
}

/// Two parts that are not allowed without each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Joined {
    /// Their names.
    pub parts: [String; 2],
    /// What a scenario is refused for that has one of them alone.
    pub why: String,
}

/// What two strategies differ in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartFound {
    /// What it is about.
    pub kind: Kind,
    /// Name for people.
    pub name: String,
    /// What the first strategy has.
    pub a: String,
    /// What the second strategy has.
    pub b: String,
}

/// What the parts come to in a metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The metric.
    pub metric: Metric,
    /// Its value under the first strategy.
    pub a: Estimate,
    /// Its value under the second strategy.
    pub b: Estimate,
    /// The second less the first.
    pub difference: Estimate,
    /// The difference in whole numbers: the sum of those of the parts.
    pub whole: i64,
    /// What each part adds on the way from the first strategy to the second.
    pub parts: Vec<Contribution>,
    /// The same by what the parts are about, each kind once.
    pub kinds: Vec<OfKind>,
    /// The two parts that do most together, beyond what each does.
    pub together: Option<Together>,
}

/// What a part adds on the way from the first strategy to the second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Contribution {
    /// Its Shapley value.
    pub adds: Estimate,
    /// The same in whole numbers, rounded so that they sum to the whole.
    pub whole: i64,
    /// What it adds to the first strategy alone.
    pub alone: Estimate,
    /// What it adds when all others have been taken over.
    pub last: Estimate,
}

/// What the parts of a kind add together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OfKind {
    /// What they are about.
    pub kind: Kind,
    /// The sum of their Shapley values.
    pub adds: Estimate,
}

/// What two parts do together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Together {
    /// Their places among the parts.
    pub parts: [usize; 2],
    /// What they add together beyond what each adds.
    pub adds: Estimate,
}

impl Why {
    /// What the parts come to in a metric.
    pub fn measured(&self, metric: Metric) -> Option<&Measured> {
        self.measures.iter().find(|measured| measured.metric == metric)
    }

    /// All of it as JSON.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn json(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec_pretty(self);
        json.map_err(|error| Error::Store(format!("why.json cannot be written: {error}")))
    }
}
