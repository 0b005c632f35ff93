//! Callers: the units that need the desk, stepped inside the desk's one time-ordered loop.
//!
//! What is kept of a journey is what the desk has answered so far: from that a unit can walk again from the start, with
//! the same luck, up to the present. So memory grows with contacts, not with accounts. Units that wait for the desk at
//! this moment are kept where they stand, as long as there are not too many of them; whether one is kept or walks
//! again makes no difference to anything but time.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::AnswerLog;
use super::arm::{Setup, WalkFrom, Walker};
use super::early::{Early, EarlyPart};
use super::observed::{Observed, Observer};
use super::reach::Reach;
use crate::calendar::{SimTime, Span};
use crate::desk::{Callers, Ended, Request};
use crate::error::Result;
use crate::journey::listener::{Listener, Nobody};
use crate::journey::walk::{Halt, Walk};
use crate::plan::Plan;
use crate::terms::Answer;
use crate::watch::Watch;

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
    stage: &'a Setup,
    plan: Cow<'a, Plan>,
    parked: Cow<'a, [Parked]>,
    /// Places of the parked, by the time at which they first need the desk.
    order: Vec<u32>,
    arrived: usize,
    /// What they have asked of the desk so far, in time order, if that is to be kept.
    asked: Option<Vec<Request>>,
    /// When units go on without an answer.
    wakes: BinaryHeap<Reverse<Wake>>,
    /// Steps taken, by place: an older wake is stale.
    steps: Vec<u32>,
    /// Requests made, by place.
    requested: Vec<u32>,
    log: AnswerLog,
    /// Units that wait for the desk, where they stand; and the numbers of these seats that are free.
    seats: Vec<Option<Box<Walker>>>,
    free: Vec<u16>,
    /// By place: one more than the seat of a unit that waits, 0 of any other.
    seated: Vec<u16>,
    /// Places and steps of those who wait, the longest first; stale where a unit has gone on since.
    since: VecDeque<(u32, u32)>,
    /// Walkers without a unit, by the accounts of units for which they have room.
    spare: BTreeMap<usize, Spare>,
    answers: Vec<Option<Answer>>,
    /// What an operator sees of them, if the rollout reacts.
    watched: Option<Watched>,
}

/// Walkers without a unit. They are large, and go back and forth between here and those who wait.
type Spare = Vec<Box<Walker>>;

/// When a unit goes on without an answer. At the same time, those that have asked the desk before come first, and then
/// units come in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wake {
    at: SimTime,
    /// It first needs the desk then.
    arrives: bool,
    unit: u32,
    place: u32,
    /// The step of the unit after which this was settled: a wake of an older step is stale.
    step: u32,
}

/// What an operator sees of the units of a rollout that reacts.
struct Watched {
    observed: Observed,
    /// For each parked unit, the traces that are written down already.
    traces: Vec<u32>,
    /// Places of the parked, by unit.
    places: BTreeMap<u32, u32>,
    /// Journeys that are known to their end, if they are counted as soon as they are.
    early: Option<Early>,
}

/// Most units that are kept where they stand.
pub(super) const MOST_WAITING: usize = 10_000;
const _: () = assert!(MOST_WAITING < u16::MAX as usize, "seats are numbered in 16 bits");
/// A unit whose next request lies further ahead than this walks again from the start.
const KEPT_FOR: Span = Span(30 * crate::calendar::DAY_MS);

impl<'a> JourneyCallers<'a> {
    /// The callers of one arm.
    pub fn new(stage: &'a Setup, plan: &'a Plan, parked: &'a [Parked]) -> Self {
        let mut callers = Self::before(stage, plan, parked);
        callers.order = (0..parked.len() as u32).collect();
        callers.order.sort_unstable_by_key(|&place| (parked[place as usize].at(), place));
        callers
    }

    /// The callers of an arm whose rollout reacts: whoever walks is observed, and units can be planned anew. With `early`,
    /// journeys are counted there as soon as they are known to their end.
    pub fn watched(
        stage: &'a Setup,
        plan: &'a Plan,
        parked: &'a [Parked],
        reach: &Reach,
        early: Option<Early>,
    ) -> Self {
        let mut callers = Self::before(stage, plan, parked);
        (0..parked.len() as u32).for_each(|place| callers.wake(place, parked[place as usize].at(), true));
        callers.watched = Some(Watched {
            observed: reach.observed.clone(),
            traces: reach.traces.clone(),
            places: parked.iter().zip(0..).map(|(parked, place)| (parked.unit, place)).collect(),
            early,
        });
        callers
    }

