//! `summary.json`: what a run found, as means for a file. Deterministic: no clock, no host, no number of threads.
//!
//! It is a view of what the engine counted ([`results`](crate::results)): words of the field are words of the program here,
//! and become names only in the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::comparison::{self, ComparisonSummary};
use super::desk_summary::{self, DeskSummary};
use super::precision_summary::PrecisionSummary;
use super::rollout_summary::RolloutSummary;
use crate::engine::{ArmResult, Replication};
use crate::error::{Error, Result};
use crate::measure::counts::{OUTCOMES, Series, Total};
use crate::measure::statistics::quantile;
use crate::numbers::tidy;
use crate::population::unit::EdgeCase;
use crate::results::Metric;
use crate::results::costs::{self, BillCents, Line};
use crate::results::figure::{self, ByReplication};
use crate::results::metric::customers;
use crate::scenario::Scenario;
use crate::strategy::{STAY, Strategy};
use crate::terms::{Each, Outcome, Vector};

/// Version of the layout of `summary.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// What a run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this layout.
    pub schema_version: u32,
    /// The run that it is of: manifest, page and store say the same.
    #[serde(default)]
    pub run: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of the scenario in force.
    pub scenario_hash: String,
    /// Hash of what decides who the accounts are and what luck they have: runs of the same can be compared account by
    /// account.
    #[serde(default)]
    pub population_hash: String,
    /// Seed.
    pub seed: u32,
    /// Replications.
    pub replications: u32,
    /// How closely measures were to be known, and are, if that decided how many replications there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionSummary>,
    /// Accounts.
    pub accounts: u64,
    /// Days simulated.
    pub horizon_days: u64,
    /// Civil date and time of the start.
    pub start: String,
    /// The control arm `stay`, then the strategies of the scenario.
    pub strategies: Vec<StrategySummary>,
    /// Strategies against each other, account by account.
    pub comparisons: Vec<ComparisonSummary>,
}

/// Means by outcome.
pub type Outcomes = Each<Outcome, f64>;

/// What one strategy came to; means over replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategySummary {
    /// Name.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// Accounts by outcome; they sum to all accounts.
    pub outcomes: Outcomes,
    /// The same in the first replication, which is the one that the store holds.
    pub outcomes_stored: Outcomes,
    /// The same by segment.
    pub outcomes_by_segment: BTreeMap<String, Outcomes>,
    /// The same by edge case; an account may be in several.
    pub outcomes_by_edge_case: Each<EdgeCase, Outcomes>,
    /// Active customers by outcome, as accounts: those who show up between start and horizon whatever the strategy. They
    /// are as many under every strategy.
    #[serde(default)]
    pub outcomes_active: Outcomes,
    /// What is counted of all accounts at the horizon.
    #[serde(default)]
    pub totals: Each<Total, f64>,
    /// Intruders of the first day, and what has become of them.
    #[serde(default)]
    pub residents: Residents,
    /// Customers who left, in whole customers: accounts that share a contact point are one.
    #[serde(default)]
    pub customers_lost: f64,
    /// Every metric by replication: what runs are compared by.
    #[serde(default)]
    pub by_replication: ByReplication,
    /// Difference to the control arm.
    pub attributable: Attributable,
    /// Accounts that reached each step of the campaign.
    pub funnel: FunnelSummary,
    /// The desk.
    pub desk: DeskSummary,
    /// Attacks, and what is left of the legacy.
    pub security: Security,
    /// The bill, in cents.
    pub cost_cents: BillCents,
    /// Hours from the first day of the rollout to the link, over linked accounts.
    pub time_to_migrate_h: MigrateTime,
    /// What its rollout did, if it is one that reacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<RolloutSummary>,
}

/// Accounts in which somebody else was on the first day, by what has become of that intruder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Residents {
    /// Still inside, at the legacy platform.
    pub inside: f64,
    /// Still inside, and carried over to the target.
    pub carried_over: f64,
    /// Put out by what the migration did, without anybody knowing.
    pub put_out: f64,
    /// Noticed, and put out.
    pub noticed: f64,
}

/// What a strategy is charged with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attributable {
    /// Accounts whose owner left.
    pub churned: f64,
    /// Customers who left, in whole customers.
    #[serde(default)]
    pub customers_lost: f64,
    /// The whole bill, in cents.
    #[serde(default)]
    pub cost_cents: i64,
    /// Contacts.
    pub contacts: f64,
    /// Takeovers.
    pub taken_over: f64,
}

