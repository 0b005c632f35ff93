//! A stall of the store is seen by everybody who comes while it lasts, and the latencies say so.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cutover::identity::trees::faulty::{Fault, Faulty};
use cutover::identity::trees::memory::MemoryTrees;
use cutover::load::ack::StoreAnswer;
use cutover::load::pace::Pace;
use cutover::load::tally::{LoadTally, TestTiming};

use super::{Ground, entries};

const STALL: Duration = Duration::from_millis(500);

#[test]
#[allow(clippy::disallowed_methods, reason = "a stall is real time")]
fn a_stall_shows_in_the_high_percentiles_as_theory_says() {
    let ground = Ground::new("2026-03-02/P28D");
    let store = MemoryTrees::default();
    ground.preload(&store, 1);
    // One worker: while it stands still, so does everything.
    let store = Arc::new(Faulty::new(store).with(1_000, Fault::Stall(STALL)));
    let dir = tempfile::tempdir().expect("a folder");
    let plan = ground.plan(Some(Pace::Steady(2_000.0)), 1);
    let log = dir.path().join("log");
    let began = Instant::now();
    let (_, answers) = ground.play(Arc::<Faulty<MemoryTrees>>::clone(&store), &plan, &log);
    assert!(began.elapsed() > STALL);

    // Theory: whoever is due while the store stands still waits until it goes on, and for those before them; everybody
    // else is served at once. No more is needed than when the requests are due and when the stall began and ended.
    let stalled = store.stalls()[0];
    let victim = answers.iter().max_by_key(|answered| answered.done_us - answered.begun_us).expect("answers");
    let stall_ends_us = victim.due_us + victim.done_us;
    let stall_us = (stalled.ended - stalled.began).as_micros() as u64;
    let predicted = answers.iter().map(|answered| match answered.due_us {
        due_us if due_us >= stall_ends_us || due_us + stall_us < stall_ends_us => 0,
        due_us => stall_ends_us - due_us,
    });
    let mut predicted: Vec<u64> = predicted.collect();
    predicted.sort_unstable();

    let timing = TestTiming { warm_up_us: 0, duration_us: plan.duration_us, closed: false };
    let mut tally = LoadTally::new(timing, &ground.found.sequence).expect("a tally");
    entries(&log).iter().for_each(|entry| tally.add(entry));
    let sent = predicted.len() as f64;
    for share in [0.9, 0.95, 0.99, 0.999] {
        let theory_us = predicted[(share * sent).ceil() as usize - 1];
        let measured_us = tally.all.latency.value_at_quantile(share);
        // Coordinated omission would leave one slow request, and nothing at these percentiles. The machine may add to
        // what theory says, and cannot take from it but by the three digits of the histogram.
        assert!(measured_us as f64 > 0.99 * theory_us as f64, "{share}: {measured_us} instead of {theory_us}");
        assert!(theory_us == 0 || theory_us > 10_000, "the stall lies within the percentile {share}: {theory_us}");
    }
    let p999 = predicted[(0.999 * sent).ceil() as usize - 1];
    assert!(p999 > 400_000, "nearly the whole stall: {p999}");
}

#[test]
fn a_request_that_fails_is_counted_and_the_test_goes_on() {
    let ground = Ground::new("2026-03-02/P28D");
    let store = MemoryTrees::default();
    ground.preload(&store, 1);
    let store = Faulty::new(store).with(10, Fault::Fail).with(500, Fault::Fail);
    let dir = tempfile::tempdir().expect("a folder");
    let (played, answers) = ground.play(Arc::new(store), &ground.plan(None, 1), &dir.path().join("log"));
    assert_eq!(played.failed.0, 2);
    assert!(played.failed.1.is_some_and(|said| said.contains("planted")));
    assert_eq!(answers.iter().filter(|answered| answered.answer == StoreAnswer::Failed).count(), 2);
    assert_eq!(answers.len() as u64, ground.found.sequence.len());
}

#[test]
fn what_is_not_answered_in_time_is_in_the_latencies_with_its_age() {
    let ground = Ground::new("2026-03-09/P1D");
    let store = MemoryTrees::default();
    ground.preload(&store, 1);
    let store = Faulty::new(store).with(20, Fault::Stall(Duration::from_secs(2)));
    let dir = tempfile::tempdir().expect("a folder");
    let mut plan = ground.plan(Some(Pace::Steady(1_000.0)), 1);
    (plan.duration_us, plan.drain_us) = (1_000_000, 100_000);
    let (_, answers) = ground.play(Arc::new(store), &plan, &dir.path().join("log"));
    let given_up: Vec<_> = answers.iter().filter(|answered| answered.answer == StoreAnswer::Unanswered).collect();
    let due = plan.due_before(&ground.found.sequence, plan.duration_us);
    assert_eq!(answers.len() as u64, due, "every request that was due is accounted for");
    assert!(given_up.len() as u64 > due / 2, "{} of {due}", given_up.len());
    assert!(given_up.iter().all(|answered| answered.due_us + answered.done_us >= 1_100_000));
}
