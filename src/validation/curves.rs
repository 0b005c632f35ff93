//! Curves: how people behave, held against what was published about people who lost their password or were asked for a new
//! one. Every case runs with the defaults; what only its population states is in its scenario.

pub mod cases;

pub mod firsts;

use crate::error::Result;
use crate::run::Run;
use crate::scenario::Scenario;
use crate::scenario_file::Loaded;
use crate::validation::steady::Effort;
use crate::watch::Watch;
use cases::{CASES, Case, Of, Published};
use firsts::{First, Firsts};

/// Name of the control arm.
const CONTROL: &str = "stay";

/// A case and what came out.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The case.
    pub case: Case,
    /// Accounts that count, over all replications.
    pub accounts: u64,
    /// What the model says for each published figure.
    pub model: Vec<f64>,
    /// Share by the end of each hour since the rollout: of what the first published figure is about.
    pub course: Vec<f64>,
}

impl Curve {
    /// Published figures, and what the model says for each.
    pub fn figures(&self) -> impl Iterator<Item = (&Published, f64)> {
        self.case.published.iter().zip(self.model.iter().copied())
    }

    /// Whether the model lies within the range of every published figure.
    pub fn holds(&self) -> bool {
        self.figures().all(|(published, model)| within(published, model))
    }
}

/// Whether the model's value lies within the range of the published one.
pub fn within(published: &Published, model: f64) -> bool {
    let (low, high) = published.range();
    (low..=high).contains(&model)
}

/// How large the cases are.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Accounts of each; the scenario's own number if `None`.
    pub accounts: Option<u32>,
    /// Replications of each.
    pub replications: u32,
}

/// Accounts of a case in runs that are shorter than those of the document.
const SHORT: u32 = 2_000;

impl Size {
    /// The size that the document is made with.
    pub const FULL: Self = Self { accounts: None, replications: 3 };

    /// The size that goes with runs of this length: the document's, or a small one.
    pub fn of(effort: Effort) -> Self {
        if effort.length < 1.0 {
            Self { accounts: Some(SHORT), replications: 1 }
        } else {
            Self::FULL
        }
    }
}

/// Runs all cases.
///
/// # Errors
///
/// If a scenario is not allowed, or if `watch` stops it.
pub fn run(size: Size, watch: &dyn Watch) -> Result<Vec<Curve>> {
    CASES.into_iter().map(|case| run_case(case, size, watch)).collect()
}

/// The scenario of a case.
///
/// # Errors
///
/// If it is not allowed.
pub fn scenario(case: &Case) -> Result<Scenario> {
    Ok(Loaded::parse(case.id, case.text, &[], &[])?.scenario)
}

/// Runs one case.
///
/// # Errors
///
/// If its scenario is not allowed, or if `watch` stops it.
pub fn run_case(case: Case, size: Size, watch: &dyn Watch) -> Result<Curve> {
    let mut scenario = scenario(&case)?;
    if let Some(accounts) = size.accounts {
        scenario.set("population.accounts", i64::from(accounts))?;
    }
    run_scenario(case, &scenario, size.replications, watch)
}

/// Runs a scenario in place of the case's own.
///
/// # Errors
///
/// If it is not allowed, or if `watch` stops it.
pub fn run_scenario(case: Case, scenario: &Scenario, replications: u32, watch: &dyn Watch) -> Result<Curve> {
    let hours = scenario.hours();
    let run = Run::new(scenario)
        .replications(replications)
        .control_alone()
        .watch(watch)
        .measure(move || Firsts::new(hours, case.active_only))
        .execute()?;
    let control = run.measure(CONTROL)?;
    let firsts = match scenario.strategies.first() {
        Some(strategy) => run.measure(&strategy.name)?,
        None => control,
    };
    let first = match case.published.first().map(|published| published.of) {
        Some(Of::Contact(_) | Of::ContactsInHour(_)) => First::Contact,
        Some(Of::TakenOver(_)) => First::TakenOver,
        _ => First::NewPassword,
    };
    Ok(Curve {
        case,
        accounts: firsts.accounts(),
        model: case.published.iter().map(|published| value(published.of, firsts, control)).collect(),
        course: firsts.course(first),
    })
}

/// What the model says for a figure.
fn value(of: Of, firsts: &Firsts, control: &Firsts) -> f64 {
    let by = |firsts: &Firsts, first: First, days: f64| {
        let course = firsts.course(first);
        let hour = ((days * 24.0).round() as usize).clamp(1, course.len());
        course[hour - 1]
    };
    match of {
        Of::NewPassword(days) => by(firsts, First::NewPassword, days),
        Of::DelayDays => firsts.mean_h(First::NewPassword) / 24.0,
        Of::Contact(days) => by(firsts, First::Contact, days),
        Of::ContactsInHour(hour) => firsts.contacts_in(hour),
        Of::LeftBeyond => by(firsts, First::Left, f64::MAX) - by(control, First::Left, f64::MAX),
        Of::TakenOver(days) => by(firsts, First::TakenOver, days),
    }
}
