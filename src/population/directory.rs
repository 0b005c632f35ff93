//! A population read from a directory export: real records, imputed truth.
//!
//! Contact points are compared by hashes of their normalised form; no address or number is kept. What the export does
//! not say is drawn from the shares of the scenario, and said so.

mod normal;

mod reading;

use std::sync::Arc;

pub use reading::{BadRow, Report, read};

use super::traits::Traits;
use super::unit::{Account, Unit, UnitKind};
use crate::random::{Purpose, Seed};
use crate::scenario::Segment;
use crate::scenario::population::{Providers, Shares};
use crate::terms::record::{ContactPoint, Method, Provider, Record, Status};

/// The accounts of an export.
#[derive(Clone, Debug)]
pub struct Imported {
    data: Arc<Data>,
    traits: Traits,
}

/// What was read, the same in every replication.
#[derive(Debug)]
struct Data {
    rows: Vec<ExportRow>,
    /// First account of each unit, and the end.
    first_accounts: Vec<u32>,
    kinds: Vec<UnitKind>,
    segments: Vec<Segment>,
    providers: Providers,
    /// By segment: who can have what is drawn.
    bases: Vec<Bases>,
    /// Mean staleness of mailboxes over all rows, against which an account's own is held.
    mean_staleness: f64,
    report: Report,
    digest: String,
}

/// One row of the export, as far as it says something.
#[derive(Clone, Copy, Debug, Default)]
struct ExportRow {
    /// Line of the file.
    line: u64,
    email: Option<u64>,
    phone: Option<u64>,
    /// Hash of the names, if there are any.
    names: Option<u64>,
    person: u8,
    email_verified: Option<bool>,
    age_days: Option<f32>,
    last_seen_days: Option<f32>,
    provider: Option<Provider>,
    /// Whether there is a password, and whether its hash can be imported.
    hash: Option<Option<bool>>,
    mfa: Option<bool>,
    status: Option<Status>,
    segment: Option<u8>,
    complete: Option<bool>,
    phone_shared: bool,
    role_mailbox: bool,
    phone_known: bool,
}

/// Parts of the accounts that alone can have an attribute. Where its share is of all accounts, the chance among them is
/// that much larger.
#[derive(Clone, Copy, Debug, Default)]
struct Bases {
    /// Accounts with an e-mail address.
    email: f64,
    /// Accounts with an e-mail address of their own.
    own_email: f64,
    /// Accounts with a phone number of their own.
    own_phone: f64,
    /// Accounts with a password.
    password: f64,
}

impl Bases {
    /// The parts among the rows that are or may be in a segment; what the rows do not say is as the shares say.
    fn of<'a>(rows: impl Iterator<Item = (&'a ExportRow, UnitKind)>, shares: &Shares) -> Self {
        let (only, both) = (shares.social_only.get(), shares.social_and_password.get());
        let organisation = shares.organisation_only.get();
        let (mut sums, mut count) = (Self::default(), 0.0_f64);
        let one_if = |yes: bool| f64::from(u8::from(yes));
        for (row, kind) in rows {
            count += 1.0;
            sums.email += one_if(row.email.is_some());
            sums.own_email += one_if(row.email.is_some() && !kind.shares_mailbox());
            sums.own_phone += if row.phone_known {
                one_if(row.phone.is_some() && !row.phone_shared)
            } else {
                1.0 - shares.no_phone.get()
            };
            sums.password += match (row.hash, row.provider) {
                (Some(Some(_)), _) | (_, Some(Provider::None)) => 1.0,
                (Some(None), _) => 0.0,
                (None, Some(_)) => both / (only + both).max(1e-9),
                (None, None) => 1.0 - only - organisation,
            };
        }
        let part = |sum: f64| (sum / count.max(1.0)).max(1e-9);
        Self {
            email: part(sums.email),
            own_email: part(sums.own_email),
            own_phone: part(sums.own_phone),
            password: part(sums.password),
        }
    }
}

