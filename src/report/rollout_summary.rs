//! What a rollout that reacts did, for `summary.json`.

use serde::{Deserialize, Serialize};

use crate::calendar::{HOUR_MS, SimTime};
use crate::engine::ArmResult;
use crate::numbers::tidy;
use crate::plan::{Cause, Decision, Deed};
use crate::results::{Course, Reaction};
use crate::scenario::Scenario;
use crate::terms::Signal;

/// What a rollout that reacts did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RolloutSummary {
    /// Replications in which waves were held back.
    pub replications_held: u32,
    /// Replications in which it stopped for good.
    pub replications_stopped: u32,
    /// Replications in which the migration was undone.
    pub replications_rolled_back: u32,
    /// Days for which waves were held back; mean over replications.
    pub days_held: f64,
    /// Waves that began, the canary counted; mean over replications.
    pub waves_begun: f64,
    /// What it decided, by replication, in time order.
    pub decisions: Vec<Vec<DecisionSummary>>,
}

/// Something a rollout did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionSummary {
    /// Civil date and time.
    pub at: String,
    /// Hours since the start.
    pub hours: f64,
    /// What.
    #[serde(flatten)]
    pub deed: DeedSummary,
    /// The gate that led to it: its place in the strategy, from 0. What was planned has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<usize>,
    /// What that gate looks at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Signal>,
    /// The value seen, if there was enough to judge by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<f64>,
}

/// What a rollout can do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum DeedSummary {
    /// A wave begins; 0 is the canary.
    Release {
        /// Its number.
        wave: u16,
    },
    /// No further wave begins for now.
    Hold,
    /// The hold is over.
    GoOn,
    /// Mails leave more slowly.
    Slow {
        /// The send queue takes so many times as long.
        slower_factor: f64,
    },
    /// Mails leave as planned again.
    Hasten,
    /// No further wave begins.
    Stop,
    /// The migration is undone.
    RollBack,
}

impl RolloutSummary {
    /// What the rollout of one arm did, by replication.
    pub fn new(scenario: &Scenario, results: &[&ArmResult]) -> Self {
        let courses: Vec<Course> = results.iter().map(|arm| Course::new(&arm.decisions, scenario.horizon())).collect();
        let count = |is: &dyn Fn(&Course) -> bool| courses.iter().filter(|course| is(course)).count() as u32;
        let mean = |of: &dyn Fn(&Course) -> f64| tidy(courses.iter().map(of).sum::<f64>() / courses.len() as f64);
        let told = |decision: &Decision| DecisionSummary::new(scenario, decision);
        Self {
            replications_held: count(&|course| course.days_held > 0.0),
            replications_stopped: count(&|course| course.reaction == Reaction::Stopped),
            replications_rolled_back: count(&|course| course.reaction == Reaction::RolledBack),
            days_held: mean(&|course| course.days_held),
            waves_begun: mean(&|course| course.waves_begun as f64),
            decisions: results.iter().map(|arm| arm.decisions.iter().map(told).collect()).collect(),
        }
    }

    /// What it did at most, by replication.
    pub fn reactions(&self) -> impl Iterator<Item = Reaction> {
        let most = |decisions: &Vec<DecisionSummary>| {
            let reactions = decisions.iter().map(|told| Reaction::of(told.decision().deed));
            reactions.max().unwrap_or_default()
        };
        self.decisions.iter().map(most)
    }
}

impl DecisionSummary {
    fn new(scenario: &Scenario, decision: &Decision) -> Self {
        Self {
            at: scenario.calendar().iso(decision.at),
            // To the millisecond, so that it reads back as the same moment.
            hours: decision.at.0 as f64 / HOUR_MS as f64,
            deed: match decision.deed {
                Deed::Release(wave) => DeedSummary::Release { wave },
                Deed::Hold => DeedSummary::Hold,
                Deed::GoOn => DeedSummary::GoOn,
                Deed::Slow(thousandths) => DeedSummary::Slow { slower_factor: f64::from(thousandths) / 1000.0 },
                Deed::Hasten => DeedSummary::Hasten,
                Deed::Stop => DeedSummary::Stop,
                Deed::RollBack => DeedSummary::RollBack,
            },
            gate: decision.cause.map(|cause| cause.gate),
            signal: decision.cause.map(|cause| cause.signal),
            seen: decision.cause.and_then(|cause| cause.seen).map(tidy),
        }
    }

    /// The decision, as the rollout took it.
    pub fn decision(&self) -> Decision {
        Decision {
            at: SimTime::from_hours(self.hours),
            deed: match self.deed {
                DeedSummary::Release { wave } => Deed::Release(wave),
                DeedSummary::Hold => Deed::Hold,
                DeedSummary::GoOn => Deed::GoOn,
                DeedSummary::Slow { slower_factor } => Deed::Slow((1000.0 * slower_factor).round() as u32),
                DeedSummary::Hasten => Deed::Hasten,
                DeedSummary::Stop => Deed::Stop,
                DeedSummary::RollBack => Deed::RollBack,
            },
            cause: self.gate.zip(self.signal).map(|(gate, signal)| Cause { gate, signal, seen: self.seen }),
        }
    }
}
