//! Charts of a plan, in the manner of the report's: one file each, each with what it shows, how to read it, and what to
//! do about it.

mod requirement;

mod week;

mod people;

mod price;

mod hardest;

pub mod gantt;

use super::plan::{Planned, StaffingPlan, StrategyPlan};
use crate::report::charts::{Chart, legend};
use crate::report::drawing::{Drawing, Ink};
use crate::scenario::Scenario;

/// What charts are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct SizeFindings<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What is written.
    pub plan: &'a StaffingPlan,
    /// The shift plans behind it, by strategy.
    pub planned: &'a [Planned],
}

impl<'a> SizeFindings<'a> {
    /// The strategies, the control arm first.
    fn strategies(&self) -> &'a [StrategyPlan] {
        &self.plan.strategies
    }

    /// A legend of all strategies, from `x`.
    fn legend(&self, drawing: &mut Drawing, x: f64, y: f64) {
        let name = |(arm, strategy): (usize, &'a StrategyPlan)| match arm {
            0 => (ink(0), "stay (nothing migrated)"),
            _ => (ink(arm), strategy.name.as_str()),
        };
        let entries: Vec<_> = self.strategies().iter().enumerate().map(name).collect();
        legend(drawing, x, y, &entries);
    }
}

/// Draws every chart that the findings allow.
pub fn all(findings: &SizeFindings<'_>) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(requirement::draw(findings));
    charts.extend(week::draw(findings));
    charts.extend(people::draw(findings));
    charts.extend(price::draw(findings));
    charts.extend(hardest::draw(findings));
    charts
}

/// The ink of a strategy: grey for the control arm.
fn ink(arm: usize) -> Ink {
    match arm {
        0 => Ink::Stay,
        n => Ink::Series(n - 1),
    }
}

/// A paler ink of a strategy, for areas.
fn pale(arm: usize) -> Ink {
    match arm {
        0 => Ink::Grid,
        n => Ink::Pale(n - 1),
    }
}
