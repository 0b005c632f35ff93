//! Phase 3: the units that needed the desk walk to the horizon with its answers.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::answers::AnswerLog;
use super::arm::{Setup, Walker};
use super::callers::Parked;
use super::early::Early;
use crate::error::Result;
use crate::identity::pages::{DossierPage, PageKind, Pages};
use crate::measure::Measure;
use crate::measure::counts::Counts;
use crate::plan::Plan;
use crate::population::Population;
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

/// Which units walk, with what answers, and under whose eyes.
pub struct SettledWork<'a> {
    /// The plan under which they walk.
    pub plan: &'a Plan,
    /// The arm.
    pub arm: usize,
    /// The units.
    pub walks: Walks<'a>,
    /// What the desk has answered.
    pub log: &'a AnswerLog,
    /// Whether their dossiers are filed.
    pub files: bool,
    /// Who may stop it.
    pub watch: &'a dyn Watch,
}

/// Units that walk to the horizon, and where the log has the desk's answers to them.
pub enum Walks<'a> {
    /// Those that needed the desk; the first of them stands at this place of the log.
    Parked {
        /// The units.
        parked: &'a [Parked],
        /// Place of the first.
        first: usize,
    },
    /// All units of a chunk, for nobody's journey was known before its rollout had decided.
    All {
        /// The units.
        units: Range<u64>,
        /// Places in the log, by unit.
        places: &'a BTreeMap<u32, u32>,
        /// Journeys that were counted before, and the population.
        early: Option<(&'a Early, &'a Population)>,
    },
}

impl Walks<'_> {
    /// Each unit, and its place in the log if the desk knows it.
    fn each(&self) -> Box<dyn Iterator<Item = (u64, Option<usize>)> + '_> {
        match self {
            Self::Parked { parked, first } => {
                Box::new(parked.iter().zip(*first..).map(|(parked, place)| (parked.unit(), Some(place))))
            }
            Self::All { units, places, early } => {
                let mut known = places.range(units.start as u32..units.end as u32).peekable();
                let counted = |unit: u64| {
                    early.is_some_and(|(early, population)| early.outcome(population.first_account(unit)).is_some())
                };
                let all = units.clone().map(move |unit| {
                    let place = known.next_if(|(known, _)| u64::from(**known) == unit);
                    (unit, place.map(|(_, place)| *place as usize))
                });
                Box::new(all.filter(move |(unit, place)| place.is_some() || !counted(*unit)))
            }
        }
    }
}

/// Walks units to the horizon. The second part of what it returns are the pages of their dossiers, if they are filed.
///
/// # Errors
///
/// If the watch stops it, or if the rules did not say what a journey expected.
pub fn run<M: Measure>(
    stage: &Setup,
    part: SettledWork<'_>,
    none: Counts,
    mut measure: Option<&mut M>,
) -> Result<(SettledChunk, Vec<DossierPage>)> {
    let SettledWork { plan, arm, walks, log, files, watch } = part;
    let mut chunk = SettledChunk { counts: none, outcomes: Vec::new() };
    let mut pages = Pages::new(PageKind::Settled, arm);
    let mut walker = Walker::new(files, measure.is_some());
    let mut answers = Vec::new();
    for (walked, (unit, place)) in (0_u64..).zip(walks.each()) {
        if walked.is_multiple_of(UNITS_A_LOOK) {
            watch.look()?;
        }
        answers.clear();
        if let Some(place) = place {
            log.collect(place, &mut answers);
        }
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
