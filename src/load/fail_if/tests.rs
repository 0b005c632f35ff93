//! Limits, against a made-up report.

use super::*;
use crate::load::report::tests::facts;
use crate::load::tally::TestTiming;
use crate::load::tally::tests::{sequence, tally};

fn report(asked: u64, latency_us: u64) -> BackendReport {
    let sequence = sequence();
    let timing = TestTiming { warm_up_us: 0, duration_us: 2_000_000, closed: false };
    BackendReport::new(&tally(&sequence, timing, |_| latency_us), facts("sled", Some(asked)))
}

fn judged(limit: &str, report: &BackendReport) -> LimitResult {
    limit.parse::<Limit>().expect(limit).judge(report).expect(limit)
}

#[test]
fn limits_are_held_against_what_was_measured() {
    let report = report(2_000, 12_000);
    for (limit, broken, value) in [
        ("archive.p99 > 20ms", false, 12.0),
        ("archive.p99>=0.012s", true, 0.012),
        ("all.p999 > 11_999us", true, 12_000.0),
        ("all.service_max > 6.01ms", false, 6.0),
        ("all.failed > 0", false, 0.0),
        ("revoke_sessions.refused <= 5", false, 40.0),
        ("achieved < 900/s", false, 994.0),
        ("achieved < 3000", true, 994.0),
        ("flush_lag.max > 25ms", true, 30.0),
        ("lateness.p99 > 1 ms", false, 0.04),
        ("lost > 0", false, 0.0),
        ("invariants_broken > 0", false, 0.0),
        ("crashes_survived > 0", false, 0.0),
        ("crashes_survived < 1", true, 0.0),
    ] {
        let judged = judged(limit, &report);
        assert_eq!(judged.broken, broken, "{judged:?}");
        assert!(judged.value.is_some_and(|found| (found - value).abs() < 0.01 * (1.0 + value)), "{judged:?}");
        assert!(judged.why.ends_with(if broken { ": broken" } else { ": kept" }), "{judged:?}");
    }
}

#[test]
fn what_is_not_known_is_no_pass() {
    let limited = judged("all.p99 > 1s", &report(3_000, 500));
    assert!(limited.broken && limited.why.contains("harness was too slow"), "{limited:?}");

    let known = judged("lost > 0", &report(3_000, 500));
    assert!(!known.broken && known.why.ends_with(": kept"), "{known:?}");

    let mut given_up = report(2_000, 500);
    given_up.all.latency_is_at_least = true;
    let unsure = judged("all.p99 > 1s", &given_up);
    assert!(unsure.broken && unsure.why.contains("at least 500 µs"), "{unsure:?}");
    given_up.all.latency_us = None;
    assert!(judged("all.p99 > 1s", &given_up).broken);

    let error = "merge.p99 > 1s".parse::<Limit>().expect("a limit").judge(&given_up).expect_err("nothing to judge");
    assert!(error.to_string().contains("archive, revoke_sessions"), "{error}");
    let error = "merge.tried < 1".parse::<Limit>().expect("a limit").check(&sequence()).expect_err("none in it");
    assert!(error.to_string().contains("revoke_sessions, archive"), "{error}");
}

#[test]
fn what_keeps_nothing_or_was_not_looked_into_has_not_lost_nothing() {
    for backend in ["nothing", "memory"] {
        let report = BackendReport { backend: backend.to_owned(), ..report(2_000, 500) };
        for limit in ["lost > 0", "invariants_broken > 0", "crashes_survived < 0"] {
            let judged = judged(limit, &report);
            assert!(judged.broken && judged.value.is_none(), "{judged:?}");
            assert!(judged.why.ends_with("nothing is stored: that is no pass"), "{judged:?}");
        }
        for limit in ["all.p99 > 1s", "all.failed > 0", "achieved < 1"] {
            assert!(!judged(limit, &report).broken, "{limit}");
        }
    }
    let unproved = BackendReport { proved: false, ..report(2_000, 500) };
    assert!(judged("lost > 0", &unproved).why.contains("could not be held against its log"));
    assert!(judged("invariants_broken > 0", &unproved).broken);
}

#[test]
fn what_cannot_be_read_is_told_with_what_is_allowed() {
    for (limit, told) in [
        ("redem.p99 > 20ms", "did you mean 'redeem'?"),
        ("redeem.p99", "no operator"),
        ("redeem.p99 = 20ms", "one of >, >=, <, <="),
        ("redeem.p95 > 20ms", "Allowed: p50, p90, p99, p999, max, service_p50"),
        ("redeem.faild > 0", "did you mean 'failed'?"),
        ("redeem > 20ms", "redeem.p99"),
        ("redeem.p99 > 20", "us, ms or s"),
        ("redeem.p99 > 20min", "not 'min'"),
        ("redeem.p99 > -20ms", "number"),
        ("redeem.p99 > ", "missing"),
        ("redeem.failed > 1ms", "no unit"),
        ("achieved < 5/min", "/s, not '/min'"),
        ("flush_lag.p42 > 1s", "unknown percentile 'p42'"),
        ("lots > 0", "did you mean 'lost'?"),
    ] {
        let error = limit.parse::<Limit>().expect_err(limit);
        let error = error.to_string();
        assert!(error.contains(told), "{error}");
    }
}
