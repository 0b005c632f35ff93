//! Why: the difference between two strategies taken apart by what they differ in.
//!
//! Two strategies differ in parts ([`parts`]): when accounts are moved, when the legacy platform ends, single rules of the
//! policy ([`align`]), groups of controls ([`controls`]), points of the risk score. Any of them can be taken over from one
//! strategy into the other, which makes combinations between the two (`plan`). They are simulated with the same customers
//! and the same luck ([`study()`]). What a part adds depends on the parts that were taken over before it; its Shapley value
//! ([`shapley`]) is the mean over all orders. So the parts sum to the whole, whatever they do to each other.

pub mod align;

pub mod controls;

pub mod shapley;

pub mod whole;

mod words;

pub mod parts;

mod plan;

mod found;

pub mod study;

pub use found::{Contribution, Joined, Measured, OfKind, PartFound, Together, Why};
pub use parts::{Grain, Kind};
pub use study::{Settings, study, within};
