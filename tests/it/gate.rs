//! The gate: rules over result files are kept, broken or undecided, each with its exit code; whatever is wrong with a rule is
//! told at its line; noise alone stops no build, and a slowdown that was asked for is seen.

mod noise;

mod outputs;

mod paths;

mod slower;

mod wrong;

use std::path::{Path, PathBuf};

use cutover::gate::rules::Rules;
use cutover::gate::timing::NoTimer;
use cutover::gate::verdict::Outcome;
use cutover::gate::{Gate, Places};
use serde_json::{Value, json};

/// A folder with files that a test writes.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, text).expect("written");
        path
    }
}

/// A summary of two strategies whose metrics by replication are these.
fn summary(churned: &[f64], taken_over: &[f64]) -> Value {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    json!({
        "schema_version": 1, "scenario": "small", "scenario_hash": "a", "seed": 1, "population_hash": "p",
        "replications": churned.len(), "accounts": 20_000, "horizon_days": 75, "start": "2026-03-02T00:00:00",
        "strategies": [
            { "name": "stay", "outcomes": { "churned": 0.0 }, "desk": { "wait_s": { "p90": 12.0 } } },
            { "name": "lazy", "outcomes": { "churned": mean(churned), "taken_over": 3.0 },
              "by_replication": { "churned": churned, "taken_over": taken_over },
              "desk": { "wait_s": { "p90": 240.0 }, "abandoned_share": 0.04, "ci95": { "abandoned_share": [0.03, 0.05] } },
              "label": "power", "reused": false },
        ],
    })
}

fn judge(rules: &str, now: &Value, was: Option<&Value>) -> Gate {
    let folder = Folder::new();
    let results = Some(folder.write("now/summary.json", &now.to_string()));
    let baseline = was.map(|was| folder.write("was/summary.json", &was.to_string()));
    let rules = Rules::parse("gate.toml", rules).unwrap_or_else(|error| panic!("{error}"));
    let gate = Gate::judge(&rules, &Places { results, baseline }, &mut NoTimer);
    gate.unwrap_or_else(|error| panic!("{error}"))
}

fn outcome(check: &str, now: &Value, was: Option<&Value>) -> Outcome {
    judge(&format!("strategy = \"lazy\"\n[[rule]]\ncheck = '{check}'"), now, was).rules[0].outcome
}

const CHURNED: [f64; 5] = [100.0, 104.0, 96.0, 102.0, 98.0];
const TAKEN: [f64; 5] = [10.0, 12.0, 9.0, 11.0, 8.0];

#[test]
fn limits_are_kept_broken_or_undecided() {
    use Outcome::{Failed, Passed, Undecided};
    let now = summary(&CHURNED, &TAKEN);
    for (check, wanted) in [
        ("desk.wait_s.p90 < 300", Passed),
        ("desk.wait_s.p90 < 5 min", Passed),
        ("desk.wait_s.p90 <= 4 min", Passed),
        ("desk.wait_s.p90 < 4 min", Failed),
        ("desk.wait_s.p90 < 300 with 95 %", Undecided),
        ("desk.abandoned_share < 5 %", Passed),
        ("desk.abandoned_share < 5.1 % with 95 %", Passed),
        ("desk.abandoned_share < 4.1 % with 95 %", Undecided),
        ("desk.abandoned_share < 3 % with 95 %", Failed),
        ("churned <= 100", Passed),
        ("churned <= 99.9", Failed),
        // s = 3.16 (3.18 with rounding), n = 5, t = 2.132: 3.03 to each side.
        ("churned <= 103.1 with 95 %", Passed),
        ("churned <= 102.9 with 95 %", Undecided),
        ("churned <= 96.9 with 95 %", Failed),
        ("churned <= 97.2 with 95 %", Undecided),
        ("churned >= 96.9 with 95 %", Passed),
        ("churned between 90 and 110 with 95 %", Passed),
        ("churned between 110 and 120 with 95 %", Failed),
        ("churned between 99 and 101 with 95 %", Undecided),
        ("churned < 0.5 % of accounts", Failed),
        ("churned <= 0.5 % of accounts", Passed),
        ("outcomes.churned <= 103.1 with 95 %", Passed),
        ("taken_over between 9.9 and 10.1", Passed),
        ("outcomes.taken_over == 3", Passed),
        ("outcomes.taken_over != 3", Failed),
        ("number of outcomes == 2", Passed),
        ("label == \"power\"", Passed),
        ("label != \"power\"", Failed),
        ("reused == false", Passed),
        ("reused == true", Failed),
    ] {
        assert_eq!(outcome(check, &now, None), wanted, "{check}");
    }
}

#[test]
fn one_replication_decides_nothing_and_a_plain_limit_all() {
    let now = summary(&[100.0], &[10.0]);
    assert_eq!(outcome("churned <= 500 with 95 %", &now, None), Outcome::Undecided);
    assert_eq!(outcome("churned <= 500", &now, None), Outcome::Passed);
    let told = judge("[[rule]]\ncheck = \"strategies.lazy.churned <= 500 with 95 %\"", &now, None);
    assert!(told.rules[0].figures[0].told.contains("One replication"), "{told:?}");
}

