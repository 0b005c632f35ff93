//! `cutover compare RUN...`: strategies of finished runs against each other, and how sure that is.

use std::path::Path;

use serde_json::Value;

use super::rejects::says;
use super::support::{cutover, read};

/// Two strategies that are the same, and one that is dearer.
const TWINS: &str = r#"
    horizon_days = 60
    replications = 6
    strategies = ["lazy", { preset = "lazy", name = "twin" }, { preset = "risk-based", name = "dear" }]
    population.accounts = 1_500
    desk.for_accounts = 100_000
    [prices.setup]
    scoring_cents = 30_000_000
"#;

/// A run of the twins, as `name` in `folder`.
fn run(folder: &Path, name: &str, options: &[&str]) {
    std::fs::write(folder.join("twins.toml"), TWINS).expect("a file");
    let quick = ["--no-report", "--worlds", "0", "--json", "--out", name];
    cutover(folder).args(["run", "twins.toml"]).args(quick).args(options).assert().success();
}

/// What `compare` prints and says, and its exit code.
fn compare(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let output = cutover(folder).arg("compare").args(arguments).output().expect("a program");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().expect("a code"))
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let (said, wrong, code) = compare(folder, &[arguments, &["--json"]].concat());
    assert_eq!(code, 0, "{wrong}");
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn measure<'a>(pair: &'a Value, key: &str) -> &'a Value {
    let measures = pair["measures"].as_array().expect("measures");
    measures.iter().find(|of| of["metric"] == key).unwrap_or_else(|| panic!("{key}: {pair}"))
}

#[test]
fn a_strategy_against_itself_differs_in_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "one", &["--store", "memory"]);
    for arguments in [
        &["one:lazy", "one:twin"][..],
        &["one:lazy", "one:lazy"],
        &["one", "one"],
    ] {
        let found = json(folder.path(), arguments);
        for pair in found["pairs"].as_array().expect("pairs") {
            assert_eq!(pair["pairing"], "same_accounts");
            for of in pair["measures"].as_array().expect("measures") {
                assert_eq!(of["difference"], 0.0, "{of}");
                for interval in ["ci95", "ci95_together"] {
                    assert_eq!(of[interval], serde_json::json!([0.0, 0.0]), "{of}");
                }
                assert_eq!((&of["shown"], &of["better_share"]), (&Value::Bool(false), &Value::from(0.5)), "{of}");
            }
            assert_eq!(
                (&pair["transitions"]["same"], &pair["transitions"]["moved"]),
                (&Value::from(1500.0), &Value::Array(Vec::new()))
            );
        }
    }
    let (said, _, _) = compare(folder.path(), &["one:lazy", "one:twin"]);
    says(
        &said,
        &[
            "lazy against twin (6 pairs of replications with the same accounts and the same luck): they are the same in every \
         replication.",
            "the same",
            "all 1,500 end alike",
        ],
    );
}

#[test]
fn a_run_alone_holds_its_best_strategy_against_all_others() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "one", &["--store", "memory"]);
    let found = json(folder.path(), &["one"]);
    let pairs = found["pairs"].as_array().expect("pairs");
    let of = |pair: &Value| (pair["a"]["strategy"].clone(), pair["b"]["strategy"].clone());
    assert_eq!(pairs.len(), 3);
    assert!(pairs.iter().all(|pair| of(pair).0 == of(&pairs[0]).0 && of(pair).0 != "stay"), "{found}");
    assert_eq!(found["family"], 3 * 17);
    let dear = pairs.iter().find(|pair| pair["b"]["strategy"] == "dear").expect("a pair");
    let cost = measure(dear, "cost_cents");
    assert!(cost["shown"] == true && cost["difference"].as_f64().expect("a number") < 0.0, "{cost}");
    assert_eq!(cost["better_share"], 1.0);

    // The differences are those of the summary, whose accounts move as the summary says.
    let summary: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("one/summary.json")).expect("a file")).expect("JSON");
    let told = summary["comparisons"].as_array().expect("comparisons");
    let told = |metric: &str| told.iter().find(|it| it["a"] == "lazy" && it["b"] == "dear" && it["metric"] == metric);
    let pair = &json(folder.path(), &["one:lazy", "one:dear"])["pairs"][0];
    let back = &json(folder.path(), &["one:dear", "one:lazy"])["pairs"][0];
    for of in pair["measures"].as_array().expect("measures") {
        let key = of["metric"].as_str().expect("a name");
        let wanted = told(key).expect("a comparison");
        assert_eq!((&of["difference"], &of["ci95"]), (&wanted["mean_difference"], &wanted["ci95"]), "{key}");
        let number = |of: &Value| of["difference"].as_f64().expect("a number");
        assert_eq!(number(measure(back, key)), -number(of), "{key}");
        let [wide, own] = ["ci95_together", "ci95"].map(|key| {
            let end = |place: usize| of[key][place].as_f64().expect("a number");
            end(1) - end(0)
        });
        assert!(wide >= own, "{of}");
    }
    for (moves, turned) in [(pair, false), (back, true)] {
        let moved = moves["transitions"]["moved"].as_array().expect("moves");
        assert!(!moved.is_empty());
        for it in moved {
            let (from, to) = if turned { ("b", "a") } else { ("a", "b") };
            let [from, to] = [from, to].map(|side| it[side].as_str().expect("an outcome"));
            let table = &told("migrated").expect("a comparison")["transitions"];
            assert_eq!(it["accounts"], table[from][to], "{from} to {to}");
        }
    }
}

