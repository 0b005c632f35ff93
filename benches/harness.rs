//! What the load harness costs: a closed loop on a store that does nothing, and one on sled beside a hand-written loop of
//! the same transactions, flushed as often, without schedule, log, gates or clock.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use cutover::engine::operations::ArmOperations;
use cutover::identity::rules;
use cutover::identity::trees::nothing::Nothing;
use cutover::identity::trees::sled::SledTrees;
use cutover::identity::trees::{Encoded, Scratch, TreeStore};
use cutover::load::durability::Durability;
use cutover::load::player::{self, Before, PlayPlan};
use cutover::load::preload::{self, PreloadSpec};
use cutover::load::sequence::Sequence;
use cutover::load::stores;
use cutover::load::window::{self, FoundWindow, Window};
use cutover::scenario::Scenario;
use cutover::watch::Unwatched;

const RECORD_BYTES: usize = 256;

/// Workers of both loops.
const WORKERS: usize = 2;

/// Transactions after which both flush.
const FLUSH_AFTER: u64 = 256;

/// Requests on sled, and on the store that does nothing.
const ON_SLED: u64 = 20_000;
const ON_NOTHING: u64 = 1_000_000;

fn ground() -> (ArmOperations, FoundWindow) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/quickstart.toml");
    let sets = [
        "population.accounts=20000".to_owned(),
        "desk.for_accounts=20000".to_owned(),
    ];
    let loaded = Scenario::load(path.as_ref(), &["reset-only".to_owned()], &sets).expect("a valid scenario");
    let scenario = &loaded.scenario;
    let script = ArmOperations::new(scenario, None, 0, 0, &Unwatched).expect("a script");
    let found = window::find(&script, Window::PeakHour, &scenario.calendar(), scenario.hours(), &Unwatched);
    (script, found.expect("a peak hour"))
}

fn plan(most: u64) -> PlayPlan {
    PlayPlan {
        pace: None,
        duration_us: 600_000_000,
        drain_us: 1_000_000,
        workers: WORKERS,
        durability: Durability::None,
        max_flush_lag_us: 500_000,
        record_bytes: RECORD_BYTES,
        most,
        most_in_flight: u64::MAX,
        silence_us: 60_000_000,
    }
}

/// The requests through the harness.
fn harness(store: Arc<dyn TreeStore>, sequence: &Arc<Sequence>, most: u64, folder: &Path) {
    let log = folder.join("log");
    let played = player::play(store, sequence, &plan(most), &log, Before::default(), &|| false).expect("played");
    assert_eq!(played.failed.0, 0);
    std::fs::remove_file(log).expect("removed");
}

/// The same requests by hand.
fn by_hand(store: &dyn TreeStore, sequence: &Sequence, most: u64) {
    let (next, unflushed, over) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                scope.spawn(|| {
                    let mut scratch = Scratch::default();
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        if place >= most {
                            break;
                        }
                        let turn = sequence.turn(place);
                        let body = &mut |transaction: &mut dyn cutover::identity::trees::Transaction| {
                            let mut view = Encoded::new(transaction, &mut scratch, RECORD_BYTES);
                            for deed in turn.deeds() {
                                let (at, actor) = (turn.request.at, deed.actor);
                                let _ = rules::apply(&mut view, turn.account, at, actor, deed.operation)?;
                            }
                            Ok(())
                        };
                        store.transact(false, body).expect("done");
                        unflushed.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                if unflushed.load(Ordering::Relaxed) >= FLUSH_AFTER {
                    unflushed.store(0, Ordering::Relaxed);
                    store.sync().expect("flushed");
                } else {
                    std::thread::sleep(Duration::from_micros(200));
                }
            }
        });
        workers.into_iter().for_each(|worker| worker.join().expect("worked"));
        over.store(true, Ordering::Relaxed);
    });
    store.sync().expect("flushed");
}

fn loops(criterion: &mut Criterion) {
    let (script, found) = ground();
    let sequence = Arc::new(found.sequence.clone());
    println!("{} requests in the window, sequence {}", sequence.len(), sequence.hash());
    let root = tempfile::tempdir().expect("a folder");
    let preloaded = root.path().join("preloaded");
    {
        let store = SledTrees::open(&preloaded).expect("a store");
        let cohorts = ON_SLED.div_ceil(sequence.len());
        let wanted = PreloadSpec { key: "bench".to_owned(), cohorts, record_bytes: RECORD_BYTES };
        preload::preload(&script, &found, &store, &wanted, &Unwatched, &|| 0).expect("preloaded");
    }
    let fresh = || {
        let folder = tempfile::tempdir_in(root.path()).expect("a folder");
        stores::copy_folder(&preloaded, &folder.path().join("store")).expect("copied");
        let store: Arc<dyn TreeStore> = Arc::new(SledTrees::open(&folder.path().join("store")).expect("a store"));
        (folder, store)
    };

    let mut group = criterion.benchmark_group("harness");
    group.sample_size(10);
    group.throughput(Throughput::Elements(ON_NOTHING));
    group.bench_function("closed loop on a store that does nothing", |bencher| {
        bencher.iter(|| harness(Arc::new(Nothing), &sequence, ON_NOTHING, root.path()));
    });
    group.throughput(Throughput::Elements(ON_SLED));
    group.bench_function("closed loop on sled, to disk", |bencher| {
        bencher.iter_batched(
            fresh,
            |(folder, store)| {
                harness(store, &sequence, ON_SLED, folder.path());
                folder
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("bare: the same transactions by hand, to disk", |bencher| {
        bencher.iter_batched(
            fresh,
            |(folder, store)| {
                by_hand(&*store, &sequence, ON_SLED);
                (folder, store)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, loops);
criterion_main!(benches);
