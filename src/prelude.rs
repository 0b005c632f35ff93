//! Prelude: what a program needs that simulates a migration. `use cutover::prelude::*;`

pub use crate::calendar::{SimTime, Span};
pub use crate::error::Error;
pub use crate::journey::{Closing, Fact, Listener};
pub use crate::measure::Measure;
pub use crate::measure::counts::{Series, Total};
pub use crate::population::unit::{EdgeCase, Unit};
pub use crate::results::{
    Arm, Bill, Cause, ChannelResults, Comparison, Course, Decision, Deed, Difference, Estimate, FunnelStep, Hourly,
    Line, Metric, Reaction, Results, Waits,
};
pub use crate::run::{Run, RunResult};
pub use crate::scenario::Scenario;
pub use crate::scenario::desk::Desk;
pub use crate::scenario_file::{InvalidValue, Loaded, ScenarioBuilder, ScenarioError};
pub use crate::strategy::Strategy;
pub use crate::strategy::controls::{DeskCheck, Fallback, OnConflict, Sessions};
pub use crate::strategy::gate::{Afterwards, Gate, Response};
pub use crate::strategy::rollout::{Adaptive, BigBang, OnSignIn, Order, Rollout, Waves};
pub use crate::terms::operation::{Actor, Operation, Refusal};
pub use crate::terms::{Channel, Outcome, Reason, Signal, Skill, Vector};
pub use crate::values::Weekly;
pub use crate::watch::{Unwatched, Watch};
