//! A scenario on its way.

use toml::Value;

use super::{ScenarioError, checked};
use crate::scenario::Scenario;
use crate::scenario::desk::Desk;
use crate::scenario::population::Segment;
use crate::strategy::Strategy;

/// A scenario on its way: [`Scenario::builder`] begins it, [`ScenarioBuilder::build`] checks it as a file is checked.
#[derive(Clone, Debug)]
pub struct ScenarioBuilder {
    base: Scenario,
    sets: Vec<(String, Value)>,
}

impl ScenarioBuilder {
    pub(super) fn new(base: Scenario) -> Self {
        Self { base, sets: Vec::new() }
    }

    /// Accounts of the population, up to 10⁹.
    #[must_use]
    pub fn accounts(self, accounts: u64) -> Self {
        self.whole("population.accounts", accounts)
    }

    /// Days simulated.
    #[must_use]
    pub fn horizon_days(self, days: u64) -> Self {
        self.whole("horizon_days", days)
    }

    /// Independent repetitions; intervals come from their spread.
    #[must_use]
    pub fn replications(self, replications: u64) -> Self {
        self.whole("replications", replications)
    }

    /// Seed of all random draws.
    #[must_use]
    pub fn seed(mut self, seed: u32) -> Self {
        self.base.seed = seed;
        self
    }

    /// Civil date, and optionally time, at which simulated time begins, as in `2026-03-02`.
    #[must_use]
    pub fn start(self, start: &str) -> Self {
        self.set("start", start)
    }

    /// The help desk.
    #[must_use]
    pub fn desk(mut self, desk: Desk) -> Self {
        self.base.desk = desk;
        self
    }

    /// One more segment of the population.
    #[must_use]
    pub fn segment(mut self, segment: Segment) -> Self {
        self.base.population.segments.push(segment);
        self
    }

    /// One more strategy to compare.
    #[must_use]
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.base.strategies.push(strategy);
        self
    }

    /// Name of the strategy that the best one is also held against; without it, the first strategy.
    #[must_use]
    pub fn baseline(mut self, name: &str) -> Self {
        self.base.baseline = Some(name.to_owned());
        self
    }

    /// Any value by its key, as `--set` has it: `set("population.shares.mfa", 0.2)`. These are laid over everything else
    /// when the scenario is built, in their order.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.sets.push((key.to_owned(), value.into()));
        self
    }

    /// The scenario, if everything in it is allowed and agrees.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with key, value and what is allowed.
    pub fn build(self) -> Result<Scenario, ScenarioError> {
        checked(&self.base, &self.sets)
    }

    fn whole(self, key: &str, number: u64) -> Self {
        self.set(key, i64::try_from(number).unwrap_or(i64::MAX))
    }
}
