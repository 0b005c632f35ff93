//! Bad input on the command line: the exit code says what kind of mistake it was, and nothing is written.

use cutover::prelude::*;

use crate::support::{self, cutover};

#[test]
fn the_command_line_refuses_with_exit_code_2_and_writes_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("bad.toml"), "population.accounts = -1").expect("write");
    std::fs::write(dir.path().join("binary.toml"), [0xff, 0xfe, 0x00]).expect("write");
    let quickstart = support::scenario("quickstart");
    for (arguments, part) in [
        (&["run", "bad.toml"][..], "-1 is not allowed"),
        (&["run", "missing.toml"], "there is no such file"),
        (&["run", "binary.toml"], "not UTF-8"),
        (&["run", "."], "this is a folder"),
        (&["run", &quickstart, "--strategy", "nope"], "there is no strategy \"nope\""),
        (&["run", &quickstart, "--accounts", "2000000000"], "not allowed here"),
        (&["run", &quickstart, "--threads", "0"], "at least 1"),
        (&["run", &quickstart, "--resume", "--store", "memory"], "--resume needs"),
        (&["run", &quickstart, "--store", "oracle"], "invalid value"),
        (&["verify", "none"], "there is no store"),
        (&["explain", "none", "3"], "there is no store"),
        (&["frobnicate"], "unrecognized subcommand"),
    ] {
        let assert = cutover(dir.path()).args(arguments).assert().code(2);
        let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(said.contains(part), "{arguments:?}: \"{part}\" is not in:\n{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    assert!(!dir.path().join("reports").exists(), "nothing is written before everything is checked");
}

/// What is no account is told in words of this program.
#[test]
fn what_is_no_account_is_refused_with_what_is_allowed() {
    let dir = tempfile::tempdir().expect("a folder");
    for wrong in ["abc", "-5", "1.5", "", "99999999999999999999999"] {
        let assert = cutover(dir.path()).args(["explain", "reports/retail", wrong]).assert().code(2);
        let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert_eq!(
            said.trim_end(),
            format!(
                "there is no account \"{wrong}\": expected a whole number, from 0 up to one less than the run has accounts"
            )
        );
    }
    let assert = cutover(dir.path()).args(["explain", "x", &"9".repeat(300)]).assert().code(2);
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.starts_with("there is no account \"999999999999… (300 digits)\": expected"), "{said}");
}

/// A wall of digits hides what is wrong.
#[test]
fn a_number_of_three_hundred_digits_is_cut() {
    let dir = tempfile::tempdir().expect("a folder");
    let long = "9".repeat(300);
    for (text, part) in [
        (format!("population.accounts = {long}"), "999999999999… (300 digits) is too large a whole number"),
        (
            format!("threat.session_mean_days = {long}.5"),
            "(301 digits) is not allowed here: expected a number above 0",
        ),
        (
            "prices.sms_cents = 1e300".to_owned(),
            "(301 digits).0` is not allowed here: expected a whole number",
        ),
        (format!("start = \"{long}\""), "\"999999999999… (300 digits)\" is not a date"),
    ] {
        std::fs::write(dir.path().join("it.toml"), format!("strategies = [\"lazy\"]\n{text}\n")).expect("a file");
        let assert = cutover(dir.path()).args(["validate", "it.toml"]).assert().code(2);
        let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(said.contains(part), "\"{part}\" is not in:\n{said}");
        assert!(said.len() < 600, "{} bytes:\n{said}", said.len());
    }
    let refused = Scenario::builder("long")
        .strategy(Strategy::preset("lazy").expect("a preset"))
        .set("threat.session_mean_days", 1e300);
    let said = refused.build().expect_err("too much").to_string();
    assert!(said.contains("(301 digits)") && said.len() < 300, "{said}");
}

#[test]
fn an_unwritable_folder_is_a_clear_error() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("file"), "in the way").expect("write");
    std::fs::create_dir_all(dir.path().join("theirs/store")).expect("folder");
    std::fs::write(dir.path().join("theirs/store/thesis.txt"), "ten years of work").expect("write");
    let quickstart = support::scenario("quickstart");
    let run = ["run", &quickstart, "--accounts", "100", "--replications", "1", "--out"];
    let assert = cutover(dir.path()).args(run).arg("file/out").assert().code(3);
    assert!(String::from_utf8_lossy(&assert.get_output().stderr).contains("file/out: cannot make this folder"));
    // A folder named store that is not ours is left alone.
    let assert = cutover(dir.path()).args(run).arg("theirs").assert().code(2);
    assert!(String::from_utf8_lossy(&assert.get_output().stderr).contains("was not made by cutover"));
    assert!(dir.path().join("theirs/store/thesis.txt").exists());
}
