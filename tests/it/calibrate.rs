//! What a pilot taught: tables that cannot be are refused with what is allowed, a planted world is learnt, the learnt
//! scenario is one, and the same calibration has the same bytes whether it was interrupted or not.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use cutover::calibrate::infer::{Plan, infer};
use cutover::calibrate::observed::Pilot;
use cutover::calibrate::simulated::Simulated;
use cutover::calibrate::{Advice, Calibration, Settings, calibrate, learnt_scenario, must_be_writable};
use cutover::error::Error;
use cutover::prelude::*;
use cutover::probe::Probe;
use cutover::report::calibrate::words;
use cutover::sensitivity::interval::quantile;
use cutover::sensitivity::lab::{Forgetful, Memory};
use cutover::uncertain::{Points, Uncertain};
use cutover::watch::Unwatched;

use super::rejects::says;
use super::support::load;

const FEW: &str = r#"
    horizon_days = 40
    start = "2026-03-02"
    replications = 1
    strategies = ["reset-only", { preset = "lazy", cut_off = { day = 30 } }]
    population.accounts = 4_000
    desk.for_accounts = 100_000
"#;

/// What the pilot of the tests tells of; the numbers are planted.
const LAYOUT: &str = "\
# a pilot of three weeks
date,measure,value

2026-03-11,sent,1
2026-03-18,sent,1
2026-03-11,opened,1
2026-03-18,opened,1
2026-03-11,clicked,1
11,completed,1
18,completed,1
2026-03-11,bounced,1
2026-03-11,contacts,1
2026-03-18,contacts,1
2026-03-18,duplicates,1
";

const SMALL: Settings = Settings { worlds: 64, rounds: 2, accounts: Some(2_000) };

fn refused(csv: &str, ran: Option<&str>, text: &str) -> String {
    let scenario = load(text, &[]).scenario;
    let parsed = Pilot::parse(csv.as_bytes(), "pilot.csv", &scenario, ran);
    parsed.expect_err("refused").to_string()
}

