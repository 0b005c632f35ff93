//! A store that loses what it has acknowledged is found out, however it does so; one that keeps it is not.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use cutover::error::{Error, Result};
use cutover::identity::trees::codec::KeyBytes;
use cutover::identity::trees::faulty::{Fault, Faulty};
use cutover::identity::trees::memory::MemoryTrees;
use cutover::identity::trees::outlives::Outlives;
use cutover::identity::trees::{Body, Stop, Transaction, Tree, TreeRow, TreeStore, Visit};
use cutover::load::ack;
use cutover::load::durability::Durability;
use cutover::load::fail_if::Limit;
use cutover::load::proof::{self, LogProof};
use cutover::load::report::{self, BackendReport, Facts, Preload};
use cutover::load::tally::{LoadTally, TestTiming};

use super::Ground;

/// What is said of a log and a store in the end.
fn judged(ground: &Ground, store: &dyn TreeStore, log: &Path, durability: Durability) -> (LogProof, BackendReport) {
    let timing = TestTiming { warm_up_us: 0, duration_us: 60_000_000, closed: false };
    let mut tally = LoadTally::new(timing, &ground.found.sequence).expect("a tally");
    let held = ack::read(log, |entry| tally.add(&entry)).expect("a log");
    let proof = proof::prove(store, &ground.found.sequence, log).expect("read");
    let facts = Facts {
        backend: "sled".to_owned(),
        version: String::new(),
        durability: durability.to_string(),
        outlives: Some(Outlives::Power),
        workers: 1,
        asked: None,
        preloaded_bytes: 0,
        disk_bytes: 0,
        preload: Preload::default(),
        proof: report::ProofFacts {
            lost: proof.lost,
            made: true,
            ..report::ProofFacts::default()
        },
        crashes_asked: 0,
        most_requests: u64::MAX,
        duration_us: u64::MAX,
        seal: held.seal,
    };
    let report = BackendReport::new(&tally, facts);
    (proof, report)
}

/// Whether the verdict is that something was lost.
fn is_lost(proof: &LogProof, report: &BackendReport) -> bool {
    let limit: Limit = "lost > 0".parse().expect("a limit");
    let broken = limit.judge(report).expect("judged").broken;
    assert_eq!(proof.must_hold().is_err(), broken, "{proof:?}");
    assert_eq!(report.acknowledged_lost, proof.lost);
    broken
}

#[test]
fn each_transaction_that_is_acknowledged_and_forgotten_is_missed() {
    let ground = Ground::new("2026-03-09/P1D");
    let dir = tempfile::tempdir().expect("a folder");
    // The last request of all, whose account nobody asks for again; some in the middle; and none.
    let last = ground.found.sequence.len();
    for (name, forgotten) in [("none", &[][..]), ("last", &[last]), ("some", &[3, 50, 51, 120])] {
        let store = MemoryTrees::default();
        ground.preload(&store, 1);
        let store = forgotten.iter().fold(Faulty::new(store), |store, call| store.with(*call, Fault::Forget));
        let store = Arc::new(store);
        let log = dir.path().join(name);
        let (played, answers) = ground.play(Arc::<Faulty<MemoryTrees>>::clone(&store), &ground.plan(None, 1), &log);
        assert_eq!((played.failed.0, answers.len() as u64), (0, last), "everything seems to be well");
        let (proof, report) = judged(&ground, &*store, &log, Durability::None);
        assert!(proof.lost >= forgotten.len() as u64, "{name}: {proof:?}");
        assert_eq!(is_lost(&proof, &report), !forgotten.is_empty(), "{name}");
    }
}

/// A store whose process dies at a transaction. What was not flushed is gone then; if it lies, so is what was, but for
/// every second flush.
struct Mortal {
    live: MemoryTrees,
    /// What is on disk.
    disk: MemoryTrees,
    unflushed: Mutex<Vec<TreeRow>>,
    dies_at: u64,
    calls: AtomicU64,
    flushes: AtomicU64,
    lies: bool,
}

