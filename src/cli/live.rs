//! The live view of a load test: a line that changes on a terminal, and lines from time to time otherwise.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::progress;
use crate::load::ack::Gauge;
use crate::load::player::PlayPlan;
use crate::load::tally::LoadTally;
use crate::load::trial::Audience;
use crate::numbers::grouped;

/// Shows a trial on standard error.
pub(super) struct Live<'a> {
    bar: Option<ProgressBar>,
    what: String,
    plan: &'a PlayPlan,
    /// When the last plain line was written, in microseconds of the schedule.
    last_us: u64,
}

/// Answers to the requests of a second from which on its latencies are shown.
const ENOUGH: u64 = 20;

/// Gauges come more often than this from a process that can write its log.
const HEARD_OF_US: u64 = 1_000_000;

/// Plain lines come no closer together than this.
const PAUSE_US: u64 = 5_000_000;

impl<'a> Live<'a> {
    pub(super) fn new(what: String, plan: &'a PlayPlan) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let seconds = plan.duration_us.div_ceil(1_000_000);
            let bar = ProgressBar::with_draw_target(Some(seconds), ProgressDrawTarget::stderr_with_hz(8));
            if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} s\n{msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, what, plan, last_us: 0 }
    }

    fn line(&self, time_us: u64, tally: &LoadTally<'_>) -> String {
        // The last second that is over has most of its answers.
        let second = (time_us / tally.slice_us).saturating_sub(1);
        let slice = tally.slices.get(&second);
        let per_s = |count: u64| grouped(count as f64 * 1e6 / tally.slice_us as f64);
        let asked = self.plan.pace.as_ref().map_or("as fast as it can".to_owned(), |pace| {
            format!("asked {}/s", grouped(pace.rate(time_us as f64 / 1e6, self.plan.duration_us as f64 / 1e6)))
        });
        // A store that is behind answers those who have waited for long.
        let answered = tally.slices.values().rev().find(|slice| slice.measured() >= ENOUGH);
        let quantile = |share| match answered.and_then(|slice| slice.quantile_us(share)) {
            Some(us) => milliseconds(us),
            None => "–".to_owned(),
        };
        let last = tally.lives.last().map(|life| life.last).unwrap_or_default();
        let flush_lag_us = lag_us(&last, time_us);
        format!(
            "{}: {asked}, achieved {}/s, in flight {}, p50 {} p99 {} p99.9 {}, failed {}, flush lag {}{}",
            self.what,
            per_s(slice.map_or(0, |slice| slice.acknowledged)),
            grouped(last.in_flight as f64),
            quantile(0.5),
            quantile(0.99),
            quantile(0.999),
            tally.all.failed,
            milliseconds(flush_lag_us),
            match tally.crashes() {
                0 => String::new(),
                times => format!(", killed {times} times"),
            }
        )
    }
}

/// The flush lag at this time. It grows on while the process says nothing, for then it waits for the disk itself.
fn lag_us(last: &Gauge, time_us: u64) -> u64 {
    let silent_us = time_us.saturating_sub(last.time_us);
    match (last.flush_lag_us, silent_us) {
        (0, _) | (_, 0..HEARD_OF_US) => last.flush_lag_us,
        (lag_us, silent_us) => lag_us + silent_us,
    }
}

fn milliseconds(us: u64) -> String {
    match us {
        0..10_000 => format!("{:.2} ms", us as f64 / 1e3),
        _ => format!("{} ms", grouped(us as f64 / 1e3)),
    }
}

impl Audience for Live<'_> {
    fn see(&mut self, time_us: u64, tally: &LoadTally<'_>) {
        match &self.bar {
            Some(bar) => {
                bar.set_position(time_us.min(self.plan.duration_us) / 1_000_000);
                bar.set_message(self.line(time_us, tally));
            }
            None if time_us >= self.last_us + PAUSE_US => {
                self.last_us = time_us;
                super::say(&format!("{} s {}\n", time_us / 1_000_000, self.line(time_us, tally)));
            }
            None => {}
        }
    }

    fn stopped(&self) -> bool {
        progress::stopped()
    }
}

impl Drop for Live<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flush_lag_grows_while_nothing_is_heard() {
        let lag =
            |flush_lag_us, time_us| lag_us(&Gauge { time_us: 5_000_000, flush_lag_us, ..Gauge::default() }, time_us);
        assert_eq!((lag(300_000, 5_100_000), lag(0, 90_000_000)), (300_000, 0));
        assert_eq!((lag(300_000, 15_000_000), lag(300_000, 25_000_000)), (10_300_000, 20_300_000));
        assert_eq!(lag(300_000, 4_000_000), 300_000);
    }
}
