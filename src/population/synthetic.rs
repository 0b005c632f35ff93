//! The generated population: every share met exactly, every trait correlated through account age, nothing stored.
//!
//! Accounts of a segment are permuted into age ranks, and cut into age bands. Each attribute has a whole-number quota
//! in each band (more dead mailboxes among old accounts, say), and a permutation of the band decides who is in it. So
//! the totals are exact, the correlation through age is as stated, and any account can be computed alone.

use super::layout::{Group, Layout};
use super::quota::{allocate, of};
use super::traits::Traits;
use super::unit::{Account, Unit, UnitKind};
use crate::random::{Permutation, Seed};
use crate::scenario::Scenario;
use crate::scenario::population::{Providers, Shares};
use crate::terms::record::{Method, Provider, Record, Status};

/// Age bands per group of accounts. A numerical device: attributes follow account age in so many steps.
const BANDS: u64 = 16;

/// Ways to sign in, password holders first: password; both × provider × portable; social only × provider × portable; the
/// customer's organisation.
const METHODS: usize = 18;
/// The way of those whose organisation signs them in. Its identity provider can be told of a new relying party.
const ORGANISATION: usize = 17;
const PROVIDERS: [Provider; 4] = [
    Provider::Google,
    Provider::Apple,
    Provider::Facebook,
    Provider::Microsoft,
];

/// A generated population.
#[derive(Clone, Debug)]
pub struct Synthetic {
    layout: Layout,
    /// Groups of each segment.
    groups: Vec<[Cells; 3]>,
    traits: Traits,
    keys: [Permutation; KEYS],
}

/// One permutation for each attribute.
#[derive(Clone, Copy)]
enum Key {
    Age,
    Method,
    Reach,
    Mailbox,
    Phone,
    Verified,
    Status,
    Complete,
    InTarget,
    Mfa,
    Leaked,
    Hash,
}
const KEYS: usize = 12;

/// The accounts of one segment and group, in age bands.
#[derive(Clone, Debug, Default)]
struct Cells {
    first_account: u64,
    accounts: u64,
    bands: Vec<Band>,
}

/// Quotas of one age band, in accounts.
#[derive(Clone, Debug, Default)]
struct Band {
    /// First age rank, and number of accounts.
    start: u64,
    size: u64,
    /// Upper bounds of the ways to sign in.
    methods: [u64; METHODS],
    /// Mailboxes that are missing, dead, recycled.
    mailbox: [u64; 3],
    /// Phones that are missing, dead, recycled.
    phone: [u64; 3],
    /// Accounts that neither reaches.
    unreachable: u64,
    /// Accounts that only the phone reaches.
    mail_only: u64,
    /// Accounts that only the mailbox reaches.
    phone_only: u64,
    unverified: u64,
    locked: u64,
    disabled: u64,
    incomplete: u64,
    in_target_same: u64,
    in_target_other: u64,
    mfa: u64,
    leaked: u64,
    leak_known: u64,
    nonportable: u64,
}

impl Band {
    fn password_holders(&self) -> u64 {
        self.methods[8]
    }

    fn bad_mail(&self) -> u64 {
        self.unreachable + self.mail_only
    }

    fn bad_phone(&self) -> u64 {
        self.unreachable + self.phone_only
    }

    fn with_email(&self) -> u64 {
        self.size - self.mailbox[0]
    }
}

impl Synthetic {
    /// Lays out the population of a scenario.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let segments = scenario.segments();
        let shares: Vec<_> = segments.iter().map(|s| (s.share, &s.shares)).collect();
        let layout = Layout::new(scenario.population.accounts.get(), &shares, &scenario.population.unit_sizes);
        let traits = Traits::new(scenario, seed);

