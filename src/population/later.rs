//! Later: habit and history of an account are drawn when somebody first looks at them, from their own place in the
//! account's stream, so that they are the same whoever looks first. Most accounts are walked without either.

use std::cell::OnceCell;

use rand_distr::{Distribution, Gamma};

use crate::random::{Draw, Exponential, Purpose, Seed};
use crate::terms::record::{ContactPoint, History};

/// Age and sign-in habit of a segment.
#[derive(Clone, Debug)]
pub struct Habits {
    pub(super) mean_age_years: f64,
    /// 1 - exp(-oldest / mean): the part of the exponential that lies below the oldest age.
    pub(super) reach: f64,
    pub(super) shape: f64,
    pub(super) rate_days: f64,
    pub(super) rate_per_day: Gamma<f64>,
}

impl Habits {
    /// Account age at a quantile, in years: exponential, cut off at the oldest age.
    #[inline]
    pub fn age_years(&self, quantile: f64) -> f64 {
        -self.mean_age_years * (-quantile * self.reach).ln_1p()
    }
}

/// What is drawn of an account when somebody first looks at it.
#[derive(Clone, Debug, Default)]
pub struct Later {
    /// How it is drawn; without one, it is known or there is none.
    pub(super) recipe: Option<Recipe>,
    pub(super) rate_per_day: OnceCell<f64>,
    pub(super) history: OnceCell<History>,
}

/// All that it takes to draw the habit and the history of an account, each from its own place in the stream.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) seed: Seed,
    pub(super) number: u64,
    /// The stream where the habit is drawn.
    pub(super) rest: Draw,
    /// Age rank, and of how many.
    pub(super) rank: (f64, f64),
    pub(super) habits: Habits,
    /// Part of its owner's habit that falls to the account.
    pub(super) part: f64,
    /// How much more often an address was verified lately than long ago.
    pub(super) verified_power: f64,
    /// What has become of the contact points since they were verified.
    pub(super) contacts: Contacts,
}

/// Contact points go bad by a hazard that begins with their last verification; so what has become of them hints at when
/// that was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contacts {
    pub(super) mailbox: ContactPoint,
    pub(super) phone: ContactPoint,
    /// Hazards per day.
    pub(super) mail_per_day: f64,
    pub(super) phone_per_day: f64,
}

/// Dates of verification that are tried. A numerical device: the next one is taken as it comes.
const TRIES: u32 = 12;

impl Contacts {
    /// Draws the date of verification anew, by rejection, until it fits what has become of the contact points: the density
    /// without them, times how likely they are what they are after so long.
    pub(super) fn tell(
        &self,
        mut tries: Draw,
        (age_days, last_seen_days): (f32, f32),
        verified_power: f64,
        luck: &mut Luck,
    ) {
        if age_days <= last_seen_days || (self.mail_per_day <= 0.0 && self.phone_per_day <= 0.0) {
            return;
        }
        let limits = (f64::from(last_seen_days), f64::from(age_days));
        for _ in 0..TRIES {
            let verified = luck.history(age_days, last_seen_days, true, verified_power).verified_days;
            if tries.uniform() < self.likelihood(f64::from(verified), limits) {
                return;
            }
            luck.verified = tries.uniform() as f32;
        }
    }

    /// How likely it is that the contact points are as they are, verified so long ago, as a part of the most that it can be
    /// within these limits.
    fn likelihood(&self, verified_days: f64, (least_days, most_days): (f64, f64)) -> f64 {
        let of = |contact: ContactPoint, per_day: f64| match contact {
            _ if per_day <= 0.0 => 1.0,
            ContactPoint::Dead | ContactPoint::Recycled => {
                (-per_day * verified_days).exp_m1() / (-per_day * most_days).exp_m1()
            }
            ContactPoint::Alive => (-per_day * (verified_days - least_days)).exp(),
            ContactPoint::None | ContactPoint::Mistyped => 1.0,
        };
        of(self.mailbox, self.mail_per_day) * of(self.phone, self.phone_per_day)
    }
}

impl Later {
    /// Nothing is left to draw.
    pub fn known(rate_per_day: f64, history: History) -> Self {
        Self {
            recipe: None,
            rate_per_day: rate_per_day.into(),
            history: history.into(),
        }
    }

    #[inline]
    pub fn rate_per_day(&self) -> f64 {
        *self.rate_per_day.get_or_init(|| match &self.recipe {
            Some(recipe) => recipe.part * recipe.habits.rate_per_day.sample(&mut recipe.rest.clone()),
            None => 0.0,
        })
    }

    #[inline]
    pub fn history(&self, email_verified: bool) -> &History {
        self.history.get_or_init(|| match &self.recipe {
            Some(recipe) => recipe.history(self.rate_per_day(), email_verified),
            None => History::default(),
        })
    }
}

