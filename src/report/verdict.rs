//! The verdict: which strategy is better, on what, by how much, and what would have to be true for the answer to flip.

use super::collapse;
use super::flips;
use super::series::HourlySeries;
use super::summary::{StrategySummary, Summary};
use crate::engine::Replication;
use crate::numbers::{grouped, money};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::strategy::STAY;
use crate::terms::{Channel, Outcome};

/// What the run says.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// One sentence.
    pub headline: String,
    /// The strategy with the smallest bill, and the first other one of the scenario; `None` with fewer than two.
    pub pair: Option<(String, String)>,
    /// Every metric for every strategy.
    pub rows: Vec<MetricRow>,
    /// Agents that the calls of the busiest hour need, by strategy.
    pub agents: Vec<AgentsNeeded>,
    /// Strategies and channels for which the desk collapses: when, for how long, and what it cost those who came.
    pub collapses: Vec<String>,
    /// What would have to be true for the answer to flip.
    pub flips: Vec<String>,
}

/// One metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRow {
    /// The metric.
    pub metric: Metric,
    /// Its value under each strategy, the control arm first.
    pub values: Vec<String>,
    /// The favoured strategy against the other: the paired difference with its interval.
    pub difference: String,
    /// How the favoured strategy fares.
    pub judgement: Judgement,
}

/// How the favoured strategy fares in a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Better, and the interval leaves no doubt about the sign.
    Better,
    /// Worse, and the interval leaves no doubt about the sign.
    Worse,
    /// No difference that the replications could tell from luck.
    Unclear,
}

impl Judgement {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Unclear => "no clear difference",
        }
    }
}

/// Agents that the busiest hour of a strategy needs for its calls.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentsNeeded {
    /// The strategy.
    pub strategy: String,
    /// When the busiest hour begins.
    pub hour: String,
    /// Calls in it.
    pub calls: f64,
    /// Agents on duty then who take calls.
    pub on_duty: f64,
    /// Agents that would keep the target for calls (`desk.target`), as theory has it.
    pub needed: u32,
}

impl Verdict {
    /// Reads the verdict out of a summary, the hours, and the replications that they come from.
    pub fn new(scenario: &Scenario, summary: &Summary, series: &[HourlySeries], replications: &[Replication]) -> Self {
        let pair = favoured(summary);
        let difference = |metric: Metric| pair.as_ref().and_then(|(a, b)| paired(summary, a, b, metric));
        let rows = Metric::ALL.iter().map(|&metric| row(summary, metric, difference(metric))).collect();
        let agents: Vec<AgentsNeeded> = series.iter().map(|arm| agents_needed(scenario, arm)).collect();
        Self {
            headline: headline(summary, pair.as_ref(), &agents),
            flips: pair.as_ref().map_or(Vec::new(), |(a, b)| flips::sentences(scenario, replications, a, b)),
            pair,
            rows,
            agents,
            collapses: series
                .iter()
                .flat_map(|arm| collapse::sentences(scenario, &arm.strategy, &arm.collapses))
                .collect(),
        }
    }
}

/// The strategy with the smallest bill, and the first other one.
pub(super) fn favoured(summary: &Summary) -> Option<(String, String)> {
    let strategies: Vec<_> = summary.strategies.iter().filter(|s| s.name != STAY).collect();
    let best = strategies.iter().min_by_key(|s| s.cost_cents.total())?;
    let other = strategies.iter().find(|s| s.name != best.name)?;
    Some((best.name.clone(), other.name.clone()))
}

/// Paired difference `a` minus `b`, whichever way round it was computed.
fn paired(summary: &Summary, a: &str, b: &str, metric: Metric) -> Option<(f64, Option<[f64; 2]>)> {
    if let Some(found) = summary.comparison(a, b, metric) {
        return Some((found.mean_difference, found.ci95));
    }
    let found = summary.comparison(b, a, metric)?;
    Some((-found.mean_difference, found.ci95.map(|[low, high]| [-high, -low])))
}

fn row(summary: &Summary, metric: Metric, difference: Option<(f64, Option<[f64; 2]>)>) -> MetricRow {
    let values = summary.strategies.iter().map(|strategy| metric.show(value(strategy, metric))).collect();
    // Without an interval nothing is known about luck.
    let judgement = match difference.and_then(|(_, ci)| ci) {
        Some([low, high]) if low > 0.0 || high < 0.0 => {
            if (low > 0.0) == metric.more_is_better() {
                Judgement::Better
            } else {
                Judgement::Worse
            }
        }
        _ => Judgement::Unclear,
    };
    let difference = difference.map_or(String::new(), |(mean, ci)| {
        let sign = |value: f64| metric.show_difference(value);
        match ci {
            Some([low, high]) => format!("{} [{} to {}]", sign(mean), sign(low), sign(high)),
            None => sign(mean),
        }
    });
    MetricRow { metric, values, difference, judgement }
}

