//! The same accounts in two runs: what has become of each, from the stores of both.

use std::path::Path;

use crate::cli::finished::LeftRun;
use crate::cli::progress::{self, Progress};
use crate::error::{Error, Result};
use crate::identity::pages::{self, PageKind};
use crate::measure::outcomes::Transitions;
use crate::terms::Outcome;
use crate::watch::Watch;

/// What a run has on file of its accounts.
pub(super) struct Ledger {
    left: LeftRun,
    accounts: usize,
}

impl Ledger {
    /// The ledger of the run in a folder; `None` if it was made without a store.
    ///
    /// # Errors
    ///
    /// If the store cannot be read, or is not that of the run.
    pub(super) fn open(folder: &Path, accounts: u64) -> Result<Option<Self>> {
        if !folder.join("store").join("conf").is_file() {
            return Ok(None);
        }
        progress::keeps("interrupted; nothing was changed");
        let left = LeftRun::open(folder)?;
        left.summary(folder)?;
        Ok(Some(Self { left, accounts: accounts as usize }))
    }

    /// The outcome of each account under an arm, as its place in [`Outcome::ALL`].
    fn outcomes(&self, arm: usize, progress: &Progress) -> Result<Vec<u8>> {
        let mut found = vec![u8::MAX; self.accounts];
        for kind in [PageKind::Alone, PageKind::Settled] {
            for page in self.left.store.pages(kind, arm as u8) {
                progress.look()?;
                pages::read(&page?, |_, dossier| {
                    for ((account, _), outcome) in dossier.legacy.iter().zip(&dossier.outcomes) {
                        if let Some(place) = found.get_mut(account.0 as usize) {
                            *place = *outcome;
                        }
                    }
                    Ok(())
                })?;
            }
        }
        if found.iter().any(|outcome| usize::from(*outcome) >= Outcome::ALL.len()) {
            return Err(Error::Check(format!(
                "run {}: its store does not tell of every account what has become of it: run the scenario again",
                self.left.header.run
            )));
        }
        Ok(found)
    }
}

/// Accounts by their outcome under an arm of one run (rows) and under an arm of another (columns), in the first
/// replication, which is the one that stores hold.
///
/// # Errors
///
/// If a store cannot be read or does not hold every account, or if it is interrupted.
pub(super) fn transitions(
    (a, of_a): (&Ledger, usize),
    (b, of_b): (&Ledger, usize),
    progress: &Progress,
) -> Result<Transitions> {
    let mut table = Transitions::default();
    for (from, to) in a.outcomes(of_a, progress)?.into_iter().zip(b.outcomes(of_b, progress)?) {
        table[usize::from(from)][usize::from(to)] += 1;
    }
    Ok(table)
}