impl Imported {
    /// The same accounts in another replication: what is imputed is drawn anew.
    pub fn with_seed(&self, seed: Seed) -> Self {
        Self {
            data: Arc::clone(&self.data),
            traits: self.traits.with_seed(seed),
        }
    }

    /// How the reading went.
    pub fn report(&self) -> &Report {
        &self.data.report
    }

    /// Hash of the file.
    pub fn digest(&self) -> &str {
        &self.data.digest
    }

    /// Number of accounts.
    pub fn accounts(&self) -> u64 {
        self.data.rows.len() as u64
    }

    /// Number of units.
    pub fn units(&self) -> u64 {
        self.data.kinds.len() as u64
    }

    /// The unit that holds an account.
    pub fn unit_of(&self, account: u64) -> u64 {
        self.data.first_accounts.partition_point(|first| u64::from(*first) <= account) as u64 - 1
    }

    /// The first account of a unit.
    pub fn first_account(&self, unit: u64) -> u64 {
        u64::from(self.data.first_accounts[unit as usize])
    }

    /// The line of the export that an account was read from.
    pub fn line(&self, account: u64) -> u64 {
        self.data.rows[account as usize].line
    }

    /// Computes the traits of a unit.
    pub fn unit(&self, number: u64, unit: &mut Unit) {
        let first = self.first_account(number);
        unit.number = number;
        unit.first_account = first;
        unit.kind = self.data.kinds[number as usize];
        unit.accounts.clear();
        for account in first..self.first_account(number + 1) {
            unit.accounts.push(self.account(account, unit.kind, (account - first) as u8));
        }
    }

    fn account(&self, number: u64, kind: UnitKind, member: u8) -> Account {
        let row = &self.data.rows[number as usize];
        let mut draw = self.traits.seed().draw(number, Purpose::Imputation, 0);
        let mut account = Account::default();
        let record = &mut account.record;

        record.segment = row.segment.unwrap_or_else(|| self.any_segment(draw.uniform()));
        let segment = &self.data.segments[usize::from(record.segment)];
        let shares = &segment.shares;
        let bases = &self.data.bases[usize::from(record.segment)];
        let habits = &self.traits.habits[usize::from(record.segment)];
        let age_days = row.age_days.unwrap_or_else(|| (365.25 * habits.age_years(draw.uniform())) as f32);
        record.email = row.email.is_some();
        record.email_shared = kind.shares_mailbox();
        record.email_verified = record.email
            && row.email_verified.unwrap_or_else(|| !draw.chance(shares.unverified_email.get() / bases.email));
        record.phone = if row.phone_known {
            row.phone.is_some()
        } else {
            !draw.chance(shares.no_phone.get())
        };
        record.phone_shared = row.phone_shared;
        record.mfa = row.mfa.unwrap_or_else(|| draw.chance(shares.mfa.get()));
        record.complete = row.complete.unwrap_or_else(|| !draw.chance(shares.incomplete.get()));
        record.status = row.status.unwrap_or_else(|| match draw.uniform() {
            place if place < shares.locked.get() => Status::Locked,
            place if place < shares.locked.get() + shares.disabled.get() => Status::Disabled,
            _ => Status::Active,
        });
        self.method(row, shares, bases, record, &mut draw);
        if record.has_password() {
            account.truth.leaked = draw.chance(shares.leaked.get() / bases.password);
            record.leak_known = account.truth.leaked && draw.chance(shares.leak_known.get());
        }
        let own = !kind.shares_mailbox();
        record.in_target = record.email && own && draw.chance(shares.in_target.get() / bases.own_email);
        account.truth.same_in_target = draw.chance(shares.in_target_same_person.get());
        account.truth.person = row.person;
        // A contact point that several people use is alive; others have gone stale with age.
        let stale = self.traits.staleness(f64::from(age_days) / 365.25) / self.data.mean_staleness.max(1e-9);
        account.truth.mailbox = if !record.email {
            ContactPoint::None
        } else if !own {
            ContactPoint::Alive
        } else {
            let stale = stale / bases.own_email;
            fate_of(draw.uniform(), shares.dead_mailbox.get() * stale, shares.recycled_mailbox.get() * stale)
        };
        account.truth.phone = match (record.phone, row.phone_shared) {
            (false, _) => ContactPoint::None,
            (true, true) => ContactPoint::Alive,
            (true, false) => {
                let stale = stale / bases.own_phone;
                fate_of(draw.uniform(), shares.dead_phone.get() * stale, shares.recycled_phone.get() * stale)
            }
        };
        let last_seen = row.last_seen_days.map(|days| days.min(age_days));
        self.traits.set_known(number, (kind, member), (age_days, last_seen), draw, &mut account);
        account
    }