        let mut groups: Vec<[Cells; 3]> = Vec::new();
        for spans in &layout.groups {
            groups.push(Group::ALL.map(|group| {
                let (first_account, accounts) = spans[group as usize];
                Cells::new(first_account, accounts)
            }));
        }
        Quotas {
            groups: &mut groups,
            segments: &layout.segments,
            shares: shares.iter().map(|(_, shares)| *shares).collect(),
            providers: &scenario.population.providers,
            traits: &traits,
        }
        .fill();

        let keys = std::array::from_fn(|key| Permutation::new(seed, key as u64, 1));
        Self { layout, groups, traits, keys }
    }

    /// Number of accounts.
    pub fn accounts(&self) -> u64 {
        self.layout.accounts()
    }

    /// Number of units.
    pub fn units(&self) -> u64 {
        self.layout.units()
    }

    /// The unit that holds an account.
    pub fn unit_of(&self, account: u64) -> u64 {
        self.layout.unit_of(account)
    }

    /// The first account of a unit.
    pub fn first_account(&self, unit: u64) -> u64 {
        if unit == self.units() {
            return self.accounts();
        }
        self.layout.run(unit).1
    }

    /// Computes the traits of a unit.
    pub fn unit(&self, number: u64, unit: &mut Unit) {
        let (run, first_account) = self.layout.run(number);
        unit.number = number;
        unit.first_account = first_account;
        unit.kind = run.kind;
        unit.accounts.reserve_exact((run.size as usize).saturating_sub(unit.accounts.len()));
        unit.accounts.resize_with(run.size as usize, Account::default);
        for (member, account) in (0..).zip(&mut unit.accounts) {
            self.draw(run.segment, run.kind, (first_account + u64::from(member), member), account);
        }
    }

    #[inline]
    fn key(&self, key: Key, index: u64, size: u64) -> u64 {
        self.keys[key as usize].at(index, size)
    }

    #[inline(always)]
    fn keys<const N: usize>(&self, keys: [Key; N], index: u64, size: u64) -> [u64; N] {
        Permutation::at_each(std::array::from_fn(|n| &self.keys[keys[n] as usize]), index, size)
    }

    fn draw(&self, segment: u8, kind: UnitKind, (number, member): (u64, u8), account: &mut Account) {
        let group = Group::of(kind);
        let cells = &self.groups[usize::from(segment)][group as usize];
        let rank = self.key(Key::Age, number - cells.first_account, cells.accounts);
        let band = cells.band(rank);
        let place = rank - band.start;

        (account.record, account.truth) = Default::default();
        let record = &mut account.record;
        record.segment = segment;
        record.email_shared = group == Group::SharedMailbox;
        record.phone_shared = group == Group::SharedPhone;
        account.truth.person = if kind == UnitKind::Duplicate { 0 } else { member };

        let keys = [Key::Method, Key::Reach, Key::Status, Key::Complete, Key::Mfa];
        let [method, reach, status, complete, mfa] = self.keys(keys, place, band.size);
        Self::sign_in_method(band, method, record);
        if record.has_password() {
            let [hash, leak] = self.keys([Key::Hash, Key::Leaked], method, band.password_holders());
            record.hash_portable = hash >= band.nonportable;
            account.truth.leaked = leak < band.leaked;
            record.leak_known = leak < band.leak_known;
        }
        self.reach(band, reach, account);

        let record = &mut account.record;
        record.status = match status {
            status if status < band.locked => Status::Locked,
            status if status < band.locked + band.disabled => Status::Disabled,
            _ => Status::Active,
        };
        record.complete = complete >= band.incomplete;
        record.mfa = mfa < band.mfa;

        let rank = (rank as f64, cells.accounts as f64);
        self.traits.set(number, (kind, member), rank, account);
    }

    fn sign_in_method(band: &Band, place: u64, record: &mut Record) {
        let way = band.methods.iter().position(|&bound| place < bound).unwrap_or(0);
        if way == 0 {
            record.method = Method::Password;
            return;
        }
        if way == ORGANISATION {
            record.method = Method::Social;
            record.provider = Provider::Organisation;
            record.subject_portable = true;
            return;
        }
        record.method = if way <= 8 { Method::Both } else { Method::Social };
        record.provider = PROVIDERS[(way - 1) % 8 / 2];
        record.subject_portable = (way - 1) % 2 == 0;
    }

    /// Mailbox, phone, and what depends on having an e-mail address.
    fn reach(&self, band: &Band, place: u64, account: &mut Account) {
        use crate::terms::record::ContactPoint::{Alive, Dead, None, Recycled};
        let kind_of = |place: u64, kinds: &[u64; 3]| match place {
            place if place < kinds[0] => None,
            place if place < kinds[0] + kinds[1] => Dead,
            _ => Recycled,
        };
        let (mail_bad, phone_bad) = (band.bad_mail(), band.bad_phone());
        // Places: [unreachable | bad mailbox only | bad phone only | both fine].
        let mut with_email = place - band.mailbox[0].min(place);
        account.truth.mailbox = if place < mail_bad {
            let place = self.key(Key::Mailbox, place, mail_bad);
            with_email = place - band.mailbox[0].min(place);
            kind_of(place, &band.mailbox)
        } else {
            Alive
        };
        let phone_place = if place < band.unreachable {
            Some(place)
        } else {
            (place >= mail_bad && place < mail_bad + phone_bad - band.unreachable)
                .then(|| place - mail_bad + band.unreachable)
        };
        account.truth.phone = match phone_place {
            Some(place) => kind_of(self.key(Key::Phone, place, phone_bad), &band.phone),
            Option::None => Alive,
        };

        let record = &mut account.record;
        record.email = account.truth.mailbox != None;
        record.phone = account.truth.phone != None;
        if record.email {
            let size = band.with_email();
            let [verified, in_target] = self.keys([Key::Verified, Key::InTarget], with_email, size);
            record.email_verified = verified >= band.unverified;
            record.in_target = in_target < band.in_target_same + band.in_target_other;
            account.truth.same_in_target = in_target < band.in_target_same;
        }
    }
}

