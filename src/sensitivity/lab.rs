//! Lab: worlds simulated, many at once, and none of them twice.

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::level::Level;
use crate::engine::Replication;
use crate::error::Result;
use crate::probe::{Figures, Probe};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::uncertain::Uncertain;
use crate::watch::Watch;

/// What was simulated before, so that a study which was interrupted goes on.
pub trait Memory: Sync {
    /// What is known under this number.
    fn find(&self, id: u64) -> Option<Vec<f64>>;
    /// Keeps what was found under this number.
    ///
    /// # Errors
    ///
    /// If it cannot be kept.
    fn keep(&self, id: u64, values: &[f64]) -> Result<()>;
}

impl dyn Memory + '_ {
    /// What is known under this name; what `found` says, and keeps, if nothing is.
    ///
    /// # Errors
    ///
    /// If it cannot be found or kept.
    pub fn remembered(&self, name: &[u8], found: impl FnOnce() -> Result<Vec<f64>>) -> Result<Vec<f64>> {
        let id = xxh3_64(name);
        if let Some(values) = self.find(id) {
            return Ok(values);
        }
        let values = found()?;
        self.keep(id, &values)?;
        Ok(values)
    }
}

/// Replications of the scenario as it stands: the first is what worlds are simulated in, all tell what luck does.
pub const LUCKS: u32 = 4;

/// Most accounts over which the scenario is simulated as it stands.
const MOST_STATED: u64 = 1_000_000;
/// Most accounts times replications of it.
const MOST_STATED_WORK: u64 = 3_000_000;
/// Fewest replications of it: without them nothing is known of their luck.
const FEWEST_STATED: u64 = 3;

/// Keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Forgetful;

impl Memory for Forgetful {
    fn find(&self, _: u64) -> Option<Vec<f64>> {
        None
    }

    fn keep(&self, _: u64, _: &[f64]) -> Result<()> {
        Ok(())
    }
}

/// Where worlds are simulated.
pub struct Lab<'a> {
    /// The scenario over as many accounts as a world has.
    pub probe: &'a Probe,
    /// What is uncertain in it.
    pub uncertain: &'a Uncertain,
    /// What was simulated before.
    pub memory: &'a dyn Memory,
    /// Who may stop it, and sees how far it has come.
    pub watch: &'a dyn Watch,
    /// What the scenario as it stands comes to, which worlds are told from.
    pub level: Level,
}

/// One world to be simulated.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// Its scores.
    pub scores: &'a [f64],
    /// Scores of another world: for each price, the bills are made out once more with the price of that world.
    pub other: Option<&'a [f64]>,
}

/// What a world came to.
#[derive(Clone, Debug)]
pub struct World {
    /// By arm, the control first.
    pub figures: Vec<Figures>,
    /// Whether its values had to be brought nearer to their middle.
    pub was_pulled_in: bool,
    /// By price (in the order of [`Lab::prices`]) and arm: the bill with that price of the other world, in cents.
    pub repriced: Vec<Vec<f64>>,
}

impl<'a> Lab<'a> {
    /// A lab whose worlds are told from no level: by what the part comes to.
    pub fn new(probe: &'a Probe, uncertain: &'a Uncertain, memory: &'a dyn Memory, watch: &'a dyn Watch) -> Self {
        Self { probe, uncertain, memory, watch, level: Level::default() }
    }

