//! Paths through files of other shapes than a summary: a list of scenarios, a plan, criterion's estimates.

use cutover::gate::rules::Rules;
use cutover::gate::timing::NoTimer;
use cutover::gate::verdict::Outcome;
use cutover::gate::{Gate, Places};
use serde_json::{Value, json};

use super::Folder;

fn outcome(file: &Value, check: &str) -> Outcome {
    let folder = Folder::new();
    let results = Some(folder.write("r.json", &file.to_string()));
    let rules = Rules::parse("gate.toml", &format!("[[rule]]\ncheck = '{check}'")).expect("rules");
    let gate = Gate::judge(&rules, &Places { results, baseline: None }, &mut NoTimer);
    gate.unwrap_or_else(|error| panic!("{check}: {error}")).rules[0].outcome
}

#[test]
fn lists_are_walked_by_name_by_number_by_text_and_by_each() {
    let share = |mean: f64| json!({ "mean": mean, "ci95": [mean - 0.1, mean + 0.1], "n": 4 });
    let file = json!([
        { "scenario": "retail", "strategies": [
            { "name": "lazy", "can_sign_in_share": share(0.9) }, { "name": "a.b c", "can_sign_in_share": share(0.5) } ] },
        { "scenario": "bank", "strategies": [ { "name": "lazy", "can_sign_in_share": share(0.7) } ] },
    ]);
    for check in [
        "number of retail.strategies == 2",
        "number of [1].strategies == 1",
        "*.strategies.*.can_sign_in_share > 0.2",
        "*.strategies.*.can_sign_in_share between 0.2 and 1",
        "bank.strategies.lazy.can_sign_in_share.mean == 0.7",
        "retail.strategies.\"a.b c\".can_sign_in_share < 0.6 with 90 %",
        "0.strategies.0.can_sign_in_share.n == 4",
    ] {
        assert_eq!(outcome(&file, check), Outcome::Passed, "{check}");
    }
    assert_eq!(outcome(&file, "*.strategies.lazy.can_sign_in_share > 0.8"), Outcome::Failed);
}

#[test]
fn the_estimates_of_a_bench_have_an_interval() {
    let interval = json!({ "confidence_level": 0.95, "lower_bound": 9.0, "upper_bound": 11.0 });
    let file = json!({ "mean": { "point_estimate": 10.0, "standard_error": 0.5, "confidence_interval": interval } });
    assert_eq!(outcome(&file, "mean < 10.9 with 95 %"), Outcome::Passed);
    // 1.645 of 1.96 of the way to the end: 10.84.
    let gate = |check: &str| outcome(&file, check);
    assert_eq!(gate("mean < 10.85 with 95 %"), Outcome::Passed);
    assert_eq!(gate("mean.point_estimate < 10.83 with 95 %"), Outcome::Undecided);
    assert_eq!(gate("mean < 9.1 with 95 %"), Outcome::Failed);
}
