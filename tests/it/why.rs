//! What makes the difference: a strategy against itself has none, a pair that differs in one thing owes it everything, parts
//! sum to the whole, and each is held against runs of strategies written by hand.

use cutover::measure::statistics::Estimate;
use cutover::prelude::*;
use cutover::report::why::words::{beside, headline, sentences};
use cutover::sensitivity::journal::Journal;
use cutover::sensitivity::lab::{Forgetful, Memory};
use cutover::watch::Unwatched;
use cutover::why::{Grain, Kind, Measured, Settings, Why, study, within};

use super::rejects::says;
use super::support::load;

/// Two strategies, few accounts.
const FEW: &str = r#"
    horizon_days = 60
    replications = 2
    strategies = ["reset-only", { preset = "lazy", cut_off = { day = 40 } }]
    population.accounts = 4_000
    desk.for_accounts = 100_000
"#;

const SETTINGS: Settings = Settings { accounts: None, replications: 2, grain: Grain::Fine };

fn found(text: &str, a: &str, b: &str) -> Why {
    let scenario = load(text, &[]).scenario;
    study(&scenario, (a, b), SETTINGS, &Forgetful, &Unwatched).unwrap_or_else(|error| panic!("{error}"))
}

fn cost(found: &Why) -> &Measured {
    found.measured(Metric::Cost).expect("looked at")
}

