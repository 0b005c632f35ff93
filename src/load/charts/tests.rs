//! Charts of made-up tests, and the files and the page around them.

use super::*;
use crate::folder::{Files, Kind, MANIFEST, Manifest};
use crate::load::ack::{Answered, LogEntry, StoreAnswer};
use crate::load::report::tests::report;
use crate::load::report::{LimitReport, LoadReport, TrialReport, TrialVerdict};
use crate::load::sequence::Sequence;
use crate::load::tally::TestTiming;
use crate::load::tally::tests::{answered, sequence, tally};
use crate::load::{files, output};

/// A test of a store whose requests pile up after a while, with a pause at each tenth second.
fn piling<'a>(sequence: &'a Sequence, seconds: u64, from_s: u64) -> LoadTally<'a> {
    let timing = TestTiming {
        warm_up_us: 2_000_000,
        duration_us: seconds * 1_000_000,
        closed: false,
    };
    tally(sequence, timing, |place| {
        let piled = 700 * place.saturating_sub(from_s * 1_000);
        let paused = if place % 10_000 < 150 {
            150_000 - 1_000 * (place % 10_000)
        } else {
            0
        };
        200 + 13 * (place * place % 97) + piled + paused
    })
}

fn limit(verdicts: &[TrialVerdict]) -> LimitReport {
    let trial = |(n, verdict): (usize, &TrialVerdict)| TrialReport {
        rate_per_s: 2_000.0 * 1.3_f64.powi(n as i32),
        achieved_per_s: 2_000.0,
        p50_us: 200 + 20 * n as u64,
        p99_us: 1_000 * 4_u64.pow(n as u32),
        p999_us: 3_000 * 4_u64.pow(n as u32),
        over_target_share: [0.0, 0.01, 0.02],
        verdict: *verdict,
        seconds: 20.0,
    };
    let at = |wanted: TrialVerdict| {
        let rates = verdicts.iter().enumerate().filter(|(_, verdict)| **verdict == wanted);
        rates.map(|(n, _)| 2_000.0 * 1.3_f64.powi(n as i32)).collect::<Vec<f64>>()
    };
    LimitReport {
        quantile: 0.99,
        target_us: 20_000,
        held_per_s: at(TrialVerdict::Held).last().copied(),
        broke_per_s: at(TrialVerdict::Broke).first().copied(),
        confidence: 0.95,
        verdict: "It holds 3,380 requests/s, and misses its target at 5,712.".to_owned(),
        trials: verdicts.iter().enumerate().map(trial).collect(),
    }
}

fn readable(report: &LoadReport, tallies: &[LoadTally<'_>], pace: Option<&Pace>) -> Vec<String> {
    let charts = all(&LoadFindings { report, tallies, pace });
    for chart in &charts {
        let marks = chart.drawing.misplaced();
        assert!(marks.is_empty(), "{}: {marks:#?}", chart.id);
        assert!(![&chart.shows, &chart.read, &chart.act].into_iter().any(String::is_empty));
    }
    charts.into_iter().map(|chart| chart.id).collect()
}

#[test]
fn every_label_can_be_read() {
    use TrialVerdict::{Broke, Generator, Held, Undecided};
    let sequence = sequence();
    for seconds in [4, 8, 45, 400, 1_300] {
        let mut one = piling(&sequence, seconds, 30);
        one.add(&LogEntry::Start { from_us: 1_500_000, rss_bytes: 0, opening_us: 0, killed: 1 });
        let mut report = report(&[("sled", &one)], Some(1_000 * (seconds - 2)));
        let tallies = [one];
        for limit in [
            None,
            Some(limit(&[Held, Held, Undecided, Broke, Broke])),
            Some(limit(&[Broke])),
            Some(limit(&[Held, Generator])),
            Some(limit(&[Undecided])),
        ] {
            report.limit = limit;
            let ids = readable(&report, &tallies, Some(&Pace::Steady(1_000.0)));
            let knee = report.limit.is_some();
            assert_eq!((ids.contains(&"knee".to_owned()), ids.len()), (knee, 3 + usize::from(knee)), "{ids:?}");
        }
        report.limit = None;
        assert!(readable(&report, &tallies, Some(&Pace::Ramp { from: 1.0, to: 2.0 })).contains(&"knee".to_owned()));
    }
}

#[test]
fn nothing_measured_draws_nothing() {
    let sequence = sequence();
    let timing = TestTiming { warm_up_us: 1, duration_us: 1_000_000, closed: true };
    let tally = LoadTally::new(timing, &sequence).expect("a tally");
    let report = report(&[("sled", &tally)], None);
    assert!(readable(&report, &[tally], None).is_empty());
}

#[test]
fn a_load_test_writes_its_files_and_a_page() {
    let sequence = sequence();
    let names = ["sled", "redb", "fjall", "memory", "nothing"];
    let mut tallies: Vec<LoadTally<'_>> = (0..5).map(|n| piling(&sequence, 40, 5 * (n + 2))).collect();
    let given_up = Answered { answer: StoreAnswer::Unanswered, ..answered(39_000, 900_000) };
    tallies[0].add(&LogEntry::Answered(given_up));
    let named: Vec<(&str, &LoadTally<'_>)> = names.into_iter().zip(&tallies).collect();
    let mut report = report(&named, Some(38_000));
    report.limit = Some(limit(&[TrialVerdict::Held, TrialVerdict::Broke]));
    let judged = "archive.p99 > 1s".parse::<crate::load::fail_if::Limit>().expect("a limit").judge(&report.run);
    report.fail_if.push(judged.expect("judged"));
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let mut files = Files::new(&out, Kind::Load, "1").expect("files");
    let findings = LoadFindings { report: &report, tallies: &tallies, pace: None };
    files.begin(false).expect("begun");
    output::add_figures(&mut files, findings.report, findings.tallies).expect("figures");
    files::add_report(&mut files, &findings).expect("report");
    files.commit().expect("in place");
    let mut written: Vec<String> = Vec::new();
    for (below, prefix) in [(out.clone(), ""), (out.join("charts"), "charts/")] {
        let entries = std::fs::read_dir(below).expect("a folder").map(|entry| entry.expect("an entry"));
        let entries = entries.filter(|entry| entry.path().is_file());
        written.extend(entries.map(|entry| format!("{prefix}{}", entry.file_name().to_string_lossy())));
    }
    let manifest = Manifest::read(&out).expect("read").expect("a manifest");
    assert!(written.iter().all(|name| name == MANIFEST || manifest.files.contains_key(name)), "{written:?}");
    manifest.check(&out).expect("as written");
    for name in [
        "load.json",
        "index.html",
        "sled-latency.hgrm",
        "redb-latency-archive.hgrm",
        "charts/heat-fjall.png",
    ] {
        assert!(written.contains(&name.to_owned()), "{name} is not in {written:?}");
    }
    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    for part in [
        "Before you believe it",
        "Stores side by side",
        "coordinated omission",
        "≥",
        "archive.p99 &gt; 1s",
    ] {
        assert!(page.contains(part) || page.contains(&part.replace("&gt;", "&#62;")), "{part} is missing");
    }
    assert_eq!(page.matches("http-equiv").count(), 1, "the policy");
    assert!(!page.contains("<script"), "the page is self-contained");
    drop(files);
    // It may be written over, and a folder of another kind may not.
    drop(Files::new(&out, Kind::Load, "1").expect("our own"));
    for kind in [Kind::Run, Kind::Plan] {
        let error = Files::new(&out, kind, "1").expect_err("another kind");
        assert!(error.to_string().contains("load.json"), "{error}");
    }
}
