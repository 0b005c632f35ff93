//! Values varied: every point is the run that it says, wrong words are refused, what is best is found where that is known,
//! is told from luck that the search has not seen, and comes back from its file as it was. A sweep that was killed goes on.

use cutover::desk::erlang::erlang_a;
use cutover::prelude::*;
use cutover::report::sweep::words;
use cutover::sensitivity::journal::Journal;
use cutover::sensitivity::lab::{Forgetful, Memory};
use cutover::sweep::axis::Axis;
use cutover::sweep::best::{Asked, Best, Met, Outcome, best};
use cutover::sweep::figure::Figure;
use cutover::sweep::goal::{Goal, Limit};
use cutover::sweep::search::Effort;
use cutover::sweep::{Settings, Sweep, sweep, vary};
use cutover::watch::Unwatched;

use super::rejects::says;
use super::support::load;

const FEW: &str = r#"
    horizon_days = 60
    replications = 3
    strategies = ["reset-only", { preset = "lazy", cut_off = { day = 50 } }]
    population.accounts = 3_000
    desk.for_accounts = 100_000
"#;

fn axes(scenario: &Scenario, vary: &[&str]) -> Vec<Axis> {
    vary.iter().map(|text| vary::read(scenario, text).unwrap_or_else(|said| panic!("{said}"))).collect()
}

fn swept(text: &str, vary: &[&str], settings: Settings) -> Sweep {
    let scenario = load(text, &[]).scenario;
    let axes = axes(&scenario, vary);
    sweep(&scenario, &axes, settings, &Forgetful, &Unwatched).unwrap_or_else(|error| panic!("{error}"))
}

