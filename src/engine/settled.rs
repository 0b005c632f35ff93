//! Phase 3: the units that needed the desk walk to the horizon with its answers.

use serde::{Deserialize, Serialize};

use super::answers::AnswerLog;
use super::arm::{Stage, Walker};
use super::callers::Parked;
use super::watch::{UNITS_A_LOOK, Watch};
use crate::error::Result;
use crate::identity::pages::{Page, PageKind, Pages};
use crate::journey::Outcome;
use crate::measure::counts::Counts;

/// What the parked units of a chunk came to under one arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettledChunk {
    /// Their counts.
    pub counts: Counts,
    /// Their accounts' outcomes.
    pub outcomes: Vec<(u64, Outcome)>,
}

/// Walks parked units, of which the first stands in place `first` of the log; with `file`, also returns the pages of
/// their dossiers.
///
/// # Errors
///
/// If `watch` stops it, or if the rules did not say what a journey expected.
pub fn run(
    stage: &Stage,
    arm: usize,
    (parked, log, first): (&[Parked], &AnswerLog, usize),
    none: Counts,
    (file, watch): (bool, &dyn Watch),
) -> Result<(SettledChunk, Vec<Page>)> {
    let plan = &stage.plans[arm];
    let mut chunk = SettledChunk { counts: none, outcomes: Vec::new() };
    let mut pages = Pages::new(PageKind::Settled, arm);
    let mut walker = Walker::filing(file);
    let mut answers = Vec::new();
    for (offset, unit) in parked.iter().map(|parked| parked.unit()).enumerate() {
        if (offset as u64).is_multiple_of(UNITS_A_LOOK) {
            watch.look()?;
        }
        log.collect(first + offset, &mut answers);
        walker.take(stage, unit);
        walker.sort();
        walker.walk_with(stage, plan, &answers);
        walker.count(stage, &mut chunk.counts);
        for (m, closing) in walker.closings().iter().enumerate() {
            chunk.outcomes.push((walker.unit.first_account + m as u64, closing.outcome));
        }
        let dossier = walker.file(&answers)?;
        if file {
            pages.add(unit, dossier)?;
        }
    }
    Ok((chunk, pages.finish()))
}