    /// Callers of whom it is not yet known when they arrive.
    fn before(stage: &'a Setup, plan: &'a Plan, parked: &'a [Parked]) -> Self {
        Self {
            stage,
            plan: Cow::Borrowed(plan),
            parked: Cow::Borrowed(parked),
            order: Vec::new(),
            arrived: 0,
            asked: None,
            wakes: BinaryHeap::new(),
            steps: vec![0; parked.len()],
            requested: vec![0; parked.len()],
            log: AnswerLog::new(parked.len()),
            seats: Vec::new(),
            free: Vec::new(),
            seated: vec![0; parked.len()],
            since: VecDeque::new(),
            spare: BTreeMap::new(),
            answers: Vec::new(),
            watched: None,
        }
    }

    /// The plan under which they walk.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What an operator sees of the journeys; `None` if nobody looks.
    pub fn observed(&self) -> Option<&Observed> {
        self.watched.as_ref().map(|watched| &watched.observed)
    }

    /// Keeps what they ask of the desk.
    pub fn keep_requests(&mut self) {
        self.asked = Some(Vec::new());
    }

    /// What the desk has answered, what it was asked if that was kept, and, if units were planned anew, where the log
    /// has which of them and under what plan they walk.
    pub fn into_log(self) -> (AnswerLog, Vec<Request>, Option<Replanned>) {
        let replanned = self.watched.map(|watched| Replanned {
            plan: self.plan.into_owned(),
            places: watched.places,
            observed: watched.observed,
            early: watched.early,
        });
        (self.log, self.asked.unwrap_or_default(), replanned)
    }

    /// Steps the unit in this place up to `now`, with news from the desk if there are any; new requests go to the desk.
    fn step(&mut self, place: u32, now: SimTime, news: Option<(u32, Answer)>, requests: &mut Vec<(u64, Request)>) {
        let slot = place as usize;
        self.steps[slot] += 1;
        let kept = self.rise(place);
        let (stage, plan) = (self.stage, &*self.plan);
        let (mut walker, from) = match kept {
            Some(walker) => (walker, WalkFrom::Here(news)),
            None => {
                let unit = self.parked[slot].unit();
                let first = stage.population.first_account(unit);
                let size = (stage.population.first_account(unit + 1) - first) as usize;
                let mut walker = self.spare.get_mut(&size).and_then(Vec::pop).unwrap_or_default();
                self.log.collect(slot, &mut self.answers);
                walker.take(stage, unit);
                (walker, WalkFrom::Start(&self.answers))
            }
        };
        let known = Known { place, requested: self.requested[slot], now };
        let asked = &mut self.asked;
        let stand = match &mut self.watched {
            None => {
                walker.go(stage, plan, from, now, &mut Nobody, |halt, walk| known.stand(halt, walk, requests, asked))
            }
            Some(watched) => {
                let traces = &mut watched.traces[slot];
                let left = if matches!(from, WalkFrom::Start(_)) { 0 } else { *traces };
                let mut observer = Observer::beyond(&mut watched.observed, *traces, left);
                let look = |halt: Halt, walk: &Walk<'_, Observer<'_>>| known.stand(halt, walk, requests, asked);
                let stand = walker.go(stage, plan, from, now, &mut observer, look);
                *traces = observer.traces.max(*traces);
                stand
            }
        };
        self.requested[slot] = stand.requested;
        if stand.next < stage.world.horizon {
            self.wake(place, stand.next, false);
        }
        if stand.keep {
            self.keep(place, walker);
        } else {
            self.lay_by(walker);
        }
        self.drop_stale();
    }

