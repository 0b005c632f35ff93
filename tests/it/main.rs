//! Integration tests, one file for each way in which the whole could fail.

#![allow(clippy::panic)] // a test says what is wrong by panicking

mod bounds;

mod stopped;

mod support;

mod rejects;

mod hostile;

mod doubts;

mod composition;

mod conservation;

mod determinism;

mod theory;

mod desk;

mod overload;

mod sizing;

mod sizing_told;

mod validation;

mod strategies;

mod golden;

mod crash;

mod folder;

mod killed;

mod full_disk;

mod stores;

mod load;

mod records;

mod trees;

mod trees_verify;

mod proof;

#[cfg(target_os = "linux")]
mod power;

mod damaged;

mod imported;

mod charts;

mod flips;

mod cli;

mod documented;

mod plain;

mod inert;
