//! Agents that the calls of the busiest hour need.

use super::series::HourlySeries;
use crate::scenario::Scenario;
use crate::terms::Channel;

/// Agents that the busiest hour of a strategy needs for its calls.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentsNeeded {
    /// The strategy.
    pub strategy: String,
    /// When the busiest hour begins.
    pub hour: String,
    /// Calls in it, mean over the replications.
    pub calls: f64,
    /// Agents on duty then who take calls.
    pub on_duty: f64,
    /// Agents that would keep the target for calls (`desk.target`), as theory has it.
    pub needed: u32,
}

/// The agents that an arm needs.
pub(super) fn agents_needed(scenario: &Scenario, arm: &HourlySeries) -> AgentsNeeded {
    let calls = &arm.channels[Channel::Phone as usize].offered;
    let peak = (0..calls.len()).rev().max_by(|&a, &b| calls[a].total_cmp(&calls[b])).unwrap_or(0);
    AgentsNeeded {
        strategy: arm.strategy.clone(),
        hour: scenario.calendar().reads(crate::calendar::SimTime::from_hours(peak as f64)),
        calls: calls.get(peak).copied().unwrap_or(0.0),
        on_duty: arm.takers.get(peak).copied().unwrap_or(0.0),
        needed: arm.agents_required(scenario, peak..peak + 1).first().copied().unwrap_or(0),
    }
}
