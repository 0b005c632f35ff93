//! Progress: a bar on a terminal, plain lines otherwise; and how Ctrl-C ends a command.
//!
//! Whatever works for long looks at the [watch](Watch) and comes to an end of its own accord, its temporary files taken
//! away. What does not get there within [`PATIENCE`], because it waits for a disk or has not looked, is left where it is:
//! everything on disk survives the death of the process at any moment.

use std::borrow::Cow;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::error::Error;
use crate::numbers::grouped;
use crate::process::Stopwatch;
use crate::watch::Watch;

static STOPPED: AtomicBool = AtomicBool::new(false);

/// Whether somebody has taken it on to say that the command was interrupted.
static TOLD: AtomicBool = AtomicBool::new(false);

/// What is said when the command is interrupted now.
static KEPT: Mutex<Cow<'static, str>> = Mutex::new(Cow::Borrowed("interrupted; nothing was written"));

/// How long a command that was interrupted may take to come to an end of its own accord.
const PATIENCE: Duration = Duration::from_millis(800);
/// How long the sentence may take on its way out.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// Lets Ctrl-C (and a polite kill) stop the command, and then the process. A second signal ends it at once.
pub fn catch_signals() {
    let _ = ctrlc::set_handler(|| {
        if STOPPED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        // Two threads: whoever does not read standard error cannot keep the process.
        let says = std::thread::Builder::new().spawn(|| {
            std::thread::sleep(PATIENCE);
            if !TOLD.swap(true, Ordering::SeqCst) {
                super::say(&format!("{}\n", kept()));
            }
            super::scratch::clear();
        });
        let leaves = std::thread::Builder::new().spawn(|| {
            std::thread::sleep(PATIENCE + LAST_WORDS);
            std::process::exit(130);
        });
        if says.is_err() || leaves.is_err() {
            std::process::exit(130);
        }
    });
}

/// From now on an interruption is told in this sentence: what is kept, and how to go on.
pub fn keeps(sentence: impl Into<Cow<'static, str>>) {
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = sentence.into();
}

fn kept() -> String {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).to_string()
}

/// An interruption is told once, in the sentence that was set last; other errors stay as they are.
pub fn told(error: Error) -> Error {
    match error {
        Error::Interrupted(_) => {
            if TOLD.swap(true, Ordering::SeqCst) {
                // The sentence is on its way; the process ends with it.
                std::thread::sleep(2 * LAST_WORDS);
            }
            Error::Interrupted(kept())
        }
        other => other,
    }
}

/// Shows how far a run has got, on standard error.
pub struct Progress {
    bar: ProgressBar,
    plain: bool,
    lines: Mutex<Lines>,
    done: AtomicU64,
    account_strategies: AtomicU64,
    clock: Stopwatch,
}

struct Lines {
    phase: String,
    steps: u64,
    last: Instant,
}

/// Plain lines come no closer together than this.
const PAUSE: Duration = Duration::from_secs(5);

impl Progress {
    /// A bar if standard error is a terminal, lines otherwise.
    #[allow(clippy::disallowed_methods, reason = "progress is shown in real time")]
    pub fn new() -> Self {
        let plain = !std::io::stderr().is_terminal();
        let bar = if plain {
            ProgressBar::hidden()
        } else {
            ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10))
        };
        if let Ok(style) = ProgressStyle::with_template("{msg:32} {wide_bar} {percent:>3} % {eta:>5}") {
            bar.set_style(style);
        }
        Self {
            bar,
            plain,
            lines: Mutex::new(Lines { phase: String::new(), steps: 0, last: Instant::now() }),
            done: AtomicU64::new(0),
            account_strategies: AtomicU64::new(0),
            clock: Stopwatch::start(),
        }
    }

    /// How much was simulated until now and how fast, told as a run tells it; nothing if everything was known already.
    pub fn work(&self) -> String {
        match self.account_strategies.load(Ordering::Relaxed) {
            0 => String::new(),
            work => work_in(work, self.clock.seconds()),
        }
    }

    #[allow(clippy::disallowed_methods, reason = "progress is shown in real time")]
    fn line(&self, done: u64) {
        let Ok(mut lines) = self.lines.lock() else { return };
        if self.plain && lines.last.elapsed() >= PAUSE && lines.steps > 0 {
            lines.last = Instant::now();
            super::say(&format!("{}: {} %\n", lines.phase, 100 * done / lines.steps));
        }
    }
}

/// So many accounts times strategies, simulated in so many seconds.
pub fn work_in(account_strategies: u64, seconds: f64) -> String {
    let work = account_strategies as f64;
    let per_second = grouped((work / seconds.max(1e-3)).round());
    format!("{} account-strategies in {seconds:.1} s ({per_second} per second). ", grouped(work))
}

/// Whether the command was asked to stop.
pub fn stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

impl Watch for Progress {
    fn begin(&self, phase: &str, steps: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.bar.set_length(steps);
        self.bar.set_position(0);
        self.bar.set_message(phase.to_owned());
        if let Ok(mut lines) = self.lines.lock() {
            phase.clone_into(&mut lines.phase);
            lines.steps = steps;
        }
    }

    fn advance(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        self.bar.inc(steps);
        self.line(done);
    }

    fn simulated(&self, account_strategies: u64) {
        self.account_strategies.fetch_add(account_strategies, Ordering::Relaxed);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn stopped(&self) -> bool {
        stopped()
    }
}
