//! Handle times of any variability: approximations, since no closed form is known beyond one agent.

use super::delay::exponential_wait;
use super::offered_wait::OfferedWait;
use super::patience::{General, nobody, scale, without_queue};
use super::{Stationary, Within, amount, erlang_c};

/// (1 + cv²) / 2: how much longer waits are than with exponential handle times.
fn variability(cv2: f64) -> f64 {
    0.5 * (1.0 + amount(cv2).min(1e12))
}

/// M/G/n by Allen and Cunneen: the delay probability of Erlang-C, and its mean wait times (1 + cv²) / 2, where `cv2` is
/// the squared coefficient of variation of the handle time (0 fixed, 1 exponential).
///
/// Mean wait exact for one agent (Pollaczek-Khinchine), for `cv2` = 1, and in the limit of full load. For fixed handle
/// times it is too short: by at most 4 % of the wait at 10 agents and load 0.9, by 8 % at load 0.8, more where waits
/// are rare and short. For `cv2` above 1 the error also depends on the third moment, which is not asked; it has not been
/// measured here. P(wait) is taken over from exponential handle times unchanged.
///
/// `None` if the load is not below the number of agents.
///
/// Source: A. O. Allen, "Probability, Statistics, and Queueing Theory" (1978, 1990); for its error W. Whitt,
/// "Approximations for the GI/G/m queue", Production and Operations Management 2 (1993).
pub fn general_handling(agents: u32, per_s: f64, handle_s: f64, cv2: f64) -> Option<Stationary> {
    let exponential = erlang_c(agents, per_s, handle_s)?;
    let mean_wait_s = exponential.mean_wait_s * variability(cv2);
    Some(Stationary {
        mean_wait_s,
        mean_wait_answered_s: mean_wait_s,
        ..exponential
    })
}

/// [`general_handling`] at `within_s` seconds, taking the wait of those who wait as exponential: right in heavy traffic,
/// rough below a load of 0.7 per agent.
pub fn general_handling_within(agents: u32, per_s: f64, handle_s: f64, cv2: f64, within_s: f64) -> Option<Within> {
    let desk = general_handling(agents, per_s, handle_s, cv2)?;
    Some(exponential_wait(&desk, amount(within_s)))
}

/// M/G/n+G: handle times of squared coefficient of variation `cv2` and patience of any distribution, given as
/// `survival` (see [`general_patience`](super::general_patience)).
///
/// As many wait as with exponential handle times, and the density exp φ(x) of their offered wait becomes
/// exp(φ(x) / z), z = (1 + cv²) / 2. This is the heavy-traffic diffusion with its variance scaled; it gives M/M/n+G for
/// `cv2` = 1 and Allen-Cunneen for endless patience. An approximation of our own composition, meant for a load per agent above
/// 0.8 or so; its error has not been measured. Without it, W. Whitt (2005) advises to ignore `cv2` altogether.
///
/// `None` as for `general_patience`.
///
/// Source of the parts: S. Zeltyn and A. Mandelbaum, Queueing Systems 51 (2005); W. Whitt, "Engineering solution of a
/// basic call-center model", Management Science 51 (2005).
pub fn general_handling_and_patience(
    agents: u32,
    per_s: f64,
    handle_s: f64,
    cv2: f64,
    survival: impl Fn(f64) -> f64,
) -> Option<Stationary> {
    let (rho, unit_s) = scale(agents, per_s, handle_s);
    if agents == 0 {
        return Some(nobody(&survival));
    }
    if !(rho > 0.0 && unit_s > 0.0) {
        return Some(Stationary::at_once(0.0));
    }
    Some(stretched(agents, rho, unit_s, cv2, survival, 0.0)?.stationary())
}

/// [`general_handling_and_patience`] at `within_s` seconds.
pub fn general_handling_and_patience_within(
    agents: u32,
    per_s: f64,
    handle_s: f64,
    cv2: f64,
    survival: impl Fn(f64) -> f64,
    within_s: f64,
) -> Option<Within> {
    let (rho, unit_s) = scale(agents, per_s, handle_s);
    let within_s = amount(within_s);
    if let Some(plain) = without_queue(agents, rho, unit_s, &survival, within_s) {
        return Some(plain);
    }
    Some(stretched(agents, rho, unit_s, cv2, survival, within_s / unit_s)?.within())
}

fn stretched(
    agents: u32,
    rho: f64,
    unit_s: f64,
    cv2: f64,
    survival: impl Fn(f64) -> f64,
    until: f64,
) -> Option<OfferedWait> {
    let patience = General { survival, unit_s };
    let exponential = OfferedWait::new(agents, rho, unit_s, &patience, 1.0, until)?;
    Some(OfferedWait::new(agents, rho, unit_s, &patience, variability(cv2), until)?.with_delays_of(&exponential))
}

