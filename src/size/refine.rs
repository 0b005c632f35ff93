//! Refining: the fewest agents in each hour, found by simulation in the order of time.
//!
//! What happens in an hour depends on the hours before it, not on those after it. So the hours are settled one by one:
//! all replications stand at the beginning of the hour; the hour is tried with a number of agents, and with one fewer,
//! until the target holds with the one and not with the other; then all replications step on. Calls and chats decide
//! hour by hour. Written work can wait: it decides day by day, by agent-hours that are spread over the day on top of
//! what the calls keep busy. An hour with too few contacts to be judged gets what theory asks for.
//!
//! When a team opens, mail and callers of the night may wait. Where they are why an hour needs its last agent, the hour is
//! tried again as if nothing had waited.
//!
//! The idea of staffing forward in time by simulation is that of Feldman, Mandelbaum, Massey and Whitt, "Staffing of
//! time-varying queues to achieve time-stable performance", Management Science 54 (2008).

mod written;

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::judged::{HourLooks, Look};
use super::proof::Bench;
use super::sample::Feed;
use super::service_level::ServiceShares;
use super::target::ServiceTarget;
use super::teams::SIZED;
use super::theory::Theory;
use super::trial::{Live, Share, TrialTally};
use super::verdict::TargetVerdict;
use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::desk::Floor;
use crate::desk::staffing::{Roster, Staffing};
use crate::error::Result;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::terms::{CHANNELS, Channel, Skill};
use crate::watch::Watch;

/// An hour of one team, settled.
#[derive(Clone, Debug, Default)]
pub struct HourStaffing {
    /// Agents on duty.
    pub agents: u32,
    /// With these agents, by live channel of the team.
    pub met: Vec<(Channel, ServiceShares)>,
    /// With one agent fewer, where that was tried.
    pub with_one_fewer: Vec<(Channel, ServiceShares)>,
    /// What that says about the target: not that it surely holds, unless written work needs the agent.
    pub verdict_of_fewer: Option<TargetVerdict>,
    /// When a team opens: the agents that would do if nothing had waited, where that is fewer.
    pub without_waiting: Option<u32>,
    /// Why the last agent is needed.
    pub because: Because,
}

/// Why the last agent of an hour is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Because {
    /// The team is closed.
    #[default]
    Closed,
    /// It is open: the least number of agents.
    Open,
    /// It has too few calls and chats to be judged on its own, or for any number of agents to show the target: as many as
    /// theory asks for.
    Few,
    /// With one fewer, calls or chats of this hour do not surely meet the target.
    Live,
    /// The same, but only because of what waits when the team opens.
    Waited,
    /// With one agent-hour fewer on this day, written work does not surely meet the target.
    Written,
    /// No number of agents meets the target: as many as its contacts keep busy.
    BeyondReach,
}

impl Because {
    /// Whether calls or chats of the hour decide.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Live | Self::Waited)
    }
}

/// The fewest agents that were found for one strategy.
#[derive(Clone, Debug)]
pub struct FewestAgents {
    /// By skill in the order of [`SIZED`], then by hour.
    pub hours: [Vec<HourStaffing>; SIZED.len()],
    /// By skill, then by day: share of the written work due on that day that is answered in time.
    pub days: [Vec<Option<Share>>; SIZED.len()],
    /// By skill, then by day: whether no number of agents on that day does the written work due on it in time.
    pub days_beyond_reach: [Vec<bool>; SIZED.len()],
}

impl FewestAgents {
    /// The staffing that was found; the partner's is the scenario's.
    pub fn staffing(&self, scenario: &Scenario) -> Staffing {
        let roster = |place: usize| Roster::new(self.hours[place].iter().map(|hour| hour.agents).collect());
        let partner = Staffing::new(scenario).of(Skill::Partner).clone();
        Staffing::from_rosters([roster(0), roster(1), roster(2), partner])
    }
}

/// One replication at some point in time.
#[derive(Clone)]
struct State {
    floor: Floor<TrialTally>,
    feed: Feed,
}

impl State {
    /// Puts agents on duty.
    fn staff(&mut self, agents: &[u32; SIZED.len()], partner: u32, now: SimTime) {
        for (&skill, &agents) in SIZED.iter().zip(agents) {
            self.floor.staff(skill, agents, now);
        }
        self.floor.staff(Skill::Partner, partner, now);
    }
}

