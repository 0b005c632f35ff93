//! The simulator as the one who says what would have been observed: worlds simulated, many at once, and none of them twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::heard::Heard;
use super::infer::Value;
use super::likelihood::Kind;
use super::observed::{Observation, Pilot, days_of};
use super::predict::{Predicted, Predicts};
use super::shown::Shown;
use crate::calendar::{SimTime, Span};
use crate::engine::{ArmResult, Replication};
use crate::error::{Error, Result};
use crate::probe::{Figures, Probe};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::sensitivity::lab::Memory;
use crate::terms::Channel;
use crate::uncertain::Uncertain;
use crate::watch::Watch;

/// What is drawn by day in a forecast.
pub const DRAWN: [Shown; 4] = [Shown::Completed, Shown::Calls, Shown::Duplicates, Shown::Left];

/// Where worlds are simulated.
pub struct Simulated<'a> {
    /// The scenario over as many accounts as a world has.
    pub probe: &'a Probe,
    /// What is uncertain in it.
    pub uncertain: &'a Uncertain,
    /// What was simulated before.
    pub memory: &'a dyn Memory,
    /// Who may stop it, and sees how far it has come.
    pub watch: &'a dyn Watch,
    pilot: &'a Pilot,
    /// The waves that the pilot tells of, with when accounts are reached that belong to each.
    waves: Vec<(u32, (SimTime, SimTime))>,
    days: usize,
    offset_h: usize,
    pulled_in: AtomicUsize,
}

/// What a world came to under all strategies.
#[derive(Clone, Debug)]
pub struct WholeWorld {
    /// What would have been observed.
    pub predicted: Predicted,
    /// By arm, the control first, as those of all accounts.
    pub figures: Vec<Figures>,
    /// By arm: the share of calls that gave up.
    pub given_up: Vec<f64>,
    /// Under the pilot's strategy, by [`DRAWN`] and day, as that of all accounts.
    pub by_day: Vec<Vec<f64>>,
}

impl<'a> Simulated<'a> {
    /// The simulator of a pilot.
    ///
    /// # Errors
    ///
    /// If the scenario does not have the strategy that the pilot ran.
    pub fn new(
        probe: &'a Probe,
        uncertain: &'a Uncertain,
        pilot: &'a Pilot,
        memory: &'a dyn Memory,
        watch: &'a dyn Watch,
    ) -> Result<Self> {
        probe.place(&pilot.strategy)?;
        let scenario = probe.scenario();
        Ok(Self {
            probe,
            uncertain,
            memory,
            watch,
            pilot,
            waves: waves(scenario, pilot),
            days: days_of(scenario),
            offset_h: scenario.calendar().start_hour() % 24,
            pulled_in: AtomicUsize::new(0),
        })
    }

    /// Worlds whose values had to be brought nearer to their middle so far.
    pub fn pulled_in(&self) -> usize {
        self.pulled_in.load(Ordering::Relaxed)
    }

    /// The numbers of the pilot, as inference takes them.
    pub fn values(&self) -> Vec<Value> {
        let all = self.probe.accounts() as f64 * self.probe.times();
        let value = |seen: &Observation| Value {
            kind: if seen.shown.is_once() { Kind::Share } else { Kind::Count },
            value: seen.value,
            of: seen.of.unwrap_or_else(|| all * self.share(seen)),
            group: seen.shown as usize,
        };
        self.pilot.observations.iter().map(value).collect()
    }

    /// Which part of all accounts a number is about, if it does not say so itself.
    fn share(&self, seen: &Observation) -> f64 {
        let Some(wave) = seen.wave else { return 1.0 };
        let strategy = self.probe.scenario().strategies.iter().find(|strategy| strategy.name == self.pilot.strategy);
        strategy.and_then(|strategy| strategy.rollout.waves()).map_or(1.0, |waves| {
            let canary = waves.canary_share.get();
            if wave == 0 {
                canary
            } else {
                (1.0 - canary) / waves.count.get() as f64
            }
        })
    }

    /// What the pilot would have shown in a world of these scores, which are independent standard normal ones.
    ///
    /// # Errors
    ///
    /// If the world is not allowed, or if the watch stops it.
    pub fn planted(&self, scores: &[f64], luck: u32) -> Result<Pilot> {
        let mut pilot = self.pilot.clone();
        let worlds = self.worlds("a planted world", &[scores.to_vec()], luck)?;
        for world in worlds {
            let counts = pilot.observations.iter_mut().zip(&world.counts).zip(&world.accounts);
            counts.for_each(|((seen, count), accounts)| {
                seen.value = *count;
                seen.of = seen.of.map(|_| *accounts);
            });
        }
        Ok(pilot)
    }

    /// Worlds under all strategies.
    ///
    /// # Errors
    ///
    /// If a world is not allowed, or if the watch stops it.
    pub fn whole_worlds(&self, phase: &str, scores: &[Vec<f64>], luck: u32) -> Result<Vec<WholeWorld>> {
        let arms = self.probe.scenario().strategies.len() + 1;
        let numbers = self.pilot.observations.len();
        let worlds = self.each(phase, scores, luck, true)?;
        let worlds = worlds.into_iter().map(|values| {
            let (counts, rest) = values.split_at(numbers);
            let (accounts, rest) = rest.split_at(numbers);
            let (figures, rest) = rest.split_at(arms * Metric::ALL.len());
            let (given_up, by_day) = rest.split_at(arms);
            WholeWorld {
                predicted: Predicted { counts: counts.to_vec(), accounts: accounts.to_vec() },
                figures: Figures::shaped(figures),
                given_up: given_up.to_vec(),
                by_day: by_day.chunks_exact(self.days).map(<[f64]>::to_vec).collect(),
            }
        });
        Ok(worlds.collect())
    }

