//! Refining: the fewest agents in each hour, found by simulation in the order of time.
//!
//! What happens in an hour depends on the hours before it, not on those after it. So the hours are settled one by one:
//! all replications stand at the beginning of the hour; the hour is tried with a number of agents, and with one fewer,
//! until the target holds with the one and not with the other; then all replications step on. Calls and chats decide
//! hour by hour. Written work can wait: it decides day by day, by agent-hours that are spread over the day on top of
//! what the calls keep busy.
//!
//! The idea of staffing forward in time by simulation is that of Feldman, Mandelbaum, Massey and Whitt, "Staffing of
//! time-varying queues to achieve time-stable performance", Management Science 54 (2008).

use std::sync::Arc;

use rayon::prelude::*;

use super::sample::Feed;
use super::target::Target;
use super::trial::{Live, Share, Trial};
use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::desk::staffing::{Roster, Staffing};
use crate::desk::{CHANNELS, Channel, Floor, SKILLS, Skill};
use crate::engine::watch::Watch;
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::scenario::Scenario;

/// The teams that are sized.
pub const SIZED: [Skill; 3] = [Skill::Tier1, Skill::Tier2, Skill::Review];

/// What an hour's arrivals on a channel meet with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Met {
    /// Share answered in time, of the offered.
    pub answered: Share,
    /// Share that gives up.
    pub abandoned: Share,
}

/// An hour of one team, settled.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Agents on duty.
    pub agents: u32,
    /// With these agents, by live channel of the team.
    pub met: Vec<(Channel, Met)>,
    /// With one agent fewer, where that was tried: the target fails, unless written work needs the agent.
    pub with_one_fewer: Vec<(Channel, Met)>,
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
    /// With one fewer, calls or chats of this hour miss the target.
    Live,
    /// With one agent-hour fewer on this day, written work misses the target.
    Written,
}

/// The fewest agents that were found for one strategy.
#[derive(Clone, Debug)]
pub struct Refined {
    /// By skill in the order of [`SIZED`], then by hour.
    pub hours: [Vec<Settled>; SIZED.len()],
    /// By skill, then by day: share of the written work due on that day that is answered in time.
    pub days: [Vec<Option<Share>>; SIZED.len()],
}

impl Refined {
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
    floor: Floor<Trial>,
    feed: Feed,
}

/// A search for the fewest agents.
pub struct Search<'a> {
    scenario: &'a Scenario,
    target: Arc<Target>,
    staffing: Staffing,
    /// Mean number of agents kept busy by live contacts, by skill and hour.
    busy: [Vec<f64>; SIZED.len()],
    states: Vec<State>,
    refined: Refined,
}

/// What is known of a day before it is settled: the least number of agents by skill and hour.
type Floors = [Vec<u32>; SIZED.len()];

impl<'a> Search<'a> {
    /// A search over `replications` samples of what the simulated journeys asked of the desk. `guess` is where the
    /// search of each hour begins; `busy` the mean number of agents that live contacts keep busy.
    pub fn new(
        scenario: &'a Scenario,
        target: &Arc<Target>,
        simulated: &[Vec<crate::desk::Request>],
        replications: u32,
        (guess, busy): ([Vec<u32>; SIZED.len()], [Vec<f64>; SIZED.len()]),
    ) -> Self {
        let hours = scenario.hours();
        let days = target.day(SimTime(scenario.horizon().0)) + 1;
        let states = (0..replications)
            .into_par_iter()
            .map(|number| {
                let seed = Seed::new(u64::from(scenario.seed), SAMPLES + number);
                State {
                    floor: Floor::staffed_by_hand(scenario, seed, Trial::new(target, days)),
                    feed: Feed::sampled(simulated, seed),
                }
            })
            .collect();
        let settled = |agents: &Vec<u32>| -> Vec<Settled> {
            let hour = |&agents: &u32| Settled { agents, ..Settled::default() };
            agents.iter().map(hour).chain(std::iter::repeat(Settled::default())).take(hours).collect()
        };
        Self {
            scenario,
            target: Arc::clone(target),
            staffing: Staffing::new(scenario),
            busy,
            states,
            refined: Refined {
                hours: [&guess[0], &guess[1], &guess[2]].map(settled),
                days: std::array::from_fn(|_| vec![None; days]),
            },
        }
    }

