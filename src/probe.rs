//! Probe: a scenario over a part of its population, for what it comes to and nothing else.
//!
//! Questions that take hundreds of runs are asked of a probe. It has fewer accounts, a desk to their scale, and returns
//! figures as those of all accounts. A small desk makes people wait longer than a large one at the same load, and whole
//! agents are rounded: so a probe says which strategy is better and what that rests on, and the run says by how much.

use std::sync::Arc;

use crate::engine::{self, Replication};
use crate::error::{Error, Result};
use crate::measure::Measure;
use crate::population::directory::{self, Imported};
use crate::results::Metric;
use crate::results::costs::{self, Line};
use crate::scenario::Scenario;
use crate::watch::{Quiet, Watch};

/// A scenario over a part of its population.
#[derive(Clone, Debug)]
pub struct Probe {
    scenario: Scenario,
    imported: Option<Arc<Imported>>,
    /// So many times as many accounts has the whole.
    times: f64,
}

/// What one arm came to, as that of all accounts: a value for each metric, money in cents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures([f64; Metric::ALL.len()]);

impl Figures {
    /// The values in the order of [`Metric::ALL`].
    pub const fn new(values: [f64; Metric::ALL.len()]) -> Self {
        Self(values)
    }

    /// The value of a metric.
    pub fn of(&self, metric: Metric) -> f64 {
        self.0[metric as usize]
    }

    /// What each arm of a replication came to, the control first, where the whole has so many times as many accounts.
    pub fn of_arms(scenario: &Scenario, replication: &Replication, times: f64) -> Vec<Self> {
        let arms = scenario.arms().zip(&replication.arms);
        arms.map(|(strategy, arm)| {
            Self(Metric::ALL.map(|metric| match metric {
                Metric::Cost => {
                    let lines = costs::bill(scenario, strategy, arm);
                    // Building a strategy costs the same for few accounts and for many.
                    let times = |line: Line| if line == Line::Setup { 1.0 } else { times };
                    Line::ALL.into_iter().map(|line| lines[line as usize] as f64 * times(line)).sum()
                }
                counted => counted.of(scenario, strategy, arm) * times,
            }))
        })
        .collect()
    }

    /// The bills of some arms, in cents.
    pub fn bills(arms: &[Self]) -> Vec<f64> {
        arms.iter().map(|arm| arm.of(Metric::Cost)).collect()
    }

    /// As values one after the other.
    pub fn flat(arms: &[Self]) -> Vec<f64> {
        arms.iter().flat_map(|arm| arm.0).collect()
    }

    /// From values one after the other.
    pub fn shaped(values: &[f64]) -> Vec<Self> {
        let arms = values.chunks_exact(Metric::ALL.len());
        arms.map(|arm| Self(std::array::from_fn(|place| arm[place]))).collect()
    }

    /// The mean of some.
    pub fn mean<'a>(all: impl ExactSizeIterator<Item = &'a Self>) -> Self {
        let number = all.len().max(1) as f64;
        let sum = all.fold(Self([0.0; Metric::ALL.len()]), |sum, one| sum.plus(one));
        Self(sum.0.map(|value| value / number))
    }

    /// Value by value, the sum of two.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place] + other.0[place]))
    }

    /// Value by value, what this one is more than another.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place] - other.0[place]))
    }
}

impl Probe {
    /// A probe of at most so many accounts. A directory export cannot be cut: all of its accounts are taken.
    ///
    /// # Errors
    ///
    /// If the scenario is not allowed with so few accounts, if its directory export cannot be read, or if `watch` stops it.
    pub fn new(scenario: &Scenario, most: u64, watch: &dyn Watch) -> Result<Self> {
        let imported = directory::read(scenario, &Quiet(watch))?.map(Arc::new);
        if let Some(imported) = imported {
            let mut scenario = scenario.clone();
            scenario.adopt(imported.accounts(), imported.digest());
            return Ok(Self { scenario, imported: Some(imported), times: 1.0 });
        }
        let accounts = scenario.population.accounts.get();
        let mut built = scenario.rebuild();
        if accounts > most {
            built = built.accounts(most);
            // A desk that is stated for all of them is scaled down to the part.
            if scenario.desk.for_accounts.get() == 0 {
                built = built.set("desk.for_accounts", i64::try_from(accounts).unwrap_or(i64::MAX));
            }
        }
        let scenario = built.build()?;
        // A desk without customers is the whole of itself.
        let times = accounts.max(1) as f64 / scenario.population.accounts.get().max(1) as f64;
        Ok(Self { scenario, imported: None, times })
    }

