//! Validation: desk and behaviour held against what is known. `cutover validation` writes `docs/validation.md` from here.
//!
//! 1. [`cases`] are desks in steady state; [`steady`] runs them, each contact watched by a [`probe`].
//! 2. The [`ledger`] checks Little's law and conservation on every run.
//! 3. [`day`] lets arrivals rise and fall, against the modified offered load.
//! 4. [`verdict`] tests all statements together, so that luck is not taken for a mistake, nor a mistake for luck.
//! 5. [`bank`] compares a simulated call centre with a day that happened, [`dispersion`] the variety of days.
//! 6. [`curves`] holds how people behave against what was published about people.
//! 7. [`page`] and [`charts`] tell of it.

pub mod law;

pub mod cases;

pub mod probe;

pub mod ledger;

pub mod steady;

pub mod day;

pub mod verdict;

pub mod bank;

pub mod dispersion;

pub mod curves;

pub mod page;

#[cfg(feature = "charts")]
pub mod charts;

use std::path::Path;

use crate::error::{Error, Result};
use crate::watch::Watch;
use bank::BankDay;
use curves::{Curve, Size};
use day::VaryingDay;
use dispersion::Dispersion;
use ledger::Kept;
use steady::{Effort, SteadyResult};
use verdict::{Statement, TheoryVerdict};

/// The effort that the document is made with.
pub const FULL: Effort = Effort { replications: 40, length: 1.0 };

/// All that was found.
#[derive(Clone, Debug)]
pub struct ValidationFindings {
    /// How long and how often.
    pub effort: Effort,
    /// Desks for which theory is exact.
    pub exact: Vec<SteadyResult>,
    /// One desk with different numbers of agents.
    pub by_agents: Vec<SteadyResult>,
    /// Desks for which theory is an approximation.
    pub approximate: Vec<SteadyResult>,
    /// Arrivals that rise and fall.
    pub days: Vec<VaryingDay>,
    /// A day that happened.
    pub bank: BankDay,
    /// Good and bad days.
    pub dispersion: Vec<Dispersion>,
    /// How people behave.
    pub curves: Vec<Curve>,
    /// All statements that theory makes exactly.
    pub verdict: TheoryVerdict,
    /// Little's law and conservation over all runs.
    pub kept: Kept,
}

/// Statements of the steady state that theory makes exactly.
///
/// # Errors
///
/// If `watch` stops it.
pub fn exactly(effort: Effort, watch: &dyn Watch) -> Result<Vec<SteadyResult>> {
    steady::run(cases::exact().ok_or_else(unstable)?, 0, effort, watch)
}

fn unstable() -> Error {
    Error::Check("a case of the validation has no steady state".to_owned())
}

/// Runs everything; `call_centre` is the folder of the recorded day.
///
/// # Errors
///
/// If that day cannot be read, or if `watch` stops it.
pub fn run(call_centre: &Path, effort: Effort, watch: &dyn Watch) -> Result<ValidationFindings> {
    let bank = bank::run(call_centre, watch)?;
    let exact = exactly(effort, watch)?;
    let by_agents = steady::run(cases::by_agents().ok_or_else(unstable)?, 100, effort, watch)?;
    let approximate = steady::run(cases::approximate().ok_or_else(unstable)?, 200, effort, watch)?;
    let days = day::run(effort, watch)?;
    let statements: Vec<Statement> = exact
        .iter()
        .chain(&by_agents)
        .flat_map(|outcome| outcome.statements.clone())
        .chain(days.iter().flat_map(|day| day.statements.clone()))
        .collect();
    let runs = exact.iter().chain(&by_agents).chain(&approximate).map(|outcome| outcome.kept);
    let kept = runs.chain(days.iter().map(|day| day.kept)).fold(Kept::default(), Kept::and);
    Ok(ValidationFindings {
        effort,
        verdict: TheoryVerdict::new(&statements),
        exact,
        by_agents,
        approximate,
        days,
        bank,
        dispersion: dispersion::run(effort, watch)?,
        curves: curves::run(Size::of(effort), watch)?,
        kept,
    })
}
