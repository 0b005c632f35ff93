//! `--precision`: replications are added until measures are known as closely as is asked, and the intervals cover.

use cutover::desk::erlang::erlang_c;
use cutover::engine;
use cutover::measure::contrast::paired;
use cutover::measure::precision::look;
use cutover::measure::statistics::estimate;
use cutover::random::{Draw, Purpose, Seed};
use cutover::scenario::Scenario;
use cutover::terms::Channel;
use cutover::watch::Unwatched;
use rayon::prelude::*;

use super::support::{load, read};

/// Values whose mean and spread are known.
#[derive(Clone, Copy, Debug)]
enum Law {
    Normal,
    /// Of the logarithm's standard deviation.
    Lognormal(f64),
    /// Of this mean.
    Poisson(f64),
}

impl Law {
    fn mean(self) -> f64 {
        match self {
            Self::Normal => 0.0,
            Self::Lognormal(sigma) => (sigma * sigma / 2.0).exp(),
            Self::Poisson(mean) => mean,
        }
    }

    fn deviation(self) -> f64 {
        match self {
            Self::Normal => 1.0,
            Self::Lognormal(sigma) => (((sigma * sigma).exp() - 1.0) * (sigma * sigma).exp()).sqrt(),
            Self::Poisson(mean) => mean.sqrt(),
        }
    }

    fn unit(self) -> f64 {
        if matches!(self, Self::Poisson(_)) { 1.0 } else { 0.0 }
    }

    fn draw(self, luck: &mut Draw) -> f64 {
        let mut normal = || (2.0 * luck.exponential()).sqrt() * (std::f64::consts::TAU * luck.uniform()).cos();
        match self {
            Self::Normal => normal(),
            Self::Lognormal(sigma) => (sigma * normal()).exp(),
            Self::Poisson(mean) => {
                let (mut events, mut time) = (0.0, luck.exponential());
                while time < mean {
                    events += 1.0;
                    time += luck.exponential();
                }
                events
            }
        }
    }
}

/// Half widths that so many replications would give if the spread were known.
const TAKES: [f64; 3] = [12.0, 25.0, 60.0];

/// How often the mean ± what was asked holds the truth where a rule says when to stop.
fn covers(law: Law, takes: f64, trials: u64, stops: impl Fn(&[f64], f64) -> bool + Sync) -> f64 {
    let wanted = 1.96 * law.deviation() / takes.sqrt();
    let holds = |trial: &u64| {
        let mut luck = Seed::new(11, takes as u32).draw(*trial, Purpose::Sample, 0);
        let mut values = Vec::new();
        loop {
            values.push(law.draw(&mut luck));
            if stops(&values, wanted) || values.len() == 2_000 {
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                return (mean - law.mean()).abs() <= wanted;
            }
        }
    };
    (0..trials).into_par_iter().filter(holds).count() as f64 / trials as f64
}

/// Stops as soon as Student's interval of three or more is narrow enough.
fn naive(values: &[f64], wanted: f64) -> bool {
    // The normal quantile is smaller: what is too wide by it needs no closer look.
    let narrow = |[low, high]: [f64; 2]| high - low <= 2.0 * wanted;
    values.len() >= 3 && estimate(values).ci95.is_some_and(narrow)
}

const LAWS: [Law; 5] = [
    Law::Normal,
    Law::Lognormal(0.3),
    Law::Lognormal(0.5),
    Law::Poisson(3.0),
    Law::Poisson(0.5),
];

fn mean_cover(trials: u64, of: impl Fn(f64, u64) -> f64) -> f64 {
    TAKES.iter().map(|takes| of(*takes, trials)).sum::<f64>() / TAKES.len() as f64
}

#[test]
fn intervals_cover_where_the_rule_stops_and_miss_where_it_starts_at_three() {
    let trials = 500;
    for law in LAWS {
        let rule = |values: &[f64], wanted: f64| look(values, wanted, law.unit()).is_enough;
        let kept = mean_cover(trials, |takes, trials| covers(law, takes, trials, rule));
        // 1,500 trials: two standard errors are 1.1 points.
        assert!(kept >= 0.939, "{law:?}: {kept}");
    }
    let early = mean_cover(trials, |takes, trials| covers(Law::Normal, takes, trials, naive));
    assert!((0.89..0.94).contains(&early), "{early}");
    assert!(mean_cover(trials, |takes, trials| covers(Law::Poisson(0.5), takes, trials, naive)) < 0.8);
}

/// The whole, case by case: `cargo test --test it -- --ignored --nocapture precise::`.
#[test]
#[ignore = "a minute"]
fn intervals_cover_in_each_case() {
    for law in LAWS {
        for takes in TAKES {
            let rule = |values: &[f64], wanted: f64| look(values, wanted, law.unit()).is_enough;
            let (kept, early) = (covers(law, takes, 4_000, rule), covers(law, takes, 4_000, naive));
            // 4,000 trials: two standard errors are 0.7 points.
            assert!(kept >= 0.933 && early < kept, "{law:?}, {takes}: {kept}, from three on {early}");
            eprintln!("{law:?}, about {takes} replications: {kept:.3}, from three on {early:.3}");
        }
    }
}

