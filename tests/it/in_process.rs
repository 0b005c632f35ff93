//! The library: a scenario in code is checked like a file, a run in process finds what the command line finds, nobody is
//! ever simulated in silence, and a thousand runs in a row leave nothing behind.

use cutover::engine;
use cutover::measure::counts::OUTCOMES;
use cutover::numbers::tidy;
use cutover::prelude::*;

use super::support;

const SHIPPED: [&str; 7] = [
    "quickstart",
    "retail",
    "desk-only",
    "tiny",
    "lazy-coverage",
    "directory",
    "canary",
];

fn shipped(name: &str) -> Loaded {
    let path = support::root().join(format!("scenarios/{name}.toml"));
    Scenario::load(&path, &[], &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn two() -> ScenarioBuilder {
    let patient = Strategy::preset("reset-only").expect("a preset").named("patient").link_lifetime_h(72.0);
    Scenario::builder("two")
        .accounts(3_000)
        .horizon_days(60)
        .replications(2)
        .desk(Desk::new().for_accounts(100_000))
        .strategy(Strategy::preset("reset-only").expect("a preset"))
        .strategy(patient)
}

#[test]
fn values_and_text_make_the_same_scenario() {
    for name in SHIPPED {
        let scenario = shipped(name).scenario;
        let again = scenario.checked().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(again, scenario, "{name}");
        assert_eq!(again.run_id(), scenario.run_id(), "{name}");
    }
    let text = r#"
        name = "two"
        horizon_days = 60
        replications = 2
        population.accounts = 3_000
        desk.for_accounts = 100_000
        strategies = ["reset-only", { preset = "reset-only", name = "patient", controls = { link_lifetime_h = 72 } }]
    "#;
    let file = support::load(text, &["population.shares.mfa=0.2"]).scenario;
    let code = two().set("population.shares.mfa", 0.2).build().expect("a scenario");
    // Only where it lies differs.
    assert_eq!(toml::to_string(&code).expect("toml"), toml::to_string(&file).expect("toml"));
    assert_eq!(code.segments(), file.segments());
}

#[test]
fn values_are_refused_as_text_is() {
    let mistakes: [(&str, toml::Value); 9] = [
        ("population.accounts", (-5).into()),
        ("population.accounts", "many".into()),
        ("horizon_days", 0.into()),
        ("start", "yesterday".into()),
        ("desk.tier1.agentss", 3.into()),
        ("strategies.patient.controls.link_lifetime_h", (-3).into()),
        ("strategies.patient.controls.fallback", "heaven".into()),
        ("strategies.patient.cut_off.day", 3.into()),
        ("strategies.nobody.summary", "x".into()),
    ];
    let text = toml::to_string(&two().build().expect("a scenario")).expect("toml");
    for (key, value) in mistakes {
        let refused = two().set(key, value.clone()).build().expect_err(key);
        assert_eq!(refused.problems.len(), 1, "{key}: {refused}");
        let problem = &refused.problems[0];
        assert_eq!(problem.key, key, "{refused}");
        let mut scenario = two().build().expect("a scenario");
        assert_eq!(scenario.set(key, value.clone()).expect_err(key), refused, "set says the same");
        assert_eq!(scenario, two().build().expect("a scenario"), "and leaves the scenario alone");
        let file = Loaded::parse("two.toml", &text, &[], &[format!("{key}={value}")]).expect_err(key).to_string();
        assert!(file.contains(&problem.message), "{key}: \"{}\" is not in\n{file}", problem.message);
    }
    // What does not agree with each other, and every mistake at once.
    let refused = two()
        .strategy(Strategy::preset("reset-only").expect("a preset").named("hasty").link_lifetime_h(-3.0))
        .set("journey.choice.by_phone_share", 0.8)
        .set("journey.choice.by_chat_share", 0.7)
        .build()
        .expect_err("two mistakes");
    let told = refused.to_string();
    assert!(
        told.starts_with("strategies.hasty.controls.link_lifetime_h = -3: not allowed here: expected"),
        "{told}"
    );
    assert!(told.contains("journey.choice.by_chat_share = 0.7: by_phone_share + by_chat_share is 1.5"), "{told}");
    assert_eq!(refused.problems[0].value.as_deref(), Some("-3"));
    assert!(matches!(Error::from(refused), Error::Input(_)), "bad input, as from a file");
}

#[test]
fn a_strategy_is_a_value() {
    let mut strategy = Strategy::preset("risk-based").expect("a preset");
    strategy
        .set("controls.link_lifetime_h", 72)
        .expect("allowed")
        .set("rollout.waves.count", 3)
        .expect("allowed");
    assert_eq!(strategy.controls.link_lifetime_h.get(), 72.0);
    let before = strategy.clone();
    let refused = strategy.set("controls.link_lifetme_h", 72).expect_err("no such key");
    let said = "strategies.risk-based.controls.link_lifetme_h = 72: unknown key `link_lifetme_h`; did you mean \
                `link_lifetime_h`?";
    assert_eq!(refused.to_string(), said);
    assert_eq!(strategy, before);
    let unknown = Strategy::preset("risky").expect_err("no such preset").to_string();
    assert!(
        unknown.contains("\"risky\"") && unknown.contains("reset-only, waved-reset, guided-reset"),
        "{unknown}"
    );
    // A value that was refused can be put right.
    let mended = Strategy::preset("lazy").expect("a preset").fraud_detection_share(2.0).fraud_detection_share(0.2);
    assert!(two().strategy(mended).build().is_ok());
}

#[test]
fn warnings_are_those_of_a_file() {
    let sets = ["desk.tier1.agents=0.3".to_owned()];
    let text = toml::to_string(&two().build().expect("a scenario")).expect("toml");
    let file = Loaded::parse("two.toml", &text, &[], &sets).expect("legal");
    let code = two().set("desk.tier1.agents", 0.3).build().expect("legal");
    let file: Vec<String> = file.warnings.iter().map(|warning| warning.message.clone()).collect();
    let code: Vec<String> = code.warnings().into_iter().map(|warning| warning.message).collect();
    assert!(!file.is_empty());
    assert_eq!(code, file);
}

#[test]
fn nobody_is_simulated_in_silence() {
    let fails = |run: Run<'_>, with: &str| {
        let error = run.execute().expect_err(with);
        assert!(matches!(error, Error::Input(_)) && error.to_string().contains(with), "{error}");
    };
    let nothing = Scenario::default();
    fails(Run::new(&nothing), "name");
    let no_strategy = Scenario::builder("x").accounts(100).build().expect("legal");
    fails(Run::new(&no_strategy), "there is no strategy to simulate");
    assert!(Run::new(&no_strategy).control_alone().replications(1).execute().is_ok());
    let quiet = Desk::new().calls_per_hour(Weekly::never()).emails_per_hour(Weekly::never());
    let nobody = Scenario::builder("x").accounts(0).desk(quiet).build().expect("legal");
    fails(Run::new(&nobody).control_alone(), "there is nobody to simulate");
    // A scenario whose fields were changed by hand is looked at like any other, and its segments are its own.
    let mut changed = two().build().expect("legal");
    changed.strategies[1].name = "reset-only".to_owned();
    fails(Run::new(&changed), "two strategies named");
    // An export that was not read is not replaced by customers made up.
    let directory = shipped("directory").scenario;
    let error = engine::run(&directory, None, None, &Unwatched).expect_err("nothing was imported");
    assert!(error.to_string().contains("population.directory"), "{error}");
    let run = Run::new(&directory).replications(1).execute().expect("it is read");
    let accounts: f64 = Outcome::ALL.iter().map(|&outcome| run.arm("stay").expect("stay").outcome(outcome).mean).sum();
    assert_eq!(accounts, run.summary().accounts as f64);
    assert!(accounts > 0.0 && run.summary().accounts != nothing.population.accounts.get());
}

#[test]
fn typed_results_say_what_the_summary_says() {
    let scenario = two().build().expect("a scenario");
    let run = Run::new(&scenario).threads(2).execute().expect("a run");
    assert_eq!(run.arms().map(|arm| arm.name()).collect::<Vec<_>>(), ["stay", "reset-only", "patient"]);
    for (arm, told) in run.arms().zip(&run.summary().strategies) {
        let all: f64 = (0..OUTCOMES).map(|place| arm.outcome(Outcome::ALL[place]).mean).sum();
        assert_eq!(all, 3_000.0);
        for outcome in Outcome::ALL {
            let estimate = arm.outcome(outcome);
            assert_eq!((tidy(estimate.mean), estimate.n), (told.outcomes[outcome], 2), "{}", arm.name());
            assert!(estimate.ci95.is_some());
        }
        let (calls, phone) = (arm.desk(Channel::Phone), &told.desk.by_channel[Channel::Phone]);
        assert_eq!(tidy(calls.offered().mean), phone.offered);
        assert_eq!(tidy(calls.wait().p99().seconds()), phone.wait_s.p99);
        assert_eq!(tidy(calls.service_level().expect("calls").mean), phone.service_level.of_offered);
        assert_eq!(tidy(calls.mean_wait_s().expect("calls").mean), phone.mean_wait_s);
        assert_eq!(tidy(calls.offered_by_hour().peak().expect("hours").1), phone.peak_hour.offered);
        assert!((calls.offered_by_hour().total() - calls.offered().mean).abs() < 1e-6);
        let waits = calls.wait();
        assert_eq!(waits.iter().map(|(_, contacts)| contacts).sum::<u64>(), waits.count());
        assert!((arm.metric(Metric::Cost).mean - told.cost_cents.total() as f64).abs() < 15.0, "lines are rounded");
        assert!((arm.bill()[Line::Desk].mean - told.cost_cents[Line::Desk] as f64).abs() <= 0.5);
        assert_eq!(tidy(arm.funnel(FunnelStep::Clicked).mean), told.funnel.clicked);
        assert_eq!(tidy(arm.takeovers(Vector::Stuffing).mean), told.security.taken_over[Vector::Stuffing]);
    }
    let comparison = run.compare("patient", "reset-only").expect("both were run");
    for metric in Metric::ALL {
        let (here, told) =
            (comparison.metric(metric).estimate, run.summary().comparison("reset-only", "patient", metric));
        assert_eq!(tidy(-here.mean), told.expect("a comparison").mean_difference, "{metric:?}");
    }
    let told = run.summary().comparison("reset-only", "patient", Metric::Migrated).expect("a comparison");
    let moved = comparison.transition(Outcome::Migrated, Outcome::Churned);
    assert_eq!(tidy(moved.mean), told.transitions.of(Outcome::Churned, Outcome::Migrated));
    let unknown = run.compare("patient", "lazy").expect_err("it was not run").to_string();
    assert_eq!(unknown, "there is no strategy \"lazy\" in this run: expected one of stay, reset-only, patient");
    assert!(run.verdict().headline.contains("patient") && !run.doubts().is_empty());
}

/// Counts accounts that were linked, as somebody outside would.
#[derive(Default)]
struct Links(u64);

impl Listener for Links {
    fn fact(&mut self, _: SimTime, _: usize, fact: Fact) {
        self.0 += u64::from(fact == Fact::Linked);
    }

    fn operation(&mut self, _: SimTime, _: usize, _: Actor, _: Operation, _: Option<Refusal>) {}
}

impl Measure for Links {
    fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }
}