impl Cells {
    fn new(first_account: u64, accounts: u64) -> Self {
        let bands = (0..BANDS.min(accounts))
            .map(|band| {
                let bands = BANDS.min(accounts);
                let start = (band * accounts).div_ceil(bands);
                Band {
                    start,
                    size: ((band + 1) * accounts).div_ceil(bands) - start,
                    ..Band::default()
                }
            })
            .collect();
        Self { first_account, accounts, bands }
    }

    #[inline]
    fn band(&self, rank: u64) -> &Band {
        &self.bands[(rank * self.bands.len() as u64 / self.accounts) as usize]
    }
}

/// Fills in the quotas of all bands.
struct Quotas<'a> {
    groups: &'a mut [[Cells; 3]],
    segments: &'a [u64],
    shares: Vec<&'a Shares>,
    providers: &'a Providers,
    traits: &'a Traits,
}

/// An attribute's share of the accounts of a segment.
type ShareOf = fn(&Shares) -> f64;
/// How much likelier the attribute is at an account age in years.
type Tilt<'a> = &'a dyn Fn(f64) -> f64;
const ALL_GROUPS: &[Group] = &Group::ALL;
const OWN_MAILBOX: &[Group] = &[Group::Own, Group::SharedPhone];
const OWN_PHONE: &[Group] = &[Group::Own, Group::SharedMailbox];
const OWN_BOTH: &[Group] = &[Group::Own];

