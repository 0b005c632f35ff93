//! Every account's outcome under every strategy, half a byte each, so that strategies can be compared account by
//! account.

use serde::{Deserialize, Serialize};

use super::counts::OUTCOMES;
use crate::terms::Outcome;

/// Outcomes of a range of accounts under each arm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeTable {
    arms: usize,
    /// Bytes of one account.
    width: usize,
    nibbles: Vec<u8>,
}

/// No outcome yet.
const OPEN: u8 = 0xf;

impl OutcomeTable {
    /// A table for `accounts` accounts under `arms` arms, nothing known yet.
    pub fn new(accounts: usize, arms: usize) -> Self {
        let width = arms.div_ceil(2);
        Self {
            arms,
            width,
            nibbles: vec![OPEN << 4 | OPEN; accounts * width],
        }
    }

    /// Notes an outcome.
    #[inline]
    pub fn set(&mut self, account: usize, arm: usize, outcome: Outcome) {
        let shift = 4 * (arm & 1);
        let byte = &mut self.nibbles[account * self.width + arm / 2];
        *byte = *byte & !(0xf << shift) | (outcome.index() as u8) << shift;
    }

    /// Counts how many accounts end in each pair of outcomes under two arms. Accounts of which one is not known are
    /// left out.
    pub fn transitions(&self, a: usize, b: usize, counts: &mut Transitions) {
        debug_assert!(a < self.arms && b < self.arms);
        let nibble = |account: &[u8], arm: usize| usize::from(account[arm / 2] >> (4 * (arm & 1)) & 0xf);
        for account in self.nibbles.chunks_exact(self.width.max(1)) {
            let (from, to) = (nibble(account, a), nibble(account, b));
            if from < OUTCOMES && to < OUTCOMES {
                counts[from][to] += 1;
            }
        }
    }
}

/// Accounts by their outcome under one strategy (rows) and under another (columns), in the order of [`Outcome::ALL`].
pub type Transitions = [[u64; OUTCOMES]; OUTCOMES];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transitions_count_every_known_account_once() {
        let mut table = OutcomeTable::new(3, 3);
        for (account, outcomes) in [
            [Outcome::Migrated, Outcome::Churned, Outcome::Dormant],
            [Outcome::Migrated, Outcome::Migrated, Outcome::TakenOver],
        ]
        .iter()
        .enumerate()
        {
            outcomes.iter().enumerate().for_each(|(arm, outcome)| table.set(account, arm, *outcome));
        }
        let mut counts = Transitions::default();
        table.transitions(0, 1, &mut counts);
        assert_eq!(counts[Outcome::Migrated.index()][Outcome::Churned.index()], 1);
        assert_eq!(counts[Outcome::Migrated.index()][Outcome::Migrated.index()], 1);
        let mut counts = Transitions::default();
        table.transitions(2, 0, &mut counts);
        assert_eq!(counts[Outcome::TakenOver.index()][Outcome::Migrated.index()], 1);
        assert_eq!(counts.iter().flatten().sum::<u64>(), 2, "the third account is not known");
    }
}
