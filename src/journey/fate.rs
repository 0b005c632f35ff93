//! Fate: what lies ahead of an account whatever the strategy. Worked out once, lived through under every strategy.

use super::habit::Habit;
use super::member::{Clock, Control, Credential, Member, Resident};
use super::threat::FirstAttempts;
use super::world::{World, YEAR_MS};
use crate::calendar::SimTime;
use crate::plan::RolloutLuck;
use crate::population::unit::{Account, Unit};
use crate::random::{Draw, Exponential, Purpose};
use crate::terms::Vector;
use crate::terms::record::{Behind, Foothold, Status};

/// What lies ahead of one account.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    /// When its owner would sign in.
    pub habit: Habit,
    /// The yes/no fields of its record, for matching rules.
    pub bits: u32,
    /// Luck in the order of rollouts: place, canary, send queue.
    pub rollout: RolloutLuck,
    /// The owner has a living session at a time taken at random.
    pub has_session: bool,
    /// A copy of a campaign's mail would take the owner in.
    pub gullible: bool,
    /// The owner's passwords are in a password manager.
    pub manager: bool,
}

/// The fates of a unit's accounts.
#[derive(Clone, Debug, Default)]
pub struct Fates {
    /// In the order of the unit's accounts.
    pub accounts: Vec<Fate>,
    /// The accounts at the start, before any rollout: what they are, and when their clocks first fire. An impostor's
    /// clock runs as if impostors were as busy as during a campaign.
    pub start: Vec<Member>,
}

/// The draws that every fate takes: the order of rollouts in two blocks, what attackers have in store, false alarms.
const SURE: [(Purpose, u32); 4] = [
    (Purpose::Rollout, 0),
    (Purpose::Rollout, 1),
    (Purpose::Exposure, 0),
    (Purpose::Alarm, 0),
];

impl Fates {
    /// Works out the fates of a unit.
    pub fn cast(&mut self, world: &World, unit: &Unit) {
        let size = unit.accounts.len();
        if self.accounts.len() < size {
            self.accounts.reserve_exact(size - self.accounts.len());
            self.accounts.resize(size, Fate::default());
        }
        self.start.clear();
        self.start.reserve_exact(size);
        self.start.resize(size, Member::default());
        let fates = self.accounts.iter_mut().zip(&mut self.start);
        for (number, ((fate, start), account)) in (unit.first_account..).zip(fates.zip(&unit.accounts)) {
            let window = world.zones[usize::from(account.truth.zone)];
            fate.bits = account.record.bits();
            let [mut draw, mut rest, exposure, alarm] = world.seed.draws(number, SURE);
            fate.rollout = RolloutLuck::draw(&mut draw);
            let first = Exponential::draw(&mut draw);
            fate.manager = rest.chance(world.behaviour.sign_in.manager_share.get());
            let forgotten = if fate.manager {
                0.0
            } else {
                world.forgotten_share(account.rate_per_day())
            };
            fate.habit.start(world.seed, number, account, (forgotten, first), window);
            fate.begin(start, world, account);
            fate.expose(start, world, number, account, (exposure, alarm));
        }
    }
}

impl Fate {
    /// The account at the start, its owner's clocks set.
    fn begin(&mut self, start: &mut Member, world: &World, account: &Account) {
        let (record, horizon, profile) = (&account.record, world.horizon, &world.sign_in_hours);
        start.locked = record.status == Status::Locked;
        start.disabled = record.status == Status::Disabled;
        if !record.has_password() {
            start.credential = Credential::Suspended;
        }
        // Nobody leaves where nobody is.
        if account.truth.behind == Behind::Customer {
            let leaves = world.leaves(record, &account.truth, 0.0, SimTime::START);
            start.set(Clock::Leave, leaves, horizon);
        }
        start.set(Clock::Forgotten, self.habit.forgotten_after(SimTime::START, profile), horizon);
        if start.sign_in_matters() {
            start.set(Clock::SignIn, self.habit.remembered_after(SimTime::START, profile), horizon);
        }
    }

