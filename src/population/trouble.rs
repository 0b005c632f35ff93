//! Hidden trouble: what is wrong behind an account and stands on no record.
//!
//! Each kind has a share of all accounts and is drawn account by account, with a chance that grows with what the record
//! hints at:
//!
//!   chance = share x odds / mean odds,   odds = (product of the factors that apply)^hints_power
//!
//! so that the share is met on average however strong the hints are. The mean is taken over a sample of the population.

use super::unit::{Account, UnitKind};
use crate::listed::listed;
use crate::random::{Draw, Purpose, Seed};
use crate::scenario::Scenario;
use crate::scenario::trouble::Trouble;
use crate::terms::record::{Behind, ContactPoint, Foothold, Provider, Status};
use crate::values::{Factor, Share};

listed! {
    /// A kind of trouble that the record hints at.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Kind {
        /// In other hands on the first day.
        Intruder,
        /// Somebody else's address, mistyped.
        Mistyped,
        /// A contact point planted before the owner came.
        Planted,
        /// Nobody behind it.
        Nobody,
    }
}

/// Draws hidden trouble.
#[derive(Clone, Debug)]
pub struct Troubles {
    seed: Seed,
    trouble: Trouble,
    /// By segment: customers who stay signed in, and aliases among the second accounts of one person.
    segments: Vec<(f64, f64)>,
    /// Chance at odds of 1, by kind.
    base: [f64; Kind::ALL.len()],
}

/// Accounts that are looked at for the mean odds. A numerical device.
pub const SAMPLE: u64 = 8_192;
/// Days without a sign-in after which an account is unused, for the odds of an intruder.
const UNUSED_DAYS: f32 = 90.0;

impl Troubles {
    /// The trouble of a scenario in one replication, before the odds of its population are known.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let trouble = scenario.population.trouble.clone();
        let shares = |kind| Self::share_of(&trouble, kind).get();
        Self {
            seed,
            base: Kind::ALL.map(shares),
            segments: scenario
                .segments()
                .iter()
                .map(|s| (s.shares.stays_signed_in.get(), s.shares.alias_of_duplicates.get()))
                .collect(),
            trouble,
        }
    }

    fn share_of(trouble: &Trouble, kind: Kind) -> Share {
        match kind {
            Kind::Intruder => trouble.intruder.share,
            Kind::Mistyped => trouble.mistyped.share,
            Kind::Planted => trouble.planted.share,
            Kind::Nobody => trouble.nobody.share,
        }
    }

    /// Whether the odds of the population matter at all.
    pub fn needs_odds(&self) -> bool {
        self.base.iter().any(|&share| share > 0.0)
    }

    /// Takes the odds of a sample of the population into account.
    pub fn norm(&mut self, sample: &[[f64; Kind::ALL.len()]]) {
        for kind in Kind::ALL {
            let sum: f64 = sample.iter().map(|odds| odds[kind as usize]).sum();
            let mean = sum / sample.len().max(1) as f64;
            if mean > 0.0 {
                self.base[kind as usize] /= mean;
            }
        }
    }

    /// The odds of an account, by kind; 0 where it cannot be.
    pub fn odds(&self, account: &Account) -> [f64; Kind::ALL.len()] {
        let (record, truth, history) = (&account.record, &account.truth, account.history());
        let unverified = record.email && !record.email_verified;
        let vouched = matches!(record.provider, Provider::Google | Provider::Apple);
        let when = |applies: bool, factor: Factor| if applies { factor.get() } else { 1.0 };
        let Trouble { intruder, planted, nobody, .. } = &self.trouble;
        Kind::ALL.map(|kind| {
            let factors = match kind {
                Kind::Intruder => {
                    when(truth.leaked, intruder.leaked_factor)
                        * when(record.mfa, intruder.mfa_factor)
                        * when(unverified, intruder.unverified_factor)
                        * when(history.last_seen_days > UNUSED_DAYS, intruder.unused_factor)
                }
                // Google and Apple vouch for the address of a social identity.
                Kind::Mistyped if !unverified || vouched || truth.mailbox != ContactPoint::Alive => return 0.0,
                Kind::Mistyped => 1.0,
                Kind::Planted if !record.email || vouched => return 0.0,
                Kind::Planted => when(unverified, planted.unverified_factor),
                Kind::Nobody => {
                    when(history.last_seen_days >= history.age_days, nobody.never_back_factor)
                        * when(unverified, nobody.unverified_factor)
                        * when(!record.complete, nobody.incomplete_factor)
                }
            };
            match self.trouble.hints_power.get() {
                1.0 => factors,
                power => factors.powf(power),
            }
        })
    }

    /// Draws what is wrong behind an account.
    pub fn set(&self, number: u64, (kind, member): (UnitKind, usize), account: &mut Account) {
        let mut draw = self.seed.draw(number, Purpose::Trouble, 0);
        let (stays, alias) = self.segments[usize::from(account.record.segment)];
        let places = Kind::ALL.map(|_| draw.uniform());
        let truth = &mut account.truth;
        truth.stays_signed_in = draw.chance(stays);
        truth.alias = draw.chance(alias) && kind == UnitKind::Duplicate && member > 0;
        let for_good = !draw.chance(self.trouble.disabled_genuine_share.get());
        let active = draw.chance(self.trouble.nobody.active_share.get());
        truth.behind = Behind::Customer;
        truth.foothold = Foothold::NONE;
        if self.needs_odds() {
            let odds = self.odds(account);
            let struck = |kind: Kind| places[kind as usize] < self.base[kind as usize] * odds[kind as usize];
            self.strike(struck, active, &mut draw, account);
        }
        if account.record.status == Status::Disabled && for_good {
            account.truth.behind = Behind::Gone;
        }
        if matches!(account.truth.behind, Behind::Nobody | Behind::Gone) {
            account.forget_habit();
        }
    }

    fn strike(&self, struck: impl Fn(Kind) -> bool, active: bool, draw: &mut Draw, account: &mut Account) {
        let has_password = account.record.has_password();
        let truth = &mut account.truth;
        if struck(Kind::Nobody) {
            truth.behind = if active { Behind::Program } else { Behind::Nobody };
            return;
        }
        if struck(Kind::Mistyped) {
            truth.mailbox = ContactPoint::Mistyped;
        }
        if struck(Kind::Intruder) {
            let intruder = &self.trouble.intruder;
            let place = draw.uniform();
            let (password, session) = (intruder.password_only_share.get(), intruder.session_only_share.get());
            truth.foothold = match place {
                // Without a password there is only the session to hold.
                _ if !has_password => Foothold::SESSION,
                place if place < password => Foothold::PASSWORD,
                place if place < password + session => Foothold::SESSION,
                _ => Foothold::PASSWORD.or(Foothold::SESSION),
            };
        }
        if struck(Kind::Planted) {
            truth.foothold = truth.foothold.or(Foothold::MAIL);
            if draw.chance(self.trouble.planted.phone_share.get()) && account.record.phone {
                truth.foothold = truth.foothold.or(Foothold::PHONE);
            }
        }
    }
}
