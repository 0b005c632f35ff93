//! Early: journeys under a rollout that reacts which are known to their end as soon as their wave begins, because they never
//! need the desk. In memory they are counted then, and need not be walked once more when the rollout has decided all.

use super::arm::{Setup, Walker};
use crate::error::Result;
use crate::measure::counts::Counts;
use crate::terms::Outcome;

/// What such journeys came to.
#[derive(Clone, Debug)]
pub struct Early {
    /// Their counts.
    pub counts: Counts,
    /// Counts of nobody.
    none: Counts,
    /// For each account its outcome, as a place in [`Outcome::ALL`], or [`UNKNOWN`].
    outcomes: Vec<u8>,
}

/// Not known yet, or not any more.
const UNKNOWN: u8 = u8::MAX;

/// What a part of the units adds to it.
#[derive(Debug)]
pub struct EarlyPart {
    /// Counts of journeys that are known now.
    now: Counts,
    /// Counts of journeys that were known and go another way now.
    before: Counts,
    /// Accounts whose outcome is known now, or not any more.
    outcomes: Vec<(u64, Option<Outcome>)>,
}

impl Early {
    /// Nothing known of so many accounts; `none` are counts of nobody.
    pub fn new(accounts: u64, none: Counts) -> Self {
        Self {
            counts: none.clone(),
            none,
            outcomes: vec![UNKNOWN; accounts as usize],
        }
    }

    /// A part that has nothing to add yet.
    pub fn part(&self) -> EarlyPart {
        EarlyPart {
            now: self.none.clone(),
            before: self.none.clone(),
            outcomes: Vec::new(),
        }
    }

    /// Takes a part in.
    pub fn add(&mut self, part: EarlyPart) {
        self.counts.merge(&part.now);
        self.counts.take_back(&part.before);
        for (account, outcome) in part.outcomes {
            self.outcomes[account as usize] = outcome.map_or(UNKNOWN, |outcome| outcome.index() as u8);
        }
    }

    /// The outcome of an account, if it is known.
    pub fn outcome(&self, account: u64) -> Option<Outcome> {
        Outcome::ALL.get(usize::from(self.outcomes[account as usize])).copied()
    }
}

impl EarlyPart {
    /// Counts the walk that has just reached the horizon.
    ///
    /// # Errors
    ///
    /// If the rules did not say what the journey expected.
    pub fn count(&mut self, walker: &mut Walker, stage: &Setup) -> Result<()> {
        self.note(walker, stage, true)
    }

    /// Takes the walk back that has just reached the horizon, as the old plan would have it.
    ///
    /// # Errors
    ///
    /// If the rules did not say what the journey expected.
    pub fn take_back(&mut self, walker: &mut Walker, stage: &Setup) -> Result<()> {
        self.note(walker, stage, false)
    }

    fn note(&mut self, walker: &mut Walker, stage: &Setup, is_known: bool) -> Result<()> {
        walker.check()?;
        walker.sort();
        walker.count(stage, if is_known { &mut self.now } else { &mut self.before });
        let accounts = (walker.unit.first_account..).zip(walker.closings());
        self.outcomes
            .extend(accounts.map(|(account, closing)| (account, is_known.then_some(closing.outcome))));
        Ok(())
    }
}
