//! Callers: the units that need the desk, stepped inside the desk's one time-ordered loop.
//!
//! What is kept of a journey is what the desk has answered so far: from that a unit can walk again from the start, with
//! the same luck, up to the present. So memory grows with contacts, not with accounts. Units that wait for the desk at
//! this moment are kept where they stand, as long as there are not too many of them; whether one is kept or walks
//! again makes no difference to anything but time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::{Deserialize, Serialize};

use super::answers::AnswerLog;
use super::arm::{Stage, Walker};
use crate::calendar::{SimTime, Span};
use crate::desk::{Answer, Callers, Ended, Request};
use crate::journey::listener::Nobody;
use crate::journey::walk::{Halt, Walk};
use crate::strategy::Plan;

/// A unit that needs the desk, and when it first does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Parked {
    unit: u32,
    /// The time in halves: twelve bytes in all, where whole numbers would take sixteen.
    at: (u32, u32),
}

/// How it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    unit: u64,
    at: SimTime,
}

impl Parked {
    /// A unit that needs the desk at this time. There are no more units than accounts, and of those 10⁹ at most.
    pub fn new(unit: u64, at: SimTime) -> Self {
        let at = at.0 as u64;
        Self { unit: unit as u32, at: ((at >> 32) as u32, at as u32) }
    }

    /// The unit.
    #[inline]
    pub fn unit(self) -> u64 {
        u64::from(self.unit)
    }

    /// When it first needs the desk.
    #[inline]
    pub fn at(self) -> SimTime {
        SimTime((u64::from(self.at.0) << 32 | u64::from(self.at.1)) as i64)
    }
}

impl From<Stored> for Parked {
    fn from(stored: Stored) -> Self {
        Self::new(stored.unit, stored.at)
    }
}

impl From<Parked> for Stored {
    fn from(parked: Parked) -> Self {
        Self { unit: parked.unit(), at: parked.at() }
    }
}

/// The units of one arm that need the desk.
pub struct JourneyCallers<'a> {
    stage: &'a Stage,
    plan: &'a Plan,
    parked: &'a [Parked],
    /// Places of the parked, by the time at which they first need the desk.
    order: Vec<u32>,
    arrived: usize,
    /// When units go on without an answer: time, place, and the step after which that was settled.
    wakes: BinaryHeap<Reverse<(SimTime, u32, u32)>>,
    /// Steps taken, by place: an older wake is stale.
    steps: Vec<u32>,
    /// Requests made, by place.
    requested: Vec<u32>,
    log: AnswerLog,
    /// Units that wait for the desk, where they stand, by place.
    waiting: BTreeMap<u32, Box<Walker>>,
    /// Walkers without a unit.
    #[expect(
        clippy::vec_box,
        reason = "a walker is large, and goes back and forth between here and those who wait"
    )]
    spare: Vec<Box<Walker>>,
    answers: Vec<Option<Answer>>,
}

/// Most units that are kept where they stand.
const MOST_WAITING: usize = 4096;
/// A unit whose next request lies further ahead than this walks again from the start.
const KEPT_FOR: Span = Span(crate::calendar::DAY_MS);

impl<'a> JourneyCallers<'a> {
    /// The callers of one arm.
    pub fn new(stage: &'a Stage, plan: &'a Plan, parked: &'a [Parked]) -> Self {
        let mut order: Vec<u32> = (0..parked.len() as u32).collect();
        order.sort_unstable_by_key(|&place| (parked[place as usize].at(), place));
        Self {
            stage,
            plan,
            parked,
            order,
            arrived: 0,
            wakes: BinaryHeap::new(),
            steps: vec![0; parked.len()],
            requested: vec![0; parked.len()],
            log: AnswerLog::new(parked.len()),
            waiting: BTreeMap::new(),
            spare: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// What the desk has answered.
    pub fn into_log(self) -> AnswerLog {
        self.log
    }

    /// Steps the unit in this place up to `now`, with news from the desk if there are any; new requests go to the desk.
    fn step(&mut self, place: u32, now: SimTime, news: Option<(u32, Answer)>, requests: &mut Vec<(u64, Request)>) {
        let slot = place as usize;
        self.steps[slot] += 1;
        let known = self.requested[slot];
        let look = |halt: Halt, walk: &Walk<'_, Nobody>| {
            let mut requested = known;
            for request in walk.requests(known as usize) {
                if request.at > now {
                    // It walked on alone to its next request.
                    return (requested, request.at, request.at - now < KEPT_FOR);
                }
                requests.push((u64::from(place) << 24 | u64::from(requested), *request));
                requested += 1;
            }
            match halt {
                Halt::Waiting { wake, .. } => (requested, wake, true),
                Halt::Done => (requested, SimTime::NEVER, false),
            }
        };
        let (walker, (requested, next, keep)) = match self.waiting.remove(&place) {
            Some(mut walker) => {
                let stands = walker.go_on(self.stage, self.plan, news, now, look);
                (walker, stands)
            }
            None => {
                let mut walker = self.spare.pop().unwrap_or_default();
                self.log.collect(slot, &mut self.answers);
                walker.take(self.stage, self.parked[slot].unit());
                let stands = walker.set_out(self.stage, self.plan, &self.answers, now, look);
                (walker, stands)
            }
        };
        self.requested[slot] = requested;
        if next < self.stage.world.horizon {
            self.wakes.push(Reverse((next, place, self.steps[slot])));
        }
        if keep && self.waiting.len() < MOST_WAITING {
            self.waiting.insert(place, walker);
        } else {
            self.spare.push(walker);
        }
        while let Some(Reverse((_, place, step))) = self.wakes.peek()
            && self.steps[*place as usize] != *step
        {
            self.wakes.pop();
        }
    }
}

impl Callers for JourneyCallers<'_> {
    #[inline]
    fn next(&self) -> SimTime {
        let wake = self.wakes.peek().map_or(SimTime::NEVER, |Reverse((at, ..))| *at);
        match self.order.get(self.arrived) {
            Some(&place) => wake.min(self.parked[place as usize].at()),
            None => wake,
        }
    }

    fn act(&mut self, now: SimTime, requests: &mut Vec<(u64, Request)>) {
        let wakes = self.wakes.peek().is_some_and(|Reverse((at, ..))| *at <= now);
        let place = if wakes {
            self.wakes.pop().map(|Reverse((_, place, _))| place)
        } else {
            self.arrived += 1;
            self.order.get(self.arrived - 1).copied()
        };
        if let Some(place) = place {
            self.step(place, now, None, requests);
        }
    }

    fn hear(&mut self, ended: Ended, requests: &mut Vec<(u64, Request)>) {
        let (place, number) = ((ended.listener >> 24) as u32, (ended.listener & 0xff_ffff) as u32);
        self.log.push(place as usize, number, ended.answer);
        self.step(place, ended.answer.at, Some((number, ended.answer)), requests);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parked_unit_is_what_it_was_made_of() {
        for unit in [0, 1, 999_999_999] {
            for at in [0, 1, i64::from(u32::MAX), 1 << 32, 1 << 45, -1, i64::MAX, i64::MIN].map(SimTime) {
                let parked = Parked::new(unit, at);
                assert_eq!((parked.unit(), parked.at()), (unit, at));
            }
        }
        assert_eq!(size_of::<Parked>(), 12);
    }
}
