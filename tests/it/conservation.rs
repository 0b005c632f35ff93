//! Nothing is lost and nothing appears from nowhere: accounts, contacts, credentials, money.

use cutover::measure::counts::{Series, Total};
use cutover::report::comparison::WITH_TRANSITIONS;
use cutover::report::summary::Summary;
use cutover::terms::Channel;
use cutover::terms::Outcome;
use cutover::terms::Reason;
use proptest::prelude::*;

use cutover::results::costs::Line;

use super::support::{cases, load, replications};

const TEXT: &str = r#"
    strategies = [
      "reset-only",
      "risk-based",
      "lazy",
      { name = "stress", rollout = { waves = { day = 10, count = 3, gap_days = 10 } }, policy = [{ name = "All", treat = "passkey" }] },
    ]
    replications = 1
    [population]
    accounts = 6_000
    segments = [
      { name = "often", share = 0.4, sign_ins = { shape = 1.0, rate_days = 8 } },
      { name = "seldom", share = 0.6 },
    ]
    [desk]
    for_accounts = 60_000
"#;

fn check(sets: &[&str]) {
    let loaded = load(TEXT, sets);
    let scenario = &loaded.scenario;
    let replications = replications(&loaded);
    let summary = Summary::new(scenario, &replications);
    let accounts = scenario.population.accounts.get();
    for arm in &replications[0].arms {
        let counts = &arm.counts;
        assert_eq!(counts.accounts(), accounts, "outcomes sum to accounts");
        let linked: u64 = counts.series[Series::Linked as usize].iter().map(|n| u64::from(*n)).sum();
        let moved = counts.outcome(Outcome::Migrated) + counts.outcome(Outcome::MigratedByDesk);
        assert!(moved + counts.outcome(Outcome::Misbound) <= linked, "whoever has moved was linked");
        let ended: u64 = counts.series[Series::CredentialsEnded as usize].iter().map(|n| u64::from(*n)).sum();
        assert!(ended + counts.credentials_alive <= accounts, "a password ends once");
        let [notified, delivered, bounced, opened, clicked, expired, completed, _] = counts.funnel;
        assert_eq!(notified, delivered + bounced, "a mailed account is reached or bounces");
        assert!(opened <= delivered && clicked <= opened && completed <= clicked && expired <= accounts);
        for vector in 0..counts.attempts.len() {
            assert!(counts.taken_over[vector] <= counts.attempts[vector], "no success without an attempt");
        }
        let residents = counts.residents[0] + counts.residents[1];
        let came: u64 = counts.taken_over.iter().sum();
        assert!(counts.outcome(Outcome::TakenOver) <= came + residents, "who holds an account has come or was there");
        for channel in Channel::ALL {
            let measure = &arm.desk.channels[channel as usize];
            let total = measure.total();
            let known = total.answered + total.abandoned + measure.left_waiting;
            assert_eq!(total.offered, known, "{channel:?}: offered = answered + abandoned + waiting");
            assert_eq!(measure.waits.len(), total.answered + total.abandoned, "every wait is recorded once");
            assert_eq!(measure.answered_wait_ms + measure.abandoned_wait_ms, total.wait_ms);
            assert!(total.within <= total.answered);
        }
        let by_reason: u64 = Reason::ALL.iter().map(|&r| arm.desk.reasons[r as usize].offered).sum();
        let by_channel: u64 = arm.desk.channels.iter().map(|c| c.total().offered).sum();
        assert_eq!(by_reason, by_channel);
        for team in &arm.desk.teams {
            for (busy, agents) in team.busy_ms.iter().zip(&team.agents) {
                // Agents who leave at the full hour finish what they are doing, so a small team can be busy beyond it.
                assert!(*busy <= 3_600_000 * u64::from((*agents).max(64)), "{busy} ms busy with {agents} agents");
            }
        }
    }
    for strategy in &summary.strategies {
        let sum: f64 = strategy.outcomes.values().sum();
        assert_eq!(sum, accounts as f64);
        for (segment, outcomes) in &strategy.outcomes_by_segment {
            let place = scenario.segments().iter().position(|s| s.name == *segment).expect("a segment");
            let expected: u64 = replications[0].arms[0].counts.outcomes[place].iter().sum();
            assert_eq!(outcomes.values().sum::<f64>(), expected as f64, "{segment}");
        }
        let bill = serde_json::to_value(&strategy.cost_cents).expect("a bill");
        let lines: i64 = Line::ALL.iter().map(|line| bill[line.key()].as_i64().expect("a line of the bill")).sum();
        assert_eq!((Some(lines), lines), (bill["total"].as_i64(), strategy.cost_cents.total()));
        let (prices, totals) = (&scenario.prices, &strategy.totals);
        let taken_over: f64 = strategy.security.taken_over.values().sum();
        let takeovers = (strategy.cost_cents[Line::Takeovers] + strategy.cost_cents[Line::Incidents]) as f64;
        let expected = taken_over * prices.takeover_cents.get() as f64
            + (totals[Total::HeldHours] / 24.0 + totals[Total::InOtherHands] * prices.takeover_days_after.get() as f64)
                * prices.takeover_cents_per_day.get() as f64
            + (totals[Total::Solved] + totals[Total::InOtherHands]) * prices.takeover_solved_cents.get() as f64;
        // Means are told to a few digits.
        assert!((takeovers - expected).abs() <= 1e-3 * takeovers + 1.0, "{takeovers} for {expected}");
        assert_eq!(totals[Total::Active], summary.strategies[0].totals[Total::Active], "active in every arm alike");
        assert_eq!(totals[Total::Active], strategy.outcomes_active.sum());
        assert!(totals[Total::CanSignIn] <= totals[Total::Active] && totals[Total::Active] <= accounts as f64);
        assert!(
            strategy.customers_lost <= strategy.outcomes[Outcome::Churned] + 1e-6,
            "customers are not more than accounts"
        );
    }
    for comparison in summary.comparisons.iter().filter(|comparison| comparison.metric == WITH_TRANSITIONS) {
        let moved: f64 = comparison.transitions.iter().map(|(.., accounts)| accounts).sum();
        assert_eq!(moved, accounts as f64, "every account is in one cell");
    }
}

