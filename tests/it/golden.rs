//! Golden files that a person has read: a small run's verdict, and the stories of accounts whose lives are eventful.
//!
//! If a change is meant, look at the difference, then accept it with `INSTA_UPDATE=always cargo test golden`.

use super::support::{cutover, scenario};

/// The standard output of a command in a folder with the finished run of `tiny`.
fn said(arguments: &[&str]) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let run = cutover(dir.path()).args(["run", &scenario("tiny"), "--out", "out"]).assert().success();
    let output = match arguments {
        [] => run,
        _ => cutover(dir.path()).args(arguments).assert().success(),
    };
    String::from_utf8_lossy(&output.get_output().stdout).into_owned()
}

#[test]
fn the_verdict_of_a_small_run() {
    let verdict = said(&[]);
    // The last line tells how long it took.
    let without_clock = verdict.trim_end().rsplit_once('\n').map_or("", |(text, _)| text);
    insta::assert_snapshot!(without_clock);
}

#[test]
fn the_stories_of_a_few_accounts() {
    for account in ["12", "1063", "1111", "1137"] {
        insta::assert_snapshot!(format!("account_{account}"), said(&["explain", "out", account, "--operations"]));
    }
}

#[test]
fn a_sample_of_the_population() {
    let dir = tempfile::tempdir().expect("a folder");
    let sample = cutover(dir.path()).args(["validate", &scenario("tiny"), "--sample", "12"]).assert().success();
    insta::assert_snapshot!(String::from_utf8_lossy(&sample.get_output().stdout).into_owned());
}
