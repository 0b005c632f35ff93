//! What a scan finds.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::listed::listed;
use crate::measure::counts::{Counts, OUTCOMES};
use crate::terms::Outcome;

listed! {
    /// An invariant: its place in [`INVARIANTS`].
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    pub enum Invariant {
        /// Of tokens.
        Token,
        /// Of identifiers and identities, and of how many accounts an identity says it has.
        Identifier,
        /// Of accounts, linked once.
        LinkedOnce,
        /// Of links and their grounds.
        Evidence,
        /// Of retired credentials.
        Retirement,
        /// Of sessions.
        Session,
        /// Of audit trails.
        Trail,
        /// Of outcomes, which only a run knows.
        Outcome,
        /// Of everything that an account owns.
        Owner,
    }
}

impl Invariant {
    /// What must hold, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Token => "a token is redeemed at most once and never after expiry",
            Self::Identifier => "an identifier leads to exactly one living identity and back",
            Self::LinkedOnce => "no legacy account is linked twice",
            Self::Evidence => "a link has evidence in the audit trail",
            Self::Retirement => "a legacy credential is retired only after link and revocation",
            Self::Session => "no living legacy session outlasts the session policy",
            Self::Trail => "each audit trail is gapless and in order of time",
            Self::Outcome => "each outcome agrees with the state of the account",
            Self::Owner => "each token, session, case and audit entry belongs to an account",
        }
    }
}

/// The invariants in words, in the order in which they are reported.
pub const INVARIANTS: [&str; Invariant::ALL.len()] = {
    let mut words = [""; Invariant::ALL.len()];
    let mut place = 0;
    while place < words.len() {
        words[place] = Invariant::ALL[place].words();
        place += 1;
    }
    words
};

/// What a scan of one arm found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScanResult {
    /// Dossiers read.
    pub dossiers: u64,
    /// Accounts read.
    pub accounts: u64,
    /// Audit entries read.
    pub audits: u64,
    /// Accounts by outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; OUTCOMES],
    /// How often each invariant is broken, in the order of [`INVARIANTS`].
    pub broken: [u64; INVARIANTS.len()],
    /// The first account for which one is broken.
    pub example: Option<(usize, u64)>,
}

impl ScanResult {
    /// Fails if an invariant is broken.
    pub fn must_hold(&self) -> Result<()> {
        let Some((invariant, account)) = self.example else {
            return Ok(());
        };
        Err(Error::Check(format!(
            "the store breaks an invariant {} times: {} (first for account {account})",
            self.broken[invariant], INVARIANTS[invariant]
        )))
    }

    /// Fails if the outcomes recounted from the store are not those that were counted.
    pub fn must_equal(&self, counts: &Counts) -> Result<()> {
        for outcome in Outcome::ALL {
            let (stored, counted) = (self.outcomes[outcome.index()], counts.outcome(outcome));
            if stored != counted {
                return Err(Error::Check(format!(
                    "store and summary disagree: {stored} accounts are {} in the store, {counted} were counted",
                    outcome.word()
                )));
            }
        }
        Ok(())
    }

    pub(in crate::identity) fn break_one(&mut self, invariant: Invariant, account: u64) {
        self.broken[invariant as usize] += 1;
        self.example.get_or_insert((invariant as usize, account));
    }

    /// Counts a break unless it is sound.
    pub(in crate::identity) fn expect(&mut self, sound: bool, invariant: Invariant, account: u64) {
        if !sound {
            self.break_one(invariant, account);
        }
    }

    /// Adds what was found elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.dossiers += other.dossiers;
        self.accounts += other.accounts;
        self.audits += other.audits;
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(a, b)| *a += b);
        self.broken.iter_mut().zip(other.broken).for_each(|(a, b)| *a += b);
        self.example = self.example.or(other.example);
    }
}
