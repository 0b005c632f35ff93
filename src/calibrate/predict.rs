//! Whoever can say what would have been observed in a world: the simulator, or in tests something that is known exactly.

use crate::error::Result;

/// What was counted in a world, by observed number.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicted {
    /// The counts.
    pub counts: Vec<f64>,
    /// Simulated accounts that they are among.
    pub accounts: Vec<f64>,
}

/// Whoever can say what would have been observed in a world.
pub trait Predicts: Sync {
    /// Scores of a world: independent standard normal ones.
    fn dimensions(&self) -> usize;

    /// What is counted in worlds; each has luck of its own, numbered from `luck` on.
    ///
    /// # Errors
    ///
    /// If a world cannot be simulated, or if somebody stops it.
    fn worlds(&self, phase: &str, scores: &[Vec<f64>], luck: u32) -> Result<Vec<Predicted>>;
}
