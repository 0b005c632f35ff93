//! Level: what the scenario as it stands comes to over all accounts, which worlds over a part of them are told from.
//!
//! A part has a desk to its scale, and a small desk errs by itself: people wait longer than at a large one at the same load,
//! and whole agents are rounded. So a world tells by how much it differs from the scenario as it stands over the same part
//! with the same luck, and that is added to what all accounts come to. What the part does by itself drops out, and so does
//! most of the luck (two levels of multilevel simulation: Giles, Multilevel Monte Carlo methods, Acta Numerica 24, 2015).

use crate::probe::Figures;

/// What the scenario as it stands comes to.
#[derive(Clone, Debug, Default)]
pub struct Level {
    /// Over all accounts, or as many as can be simulated in time: by replication and arm. Nothing where worlds have all
    /// accounts themselves.
    pub whole: Vec<Vec<Figures>>,
    /// By luck and arm: what is added to a world.
    added: Vec<Vec<Figures>>,
}

impl Level {
    /// The level from what the scenario as it stands came to: over all accounts by replication and arm, and over a part by
    /// luck and arm.
    pub fn new(whole: Vec<Vec<Figures>>, part: &[Vec<Figures>]) -> Self {
        let arms = whole.first().map_or(0, Vec::len);
        let middle: Vec<Figures> =
            (0..arms).map(|arm| Figures::mean(whole.iter().map(|replication| &replication[arm]))).collect();
        let added = part.iter().map(|part| middle.iter().zip(part).map(|(all, part)| all.minus(part)).collect());
        Self { added: added.collect(), whole }
    }

    /// What a world comes to as all accounts do, from what the part came to with the luck of a number.
    pub fn told(&self, number: u32, part: Vec<Figures>) -> Vec<Figures> {
        match self.added.get(number as usize) {
            Some(added) => part.iter().zip(added).map(|(part, added)| part.plus(added)).collect(),
            None => part,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Metric;

    #[test]
    fn a_world_is_told_by_what_it_differs_from_the_same_luck_as_stated() {
        let figures = |value: f64| vec![Figures::new([value; Metric::ALL.len()])];
        let level = Level::new(vec![figures(90.0), figures(110.0)], &[figures(70.0), figures(150.0)]);
        let told = |number: u32, part: f64| level.told(number, figures(part))[0].of(Metric::Cost);
        assert_eq!((told(0, 70.0), told(0, 75.0)), (100.0, 105.0));
        assert_eq!((told(1, 150.0), told(1, 155.0)), (100.0, 105.0));
        assert_eq!(Level::default().told(0, figures(7.0))[0].of(Metric::Cost), 7.0);
    }
}