/// A transaction whose writes are noted.
struct Noted<'a> {
    inner: &'a mut dyn Transaction,
    rows: &'a mut Vec<TreeRow>,
}

impl Transaction for Noted<'_> {
    fn get(&self, tree: Tree, key: &[u8], value: &mut Vec<u8>) -> Result<bool, Stop> {
        self.inner.get(tree, key, value)
    }

    fn put(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> Result<(), Stop> {
        self.rows.push(TreeRow { tree, key: KeyBytes::of(&[key]), value: value.to_vec() });
        self.inner.put(tree, key, value)
    }
}

impl Mortal {
    fn new(ground: &Ground, dies_at: u64, lies: bool) -> Self {
        let [live, disk] = [MemoryTrees::default(), MemoryTrees::default()];
        ground.preload(&live, 1);
        ground.preload(&disk, 1);
        Self {
            live,
            disk,
            unflushed: Mutex::default(),
            dies_at,
            calls: AtomicU64::new(0),
            flushes: AtomicU64::new(0),
            lies,
        }
    }

    fn must_live(&self) -> Result<()> {
        if self.calls.load(Ordering::SeqCst) >= self.dies_at {
            Err(Error::Store("the process is dead".to_owned()))
        } else {
            Ok(())
        }
    }
}

impl TreeStore for Mortal {
    fn transact(&self, durable: bool, body: &mut Body<'_>) -> Result<()> {
        // One at a time, so that the disk has them in order.
        let mut unflushed = self.unflushed.lock().expect("sound");
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.must_live()?;
        let mut rows = Vec::new();
        self.live.transact(durable, &mut |inner| {
            rows.clear();
            body(&mut Noted { inner, rows: &mut rows })
        })?;
        unflushed.extend(rows);
        Ok(())
    }

    fn load(&self, rows: &[TreeRow]) -> Result<()> {
        self.live.load(rows)
    }

    fn sync(&self) -> Result<()> {
        let mut unflushed = self.unflushed.lock().expect("sound");
        self.must_live()?;
        let rows = std::mem::take(&mut *unflushed);
        let is_kept = !self.lies || self.flushes.fetch_add(1, Ordering::SeqCst).is_multiple_of(2);
        if is_kept { self.disk.load(&rows) } else { Ok(()) }
    }

    fn page(&self, tree: Tree, after: &[u8], limit: usize, visit: &mut Visit<'_>) -> Result<()> {
        self.live.page(tree, after, limit, visit)
    }
}

#[test]
fn what_was_not_flushed_when_the_process_died_is_missed_where_it_was_acknowledged() {
    let ground = Ground::new("2026-03-02/P28D");
    let dir = tempfile::tempdir().expect("a folder");
    let honest = false;
    for (name, durability, lies, loses) in [
        // It promises to be on disk, and is.
        ("kept", Durability::Group(500), honest, false),
        // It says so of flushes that were none.
        ("lied", Durability::Group(500), true, true),
        // Nothing was promised: a loss is told as allowed, and the proof sees it all the same.
        ("unpromised", Durability::None, honest, true),
    ] {
        let store = Arc::new(Mortal::new(&ground, 1_000, lies));
        let mut plan = ground.plan(None, 1);
        (plan.durability, plan.workers) = (durability, 4);
        let log = dir.path().join(name);
        let (played, answers) = ground.play(Arc::<Mortal>::clone(&store), &plan, &log);
        assert!(played.failed.0 > 0 && !answers.is_empty(), "it died on the way");
        let (proof, report) = judged(&ground, &store.disk, &log, durability);
        assert!(proof.acknowledged > 100, "{name}: {proof:?}");
        assert_eq!(is_lost(&proof, &report), loses, "{name}: {proof:?}");
        assert_eq!(proof.lost > 0, loses, "{name}: {proof:?}");
        if name == "lied" {
            assert!(proof.lost < proof.acknowledged, "{proof:?}");
        }
    }
}
