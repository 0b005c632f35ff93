//! Patience of any distribution (M/M/n+G).

use super::offered_wait::{OfferedWait, Patience};
use super::quadrature::integrate_tail;
use super::{Stationary, Within, amount};

/// Patience given as a function of seconds.
pub(super) struct General<F> {
    pub(super) survival: F,
    pub(super) unit_s: f64,
}

impl<F: Fn(f64) -> f64> Patience for General<F> {
    fn lasts(&self, x: f64) -> f64 {
        amount((self.survival)(x * self.unit_s)).min(1.0)
    }

    fn grain(&self) -> f64 {
        1e-9
    }
}

/// M/M/n+G: Poisson arrivals, exponential handle times, patience of any distribution, given as `survival`, the share
/// of customers whose patience outlasts so many seconds.
///
/// `survival` must not grow; it may jump (a fixed patience, some who hang up at once) and may stay above 0 (some never
/// give up). Values outside 0 to 1 are cut off. Details of patience shorter than about 1e-9 × handle / agents are not
/// seen. With E = 1/B(n-1) of Erlang-B, H(x) = ∫₀ˣ survival and J\[f\] = ∫₀^∞ f(x) exp(λH(x) - nx/h) dx:
/// P(wait) = λJ\[1\] / (E + λJ\[1\]), mean wait = λJ\[H\] / (E + λJ\[1\]), P(abandon) = λJ\[1 - survival\] / (E + λJ\[1\]).
/// Integrated numerically to about 11 digits where `survival` is smooth.
///
/// `None` if the queue grows without end (those who never give up are too many), or if `survival` is so ragged that
/// the integration does not settle.
///
/// Source: F. Baccelli and G. Hebuterne, "On queues with impatient customers", Performance '81; S. Zeltyn and A.
/// Mandelbaum, Queueing Systems 51 (2005).
pub fn general_patience(agents: u32, per_s: f64, handle_s: f64, survival: impl Fn(f64) -> f64) -> Option<Stationary> {
    let (rho, unit_s) = scale(agents, per_s, handle_s);
    if agents == 0 {
        return Some(nobody(&survival));
    }
    if !(rho > 0.0 && unit_s > 0.0) {
        return Some(Stationary::at_once(0.0));
    }
    Some(OfferedWait::new(agents, rho, unit_s, &General { survival, unit_s }, 1.0, 0.0)?.stationary())
}

/// M/M/n+G at `within_s` seconds: who is answered by then, of all and of those ever answered, and who still waits.
///
/// P(answered and wait ≤ t) = (E + λJ\[survival; x ≤ t\]) / (E + λJ\[1\]) and P(wait > t) =
/// survival(t) λJ\[1; x > t\] / (E + λJ\[1\]). Terms, range, `None` and source as for [`general_patience`].
pub fn general_patience_within(
    agents: u32,
    per_s: f64,
    handle_s: f64,
    survival: impl Fn(f64) -> f64,
    within_s: f64,
) -> Option<Within> {
    let (rho, unit_s) = scale(agents, per_s, handle_s);
    let within_s = amount(within_s);
    if let Some(plain) = without_queue(agents, rho, unit_s, &survival, within_s) {
        return Some(plain);
    }
    let wait = OfferedWait::new(agents, rho, unit_s, &General { survival, unit_s }, 1.0, within_s / unit_s)?;
    Some(wait.within())
}

/// Load per agent, and seconds between two agents becoming free while all are busy.
pub(super) fn scale(agents: u32, per_s: f64, handle_s: f64) -> (f64, f64) {
    let (n, handle_s) = (f64::from(agents.max(1)), amount(handle_s));
    (amount(amount(per_s) * handle_s) / n, handle_s / n)
}

/// A desk without agents: all wait as long as they can bear.
pub(super) fn nobody(survival: &impl Fn(f64) -> f64) -> Stationary {
    Stationary::never(integrate_tail(&|x| amount(survival(x)).min(1.0)))
}

