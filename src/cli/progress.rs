//! Progress: a bar on a terminal, plain lines otherwise. Ctrl-C stops a run at the next chunk.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::watch::Watch;

static STOPPED: AtomicBool = AtomicBool::new(false);

/// Lets Ctrl-C (and a polite kill) stop the run instead of the process.
pub fn catch_signals() {
    // A second signal ends the process at once.
    let _ = ctrlc::set_handler(|| {
        if STOPPED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
}

/// Shows how far a run has got, on standard error.
pub struct Progress {
    bar: ProgressBar,
    plain: bool,
    lines: Mutex<Lines>,
    done: AtomicU64,
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
        let bar = match plain {
            true => ProgressBar::hidden(),
            false => ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10)),
        };
        if let Ok(style) = ProgressStyle::with_template("{msg:32} {wide_bar} {percent:>3} % {eta:>5}") {
            bar.set_style(style);
        }
        Self {
            bar,
            plain,
            lines: Mutex::new(Lines { phase: String::new(), steps: 0, last: Instant::now() }),
            done: AtomicU64::new(0),
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

/// Whether the run was asked to stop.
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

    fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn stopped(&self) -> bool {
        stopped()
    }
}
