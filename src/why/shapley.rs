//! Shapley values: what each player of a game adds, as the mean over all orders in which they may come.
//!
//! A game gives every set of players a worth. A player's value is the mean, over all orders, of what the worth grows by when
//! the player joins those who came before (Shapley, "A value for n-person games", 1953). The values sum to the worth of all
//! less that of nobody (efficiency); players who add the same to every set have the same value (symmetry); who adds nothing
//! to any set has none (null player). Each of these holds for every single order but symmetry, which needs them all.

use crate::random::{Purpose, Seed};

/// A set of players: the bit of each that is in it.
pub type Players = u64;

/// Most players.
pub const MOST: usize = 60;

/// All of so many players.
pub const fn everybody(players: usize) -> Players {
    (1 << players) - 1
}

/// The value of each player, over all sets of the others: exact, with 2^`players` worths.
pub fn exact(players: usize, worth: &impl Fn(Players) -> f64) -> Vec<f64> {
    (0..players)
        .map(|player| {
            let own = 1 << player;
            let sets = (0..1 << players).filter(|set: &Players| set & own == 0);
            // |S|! (n − |S| − 1)! / n!: as likely is it to find just these before the player.
            sets.map(|set| weight(set.count_ones() as usize, players - 1) * (worth(set | own) - worth(set)))
                .sum()
        })
        .collect()
}

/// The mean of what each player adds over these orders. They still sum to the whole.
pub fn along(players: usize, orders: &[Vec<usize>], worth: &impl Fn(Players) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; players];
    for order in orders {
        let mut before = 0;
        for &player in order {
            let with = before | 1 << player;
            sums[player] += worth(with) - worth(before);
            before = with;
        }
    }
    sums.iter().map(|sum| sum / orders.len().max(1) as f64).collect()
}

/// Shapley interaction index of two players: what they add together beyond what each adds, as the mean over the sets that may
/// come before both (Grabisch and Roubens, "An axiomatic approach to the concept of interaction among players in cooperative
/// games", 1999).
pub fn interaction(players: usize, (one, other): (usize, usize), worth: &impl Fn(Players) -> f64) -> f64 {
    let (one, other) = (1 << one, 1 << other);
    let sets = (0..1 << players).filter(|set: &Players| set & (one | other) == 0);
    sets.map(|set| {
        let beyond = worth(set | one | other) - worth(set | one) - worth(set | other) + worth(set);
        weight(set.count_ones() as usize, players - 2) * beyond
    })
    .sum()
}

/// The same from both ends alone: with nobody before the two, and with all others before them.
pub fn interaction_at_ends(players: usize, (one, other): (usize, usize), worth: &impl Fn(Players) -> f64) -> f64 {
    let both = 1 << one | 1 << other;
    let at =
        |before: Players| worth(before | both) - worth(before | 1 << one) - worth(before | 1 << other) + worth(before);
    f64::midpoint(at(0), at(everybody(players) & !both))
}

/// Orders of players, drawn at random; each second one is the one before it turned round, which evens out who comes early.
pub fn orders(players: usize, wanted: usize, seed: Seed) -> Vec<Vec<usize>> {
    let mut drawn: Vec<Vec<usize>> = Vec::with_capacity(wanted);
    while drawn.len() < wanted {
        let turned: Option<Vec<usize>> = match drawn.last() {
            Some(last) if drawn.len() % 2 == 1 => Some(last.iter().rev().copied().collect()),
            _ => None,
        };
        drawn.push(turned.unwrap_or_else(|| shuffled(players, seed, drawn.len() as u64)));
    }
    drawn
}

/// Fisher and Yates.
fn shuffled(players: usize, seed: Seed, number: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..players).collect();
    let mut draw = seed.draw(number, Purpose::Orders, 0);
    for last in (1..players).rev() {
        order.swap(last, (draw.uniform() * (last + 1) as f64) as usize);
    }
    order
}

