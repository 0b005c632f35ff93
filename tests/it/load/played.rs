//! What is played is what was simulated.

use std::sync::Arc;

use cutover::error::Error;
use cutover::identity::trees::memory::MemoryTrees;
use cutover::identity::trees::sled::SledTrees;
use cutover::identity::trees::{Tree, TreeStore};
use cutover::load::ack::{Answered, StoreAnswer};
use cutover::load::durability::Durability;
use cutover::load::pace::Pace;
use cutover::load::preload::{self, PreloadSpec};
use cutover::watch::{Unwatched, Watch};

use super::{Ground, RECORD_BYTES};

fn all_as_predicted(answers: &[Answered]) -> bool {
    answers
        .iter()
        .all(|answered| matches!(answered.answer, StoreAnswer::Acknowledged { as_predicted: true, .. }))
}

fn rows(store: &dyn TreeStore) -> Vec<(Tree, Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    for tree in Tree::ALL {
        store
            .scan(tree, &mut |key, value| {
                rows.push((tree, key.to_vec(), value.to_vec()));
                Ok(())
            })
            .expect("scanned");
    }
    rows
}

#[test]
fn one_worker_gets_every_answer_that_the_simulation_predicted() {
    let ground = Ground::new("2026-03-02/P28D");
    let dir = tempfile::tempdir().expect("a folder");
    let memory: Arc<dyn TreeStore> = Arc::new(MemoryTrees::default());
    let sled: Arc<dyn TreeStore> = Arc::new(SledTrees::open(&dir.path().join("sled")).expect("opened"));
    for (name, store) in [("memory", &memory), ("sled", &sled)] {
        let preloaded = ground.preload(&**store, 3);
        assert!(preloaded.accounts > 3_000 && preloaded.records > preloaded.accounts, "{preloaded:?}");
        let log = dir.path().join(format!("{name}.log"));
        let (played, answers) = ground.play(Arc::clone(store), &ground.plan(None, 3), &log);
        assert_eq!(played.failed, (0, None));
        assert_eq!(answers.len() as u64, 3 * ground.found.sequence.len());
        assert!(all_as_predicted(&answers), "{name}");
    }
    assert!(rows(&*memory) == rows(&*sled), "the oracle and sled hold the same bytes");
}

#[test]
fn the_store_before_a_window_and_the_window_make_the_whole() {
    // Played in one piece, or preloaded up to a moment and played from there: the same store, but for what comes after.
    let whole = Ground::new("2026-03-02/P28D");
    let dir = tempfile::tempdir().expect("a folder");
    let mut stores = Vec::new();
    for (name, window) in [("whole", "2026-03-02/P28D"), ("late", "2026-03-10T06:30/P19DT17H30M")] {
        let ground = Ground::new(window);
        let store: Arc<dyn TreeStore> = Arc::new(MemoryTrees::default());
        ground.preload(&*store, 1);
        let (_, answers) = ground.play(Arc::clone(&store), &ground.plan(None, 1), &dir.path().join(name));
        assert!(all_as_predicted(&answers), "{name}");
        stores.push((answers.len() as u64, rows(&*store)));
    }
    assert_eq!(stores[0].0, whole.found.sequence.len());
    assert!(stores[1].0 < stores[0].0 && stores[1].0 > 0);
    let without_progress = |rows: &[(Tree, Vec<u8>, Vec<u8>)]| {
        rows.iter().filter(|(tree, ..)| *tree != Tree::Meta).cloned().collect::<Vec<_>>()
    };
    assert!(without_progress(&stores[0].1) == without_progress(&stores[1].1));
}

#[test]
fn many_workers_disagree_with_the_simulation_only_where_customers_share_a_mailbox() {
    let ground = Ground::new("2026-03-02/P28D");
    let requests = ground.found.sequence.requests();
    let dir = tempfile::tempdir().expect("a folder");
    for durability in [Durability::None, Durability::Group(2_000), Durability::Each] {
        let store: Arc<dyn TreeStore> = Arc::new(MemoryTrees::default());
        ground.preload(&*store, 2);
        let mut plan = ground.plan(Some(Pace::Steady(50_000.0)), 2);
        (plan.workers, plan.durability) = (8, durability);
        let (_, answers) = ground.play(store, &plan, &dir.path().join(durability.to_string()));
        assert_eq!(answers.len(), 2 * requests.len(), "{durability}");
        for answered in answers {
            let request = &requests[answered.place as usize % requests.len()];
            if request.alone {
                let sound = matches!(answered.answer, StoreAnswer::Acknowledged { as_predicted: true, .. });
                assert!(sound, "{durability} {answered:?} {request:?}");
            }
        }
    }
}

#[test]
fn the_sequence_is_the_same_whenever_it_is_gathered() {
    let (first, second) = (Ground::new("peak-hour"), Ground::new("peak-hour"));
    assert_eq!(first.found.sequence.hash(), second.found.sequence.hash());
    assert_eq!(first.found.sequence, second.found.sequence);
    assert_ne!(first.found.sequence.hash(), Ground::new("2026-03-02/P28D").found.sequence.hash());
}

/// Stops the preload when so many accounts have been loaded.
struct StopAfter(u64, std::sync::atomic::AtomicU64);

impl Watch for StopAfter {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, accounts: u64) {
        self.1.fetch_add(accounts, std::sync::atomic::Ordering::Relaxed);
    }
    fn end(&self) {}
    fn stopped(&self) -> bool {
        self.1.load(std::sync::atomic::Ordering::Relaxed) >= self.0
    }
}

#[test]
fn a_preload_that_was_stopped_goes_on_to_the_same_store() {
    let ground = Ground::new("2026-03-09/P1D");
    let whole = MemoryTrees::default();
    let done = ground.preload(&whole, 6);
    for after in [1, 2_900, 4_000, 7_000] {
        let store = MemoryTrees::default();
        let wanted = PreloadSpec {
            key: "test".to_owned(),
            cohorts: 6,
            record_bytes: RECORD_BYTES,
        };
        let watch = StopAfter(after, 0.into());
        let stopped = preload::preload(&ground.script, &ground.found, &store, &wanted, &watch, &|| 0);
        assert!(matches!(stopped, Err(Error::Interrupted(_))), "{after}: {stopped:?}");
        let resumed = ground.preload(&store, 6);
        assert_eq!(resumed, done, "{after}");
        assert!(rows(&store) == rows(&whole), "{after}");
    }
    // More cohorts are added to what is there, and another test's store is refused.
    let longer = ground.preload(&whole, 7);
    assert!(longer.accounts > done.accounts);
    let other = PreloadSpec {
        key: "other".to_owned(),
        cohorts: 1,
        record_bytes: RECORD_BYTES,
    };
    let refused = preload::preload(&ground.script, &ground.found, &whole, &other, &Unwatched, &|| 0);
    assert!(matches!(refused, Err(Error::Input(_))));
}
