//! Exact shares: whole numbers of accounts that add up, however they are cut.

/// Splits `total` into parts in proportion to `weights`, no part above its cap, by largest remainder.
///
/// The parts sum to `total`, or to the sum of the caps if that is smaller. What the parts with a weight have no room for
/// goes to the first parts that have.
pub fn allocate(total: u64, weights: &[f64], caps: &[u64]) -> Vec<u64> {
    let mut parts = vec![0; caps.len()];
    let mut open: Vec<usize> = (0..caps.len()).filter(|&i| caps[i] > 0 && weights[i] > 0.0).collect();
    let mut left = total.min(caps.iter().sum());
    // Parts whose proportional share exceeds the cap are filled first; the rest share what is left.
    loop {
        let weight: f64 = open.iter().map(|&i| weights[i]).sum();
        let share = |i: usize| left as f64 * weights[i] / weight;
        let (full, rest): (Vec<_>, Vec<_>) = open.iter().partition(|&&i| share(i) > caps[i] as f64);
        if full.is_empty() {
            break;
        }
        for i in full {
            parts[i] = caps[i];
            left -= caps[i];
        }
        open = rest;
    }
    let weight: f64 = open.iter().map(|&i| weights[i]).sum();
    let mut order: Vec<(f64, usize)> = Vec::with_capacity(open.len());
    let pot = left;
    for &i in &open {
        let share = pot as f64 * weights[i] / weight;
        parts[i] = (share as u64).min(caps[i]).min(left);
        left -= parts[i];
        order.push((share - parts[i] as f64, i));
    }
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    // What rounding left over goes to the largest remainders; then, if weights ran out, to wherever there is room.
    let by_room = (0..caps.len()).cycle().take(2 * caps.len());
    for i in order.into_iter().map(|(_, i)| i).chain(by_room) {
        if left == 0 {
            break;
        }
        let step = if weight > 0.0 { 1 } else { left };
        let room = (caps[i] - parts[i]).min(step);
        parts[i] += room;
        left -= room;
    }
    parts
}

/// `share` of `count`, to the nearest whole number.
pub fn of(share: f64, count: u64) -> u64 {
    (share * count as f64).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_sum_to_the_total_and_keep_their_caps(
            total in 0u64..5000,
            parts in prop::collection::vec((0.0f64..3.0, 0u64..500), 1..40),
        ) {
            let (weights, caps): (Vec<f64>, Vec<u64>) = parts.into_iter().unzip();
            let got = allocate(total, &weights, &caps);
            prop_assert_eq!(got.iter().sum::<u64>(), total.min(caps.iter().sum()));
            prop_assert!(got.iter().zip(&caps).all(|(part, cap)| part <= cap));
        }

        #[test]
        fn without_caps_no_part_is_off_by_one_or_more(
            total in 0u64..100_000,
            weights in prop::collection::vec(0.01f64..3.0, 1..20),
        ) {
            let sum: f64 = weights.iter().sum();
            let got = allocate(total, &weights, &vec![u64::MAX / 64; weights.len()]);
            for (part, weight) in got.iter().zip(&weights) {
                prop_assert!((*part as f64 - total as f64 * weight / sum).abs() < 1.0 + 1e-6);
            }
        }
    }
}
