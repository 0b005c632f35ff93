//! Needed: the fewest agents that keep a promise.

use super::{amount, erlang_a, erlang_a_within, erlang_c_within, service_level, square_root_staffing};

/// What the desk promises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Time within which a contact should be answered, in seconds.
    pub within_s: f64,
    /// Share of all arrivals that must be answered by then, 0 to 1.
    pub answered: f64,
    /// Share of all arrivals that may give up, 0 to 1; 1 if that does not matter.
    pub abandoned_at_most: f64,
}

/// The fewest agents with which Erlang-C (nobody gives up) keeps `target`.
///
/// Without arrivals 0 are needed. `None` if no number up to `u32::MAX` keeps it (a share above 1, or not a number). The
/// queue must be stable, so the answer exceeds the offered load even for a target of 0.
///
/// The search starts at the square-root rule, doubles its steps until it has the answer between two numbers, and
/// bisects: about 2 log₂ of the distance evaluations. More agents never serve worse, so it cannot miss.
pub fn agents_for_the_patient(per_s: f64, handle_s: f64, target: Target) -> Option<u32> {
    if target.abandoned_at_most.is_nan() || target.abandoned_at_most < 0.0 {
        return None;
    }
    fewest(per_s, handle_s, |agents| {
        erlang_c_within(agents, per_s, handle_s, target.within_s)
            .is_some_and(|within| within.answered >= target.answered)
    })
}

/// The fewest agents with which Erlang-A (exponential patience of mean `patience_s`) keeps `target`: enough are
/// answered in time, and not too many give up. A target of nothing needs 0.
///
/// `None`, and the search, as for [`agents_for_the_patient`].
pub fn agents_for_the_impatient(per_s: f64, handle_s: f64, patience_s: f64, target: Target) -> Option<u32> {
    fewest(per_s, handle_s, |agents| {
        let within = erlang_a_within(agents, per_s, handle_s, patience_s, target.within_s);
        within.answered >= target.answered
            && erlang_a(agents, per_s, handle_s, patience_s).abandons <= target.abandoned_at_most
    })
}

/// The fewest agents with which Erlang-C serves `share` of arrivals within `within_s`; 0 without arrivals, and a million
/// if no number of agents does (a share above 1). [`agents_for_the_patient`] tells that apart.
pub fn agents_needed(per_s: f64, handle_s: f64, share: f64, within_s: f64) -> u32 {
    let load = amount(amount(per_s) * amount(handle_s));
    let enough = |agents| f64::from(agents) > load && service_level(agents, per_s, handle_s, within_s) >= share;
    fewest(per_s, handle_s, enough).unwrap_or(1_000_000)
}

/// The smallest number that is enough, if every larger one is enough too.
fn fewest(per_s: f64, handle_s: f64, enough: impl Fn(u32) -> bool) -> Option<u32> {
    let load = amount(amount(per_s) * amount(handle_s));
    if load == 0.0 {
        return Some(0);
    }
    if load >= f64::from(u32::MAX) {
        return None;
    }
    let start = square_root_staffing(load, 1.0);
    let mut step = (load.sqrt() * 0.25) as u32 + 1;
    // `short` is not enough and `plenty` is, or is not known to be.
    let (mut short, mut plenty) = if enough(start) {
        let mut plenty = start;
        loop {
            if plenty == 0 {
                return Some(0);
            }
            let fewer = plenty.saturating_sub(step);
            if !enough(fewer) {
                break (fewer, plenty);
            }
            (plenty, step) = (fewer, step.saturating_mul(2));
        }
    } else {
        let mut short = start;
        loop {
            if short == u32::MAX {
                return None;
            }
            let more = short.saturating_add(step);
            if enough(more) {
                break (short, more);
            }
            (short, step) = (more, step.saturating_mul(2));
        }
    };
    while plenty - short > 1 {
        let middle = short + (plenty - short) / 2;
        if enough(middle) {
            plenty = middle;
        } else {
            short = middle;
        }
    }
    Some(plenty)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USUAL: Target = Target { within_s: 20.0, answered: 0.8, abandoned_at_most: 0.03 };

    #[test]
    fn one_fewer_would_not_do() {
        let needed = agents_needed(1.0, 300.0, 0.8, 20.0);
        assert!(service_level(needed, 1.0, 300.0, 20.0) >= 0.8);
        assert!(service_level(needed - 1, 1.0, 300.0, 20.0) < 0.8);
        assert_eq!(agents_for_the_patient(1.0, 300.0, USUAL), Some(needed));
        let impatient = agents_for_the_impatient(1.0, 300.0, 120.0, USUAL).expect("attainable");
        assert!(impatient < needed, "who gives up needs no agent");
        // The exact case of 14 agents: 88.8 % within 20 s.
        let target = |answered| Target { answered, ..USUAL };
        assert_eq!(agents_for_the_patient(10.0 / 180.0, 180.0, target(0.888)), Some(14));
        assert_eq!(agents_for_the_patient(10.0 / 180.0, 180.0, target(0.889)), Some(15));
    }

    #[test]
    fn ten_thousand_agents() {
        let needed = agents_for_the_impatient(33.0, 300.0, 180.0, USUAL).expect("attainable");
        assert!((9_600..10_000).contains(&needed), "{needed}");
        let needed = agents_for_the_patient(33.0, 300.0, USUAL).expect("attainable");
        assert!((9_901..10_100).contains(&needed), "{needed}");
        assert!(agents_needed(1e5, 300.0, 0.8, 20.0) > 30_000_000);
    }

    #[test]
    fn edges() {
        assert_eq!(agents_needed(0.0, 300.0, 0.8, 20.0), 0);
        assert_eq!(agents_needed(1.0, 300.0, 0.0, 20.0), 301);
        assert_eq!(agents_needed(1.0, 300.0, 1.5, 20.0), 1_000_000);
        assert_eq!(agents_needed(1e300, 1e300, 0.8, 20.0), 1_000_000);
        let impossible = Target { answered: 1.1, ..USUAL };
        assert_eq!(agents_for_the_patient(1.0, 300.0, impossible), None);
        let nothing = Target { answered: 0.0, abandoned_at_most: 1.0, ..USUAL };
        assert_eq!(agents_for_the_impatient(1.0, 300.0, 60.0, nothing), Some(0));
        assert_eq!(agents_for_the_impatient(0.0, 300.0, 60.0, USUAL), Some(0));
        let never = Target { answered: f64::NAN, ..USUAL };
        assert_eq!(agents_for_the_impatient(0.01, 300.0, 60.0, never), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn agrees_with_counting_up(load in 0.1..60.0_f64, share in 0.1..0.99_f64, patience in 10.0..900.0_f64) {
            let target = Target { answered: share, abandoned_at_most: 0.1, ..USUAL };
            let keeps = |n| {
                erlang_a_within(n, load / 300.0, 300.0, patience, 20.0).answered >= share
                    && erlang_a(n, load / 300.0, 300.0, patience).abandons <= 0.1
            };
            let counted = (0..).find(|&n| keeps(n));
            prop_assert_eq!(agents_for_the_impatient(load / 300.0, 300.0, patience, target), counted);
        }
    }
}
