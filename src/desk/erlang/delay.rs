//! Delay: everybody waits until an agent is free (M/M/n).

use super::{Stationary, Within, amount, erlang_b};

/// Erlang-C (M/M/n): nobody gives up.
///
/// With n agents, load a = `per_s` × `handle_s` and B of Erlang-B: P(wait) = B / (1 - (a/n)(1 - B)), and those who wait
/// do so for an exponential time of mean handle / (n - a).
///
/// `None` if the offered load is not below the number of agents: the queue grows without end (so too for a desk without
/// agents).
///
/// Source: A. K. Erlang, Elektrotekniken 13 (1917).
pub fn erlang_c(agents: u32, per_s: f64, handle_s: f64) -> Option<Stationary> {
    let (n, handle_s) = (f64::from(agents), amount(handle_s));
    let load = amount(amount(per_s) * handle_s);
    if load >= n {
        return None;
    }
    let lost = erlang_b(agents, load);
    let waits = lost / ((n - load) / n + load / n * lost);
    let mean_wait_s = waits * (handle_s / (n - load));
    Some(Stationary {
        waits,
        abandons: 0.0,
        mean_wait_s,
        mean_wait_answered_s: mean_wait_s,
        occupancy: load / n,
    })
}

/// Erlang-C at `within_s` seconds: P(wait > t) = P(wait) exp(-(n - a) t / handle), and the service level is what
/// remains of 1. `None` as in [`erlang_c`].
pub fn erlang_c_within(agents: u32, per_s: f64, handle_s: f64, within_s: f64) -> Option<Within> {
    let desk = erlang_c(agents, per_s, handle_s)?;
    Some(exponential_wait(&desk, amount(within_s)))
}

/// The wait of those who wait is exponential, and nobody gives up.
pub(super) fn exponential_wait(desk: &Stationary, within_s: f64) -> Within {
    let mean_of_delayed_s = desk.mean_wait_s / desk.waits;
    let still_waits = if within_s > 0.0 && mean_of_delayed_s > 0.0 {
        desk.waits * (-within_s / mean_of_delayed_s).exp()
    } else if within_s > 0.0 {
        0.0
    } else {
        desk.waits
    };
    Within {
        answered: 1.0 - still_waits,
        of_answered: 1.0 - still_waits,
        still_waits,
    }
}

/// Share of arrivals that Erlang-C serves within `within_s`; 0 if the queue grows without end.
pub fn service_level(agents: u32, per_s: f64, handle_s: f64, within_s: f64) -> f64 {
    erlang_c_within(agents, per_s, handle_s, within_s).map_or(0.0, |within| within.answered)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::close;
    use super::*;

    /// 40-digit arithmetic, two independent routes: agents, arrivals a minute, handle minutes; then P(wait), mean wait
    /// in minutes, service level at 20 seconds, occupancy.
    #[test]
    fn exact_cases() {
        for (agents, per_min, handle_min, waits, wait_min, level, occupancy) in [
            (
                14,
                10.0 / 3.0,
                3.0,
                0.174_131_933_595_049_83,
                0.130_598_950_196_287_37,
                0.888_350_019_179_466_9,
                5.0 / 7.0,
            ),
            (50, 48.0, 1.0, 0.694_455_611_196_834_3, 0.347_227_805_598_417_15, 0.643_454_600_803_303_5, 0.96),
            (27, 2.0, 12.0, 0.449_763_297_677_895_36, 1.799_053_190_711_581_4, 0.586_197_790_066_186_7, 8.0 / 9.0),
        ] {
            let (per_s, handle_s) = (per_min / 60.0, handle_min * 60.0);
            let desk = erlang_c(agents, per_s, handle_s).expect("stable");
            close(desk.waits, waits, 1e-12);
            close(desk.mean_wait_s, wait_min * 60.0, 1e-12);
            close(desk.mean_wait_answered_s, wait_min * 60.0, 1e-12);
            close(desk.occupancy, occupancy, 1e-12);
            let within = erlang_c_within(agents, per_s, handle_s, 20.0).expect("stable");
            close(within.answered, level, 1e-12);
            close(within.still_waits, 1.0 - level, 1e-11);
            close(service_level(agents, per_s, handle_s, 20.0), level, 1e-12);
        }
    }

    #[test]
    fn edges() {
        assert_eq!(erlang_c(10, 1.0, 10.0), None, "no slack, no stationary state");
        assert_eq!(erlang_c(0, 0.0, 0.0), None);
        assert_eq!(service_level(3, 1.0, 10.0, 1e9), 0.0);
        assert_eq!(erlang_c(5, 0.0, 100.0), Some(Stationary::at_once(0.0)));
        assert_eq!(service_level(5, 1.0, 0.0, 0.0), 1.0);
        let huge = erlang_c(10_000, 99.5, 100.0).expect("stable");
        assert!(huge.waits > 0.5 && huge.waits < 0.6, "{huge:?}");
    }

    proptest! {
        #[test]
        fn every_agent_helps(agents in 1_u32..300, spare in 0.001..0.999, within in 0.0..500.0) {
            let per_s = f64::from(agents) * spare / 100.0;
            let level = |n| service_level(n, per_s, 100.0, within);
            prop_assert!(level(agents + 1) >= level(agents));
            let at_once = erlang_c_within(agents, per_s, 100.0, 0.0).expect("stable");
            let desk = erlang_c(agents, per_s, 100.0).expect("stable");
            prop_assert_eq!(at_once.still_waits, desk.waits);
        }
    }
}
