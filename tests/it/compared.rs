//! `cutover compare` says how sure it is: ties are ties, one strategy alone is not the best, and what it cannot compare it
//! refuses before anything is run.

use std::path::Path;

use cutover::prelude::*;
use cutover::results::rivals::Rivals;

use super::rejects::says;
use super::support::{cutover, load};

/// What `compare` prints and says, and its exit code, in a folder with these files.
fn compare(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let output = cutover(folder).arg("compare").args(arguments).output().expect("a program");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().expect("a code"))
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

/// Two strategies that are the same, and one that is dearer.
const TWINS: &str = r#"
    horizon_days = 60
    replications = 3
    strategies = ["lazy", { preset = "lazy", name = "twin" }, { preset = "risk-based", name = "dear" }]
    population.accounts = 1_000
    desk.for_accounts = 100_000
    [prices.setup]
    scoring_cents = 30_000_000
"#;

const CHOSEN: [&str; 6] = ["--strategy", "lazy", "--strategy", "twin", "--strategy", "dear"];

/// The row of a strategy in a table for the terminal.
fn row<'a>(said: &'a str, name: &str) -> &'a str {
    said.lines()
        .find(|line| line.trim_start().starts_with(&format!("{name} ")))
        .unwrap_or_else(|| panic!("{said}"))
}

#[test]
fn a_tie_is_told_as_a_tie_and_has_no_star() {
    let folder = folder(&[("twins.toml", TWINS)]);
    let (said, _, _) = compare(folder.path(), &[&["twins.toml"], &CHOSEN[..]].concat());
    assert!(
        !said.contains('★') && row(&said, "lazy").contains('≈') && row(&said, "twin").contains('≈'),
        "{said}"
    );
    assert!(!row(&said, "dear").contains('≈'), "{said}");
    says(
        &said,
        &[
            "twins (1,000 accounts, 3 replications): the lowest bills are those of lazy and twin, which cannot be told apart",
            "Doubt: 3 replications make for wide intervals; 5 or more are better.",
            "Doubt: With 1,000 accounts, rare cases are few",
        ],
    );
    // Without a replication to spare nothing is known, but what is the same is the same.
    let (said, _, _) = compare(folder.path(), &[&["twins.toml", "--replications", "1"], &CHOSEN[..]].concat());
    says(
        &said,
        &[
            "(1,000 accounts, 1 replication): the lowest bills are",
            "Doubt: 1 replication has no interval",
        ],
    );
    let (said, _, _) = compare(
        folder.path(),
        &[
            "twins.toml",
            "--replications",
            "1",
            "--strategy",
            "lazy",
            "--strategy",
            "dear",
        ],
    );
    assert!(row(&said, "lazy").contains('★') && !said.contains("clearly"), "{said}");
    // Five of them say nothing about themselves.
    let (said, _, _) = compare(
        folder.path(),
        &[
            "twins.toml",
            "--replications",
            "5",
            "--strategy",
            "lazy",
            "--strategy",
            "dear",
        ],
    );
    says(&said, &["lazy has the lowest bill, ", "All others are clearly dearer."]);
    assert!(row(&said, "lazy").contains('★') && !said.contains("wide intervals"), "{said}");
}