/// A search for the fewest agents.
pub struct AgentSearch<'a> {
    scenario: &'a Scenario,
    target: Arc<ServiceTarget>,
    judged: &'a HourLooks,
    staffing: Staffing,
    /// Mean number of agents kept busy by live contacts, by skill and hour.
    busy: [Vec<f64>; SIZED.len()],
    /// The same by all contacts.
    load: [Vec<f64>; SIZED.len()],
    /// Whether anything reaches a team at all.
    has_work: [bool; SIZED.len()],
    states: Vec<State>,
    refined: FewestAgents,
    watch: &'a dyn Watch,
}

/// Where all replications stand, and the agents that have brought them there.
type Stand = (Vec<State>, [u32; SIZED.len()]);

impl<'a> AgentSearch<'a> {
    /// A search over `replications` samples of the bench's contacts, that begins with the agents that theory asks for.
    pub fn new(bench: &Bench<'a>, replications: u32, theory: &Theory) -> Self {
        let Bench { scenario, target, judged, contacts, watch } = *bench;
        let hours = scenario.hours();
        let days = target.day(SimTime(scenario.horizon().0)) + 1;
        let states = (0..replications)
            .into_par_iter()
            .map(|number| {
                let seed = Seed::new(u64::from(scenario.seed), SAMPLES + number);
                State {
                    floor: Floor::staffed_by_hand(scenario, seed, TrialTally::new(target, days)),
                    feed: Feed::sampled(contacts, seed),
                }
            })
            .collect();
        let settled = |agents: &Vec<u32>| -> Vec<HourStaffing> {
            let hour = |&agents: &u32| HourStaffing { agents, ..HourStaffing::default() };
            agents.iter().map(hour).chain(std::iter::repeat(HourStaffing::default())).take(hours).collect()
        };
        Self {
            scenario,
            target: Arc::clone(target),
            judged,
            staffing: Staffing::new(scenario),
            busy: theory.busy.clone(),
            load: theory.load.clone(),
            has_work: [&theory.load[0], &theory.load[1], &theory.load[2]]
                .map(|load| load.iter().any(|&load| load > 0.0)),
            states,
            refined: FewestAgents {
                hours: [&theory.agents[0], &theory.agents[1], &theory.agents[2]].map(settled),
                days: std::array::from_fn(|_| vec![None; days]),
                days_beyond_reach: std::array::from_fn(|_| vec![false; days]),
            },
            watch,
        }
    }

