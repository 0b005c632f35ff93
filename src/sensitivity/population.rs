//! Population of a world: large enough that luck is small beside what is not known, and no larger.
//!
//! A few worlds are simulated twice with different luck over few accounts, and told by what they differ from the scenario as
//! it stands in the same luck. The difference of the two is luck, whose variance falls with the number of accounts; what
//! worlds differ by beyond it stays. Accounts are chosen so that luck is a tenth of it at most: more of them would make each
//! world sharper than their spread deserves, fewer would blur it (two-stage sampling: Cochran, Sampling Techniques, 1977,
//! chapter 10).

use super::lab::{Lab, Memory};
use super::pair::Pair;
use crate::error::Result;
use crate::probe::{Figures, Probe};
use crate::scenario::Scenario;
use crate::uncertain::{Points, Uncertain};
use crate::watch::Watch;

/// Worlds that are looked at.
const WORLDS: u32 = 8;
/// Accounts with which they are.
const FIRST: u64 = 4_000;
/// Fewest accounts of a world: below, whole agents are too coarse for the desk.
pub const FEWEST: u64 = 4_000;
/// Most accounts of a world: beyond, worlds take their time and gain nothing.
pub const MOST: u64 = 32_000;
/// Part of the spread of worlds that luck may have.
const LUCK_SHARE: f64 = 0.1;
/// Accounts are chosen in steps of so many.
const STEP: u64 = 2_000;

/// How many accounts a world has, and which part of the spread luck is then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Accounts of each world.
    pub accounts: u64,
    /// Variance of the difference between the leading strategies by luck, as part of that between worlds.
    pub luck_share: f64,
}

/// The size of the worlds of a scenario: as stated, or by the rule.
///
/// # Errors
///
/// If the watch stops it, or if the scenario is not allowed with so few accounts.
pub fn size(
    scenario: &Scenario,
    uncertain: &Uncertain,
    stated: Option<u64>,
    memory: &dyn Memory,
    watch: &dyn Watch,
) -> Result<Size> {
    let all = scenario.population.accounts.get();
    let first = stated.unwrap_or(FIRST).min(all);
    let probe = Probe::new(scenario, first, watch)?;
    let lab = Lab::new(&probe, uncertain, memory, watch);
    let points = Points::new(uncertain.keys().len(), super::SEED_A);
    watch.begin("how large a world is", u64::from(WORLDS));
    let mut bills = Vec::new();
    for number in 0..WORLDS {
        let made = uncertain.world(probe.scenario(), &uncertain.scores(&points.normal(number)))?.scenario;
        let twice = [0, 1].map(|luck| lab.figures(made.clone(), luck));
        for figures in twice {
            bills.push(Figures::bills(&figures?));
        }
        watch.advance(1);
    }
    let pair = Pair::of(&bills);
    let mut leads: Vec<f64> = bills.iter().map(|bills| pair.lead(bills)).collect();
    if !probe.is_whole() {
        // Worlds are told from a level, which takes out the luck that they share.
        for (luck, stated) in [0, 1].map(|luck| lab.figures(probe.scenario().clone(), luck)).into_iter().enumerate() {
            let stated = pair.lead(&Figures::bills(&stated?));
            leads.iter_mut().skip(luck).step_by(2).for_each(|lead| *lead -= stated);
        }
    }
    let (luck, between) = variances(&leads);
    let accounts = probe.accounts();
    if stated.is_some() || probe.is_whole() {
        return Ok(Size { accounts, luck_share: part(luck, between) });
    }
    Ok(Size::chosen((luck, between), accounts, all))
}

impl Size {
    /// The size by the rule, from the variances by luck and of what is told apart that so many accounts had; at most `all`.
    pub(crate) fn chosen((luck, between): (f64, f64), accounts: u64, all: u64) -> Self {
        let wanted = accounts as f64 * luck / (LUCK_SHARE * between).max(f64::MIN_POSITIVE);
        let chosen = (wanted.clamp(FEWEST as f64, MOST as f64) as u64).div_ceil(STEP) * STEP;
        let chosen = chosen.min(all);
        Self {
            accounts: chosen,
            luck_share: part(luck * accounts as f64 / chosen.max(1) as f64, between),
        }
    }
}

/// Variance by luck and between worlds, of pairs of values (analysis of variance with one factor).
pub(crate) fn variances(pairs: &[f64]) -> (f64, f64) {
    let worlds = pairs
        .chunks_exact(2)
        .map(|pair| (f64::midpoint(pair[0], pair[1]), (pair[0] - pair[1]).powi(2) / 2.0));
    let (means, lucks): (Vec<f64>, Vec<f64>) = worlds.unzip();
    let n = means.len() as f64;
    let luck = lucks.iter().sum::<f64>() / n.max(1.0);
    let mean = means.iter().sum::<f64>() / n.max(1.0);
    let spread = means.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    (luck, (spread - luck / 2.0).max(0.0))
}

fn part(luck: f64, between: f64) -> f64 {
    if luck <= 0.0 { 0.0 } else { luck / (luck + between) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luck_and_worlds_are_told_apart() {
        // Worlds 0, 10, 20, 30 with luck of ±1 around each.
        let pairs = [-1.0, 1.0, 9.0, 11.0, 19.0, 21.0, 29.0, 31.0];
        let (luck, between) = variances(&pairs);
        assert_eq!(luck, 2.0);
        assert!((between - (500.0 / 3.0 - 1.0)).abs() < 1e-9, "{between}");
        assert_eq!(variances(&[3.0, 3.0, 3.0, 3.0]), (0.0, 0.0));
    }
}