/// The scenario with this as its second strategy.
fn twin(changes: &str) -> String {
    FEW.replace(
        r#"{ preset = "lazy", cut_off = { day = 40 } }"#,
        &format!(r#"{{ preset = "reset-only", name = "twin", {changes} }}"#),
    )
}

fn sums_to_the_whole(found: &Why) {
    for measured in &found.measures {
        let metric = measured.metric.key();
        let parts: i64 = measured.parts.iter().map(|part| part.whole).sum();
        assert_eq!(parts, measured.whole, "{metric}");
        assert_eq!(parts, measured.difference.mean.round() as i64, "{metric}");
        let added: f64 = measured.parts.iter().map(|part| part.adds.mean).sum();
        let size = measured.a.mean.abs().max(1.0);
        assert!((added - measured.difference.mean).abs() < 1e-9 * size, "{metric}: {added}");
        assert!((measured.b.mean - measured.a.mean - measured.difference.mean).abs() < 1e-9 * size, "{metric}");
    }
}

#[test]
fn a_strategy_against_itself_differs_in_nothing() {
    for (text, a, b) in [
        (FEW.to_owned(), "lazy", "lazy"),
        (twin(r#"summary = "The same.""#), "reset-only", "twin"),
    ] {
        let found = found(&text, a, b);
        assert!(found.parts.is_empty() && found.combinations == 1, "{:?}", found.parts);
        for measured in &found.measures {
            assert_eq!((measured.difference.mean, measured.difference.ci95), (0.0, Some([0.0; 2])));
            assert_eq!(measured.whole, 0);
        }
    }
}

#[test]
fn a_pair_that_differs_in_one_control_owes_it_everything() {
    let changed = [
        ("controls = { link_lifetime_h = 2 }", "links and codes", "link_lifetime_h 24", "link_lifetime_h 2"),
        (
            "controls = { duplicate_detection_share = 0.9 }",
            "recognition of known customers",
            "duplicate_detection_share 0.5",
            "duplicate_detection_share 0.9",
        ),
        (
            "controls = { reminders_days = [2] }",
            "announcement and reminders",
            "reminders_days [3, 10]",
            "reminders_days [2]",
        ),
    ];
    for (changes, name, a, b) in changed {
        let found = found(&twin(changes), "reset-only", "twin");
        let [part] = found.parts.as_slice() else {
            panic!("{changes}: {:?}", found.parts)
        };
        assert_eq!((part.kind, part.name.as_str()), (Kind::Controls, name));
        assert_eq!((part.a.as_str(), part.b.as_str()), (a, b));
        sums_to_the_whole(&found);
        let measured = cost(&found);
        let part = measured.parts[0];
        assert_eq!(measured.kinds.len(), 1);
        assert_eq!((part.adds, part.alone, part.last), (measured.difference, measured.difference, measured.difference));
        assert!(measured.difference.mean != 0.0 && measured.together.is_none(), "{changes}");
        // It is the difference of the run.
        let run = Run::new(&load(&twin(changes), &[]).scenario).execute().expect("a run");
        let told = run.compare("twin", "reset-only").expect("arms").metric(Metric::Cost).estimate;
        assert!((told.mean - measured.difference.mean).abs() < 1e-6, "{told} for {}", measured.difference.mean);
    }
}

#[test]
fn parts_sum_to_the_whole_in_every_metric_and_the_way_back_is_the_way_turned_round() {
    let there = found(FEW, "lazy", "reset-only");
    assert!(there.orders.is_none() && (3..=8).contains(&there.parts.len()), "{:?}", there.parts);
    sums_to_the_whole(&there);
    let back = found(FEW, "reset-only", "lazy");
    sums_to_the_whole(&back);
    assert_eq!(there.parts.len(), back.parts.len());
    for (one, part) in there.parts.iter().enumerate() {
        let same = |other: &&cutover::why::PartFound| (&other.a, &other.b) == (&part.b, &part.a);
        let other = back
            .parts
            .iter()
            .position(|other| same(&other))
            .unwrap_or_else(|| panic!("{part:?} {:?}", back.parts));
        let (one, other) = (&cost(&there).parts[one], &cost(&back).parts[other]);
        assert!((one.adds.mean + other.adds.mean).abs() < 1e-3, "{part:?}: {one:?} {other:?}");
        assert!((one.alone.mean + other.last.mean).abs() < 1e-3, "{part:?}: {one:?} {other:?}");
    }
}

#[test]
fn what_a_part_adds_alone_and_at_last_is_what_runs_of_strategies_written_by_hand_say() {
    let text = twin(r#"cut_off = { day = 30 }, controls = { link_lifetime_h = 2 }"#);
    let all = found(&text, "reset-only", "twin");
    let names: Vec<&str> = all.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["day on which the legacy platform ends", "links and codes"]);
    let by_hand = text.replace(
        "\"reset-only\", {",
        r#""reset-only", { preset = "reset-only", name = "day", cut_off = { day = 30 } },
           { preset = "reset-only", name = "links", controls = { link_lifetime_h = 2 } }, {"#,
    );
    let run = Run::new(&load(&by_hand, &[]).scenario).execute().expect("a run");
    let less = |a: &str, b: &str| run.compare(a, b).expect("arms").metric(Metric::Cost).estimate.mean;
    let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 1e-3, "{got} for {wanted}");
    let measured = cost(&all);
    let [day, links] = [measured.parts[0], measured.parts[1]];
    near(day.alone.mean, less("day", "reset-only"));
    near(day.last.mean, less("twin", "links"));
    near(links.alone.mean, less("links", "reset-only"));
    near(day.adds.mean, f64::midpoint(day.alone.mean, day.last.mean));
    let together = less("twin", "links") - less("day", "reset-only");
    near(measured.together.map_or(0.0, |together| together.adds.mean), together);
}

#[test]
fn beside_stay_the_rules_are_told_and_what_it_takes_to_migrate_at_all() {
    let there = found(FEW, "stay", "lazy");
    sums_to_the_whole(&there);
    let kinds: Vec<Kind> = there.parts.iter().map(|part| part.kind).collect();
    assert!(kinds.contains(&Kind::Policy) && kinds.contains(&Kind::CutOff), "{kinds:?}");
    assert_eq!(kinds.last(), Some(&Kind::Migrating));
    let back = found(FEW, "lazy", "stay");
    sums_to_the_whole(&back);
    let (one, other) = (cost(&there).parts.last().expect("parts"), cost(&back).parts.last().expect("parts"));
    assert!((one.adds.mean + other.adds.mean).abs() < 1e-3);
    let run = Run::new(&load(FEW, &[]).scenario).execute().expect("a run");
    let told = run.compare("lazy", "stay").expect("arms").metric(Metric::Cost).estimate.mean;
    assert!((told - cost(&there).difference.mean).abs() < 1e-3);
}

#[test]
fn policies_of_many_rules_are_taken_along_orders_and_still_sum_to_the_whole() {
    let text = FEW.replace("horizon_days = 60", "horizon_days = 120").replace("4_000", "1_000");
    let found = found(&text, "lazy", "risk-based");
    assert!(found.parts.len() > 8 && found.orders == Some(8), "{}", found.parts.len());
    sums_to_the_whole(&found);
    assert!(found.parts.iter().any(|part| part.name.contains("Shared mailbox with an own phone")));
    // A score that no rule looks at is worth nothing by itself.
    let risk = found.parts.iter().position(|part| part.name == "points of the risk score").expect("a part");
    assert_eq!(cost(&found).parts[risk].alone.mean, 0.0);
}

#[test]
fn the_same_study_has_the_same_bytes_for_any_number_of_threads() {
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| found(FEW, "reset-only", "lazy").json().expect("JSON"))
    };
    assert!(bytes(1) == bytes(2));
}

#[test]
fn a_study_that_was_killed_goes_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("combinations.journal");
    let scenario = load(FEW, &[]).scenario;
    let bytes = |memory: &dyn Memory| {
        let found = study(&scenario, ("reset-only", "lazy"), SETTINGS, memory, &Unwatched);
        found.unwrap_or_else(|error| panic!("{error}")).json().expect("JSON")
    };
    let whole = bytes(&Forgetful);
    let journal = Journal::open(&path, "killed", false).expect("a journal");
    assert!(bytes(&journal) == whole);
    drop(journal);
    let all = Journal::open(&path, "killed", true).expect("a journal");
    let count = all.found();
    assert!(bytes(&all) == whole);
    drop(all);
    let again = Journal::open(&path, "killed", true).expect("a journal").found();
    assert_eq!(again, count, "nothing is simulated twice");
    // Killed in the middle of a record.
    let written = std::fs::read(&path).expect("a journal");
    std::fs::write(&path, &written[..written.len() - 3]).expect("cut");
    let journal = Journal::open(&path, "killed", true).expect("a journal");
    assert_eq!(journal.found(), count - 1);
    assert!(bytes(&journal) == whole);
}

