//! Measure: whole numbers that merge in any order to the same result.
//!
//! Journeys and the desk are listened to; what is heard is added up here. Counts, hourly series and histograms are
//! integers, so the sum over chunks, threads and machines is associative and commutative. Ratios, means and intervals
//! are formed once, at the end. Whoever wants to know more brings a [`Measure`].

pub mod counts;

pub mod desk;

pub mod outcomes;

pub mod statistics;

pub mod contrast;

pub mod precision;

use crate::journey::listener::Nobody;
use crate::journey::{Closing, Listener};
use crate::population::unit::Unit;

/// A measure of journeys: it hears what happens to every unit of accounts under one strategy, and parts of it merge.
///
/// Each unit is told once, from the start to the horizon: [`begin`](Self::begin), then its facts and operations in the
/// order of time, then [`close`](Self::close). Units come in their order within a part, and parts are merged in their
/// order, so a measure that cares about order gives the same for any number of threads.
pub trait Measure: Listener + Send {
    /// A unit of accounts is next.
    fn begin(&mut self, unit: &Unit) {
        let _ = unit;
    }

    /// The unit has reached the horizon; `closings` says what has become of each of its accounts.
    fn close(&mut self, unit: &Unit, closings: &[Closing]) {
        let _ = (unit, closings);
    }

    /// Adds what another part of the same measure has heard.
    fn merge(&mut self, other: Self);
}

impl Measure for Nobody {
    fn merge(&mut self, _: Self) {}
}