/// Where there is no queue to compute: no agents, or nothing to do.
pub(super) fn without_queue(
    agents: u32,
    rho: f64,
    unit_s: f64,
    survival: &impl Fn(f64) -> f64,
    within_s: f64,
) -> Option<Within> {
    let idle = !(rho > 0.0 && unit_s > 0.0);
    (agents == 0 || idle).then(|| {
        let answered = if agents == 0 { 0.0 } else { 1.0 };
        Within {
            answered,
            of_answered: answered,
            still_waits: (1.0 - answered) * amount(survival(within_s)).min(1.0),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::{close, erlang_a, erlang_a_within, erlang_b, erlang_c, erlang_c_within};
    use super::*;

    fn alike(got: Stationary, expected: Stationary, relative: f64) {
        close(got.waits, expected.waits, relative);
        close(got.abandons, expected.abandons, relative);
        close(got.mean_wait_s, expected.mean_wait_s, relative);
        close(got.mean_wait_answered_s, expected.mean_wait_answered_s, relative);
        close(got.occupancy, expected.occupancy, relative);
    }

    #[test]
    fn exponential_patience_is_erlang_a() {
        for (agents, per_s) in [
            (1, 0.001),
            (14, 0.055),
            (14, 0.2),
            (100, 0.3),
            (100, 0.5),
            (10_000, 33.0),
            (10_000, 50.0),
        ] {
            for patience in [0.01, 20.0, 300.0, 1e5] {
                let survival = |x: f64| (-x / patience).exp();
                let got = general_patience(agents, per_s, 300.0, survival).expect("stable");
                alike(got, erlang_a(agents, per_s, 300.0, patience), 1e-8);
                let got = general_patience_within(agents, per_s, 300.0, survival, 20.0).expect("stable");
                let expected = erlang_a_within(agents, per_s, 300.0, patience, 20.0);
                close(got.answered, expected.answered, 1e-9);
                close(got.of_answered, expected.of_answered, 1e-9);
                assert!((got.still_waits - expected.still_waits).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn endless_patience_is_erlang_c() {
        for (agents, per_s) in [(1, 0.002), (14, 0.04), (50, 0.16), (10_000, 33.2)] {
            let got = general_patience(agents, per_s, 300.0, |_| 1.0).expect("stable");
            alike(got, erlang_c(agents, per_s, 300.0).expect("stable"), 1e-10);
            let got = general_patience_within(agents, per_s, 300.0, |_| 1.0, 45.0).expect("stable");
            let expected = erlang_c_within(agents, per_s, 300.0, 45.0).expect("stable");
            close(got.answered, expected.answered, 1e-11);
            close(got.still_waits, expected.still_waits, 1e-9);
        }
        assert_eq!(general_patience(14, 0.05, 300.0, |_| 1.0), None, "overload and nobody gives up");
        assert_eq!(general_patience(14, 0.1, 300.0, |_| 0.6), None, "overload by those who never give up");
    }

    /// One agent, everybody waits at most `d`: with a = load, φ = (λ - μ)x up to d and then falls with μ.
    #[test]
    fn fixed_patience_of_one_agent_by_hand() {
        for load in [0.5_f64, 0.9, 1.5, 4.0] {
            let (mu, d) = (1.0_f64 / 300.0, 120.0_f64);
            let drift = (load - 1.0) * mu;
            let peak = (drift * d).exp();
            let (early, late) = ((peak - 1.0) / drift, peak / mu);
            let all = 1.0 + load * mu * (early + late);
            let survival = |x: f64| f64::from(u8::from(x <= d));
            let got = general_patience(1, load * mu, 300.0, survival).expect("stable");
            close(got.waits, load * mu * (early + late) / all, 1e-10);
            close(got.abandons, load * mu * late / all, 1e-10);
            let within = general_patience_within(1, load * mu, 300.0, survival, 120.0).expect("stable");
            close(within.answered, 1.0 - got.abandons, 1e-9);
            let half = general_patience_within(1, load * mu, 300.0, survival, 60.0).expect("stable");
            close(half.answered, (1.0 + load * mu * ((drift * 60.0).exp() - 1.0) / drift) / all, 1e-10);
            close(half.still_waits, 1.0 - half.answered, 1e-9);
        }
    }

    #[test]
    fn some_hang_up_at_once_and_some_never() {
        // All who would wait hang up: a loss system.
        let got = general_patience(20, 0.9, 20.0, |x| if x > 0.0 { 0.0 } else { 1.0 }).expect("stable");
        close(got.abandons, erlang_b(20, 18.0), 1e-9);
        // A tenth never gives up; the flow of the others balances.
        let got = general_patience(20, 2.0, 20.0, |x| 0.1 + 0.9 * (-x / 60.0).exp()).expect("stable");
        close(got.occupancy, 2.0 * (1.0 - got.abandons), 1e-10);
        let nobody = general_patience(0, 1.0, 20.0, |x| (-x / 60.0).exp()).expect("defined");
        close(nobody.mean_wait_s, 60.0, 1e-12);
    }

    #[test]
    fn odd_functions_end() {
        for survival in [
            f64::sin as fn(f64) -> f64,
            |_| f64::NAN,
            |x| x,
            |x| 1.0 / (1.0 + x),
            |_| 0.0,
        ] {
            for (agents, per_s) in [(3, 0.005), (3, 0.5), (0, 1.0), (10_000, 33.0)] {
                let got = general_patience_within(agents, per_s, 300.0, survival, 20.0);
                assert!(got.is_none_or(|within| within.answered >= 0.0));
            }
        }
    }
}
