//! The claims of experts about migrations, one by one: each has a cause that can be turned, and a measure that must move
//! with it under the same luck. `docs/model.md` lists them with mechanism, measure and test, and is held to these files.

use cutover::engine::ArmResult;
use cutover::measure::counts::Total;
use cutover::results::costs::{self, Line};
use cutover::results::desk::contacts;
use cutover::terms::{Channel, Outcome, Vector};
use serde::Deserialize;

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

/// The claims as they stand in their file.
#[derive(Deserialize)]
struct Claims {
    claim: Vec<Claim>,
}

#[derive(Deserialize)]
struct Claim {
    number: u32,
    /// What is measured, as the document says it.
    measure: String,
    /// Whether it rises from each level to the next, or falls.
    rises: bool,
    /// The treatment of everybody.
    everybody: Option<String>,
    /// Or the rules of a policy.
    rules: Option<String>,
    /// What all levels have in common.
    #[serde(default)]
    with: Vec<String>,
    /// Settings, from the cause turned off to the cause turned up.
    levels: Vec<Vec<String>>,
}

impl Claim {
    /// One strategy for everybody on day 7.
    fn scenario(&self) -> String {
        let everybody = |treatment: &String| format!(r#"{{ name = "Everybody", treat = "{treatment}" }}"#);
        let rules = self.everybody.as_ref().map(everybody).or_else(|| self.rules.clone()).expect("who gets what");
        let strategy = format!(r#"{{ name = "it", rollout = {{ big_bang = {{ day = 7 }} }}, policy = [{rules}] }}"#);
        format!("strategies = [{strategy}]\n{BASE}")
    }
}

fn claims() -> Vec<Claim> {
    toml::from_str::<Claims>(&read("tests/it/claims/claims.toml")).expect("a list of claims").claim
}

/// A measure by the words of the document.
fn measure(words: &str, arm: &ArmResult) -> u64 {
    let counts = &arm.counts;
    let channel = |channel: Channel| &arm.desk.channels[channel as usize];
    match words {
        "contacts" => contacts(arm),
        "can sign in" => counts.total(Total::CanSignIn),
        "hours held by intruders" => counts.total(Total::HeldHours),
        "intruders carried over" => counts.residents[1],
        "wrong links seen" => counts.total(Total::WrongLinks),
        "false alarms" => counts.total(Total::Alarms),
        "customers lost" => counts.outcome(Outcome::Churned),
        "hours locked out" => counts.total(Total::ShutHours),
        "blocked" => counts.outcome(Outcome::Blocked),
        "duplicates" => counts.outcome(Outcome::Duplicate),
        "moved and seen" => counts.outcome(Outcome::Migrated),
        "takeovers" => counts.taken_over.iter().sum(),
        "takeovers by a session" => counts.taken_over[Vector::Session as usize],
        "takeovers by the reset" => counts.taken_over[Vector::RecycledMailbox as usize],
        "links found expired" => counts.funnel[5],
        "e-mails" => counts.emails,
        "document checks" => counts.documents,
        "texts and document checks" => counts.texts + counts.documents,
        "calls given up" => channel(Channel::Phone).total().abandoned,
        "cases that wait at the horizon" => channel(Channel::Review).left_waiting,
        unknown => panic!("nothing is measured as {unknown}"),
    }
}

/// Claims that are not about a quantity: they hold of every run, and the tests named here check that.
const ALWAYS: [(u32, &str); 2] = [(35, "invariants"), (39, "evidence")];

#[test]
fn each_claim_has_a_cause_that_moves_its_measure() {
    let mut failed = Vec::new();
    for claim in claims() {
        let text = claim.scenario();
        let of_level = |level: &Vec<String>| {
            let sets: Vec<&str> = claim.with.iter().chain(level).map(String::as_str).collect();
            measure(&claim.measure, &replications(&load(&text, &sets))[0].arms[1])
        };
        let values: Vec<u64> = claim.levels.iter().map(of_level).collect();
        let moves = |pair: &[u64]| {
            let (less, more) = if claim.rises {
                (pair[0], pair[1])
            } else {
                (pair[1], pair[0])
            };
            // All levels have the same luck; a measure that moves by less is not moved by what was turned.
            less + more / 50 + 2 <= more
        };
        if values.len() < 2 || !values.windows(2).all(moves) {
            failed.push(format!("claim {}: {} {values:?}", claim.number, claim.measure));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// The bill has a price for what the claims are about, so that a strategy which ignores it pays.
#[test]
fn what_the_claims_are_about_has_a_price() {
    let loaded = load(&claims()[0].scenario(), &[]);
    let found = replications(&loaded);
    let bill = costs::bill(&loaded.scenario, loaded.scenario.strategies.first(), &found[0].arms[1]);
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

/// The table of the document names each claim, and what is measured.
#[test]
fn the_document_lists_every_claim() {
    let document = read("docs/model.md");
    let cells =
        |line: &'static str| -> Vec<&'static str> { line.trim_matches('|').split(" | ").map(str::trim).collect() };
    let document: &'static str = document.leak();
    let rows: Vec<Vec<&str>> = document.lines().filter(|line| line.starts_with("| ")).map(cells).collect();
    let row = |number: u32| {
        let of_claim = |cells: &&Vec<&str>| cells.len() == 5 && cells[0] == number.to_string();
        rows.iter().find(of_claim).unwrap_or_else(|| panic!("claim {number} has no row"))
    };
    for claim in claims() {
        let cells = row(claim.number);
        assert_eq!(cells[3], claim.measure, "claim {}", claim.number);
        assert!(cells[4].contains("claims"), "claim {}: {}", claim.number, cells[4]);
    }
    for (number, test) in ALWAYS {
        assert!(row(number)[4].contains(test), "claim {number}");
    }
    let known = claims().len() + ALWAYS.len();
    assert_eq!(known, 39, "claims with a test");
}
