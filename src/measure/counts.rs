//! What is counted about journeys: outcomes, funnel, attacks, messages, and hourly series.

use serde::{Deserialize, Serialize};

use crate::calendar::SimTime;
use crate::journey::Closing;
use crate::journey::member::Funnel;
use crate::listed::listed;
use crate::population::unit::EdgeCase;
use crate::terms::Outcome;
use crate::terms::Vector;

/// Number of outcomes.
pub const OUTCOMES: usize = Outcome::ALL.len();

listed! {
    /// What happens by the hour.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[repr(usize)]
    pub enum Series {
        /// Campaign mails that left.
        Mails,
        /// Accounts linked.
        Linked,
        /// Customers who left.
        Left,
        /// Customers who signed up again.
        Duplicates,
        /// Takeovers.
        TakenOver,
        /// Legacy passwords that stopped being accepted.
        CredentialsEnded,
        /// Legacy sessions that ended.
        SessionsEnded,
    }
}

impl Series {
    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Mails => "mails",
            Self::Linked => "linked",
            Self::Left => "left",
            Self::Duplicates => "duplicates",
            Self::TakenOver => "taken_over",
            Self::CredentialsEnded => "credentials_ended",
            Self::SessionsEnded => "sessions_ended",
        }
    }
}

/// Something that is counted when it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// One more of a series.
    One(Series),
    /// An attack; whether it works.
    Attack(Vector, bool),
}

/// Counts of journeys under one strategy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Accounts by segment and outcome, outcomes in the order of [`Outcome::ALL`].
    pub outcomes: Vec<[u64; OUTCOMES]>,
    /// Accounts by edge case and outcome; an account may be in several edge cases, or in none.
    pub edge_cases: Vec<[u64; OUTCOMES]>,
    /// Accounts that reached each step of the reset funnel: notified, delivered, bounced, opened, clicked, expired,
    /// completed, completed on request.
    pub funnel: [u64; 8],
    /// Attacks tried, by vector.
    pub attempts: [u64; Vector::ALL.len()],
    /// Attacks that worked, by vector.
    pub taken_over: [u64; Vector::ALL.len()],
    /// Links made for the wrong person.
    pub false_links: u64,
    /// Legacy passwords accepted at the horizon.
    pub credentials_alive: u64,
    /// Legacy sessions alive at the start, and at the horizon.
    pub sessions: (u64, u64),
    /// E-mails sent.
    pub emails: u64,
    /// Text messages sent.
    pub texts: u64,
    /// Document checks made.
    pub documents: u64,
    /// Hourly series, in the order of [`Series::ALL`].
    pub series: Vec<Vec<u32>>,
}

impl Counts {
    /// Nothing counted yet.
    pub fn new(segments: usize, hours: usize) -> Self {
        Self {
            outcomes: vec![[0; OUTCOMES]; segments],
            edge_cases: vec![[0; OUTCOMES]; EdgeCase::ALL.len()],
            funnel: [0; 8],
            attempts: [0; Vector::ALL.len()],
            taken_over: [0; Vector::ALL.len()],
            false_links: 0,
            credentials_alive: 0,
            sessions: (0, 0),
            emails: 0,
            texts: 0,
            documents: 0,
            series: vec![vec![0; hours]; Series::ALL.len()],
        }
    }

    /// Adds what has happened.
    #[inline]
    pub fn note(&mut self, events: &[(SimTime, Event)]) {
        for &(at, event) in events {
            match event {
                Event::One(series) => self.tick(series, at),
                Event::Attack(vector, works) => {
                    self.attempts[vector as usize] += 1;
                    if works {
                        self.taken_over[vector as usize] += 1;
                        self.tick(Series::TakenOver, at);
                    }
                }
            }
        }
    }

    #[inline]
    fn tick(&mut self, series: Series, at: SimTime) {
        if let Some(hour) = self.series[series as usize].get_mut(at.hour()) {
            *hour += 1;
        }
    }

    /// Adds an account at the horizon; `edge_cases` as a set of bits.
    #[inline]
    pub fn close(&mut self, segment: u8, mut edge_cases: u32, closing: &Closing, horizon: SimTime) {
        let outcome = closing.outcome.index();
        self.outcomes[usize::from(segment)][outcome] += 1;
        while edge_cases != 0 {
            self.edge_cases[edge_cases.trailing_zeros() as usize][outcome] += 1;
            edge_cases &= edge_cases - 1;
        }
        if closing.funnel != Funnel::default() {
            self.close_funnel(&closing.funnel);
        }
        self.false_links += u64::from(closing.false_link);
        self.credentials_alive += u64::from(closing.credential_alive);
        if let Some(ends) = closing.session_ends {
            self.sessions.0 += 1;
            self.sessions.1 += u64::from(ends > horizon);
            self.tick(Series::SessionsEnded, ends);
        }
        self.emails += closing.emails;
        self.texts += closing.texts;
        self.documents += closing.documents;
    }

    fn close_funnel(&mut self, funnel: &Funnel) {
        let steps = [
            funnel.notified,
            funnel.delivered,
            funnel.bounced,
            funnel.opened,
            funnel.clicked,
            funnel.expired,
            funnel.completed,
            funnel.completed_on_request,
        ];
        for (count, reached) in self.funnel.iter_mut().zip(steps) {
            *count += u64::from(reached);
        }
    }

    /// Adds the counts of other accounts.
    pub fn merge(&mut self, other: &Self) {
        self.combine(other, |sum, count| sum + count, |sum, count| sum + count);
    }

    /// Takes the counts of accounts back that were added before.
    pub fn take_back(&mut self, other: &Self) {
        self.combine(other, |sum, count| sum - count, |sum, count| sum - count);
    }

    fn combine(&mut self, other: &Self, count: impl Fn(u64, u64) -> u64, hour: impl Fn(u32, u32) -> u32) {
        let all = |into: &mut [u64], from: &[u64]| into.iter_mut().zip(from).for_each(|(a, b)| *a = count(*a, *b));
        for (into, from) in self.outcomes.iter_mut().zip(&other.outcomes) {
            all(into, from);
        }
        for (into, from) in self.edge_cases.iter_mut().zip(&other.edge_cases) {
            all(into, from);
        }
        all(&mut self.funnel, &other.funnel);
        all(&mut self.attempts, &other.attempts);
        all(&mut self.taken_over, &other.taken_over);
        for (into, from) in [
            (&mut self.false_links, other.false_links),
            (&mut self.credentials_alive, other.credentials_alive),
            (&mut self.sessions.0, other.sessions.0),
            (&mut self.sessions.1, other.sessions.1),
            (&mut self.emails, other.emails),
            (&mut self.texts, other.texts),
            (&mut self.documents, other.documents),
        ] {
            *into = count(*into, from);
        }
        for (into, from) in self.series.iter_mut().zip(&other.series) {
            into.iter_mut().zip(from).for_each(|(a, b)| *a = hour(*a, *b));
        }
    }

    /// Accounts with an outcome, over all segments.
    pub fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes.iter().map(|segment| segment[outcome.index()]).sum()
    }

    /// Accounts, over all segments and outcomes.
    pub fn accounts(&self) -> u64 {
        self.outcomes.iter().flatten().sum()
    }
}
