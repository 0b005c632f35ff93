//! Keys that do nothing: what the model assumes about the world can be changed in the scenario, and then something changes.

use super::support::{read, run};

/// Assumptions that no other test turns, each with another value.
const TURNED: [&str; 17] = [
    "population.main_account_share=0.5",
    "population.unit_sizes.household_fours_share=0.7",
    "population.unit_sizes.household_threes_share=0.8",
    "population.unit_sizes.business_twelves_share=0.6",
    "population.unit_sizes.business_sixes_share=0.0",
    "population.ageing.young_years=50",
    "population.ageing.hash_young=200",
    "population.ageing.hash_power=0.5",
    "population.ageing.verified_power=0.1",
    "population.matching.same_person_least=0.0",
    "population.matching.same_person_power=0.1",
    "population.matching.other_person_most=0.2",
    "journey.frustration.hold_most_min=0.1",
    "threat.campaign_visible_days=2",
    "threat.desk_attempts_gap_h=900",
    "threat.desk_opening_delay_min=45",
    "strategies[2].rollout.on_sign_in.send_over_h=400",
];

#[test]
fn every_assumption_that_is_a_key_has_an_effect() {
    let text = read("scenarios/tiny.toml");
    // Impostors, accounts in the target and large mailboxes enough for their keys to show, and mails under on_sign_in.
    let base = [
        "replications=1",
        "population.shares.in_target=0.2",
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
    for turned in TURNED {
        let sets: Vec<&str> = base.iter().copied().chain([turned]).collect();
        assert!(figures(&sets) != before, "{turned} changes nothing");
    }
}
