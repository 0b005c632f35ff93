//! Integration tests, one file for each way in which the whole could fail.

#![allow(clippy::panic)] // a test says what is wrong by panicking

mod bounds;

mod stopped;

mod support;

mod rejects;

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

mod stores;

mod load;

mod records;

mod trees;

mod trees_verify;

mod proof;

mod imported;

mod charts;

mod cli;

mod documented;