impl Quotas<'_> {
    fn fill(&mut self) {
        let flat: Tilt = &|_| 1.0;
        let traits = self.traits;
        let old: Tilt = &|age| traits.tilt(age);
        let ancient: Tilt = &|age| traits.hash_tilt(age);

        self.methods();
        self.reach();
        self.spread(|s| s.unverified_email.get(), old, ALL_GROUPS, &Band::with_email, &mut |band, n| {
            band.unverified = n;
        });
        self.spread(|s| s.locked.get(), flat, ALL_GROUPS, &|band| band.size, &mut |band, n| band.locked = n);
        let unlocked = |band: &Band| band.size - band.locked;
        self.spread(|s| s.disabled.get(), flat, ALL_GROUPS, &unlocked, &mut |band, n| band.disabled = n);
        self.spread(|s| s.incomplete.get(), old, ALL_GROUPS, &|band| band.size, &mut |band, n| {
            band.incomplete = n;
        });
        let same: ShareOf = |s| s.in_target.get() * s.in_target_same_person.get();
        self.spread(same, flat, OWN_MAILBOX, &Band::with_email, &mut |band, n| band.in_target_same = n);
        let other: ShareOf = |s| s.in_target.get() * (1.0 - s.in_target_same_person.get());
        let room = |band: &Band| band.with_email() - band.in_target_same;
        self.spread(other, flat, OWN_MAILBOX, &room, &mut |band, n| band.in_target_other = n);
        self.spread(|s| s.mfa.get(), flat, ALL_GROUPS, &|band| band.size, &mut |band, n| band.mfa = n);
        self.spread(|s| s.leaked.get(), old, ALL_GROUPS, &Band::password_holders, &mut |band, n| band.leaked = n);
        let known: ShareOf = |s| s.leaked.get() * s.leak_known.get();
        self.spread(known, old, ALL_GROUPS, &|band| band.leaked, &mut |band, n| band.leak_known = n);
        self.spread(|s| s.nonportable_hash.get(), ancient, ALL_GROUPS, &Band::password_holders, &mut |band, n| {
            band.nonportable = n;
        });
    }

    /// Accounts of each segment that have an attribute: the whole to the nearest account, split over the segments.
    fn totals(&self, share: ShareOf) -> Vec<u64> {
        let accounts = self.shares.iter().zip(self.segments);
        let wanted: Vec<f64> = accounts.map(|(shares, &n)| share(shares) * n as f64).collect();
        allocate(wanted.iter().sum::<f64>().round() as u64, &wanted, self.segments)
    }

    /// Spreads an attribute over all bands.
    fn spread(
        &mut self,
        share: ShareOf,
        tilt: Tilt,
        groups: &[Group],
        room: &dyn Fn(&Band) -> u64,
        set: &mut dyn FnMut(&mut Band, u64),
    ) {
        for (segment, total) in self.totals(share).into_iter().enumerate() {
            self.spread_in(segment, total, tilt, groups, room, set);
        }
    }

    /// Spreads `total` accounts of one segment over its bands.
    fn spread_in(
        &mut self,
        segment: usize,
        total: u64,
        tilt: Tilt,
        groups: &[Group],
        room: &dyn Fn(&Band) -> u64,
        set: &mut dyn FnMut(&mut Band, u64),
    ) {
        let habits = &self.traits.habits[segment];
        let (mut weights, mut caps) = (Vec::new(), Vec::new());
        for &group in groups {
            let cells = &self.groups[segment][group as usize];
            for band in &cells.bands {
                let middle = (band.start as f64 + band.size as f64 / 2.0) / cells.accounts as f64;
                weights.push(band.size as f64 * tilt(habits.age_years(middle)));
                caps.push(room(band));
            }
        }
        let mut parts = allocate(total, &weights, &caps).into_iter();
        for &group in groups {
            for band in &mut self.groups[segment][group as usize].bands {
                set(band, parts.next().unwrap_or(0));
            }
        }
    }

    /// Ways to sign in: whole numbers per segment for social only and for both, split by provider and portability.
    fn methods(&mut self) {
        let providers = self.providers;
        let split = [
            (providers.google_weight.get(), providers.google_portable.get()),
            (providers.apple_weight.get(), providers.apple_portable.get()),
            (providers.facebook_weight.get(), providers.facebook_portable.get()),
            (providers.microsoft_weight.get(), providers.microsoft_portable.get()),
        ]
        .map(|(weight, portable)| [weight * portable, weight * (1.0 - portable)])
        .concat();
        for segment in 0..self.segments.len() {
            let n = self.segments[segment];
            let shares = self.shares[segment];
            let both = allocate(of(shares.social_and_password.get(), n), &split, &[n; 8]);
            let only = allocate(of(shares.social_only.get(), n), &split, &[n; 8]);
            let room = |band: &Band| band.size - band.methods.iter().sum::<u64>();
            let organisation = of(shares.organisation_only.get(), n);
            self.spread_in(segment, organisation, &|_| 1.0, ALL_GROUPS, &room, &mut |band, n| {
                band.methods[ORGANISATION] = n;
            });
            // Social only first, then both: the order in which bands have room; password is what remains.
            for (first, counts) in [(9, only), (1, both)] {
                for (offset, total) in counts.into_iter().enumerate() {
                    let room = |band: &Band| band.size - band.methods.iter().sum::<u64>();
                    self.spread_in(segment, total, &|_| 1.0, ALL_GROUPS, &room, &mut |band, n| {
                        band.methods[first + offset] = n;
                    });
                }
            }
        }
        for band in self.groups.iter_mut().flatten().flat_map(|cells| &mut cells.bands) {
            band.methods[0] = band.size - band.methods.iter().sum::<u64>();
            for way in 1..METHODS {
                band.methods[way] += band.methods[way - 1];
            }
        }
    }

    /// Mailboxes and phones that do not reach the customer. Places of a band are taken by those with neither, with a
    /// bad mailbox only, and with a bad phone only; then what is wrong with each is decided among the bad.
    fn reach(&mut self) {
        let traits = self.traits;
        let stale: Tilt = &|age| traits.staleness(age);
        let old: Tilt = &|age| traits.tilt(age);
        let mail: [ShareOf; 3] = [
            |s| s.no_email.get(),
            |s| s.dead_mailbox.get(),
            |s| s.recycled_mailbox.get(),
        ];
        let phone: [ShareOf; 3] = [|s| s.no_phone.get(), |s| s.dead_phone.get(), |s| s.recycled_phone.get()];
        let (mail, phone) = (mail.map(|share| self.totals(share)), phone.map(|share| self.totals(share)));
        let neither = self.totals(|s| s.no_living_channel.get());
        for segment in 0..self.segments.len() {
            let bad = |kinds: &[Vec<u64>; 3]| kinds.iter().map(|kind| kind[segment]).sum::<u64>();
            let (bad_mail, bad_phone) = (bad(&mail), bad(&phone));
            let neither = neither[segment].min(bad_mail).min(bad_phone);
            let room = |band: &Band| band.size - band.unreachable - band.mail_only - band.phone_only;
            self.spread_in(segment, neither, stale, OWN_BOTH, &room, &mut |band, n| band.unreachable = n);
            let (mail_only, phone_only) = (bad_mail - neither, bad_phone - neither);
            self.spread_in(segment, mail_only, stale, OWN_MAILBOX, &room, &mut |band, n| band.mail_only = n);
            self.spread_in(segment, phone_only, old, OWN_PHONE, &room, &mut |band, n| band.phone_only = n);
            for kind in 0..3 {
                let room = |band: &Band| band.bad_mail() - band.mailbox.iter().sum::<u64>();
                self.spread_in(segment, mail[kind][segment], stale, ALL_GROUPS, &room, &mut |band, n| {
                    band.mailbox[kind] = n;
                });
                let room = |band: &Band| band.bad_phone() - band.phone.iter().sum::<u64>();
                self.spread_in(segment, phone[kind][segment], old, ALL_GROUPS, &room, &mut |band, n| {
                    band.phone[kind] = n;
                });
            }
        }
    }
}