#[test]
fn tables_that_cannot_be_are_refused_with_what_is_allowed() {
    let ran = Some("reset-only");
    let rows = |rows: &str| refused(&format!("date,measure,value,channel,wave,of\n{rows}\n"), ran, FEW);
    for (row, said) in [
        (
            "2026-03-01,sent,1,,,",
            &[
                "pilot.csv",
                "line 2",
                "column date",
                "before the start",
                "2026-03-02 to 2026-04-10",
            ][..],
        ),
        ("2026-05-01,sent,1,,,", &["2026-05-01", "beyond the horizon"]),
        ("0,sent,1,,,", &["before the start", "a day from 1 to 40"]),
        ("41,sent,1,,,", &["beyond the horizon"]),
        ("soon,sent,1,,,", &["soon is no date"]),
        ("3,opend,1,,,", &["column measure", "opend", "did you mean opened?"]),
        ("3,weather,1,,,", &["there is no measure", "sent", "takeovers_noticed"]),
        ("3,sent,-1,,,", &["column value: -1", "0 or more"]),
        ("3,sent,,,,", &["column value: it is empty"]),
        ("3,sent,many,,,", &["column value: many", "a whole number"]),
        ("3,sent,1.5,,,", &["column value: 1.5"]),
        ("3,sent,NaN,,,", &["column value: NaN"]),
        (
            "3,completed,4001,,,",
            &[
                "4,001 accounts moved so far",
                "there are 4,000 accounts",
                "population.accounts",
            ],
        ),
        ("3,completed,11,,,10", &["there are 10 accounts", "column of"]),
        ("3,sent,1,phone,,", &["column channel", "only `contacts`"]),
        ("3,contacts,1,fax,,", &["there is no \"fax\"", "phone"]),
        ("3,sent,1,,x,", &["column wave: x"]),
        ("3,sent,1,,1,", &["does not go in waves"]),
        ("3,calls,1,,1,", &["the desk does not tell of which wave", "take `contacts`"]),
        ("3,contacts,1,phone,1,", &["of which wave its calls are", "leave the wave out, or the channel"]),
        ("3,sent,1,,,0", &["column of: 0"]),
        ("3,sent,1,,,\n3,sent,2,,,", &["line 3", "another row of sent with this date"]),
        ("3,sent,0,,,", &["every value is 0"]),
        ("3,left,4001,,,", &["4,001 customers who left so far", "expected each account once"]),
        ("3,duplicates,3000,,,\n4,duplicates,1001,,,", &["line 3", "4,001 second sign-ups so far"]),
        ("3,calls,4000001,,,", &["4,000,001 calls so far", "at most 1,000 for each of them"]),
        (
            "3,sent,5,,,\n4,sent,5,,,\n3,bounced,4,,,\n4,bounced,7,,,",
            &["line 5", "7 mailboxes that bounced", "5 mails sent"],
        ),
        ("4,sent,5,,,\n3,bounced,6,,,", &["line 3", "6 mailboxes that bounced", "5 mails sent"]),
        (
            "3,calls,9,,,\n4,calls,2,,,\n3,calls_abandoned,1,,,\n4,calls_abandoned,3,,,",
            &["line 5", "3 calls given up", "2 calls"],
        ),
        ("3,sent,1,,,\n4,\"sent,1,,,\n5,sent,1,,,", &["line 3", "a quote that is not closed"]),
        ("3,sent,1", &["line 2 has 3 fields"]),
        ("", &["no rows below"]),
    ] {
        says(&rows(row), said);
    }
    says(
        &refused("date;measure;value\n3;sent;1\n", ran, FEW),
        &["between semicolons", "expected commas, as in date,measure,value"],
    );
    says(&refused("date,measure\n3,sent\n", ran, FEW), &["no column \"value\""]);
    says(&refused("date,measure,valeu\n", ran, FEW), &["column 3", "valeu", "did you mean value?"]);
    says(&refused("date,measure,value,value\n", ran, FEW), &["there twice"]);
    says(
        &refused("date,measure,value\n3,sent,1\n", None, FEW),
        &["several strategies", "--ran", "reset-only"],
    );
    says(&refused("date,measure,value\n3,sent,1\n", Some("nobody"), FEW), &["--ran", "nobody", "lazy"]);
    says(
        &refused("date,measure,value,strategy\n3,sent,1,lazy\n4,sent,1,reset-only\n", None, FEW),
        &["line 3", "line 2 has lazy", "one strategy"],
    );
    says(&refused("date,measure,value,strategy\n3,sent,1,lazy\n", ran, FEW), &["--ran says reset-only"]);
    let waves = FEW.replace("\"reset-only\"", "\"waved-reset\"").replace("horizon_days = 40", "horizon_days = 90");
    says(
        &refused("date,measure,value,wave\n3,sent,1,99\n", Some("waved-reset"), &waves),
        &["wave: 99", "expected a wave from"],
    );
}

#[test]
fn numbers_count_since_the_date_before_and_days_are_dates() {
    let scenario = load(FEW, &[]).scenario;
    // What the table does not tell of the whole is not held against a part; quotes that are closed are none.
    let csv = "date,measure,value,of\n3,sent,5,10\n3,bounced,4,\n5,bounced,6,10\n6,\"calls_abandoned\",3,\n";
    Pilot::parse(csv.as_bytes(), "pilot.csv", &scenario, Some("lazy")).expect("a pilot");
    let csv = "date,measure,value,strategy\n2026-03-05,sent,7,lazy\n2,sent,3,\n4,contacts,1,\n";
    let pilot = Pilot::parse(csv.as_bytes(), "pilot.csv", &scenario, None).expect("a pilot");
    assert_eq!(pilot.strategy, "lazy");
    let spans: Vec<(usize, usize, f64)> = pilot.observations.iter().map(|o| (o.from, o.to, o.value)).collect();
    assert_eq!(spans, [(0, 2, 3.0), (2, 4, 7.0), (0, 4, 1.0)]);
    let calls = "date,measure,value,channel\n4,contacts,5,phone\n";
    let pilot = Pilot::parse(calls.as_bytes(), "pilot.csv", &scenario, Some("lazy")).expect("a pilot");
    assert_eq!(pilot.observations[0].shown.key(), "calls");
}