fn best_of(text: &str, vary: &[&str], goal: &str, limits: &[&str]) -> Best {
    let scenario = load(text, &[]).scenario;
    let axes = axes(&scenario, vary);
    let goal = Goal {
        figure: Figure::named(goal).expect("a figure").0,
        limits: limits.iter().map(|text| Limit::read(text).expect("a limit")).collect(),
    };
    let effort = Effort { places: 16, ..Effort::default() };
    let asked = Asked { goal: &goal, axes: &axes, accounts: None, effort };
    best(&scenario, &asked, &Forgetful, &Unwatched).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_point_is_the_run_that_it_says() {
    let found = swept(FEW, &["lazy.link_lifetime_h=24,96", "prices.duplicate_cents=0..3000:1500"], Settings::default());
    assert_eq!((found.points.len(), found.accounts_simulated), (6, 3_000));
    for point in &found.points {
        let mut scenario = load(FEW, &[]).scenario;
        let [lifetime, price] = [0, 1].map(|axis| point.settings[axis].number.expect("a number"));
        scenario.set("strategies.lazy.controls.link_lifetime_h", lifetime).expect("allowed");
        scenario.set("prices.duplicate_cents", price as i64).expect("allowed");
        let run = Run::new(&scenario).execute().expect("a run");
        for arm in &point.arms {
            let of_run = run.arm(&arm.strategy).expect("an arm");
            for metric in [Metric::Cost, Metric::CustomersLost, Metric::TakenOver] {
                let (told, there) = (arm.of(Figure::Metric(metric)), of_run.metric(metric));
                assert!((told.mean - there.mean).abs() < 1e-6, "{}: {told} for {there}", metric.key());
            }
        }
    }
}

#[test]
fn the_desk_of_a_point_is_that_of_the_queue_in_theory() {
    let found = swept(DESK, &["desk.tier1.agents=46,50,54"], Settings::default());
    for point in &found.points {
        let agents = point.settings[0].number.expect("a number");
        let theory = erlang_a(agents as u32, 0.8, 60.0, 120.0);
        let share = point.arms[0].of(Figure::named("desk.abandoned_share").expect("a figure").0);
        assert!((share.mean - theory.abandons).abs() < 0.006, "{share} for {}", theory.abandons);
        let wait = point.arms[0].of(Figure::named("desk.mean_wait_s").expect("a figure").0);
        assert!((wait.mean / theory.mean_wait_s - 1.0).abs() < 0.2, "{wait} for {}", theory.mean_wait_s);
    }
}

/// 48 calls a minute of one minute each, two minutes of patience: the M/M/n+M queue.
const DESK: &str = r#"
    horizon_days = 1
    replications = 4
    strategies = []
    population.accounts = 0
    [desk.tier1]
    agents = 55
    [desk.review]
    agents = 0
    [desk.phone.patience.exponential]
    mean_s = 120
    [desk.baseline]
    phone_per_hour = 2880
    email_per_hour = 0
    phone_handle_time = { exponential = { mean_s = 60 } }
"#;

#[test]
fn the_fewest_agents_within_a_limit_are_those_of_theory() {
    let abandons = |agents: u32| erlang_a(agents, 0.8, 60.0, 120.0).abandons;
    // The limit lies between two numbers of agents, so that one of them is the best.
    let limit = format!("desk.abandoned_share < {}", f64::midpoint(abandons(48), abandons(49)));
    let found = best_of(DESK, &["desk.tier1.agents=40..60"], "staffed_cost", &[&limit]);
    assert_eq!(found.settings[0].number, Some(49.0), "{:?}", found.outcome);
    assert_eq!((found.outcome, found.limits[0].is_met), (Outcome::Better, Met::Met));
    // A minute of an agent has its price: six agents less for a day.
    let scenario = load(DESK, &[]).scenario;
    let saved = 6.0 * 24.0 * 60.0 * scenario.prices.desk_cents_per_min.get() as f64;
    assert!((found.gain.mean / saved - 1.0).abs() < 0.02, "{} for {saved}", found.gain.mean);
    assert_eq!(found.sets, ["desk.tier1.agents=49"]);
}

#[test]
fn the_best_day_of_a_cut_off_is_found_where_only_the_legacy_platform_counts() {
    let text = FEW
        .replace("[\"reset-only\", ", "[")
        .replace("replications", "prices.legacy_cents_per_1000_accounts_per_day = 1_000_000\nreplications");
    let found = best_of(&text, &["lazy.cut_off.day=20..55"], "cost", &[]);
    assert_eq!(found.outcome, Outcome::Better);
    let day = found.settings[0].number.expect("a day");
    assert!(day < 20.4, "{day}");
    let saved = (50.0 - day) * 3.0 * 1_000_000.0;
    assert!((found.gain.mean / saved - 1.0).abs() < 0.02, "{} for {saved}", found.gain.mean);
    let strategy = found.found.expect("a strategy");
    assert_eq!(strategy.cut_off.expect("a cut-off").day.get(), day);
}

#[test]
fn what_changes_nothing_is_no_better() {
    let text = FEW.replace("[\"reset-only\", { preset = \"lazy\", cut_off = { day = 50 } }]", "[\"federate\"]");
    let found = best_of(&text, &["federate.link_lifetime_h=4..168"], "cost", &[]);
    assert_eq!(found.outcome, Outcome::NoBetter);
    assert_eq!(found.gain.ci95, Some([0.0, 0.0]));
    assert!(found.found.is_none() && found.settings[0].label == "24");
}

#[test]
fn a_limit_that_nothing_meets_is_said_so() {
    let found = best_of(
        &DESK.replace("agents = 55", "agents = 45"),
        &["desk.tier1.agents=40..44"],
        "staffed_cost",
        &["desk.abandoned_share < 1%"],
    );
    assert_eq!(found.outcome, Outcome::NoneMeets);
    assert!(found.sets.is_empty());
}

#[test]
fn the_same_sweep_has_the_same_bytes_for_any_number_of_threads() {
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let settings = Settings { points: Some(4), accounts: Some(1_000) };
        pool.install(|| swept(FEW, &["lazy.cut_off.day=20..55", "lazy.link_lifetime_h=4..168"], settings).json())
    };
    assert!(bytes(1).expect("JSON") == bytes(2).expect("JSON"));
}

