//! The claims of experts about migrations, one by one: each has a cause that can be turned, and a measure that must move
//! with it under the same luck. `docs/model.md` lists them with mechanism, measure and test, and is held to this file.

use cutover::measure::counts::Total;
use cutover::results::costs::{self, Line};
use cutover::scenario::Scenario;
use cutover::strategy::Strategy;
use cutover::terms::{Channel, Outcome, Vector};

use super::support::{load, read, replications};

const BASE: &str = r#"
    horizon_days = 100
    replications = 1
    [population]
    accounts = 6_000
    sign_ins = { shape = 1.0, rate_days = 15 }
    [desk]
    for_accounts = 40_000
"#;

/// Everybody is given this treatment on day 7.
fn everybody(treatment: &str) -> String {
    policy(&format!(r#"{{ name = "Everybody", treat = "{treatment}" }}"#))
}

/// A strategy of these rules, for everybody on day 7.
fn policy(rules: &str) -> String {
    format!(r#"{{ name = "it", rollout = {{ big_bang = {{ day = 7 }} }}, policy = [{rules}] }}"#)
}

type Arm = cutover::engine::ArmResult;
type Measure = fn(&Arm) -> u64;

/// A claim of the list that experts gave.
struct Claim {
    number: u32,
    /// What is measured, as the document says it.
    measure: &'static str,
    of: Measure,
    /// Whether the measure rises from each setting to the next, or falls.
    rises: bool,
    /// The strategy, and settings from the cause turned off to the cause turned up.
    strategy: String,
    settings: Vec<Vec<&'static str>>,
}

fn contacts(arm: &Arm) -> u64 {
    cutover::results::desk::contacts(arm)
}

fn outcome<const PLACE: usize>(arm: &Arm) -> u64 {
    arm.counts.outcome(Outcome::ALL[PLACE])
}

const BLOCKED: Measure = |arm| arm.counts.outcome(Outcome::Blocked);
const DUPLICATE: Measure = |arm| arm.counts.outcome(Outcome::Duplicate);
const CAN_SIGN_IN: Measure = |arm| arm.counts.total(Total::CanSignIn);
const HELD: Measure = |arm| arm.counts.total(Total::HeldHours);
const TAKEN: Measure = |arm| arm.counts.taken_over.iter().sum();

fn set(key: &'static str) -> Vec<&'static str> {
    vec![key]
}

fn claims() -> Vec<Claim> {
    let claim = |number, measure, of, rises, strategy: String, settings: Vec<Vec<&'static str>>| Claim {
        number,
        measure,
        of,
        rises,
        strategy,
        settings,
    };
    let reset = || everybody("reset_link");
    vec![
        claim(
            1,
            "contacts",
            contacts,
            true,
            reset(),
            vec![
                set(r#"strategies.it.policy=[{ name = "Nobody", treat = "defer" }]"#),
                set(
                    r#"strategies.it.policy=[{ name = "Lately seen", when = { last_seen_days = { max = 20 } }, treat = "reset_link" }, { name = "Rest", treat = "defer" }]"#,
                ),
                set("seed=1"),
            ],
        ),
        claim(
            2,
            "contacts",
            contacts,
            true,
            reset(),
            vec![
                set("journey.sign_in.fresh_forgotten_share=0"),
                set("journey.sign_in.fresh_forgotten_share=0.2"),
                set("journey.sign_in.fresh_forgotten_share=0.9"),
            ],
        ),
        claim(
            3,
            "contacts",
            contacts,
            true,
            reset(),
            vec![
                set("journey.choice.desk_weight=0"),
                set("journey.choice.desk_weight=0.25"),
                set("journey.choice.desk_weight=2"),
            ],
        ),
        claim(
            4,
            "can sign in",
            CAN_SIGN_IN,
            false,
            reset(),
            vec![
                vec![
                    "population.shares.dead_mailbox=0",
                    "population.shares.no_living_channel=0",
                ],
                vec![
                    "population.shares.dead_mailbox=0.1",
                    "population.shares.no_living_channel=0.05",
                ],
                vec![
                    "population.shares.dead_mailbox=0.4",
                    "population.shares.no_living_channel=0.2",
                ],
            ],
        ),
        claim(
            5,
            "hours held by intruders",
            HELD,
            false,
            everybody("social_relink"),
            vec![
                vec![
                    "strategies.it.controls.retire_credential=false",
                    "population.shares.social_and_password=0.8",
                    "population.shares.social_only=0",
                    "population.trouble.intruder.share=0.05",
                ],
                vec![
                    "strategies.it.controls.retire_credential=true",
                    "population.shares.social_and_password=0.8",
                    "population.shares.social_only=0",
                    "population.trouble.intruder.share=0.05",
                ],
            ],
        ),
        claim(
            6,
            "customers lost",
            |arm| arm.counts.outcome(Outcome::Churned),
            true,
            reset(),
            vec![
                set("journey.frustration.leaving_per_point=0"),
                set("journey.frustration.leaving_per_point=0.005"),
                set("journey.frustration.leaving_per_point=0.05"),
            ],
        ),
        claim(
            7,
            "e-mails",
            |arm| arm.counts.emails,
            true,
            reset(),
            vec![
                set("strategies.it.controls.reminders_days=[]"),
                set("strategies.it.controls.reminders_days=[3]"),
                set("strategies.it.controls.reminders_days=[3, 10, 20]"),
            ],
        ),
        claim(
            8,
            "calls given up",
            |arm| arm.desk.channels[Channel::Phone as usize].total().abandoned,
            true,
            reset(),
            vec![
                vec![
                    "desk.for_accounts=0",
                    "desk.baseline.phone_per_hour=5",
                    "desk.tier1.agents=20",
                ],
                vec![
                    "desk.for_accounts=0",
                    "desk.baseline.phone_per_hour=5",
                    "desk.tier1.agents=2",
                ],
                vec![
                    "desk.for_accounts=0",
                    "desk.baseline.phone_per_hour=5",
                    "desk.tier1.agents=1",
                ],
            ],
        ),
        claim(
            9,
            "duplicates",
            DUPLICATE,
            false,
            reset(),
            vec![
                set("strategies.it.controls.duplicate_detection_share=0"),
                set("strategies.it.controls.duplicate_detection_share=0.5"),
                set("strategies.it.controls.duplicate_detection_share=1"),
            ],
        ),
        claim(
            10,
            "contacts",
            contacts,
            true,
            everybody("lazy_verify"),
            vec![
                vec![
                    "strategies.it.controls.sessions=invalidate_at_cutover",
                    "population.shares.stays_signed_in=0",
                ],
                vec![
                    "strategies.it.controls.sessions=invalidate_at_cutover",
                    "population.shares.stays_signed_in=0.4",
                ],
                vec![
                    "strategies.it.controls.sessions=invalidate_at_cutover",
                    "population.shares.stays_signed_in=1",
                ],
            ],
        ),
        claim(
            11,
            "moved and seen",
            outcome::<0>,
            false,
            reset(),
            vec![
                vec!["horizon_days=30", "target.gateway.mails_per_day=0"],
                vec!["horizon_days=30", "target.gateway.mails_per_day=300"],
                vec!["horizon_days=30", "target.gateway.mails_per_day=50"],
            ],
        ),
        claim(
            12,
            "blocked",
            BLOCKED,
            true,
            reset(),
            vec![
                set("journey.choice.give_up_weight=0"),
                set("journey.choice.give_up_weight=0.15"),
                set("journey.choice.give_up_weight=2"),
            ],
        ),
        claim(
            13,
            "duplicates",
            DUPLICATE,
            true,
            reset(),
            vec![
                set("journey.choice.sign_up_weight=0"),
                set("journey.choice.sign_up_weight=0.15"),
                set("journey.choice.sign_up_weight=2"),
            ],
        ),
        claim(
            14,
            "cases that wait at the horizon",
            |arm| arm.desk.channels[Channel::Review as usize].left_waiting,
            true,
            everybody("manual_review"),
            vec![
                vec!["desk.for_accounts=0", "desk.review.agents=20"],
                vec!["desk.for_accounts=0", "desk.review.agents=1"],
                vec![
                    "desk.for_accounts=0",
                    "desk.review.agents=[{ days = \"Mon\", hours = \"9-12\", value = 1 }]",
                ],
            ],
        ),
        claim(
            15,
            "e-mails",
            |arm| arm.counts.emails,
            false,
            reset(),
            vec![
                vec![ADAPTIVE_BLIND, "population.shares.dead_mailbox=0.3"],
                vec![ADAPTIVE_SEEING, "population.shares.dead_mailbox=0.3"],
            ],
        ),
        claim(
            16,
            "intruders carried over",
            |arm| arm.counts.residents[1],
            true,
            everybody("hash_import"),
            vec![
                set("population.trouble.intruder.share=0"),
                set("population.trouble.intruder.share=0.02"),
                set("population.trouble.intruder.share=0.1"),
            ],
        ),
        claim(
            17,
            "blocked",
            BLOCKED,
            false,
            reset(),
            vec![
                vec![
                    "population.shares.household=0.6",
                    "strategies.it.controls.delegated_recovery=false",
                ],
                vec![
                    "population.shares.household=0.6",
                    "strategies.it.controls.delegated_recovery=true",
                ],
            ],
        ),
        claim(
            18,
            "texts and document checks",
            |arm| arm.counts.texts + arm.counts.documents,
            true,
            reset(),
            vec![
                set(r#"strategies.it.policy=[{ name = "Nobody", treat = "lazy_verify" }]"#),
                set(
                    r#"strategies.it.policy=[{ name = "Known leak", when = { leak_known = true }, treat = "step_up" }, { name = "Rest", treat = "lazy_verify" }]"#,
                ),
                set(r#"strategies.it.policy=[{ name = "Everybody", treat = "step_up" }]"#),
            ],
        ),
        claim(
            19,
            "customers lost",
            |arm| arm.counts.outcome(Outcome::Churned),
            true,
            everybody("lazy_verify"),
            vec![
                vec![
                    "population.shares.incomplete=0.8",
                    "journey.frustration.leaving_per_point=0.1",
                    "target.asks_claims=false",
                ],
                vec![
                    "population.shares.incomplete=0.8",
                    "journey.frustration.leaving_per_point=0.1",
                    "journey.factors.claims_dropout_share=0.1",
                ],
                vec![
                    "population.shares.incomplete=0.8",
                    "journey.frustration.leaving_per_point=0.1",
                    "journey.factors.claims_dropout_share=0.9",
                ],
            ],
        ),
        claim(
            20,
            "blocked",
            BLOCKED,
            false,
            reset(),
            vec![
                vec![
                    "strategies.it.controls.fallback=letter",
                    "journey.choice.desk_weight=2",
                    "desk.tier2.agents=50",
                ],
                vec![
                    "strategies.it.controls.fallback=tier2",
                    "journey.choice.desk_weight=2",
                    "desk.tier2.agents=50",
                ],
            ],
        ),
        claim(
            21,
            "takeovers by the reset",
            |arm| arm.counts.taken_over[Vector::RecycledMailbox as usize],
            true,
            reset(),
            vec![
                vec!["threat.recycled_uses_share=0.5", "population.shares.recycled_mailbox=0"],
                vec![
                    "threat.recycled_uses_share=0.5",
                    "population.shares.recycled_mailbox=0.02",
                ],
                vec![
                    "threat.recycled_uses_share=0.5",
                    "population.shares.recycled_mailbox=0.1",
                ],
            ],
        ),
        claim(
            22,
            "intruders carried over",
            |arm| arm.counts.residents[1],
            true,
            policy(
                r#"{ name = "Low risk", when = { hash_portable = true, risk = { max = 0 } }, treat = "hash_import" }, { name = "Rest", treat = "step_up" }"#,
            ),
            vec![
                vec![
                    "population.trouble.intruder.share=0.1",
                    "strategies.it.policy[0].when.risk.max=0",
                ],
                vec![
                    "population.trouble.intruder.share=0.1",
                    "strategies.it.policy[0].when.risk.max=30",
                ],
                vec![
                    "population.trouble.intruder.share=0.1",
                    "strategies.it.policy[0].when.risk.max=1000",
                ],
            ],
        ),
        claim(
            23,
            "wrong links seen",
            |arm| arm.counts.total(Total::WrongLinks),
            true,
            policy(
                r#"{ name = "Clearly the same", when = { in_target = true, match_confidence = { min = 0.9 } }, treat = "hash_import" }, { name = "Rest", treat = "step_up" }"#,
            ),
            vec![
                vec![
                    "population.shares.in_target=0.5",
                    "strategies.it.controls.on_conflict=merge",
                    "population.matching.lookalike_share=0",
                    "population.matching.incomplete_factor=1",
                    "population.shares.in_target_same_person=1",
                ],
                vec![
                    "population.shares.in_target=0.5",
                    "strategies.it.controls.on_conflict=merge",
                    "population.matching.lookalike_share=0.2",
                    "population.matching.incomplete_factor=1",
                    "population.shares.in_target_same_person=0.7",
                ],
                vec![
                    "population.shares.in_target=0.5",
                    "strategies.it.controls.on_conflict=merge",
                    "population.matching.lookalike_share=1",
                    "population.matching.incomplete_factor=1",
                    "population.shares.in_target_same_person=0.7",
                ],
            ],
        ),
        claim(
            24,
            "links found expired",
            |arm| arm.counts.funnel[5],
            false,
            reset(),
            vec![
                set("strategies.it.controls.link_lifetime_h=1"),
                set("strategies.it.controls.link_lifetime_h=24"),
                set("strategies.it.controls.link_lifetime_h=168"),
            ],
        ),
        claim(
            25,
            "takeovers by a session",
            |arm| arm.counts.taken_over[Vector::Session as usize],
            false,
            reset(),
            vec![
                vec![
                    "threat.session_exposed_share=0.5",
                    "threat.session_mean_days=30",
                    "strategies.it.controls.sessions=leave",
                ],
                vec![
                    "threat.session_exposed_share=0.5",
                    "threat.session_mean_days=30",
                    "strategies.it.controls.sessions=revoke_on_link",
                ],
                vec![
                    "threat.session_exposed_share=0.5",
                    "threat.session_mean_days=30",
                    "strategies.it.controls.sessions=invalidate_at_cutover",
                ],
            ],
        ),
        claim(
            26,
            "contacts",
            contacts,
            true,
            reset(),
            vec![
                vec![
                    "population.shares.dead_mailbox=0.2",
                    "population.shares.recycled_mailbox=0",
                    "population.shares.no_email=0",
                    "population.shares.no_living_channel=0",
                    "population.shares.dead_mailbox=0",
                ],
                vec![
                    "population.shares.dead_mailbox=0.2",
                    "population.shares.recycled_mailbox=0",
                    "population.shares.no_email=0",
                ],
                vec![
                    "population.shares.dead_mailbox=0.4",
                    "population.shares.recycled_mailbox=0",
                    "population.shares.no_email=0",
                ],
            ],
        ),
        claim(
            27,
            "duplicates",
            DUPLICATE,
            false,
            everybody("desk_fallback"),
            vec![
                set("strategies.it.controls.duplicate_detection_share=0"),
                set("strategies.it.controls.duplicate_detection_share=0.4"),
                set("strategies.it.controls.duplicate_detection_share=1"),
            ],
        ),
        claim(
            28,
            "takeovers",
            TAKEN,
            true,
            everybody("lazy_verify"),
            vec![
                vec!["threat.cracked_strong_share=0.5"],
                vec![
                    "threat.cracked_strong_share=0.5",
                    "threat.store_leak_day=40",
                    "strategies.it.controls.retire_credential=true",
                ],
                vec![
                    "threat.cracked_strong_share=0.5",
                    "threat.store_leak_day=40",
                    "strategies.it.controls.retire_credential=false",
                ],
            ],
        ),
        claim(
            29,
            "blocked",
            BLOCKED,
            true,
            reset(),
            vec![
                vec!["population.shares.incomplete=0", "journey.choice.desk_weight=2"],
                vec!["population.shares.incomplete=0.3", "journey.choice.desk_weight=2"],
                vec!["population.shares.incomplete=0.9", "journey.choice.desk_weight=2"],
            ],
        ),
        claim(
            30,
            "blocked",
            BLOCKED,
            true,
            reset(),
            vec![
                vec![
                    "desk.checks.knowledge.false_reject_share=0",
                    "journey.choice.desk_weight=2",
                ],
                vec![
                    "desk.checks.knowledge.false_reject_share=0.33",
                    "journey.choice.desk_weight=2",
                ],
                vec![
                    "desk.checks.knowledge.false_reject_share=0.95",
                    "journey.choice.desk_weight=2",
                ],
            ],
        ),
        claim(
            31,
            "false alarms",
            |arm| arm.counts.total(Total::Alarms),
            true,
            everybody("lazy_verify"),
            vec![
                vec!["strategies.it.controls.fraud_detection_share=0"],
                vec!["strategies.it.controls.fraud_detection_share=0.4"],
                vec!["strategies.it.controls.fraud_detection_share=1"],
            ],
        ),
        claim(
            32,
            "document checks",
            |arm| arm.counts.documents,
            true,
            everybody("step_up"),
            vec![
                vec![
                    "population.shares.dead_phone=0",
                    "population.shares.recycled_phone=0",
                    "population.shares.no_living_channel=0",
                ],
                vec![
                    "population.shares.dead_phone=0.1",
                    "population.shares.recycled_phone=0.05",
                    "population.shares.no_living_channel=0",
                ],
                vec![
                    "population.shares.dead_phone=0.3",
                    "population.shares.recycled_phone=0.15",
                    "population.shares.no_living_channel=0",
                ],
            ],
        ),
        claim(
            33,
            "can sign in",
            CAN_SIGN_IN,
            true,
            reset(),
            vec![
                set("seed=1"),
                set(
                    r#"strategies.it.policy=[{ name = "Known leak", when = { leak_known = true }, treat = "reset_link" }, { name = "Rest", treat = "lazy_verify" }]"#,
                ),
            ],
        ),
        claim(
            34,
            "can sign in",
            CAN_SIGN_IN,
            false,
            everybody("social_relink"),
            vec![
                vec![
                    "population.shares.social_only=0.8",
                    "population.shares.social_and_password=0",
                    "population.providers.google_portable=1",
                    "population.providers.apple_portable=1",
                    "population.providers.facebook_portable=1",
                    "population.providers.microsoft_portable=1",
                ],
                vec![
                    "population.shares.social_only=0.8",
                    "population.shares.social_and_password=0",
                ],
                vec![
                    "population.shares.social_only=0.8",
                    "population.shares.social_and_password=0",
                    "population.providers.google_portable=0",
                    "population.providers.apple_portable=0",
                    "population.providers.facebook_portable=0",
                    "population.providers.microsoft_portable=0",
                ],
            ],
        ),
        claim(
            36,
            "hours held by intruders",
            HELD,
            false,
            everybody("lazy_verify"),
            vec![
                vec![
                    "population.trouble.intruder.share=0.05",
                    "strategies.it.controls.fraud_detection_share=0",
                ],
                vec![
                    "population.trouble.intruder.share=0.05",
                    "strategies.it.controls.fraud_detection_share=0.5",
                ],
                vec![
                    "population.trouble.intruder.share=0.05",
                    "strategies.it.controls.fraud_detection_share=1",
                ],
            ],
        ),
        claim(
            37,
            "takeovers",
            TAKEN,
            false,
            reset(),
            vec![
                vec![
                    "population.shares.recycled_mailbox=0.05",
                    "threat.recycled_uses_share=0.5",
                    "threat.session_exposed_share=0.2",
                    "strategies.it.controls.link_lifetime_h=336",
                    "strategies.it.controls.sessions=leave",
                ],
                vec![
                    "population.shares.recycled_mailbox=0.05",
                    "threat.recycled_uses_share=0.5",
                    "threat.session_exposed_share=0.2",
                    "strategies.it.controls.link_lifetime_h=24",
                    "strategies.it.controls.sessions=revoke_on_link",
                ],
                vec![
                    "population.shares.recycled_mailbox=0.05",
                    "threat.recycled_uses_share=0.5",
                    "threat.session_exposed_share=0.2",
                    "strategies.it.controls.link_lifetime_h=1",
                    "strategies.it.controls.sessions=invalidate_at_cutover",
                ],
            ],
        ),
        claim(
            38,
            "takeovers",
            TAKEN,
            false,
            everybody("social_relink"),
            vec![
                vec![
                    "strategies.it.controls.retire_credential=false",
                    "population.shares.social_and_password=0.8",
                    "population.shares.social_only=0",
                    "population.shares.leaked=0.5",
                    "threat.stuffing_per_year=5",
                ],
                vec![
                    "strategies.it.controls.retire_credential=true",
                    "population.shares.social_and_password=0.8",
                    "population.shares.social_only=0",
                    "population.shares.leaked=0.5",
                    "threat.stuffing_per_year=5",
                ],
            ],
        ),
    ]
}

const ADAPTIVE_BLIND: &str = r#"strategies.it.rollout={ adaptive = { waves = { day = 7, count = 6, gap_days = 3 }, gates = [{ signal = "bounce_share", above = 0.9, response = "stop" }] } }"#;
const ADAPTIVE_SEEING: &str = r#"strategies.it.rollout={ adaptive = { waves = { day = 7, count = 6, gap_days = 3 }, gates = [{ signal = "bounce_share", above = 0.1, response = "stop" }] } }"#;

/// Claims that are not about a quantity: they hold of every run, and the tests named here check that.
const ALWAYS: [(u32, &str); 2] = [(35, "invariants"), (39, "evidence")];

#[test]
fn each_claim_has_a_cause_that_moves_its_measure() {
    let mut failed = Vec::new();
    for claim in claims() {
        let text = format!("strategies = [{}]\n{BASE}", claim.strategy);
        let values: Vec<u64> =
            claim.settings.iter().map(|sets| (claim.of)(&replications(&load(&text, sets))[0].arms[1])).collect();
        let moves = |pair: &[u64]| {
            if claim.rises {
                pair[0] < pair[1]
            } else {
                pair[0] > pair[1]
            }
        };
        if !values.windows(2).all(moves) {
            failed.push(format!("claim {}: {} {values:?}", claim.number, claim.measure));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// The bill has a price for what each claim is about, so that a strategy which ignores it pays.
#[test]
fn what_the_claims_are_about_has_a_price() {
    let text = format!("strategies = [{}]\n{BASE}", everybody("reset_link"));
    let loaded = load(&text, &[]);
    let found = replications(&loaded);
    let (scenario, strategy): (&Scenario, &Strategy) = (&loaded.scenario, &loaded.scenario.strategies[0]);
    let bill = costs::bill(scenario, Some(strategy), &found[0].arms[1]);
    for line in [
        Line::Messages,
        Line::Desk,
        Line::Setup,
        Line::Legacy,
        Line::Target,
        Line::LostCustomers,
        Line::Blocked,
        Line::Takeovers,
        Line::Duplicates,
        Line::Alarms,
    ] {
        assert!(bill[line as usize] > 0, "{line:?} costs nothing");
    }
}

/// The table of the document names each claim, what is measured, and the key that is turned.
#[test]
fn the_document_lists_every_claim() {
    let document = read("docs/model.md");
    let rows: Vec<Vec<&str>> = document
        .lines()
        .filter(|line| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .filter(|cells: &Vec<&str>| cells.len() == 5)
        .collect();
    let row = |number: u32| {
        rows.iter()
            .find(|cells| cells[0] == number.to_string())
            .unwrap_or_else(|| panic!("claim {number} has no row"))
    };
    for claim in claims() {
        let cells = row(claim.number);
        assert_eq!(cells[3], claim.measure, "claim {}", claim.number);
        assert!(cells[4].contains("claims"), "claim {}: {}", claim.number, cells[4]);
    }
    for (number, test) in ALWAYS {
        assert!(row(number)[4].contains(test), "claim {number}");
    }
    let numbers: Vec<u32> = (1..=39).filter(|number| rows.iter().any(|cells| cells[0] == number.to_string())).collect();
    assert_eq!(numbers.len(), 39, "{numbers:?}");
}