/// The mean of a metric under one strategy.
fn value(strategy: &StrategySummary, metric: Metric) -> f64 {
    let outcome = |outcome: Outcome| strategy.outcomes[outcome];
    match metric {
        Metric::Migrated => outcome(Outcome::Migrated) + outcome(Outcome::MigratedByDesk),
        Metric::Churned => outcome(Outcome::Churned),
        Metric::Duplicate => outcome(Outcome::Duplicate),
        Metric::Blocked => outcome(Outcome::Blocked),
        Metric::Misbound => outcome(Outcome::Misbound),
        Metric::TakenOver => strategy.security.taken_over.sum(),
        Metric::Contacts => strategy.desk.contacts,
        Metric::PeakCalls => strategy.desk.calls.peak_hour.offered,
        Metric::Cost => strategy.cost_cents.total() as f64,
    }
}

fn agents_needed(scenario: &Scenario, arm: &HourlySeries) -> AgentsNeeded {
    let calls = &arm.channels[Channel::Phone as usize].offered;
    let peak = (0..calls.len()).rev().max_by(|&a, &b| calls[a].total_cmp(&calls[b])).unwrap_or(0);
    AgentsNeeded {
        strategy: arm.strategy.clone(),
        hour: scenario.calendar().reads(crate::calendar::SimTime::from_hours(peak as f64)),
        calls: calls.get(peak).copied().unwrap_or(0.0),
        on_duty: arm.takers.get(peak).copied().unwrap_or(0.0),
        needed: arm.agents_required(scenario, peak..peak + 1).first().copied().unwrap_or(0),
    }
}

fn headline(summary: &Summary, pair: Option<&(String, String)>, agents: &[AgentsNeeded]) -> String {
    let Some((better, other)) = pair else {
        return match summary.strategies.iter().find(|strategy| strategy.name != STAY) {
            Some(only) => format!(
                "{}: {} of {} accounts migrated, {} customers lost beyond those who leave anyway.",
                only.name,
                grouped(value(only, Metric::Migrated)),
                grouped(summary.accounts as f64),
                grouped(only.attributable.churned)
            ),
            None => "No strategy was run: this is the control arm and the desk alone.".to_owned(),
        };
    };
    let difference = |metric: Metric| paired(summary, better, other, metric).map_or(0.0, |(mean, _)| mean);
    let interval = paired(summary, better, other, Metric::Cost).and_then(|(_, ci)| ci);
    let clear = interval.is_some_and(|[_, high]| high < 0.0);
    let cost = -difference(Metric::Cost);
    let needed = |name: &str| agents.iter().find(|a| a.strategy == *name).map_or(0, |a| a.needed);
    let (ours, theirs) = (needed(better), needed(other));
    let agents_of = |n| {
        if n == 1 {
            "1 agent".to_owned()
        } else {
            format!("{n} agents")
        }
    };
    let staff = match theirs.cmp(&ours) {
        std::cmp::Ordering::Greater => {
            format!("needs {} fewer in its busiest hour ({ours} instead of {theirs})", agents_of(theirs - ours))
        }
        std::cmp::Ordering::Equal => format!("needs as many agents in its busiest hour ({ours})"),
        std::cmp::Ordering::Less => {
            format!("needs {} more in its busiest hour ({ours} instead of {theirs})", agents_of(ours - theirs))
        }
    };
    let lost = difference(Metric::Churned);
    let lost = if lost <= 0.0 {
        format!("keeps {} more customers", grouped(-lost))
    } else {
        format!("loses {} more customers", grouped(lost))
    };
    let taken = difference(Metric::TakenOver);
    let taken = match grouped(taken).as_str() {
        "0" => "sees as many account takeovers".to_owned(),
        _ if taken < 0.0 => format!("sees {} fewer account takeovers", grouped(-taken)),
        _ => format!("sees {} more account takeovers", grouped(taken)),
    };
    let doubt = if clear {
        ""
    } else {
        " The cost difference is within what luck could explain."
    };
    format!("{better} costs {} less than {other}, {lost}, {taken} and {staff}.{doubt}", money(cost))
}
