//! Drawn: worlds at the points of two independent sequences, and what they came to.

use super::lab::{Lab, Order, World};
use super::{SEED_A, SEED_B};
use crate::error::Result;
use crate::probe::Figures;
use crate::uncertain::Points;

/// The worlds that were drawn: two independent halves.
pub(super) struct Drawn {
    pub(super) scores: [Vec<Vec<f64>>; 2],
    pub(super) worlds: [Vec<World>; 2],
}

impl Drawn {
    /// Draws two halves of so many worlds; with `priced`, the first are made out with each price of the second as well.
    pub(super) fn new(lab: &Lab<'_>, half: u32, priced: bool) -> Result<Self> {
        let keys = lab.uncertain.keys().len();
        let scores = [SEED_A, SEED_B].map(|seed| {
            let points = Points::new(keys, seed);
            (0..half).map(|number| lab.uncertain.scores(&points.normal(number))).collect::<Vec<_>>()
        });
        let [a, b] = &scores;
        let firsts = a.iter().zip(b).map(|(a, b)| Order { scores: a, other: priced.then_some(b) });
        let orders: Vec<Order<'_>> = firsts.chain(b.iter().map(|scores| Order { scores, other: None })).collect();
        let mut worlds = lab.worlds("worlds", &orders)?;
        let second = worlds.split_off(half as usize);
        Ok(Self { scores, worlds: [worlds, second] })
    }

    pub(super) fn figures(&self) -> impl Iterator<Item = &[Figures]> {
        self.worlds.iter().flatten().map(|world| world.figures.as_slice())
    }

    /// Worlds whose values had to be brought nearer to their middle.
    pub(super) fn pulled_in(&self) -> usize {
        self.worlds.iter().flatten().filter(|world| world.was_pulled_in).count()
    }

    /// By world and arm, in cents.
    pub(super) fn bills(&self) -> Vec<Vec<f64>> {
        self.figures().map(Figures::bills).collect()
    }

    pub(super) fn all_scores(&self) -> Vec<Vec<f64>> {
        self.scores.iter().flatten().cloned().collect()
    }
}
