//! A made-up report for whatever tells of one, and its promises.

use super::*;
use crate::identity::trees::outlives::Outlives;
use crate::load::ack::Seal;
use crate::load::tally::tests::{sequence, tally};
use crate::load::tally::{LoadTally, TestTiming};

/// Facts of a made-up backend.
pub fn facts(backend: &str, asked: Option<u64>) -> Facts {
    Facts {
        backend: backend.to_owned(),
        version: "1.2.3".to_owned(),
        durability: "flushed at least every 500 ms".to_owned(),
        outlives: Some(Outlives::Power),
        workers: 2,
        asked,
        preloaded_bytes: 100 << 20,
        disk_bytes: 140 << 20,
        preload: Preload {
            accounts: 1_000,
            records: 5_000,
            seconds: 2.0,
            ..Preload::default()
        },
        proof: ProofFacts { made: true, ..ProofFacts::default() },
        crashes_asked: 0,
        most_requests: 1_000_000,
        duration_us: 4_000_000,
        seal: Seal::default(),
    }
}

/// A made-up report of these tallies and their backends.
pub fn report(tallies: &[(&str, &LoadTally<'_>)], asked: Option<u64>) -> LoadReport {
    let mut backends = tallies.iter().map(|(name, tally)| BackendReport::new(tally, facts(name, asked)));
    LoadReport {
        schema_version: SCHEMA_VERSION,
        run_id: "1".to_owned(),
        scenario: "made-up".to_owned(),
        scenario_hash: "0123456789abcdef".to_owned(),
        seed: 1,
        strategy: "reset-only".to_owned(),
        window: WindowReport {
            start: "2026-03-10T08:00:00".to_owned(),
            length_s: 3_600.0,
            requests: 1_000,
            operations: 1_000,
        },
        sequence_hash: "fedcba9876543210".to_owned(),
        is_open: Loop::Open,
        pace: "1,000 requests/s".to_owned(),
        speed: Some(3.6),
        warm_up_s: 1.0,
        run: backends.next().expect("a backend"),
        others: backends.collect(),
        limit: None,
        fail_if: Vec::new(),
        last_evidence: None,
    }
}

const TIMING: TestTiming = TestTiming { warm_up_us: 1_000_000, duration_us: 4_000_000, closed: false };

#[test]
fn load_json_has_the_names_it_promises_and_comes_back() {
    let sequence = sequence();
    let tally = tally(&sequence, TIMING, |place| 500 + place);
    let report = report(&[("sled", &tally), ("redb", &tally)], Some(3_000));
    let bytes = report.json().expect("json");
    let json: serde_json::Value = serde_json::from_slice(&bytes).expect("json");
    let promised = "schema_version backend durability asked_per_s achieved_per_s generator_limited duration_s \
                    sequence_hash operations flush_lag_ms disk_bytes peak_rss_bytes crashes_survived acknowledged_lost \
                    invariants_broken loop others limit fail_if";
    for name in promised.split_whitespace() {
        assert!(json.get(name).is_some(), "{name} is missing");
    }
    for name in ["tried", "acknowledged", "refused", "failed"] {
        assert!(json["operations"]["archive"][name].is_u64(), "{name} is missing");
    }
    for name in ["p50", "p90", "p99", "p999", "max"] {
        assert!(json["operations"]["archive"]["latency_us"][name].is_u64(), "{name} is missing");
        assert!(json["operations"]["archive"]["service_us"][name].is_u64(), "{name} is missing");
        assert!(json["flush_lag_ms"][name].is_f64(), "{name} is missing");
    }
    assert_eq!((json["loop"].as_str(), json["asked_per_s"].as_f64()), (Some("open"), Some(1_000.0)));
    assert_eq!(json["write_amplification"].as_f64(), Some(5.0));
    assert_eq!(serde_json::from_slice::<LoadReport>(&bytes).expect("a report"), report);
}

#[test]
fn a_harness_that_is_late_or_sends_too_little_is_told() {
    let sequence = sequence();
    let limited = |tally: &LoadTally<'_>, asked| {
        let report = BackendReport::new(tally, facts("sled", asked));
        assert_eq!(report.generator.contains("too slow"), report.generator_limited, "{}", report.generator);
        report.generator_limited
    };
    let mut tally = tally(&sequence, TIMING, |_| 500);
    assert!(!limited(&tally, Some(3_000)) && !limited(&tally, Some(3_030)) && !limited(&tally, None));
    assert!(limited(&tally, Some(3_031)), "less than 99 % were sent");
    tally.lateness.record_n(1_000, 3_000).expect("recorded");
    assert!(!limited(&tally, Some(3_000)));
    tally.lateness.record_n(1_100, 3_000).expect("recorded");
    assert!(limited(&tally, Some(3_000)), "late by more than a millisecond");
    tally.all.latency.record_n(12_000, 3_000).expect("recorded");
    assert!(!limited(&tally, Some(3_000)), "late by less than a tenth of the latency");
}
