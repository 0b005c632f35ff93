//! Rules that are wrong: each is told with its line and what is allowed, all at once, and nothing crashes.

use cutover::gate::check::Check;
use cutover::gate::rules::Rules;
use cutover::gate::timing::NoTimer;
use cutover::gate::{Gate, Places};
use proptest::prelude::*;

use super::{CHURNED, Folder, TAKEN, summary};
use crate::rejects::says;
use crate::support::cases;

fn refused(rules: &str) -> String {
    let folder = Folder::new();
    let results = Some(folder.write("summary.json", &summary(&CHURNED, &TAKEN).to_string()));
    let judged = Rules::parse("gate.toml", rules)
        .and_then(|rules| Gate::judge(&rules, &Places { results, baseline: None }, &mut NoTimer));
    judged.expect_err("refused").to_string()
}

#[test]
fn what_a_file_of_rules_cannot_say_is_told_all_at_once() {
    let told = refused(
        r#"
strategi = "lazy"
undecided = "maybe"
together = "yes"
[[rule]]
chek = "churned < 5"
[[rule]]
check = "churned < 5"
slower = "10 %"
[[rule]]
check = "churned =< 5"
[[rule]]
check = 5
[[rule]]
time = "run x.toml"
slower = "10 %"
[[rule]]
time = ["run", "x.toml"]
[[rule]]
time = ["run", "x.toml"]
slower = "fast"
with = "5 %"
[[rule]]
check = "a < 1"
time = ["run"]
[[rule]]
check = ""
better = "more"
"#,
    );
    says(
        &told,
        &[
            "gate.toml:2",
            "did you mean strategy?",
            "expected \"fail\" or \"pass\"",
            "expected true or false",
            "one of check, time and samples",
            "belongs to rules about time",
            "\"=<\" is no comparison: expected <, <=",
            "is a number: expected a text in quotes",
            "expected a list of the arguments",
            "expected slower = \"10 %\"",
            "\"fast\": expected a percentage above 0 %",
            "\"5 %\": expected a percentage above 50 %",
            "is empty: expected a text",
            "expected \"lower\" or \"higher\"",
        ],
    );
    says(&refused("[[rule]\n"), &["this is no TOML", "gate.toml:1"]);
    says(&refused(""), &["there is no rule: expected [[rule]] with check"]);
    says(&refused("rule = 5"), &["expected [[rule]], once for each"]);
    says(&refused("rule = [5]"), &["expected [[rule]], once for each"]);
}

#[test]
fn a_complaint_points_at_what_is_wrong_in_a_check() {
    let told = refused("# first\n[[rule]]\ncheck = \"churned < 0,5\"\n");
    says(&told, &["gate.toml:3:20", "a decimal point is a point"]);
}

#[test]
fn figures_that_do_not_fit_their_limits_are_told_with_what_is_near() {
    let told = refused(
        r#"
strategy = "lazy"
[[rule]]
check = "desk.wait_s.p95 < 300"
[[rule]]
check = "desk.wait_s < 300"
[[rule]]
check = "churned < 5 min"
[[rule]]
check = "label < 5"
[[rule]]
check = "churned == \"power\""
[[rule]]
check = "churned between 5 and 4"
[[rule]]
check = "churned < 5pp"
[[rule]]
check = "wait_s.p90 not worse than baseline by 1pp"
[[rule]]
check = "churned not worse than baseline by 1 min"
[[rule]]
check = "churned < 5"
strategy = "lasy"
[[rule]]
check = "label not worse than baseline"
[[rule]]
check = "number of label == 4"
[[rule]]
check = "churned < 2 % of nothing"
[[rule]]
check = "reused == 1"
[[rule]]
check = "outcomes.x.y == 1"
[[rule]]
check = "churned < 5"
file = "not/there.json"
[[rule]]
samples = "not/there.json"
slower = "10 %"
[[rule]]
check = "churned < 5 %"
"#,
    );
    says(
        &told,
        &[
            "gate.toml:4",
            "there is no \"p95\" at strategies.lazy.desk.wait_s: did you mean p90?",
            "strategies.lazy.desk.wait_s is a table: name what of it, as p90",
            "this figure is no time",
            "is a text: expected == or != with a text in quotes",
            "is a number: expected a limit that is one",
            "nothing lies between 5 and 4",
            "pp belongs to a margin",
            "this figure does not count accounts",
            "did you mean lazy?",
            "is one value: only entries of a list or a table are counted",
            "there is no \"nothing\"",
            "is true or false: expected == true or == false",
            "not/there.json: there is no such file or folder",
            "not/there.json: cannot be read",
            "a percentage of what?",
            "`5 % of accounts`",
        ],
    );
    let told = refused("[[rule]]\ncheck = \"desk.wait_s.p90 < 300\"");
    says(
        &told,
        &[
            "may mean",
            "strategies.stay.desk.wait_s.p90",
            "strategies.lazy.desk.wait_s.p90",
            "or the strategy",
        ],
    );
}

