//! Population: units of accounts, each with a record (what the organisation sees) and a truth (what is so).
//!
//! A unit is a set of accounts that share a contact point. Units are independent of each other but for the desk.
//! A generated population stores no account: [`Population::unit`] computes any unit's traits from its key, so a
//! hundred million accounts stream through. A population read from a directory export keeps its records, compactly.

pub mod unit;

mod layout;

mod quota;

mod synthetic;

mod later;

mod traits;

pub(crate) mod trouble;

pub mod directory;

pub mod asked;

use std::cell::OnceCell;
use std::sync::Arc;

use rayon::prelude::*;
pub use synthetic::Synthetic;
use trouble::Troubles;
pub use unit::{Account, Unit, UnitKind};

use crate::random::{Permutation, Purpose, Seed};
use crate::scenario::Scenario;

/// The accounts of a scenario.
#[derive(Clone, Debug)]
pub struct Population {
    source: Origin,
    troubles: Troubles,
    segments: Vec<String>,
}

#[derive(Clone, Debug)]
enum Origin {
    Synthetic(Box<Synthetic>),
    Imported(Arc<directory::Imported>),
}

/// A sample of the accounts of a population in account order, drawn when somebody first looks at it.
#[derive(Debug)]
pub struct Sample<'a> {
    /// The population.
    pub population: &'a Population,
    /// The seed of the replication.
    pub seed: Seed,
    wanted: u64,
    accounts: OnceCell<Vec<(u64, Account)>>,
}

impl<'a> Sample<'a> {
    /// A sample, without repetition, of at most `wanted` accounts.
    pub fn new(population: &'a Population, seed: Seed, wanted: u64) -> Self {
        Self { population, seed, wanted, accounts: OnceCell::new() }
    }

    /// Their numbers.
    pub fn numbers(&self) -> Vec<u64> {
        self.population.sample(self.seed, self.wanted)
    }

    /// Each by its number.
    pub fn accounts(&self) -> &[(u64, Account)] {
        let draw = || self.population.of_sample(self.seed, self.wanted, |number, account| (number, account.clone()));
        self.accounts.get_or_init(draw)
    }
}

impl Population {
    /// Lays out the population of a scenario for one replication. `imported` holds the records if the scenario reads a
    /// directory export.
    pub fn new(scenario: &Scenario, seed: Seed, imported: Option<&Arc<directory::Imported>>) -> Self {
        let source = match imported {
            Some(imported) => Origin::Imported(Arc::new(imported.with_seed(seed))),
            None => Origin::Synthetic(Box::new(Synthetic::new(scenario, seed))),
        };
        Self {
            source,
            troubles: Troubles::new(scenario, seed),
            segments: scenario.segments().iter().map(|segment| segment.name.clone()).collect(),
        }
    }

    /// Number of accounts, exactly.
    pub fn accounts(&self) -> u64 {
        match &self.source {
            Origin::Synthetic(synthetic) => synthetic.accounts(),
            Origin::Imported(imported) => imported.accounts(),
        }
    }

    /// Number of units.
    pub fn units(&self) -> u64 {
        match &self.source {
            Origin::Synthetic(synthetic) => synthetic.units(),
            Origin::Imported(imported) => imported.units(),
        }
    }

    /// Names of the segments, in the order of [`Record::segment`](crate::terms::record::Record::segment).
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The unit that holds `account`.
    pub fn unit_of(&self, account: u64) -> u64 {
        match &self.source {
            Origin::Synthetic(synthetic) => synthetic.unit_of(account),
            Origin::Imported(imported) => imported.unit_of(account),
        }
    }

    /// The first account of unit `unit`; accounts of a unit are numbered in a row. For `units()` it is `accounts()`.
    pub fn first_account(&self, unit: u64) -> u64 {
        match &self.source {
            Origin::Synthetic(synthetic) => synthetic.first_account(unit),
            Origin::Imported(imported) => imported.first_account(unit),
        }
    }

    /// Computes the traits of unit `number` into `unit`.
    pub fn unit(&self, number: u64, unit: &mut Unit) {
        match &self.source {
            Origin::Synthetic(synthetic) => synthetic.unit(number, unit),
            Origin::Imported(imported) => imported.unit(number, unit),
        }
        let (kind, first) = (unit.kind, unit.first_account);
        for (member, account) in unit.accounts.iter_mut().enumerate() {
            self.troubles.set(first + member as u64, (kind, member), account);
        }
    }

    /// A sorted sample, without repetition, of at most `wanted` account numbers.
    pub fn sample(&self, seed: Seed, wanted: u64) -> Vec<u64> {
        let accounts = self.accounts();
        let permutation = Permutation::new(seed, Purpose::Sample as u64, 0);
        let mut sample: Vec<u64> = (0..wanted.min(accounts)).map(|index| permutation.at(index, accounts)).collect();
        sample.sort_unstable();
        sample
    }

    /// What a sample of at most `wanted` accounts amounts to, each by its number, in account order; worked
    /// out on the current thread pool.
    pub fn of_sample<T: Send>(&self, seed: Seed, wanted: u64, of: impl Fn(u64, &Account) -> T + Sync) -> Vec<T> {
        let sample = self.sample(seed, wanted);
        let of_account = |unit: &mut Unit, &account: &u64| {
            self.unit(self.unit_of(account), unit);
            of(account, &unit.accounts[(account - unit.first_account) as usize])
        };
        sample.par_iter().with_min_len(1024).map_init(Unit::default, of_account).collect()
    }
}