/// So many days of a desk with so many agents for five at work: Poisson calls, exponential handle times, endless patience.
fn desk(agents: u32, days: u32) -> Scenario {
    let sets = [
        format!("desk.tier1.agents={agents}"),
        "desk.baseline.phone_per_hour=300".to_owned(),
        "desk.baseline.phone_handle_time.exponential.mean_s=60".to_owned(),
        "desk.phone.patience=\"endless\"".to_owned(),
        format!("horizon_days={days}"),
        "replications=10".to_owned(),
    ];
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    load(&read("scenarios/desk-only.toml"), &sets).scenario
}

/// Mean wait by replication, in seconds.
fn waits(scenario: &Scenario) -> Vec<f64> {
    let replications = engine::run(scenario, None, None, &Unwatched).unwrap_or_else(|error| panic!("{error}"));
    let wait = |replication: &engine::Replication| {
        let calls = &replication.arms[0].desk.channels[Channel::Phone as usize];
        let answered: u64 = calls.hours.iter().map(|hour| hour.answered).sum();
        calls.answered_wait_ms as f64 / 1e3 / answered as f64
    };
    replications.iter().map(wait).collect()
}

/// Share of seeds whose interval holds the difference that Erlang's formula says. Mean waits of single days are skewed, those
/// of five hardly.
fn desks_cover(seeds: u32, days: u32) -> f64 {
    let exact = |agents: u32| erlang_c(agents, 300.0 / 3600.0, 60.0).expect("stable").mean_wait_s;
    let (few, many) = (desk(7, days), desk(8, days));
    let truth = exact(7) - exact(8);
    let holds = |seed: &u32| {
        let of = |scenario: &Scenario| {
            let mut scenario = scenario.clone();
            scenario.seed = *seed;
            waits(&scenario)
        };
        let [low, high] = paired(&of(&few), &of(&many)).difference.ci95.expect("ten replications");
        (low..=high).contains(&truth)
    };
    f64::from((1..=seeds).into_par_iter().filter(holds).count() as u32) / f64::from(seeds)
}

#[test]
fn the_difference_of_two_desks_is_that_of_erlang() {
    // 57 of 60 on the mean; fewer than 50 in one of some thousand tries.
    let cover = desks_cover(60, 2);
    assert!(cover >= 50.0 / 60.0, "{cover}");
}

#[test]
#[ignore = "some minutes"]
fn the_difference_of_two_desks_is_covered_by_95_intervals_of_100() {
    let cover = desks_cover(1_000, 5);
    assert!((0.93..=0.97).contains(&cover), "{cover}");
    eprintln!("two desks: {cover}");
}

#[cfg(feature = "cli")]
mod told {
    use std::path::Path;

    use serde_json::Value;

    use super::super::rejects::says;
    use super::super::support::cutover;

    const SMALL: &str = r#"
        horizon_days = 40
        replications = 3
        strategies = ["lazy", "reset-only"]
        population.accounts = 800
        desk.for_accounts = 100_000
    "#;

