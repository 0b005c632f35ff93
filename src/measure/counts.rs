//! What is counted about journeys: outcomes, funnel, attacks, messages, and hourly series.

use serde::{Deserialize, Serialize};

use crate::calendar::{HOUR_MS, SimTime, Span};
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

/// One customer, in the parts in which customers are counted: every unit of one to twelve accounts divides it.
pub const CUSTOMER: u64 = 27_720;

listed! {
    /// What is counted of all accounts at the horizon.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Total {
        /// Accounts whose owner is a customer who shows up between start and horizon.
        Active,
        /// And can sign in at the horizon.
        CanSignIn,
        /// Accounts whose owner was locked out for a day or more in all.
        ShutOut,
        /// Hours for which owners were locked out.
        ShutHours,
        /// Hours for which those were locked out who were so for a day or more.
        ShutLongHours,
        /// Accounts whose owner has contacted the desk or had a case.
        Contacted,
        /// Hours for which intruders held accounts.
        HeldHours,
        /// Accounts in the hands of an intruder at the horizon.
        InOtherHands,
        /// Takeovers that were noticed and set right.
        Solved,
        /// False alarms of fraud monitoring.
        Alarms,
        /// Wrong links through which somebody saw another person's data.
        WrongLinks,
        /// Identities of one customer that were put together.
        Merged,
        /// Hours for which accounts were at the target.
        TargetHours,
        /// Accounts that are at the target at the horizon.
        AtTarget,
        /// Campaign mails that would leave after the horizon.
        LateMails,
    }
}

impl Total {
    /// What an account adds to each.
    #[inline]
    fn of(closing: &Closing, shut_h: u64) -> [(Self, u64); Self::ALL.len()] {
        let hours = |span: Span| (span.0 / HOUR_MS) as u64;
        let long = shut_h >= 24;
        [
            (Self::Active, u64::from(closing.active)),
            (Self::CanSignIn, u64::from(closing.can_sign_in)),
            (Self::ShutOut, u64::from(long)),
            (Self::ShutHours, shut_h),
            (Self::ShutLongHours, if long { shut_h } else { 0 }),
            (Self::Contacted, u64::from(closing.contacted)),
            (Self::HeldHours, hours(closing.held)),
            (Self::InOtherHands, u64::from(closing.in_other_hands)),
            (Self::Solved, closing.solved),
            (Self::Alarms, closing.alarms),
            (Self::WrongLinks, closing.wrong_links),
            (Self::Merged, closing.merged),
            (Self::TargetHours, hours(closing.at_target)),
            (Self::AtTarget, u64::from(closing.at_target > Span::ZERO)),
            (Self::LateMails, closing.late_mails),
        ]
    }

    /// Name in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::CanSignIn => "can_sign_in",
            Self::ShutOut => "shut_out",
            Self::ShutHours => "shut_h",
            Self::ShutLongHours => "shut_out_h",
            Self::Contacted => "contacted",
            Self::HeldHours => "held_h",
            Self::InOtherHands => "in_other_hands",
            Self::Solved => "solved_takeovers",
            Self::Alarms => "false_alarms",
            Self::WrongLinks => "wrong_links",
            Self::Merged => "merged",
            Self::TargetHours => "at_target_h",
            Self::AtTarget => "at_target",
            Self::LateMails => "mails_after_horizon",
        }
    }
}

crate::terms::words!(Total);

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
    /// Customers who left, by segment, in parts of [`CUSTOMER`]: accounts that share a contact point are one customer.
    pub lost: Vec<u64>,
    /// Hours for which customers wanted to sign in and could not, by segment, in parts of [`CUSTOMER`].
    pub shut_h: Vec<u64>,
    /// What is counted in all.
    pub totals: [u64; Total::ALL.len()],
    /// Active customers by outcome, in the order of [`Outcome::ALL`]: the accounts of [`Total::Active`].
    pub active: [u64; OUTCOMES],
    /// Intruders of the first day by what has become of them: still inside at the legacy platform, carried over to the target,
    /// put out without notice, noticed.
    pub residents: [u64; 4],
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
            lost: vec![0; segments],
            shut_h: vec![0; segments],
            totals: [0; Total::ALL.len()],
            active: [0; OUTCOMES],
            residents: [0; 4],
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

    /// Adds an account at the horizon; `edge_cases` as a set of bits, `members` the accounts of its unit.
    #[inline]
    pub fn close(&mut self, (segment, members): (u8, usize), mut edge_cases: u64, closing: &Closing, horizon: SimTime) {
        self.close_customer(usize::from(segment), members, closing);
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

    fn close_customer(&mut self, segment: usize, members: usize, closing: &Closing) {
        let part = CUSTOMER / members.max(1) as u64;
        if closing.outcome == Outcome::Churned {
            self.lost[segment] += part;
        }
        let shut_h = (closing.shut.0 / HOUR_MS) as u64;
        if shut_h > 0 {
            self.shut_h[segment] += shut_h * part;
        }
        for (total, adds) in Total::of(closing, shut_h) {
            self.totals[total as usize] += adds;
        }
        self.active[closing.outcome.index()] += u64::from(closing.active);
        if let Some(place) = (closing.resident as usize).checked_sub(1) {
            self.residents[place] += 1;
        }
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
        all(&mut self.lost, &other.lost);
        all(&mut self.shut_h, &other.shut_h);
        all(&mut self.totals, &other.totals);
        all(&mut self.active, &other.active);
        all(&mut self.residents, &other.residents);
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

    /// Something that is counted of all accounts.
    pub fn total(&self, total: Total) -> u64 {
        self.totals[total as usize]
    }

    /// Accounts, over all segments and outcomes.
    pub fn accounts(&self) -> u64 {
        self.outcomes.iter().flatten().sum()
    }
}