    /// Keeps the unit in this place where it stands. If there are too many, whoever has stood still for longest walks again
    /// from the start: a case waits for weeks, a call for minutes.
    fn keep(&mut self, place: u32, walker: Box<Walker>) {
        while self.seats.len() - self.free.len() >= MOST_WAITING
            && let Some((place, step)) = self.since.pop_front()
        {
            if self.steps[place as usize] == step
                && let Some(walker) = self.rise(place)
            {
                self.lay_by(walker);
            }
        }
        if self.since.len() >= 4 * MOST_WAITING {
            let steps = &self.steps;
            self.since.retain(|&(place, step)| steps[place as usize] == step);
        }
        self.since.push_back((place, self.steps[place as usize]));
        let seat = self.free.pop().unwrap_or_else(|| {
            self.seats.push(None);
            self.seats.len() as u16 - 1
        });
        self.seats[usize::from(seat)] = Some(walker);
        self.seated[place as usize] = seat + 1;
    }

    /// The unit in this place as it stands, if it is kept; it is not any more.
    fn rise(&mut self, place: u32) -> Option<Box<Walker>> {
        let seat = std::mem::take(&mut self.seated[place as usize]).checked_sub(1)?;
        self.free.push(seat);
        self.seats[usize::from(seat)].take()
    }

    fn lay_by(&mut self, walker: Box<Walker>) {
        self.spare.entry(walker.unit.accounts.len()).or_default().push(walker);
    }

    /// The unit in this place goes on at this time, if nothing comes in between.
    fn wake(&mut self, place: u32, at: SimTime, arrives: bool) {
        let unit = self.parked[place as usize].unit;
        self.wakes.push(Reverse(Wake { at, arrives, unit, place, step: self.steps[place as usize] }));
    }

    fn drop_stale(&mut self) {
        while let Some(Reverse(wake)) = self.wakes.peek()
            && self.steps[wake.place as usize] != wake.step
        {
            self.wakes.pop();
        }
    }

    /// Plans units anew from `now` on, to which the old plan has led: what an operator saw of their future is taken
    /// back, and those that the desk does not know yet walk alone once more. Units come in order. `is_first` says of which no
    /// wave has begun before; of those among them that are quiet until then there is nothing to take back.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn replan(
        &mut self,
        units: &[u32],
        plan: Plan,
        now: SimTime,
        is_first: impl Fn(u32) -> bool + Sync,
        is_quiet: impl Fn(u32) -> bool + Sync,
        watch: &dyn Watch,
    ) -> Result<()> {
        let Some(watched) = &self.watched else { return Ok(()) };
        let hours = self.stage.world.horizon.hour();
        let parts: Vec<(Observed, Vec<Anew>, Option<EarlyPart>)> = units
            .par_chunks(REPLANNED_AT_ONCE)
            .map(|units| {
                watch.look()?;
                let mut observed = Observed::new(hours);
                let mut early = watched.early.as_ref().map(Early::part);
                let mut walker = Walker::new(false, false);
                let mut answers = Vec::new();
                let mut anew = Vec::with_capacity(units.len());
                for &unit in units {
                    walker.take(self.stage, u64::from(unit));
                    let place = watched.places.get(&unit).copied();
                    let mut before = Observer::from(&mut observed, now, -1);
                    if let Some(place) = place.filter(|&place| self.requested[place as usize] > 0) {
                        self.log.collect(place as usize, &mut answers);
                        let just_before = SimTime(now.0 - 1);
                        let from = WalkFrom::Start(&answers);
                        walker.go(self.stage, &self.plan, from, just_before, &mut before, |_, _| ());
                        let traces = before.before;
                        anew.push(Anew { unit, place: Some(place), knows_desk: true, at: None, traces });
                        continue;
                    }
                    // Whoever has a place before the desk is counted at the end.
                    let mut early = early.as_mut().filter(|_| place.is_none());
                    if let Some(early) = early.as_mut().filter(|_| !is_first(unit) && walker.has_begun(&self.plan)) {
                        if walker.walk_alone_heard(self.stage, &self.plan, &mut before).is_none() {
                            early.take_back(&mut walker, self.stage)?;
                        }
                    } else if !(is_first(unit) && is_quiet(unit)) {
                        walker.listen_alone(self.stage, &self.plan, &mut before);
                    }
                    let mut after = Observer::from(&mut observed, now, 1);
                    let at = match early {
                        Some(early) => {
                            let at = walker.walk_alone_heard(self.stage, &plan, &mut after);
                            if at.is_none() {
                                early.count(&mut walker, self.stage)?;
                            }
                            at
                        }
                        None => walker.listen_alone(self.stage, &plan, &mut after),
                    };
                    anew.push(Anew { unit, place, knows_desk: false, at, traces: after.traces });
                }
                Ok((observed, anew, early))
            })
            .collect::<Result<_>>()?;
        self.plan = Cow::Owned(plan);
        for (observed, anew, part) in parts {
            if let Some(watched) = &mut self.watched {
                watched.observed.merge(&observed);
                watched.early.iter_mut().zip(part).for_each(|(early, part)| early.add(part));
            }
            anew.iter().for_each(|unit| self.begin_anew(unit, now));
        }
        self.drop_stale();
        Ok(())
    }

    fn begin_anew(&mut self, anew: &Anew, now: SimTime) {
        let Some(watched) = &mut self.watched else { return };
        let place = match (anew.place, anew.at) {
            (None, None) => return,
            (Some(place), _) => place,
            (None, Some(at)) => {
                let place = self.parked.len() as u32;
                self.parked.to_mut().push(Parked::new(u64::from(anew.unit), at));
                self.steps.push(0);
                self.requested.push(0);
                self.seated.push(0);
                self.log.grow();
                watched.traces.push(0);
                watched.places.insert(anew.unit, place);
                place
            }
        };
        watched.traces[place as usize] = anew.traces;
        self.steps[place as usize] += 1;
        if anew.knows_desk {
            if let Some(walker) = self.rise(place) {
                self.lay_by(walker);
            }
            self.wake(place, now, false);
        } else if let Some(at) = anew.at {
            self.wake(place, at, true);
        }
    }
}