#[test]
fn one_strategy_alone_is_not_the_best() {
    let folder = folder(&[("twins.toml", TWINS)]);
    let (said, _, _) = compare(folder.path(), &["twins.toml", "--strategy", "lazy"]);
    assert!(!said.contains('★') && !said.contains("lowest"), "{said}");
    says(
        &said,
        &[
            "twins (1,000 accounts, 3 replications): lazy alone: its bill is ",
            " above that of stay.",
        ],
    );
    let (json, _, _) = compare(folder.path(), &["twins.toml", "--strategy", "lazy", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(json[0]["best"].is_null() && json[0]["file"] == "twins.toml", "{json}");
    assert!(json[0]["doubts"].as_array().is_some_and(|doubts| !doubts.is_empty()), "{json}");
}

/// Customers are counted as the report counts them, and a share of nobody is none.
#[test]
fn its_figures_are_those_of_the_report() {
    let scenario = load(TWINS, &["population.shares.household=0.3", "population.accounts=4000"]).scenario;
    let run = Run::new(&scenario).execute().unwrap_or_else(|error| panic!("{error}"));
    for rival in Rivals::new(run.results()).strategies {
        let told = run.summary().strategy(&rival.name).expect("an arm");
        assert!((rival.customers_lost.mean - told.customers_lost).abs() < 1e-6, "{rival:?}");
        assert!(rival.customers_lost.mean < told.outcomes[Outcome::Churned], "accounts are more than customers");
        let share = rival.can_sign_in_share.expect("somebody is active").mean;
        assert!((0.0..=1.0).contains(&share) && share > 0.5, "{share}");
    }
    let nobody = r#"strategies = ["lazy", "risk-based"]
        horizon_days = 60
        replications = 2
        population = { accounts = 500, sign_ins = { shape = 0.01, rate_days = 1e9 } }
        desk.for_accounts = 50_000
    "#;
    let folder = folder(&[("gone.toml", nobody)]);
    let (said, wrong, _) = compare(folder.path(), &["gone.toml", "--strategy", "lazy", "--strategy", "risk-based"]);
    for name in ["stay", "lazy", "risk-based"] {
        assert!(row(&said, name).contains(" – "), "{said}{wrong}");
    }
    assert!(!said.contains("NaN") && !said.contains("0 %"), "{said}");
}

#[test]
fn scenarios_of_one_name_are_told_apart_by_their_files() {
    let folder = folder(&[("a/it.toml", TWINS), ("b/it.toml", TWINS), ("other.toml", TWINS)]);
    let few = ["--strategy", "lazy", "--replications", "1", "--accounts", "200"];
    let (said, _, _) = compare(folder.path(), &[&["a/it.toml", "b/it.toml", "other.toml"], &few[..]].concat());
    says(
        &said,
        &[
            "\n it (b/it.toml)",
            "it (a/it.toml) (200 accounts",
            "other (200 accounts",
        ],
    );
    let (said, _, _) = compare(folder.path(), &[&["a/it.toml", "b/it.toml", "--markdown"], &few[..]].concat());
    says(&said, &["| it (a/it.toml): bill − stay |", "| it (b/it.toml): bill − stay |"]);
    let (said, wrong, code) = compare(folder.path(), &[&["a/it.toml", "a/it.toml"], &few[..]].concat());
    assert!(code == 2 && said.is_empty(), "{said}");
    says(&wrong, &["a/it.toml: this file is given twice"]);
}

#[test]
fn what_cannot_be_compared_is_refused_before_anything_is_run() {
    let export =
        "strategies = [\"lazy\"]\n[population.directory]\nfile = \"gone.csv\"\ncolumns = { email = \"mail\" }\n";
    let folder = folder(&[
        ("fine.toml", TWINS),
        ("desk.toml", "strategies = []\npopulation.accounts = 0\n"),
        ("export.toml", export),
        ("sub/it.toml", TWINS),
    ]);
    let refused = |arguments: &[&str], parts: &[&str]| {
        let (said, wrong, code) = compare(folder.path(), arguments);
        assert!(code == 2 && said.is_empty(), "{arguments:?}: {code}, {said}");
        assert!(!wrong.contains("accounts,"), "something was run: {wrong}");
        says(&wrong, parts);
    };
    refused(&["fine.toml", "desk.toml"], &["desk.toml: population.accounts is 0", "expected 1 at least"]);
    refused(&["fine.toml", "export.toml"], &["gone.csv"]);
    refused(&["fine.toml", "sub"], &["sub: this is a folder, and a scenario is a file: it holds sub/it.toml"]);
    refused(&["fine.toml", "nowhere.toml"], &["nowhere.toml: there is no such file"]);
    refused(&["fine.toml", "--strategy", "lazzy"], &["lazzy"]);
    refused(
        &["fine.toml", "--store", "memory"],
        &["`compare` has no --store; `run` has", "cutover compare --help"],
    );
    refused(&["fine.toml", "--out", "x"], &["`compare` has no --out; `run`, "]);
    refused(&["fine.toml", "--resume"], &["`compare` has no --resume; `run`, "]);
    refused(&["fine.toml", "--nonsense"], &["unexpected argument '--nonsense'"]);
}
