//! The whole calibration: from a scenario and what a pilot showed to what it taught.

use super::check::{SURPRISING, band, check, surprise};
use super::emulator::Trained;
use super::forecast::Worlds;
use super::found::{Calibration, Checked, IMPROBABLE};
use super::infer::{Inferred, Plan, Value, infer_from, of_prior, rates};
use super::moved::learnt;
use super::observed::Pilot;
use super::shown::Shown;
use super::simulated::Simulated;
use crate::error::{Error, Result};
use crate::probe::Probe;
use crate::scenario::Scenario;
use crate::sensitivity::lab::Memory;
use crate::sensitivity::sure::options;
use crate::uncertain::Uncertain;
use crate::watch::Watch;

/// How a calibration is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Worlds of each round, from [`Settings::FEWEST`] to [`Settings::MOST`].
    pub worlds: u32,
    /// Rounds, from 1 to [`Settings::MOST_ROUNDS`].
    pub rounds: u32,
    /// Accounts of each world; [`Settings::ACCOUNTS`] if left out, or all if there are fewer.
    pub accounts: Option<u64>,
}

impl Settings {
    /// Fewest worlds: with fewer the emulator is guesswork.
    pub const FEWEST: u32 = 48;
    /// Most worlds.
    pub const MOST: u32 = 4096;
    /// Most rounds.
    pub const MOST_ROUNDS: u32 = 8;
    /// Accounts of a world: luck is beside the point where an emulator averages over hundreds of worlds.
    pub const ACCOUNTS: u64 = 8_000;
}

/// Learns from a pilot.
///
/// # Errors
///
/// If nothing is uncertain, if settings are not allowed, or if the watch stops it.
pub fn calibrate(
    scenario: &Scenario,
    pilot: &Pilot,
    settings: Settings,
    memory: &dyn Memory,
    watch: &dyn Watch,
) -> Result<Calibration> {
    let scenario = &scenario.checked()?;
    let uncertain = Uncertain::new(scenario)?;
    must_be_possible(&uncertain, settings)?;
    let probe = Probe::new(scenario, settings.accounts.unwrap_or(Settings::ACCOUNTS), watch)?;
    let simulated = Simulated::new(&probe, &uncertain, pilot, memory, watch)?;
    let values = simulated.values();
    let plan = Plan { worlds: settings.worlds, rounds: settings.rounds };
    let first = of_prior(uncertain.keys().len(), plan.worlds, 0);
    let before = simulated.whole_worlds(&plan.phase(0), &first, 0)?;
    let trained = first
        .into_iter()
        .zip(&before)
        .map(|(scores, world)| Trained { scores, predicted: world.predicted.clone() })
        .collect();
    let inferred = infer_from(&simulated, &values, plan, trained)?;
    let drawn = inferred.draw(plan.worlds as usize);
    let after = simulated.whole_worlds("forecast", &drawn, plan.rounds * plan.worlds)?;
    let arm = probe.place(&pilot.strategy)?;
    let worlds = Worlds { scenario, arm, before: &before, after: &after };
    Ok(told(
        &Told {
            scenario,
            pilot,
            settings,
            simulated: &simulated,
            inferred: &inferred,
            values: &values,
        },
        worlds,
    ))
}

/// What there is to tell.
struct Told<'a> {
    scenario: &'a Scenario,
    pilot: &'a Pilot,
    settings: Settings,
    simulated: &'a Simulated<'a>,
    inferred: &'a Inferred,
    values: &'a [Value],
}

