//! Size: how many agents, in which hours, hold the service target through the migration, and what that costs.
//!
//! The [`study`] goes from a scenario to the agents that each strategy needs; `shifts` covers them with shifts at
//! least cost; `curve` says what other service levels would cost; `plan` is what is written.

pub mod target;

pub mod teams;

pub mod service_level;

pub mod verdict;

pub mod judged;

pub mod demand;

pub mod theory;

pub mod sample;

pub mod trial;

pub mod refine;

pub mod proof;

pub mod prune;

pub mod mend;

pub mod study;

pub mod shifts;

pub mod wages;

pub mod curve;

pub mod plan;

pub mod output;

#[cfg(feature = "charts")]
pub mod charts;

#[cfg(feature = "charts")]
pub mod page;

#[cfg(feature = "charts")]
pub mod files;
