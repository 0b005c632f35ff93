//! What strategies and controls must do to customers, whatever the numbers: signs, limits and single causes.

use cutover::measure::counts::Total;
use cutover::population::unit::EdgeCase;
use cutover::report::summary::{StrategySummary, Summary};
use cutover::terms::{Channel, Outcome, Reason, Vector};

use super::support::run;

const BASE: &str = r#"
    replications = 1
    horizon_days = 100
    [population]
    accounts = 12_000
    sign_ins = { shape = 1.0, rate_days = 15 }
    [desk]
    for_accounts = 40_000
"#;

fn with(strategies: &str, sets: &[&str]) -> Summary {
    run(&format!("strategies = {strategies}\n{BASE}"), sets)
}

fn only(strategies: &str, sets: &[&str]) -> StrategySummary {
    with(strategies, sets).strategies.remove(1)
}

fn moved(strategy: &StrategySummary) -> f64 {
    strategy.outcomes[Outcome::Migrated] + strategy.outcomes[Outcome::MigratedByDesk]
}

#[test]
fn the_three_strategies_differ_as_they_are_meant_to() {
    let summary = with(r#"["reset-only", "risk-based", "lazy"]"#, &[]);
    let of = |name: &str| summary.strategy(name).expect("a strategy");
    let (stay, reset, risk, lazy) = (of("stay"), of("reset-only"), of("risk-based"), of("lazy"));
    assert_eq!(moved(stay), 0.0);
    for (name, other) in [("risk-based", risk), ("lazy", lazy)] {
        assert!(
            other.totals[Total::CanSignIn] > reset.totals[Total::CanSignIn],
            "{name} keeps more of the active in"
        );
        assert!(other.outcomes[Outcome::Churned] < reset.outcomes[Outcome::Churned], "{name} loses fewer");
        assert!(other.outcomes[Outcome::Duplicate] < reset.outcomes[Outcome::Duplicate], "{name} doubles fewer");
        assert!(other.desk.contacts < reset.desk.contacts, "{name} is called less");
    }
    assert!(
        reset.security.taken_over[Vector::Stuffing] < lazy.security.taken_over[Vector::Stuffing],
        "a reset stops stuffing"
    );
    assert!(reset.attributable.churned > 0.0 && reset.attributable.contacts > 0.0);
    assert_eq!(risk.security.misbound, 0.0, "nobody is mailed a link that a housemate could take for theirs");
    assert!(reset.time_to_migrate_h.p50 < lazy.time_to_migrate_h.p90);
}

/// A customer who gave up, and calls months later about something else, is no redial.
#[test]
fn only_further_tries_after_giving_up_are_redials() {
    let desk = |share: f64| {
        let sets = [
            "desk.for_accounts=0",
            "desk.tier1.agents=1",
            "desk.phone.patience={ constant = { mean_s = 20 } }",
            &format!("journey.choice.redial_share={share}"),
        ];
        only(r#"["reset-only"]"#, &sets).desk.by_channel
    };
    let never = desk(0.0);
    assert!(
        never[Channel::Phone].abandoned > 1000.0 && never.values().all(|channel| channel.redialed == 0.0),
        "{never:?}"
    );
    let always = desk(1.0);
    assert!(
        always[Channel::Phone].redialed > 100.0 && always[Channel::Email].redialed > 0.0,
        "some write the next time"
    );
    let (redialed, abandoned) = always
        .values()
        .fold((0.0, 0.0), |sum, channel| (sum.0 + channel.redialed, sum.1 + channel.abandoned));
    assert!(redialed < abandoned, "{redialed} redials after {abandoned} contacts were given up");
}

#[test]
fn a_longer_link_lifetime_expires_fewer_links() {
    let expired = |hours: f64| {
        let set = format!("strategies.reset-only.controls.link_lifetime_h={hours}");
        only(r#"["reset-only"]"#, &[&set]).funnel.expired
    };
    let (hour, day, week) = (expired(1.0), expired(24.0), expired(168.0));
    assert!(hour > 1.5 * day && day > 1.5 * week, "{hour} {day} {week}");
}

#[test]
fn frustration_drives_people_away_and_nothing_else_does() {
    let sets = |per_point: &'static str| [per_point, "journey.frustration.attrition_per_year=0"];
    let none = only(r#"["reset-only"]"#, &sets("journey.frustration.leaving_per_point=0"));
    assert_eq!(none.outcomes[Outcome::Churned], 0.0);
    let some = only(r#"["reset-only"]"#, &sets("journey.frustration.leaving_per_point=0.05"));
    let more = only(r#"["reset-only"]"#, &sets("journey.frustration.leaving_per_point=0.2"));
    assert!(
        0.0 < some.outcomes[Outcome::Churned]
            && 2.0 * some.outcomes[Outcome::Churned] < more.outcomes[Outcome::Churned]
    );
}

#[test]
fn without_attackers_nothing_is_taken_over() {
    let summary = with(r#"["reset-only", "risk-based", "lazy"]"#, &["threat.enabled=false"]);
    for strategy in &summary.strategies {
        assert_eq!(strategy.outcomes[Outcome::TakenOver], 0.0, "{}", strategy.name);
        assert!(strategy.security.attempts.values().all(|attempts| *attempts == 0.0), "{}", strategy.name);
    }
}

#[test]
fn each_vector_needs_its_opening() {
    let loud = [
        "threat.stuffing_per_year=20",
        "threat.phished_share=0.2",
        "threat.recycled_uses_share=0.8",
        "threat.shared_misuse_share=0.3",
        "threat.session_exposed_share=0.3",
        "threat.desk_attempts_per_100k_accounts_per_month=3000",
        "population.shares.recycled_mailbox=0.05",
        "population.shares.recycled_phone=0.05",
        "population.trouble.intruder.share=0.05",
        "population.trouble.mistyped.share=0.02",
        "population.trouble.planted.share=0.02",
        "threat.mistyped_uses_share=0.8",
        "threat.recycled_phone_uses_share=0.8",
        "threat.trivial_change_share=0.9",
        "threat.variant_tried_share=0.9",
        "threat.store_leak_day=2",
        "threat.store_leak_delay={ median_h = 24, sigma = 0.5 }",
    ];
    let reset = only(r#"["reset-only"]"#, &loud);
    let lazily = only(r#"["risk-based"]"#, &loud);
    for (vector, taken) in reset.security.taken_over.iter() {
        let (taken, tried) = match vector {
            // A code to a phone is sent by a step-up only.
            Vector::RecycledPhone => (lazily.security.taken_over[vector], lazily.security.attempts[vector]),
            _ => (*taken, reset.security.attempts[vector]),
        };
        assert!(taken > 0.0 && taken <= tried, "{vector:?} works: {taken} of {tried}");
    }
    let mut closed = loud.to_vec();
    closed.push("strategies.reset-only.controls.sessions=invalidate_at_cutover");
    let revoked = only(r#"["reset-only"]"#, &closed);
    assert!(
        revoked.security.taken_over[Vector::Session] < reset.security.taken_over[Vector::Session],
        "revocation closes sessions"
    );
    assert_eq!(revoked.security.legacy_sessions_alive, 0.0);

    let mut mfa = loud.to_vec();
    // Whoever relays what is typed relays the code as well.
    mfa.extend([
        "population.shares.mfa=1",
        "threat.mfa_stops_share=1",
        "threat.phishing_relays_share=0",
    ]);
    let mfa = only(r#"["lazy"]"#, &mfa);
    assert_eq!(mfa.security.taken_over[Vector::Stuffing], 0.0, "a second factor that always works stops stuffing");
    assert_eq!(mfa.security.taken_over[Vector::Phishing], 0.0);

    let mut checked = loud.to_vec();
    checked.extend([
        "desk.checks.call_back.false_accept_share=0",
        "desk.checks.knowledge.false_accept_share=0",
    ]);
    assert_eq!(
        only(r#"["reset-only"]"#, &checked).security.taken_over[Vector::DeskImpostor],
        0.0,
        "the check stops impostors"
    );
}

#[test]
fn people_at_one_mailbox_get_in_each_others_way() {
    let shared = [
        "population.shares.household=0.5",
        "population.shares.duplicate=0",
        "population.shares.business_mailbox=0",
    ];
    let on_conflict = |how: &str| {
        let set = format!("strategies.lazy.controls.on_conflict={how}");
        let mut sets = shared.to_vec();
        sets.extend([&*set, "strategies.lazy.controls.fallback=letter"]);
        only(r#"["lazy"]"#, &sets)
    };
    let (refuse, merge, review) = (on_conflict("refuse"), on_conflict("merge"), on_conflict("review"));
    assert!(
        merge.security.false_links > 10.0 * review.security.false_links.max(1.0),
        "merging strangers misbinds them"
    );
    assert!(merge.security.false_links >= merge.security.misbound);
    assert!(
        refuse.outcomes[Outcome::Blocked] > review.outcomes[Outcome::Blocked],
        "refusing blocks the second person"
    );
    assert!(
        review.desk.by_reason[Reason::Review].offered > 100.0 && refuse.desk.by_reason[Reason::Review].offered == 0.0
    );
}

#[test]
fn one_person_with_two_accounts_may_merge_them() {
    let sets = [
        "population.shares.household=0",
        "population.shares.business_mailbox=0",
        "population.shares.duplicate=0.6",
        "population.shares.in_target=0",
        "strategies.lazy.controls.on_conflict=merge",
    ];
    let merged = only(r#"["lazy"]"#, &sets);
    assert_eq!(merged.security.misbound, 0.0, "merging two accounts of one person binds nobody wrongly");
    assert_eq!(merged.outcomes_by_edge_case[EdgeCase::Duplicate][Outcome::Misbound], 0.0);
}

#[test]
fn duplicate_detection_saves_old_accounts() {
    let detect = |share: f64| {
        let set = format!("strategies.reset-only.controls.duplicate_detection_share={share}");
        only(r#"["reset-only"]"#, &[&set]).outcomes[Outcome::Duplicate]
    };
    assert!(detect(1.0) < 0.5 * detect(0.0));
}

#[test]
fn a_desk_that_is_well_staffed_answers() {
    let staffed = only(r#"["reset-only"]"#, &["desk.tier1.agents=400"]);
    let bare = only(r#"["reset-only"]"#, &["desk.tier1.agents=2"]);
    assert!(staffed.desk.calls.abandoned < 0.001 * staffed.desk.calls.offered);
    assert!(staffed.desk.calls.service_level.of_offered > 0.99);
    assert!(bare.desk.calls.abandoned > 0.3 * bare.desk.calls.offered, "two agents cannot");
    assert!(bare.desk.calls.mean_wait_s > 60.0 && staffed.desk.calls.mean_wait_s < 0.1);
    assert!(bare.outcomes[Outcome::MigratedByDesk] < staffed.outcomes[Outcome::MigratedByDesk]);
}

#[test]
fn treatments_reach_the_outcomes_they_are_for() {
    let all = |treatment: &str| {
        only(
            &format!(
                r#"[{{ name = "one", rollout = {{ big_bang = {{ day = 2 }} }}, policy = [{{ name = "all", treat = "{treatment}" }}], controls = {{ duplicate_detection_share = 0 }} }}]"#
            ),
            &["journey.sign_in={ forgotten_least_share = 0.01, forgotten_most_share = 0.01 }"],
        )
    };
    let import = all("hash_import");
    assert!(
        import.outcomes[Outcome::Migrated] + import.outcomes[Outcome::LinkedUnseen] > 5_000.0
            && import.time_to_migrate_h.p50 < 1.0,
        "imports are silent and at once"
    );
    let retire = all("retire");
    assert!(retire.outcomes[Outcome::Retired] > 1_000.0);
    assert_eq!(retire.security.legacy_credentials_alive, 0.0, "an archived account has no living password");
    let defer = all("defer");
    assert_eq!(moved(&defer), 0.0);
    assert!(defer.outcomes[Outcome::Pending] > 5_000.0, "deferred accounts stay where they are");
    let review = all("manual_review");
    assert!(review.outcomes[Outcome::MigratedByDesk] > 0.9 * moved(&review) && moved(&review) > 1_000.0);
    let step_up = all("step_up");
    assert!(step_up.outcomes[Outcome::Migrated] > 3_000.0);
    let magic = all("magic_link");
    assert!(magic.outcomes[Outcome::Migrated] > 3_000.0 && magic.funnel.notified == 0.0);
    let desk = all("desk_fallback");
    assert!(desk.outcomes[Outcome::MigratedByDesk] > 0.95 * moved(&desk) && desk.desk.contacts > 1_000.0);
    let social = all("social_relink");
    assert!(social.outcomes_by_edge_case[EdgeCase::SocialOnlyGoogle][Outcome::Migrated] > 0.0);
    assert!(
        social.outcomes_by_edge_case[EdgeCase::SubjectNotPortable][Outcome::Duplicate] > 0.0,
        "a subject that cannot be carried over makes new accounts"
    );
}

#[test]
fn waves_spread_the_load() {
    let wave = |count: u32| {
        let text = format!(
            r#"[{{ preset = "reset-only", cut_off = {{ day = 90 }}, rollout = {{ waves = {{ day = 7, count = {count}, gap_days = 7 }} }} }}]"#
        );
        // Customers who come every few days meet a wave within those days.
        let sets = [
            "desk.baseline.phone_per_hour=0",
            "journey.choice.desk_weight=4",
            "population.sign_ins={ shape = 1.0, rate_days = 3 }",
        ];
        only(&text, &sets).desk.calls.peak_hour.offered
    };
    assert!(wave(8) < 0.7 * wave(1));
}

/// Everybody's password is stuffed before the rollout; whoever then recovers is in possession again.
#[test]
fn recovery_puts_an_intruder_out() {
    let sets = [
        "population.shares={ leaked = 0.7, leak_known = 0, social_only = 0, social_and_password = 0 }",
        "threat.stuffing_per_year=40",
        "strategies.reset-only.controls.fraud_detection_share=0",
        "journey.frustration.leaving_per_point=0",
    ];
    let reset = only(r#"["reset-only"]"#, &sets);
    let (attacked, held) = (reset.security.taken_over[Vector::Stuffing], reset.outcomes[Outcome::TakenOver]);
    assert!(attacked > 3000.0, "{attacked} were taken over");
    assert!(held < 0.6 * attacked, "{held} of {attacked} are still held at the horizon");
}

/// When the legacy platform stops, its sessions stop and it accepts no password.
#[test]
fn nothing_legacy_outlives_the_cut_off() {
    for strategy in ["reset-only", "risk-based", "lazy"] {
        let security = only(&format!("[\"{strategy}\"]"), &[]).security;
        assert_eq!(security.legacy_credentials_alive, 0.0, "{strategy}");
    }

    let sets = [
        "strategies.lazy.controls.sessions=\"leave\"",
        "strategies.lazy.controls.retire_credential=false",
    ];
    let alive = only(r#"["lazy"]"#, &sets).security.legacy_sessions_alive;
    assert_eq!(alive, 0.0);
    let open_end = r#"[{ name = "open", rollout = { on_sign_in = { day = 0 } }, policy = [{ name = "all", treat = "lazy_verify" }], controls = { sessions = "leave", retire_credential = false } }]"#;
    assert!(only(open_end, &["journey.sign_in.session_days=1000"]).security.legacy_sessions_alive > 0.0);
}

/// Somebody with two accounts whose second one cannot be linked uses the first: nobody is blocked.
#[test]
fn who_has_another_account_that_works_is_not_blocked() {
    let sets = [
        "population.shares={ duplicate = 0.6, household = 0, business_mailbox = 0, shared_phone = 0, locked = 0, disabled = 0, in_target = 0 }",
        "journey.sign_in={ forgotten_least_share = 0, forgotten_most_share = 0 }",
        "strategies.lazy.cut_off.day=99",
        "strategies.lazy.controls.on_conflict=refuse",
        "threat.enabled=false",
    ];
    let lazy = only(r#"["lazy"]"#, &sets);
    assert!(lazy.outcomes[Outcome::Blocked] < 20.0, "{} blocked", lazy.outcomes[Outcome::Blocked]);
    assert!(lazy.outcomes[Outcome::Pending] > 1000.0, "{} pending", lazy.outcomes[Outcome::Pending]);
}
