//! Continuous traits of an account, drawn from its key: age, habit, last sign-in, and what only the truth knows.

use rand_distr::Distribution;

use super::later::{Contacts, Habits, Later, Luck, Recipe, gamma};
use super::unit::{Account, UnitKind};
use crate::random::{Draw, Exponential, Purpose, Seed};
use crate::scenario::Scenario;
use crate::scenario::population::{Ageing, Matching};

/// Distributions of the continuous traits.
#[derive(Clone, Debug)]
pub struct Traits {
    seed: Seed,
    pub habits: Vec<Habits>,
    pub mail_decay_per_year: f64,
    phone_decay_per_year: f64,
    ageing: Ageing,
    matching: Matching,
    /// Odds against the same person among accounts in the target, by segment.
    same_person: Vec<f64>,
    /// Shares of the sign-ins of a person with two accounts that go to the first and to the second.
    of_two: [f64; 2],
    /// Upper bounds of the shares of time zones.
    zones: Vec<f64>,
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
            phone_decay_per_year: population.phone_decay_per_year.get(),
            ageing: population.ageing.clone(),
            matching: population.matching.clone(),
            same_person: scenario.segments().iter().map(|s| s.shares.in_target_same_person.get()).collect(),
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

    /// Sets the continuous traits of an account whose age rank is `rank.0` of `rank.1`; most of them are only drawn when
    /// somebody looks at them.
    #[inline]
    pub fn set(&self, number: u64, (kind, member): (UnitKind, u8), rank: (f64, f64), account: &mut Account) {
        // The first block of the stream is the history.
        let mut rest = self.seed.draw(number, Purpose::Traits, 0).from_block(1);
        self.set_at_once(&mut rest, account);
        account.later.recipe = Some(Recipe {
            seed: self.seed,
            number,
            rest,
            rank,
            habits: self.habits[usize::from(account.record.segment)].clone(),
            part: self.part_of_habit(kind, member),
            verified_power: self.ageing.verified_power.get(),
            contacts: self.contacts(account),
        });
        account.later.rate_per_day.take();
        account.later.history.take();
    }

    /// Sets the continuous traits of an account of this age; `last_seen_days` if it is on record, else it follows from
    /// the habit.
    pub fn set_known(
        &self,
        number: u64,
        (kind, member): (UnitKind, u8),
        (age_days, last_seen_days): (f32, Option<f32>),
        mut draw: Draw,
        account: &mut Account,
    ) {
        let mut luck = Luck::draw(&mut draw);
        self.set_at_once(&mut draw, account);
        let habits = &self.habits[usize::from(account.record.segment)];
        let rate_per_day = self.part_of_habit(kind, member)
            * match last_seen_days {
                None => habits.rate_per_day.sample(&mut draw),
                // Seen `days` ago: the density of that is rate x exp(-rate x days), so the gamma prior becomes a gamma
                // posterior. Not seen since the creation: only the exponential, without the factor.
                Some(days) => {
                    let events = if days < age_days { 1.0 } else { 0.0 };
                    gamma(habits.shape + events, habits.rate_days + f64::from(days)).sample(&mut draw)
                }
            };
        let last_seen_days = last_seen_days.unwrap_or_else(|| luck.last_seen_days(age_days, rate_per_day));
        let verified_power = self.ageing.verified_power.get();
        if account.record.email_verified {
            let tries = self.seed.draw(number, Purpose::Traits, 1);
            self.contacts(account).tell(tries, (age_days, last_seen_days), verified_power, &mut luck);
        }
        let history = luck.history(age_days, last_seen_days, account.record.email_verified, verified_power);
        account.later = Later::known(rate_per_day, history);
    }

    fn contacts(&self, account: &Account) -> Contacts {
        Contacts {
            mailbox: account.truth.mailbox,
            phone: account.truth.phone,
            mail_per_day: self.mail_decay_per_year / 365.25,
            phone_per_day: self.phone_decay_per_year / 365.25,
        }
    }

    /// Match confidence of a pair, calibrated. Before anybody knows the truth, doubt x = 1 - c is Beta(a, 1) with mean
    /// 1 - share, a = (1 - share) / share, so that a share c of the pairs with confidence c is one person. Then x is
    /// Beta(a, 2) where they are one person, a product of two powers, and Beta(a + 1, 1) where they are not.
    fn match_confidence(&self, draw: &mut Draw, share: f64, same: bool, complete: bool) -> f32 {
        let (first, second) = (draw.uniform(), draw.uniform());
        let lookalike = draw.chance(self.matching.lookalike_share.get());
        let a = (1.0 - share) / share.max(1e-9);
        let doubt = if same || lookalike {
            first.powf(1.0 / a.max(1e-9)) * second.powf(1.0 / (a + 1.0))
        } else {
            first.powf(1.0 / (a + 1.0))
        };
        let worth = if complete {
            1.0
        } else {
            self.matching.incomplete_factor.get()
        };
        ((1.0 - doubt) * worth) as f32
    }

    /// A person with two accounts uses one of them for almost everything.
    fn part_of_habit(&self, kind: UnitKind, member: u8) -> f64 {
        match kind {
            UnitKind::Duplicate => self.of_two[usize::from(member > 0)],
            _ => 1.0,
        }
    }

    fn set_at_once(&self, draw: &mut Draw, account: &mut Account) {
        let (record, truth) = (&mut account.record, &mut account.truth);
        truth.leaves_at = Exponential::draw(draw);
        if record.in_target {
            let share = self.same_person[usize::from(record.segment)];
            record.match_confidence = self.match_confidence(draw, share, truth.same_in_target, record.complete);
        }
        if !self.zones.is_empty() {
            let place = draw.uniform();
            let zone = self.zones.iter().position(|bound| place < *bound);
            truth.zone = zone.unwrap_or(self.zones.len() - 1) as u8;
        }
    }
}

/// Shares of the sign-ins of two accounts: the first has this one, the second the rest, in decimals.
fn of_two(first: f64) -> [f64; 2] {
    // 1 - 0.85 is not quite 0.15 in binary fractions.
    [first, ((1.0 - first) * 1e12).round() / 1e12]
}
