//! What an answer rests on: ranges are refused where they cannot be, the same study has the same bytes, a strategy against
//! itself has nothing to be unsure about, and each figure is held against another way to it.

use cutover::prelude::*;
use cutover::probe::{Figures, Probe};
use cutover::scenario_file::number::{Number, values};
use cutover::sensitivity::lab::Forgetful;
use cutover::sensitivity::{Depth, KeyFound, Sensitivity, Settings, study};
use cutover::watch::Unwatched;

use super::rejects::says;
use super::support::load;

/// A quarter of so many accounts has so small a desk that it errs by itself.
const SCALED: &str = r#"
    horizon_days = 60
    replications = 3
    strategies = ["reset-only", "lazy"]
    population.accounts = 24_000
    prices.duplicate_cents = 1_500
    [desk]
    for_accounts = 24_000
    tier1 = { agents = [{ days = "Mon-Sat", hours = "8-18", value = 2 }] }
    [grades]
    measured_factor = 1
    vendor_factor = 1
    folklore_factor = 1
    assumption_factor = 1
    [uncertain]
    "prices.duplicate_cents" = { low = 1_000, high = 2_250 }
"#;

#[test]
fn worlds_of_a_part_are_told_from_what_the_whole_comes_to() {
    let scenario = load(SCALED, &[]).scenario;
    let told = |accounts: u64| {
        let settings = Settings { worlds: 64, accounts: Some(accounts), depth: Depth::Whole };
        study(&scenario, settings, &Forgetful, &Unwatched).expect("a study")
    };
    let part = told(3_000);
    let run = Run::new(&scenario).execute().expect("a run");
    let lead = |replications: &[cutover::engine::Replication]| {
        let bills = replications.iter().map(|replication| Figures::of_arms(&scenario, replication, 1.0));
        let bills: Vec<f64> = bills
            .map(|arms| {
                let bill = |name: &str| {
                    let place = scenario.arms().position(|arm| arm.is_some_and(|arm| arm.name == name));
                    arms[place.expect("an arm")].of(Metric::Cost)
                };
                bill(&part.rival) - bill(&part.best)
            })
            .collect();
        bills.iter().sum::<f64>() / bills.len() as f64
    };
    let of_run = lead(run.results().replications());
    assert!((part.as_stated_cents.mean - of_run).abs() < 1.0, "{:?} for {of_run}", part.as_stated_cents);
    // By itself the part is far off; as it is told it is not.
    let probe = Probe::new(&scenario, 3_000, &Unwatched).expect("a probe");
    let by_itself: Vec<f64> = (0..4)
        .map(|luck| {
            let figures = probe.figures(&probe.run(luck, &Unwatched).expect("a replication"));
            let bill = |name: &str| figures[probe.place(name).expect("an arm")].of(Metric::Cost);
            bill(&part.rival) - bill(&part.best)
        })
        .collect();
    let by_itself = by_itself.iter().sum::<f64>() / 4.0;
    let off = (by_itself - of_run).abs();
    let whole = told(24_000);
    let told_off = (part.spread.mean_cents.value - whole.spread.mean_cents.value).abs();
    assert!(off > 3.0 * told_off, "{off} cents off by itself, {told_off} as it is told");
}