#[test]
fn a_report_takes_it_apart_by_kind_or_not_at_all() {
    let scenario = load(FEW, &[]).scenario;
    let pair = ("reset-only", "lazy");
    let few = within(&scenario, pair, 10_000, &Unwatched).expect("asked");
    assert!(few.is_none());
    let some = within(&scenario, pair, 1_000_000, &Unwatched).expect("asked").expect("enough");
    let kinds: Vec<Kind> = some.parts.iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [Kind::Rollout, Kind::CutOff, Kind::Policy]);
    sums_to_the_whole(&some);
}

#[test]
fn nothing_that_may_be_luck_is_named_as_a_cause() {
    let sure = |estimate: &mut Estimate| estimate.ci95 = Some([estimate.mean; 2]);
    let luck = |estimate: &mut Estimate| estimate.ci95 = Some([-estimate.mean.abs() - 1.0, estimate.mean.abs() + 1.0]);
    let mut there = found(FEW, "lazy", "reset-only");
    let place = there.measures.iter().position(|measured| measured.metric == Metric::Cost).expect("looked at");
    let measured = &mut there.measures[place];
    sure(&mut measured.difference);
    measured.parts.iter_mut().for_each(|part| sure(&mut part.adds));
    measured.kinds.iter_mut().for_each(|kind| sure(&mut kind.adds));
    let told = beside(&there, Metric::Cost).expect("a difference");
    says(
        &told,
        &[
            "Over all 4,000 accounts, lazy costs ",
            " than reset-only. Of the difference, ",
            " % because of ",
        ],
    );
    assert!(headline(&there, Metric::Cost).contains("because of"));
    there.accounts = 100_000;
    says(&beside(&there, Metric::Cost).expect("a difference"), &["Over 4,000 of 100,000 accounts"]);
    let measured = &mut there.measures[place];
    measured.parts.iter_mut().for_each(|part| luck(&mut part.adds));
    measured.kinds.iter_mut().for_each(|kind| luck(&mut kind.adds));
    for told in [
        beside(&there, Metric::Cost).expect("a difference"),
        headline(&there, Metric::Cost),
    ] {
        assert!(told.contains("is beyond luck by itself") && !told.contains("because of"), "{told}");
    }
    let names_one = |said: &String| said.contains(" makes +") || said.contains(" makes −");
    assert!(!sentences(&there, Metric::Cost).iter().any(names_one));
    luck(&mut there.measures[place].difference);
    assert_eq!(beside(&there, Metric::Cost), None);
}