    /// What attackers have in store for the account.
    fn expose(
        &mut self,
        start: &mut Member,
        world: &World,
        number: u64,
        account: &Account,
        (mut draw, mut everyday): (Draw, Draw),
    ) {
        // Signed in within the lifetime of a session.
        self.has_session = !draw.spared(account.rate_per_day() * world.session.0 as f64 / 86_400_000.0);
        self.gullible = false;
        if account.truth.behind == Behind::Customer {
            let per_ms = world.threat.false_alarms_per_year.get() / YEAR_MS;
            start.set(Clock::Alarm, world.first_of(per_ms, everyday.uniform()), world.horizon);
        }
        if !world.threat.enabled {
            return;
        }
        if account.truth.foothold.any() {
            self.let_in(start, world, number, account);
        }
        let exposed = draw.chance(world.threat.session_exposed_share.get());
        let mut first = FirstAttempts {
            session: SimTime::NEVER,
            impostor: world.first_of(world.impostor_candidates_per_ms(), draw.uniform()),
            stuffing: SimTime::NEVER,
            phishing: SimTime::NEVER,
            planted: SimTime::NEVER,
            store_leak: SimTime::NEVER,
        };
        if start.foothold.has(Foothold::MAIL) {
            let per_ms = 1.0 / (world.returns_mean_days * 86_400_000.0);
            first.planted = world.first_of(per_ms, world.seed.draw(number, Purpose::Intruder, 2 << 30).uniform());
        }
        if let Some(day) = world.threat.store_leak_day
            && account.record.has_password()
        {
            let cracked = if account.record.hash_portable {
                world.threat.cracked_strong_share
            } else {
                world.threat.cracked_weak_share
            };
            if world.seed.draw(number, Purpose::StoreLeak, 0).chance(cracked.get()) {
                first.store_leak = SimTime::from_days(day.get());
            }
        }
        self.gullible = draw.chance(world.threat.phished_share.get());
        if exposed {
            let mean_ms = world.threat.session_mean_days.get() * 86_400_000.0;
            first.session = SimTime((draw.exponential() * mean_ms) as i64);
        }
        if account.record.has_password() && account.truth.behind == Behind::Customer {
            let per_ms = world.threat.phished_per_year.get() / YEAR_MS;
            first.phishing = world.first_of(per_ms, everyday.uniform());
        }
        if account.truth.leaked {
            let luck = world.seed.draw(number, Purpose::Stuffing, 0).uniform();
            first.stuffing = world.first_of(world.stuffing_per_ms, luck);
        }
        for (clock, at) in Vector::ALL.into_iter().filter_map(|vector| first.by(vector)) {
            start.set(clock, at, world.horizon);
        }
    }
}

impl Fate {
    /// Somebody is inside since before the first day, or has planted a contact point.
    fn let_in(&mut self, start: &mut Member, world: &World, number: u64, account: &Account) {
        start.foothold = account.truth.foothold;
        start.password_known = start.foothold.has(Foothold::PASSWORD);
        // Behind a locked or disabled door the password opens nothing, and behind a disabled one nor does a session.
        if start.locked || start.disabled {
            start.foothold = start.foothold.without(Foothold::PASSWORD);
        }
        if start.disabled {
            start.foothold = start.foothold.without(Foothold::SESSION);
        }
        if !start.foothold.has(Foothold::PASSWORD.or(Foothold::SESSION)) {
            return;
        }
        start.control = Control::Attacker(Vector::Resident);
        start.resident = Resident::Inside;
        start.held_since = SimTime::START;
        let luck = world.seed.draw(number, Purpose::Intruder, 3 << 30).uniform();
        start.set(Clock::Told, world.first_of(world.threat.told_per_year.get() / YEAR_MS, luck), world.horizon);
        // Remembered sign-ins make a difference now.
        start.set(Clock::SignIn, self.habit.remembered_after(SimTime::START, &world.sign_in_hours), world.horizon);
    }
}

impl World {
    /// Share of sign-ins with a forgotten password of a customer who signs in at this rate. A password typed `t` days ago is
    /// forgotten with chance least + (most - least) x (1 - exp(-t / scale)), and gaps are exponential.
    pub fn forgotten_share(&self, rate_per_day: f64) -> f64 {
        let sign_in = &self.behaviour.sign_in;
        self.forgotten_after(1.0 / (1.0 + rate_per_day * sign_in.forgetting_days.get()))
    }

    /// The chance of having forgotten a password of which this part of the way from least to most has been gone.
    pub fn forgotten_after(&self, part: f64) -> f64 {
        let sign_in = &self.behaviour.sign_in;
        let (least, most) = (sign_in.forgotten_least_share.get(), sign_in.forgotten_most_share.get());
        least + (most - least).max(0.0) * part
    }

    /// Hazard of an impostor's call per account and millisecond when impostors are busiest.
    pub fn impostor_candidates_per_ms(&self) -> f64 {
        self.impostor_per_ms * self.threat.campaign_factor.get().max(1.0)
    }

    /// The time after a moment at which a hazard strikes, by inversion of `luck`; `NEVER` if beyond the horizon.
    #[inline]
    pub fn first_of(&self, per_ms: f64, luck: f64) -> SimTime {
        // -ln(luck) / rate < horizon, without the logarithm for the many who are spared.
        if per_ms <= 0.0 || 1.0 - luck >= per_ms * self.horizon.0 as f64 {
            return SimTime::NEVER;
        }
        SimTime((-luck.ln() / per_ms) as i64)
    }
}
