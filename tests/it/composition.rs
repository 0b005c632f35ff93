//! The population is what was asked for: exact in number, exact in composition, correlated through age.

use cutover::population::unit::{Account, EdgeCase, Unit, edge_cases};
use cutover::population::{Population, UnitKind};
use cutover::random::Seed;
use cutover::scenario::population::Shares;
use cutover::scenario_file::Loaded;
use cutover::terms::record::{Behind, ContactPoint, Method, Provider, Status};
use proptest::prelude::*;

use super::support::{self, cases, load};

fn population(loaded: &Loaded) -> Population {
    Population::new(&loaded.scenario, Seed::new(u64::from(loaded.scenario.seed), 0), None)
}

fn accounts(population: &Population) -> Vec<(UnitKind, Account)> {
    let mut unit = Unit::default();
    let mut all = Vec::new();
    for number in 0..population.units() {
        population.unit(number, &mut unit);
        assert_eq!(unit.first_account, all.len() as u64, "accounts are numbered in a row");
        assert_eq!(population.first_account(number), unit.first_account);
        all.extend(unit.accounts.iter().map(|account| (unit.kind, account.clone())));
    }
    assert_eq!(all.len() as u64, population.accounts());
    all
}

/// What is asked of each share, and how to count it. Shares with a base of their own are left to other tests.
type Asked = (&'static str, fn(&Shares) -> f64, fn(UnitKind, &Account) -> bool);
const ASKED: [Asked; 18] = [
    (
        "social_only",
        |s| s.social_only.get(),
        |_, a| a.record.method == Method::Social && a.record.provider != Provider::Organisation,
    ),
    (
        "organisation_only",
        |s| s.organisation_only.get(),
        |_, a| a.record.method == Method::Social && a.record.provider == Provider::Organisation,
    ),
    ("social_and_password", |s| s.social_and_password.get(), |_, a| a.record.method == Method::Both),
    ("no_email", |s| s.no_email.get(), |_, a| a.truth.mailbox == ContactPoint::None),
    ("dead_mailbox", |s| s.dead_mailbox.get(), |_, a| a.truth.mailbox == ContactPoint::Dead),
    ("recycled_mailbox", |s| s.recycled_mailbox.get(), |_, a| a.truth.mailbox == ContactPoint::Recycled),
    ("unverified_email", |s| s.unverified_email.get(), |_, a| a.record.email && !a.record.email_verified),
    ("no_phone", |s| s.no_phone.get(), |_, a| a.truth.phone == ContactPoint::None),
    ("dead_phone", |s| s.dead_phone.get(), |_, a| a.truth.phone == ContactPoint::Dead),
    ("recycled_phone", |s| s.recycled_phone.get(), |_, a| a.truth.phone == ContactPoint::Recycled),
    (
        "no_living_channel",
        |s| s.no_living_channel.get(),
        |_, a| is_bad(a.truth.mailbox) && is_bad(a.truth.phone),
    ),
    ("incomplete", |s| s.incomplete.get(), |_, a| !a.record.complete),
    ("mfa", |s| s.mfa.get(), |_, a| a.record.mfa),
    ("locked", |s| s.locked.get(), |_, a| a.record.status == Status::Locked),
    ("disabled", |s| s.disabled.get(), |_, a| a.record.status == Status::Disabled),
    ("leaked", |s| s.leaked.get(), |_, a| a.truth.leaked),
    ("leak known", |s| s.leaked.get() * s.leak_known.get(), |_, a| a.record.leak_known),
    (
        "nonportable_hash",
        |s| s.nonportable_hash.get(),
        |_, a| a.record.has_password() && !a.record.hash_portable,
    ),
];

/// Mistyped addresses and planted phones are hidden trouble, and come on top of the shares.
fn is_bad(point: ContactPoint) -> bool {
    !matches!(point, ContactPoint::Alive | ContactPoint::Mistyped)
}

/// Every share is met to the nearest account, in the whole.
fn check_exact(loaded: &Loaded) {
    let population = population(loaded);
    let all = accounts(&population);
    let segments = loaded.scenario.segments();
    let mut sizes = vec![0_u64; segments.len()];
    all.iter().for_each(|(_, account)| sizes[usize::from(account.record.segment)] += 1);
    for (segment, size) in segments.iter().zip(&sizes) {
        let wanted = segment.share * all.len() as f64;
        assert!((*size as f64 - wanted).abs() < 1.0, "segment {}: {size} for {wanted}", segment.name);
    }
    for (name, share, count) in ASKED {
        let wanted: f64 = segments.iter().zip(&sizes).map(|(s, n)| share(&s.shares) * *n as f64).sum();
        let got = all.iter().filter(|(kind, account)| count(*kind, account)).count() as f64;
        let allowed = match name {
            // Social identities are rounded segment by segment.
            "social_only" | "social_and_password" | "organisation_only" => 0.5 * segments.len() as f64,
            // No more than the accounts with a bad mailbox or phone, of which each of three kinds has been rounded.
            "no_living_channel" => 0.5 + 3.0 * 0.5,
            _ => 0.5,
        };
        assert!((got - wanted).abs() <= allowed + 1e-6, "{name}: {got} accounts, {wanted} asked");
    }
    for (name, kind, share) in [
        ("household", UnitKind::Household, (|s| s.household.get()) as fn(&Shares) -> f64),
        ("business_mailbox", UnitKind::BusinessMailbox, |s| s.business_mailbox.get()),
        ("shared_phone", UnitKind::SharedPhone, |s| s.shared_phone.get()),
        ("duplicate", UnitKind::Duplicate, |s| s.duplicate.get()),
    ] {
        let wanted: f64 = segments.iter().zip(&sizes).map(|(s, n)| share(&s.shares) * *n as f64).sum();
        let got = all.iter().filter(|(of, _)| *of == kind).count() as f64;
        // A unit has a smallest size: what does not fill one is single, segment by segment.
        let allowed = 2.0 * segments.len() as f64 + 0.5;
        assert!((got - wanted).abs() <= allowed, "{name}: {got} accounts, {wanted} asked");
    }
}

#[test]
fn every_share_is_met_to_the_account() {
    for file in ["scenarios/retail.toml", "scenarios/quickstart.toml"] {
        for accounts in [1, 7, 100, 4_999, 60_000] {
            let set = format!("population.accounts={accounts}");
            check_exact(&load(&support::read(file), &[&set]));
        }
    }
}

#[test]
fn every_edge_case_is_there() {
    // Consumers have no organisation, and planted accounts are rare.
    let sets = ["population.accounts=60000", "population.trouble.planted.share=0.002"];
    let all = accounts(&population(&load(&support::read("scenarios/retail.toml"), &sets)));
    let business = load("population = { accounts = 2_000, shares.organisation_only = 0.3 }", &[]);
    let all: Vec<_> = all.into_iter().chain(accounts(&population(&business))).collect();
    for (place, case) in EdgeCase::ALL.iter().enumerate() {
        let count = all.iter().filter(|(kind, account)| edge_cases(*kind, account) >> place & 1 == 1).count();
        assert!(count > 20, "{}: {count}", case.key());
    }
}

/// What is drawn when it is first looked at is the same whoever looks first, in memory that has held others before.
#[test]
fn traits_do_not_depend_on_who_looks_first() {
    let loaded = load(&support::read("scenarios/retail.toml"), &["population.accounts=3000"]);
    let population = population(&loaded);
    let (mut used, mut looks) = (Unit::default(), 0);
    for number in (0..population.units()).rev() {
        let mut fresh = Unit::default();
        population.unit(number, &mut fresh);
        population.unit(number, &mut used);
        assert_eq!(used.accounts.len(), fresh.accounts.len());
        for (first, second) in used.accounts.iter().zip(&fresh.accounts) {
            let rate = first.rate_per_day();
            let history = *second.history();
            assert_eq!((*first.history(), second.rate_per_day()), (history, rate));
            assert_eq!((first.record, first.truth), (second.record, second.truth));
            let nobody = matches!(first.truth.behind, Behind::Nobody | Behind::Gone);
            assert!((rate > 0.0) != nobody && history.age_days > 0.0);
            looks += 1;
        }
    }
    assert_eq!(looks, 3000);
}

#[test]
fn age_drives_the_rest() {
    let loaded = load(&support::read("scenarios/retail.toml"), &["population.accounts=60000"]);
    let all = accounts(&population(&loaded));
    let mean_age = |of: &dyn Fn(&Account) -> bool| {
        let ages: Vec<f64> = all.iter().filter(|(_, a)| of(a)).map(|(_, a)| f64::from(a.history().age_days)).collect();
        ages.iter().sum::<f64>() / ages.len() as f64
    };
    // Within one segment, so that the mixture of segments does not do the work.
    let dormant = |a: &Account| a.record.segment == 2;
    let everybody = mean_age(&dormant);
    assert!(
        mean_age(&|a| dormant(a) && a.truth.mailbox == ContactPoint::Dead) > everybody * 1.1,
        "mailboxes go stale"
    );
    assert!(
        mean_age(&|a| dormant(a) && a.record.has_password() && !a.record.hash_portable) > everybody * 1.2,
        "old hashes"
    );
    assert!(mean_age(&|a| dormant(a) && !a.record.complete) > everybody * 1.1, "old records are incomplete");
    for (_, account) in &all {
        let history = account.history();
        assert!(history.last_seen_days <= history.age_days && history.verified_days <= history.age_days + 0.01);
        assert!(history.age_days <= 12.0 * 365.25 + 1.0, "no account is older than the directory");
    }
}

/// Attributes that have nothing to do with each other are independent: the permutations do not line up.
#[test]
fn unrelated_traits_are_independent() {
    let loaded = load("population.accounts = 100_000", &["population.shares.mfa=0.3"]);
    let all = accounts(&population(&loaded));
    type Trait = (&'static str, fn(&Account) -> bool);
    let traits: [Trait; 6] = [
        ("mfa", |a| a.record.mfa),
        ("social", |a| a.record.method == Method::Social),
        ("locked", |a| a.record.status == Status::Locked),
        ("in target", |a| a.record.in_target),
        ("responds", |a| a.history().responds < 0.46),
        ("often", |a| a.rate_per_day() > 0.01),
    ];
    let n = all.len() as f64;
    let share = |of: &dyn Fn(&Account) -> bool| all.iter().filter(|(_, a)| of(a)).count() as f64 / n;
    for (i, (a_name, a)) in traits.iter().enumerate() {
        for (b_name, b) in &traits[..i] {
            let (pa, pb, both) = (share(a), share(b), share(&|x| a(x) && b(x)));
            let error = (pa * pb * (1.0 - pa) * (1.0 - pb) / n).sqrt();
            assert!((both - pa * pb).abs() < 5.0 * error, "{a_name} and {b_name}: {both} for {}", pa * pb);
        }
    }
}

#[test]
fn a_sample_is_drawn_without_repetition() {
    let loaded = load("population.accounts = 500", &[]);
    let population = population(&loaded);
    let sample = population.sample(Seed::new(1, 0), 200);
    assert_eq!(sample.len(), 200);
    assert!(sample.windows(2).all(|pair| pair[0] < pair[1]) && sample[199] < 500);
    assert_eq!(population.sample(Seed::new(1, 0), 9_999).len(), 500);
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn any_legal_shares_are_met(
        accounts in 1u64..3000,
        shared in (0.0f64..0.3, 0.0f64..0.1, 0.0f64..0.1, 0.0f64..0.1),
        social in (0.0f64..0.5, 0.0f64..0.3, 0.0f64..0.2),
        mail in (0.0f64..0.1, 0.0f64..0.15, 0.0f64..0.05),
        phone in (0.0f64..0.5, 0.0f64..0.1, 0.0f64..0.1),
        other in (0.02f64..0.6, 0.0f64..1.0, 0.0f64..0.3, 0.0f64..0.3),
        overlap in 0.0f64..1.0,
    ) {
        // The overlap of missing channels lies between what must and what can overlap.
        let (bad_mail, bad_phone) = (mail.0 + mail.1 + mail.2, phone.0 + phone.1 + phone.2);
        let own_both = 1.0 - shared.0 - shared.1 - shared.2 - shared.3;
        let unreachable = overlap * bad_mail.min(bad_phone).min(own_both).max(0.0);
        let text = format!(
            "population.accounts = {accounts}\n[population.shares]\nhousehold = {}\nbusiness_mailbox = {}\nduplicate = {}\nshared_phone = {}\n\
             social_only = {}\nsocial_and_password = {}\norganisation_only = {}\nno_email = {}\ndead_mailbox = {}\nrecycled_mailbox = {}\n\
             no_phone = {}\ndead_phone = {}\nrecycled_phone = {}\nunverified_email = {}\nmfa = {}\nleaked = {}\n\
             nonportable_hash = {}\nno_living_channel = {unreachable}\n",
            shared.0, shared.1, shared.2, shared.3, social.0, social.1, social.2, mail.0, mail.1, mail.2,
            phone.0, phone.1, phone.2, other.0, other.1, other.2, other.3,
        );
        check_exact(&load(&text, &[]));
    }
}
