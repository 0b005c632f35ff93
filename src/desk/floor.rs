//! The floor: the one time-ordered loop in which contacts arrive, wait, are served or give up.
//!
//! Order of events: time, then change of staff, end of service, giving up, coming again, callers, overflow, baseline
//! arrivals (chats, e-mails, calls). Nothing is polled: every event is the earliest of a handful of known times. Calls of
//! the baseline and ends of service, of which there are most, are run through without looking at the others until one of
//! those is due; what they pass through is inlined by order, which is worth a tenth of their time (`benches/desk.rs`).

mod arrival;

mod again;

mod agents;

mod rules;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::baseline::{self, Arrivals};
use super::opening::{self, OpenHours};
use super::queue::{Contact, Queue};
use super::staffing::Staffing;
use super::team::Team;
use super::{Request, Tally};
use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::error::Result;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::terms::Reason;
use crate::terms::{Answer, CHANNELS, Channel, SKILLS, Skill};
use crate::watch::Watch;
use rules::Rules;

/// The news about a contact.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// Who is told.
    pub listener: u64,
    /// What became of it.
    pub answer: Answer,
}

/// Those who contact the desk of their own accord: the journeys.
pub trait Callers {
    /// When they next do something that is not an answer of the desk.
    fn next(&self) -> SimTime;
    /// They do it; new requests, each with the number under which its answer is expected, go to `requests`.
    fn act(&mut self, now: SimTime, requests: &mut Vec<(u64, Request)>);
    /// One of their contacts has ended.
    fn hear(&mut self, ended: Ended, requests: &mut Vec<(u64, Request)>);
}

/// Nobody but the baseline traffic.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCallers;

impl Callers for NoCallers {
    fn next(&self) -> SimTime {
        SimTime::NEVER
    }
    fn act(&mut self, _: SimTime, _: &mut Vec<(u64, Request)>) {}
    fn hear(&mut self, _: Ended, _: &mut Vec<(u64, Request)>) {}
}

/// The number under which nobody expects an answer.
pub const NOBODY: u64 = u64::MAX;
/// From here on, a baseline contact that may come again, with the number of its tries so far.
const BASELINE: u64 = u64::MAX - 1000;

/// The end of a service: when, and either the place of its [`Service`] or, if there is nobody to tell, the team.
type ServiceEnd = (SimTime, u32);

/// Events other than baseline calls and ends of service between two looks at the watch. Each may be a journey that walks
/// from its start.
const TURNS: u32 = 1 << 8;
/// Baseline calls and ends of service that are run through at most without looking at other events.
const FAST_EVENTS: u32 = 1 << 12;

/// Marks an end of service of which nobody is told.
const PLAIN: u32 = 1 << 31;

/// A service of which somebody is told, or a chat.
#[derive(Clone, Copy, Debug)]
struct Service {
    contact: Contact,
    skill: Skill,
    agent: u32,
    waited: Span,
    /// The customer is told.
    tells: bool,
    /// The agent is free.
    frees: bool,
}

/// What became of a contact, before it is told.
#[derive(Clone, Copy, Debug)]
struct News {
    contact: Contact,
    answer: Answer,
}

/// A baseline contact that comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Return {
    at: SimTime,
    channel: Channel,
    tries: u64,
}

/// Events other than baseline calls and ends of service, in their order at one time.
#[derive(Clone, Copy, Debug)]
enum FloorEvent {
    Staff,
    Deadline,
    Return,
    Callers,
    Overflow(Skill),
    Baseline(usize),
}

/// What does not change while the desk runs.
#[derive(Debug)]
struct Layout {
    staffing: Staffing,
    /// For each channel, the teams that take its contacts at once.
    takers: [Vec<Skill>; CHANNELS],
    /// Teams that take only what has waited.
    overflow: Vec<Skill>,
    /// Channels that some team takes before it holds a further chat.
    before_chats: [bool; CHANNELS],
    urgent: Vec<Reason>,
    rules: Rules,
}

/// The desk of one strategy in one replication. What happens is told to `T`.
#[derive(Clone, Debug)]
pub struct Floor<T> {
    /// Who is told what happens.
    pub tally: T,
    teams: [Team; SKILLS],
    layout: Arc<Layout>,
    /// For each channel the urgent contacts, then the others.
    queues: [Queue; 2 * CHANNELS],
    arrivals: [Arrivals; baseline::CHANNELS.len()],
    ends: BinaryHeap<Reverse<ServiceEnd>>,
    services: Vec<Service>,
    free_services: Vec<u32>,
    /// Deadlines of waiting contacts, with queue and number.
    deadlines: BinaryHeap<Reverse<(SimTime, usize, u64)>>,
    returns: BinaryHeap<Reverse<Return>>,
    seed: Seed,
    contacts: u64,
    /// Hours whose end has been told.
    hours: usize,
    staff_changes: SimTime,
    /// Handle time of calls so far: sum in milliseconds, and calls.
    handled: (u64, u64),
    /// A chat has been taken.
    chats: bool,
    /// After an end of service there may be more to do than to give its agent the next contact.
    attentive: bool,
    requests: Vec<(u64, Request)>,
    news: Vec<News>,
}

