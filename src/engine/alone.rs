//! Phase 1: a chunk of units walks alone, under every arm.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::arm::{Stage, Walker};
use super::callers::Parked;
use super::watch::{UNITS_A_LOOK, Watch};
use crate::error::Result;
use crate::identity::pages::{Page, PageKind, Pages};
use crate::measure::counts::Counts;
use crate::measure::outcomes::OutcomeTable;

/// What a chunk came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AloneChunk {
    /// Counts of the units that reached the horizon, by arm.
    pub counts: Vec<Counts>,
    /// Units that need the desk, by arm, in the order of units.
    pub parked: Vec<Vec<Parked>>,
    /// Outcomes of the units that reached the horizon.
    pub outcomes: OutcomeTable,
}

/// Walks the units; with `file`, also returns the pages of their dossiers.
///
/// # Errors
///
/// If `watch` stops it, or if the rules did not say what a journey expected.
pub fn run(
    stage: &Stage,
    units: Range<u64>,
    none: Counts,
    (file, watch): (bool, &dyn Watch),
) -> Result<(AloneChunk, Vec<Page>)> {
    let arms = stage.plans.len();
    let first_account = stage.population.first_account(units.start);
    let accounts = stage.population.first_account(units.end) - first_account;
    let mut chunk = AloneChunk {
        counts: vec![none; arms],
        parked: vec![Vec::new(); arms],
        outcomes: OutcomeTable::new(accounts as usize, arms),
    };
    let mut pages: Vec<Pages> = (0..arms).map(|arm| Pages::new(PageKind::Alone, arm)).collect();
    let mut walker = Walker::filing(file);
    for unit in units {
        if unit.is_multiple_of(UNITS_A_LOOK) {
            watch.look()?;
        }
        walker.take(stage, unit);
        walker.sort();
        let offset = (walker.unit.first_account - first_account) as usize;
        for (arm, plan) in stage.plans.iter().enumerate() {
            if let Some(at) = walker.walk_alone(stage, plan) {
                chunk.parked[arm].push(Parked::new(unit, at));
                continue;
            }
            walker.count(stage, &mut chunk.counts[arm]);
            for (m, closing) in walker.closings().iter().enumerate() {
                chunk.outcomes.set(offset + m, arm, closing.outcome);
            }
            let dossier = walker.file(&[])?;
            if file {
                pages[arm].add(unit, dossier)?;
            }
        }
    }
    // They are kept until all chunks are done.
    chunk.parked.iter_mut().for_each(Vec::shrink_to_fit);
    Ok((chunk, pages.into_iter().flat_map(Pages::finish).collect()))
}