/// A pilot as a world of these scores would have shown it.
fn planted(scenario: &Scenario, layout: &str, scores: &[(&str, f64)], luck: u32) -> Pilot {
    let pilot = Pilot::parse(layout.as_bytes(), "pilot.csv", scenario, Some("reset-only")).expect("a layout");
    let uncertain = Uncertain::new(scenario).expect("ranges");
    let probe = Probe::new(scenario, u64::MAX, &Unwatched).expect("a probe");
    let simulated = Simulated::new(&probe, &uncertain, &pilot, &Forgetful, &Unwatched).expect("a simulator");
    let mut all = vec![0.0; uncertain.keys().len()];
    scores.iter().for_each(|(key, score)| all[uncertain.place(key).expect(key)] = *score);
    simulated.planted(&all, luck).expect("planted")
}

fn found(scenario: &Scenario, pilot: &Pilot) -> Calibration {
    calibrate(scenario, pilot, SMALL, &Forgetful, &Unwatched).unwrap_or_else(|error| panic!("{error}"))
}

/// More press on to the desk than anybody thought, and more mailboxes are dead.
const PLANTED: [(&str, f64); 2] = [
    ("journey.choice.desk_weight", 1.8),
    ("population.shares.dead_mailbox", 1.5),
];

#[test]
fn a_planted_world_is_learnt_and_explained_and_its_scenario_is_one() {
    let loaded = load(FEW, &[]);
    let pilot = planted(&loaded.scenario, LAYOUT, &PLANTED, 7);
    let found = found(&loaded.scenario, &pilot);
    let uncertain = Uncertain::new(&loaded.scenario).expect("ranges");
    let dead = found.moved.iter().find(|moved| moved.key == PLANTED[1].0).expect("it moved");
    assert!(dead.moved_by > 1.0 && dead.narrower < 0.5, "{dead:?}");
    let truth = uncertain.keys()[uncertain.place(&dead.key).expect("a key")].at(PLANTED[1].1);
    assert!(dead.after[0] < truth && truth < dead.after[2], "{truth}: {dead:?}");
    // The model that made it explains it, and knows it better than before.
    assert!(found.unexplained().len() <= 1, "{:?}", found.unexplained());
    let width = |of: fn(&cutover::calibrate::Checked) -> [f64; 3]| -> f64 {
        found
            .observed
            .iter()
            .map(|checked| (of(checked)[2] - of(checked)[0]) / checked.value.max(1.0))
            .sum()
    };
    let [before, after] = [width(|checked| checked.before), width(|checked| checked.after)];
    assert!(after < 0.85 * before, "{after} of {before}");
    // The learnt scenario states what was learnt, whatever form its ranges have.
    for ranges in [
        "",
        "[uncertain] # mine\n\"journey.choice.redial_share\" = { low = 0.2, high = 0.8 }\n",
        "[uncertain]\n\"population.shares.dead_mailbox\" = { low = 0.1, high = 0.9 }\n[grades]\nassumption_factor = 2\n",
        "[uncertain.\"population.shares.dead_mailbox\"]\nlow = 0.1\nhigh = 0.9\n",
        "[uncertain.\"journey.choice.redial_share\"]\nlow = 0.1\nhigh = 0.9\n",
    ] {
        let loaded = load(&format!("{FEW}\n{ranges}"), &[]);
        learns(&loaded, &found);
    }
    learns(&load(&format!("uncertain = {{}}\n{FEW}"), &[]), &found);
    let inline = "uncertain = { \"journey.choice.redial_share\" = { low = 0.1, high = 0.9 } }";
    learns(&load(&format!("{inline}\n{FEW}"), &[]), &found);
    names_its_files_from_elsewhere(&found);
    tells_what_is_not_explained_first(found);
}