impl<T: Tally> Floor<T> {
    /// The desk of a scenario with this staffing, before it opens.
    pub fn new(scenario: &Scenario, staffing: &Staffing, seed: Seed, tally: T) -> Self {
        let desk = &scenario.desk;
        let takes = opening::takes(scenario);
        let after = Span::from_seconds(desk.partner.after_s.get());
        let concurrency = desk.chat.concurrency.get() as u8;
        let team = |skill: Skill| {
            let after = if skill == Skill::Partner { after } else { Span::ZERO };
            Team::new(skill, &takes[skill as usize], after, concurrency)
        };
        let teams = Skill::ALL.map(team);
        let at_once = |team: &&Team, channel: Channel| team.after == Span::ZERO && team.takes.contains(&channel);
        let takers = Channel::ALL
            .map(|channel| teams.iter().filter(|team| at_once(team, channel)).map(|team| team.skill).collect());
        let arrivals = baseline::CHANNELS
            .map(|channel| Arrivals::new(scenario, seed, channel, OpenHours::new(scenario, staffing, channel)));
        let mean_handle_ms = desk.baseline.phone_handle_time.mean_s() * 1000.0;
        let before_chats = Channel::ALL.map(|channel| teams.iter().any(|team| team.before_chats().contains(&channel)));
        let overflow: Vec<Skill> = teams.iter().filter(|team| team.after > Span::ZERO).map(|team| team.skill).collect();
        let attentive = !overflow.is_empty();
        Self {
            tally,
            layout: Arc::new(Layout {
                staffing: staffing.clone(),
                takers,
                overflow,
                before_chats,
                urgent: desk.urgent.clone(),
                rules: Rules::new(scenario),
            }),
            teams,
            queues: std::array::from_fn(|_| Queue::default()),
            arrivals,
            ends: BinaryHeap::new(),
            services: Vec::new(),
            free_services: Vec::new(),
            deadlines: BinaryHeap::new(),
            returns: BinaryHeap::new(),
            seed,
            contacts: 0,
            hours: 0,
            staff_changes: SimTime::START,
            handled: (mean_handle_ms as u64, 1),
            chats: false,
            attentive,
            requests: Vec::new(),
            news: Vec::new(),
        }
    }

    /// A desk whose agents are set by [`staff`](Self::staff) and by nothing else.
    pub fn staffed_by_hand(scenario: &Scenario, seed: Seed, tally: T) -> Self {
        let floor = Self::new(scenario, &Staffing::new(scenario), seed, tally);
        Self { staff_changes: SimTime::NEVER, ..floor }
    }

    /// Runs the desk for so many hours, from its beginning to its end.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`](crate::error::Error::Interrupted) if `watch` stops it.
    pub fn run(mut self, hours: usize, callers: &mut impl Callers, watch: &dyn Watch) -> Result<T> {
        let horizon = SimTime(hours as i64 * HOUR_MS);
        self.advance(horizon, callers, watch)?;
        Ok(self.close(horizon))
    }

    /// Runs the desk up to `until`, in however many steps: all events before it, and what waits at the end of each full
    /// hour.
    ///
    /// # Errors
    ///
    /// As [`run_until`](Self::run_until).
    pub fn advance(&mut self, until: SimTime, callers: &mut impl Callers, watch: &dyn Watch) -> Result<()> {
        loop {
            let end = SimTime((self.hours as i64 + 1) * HOUR_MS);
            if end > until {
                return self.run_until(until, callers, watch);
            }
            self.run_until(end, callers, watch)?;
            for channel in Channel::ALL {
                let waiting = self.waiting(channel, end);
                self.tally.waiting(channel, self.hours, waiting);
            }
            self.hours += 1;
        }
    }

    /// Ends the desk's time: who waits then waits for ever.
    pub fn close(mut self, horizon: SimTime) -> T {
        for channel in Channel::ALL {
            let waiting = self.waiting(channel, horizon);
            self.tally.left(channel, waiting);
        }
        for team in &self.teams {
            team.chatting_since().for_each(|since| self.tally.busy(team.skill, since, horizon));
        }
        self.tally
    }

