//! Judged: what became of a limit that a test had to keep.

use serde::{Deserialize, Serialize};

/// What became of a limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitResult {
    /// The backend that it was held against.
    pub backend: String,
    /// The limit as it was written.
    pub limit: String,
    /// The value found, in the unit of the limit.
    pub value: Option<f64>,
    /// That unit: `us`, `ms`, `s`, `/s`, or nothing for counts.
    pub unit: String,
    /// Whether the test fails by it.
    pub broken: bool,
    /// The same in a sentence.
    pub why: String,
}