    /// Settles all hours.
    pub fn run(mut self, watch: &dyn Watch) -> Result<Refined> {
        let hours = self.scenario.hours();
        let days = self.refined.days[0].len();
        let mut extra = [0_u32; SIZED.len()];
        for day in 0..days {
            let span = self.target.hours_of(day, hours);
            if span.is_empty() {
                continue;
            }
            if watch.stopped() {
                return Err(Error::Interrupted("interrupted; nothing was written".to_owned()));
            }
            self.settle_day(day, span.clone(), &mut extra);
            watch.advance(span.len() as u64);
        }
        Ok(self.refined)
    }

    /// Settles a day: for each team with written work, the fewest agent-hours with which what is due is answered in
    /// time. `extra` is what the day before needed.
    fn settle_day(&mut self, day: usize, span: std::ops::Range<usize>, extra: &mut [u32; SIZED.len()]) {
        let start = self.states.clone();
        let mut tries = [extra[0], extra[1], extra[2]];
        let mut known_good: Option<([u32; SIZED.len()], Vec<State>, [Vec<Settled>; SIZED.len()])> = None;
        for team in 0..SIZED.len() {
            let has_written = self.target.written(SIZED[team]).next().is_some();
            let open = span.clone().filter(|&hour| self.target.open[SIZED[team] as usize][hour]).count() as u32;
            if !has_written || open == 0 {
                tries[team] = 0;
            }
        }
        for team in 0..SIZED.len() {
            let open = span.clone().filter(|&hour| self.target.open[SIZED[team] as usize][hour]).count() as u32;
            if self.target.written(SIZED[team]).next().is_none() || open == 0 {
                continue;
            }
            // The fewest agent-hours: up in growing steps until it suffices, down until it does not, then between.
            let (mut enough, mut too_few): (Option<u32>, Option<u32>) = (None, None);
            let most = open * MOST_EXTRA;
            let mut step = 1;
            loop {
                let attempt = match (too_few, enough) {
                    (Some(low), Some(high)) if low + 1 >= high => break,
                    (Some(low), Some(high)) => u32::midpoint(low, high),
                    (None, Some(0)) => break,
                    (None, Some(high)) => high.saturating_sub(step),
                    (Some(low), None) => (low + step).min(most),
                    (None, None) => tries[team].min(most),
                };
                if too_few.is_some() || enough.is_some() {
                    step *= 2;
                }
                let holds = match &known_good {
                    Some((with, ..))
                        if with[team] == attempt
                            && *with == {
                                let mut t = tries;
                                t[team] = attempt;
                                t
                            } =>
                    {
                        true
                    }
                    _ => {
                        let mut with = tries;
                        with[team] = attempt;
                        self.states.clone_from(&start);
                        self.walk_day(span.clone(), &with);
                        let holds = self.written_holds(team, day);
                        if holds || attempt == most {
                            let hours = std::array::from_fn(|t| self.refined.hours[t][span.clone()].to_vec());
                            known_good = Some((with, std::mem::take(&mut self.states), hours));
                        }
                        holds || attempt == most
                    }
                };
                if holds {
                    enough = Some(attempt);
                } else {
                    too_few = Some(attempt);
                }
            }
            tries[team] = enough.unwrap_or(most);
        }
        match known_good.filter(|(with, ..)| *with == tries) {
            Some((_, states, hours)) => {
                self.states = states;
                for (team, settled) in hours.into_iter().enumerate() {
                    self.refined.hours[team][span.clone()].clone_from_slice(&settled);
                }
            }
            None => {
                self.states = start;
                self.walk_day(span.clone(), &tries);
            }
        }
        for team in 0..SIZED.len() {
            self.refined.days[team][day] = self.written_share(team, day);
        }
        *extra = tries;
    }

