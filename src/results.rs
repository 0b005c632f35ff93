//! Results: what a run found, as typed values.
//!
//! [`Results`] holds what the engine counted and measured in every replication. An [`Arm`] reads it for one strategy or for
//! the control, a [`Comparison`] for two of them over the same customers with the same luck. Whatever comes from the spread
//! of replications is an [`Estimate`]: mean, interval, and their number. `summary.json`, charts and page are views of this.

pub mod costs;

mod setup;

pub mod metric;

mod arm;

mod comparison;

pub mod desk;

mod rollout;

pub mod figure;

pub mod precision;

pub mod rivals;

pub use arm::{Arm, Bill, FunnelStep, Hourly};
pub use comparison::{Comparison, Difference};
pub(crate) use comparison::{difference, transitions};
pub use costs::Line;
pub use desk::{ChannelResults, Waits};
pub use metric::Metric;
pub use rollout::{Course, Reaction};

pub use crate::measure::statistics::Estimate;
pub use crate::plan::{Cause, Decision, Deed};

use crate::engine::Replication;
use crate::error::{Error, Result};
use crate::scenario::Scenario;
use crate::text::one_of;

/// What a run found.
#[derive(Clone, Debug)]
pub struct Results {
    scenario: Scenario,
    replications: Vec<Replication>,
}

impl Results {
    /// The results of a scenario: what the engine returned for it.
    pub fn new(scenario: Scenario, replications: Vec<Replication>) -> Self {
        Self { scenario, replications }
    }

    /// The scenario as it was run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What was counted, by replication and arm.
    pub fn replications(&self) -> &[Replication] {
        &self.replications
    }

    /// The control arm `stay`, then the strategies of the scenario.
    pub fn arms(&self) -> impl Iterator<Item = Arm<'_>> {
        (0..=self.scenario.strategies.len()).map(|place| Arm::new(self, place))
    }

    /// The arm of this name.
    ///
    /// # Errors
    ///
    /// If there is none: those that there are are named.
    pub fn arm(&self, name: &str) -> Result<Arm<'_>> {
        self.arms().find(|arm| arm.name() == name).ok_or_else(|| {
            let known = one_of(self.arms().map(|arm| arm.name().to_owned()));
            Error::Input(format!("there is no strategy \"{name}\" in this run: {known}"))
        })
    }

    /// Arm `a` against arm `b`, over the same customers with the same luck.
    ///
    /// # Errors
    ///
    /// If there is no arm of one of the names: those that there are are named.
    pub fn compare(&self, a: &str, b: &str) -> Result<Comparison<'_>> {
        Ok(Comparison::new(self.arm(a)?, self.arm(b)?))
    }
}