impl Recipe {
    fn history(&self, rate_per_day: f64, email_verified: bool) -> History {
        let mut draw = self.seed.draw(self.number, Purpose::Traits, 0);
        let quantile = (self.rank.0 + draw.uniform()) / self.rank.1;
        let age_days = (365.25 * self.habits.age_years(quantile)) as f32;
        let mut luck = Luck::draw(&mut draw);
        let last_seen_days = luck.last_seen_days(age_days, rate_per_day);
        if email_verified {
            let tries = self.seed.draw(self.number, Purpose::Traits, 1);
            self.contacts.tell(tries, (age_days, last_seen_days), self.verified_power, &mut luck);
        }
        luck.history(age_days, last_seen_days, email_verified, self.verified_power)
    }
}

/// The luck of a history.
pub(super) struct Luck {
    seen: Exponential,
    verified: f32,
    responds: f64,
}

impl Luck {
    pub(super) fn draw(draw: &mut Draw) -> Self {
        Self {
            seen: Exponential::draw(draw),
            verified: draw.uniform() as f32,
            responds: draw.uniform(),
        }
    }

    pub(super) fn last_seen_days(&self, age_days: f32, rate_per_day: f64) -> f32 {
        // Not since the account was made, for many: that takes no logarithm to see.
        if self.seen.above() / rate_per_day >= f64::from(age_days) {
            age_days
        } else {
            (self.seen.value() / rate_per_day).min(f64::from(age_days)) as f32
        }
    }

    pub(super) fn history(
        &self,
        age_days: f32,
        last_seen_days: f32,
        email_verified: bool,
        verified_power: f64,
    ) -> History {
        let verified_days = if email_verified {
            last_seen_days + bent((age_days - last_seen_days).max(0.0), self.verified, verified_power)
        } else {
            age_days
        };
        History {
            age_days,
            last_seen_days,
            verified_days,
            responds: self.responds,
        }
    }
}

/// `scale` times a uniform number to a power.
#[inline]
pub(super) fn bent(scale: f32, uniform: f32, power: f64) -> f32 {
    // The product is exact to the last digit, which a power need not be.
    if power == 2.0 {
        scale * uniform * uniform
    } else {
        scale * uniform.powf(power as f32)
    }
}

/// The gamma distribution with this shape and rate; both are positive by their types, so it exists.
pub(super) fn gamma(shape: f64, rate: f64) -> Gamma<f64> {
    Gamma::new(shape, 1.0 / rate).unwrap_or_else(|_| unreachable!("shape and rate are positive"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The date of verification follows the density without hazards times the likelihood, but for the tries that fail all.
    #[test]
    fn the_date_of_verification_fits_what_has_become_of_the_contacts() {
        const N: u32 = 20_000;
        let (age_days, last_seen_days, power) = (4_000.0_f32, 100.0_f32, 2.0);
        let per_day = 0.225 / 365.25;
        let at = |uniform: f32| {
            let luck = Luck {
                seen: Exponential::default(),
                verified: uniform,
                responds: 0.0,
            };
            f64::from(luck.history(age_days, last_seen_days, true, power).verified_days)
        };
        for (mailbox, phone) in [
            (ContactPoint::Alive, ContactPoint::Alive),
            (ContactPoint::Dead, ContactPoint::Alive),
            (ContactPoint::Dead, ContactPoint::Recycled),
            (ContactPoint::None, ContactPoint::Recycled),
        ] {
            let contacts = Contacts {
                mailbox,
                phone,
                mail_per_day: per_day,
                phone_per_day: per_day / 4.0,
            };
            let limits = (f64::from(last_seen_days), f64::from(age_days));
            let (mut plain, mut weight, mut weighted) = (0.0, 0.0, 0.0);
            for place in 0..N {
                let days = at((f64::from(place) + 0.5) as f32 / N as f32);
                let likely = contacts.likelihood(days, limits);
                assert!((0.0..=1.0 + 1e-9).contains(&likely), "{likely}");
                plain += days / f64::from(N);
                weight += likely / f64::from(N);
                weighted += likely * days / f64::from(N);
            }
            let none_fits = (1.0 - weight).powi(TRIES as i32);
            let expected = (1.0 - none_fits) * weighted / weight + none_fits * plain;
            let (mut sum, mut squares) = (0.0, 0.0);
            for number in 0..N {
                let mut draw = Seed::new(5, 0).draw(u64::from(number), Purpose::Traits, 0);
                let mut luck = Luck::draw(&mut draw);
                let tries = Seed::new(5, 0).draw(u64::from(number), Purpose::Traits, 1);
                contacts.tell(tries, (age_days, last_seen_days), power, &mut luck);
                let days = at(luck.verified);
                sum += days;
                squares += days * days;
            }
            let mean = sum / f64::from(N);
            let error = ((squares / f64::from(N) - mean * mean) / f64::from(N)).sqrt();
            assert!((mean - expected).abs() < 4.0 * error, "{mailbox:?}, {phone:?}: {mean} for {expected}");
        }
    }
}
