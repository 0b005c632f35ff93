//! Who watches a run: a progress bar, a signal handler, or nobody.

/// Someone who watches a run and may stop it. Watching never changes a result.
pub trait Watch: Sync {
    /// A phase begins that consists of so many steps.
    fn begin(&self, phase: &str, steps: u64);
    /// Steps are done.
    fn advance(&self, steps: u64);
    /// The phases are done.
    fn end(&self);
    /// Whether the run should stop as soon as it can.
    fn stopped(&self) -> bool;
}

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
