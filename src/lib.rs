//! `cutover` simulates a customer-identity (CIAM) migration before anybody forces a password reset on a million customers.
//!
//! ```
//! use cutover::prelude::*;
//!
//! let scenario = Scenario::builder("retail")
//!     .accounts(2_000)
//!     .horizon_days(180)
//!     .desk(Desk::new().tier1(Weekly::office_hours(40)))
//!     .strategy(Strategy::preset("reset-only")?)
//!     .strategy(Strategy::preset("reset-only")?.named("patient").link_lifetime_h(72.0))
//!     .build()?; // the same checks as a file, as values
//! let run = Run::new(&scenario).replications(3).execute()?; // no disk, no terminal
//! for arm in run.arms() {
//!     let waits = arm.desk(Channel::Phone).wait();
//!     println!("{}: {} lost, p99 {}", arm.name(), arm.outcome(Outcome::Churned), waits.p99());
//! }
//! println!("{}", run.compare("patient", "reset-only")?.metric(Metric::Cost));
//! # Ok::<(), Error>(())
//! ```
//!
//! [`prelude`] has what such a program needs: [`Scenario::builder`](scenario::Scenario::builder) and presets that are
//! values, [`Run`](run::Run), and typed [`results`]. `examples/` has more of them; the command line is one caller among
//! others.
//!
//! A scenario describes the customers, their behaviour, the help desk, the attackers, the prices and the strategies
//! to compare. Every account is driven through every strategy, on the same habits and the same luck; contacts queue at
//! one help desk; operations are applied to an identity store by one set of rules and checked; and a report says which
//! strategy is better, on what, by how much, and what would have to be true for the answer to flip.
//!
//! The modules stand on floors, in the order of this page: a module imports only what stands before it, and a test of
//! the repository holds them to that.
//!
//! ```text
//! text, listed, numbers, error, input, process,
//!   calendar, random, watch, folder              what every program needs
//! terms, values, strategy, scenario              the words, and what a scenario says
//! population ─► desk                             who there is; the queue that all share
//! scenario_file ─► uncertain                     a scenario read, checked, explained; how far its values may be off
//! plan ─► journey (with the attackers)           who gets what, when; what one unit lives through
//! measure, identity                              what is counted; operations applied, verified, stored
//! engine                                         the only place where all phases meet; rollouts that react
//! results ─► probe ─► sensitivity                what was found, as typed values; of a smaller population; in many worlds
//! why, sweep, calibrate                          which part makes the difference; the best values; what a pilot taught
//! report, run, size, load, validation            what people ask of it
//! gate                                           rules over what all of these wrote
//! cli, prelude
//! ```
//!
//! What a command writes lies in a folder that is its own: locked, whole or not there, and nothing of others is touched.
//!
//! Beside the run stand [`size`], which asks the desk how many agents it needs; [`load`], which plays the operations of a
//! simulated migration against a real store; [`mod@calibrate`], which learns from what a pilot showed; [`validation`],
//! which holds the desk against theory and against a call centre that existed; and [`gate`](mod@gate), which judges by
//! stated rules what any of them wrote.
//!
//! Features, of which the first three are on by default: `store` keeps runs in sled and makes load tests, `charts` draws
//! charts and pages, `cli` is the command line and brings both; `redb` and `fjall` add stores to load tests. Without
//! features the engine, the desk and all results remain, with half as many crates to build.
//!
//! To understand how one customer's reset link expires, read [`journey::reset_link`]. The mathematics is in
//! `docs/model.md`.

// Whatever is printed goes through one place, which makes visible what cannot be seen.
#![cfg_attr(not(test), warn(clippy::print_stdout, clippy::print_stderr))]

#[doc(hidden)]
pub mod text;

pub(crate) mod listed;

#[doc(hidden)]
pub mod numbers;

pub mod error;

pub(crate) mod input;

#[doc(hidden)]
pub mod process;

pub mod calendar;

pub mod random;

pub mod watch;

#[doc(hidden)]
pub mod folder;

pub mod terms;

pub mod values;

pub mod strategy;

pub mod scenario;

pub mod population;

pub mod desk;

pub mod scenario_file;

pub mod uncertain;

pub(crate) mod plan;

pub mod journey;

pub mod measure;

pub mod identity;

pub mod engine;

pub mod results;

pub mod probe;

pub mod sensitivity;

pub mod why;

pub mod calibrate;

pub mod sweep;

pub mod report;

pub mod run;

pub mod size;

#[cfg(feature = "store")]
pub mod load;

pub mod validation;

pub mod gate;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;

pub mod prelude;
