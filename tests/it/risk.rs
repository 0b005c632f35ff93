//! Risk made real: each control pays or costs what it does in life. Under the same luck, a cause is turned, and what it is a
//! cause of must move with it.

use cutover::measure::counts::Total;
use cutover::report::summary::Summary;
use cutover::results::costs::{self, Line};
use cutover::terms::{Outcome, Vector};

use super::support::{load, replications};

type Arm = cutover::engine::ArmResult;

/// A population in which rare things are common enough to be seen among few.
const BASE: &str = r#"
    horizon_days = 120
    replications = 3
    [population]
    accounts = 6_000
    sign_ins = { shape = 1.0, rate_days = 20 }
    [population.shares]
    in_target = 0.1
    [population.trouble.intruder]
    share = 0.05
    [desk]
    for_accounts = 60_000
"#;

/// The arms of all replications, `stay` first, and the scenario.
struct Found {
    loaded: cutover::scenario_file::Loaded,
    replications: Vec<cutover::engine::Replication>,
}

fn play(treatment: &str, controls: &str, sets: &[&str]) -> Found {
    play_policy(&format!(r#"{{ name = "All", treat = "{treatment}" }}"#), controls, sets)
}

fn play_policy(policy: &str, controls: &str, sets: &[&str]) -> Found {
    let text = format!(
        r#"strategies = [{{ name = "it", rollout = {{ big_bang = {{ day = 7 }} }}, policy = [{policy}], controls = {{ {controls} }} }}]
        {BASE}"#
    );
    let loaded = load(&text, sets);
    let replications = replications(&loaded);
    Found { loaded, replications }
}

impl Found {
    /// Of the strategy, over all replications.
    fn sum(&self, of: impl Fn(&Arm) -> u64) -> u64 {
        self.replications.iter().map(|replication| of(&replication.arms[1])).sum()
    }

    /// Of the control arm.
    fn stay(&self, of: impl Fn(&Arm) -> u64) -> u64 {
        self.replications.iter().map(|replication| of(&replication.arms[0])).sum()
    }

    fn total(&self, total: Total) -> u64 {
        self.sum(|arm| arm.counts.total(total))
    }

    fn outcome(&self, outcome: Outcome) -> u64 {
        self.sum(|arm| arm.counts.outcome(outcome))
    }

    fn taken(&self, vector: Vector) -> u64 {
        self.sum(|arm| arm.counts.taken_over[vector as usize])
    }

    fn taken_in_all(&self) -> u64 {
        self.sum(|arm| arm.counts.taken_over.iter().sum())
    }

    fn contacts(&self) -> u64 {
        self.sum(cutover::results::desk::contacts)
    }

    fn cents(&self, line: Line) -> u64 {
        let strategy = &self.loaded.scenario.strategies[0];
        self.sum(|arm| costs::bill(&self.loaded.scenario, Some(strategy), arm)[line as usize])
    }

    fn bill(&self) -> u64 {
        let strategy = &self.loaded.scenario.strategies[0];
        self.sum(|arm| costs::bill(&self.loaded.scenario, Some(strategy), arm).iter().sum())
    }
}

/// `more` is above `less` by a margin that luck does not make up.
fn clearly(more: u64, less: u64, what: &str) {
    assert!(more as f64 > less as f64 * 1.1 + 3.0, "{what}: {more} should be clearly more than {less}");
}

#[test]
fn wrong_matches_bind_wrongly_and_cost() {
    let wrong = |share: &str| {
        let set = format!("population.shares.in_target_same_person={share}");
        play("hash_import", r#"on_conflict = "merge""#, &[&set])
    };
    let (few, many) = (wrong("0.98"), wrong("0.7"));
    clearly(many.sum(|arm| arm.counts.false_links), few.sum(|arm| arm.counts.false_links), "wrong links made");
    clearly(many.total(Total::WrongLinks), few.total(Total::WrongLinks), "wrong links seen");
    clearly(many.cents(Line::WrongLinks), few.cents(Line::WrongLinks), "wrong links paid");
    clearly(many.contacts(), few.contacts(), "contacts about them");
}

#[test]
fn monitoring_shortens_the_hold_and_errs() {
    let watched = |share: &str| {
        let controls = format!("fraud_detection_share = {share}");
        play("lazy_verify", &controls, &["threat.false_alarms_per_year=0.3"])
    };
    let (blind, half, all) = (watched("0"), watched("0.5"), watched("1"));
    clearly(blind.total(Total::HeldHours), half.total(Total::HeldHours), "hours held");
    clearly(half.total(Total::HeldHours), all.total(Total::HeldHours), "hours held");
    clearly(all.total(Total::Alarms), half.total(Total::Alarms), "false alarms");
    assert_eq!(
        blind.total(Total::Alarms),
        blind.stay(|_| 0) + alarms_before(&blind),
        "who does not look, does not err"
    );
    clearly(all.cents(Line::Alarms), half.cents(Line::Alarms), "false alarms paid");
    clearly(blind.cents(Line::Takeovers), half.cents(Line::Takeovers), "losses by takeovers");
    clearly(half.cents(Line::Takeovers), all.cents(Line::Takeovers), "losses by takeovers");
}

/// False alarms of the legacy platform's monitoring, before the rollout.
fn alarms_before(found: &Found) -> u64 {
    let most = found.stay(|arm| arm.counts.total(Total::Alarms));
    let seen = found.total(Total::Alarms);
    assert!(seen * 5 < most, "a week of {most}: {seen}");
    seen
}

#[test]
fn who_retires_and_revokes_is_taken_over_less() {
    let door = |controls: &str| {
        play(
            "ask_reset",
            &format!("fraud_detection_share = 0, {controls}"),
            &[
                "population.shares.leaked=0.5",
                "threat.stuffing_per_year=4",
                "threat.session_exposed_share=0.2",
                "population.responds_share=0.9",
            ],
        )
    };
    let shut = door("retire_credential = true");
    let open = door("retire_credential = false");
    clearly(open.total(Total::HeldHours), shut.total(Total::HeldHours), "hours held through the legacy password");
    let left = door(r#"retire_credential = false, sessions = "leave""#);
    clearly(left.taken(Vector::Session), open.taken(Vector::Session), "takeovers by sessions that nobody ended");
}

#[test]
fn who_ends_sessions_is_called() {
    let ended = |sessions: &str| {
        let controls = format!(r#"sessions = "{sessions}", retire_credential = false"#);
        play("lazy_verify", &controls, &["population.shares.stays_signed_in=0.8", "horizon_days=40"])
    };
    let (left, cut) = (ended("leave"), ended("invalidate_at_cutover"));
    clearly(cut.contacts(), left.contacts(), "contacts");
    clearly(
        cut.sum(|arm| arm.counts.outcome(Outcome::Migrated)),
        left.sum(|arm| arm.counts.outcome(Outcome::Migrated)),
        "who must type a password is moved",
    );
}

#[test]
fn without_a_hazard_of_frustration_everybody_stays_alike() {
    let text = format!("strategies = [\"reset-only\", \"risk-based\", \"lazy\"]\n{BASE}");
    let loaded = load(
        &text,
        &[
            "journey.frustration.leaving_per_point=0",
            "journey.frustration.attrition_per_year=0.4",
        ],
    );
    for replication in replications(&loaded) {
        let churned: Vec<u64> = replication.arms.iter().map(|arm| arm.counts.outcome(Outcome::Churned)).collect();
        assert!(churned[0] > 300, "{churned:?}");
        assert!(churned.iter().all(|count| *count == churned[0]), "{churned:?}");
    }
}

#[test]
fn who_announces_gives_attackers_a_theme() {
    let announced =
        |announced: bool| play("lazy_verify", &format!("announced = {announced}"), &["threat.phished_share=0.05"]);
    let (quiet, told) = (announced(false), announced(true));
    let tried = |found: &Found| found.sum(|arm| arm.counts.attempts[Vector::Phishing as usize]);
    clearly(tried(&told), tried(&quiet), "phishing tried");
    clearly(told.taken(Vector::Phishing), quiet.taken(Vector::Phishing), "phishing that works");
}

#[test]
fn subjects_that_can_be_carried_over_move_more() {
    let portable = |share: &str| {
        let set = format!(
            "population.providers={{ google_weight = 0, facebook_weight = 0, microsoft_weight = 0, apple_weight = 1, apple_portable = {share} }}"
        );
        play(
            "social_relink",
            "",
            &[
                &set,
                "population.shares.social_only=0.8",
                "population.shares.social_and_password=0.05",
                "population.shares.organisation_only=0",
                "population.shares.nonportable_hash=0.02",
                "population.shares.leaked=0.02",
            ],
        )
    };
    let (none, all) = (portable("0"), portable("1"));
    let moved = |found: &Found| found.outcome(Outcome::Migrated) + found.outcome(Outcome::MigratedByDesk);
    clearly(moved(&all), moved(&none), "moved");
    clearly(
        none.outcome(Outcome::Duplicate),
        all.outcome(Outcome::Duplicate),
        "start anew before an empty account",
    );
    clearly(none.contacts(), all.contacts(), "call about an empty account");
    clearly(none.bill(), all.bill(), "the bill");
}

#[test]
fn second_factors_that_stay_behind_are_enrolled_at_the_desk() {
    let mfa = |share: &str| {
        let set = format!("population.shares.mfa={share}");
        play("lazy_verify", "", &[&set, "target.mfa_carried_share=0"])
    };
    let (few, many) = (mfa("0.02"), mfa("0.6"));
    clearly(many.contacts(), few.contacts(), "contacts");
    clearly(many.total(Total::ShutHours), few.total(Total::ShutHours), "hours locked out");
}

#[test]
fn records_that_do_not_tell_cost() {
    let incomplete = |share: &str| play("lazy_verify", "", &[&format!("population.shares.incomplete={share}")]);
    let (few, many) = (incomplete("0.05"), incomplete("0.8"));
    clearly(many.total(Total::ShutHours), few.total(Total::ShutHours), "hours locked out by missing claims");
    let unverified = |share: &str| {
        let set = format!("population.shares.unverified_email={share}");
        let mistyped = format!("population.trouble.mistyped.share={}", if share == "0" { "0" } else { "0.02" });
        play("reset_link", "", &[&set, &mistyped, "threat.mistyped_uses_share=0.5"])
    };
    let (none, some) = (unverified("0"), unverified("0.3"));
    assert_eq!(none.taken(Vector::MistypedAddress), 0, "verified addresses are the owner's");
    clearly(some.taken(Vector::MistypedAddress), 0, "takeovers by mistyped addresses");
}

#[test]
fn without_attackers_nobody_is_taken_over() {
    for treatment in [
        "reset_link",
        "lazy_verify",
        "hash_import",
        "step_up",
        "magic_link",
        "ask_reset",
    ] {
        let safe = play(treatment, "", &["threat.enabled=false"]);
        assert_eq!(
            safe.taken_in_all() + safe.outcome(Outcome::TakenOver) + safe.total(Total::HeldHours),
            0,
            "{treatment}"
        );
        let nobody = [
            "population.trouble.intruder.share=0",
            "population.trouble.planted.share=0",
            "threat.stuffing_per_year=0",
            "threat.phished_share=0",
            "threat.phished_per_year=0",
            "threat.session_exposed_share=0",
            "threat.desk_attempts_per_100k_accounts_per_month=0",
            "threat.recycled_uses_share=0",
            "threat.mistyped_uses_share=0",
            "threat.recycled_phone_uses_share=0",
            "threat.shared_misuse_share=0",
        ];
        let quiet = play(treatment, "", &nobody);
        assert_eq!(quiet.taken_in_all() + quiet.outcome(Outcome::TakenOver), 0, "{treatment}");
    }
}

/// A link trusts the mailbox. Where that is somebody else's, the reset itself hands the account over.
#[test]
fn a_reset_is_not_proofing() {
    let sets = [
        "population.shares.recycled_mailbox=0.1",
        "population.shares.no_living_channel=0.01",
        "population.trouble.intruder.share=0",
        "population.trouble.planted={ share = 0.05 }",
        "threat.recycled_uses_share=0.5",
    ];
    let by_mail = |found: &Found| found.taken(Vector::RecycledMailbox) + found.taken(Vector::Planted);
    let (reset, import) = (play("reset_link", "", &sets), play("hash_import", "", &sets));
    let proofed = play("step_up", "", &sets);
    clearly(by_mail(&reset), 2 * by_mail(&import), "takeovers made by the reset");
    clearly(by_mail(&reset), by_mail(&proofed), "a step-up does not trust the mailbox");
    let stay = reset.stay(|arm| arm.counts.taken_over[Vector::RecycledMailbox as usize]);
    clearly(reset.taken(Vector::RecycledMailbox), stay, "without it, they would sleep");
}

#[test]
fn a_step_up_for_an_account_that_is_there_ends_in_one_identity() {
    let sets = [
        "population.shares.in_target=0.5",
        "population.shares.in_target_same_person=1",
        "desk.review.false_accept_share=0",
    ];
    let found = play("step_up", "", &sets);
    assert_eq!(found.sum(|arm| arm.counts.false_links) - false_links_by_strangers(&found), 0);
    let counted = Summary::new(&found.loaded.scenario, &found.replications);
    assert_eq!(counted.accounts, 6_000);
    // Whoever is there already can be moved: no conflict stands in the way of a step-up.
    let free = play("step_up", "", &["population.shares.in_target=0"]);
    let moved = |found: &Found| found.outcome(Outcome::Migrated) as f64;
    assert!((moved(&found) / moved(&free) - 1.0).abs() < 0.03, "{} {}", moved(&found), moved(&free));
}

fn false_links_by_strangers(found: &Found) -> u64 {
    found.sum(|arm| arm.counts.taken_over.iter().sum::<u64>().min(arm.counts.false_links))
}

/// Where every channel works and nobody errs, nobody who comes is left outside, whatever the treatment.
#[test]
fn perfect_channels_let_everybody_in() {
    let sets = [
        "population.shares={ no_email = 0, dead_mailbox = 0, recycled_mailbox = 0, unverified_email = 0, no_phone = 0, dead_phone = 0, recycled_phone = 0, no_living_channel = 0, incomplete = 0, in_target = 0, locked = 0, disabled = 0, leaked = 0, nonportable_hash = 0, mfa = 0, household = 0, business_mailbox = 0, shared_phone = 0, duplicate = 0, social_only = 0, organisation_only = 0, social_and_password = 0 }",
        "population.trouble={ intruder = { share = 0 }, mistyped = { share = 0 }, planted = { share = 0 }, nobody = { share = 0 } }",
        "threat.enabled=false",
        "threat.false_alarms_per_year=0",
        "journey.mail.suspected_share=0",
        "journey.mail.scanned_share=0",
        "journey.recovery.used_share=1",
        "journey.recovery.stuck_share=0",
        "journey.recovery.delay={ median_h = 0.01, sigma = 0.1 }",
        "journey.step_up.phone_passes_share=1",
        "journey.frustration.attrition_per_year=0",
        "journey.frustration.leaving_per_point=0",
        "desk.review.false_reject_share=0",
    ];
    for treatment in [
        "lazy_verify",
        "hash_import",
        "magic_link",
        "step_up",
        "federate",
        "passkey",
        "ask_reset",
    ] {
        let found = play(treatment, "", &sets);
        let (active, can) = (found.total(Total::Active), found.total(Total::CanSignIn));
        assert!(active > 10_000, "{active}");
        // Who is on the way to the mailbox at the horizon is not in yet.
        assert!(can as f64 > active as f64 * 0.998, "{treatment}: {can} of {active}");
    }
    let found = play("reset_link", "", &sets);
    let (active, can) = (found.total(Total::Active), found.total(Total::CanSignIn));
    assert!(can as f64 > active as f64 * 0.85, "reset_link: {can} of {active}");
}

#[test]
fn finding_duplicates_pays_where_they_are_dear() {
    let found = |share: &str, price: &str| {
        let prices = format!("prices.duplicate_cents={price}");
        play(
            "reset_link",
            &format!("duplicate_detection_share = {share}"),
            &[&prices, "journey.choice.sign_up_weight=1", "prices.document_cents=150"],
        )
    };
    let (missed, found_all) = (found("0", "20000"), found("1", "20000"));
    clearly(missed.outcome(Outcome::Duplicate), found_all.outcome(Outcome::Duplicate), "duplicates");
    clearly(missed.bill(), found_all.bill(), "the bill where duplicates are dear");
    let (missed, found_all) = (found("0", "0"), found("1", "0"));
    assert_eq!(missed.cents(Line::Duplicates), 0);
    clearly(found_all.cents(Line::Documents), missed.cents(Line::Documents), "recognising has a price");
}

/// Who stops trying counts as blocked where the account has moved as well as where it has not, in every arm.
#[test]
fn blocked_counts_after_a_link_as_before() {
    let sets = [
        "journey.choice={ give_up_weight = 1, desk_weight = 0, sign_up_weight = 0, later_weight = 0 }",
        "journey.choice.absence={ median_h = 5000, sigma = 0.1 }",
        "journey.recovery.stuck_share=0.5",
    ];
    let found = play("hash_import", "", &sets);
    clearly(found.outcome(Outcome::Blocked), 100, "blocked");
    clearly(found.stay(|arm| arm.counts.outcome(Outcome::Blocked)), 100, "blocked under stay");
    clearly(found.cents(Line::Blocked), 0, "blocked customers have a price");
    // Nearly all are moved by the import, so that most who gave up had moved.
    let linked = found.sum(|arm| {
        arm.counts.series[cutover::measure::counts::Series::Linked as usize]
            .iter()
            .map(|n| u64::from(*n))
            .sum()
    });
    let moved = found.outcome(Outcome::Migrated)
        + found.outcome(Outcome::LinkedUnseen)
        + found.outcome(Outcome::MigratedByDesk);
    clearly(linked, moved, "links of people who are blocked since");
}

/// A gateway sends no faster than it can, and a bad list is filtered and stopped.
#[test]
fn mails_leave_as_fast_as_the_gateway_lets_them() {
    let last_mail = |sets: &[&str]| -> (usize, u64) {
        let sets = [sets, &["population.shares.no_living_channel=0.01"]].concat();
        let found = play("reset_link", "reminders_days = []", &sets);
        let hours = &found.replications[0].arms[1].counts.series[cutover::measure::counts::Series::Mails as usize];
        let last = hours.iter().rposition(|mails| *mails > 0).unwrap_or(0);
        (last + 1 - 7 * 24, u64::from(hours.iter().copied().max().unwrap_or(0)))
    };
    let healthy = "population.shares.dead_mailbox=0.01";
    let (free, _) = last_mail(&[healthy]);
    let (day, most) = last_mail(&[healthy, "target.gateway.mails_per_hour=100"]);
    let (two, fewer) = last_mail(&[healthy, "target.gateway.mails_per_hour=50"]);
    assert!(free < 30, "{free} h without a limit");
    assert!(
        (day as f64 / two as f64 - 0.5).abs() < 0.05,
        "half the capacity takes twice as long: {day} h, {two} h"
    );
    assert!(most < 150 && fewer < 90, "about what the gateway sends: {most}, {fewer}");
    let (stopped, _) = last_mail(&["population.shares.dead_mailbox=0.12"]);
    assert!(
        (stopped as i64 - free as i64 - 48).abs() <= 2,
        "stopped for two days: {stopped} h instead of {free} h"
    );
    let clicks = |strength: &str| {
        let set = format!("target.gateway.filtered_per_bounce_share={strength}");
        play(
            "reset_link",
            "",
            &[
                &set,
                "population.shares.dead_mailbox=0.12",
                "population.shares.no_living_channel=0.01",
            ],
        )
        .sum(|arm| arm.counts.funnel[4])
    };
    clearly(clicks("0"), clicks("8"), "clicks of a mailing that is filtered");
    let late = play("reset_link", "", &["target.gateway.mails_per_day=40"]);
    clearly(late.total(Total::LateMails), 100, "mails that would leave after the horizon");
    assert_eq!(play("lazy_verify", "", &[]).total(Total::LateMails), 0);
}

/// The summary has room for all of it.
#[test]
fn the_summary_counts_what_is_paid() {
    let found = play("lazy_verify", "", &[]);
    let summary = serde_json::to_string(&Summary::new(&found.loaded.scenario, &found.replications)).expect("json");
    assert!(summary.contains("held_h") && summary.contains("wrong_links"), "{}", &summary[..400]);
}