#[test]
fn what_cannot_be_taken_apart_is_refused_with_what_can() {
    let scenario = load(FEW, &[]).scenario;
    let refused = |a: &str, b: &str, settings: Settings| {
        study(&scenario, (a, b), settings, &Forgetful, &Unwatched).expect_err("refused").to_string()
    };
    says(&refused("lazy", "lazzy", SETTINGS), &["\"lazzy\"", "stay, reset-only, lazy", "built-in"]);
    says(&refused("stay", "stay", SETTINGS), &["no strategy whose parts"]);
    // Built-in, but not for so short a time.
    says(
        &refused("lazy", "guided-reset", Settings { accounts: Some(0), ..SETTINGS }),
        &["0 accounts", "at least 1"],
    );
    says(
        &refused("lazy", "reset-only", Settings { replications: 0, ..SETTINGS }),
        &["0 replications", "1 to 200"],
    );
    let short = load(&FEW.replace("horizon_days = 60", "horizon_days = 41"), &[]).scenario;
    let error = study(&short, ("lazy", "guided-reset"), SETTINGS, &Forgetful, &Unwatched)
        .expect_err("refused")
        .to_string();
    says(&error, &["guided-reset", "the rollout reaches day 42, but the horizon is 41 days"]);
}

#[cfg(feature = "cli")]
mod command {
    use crate::support::{cutover, root};

    #[test]
    fn it_reads_a_run_or_a_scenario_and_leaves_a_page() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = super::FEW.replace("4_000", "600");
        std::fs::write(folder.path().join("few.toml"), text).expect("written");
        let told = |arguments: &[&str]| {
            let done = cutover(folder.path()).args(arguments).assert().success();
            String::from_utf8_lossy(&done.get_output().stdout).into_owned()
        };
        told(&["run", "few.toml", "--worlds", "0", "--out", "done"]);
        let of_run = told(&["why", "done", "lazy", "reset-only", "--replications", "2", "--out", "a"]);
        let asked = ["why", "few.toml", "lazy", "reset-only", "--replications", "2", "--out"];
        let of_file = told(&[&asked[..], &["b"]].concat());
        assert!(of_run.contains("In the run itself, over all accounts, lazy costs"), "{of_run}");
        assert_eq!(of_run.lines().next(), of_file.lines().next());
        assert!(of_run.starts_with("lazy ") && of_run.contains("in all"), "{of_run}");
        let read = |path: &str| std::fs::read(folder.path().join(path)).expect("a file");
        assert!(read("a/why.json") == read("b/why.json"));
        let same = told(&["why", "done", "lazy", "lazy", "--replications", "2", "--out", "c"]);
        assert!(same.starts_with("lazy and lazy are one strategy: the difference is nothing.\n"), "{same}");
        assert!(!same.contains("In the run itself") && !same.contains("told as"), "{same}");
        let page = String::from_utf8(read("a/index.html")).expect("text");
        assert!(page.contains("What makes the difference") && page.contains("the part that adds most"));
        assert!(read("a/charts/why.png").len() > 10_000);
        let lost = [
            "why",
            "few.toml",
            "lazy",
            "stay",
            "--measure",
            "customers_lost",
            "--replications",
            "2",
            "--json",
        ];
        let json: serde_json::Value = serde_json::from_str(&told(&lost)).expect("JSON");
        assert_eq!(json["b"], "stay");
        assert_eq!(json["measures"].as_array().map(Vec::len), Some(17));
        // What is refused leaves an earlier answer as it is; what is done keeps no journal.
        let refused =
            cutover(folder.path()).args(["why", "few.toml", "lazy", "lazzy", "--out", "a", "--resume"]).assert();
        assert!(String::from_utf8_lossy(&refused.code(2).get_output().stderr).contains("lazzy"));
        assert!(folder.path().join("a/why.json").exists() && !folder.path().join("a/combinations.journal").exists());
        told(&[&asked[..], &["d", "--resume"]].concat());
        assert!(read("d/why.json") == read("b/why.json"));
        let wrong = cutover(&root())
            .args(["why", "scenarios/quickstart.toml", "lazy", "stay", "--measure", "price"])
            .assert();
        let error = String::from_utf8_lossy(&wrong.code(2).get_output().stderr).into_owned();
        assert!(error.contains("price") && error.contains("customers_lost"), "{error}");
    }
}
