//! Report: what a run found, for people and for programs.
//!
//! [`summary`] turns replications into means, intervals and comparisons; it is all that `summary.json` holds and all
//! that the page draws from. [`verdict`] says what it means. [`charts`] draws; [`page`] puts it together; [`files`]
//! says which files it consists of.

pub mod precision_summary;

pub mod summary;

pub mod comparison;

pub mod desk_summary;

pub mod desk_table;

pub mod rollout_summary;

pub mod rollout_table;

pub mod series;

pub mod sheet;

pub mod collapse;

pub mod unbroken;

pub(crate) mod figures;

mod agents;

pub mod standing;

mod headline;

pub mod glance;

pub mod verdict;

pub mod flips;

pub mod doubts;

pub mod beyond;

pub mod building;

pub mod contrast;

pub mod story;

pub mod hints;

pub mod sensitivity;

pub mod why;

pub mod told;

pub mod calibrate;

pub mod sweep;

#[cfg(feature = "charts")]
pub mod drawing;

#[cfg(feature = "charts")]
pub mod charts;

#[cfg(feature = "charts")]
pub mod page;

#[cfg(feature = "charts")]
pub mod files;
