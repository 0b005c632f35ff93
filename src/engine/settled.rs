//! Phase 3: the units that needed the desk walk to the horizon with its answers.

use serde::{Deserialize, Serialize};

use super::answers::AnswerLog;
use super::arm::{Stage, Walker};
use super::callers::Parked;
use crate::error::Result;
use crate::identity::pages::{Page, PageKind, Pages};
use crate::measure::Measure;
use crate::measure::counts::Counts;
use crate::terms::Outcome;
use crate::watch::{UNITS_A_LOOK, Watch};

/// What the parked units of a chunk came to under one arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettledChunk {
    /// Their counts.
    pub counts: Counts,
    /// Their accounts' outcomes.
    pub outcomes: Vec<(u64, Outcome)>,
}

/// Which parked units walk, with what answers, and under whose eyes.
pub struct Part<'a> {
    /// The arm.
    pub arm: usize,
    /// The units.
    pub parked: &'a [Parked],
    /// What the desk has answered.
    pub log: &'a AnswerLog,
    /// The place of the first unit in the log.
    pub first: usize,
    /// Whether their dossiers are filed.
    pub files: bool,
    /// Who may stop it.
    pub watch: &'a dyn Watch,
}

/// Walks parked units. The second part of what it returns are the pages of their dossiers, if they are filed.
///
/// # Errors
///
/// If the watch stops it, or if the rules did not say what a journey expected.
pub fn run<M: Measure>(
    stage: &Stage,
    part: Part<'_>,
    none: Counts,
    mut measure: Option<&mut M>,
) -> Result<(SettledChunk, Vec<Page>)> {
    let Part { arm, parked, log, first, files, watch } = part;
    let plan = &stage.plans[arm];
    let mut chunk = SettledChunk { counts: none, outcomes: Vec::new() };
    let mut pages = Pages::new(PageKind::Settled, arm);
    let mut walker = Walker::recording(measure.is_some());
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
        if let Some(measure) = &mut measure {
            walker.measure(*measure);
        }
        let dossier = walker.file(&answers)?;
        if files {
            pages.add(unit, dossier)?;
        }
    }
    Ok((chunk, pages.finish()))
}