#[test]
fn everything_adds_up() {
    check(&[]);
}

#[test]
fn everything_adds_up_when_the_desk_collapses() {
    check(&[
        "desk.tier1.agents=1",
        "desk.review.agents=0",
        "journey.choice.desk_weight=5",
    ]);
}

#[test]
fn everything_adds_up_when_nobody_is_at_the_desk() {
    let nobody = ["desk.tier1.agents=0", "desk.review.agents=0"];
    check(
        &[
            &nobody[..],
            &["desk.baseline.phone_per_hour=0", "desk.baseline.email_per_hour=0"],
        ]
        .concat(),
    );
}

proptest! {
    #![proptest_config(cases(24))]

    /// Any legal parameters: nothing panics, the model and the identity rules agree, everything adds up.
    #[test]
    fn everything_adds_up_under_any_parameters(
        seed in 0u32..1000,
        forgotten in 0.0f64..1.0,
        stuck in 0.0f64..1.0,
        asks_again in 0.0f64..1.0,
        // Together at most what leaves 30 % of the accounts an e-mail of their own, which is what `in_target` needs.
        household in 0.0f64..0.4,
        duplicate in 0.0f64..0.2,
        in_target in 0.0f64..0.3,
        leaving in 0.0f64..0.5,
        lifetime_h in 0.01f64..200.0,
        conflict in prop::sample::select(vec!["refuse", "merge", "review"]),
        sessions in prop::sample::select(vec!["invalidate_at_cutover", "revoke_on_link"]),
        check_by in prop::sample::select(vec!["knowledge", "call_back", "document"]),
        tail in prop::sample::select(vec!["reset_link", "magic_link", "step_up", "manual_review", "desk_fallback", "retire", "hash_import", "social_relink"]),
        stuffing in 0.0f64..20.0,
        misuse in 0.0f64..1.0,
        treatment in prop::sample::select(vec!["hash_import", "lazy_verify", "social_relink", "reset_link", "ask_reset", "magic_link", "passkey", "federate", "step_up", "manual_review", "desk_fallback", "defer", "retire"]),
        odd in prop::array::uniform8(any::<bool>()),
        trouble in 0.0f64..0.3,
    ) {
        let [retires, announced, delegated, takes_social, by_email, presses, leaks, reviews] = odd;
        let fallback = if reviews { "review" } else { "letter" };
        let sets = [
            format!("seed={seed}"),
            "population.accounts=1500".to_owned(),
            format!("journey.sign_in.forgotten_least_share={forgotten}"),
            format!("journey.sign_in.forgotten_most_share={forgotten}"),
            format!("journey.recovery.stuck_share={stuck}"),
            format!("journey.sign_in.fresh_forgotten_share={forgotten}"),
            format!("strategies.stress.policy=[{{ name = \"All\", treat = \"{treatment}\" }}]"),
            format!("strategies.stress.controls={{ retire_credential = {retires}, announced = {announced}, delegated_recovery = {delegated}, reset_social = {takes_social}, social_by_email = {by_email}, confirm_page = {presses}, on_conflict = \"{conflict}\", sessions = \"{sessions}\", fallback = \"{fallback}\", duplicate_detection_share = {forgotten}, fraud_detection_share = {misuse} }}"),
            format!("population.trouble.intruder.share={trouble}"),
            format!("population.trouble.planted={{ share = {0}, returns_mean_days = 30 }}", trouble / 5.0),
            format!("population.trouble.nobody.share={trouble}"),
            format!("threat.told_per_year={stuffing}"),
            format!("threat.owner_notices_share={misuse}"),
            format!("threat.false_alarms_per_year={stuffing}"),
            format!("threat.store_leak_day={}", if leaks { 30 } else { 400 }),
            "population.shares.disabled=0.05".to_owned(),
            "population.shares.locked=0.05".to_owned(),
            "population.shares.mfa=0.2".to_owned(),
            "journey.mail.suspicion_contacts_share=0.5".to_owned(),
            format!("journey.recovery.asks_again_share={asks_again}"),
            format!("population.shares.household={household}"),
            format!("population.shares.duplicate={duplicate}"),
            format!("population.shares.in_target={in_target}"),
            "population.shares.no_living_channel=0.05".to_owned(),
            format!("journey.frustration.leaving_per_point={leaving}"),
            format!("strategies.lazy.controls.link_lifetime_h={lifetime_h}"),
            format!("strategies.lazy.controls.on_conflict={conflict}"),
            format!("strategies.lazy.controls.sessions={sessions}"),
            format!("strategies.lazy.cut_off.tail={tail}"),
            format!("strategies.reset-only.controls.on_conflict={conflict}"),
            format!("strategies.risk-based.controls.on_conflict={conflict}"),
            format!("strategies.risk-based.controls.desk_check={check_by}"),
            format!("strategies.risk-based.cut_off.tail={tail}"),
            format!("threat.stuffing_per_year={stuffing}"),
            format!("threat.shared_misuse_share={misuse}"),
            format!("threat.recycled_uses_share={misuse}"),
            "threat.phished_share=0.3".to_owned(),
            "threat.session_exposed_share=0.3".to_owned(),
            "threat.desk_attempts_per_100k_accounts_per_month=5000".to_owned(),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        check(&sets);
    }
}