/// Units that a thread plans anew at once.
const REPLANNED_AT_ONCE: usize = 16_384;

/// A unit that was planned anew.
struct Anew {
    unit: u32,
    place: Option<u32>,
    /// It has asked the desk before.
    knows_desk: bool,
    /// When it first needs the desk, if it does not know it yet.
    at: Option<SimTime>,
    /// Traces that are written down.
    traces: u32,
}

/// How the units of an arm stand whose rollout reacts.
#[derive(Debug)]
pub struct Replanned {
    /// The plan under all decisions.
    pub plan: Plan,
    /// Places in the log, by unit.
    pub places: BTreeMap<u32, u32>,
    /// What an operator saw of them, up to the horizon.
    pub observed: Observed,
    /// Journeys that were counted before, if they were.
    pub early: Option<Early>,
}

/// What was known of a unit before a step.
#[derive(Clone, Copy)]
struct Known {
    place: u32,
    requested: u32,
    now: SimTime,
}

/// Where a unit stands after a step.
struct Standing {
    /// Requests made.
    requested: u32,
    /// When it goes on without an answer.
    next: SimTime,
    /// Whether to keep it where it stands.
    keep: bool,
}

impl Known {
    /// Hands the new requests to the desk.
    fn stand<L: Listener>(
        self,
        halt: Halt,
        walk: &Walk<'_, L>,
        requests: &mut Vec<(u64, Request)>,
        asked: &mut Option<Vec<Request>>,
    ) -> Standing {
        let mut requested = self.requested;
        for request in walk.requests(self.requested as usize) {
            if request.at > self.now {
                // It walked on alone to its next request.
                return Standing {
                    requested,
                    next: request.at,
                    keep: request.at - self.now < KEPT_FOR,
                };
            }
            requests.push((u64::from(self.place) << 24 | u64::from(requested), *request));
            asked.iter_mut().for_each(|asked| asked.push(*request));
            requested += 1;
        }
        match halt {
            Halt::Waiting { wake, .. } => Standing { requested, next: wake, keep: true },
            Halt::Done => Standing { requested, next: SimTime::NEVER, keep: false },
        }
    }
}

impl Callers for JourneyCallers<'_> {
    #[inline]
    fn next(&self) -> SimTime {
        let wake = self.wakes.peek().map_or(SimTime::NEVER, |Reverse(wake)| wake.at);
        match self.order.get(self.arrived) {
            Some(&place) => wake.min(self.parked[place as usize].at()),
            None => wake,
        }
    }

    fn act(&mut self, now: SimTime, requests: &mut Vec<(u64, Request)>) {
        let wakes = self.wakes.peek().is_some_and(|Reverse(wake)| wake.at <= now);
        let place = if wakes {
            self.wakes.pop().map(|Reverse(wake)| wake.place)
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
