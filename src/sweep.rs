//! Sweep: what a strategy comes to when values are varied, and which values of its own are the best.
//!
//! Values are varied along axes ([`vary`]): lists, ranges, or Sobol' points over several ranges ([`plan`]). Every point is
//! simulated with the same luck ([`lab`]), so that differences between points are theirs. What is read off them: every
//! figure with its interval, and which pairs of point and strategy are outdone in cost, customers lost and takeovers by
//! another one ([`front`]).
//!
//! The best values of a strategy are searched for with some luck and confirmed with other luck ([`best`]).

pub mod axis;

pub mod best;

pub mod figure;

pub mod front;

pub mod goal;

mod grid;

pub mod lab;

pub mod plan;

pub mod search;

mod size;

pub mod usual;

mod found;

pub mod vary;

pub use found::{ArmFound, AxisFound, PointFound, Refused, SettingFound, Sweep};
pub use grid::{Settings, sweep};