#[test]
fn runs_before_and_after_are_compared_by_names_and_pair_by_pair() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "before", &["--store", "memory"]);
    run(
        folder.path(),
        "after",
        &[
            "--store",
            "memory",
            "--set",
            "prices.sms_cents=70",
            "--replications",
            "5",
        ],
    );
    run(folder.path(), "other", &["--store", "memory", "--seed", "77"]);
    run(folder.path(), "more", &["--store", "memory", "--accounts", "1600"]);
    let found = json(folder.path(), &["before", "after", "--measure", "cost,churned"]);
    let pairs = found["pairs"].as_array().expect("pairs");
    let names: Vec<&str> = pairs.iter().map(|pair| pair["b"]["strategy"].as_str().expect("a name")).collect();
    assert_eq!(names, ["stay", "lazy", "twin", "dear"]);
    assert_eq!((&found["family"], &pairs[1]["a"]["replications"]), (&Value::from(8), &Value::from(5)));
    for pair in pairs {
        // A price changes the bill and nobody's life.
        assert_eq!(
            (&pair["pairing"], &measure(pair, "churned")["ci95"]),
            (&Value::from("same_accounts"), &serde_json::json!([0.0, 0.0]))
        );
    }
    let apart = &json(folder.path(), &["before:lazy", "other:lazy", "--measure", "cost"])["pairs"][0];
    assert_eq!(apart["pairing"], "independent");
    let more = &json(folder.path(), &["before:lazy", "more", "--measure", "cost"])["pairs"][0];
    assert_eq!((&more["pairing"], &more["b"]["strategy"]), (&Value::from("same_seed"), &Value::from("lazy")));
    let (said, _, _) = compare(folder.path(), &["before:lazy", "other", "more:twin", "--measure", "cost,migrated"]);
    says(
        &said,
        &[
            "before:lazy against other:lazy (6 and 6 replications of different seeds, which share nothing): no difference shown.",
            "No difference shown in: total cost (",
            "would have been shown four times in five",
            "before:lazy against more:twin (6 pairs of replications with the same seed, but other accounts)",
            "before has 1500 accounts and more has 1600: every count and the bill differ for that alone.",
            "The 4 differences are corrected together",
        ],
    );
    let (said, _, _) = compare(folder.path(), &["before:lazy", "after", "--measure", "cost", "--markdown"]);
    says(&said, &["|  | before:lazy | after:lazy |", "| total cost |"]);
}

