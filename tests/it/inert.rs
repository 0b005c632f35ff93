//! Keys that do nothing: what the model assumes about the world can be changed in the scenario, and then something changes.

use super::support::{read, run};

/// Assumptions that no other test turns, each with another value.
const TURNED: [&str; 48] = [
    "population.main_account_share=0.5",
    "population.phone_decay_per_year=0.9",
    "population.unit_sizes.household_fours_share=0.7",
    "population.unit_sizes.household_threes_share=0.8",
    "population.unit_sizes.business_twelves_share=0.6",
    "population.unit_sizes.business_sixes_share=0.0",
    "population.ageing.young_years=50",
    "population.ageing.hash_young=200",
    "population.ageing.hash_power=0.5",
    "population.ageing.verified_power=0.1",
    "population.matching.lookalike_share=0.9",
    "population.matching.incomplete_factor=0.1",
    "population.shares.in_target_same_person=0.5",
    "population.shares.alias_of_duplicates=0.9",
    "population.shares.stays_signed_in=0.9",
    "population.trouble.hints_power=3",
    "population.trouble.disabled_genuine_share=0.95",
    "population.trouble.intruder.share=0.02",
    "population.trouble.intruder.leaked_factor=90",
    "population.trouble.intruder.mfa_factor=9",
    "population.trouble.intruder.unverified_factor=9",
    "population.trouble.intruder.unused_factor=9",
    "population.trouble.intruder.password_only_share=0.1",
    "population.trouble.intruder.session_only_share=0.02",
    "population.trouble.mistyped.share=0.1",
    "population.trouble.planted.share=0.01",
    "population.trouble.planted.unverified_factor=20",
    "population.trouble.planted.phone_share=0.9",
    "population.trouble.planted.returns_mean_days=30",
    "population.trouble.nobody.share=0.01",
    "population.trouble.nobody.never_back_factor=50",
    "population.trouble.nobody.unverified_factor=30",
    "population.trouble.nobody.incomplete_factor=20",
    "population.trouble.nobody.active_share=0.9",
    "target.new_page=false",
    "target.aliases_collide=false",
    "target.mfa_carried_share=0.1",
    "target.asks_claims=false",
    "target.gateway.mails_per_hour=5",
    "target.gateway.mails_per_day=50",
    "target.gateway.bounce_review_share=0.9",
    "target.gateway.bounce_pause_share=0.9",
    "target.gateway.pause_h=400",
    "journey.frustration.hold_most_min=0.1",
    "threat.campaign_visible_days=2",
    "threat.desk_attempts_gap_h=900",
    "threat.desk_opening_delay_min=45",
    "strategies[2].rollout.on_sign_in.send_over_h=400",
];

#[test]
fn every_assumption_that_is_a_key_has_an_effect() {
    let text = read("scenarios/tiny.toml");
    // Impostors, accounts in the target, trouble and large mailboxes enough for their keys to show, mails under on_sign_in, and
    // so many bounces that a sender is stopped.
    let base = [
        "replications=1",
        "population.shares.in_target=0.2",
        "population.shares.duplicate=0.2",
        "population.shares.unverified_email=0.4",
        "population.shares.dead_mailbox=0.2",
        "population.shares.leaked=0.1",
        "population.shares.mfa=0.2",
        "population.shares.incomplete=0.3",
        "population.shares.disabled=0.05",
        "population.trouble={ intruder.share = 0.1, mistyped.share = 0.05, planted.share = 0.1, nobody.share = 0.1 }",
        "population.shares.business_mailbox=0.1",
        "threat.desk_attempts_per_100k_accounts_per_month=40000",
        "strategies[2].policy=[{ name = \"Everybody\", treat = \"reset_link\" }]",
    ];
    let figures = |sets: &[&str]| {
        let summary = run(&text, sets);
        serde_json::to_string(&summary.strategies).expect("JSON")
    };
    let before = figures(&base);
    assert_eq!(before, figures(&base), "the same scenario gives the same figures");
    let changes = |turned: &&str| {
        let sets: Vec<&str> = base.iter().copied().chain([*turned]).collect();
        figures(&sets) != before
    };
    let inert: Vec<&str> = TURNED.into_iter().filter(|turned| !changes(turned)).collect();
    assert!(inert.is_empty(), "these change nothing: {inert:?}");
}
