//! The study: worlds drawn and simulated, and everything that is read off them.

use super::alone::Alone;
use super::drawn::Drawn;
use super::findings::Findings;
use super::found::{Horizon, Sensitivity};
use super::lab::{LUCKS, Lab, Memory};
use super::pair::Pair;
use super::population::{Size, size};
use super::sure::{best_in, choices, options, spread};
use crate::error::{Error, Result};
use crate::measure::statistics::estimate;
use crate::probe::{Figures, Probe};
use crate::scenario::Scenario;
use crate::strategy::STAY;
use crate::uncertain::{MOST_POINTS, Uncertain};
use crate::watch::Watch;

/// How much is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// How sure the answer is, what knowing a key is worth, and the keys that the answer most likely rests on.
    HowSure,
    /// All that the answer rests on, and what would turn it.
    Whole,
}

/// How a study is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Worlds, an even number from [`Settings::FEWEST`] to [`Settings::MOST`].
    pub worlds: u32,
    /// Accounts of each world; by the rule if left out.
    pub accounts: Option<u64>,
    /// How much is looked into.
    pub depth: Depth,
}

impl Settings {
    /// Fewest worlds.
    pub const FEWEST: u32 = 16;
    /// Most worlds.
    pub const MOST: u32 = MOST_POINTS / 2;
}

/// Keys, beside the prices, that are turned one at a time where little is looked into.
const TURNED_BESIDE: usize = 16;
/// Keys whose ends are looked at with all lucks: as many as are drawn.
const SHARPENED: usize = 12;

/// A key does not matter if it moves the difference by less than this part of its spread over worlds.
const IDLE_SHARE: f64 = 0.02;

/// Studies a scenario.
///
/// # Errors
///
/// If there is nothing to compare or nothing uncertain, if the number of worlds is not allowed, or if the watch stops it.
pub fn study(scenario: &Scenario, settings: Settings, memory: &dyn Memory, watch: &dyn Watch) -> Result<Sensitivity> {
    study_beside(scenario, None, settings, memory, watch)
}

/// Studies a scenario of which a run has found what it comes to as it stands, by replication and arm.
///
/// # Errors
///
/// As [`study`].
pub fn study_beside(
    scenario: &Scenario,
    whole: Option<Vec<Vec<Figures>>>,
    settings: Settings,
    memory: &dyn Memory,
    watch: &dyn Watch,
) -> Result<Sensitivity> {
    let scenario = &scenario.checked()?;
    let uncertain = Uncertain::new(scenario)?;
    must_be_possible(scenario, &uncertain, settings)?;
    let Size { accounts, luck_share } = size(scenario, &uncertain, settings.accounts, memory, watch)?;
    let probe = Probe::new(scenario, accounts, watch)?;
    let mut lab = Lab::new(&probe, &uncertain, memory, watch);
    match whole {
        Some(whole) => lab.level_beside(whole)?,
        None => lab.level_of(scenario)?,
    }
    let drawn = Drawn::new(&lab, settings.worlds / 2, settings.depth == Depth::Whole)?;
    let bills = drawn.bills();
    let pair = Pair::of(&bills);
    let alone = Alone::new(&lab, pair)?;
    let mut found = Findings::new(&lab, &drawn, pair);
    let mut others = None;
    let turned = match settings.depth {
        Depth::Whole => (settings.worlds as usize / 2, SHARPENED),
        Depth::HowSure => (TURNED_BESIDE, SHARPENED / 2),
    };
    found.one_at_a_time(&lab, &alone, turned)?;
    found.look_closer(&lab, &drawn);
    if settings.depth == Depth::Whole {
        found.along(&lab, &alone)?;
        others = found.take_apart(&lab, &drawn)?;
        found.turn(&lab, &alone)?;
    }
    let names: Vec<String> =
        scenario.arms().map(|arm| arm.map_or(STAY, |strategy| &strategy.name).to_owned()).collect();
    let horizon = match settings.depth {
        Depth::Whole => horizon(scenario, &lab, &alone, pair)?,
        Depth::HowSure => None,
    };
    let choices = choices(&bills);
    let idle_below = IDLE_SHARE * spread_of(&bills, pair);
    let (idle, tried_alone) = found.idle(&lab, idle_below);
    Ok(Sensitivity {
        schema_version: 1,
        scenario: scenario.name.clone(),
        scenario_hash: scenario.hash(),
        accounts: scenario.population.accounts.get(),
        accounts_simulated: probe.accounts(),
        worlds: settings.worlds,
        uncertain_keys: uncertain.keys().len(),
        exact_keys: uncertain.exact(),
        pulled_in: drawn.pulled_in(),
        luck_share,
        options: options(names.len()).map(|arm| names[arm].clone()).collect(),
        best_in: best_in(&drawn.figures().collect::<Vec<_>>()),
        worth_of_knowing_all_cents: choices[pair.best - options(names.len()).start].regret_cents,
        choices,
        best: names[pair.best].clone(),
        rival: names[pair.rival].clone(),
        best_as_stated: names[alone.best(options(names.len()))].clone(),
        spread: spread(pair, &bills),
        as_stated_cents: alone.stated(),
        explained_share: found.explained,
        others,
        idle,
        tried_alone,
        horizon,
        keys: found.told(&lab, &drawn, idle_below),
    })
}