#[test]
fn what_the_company_aims_at_is_not_uncertain_unless_somebody_says_so() {
    let keys = |sets: &[&str]| {
        let scenario = load(FEW, sets).scenario;
        let uncertain = cutover::uncertain::Uncertain::new(&scenario).expect("ranges");
        uncertain.keys().iter().filter(|key| key.key.starts_with("desk.target.")).count()
    };
    assert_eq!(keys(&["grades.vendor_factor=2", "grades.assumption_factor=2"]), 0);
    assert_eq!(keys(&[r#"uncertain={ "desk.target.abandoned_share" = { low = 0.02, high = 0.1 } }"#]), 1);
}

#[test]
fn the_order_that_turns_with_the_horizon_is_told_with_its_day() {
    // Lazy costs more to build and less each day: reset-only is the cheaper one for a while.
    let sets = ["grades.assumption_factor=2", "horizon_days=20"];
    let horizon = found(FEW, 16, Depth::Whole, &sets).horizon.expect("twice is allowed");
    assert_eq!(horizon.days, 20);
    let lead = |days: u64| {
        let scenario = load(FEW, &["replications=4", &format!("horizon_days={days}")]).scenario;
        let run = Run::new(&scenario).execute().expect("a run");
        run.compare("lazy", "reset-only").expect("two arms").metric(Metric::Cost).estimate.mean
    };
    assert!((horizon.at_twice_cents.mean.abs() - lead(40).abs()).abs() < 1.0, "{horizon:?}");
    match horizon.turns_at_days {
        Some(day) => assert!(day > 20 && day <= 40 && lead(20).signum() != lead(40).signum(), "{horizon:?}"),
        None => assert_eq!(lead(20).signum(), lead(40).signum(), "{horizon:?}"),
    }
}

/// Two strategies, few accounts, and nothing uncertain but what a test says.
const FEW: &str = r#"
    horizon_days = 60
    replications = 1
    strategies = ["reset-only", "lazy"]
    population.accounts = 4_000
    desk.for_accounts = 100_000
    [grades]
    measured_factor = 1
    vendor_factor = 1
    folklore_factor = 1
    assumption_factor = 1
"#;

fn found(text: &str, worlds: u32, depth: Depth, sets: &[&str]) -> Sensitivity {
    let scenario = load(text, sets).scenario;
    let settings = Settings { worlds, accounts: None, depth };
    study(&scenario, settings, &Forgetful, &Unwatched).unwrap_or_else(|error| panic!("{error}"))
}

fn key<'a>(found: &'a Sensitivity, name: &str) -> &'a KeyFound {
    found.keys.iter().find(|key| key.key == name).unwrap_or_else(|| panic!("{name}: {:?}", found.keys))
}

#[test]
fn a_strategy_against_itself_has_nothing_to_be_unsure_about() {
    let text = FEW.replace(r#""lazy""#, r#"{ preset = "reset-only", name = "twin" }"#);
    let found = found(&text, 16, Depth::Whole, &["grades.assumption_factor=2.5"]);
    assert_eq!(found.spread.quantiles_cents, [0.0; 5]);
    assert_eq!((found.spread.mean_cents.value, found.as_stated_cents.mean), (0.0, 0.0));
    assert_eq!(found.worth_of_knowing_all_cents, 0.0);
    assert!(found.keys.iter().all(|key| key.worth_of_knowing_cents.value == 0.0 && key.turn.is_none()));
    assert!(found.best_in.iter().all(|best| best.shares.iter().all(|share| share.value == 0.5)));
}

#[test]
fn a_key_that_alone_is_uncertain_explains_all_and_the_wider_it_is_the_more_it_is_worth() {
    let wide = |low: f64, high: f64| {
        let range = format!("uncertain={{ \"prices.duplicate_cents\" = {{ low = {low}, high = {high} }} }}");
        found(FEW, 64, Depth::Whole, &[&range])
    };
    let (narrow, wide) = (wide(1_400.0, 1_600.0), wide(15.0, 150_000.0));
    for found in [&narrow, &wide] {
        assert_eq!(found.uncertain_keys, 1);
        let indices = key(found, "prices.duplicate_cents").indices.expect("taken apart");
        assert!((indices.total.value - 1.0).abs() < 0.35 && indices.first.value > 0.6, "{indices:?}");
        let others = found.others.expect("taken apart");
        assert_eq!(others.total.value, 0.0);
    }
    let width = |found: &Sensitivity| found.spread.quantiles_cents[4] - found.spread.quantiles_cents[0];
    assert!(width(&narrow) > 0.0 && width(&wide) > 2.0 * width(&narrow));
    assert_eq!(narrow.worth_of_knowing_all_cents, 0.0, "a range that turns nothing");
    let worth = key(&wide, "prices.duplicate_cents").worth_of_knowing_cents.value;
    assert!(worth > 0.5 * wide.worth_of_knowing_all_cents && worth <= wide.worth_of_knowing_all_cents, "{worth}");
}

#[test]
fn where_the_order_turns_two_bills_are_the_same() {
    // A reset costs less to build and makes more duplicates, which cost more from some price on.
    let range = r#"uncertain={ "prices.duplicate_cents" = { low = 100, high = 150_000 } }"#;
    let found = found(FEW, 32, Depth::Whole, &[range]);
    let turn = key(&found, "prices.duplicate_cents").turn.expect("it turns");
    assert!(turn.above && turn.ci95[0] < turn.value && turn.value < turn.ci95[1], "{turn:?}");
    let lead = |price: f64| {
        let scenario = load(FEW, &["replications=4", &format!("prices.duplicate_cents={price}")]).scenario;
        let run = Run::new(&scenario).execute().expect("a run");
        run.compare("lazy", "reset-only").expect("two arms").metric(Metric::Cost).estimate.mean
    };
    let (now, there) = (lead(1_500.0), lead(turn.value.round()));
    assert!(now > 0.0 && there.abs() < 0.05 * now, "{there} cents are left of {now}");
    let [low, high] = turn.ci95.map(f64::round).map(lead);
    assert!(low > 0.0 && high < 0.0, "{low} and {high} at the ends of {turn:?}");
}

#[test]
fn the_difference_at_the_end_of_a_range_is_that_of_a_run_with_it() {
    let range = r#"uncertain={ "journey.choice.desk_weight" = { low = 0.05, high = 0.8 } }"#;
    let found = found(FEW, 16, Depth::Whole, &[range]);
    let weight = key(&found, "journey.choice.desk_weight");
    let ends = weight.ends_cents.expect("turned alone");
    for (end, told) in weight.range.into_iter().zip(ends) {
        // Ends of the keys that matter are means over four lucks.
        let mut scenario = load(FEW, &["replications=4"]).scenario;
        scenario.set("journey.choice.desk_weight", end).expect("allowed");
        let run = Run::new(&scenario).execute().expect("a run");
        let lead = run.compare(&found.rival, &found.best).expect("arms").metric(Metric::Cost).estimate.mean;
        let told = told.expect("allowed");
        assert!((told - lead).abs() < 1.0, "{told} for {lead}");
    }
}

#[test]
fn the_same_study_has_the_same_bytes_for_any_number_of_threads() {
    let sets = ["grades.assumption_factor=2", "population.accounts=4_000"];
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| found(FEW, 16, Depth::HowSure, &sets).json().expect("JSON"))
    };
    assert!(bytes(1) == bytes(2));
}

