//! Integration tests, one file for each way in which the whole could fail.
//!
//! Without features the engine, the desk and the results are tested. What needs charts, a store or the program says so
//! where its file is declared.

#![allow(clippy::panic)] // a test says what is wrong by panicking

mod support;

mod rejects;

mod doubts;

mod composition;

mod trouble;

mod conservation;

mod determinism;

mod theory;

mod precise;

mod desk;

mod overload;

mod sizing;

mod sizing_told;

mod validation;

mod strategies;

mod claims;

mod risk;

mod treatments;

mod odd;

mod adaptive;

mod invariants;

mod imported;

mod in_process;

mod flips;

#[cfg(feature = "cli")]
mod gate;

mod sensitivity;

mod why;

mod sweep;

mod layers;

mod extending;

mod features;

#[cfg(feature = "charts")]
mod charts;

#[cfg(feature = "charts")]
mod verdicts;

mod rivals;

#[cfg(feature = "charts")]
mod rollout_told;

#[cfg(feature = "store")]
mod records;

#[cfg(feature = "store")]
mod trees;

#[cfg(feature = "store")]
mod trees_verify;

#[cfg(feature = "store")]
mod proof;

#[cfg(feature = "cli")]
mod bounds;

#[cfg(feature = "cli")]
mod stopped;

#[cfg(feature = "cli")]
mod hostile;

#[cfg(feature = "cli")]
mod golden;

#[cfg(feature = "cli")]
mod crash;

#[cfg(feature = "cli")]
mod folder;

#[cfg(feature = "cli")]
mod killed;

#[cfg(feature = "cli")]
mod full_disk;

#[cfg(feature = "cli")]
mod stores;

#[cfg(feature = "cli")]
mod load;

#[cfg(all(feature = "cli", target_os = "linux"))]
mod power;

#[cfg(feature = "cli")]
mod damaged;

#[cfg(feature = "cli")]
mod cli;

#[cfg(feature = "cli")]
mod compared;

#[cfg(feature = "cli")]
mod contrasted;

#[cfg(feature = "cli")]
mod documented;

mod calibrate;

mod readme;

#[cfg(feature = "cli")]
mod plain;

mod inert;
