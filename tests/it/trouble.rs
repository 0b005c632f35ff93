//! Hidden trouble: there is as much of it as was asked for, the record hints at it as far as it was told to, and it does in
//! the journeys what it does in life.

use cutover::engine::Replication;
use cutover::measure::counts::{Counts, Total};
use cutover::population::Population;
use cutover::population::unit::{Account, EdgeCase, Unit};
use cutover::random::Seed;
use cutover::report::hints::{Area, Trouble, hints};
use cutover::terms::record::{Behind, ContactPoint, Foothold};
use cutover::terms::{Outcome, Vector};

use super::support::{load, replications};

/// Every account of one replication of a scenario.
fn accounts(text: &str, sets: &[&str], replication: u32) -> Vec<Account> {
    let loaded = load(text, sets);
    let population = Population::new(&loaded.scenario, Seed::new(7, replication), None);
    let (mut unit, mut all) = (Unit::default(), Vec::new());
    for number in 0..population.units() {
        population.unit(number, &mut unit);
        all.extend(unit.accounts.iter().cloned());
    }
    all
}

fn is_intruder(account: &Account) -> bool {
    account.truth.foothold.has(Foothold::PASSWORD.or(Foothold::SESSION))
}

fn is_nobody(account: &Account) -> bool {
    matches!(account.truth.behind, Behind::Nobody | Behind::Program)
}

fn is_mistyped(account: &Account) -> bool {
    account.truth.mailbox == ContactPoint::Mistyped
}

fn is_planted(account: &Account) -> bool {
    account.truth.foothold.has(Foothold::MAIL)
}

/// Share of accounts with a trouble, over some replications of 20,000.
fn share(text: &str, sets: &[&str], is_in: fn(&Account) -> bool) -> f64 {
    let of_replication = |replication| {
        let all = accounts(text, sets, replication);
        all.iter().filter(|account| is_in(account)).count() as f64 / all.len() as f64
    };
    (0..4).map(of_replication).sum::<f64>() / 4.0
}

const FEW: &str = "population.accounts = 20_000\n";

