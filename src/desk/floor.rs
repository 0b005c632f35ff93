//! The floor: the one time-ordered loop in which contacts arrive, wait, are served or give up.
//!
//! Order of events: time, then end of service, change of staff, giving up, redial, callers, baseline arrivals. Nothing
//! is polled: every event is the earliest of a handful of known times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand_distr::{Distribution, Exp1};

use super::baseline::Arrivals;
use super::staffing::Roster;
use super::team::{Contact, Ended, Team};
use super::{Answer, Channel, Request};
use crate::calendar::{HOUR_MS, SimTime, Span};
use crate::identity::operation::Reason;
use crate::measure::desk::DeskMeasure;
use crate::random::{Purpose, Seed};
use crate::scenario::Scenario;

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

/// A listener that stands for a baseline caller who may call again.
const BASELINE: u64 = u64::MAX;

const FIRST_LINE: &[Channel] = &[Channel::Phone, Channel::Email];
const REVIEW: &[Channel] = &[Channel::Review];

/// The desk of one strategy in one replication.
pub struct Floor {
    teams: [Team; 2],
    rosters: [Roster; 2],
    arrivals: [Arrivals; 2],
    /// Deadlines of waiting contacts that somebody listens to, with channel and number.
    deadlines: BinaryHeap<Reverse<(SimTime, Channel, u64)>>,
    /// Baseline callers who will call again.
    redials: BinaryHeap<Reverse<SimTime>>,
    redial_share: f64,
    redial_mean_ms: f64,
    seed: Seed,
    horizon: SimTime,
    hours: usize,
    contacts: u64,
    staff_changes: SimTime,
    requests: Vec<(u64, Request)>,
    measure: DeskMeasure,
}

