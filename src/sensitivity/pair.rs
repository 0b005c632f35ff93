//! The two strategies whose difference is looked into.

/// The strategy that is the cheapest over all worlds, and the one that rivals it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Place of the arm with the smallest mean bill.
    pub best: usize,
    /// Place of the arm that is the cheapest in most of the worlds in which the best one is not; without such worlds, the
    /// one with the next larger mean bill. With one strategy, the control.
    pub rival: usize,
}

impl Pair {
    /// The pair of worlds with these bills by arm, the control first. The control is no rival where there are two
    /// strategies.
    pub fn of(bills: &[Vec<f64>]) -> Self {
        let arms = bills.first().map_or(0, Vec::len);
        let mean = |arm: usize| bills.iter().map(|world| world[arm]).sum::<f64>();
        let first = usize::from(arms > 2);
        let cheapest = |of: &dyn Fn(usize) -> f64, without: Option<usize>| {
            let arms = (first..arms).filter(|arm| Some(*arm) != without);
            arms.min_by(|&a, &b| of(a).total_cmp(&of(b))).unwrap_or(0)
        };
        let best = cheapest(&mean, None);
        let wins = |arm: usize| bills.iter().filter(|world| cheapest(&|of| world[of], None) == arm).count();
        let rival = (first..arms).filter(|arm| *arm != best).max_by(|&a, &b| {
            // Of as many wins, the one with the smaller mean; of the same, the first.
            wins(a).cmp(&wins(b)).then(mean(b).total_cmp(&mean(a))).then(b.cmp(&a))
        });
        Self { best, rival: rival.unwrap_or(best) }
    }

    /// By how much the rival's bill exceeds that of the best.
    pub fn lead(&self, bills: &[f64]) -> f64 {
        bills[self.rival] - bills[self.best]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rival_is_who_wins_where_the_best_does_not() {
        let worlds = vec![
            vec![0.0, 5.0, 6.0, 9.0],
            vec![0.0, 5.0, 6.0, 9.0],
            vec![0.0, 5.0, 6.0, 4.0],
        ];
        assert_eq!(Pair::of(&worlds), Pair { best: 1, rival: 3 });
        assert_eq!(Pair::of(&worlds[..2]), Pair { best: 1, rival: 2 });
        assert_eq!(Pair::of(&[vec![3.0, 2.0]]), Pair { best: 1, rival: 0 });
        assert_eq!(Pair::of(&[vec![3.0, 4.0]]).lead(&[3.0, 4.0]), 1.0);
    }
}
