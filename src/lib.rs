//! `cutover` simulates a customer-identity (CIAM) migration before anybody forces a password reset on a million customers.
//!
//! A scenario file describes the customers, their behaviour, the help desk, the attackers, the prices and the strategies
//! to compare. Every account is driven through every strategy, on the same habits and the same luck; contacts queue at
//! one help desk; operations are applied to an identity store by one set of rules and checked; and a report says which
//! strategy is better, on what, by how much, and what would have to be true for the answer to flip.
//!
//! The modules stand in the order in which data flows:
//!
//! ```text
//! scenario ─► population ─► strategy ─► journey ─► engine ─┬─► desk (shared queue) ─► journey resumes
//!  (TOML)     (units of      (who gets   (what one  (chunks, │
//!              accounts)      what, when) unit does) merges) ├─► identity (operations applied and verified, on sled)
//!                                         ▲                 ├─► measure (counts, hourly series, histograms)
//!                                       threat              └─► report (summary.json, CSV, SVG/PNG, HTML)
//! ```
//!
//! What a command writes lies in a [`folder`] that is its own: locked, whole or not there, and nothing of others is touched.
//!
//! Beside the run stand [`size`], which asks the desk how many agents it needs; [`load`], which plays the operations of a
//! simulated migration against a real store; and [`validation`], which holds the desk against theory and against a call
//! centre that existed.
//!
//! To understand how one customer's reset link expires, read [`journey::reset_link`]. The mathematics is in
//! `docs/model.md`.
//!
//! The library does what the command line does:
//!
//! ```
//! use cutover::engine::{self, watch::Unwatched};
//! use cutover::report::summary::Summary;
//! use cutover::scenario::Loaded;
//!
//! let text = r#"
//!     strategies = ["reset-only", "lazy"]
//!     replications = 2
//!     horizon_days = 80
//!     population.accounts = 500
//! "#;
//! let loaded = Loaded::parse("example", text, &[], &[])?;
//! let replications = engine::run(&loaded.scenario, None, None, &Unwatched)?;
//! let summary = Summary::new(&loaded.scenario, &replications);
//! assert_eq!(summary.strategies.len(), 3, "the control arm and two strategies");
//! # Ok::<(), cutover::error::Error>(())
//! ```

// Whatever is printed goes through one place, which makes visible what cannot be seen.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

pub mod scenario;

pub mod population;

pub mod strategy;

pub mod journey;

pub mod threat;

pub mod engine;

pub mod desk;

pub mod identity;

pub mod measure;

pub mod report;

pub mod size;

pub mod load;

pub mod validation;

pub mod cli;

pub mod folder;

pub mod process;

pub mod input;

pub mod random;

pub mod calendar;

pub mod text;

pub mod error;
