//! Proof: a plan that has been found is tried on contacts that it was not found with.

use std::sync::Arc;

use rayon::prelude::*;

use super::refine::{Met, SIZED};
use super::sample::Feed;
use super::target::Target;
use super::trial::{Due, Live, Share, Trial};
use crate::calendar::{HOUR_MS, SimTime};
use crate::desk::staffing::Staffing;
use crate::desk::{CHANNELS, Channel, Floor, Request};
use crate::random::Seed;
use crate::scenario::Scenario;

/// What the arrivals of every hour, and the written work due on every day, met with.
#[derive(Clone, Debug)]
pub struct Proof {
    /// By hour: the live channels with arrivals.
    pub hours: Vec<Vec<(Channel, Met)>>,
    /// By team in the order of [`SIZED`], then by day.
    pub days: [Vec<Option<Share>>; SIZED.len()],
    /// Over all hours, by channel; nothing for written ones.
    pub whole: [Option<Met>; CHANNELS],
}

/// Tries a staffing on `replications` samples that begin at number `first`.
pub fn prove(
    scenario: &Scenario,
    target: &Arc<Target>,
    staffing: &Staffing,
    simulated: &[Vec<Request>],
    (first, replications): (u32, u32),
) -> Proof {
    let hours = scenario.hours();
    let days = target.day(SimTime(scenario.horizon().0)) + 1;
    let tallies: Vec<Trial> = (first..first + replications)
        .into_par_iter()
        .map(|number| {
            let seed = Seed::new(u64::from(scenario.seed), number);
            let mut tally = Trial::new(target, days);
            tally.watch(0, hours);
            let mut floor = Floor::new(scenario, staffing, seed, tally);
            let mut feed = Feed::sampled(simulated, seed);
            floor.run_until(SimTime(hours as i64 * HOUR_MS), &mut feed);
            floor.tally
        })
        .collect();
    let met = |live: &(dyn Fn(&Trial) -> Live + Sync)| {
        let answered = tallies.iter().map(live).map(|live| (live.within, live.offered));
        let abandoned = tallies.iter().map(live).map(|live| (live.abandoned, live.offered));
        Met {
            answered: Share::of(answered, target.confidence),
            abandoned: Share::of(abandoned, target.confidence),
        }
    };
    let live = || Channel::ALL.into_iter().filter(|channel| channel.is_live());
    let hourly = |hour: usize| -> Vec<(Channel, Met)> {
        live()
            .map(|channel| (channel, met(&|tally: &Trial| tally.live[hour][channel as usize])))
            .filter(|(_, met)| met.answered.of > 0)
            .collect()
    };
    let whole = |channel: Channel| {
        let sum = |tally: &Trial| tally.live.iter().fold(Live::default(), |sum, hour| sum.plus(hour[channel as usize]));
        channel.is_live().then(|| met(&sum)).filter(|met| met.answered.of > 0)
    };
    let due = |team: usize, day: usize| {
        let share = |channel: Channel| {
            let due = |tally: &Trial| -> Due { tally.written[channel as usize][day] };
            Share::of(tallies.iter().map(due).map(|due| (due.in_time, due.due)), target.confidence)
        };
        target
            .written(SIZED[team])
            .map(share)
            .filter(|share| share.of > 0)
            .min_by(|a, b| a.mean.total_cmp(&b.mean))
    };
    Proof {
        hours: (0..hours).into_par_iter().map(hourly).collect(),
        days: std::array::from_fn(|team| (0..days).map(|day| due(team, day)).collect()),
        whole: Channel::ALL.map(whole),
    }
}