#[test]
fn result_files_of_any_kind_are_refused_if_they_are_none() {
    let folder = Folder::new();
    let judged = |text: &str, check: &str| {
        let results = Some(folder.write("r.json", text));
        let rules = Rules::parse("gate.toml", &format!("[[rule]]\ncheck = '{check}'")).expect("rules");
        Gate::judge(&rules, &Places { results, baseline: None }, &mut NoTimer).map_err(|error| error.to_string())
    };
    for (text, wanted) in [
        ("", "this is no JSON"),
        ("{", "this is no JSON"),
        ("[[[[[", "this is no JSON"),
        ("null", "null"),
        ("5", "is a value"),
        ("{}", "there is no \"a\" in this file: it is empty"),
        ("[]", "there is no \"a\" in this file: it is empty"),
        ("{\"a\": null}", "a is null"),
        ("{\"a\": []}", "a is a list"),
        ("{\"a\": {}}", "a is a table"),
    ] {
        says(&judged(text, "a < 5").expect_err(text), &[wanted]);
    }
    says(&judged("{\"a\": []}", "a.* < 5").expect_err("nothing"), &["a"]);
    assert!(judged(&format!("{{\"a\": 1{}}}", "0".repeat(300)), "a > 5").is_ok());
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    says(&judged(&deep, "a < 5").expect_err("deep"), &["this is no JSON"]);
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn no_text_breaks_the_reader_of_checks(text in "\\PC{0,60}") {
        if let Err(wrong) = Check::parse(&text) {
            prop_assert!(wrong.bytes.start <= wrong.bytes.end && wrong.bytes.end <= text.len(), "{wrong:?}");
            prop_assert!(!wrong.message.is_empty());
        }
    }

    #[test]
    fn no_words_of_a_check_in_any_order_break_it(
        words in prop::collection::vec(prop::sample::select(vec![
            "a", "a.b[0]", "*", "\"a b\"", "number", "of", "<", "<=", "==", "=<", "not", "worse", "than", "baseline", "by",
            "between", "and", "with", "95", "%", "0.2pp", "5 min", "1e9", "-3", "true", "\"", "[", ".", "ä", "１",
        ]), 0..12)
    ) {
        let text = words.join(" ");
        let read = Check::parse(&text);
        let rules = format!("[[rule]]\ncheck = '''{text}'''");
        prop_assert_eq!(read.is_ok(), Rules::parse("gate.toml", &rules).is_ok(), "{}", text);
    }

    #[test]
    fn no_file_of_rules_breaks_the_reader(text in "(\\[\\[rule\\]\\]\n|check = |time = |samples = |\"a < 1\"|\"|\\PC|\n|= ){0,30}") {
        let _ = Rules::parse("gate.toml", &text);
    }

    #[test]
    fn what_is_read_means_what_is_written(
        path in "[a-z_]{1,8}(\\.[a-z_0-9]{1,8}){0,3}",
        sign in prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]),
        limit in -1e6_f64..1e6,
    ) {
        let spaced = Check::parse(&format!("{path} {sign} {limit}"));
        let tight = Check::parse(&format!("{path}{sign}{limit}"));
        prop_assert_eq!(&spaced, &tight);
        prop_assert_eq!(spaced.expect("a check").path.to_string(), path);
    }
}
