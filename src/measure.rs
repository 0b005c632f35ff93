//! Measure: whole numbers that merge in any order to the same result.
//!
//! Journeys and the desk are listened to; what is heard is added up here. Counts, hourly series and histograms are
//! integers, so the sum over chunks, threads and machines is associative and commutative. Ratios, means and intervals
//! are formed once, at the end.

pub mod counts;

pub mod desk;

pub mod outcomes;

pub mod statistics;
