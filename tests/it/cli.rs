//! The command line: help, exit codes, what goes to standard output, and what it says when something is in the way.

use std::path::Path;

use super::support::{cutover, scenario};

/// Runs a command that must end with `code`; what it says on standard output and standard error.
fn said(folder: &Path, arguments: &[&str], code: i32) -> (String, String) {
    let assertion = cutover(folder).args(arguments).assert().code(code);
    let output = assertion.get_output();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not JSON ({error}):\n{text}"))
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (help, _) = said(folder.path(), &["--help"], 0);
    for word in ["run", "validate", "schema", "explain", "verify", "130 interrupted"] {
        assert!(help.contains(word), "{word} is not in:\n{help}");
    }
    said(folder.path(), &["frobnicate"], 2);
    said(folder.path(), &["run"], 2);
    said(folder.path(), &["run", "--store", "paper", "x.toml"], 2);
}

#[test]
fn missing_and_wrong_scenarios_end_with_2_and_name_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in ["run", "validate"] {
        let (_, error) = said(folder.path(), &[command, "nowhere.toml"], 2);
        assert!(error.contains("nowhere.toml"), "{error}");
    }
    std::fs::write(folder.path().join("bad.toml"), [0xff, 0xfe, 0x00]).expect("a file");
    let (_, error) = said(folder.path(), &["validate", "bad.toml"], 2);
    assert!(error.contains("bad.toml"), "{error}");
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--set", "desk.phone"], 2);
    assert!(error.contains("--set") && error.contains("KEY=VALUE"), "{error}");
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--strategy", "nobody"], 2);
    assert!(error.contains("nobody") && error.contains("reset-only"), "{error}");
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--threads", "0"], 2);
    assert!(error.contains("--threads"), "{error}");
    assert!(!folder.path().join("reports").exists(), "nothing is written before the input is checked");
}

#[test]
fn a_report_folder_that_cannot_be_used_ends_with_3_or_2_and_keeps_its_files() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("file"), "mine").expect("a file");
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--out", "file"], 3);
    assert!(error.contains("file") && error.contains("--out"), "{error}");
    assert_eq!(std::fs::read_to_string(folder.path().join("file")).expect("a file"), "mine");

    std::fs::create_dir_all(folder.path().join("out/store")).expect("a folder");
    std::fs::write(folder.path().join("out/store/diary.txt"), "mine").expect("a file");
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--out", "out"], 2);
    assert!(error.contains("not made by cutover"), "{error}");
    assert!(folder.path().join("out/store/diary.txt").exists());
}

/// A folder that is not ours loses nothing: with files of our names it is refused, with others they stay.
#[test]
fn files_of_others_are_neither_overwritten_nor_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    for (command, name) in [
        ("size", "arrivals.csv"),
        ("size", "charts/week.svg"),
        ("run", "index.html"),
        ("run", "run.json"),
    ] {
        let out = folder.path().join(format!("{command}-{}", name.replace('/', "-")));
        std::fs::create_dir_all(out.join("charts")).expect("a folder");
        std::fs::write(out.join(name), "theirs").expect("a file");
        let (_, error) = said(folder.path(), &[command, &scenario("tiny"), "--out", &out.display().to_string()], 2);
        assert!(error.contains(name) && error.contains("--out"), "{error}");
        assert_eq!(std::fs::read_to_string(out.join(name)).expect("a file"), "theirs");
    }

    let out = folder.path().join("out");
    std::fs::create_dir_all(out.join("charts")).expect("a folder");
    for name in ["diary.txt", "charts/holiday.png"] {
        std::fs::write(out.join(name), "mine").expect("a file");
    }
    let lean = ["--no-report", "--store", "memory"];
    for more in [&[][..], &lean] {
        said(folder.path(), &[&["run", &scenario("tiny"), "--out", "out"], more].concat(), 0);
        for name in ["diary.txt", "charts/holiday.png"] {
            assert_eq!(std::fs::read_to_string(out.join(name)).expect("a file"), "mine");
        }
    }
    assert!(!out.join("charts/cost.svg").exists(), "the charts of the run before are gone");
}

