//! Proof: a plan that has been found is tried on contacts that it was not found with.

use std::sync::Arc;

use rayon::prelude::*;

use super::judged::{HourLooks, Look};
use super::sample::Feed;
use super::service_level::ServiceShares;
use super::target::ServiceTarget;
use super::teams::SIZED;
use super::trial::{Due, Live, Share, TrialTally};
use super::verdict::TargetVerdict;
use crate::calendar::{HOUR_MS, SimTime};
use crate::desk::staffing::Staffing;
use crate::desk::{Floor, Request};
use crate::error::Result;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::terms::{CHANNELS, Channel};
use crate::watch::Watch;

/// What the arrivals of every hour, and the written work due on every day, met with.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Samples that were tried.
    pub samples: u32,
    /// By hour: the live channels that are judged on their own.
    pub hours: Vec<Vec<(Channel, ServiceShares)>>,
    /// By team in the order of [`SIZED`], then by day.
    pub days: [Vec<Option<Share>>; SIZED.len()],
    /// Over all hours in which the team works, by channel; nothing for written ones.
    pub whole: [Option<ServiceShares>; CHANNELS],
    /// Over the hours that have too few contacts to be judged on their own, by channel.
    pub together: [Option<ServiceShares>; CHANNELS],
    /// Written contacts that are due before anybody works again, by channel; mean over the samples.
    pub due_while_closed: [f64; CHANNELS],
}

/// What a plan is tried with.
pub struct Bench<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its target.
    pub target: &'a Arc<ServiceTarget>,
    /// How each hour is looked at.
    pub judged: &'a HourLooks,
    /// What the journeys asked of the desk, by replication.
    pub contacts: &'a [Vec<Request>],
    /// Who may stop it.
    pub watch: &'a dyn Watch,
}

impl Bench<'_> {
    /// Tries a staffing on so many samples that begin at number `first`.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn prove(&self, staffing: &Staffing, first: u32, samples: u32) -> Result<Proof> {
        let (scenario, target) = (self.scenario, self.target);
        let hours = scenario.hours();
        let days = target.day(SimTime(scenario.horizon().0)) + 1;
        let tallies: Vec<TrialTally> = (first..first + samples)
            .into_par_iter()
            .map(|number| {
                // Drawing a sample takes its time, too.
                self.watch.look()?;
                let seed = Seed::new(u64::from(scenario.seed), number);
                let mut tally = TrialTally::new(target, days);
                tally.watch(0, hours);
                let mut floor = Floor::new(scenario, staffing, seed, tally);
                let mut feed = Feed::sampled(self.contacts, seed);
                floor.run_until(SimTime(hours as i64 * HOUR_MS), &mut feed, self.watch)?;
                Ok(floor.tally)
            })
            .collect::<Result<_>>()?;
        let met = |live: &(dyn Fn(&TrialTally) -> Live + Sync)| {
            let answered = tallies.iter().map(live).map(|live| (live.within, live.offered));
            let abandoned = tallies.iter().map(live).map(|live| (live.abandoned, live.offered));
            ServiceShares {
                answered: Share::of(answered, target.confidence),
                abandoned: Share::of(abandoned, target.confidence),
            }
        };
        let live = || Channel::ALL.into_iter().filter(|channel| channel.is_live());
        let hourly = |hour: usize| -> Vec<(Channel, ServiceShares)> {
            live()
                .filter(|&channel| self.judged.look(channel, hour) == Look::Alone)
                .map(|channel| (channel, met(&|tally: &TrialTally| tally.live[hour][channel as usize])))
                .filter(|(_, met)| met.answered.of > 0)
                .collect()
        };
        let over = |channel: Channel, looks: &[Look]| {
            let counts: Vec<usize> =
                (0..hours).filter(|&hour| looks.contains(&self.judged.look(channel, hour))).collect();
            let sum = |tally: &TrialTally| {
                let own = counts.iter().map(|&hour| tally.live[hour][channel as usize]);
                own.fold(Live::default(), Live::plus)
            };
            channel.is_live().then(|| met(&sum)).filter(|met| met.answered.of > 0)
        };
        let due = |team: usize, day: usize| {
            let share = |channel: Channel| {
                let due = |tally: &TrialTally| -> Due { tally.written[channel as usize][day] };
                Share::of(tallies.iter().map(due).map(|due| (due.in_time, due.due)), target.confidence)
            };
            target
                .written(SIZED[team])
                .map(share)
                .filter(|share| share.of > 0)
                .min_by(|a, b| a.mean.total_cmp(&b.mean))
        };
        self.watch.look()?;
        Ok(Proof {
            samples,
            hours: (0..hours).into_par_iter().map(hourly).collect(),
            days: std::array::from_fn(|team| (0..days).map(|day| due(team, day)).collect()),
            whole: Channel::ALL.map(|channel| over(channel, &[Look::Alone, Look::Together])),
            together: Channel::ALL.map(|channel| over(channel, &[Look::Together])),
            due_while_closed: Channel::ALL.map(|channel| {
                let all: u32 = tallies.iter().map(|tally| tally.due_while_closed[channel as usize]).sum();
                f64::from(all) / f64::from(samples.max(1))
            }),
        })
    }
}

impl Proof {
    /// What the contacts met with that a team is sized for, in one hour.
    pub fn of_team(&self, target: &ServiceTarget, team: usize, hour: usize) -> Vec<(Channel, ServiceShares)> {
        let met = self.hours.get(hour).into_iter().flatten();
        met.filter(|(channel, _)| target.owner[*channel as usize] == Some(SIZED[team])).copied().collect()
    }

    /// The verdict about an hour of a team.
    pub fn hour(&self, target: &ServiceTarget, team: usize, hour: usize) -> TargetVerdict {
        TargetVerdict::of(target, &self.of_team(target, team, hour))
    }

    /// The verdict about the written work of a team that is due on a day; nothing due misses nothing.
    pub fn day(&self, target: &ServiceTarget, team: usize, day: usize) -> TargetVerdict {
        let share = self.days[team].get(day).copied().flatten();
        share.map_or(TargetVerdict::SurelyMeets, |share| {
            TargetVerdict::of_share(&share, target.written_share(SIZED[team]))
        })
    }
}