    /// Runs `run`; its summary as it was printed, what it says, and its exit code.
    fn run(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
        std::fs::write(folder.join("small.toml"), SMALL).expect("a file");
        let quick = ["run", "small.toml", "--no-report", "--worlds", "0", "--json"];
        let output = cutover(folder).args(quick).args(arguments).output().expect("a program");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr), output.status.code().expect("a code"))
    }

    fn summary(folder: &Path, arguments: &[&str]) -> Value {
        let (said, wrong, code) = run(folder, arguments);
        assert_eq!(code, 0, "{wrong}");
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    /// A half width of the bill that takes about so many replications.
    fn width(folder: &Path, takes: f64) -> String {
        let pilot = summary(folder, &["--store", "memory", "--replications", "10", "--out", "pilot"]);
        let deviation = |strategy: &Value| {
            let bills: Vec<f64> = strategy["by_replication"]["cost_cents"]
                .as_array()
                .expect("values")
                .iter()
                .map(|value| value.as_f64().expect("a number"))
                .collect();
            let mean = bills.iter().sum::<f64>() / 10.0;
            (bills.iter().map(|bill| (bill - mean).powi(2)).sum::<f64>() / 9.0).sqrt()
        };
        let widest = pilot["strategies"].as_array().expect("strategies").iter().map(deviation).fold(0.0, f64::max);
        format!("cost={:.2}", 2.0 * widest / takes.sqrt() / 100.0)
    }

    #[test]
    fn replications_are_added_until_all_is_known_and_no_longer() {
        let folder = tempfile::tempdir().expect("a folder");
        let asked = width(folder.path(), 18.0);
        let memory = ["--store", "memory", "--precision", &asked];
        let one = run(folder.path(), &[&memory[..], &["--threads", "1", "--out", "one"]].concat());
        let three = run(folder.path(), &[&memory[..], &["--threads", "3", "--out", "three"]].concat());
        assert_eq!(one.0, three.0, "threads change nothing");
        let found: Value = serde_json::from_str(&one.0).expect("JSON");
        let precision = &found["precision"];
        let taken = precision["replications"].as_u64().expect("a number");
        assert!((11..=100).contains(&taken) && found["replications"] == taken, "{precision}");
        assert_eq!(
            (&precision["reached"], &precision["fewest"], &precision["most"]),
            (&Value::Bool(true), &Value::from(10), &Value::from(200))
        );
        let known = precision["known"].as_array().expect("a list");
        // Three arms, and two of them against the strategy with the lowest bill.
        assert_eq!(known.len(), 5, "{precision}");
        for it in known {
            let number = |key: &str| it[key].as_f64().expect("a number");
            assert!(number("half_width") <= number("asked_half_width"), "{it}");
        }
        // With one replication fewer it was not enough; and the same luck comes to the same.
        let fewer = (taken - 1).to_string();
        let before = summary(folder.path(), &[&memory[..], &["--max-replications", &fewer, "--out", "fewer"]].concat());
        assert_eq!(before["precision"]["reached"], false);
        let plain = summary(
            folder.path(),
            &[
                "--store",
                "memory",
                "--replications",
                &taken.to_string(),
                "--out",
                "plain",
            ],
        );
        assert_eq!(plain["strategies"], found["strategies"]);
        assert!(plain["run"] != found["run"] && plain.get("precision").is_none());
    }

    #[test]
    fn a_run_that_was_stopped_by_its_limit_goes_on_with_a_higher_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let asked = width(folder.path(), 16.0);
        let asked = ["--precision", asked.as_str()];
        let short = run(folder.path(), &[&asked[..], &["--out", "it", "--max-replications", "10"]].concat());
        assert_eq!(short.2, 0, "{}", short.1);
        let gone_on =
            run(folder.path(), &[&asked[..], &["--out", "it", "--max-replications", "90", "--resume"]].concat());
        let anew = run(folder.path(), &[&asked[..], &["--out", "new", "--max-replications", "90"]].concat());
        assert_eq!((gone_on.2, &gone_on.0), (0, &anew.0), "{}", gone_on.1);
        let another = run(folder.path(), &["--out", "it", "--precision", "churned=9pp", "--resume"]);
        assert_eq!(another.2, 2, "another precision is another run");
        // What a run with many replications has left is verified and compared as any other.
        cutover(folder.path()).args(["verify", "it"]).assert().success();
        let said = cutover(folder.path()).args(["compare", "it", "pilot", "--measure", "cost"]).assert().success();
        says(&String::from_utf8_lossy(&said.get_output().stdout), &["10 pairs of replications"]);
    }

    #[test]
    fn what_is_reached_and_what_is_not_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("small.toml"), SMALL).expect("a file");
        let say = |arguments: &[&str]| {
            let done = cutover(folder.path()).args(arguments).assert().success();
            String::from_utf8_lossy(&done.get_output().stdout).into_owned()
        };
        let quick = [
            "run",
            "small.toml",
            "--no-report",
            "--worlds",
            "0",
            "--store",
            "memory",
            "--precision",
        ];
        says(
            &say(&[&quick[..], &["churned=20pp,cost=900%"]].concat()),
            &[
                "Precision: after ",
                " replications churned=20pp, cost=900% is reached under every strategy",
            ],
        );
        says(
            &say(&[&quick[..], &["cost=0.0001%", "--max-replications", "12"]].concat()),
            &[
                "Before you believe it: Precision not reached: cost=0.0001% was asked for, and 12 replications, the most that were \
             allowed, do not suffice. Farthest off is ",
                "with --resume and a higher --max-replications",
            ],
        );
        let compared = [
            "compare",
            "small.toml",
            "--strategy",
            "lazy",
            "--strategy",
            "reset-only",
            "--precision",
        ];
        says(
            &say(&[&compared[..], &["churned=20pp"]].concat()),
            &["(800 accounts, ", "Precision: after ", "is reached"],
        );
        let most = ["cost=0.0001%", "--max-replications", "10"];
        says(&say(&[&compared[..], &most].concat()), &["Doubt: Precision not reached"]);
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        for (arguments, parts) in [
            (&["--precision", "churned"][..], &["--precision churned: there is no `=`", "churned=0.1pp"][..]),
            (&["--precision", "chruned=1"], &["did you mean churned?"]),
            (&["--precision", "peak_calls=1pp"], &["does not count accounts"]),
            (&["--precision", "cost=1%", "--precision", "cost_cents=5"], &["cost_cents is stated twice"]),
            (&["--max-replications", "50"], &["--max-replications bounds --precision, which is not given"]),
            (
                &["--precision", "cost=1%", "--max-replications", "9"],
                &["--max-replications 9: expected at least 10"],
            ),
            (
                &[
                    "--precision",
                    "cost=1%",
                    "--max-replications",
                    "12",
                    "--replications",
                    "30",
                ],
                &["the scenario states 30 replications", "expected 30 at least"],
            ),
        ] {
            let (said, wrong, code) = run(folder.path(), arguments);
            assert!(code == 2 && said.is_empty(), "{arguments:?}: {code}, {said}{wrong}");
            says(&wrong, parts);
        }
    }
}
