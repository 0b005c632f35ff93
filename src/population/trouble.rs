//! Hidden trouble: what is wrong behind an account and stands on no record.
//!
//! Each kind is drawn account by account, with a chance that grows with what the record hints at:
//!
//!   chance = least of 1 and share x odds / odds of the reference population,
//!   odds   = (product of the factors that apply)^hints_power
//!
//! The share is that of a reference population, whose records are as the defaults have them. So a directory with more
//! leaked passwords, fewer verified addresses or fewer second factors has more trouble, and stronger hints alone do not
//! make more of it. Kinds exclude each other where they cannot be together: nobody has an intruder or a mistyped
//! address, and who planted an account knew the address.

use super::unit::{Account, UnitKind};
use crate::listed::listed;
use crate::random::{Draw, Purpose, Seed};
use crate::scenario::Scenario;
use crate::scenario::population::Shares;
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

/// Draws hidden trouble.
#[derive(Clone, Debug)]
pub struct Troubles {
    seed: Seed,
    trouble: Trouble,
    factors: Factors,
    /// By segment: customers who stay signed in, and aliases among the second accounts of one person.
    segments: Vec<(f64, f64)>,
    /// Chance at odds of 1, by kind.
    base: [f64; Kind::ALL.len()],
    /// Chance at the highest odds there can be, by kind: most accounts are spared whatever is on their records.
    most: [f64; Kind::ALL.len()],
}

/// The factors of all hints, raised to the power of the scenario.
#[derive(Clone, Debug)]
struct Factors {
    leaked: f64,
    mfa: f64,
    unverified: [f64; Kind::ALL.len()],
    unused: f64,
    never_back: f64,
    incomplete: f64,
}

/// Of the reference population, the share of accounts that have been unused for `UNUSED_DAYS`, and the share of those that
/// nobody has come back to since they were made: as the default habit has them.
const REFERENCE_UNUSED: f64 = 0.6;
const REFERENCE_NEVER_BACK: f64 = 0.44;
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

    /// The hints at a kind: the share of the reference population that has one, and its factor.
    fn hints(&self, kind: Kind) -> Vec<(f64, f64)> {
        let shares = Shares::default();
        let unverified = (shares.unverified_email.get(), self.unverified[kind as usize]);
        match kind {
            Kind::Intruder => vec![
                (shares.leaked.get(), self.leaked),
                (shares.mfa.get(), self.mfa),
                (REFERENCE_UNUSED, self.unused),
                unverified,
            ],
            // Told as a share of those that it can happen to.
            Kind::Mistyped => Vec::new(),
            Kind::Planted => vec![unverified],
            Kind::Nobody => vec![
                (REFERENCE_NEVER_BACK, self.never_back),
                (shares.incomplete.get(), self.incomplete),
                unverified,
            ],
        }
    }

    /// Mean odds in the reference population, where hints are independent of each other.
    fn of_reference(&self, kind: Kind) -> f64 {
        self.hints(kind).iter().map(|(share, factor)| 1.0 + share * (factor - 1.0)).product()
    }

    /// The highest odds of a kind.
    fn most(&self, kind: Kind) -> f64 {
        self.hints(kind).iter().map(|(_, factor)| factor.max(1.0)).product()
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
    /// The trouble of a scenario in one replication.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let trouble = scenario.population.trouble.clone();
        let factors = Factors::new(&trouble);
        let base = Kind::ALL.map(|kind| Self::share_of(&trouble, kind).get() / factors.of_reference(kind));
        Self {
            seed,
            base,
            most: Kind::ALL.map(|kind| base[kind as usize] * factors.most(kind)),
            factors,
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

    /// Whether trouble of a kind strikes an account whose luck is `place`. Its history is drawn only where it decides.
    fn strikes(&self, kind: Kind, place: f64, account: &Account) -> bool {
        if place >= self.most[kind as usize] {
            return false;
        }
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
        self.strike(places, active, &mut draw, account);
        if account.record.status == Status::Disabled && for_good {
            account.truth.behind = Behind::Gone;
        }
        if matches!(account.truth.behind, Behind::Nobody | Behind::Gone) {
            account.forget_habit();
        }
    }

    fn strike(&self, places: [f64; Kind::ALL.len()], active: bool, draw: &mut Draw, account: &mut Account) {
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
