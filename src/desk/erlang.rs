//! Closed forms: what queueing theory says about a desk with Poisson arrivals, exponential handle times and, in
//! Erlang-A, exponential patience. The simulated desk is checked against them, and the report uses them for a first
//! idea of how many agents an hour needs.
//!
//! Sources: A. K. Erlang (1917); C. Palm (1957); S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers",
//! Queueing Systems 51 (2005).

/// Stationary behaviour of a desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stationary {
    /// Probability that an arrival waits.
    pub waits: f64,
    /// Probability that an arrival gives up.
    pub abandons: f64,
    /// Mean wait of all arrivals, those who give up included, in seconds.
    pub mean_wait_s: f64,
    /// Share of agents' time that is spent on contacts.
    pub occupancy: f64,
}

/// Erlang-B: the share of arrivals that find all of `agents` lines busy and are lost, at an offered load in erlangs.
///
/// The recursion B(n) = a B(n-1) / (n + a B(n-1)) is stable for any number of lines.
pub fn erlang_b(agents: u32, load_erlangs: f64) -> f64 {
    (1..=agents).fold(1.0, |blocked, n| load_erlangs * blocked / (f64::from(n) + load_erlangs * blocked))
}

/// Erlang-C (M/M/n): nobody gives up. `None` if the offered load is not below the number of agents: the queue grows
/// without end.
pub fn erlang_c(agents: u32, per_s: f64, handle_s: f64) -> Option<Stationary> {
    let (n, load) = (f64::from(agents), per_s * handle_s);
    if load >= n {
        return None;
    }
    let blocked = erlang_b(agents, load);
    let waits = blocked / (1.0 - load / n * (1.0 - blocked));
    Some(Stationary {
        waits,
        abandons: 0.0,
        mean_wait_s: waits * handle_s / (n - load),
        occupancy: load / n,
    })
}

/// Share of arrivals that Erlang-C serves within `within_s`; 0 if the queue grows without end.
pub fn service_level(agents: u32, per_s: f64, handle_s: f64, within_s: f64) -> f64 {
    erlang_c(agents, per_s, handle_s)
        .map_or(0.0, |desk| 1.0 - desk.waits * (-(f64::from(agents) - per_s * handle_s) * within_s / handle_s).exp())
}

/// Erlang-A (M/M/n+M): those who wait give up after an exponential patience.
///
/// States above `n` have the ratio load / (n + k × handle / patience) to the one below; they are summed from the
/// blocking probability of Erlang-B until what remains cannot matter.
pub fn erlang_a(agents: u32, per_s: f64, handle_s: f64, patience_s: f64) -> Stationary {
    let (n, load, theta) = (f64::from(agents), per_s * handle_s, handle_s / patience_s);
    // Probabilities relative to that of "all busy, nobody waits".
    let below = match erlang_b(agents, load) {
        blocked if blocked > 0.0 => 1.0 / blocked,
        _ => f64::INFINITY,
    };
    let (mut queued, mut queue, mut term, mut k) = (0.0, 0.0, 1.0_f64, 0.0);
    loop {
        k += 1.0;
        term *= load / (n + k * theta);
        queued += term;
        queue += k * term;
        if term * (1.0 + k) < 1e-17 * (1.0 + queue) && load < n + k * theta {
            break;
        }
    }
    let all = below + queued;
    let mean_queue = queue / all;
    let abandons = mean_queue / patience_s / per_s;
    Stationary {
        waits: (1.0 + queued) / all,
        abandons,
        mean_wait_s: mean_queue / per_s,
        occupancy: load * (1.0 - abandons) / n,
    }
}

/// The fewest agents with which Erlang-C serves `share` of arrivals within `within_s`.
pub fn agents_needed(per_s: f64, handle_s: f64, share: f64, within_s: f64) -> u32 {
    let load = per_s * handle_s;
    let mut agents = load.floor() as u32 + u32::from(load > 0.0);
    while agents < 1_000_000 && load > 0.0 && service_level(agents, per_s, handle_s, within_s) < share {
        agents += 1;
    }
    agents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) {
        assert!((got / expected - 1.0).abs() < 1e-9, "{got} instead of {expected}");
    }

    /// Exact values from 40-digit arithmetic by two independent routes (arrivals 10/3 a minute, handle time 3 minutes,
    /// 14 agents, patience 5 minutes; and 48 a minute, 1 minute, 50 agents, patience 2 minutes).
    #[test]
    fn closed_forms_agree_with_exact_arithmetic() {
        let c = erlang_c(14, 10.0 / 180.0, 180.0).expect("stable");
        close(c.waits, 0.174_131_933_595_049_83);
        close(c.mean_wait_s, 7.835_937_011_777_243);
        close(service_level(14, 10.0 / 180.0, 180.0, 20.0), 0.888_350_019_179_466_9);
        let a = erlang_a(14, 10.0 / 180.0, 180.0, 300.0);
        close(a.waits, 0.145_260_114_296_361_2);
        close(a.abandons, 0.013_983_744_122_408_938);
        close(a.mean_wait_s, 4.195_123_236_722_681);
        close(a.occupancy, 0.704_297_325_626_850_8);
        let a = erlang_a(50, 0.8, 60.0, 120.0);
        close(a.waits, 0.467_774_068_553_790_4);
        close(a.abandons, 0.030_912_249_162_193_216);
        close(a.mean_wait_s, 0.061_824_498_324_386_43 * 60.0);
    }

    #[test]
    fn the_limits_are_right() {
        assert_eq!(erlang_c(10, 1.0, 10.0), None, "no slack, no stationary state");
        // Endless patience turns Erlang-A into Erlang-C.
        let (a, c) = (erlang_a(20, 0.9, 20.0, 1e12), erlang_c(20, 0.9, 20.0).expect("stable"));
        assert!((a.mean_wait_s / c.mean_wait_s - 1.0).abs() < 1e-6);
        // Ten thousand agents, overloaded: the surplus gives up.
        let a = erlang_a(10_000, 110.0, 100.0, 60.0);
        assert!((a.abandons - 1_000.0 / 11_000.0).abs() < 1e-3);
        let needed = agents_needed(1.0, 300.0, 0.8, 20.0);
        assert!(service_level(needed, 1.0, 300.0, 20.0) >= 0.8);
        assert!(service_level(needed - 1, 1.0, 300.0, 20.0) < 0.8);
    }
}
