//! What is said of made-up tests.

use super::*;
use crate::identity::trees::outlives::Outlives;
use crate::load::report::tests::report;
use crate::load::tally::tests::{sequence, tally};
use crate::load::tally::{LoadTally, TestTiming};

const TIMING: TestTiming = TestTiming { warm_up_us: 1_000_000, duration_us: 4_000_000, closed: false };

fn with(asked: Option<u64>, change: impl Fn(&mut LoadReport)) -> LoadReport {
    let sequence = sequence();
    let tallies: Vec<LoadTally<'_>> = [400, 500, 900].map(|us| tally(&sequence, TIMING, |_| us)).to_vec();
    let named: Vec<(&str, &LoadTally<'_>)> = ["sled", "redb", "nothing"].into_iter().zip(&tallies).collect();
    let mut report = report(&named, asked);
    for run in std::iter::once(&mut report.run).chain(&mut report.others) {
        run.held_back_s = 0.0;
        run.unlike_predicted_alone = 0;
    }
    change(&mut report);
    report
}

#[test]
fn the_headline_says_whether_the_store_holds() {
    let says = |asked, change: &dyn Fn(&mut LoadReport)| {
        let mut report = with(asked, change);
        report.others.clear();
        let text = told(&report);
        assert!(text.starts_with(&headline(&report)));
        text
    };
    let holds = says(Some(3_000), &|_| ());
    assert!(
        holds.starts_with("sled 1.2.3 took 1,000 of 1,000 requests/s asked: it holds this rate. Half"),
        "{holds}"
    );
    assert!(holds.contains("took 400 µs from when"), "{holds}");
    let just = says(Some(3_000), &|report| report.run.held_back_s = 1.0);
    assert!(
        just.contains("but only just") && just.contains("held back, all together: sled for 1.0 s."),
        "{just}"
    );
    let fails = says(Some(3_000), &|report| {
        (report.run.achieved_per_s, report.run.held_back_s, report.run.unanswered) = (400.0, 2.0, 7);
        report.run.all.latency_is_at_least = true;
    });
    assert!(fails.contains("took 400 of 1,000 requests/s asked: it does not hold this rate."), "{fails}");
    assert!(fails.contains("what flushing allows") && fails.contains("took at least 400 µs"), "{fails}");
    assert!(fails.contains("and 7 of 4,000 requests were given up") && fails.contains("≥400 µs"), "{fails}");
    let slow = says(Some(5_000), &|_| ());
    assert!(slow.contains("flushed at least every 500 ms"), "{slow}");
    assert!(slow.starts_with("The harness was too slow to ask sled 1.2.3 for 1,667 requests/s"), "{slow}");
    assert!(!slow.contains("holds this rate"), "{slow}");
    let closed = says(None, &|_| ());
    assert!(closed.contains("in a closed loop"), "{closed}");
    let lost = says(Some(3_000), &|report| report.run.acknowledged_lost = 3);
    assert!(lost.starts_with("Not right: sled lost 3 acknowledged requests."), "{lost}");
    let allowed = says(Some(3_000), &|report| {
        (report.run.acknowledged_lost, report.run.lost_is_allowed) = (3, true);
    });
    assert!(!allowed.contains("Not right") && allowed.contains("3 (allowed)"), "{allowed}");
}

#[test]
fn what_was_not_shown_is_told_first() {
    let alone = |change: &dyn Fn(&mut LoadReport)| {
        let mut report = with(Some(3_000), change);
        report.others.clear();
        told(&report)
    };
    let crashes = alone(&|report| (report.run.crashes_asked, report.run.crashes_survived) = (10, 3));
    assert!(
        crashes.starts_with("Not shown: sled was killed and opened again 3 of the 10 times that were asked for"),
        "{crashes}"
    );
    assert!(crashes.contains("3 of 10"), "{crashes}");
    let silent = alone(&|report| {
        (report.run.silent_from_s, report.run.proved) = (Some(12.0), false);
        report.run.failures = vec!["no flush ended for 30 s".to_owned()];
    });
    assert!(silent.starts_with("Not right: sled stopped answering after 12 s."), "{silent}");
    assert!(silent.contains("does not hold this rate") && !silent.contains("it holds this rate"), "{silent}");
    assert!(silent.contains("nothing is known of what is lost: sled (no flush ended for 30 s)."), "{silent}");
    let proof = silent.split("Proof").nth(1).expect("a proof");
    let row = |name: &str| proof.lines().find(|line| line.contains(name)).expect("a row").trim_end();
    assert!(row("acknowledged and lost").ends_with('–') && row("invariants broken").ends_with('–'), "{proof}");
}

#[test]
fn a_closed_loop_that_ended_early_is_told_and_not_ranked() {
    let early = with(None, |report| {
        report.run.used_up_s = Some(4.0);
        report.run.achieved_per_s = 9_000.0;
    });
    let (table, note) = side_by_side(&early).expect("several stores");
    assert!(note.contains("ended early because nothing was left to ask"), "{note}");
    assert!(table.rows.iter().all(|row| row[row.len() - 1] == "–"), "one is left: {table:?}");
    let doubts = doubts(&early);
    assert!(
        doubts.iter().any(|doubt| doubt.contains("used up before the time was over: sled after 4.0 s")),
        "{doubts:?}"
    );
}

#[test]
fn durabilities_are_told() {
    let report = with(None, |report| report.run.durability = "group:10ms".to_owned());
    assert_eq!(
        durability(&report.run),
        "group:10ms: acknowledged when flushed, many at once; what is flushed outlives the loss of power"
    );
}

#[test]
fn a_promise_that_ends_with_the_power_is_part_of_the_answer() {
    let says = |outlives, durability: &str| {
        let mortal = with(Some(3_000), |report| {
            (report.run.outlives, report.run.durability) = (Some(outlives), durability.to_owned());
        });
        (headline(&mortal), doubts(&mortal).join(" "))
    };
    let sentence = "What sled acknowledged outlives the death of the process, not the loss of power.";
    let (headline, doubts) = says(Outlives::Process, "group:10ms");
    assert!(headline.contains(sentence) && doubts.contains("--outlives power"), "{headline} {doubts}");
    let (headline, doubts) = says(Outlives::Power, "group:10ms");
    assert!(!headline.contains(sentence) && !doubts.contains("power"), "{headline} {doubts}");
    let (headline, _) = says(Outlives::Process, "none");
    assert!(!headline.contains(sentence), "nothing was promised: {headline}");
}

#[test]
fn close_values_are_a_tie() {
    let ahead = |report: &LoadReport, name: &str| {
        let (table, note) = side_by_side(report).expect("several stores");
        assert!(note.contains("1.5") && note.contains("nothing"), "{note}");
        let row = table.rows.iter().find(|row| row[0] == name).expect("a row");
        row[row.len() - 1].clone()
    };
    let tied = with(Some(3_000), |_| ());
    assert_eq!((ahead(&tied, "latency p99"), ahead(&tied, "requests/s")), ("tie".into(), "tie".into()));
    let apart = with(Some(3_000), |report| {
        report.others[0].achieved_per_s = 3_000.0;
        report.run.disk_bytes *= 2;
    });
    assert_eq!((ahead(&apart, "requests/s"), ahead(&apart, "size of the store")), ("redb".into(), "redb".into()));
    let slow = with(Some(3_000), |report| report.run.generator_limited = true);
    assert_eq!(ahead(&slow, "latency p99"), "–", "one is left");
    assert!(told(&apart).contains("Side by side"));
    let headline = headline(&apart);
    assert!(
        headline.starts_with("Of 1,000 requests/s asked, these were taken: sled 1,000, redb 3,000 and nothing"),
        "{headline}"
    );
    assert!(headline.ends_with("sled and redb hold this rate."), "{headline}");
}

#[test]
fn stores_of_unequal_size_are_not_compared_in_silence() {
    let alike = with(Some(3_000), |_| ());
    let unlike = with(Some(3_000), |report| report.others[0].preload.accounts += 1);
    let is_told = |report: &LoadReport| doubts(report).iter().any(|doubt| doubt.contains("same number of accounts"));
    assert!(!is_told(&alike) && is_told(&unlike));
}