/// Whether so many worlds can be drawn.
///
/// # Errors
///
/// If not: says how many can.
pub fn must_be_worlds(worlds: u32) -> Result<()> {
    if (Settings::FEWEST..=Settings::MOST).contains(&worlds) && worlds.is_multiple_of(2) {
        return Ok(());
    }
    Err(Error::Input(format!(
        "--worlds {worlds}: expected an even number from {} to {}",
        Settings::FEWEST,
        Settings::MOST
    )))
}

fn must_be_possible(scenario: &Scenario, uncertain: &Uncertain, settings: Settings) -> Result<()> {
    must_be_worlds(settings.worlds)?;
    let message = if settings.accounts == Some(0) {
        "--accounts-per-world 0: expected 1 or more".to_owned()
    } else if scenario.population.accounts.get() == 0 {
        "population.accounts = 0: there is nothing to compare without accounts".to_owned()
    } else if scenario.strategies.is_empty() {
        "strategies = []: there is nothing to compare without a strategy".to_owned()
    } else if uncertain.keys().is_empty() {
        "no value has a range: all factors of `[grades]` are 1 and `[uncertain]` is empty".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::Input(message))
}

fn spread_of(bills: &[Vec<f64>], pair: Pair) -> f64 {
    let leads: Vec<f64> = bills.iter().map(|world| pair.lead(world)).collect();
    let mean = leads.iter().sum::<f64>() / leads.len().max(1) as f64;
    (leads.iter().map(|lead| (lead - mean).powi(2)).sum::<f64>() / leads.len().max(1) as f64).sqrt()
}

/// What twice the horizon does to the difference; and at how many days it turns.
fn horizon(scenario: &Scenario, lab: &Lab<'_>, alone: &Alone<'_>, pair: Pair) -> Result<Option<Horizon>> {
    let watch = lab.watch;
    let days = scenario.horizon_days.get();
    let over = |days: u64| match scenario.rebuild().horizon_days(days).build() {
        Err(_) => Ok(None),
        Ok(longer) => match Probe::new(&longer, lab.probe.accounts(), watch) {
            Err(Error::Input(_)) => Ok(None),
            probe => probe.map(Some),
        },
    };
    let lead = |probe: &Probe, luck: u32| -> Result<f64> {
        Ok(pair.lead(&Figures::bills(&lab.level.told(luck, lab.of(probe, luck)?))))
    };
    watch.begin("twice the horizon", 1);
    let Some(twice) = over(2 * days)? else {
        return Ok(None);
    };
    let leads: Vec<f64> = (0..LUCKS).map(|luck| lead(&twice, luck)).collect::<Result<_>>()?;
    let is_ahead = alone.lead(0) > 0.0;
    let mut turns_at_days = None;
    if (leads[0] > 0.0) != is_ahead {
        let (mut kept, mut turned) = (days, 2 * days);
        while turned - kept > (days / 32).max(1) {
            let middle = u64::midpoint(kept, turned);
            match over(middle)?.map(|probe| lead(&probe, 0)).transpose()? {
                Some(there) if (there > 0.0) != is_ahead => turned = middle,
                _ => kept = middle,
            }
        }
        turns_at_days = Some(turned);
    }
    Ok(Some(Horizon { days, at_twice_cents: estimate(&leads), turns_at_days }))
}
