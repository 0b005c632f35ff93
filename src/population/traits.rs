//! Continuous traits of an account, drawn from its key: age, habit, last sign-in, and what only the truth knows.

use rand_distr::{Distribution, Gamma};

use super::unit::{Account, UnitKind};
use crate::random::{Exponential, Purpose, Seed};
use crate::scenario::Scenario;
use crate::scenario::population::{Ageing, Matching};

/// Distributions of the continuous traits.
#[derive(Clone, Debug)]
pub struct Traits {
    seed: Seed,
    pub habits: Vec<Habits>,
    pub mail_decay_per_year: f64,
    ageing: Ageing,
    matching: Matching,
    /// Shares of the sign-ins of a person with two accounts that go to the first and to the second.
    of_two: [f64; 2],
    /// Upper bounds of the shares of time zones.
    zones: Vec<f64>,
}

/// Age and sign-in habit of a segment.
#[derive(Clone, Debug)]
pub struct Habits {
    mean_age_years: f64,
    /// 1 - exp(-oldest / mean): the part of the exponential that lies below the oldest age.
    reach: f64,
    shape: f64,
    rate_days: f64,
    rate_per_day: Gamma<f64>,
}

impl Habits {
    /// Account age at a quantile, in years: exponential, cut off at the oldest age.
    #[inline]
    pub fn age_years(&self, quantile: f64) -> f64 {
        -self.mean_age_years * (-quantile * self.reach).ln_1p()
    }
}

impl Traits {
    /// The traits of a scenario's population.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let population = &scenario.population;
        let habits = scenario
            .segments()
            .iter()
            .map(|segment| Habits {
                mean_age_years: segment.mean_age_years,
                reach: -(-population.oldest_years.get() / segment.mean_age_years).exp_m1(),
                shape: segment.sign_ins.shape.get(),
                rate_days: segment.sign_ins.rate_days.get(),
                rate_per_day: gamma(segment.sign_ins.shape.get(), segment.sign_ins.rate_days.get()),
            })
            .collect();
        let mut bound = 0.0;
        let zones = population
            .time_zones
            .iter()
            .map(|zone| {
                bound += zone.share.get();
                bound
            })
            .collect();
        Self {
            seed,
            habits,
            mail_decay_per_year: population.mail_decay_per_year.get(),
            ageing: population.ageing.clone(),
            matching: population.matching.clone(),
            of_two: of_two(population.main_account_share.get()),
            zones,
        }
    }

    /// The same traits in another replication.
    pub fn with_seed(&self, seed: Seed) -> Self {
        Self { seed, ..self.clone() }
    }

    /// The seed of the replication.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// How stale mailboxes of an age are, to be compared with those of another age.
    pub fn staleness(&self, age_years: f64) -> f64 {
        match self.mail_decay_per_year {
            0.0 => 1.0,
            decay => -(-decay * age_years).exp_m1() / decay,
        }
    }

    /// How much likelier what grows with age is at an age, to be compared with another age.
    pub fn tilt(&self, age_years: f64) -> f64 {
        self.ageing.young_years.get() + age_years
    }

    /// The same of hashes that cannot be imported.
    pub fn hash_tilt(&self, age_years: f64) -> f64 {
        let power = self.ageing.hash_power.get();
        // The product is exact to the last digit, which a power need not be.
        let grown = if power == 2.0 {
            age_years * age_years
        } else {
            age_years.powf(power)
        };
        self.ageing.hash_young.get() + grown
    }

    /// Fills in the continuous traits of an account whose age rank is `rank.0` of `rank.1`.
    #[inline]
    pub fn fill(&self, number: u64, kind: UnitKind, member: u8, rank: (f64, f64), account: &mut Account) {
        let mut draw = self.seed.draw(number, Purpose::Traits, 0);
        let habits = &self.habits[usize::from(account.record.segment)];
        let age_days = 365.25 * habits.age_years((rank.0 + draw.uniform()) / rank.1);
        account.record.age_days = age_days as f32;
        self.fill_rest(kind, member, None, draw, account);
    }

    /// Fills in what follows from the age; `last_seen_days` if it is on record, else it follows from the habit.
    pub fn fill_rest(
        &self,
        kind: UnitKind,
        member: u8,
        last_seen_days: Option<f32>,
        mut draw: crate::random::Draw,
        account: &mut Account,
    ) {
        let (record, truth) = (&mut account.record, &mut account.truth);
        let age_days = record.age_days;
        let seen = Exponential::draw(&mut draw);
        let verified = draw.uniform() as f32;
        truth.responds = draw.uniform();
        truth.leaves_at = Exponential::draw(&mut draw);
        if record.in_target {
            let match_draw = draw.uniform() as f32;
            record.match_confidence = match truth.same_in_target {
                true => {
                    let most = (1.0 - self.matching.same_person_least.get()) as f32;
                    1.0 - bent(most, match_draw, self.matching.same_person_power.get())
                }
                false => self.matching.other_person_most.get() as f32 * match_draw,
            };
        }
        if !self.zones.is_empty() {
            let place = draw.uniform();
            let zone = self.zones.iter().position(|bound| place < *bound);
            truth.zone = zone.unwrap_or(self.zones.len() - 1) as u8;
        }
        let habits = &self.habits[usize::from(record.segment)];
        truth.rate_per_day = match last_seen_days {
            None => habits.rate_per_day.sample(&mut draw),
            // Seen `days` ago: the density of that is rate x exp(-rate x days), so the gamma prior becomes a gamma
            // posterior. Not seen since the creation: only the exponential, without the factor.
            Some(days) => {
                let events = if days < age_days { 1.0 } else { 0.0 };
                gamma(habits.shape + events, habits.rate_days + f64::from(days)).sample(&mut draw)
            }
        };
        if kind == UnitKind::Duplicate {
            truth.rate_per_day *= self.of_two[usize::from(member > 0)];
        }
        record.last_seen_days = last_seen_days.unwrap_or_else(|| {
            // Not since the account was made, for many: that takes no logarithm to see.
            match seen.above() / truth.rate_per_day >= f64::from(age_days) {
                true => age_days,
                false => (seen.value() / truth.rate_per_day).min(f64::from(age_days)) as f32,
            }
        });
        record.verified_days = match record.email_verified {
            true => {
                let before = (age_days - record.last_seen_days).max(0.0);
                record.last_seen_days + bent(before, verified, self.ageing.verified_power.get())
            }
            false => age_days,
        };
    }
}

/// `scale` times a uniform number to a power.
#[inline]
fn bent(scale: f32, uniform: f32, power: f64) -> f32 {
    // The product is exact to the last digit, which a power need not be.
    if power == 2.0 {
        scale * uniform * uniform
    } else {
        scale * uniform.powf(power as f32)
    }
}

/// Shares of the sign-ins of two accounts: the first has this one, the second the rest, in decimals.
fn of_two(first: f64) -> [f64; 2] {
    // 1 - 0.85 is not quite 0.15 in binary fractions.
    [first, ((1.0 - first) * 1e12).round() / 1e12]
}

/// The gamma distribution with this shape and rate; both are positive by their types, so it exists.
fn gamma(shape: f64, rate: f64) -> Gamma<f64> {
    Gamma::new(shape, 1.0 / rate).unwrap_or_else(|_| unreachable!("shape and rate are positive"))
}