#[test]
fn a_sweep_that_was_killed_goes_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("points.journal");
    let scenario = load(FEW, &[]).scenario;
    let axes = axes(&scenario, &["lazy.cut_off.day=20..50:10"]);
    let settings = Settings { points: None, accounts: Some(500) };
    let bytes = |memory: &dyn Memory| {
        let found = sweep(&scenario, &axes, settings, memory, &Unwatched).unwrap_or_else(|error| panic!("{error}"));
        found.json().expect("JSON")
    };
    let whole = bytes(&Forgetful);
    let journal = Journal::open(&path, "killed", false).expect("a journal");
    assert!(bytes(&journal) == whole);
    drop(journal);
    // Killed in the middle of a record.
    let written = std::fs::read(&path).expect("a journal");
    std::fs::write(&path, &written[..written.len() / 2]).expect("cut");
    let journal = Journal::open(&path, "killed", true).expect("a journal");
    assert!((1..12).contains(&journal.found()), "{} of 12", journal.found());
    assert!(bytes(&journal) == whole);
}

#[test]
fn what_a_value_has_no_part_in_is_told_and_counted_once() {
    let settings = Settings { points: None, accounts: Some(1_000) };
    let found = swept(FEW, &["lazy.cut_off.day=20,30,40"], settings);
    let same = |arm: usize| [0, 1, 2].map(|at: usize| found.points[at].arms[arm].same_as_point);
    assert_eq!((same(1), same(2)), ([None, Some(0), Some(0)], [None; 3]));
    assert!((1..3).all(|at| found.points[at].arms[1].standing == found.points[0].arms[1].standing));
    assert_eq!((found.values_of((2, 1), 0), found.values_of((2, 2), 0)), (None, Some(vec!["40"])));
    let rows = words::rows(&found, 100);
    let told: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!(told, [("any", "reset-only"), ("20", "lazy"), ("30", "lazy"), ("40", "lazy")]);
    says(&words::terminal(&found), &["of 4 ", "more than the best", "“any”"]);
    assert_eq!(
        found.csv().expect("CSV").iter().filter(|byte| **byte == b'\n').count(),
        1 + 3 * 3,
        "all points are kept"
    );
    // What a row costs more than the best is the difference of their means.
    let (at, arm) = found.cheapest().expect("a cheapest");
    let lowest = &found.points[at].arms[arm];
    assert_eq!(lowest.above_lowest_cents.ci95, Some([0.0; 2]));
    for arm in found.points.iter().flat_map(|point| &point.arms) {
        let more = arm.of(Figure::COST).mean - lowest.of(Figure::COST).mean;
        assert!((arm.above_lowest_cents.mean - more).abs() < 1e-6, "{}", arm.strategy);
    }
}

#[test]
fn the_headline_names_no_value_that_has_no_part_in_it() {
    let text = FEW.replace("\"lazy\", cut_off", "\"lazy\", name = \"late\", cut_off");
    let settings = Settings { points: None, accounts: Some(1_000) };
    // Dear legacy platforms: whoever switches off is cheapest.
    let text = text.replace("replications", "prices.legacy_cents_per_1000_accounts_per_day = 1_000_000\nreplications");
    let found = swept(&text, &["late.cut_off.day=30,50", "reset-only.link_lifetime_h=4,24"], settings);
    let told = words::headline(&found);
    assert_eq!(told.contains("late.cut_off.day"), told.contains("that of late"), "{told}");
    assert_eq!(told.contains("link_lifetime_h"), told.contains("that of reset-only"), "{told}");
}

