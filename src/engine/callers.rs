//! Callers: the units that need the desk, stepped inside the desk's one time-ordered loop.
//!
//! What is kept of a journey is what the desk has answered so far: from that a unit can walk again from the start, with
//! the same luck, up to the present. So memory grows with contacts, not with accounts. Units that wait for the desk at
//! this moment are kept where they stand, as long as there are not too many of them; whether one is kept or walks
//! again makes no difference to anything but time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::{Deserialize, Serialize};

use super::arm::{Stage, Walker};
use crate::calendar::{SimTime, Span};
use crate::desk::{Answer, Callers, Ended, Request};
use crate::journey::listener::Nobody;
use crate::journey::walk::{Halt, Walk};
use crate::strategy::Plan;

/// A unit that needs the desk, and when it first does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// The unit.
    pub unit: u64,
    /// When it first needs the desk.
    pub at: SimTime,
}

/// What the desk has answered to the units of one arm.
#[derive(Debug, Default)]
pub struct AnswerLog {
    /// For each unit, in the order of the parked: its latest answer, plus 1; 0 for none.
    latest: Vec<u32>,
    /// Answers in the order in which they were given, in blocks: a log that grows is never copied.
    blocks: Vec<Vec<Entry>>,
}

/// Entries in a block.
const BLOCK: usize = 1 << 16;

#[derive(Clone, Copy, Debug)]
struct Entry {
    at: SimTime,
    /// Wait in milliseconds; negative, less one, if the contact gave up.
    waited: i64,
    number: u32,
    before: u32,
}

impl AnswerLog {
    fn new(units: usize) -> Self {
        Self { latest: vec![0; units], blocks: Vec::new() }
    }

    fn push(&mut self, slot: usize, number: u32, answer: Answer) {
        let waited = match answer.served {
            true => answer.waited.0,
            false => -1 - answer.waited.0,
        };
        let entry = Entry { at: answer.at, waited, number, before: self.latest[slot] };
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(entry),
            _ => self.blocks.push(vec![entry]),
        }
        let full = self.blocks.len() - 1;
        self.latest[slot] = (full * BLOCK + self.blocks[full].len()) as u32;
    }

    /// The answers to the unit in this place, in the order of its requests.
    pub fn collect(&self, slot: usize, answers: &mut Vec<Option<Answer>>) {
        answers.clear();
        let mut next = self.latest[slot];
        while next != 0 {
            let place = next as usize - 1;
            let entry = self.blocks[place / BLOCK][place % BLOCK];
            let number = entry.number as usize;
            if answers.len() <= number {
                answers.resize(number + 1, None);
            }
            answers[number] = Some(Answer {
                at: entry.at,
                waited: Span(if entry.waited < 0 {
                    -1 - entry.waited
                } else {
                    entry.waited
                }),
                served: entry.waited >= 0,
            });
            next = entry.before;
        }
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
    waiting: BTreeMap<u32, Walker>,
    /// Walkers without a unit.
    spare: Vec<Walker>,
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
        order.sort_unstable_by_key(|&place| (parked[place as usize].at, place));
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
                walker.take(self.stage, self.parked[slot].unit);
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
            Some(&place) => wake.min(self.parked[place as usize].at),
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
