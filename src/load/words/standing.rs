//! Standing: whether a store holds a rate.

use crate::load::report::BackendReport;

/// Share of the requests asked for that a store must acknowledge in time to hold a rate.
const HELD_SHARE: f64 = 0.99;

/// How a store stands to the rate that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The harness was too slow to tell.
    Unknown,
    /// It answers as many requests as are due.
    Holds,
    /// It does, and only just: requests were held back until writes were on disk.
    HoldsByFlushing,
    /// It does not, because of what flushing allows.
    LimitedByFlushing,
    /// It does not.
    Fails,
    /// There was no rate to hold.
    Closed,
}

impl Standing {
    /// That of a backend.
    pub fn of(run: &BackendReport) -> Self {
        let is_held_back = run.held_back_s > 0.0;
        let Some(asked) = run.asked_per_s else {
            return Self::Closed;
        };
        let holds = run.achieved_per_s >= HELD_SHARE * asked
            && run.unanswered == 0
            && run.failed == 0
            && run.silent_from_s.is_none();
        match (run.generator_limited, holds, is_held_back) {
            (true, ..) => Self::Unknown,
            (_, true, false) => Self::Holds,
            (_, true, true) => Self::HoldsByFlushing,
            (_, false, true) => Self::LimitedByFlushing,
            (_, false, false) => Self::Fails,
        }
    }
}