/// Steps of the campaign, in accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FunnelSummary {
    /// A campaign mail was sent.
    pub notified: f64,
    /// One was delivered.
    pub delivered: f64,
    /// One bounced.
    pub bounced: f64,
    /// One was opened by its owner.
    pub opened: f64,
    /// A link in one was clicked by its owner.
    pub clicked: f64,
    /// A link was found expired.
    pub expired: f64,
    /// The way of the campaign's link was followed to the end.
    pub completed: f64,
    /// A link that the owner asked for at a sign-in was followed to the end instead.
    pub completed_on_request: f64,
}

/// Attacks, and what is left of the legacy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Security {
    /// Attacks tried, by vector.
    pub attempts: Each<Vector, f64>,
    /// Attacks that worked, by vector, whether or not they were noticed later.
    pub taken_over: Each<Vector, f64>,
    /// Accounts bound to another person by mistake, at the horizon.
    pub misbound: f64,
    /// Legacy passwords accepted at the horizon.
    pub legacy_credentials_alive: f64,
    /// Legacy sessions alive at the horizon.
    pub legacy_sessions_alive: f64,
    /// Links made for the wrong person.
    pub false_links: f64,
}

/// Percentiles of the time to the link, in hours; 0 if nothing was linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MigrateTime {
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 99th percentile.
    pub p99: f64,
}

impl Summary {
    /// `summary.json`, as bytes.
    ///
    /// # Errors
    ///
    /// If a figure is not a number that JSON knows.
    pub fn json(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Store(format!("summary.json cannot be written: {error}")))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Sums up the replications of a scenario.
    pub fn new(scenario: &Scenario, replications: &[Replication]) -> Self {
        let mut strategies: Vec<StrategySummary> = scenario
            .arms()
            .enumerate()
            .map(|(arm, strategy)| {
                let results: Vec<_> = replications.iter().map(|replication| &replication.arms[arm]).collect();
                strategy_summary(scenario, strategy, &results)
            })
            .collect();
        let stay = strategies[0].clone();
        for strategy in &mut strategies {
            let total = |of: &StrategySummary| of.security.taken_over.sum();
            let churned = |of: &StrategySummary| of.outcomes[Outcome::Churned];
            strategy.attributable = Attributable {
                churned: tidy(churned(strategy) - churned(&stay)),
                customers_lost: tidy(strategy.customers_lost - stay.customers_lost),
                cost_cents: strategy.cost_cents.total() - stay.cost_cents.total(),
                contacts: tidy(strategy.desk.contacts - stay.desk.contacts),
                taken_over: tidy(total(strategy) - total(&stay)),
            };
        }
        Self {
            schema_version: SCHEMA_VERSION,
            run: scenario.run_id(),
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash(),
            population_hash: scenario.population_hash(),
            seed: scenario.seed,
            replications: replications.len() as u32,
            precision: None,
            accounts: replications.first().map_or(0, |r| r.arms[0].counts.accounts()),
            horizon_days: scenario.horizon_days.get(),
            start: scenario.calendar().iso(crate::calendar::SimTime::START),
            strategies,
            comparisons: comparison::compare(scenario, replications),
        }
    }

    /// The summary of a strategy.
    pub fn strategy(&self, name: &str) -> Option<&StrategySummary> {
        self.strategies.iter().find(|strategy| strategy.name == name)
    }

    /// The comparison of two strategies in one metric.
    pub fn comparison(&self, a: &str, b: &str, metric: Metric) -> Option<&ComparisonSummary> {
        self.comparisons.iter().find(|c| c.a == a && c.b == b && c.metric == metric)
    }
}

