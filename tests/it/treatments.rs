//! What each treatment does with hidden trouble: played, and held against the table of `docs/model.md`.

use cutover::measure::counts::Total;
use cutover::strategy::treatment::Treatment;
use cutover::terms::{Outcome, Vector};

use super::support::{load, read, replications};

type Arm = cutover::engine::ArmResult;

const ACCOUNTS: u64 = 400;

/// Customers who come every ten days, with everything in order but what a trouble changes; nobody notices anything.
const BASE: &str = r#"
    horizon_days = 200
    replications = 1
    [population]
    accounts = 400
    sign_ins = { shape = 20, rate_days = 200 }
    [population.shares]
    household = 0
    business_mailbox = 0
    shared_phone = 0
    duplicate = 0
    social_only = 0
    organisation_only = 0
    social_and_password = 1
    no_email = 0
    dead_mailbox = 0
    recycled_mailbox = 0
    unverified_email = 0
    no_phone = 0
    dead_phone = 0
    recycled_phone = 0
    no_living_channel = 0
    incomplete = 0
    mfa = 0
    in_target = 0
    locked = 0
    disabled = 0
    leaked = 0
    nonportable_hash = 0
    stays_signed_in = 0
    [population.providers]
    google_weight = 0
    apple_weight = 0
    microsoft_weight = 0
    facebook_weight = 1
    facebook_portable = 1
    [population.trouble]
    hints_power = 0
    intruder = { share = 0 }
    mistyped = { share = 0 }
    planted = { share = 0 }
    nobody = { share = 0 }
    [threat]
    phished_share = 0
    session_exposed_share = 0
    desk_attempts_per_100k_accounts_per_month = 0
    owner_notices_share = 0
    told_per_year = 0
    trivial_change_share = 0
    false_alarms_per_year = 0
    recycled_uses_share = 1
    mistyped_uses_share = 1
    recycled_phone_uses_share = 1
    [journey.factors]
    passkey_share = 1
    [journey.frustration]
    leaving_per_point = 0
    attrition_per_year = 0
"#;

/// A column of the table: its head, what makes everybody have the trouble, and what became of it.
type Trouble = (&'static str, &'static [&'static str], fn(&Arm) -> &'static str);

/// The troubles, as the columns of the table, and what makes everybody have one.
const TROUBLES: [Trouble; 9] = [
    (
        "intruder, password",
        &["population.trouble.intruder={ share = 1, password_only_share = 1, session_only_share = 0 }"],
        intruder,
    ),
    (
        "intruder, session",
        &["population.trouble.intruder={ share = 1, password_only_share = 0, session_only_share = 1 }"],
        intruder,
    ),
    (
        "mistyped address",
        &[
            "population.shares.unverified_email=1",
            "population.trouble.mistyped.share=1",
        ],
        |arm| taken(arm, Vector::MistypedAddress),
    ),
    (
        "planted address",
        &["population.trouble.planted={ share = 1, phone_share = 0, returns_mean_days = 400 }"],
        |arm| taken(arm, Vector::Planted),
    ),
    (
        "planted, phone too",
        &["population.trouble.planted={ share = 1, phone_share = 1, returns_mean_days = 400 }"],
        |arm| taken(arm, Vector::Planted),
    ),
    ("nobody", &["population.trouble.nobody={ share = 1, active_share = 0.5 }"], nobody),
    (
        "wrong match",
        &[
            "population.shares.in_target=1",
            "population.shares.in_target_same_person=0",
        ],
        wrong_match,
    ),
    ("recycled mailbox", &["population.shares.recycled_mailbox=1"], |arm| {
        taken(arm, Vector::RecycledMailbox)
    }),
    ("recycled phone", &["population.shares.recycled_phone=1"], |arm| taken(arm, Vector::RecycledPhone)),
];

fn share(count: u64) -> f64 {
    count as f64 / ACCOUNTS as f64
}

fn intruder(arm: &Arm) -> &'static str {
    let [inside, carried, out, noticed] = arm.counts.residents.map(share);
    assert!(inside + carried + out + noticed > 0.99, "everybody has one");
    // A reviewer looks.
    match (inside, carried, out + noticed) {
        (inside, ..) if inside > 0.5 => "stays",
        (_, carried, _) if carried > 0.7 => "carried over",
        (.., out) if out > 0.8 => "out",
        _ => "some carried over",
    }
}

fn taken(arm: &Arm, vector: Vector) -> &'static str {
    match share(arm.counts.taken_over[vector as usize]) {
        often if often > 0.2 => "takeover",
        0.0 => "none",
        seldom if seldom < 0.08 => "seldom",
        _ => "some",
    }
}

fn nobody(arm: &Arm) -> &'static str {
    let seen = [Outcome::Migrated, Outcome::LinkedUnseen].map(|outcome| arm.counts.outcome(outcome));
    match (share(seen.iter().sum()), share(arm.counts.outcome(Outcome::Retired))) {
        (_, gone) if gone > 0.9 => "archived",
        (moved, _) if moved > 0.9 => "moved",
        (0.0, _) => "left behind",
        _ => "programs move",
    }
}

fn wrong_match(arm: &Arm) -> &'static str {
    match share(arm.counts.total(Total::WrongLinks)) {
        often if often > 0.5 => "wrong link",
        0.0 => "none",
        seldom if seldom < 0.2 => "seldom",
        _ => "some",
    }
}

/// The table as it is played, one row for each treatment.
fn played() -> Vec<String> {
    let strategies: Vec<String> = Treatment::ALL
        .iter()
        .map(|treatment| {
            format!(
                r#"{{ name = "{0}", rollout = {{ big_bang = {{ day = 7 }} }}, policy = [{{ name = "All", treat = "{0}" }}], controls = {{ fraud_detection_share = 0, on_conflict = "merge", duplicate_detection_share = 0, sessions = "revoke_on_link", desk_check = "knowledge", fallback = "letter" }} }}"#,
                treatment.key()
            )
        })
        .collect();
    let text = format!("strategies = [{}]\n{BASE}", strategies.join(", "));
    let columns: Vec<Vec<&str>> = TROUBLES
        .iter()
        .map(|(_, sets, word)| {
            let found = replications(&load(&text, sets));
            found[0].arms[1..].iter().map(word).collect()
        })
        .collect();
    Treatment::ALL
        .iter()
        .enumerate()
        .map(|(row, treatment)| {
            let cells: Vec<&str> = columns.iter().map(|column| column[row]).collect();
            format!("| `{}` | {} |", treatment.key(), cells.join(" | "))
        })
        .collect()
}

#[test]
fn what_treatments_do_with_trouble_is_what_the_document_says() {
    let document = read("docs/model.md");
    let heads: Vec<&str> = TROUBLES.iter().map(|(head, ..)| *head).collect();
    let head = format!("| Treatment | {} |", heads.join(" | "));
    let told: Vec<&str> =
        document.lines().skip_while(|line| **line != *head).skip(2).take(Treatment::ALL.len()).collect();
    let played = played();
    assert_eq!(told, played, "\n{head}\n{}", played.join("\n"));
}