/// One over (others + 1) times the number of sets of this size among the others.
fn weight(size: usize, others: usize) -> f64 {
    let sets = (0..size).fold(1.0, |sets, n| sets * (others - n) as f64 / (n + 1) as f64);
    1.0 / (sets * (others + 1) as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(got: &[f64], wanted: &[f64]) {
        assert_eq!(got.len(), wanted.len());
        for (got, wanted) in got.iter().zip(wanted) {
            assert!((got - wanted).abs() < 1e-12, "{got} for {wanted}");
        }
    }

    #[test]
    fn games_with_closed_forms_have_the_values_that_they_should() {
        // Gloves: the first has a left one, the others a right one each; a pair is worth 1.
        let gloves = |set: Players| f64::from(u8::from(set & 1 == 1 && set & 0b110 != 0));
        near(&exact(3, &gloves), &[2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]);
        // Additive: each is worth what they bring.
        let brings = [5.0, -3.0, 0.25, 7.0];
        let additive = |set: Players| (0..4).filter(|p| set >> p & 1 == 1).map(|p| brings[p]).sum::<f64>();
        near(&exact(4, &additive), &brings);
        assert!(interaction(4, (0, 3), &additive).abs() < 1e-12);
        // Unanimity: three of five must be there, and share alike.
        let unanimous = |set: Players| if set & 0b10101 == 0b10101 { 12.0 } else { 0.0 };
        near(&exact(5, &unanimous), &[4.0, 0.0, 4.0, 0.0, 4.0]);
        // Of a product of two, each has half, and all of it is what they do together.
        let product = |set: Players| if set & 0b11 == 0b11 { 8.0 } else { 0.0 };
        near(&exact(3, &product), &[4.0, 4.0, 0.0]);
        assert!((interaction(3, (0, 1), &product) - 8.0).abs() < 1e-12);
        assert!((interaction_at_ends(3, (0, 1), &product) - 8.0).abs() < 1e-12);
        assert!(interaction(3, (0, 2), &product).abs() < 1e-12);
        // An airport: a runway is as dear as the largest of those who land needs.
        let needs = [1.0, 2.0, 4.0];
        let airport = |set: Players| (0..3).filter(|p| set >> p & 1 == 1).map(|p| needs[p]).fold(0.0, f64::max);
        near(&exact(3, &airport), &[1.0 / 3.0, 5.0 / 6.0, 17.0 / 6.0]);
        assert!(exact(0, &airport).is_empty());
    }

    #[test]
    fn drawn_orders_are_permutations_turned_round_in_pairs() {
        let drawn = orders(6, 5, Seed::new(3, 1));
        assert_eq!(drawn.len(), 5);
        for order in &drawn {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2, 3, 4, 5]);
        }
        let turned: Vec<usize> = drawn[0].iter().rev().copied().collect();
        assert_eq!(drawn[1], turned);
        assert_ne!(drawn[0], drawn[2]);
        assert_eq!(drawn, orders(6, 5, Seed::new(3, 1)));
    }

    #[test]
    fn drawn_orders_come_near_to_all_of_them() {
        let gloves = |set: Players| f64::from(u8::from(set & 1 == 1 && set & 0b110 != 0));
        let drawn = orders(3, 4_000, Seed::new(1, 0));
        let got = along(3, &drawn, &gloves);
        assert!((got[0] - 2.0 / 3.0).abs() < 0.03 && (got[1] - 1.0 / 6.0).abs() < 0.03, "{got:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn values_sum_to_the_whole_and_follow_the_players(
            worths in proptest::collection::vec(-1e6..1e6_f64, 32),
            seed in 0_u64..1_000,
            (one, other) in (0_usize..5, 0_usize..5),
        ) {
            let worth = |set: Players| worths[set as usize];
            let values = exact(5, &worth);
            let whole = worths[31] - worths[0];
            prop_assert!((values.iter().sum::<f64>() - whole).abs() < 1e-6);
            // Of drawn orders too, however few.
            let few = along(5, &orders(5, 3, Seed::new(seed, 0)), &worth);
            prop_assert!((few.iter().sum::<f64>() - whole).abs() < 1e-6);
            // Whoever is called otherwise has the same value.
            let swapped = |set: Players| {
                let (a, b) = (set >> one & 1, set >> other & 1);
                (set & !(1 << one | 1 << other)) | b << one | a << other
            };
            let renamed = exact(5, &|set| worths[swapped(set) as usize]);
            prop_assert!((renamed[one] - values[other]).abs() < 1e-6);
            prop_assert!((renamed[other] - values[one]).abs() < 1e-6);
            // Two who add the same to every set have the same value.
            let alike = |set: Players| worth(set) + worth(swapped(set));
            let symmetric = exact(5, &alike);
            prop_assert!((symmetric[one] - symmetric[other]).abs() < 1e-6);
            // Who adds nothing to any set has no value, in any order, not even by rounding.
            let without = |set: Players| worth(set & !(1 << one));
            prop_assert_eq!(exact(5, &without)[one], 0.0);
            prop_assert_eq!(along(5, &orders(5, 3, Seed::new(seed, 1)), &without)[one], 0.0);
        }
    }
}
