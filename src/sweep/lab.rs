//! Lab: points simulated, many at once, and none of them twice.

use std::ops::Range;

use rayon::prelude::*;

use super::figure::Row;
use crate::error::Result;
use crate::probe::Probe;
use crate::scenario::Scenario;
use crate::sensitivity::lab::Memory;
use crate::watch::Watch;

/// Where points are simulated.
pub struct Lab<'a> {
    /// The scenario over as many accounts as a point has.
    base: Probe,
    /// Most accounts of a point.
    accounts: u64,
    memory: &'a dyn Memory,
    /// Who may stop it, and sees how far it has come.
    pub watch: &'a dyn Watch,
}

impl<'a> Lab<'a> {
    /// A lab whose points have at most so many accounts.
    ///
    /// # Errors
    ///
    /// If the scenario is not allowed with so few accounts, or if its directory export cannot be read.
    pub fn new(scenario: &Scenario, accounts: u64, memory: &'a dyn Memory, watch: &'a dyn Watch) -> Result<Self> {
        Ok(Self {
            base: Probe::new(scenario, accounts, watch)?,
            accounts,
            memory,
            watch,
        })
    }

    /// The scenario as it stands, over as many accounts as a point has.
    pub fn base(&self) -> &Probe {
        &self.base
    }

    /// The scenario that points are made from.
    pub fn start<'b>(&'b self, whole: &'b Scenario) -> &'b Scenario {
        if self.is_read() { self.base.scenario() } else { whole }
    }

    /// Whether the accounts are read from a directory export.
    fn is_read(&self) -> bool {
        self.base.scenario().population.directory.is_some()
    }

    /// A point over as many accounts as a point has. A directory export is read once for all of them.
    fn probe(&self, scenario: &Scenario) -> Result<Probe> {
        if self.is_read() {
            return Ok(self.base.with(scenario.clone()));
        }
        Probe::new(scenario, self.accounts, self.watch)
    }

    /// Simulates points on all threads, in the replications of these numbers: rows by point, number and arm. The same number
    /// has the same luck at every point.
    ///
    /// # Errors
    ///
    /// If the watch stops it, or if a point is not allowed with so few accounts.
    pub fn rows(&self, phase: &str, points: &[Scenario], numbers: Range<u32>) -> Result<Vec<Vec<Vec<Row>>>> {
        let times = numbers.len();
        self.watch.begin(phase, (points.len() * times) as u64);
        let probes = points.par_iter().map(|scenario| self.probe(scenario)).collect::<Result<Vec<Probe>>>()?;
        let orders: Vec<(&Probe, u32)> =
            probes.iter().flat_map(|probe| numbers.clone().map(move |number| (probe, number))).collect();
        let rows = orders
            .into_par_iter()
            .map(|(probe, number)| {
                self.watch.look()?;
                let rows = self.row(probe, number)?;
                self.watch.advance(1);
                Ok(rows)
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(rows.chunks(times.max(1)).map(<[_]>::to_vec).collect())
    }

    fn row(&self, probe: &Probe, number: u32) -> Result<Vec<Row>> {
        let name = format!("sweep {} {} {number}", probe.scenario().hash(), probe.times());
        let found = || Ok(Row::flat(&Row::read(probe, &probe.run(number, self.watch)?)));
        Ok(Row::shaped(&self.memory.remembered(name.as_bytes(), found)?))
    }
}