/// A scenario with files of its own beside it is learnt into another folder, and finds them from there.
fn names_its_files_from_elsewhere(found: &Calibration) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("mine.toml", "preset = \"lazy\"\n");
    write("other.toml", "preset = \"reset-only\"\n");
    write("waited.csv", "seconds\n60\n120\n300\n");
    let list = "\"reset-only\", \"mine.toml\", { preset = \"other.toml\", name = \"again\" },";
    let text = FEW.replace("\"reset-only\",", list)
        + "desk.baseline.chat_handle_time = { empirical = { file = \"waited.csv\", column = \"seconds\" } }\n";
    write("few.toml", &text);
    let read = |name: &str| {
        let path = folder.path().join(name);
        Scenario::load(&path, &[], &[]).unwrap_or_else(|error| panic!("{error}\n{}", path.display()))
    };
    let loaded = read("few.toml");
    let out = folder.path().join("far/away");
    std::fs::create_dir_all(&out).expect("a folder");
    must_be_writable(&loaded, &out).unwrap_or_else(|error| panic!("{error}"));
    write(
        "far/away/learnt.toml",
        &learnt_scenario(&loaded, found, &out).unwrap_or_else(|error| panic!("{error}")),
    );
    let learnt = read("far/away/learnt.toml");
    assert_eq!(learnt.scenario.strategies, loaded.scenario.strategies);
    let default = Scenario::default().desk.baseline.chat_handle_time;
    assert!(learnt.scenario.desk.baseline.chat_handle_time != default);
    // What cannot be is told before anything is simulated.
    std::fs::remove_file(folder.path().join("mine.toml")).expect("removed");
    says(&must_be_writable(&loaded, &out).expect_err("refused").to_string(), &["learnt.toml", "mine.toml"]);
}

fn tells_what_is_not_explained_first(mut found: Calibration) {
    found.observed.iter_mut().for_each(|checked| checked.unexplained = false);
    found.moved.clear();
    let said = words::terminal(&found);
    says(
        &said,
        &[
            "The model explains all 11",
            "moved no value: what it showed is what was expected",
        ],
    );
    assert!(!said.contains("more in calibration.json"), "{said}");
    found.observed[3].unexplained = true;
    found.observed.extend(found.observed.clone());
    let said = words::terminal(&found);
    assert!(said.starts_with("The model cannot explain 2 of 22 observed values"), "{said}");
    says(&said, &["moved no value beyond luck", "… and 10 more in calibration.json"]);
    assert!(!said.contains("what was expected"), "{said}");
}

fn learns(loaded: &Loaded, found: &Calibration) {
    let text = learnt_scenario(loaded, found, Path::new("out")).unwrap_or_else(|error| panic!("{error}"));
    // The name of a scenario without one is that of its file.
    let learnt = Loaded::parse("test.toml", &text, &[], &[]).unwrap_or_else(|error| panic!("{error}\n{text}"));
    for moved in found.moved.iter().filter(|moved| moved.range.is_some()) {
        let range = learnt.scenario.uncertain.get(&moved.key).unwrap_or_else(|| panic!("{}\n{text}", moved.key));
        let [low, high] = moved.range.expect("a range");
        assert!((range.low.get() / low - 1.0).abs() < 1e-3 && (range.high.get() / high - 1.0).abs() < 1e-3);
    }
    let kept = found.together.iter().filter(|pair| pair.kept).count();
    assert_eq!(learnt.scenario.correlated.len(), loaded.scenario.correlated.len() + kept);
    assert_eq!(learnt.scenario.hash(), loaded.scenario.hash(), "all else is as it was");
}