fn told(told: &Told<'_>, worlds: Worlds<'_>) -> Calibration {
    let Told { scenario, pilot, settings, simulated, inferred, values } = *told;
    let uncertain = simulated.uncertain;
    let learnt = learnt(scenario, uncertain, inferred);
    let observed = checked(told, &worlds);
    let [before, after] = worlds.standings();
    let advice = worlds.advice(&after, &observed);
    let mut luck: Vec<(Shown, f64)> = Vec::new();
    for (seen, number) in pilot.observations.iter().zip(&inferred.numbers) {
        if luck.iter().all(|(shown, _)| *shown != seen.shown) {
            luck.push((seen.shown, number.overdispersion));
        }
    }
    debug_assert_eq!(values.len(), observed.len());
    Calibration {
        schema_version: 1,
        scenario: scenario.name.clone(),
        scenario_hash: scenario.hash(),
        strategy: pilot.strategy.clone(),
        accounts: scenario.population.accounts.get(),
        accounts_simulated: simulated.probe.accounts(),
        worlds: settings.worlds,
        rounds: settings.rounds,
        uncertain_keys: uncertain.keys().len(),
        keys_that_matter: inferred.emulator.active.len(),
        explained_share: inferred.emulator.explained,
        effective_draws: inferred.posterior.effective(),
        pulled_in: simulated.pulled_in(),
        pilot_ends: date(scenario, pilot.ends().saturating_sub(1)),
        pilot_ends_day: pilot.ends().saturating_sub(1),
        observed,
        luck,
        moved: learnt.moved,
        not_moved: learnt.not_moved,
        together: learnt.together,
        options: options(scenario.strategies.len() + 1).map(|arm| worlds.name(arm)).collect(),
        before,
        after,
        advice,
        rest: worlds.rest(pilot.ends()),
        figures: worlds.figures(),
        by_day: worlds.by_day(),
    }
}

fn checked(told: &Told<'_>, worlds: &Worlds<'_>) -> Vec<Checked> {
    let Told { scenario, pilot, inferred, values, .. } = told;
    let first = &inferred.rounds[0];
    debug_assert_eq!(first.len(), worlds.before.len());
    pilot
        .observations
        .iter()
        .enumerate()
        .map(|(place, seen)| {
            let of = values[place].of;
            let mut expected: Vec<f64> = rates(first, place).into_iter().map(|rate| rate * of).collect();
            let [known, learnt] = [worlds.before, worlds.after].map(|worlds| -> Vec<(f64, f64)> {
                let predicted = worlds.iter().map(|world| &world.predicted);
                predicted.map(|predicted| (predicted.counts[place], predicted.accounts[place])).collect()
            });
            let number = inferred.numbers[place];
            let (after, tail) = check(number, values[place], &learnt);
            let surprise_sd = surprise(number, values[place], &known);
            Checked {
                line: seen.line,
                measure: seen.shown,
                wave: seen.wave,
                from: date(scenario, seen.from),
                to: date(scenario, seen.to - 1),
                day: seen.to - 1,
                value: seen.value,
                of,
                before: band(&mut expected),
                after,
                tail,
                surprise_sd,
                unexplained: tail < IMPROBABLE || surprise_sd.abs() > SURPRISING,
            }
        })
        .collect()
}

/// The date of a day.
fn date(scenario: &Scenario, day: usize) -> String {
    let (first, _) = scenario.dates();
    let days = i64::try_from(day).unwrap_or(0);
    first.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(first).to_string()
}

fn must_be_possible(uncertain: &Uncertain, settings: Settings) -> Result<()> {
    let Settings { worlds, rounds, .. } = settings;
    let message = if !(Settings::FEWEST..=Settings::MOST).contains(&worlds) {
        format!("--worlds {worlds}: expected {} to {}", Settings::FEWEST, Settings::MOST)
    } else if !(1..=Settings::MOST_ROUNDS).contains(&rounds) {
        format!("--rounds {rounds}: expected 1 to {}", Settings::MOST_ROUNDS)
    } else if uncertain.keys().is_empty() {
        "no value has a range: all factors of `[grades]` are 1 and `[uncertain]` is empty, so there is nothing to learn"
            .to_owned()
    } else {
        return Ok(());
    };
    Err(Error::Input(message))
}