#[test]
fn ranges_that_cannot_be_are_refused_with_what_is_allowed() {
    let refused = |sets: &str| {
        let text = format!("{FEW}\n{sets}");
        let error = Loaded::parse("test.toml", &text, &[], &[]).expect_err("refused");
        error.to_string()
    };
    says(
        &refused(
            r#"
            [uncertain]
            "journey.choice.desk_weight" = { low = 0.6, high = 0.5 }
            "population.shares.mfaa" = { low = 0.1, high = 0.5 }
            "population.shares.mfa" = { low = 0.1, high = 1.5 }
            "journey.choice.redial_share" = { low = 0, high = 0.5 }
            "desk.tier1.agents" = { low = 1, high = 2 }
            "seed" = { low = 1, high = 2 }
            "horizon_days" = { low = 100, high = 200 }
            "population.accounts" = { low = 1_000, high = 2_000 }
            "grades.assumption_factor" = { low = 2, high = 3 }
            "#,
        ),
        &[
            "seed cannot be uncertain",
            "horizon_days cannot be uncertain",
            "population.accounts cannot be uncertain",
            "grades.assumption_factor cannot be uncertain",
            "a low end below the high one",
            "population.shares.mfaa",
            "1.5 is not allowed",
            "a share above 0 and below 1",
            "desk.tier1.agents",
        ],
    );
    says(
        &refused("[uncertain]\njourney.choice.desk_weight = { low = 0.1, high = 0.5 }"),
        &["write the whole key in quotes"],
    );
    let keys = "[\"journey.choice.desk_weight\", \"journey.choice.redial_share\", \"journey.choice.later_weight\"]";
    says(
        &refused(&format!("[[correlated]]\nname = \"x\"\nkeys = {keys}\ncorrelation = -0.6")),
        &[
            "correlated[0].correlation",
            "3 keys cannot all have a correlation of -0.6",
            "more than -0.500",
        ],
    );
    says(
        &refused("[[correlated]]\nname = \"x\"\nkeys = [\"nothing.here\"]\ncorrelation = 2"),
        &["-0.99 to 0.99", "nothing"],
    );
    let scenario = load(FEW, &["grades.assumption_factor=2"]).scenario;
    let odd = Settings { worlds: 33, accounts: None, depth: Depth::HowSure };
    let error = study(&scenario, odd, &Forgetful, &Unwatched).expect_err("odd").to_string();
    says(&error, &["--worlds 33", "an even number from 16"]);
    let none = load(FEW, &[]).scenario;
    let some = Settings { worlds: 32, ..odd };
    let error = study(&none, some, &Forgetful, &Unwatched).expect_err("nothing").to_string();
    says(&error, &["no value has a range"]);
}

#[test]
fn every_graded_number_of_a_scenario_is_found_by_its_key() {
    let root = values(&Scenario::default());
    let known = cutover::scenario_file::listing::evidence();
    for known in known.into_iter().filter(|known| known.grade != cutover::scenario::section::Grade::Setting) {
        let found = Number::find(&root, &known.key);
        assert!(
            found.is_ok() || found.as_ref().is_err_and(|said| said.contains(" is a ")),
            "{}: {found:?}",
            known.key
        );
    }
}
