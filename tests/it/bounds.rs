//! No scenario, however absurd, eats the machine: what is to come is told or refused with numbers, before it begins.

use cutover::engine::forecast::Forecast;

use super::support::{cutover, load, scenario};

/// What a command says that refuses with exit code 2, within a minute.
fn refused(arguments: &[&str]) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let mut command = cutover(dir.path());
    let assert = command.args(arguments).timeout(std::time::Duration::from_secs(60)).assert().code(2);
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0, "nothing was written");
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn what_cannot_fit_is_refused_by_every_command_before_it_begins() {
    let desk = scenario("desk-only");
    let flood = [
        "--set",
        "desk.baseline.phone_per_hour=1e8",
        "--set",
        "desk.phone.patience=\"endless\"",
        "--set",
        "horizon_days=3650",
    ];
    for command in ["run", "size", "validate"] {
        let said = refused(&[&[command, &desk], &flood[..]].concat());
        assert!(said.contains("this would need about") && said.contains("contacts that wait at the desk"), "{said}");
        assert!(said.contains("GB") || said.contains("TB"), "{said}");
    }
    let retail = scenario("retail");
    let said = refused(&[
        "load",
        &retail,
        "--accounts",
        "1000",
        "--set",
        "desk.baseline.phone_per_hour=1e8",
        "--set",
        "desk.phone.patience=\"endless\"",
        "--set",
        "horizon_days=3650",
    ]);
    assert!(said.contains("this would need about"), "{said}");
    let said = refused(&[
        "run",
        &retail,
        "--accounts",
        "1000",
        "--replications",
        "1000",
        "--set",
        "horizon_days=36500",
    ]);
    assert!(said.contains("1,000 replications of 876,000 hours"), "{said}");
    let said = refused(&["size", &retail, "--accounts", "100000000", "--replications", "500"]);
    assert!(said.contains("what the journeys of 500 replications ask of the desk"), "{said}");
}

#[test]
fn what_takes_long_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let assert = cutover(dir.path())
        .args(["validate", &scenario("retail"), "--accounts", "900000000"])
        .assert()
        .success();
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.contains("warning: this will take about") && said.contains("GB of memory"), "{said}");
    let assert = cutover(dir.path()).args(["validate", &scenario("retail")]).assert().success();
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(!said.contains("this will"), "a usual run is not worth a word: {said}");
}

#[test]
fn keys_that_make_work_without_end_have_limits() {
    let retail = scenario("retail");
    for (set, wanted) in [
        ("population.sign_ins.shape=1e9", "the busiest customers would sign in about"),
        ("population.sign_ins.rate_days=1e-9", "expected at most 2,000,000"),
        ("desk.baseline.day_cv=1e6", "expected a coefficient of variation from 0 to 5"),
        ("threat.stuffing_per_year=1e9", "expected a number of attacks a year from 0 to 1,000"),
        ("threat.campaign_factor=1e9", "expected a factor from 0 to 100"),
    ] {
        let said = refused(&[
            "run",
            &scenario("quickstart"),
            "--accounts",
            "1000",
            "--set",
            "population.segments=[]",
            "--set",
            set,
        ]);
        assert!(said.contains(wanted), "{set}: {said}");
    }
    for threads in ["0", "1025", "100000000"] {
        let said = refused(&["run", &retail, "--threads", threads]);
        assert!(said.contains(&format!("--threads {threads}: expected at least 1, at most 1024")), "{said}");
    }
}

/// What the forecast says is right within a factor of three, whatever it is that grows.
#[test]
fn the_forecast_is_right_within_a_factor() {
    let text = "strategies = [\"reset-only\", \"risk-based\", \"lazy\"]\n";
    let cases: [&[&str]; 3] = [
        &["population.accounts=600_000", "replications=1", "horizon_days=60"],
        &["population.accounts=1000", "replications=20", "horizon_days=1500"],
        &[
            "strategies=[]",
            "population.accounts=0",
            "replications=1",
            "horizon_days=1",
            "desk.baseline.phone_per_hour=200_000",
            "desk.phone.patience=\"endless\"",
        ],
    ];
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("s.toml"), text).expect("written");
    for sets in cases {
        let forecast = Forecast::run(&load(text, sets).scenario, 2).bytes();
        let sets = sets.iter().flat_map(|set| ["--set", *set]);
        let memory = [
            "run",
            "s.toml",
            "--threads",
            "2",
            "--store",
            "memory",
            "--no-report",
            "--out",
            "o",
        ];
        cutover(dir.path()).args(memory).args(sets.clone()).assert().success();
        let run = std::fs::read_to_string(dir.path().join("o/run.json")).expect("run.json");
        let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        let measured = run["peak_rss_bytes"].as_f64().expect("a number");
        if measured == 0.0 {
            return; // The system does not tell.
        }
        let factor = forecast / measured;
        assert!(
            (1.0 / 3.0..3.0).contains(&factor),
            "{:?}: {forecast} told, {measured} taken",
            sets.collect::<Vec<_>>()
        );
    }
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let fifo = dir.path().join("fifo");
    std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo");
    let fifo = fifo.display().to_string();
    for file in ["/dev/zero", &fifo, "/"] {
        let said = refused(&["run", file]);
        let is_folder = file == "/" && said.contains("this is a folder");
        assert!(is_folder || said.contains("cannot be read: it is a"), "{said}");
        let empirical = format!("desk.baseline.phone_handle_time={{empirical={{file=\"{file}\",column=\"s\"}}}}");
        let said = refused(&["validate", &scenario("retail"), "--set", &empirical]);
        assert!(said.contains("cannot be read: it is a"), "{said}");
        let directory = format!("population.directory.file=\"{file}\"");
        let said = refused(&["validate", &scenario("directory"), "--set", &directory]);
        assert!(said.contains("cannot be read: it is a"), "{said}");
    }
}

#[test]
fn at_most_thirty_mistakes_are_shown_and_the_rest_are_counted() {
    let dir = tempfile::tempdir().expect("a folder");
    let text: String = (0..200).map(|n| format!("unknown{n} = 1\n")).collect();
    std::fs::write(dir.path().join("wrong.toml"), text).expect("written");
    let assert = cutover(dir.path()).args(["validate", "wrong.toml"]).assert().code(2);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert_eq!(said.matches("error: ").count(), 30, "{said}");
    assert!(said.contains("200 problems (170 of them not shown); nothing was run."), "{said}");
}
