//! The load test: what is played is what was simulated, and what is measured is what happened.

mod played;

mod stalled;

mod crashed;

mod told;

mod evidence;

mod losing;

mod vacuous;

mod silent;

mod reused;

mod orphaned;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use cutover::engine::operations::ArmOperations;
use cutover::identity::trees::TreeStore;
use cutover::load::ack::{self, Answered, LogEntry};
use cutover::load::durability::Durability;
use cutover::load::pace::Pace;
use cutover::load::player::{self, Before, PlayPlan, PlayResult};
use cutover::load::preload::{self, PreloadSpec, Preloaded};
use cutover::load::window::{self, FoundWindow, Window};
use cutover::watch::Unwatched;

use super::support::{load, scenario};

/// Least size of records in these tests.
const RECORD_BYTES: usize = 64;

/// Three thousand customers under reset-only, and the day on which the mails go out.
struct Ground {
    script: ArmOperations,
    found: FoundWindow,
}

impl Ground {
    fn new(window: &str) -> Self {
        let text = "
            name = 'load'
            start = '2026-03-02'
            strategies = ['reset-only']
            horizon_days = 30
            population.accounts = 3000
        ";
        let loaded = load(text, &[]);
        let scenario = &loaded.scenario;
        let script = ArmOperations::new(scenario, None, 0, 0, &Unwatched).expect("a script");
        let window = Window::parse(window).expect("a window");
        let found = window::find(&script, window, &scenario.calendar(), scenario.hours(), &Unwatched).expect("found");
        Self { script, found }
    }

    /// Loads a store with so many cohorts.
    fn preload(&self, store: &dyn TreeStore, cohorts: u64) -> Preloaded {
        let wanted = PreloadSpec { key: "test".to_owned(), cohorts, record_bytes: RECORD_BYTES };
        preload::preload(&self.script, &self.found, store, &wanted, &Unwatched, &|| 0).expect("preloaded")
    }

    /// A plan for so many cohorts; the sequence ends before the time does.
    fn plan(&self, pace: Option<Pace>, cohorts: u64) -> PlayPlan {
        PlayPlan {
            pace,
            duration_us: 60_000_000,
            drain_us: 10_000_000,
            workers: 1,
            durability: Durability::None,
            max_flush_lag_us: 1_000_000,
            record_bytes: RECORD_BYTES,
            most: cohorts * self.found.sequence.len(),
            most_in_flight: u64::MAX,
            silence_us: 60_000_000,
        }
    }

    fn play(&self, store: Arc<dyn TreeStore>, plan: &PlayPlan, log: &Path) -> (PlayResult, Vec<Answered>) {
        let sequence = Arc::new(self.found.sequence.clone());
        let played = player::play(store, &sequence, plan, log, Before::default(), &|| false).expect("played");
        (played, answers(log))
    }
}

/// What the log of acknowledgements holds.
fn entries(log: &Path) -> Vec<LogEntry> {
    let mut entries = Vec::new();
    ack::read(log, |entry| entries.push(entry)).expect("a log");
    entries
}

/// The answers in it.
fn answers(log: &Path) -> Vec<Answered> {
    let answer = |entry| match entry {
        LogEntry::Answered(answered) => Some(answered),
        _ => None,
    };
    entries(log).into_iter().filter_map(answer).collect()
}

/// Starts `cutover load` on two thousand customers at 100 requests a second, to be watched or killed.
fn start(dir: &Path, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_cutover"))
        .current_dir(dir)
        .args(["load", &scenario("tiny"), "--out", "out", "--rate", "100/s"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started")
}