    /// Tells worlds from what the scenario as it stands came to in replications of a run, by arm.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn level_beside(&mut self, whole: Vec<Vec<Figures>>) -> Result<()> {
        if self.probe.is_whole() || whole.is_empty() {
            return Ok(());
        }
        let part = |number: u32| self.of(self.probe, number);
        let part: Vec<Vec<Figures>> = (0..LUCKS).into_par_iter().map(part).collect::<Result<_>>()?;
        self.level = Level::new(whole, &part);
        Ok(())
    }

    /// The same, from replications that are simulated for it.
    ///
    /// # Errors
    ///
    /// If the watch stops it, or if the scenario is not allowed with so few accounts.
    pub fn level_of(&mut self, scenario: &Scenario) -> Result<()> {
        if self.probe.is_whole() {
            return Ok(());
        }
        let probe = Probe::new(scenario, MOST_STATED, self.watch)?;
        let most = (MOST_STATED_WORK / probe.accounts().max(1)).max(FEWEST_STATED);
        let replications = scenario.replications.get().max(FEWEST_STATED).min(most);
        self.watch.begin("the scenario as it stands", replications);
        let figures = |number: u64| {
            let figures = self.of(&probe, number as u32)?;
            self.watch.advance(1);
            Ok(figures)
        };
        let whole = (0..replications).into_par_iter().map(figures).collect::<Result<_>>()?;
        self.level_beside(whole)
    }

    /// Places of the keys that are prices.
    pub fn prices(&self) -> impl Iterator<Item = usize> {
        let keys = self.uncertain.keys().iter().enumerate();
        keys.filter(|(_, key)| key.is_price()).map(|(place, _)| place)
    }

    /// Simulates worlds, on all threads; what they came to in the order of the orders.
    ///
    /// # Errors
    ///
    /// If the watch stops it, or if a world is not allowed.
    pub fn worlds(&self, phase: &str, orders: &[Order<'_>]) -> Result<Vec<World>> {
        self.watch.begin(phase, orders.len() as u64);
        orders
            .par_iter()
            .map(|order| {
                self.watch.look()?;
                let world = self.world(order)?;
                self.watch.advance(1);
                Ok(world)
            })
            .collect()
    }

    fn world(&self, order: &Order<'_>) -> Result<World> {
        let made = self.uncertain.world(self.probe.scenario(), order.scores)?;
        let probe = self.probe.with(made.scenario);
        let prices: Vec<usize> = order.other.map_or(Vec::new(), |_| self.prices().collect());
        let values = self.kept(&probe, 0, order.other, |replication| {
            let mut values = Figures::flat(&probe.figures(replication));
            let Some(other) = order.other else { return values };
            for &price in &prices {
                values.extend(self.repriced(&probe, (0, replication), &[(price, other[price])]));
            }
            values
        })?;
        let arms = self.probe.scenario().strategies.len() + 1;
        let (figures, repriced) = values.split_at(arms * Metric::ALL.len());
        Ok(World {
            figures: self.level.told(0, Figures::shaped(figures)),
            was_pulled_in: made.was_pulled_in,
            repriced: repriced.chunks(arms).map(<[f64]>::to_vec).collect(),
        })
    }

    /// The figures of a scenario that was made from that of the probe, in the replication of a number.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn figures(&self, scenario: Scenario, number: u32) -> Result<Vec<Figures>> {
        Ok(self.level.told(number, self.of(&self.probe.with(scenario), number)?))
    }

    /// What a probe comes to by itself, in the replication of a number.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn of(&self, probe: &Probe, number: u32) -> Result<Vec<Figures>> {
        let values = self.kept(probe, number, None, |replication| Figures::flat(&probe.figures(replication)))?;
        Ok(Figures::shaped(&values))
    }

    /// The bills by arm of the replication of a number, with some prices at other scores.
    pub fn repriced(
        &self,
        probe: &Probe,
        (number, replication): (u32, &Replication),
        scores: &[(usize, f64)],
    ) -> Vec<f64> {
        let mut scenario = probe.scenario().clone();
        scores
            .iter()
            .for_each(|(place, score)| self.uncertain.keys()[*place].reprice(&mut scenario, *score));
        Figures::bills(&self.level.told(number, probe.with(scenario).figures(replication)))
    }

    /// What `found` makes of the replication of this number, unless it is known already.
    fn kept(
        &self,
        probe: &Probe,
        number: u32,
        other: Option<&[f64]>,
        found: impl Fn(&Replication) -> Vec<f64>,
    ) -> Result<Vec<f64>> {
        let mut id = format!("{} {} {number}", probe.scenario().hash(), probe.times()).into_bytes();
        id.extend(other.into_iter().flatten().flat_map(|score| score.to_le_bytes()));
        self.memory.remembered(&id, || Ok(found(&probe.run(number, self.watch)?)))
    }
}
