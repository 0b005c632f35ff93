//! One arm: a strategy, or the control in which nothing is migrated.

use super::costs::{self, Line};
use super::desk::ChannelResults;
use super::{Course, Metric, Results};
use crate::engine::{ArmResult, Replication};
use crate::error::{Error, Result};
use crate::measure::counts::Series;
use crate::measure::statistics::{Estimate, estimate};
use crate::plan::Decision;
use crate::population::unit::EdgeCase;
use crate::scenario::Scenario;
use crate::strategy::{STAY, Strategy};
use crate::terms::{Channel, Each, Outcome, Skill, Vector};
use crate::text::one_of;

/// The results of one arm.
#[derive(Clone, Copy, Debug)]
pub struct Arm<'a> {
    of: &'a Results,
    place: usize,
}

/// A bill: every line in cents.
pub type Bill = Each<Line, Estimate>;

/// A step of a campaign by mail; accounts that reach it are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum FunnelStep {
    /// A campaign mail was sent.
    Notified,
    /// One was delivered.
    Delivered,
    /// One bounced.
    Bounced,
    /// One was opened by its owner.
    Opened,
    /// A link in one was clicked by its owner.
    Clicked,
    /// A link was found expired.
    Expired,
    /// The way of the campaign's link was followed to the end.
    Completed,
    /// A link that the owner asked for at a sign-in was followed to the end instead.
    CompletedOnRequest,
}

/// A value for each hour since the start; means over replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Hourly {
    /// By hour.
    pub values: Vec<f64>,
}

impl<'a> Arm<'a> {
    pub(super) fn new(of: &'a Results, place: usize) -> Self {
        Self { of, place }
    }

    /// Its name; that of the control is `stay`.
    pub fn name(&self) -> &'a str {
        self.strategy().map_or(STAY, |strategy| &strategy.name)
    }

    /// Its strategy; the control has none.
    pub fn strategy(&self) -> Option<&'a Strategy> {
        self.place.checked_sub(1).and_then(|place| self.scenario().strategies.get(place))
    }

    /// Whether it is the control, in which nothing is migrated.
    pub fn is_control(&self) -> bool {
        self.place == 0
    }

    /// Its place among the arms, the control first.
    pub fn place(&self) -> usize {
        self.place
    }

    /// Accounts that end in an outcome.
    pub fn outcome(&self, outcome: Outcome) -> Estimate {
        self.each(|arm| arm.counts.outcome(outcome))
    }

    /// Accounts of a segment that end in an outcome.
    ///
    /// # Errors
    ///
    /// If there is no segment of this name: those that there are are named.
    pub fn outcome_in_segment(&self, segment: &str, outcome: Outcome) -> Result<Estimate> {
        let segments = self.scenario().segments();
        let place = segments.iter().position(|known| known.name == segment).ok_or_else(|| {
            let known = one_of(segments.iter().map(|segment| segment.name.clone()));
            Error::Input(format!("there is no segment \"{segment}\" in this run: {known}"))
        })?;
        Ok(self.each(|arm| arm.counts.outcomes[place][outcome.index()]))
    }

    /// Accounts of an edge case that end in an outcome; an account may be in several.
    pub fn outcome_in_case(&self, case: EdgeCase, outcome: Outcome) -> Estimate {
        self.each(|arm| arm.counts.edge_cases[case as usize][outcome.index()])
    }

    /// A metric; money is in cents.
    pub fn metric(&self, metric: Metric) -> Estimate {
        estimate(&self.by_replication(metric))
    }

    /// Accounts that reached a step of the campaign.
    pub fn funnel(&self, step: FunnelStep) -> Estimate {
        self.each(|arm| arm.counts.funnel[step as usize])
    }

    /// Attacks tried.
    pub fn attacks(&self, vector: Vector) -> Estimate {
        self.each(|arm| arm.counts.attempts[vector as usize])
    }

    /// Attacks that worked, noticed or not.
    pub fn takeovers(&self, vector: Vector) -> Estimate {
        self.each(|arm| arm.counts.taken_over[vector as usize])
    }

    /// The bill, line by line.
    pub fn bill(&self) -> Bill {
        let bills: Vec<_> = self.results().map(|arm| costs::bill(self.scenario(), self.strategy(), arm)).collect();
        Each::new(|line: Line| {
            let cents: Vec<f64> = bills.iter().map(|bill| bill[line as usize] as f64).collect();
            estimate(&cents)
        })
    }

    /// What happens by the hour.
    pub fn series(&self, series: Series) -> Hourly {
        let counted: Vec<_> = self.results().map(|arm| &arm.counts.series[series as usize]).collect();
        self.hourly(|hour| counted.iter().map(|hours| u64::from(hours[hour])).sum())
    }

    /// What those who came on a channel met.
    pub fn desk(&self, channel: Channel) -> ChannelResults<'a> {
        ChannelResults::new(*self, channel)
    }

    /// Share of a team's time on duty in which its agents were busy.
    pub fn occupancy(&self, team: Skill) -> Estimate {
        let shares: Vec<f64> = self.results().map(|arm| arm.desk.teams[team as usize].occupancy()).collect();
        estimate(&shares)
    }

    /// What a rollout that reacts decided, by replication, in time order; nothing for all other rollouts.
    pub fn decisions(&self) -> impl Iterator<Item = &'a [Decision]> + use<'a> {
        self.results().map(|arm| arm.decisions.as_slice())
    }

    /// How a rollout that reacts went, by replication.
    pub fn courses(&self) -> impl Iterator<Item = Course> + use<'a> {
        let horizon = self.scenario().horizon();
        self.decisions().map(move |decisions| Course::new(decisions, horizon))
    }

    /// What was counted and measured, by replication.
    pub fn results(&self) -> impl Iterator<Item = &'a ArmResult> + use<'a> {
        let place = self.place;
        self.replications().iter().filter_map(move |replication| replication.arms.get(place))
    }

    pub(super) fn by_replication(&self, metric: Metric) -> Vec<f64> {
        self.results().map(|arm| metric.of(self.scenario(), self.strategy(), arm)).collect()
    }

    pub(super) fn replications(&self) -> &'a [Replication] {
        &self.of.replications
    }

    /// Means by the hour of sums over replications.
    pub(super) fn hourly(&self, sum: impl Fn(usize) -> u64) -> Hourly {
        let n = self.replications().len().max(1) as f64;
        Hourly {
            values: (0..self.scenario().hours()).map(|hour| sum(hour) as f64 / n).collect(),
        }
    }

    pub(super) fn scenario(&self) -> &'a Scenario {
        &self.of.scenario
    }

    fn each(&self, of: impl Fn(&ArmResult) -> u64) -> Estimate {
        estimate(&self.results().map(|arm| of(arm) as f64).collect::<Vec<_>>())
    }
}

impl Hourly {
    /// Over all hours.
    pub fn total(&self) -> f64 {
        self.values.iter().sum()
    }

    /// Sums by day.
    pub fn by_day(&self) -> Vec<f64> {
        self.values.chunks(24).map(|day| day.iter().sum()).collect()
    }
}
