//! Phase 1: a chunk of units walks alone, under every arm.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::arm::{Setup, Walker};
use super::callers::Parked;
use super::observed::Observer;
use super::reach::Reach;
use crate::error::Result;
use crate::identity::pages::{DossierPage, PageKind, Pages};
use crate::measure::Measure;
use crate::measure::counts::Counts;
use crate::measure::outcomes::OutcomeTable;
use crate::watch::{UNITS_A_LOOK, Watch};

/// What a chunk came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AloneChunk {
    /// Counts of the units that reached the horizon, by arm.
    pub counts: Vec<Counts>,
    /// Units that need the desk, by arm, in the order of units.
    pub parked: Vec<Vec<Parked>>,
    /// Outcomes of the units that reached the horizon.
    pub outcomes: OutcomeTable,
    /// By arm: what is known of the units, if the arm's rollout reacts. They are then neither counted nor filed yet.
    pub reach: Vec<Option<Reach>>,
}

/// Which units walk, and under whose eyes.
pub struct AloneWork<'a> {
    /// The units.
    pub units: Range<u64>,
    /// Whether their dossiers are filed.
    pub files: bool,
    /// Who may stop it.
    pub watch: &'a dyn Watch,
}

/// Walks the units. The second part of what it returns are the pages of their dossiers, if they are filed. `measures`
/// hear of those that reached the horizon, by arm; there are none if nobody measures.
///
/// # Errors
///
/// If the watch stops it, or if the rules did not say what a journey expected.
pub fn run<M: Measure>(
    stage: &Setup,
    part: AloneWork<'_>,
    none: Counts,
    measures: &mut [M],
) -> Result<(AloneChunk, Vec<DossierPage>)> {
    let AloneWork { units, files, watch } = part;
    let arms = stage.plans.len();
    let hours = none.series.first().map_or(0, Vec::len);
    let first_account = stage.population.first_account(units.start);
    let accounts = stage.population.first_account(units.end) - first_account;
    let mut chunk = AloneChunk {
        counts: vec![none; arms],
        parked: vec![Vec::new(); arms],
        outcomes: OutcomeTable::new(accounts as usize, arms),
        reach: stage.plans.iter().map(|plan| plan.gates().map(|_| Reach::new(hours))).collect(),
    };
    let mut pages: Vec<Pages> = (0..arms).map(|arm| Pages::new(PageKind::Alone, arm)).collect();
    let mut walker = Walker::new(files, !measures.is_empty());
    for unit in units {
        if unit.is_multiple_of(UNITS_A_LOOK) {
            watch.look()?;
        }
        walker.take(stage, unit);
        walker.sort();
        let offset = (walker.unit.first_account - first_account) as usize;
        for (arm, plan) in stage.plans.iter().enumerate() {
            if let Some(reach) = &mut chunk.reach[arm] {
                let mut observer = Observer::beyond(&mut reach.observed, 0, 0);
                let parked = walker.listen_alone(stage, plan, &mut observer);
                let traces = observer.traces;
                reach.add(unit, walker.waves(plan), traces == 0 && parked.is_none());
                if let Some(at) = parked {
                    chunk.parked[arm].push(Parked::new(unit, at));
                    reach.traces.push(traces);
                }
                continue;
            }
            if let Some(at) = walker.walk_alone(stage, plan) {
                chunk.parked[arm].push(Parked::new(unit, at));
                continue;
            }
            walker.count(stage, &mut chunk.counts[arm]);
            for (m, closing) in walker.closings().iter().enumerate() {
                chunk.outcomes.set(offset + m, arm, closing.outcome);
            }
            if let Some(measure) = measures.get_mut(arm) {
                walker.measure(measure);
            }
            let dossier = walker.file(&[])?;
            if files {
                pages[arm].add(unit, dossier)?;
            }
        }
    }
    // They are kept until all chunks are done.
    chunk.parked.iter_mut().for_each(Vec::shrink_to_fit);
    Ok((chunk, pages.into_iter().flat_map(Pages::finish).collect()))
}