    /// Settles all hours.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn run(mut self) -> Result<FewestAgents> {
        let hours = self.scenario.hours();
        let days = self.refined.days[0].len();
        // Agent-hours for written work that the day before needed.
        let mut extra = [0_u32; SIZED.len()];
        for day in 0..days {
            let span = self.target.hours_of(day, hours);
            if span.is_empty() {
                continue;
            }
            self.watch.look()?;
            self.settle_day(day, &span, &mut extra)?;
            self.watch.advance(span.len() as u64);
        }
        Ok(self.refined)
    }

    /// Settles a day: first its hours for calls and chats; then, for each team whose written work is not done in time
    /// by that, the fewest agent-hours with which it is. `extra` is what the day before needed.
    fn settle_day(&mut self, day: usize, span: &Range<usize>, extra: &mut [u32; SIZED.len()]) -> Result<()> {
        let start = self.states.clone();
        for hour in span.clone() {
            self.settle_hour(hour)?;
        }
        for (team, extra) in extra.iter_mut().enumerate() {
            let open = span.clone().filter(|&hour| self.is_open(team, hour)).count() as u32;
            *extra = if open == 0 || self.written_holds(team, day) {
                0
            } else {
                self.settle_written(day, span, &start, team, (*extra).max(1))?
            };
        }
        for team in 0..SIZED.len() {
            self.refined.days[team][day] = self.written_share(team, day);
        }
        Ok(())
    }

    fn is_open(&self, team: usize, hour: usize) -> bool {
        self.has_work[team] && self.target.open[SIZED[team] as usize][hour]
    }

    /// Settles an hour: team by team, the fewest agents with which live contacts meet the target.
    fn settle_hour(&mut self, hour: usize) -> Result<()> {
        let least = self.target.least_agents;
        let mut agents: [u32; SIZED.len()] = std::array::from_fn(|team| {
            if self.is_open(team, hour) {
                self.refined.hours[team][hour].agents.max(least)
            } else {
                0
            }
        });
        // One team after the other, because the first line passes callers on to the second within the hour: a team is tried
        // with what those before it were given, and with what theory gives those after it. `after` is where the last trial
        // ended. If it had the agents that were settled on, the replications need not walk through the hour again.
        let mut after: Option<Stand> = None;
        for team in 0..SIZED.len() {
            let mut settled = HourStaffing::default();
            if self.is_open(team, hour) {
                let alone = || self.target.live(SIZED[team]).filter(|&c| self.judged.look(c, hour) == Look::Alone);
                if alone().any(|channel| self.target.beyond_reach(channel)) {
                    settled.because = Because::BeyondReach;
                } else if alone().next().is_some() {
                    after = Some(self.settle_live(hour, team, &mut agents, &mut settled)?);
                } else {
                    settled.because = if agents[team] > least {
                        Because::Few
                    } else {
                        Because::Open
                    };
                }
            }
            settled.agents = agents[team];
            self.refined.hours[team][hour] = settled;
        }
        match after {
            Some((states, with)) if with == agents => {
                self.states = states;
                Ok(())
            }
            _ => self.pass(hour, &agents),
        }
    }

    /// The fewest agents of one team with which its live contacts of an hour meet the target, into `agents` and
    /// `settled`; where all replications stand then, and with which agents.
    fn settle_live(
        &self,
        hour: usize,
        team: usize,
        agents: &mut [u32; SIZED.len()],
        settled: &mut HourStaffing,
    ) -> Result<Stand> {
        let least = self.target.least_agents;
        settled.because = Because::Open;
        let attempt = |n: u32| -> Result<_> {
            let mut with = *agents;
            with[team] = n;
            let (states, lives) = self.try_hour(hour, &with, false)?;
            let met = self.met(team, hour, &lives);
            Ok((self.holds(&met), met, states, with))
        };
        let guess = agents[team];
        let mut n = guess;
        let (mut holds, mut met, mut states, mut with) = attempt(n)?;
        if holds {
            while n > least {
                let (fewer_holds, fewer_met, fewer_states, fewer_with) = attempt(n - 1)?;
                if !fewer_holds {
                    (settled.with_one_fewer, settled.because) = (fewer_met, Because::Live);
                    break;
                }
                (n, met, states, with) = (n - 1, fewer_met, fewer_states, fewer_with);
            }
        } else {
            let mut step = 1;
            let mut fails = n;
            // Steps grow: after a closed night or a burst the guess can be far off.
            while !holds && n < MOST_AGENTS {
                fails = n;
                settled.with_one_fewer = met;
                n = (n + step).min(MOST_AGENTS);
                step *= 2;
                (holds, met, states, with) = attempt(n)?;
            }
            if !holds {
                settled.with_one_fewer = Vec::new();
                // What is met on average, but not shown, is a matter of samples and not of agents.
                settled.because = if TargetVerdict::of(&self.target, &met).meets() {
                    Because::Few
                } else {
                    Because::BeyondReach
                };
                return Ok((states, with));
            }
            while fails + 1 < n {
                let between = u32::midpoint(fails, n);
                let (between_holds, between_met, between_states, between_with) = attempt(between)?;
                if between_holds {
                    (n, met, states, with) = (between, between_met, between_states, between_with);
                } else {
                    (fails, settled.with_one_fewer) = (between, between_met);
                }
            }
            settled.because = Because::Live;
        }
        if settled.because == Because::Live {
            settled.verdict_of_fewer = Some(TargetVerdict::of(&self.target, &settled.with_one_fewer));
            if hour == 0 || !self.is_open(team, hour - 1) {
                let fewer = self.without_waiting(hour, team, &with)?;
                (settled.because, settled.without_waiting) = if fewer < n {
                    (Because::Waited, Some(fewer))
                } else {
                    (Because::Live, None)
                };
            }
        }
        agents[team] = n;
        settled.met = met;
        Ok((states, with))
    }

    /// The fewest agents of a team, up to those in `agents`, with which the live contacts of an hour would meet the
    /// target if nothing had waited when it began.
    fn without_waiting(&self, hour: usize, team: usize, agents: &[u32; SIZED.len()]) -> Result<u32> {
        let (mut fails, mut enough) = (self.target.least_agents - 1, agents[team]);
        while fails + 1 < enough {
            let mut with = *agents;
            with[team] = u32::midpoint(fails, enough);
            let (_, lives) = self.try_hour(hour, &with, true)?;
            if self.holds(&self.met(team, hour, &lives)) {
                enough = with[team];
            } else {
                fails = with[team];
            }
        }
        Ok(enough)
    }

    /// All replications through an hour with these agents.
    fn pass(&mut self, hour: usize, agents: &[u32; SIZED.len()]) -> Result<()> {
        let (start, end) = (SimTime(hour as i64 * HOUR_MS), SimTime((hour as i64 + 1) * HOUR_MS));
        let (partner, watch) = (self.staffing.of(Skill::Partner), self.watch);
        self.states.par_iter_mut().try_for_each(|state| {
            state.floor.tally.watch(hour, 0);
            state.staff(agents, partner.in_hour(hour), start);
            state.floor.run_until(end, &mut state.feed, watch)
        })
    }

    /// All replications through an hour with these agents, with or without what waits when it begins: where they stand
    /// at its end, and what its arrivals met with.
    fn try_hour(
        &self,
        hour: usize,
        agents: &[u32; SIZED.len()],
        emptied: bool,
    ) -> Result<(Vec<State>, Vec<[Live; CHANNELS]>)> {
        let start = SimTime(hour as i64 * HOUR_MS);
        let end = SimTime(start.0 + HOUR_MS);
        let later: [u32; SIZED.len()] = std::array::from_fn(|team| {
            let open = hour + 1 < self.scenario.hours() && self.is_open(team, hour + 1);
            let guess = self.refined.hours[team].get(hour + 1).map_or(0, |settled| settled.agents);
            if open { guess.max(self.target.least_agents) } else { 0 }
        });
        // A call that arrives in the last moment of the hour is told in time or not after so long.
        let partner = self.staffing.of(Skill::Partner);
        let longest = Channel::ALL.iter().filter(|channel| channel.is_live());
        let longest = longest.map(|&channel| self.target.in_time[channel as usize]).fold(Span::ZERO, Span::max);
        let tried: Vec<_> = self
            .states
            .par_iter()
            .map(|state| {
                let mut state = state.clone();
                if emptied {
                    state.floor.forget_waiting();
                }
                state.floor.tally.watch(hour, 1);
                state.staff(agents, partner.in_hour(hour), start);
                state.floor.run_until(end, &mut state.feed, self.watch)?;
                if !state.floor.somebody_waits() {
                    let met = state.floor.tally.live[0];
                    return Ok((state, met));
                }
                let mut beyond = state.clone();
                beyond.staff(&later, partner.in_hour(hour + 1), end);
                beyond.floor.run_until(end + longest + Span(1), &mut beyond.feed, self.watch)?;
                Ok((state, beyond.floor.tally.live[0]))
            })
            .collect::<Result<_>>()?;
        Ok(tried.into_iter().unzip())
    }

    fn met(&self, team: usize, hour: usize, lives: &[[Live; CHANNELS]]) -> Vec<(Channel, ServiceShares)> {
        let met = |channel: Channel| {
            let lives = lives.iter().map(move |live| live[channel as usize]);
            let confidence = self.target.confidence;
            ServiceShares {
                answered: Share::of(lives.clone().map(|live| (live.within, live.offered)), confidence),
                abandoned: Share::of(lives.map(|live| (live.abandoned, live.offered)), confidence),
            }
        };
        self.target
            .live(SIZED[team])
            .filter(|&channel| self.judged.look(channel, hour) == Look::Alone)
            .map(|channel| (channel, met(channel)))
            .filter(|(_, met)| met.answered.of > 0)
            .collect()
    }

    fn holds(&self, met: &[(Channel, ServiceShares)]) -> bool {
        TargetVerdict::of(&self.target, met) == TargetVerdict::SurelyMeets
    }
}

/// The first number of the replications that are sampled; those of the engine begin at 0.
const SAMPLES: u32 = 1_000_000;
/// Most agents of a team in an hour.
const MOST_AGENTS: u32 = 100_000;