#[test]
fn a_value_that_no_point_allows_is_refused_and_one_corner_is_left_out() {
    let text = FEW.replace("\"reset-only\"", "\"waved-reset\"");
    let refused = |vary: &[&str]| {
        let scenario = load(&text, &[]).scenario;
        let axes = axes(&scenario, vary);
        sweep(&scenario, &axes, Settings::default(), &Forgetful, &Unwatched)
            .expect_err("refused")
            .to_string()
    };
    says(
        &refused(&["waved-reset.waves.count=2,30"]),
        &[
            "--vary waved-reset.waves.count: 30 is not allowed at any point",
            "horizon",
        ],
    );
    let settings = Settings { points: None, accounts: Some(500) };
    let found = swept(&text, &["waved-reset.waves.count=2,9", "waved-reset.waves.gap_days=2,7"], settings);
    assert_eq!((found.points.len(), found.refused.len()), (3, 1));
    assert_eq!(found.refused[0].settings[1].label, "7");
}

#[cfg(feature = "cli")]
mod command {
    use super::*;
    use crate::support::cutover;

    #[test]
    fn it_writes_its_files_and_the_best_strategy_comes_back_from_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = FEW.replace("[\"reset-only\", ", "[").replace("3_000", "1_000");
        std::fs::write(folder.path().join("few.toml"), text).expect("written");
        let sweep = |more: &[&str]| {
            let done = cutover(folder.path()).args(["sweep", "few.toml"]).args(more).assert().success();
            String::from_utf8_lossy(&done.get_output().stdout).into_owned()
        };
        let told = sweep(&["--vary", "lazy.cut_off.day=20..50/3"]);
        says(&told, &["The lowest bill of 3 points is that of lazy", "3 replications each"]);
        let out = folder.path().join("reports/few/sweep");
        let csv = std::fs::read_to_string(out.join("points.csv")).expect("points.csv");
        assert_eq!(csv.lines().count(), 1 + 3 * 2);
        assert!(csv.starts_with("lazy.cut_off.day,strategy,standing,can_sign_in,"), "{csv}");
        let priced = "prices.legacy_cents_per_1000_accounts_per_day=1000000";
        let told = sweep(&[
            "--best",
            "cost",
            "--vary",
            "lazy.cut_off.day=20..50",
            "--subject-to",
            "customers_lost < 1000",
            "--set",
            priced,
            "--points",
            "4",
            "--json",
        ]);
        let json: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        assert_eq!(json["outcome"], "better");
        let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
        assert!(page.contains("cutover run few.toml --strategy reports/few/sweep/lazy-best.toml"), "as it is typed");
        let file = out.join("lazy-best.toml");
        let written = std::fs::read_to_string(&file).expect("a strategy");
        says(
            &written,
            &[
                "# The best values found for the strategy lazy, by",
                "cutover sweep few.toml ",
                "--best 'cost'",
                "name = \"lazy-best\"",
            ],
        );
        cutover(folder.path()).args(["validate", "few.toml", "--strategy"]).arg(&file).assert().success();
        let day = json["settings"][0]["number"].as_f64().expect("a day");
        let scenario = Scenario::load(&folder.path().join("few.toml"), &[file.display().to_string()], &[]);
        let strategy = &scenario.expect("a scenario").scenario.strategies[0];
        assert_eq!((strategy.name.as_str(), strategy.cut_off.expect("a cut-off").day.get()), ("lazy-best", day));
    }

    #[test]
    fn the_command_goes_on_where_it_was_killed() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("few.toml"), FEW).expect("written");
        let arguments =
            |out: &str| ["sweep", "few.toml", "--vary", "lazy.cut_off.day=20..50/6", "--out", out].map(str::to_owned);
        cutover(folder.path()).args(arguments("whole")).assert().success();
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cutover"))
            .current_dir(folder.path())
            .args(arguments("killed"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("start");
        let journal = folder.path().join("killed/points.journal");
        let kept = || std::fs::metadata(&journal).map_or(0, |found| found.len());
        while kept() < 1_000 && child.try_wait().expect("wait").is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        child.kill().ok();
        child.wait().expect("wait");
        if let Ok(written) = std::fs::read(&journal) {
            std::fs::write(&journal, &written[..written.len().saturating_sub(3)]).expect("cut");
        }
        cutover(folder.path()).args(arguments("killed")).arg("--resume").assert().success();
        for file in ["sweep.json", "points.csv"] {
            let read = |out: &str| std::fs::read(folder.path().join(out).join(file)).expect("a file");
            assert!(read("whole") == read("killed"), "{file}");
        }
    }

    #[test]
    fn wrong_words_are_refused_all_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("few.toml"), FEW).expect("written");
        let refused = |more: &[&str]| {
            let done = cutover(folder.path()).args(["sweep", "few.toml"]).args(more).assert().code(2);
            String::from_utf8_lossy(&done.get_output().stderr).into_owned()
        };
        says(&refused(&[]), &["nothing is varied"]);
        says(
            &refused(&["--vary", "lazy.link_lifetme_h=3", "--vary", "population.shares.mfa=2"]),
            &[
                "lazy has no key \"link_lifetme_h\"",
                "2 is not allowed there: expected 0 to 1",
            ],
        );
        says(&refused(&["--best", "costs"]), &["there is no figure \"costs\"", "cost"]);
        says(&refused(&["--best", "cost"]), &["choose it with --strategy", "lazy"]);
        says(&refused(&["--best", "cost", "--subject-to", "cost"]), &["expected FIGURE < NUMBER"]);
        says(
            &refused(&["--best", "cost", "--subject-to", "customers_lost < 5%"]),
            &[
                "--subject-to 'customers_lost < 5%'",
                "customers_lost is none: expected a number without %",
            ],
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused_before_a_folder_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("few.toml"), FEW).expect("written");
        let refused = |more: &[&str]| {
            let done = cutover(folder.path()).args(["sweep", "few.toml"]).args(more).assert().code(2);
            String::from_utf8_lossy(&done.get_output().stderr).into_owned()
        };
        let best = |more: &[&str]| refused(&[&["--strategy", "lazy", "--best", "cost"][..], more].concat());
        for (limits, wanted) in [
            (&["desk.abandoned_share < 5"][..], "--subject-to 'desk.abandoned_share < 5': a share is 0 to 1"),
            (&["desk.abandoned_share < -1"][..], "so nothing meets this"),
            (
                &["customers_lost < 30", "customers_lost > 40"][..],
                "--subject-to 'customers_lost > 40': nothing meets it and 'customers_lost < 30'",
            ),
            (&["customers_lost < 30", "customers_lost < 30"][..], "this limit is stated twice"),
        ] {
            let options: Vec<&str> = limits.iter().flat_map(|limit| ["--subject-to", *limit]).collect();
            says(&best(&options), &[wanted]);
        }
        for key in [
            "prices.duplicate_cents=0..3000",
            "population.shares.mfa=0.1..0.5",
            "threat.phished_share=0.001..0.1",
        ] {
            says(&best(&["--vary", key]), &["nobody can choose that", "keys of the strategy and of desk"]);
        }
        let twice = ["--vary", "desk.tier1.agents=1..4", "--vary", "desk.tier1.agents=2..9"];
        says(&best(&twice), &["--vary desk.tier1.agents: this key is varied twice"]);
        for (key, wanted) in [
            ("seed=1,2", "luck is the same at all points"),
            ("horizon_days=60,90", "cutover run --set horizon_days=N"),
            ("population.accounts=1000,2000", "cutover run --accounts N"),
            ("question=a,b", "it changes no result"),
            ("lazy.cut_off.day+lazy.cut_off.day=20,30", "the same key stands there twice"),
        ] {
            says(&refused(&["--vary", key]), &[wanted]);
        }
        let none = ["--vary", "lazy.cut_off.day=20,30", "--accounts-per-point", "0"];
        says(&refused(&none), &["--accounts-per-point 0: expected at least 1"]);
        says(&best(&["--accounts-per-point", "0"]), &["--accounts-per-point 0: expected at least 1"]);
        assert!(!folder.path().join("reports").exists());
    }
}