    /// How many wait on a channel.
    fn waiting(&mut self, channel: Channel, now: SimTime) -> u64 {
        let queues = &mut self.queues[2 * channel as usize..][..2];
        queues.iter_mut().map(|queue| queue.waiting(now, &mut self.tally)).sum()
    }

    /// So many agents of a skill are on duty from `now` on.
    pub fn staff(&mut self, skill: Skill, agents: u32, now: SimTime) {
        self.teams[skill as usize].agents = agents;
        self.fill(skill, now);
    }

    /// Whoever waits is gone, untold: what would be if nothing had waited.
    pub fn forget_waiting(&mut self) {
        self.queues = Default::default();
    }

    /// Whether a customer waits for an answer, or may.
    pub fn somebody_waits(&self) -> bool {
        let live = Channel::ALL.into_iter().filter(|channel| channel.is_live());
        live.flat_map(|channel| &self.queues[2 * channel as usize..][..2]).any(|queue| !queue.is_empty())
    }

    /// Runs all events before `end`.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`](crate::error::Error::Interrupted) if `watch` stops it: the desk then stands somewhere on the
    /// way, and its tally is that of no whole time.
    pub fn run_until(&mut self, end: SimTime, callers: &mut impl Callers, watch: &dyn Watch) -> Result<()> {
        let mut turns = 0_u32;
        loop {
            if turns.is_multiple_of(TURNS) {
                watch.look()?;
            }
            turns = turns.wrapping_add(1);
            let (slow, event) = self.next_slow(callers);
            let settled = self.run_fast(slow, end);
            if !settled {
                self.settle(callers);
                continue;
            }
            if slow >= end {
                return Ok(());
            }
            match event {
                FloorEvent::Staff => self.change_staff(slow),
                FloorEvent::Deadline => self.reach_deadline(),
                FloorEvent::Return => self.come_again(),
                FloorEvent::Callers => {
                    callers.act(slow, &mut self.requests);
                    self.admit_requests();
                }
                FloorEvent::Overflow(skill) => self.fill(skill, slow),
                FloorEvent::Baseline(which) => self.baseline_arrives(which),
            }
            self.settle(callers);
        }
    }

    /// Runs baseline calls and ends of service before `slow` and `end`. False if something else has come up, or if there
    /// are so many of them that it is time to look around.
    #[inline]
    fn run_fast(&mut self, slow: SimTime, end: SimTime) -> bool {
        for _ in 0..FAST_EVENTS {
            let ends = self.ends.peek().map_or(SimTime::NEVER, |Reverse((at, _))| *at);
            let arrives = self.arrivals[0].next;
            let changed = if ends <= arrives {
                // Whose shift ends now takes nothing more.
                if ends >= end || ends > slow || ends >= self.staff_changes {
                    return true;
                }
                self.finish()
            } else {
                if arrives >= end || arrives >= slow {
                    return true;
                }
                self.baseline_arrives(0);
                // Those who wait before chats are seen when they give up: that may be the next event.
                self.layout.rules.returns || self.layout.rules.exact || self.attentive
            };
            if changed {
                return false;
            }
        }
        false
    }

    fn next_slow(&mut self, callers: &impl Callers) -> (SimTime, FloorEvent) {
        let deadline = self.deadlines.peek().map_or(SimTime::NEVER, |Reverse((at, ..))| *at);
        let again = self.returns.peek().map_or(SimTime::NEVER, |Reverse(again)| again.at);
        let mut next = (self.staff_changes, FloorEvent::Staff);
        let mut consider = |at: SimTime, event: FloorEvent| {
            if at < next.0 {
                next = (at, event);
            }
        };
        consider(deadline, FloorEvent::Deadline);
        consider(again, FloorEvent::Return);
        consider(callers.next(), FloorEvent::Callers);
        for place in 0..self.layout.overflow.len() {
            let skill = self.layout.overflow[place];
            let overflows = self.next_overflow(skill);
            if overflows < next.0 {
                next = (overflows, FloorEvent::Overflow(skill));
            }
        }
        for which in 1..self.arrivals.len() {
            if self.arrivals[which].next < next.0 {
                next = (self.arrivals[which].next, FloorEvent::Baseline(which));
            }
        }
        next
    }

    /// When the next contact has waited long enough for a team that has an agent free.
    fn next_overflow(&mut self, skill: Skill) -> SimTime {
        let team = &self.teams[skill as usize];
        let mut next = SimTime::NEVER;
        for &channel in team.takes.iter().filter(|&&channel| team.can_take(channel)) {
            for queue in &mut self.queues[2 * channel as usize..][..2] {
                // Those that have silently given up are seen to when they overflow.
                if let Some(arrived) = queue.front(SimTime::START, &mut self.tally) {
                    next = next.min(arrived + team.after);
                }
            }
        }
        next
    }
}