    fn each(&self, phase: &str, scores: &[Vec<f64>], luck: u32, whole: bool) -> Result<Vec<Vec<f64>>> {
        self.watch.begin(phase, scores.len() as u64);
        scores
            .par_iter()
            .enumerate()
            .map(|(place, scores)| {
                self.watch.look()?;
                let made = self.uncertain.world(self.probe.scenario(), &self.uncertain.scores(scores))?;
                self.pulled_in.fetch_add(usize::from(made.was_pulled_in), Ordering::Relaxed);
                let values = self.world(made.scenario, luck + place as u32, whole)?;
                self.watch.advance(1);
                Ok(values)
            })
            .collect()
    }

    /// A world: what would have been observed, and if the whole is asked for all that a forecast needs.
    fn world(&self, mut scenario: Scenario, number: u32, whole: bool) -> Result<Vec<f64>> {
        if !whole {
            scenario.strategies.retain(|strategy| strategy.name == self.pilot.strategy);
        }
        let probe = self.probe.with(scenario);
        self.memory
            .remembered(self.name(&probe, number, whole).as_bytes(), || self.simulate(&probe, number, whole))
    }

    fn simulate(&self, probe: &Probe, number: u32, whole: bool) -> Result<Vec<f64>> {
        let arm = probe.place(&self.pilot.strategy)?;
        let spans: Vec<(SimTime, SimTime)> = self.waves.iter().map(|(_, span)| *span).collect();
        let (replication, heard) = probe.hear(number, &|| Heard::new(&spans, self.days, self.offset_h), self.watch)?;
        let seen = heard.get(arm).zip(replication.arms.get(arm));
        let (heard, result) = seen.ok_or_else(|| Error::Check("a strategy was not simulated".to_owned()))?;
        let mut values: Vec<f64> = self.pilot.observations.iter().map(|seen| self.count(heard, result, seen)).collect();
        values.extend(self.pilot.observations.iter().map(|seen| heard.accounts(self.cohort(seen)) as f64));
        if whole {
            values.extend(self.forecast(probe, &replication, (heard, result)));
        }
        Ok(values)
    }

    fn forecast(&self, probe: &Probe, replication: &Replication, (heard, result): (&Heard, &ArmResult)) -> Vec<f64> {
        let mut values = Figures::flat(&probe.figures(replication));
        values.extend(replication.arms.iter().map(|arm| {
            let total = arm.desk.channels[Channel::Phone as usize].total();
            total.abandoned as f64 / ((total.answered + total.abandoned) as f64).max(1.0)
        }));
        for shown in DRAWN {
            values.extend((0..self.days).map(|day| {
                let seen = Observation {
                    line: 0,
                    shown,
                    wave: None,
                    from: day,
                    to: day + 1,
                    value: 0.0,
                    of: None,
                };
                self.count(heard, result, &seen) * probe.times()
            }));
        }
        values
    }

    fn cohort(&self, seen: &Observation) -> usize {
        let Some(wave) = seen.wave else { return 0 };
        self.waves.iter().position(|(known, _)| *known == wave).map_or(0, |place| place + 1)
    }

    fn count(&self, heard: &Heard, result: &ArmResult, seen: &Observation) -> f64 {
        if let Some((channel, gave_up)) = seen.shown.at_desk() {
            let hours = &result.desk.channels[channel as usize].hours;
            let hour = |day: usize| (day * 24).saturating_sub(self.offset_h).min(hours.len());
            let of = &hours[hour(seen.from)..hour(seen.to)];
            return of.iter().map(|hour| if gave_up { hour.abandoned } else { hour.offered }).sum::<u64>() as f64;
        }
        let days = heard.by_day(self.cohort(seen), seen.shown);
        days[seen.from..seen.to].iter().map(|count| f64::from(*count)).sum()
    }

    /// What a world is known by: its scenario, its luck, and what is asked of it.
    fn name(&self, probe: &Probe, number: u32, whole: bool) -> String {
        let asked: Vec<String> = self
            .pilot
            .observations
            .iter()
            .map(|seen| format!("{} {:?} {} {}", seen.shown.key(), seen.wave, seen.from, seen.to))
            .collect();
        format!("{} {} {number} {whole} {}", probe.scenario().hash(), probe.times(), asked.join(","))
    }
}

impl Predicts for Simulated<'_> {
    fn dimensions(&self) -> usize {
        self.uncertain.keys().len()
    }

    fn worlds(&self, phase: &str, scores: &[Vec<f64>], luck: u32) -> Result<Vec<Predicted>> {
        let numbers = self.pilot.observations.len();
        let worlds = self.each(phase, scores, luck, false)?;
        Ok(worlds
            .into_iter()
            .map(|values| Predicted {
                counts: values[..numbers].to_vec(),
                accounts: values[numbers..2 * numbers].to_vec(),
            })
            .collect())
    }
}

/// The waves that a pilot tells of. An account belongs to the one in whose time it is reached.
fn waves(scenario: &Scenario, pilot: &Pilot) -> Vec<(u32, (SimTime, SimTime))> {
    let mut named: Vec<u32> = pilot.observations.iter().filter_map(|seen| seen.wave).collect();
    named.sort_unstable();
    named.dedup();
    let strategy = scenario.strategies.iter().find(|strategy| strategy.name == pilot.strategy);
    let Some(waves) = strategy.and_then(|strategy| strategy.rollout.waves()) else {
        return Vec::new();
    };
    let gap = Span::from_hours(waves.gap_days.get() * 24.0);
    let begins = |wave: u32| SimTime::from_days(waves.day.get()) + Span(gap.0 * (i64::from(wave) - 1));
    named.into_iter().map(|wave| (wave, (begins(wave), begins(wave) + gap))).collect()
}