/// What is asked in the end is refused in the beginning, before hours of work.
#[test]
fn worlds_that_cannot_be_drawn_are_refused_before_anything_is_simulated() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--worlds", "10", "--out", "out"], 2);
    assert!(error.contains("--worlds 10") && error.contains("an even number from 16"), "{error}");
    assert!(!folder.path().join("out").exists(), "nothing was begun");
    let unknown = "correlated=[{name=\"x\",keys=[\"seed\",\"journey.choice.desk_weight\"],correlation=0.5}]";
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--set", unknown, "--out", "out"], 2);
    assert!(error.contains("has no range"), "{error}");
    assert!(!folder.path().join("out").exists(), "nothing was begun");
}

/// A journal that is not ours is left alone, and that of another study is not begun anew in silence.
#[test]
fn a_study_leaves_what_is_not_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let journal = out.join("worlds.journal");
    let study = |more: &[&str], code: i32| {
        let tiny = scenario("tiny");
        let asked = [
            "sensitivity",
            &tiny,
            "--accounts-per-world",
            "200",
            "--worlds",
            "16",
            "--out",
            "out",
        ];
        said(folder.path(), &[&asked[..], more].concat(), code).1
    };
    std::fs::create_dir_all(&out).expect("a folder");
    std::fs::write(&journal, "theirs").expect("a file");
    assert!(study(&[], 2).contains("not of cutover"));
    assert_eq!(std::fs::read_to_string(&journal).expect("a file"), "theirs");
    #[cfg(unix)]
    {
        let precious = folder.path().join("precious");
        std::fs::write(&precious, "cutover worlds of mine").expect("a file");
        std::fs::remove_file(&journal).expect("removed");
        std::os::unix::fs::symlink(&precious, &journal).expect("a link");
        assert!(study(&[], 2).contains("it is no file"));
        assert_eq!(std::fs::read_to_string(&precious).expect("a file"), "cutover worlds of mine");
    }
    std::fs::remove_file(&journal).expect("removed");
    std::fs::write(&journal, "cutover worlds of another study\n").expect("a file");
    assert!(study(&["--resume"], 2).contains("another scenario, other options or another version"));
    assert_eq!(std::fs::read_to_string(&journal).expect("a file"), "cutover worlds of another study\n");
    study(&[], 0);
    assert!(!journal.exists() && out.join("sensitivity.json").exists());
}