    /// The scenario over the part.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Accounts that are simulated.
    pub fn accounts(&self) -> u64 {
        self.scenario.population.accounts.get()
    }

    /// Accounts times strategies, the control not among them, as those of a run are counted.
    fn account_strategies(&self) -> u64 {
        self.accounts() * self.scenario.strategies.len().max(1) as u64
    }

    /// So many times as many accounts has the whole.
    pub fn times(&self) -> f64 {
        self.times
    }

    /// Whether no account is left out.
    pub fn is_whole(&self) -> bool {
        self.times <= 1.0
    }

    /// The probe of another scenario, which was made from that of this one: the same accounts, read once.
    #[must_use]
    pub fn with(&self, scenario: Scenario) -> Self {
        Self { scenario, imported: self.imported.clone(), times: self.times }
    }

    /// Simulates the replication of this number; the same number has the same luck under whatever differs.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn run(&self, number: u32, watch: &dyn Watch) -> Result<Replication> {
        let replication = engine::replication(&self.scenario, self.imported.as_ref(), number, &Quiet(watch))?;
        watch.simulated(self.account_strategies());
        Ok(replication)
    }

    /// The same while a measure listens; what it heard by arm, the control first.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn hear<M: Measure>(
        &self,
        number: u32,
        measure: &(dyn Fn() -> M + Sync),
        watch: &dyn Watch,
    ) -> Result<(Replication, Vec<M>)> {
        let heard =
            engine::replication_measured(&self.scenario, self.imported.as_ref(), number, measure, &Quiet(watch))?;
        watch.simulated(self.account_strategies());
        Ok(heard)
    }

    /// What the arms came to, the control first. Prices are those of this probe, which may differ from those of the run.
    pub fn figures(&self, replication: &Replication) -> Vec<Figures> {
        Figures::of_arms(&self.scenario, replication, self.times)
    }

    /// The place of the arm of this name, the control being the first.
    ///
    /// # Errors
    ///
    /// If there is none: those that there are are named.
    pub fn place(&self, name: &str) -> Result<usize> {
        let names = || self.scenario.arms().map(|arm| arm.map_or(crate::strategy::STAY, |strategy| &strategy.name));
        names().position(|known| known == name).ok_or_else(|| {
            let known = crate::text::one_of(names().map(str::to_owned));
            Error::Input(format!("there is no strategy \"{name}\" in this scenario: {known}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::Strategy;
    use crate::watch::Unwatched;

    fn scenario(accounts: u64) -> Scenario {
        let built = Scenario::builder("probe")
            .accounts(accounts)
            .horizon_days(40)
            .strategy(Strategy::preset("lazy").expect("a preset").with("cut_off.day", 30).expect("a day"));
        built.build().expect("a scenario")
    }

    #[test]
    fn a_probe_as_large_as_the_scenario_comes_to_what_the_run_does() {
        let scenario = scenario(3_000);
        let probe = Probe::new(&scenario, 3_000, &Unwatched).expect("a probe");
        let run = engine::run(&scenario, None, None, &Unwatched).expect("a run");
        for number in [0, 1] {
            let replication = probe.run(number, &Unwatched).expect("a replication");
            for (arm, figures) in
                scenario.arms().zip(probe.figures(&replication)).enumerate().map(|(arm, it)| (arm, it.1))
            {
                let strategy = scenario.arms().nth(arm).flatten();
                for metric in Metric::ALL {
                    let told = metric.of(&scenario, strategy, &run[number as usize].arms[arm]);
                    assert_eq!(figures.of(metric), told, "{}", metric.key());
                }
            }
        }
    }

    #[test]
    fn a_part_tells_figures_of_the_whole_and_building_costs_once() {
        let whole = scenario(40_000);
        let part = Probe::new(&whole, 4_000, &Unwatched).expect("a probe");
        assert_eq!((part.accounts(), part.times()), (4_000, 10.0));
        assert_eq!(part.scenario().desk.for_accounts.get(), 40_000);
        let of = |probe: &Probe, metric| {
            let run = probe.run(0, &Unwatched).expect("a replication");
            probe.figures(&run)[1].of(metric)
        };
        let all = Probe::new(&whole, 40_000, &Unwatched).expect("a probe");
        for metric in [Metric::CanSignIn, Metric::Migrated, Metric::Cost] {
            let ratio = of(&part, metric) / of(&all, metric);
            assert!((0.9..1.1).contains(&ratio), "{}: {ratio}", metric.key());
        }
        assert_eq!(part.place("lazy").ok(), Some(1));
        assert!(part.place("nobody").is_err());
    }
}
