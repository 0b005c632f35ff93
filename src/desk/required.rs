//! Agents required: what the closed forms ask for on one live channel so that it keeps its promise.

use super::baseline;
use super::erlang::{Target, agents_for_the_impatient, agents_for_the_patient};
use crate::scenario::Scenario;
use crate::terms::Channel;

/// Agents (places, for chats) that keep `target` under this load in erlangs, by Erlang-A with the mean patience of the
/// channel, as if the load lasted; the load itself, rounded up, if no number keeps it.
pub fn agents_required(scenario: &Scenario, channel: Channel, target: Target, load: f64, handle_s: f64) -> u32 {
    if !(load > 0.0 && handle_s > 0.0) {
        return 0;
    }
    let per_s = load / handle_s;
    let agents = match baseline::patience(scenario, channel).duration() {
        Some(patience) => agents_for_the_impatient(per_s, handle_s, patience.mean_s(), target),
        None => agents_for_the_patient(per_s, handle_s, target),
    };
    agents.unwrap_or(load.ceil() as u32)
}