#[test]
fn a_baseline_is_paired_where_luck_is_the_same() {
    use Outcome::{Failed, Passed, Undecided};
    let was = summary(&CHURNED, &TAKEN);
    let more = |by: f64| summary(&CHURNED.map(|value| value + by), &TAKEN);
    // The same luck: a difference that is 10 in each replication is 10, give or take the rounding of whole numbers.
    for (check, by, wanted) in [
        ("churned not worse than baseline", 0.0, Passed),
        ("churned not worse than baseline with 95 %", 0.0, Passed),
        ("churned not worse than baseline with 95 %", -1.0, Passed),
        ("churned not worse than baseline with 95 %", 1.0, Failed),
        ("churned not worse than baseline by 0.1pp with 95 %", 10.0, Passed),
        ("churned not worse than baseline by 0.1pp with 95 %", 30.0, Failed),
        ("churned not worse than baseline by 0.1pp with 95 %", 20.0, Undecided),
        ("churned not worse than baseline by 15 % with 95 %", 10.0, Passed),
        ("churned not worse than baseline by 5 % with 95 %", 10.0, Failed),
        ("churned not worse than baseline by 12 with 95 %", 10.0, Passed),
        ("desk.wait_s.p90 not worse than baseline by 1 min", 0.0, Passed),
        ("desk.wait_s.p90 not worse than baseline by 1 min with 95 %", 0.0, Passed),
        ("desk.abandoned_share not worse than baseline by 2pp with 95 %", 0.0, Passed),
        ("desk.abandoned_share not worse than baseline by 0.5pp with 95 %", 0.0, Undecided),
    ] {
        assert_eq!(outcome(check, &more(by), Some(&was)), wanted, "{check}, {by} more");
    }
    // Other luck: only what is larger than it.
    let mut other = more(3.0);
    other["seed"] = 2.into();
    assert_eq!(outcome("churned not worse than baseline with 95 %", &other, Some(&was)), Undecided);
    let gate = judge(
        "strategy = \"lazy\"\n[[rule]]\ncheck = \"churned not worse than baseline by 20\"",
        &more(1.0),
        Some(&was),
    );
    assert_eq!(gate.rules[0].figures[0].paired_replications, Some(5));
    let open = judge("[[rule]]\ncheck = \"strategies.lazy.churned <= 102 with 95 %\"", &was, None);
    let told = &open.rules[0].figures[0].told;
    assert!(told.ends_with("wanted <= 102; about 12 replications would tell"), "{told}");
}

#[test]
fn a_baseline_that_is_not_there_or_not_alike_decides_nothing() {
    let now = summary(&CHURNED, &TAKEN);
    let check = "churned not worse than baseline by 0.1pp with 95 %";
    assert_eq!(outcome(check, &now, None), Outcome::Undecided);
    for (key, value) in [
        ("accounts", json!(30_000)),
        ("horizon_days", json!(80)),
        ("scenario", json!("other")),
    ] {
        let mut was = now.clone();
        was[key] = value;
        assert_eq!(outcome(check, &now, Some(&was)), Outcome::Undecided, "{key}");
    }
    let mut was = now.clone();
    was["strategies"].as_array_mut().expect("a list").pop();
    assert_eq!(outcome(check, &now, Some(&was)), Outcome::Undecided);
}

#[test]
fn which_way_is_worse_comes_from_the_measure_or_the_rule() {
    let mut now = summary(&CHURNED, &TAKEN);
    let mut was = now.clone();
    now["strategies"][1]["totals"] = json!({ "can_sign_in": 90.0 });
    was["strategies"][1]["totals"] = json!({ "can_sign_in": 100.0 });
    now["strategies"][1]["glow"] = json!(90.0);
    was["strategies"][1]["glow"] = json!(100.0);
    assert_eq!(outcome("totals.can_sign_in not worse than baseline", &now, Some(&was)), Outcome::Failed);
    assert_eq!(outcome("totals.can_sign_in not worse than baseline by 11 %", &now, Some(&was)), Outcome::Passed);
    assert_eq!(outcome("totals.can_sign_in not worse than baseline", &was, Some(&now)), Outcome::Passed);
    for (better, wanted) in [("lower", Outcome::Passed), ("higher", Outcome::Failed)] {
        let rules =
            format!("[[rule]]\ncheck = \"glow not worse than baseline\"\nbetter = \"{better}\"\nstrategy = \"lazy\"");
        assert_eq!(judge(&rules, &now, Some(&was)).outcome, wanted);
    }
}

#[test]
fn each_strategy_is_a_figure_and_the_worst_one_counts() {
    let now = summary(&CHURNED, &TAKEN);
    let gate = judge("[[rule]]\ncheck = \"strategies.*.desk.wait_s.p90 < 100\"", &now, None);
    assert_eq!((gate.rules[0].figures.len(), gate.outcome, gate.failed), (2, Outcome::Failed, 1));
    let gate = judge("strategy = \"*\"\n[[rule]]\ncheck = \"wait_s.p90 < 300\"", &now, None);
    assert_eq!((gate.rules[0].figures.len(), gate.outcome, gate.passed), (2, Outcome::Passed, 1));
}

#[test]
fn undecided_stops_the_build_only_if_the_rules_say_so() {
    let now = summary(&[100.0], &[10.0]);
    let check = "check = \"strategies.lazy.churned < 500 with 95 %\"";
    for (rules, wanted) in [
        (format!("[[rule]]\n{check}"), Outcome::Passed),
        (format!("undecided = \"fail\"\n[[rule]]\n{check}"), Outcome::Undecided),
        (format!("[[rule]]\n{check}\nundecided = \"fail\""), Outcome::Undecided),
        (format!("undecided = \"fail\"\n[[rule]]\n{check}\nundecided = \"pass\""), Outcome::Passed),
    ] {
        let gate = judge(&rules, &now, None);
        assert_eq!((gate.outcome, gate.undecided), (wanted, 1), "{rules}");
    }
}
