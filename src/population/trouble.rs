//! Hidden trouble: what is wrong behind an account and stands on no record.
//!
//! Each kind has a share of all accounts and is drawn account by account, with a chance that grows with what the record
//! hints at:
//!
//!   chance = least of 1 and base x odds,   odds = (product of the factors that apply)^hints_power
//!
//! The base is what makes the share come out on average, however strong the hints are; it is found over a sample of the
//! population. Kinds exclude each other where they cannot be together: nobody has an intruder or a mistyped address, and
//! who planted an account knew the address.

use super::unit::{Account, UnitKind};
use crate::listed::listed;
use crate::random::{Draw, Purpose, Seed};
use crate::scenario::Scenario;
use crate::scenario::trouble::Trouble;
use crate::terms::record::{Behind, ContactPoint, Foothold, History, Provider, Record, Status};
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

/// Odds of an account, by kind; 0 where it cannot be.
pub type Odds = [f64; Kind::ALL.len()];

/// Draws hidden trouble.
#[derive(Clone, Debug)]
pub struct Troubles {
    seed: Seed,
    trouble: Trouble,
    factors: Factors,
    /// By segment: customers who stay signed in, and aliases among the second accounts of one person.
    segments: Vec<(f64, f64)>,
    /// Chance at odds of 1, by kind.
    base: Odds,
}

/// The factors of all hints, raised to the power of the scenario.
#[derive(Clone, Debug)]
struct Factors {
    leaked: f64,
    mfa: f64,
    unverified: Odds,
    unused: f64,
    never_back: f64,
    incomplete: f64,
}

/// Accounts that are looked at for the base. A numerical device.
pub const SAMPLE: u64 = 8_192;
/// Days without a sign-in after which an account is unused, for the odds of an intruder.
const UNUSED_DAYS: f32 = 90.0;

impl Factors {
    fn new(trouble: &Trouble) -> Self {
        let Trouble { intruder, planted, nobody, .. } = trouble;
        let of = |factor: Factor| factor.get().powf(trouble.hints_power.get());
        Self {
            leaked: of(intruder.leaked_factor),
            mfa: of(intruder.mfa_factor),
            unverified: [
                of(intruder.unverified_factor),
                1.0,
                of(planted.unverified_factor),
                of(nobody.unverified_factor),
            ],
            unused: of(intruder.unused_factor),
            never_back: of(nobody.never_back_factor),
            incomplete: of(nobody.incomplete_factor),
        }
    }

    /// The odds by what takes no look at the history.
    fn at_once(&self, kind: Kind, account: &Account) -> f64 {
        let (record, truth) = (&account.record, &account.truth);
        // Google and Apple vouch for the address of a social identity.
        let vouched = matches!(record.provider, Provider::Google | Provider::Apple);
        let when = |applies: bool, factor: f64| if applies { factor } else { 1.0 };
        let odds = match kind {
            Kind::Intruder => when(truth.leaked, self.leaked) * when(record.mfa, self.mfa),
            Kind::Mistyped => {
                // A mailbox that several accounts use is somebody's own.
                let can_be = is_unverified(record) && !record.email_shared && !vouched;
                return if can_be && truth.mailbox == ContactPoint::Alive {
                    1.0
                } else {
                    0.0
                };
            }
            Kind::Planted if !record.email || vouched => return 0.0,
            Kind::Planted => 1.0,
            // Those that the organisation has found out about are disabled for good, and counted there.
            Kind::Nobody if record.status == Status::Disabled => return 0.0,
            Kind::Nobody => when(!record.complete, self.incomplete),
        };
        odds * when(is_unverified(record), self.unverified[kind as usize])
    }

    /// What the odds are multiplied by where the history has it.
    fn by_history(&self, kind: Kind) -> f64 {
        match kind {
            Kind::Intruder => self.unused,
            Kind::Nobody => self.never_back,
            Kind::Mistyped | Kind::Planted => 1.0,
        }
    }

    fn applies(kind: Kind, history: &History) -> bool {
        match kind {
            Kind::Intruder => history.last_seen_days > UNUSED_DAYS,
            Kind::Nobody => history.last_seen_days >= history.age_days,
            Kind::Mistyped | Kind::Planted => false,
        }
    }
}

fn is_unverified(record: &Record) -> bool {
    record.email && !record.email_verified
}