/// What the store of one run says of an account is held against what that of the other says.
#[test]
fn the_same_accounts_are_followed_from_one_run_to_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let fewer = ["--replications", "2", "--set", "desk.tier1.agents=3"];
    run(path, "before", &["--replications", "2"]);
    run(path, "after", &fewer);
    run(path, "nowhere", &[&fewer[..], &["--store", "memory"]].concat());
    run(path, "one", &["--replications", "1"]);
    run(path, "same", &["--replications", "1", "--set", "prices.sms_cents=70"]);
    // With one replication the summary of a run tells the same as the stores do.
    let of = |arguments: &[&str]| {
        let moves = json(path, arguments)["pairs"][0]["transitions"].clone();
        let mut all: Vec<String> = moves["moved"].as_array().expect("moves").iter().map(Value::to_string).collect();
        all.sort();
        (all, moves["same"].clone())
    };
    let within = of(&["one:lazy", "one:dear"]);
    assert!(!within.0.is_empty());
    assert_eq!(within, of(&["one:lazy", "same:dear"]));
    let found = json(path, &["before", "after", "--measure", "churned"]);
    for pair in found["pairs"].as_array().expect("pairs") {
        let moves = &pair["transitions"];
        let moved: f64 =
            moves["moved"].as_array().expect("moves").iter().filter_map(|it| it["accounts"].as_f64()).sum();
        let all = moves["same"].as_f64().expect("a number") + moved;
        assert_eq!((all, &moves["replications"]), (1_500.0, &Value::from(1)));
    }
    let (said, _, _) = compare(path, &["before:lazy", "nowhere:lazy", "--measure", "churned"]);
    says(&said, &["Who ends elsewhere is not told: it takes the stores of both runs"]);
}

#[test]
fn one_replication_shows_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), "one", &["--store", "memory", "--replications", "1"]);
    let (said, _, code) = compare(folder.path(), &["one:lazy", "one:dear", "--measure", "cost"]);
    assert_eq!(code, 0);
    says(&said, &["1 replication says nothing of its own luck", "nothing: 1 replication"]);
    assert!(!said.contains("NaN") && !said.contains(" [−"), "{said}");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    run(path, "one", &["--store", "memory", "--replications", "2"]);
    run(path, "long", &["--store", "memory", "--replications", "2", "--set", "horizon_days=70"]);
    std::fs::create_dir(path.join("empty")).expect("a folder");
    std::fs::create_dir(path.join("old")).expect("a folder");
    let old = read("reports/retail/summary.json").replace("\"by_replication\"", "\"was_not_there\"");
    std::fs::write(path.join("old/summary.json"), old).expect("a file");
    let under_way = std::fs::read_to_string(path.join("one/manifest.json")).expect("a file");
    std::fs::create_dir(path.join("begun")).expect("a folder");
    std::fs::write(path.join("begun/manifest.json"), under_way.replace("\"complete\"", "\"under_way\""))
        .expect("a file");
    let plan = under_way.replace("\"kind\": \"run\"", "\"kind\": \"plan\"");
    std::fs::create_dir(path.join("plan")).expect("a folder");
    std::fs::write(path.join("plan/manifest.json"), plan).expect("a file");
    for (arguments, parts) in [
        (
            &["one:lazzy"][..],
            &["one: there is no strategy \"lazzy\" in this run: did you mean lazy? expected one of stay, lazy"][..],
        ),
        (&["one:"], &["there is no strategy \"\""]),
        (
            &["one", "--measure", "chruned"],
            &["--measure: there is no measure \"chruned\": did you mean churned?"],
        ),
        (&["one", "long"], &["one was run for 60 days and long for 70", "horizon_days"]),
        (&["one", "empty"], &["empty: this is not the folder of a run: there is no summary.json"]),
        (&["one", "begun"], &["begun: this run has not ended", "--resume"]),
        (&["one", "plan"], &["plan: this folder holds the plan of a `cutover size`, and runs are compared"]),
        (&["one", "twins.toml"], &["one is the folder of a run and twins.toml is none"]),
        (&["one", "gone"], &["one is the folder of a run and gone is none"]),
        (
            &["old"],
            &[
                "old: its summary.json has no values by replication",
                "Run the scenario again",
            ],
        ),
        (&["one", "--accounts", "7"], &["--accounts goes with scenarios"]),
        (&["one", "--strategy", "lazy"], &["--strategy goes with scenarios", "reports/before:lazy"]),
        (&["twins.toml", "--measure", "cost"], &["--measure goes with finished runs"]),
    ] {
        let (said, wrong, code) = compare(path, arguments);
        assert!(code == 2 && said.is_empty(), "{arguments:?}: {code}, {said}{wrong}");
        says(&wrong, parts);
    }
    // A changed figure is no longer what the run has written.
    let summary = path.join("one/summary.json");
    let text = std::fs::read_to_string(&summary).expect("a file");
    std::fs::write(&summary, text.replacen('1', "2", 1)).expect("a file");
    let (_, wrong, code) = compare(path, &["one"]);
    assert_eq!(code, 1);
    says(&wrong, &["summary.json: it is not what run"]);
}
