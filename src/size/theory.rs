//! Theory: how many agents the closed forms ask for, hour by hour. It is where the simulation begins, and stands beside
//! what it finds.
//!
//! The load of an hour is the modified offered load, averaged over the hour: contacts of earlier hours that are still
//! being handled count. To it Erlang-A is applied as if it lasted (the pointwise view), with the mean patience; several
//! live channels of a team are added up as if each had agents of its own, which is a little too many. Written work, and
//! what waits when the hour begins, are not in it.

use super::demand::Demand;
use super::target::ServiceTarget;
use super::teams::SIZED;
use crate::desk::erlang::{self, Before, offered_load};
use crate::desk::required::agents_required;
use crate::scenario::Scenario;
use crate::terms::{CHANNELS, Channel};

/// What theory says about the teams, in the order of [`SIZED`].
#[derive(Clone, Debug, Default)]
pub struct Theory {
    /// Agents that live contacts ask for, by hour.
    pub agents: [Vec<u32>; SIZED.len()],
    /// Agents that live contacts keep busy on average, by hour.
    pub busy: [Vec<f64>; SIZED.len()],
    /// Agents that all contacts, written ones included, keep busy on average, by hour of arrival.
    pub load: [Vec<f64>; SIZED.len()],
}

/// The agents that theory asks for; where no number of agents meets the target, those that the load keeps busy.
pub fn theory(scenario: &Scenario, target: &ServiceTarget, demand: &[Demand; CHANNELS]) -> Theory {
    let hours = scenario.hours();
    let mut theory = Theory {
        agents: std::array::from_fn(|_| vec![0; hours]),
        busy: std::array::from_fn(|_| vec![0.0; hours]),
        load: std::array::from_fn(|_| vec![0.0; hours]),
    };
    for (team, &skill) in SIZED.iter().enumerate() {
        for channel in target.live(skill) {
            let demand = &demand[channel as usize];
            let at_once = match channel {
                Channel::Chat => scenario.desk.chat.concurrency.get() as f64,
                _ => 1.0,
            };
            let wanted = erlang::Target {
                within_s: target.in_time[channel as usize].0 as f64 / 1000.0,
                answered: target.share[channel as usize],
                abandoned_at_most: target.abandoned_share,
            };
            let per_s: Vec<f64> = demand.per_hour.iter().map(|per_hour| per_hour / 3600.0).collect();
            let loads = offered_load(&per_s, 3600.0, demand.handle_s, demand.handle_cv2, Before::Empty);
            for (hour, load) in loads.iter().enumerate() {
                theory.busy[team][hour] += load.mean / at_once;
                theory.load[team][hour] += load.mean / at_once;
                if target.open[skill as usize][hour] {
                    let places = if target.beyond_reach(channel) {
                        load.mean.ceil() as u32
                    } else {
                        agents_required(scenario, channel, wanted, load.mean, demand.handle_s)
                    };
                    theory.agents[team][hour] += (f64::from(places) / at_once).ceil() as u32;
                }
            }
        }
        for channel in target.written(skill) {
            let demand = &demand[channel as usize];
            for (hour, per_hour) in demand.per_hour.iter().enumerate() {
                theory.load[team][hour] += per_hour * demand.handle_s / 3600.0;
            }
        }
        let has_work = theory.load[team].iter().any(|&load| load > 0.0);
        for hour in 0..hours {
            if target.open[skill as usize][hour] && has_work {
                theory.agents[team][hour] = theory.agents[team][hour].max(target.least_agents);
            }
        }
    }
    theory
}