#[test]
fn a_measure_from_outside_hears_everything() {
    let scenario = two().build().expect("a scenario");
    let plain = Run::new(&scenario).execute().expect("a run");
    let run = Run::new(&scenario).measure(Links::default).threads(2).execute().expect("a run");
    assert_eq!(run.summary(), plain.summary(), "listening changes nothing");
    for arm in run.arms() {
        let linked = arm.series(Series::Linked).total() * 2.0;
        let heard = run.measure(arm.name()).expect("it measured").0 as f64;
        assert_eq!(heard, linked, "{}: both replications", arm.name());
        assert_eq!(heard > 0.0, !arm.is_control());
    }
    assert!(plain.measure("stay").is_err_and(|error| error.to_string().contains("nothing measured")));
}

/// Somebody who stops every run.
struct Stop;

impl Watch for Stop {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
    fn stopped(&self) -> bool {
        true
    }
}

#[test]
fn a_run_can_be_stopped_by_its_watch() {
    let scenario = two().build().expect("a scenario");
    assert!(matches!(Run::new(&scenario).watch(&Stop).execute(), Err(Error::Interrupted(_))));
}

/// Peak memory after 20 and after 300 runs in a row, in a process of their own.
#[test]
#[cfg(target_os = "linux")]
fn a_thousand_runs_leave_nothing_behind() {
    let child = "in_process::runs_in_a_row";
    let exe = std::env::current_exe().expect("this test");
    let output = std::process::Command::new(exe).args(["--exact", child, "--ignored", "--nocapture"]).output();
    let output = String::from_utf8(output.expect("it starts").stdout).expect("text");
    let figures = output.lines().find_map(|line| line.split("peaks ").nth(1)).unwrap_or_else(|| panic!("{output}"));
    let peaks: Vec<f64> = figures.split_whitespace().map(|peak| peak.parse().expect("bytes")).collect();
    let [early, late] = peaks[..] else { panic!("{figures}") };
    assert!(early > 1e6 && late < 1.1 * early + 4e6, "{early} bytes after 20 runs, {late} after 300");
}