    /// Share of the written work due on `day` that was answered in time; `None` if nothing was due.
    fn written_share(&self, team: usize, day: usize) -> Option<Share> {
        self.target
            .written(SIZED[team])
            .map(|channel| {
                let due = |state: &State| state.floor.tally.written[channel as usize][day];
                Share::of(self.states.iter().map(due).map(|due| (due.in_time, due.due)), self.target.confidence)
            })
            .filter(|share| share.of > 0)
            .min_by(|a, b| a.mean.total_cmp(&b.mean))
    }

    fn written_holds(&self, team: usize, day: usize) -> bool {
        let wanted = self.target.written(SIZED[team]).map(|channel| self.target.share[channel as usize]);
        let wanted = wanted.fold(0.0, f64::max);
        self.written_share(team, day).is_none_or(|share| share.at_least() >= wanted)
    }

    /// Walks through the hours of a day, settling each, with so many agent-hours of each team for written work.
    fn walk_day(&mut self, span: std::ops::Range<usize>, extra: &[u32; SIZED.len()]) {
        let floors = self.floors(span.clone(), extra);
        for hour in span.clone() {
            let least: [u32; SIZED.len()] = std::array::from_fn(|team| floors[team][hour - span.start]);
            self.settle_hour(hour, least, extra);
        }
    }

    /// The least number of agents by hour of a day: those that live contacts keep busy, and an even share of the
    /// agent-hours for written work.
    fn floors(&self, span: std::ops::Range<usize>, extra: &[u32; SIZED.len()]) -> Floors {
        std::array::from_fn(|team| {
            let open = &self.target.open[SIZED[team] as usize];
            let hours: Vec<usize> = span.clone().filter(|&hour| open[hour]).collect();
            let share = |place: usize| {
                let (n, extra) = (hours.len() as u32, extra[team]);
                // What does not divide evenly is spread over the day.
                (place as u32 + 1) * extra / n - place as u32 * extra / n
            };
            let mut floors = vec![0; span.len()];
            for (place, &hour) in hours.iter().enumerate() {
                let busy = if extra[team] > 0 {
                    self.busy[team][hour].ceil() as u32
                } else {
                    0
                };
                floors[hour - span.start] = (busy + share(place)).max(self.target.least_agents);
            }
            floors
        })
    }

    /// Settles an hour: team by team, the fewest agents with which live contacts meet the target, but not fewer than
    /// `least`.
    fn settle_hour(&mut self, hour: usize, least: [u32; SIZED.len()], extra: &[u32; SIZED.len()]) {
        let mut agents: [u32; SIZED.len()] = std::array::from_fn(|team| {
            let guess = self.refined.hours[team][hour].agents;
            if least[team] == 0 { 0 } else { guess.max(least[team]) }
        });
        let mut after: Option<(Vec<State>, [u32; SIZED.len()])> = None;
        for team in 0..SIZED.len() {
            let mut settled = Settled::default();
            if least[team] > 0 {
                let has_live = self.target.live(SIZED[team]).next().is_some();
                settled.because = if extra[team] > 0 {
                    Because::Written
                } else {
                    Because::Open
                };
                if has_live {
                    self.settle_live(hour, team, least[team], &mut agents, &mut settled, &mut after);
                }
            }
            settled.agents = agents[team];
            self.refined.hours[team][hour] = settled;
        }
        match after {
            Some((states, with)) if with == agents => self.states = states,
            _ => self.states = self.try_hour(hour, &agents).0,
        }
    }