/// All customers are gone after ten days: no world comes near that, whatever an emulator makes of it.
#[test]
fn a_pilot_that_no_world_shows_is_not_explained_and_no_advice_is_given() {
    let scenario = load(FEW, &[]).scenario;
    let pilot = "date,measure,value\n10,left,4000\n";
    let pilot = Pilot::parse(pilot.as_bytes(), "pilot.csv", &scenario, Some("reset-only")).expect("a pilot");
    let settings = Settings { accounts: Some(1_000), ..SMALL };
    let found =
        calibrate(&scenario, &pilot, settings, &Forgetful, &Unwatched).unwrap_or_else(|error| panic!("{error}"));
    let checked = &found.observed[0];
    // An absurd loss of customers could be learnt: it contradicts what was known.
    assert!(checked.unexplained && checked.surprise_sd > 4.0 && checked.before[2] < 100.0, "{checked:?}");
    // What is expected now is what the simulated worlds of the forecast show.
    let left = found.by_day.iter().find(|daily| daily.measure == checked.measure).expect("it is drawn");
    let simulated = left.after[checked.day];
    assert!((checked.after[1] - simulated[1]).abs() <= 0.5 * simulated[1] + 10.0, "{checked:?} {simulated:?}");
    assert_eq!(found.advice, Advice::NotExplained);
    let said = words::terminal(&found);
    assert!(said.starts_with("The model cannot explain 1 of 1 observed values"), "{said}");
    says(&said, &["Do not trust the forecast yet"]);
    assert!(!said.contains("Go on with"), "{said}");
}

/// Remembers so many worlds, and is then interrupted.
struct Interrupted {
    known: Mutex<BTreeMap<u64, Vec<f64>>>,
    left: Mutex<usize>,
}

impl Memory for Interrupted {
    fn find(&self, id: u64) -> Option<Vec<f64>> {
        self.known.lock().expect("a lock").get(&id).cloned()
    }

    fn keep(&self, id: u64, values: &[f64]) -> Result<(), Error> {
        let mut left = self.left.lock().expect("a lock");
        *left = left.checked_sub(1).ok_or_else(|| Error::Interrupted("interrupted".to_owned()))?;
        self.known.lock().expect("a lock").insert(id, values.to_vec());
        Ok(())
    }
}

#[test]
fn a_calibration_that_was_interrupted_goes_on_to_the_same_bytes_for_any_number_of_threads() {
    let scenario = load(FEW, &["horizon_days=32"]).scenario;
    let layout = "date,measure,value\n11,opened,1\n11,completed,1\n18,contacts,1\n";
    let pilot = planted(&scenario, layout, &PLANTED, 7);
    let settings = Settings { accounts: Some(500), ..SMALL };
    let bytes = |threads: usize, memory: &dyn Memory| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let found = pool.install(|| calibrate(&scenario, &pilot, settings, memory, &Unwatched));
        found.map(|found| found.json().expect("JSON"))
    };
    let whole = bytes(1, &Forgetful).expect("whole");
    let memory = Interrupted { known: Mutex::default(), left: Mutex::new(70) };
    assert!(matches!(bytes(2, &memory), Err(Error::Interrupted(_))));
    assert_eq!(memory.known.lock().expect("a lock").len(), 70);
    *memory.left.lock().expect("a lock") = usize::MAX;
    assert!(bytes(2, &memory).expect("resumed") == whole);
}

/// The sample is what a planted world shows: twenty thousand accounts of `quickstart`, mailed a reset link at once, in a
/// world in which people turn to the desk more often than assumed and fewer of them act on a mail.
#[test]
fn the_sample_pilot_is_what_a_planted_world_shows() {
    let text = super::support::read("scenarios/quickstart.toml");
    let scenario = load(&text, &["population.accounts=20_000"]).scenario;
    let sample = super::support::read("scenarios/pilot/quickstart-reset.csv");
    let pilot = Pilot::parse(sample.as_bytes(), "quickstart-reset.csv", &scenario, None).expect("a pilot");
    let made =
        planted(&scenario, &sample, &[("journey.choice.desk_weight", 1.5), ("journey.mail.acts_share", -1.5)], 1);
    let told: Vec<f64> = made.observations.iter().map(|seen| seen.value).collect();
    let stated: Vec<f64> = pilot.observations.iter().map(|seen| seen.value).collect();
    assert_eq!(stated, told, "{:#?}", made.observations);
}