impl Floor {
    /// The desk of a scenario, before it opens.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let desk = &scenario.desk;
        let rosters = [
            Roster::new(scenario, &desk.tier1.agents, desk.tier1.shrinkage_share.get()),
            Roster::new(scenario, &desk.review.agents, desk.review.shrinkage_share.get()),
        ];
        let hours = scenario.hours();
        let mut measure = DeskMeasure::new(hours, Span::from_seconds(desk.service_level_s.get()));
        for (team, roster) in measure.teams.iter_mut().zip(&rosters) {
            team.agents = (0..hours).map(|hour| roster.in_hour(hour)).collect();
            team.busy_ms = vec![0; hours];
        }
        Self {
            teams: [Team::new(0, FIRST_LINE), Team::new(1, REVIEW)],
            rosters,
            arrivals: [
                Arrivals::new(scenario, seed, Channel::Phone),
                Arrivals::new(scenario, seed, Channel::Email),
            ],
            deadlines: BinaryHeap::new(),
            redials: BinaryHeap::new(),
            redial_share: desk.baseline.redial_share.get(),
            redial_mean_ms: desk.baseline.redial_mean_min.get() * 60_000.0,
            seed,
            horizon: scenario.horizon(),
            hours,
            contacts: 0,
            staff_changes: SimTime::START,
            requests: Vec::new(),
            measure,
        }
    }

    /// Runs the desk to the horizon.
    pub fn run(mut self, callers: &mut impl Callers) -> DeskMeasure {
        for hour in 0..self.hours {
            let end = SimTime((hour as i64 + 1) * HOUR_MS);
            self.run_until(end, callers);
            for team in &mut self.teams {
                team.note_backlog(hour, end, &mut self.measure);
            }
        }
        for team in &mut self.teams {
            team.close(self.horizon, &mut self.measure);
        }
        self.measure
    }

    /// Runs all events before `end`.
    fn run_until(&mut self, end: SimTime, callers: &mut impl Callers) {
        loop {
            let times = [
                self.teams[0].next_end(),
                self.teams[1].next_end(),
                self.staff_changes,
                self.deadlines.peek().map_or(SimTime::NEVER, |Reverse((at, ..))| *at),
                self.redials.peek().map_or(SimTime::NEVER, |Reverse(at)| *at),
                callers.next(),
                self.arrivals[0].next,
                self.arrivals[1].next,
            ];
            let mut event = 0;
            for candidate in 1..times.len() {
                if times[candidate] < times[event] {
                    event = candidate;
                }
            }
            let now = times[event];
            if now >= end {
                return;
            }
            match event {
                0 | 1 => {
                    let ended = self.teams[event].finish(&mut self.measure);
                    self.pass_on(ended, callers);
                }
                2 => self.change_staff(now),
                3 => self.reach_deadline(callers),
                4 => self.redial(now),
                5 => {
                    callers.act(now, &mut self.requests);
                    self.admit_requests();
                }
                _ => self.baseline_arrives(event - 6, now),
            }
        }
    }

    fn pass_on(&mut self, ended: Option<Ended>, callers: &mut impl Callers) {
        if let Some(ended) = ended.filter(|ended| ended.listener != BASELINE) {
            callers.hear(ended, &mut self.requests);
            self.admit_requests();
        }
    }

    fn change_staff(&mut self, now: SimTime) {
        for (team, roster) in self.teams.iter_mut().zip(&self.rosters) {
            team.staff(roster.in_hour(now.hour()), now, &mut self.measure);
        }
        self.staff_changes = self.rosters[0].next_change(now).min(self.rosters[1].next_change(now));
    }

    /// Queues what the callers have asked for.
    fn admit_requests(&mut self) {
        for (listener, request) in std::mem::take(&mut self.requests) {
            self.measure.channels[request.channel as usize].redialed += u64::from(request.redial);
            self.admit(request, Some(listener));
        }
    }

    #[inline]
    fn admit(&mut self, request: Request, listener: Option<u64>) {
        let contact = Contact {
            arrived: request.at,
            deadline: request.patience.map_or(SimTime::NEVER, |patience| request.at + patience),
            handle: request.handle,
            channel: request.channel,
            reason: request.reason,
            number: self.contacts,
            listener,
        };
        self.contacts += 1;
        self.measure.offered(contact.arrived, contact.channel, contact.reason);
        let team = &mut self.teams[usize::from(request.channel == Channel::Review)];
        let waits = team.arrive(contact, &mut self.measure);
        if waits && listener.is_some() && contact.deadline != SimTime::NEVER {
            self.deadlines.push(Reverse((contact.deadline, contact.channel, contact.number)));
        }
    }

    fn reach_deadline(&mut self, callers: &mut impl Callers) {
        let Some(Reverse((at, channel, number))) = self.deadlines.pop() else {
            return;
        };
        let team = &mut self.teams[usize::from(channel == Channel::Review)];
        let Some(contact) = team.expire(channel, number, &mut self.measure) else {
            return; // It was taken before.
        };
        let waited = at - contact.arrived;
        match contact.listener {
            Some(BASELINE) => self.maybe_redial(&contact, at),
            Some(listener) => {
                let answer = Answer { at, waited, served: false };
                self.pass_on(Some(Ended { listener, answer }), callers);
            }
            None => {}
        }
    }

    // --- baseline traffic ------------------------------------------------------------------------------------------

    #[inline]
    fn baseline_arrives(&mut self, which: usize, now: SimTime) {
        let arrivals = &mut self.arrivals[which];
        let (handle, patience) = arrivals.traits();
        arrivals.advance();
        let channel = [Channel::Phone, Channel::Email][which];
        let listener = (self.redial_share > 0.0 && channel == Channel::Phone).then_some(BASELINE);
        let request = Request {
            at: now,
            channel,
            reason: Reason::Baseline,
            handle,
            patience,
            redial: false,
        };
        self.admit(request, listener);
    }

    /// A baseline caller has hung up, and may call again.
    fn maybe_redial(&mut self, contact: &Contact, now: SimTime) {
        let mut luck = self.seed.draw(contact.arrived.0.unsigned_abs(), Purpose::BaselineContact, 0);
        if luck.chance(self.redial_share) {
            let unit: f64 = Exp1.sample(&mut luck);
            self.redials.push(Reverse(now + Span((unit * self.redial_mean_ms) as i64 + 1)));
        }
    }

    fn redial(&mut self, now: SimTime) {
        self.redials.pop();
        let luck = self.seed.draw(now.0.unsigned_abs(), Purpose::BaselineContact, 1);
        let (handle, patience) = self.arrivals[0].traits_with(luck);
        let request = Request {
            at: now,
            channel: Channel::Phone,
            reason: Reason::Baseline,
            handle,
            patience,
            redial: true,
        };
        self.measure.channels[Channel::Phone as usize].redialed += 1;
        self.admit(request, Some(BASELINE));
    }
}