    fn any_segment(&self, place: f64) -> u8 {
        let mut bound = 0.0;
        let found = self.data.segments.iter().position(|segment| {
            bound += segment.share;
            place < bound
        });
        found.unwrap_or(self.data.segments.len() - 1) as u8
    }

    /// Password, social identity or both: as far as provider and hash tell, the rest from the shares.
    fn method(
        &self,
        row: &ExportRow,
        shares: &Shares,
        bases: &Bases,
        record: &mut Record,
        draw: &mut crate::random::Draw,
    ) {
        let providers = &self.data.providers;
        let (only, both) = (shares.social_only.get(), shares.social_and_password.get());
        let organisation = shares.organisation_only.get();
        let provider = row.provider.unwrap_or_else(|| {
            let (place, which) = (draw.uniform(), draw.uniform());
            let (organisation, social) = match row.hash {
                // No password on record: it must be somebody else who signs them in.
                Some(None) if only + organisation > 0.0 => (organisation / (only + organisation), 1.0),
                Some(None) => (0.0, 1.0),
                // Who has a password may have a social identity as well.
                Some(Some(_)) => (0.0, both / (1.0 - only - organisation).max(1e-9)),
                None => (organisation, organisation + only + both),
            };
            match place {
                place if place < organisation => Provider::Organisation,
                place if place < social => any_provider(providers, which),
                _ => Provider::None,
            }
        });
        let password = match (row.hash, provider) {
            (Some(hash), _) => hash.is_some() || provider == Provider::None,
            (None, Provider::None) => true,
            (None, Provider::Organisation) => false,
            (None, _) => draw.chance(both / (only + both).max(1e-9)),
        };
        record.provider = provider;
        record.method = match (provider, password) {
            (Provider::None, _) => Method::Password,
            (_, true) => Method::Both,
            (_, false) => Method::Social,
        };
        record.subject_portable = draw.chance(match provider {
            Provider::None => 0.0,
            Provider::Organisation => 1.0,
            Provider::Google => providers.google_portable.get(),
            Provider::Apple => providers.apple_portable.get(),
            Provider::Facebook => providers.facebook_portable.get(),
            Provider::Microsoft => providers.microsoft_portable.get(),
        });
        record.hash_portable = record.has_password()
            && row.hash.flatten().unwrap_or_else(|| !draw.chance(shares.nonportable_hash.get() / bases.password));
    }
}

fn fate_of(place: f64, dead: f64, recycled: f64) -> ContactPoint {
    match place {
        place if place < dead => ContactPoint::Dead,
        place if place < dead + recycled => ContactPoint::Recycled,
        _ => ContactPoint::Alive,
    }
}

fn any_provider(providers: &Providers, place: f64) -> Provider {
    let weights = [
        (providers.google_weight.get(), Provider::Google),
        (providers.apple_weight.get(), Provider::Apple),
        (providers.facebook_weight.get(), Provider::Facebook),
        (providers.microsoft_weight.get(), Provider::Microsoft),
    ];
    let total: f64 = weights.iter().map(|(weight, _)| weight).sum();
    let mut left = place * total;
    for (weight, provider) in weights {
        if left < weight {
            return provider;
        }
        left -= weight;
    }
    Provider::Google
}