fn listing(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> = entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_run_leaves_exactly_the_files_it_promises() {
    let folder = tempfile::tempdir().expect("a folder");
    let (verdict, _) = said(folder.path(), &["run", &scenario("tiny")], 0);
    assert!(verdict.contains("Report: reports/tiny/index.html"), "{verdict}");
    let listing = |path: &str| listing(&folder.path().join(path));
    assert_eq!(
        listing("reports/tiny"),
        [
            ".cutover",
            "charts",
            "index.html",
            "manifest.json",
            "run.json",
            "store",
            "summary.json",
            "timeseries.csv"
        ]
    );
    let charts = listing("reports/tiny/charts");
    assert_eq!(charts.iter().filter(|name| name.ends_with(".svg")).count(), 13, "{charts:?}");
    assert_eq!(charts.iter().filter(|name| name.ends_with(".png")).count(), 13, "{charts:?}");

    // A leaner run in the same folder leaves nothing behind that tells of other numbers.
    said(
        folder.path(),
        &[
            "run",
            &scenario("tiny"),
            "--no-report",
            "--store",
            "memory",
            "--seed",
            "9",
        ],
        0,
    );
    assert_eq!(listing("reports/tiny"), [".cutover", "manifest.json", "run.json", "store", "summary.json"]);
}

#[test]
fn a_plan_leaves_exactly_the_files_it_promises() {
    let folder = tempfile::tempdir().expect("a folder");
    let listing = |path: &str| listing(&folder.path().join(path));
    let size = |more: &[&str]| {
        let tiny = scenario("tiny");
        let mut arguments = vec![
            "size",
            tiny.as_str(),
            "--out",
            "plan",
            "--set",
            "desk.target.sample_contacts=1000",
        ];
        arguments.extend(more);
        said(folder.path(), &arguments, 0)
    };
    let (told, _) = size(&["--arrivals", "1"]);
    assert!(told.contains("first-line agents") && told.contains("plan/index.html"), "{told}");
    let charts = listing("plan/charts");
    for chart in ["requirement", "week", "people", "price", "shifts-1"] {
        assert!(charts.contains(&format!("{chart}.svg")) && charts.contains(&format!("{chart}.png")), "{charts:?}");
    }
    let page = std::fs::read_to_string(folder.path().join("plan/index.html")).expect("index.html");
    for part in [
        "prefers-color-scheme",
        "What service costs",
        "Assumptions in use",
        "desk.target.answered_share",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    assert!(!page.contains("<script") && page.matches("http-equiv").count() == 1, "the page is self-contained");
    assert!(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"));

    // A leaner plan in the same folder leaves nothing behind that tells of other numbers.
    size(&["--no-curve", "--strategy", "reset-only"]);
    let files = [
        ".cutover",
        "charts",
        "index.html",
        "manifest.json",
        "requirements.csv",
        "shifts.csv",
        "size.json",
    ];
    assert_eq!(listing("plan"), files);
    said(folder.path(), &["verify", "plan"], 0);
    std::fs::write(folder.path().join("plan/shifts.csv"), "changed").expect("written");
    let (_, error) = said(folder.path(), &["verify", "plan"], 1);
    assert!(error.contains("shifts.csv: it is not what run"), "{error}");
    let charts = listing("plan/charts");
    assert!(
        !charts.contains(&"price.svg".to_owned()) && !charts.contains(&"shifts-2.png".to_owned()),
        "{charts:?}"
    );
}

#[test]
fn json_is_summary_json_and_names_its_units() {
    let folder = tempfile::tempdir().expect("a folder");
    let (text, _) = said(folder.path(), &["run", &scenario("tiny"), "--json"], 0);
    let file = std::fs::read_to_string(folder.path().join("reports/tiny/summary.json")).expect("summary.json");
    assert_eq!(text.trim_end(), file.trim_end());
    let summary = json(&text);
    assert_eq!(summary["accounts"], 2000);
    assert_eq!(summary["strategies"].as_array().map(Vec::len), Some(4));
    assert!(summary["strategies"][1]["desk"]["asa_s"].is_number());
}

#[test]
fn the_schema_describes_the_scenario_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let (text, _) = said(folder.path(), &["schema"], 0);
    let schema = json(&text);
    assert_eq!(schema["type"], "object");
    for key in ["population", "journey", "threat", "desk", "prices", "strategies"] {
        assert!(schema["properties"][key].is_object(), "{key} is missing");
    }
    let described = |value: &serde_json::Value| value["description"].as_str().is_some_and(|text| !text.is_empty());
    let properties = schema["properties"].as_object().expect("properties");
    for (key, value) in properties {
        assert!(described(value), "{key} has no description");
    }
}

#[test]
fn every_value_in_force_has_a_grade_and_a_source() {
    let folder = tempfile::tempdir().expect("a folder");
    let (text, _) = said(folder.path(), &["validate", &scenario("retail"), "--set", "seed=7", "--json"], 0);
    let values = json(&text);
    let values = values.as_array().expect("a list");
    assert!(values.len() > 150, "only {} values", values.len());
    for value in values {
        let key = value["key"].as_str().unwrap_or_default();
        let (grade, source) = (value["grade"].as_str().unwrap_or(""), value["source"].as_str().unwrap_or(""));
        assert!(
            ["measured", "vendor", "folklore", "assumption", "setting", "yours"].contains(&grade),
            "{key}: {grade}"
        );
        assert!(!source.is_empty(), "{key} has no source");
        if key == "seed" {
            assert_eq!((grade, value["value"].as_str()), ("yours", Some("7")));
            assert!(source.contains("--set"), "{source}");
        }
    }
}

#[test]
fn a_sample_and_the_composition_can_be_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sample, _) = said(folder.path(), &["validate", &scenario("retail"), "--sample", "20"], 0);
    assert!(sample.lines().count() >= 20, "{sample}");
    let (composition, _) = said(
        folder.path(),
        &[
            "validate",
            &scenario("quickstart"),
            "--accounts",
            "5000",
            "--composition",
        ],
        0,
    );
    assert!(composition.contains("5,000"), "{composition}");
    for told in [
        "asked for",
        "What the built-in risk score finds",
        "What the risk score of risk-based finds",
        "in other hands",
        " ± 0.",
    ] {
        assert!(composition.contains(told), "{told} is not in\n{composition}");
    }
    let (sample, _) = said(
        folder.path(),
        &[
            "validate",
            &scenario("quickstart"),
            "--sample",
            "20",
            "--set",
            "population.trouble.nobody.share=0.9",
        ],
        0,
    );
    assert!(sample.contains("nobody behind it"), "{sample}");
    said(folder.path(), &["validate", &scenario("tiny"), "--sample", "3", "--composition"], 2);
}

