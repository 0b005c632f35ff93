//! Closed forms: what queueing theory says about a desk with Poisson arrivals. The simulated desk is checked against
//! them, and the report uses them for a first idea of how many agents an hour needs.
//!
//! | question | answer |
//! |---|---|
//! | callers who find all lines busy are lost | [`erlang_b`] |
//! | they wait, for ever if need be | [`erlang_c`], [`erlang_c_within`], [`service_level`] |
//! | they wait, and some give up | [`erlang_a`], [`erlang_a_within`] |
//! | ... with a patience that is not exponential | [`general_patience`], [`general_patience_within`] |
//! | ... or a handle time that is not | [`general_handling`], [`general_handling_and_patience`] (approximations) |
//! | a rule of thumb for many agents | [`square_root_staffing`], [`halfin_whitt`], [`garnett`] |
//! | arrivals change within the day | [`offered_load()`], [`offered_load_general`] |
//! | how many agents a target needs | [`agents_for_the_patient`], [`agents_for_the_impatient`], [`agents_needed`] |
//!
//! Rates are per second and times in seconds. A negative number, or none (NaN), counts as 0; no input makes these
//! functions panic. Sources stand with each item.

mod loss;

mod delay;

mod quadrature;

mod offered_wait;

mod abandonment;

mod patience;

mod handling;

mod square_root;

mod offered_load;

mod stationary_excess;

mod needed;

pub use abandonment::{erlang_a, erlang_a_within};
pub use delay::{erlang_c, erlang_c_within, service_level};
pub use handling::{
    general_handling, general_handling_and_patience, general_handling_and_patience_within, general_handling_within,
};
pub use loss::erlang_b;
pub use needed::{Target, agents_for_the_impatient, agents_for_the_patient, agents_needed};
pub use offered_load::{Before, OfferedLoad, offered_load};
pub use patience::{general_patience, general_patience_within};
pub use square_root::{
    abandoned_of_delayed, garnett, garnett_beta, halfin_whitt, halfin_whitt_beta, square_root_staffing,
};
pub use stationary_excess::offered_load_general;

/// Stationary behaviour of a desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stationary {
    /// Probability that an arrival waits: all agents are busy when it comes.
    pub waits: f64,
    /// Probability that an arrival gives up.
    pub abandons: f64,
    /// Mean wait of all arrivals, those who give up included, in seconds.
    pub mean_wait_s: f64,
    /// Mean wait of those who are answered, in seconds (the "average speed of answer"); 0 if nobody is.
    pub mean_wait_answered_s: f64,
    /// Share of agents' time that is spent on contacts; 0 without agents.
    pub occupancy: f64,
}

impl Stationary {
    /// A desk that answers everybody at once.
    fn at_once(occupancy: f64) -> Self {
        Self {
            waits: 0.0,
            abandons: 0.0,
            mean_wait_s: 0.0,
            mean_wait_answered_s: 0.0,
            occupancy,
        }
    }

    /// A desk that answers nobody: all wait as long as they can bear.
    fn never(patience_s: f64) -> Self {
        Self {
            waits: 1.0,
            abandons: 1.0,
            mean_wait_s: patience_s,
            mean_wait_answered_s: 0.0,
            occupancy: 0.0,
        }
    }
}

/// What became of arrivals by a given time after they joined the queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Within {
    /// Share of all arrivals that an agent answered by then: the service level of the offered.
    pub answered: f64,
    /// Share of those who are ever answered that were answered by then; 0 if nobody ever is.
    pub of_answered: f64,
    /// Share of all arrivals that still wait then: neither answered nor gone.
    pub still_waits: f64,
}

/// A quantity that cannot be negative: anything else counts as 0.
fn amount(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

#[cfg(test)]
fn close(got: f64, expected: f64, relative: f64) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got} instead of {expected}");
}
