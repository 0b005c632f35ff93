//! What building costs: whether the same strategy is the cheapest one if all of it cost half or twice as much.
//!
//! Nobody publishes what a migration takes to build, so `[prices.setup]` is assumed from end to end. All of its keys are
//! halved, and doubled, and the bills made out anew: what customers did stays as it was.

use super::flips;
use super::verdict::Verdict;
use crate::engine::Replication;
use crate::results::costs;
use crate::scenario::Scenario;
use crate::scenario::prices::Prices;

/// The strategy with the smallest bill as setup prices are stated, and which others have it where they are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// The strategy with the smallest bill.
    pub best: String,
    /// The one that has it at half of the setup prices, if that is another.
    pub at_half: Option<String>,
    /// The one that has it at twice the setup prices, if that is another.
    pub at_twice: Option<String>,
}

impl Building {
    /// What is found if setup prices decide which strategy is the cheapest one. A strategy that cannot be told apart from
    /// it anyway is no other.
    pub fn decides(scenario: &Scenario, replications: &[Replication], verdict: &Verdict) -> Option<Self> {
        let (best, _) = verdict.pair.clone()?;
        let place = scenario.strategies.iter().position(|strategy| strategy.name == best)?;
        let other = |times_two: fn(u64) -> u64| {
            let bills = bills(scenario, replications, times_two);
            let cheapest = (0..bills.len()).min_by_key(|&place| bills[place])?;
            let name = &scenario.strategies[cheapest].name;
            (bills[cheapest] < bills[place] && !verdict.ties.contains(name)).then(|| name.clone())
        };
        let (at_half, at_twice) = (other(|cents| cents / 2), other(|cents| cents.saturating_mul(2)));
        (at_half.is_some() || at_twice.is_some()).then_some(Self { best, at_half, at_twice })
    }

    /// In a sentence or two.
    pub fn sentence(&self) -> String {
        format!(
            "{} Nobody publishes these prices (`prices.setup`): put in your own before you choose.",
            self.short()
        )
    }

    /// In one line.
    pub fn short(&self) -> String {
        let best = &self.best;
        match (&self.at_half, &self.at_twice) {
            (Some(half), Some(twice)) if half == twice => {
                format!("Setup prices decide: at half and at twice of them {half} is the cheapest, and not {best}.")
            }
            (Some(half), Some(twice)) => {
                format!(
                    "Setup prices decide: at half of them {half} is the cheapest, at twice {twice}, and not {best}."
                )
            }
            (Some(half), None) => {
                format!("Setup prices decide: at half of them {half} is the cheapest, and not {best}.")
            }
            (_, twice) => {
                let twice = twice.as_deref().unwrap_or_default();
                format!("Setup prices decide: at twice of them {twice} is the cheapest, and not {best}.")
            }
        }
    }
}

/// The mean bill of each strategy with all setup prices changed, as far as that is allowed.
fn bills(scenario: &Scenario, replications: &[Replication], change: fn(u64) -> u64) -> Vec<i64> {
    let mut scenario = scenario.clone();
    let setup: Vec<(String, u64)> =
        flips::keys(&scenario.prices).into_iter().filter(|(key, _)| key.starts_with("setup.")).collect();
    for (key, now) in setup {
        let changed: Option<Prices> = scenario.prices.with(&key, change(now));
        scenario.prices = changed.unwrap_or(scenario.prices);
    }
    let bill = |place: usize| {
        let arms: Vec<_> = replications.iter().filter_map(|replication| replication.arms.get(place + 1)).collect();
        costs::mean_bill(&scenario, scenario.strategies.get(place), &arms).iter().sum()
    };
    (0..scenario.strategies.len()).map(bill).collect()
}
