//! Reach: what a rollout that reacts must know of the units it will reach, before it reaches them.
//!
//! Such a rollout begins no wave by itself, so in phase 1 its units walk as if it never came. What an operator sees of
//! them until a wave begins is noted here, and which units belong to which wave: two bytes for each unit.

use serde::{Deserialize, Serialize};

use super::observed::Observed;

/// What is known of the units of one arm, or of a chunk of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// What an operator sees of them if no wave ever begins.
    pub observed: Observed,
    /// For each parked unit, the traces that it left before it needed the desk.
    pub traces: Vec<u32>,
    /// For each unit the first of its waves, and [`QUIET`].
    waves: Vec<u16>,
    /// Units with accounts in several waves, and each further one.
    further: Vec<(u32, u16)>,
}

/// Marks a unit of which an operator sees nothing as long as no wave begins. There are no more than 1001 waves.
const QUIET: u16 = 1 << 15;

impl Reach {
    /// No units yet.
    pub fn new(hours: usize) -> Self {
        Self {
            observed: Observed::new(hours),
            traces: Vec::new(),
            waves: Vec::new(),
            further: Vec::new(),
        }
    }

    /// Adds the next unit, with the waves of its accounts; `quiet` if an operator sees nothing of it as long as no wave
    /// begins.
    pub fn add(&mut self, unit: u64, waves: impl Iterator<Item = u16>, quiet: bool) {
        let mut first = None;
        for wave in waves {
            // A wave that is named twice does no harm.
            if *first.get_or_insert(wave) != wave {
                self.further.push((unit as u32, wave));
            }
        }
        self.waves.push(first.unwrap_or(0) | if quiet { QUIET } else { 0 });
    }

    /// Whether an operator sees nothing of a unit as long as no wave begins.
    pub fn is_quiet(&self, unit: u32) -> bool {
        self.waves[unit as usize] & QUIET != 0
    }

    /// Whether the accounts of a unit are in several waves.
    pub fn is_in_several(&self, unit: u32) -> bool {
        self.further.binary_search_by_key(&unit, |(unit, _)| *unit).is_ok()
    }

    /// Adds the units that follow.
    pub fn append(&mut self, mut next: Self) {
        self.observed.merge(&next.observed);
        self.traces.append(&mut next.traces);
        self.waves.append(&mut next.waves);
        self.further.append(&mut next.further);
    }

    /// The units with accounts in waves that are asked for, in order.
    pub fn units_in(&self, asked: impl Fn(u16) -> bool) -> Vec<u32> {
        let first = self
            .waves
            .iter()
            .enumerate()
            .filter(|(_, wave)| asked(**wave & !QUIET))
            .map(|(unit, _)| unit as u32);
        let further = self.further.iter().filter(|(_, wave)| asked(*wave)).map(|(unit, _)| *unit);
        let mut units: Vec<u32> = first.chain(further).collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}