#[test]
#[ignore = "it is run in a process of its own, by the test above"]
fn runs_in_a_row() {
    let mut scenario = two().accounts(500).horizon_days(40).replications(1).build().expect("a scenario");
    let mut peaks = Vec::new();
    for number in 0..300 {
        scenario.set("strategies.patient.controls.link_lifetime_h", 24 + number % 48).expect("allowed");
        let run = Run::new(&scenario).threads(1).execute().expect("a run");
        assert!(run.arm("patient").is_ok_and(|arm| arm.outcome(Outcome::Migrated).mean > 0.0));
        if [19, 299].contains(&number) {
            peaks.push(cutover::process::peak_rss_bytes());
        }
    }
    println!("peaks {} {}", peaks[0], peaks[1]);
}

#[test]
fn the_readme_shows_lines_of_the_example() {
    let (readme, example) = (support::read("README.md"), support::read("examples/compare.rs"));
    let shown = readme
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("code in the README");
    let bare = |text: &str| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let (shown, example): (Vec<String>, Vec<String>) = (bare(shown), bare(&example));
    assert!((10..=14).contains(&shown.len()), "{} lines", shown.len());
    assert!(
        example.windows(shown.len()).any(|lines| lines == shown),
        "not in examples/compare.rs:\n{}",
        shown.join("\n")
    );
    for example in ["compare", "measure", "sweep", "desk"] {
        assert!(support::root().join(format!("examples/{example}.rs")).exists());
        assert!(readme.contains(&format!("--example {example}")), "the README names the example {example}");
    }
}
