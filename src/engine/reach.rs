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
    /// For each unit the first of its waves.
    waves: Vec<u16>,
    /// Units with accounts in several waves, and each further one.
    further: Vec<(u32, u16)>,
}

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

    /// Adds the next unit, with the waves of its accounts.
    pub fn add(&mut self, unit: u64, waves: impl Iterator<Item = u16>) {
        let mut first = None;
        for wave in waves {
            // A wave that is named twice does no harm.
            if *first.get_or_insert(wave) != wave {
                self.further.push((unit as u32, wave));
            }
        }
        self.waves.push(first.unwrap_or(0));
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
        let first = self.waves.iter().enumerate().filter(|(_, wave)| asked(**wave)).map(|(unit, _)| unit as u32);
        let further = self.further.iter().filter(|(_, wave)| asked(*wave)).map(|(unit, _)| *unit);
        let mut units: Vec<u32> = first.chain(further).collect();
        units.sort_unstable();
        units.dedup();
        units
    }
}
