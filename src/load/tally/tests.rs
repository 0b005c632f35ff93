//! A made-up test for whatever tells of one, and the counts of it.

use super::*;
use crate::calendar::SimTime;
use crate::load::ack::LogEnd;
use crate::load::sequence::Deed;
use crate::terms::operation::{AccountId, Actor, Operation};

/// A window of a thousand requests: nine revocations, and then an archiving, and so on; accounts from 900 share contacts.
pub fn sequence() -> Sequence {
    let part = |number: u64| {
        let operation = match number % 10 {
            9 => Operation::Archive,
            _ => Operation::RevokeSessions,
        };
        let deed = Deed { actor: Actor::System, operation, refused: None };
        (AccountId(number), SimTime(number as i64), number < 900, vec![deed])
    };
    Sequence::new(SimTime(0), 1_000, 1_000, (0..1_000).map(part).collect()).expect("a sequence")
}

/// A tally of a test of some seconds with a request each millisecond.
pub fn tally<'a>(sequence: &'a Sequence, timing: TestTiming, latency_us: impl Fn(u64) -> u64) -> LoadTally<'a> {
    let mut tally = LoadTally::new(timing, sequence).expect("a tally");
    tally.add(&LogEntry::Start {
        from_us: 0,
        rss_bytes: 50 << 20,
        opening_us: 3_000,
        killed: 0,
    });
    for place in 0..timing.duration_us / 1_000 {
        tally.add(&LogEntry::Answered(answered(place, latency_us(place))));
        if place % 100 == 0 {
            let time_us = place * 1_000;
            tally.add(&LogEntry::Flush {
                time_us,
                lag_us: 20_000 + place,
                transactions: 100,
                took_us: 3_000,
            });
            tally.add(&LogEntry::Gauge(gauge(time_us)));
        }
    }
    tally.add(&LogEntry::Gauge(gauge(timing.duration_us)));
    tally.add(&LogEntry::End(LogEnd::default()));
    tally
}

/// An answer to the request that is due at this millisecond.
pub fn answered(place: u64, done_us: u64) -> Answered {
    Answered {
        place,
        due_us: place * 1_000,
        late_us: 40,
        begun_us: done_us / 2,
        done_us,
        answer: StoreAnswer::Acknowledged {
            first_audit: 0,
            refused: u32::from(place.is_multiple_of(50)) * 0b101,
            as_predicted: !place.is_multiple_of(97),
        },
    }
}

fn gauge(time_us: u64) -> Gauge {
    Gauge {
        time_us,
        in_flight: 3,
        flush_lag_us: 30_000,
        held_back_us: time_us / 10,
        peak_rss_bytes: 200 << 20,
        device_bytes: time_us * 5,
        logical_bytes: time_us,
        transactions: time_us / 1_000,
    }
}

const TIMING: TestTiming = TestTiming { warm_up_us: 1_000_000, duration_us: 4_000_000, closed: false };

#[test]
fn counts_are_of_the_whole_test_and_times_leave_out_the_warm_up() {
    let sequence = sequence();
    let tally = tally(&sequence, TIMING, |place| if place < 1_000 { 900_000 } else { 500 });
    assert_eq!((tally.all.tried, tally.all.acknowledged, tally.all.failed), (4_000, 4_000, 0));
    assert_eq!((tally.all.refused, tally.all.refused_operations), (80, 160));
    assert_eq!(tally.all.as_predicted + tally.all.unlike_predicted_alone + tally.all.unlike_predicted_shared, 4_000);
    assert!(tally.all.unlike_predicted_shared > 0 && tally.all.unlike_predicted_alone > 0);
    assert_eq!((tally.all.latency.len(), tally.all.latency.max(), tally.all.service.max()), (3_000, 500, 250));
    assert_eq!(tally.kinds[&RequestKind::Archive].tried, 400);
    assert_eq!(tally.kinds.values().map(|kind| kind.tried).sum::<u64>(), 4_000);
    // The slow ones of the warm-up are acknowledged after it.
    assert_eq!(tally.acknowledged_in_time, 3_000 + 900);
    assert!((tally.achieved_per_s() - 1_300.0).abs() < 1e-9 && tally.sent_in_time == 3_000);
    assert_eq!((tally.flush_lag.len(), tally.flush_took.len()), (30, 30));
    assert_eq!((tally.flush_lag_most_us, tally.flushes), (30_000, 40));
    assert_eq!(tally.slices.len(), 5, "four seconds, and the end");
    assert_eq!((tally.slices[&0].above(800_000), tally.slices[&1].above(800_000)), (1_000, 0));
    assert!(tally.slices[&1].quantile_us(0.5).is_some_and(|us| (495..=505).contains(&us)));
}