impl Troubles {
    /// The trouble of a scenario in one replication, before the odds of its population are known.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let trouble = scenario.population.trouble.clone();
        let shares = |kind| Self::share_of(&trouble, kind).get();
        Self {
            seed,
            base: Kind::ALL.map(shares),
            factors: Factors::new(&trouble),
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

    /// Takes the odds of a sample of the population into account, so that every share comes out on average.
    pub fn norm(&mut self, sample: &[Odds]) {
        // Chance that an account is still to be had for the kinds that come later.
        let mut left = vec![1.0; sample.len()];
        for kind in [Kind::Nobody, Kind::Intruder, Kind::Mistyped, Kind::Planted] {
            let share = Self::share_of(&self.trouble, kind).get();
            let odds = || sample.iter().map(|odds| odds[kind as usize]);
            let base = base(share * sample.len() as f64, &odds().zip(left.iter().copied()).collect::<Vec<_>>());
            self.base[kind as usize] = base;
            if matches!(kind, Kind::Nobody | Kind::Mistyped) {
                left.iter_mut().zip(odds()).for_each(|(left, odds)| *left *= 1.0 - (base * odds).min(1.0));
            }
        }
    }

    /// The odds of an account of whose trouble nothing has been drawn.
    pub fn odds(&self, account: &Account) -> Odds {
        Kind::ALL.map(|kind| {
            let odds = self.factors.at_once(kind, account);
            match Factors::applies(kind, account.history()) {
                true => odds * self.factors.by_history(kind),
                false => odds,
            }
        })
    }

    /// Whether trouble of a kind strikes an account whose luck is `place`. Its history is drawn only where it decides.
    fn strikes(&self, kind: Kind, place: f64, account: &Account) -> bool {
        let chance = self.base[kind as usize] * self.factors.at_once(kind, account);
        let other = chance * self.factors.by_history(kind);
        if place < chance.min(other) {
            return true;
        }
        place < chance.max(other) && (place < other) == Factors::applies(kind, account.history())
    }

    /// Draws what is wrong behind an account.
    pub fn set(&self, number: u64, (kind, member): (UnitKind, usize), account: &mut Account) {
        let [mut first, mut draw] = self.seed.draws(number, [(Purpose::Trouble, 0), (Purpose::Trouble, 1)]);
        let (stays, alias) = self.segments[usize::from(account.record.segment)];
        let places = Kind::ALL.map(|_| first.uniform());
        let truth = &mut account.truth;
        truth.stays_signed_in = draw.chance(stays);
        truth.alias = draw.chance(alias) && kind == UnitKind::Duplicate && member > 0;
        let for_good = !draw.chance(self.trouble.disabled_genuine_share.get());
        let active = draw.chance(self.trouble.nobody.active_share.get());
        truth.behind = Behind::Customer;
        truth.foothold = Foothold::NONE;
        if self.needs_odds() {
            self.strike(places, active, &mut draw, account);
        }
        if account.record.status == Status::Disabled && for_good {
            account.truth.behind = Behind::Gone;
        }
        if matches!(account.truth.behind, Behind::Nobody | Behind::Gone) {
            account.forget_habit();
        }
    }

    fn strike(&self, places: Odds, active: bool, draw: &mut Draw, account: &mut Account) {
        let [intruder, mistyped, planted, nobody] =
            Kind::ALL.map(|kind| self.strikes(kind, places[kind as usize], account));
        let has_password = account.record.has_password();
        let truth = &mut account.truth;
        if nobody {
            truth.behind = if active { Behind::Program } else { Behind::Nobody };
            return;
        }
        if intruder {
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
        if mistyped {
            truth.mailbox = ContactPoint::Mistyped;
        } else if planted {
            truth.foothold = truth.foothold.or(Foothold::MAIL);
            let own_phone = truth.phone == ContactPoint::Alive && !account.record.phone_shared;
            if draw.chance(self.trouble.planted.phone_share.get()) && own_phone {
                // The number on record is the planter's: codes do not reach the owner.
                truth.foothold = truth.foothold.or(Foothold::PHONE);
                truth.phone = ContactPoint::Mistyped;
            }
        }
    }
}

/// The base for which the chances of these odds, each with a weight, sum to `wanted`, or to as much as they can.
fn base(wanted: f64, odds: &[(f64, f64)]) -> f64 {
    let able = || odds.iter().filter(|(odds, weight)| odds * weight > 0.0);
    let sum: f64 = able().map(|(odds, weight)| odds * weight).sum();
    if wanted <= 0.0 || sum <= 0.0 {
        return 0.0;
    }
    let (least, most) =
        able().fold((f64::MAX, 0.0_f64), |(least, most), (odds, _)| (least.min(*odds), most.max(*odds)));
    // As long as no chance is above 1, they sum to the base times the odds.
    let mut low = wanted / sum;
    if low * most <= 1.0 {
        return low;
    }
    let chances = |base: f64| able().map(|(odds, weight)| (base * odds).min(1.0) * weight).sum::<f64>();
    let mut high = low.max(1.0 / least);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if chances(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Halvings of the interval in which the base lies. A numerical device.
const HALVINGS: u32 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_meets_what_is_wanted() {
        let sum = |base: f64, odds: &[(f64, f64)]| odds.iter().map(|(o, w)| (base * o).min(1.0) * w).sum::<f64>();
        let odds = [(1.0, 1.0), (10.0, 0.5), (0.0, 1.0), (0.1, 1.0)];
        for wanted in [0.0, 0.01, 0.3, 0.61, 1.2, 2.4] {
            let got = sum(base(wanted, &odds), &odds);
            assert!((got - wanted).abs() < 1e-9, "{got} for {wanted}");
        }
        // All that can be, where more is wanted, and nothing where nothing can be.
        assert!((sum(base(9.0, &odds), &odds) - 2.5).abs() < 1e-9);
        assert_eq!(base(1.0, &[(0.0, 1.0)]), 0.0);
        assert_eq!(base(1.0, &[]), 0.0);
    }
}
