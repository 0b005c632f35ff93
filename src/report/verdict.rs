//! The verdict: which strategy is better, on what, by how much, and what would have to be true for the answer to flip.

use super::agents::agents_needed;
use super::collapse;
use super::figures::{Paired, can_sign_in_share, paired, ranged, value};
use super::flips;
use super::headline;
use super::series::HourlySeries;
use super::summary::{StrategySummary, Summary};
use crate::engine::Replication;
use crate::numbers::percent;
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::strategy::STAY;

pub use super::agents::AgentsNeeded;

/// What the run says.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// One sentence: the best strategy against the best alternative.
    pub headline: String,
    /// What stands below it: the best strategy against the baseline of the scenario, and against leaving everything as it
    /// is.
    pub beside: Vec<String>,
    /// The strategy with the smallest bill, and the one with the next: the best alternative; `None` with fewer than two.
    pub pair: Option<(String, String)>,
    /// Strategies whose bill cannot be told apart from the smallest one at 95 %, the nearest first.
    pub ties: Vec<String>,
    /// What the best strategy is also held against, where that is neither itself nor the best alternative: the baseline of
    /// the scenario, and for a strategy that stands alone the control arm.
    pub baseline: Option<String>,
    /// Every metric for every strategy.
    pub rows: Vec<MetricRow>,
    /// Agents that the calls of the busiest hour need, by strategy.
    pub agents: Vec<AgentsNeeded>,
    /// Strategies under which the desk collapses: a line for each, with what is worst.
    pub collapsed: Vec<String>,
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
    /// The best strategy against the best alternative: the paired difference with its interval.
    pub difference: String,
    /// How the best strategy fares.
    pub judgement: Judgement,
    /// The same against the baseline, if there is one.
    pub to_baseline: Option<(String, Judgement)>,
}

/// How the best strategy fares in a metric.
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

impl Verdict {
    /// Reads the verdict out of a summary, the hours, and the replications that they come from.
    pub fn new(scenario: &Scenario, summary: &Summary, series: &[HourlySeries], replications: &[Replication]) -> Self {
        let order = by_cost(summary);
        let pair = favoured(summary);
        let ties = ties(summary, &order);
        let baseline = order.first().and_then(|best| {
            let baseline = if order.len() > 1 { scenario.baseline() } else { STAY };
            let is_new = baseline != *best && order.get(1).is_none_or(|alternative| baseline != *alternative);
            is_new.then(|| baseline.to_owned())
        });
        let against = |other: Option<&str>, metric| paired(summary, order.first()?, other?, metric);
        let alternative = pair.as_ref().map(|(_, alternative)| alternative.as_str());
        let rows = Metric::ALL.iter().map(|&metric| {
            let to_baseline = against(baseline.as_deref(), metric);
            row(summary, metric, against(alternative, metric), to_baseline)
        });
        let agents: Vec<AgentsNeeded> = series.iter().map(|arm| agents_needed(scenario, arm)).collect();
        let said = headline::Said { summary, order: &order, ties: &ties };
        Self {
            headline: said.headline(),
            beside: said.beside(scenario, baseline.as_deref()),
            flips: pair.as_ref().map_or(Vec::new(), |(a, b)| {
                // What may well be so already is no condition.
                if ties.contains(&b.as_str()) {
                    let told = "cannot be told apart as prices are: luck alone may put them in the other order";
                    return vec![format!("The bills of {a} and {b} {told}.")];
                }
                flips::sentences(scenario, replications, a, b)
            }),
            ties: ties.iter().map(|name| (*name).to_owned()).collect(),
            rows: rows.collect(),
            collapsed: series
                .iter()
                .filter_map(|arm| collapse::line(scenario, &arm.strategy, &arm.collapses))
                .collect(),
            collapses: series
                .iter()
                .flat_map(|arm| collapse::sentences(scenario, &arm.strategy, &arm.collapses))
                .collect(),
            pair,
            baseline,
            agents,
        }
    }
}

/// The strategies from the smallest bill to the largest; of equals, as the scenario has them.
fn by_cost(summary: &Summary) -> Vec<&str> {
    let mut strategies: Vec<_> = summary.strategies.iter().filter(|strategy| strategy.name != STAY).collect();
    strategies.sort_by_key(|strategy| strategy.cost_cents.total());
    strategies.into_iter().map(|strategy| strategy.name.as_str()).collect()
}

/// Those whose bill cannot be told apart from that of the first.
fn ties<'a>(summary: &Summary, order: &[&'a str]) -> Vec<&'a str> {
    let Some((best, others)) = order.split_first() else {
        return Vec::new();
    };
    let is_tied = |other: &str| {
        let found = paired(summary, best, other, Metric::Cost);
        // Without an interval nothing is known about luck.
        found.and_then(|(_, ci)| ci).is_some_and(|[low, high]| low <= 0.0 && high >= 0.0)
    };
    others.iter().copied().filter(|other| is_tied(other)).collect()
}

/// The strategy with the smallest bill, and the best alternative.
pub(super) fn favoured(summary: &Summary) -> Option<(String, String)> {
    match by_cost(summary)[..] {
        [best, alternative, ..] => Some((best.to_owned(), alternative.to_owned())),
        _ => None,
    }
}

fn row(summary: &Summary, metric: Metric, difference: Option<Paired>, to_baseline: Option<Paired>) -> MetricRow {
    MetricRow {
        metric,
        values: summary.strategies.iter().map(|strategy| told(strategy, metric)).collect(),
        judgement: judged(metric, difference),
        difference: difference.map_or(String::new(), |difference| with_interval(metric, difference)),
        to_baseline: to_baseline
            .map(|difference| (with_interval(metric, difference), judged(metric, Some(difference)))),
    }
}

fn judged(metric: Metric, difference: Option<Paired>) -> Judgement {
    // Without an interval nothing is known about luck.
    match difference.and_then(|(_, ci)| ci) {
        Some([low, high]) if low > 0.0 || high < 0.0 => {
            if (low > 0.0) == metric.more_is_better() {
                Judgement::Better
            } else {
                Judgement::Worse
            }
        }
        _ => Judgement::Unclear,
    }
}

fn with_interval(metric: Metric, (mean, ci): Paired) -> String {
    let sign = |value: f64| metric.show_difference(value);
    match ci {
        Some([low, high]) => format!("{} [{} to {}]", sign(mean), sign(low), sign(high)),
        None => sign(mean),
    }
}

/// A metric under one strategy, as a table has it.
fn told(strategy: &StrategySummary, metric: Metric) -> String {
    let shown = metric.show(value(strategy, metric));
    match metric {
        Metric::CanSignIn => match can_sign_in_share(strategy) {
            Some(share) => format!("{shown} ({})", percent(share)),
            None => shown,
        },
        Metric::PeakCalls => {
            let peak = &strategy.desk.calls.peak_hour;
            ranged(shown, [peak.busiest_least, peak.busiest_most])
        }
        _ => shown,
    }
}
