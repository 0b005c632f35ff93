//! How sure: in how many worlds each strategy is the best one, and what it costs to have chosen another.

use serde::Serialize;

use super::interval::{Interval, quantile};
use super::pair::Pair;
use crate::probe::Figures;
use crate::results::Metric;

/// How often each strategy is the best one in a metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BestIn {
    /// The metric.
    pub metric: Metric,
    /// By strategy: share of worlds in which it is the best one; where several are, each has its part.
    pub shares: Vec<Interval>,
}

/// What a strategy costs over all worlds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// Mean bill, in cents.
    pub mean_cents: f64,
    /// By how much it is dearer than the cheapest one of each world, on average, in cents.
    pub regret_cents: f64,
    /// The same in one world of twenty, or more.
    pub regret_p95_cents: f64,
}

/// By how much the rival is dearer than the best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Mean, in cents, with its interval over worlds.
    pub mean_cents: Interval,
    /// 5, 25, 50, 75 and 95 % of the worlds lie below these, in cents.
    pub quantiles_cents: [f64; 5],
    /// Share of worlds in which the best is the cheaper of the two.
    pub cheaper_share: Interval,
}

/// Places of arms that are compared: the strategies; with a single one, the control as well.
pub fn options(arms: usize) -> std::ops::Range<usize> {
    usize::from(arms > 2)..arms
}

/// How often each option is the best in each metric.
pub fn best_in(worlds: &[&[Figures]]) -> Vec<BestIn> {
    let arms = worlds.first().map_or(0, |world| world.len());
    Metric::ALL
        .into_iter()
        .map(|metric| {
            let mut wins = vec![0.0; arms];
            for world in worlds {
                let value = |arm: usize| {
                    let value = world[arm].of(metric);
                    if metric.more_is_better() { -value } else { value }
                };
                let best = options(arms).map(value).fold(f64::INFINITY, f64::min);
                let winners: Vec<usize> = options(arms).filter(|&arm| value(arm) == best).collect();
                winners.iter().for_each(|&arm| wins[arm] += 1.0 / winners.len() as f64);
            }
            let shares = options(arms).map(|arm| Interval::share(wins[arm], worlds.len())).collect();
            BestIn { metric, shares }
        })
        .collect()
}

/// What each option costs, by bills by world and arm.
pub fn choices(bills: &[Vec<f64>]) -> Vec<Choice> {
    let arms = bills.first().map_or(0, Vec::len);
    let n = bills.len().max(1) as f64;
    let least: Vec<f64> = bills
        .iter()
        .map(|world| options(arms).map(|arm| world[arm]).fold(f64::INFINITY, f64::min))
        .collect();
    options(arms)
        .map(|arm| {
            let mut regrets: Vec<f64> = bills.iter().zip(&least).map(|(world, least)| world[arm] - least).collect();
            regrets.sort_by(f64::total_cmp);
            Choice {
                mean_cents: bills.iter().map(|world| world[arm]).sum::<f64>() / n,
                regret_cents: regrets.iter().sum::<f64>() / n,
                regret_p95_cents: quantile(&regrets, 0.95),
            }
        })
        .collect()
}

/// How the difference of a pair spreads over worlds.
pub fn spread(pair: Pair, bills: &[Vec<f64>]) -> Spread {
    let mut leads: Vec<f64> = bills.iter().map(|world| pair.lead(world)).collect();
    let estimate = crate::measure::statistics::estimate(&leads);
    let cheaper = leads
        .iter()
        .map(|lead| {
            if *lead > 0.0 {
                1.0
            } else {
                0.5 * f64::from(*lead == 0.0)
            }
        })
        .sum();
    leads.sort_by(f64::total_cmp);
    let [low, high] = estimate.ci95.unwrap_or([estimate.mean; 2]);
    Spread {
        mean_cents: Interval { value: estimate.mean, low, high },
        quantiles_cents: [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| quantile(&leads, share)),
        cheaper_share: Interval::share(cheaper, leads.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(cost: f64, migrated: f64) -> Figures {
        Figures::new(std::array::from_fn(|place| match Metric::ALL[place] {
            Metric::Cost => cost,
            Metric::Migrated => migrated,
            _ => 0.0,
        }))
    }

    #[test]
    fn the_best_is_the_lowest_or_where_more_is_better_the_highest_and_ties_are_shared() {
        let worlds = [
            vec![figures(0.0, 0.0), figures(3.0, 9.0), figures(4.0, 7.0)],
            vec![figures(0.0, 0.0), figures(5.0, 9.0), figures(4.0, 9.0)],
        ];
        let worlds: Vec<&[Figures]> = worlds.iter().map(Vec::as_slice).collect();
        let found = best_in(&worlds);
        let of = |metric: Metric| -> Vec<f64> {
            let found = found.iter().find(|best| best.metric == metric).expect("all are told");
            found.shares.iter().map(|share| share.value).collect()
        };
        assert_eq!(of(Metric::Cost), [0.5, 0.5], "the control is no option beside two strategies");
        assert_eq!(of(Metric::Migrated), [0.75, 0.25]);
    }

    #[test]
    fn regret_is_what_the_best_choice_of_each_world_would_have_spared() {
        let bills = vec![vec![0.0, 10.0, 14.0], vec![0.0, 20.0, 12.0]];
        let choices = choices(&bills);
        assert_eq!((choices[0].mean_cents, choices[0].regret_cents), (15.0, 4.0));
        assert_eq!((choices[1].mean_cents, choices[1].regret_cents), (13.0, 2.0));
        let spread = spread(Pair { best: 2, rival: 1 }, &bills);
        assert_eq!((spread.mean_cents.value, spread.cheaper_share.value), (2.0, 0.5));
    }
}
