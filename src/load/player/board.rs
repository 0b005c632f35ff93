//! The board: which requests are on their way, and which must wait for the one before.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::PlayPlan;
use crate::load::sequence::Sequence;

/// It has been sent.
const SENT: u8 = 1;
/// The account's request before has been answered, or there is none in the window.
const FREE: u8 = 2;
/// It has been answered.
const ANSWERED: u8 = 4;

/// Where each request stands, one byte for each.
#[derive(Debug)]
pub(super) struct Board {
    states: Vec<AtomicU8>,
    /// Next place that a closed loop sends.
    next: AtomicU64,
    /// First place that has not been sent in this process.
    upto: AtomicU64,
    sent: AtomicU64,
    answered: AtomicU64,
    ended: AtomicBool,
}

impl Board {
    pub(super) fn new(sequence: &Sequence, plan: &PlayPlan) -> Self {
        let one_cohort = |place: u64| {
            let follows = sequence.requests()[(place % sequence.len()) as usize].follows;
            AtomicU8::new(if follows { 0 } else { FREE })
        };
        let asked = plan.pace.as_ref().map(|pace| {
            let duration_s = plan.duration_us as f64 / 1e6;
            // Bursts may bring a cohort's requests early, but no further than the cohort reaches.
            pace.asked(duration_s, duration_s) as u64 + sequence.len() + 1
        });
        let places = asked.unwrap_or(u64::MAX).min(plan.most);
        Self {
            states: (0..places).map(one_cohort).collect(),
            next: AtomicU64::new(0),
            upto: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        }
    }

    /// Requests that there are.
    pub(super) fn places(&self) -> u64 {
        self.states.len() as u64
    }

    /// Notes what a process that was killed had been told.
    pub(super) fn answered_before(&self, place: u64, sequence: &Sequence) {
        let note =
            |place: u64, bits| self.states.get(place as usize).map(|state| state.fetch_or(bits, Ordering::Relaxed));
        note(place, SENT | FREE | ANSWERED);
        sequence.next(place).map(|next| note(next, FREE));
    }

    /// A closed loop goes on from `first`; the places before that were never answered, in order.
    pub(super) fn unanswered(&self, first: u64) -> Vec<u64> {
        self.next.store(first, Ordering::Relaxed);
        let has = |place: u64, bit| self.states[place as usize].load(Ordering::Relaxed) & bit != 0;
        (0..first.min(self.places())).filter(|place| !has(*place, ANSWERED)).collect()
    }

    /// The next request that a closed loop sends, if any are left.
    pub(super) fn draw(&self) -> Option<u64> {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        (place < self.places()).then_some(place)
    }

    /// Whether a closed loop has sent everything.
    pub(super) fn is_exhausted(&self) -> bool {
        self.next.load(Ordering::Relaxed) >= self.places()
    }

    /// Whether a request has been answered.
    pub(super) fn is_answered(&self, place: u64) -> bool {
        self.states[place as usize].load(Ordering::Acquire) & ANSWERED != 0
    }

    /// A request is sent; whether it may go to the store now.
    pub(super) fn send(&self, place: u64) -> bool {
        self.upto.fetch_max(place + 1, Ordering::Relaxed);
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.states[place as usize].fetch_or(SENT, Ordering::AcqRel) & FREE != 0
    }

    /// A request is answered; the account's next one, if that has been sent already and waits.
    pub(super) fn answered(&self, place: u64, sequence: &Sequence) -> Option<u64> {
        self.states[place as usize].fetch_or(ANSWERED, Ordering::AcqRel);
        self.answered.fetch_add(1, Ordering::Relaxed);
        let next = sequence.next(place).filter(|next| *next < self.places())?;
        let before = self.states[next as usize].fetch_or(FREE, Ordering::AcqRel);
        (before & (SENT | ANSWERED) == SENT).then_some(next)
    }

    /// Requests that were sent and not answered.
    pub(super) fn in_flight(&self) -> u64 {
        let answered = self.answered.load(Ordering::Relaxed);
        self.sent.load(Ordering::Relaxed).saturating_sub(answered)
    }

    /// Which they are.
    pub(super) fn in_flight_places(&self) -> impl Iterator<Item = u64> {
        let upto = self.upto.load(Ordering::Relaxed).min(self.places());
        (0..upto).filter(|place| self.states[*place as usize].load(Ordering::Relaxed) & (SENT | ANSWERED) == SENT)
    }

    /// Nothing more is to be sent or begun.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    pub(super) fn ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