/// Worlds of the prior are planted, and as many of the values on which the observed numbers rest, moved or not, lie within
/// their intervals as these say.
#[test]
#[ignore = "takes minutes: PLANTED=200 cargo test --release --test it -- --ignored planted"]
fn worlds_planted_in_the_simulator_lie_within_their_intervals() {
    let trials = std::env::var("PLANTED").map_or(40, |text| text.parse::<u32>().expect("a number"));
    let scenario = load(FEW, &[]).scenario;
    let uncertain = Uncertain::new(&scenario).expect("ranges");
    let points = Points::new(uncertain.keys().len(), 77);
    let (mut inside, mut all) = (0, 0);
    for trial in 0..trials {
        let scores = points.normal(trial);
        let layout = Pilot::parse(LAYOUT.as_bytes(), "pilot.csv", &scenario, Some("reset-only")).expect("a layout");
        let probe = Probe::new(&scenario, u64::MAX, &Unwatched).expect("a probe");
        let simulated = Simulated::new(&probe, &uncertain, &layout, &Forgetful, &Unwatched).expect("a simulator");
        let pilot = simulated.planted(&scores, 5_000_000 + trial).expect("planted");
        let shown = Simulated::new(&probe, &uncertain, &pilot, &Forgetful, &Unwatched).expect("a simulator");
        let inferred = infer(&shown, &shown.values(), Plan { worlds: 128, rounds: 2 }).expect("inferred");
        let truth = uncertain.scores(&scores);
        let learnt: Vec<Vec<f64>> = inferred.draw(1_000).iter().map(|scores| uncertain.scores(scores)).collect();
        let matters = |factor: &Vec<usize>| factor.iter().any(|key| inferred.emulator.active.contains(key));
        for place in uncertain.factors().into_iter().filter(matters).flatten() {
            let mut drawn: Vec<f64> = learnt.iter().map(|scores| scores[place]).collect();
            drawn.sort_by(f64::total_cmp);
            let [low, high] = [0.05, 0.95].map(|share| quantile(&drawn, share));
            inside += u32::from(low <= truth[place] && truth[place] <= high);
            all += 1;
        }
        println!(
            "{} trials: {inside} of {all} values that matter, {:.3}",
            trial + 1,
            f64::from(inside) / f64::from(all)
        );
    }
    let covered = f64::from(inside) / f64::from(all);
    assert!((covered - 0.9).abs() <= 0.04, "{covered}");
}

#[test]
#[cfg(feature = "cli")]
fn the_command_leaves_a_page_and_a_scenario_that_is_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    // One of its strategies is a file beside it.
    let few = FEW.replace("\"reset-only\",", "\"reset-only\", \"mine.toml\",");
    std::fs::write(folder.path().join("few.toml"), few).expect("written");
    std::fs::write(folder.path().join("mine.toml"), "preset = \"lazy\"\n").expect("written");
    let pilot = "date,measure,value\n11,opened,800\n11,completed,300\n18,contacts,150\n";
    std::fs::write(folder.path().join("pilot.csv"), pilot).expect("written");
    let arguments = [
        "calibrate",
        "few.toml",
        "--observed",
        "pilot.csv",
        "--ran",
        "reset-only",
        "--worlds",
        "48",
        "--rounds",
        "1",
        "--accounts-per-world",
        "500",
    ];
    let done = super::support::cutover(folder.path()).args(arguments).assert().success();
    let said = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    says(&said, &["48 worlds", "expected before", "reports/few/calibrate/learnt.toml"]);
    let out = folder.path().join("reports/few/calibrate");
    for file in ["calibration.json", "index.html", "charts/pilot.png", "manifest.json"] {
        assert!(out.join(file).exists(), "{file}");
    }
    let learnt = out.join("learnt.toml").display().to_string();
    super::support::cutover(folder.path()).args(["validate", &learnt]).assert().success();
    let wrong = super::support::cutover(folder.path()).args(&arguments[..4]).assert().code(2);
    says(&String::from_utf8_lossy(&wrong.get_output().stderr), &["several strategies", "--ran"]);
}
