//! Whole numbers that sum to a whole: what is shown adds up to the last digit.

/// Rounds values to whole numbers that sum to their rounded sum, by largest remainder: all are rounded down, and those that
/// lost most get one each. A value of 0 stays 0. The sum is given as well, for half a piece is rounded by its last bit.
pub fn apportioned(values: &[f64], sum: f64) -> Vec<i64> {
    let mut whole: Vec<i64> = values.iter().map(|value| value.floor() as i64).collect();
    let mut order: Vec<usize> = (0..values.len()).filter(|&place| values[place] != 0.0).collect();
    let lost = |place: usize| values[place] - values[place].floor();
    order.sort_by(|&a, &b| lost(b).total_cmp(&lost(a)).then(a.cmp(&b)));
    let missing = sum.round() as i64 - whole.iter().sum::<i64>();
    if let Ok(missing) = usize::try_from(missing) {
        order.iter().take(missing).for_each(|&place| whole[place] += 1);
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn who_lost_most_gets_what_is_missing() {
        assert_eq!(apportioned(&[1.4, 1.4, 1.2], 4.0), [2, 1, 1]);
        assert_eq!(apportioned(&[-1.5, 3.0, 0.0, -0.5], 1.0), [-1, 3, 0, -1]);
        assert_eq!(apportioned(&[0.0, 0.0], 0.0), [0, 0]);
        assert!(apportioned(&[], 0.0).is_empty());
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_whole_and_none_is_off_by_more_than_one(values in proptest::collection::vec(-1e9..1e9_f64, 0..20)) {
            let sum = values.iter().sum::<f64>();
            let whole = apportioned(&values, sum);
            prop_assert_eq!(whole.iter().sum::<i64>(), sum.round() as i64);
            for (whole, value) in whole.iter().zip(&values) {
                prop_assert!((*whole as f64 - value).abs() <= 1.0, "{} for {}", whole, value);
            }
        }
    }
}