#[cfg(test)]
mod tests {
    use super::super::{close, erlang_c_within, general_patience};
    use super::*;

    /// Mean wait of M/D/n, in handle times: the number at the desk, looked at once per handle time, forgets all but
    /// what was queued; its chain is run until it settles (Crommelin 1932).
    fn fixed_handling(agents: usize, load: f64) -> f64 {
        const STATES: usize = 600;
        let mut arrivals = vec![(-load).exp()];
        for k in 1..STATES {
            arrivals.push(arrivals[k - 1] * load / k as f64);
        }
        let mut now = vec![0.0; STATES];
        now[0] = 1.0;
        for _ in 0..2_500 {
            let mut next = vec![0.0; STATES];
            for (state, &p) in now.iter().enumerate().filter(|(_, p)| **p > 1e-18) {
                let left = state.saturating_sub(agents);
                for (k, &q) in arrivals.iter().enumerate().take_while(|(k, _)| left + k < STATES && *k < 100) {
                    next[left + k] += p * q;
                }
            }
            now = next;
        }
        let queue: f64 = now.iter().enumerate().map(|(state, p)| state.saturating_sub(agents) as f64 * p).sum();
        queue / load
    }

    #[test]
    fn one_agent_is_exact() {
        // Pollaczek-Khinchine: load 0.8, fixed handle time: 0.8 / (2 × 0.2) = 2 handle times.
        close(general_handling(1, 0.8, 1.0, 0.0).expect("stable").mean_wait_s, 2.0, 1e-13);
        close(fixed_handling(1, 0.8), 2.0, 1e-9);
        close(general_handling(1, 0.8, 1.0, 3.0).expect("stable").mean_wait_s, 8.0, 1e-13);
    }

    #[test]
    fn fixed_handle_times_are_off_by_as_much_as_documented() {
        for (agents, load, error) in [(2, 1.8, 0.02), (10, 9.0, 0.04), (10, 8.0, 0.08), (30, 28.0, 0.04)] {
            let exact = fixed_handling(agents, load);
            let got = general_handling(agents as u32, load, 1.0, 0.0).expect("stable").mean_wait_s;
            let off = got / exact - 1.0;
            assert!((-error..0.0).contains(&off), "{agents} agents, load {load}: {got} for {exact}, {off}");
        }
    }

    #[test]
    fn it_contains_the_exact_models() {
        let survival = |x: f64| (-x / 120.0).exp();
        let got = general_handling_and_patience(50, 0.18, 300.0, 1.0, survival).expect("stable");
        let exact = general_patience(50, 0.18, 300.0, survival).expect("stable");
        close(got.mean_wait_s, exact.mean_wait_s, 1e-10);
        close(got.abandons, exact.abandons, 1e-10);
        for cv2 in [0.0, 0.5, 4.0] {
            let got = general_handling_and_patience(50, 0.16, 300.0, cv2, |_| 1.0).expect("stable");
            let expected = general_handling(50, 0.16, 300.0, cv2).expect("stable");
            close(got.mean_wait_s, expected.mean_wait_s, 1e-9);
            let got = general_handling_and_patience_within(50, 0.16, 300.0, cv2, |_| 1.0, 30.0).expect("stable");
            let expected = general_handling_within(50, 0.16, 300.0, cv2, 30.0).expect("stable");
            close(got.still_waits, expected.still_waits, 1e-9);
        }
        let c = erlang_c_within(50, 0.16, 300.0, 30.0).expect("stable");
        close(general_handling_within(50, 0.16, 300.0, 1.0, 30.0).expect("stable").answered, c.answered, 1e-14);
    }

    #[test]
    fn more_variable_handling_waits_longer_and_nothing_breaks() {
        let survival = |x: f64| (-x / 120.0).exp();
        let waits = [0.0, 1.0, 2.0, 8.0]
            .map(|cv2| general_handling_and_patience(50, 0.15, 300.0, cv2, survival).expect("stable").mean_wait_s);
        assert!(waits.is_sorted(), "{waits:?}");
        for cv2 in [0.0, 1e300, f64::NAN, -1.0] {
            for (agents, per_s) in [(0, 1.0), (1, 0.0), (1, 1e9), (10_000, 33.0)] {
                let got = general_handling_and_patience(agents, per_s, 300.0, cv2, survival).expect("stable");
                assert!((0.0..=1.0).contains(&got.occupancy) && got.mean_wait_s.is_finite(), "{got:?}");
            }
        }
        assert_eq!(general_handling(3, 0.01, 300.0, 0.5), None);
    }
}
