//! Who watches a run: a progress bar, a signal handler, or nobody.
//!
//! Whoever works for long looks at the watch every few thousand steps, so that it can be stopped at any moment; what was
//! begun then comes to nothing, and never to a part that could be taken for the whole.

use crate::error::{Error, Result};

/// Someone who watches a run and may stop it. Watching never changes a result.
pub trait Watch: Sync {
    /// A phase begins that consists of so many steps.
    fn begin(&self, phase: &str, steps: u64);
    /// Steps are done.
    fn advance(&self, steps: u64);
    /// So many accounts, times the strategies that each was taken through, were simulated for a question that takes many
    /// small runs.
    fn simulated(&self, _account_strategies: u64) {}
    /// The phases are done.
    fn end(&self);
    /// Whether the run should stop as soon as it can.
    fn stopped(&self) -> bool;

    /// Looks whether to go on. It costs a few nanoseconds.
    ///
    /// # Errors
    ///
    /// [`Error::Interrupted`] if not.
    fn look(&self) -> Result<()> {
        if self.stopped() {
            Err(Error::Interrupted("interrupted".to_owned()))
        } else {
            Ok(())
        }
    }
}

/// Units that walk between two looks at the watch.
pub(crate) const UNITS_A_LOOK: u64 = 64;

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn stopped(&self) -> bool {
        false
    }
}

/// Watches one of many small runs for another: it can be stopped, and its steps are nobody's.
pub(crate) struct Quiet<'a>(pub(crate) &'a dyn Watch);

impl Watch for Quiet<'_> {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn simulated(&self, account_strategies: u64) {
        self.0.simulated(account_strategies);
    }
    fn end(&self) {}
    fn stopped(&self) -> bool {
        self.0.stopped()
    }
}
