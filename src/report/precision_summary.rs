//! Precision in result files and in words: what was asked, what was reached, and with how many replications.

use serde::{Deserialize, Serialize};

use crate::engine::Replication;
use crate::numbers::tidy;
use crate::results::Metric;
use crate::results::precision::{Follower, Precision};
use crate::scenario::Scenario;
use crate::strategy::STAY;

/// What was asked and what was reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionSummary {
    /// Half widths of 95 % intervals as they were asked for.
    pub asked: Vec<String>,
    /// Whether all of them were reached.
    pub reached: bool,
    /// Replications before the first look.
    pub fewest: u32,
    /// Replications that were allowed.
    pub most: u32,
    /// Replications that it took.
    pub replications: u32,
    /// What is known of each measure, strategy and difference. Its interval is the mean ± what was asked for.
    pub known: Vec<KnownSummary>,
}

/// What is known of one measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownSummary {
    /// The measure.
    pub metric: Metric,
    /// The strategy.
    pub strategy: String,
    /// What it is held against, if this is a difference: pair by pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less: Option<String>,
    /// Mean over replications.
    pub mean: f64,
    /// The half width that was asked for.
    pub asked_half_width: f64,
    /// The half width that was reached, with what the stopping rule adds to the variance.
    pub half_width: f64,
    /// Whether it is known closely enough.
    pub reached: bool,
}

impl PrecisionSummary {
    /// What these replications came to.
    pub fn new(scenario: &Scenario, replications: &[Replication], precision: &Precision) -> Self {
        let mut follower = Follower::new(scenario, precision);
        replications.iter().for_each(|replication| follower.add(replication));
        let names: Vec<&str> = scenario.arms().map(|arm| arm.map_or(STAY, |strategy| &strategy.name)).collect();
        let known = follower.known().into_iter().map(|known| KnownSummary {
            metric: known.metric,
            strategy: names[known.arm].to_owned(),
            less: known.less.map(|arm| names[arm].to_owned()),
            mean: tidy(known.look.mean),
            asked_half_width: tidy(known.wanted),
            half_width: tidy(known.look.half_width),
            reached: known.look.is_enough,
        });
        Self {
            asked: precision.wanted().iter().map(ToString::to_string).collect(),
            reached: follower.is_enough(),
            fewest: precision.fewest(scenario.replications.get() as u32),
            most: precision.most(),
            replications: replications.len() as u32,
            known: known.collect(),
        }
    }

    /// What was reached, in a sentence or two.
    pub fn sentence(&self) -> String {
        let asked = self.asked.join(", ");
        if self.reached {
            return format!(
                "Precision: after {} replications {asked} is reached under every strategy and for every difference to the \
                 strategy with the lowest bill.",
                self.replications
            );
        }
        // What lacks most, as a share of what was asked.
        let lacks = |known: &&KnownSummary| known.half_width / known.asked_half_width.max(f64::MIN_POSITIVE);
        let worst = self.known.iter().filter(|known| !known.reached).max_by(|a, b| lacks(a).total_cmp(&lacks(b)));
        let worst = worst.map_or(String::new(), |known| {
            let of = match &known.less {
                Some(less) => format!("{} less {less}", known.strategy),
                None => known.strategy.clone(),
            };
            let show = |value: f64| known.metric.show(value);
            if known.half_width > known.asked_half_width {
                format!(
                    " Farthest off is {}: {} is known within ± {} instead of ± {}.",
                    of,
                    known.metric.word(),
                    show(known.half_width),
                    show(known.asked_half_width)
                )
            } else {
                format!(" Under {of} {} is too skewed for its interval to be trusted yet.", known.metric.word())
            }
        });
        format!(
            "Precision not reached: {asked} was asked for, and {} replications, the most that were allowed, do not suffice.{worst}",
            self.replications
        )
    }
}