#[test]
fn what_a_scorecard_finds_can_be_read_by_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    let blind = "strategies=[{ preset = \"risk-based\", risk = { unverified = 0, shared_contact = 0, leak_known = 0, \
                 no_phone = 0, incomplete = 0, verified_per_year = 0, unseen_per_year = 0, mfa = 0, weak_match = 0 } }]";
    let arguments = [
        "validate",
        &scenario("quickstart"),
        "--accounts",
        "5000",
        "--set",
        blind,
    ];
    let arguments: Vec<&str> = arguments.into_iter().chain(["--composition", "--json"]).collect();
    let (text, _) = said(folder.path(), &arguments, 0);
    let value = json(&text);
    assert_eq!(value["accounts"], 5000);
    assert!((value["asked_shares"]["disabled"].as_f64().expect("a share") - 0.005).abs() < 1e-9);
    assert!(value["asked_shares"]["nobody"].is_null(), "trouble follows the records");
    let scorecards = value["scorecards"].as_array().expect("a list");
    assert_eq!(scorecards.len(), 2);
    assert!(scorecards[0]["strategy"].is_null());
    assert_eq!((&scorecards[1]["strategy"], &scorecards[1]["accounts"]), (&"risk-based".into(), &5000.into()));
    let findings = |card: usize| scorecards[card]["findings"].as_array().expect("a list");
    for (built_in, blind) in findings(0).iter().zip(findings(1)) {
        assert_eq!(blind["auc"]["area"], 0.5, "a score of nothing finds nothing");
        assert!(built_in["at"].as_array().is_some_and(Vec::is_empty), "no rule asks for a built-in score");
        let at = blind["at"].as_array().expect("a list");
        assert!(!at.is_empty(), "rules ask for scores");
        for sides in at {
            let sum = |key: &str| sides[key].as_u64().expect("a number");
            assert_eq!(sum("below") + sum("above"), 5000);
        }
    }
}

#[test]
fn explain_and_verify_say_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["explain", "out", "1"][..], &["verify", "out"]] {
        let (_, error) = said(folder.path(), arguments, 2);
        assert!(error.contains("out"), "{error}");
    }
    said(folder.path(), &["run", &scenario("tiny"), "--no-report", "--out", "out"], 0);
    let (_, error) = said(folder.path(), &["explain", "out", "2000"], 2);
    assert!(error.contains("2000") && error.contains("1999"), "{error}");
    let (text, _) = said(folder.path(), &["verify", "out"], 0);
    assert!(!text.is_empty());
    let (_, said_so) = said(folder.path(), &["run", &scenario("tiny"), "--no-report", "--out", "new", "--resume"], 0);
    assert!(said_so.contains("no run has begun there"), "{said_so}");
    let (_, error) = said(folder.path(), &["run", &scenario("tiny"), "--out", "out", "--resume", "--seed", "5"], 2);
    assert!(error.contains("without --resume"), "{error}");
}
