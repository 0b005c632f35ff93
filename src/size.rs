//! Sizing the help desk: from agents required by the hour to shifts that people can work.

pub mod shifts;

pub mod charts;