    fn settle_live(
        &self,
        hour: usize,
        team: usize,
        least: u32,
        agents: &mut [u32; SIZED.len()],
        settled: &mut Settled,
        after: &mut Option<(Vec<State>, [u32; SIZED.len()])>,
    ) {
        let attempt = |n: u32| {
            let mut with = *agents;
            with[team] = n;
            let (states, lives) = self.try_hour(hour, &with);
            let met = self.met(team, &lives);
            (self.holds(&met), met, states, with)
        };
        let mut n = agents[team].max(least);
        let (mut holds, mut met, mut states, mut with) = attempt(n);
        if holds {
            while n > least {
                let (fewer_holds, fewer_met, fewer_states, fewer_with) = attempt(n - 1);
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
                (holds, met, states, with) = attempt(n);
            }
            while fails + 1 < n {
                let between = u32::midpoint(fails, n);
                let (between_holds, between_met, between_states, between_with) = attempt(between);
                if between_holds {
                    (n, met, states, with) = (between, between_met, between_states, between_with);
                } else {
                    (fails, settled.with_one_fewer) = (between, between_met);
                }
            }
            settled.because = Because::Live;
        }
        agents[team] = n;
        settled.met = met;
        *after = Some((states, with));
    }

    /// All replications through an hour with these agents: where they stand at its end, and what its arrivals met with.
    fn try_hour(&self, hour: usize, agents: &[u32; SIZED.len()]) -> (Vec<State>, Vec<[Live; CHANNELS]>) {
        let start = SimTime(hour as i64 * HOUR_MS);
        let end = SimTime(start.0 + HOUR_MS);
        let later: [u32; SIZED.len()] = std::array::from_fn(|team| {
            let open = self.target.open[SIZED[team] as usize].get(hour + 1).copied().unwrap_or(false);
            let guess = self.refined.hours[team].get(hour + 1).map_or(0, |settled| settled.agents);
            if open { guess.max(self.target.least_agents) } else { 0 }
        });
        // A call that arrives in the last moment of the hour is told in time or not after so long.
        let longest = Channel::ALL.iter().filter(|channel| channel.is_live());
        let longest = longest.map(|&channel| self.target.in_time[channel as usize]).fold(Span::ZERO, Span::max);
        self.states
            .par_iter()
            .map(|state| {
                let mut state = state.clone();
                state.floor.tally.watch(hour, 1);
                self.staff(&mut state, agents, hour, start);
                state.floor.run_until(end, &mut state.feed);
                let mut beyond = state.clone();
                self.staff(&mut beyond, &later, hour + 1, end);
                beyond.floor.run_until(end + longest + Span(1), &mut beyond.feed);
                (state, beyond.floor.tally.live[0])
            })
            .unzip()
    }

    fn staff(&self, state: &mut State, agents: &[u32; SIZED.len()], hour: usize, now: SimTime) {
        let rosters: [u32; SKILLS] = [
            agents[0],
            agents[1],
            agents[2],
            self.staffing.of(Skill::Partner).in_hour(hour),
        ];
        for skill in Skill::ALL {
            state.floor.staff(skill, rosters[skill as usize], now);
        }
    }

    fn met(&self, team: usize, lives: &[[Live; CHANNELS]]) -> Vec<(Channel, Met)> {
        let met = |channel: Channel| {
            let lives = lives.iter().map(move |live| live[channel as usize]);
            let confidence = self.target.confidence;
            Met {
                answered: Share::of(lives.clone().map(|live| (live.within, live.offered)), confidence),
                abandoned: Share::of(lives.map(|live| (live.abandoned, live.offered)), confidence),
            }
        };
        self.target
            .live(SIZED[team])
            .map(|channel| (channel, met(channel)))
            .filter(|(_, met)| met.answered.of > 0)
            .collect()
    }

    fn holds(&self, met: &[(Channel, Met)]) -> bool {
        met.iter().all(|(channel, met)| {
            met.answered.at_least() >= self.target.share[*channel as usize]
                && met.abandoned.at_most() <= self.target.abandoned_share
        })
    }
}

/// The first number of the replications that are sampled; those of the engine begin at 0.
const SAMPLES: u32 = 1_000_000;
/// Most agents of a team in an hour.
const MOST_AGENTS: u32 = 100_000;
/// Most agents for written work.
const MOST_EXTRA: u32 = 10_000;
