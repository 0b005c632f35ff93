//! The bench: stores are tried on it, one after the other, or one at rate after rate.

use super::{Asked, LoadArguments, Wishes};
use crate::cli::live::Live;
use crate::cli::progress::Progress;
use crate::error::Result;
use crate::identity::trees::backend::Backend;
use crate::load::limit::{self, LatencyTarget};
use crate::load::pace::Pace;
use crate::load::player::PlayPlan;
use crate::load::report::{LimitReport, StoreEvidence};
use crate::load::test_bench::{Attempt, Done, TestBench};
use crate::load::trial::Crashes;
use crate::numbers::grouped;

/// The rate with which a search for the limit begins, in requests per second.
const FIRST_RATE: f64 = 1_000.0;

/// Requests for which stores are preloaded for each second of a closed loop: nobody knows how many it will get through.
const CLOSED_PER_S: f64 = 10_000.0;

/// A search for the limit, and what the log of its last trial must hold.
pub(super) type Searched = (LimitReport, Option<StoreEvidence>);

/// Where stores are tried.
pub(super) struct Bench<'a> {
    pub(super) arguments: &'a LoadArguments,
    pub(super) wishes: &'a Wishes,
    pub(super) rig: &'a TestBench<'a>,
    pub(super) pool: rayon::ThreadPool,
    pub(super) progress: Progress,
}

impl<'a> Bench<'a> {
    /// Tries every store with the same requests.
    pub(super) fn try_all(&self) -> Result<Vec<Done<'a>>> {
        let duration_s = self.duration_s();
        let pace = self.wishes.pace(self.rig);
        let closed_per_s = self.arguments.closed_up_to.unwrap_or(CLOSED_PER_S);
        let requests = pace.as_ref().map_or(closed_per_s * duration_s, |pace| pace.asked(duration_s, duration_s));
        let attempt = self.attempt(pace, self.rig.cohorts(requests)?);
        let backends = self.arguments.backend.iter();
        backends.map(|backend| self.try_out(*backend, &attempt, backend.key().to_owned())).collect()
    }

    /// Searches for the highest rate at which the first store keeps the target; the test at that rate, and the search.
    /// What the last trial has left is told apart.
    pub(super) fn find_limit(&self, target: LatencyTarget) -> Result<(Vec<Done<'a>>, Searched)> {
        let backend = self.arguments.backend[0];
        let first = match &self.wishes.pace {
            Asked::Pace(Pace::Steady(rate)) => *rate,
            _ => FIRST_RATE,
        };
        let mut tried: Vec<(f64, Done<'a>)> = Vec::new();
        let limit = limit::search(backend.key(), target, first, |rate_per_s| {
            let cohorts = self.rig.cohorts(rate_per_s * self.duration_s())?;
            let mut attempt = self.attempt(Some(Pace::Steady(rate_per_s)), cohorts);
            attempt.plan.most_in_flight = target.flood(rate_per_s);
            let what = format!("{} at {}/s", backend.key(), grouped(rate_per_s));
            let mut done = self.try_out(backend, &attempt, what)?;
            if let Some(failure) = done.failure.take() {
                return Err(failure);
            }
            let shown = self.rig.shown(target, &done, rate_per_s);
            tried.push((rate_per_s, done));
            Ok(shown)
        })?;
        // What is told in full is the last test at the highest rate that held; if none has, at the lowest.
        let lowest = tried.iter().map(|(rate, _)| *rate).fold(f64::INFINITY, f64::min);
        let told = limit.held_per_s.unwrap_or(lowest);
        let left = tried.last().and_then(|(_, done)| done.report.evidence.clone());
        let last = tried.into_iter().rev().find(|(rate, _)| *rate == told);
        Ok((last.map(|(_, done)| done).into_iter().collect(), (limit, left)))
    }

    fn try_out(&self, backend: Backend, attempt: &Attempt, what: String) -> Result<Done<'a>> {
        let cohorts = attempt.plan.most / self.rig.sequence().len();
        let preload = self.pool.install(|| self.rig.preload(backend, cohorts, &self.progress))?;
        if let Some(why) = &preload.thrown_away {
            crate::cli::say(&format!(
                "{}: the store of an earlier test was damaged ({why}); it was thrown away and filled again\n",
                backend.key()
            ));
        }
        let mut live = Live::new(what, &attempt.plan);
        self.rig.try_out(backend, attempt, &preload, &mut live)
    }

    fn duration_s(&self) -> f64 {
        self.wishes.duration_us as f64 / 1e6
    }

    fn attempt(&self, pace: Option<Pace>, cohorts: u64) -> Attempt {
        let (wishes, arguments) = (self.wishes, self.arguments);
        Attempt {
            plan: PlayPlan {
                pace,
                duration_us: wishes.duration_us,
                drain_us: arguments.drain,
                workers: usize::from(arguments.workers),
                durability: arguments.durability,
                max_flush_lag_us: arguments.max_flush_lag,
                record_bytes: arguments.record_bytes as usize,
                most: cohorts * self.rig.sequence().len(),
                most_in_flight: u64::MAX,
                silence_us: arguments.silence,
            },
            warm_up_us: wishes.warm_up_us,
            outlives: arguments.outlives,
            crashes: arguments.crash_after.map(|after_us| Crashes {
                after_us,
                count: arguments.crashes,
                seed: u64::from(arguments.scenario.changes.seed.unwrap_or_default()),
            }),
        }
    }
}