#[test]
fn what_is_given_up_counts_with_its_age_and_what_fails_has_no_latency() {
    let sequence = sequence();
    let mut tally = LoadTally::new(TIMING, &sequence).expect("a tally");
    let given_up = Answered {
        answer: StoreAnswer::Unanswered,
        ..answered(2_000, 2_000_000)
    };
    tally.add(&LogEntry::Answered(given_up));
    tally.add(&LogEntry::Answered(Answered { answer: StoreAnswer::Failed, ..answered(2_001, 10) }));
    assert_eq!((tally.all.tried, tally.all.unanswered, tally.all.failed, tally.all.given_up), (2, 1, 1, 1));
    assert_eq!((tally.all.latency.len(), tally.all.service.len(), tally.acknowledged_in_time), (1, 0, 0));
    assert!(tally.all.latency.max() >= 2_000_000);
}

#[test]
fn counters_of_several_lives_are_added_up_and_an_outage_is_no_lateness() {
    let sequence = sequence();
    let mut tally = tally(&sequence, TIMING, |_| 500);
    let before = tally.lateness.len();
    tally.add(&LogEntry::Start { from_us: 3_000_000, rss_bytes: 1, opening_us: 9, killed: 1 });
    tally.add(&LogEntry::Answered(Answered { late_us: 900_000, ..answered(2_500, 900_100) }));
    tally.add(&LogEntry::Gauge(gauge(3_500_000)));
    assert_eq!(tally.lateness.len(), before);
    assert_eq!(tally.lives.len(), 2);
    assert_eq!(tally.sum(|gauge| gauge.logical_bytes), 4_000_000 + 3_500_000);
}

#[test]
fn a_test_that_is_broken_off_is_measured_until_then() {
    let sequence = sequence();
    let mut tally = LoadTally::new(TIMING, &sequence).expect("a tally");
    tally.add(&LogEntry::Start { from_us: 0, rss_bytes: 0, opening_us: 0, killed: 0 });
    for place in 0..2_000 {
        tally.add(&LogEntry::Answered(answered(place, 100)));
    }
    tally.add(&LogEntry::Gauge(gauge(2_000_000)));
    tally.add(&LogEntry::End(LogEnd::default()));
    assert_eq!(
        (tally.broken_off_us(), tally.measured_s()),
        (None, 3.0),
        "all is answered: nothing was due any more"
    );
    tally.add(&LogEntry::Answered(Answered { answer: StoreAnswer::Unanswered, ..answered(2_000, 100) }));
    assert_eq!((tally.broken_off_us(), tally.measured_s()), (Some(2_000_000), 1.0));
    assert!((tally.achieved_per_s() - 1_000.0).abs() < 1e-9);
}

#[test]
fn long_tests_have_longer_slices() {
    let sequence = sequence();
    let timing = |minutes: u64| TestTiming {
        warm_up_us: 0,
        duration_us: minutes * 60_000_000,
        closed: false,
    };
    let slice_us = |minutes| LoadTally::new(timing(minutes), &sequence).expect("a tally").slice_us;
    assert_eq!(
        (slice_us(1), slice_us(10), slice_us(11), slice_us(60)),
        (1_000_000, 1_000_000, 2_000_000, 6_000_000)
    );
}