/// Where records are as the defaults have them, each share comes out, however strong the hints are told to be.
#[test]
fn trouble_is_met_in_a_population_like_the_reference() {
    type Kind = (&'static str, f64, fn(&Account) -> bool);
    // Whoever a provider vouches for cannot be planted, nor can an account without an address be.
    let kinds: [Kind; 3] = [
        ("intruder", 0.03, is_intruder),
        ("nobody", 0.05, is_nobody),
        ("planted", 0.02, is_planted),
    ];
    for power in ["0", "0.5", "1"] {
        for (name, stated, is_in) in kinds {
            let sets = [
                format!("population.trouble.{name}.share={stated}"),
                format!("population.trouble.hints_power={power}"),
                "population.shares.social_only=0".to_owned(),
                "population.shares.social_and_password=0".to_owned(),
                "population.shares.no_email=0".to_owned(),
            ];
            let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
            let got = share(FEW, &sets, is_in);
            assert!((got / stated - 1.0).abs() < 0.2, "{name} at power {power}: {got} for {stated}");
        }
    }
    let mistyped = share(FEW, &["population.trouble.mistyped.share=0.5"], is_mistyped);
    assert!(
        (0.02..0.075).contains(&mistyped),
        "half of the .15 that are unverified, as far as they can be: {mistyped}"
    );
}

/// A directory with worse records has more trouble, and one with more second factors has less.
#[test]
fn trouble_follows_the_records() {
    type Cause = (&'static str, &'static str, bool, fn(&Account) -> bool);
    let causes: [Cause; 7] = [
        ("leaked", "intruder.share=0.02", true, is_intruder),
        ("mfa", "intruder.share=0.02", false, is_intruder),
        ("unverified_email", "intruder.share=0.05", true, is_intruder),
        ("unverified_email", "planted.share=0.01", true, is_planted),
        ("unverified_email", "nobody.share=0.03", true, is_nobody),
        ("unverified_email", "mistyped.share=0.05", true, is_mistyped),
        ("incomplete", "nobody.share=0.03", true, is_nobody),
    ];
    for (record, trouble, more, is_in) in causes {
        let at = |level: &str| {
            let sets = [
                format!("population.shares.{record}={level}"),
                format!("population.trouble.{trouble}"),
            ];
            share(FEW, &[&sets[0], &sets[1]], is_in)
        };
        let (none, some, many) = (at("0"), at("0.2"), at("0.6"));
        let (low, high) = if more { (none, many) } else { (many, none) };
        assert!(low * 1.05 < some && some * 1.05 < high, "{trouble} by {record}: {none}, {some}, {many}");
    }
}

#[test]
fn what_cannot_be_together_is_not() {
    let text = "population.accounts = 40_000\n[population.trouble]\nhints_power = 0\nintruder.share = 0.2\nnobody.share = 0.2\n\
                mistyped.share = 0.05\nplanted.share = 0.2\nplanted.phone_share = 0.5\n";
    let all = accounts(
        text,
        &[
            "population.shares.disabled=0.1",
            "population.shares.unverified_email=0.3",
        ],
        0,
    );
    let mut phones = 0;
    for account in &all {
        let (record, truth) = (&account.record, &account.truth);
        if truth.behind != Behind::Customer && truth.behind != Behind::Gone {
            assert!(!truth.foothold.any() && truth.mailbox != ContactPoint::Mistyped, "nobody has an intruder");
        }
        if truth.mailbox == ContactPoint::Mistyped {
            assert!(!record.email_verified && !record.email_shared && !truth.foothold.has(Foothold::MAIL));
        }
        if truth.foothold.has(Foothold::PHONE) {
            assert!(record.phone && truth.foothold.has(Foothold::MAIL));
            assert_eq!(truth.phone, ContactPoint::Mistyped, "a planted phone is not the owner's");
            phones += 1;
        }
        if truth.foothold.has(Foothold::PASSWORD) {
            assert!(record.has_password(), "there is no password to know");
        }
        if matches!(truth.behind, Behind::Nobody | Behind::Gone) {
            assert_eq!(account.rate_per_day(), 0.0, "nobody signs in");
        }
    }
    assert!(phones > 500, "{phones}");
}

/// Mean and its standard error of how much of the time from creation to the last sign-in had gone, counted back, when the
/// address was verified.
fn verified_place(accounts: &[Account], of: impl Fn(&Account) -> bool) -> (f64, f64) {
    let places: Vec<f64> = accounts
        .iter()
        .filter(|account| account.record.email_verified && of(account))
        .filter_map(|account| {
            let history = account.history();
            let room = f64::from(history.age_days - history.last_seen_days);
            (room > 1.0).then(|| f64::from(history.verified_days - history.last_seen_days) / room)
        })
        .collect();
    let n = places.len() as f64;
    let mean = places.iter().sum::<f64>() / n;
    let variance = places.iter().map(|place| (place - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// What goes bad does so since it was last verified; so the date of that hints at it, and without a hazard it does not.
#[test]
fn bad_contact_points_were_verified_longer_ago() {
    let base = "population.accounts = 60_000\n[population.shares]\nrecycled_mailbox = 0.05\nrecycled_phone = 0.05\n";
    let mailbox = |point| move |account: &Account| account.truth.mailbox == point;
    let phone = |point| move |account: &Account| account.truth.phone == point;
    let all = accounts(base, &[], 0);
    let off = accounts(base, &["population.mail_decay_per_year=0", "population.phone_decay_per_year=0"], 0);
    type Is = Box<dyn Fn(&Account) -> bool>;
    let pairs: [(&str, Is, Is); 3] = [
        ("dead mailbox", Box::new(mailbox(ContactPoint::Dead)), Box::new(mailbox(ContactPoint::Alive))),
        (
            "recycled mailbox",
            Box::new(mailbox(ContactPoint::Recycled)),
            Box::new(mailbox(ContactPoint::Alive)),
        ),
        ("recycled phone", Box::new(phone(ContactPoint::Recycled)), Box::new(phone(ContactPoint::Alive))),
    ];
    for (name, bad, good) in pairs {
        let ((bad_on, bad_error), (good_on, good_error)) = (verified_place(&all, &bad), verified_place(&all, &good));
        let error = bad_error.hypot(good_error);
        assert!(bad_on - good_on > 5.0 * error, "{name}: {bad_on} against {good_on}, give or take {error}");
        let ((bad_off, bad_error), (good_off, good_error)) = (verified_place(&off, &bad), verified_place(&off, &good));
        let error = bad_error.hypot(good_error);
        assert!((bad_off - good_off).abs() < 4.0 * error, "{name} without a hazard: {bad_off} and {good_off}");
    }
}

/// Pairs in the target: match confidence, whether it is one person, and whether the record is complete.
fn pairs(sets: &[&str]) -> Vec<(f64, bool, bool)> {
    let all = accounts("population.accounts = 100_000\npopulation.shares.in_target = 0.6\n", sets, 0);
    let matched = all.iter().filter(|account| account.record.in_target);
    matched
        .map(|a| (f64::from(a.record.match_confidence), a.truth.same_in_target, a.record.complete))
        .collect()
}

/// Of the pairs in each tenth of the range of confidence: how many, mean confidence, and share that is one person.
fn bins(pairs: &[(f64, bool, bool)]) -> Vec<(f64, f64, f64)> {
    let bin = |place: usize| {
        let within: Vec<_> = pairs.iter().filter(|(c, ..)| ((c * 10.0) as usize).min(9) == place).collect();
        let n = within.len() as f64;
        let mean = within.iter().map(|(c, ..)| c).sum::<f64>() / n;
        (n, mean, within.iter().filter(|(_, same, _)| *same).count() as f64 / n)
    };
    (0..10).map(bin).filter(|(n, ..)| *n > 50.0).collect()
}

#[test]
fn match_confidence_is_calibrated() {
    for same in [0.5, 0.9] {
        let sets = [
            format!("population.shares.in_target_same_person={same}"),
            "population.matching.lookalike_share=0".to_owned(),
            "population.matching.incomplete_factor=1".to_owned(),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let bins = bins(&pairs(&sets));
        assert!(bins.len() >= 8, "confidence spreads over its range: {bins:?}");
        for (n, confidence, share) in bins {
            let error = (confidence * (1.0 - confidence) / n).sqrt();
            assert!((share - confidence).abs() < 4.0 * error + 0.002, "of {n} pairs at {confidence} {share} are one");
        }
    }
}

#[test]
fn confidence_that_everybody_looks_alike_to_tells_nothing() {
    let sets = [
        "population.matching.lookalike_share=1",
        "population.matching.incomplete_factor=1",
    ];
    for (n, confidence, share) in bins(&pairs(&sets)) {
        let error = (0.9 * 0.1 / n).sqrt();
        assert!((share - 0.9).abs() < 4.0 * error, "of {n} pairs at {confidence} {share} are one person");
    }
}

#[test]
fn confidence_has_sure_ends_and_is_weaker_for_incomplete_records() {
    let plain = "population.matching.incomplete_factor=1";
    let none = pairs(&["population.shares.in_target_same_person=0", plain]);
    let all = pairs(&["population.shares.in_target_same_person=1", plain]);
    assert!(none.len() > 50_000 && none.iter().all(|(c, same, _)| *c < 1e-6 && !same));
    assert!(all.len() > 50_000 && all.iter().all(|(c, same, _)| *c > 1.0 - 1e-6 && *same));
    let mean = |pairs: &[(f64, bool, bool)], complete: bool| {
        let of: Vec<f64> = pairs.iter().filter(|pair| pair.2 == complete).map(|pair| pair.0).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    let usual = pairs(&[]);
    let ratio = mean(&usual, false) / mean(&usual, true);
    assert!((ratio - 0.8).abs() < 0.01, "{ratio}");
}

/// How well the first strategy's scorecard, or else the built-in one, finds trouble.
fn finds(text: &str, sets: &[&str], trouble: Trouble) -> Area {
    let loaded = load(text, sets);
    let seed = Seed::new(3, 0);
    let population = Population::new(&loaded.scenario, seed, None);
    let scored = hints(&loaded.scenario, &population, seed).pop().expect("a scorecard");
    scored.findings[trouble as usize].auc.expect("some have it and some do not")
}

#[test]
fn a_score_finds_what_the_record_hints_at() {
    let text = "population.accounts = 100_000\npopulation.trouble = { intruder.share = 0.02, nobody.share = 0 }\n";
    let at = |power: &str| finds(text, &[&format!("population.trouble.hints_power={power}")], Trouble::Intruder);
    let (none, usual, strong) = (at("0"), at("1"), at("2"));
    let error = none.standard_error.expect("many");
    assert!((none.area - 0.5).abs() < 4.0 * error, "{none:?}");
    assert!(usual.area > none.area + 0.03, "{usual:?} against {none:?}");
    assert!(strong.area > usual.area + 0.03, "{strong:?} against {usual:?}");
}

#[test]
fn a_blind_scorecard_shows() {
    let points = [
        "unverified",
        "shared_contact",
        "leak_known",
        "no_phone",
        "incomplete",
        "verified_per_year",
    ];
    let rest = ["unseen_per_year", "mfa", "weak_match"];
    let blind: Vec<String> = points.iter().chain(&rest).map(|key| format!("{key} = 0")).collect();
    let text = format!(
        "population.accounts = 20_000\nstrategies = [{{ preset = \"risk-based\", risk = {{ {} }} }}]\n",
        blind.join(", ")
    );
    for trouble in Trouble::ALL {
        let area = finds(&text, &[], trouble);
        assert_eq!((area.area, area.standard_error), (0.5, Some(0.0)), "{trouble:?}");
    }
}

/// Counts of each arm, summed over the replications; the first is the control arm.
fn counts(text: &str, sets: &[&str]) -> Vec<Counts> {
    let all: Vec<Replication> = replications(&load(text, sets));
    let mut arms: Vec<Counts> = all[0].arms.iter().map(|arm| arm.counts.clone()).collect();
    for replication in &all[1..] {
        arms.iter_mut().zip(&replication.arms).for_each(|(sum, arm)| sum.merge(&arm.counts));
    }
    arms
}

fn of_case(counts: &Counts, case: EdgeCase, outcome: Outcome) -> u64 {
    counts.edge_cases[case as usize][outcome.index()]
}

const WORLD: &str = "horizon_days = 90\nreplications = 2\n[population]\naccounts = 10_000\n";

fn world(strategy: &str) -> String {
    format!("strategies = [{strategy}]\n{WORLD}")
}

#[test]
fn intruders_are_there_as_often_as_they_are_stated() {
    let text = world("\"lazy\"");
    let residents = |share: &str| {
        let set = format!("population.trouble.intruder.share={share}");
        let arms = counts(&text, &[&set, "population.trouble.hints_power=0"]);
        let taken: Vec<u64> = arms.iter().map(|arm| arm.outcome(Outcome::TakenOver)).collect();
        (arms[0].residents.iter().sum::<u64>(), arms[1].residents.iter().sum::<u64>(), taken)
    };
    let (off, few, many) = (residents("0"), residents("0.02"), residents("0.08"));
    assert_eq!((off.0, off.1), (0, 0), "nobody is inside");
    for some in [&few, &many] {
        assert_eq!(some.0, some.1, "whoever is inside on the first day is so in every arm");
    }
    assert!((350..450).contains(&few.0) && (1_450..1_750).contains(&many.0), "{} and {}", few.0, many.0);
    for arm in 0..2 {
        assert!(off.2[arm] < few.2[arm] && few.2[arm] < many.2[arm], "{:?} {:?} {:?}", off.2, few.2, many.2);
    }
}

#[test]
fn planted_accounts_are_taken_by_who_planted_them() {
    let text = world("\"reset-only\"");
    let taken = |share: &str| {
        let set = format!("population.trouble.planted.share={share}");
        let arms = counts(
            &text,
            &[
                &set,
                "population.trouble.hints_power=0",
                "population.trouble.planted.returns_mean_days=60",
            ],
        );
        arms[1].taken_over[Vector::Planted as usize]
    };
    let (off, few, many) = (taken("0"), taken("0.02"), taken("0.1"));
    assert_eq!(off, 0);
    assert!(few > 50 && many > 3 * few, "{few} and {many}");
}

/// Links go to a stranger: whoever moves is moved by people, and what a reset link moves is the stranger's.
#[test]
fn links_to_a_mistyped_address_never_reach_the_owner() {
    let text = world("\"reset-only\"");
    let base = [
        "population.trouble.mistyped.share=0.4",
        "population.shares.unverified_email=0.5",
        "population.shares.social_only=0",
        "population.shares.social_and_password=0",
        "population.trouble.planted.share=0",
        // Whoever signs up again and is recognised proves who they are by another channel.
        "journey.choice.sign_up_weight=0",
    ];
    let at = |share: &str| {
        let uses = format!("threat.mistyped_uses_share={share}");
        counts(&text, &[&base[..], &[uses.as_str()]].concat()).swap_remove(1)
    };
    let (honest, thief) = (at("0"), at("0.5"));
    for outcome in [Outcome::Migrated, Outcome::TakenOver] {
        let got = of_case(&honest, EdgeCase::MistypedAddress, outcome);
        // Some are in other hands since before the first day.
        let allowed = if outcome == Outcome::Migrated { 0 } else { 100 };
        assert!(got <= allowed, "{got} {outcome:?} of those whose links go to a stranger");
    }
    let pending = of_case(&honest, EdgeCase::MistypedAddress, Outcome::Pending);
    let moved = honest.outcome(Outcome::Migrated);
    assert!(pending > 100 && moved > 500, "{pending} such accounts wait, {moved} others moved");
    assert_eq!(honest.taken_over[Vector::MistypedAddress as usize], 0);
    assert!(thief.taken_over[Vector::MistypedAddress as usize] > 500, "strangers take what they are offered");
    let off = counts(&text, &["population.trouble.mistyped.share=0", "threat.mistyped_uses_share=1"]);
    assert_eq!(off[1].attempts[Vector::MistypedAddress as usize], 0);
}

#[test]
fn nobody_neither_leaves_nor_calls_and_costs_what_accounts_cost() {
    let text = world("\"lazy\", \"reset-only\"").replace("horizon_days = 90", "horizon_days = 120");
    let sets = [
        "population.shares.disabled=0",
        "population.trouble={ hints_power = 0, nobody = { share = 1, active_share = 1 }, intruder.share = 0 }",
    ];
    let arms = counts(&text, &sets);
    for arm in &arms {
        for outcome in [Outcome::Churned, Outcome::Duplicate, Outcome::Blocked] {
            assert_eq!(arm.outcome(outcome), 0, "{outcome:?}");
        }
        for total in [
            Total::Active,
            Total::CanSignIn,
            Total::Contacted,
            Total::ShutOut,
            Total::Alarms,
        ] {
            assert_eq!(arm.total(total), 0, "{total:?}");
        }
        let all: u64 = Outcome::ALL.iter().map(|&outcome| arm.outcome(outcome)).sum();
        assert_eq!(all, 20_000, "they count as accounts");
    }
    assert!(arms[1].total(Total::TargetHours) > 0, "programs are moved, and cost the new platform");
    assert!(arms[2].emails > 10_000, "whoever is behind them, they are written to");
}

#[test]
fn disabled_for_good_is_not_genuine_and_waiting() {
    let text = world("\"reset-only\"");
    let at = |share: &str| {
        let set = format!("population.trouble.disabled_genuine_share={share}");
        let rest = [
            "population.shares.disabled=0.2",
            "population.trouble.nobody.share=0",
            "threat.enabled=false",
        ];
        counts(&text, &[&[set.as_str()], &rest[..]].concat()).swap_remove(1)
    };
    let (none, all) = (at("0"), at("1"));
    let gone = |counts: &Counts| counts.edge_cases[EdgeCase::DisabledForGood as usize].iter().sum::<u64>();
    assert_eq!((gone(&none), gone(&all)), (4_000, 0));
    for outcome in [
        Outcome::Churned,
        Outcome::Blocked,
        Outcome::Duplicate,
        Outcome::Migrated,
    ] {
        assert_eq!(of_case(&none, EdgeCase::Disabled, outcome), 0, "{outcome:?} of those disabled for good");
    }
    assert!(all.total(Total::Contacted) > none.total(Total::Contacted) + 100, "who is genuine wants in");
}

/// Who never types a password moves late where moving takes a password that is typed.
#[test]
fn who_stays_signed_in_moves_later() {
    let text = world("{ preset = \"lazy\", cut_off.day = 85 }");
    let linked_by_day_60 = |share: &str| {
        let set = format!("population.shares.stays_signed_in={share}");
        let arms = counts(&text, &[&set, "journey.sign_in.session_days=200"]);
        arms[1].series[1].iter().take(60 * 24).map(|n| u64::from(*n)).sum::<u64>()
    };
    let (typing, some, staying) = (linked_by_day_60("0"), linked_by_day_60("0.3"), linked_by_day_60("1"));
    assert!(staying < some && some < typing, "{staying}, {some}, {typing}");
    assert!(2 * staying < typing, "{staying} of {typing}");
}

/// Frictions and harms of all arms but the control: contacts, days locked out, and every bad end.
fn burden(counts: &[Counts]) -> Vec<u64> {
    let bad = [
        Outcome::Churned,
        Outcome::TakenOver,
        Outcome::Misbound,
        Outcome::Duplicate,
        Outcome::Blocked,
    ];
    let of = |arm: &Counts| {
        let harm: u64 = bad.iter().map(|&outcome| arm.outcome(outcome)).sum();
        harm + arm.total(Total::Contacted) + arm.total(Total::ShutOut)
    };
    counts[1..].iter().map(of).collect()
}

#[test]
fn worse_records_bring_more_friction_or_harm() {
    let text = "strategies = [\"risk-based\"]\nhorizon_days = 120\nreplications = 2\n[population]\naccounts = 25_000\n";
    let at = |set: &str| burden(&counts(text, &[set]))[0];
    for key in ["unverified_email", "incomplete"] {
        let (few, many) = (at(&format!("population.shares.{key}=0.05")), at(&format!("population.shares.{key}=0.6")));
        assert!(many > few, "{key}: {few} at 5 %, {many} at 60 %");
    }
}

/// In a world without attackers, trouble or bad channels, where nobody forgets or leaves, a move that asks for nothing keeps
/// everybody in.
#[test]
fn perfect_channels_and_no_trouble_leave_nobody_out() {
    let text = r#"
        horizon_days = 120
        replications = 1
        threat = { enabled = false, false_alarms_per_year = 0 }
        strategies = [{ name = "silent", policy = [{ name = "Everybody", treat = "lazy_verify" }], rollout.on_sign_in.day = 7 }]
        [population]
        accounts = 10_000
        [population.shares]
        household = 0
        business_mailbox = 0
        shared_phone = 0
        duplicate = 0
        social_only = 0
        social_and_password = 0
        no_email = 0
        dead_mailbox = 0
        recycled_mailbox = 0
        no_phone = 0
        dead_phone = 0
        recycled_phone = 0
        no_living_channel = 0
        incomplete = 0
        in_target = 0
        mfa = 0
        locked = 0
        disabled = 0
        [population.trouble]
        intruder.share = 0
        mistyped.share = 0
        planted.share = 0
        nobody.share = 0
        [journey.sign_in]
        forgotten_least_share = 0
        forgotten_most_share = 0
        unfilled_share = 0
        [journey.frustration]
        attrition_per_year = 0
    "#;
    for arm in counts(text, &[]) {
        assert_eq!(arm.total(Total::CanSignIn), arm.total(Total::Active));
        assert!(arm.total(Total::Active) > 2_000, "{}", arm.total(Total::Active));
        assert_eq!(arm.total(Total::ShutOut), 0);
    }
}