fn strategy_summary(scenario: &Scenario, strategy: Option<&Strategy>, results: &[&ArmResult]) -> StrategySummary {
    let mean = |of: &dyn Fn(&ArmResult) -> u64| {
        tidy(results.iter().map(|arm| of(arm)).sum::<u64>() as f64 / results.len() as f64)
    };
    let outcomes = |of: &dyn Fn(&ArmResult) -> [u64; OUTCOMES]| -> Outcomes {
        Each::new(|outcome: Outcome| mean(&|arm: &ArmResult| of(arm)[outcome.index()]))
    };
    let vectors = |of: &dyn Fn(&ArmResult, usize) -> u64| -> Each<Vector, f64> {
        Each::new(|vector: Vector| mean(&|arm: &ArmResult| of(arm, vector as usize)))
    };
    let resident = |fate: usize| mean(&|arm: &ArmResult| arm.counts.residents[fate]);
    let funnel = |step: usize| mean(&|arm: &ArmResult| arm.counts.funnel[step]);
    StrategySummary {
        name: strategy.map_or(STAY.to_owned(), |strategy| strategy.name.clone()),
        summary: strategy.map_or("Migrate nothing.".to_owned(), |strategy| strategy.summary.clone()),
        outcomes: outcomes(&|arm: &ArmResult| total(&arm.counts.outcomes)),
        outcomes_stored: Each::new(|outcome| results[0].counts.outcome(outcome) as f64),
        outcomes_by_segment: scenario
            .segments()
            .iter()
            .enumerate()
            .map(|(place, segment)| (segment.name.clone(), outcomes(&|arm: &ArmResult| arm.counts.outcomes[place])))
            .collect(),
        outcomes_by_edge_case: Each::new(|case: EdgeCase| {
            outcomes(&|arm: &ArmResult| arm.counts.edge_cases[case as usize])
        }),
        outcomes_active: outcomes(&|arm: &ArmResult| arm.counts.active),
        totals: Each::new(|total: Total| mean(&|arm: &ArmResult| arm.counts.total(total))),
        residents: Residents {
            inside: resident(0),
            carried_over: resident(1),
            put_out: resident(2),
            noticed: resident(3),
        },
        customers_lost: tidy(customers(results.iter().flat_map(|arm| &arm.counts.lost).sum()) / results.len() as f64),
        by_replication: figure::by_replication(scenario, strategy, results),
        attributable: Attributable::default(),
        funnel: FunnelSummary {
            notified: funnel(0),
            delivered: funnel(1),
            bounced: funnel(2),
            opened: funnel(3),
            clicked: funnel(4),
            expired: funnel(5),
            completed: funnel(6),
            completed_on_request: funnel(7),
        },
        desk: desk_summary::summarise(scenario, results),
        security: Security {
            attempts: vectors(&|arm: &ArmResult, vector| arm.counts.attempts[vector]),
            taken_over: vectors(&|arm: &ArmResult, vector| arm.counts.taken_over[vector]),
            misbound: mean(&|arm: &ArmResult| arm.counts.outcome(Outcome::Misbound)),
            legacy_credentials_alive: mean(&|arm: &ArmResult| arm.counts.credentials_alive),
            legacy_sessions_alive: mean(&|arm: &ArmResult| arm.counts.sessions.1),
            false_links: mean(&|arm: &ArmResult| arm.counts.false_links),
        },
        cost_cents: cost_cents(scenario, strategy, results),
        time_to_migrate_h: time_to_migrate(strategy, results),
        rollout: strategy
            .and_then(|strategy| strategy.rollout.reacts())
            .map(|_| RolloutSummary::new(scenario, results)),
    }
}

fn total(segments: &[[u64; OUTCOMES]]) -> [u64; OUTCOMES] {
    let mut sum = [0; OUTCOMES];
    segments.iter().for_each(|segment| sum.iter_mut().zip(segment).for_each(|(a, b)| *a += b));
    sum
}

fn cost_cents(scenario: &Scenario, strategy: Option<&Strategy>, results: &[&ArmResult]) -> BillCents {
    let means = costs::mean_bill(scenario, strategy, results);
    BillCents { lines: Each::new(|line: Line| means[line as usize]) }
}

fn time_to_migrate(strategy: Option<&Strategy>, results: &[&ArmResult]) -> MigrateTime {
    let first_hour = strategy.map_or(0.0, |strategy| strategy.first_day() * 24.0);
    let hours = results.first().map_or(0, |arm| arm.counts.series[Series::Linked as usize].len());
    let linked: Vec<u64> = (0..hours)
        .map(|hour| {
            let of = |arm: &&ArmResult| u64::from(arm.counts.series[Series::Linked as usize][hour]);
            results.iter().map(of).sum()
        })
        .collect();
    let at = |share: f64| quantile(&linked, share).map_or(0.0, |hour| tidy(hour as f64 + 0.5 - first_hour).max(0.0));
    MigrateTime { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}
