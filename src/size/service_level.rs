//! Service level: what the arrivals of an hour meet with.

use super::trial::Share;

/// What an hour's arrivals on a channel meet with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceShares {
    /// Share answered in time, of the offered.
    pub answered: Share,
    /// Share that gives up.
    pub abandoned: Share,
}
