//! Abandonment: those who wait give up after an exponential patience (M/M/n+M).

use super::offered_wait::{OfferedWait, Patience};
use super::{Stationary, Within, amount, erlang_b, erlang_c, erlang_c_within};

/// Exponential patience, in units of h/n.
pub(super) struct Exponential {
    rate: f64,
}

impl Patience for Exponential {
    fn lasts(&self, x: f64) -> f64 {
        (-self.rate * x).exp()
    }

    fn ended(&self, x: f64) -> f64 {
        -(-self.rate * x).exp_m1()
    }

    fn grain(&self) -> f64 {
        0.5 / self.rate.max(1.0)
    }
}

/// What kind of desk the numbers describe.
enum Desk {
    /// Nobody ever answers.
    Nobody,
    /// Nobody ever waits.
    AtOnce,
    /// Nobody bears to wait: Erlang-B.
    Loss,
    /// Nobody gives up: Erlang-C.
    Patient,
    /// Erlang-A.
    Between(OfferedWait),
}

fn desk(agents: u32, per_s: f64, handle_s: f64, patience_s: f64, within_s: f64) -> Desk {
    let (rho, unit_s) = (per_s * handle_s / f64::from(agents), handle_s / f64::from(agents));
    let rate = unit_s / patience_s;
    if agents == 0 {
        Desk::Nobody
    } else if !(rho > 0.0 && unit_s > 0.0) {
        Desk::AtOnce
    } else if !(1e-290..1e290).contains(&rate) {
        if rate < 1.0 { Desk::Patient } else { Desk::Loss }
    } else {
        OfferedWait::new(agents, rho, unit_s, &Exponential { rate }, 1.0, within_s / unit_s)
            .map_or(Desk::Patient, Desk::Between)
    }
}

/// Erlang-A (M/M/n+M): those who wait give up after an exponential patience of mean `patience_s`.
///
/// P(abandon) = E\[wait\] / E\[patience\]; the density of the wait that a customer of endless patience would be offered is
/// proportional to exp(λθ(1 - e^(-x/θ)) - nx/h), with θ the mean patience and h the handle time, and is integrated
/// numerically to about 12 digits, also for 10,000 agents and more and in overload.
///
/// Always stable. Patience 0 gives Erlang-B and endless patience (infinity) Erlang-C; endless patience in overload
/// gives the limit: all wait for ever and the surplus is never answered, so the mean waits are infinite. Without agents
/// all give up. Without arrivals the numbers are those of a lone arrival.
///
/// Source: C. Palm, Tele 1 (1957); S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers: many-server
/// asymptotics of the M/M/n+G queue", Queueing Systems 51 (2005).
pub fn erlang_a(agents: u32, per_s: f64, handle_s: f64, patience_s: f64) -> Stationary {
    let (per_s, handle_s, patience_s) = (amount(per_s), amount(handle_s), amount(patience_s));
    let n = f64::from(agents);
    let load = per_s * handle_s;
    match desk(agents, per_s, handle_s, patience_s, 0.0) {
        Desk::Nobody => Stationary::never(patience_s),
        Desk::AtOnce => Stationary::at_once(0.0),
        Desk::Loss => {
            let lost = erlang_b(agents, load);
            Stationary {
                waits: lost,
                abandons: lost,
                occupancy: (load / n * (1.0 - lost)).min(1.0),
                ..Stationary::at_once(0.0)
            }
        }
        Desk::Patient => erlang_c(agents, per_s, handle_s).unwrap_or(Stationary {
            waits: 1.0,
            abandons: amount(1.0 - n / load),
            mean_wait_s: f64::INFINITY,
            mean_wait_answered_s: f64::INFINITY,
            occupancy: 1.0,
        }),
        Desk::Between(wait) => wait.stationary(),
    }
}

/// Erlang-A at `within_s` seconds: who is answered by then, of all and of those ever answered, and who still waits.
///
/// P(answered and wait ≤ t) = P(V = 0) + ∫₀ᵗ v(x) G(x) dx and P(wait > t) = G(t) P(V > t), with V the offered wait, v
/// its density and G(x) = e^(-x/patience). Range, limits and source as for [`erlang_a`].
pub fn erlang_a_within(agents: u32, per_s: f64, handle_s: f64, patience_s: f64, within_s: f64) -> Within {
    let (per_s, handle_s, patience_s) = (amount(per_s), amount(handle_s), amount(patience_s));
    let within_s = amount(within_s);
    let share = |answered, of_answered, still_waits| Within { answered, of_answered, still_waits };
    match desk(agents, per_s, handle_s, patience_s, within_s) {
        Desk::Nobody if within_s > 0.0 => share(0.0, 0.0, (-within_s / patience_s).exp()),
        Desk::Nobody => share(0.0, 0.0, f64::from(u8::from(patience_s > 0.0))),
        Desk::AtOnce => share(1.0, 1.0, 0.0),
        Desk::Loss => share(1.0 - erlang_b(agents, per_s * handle_s), 1.0, 0.0),
        Desk::Patient => erlang_c_within(agents, per_s, handle_s, within_s).unwrap_or(share(0.0, 0.0, 1.0)),
        Desk::Between(wait) => wait.within(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::close;
    use super::*;

    /// 40-digit arithmetic, two independent routes: agents, arrivals a minute, handle and patience in minutes; then
    /// P(wait), P(abandon), mean wait in minutes, occupancy; at 20 seconds: answered, of the answered, still waiting.
    type Case = (u32, [f64; 3], [f64; 4], [f64; 3]);
    const EXACT: [Case; 3] = [
        (
            14,
            [10.0 / 3.0, 3.0, 5.0],
            [
                0.145_260_114_296_361_2,
                0.013_983_744_122_408_938,
                0.069_918_720_612_044_68,
                0.704_297_325_626_850_8,
            ],
            [
                0.916_792_091_863_546_8,
                0.929_794_094_568_519_9,
                0.076_043_972_725_254_52,
            ],
        ),
        (
            50,
            [48.0, 1.0, 2.0],
            [
                0.467_774_068_553_790_4,
                0.030_912_249_162_193_216,
                0.061_824_498_324_386_43,
                0.930_324_240_804_294_5,
            ],
            [
                0.943_018_954_746_981,
                0.973_099_653_701_856_8,
                0.027_135_608_292_191_905,
            ],
        ),
        (
            100,
            [10.0, 12.0, 10.0],
            [
                0.959_071_203_839_929_3,
                0.168_174_173_351_962_28,
                1.681_741_733_519_622_8,
                0.998_190_991_977_645_3,
            ],
            [
                0.076_641_741_221_213_02,
                0.092_136_765_613_604_44,
                0.892_459_560_617_015_1,
            ],
        ),
    ];

    #[test]
    fn exact_cases() {
        for (agents, [per_min, handle_min, patience_min], steady, at_20_s) in EXACT {
            let (per_s, handle_s, patience_s) = (per_min / 60.0, handle_min * 60.0, patience_min * 60.0);
            let desk = erlang_a(agents, per_s, handle_s, patience_s);
            close(desk.waits, steady[0], 1e-11);
            close(desk.abandons, steady[1], 1e-11);
            close(desk.mean_wait_s, steady[2] * 60.0, 1e-11);
            close(desk.occupancy, steady[3], 1e-11);
            let within = erlang_a_within(agents, per_s, handle_s, patience_s, 20.0);
            close(within.answered, at_20_s[0], 1e-11);
            close(within.of_answered, at_20_s[1], 1e-11);
            close(within.still_waits, at_20_s[2], 1e-11);
        }
    }

    /// Second route: states above n have the ratio load / (n + k × handle / patience) to the one below. Gives P(wait)
    /// and the mean wait.
    fn by_states(agents: u32, per_s: f64, handle_s: f64, patience_s: f64) -> [f64; 2] {
        let (n, load, theta) = (f64::from(agents), per_s * handle_s, handle_s / patience_s);
        let (mut queued, mut queue, mut term, mut k) = (0.0, 0.0, 1.0_f64, 0.0);
        while k < 1e6 && (term > 1e-20 * queued || k < 10.0) {
            k += 1.0;
            term *= load / (n + k * theta);
            queued += term;
            queue += k * term;
        }
        let all = 1.0 / erlang_b(agents, load) + queued;
        [(1.0 + queued) / all, queue / all / per_s]
    }

    #[test]
    fn limits() {
        // Endless patience turns Erlang-A into Erlang-C, none into Erlang-B.
        let c = erlang_c(20, 0.9, 20.0).expect("stable");
        let a = erlang_a(20, 0.9, 20.0, 1e12);
        close(a.mean_wait_s, c.mean_wait_s, 1e-8);
        close(a.mean_wait_answered_s, c.mean_wait_s, 1e-8);
        close(a.abandons, c.mean_wait_s / 1e12, 1e-8);
        assert_eq!(erlang_a(20, 0.9, 20.0, f64::INFINITY), c);
        let a = erlang_a(20, 0.9, 20.0, 1e-9);
        close(a.abandons, erlang_b(20, 18.0), 1e-8);
        close(a.mean_wait_s, a.abandons * 1e-9, 1e-8);
        close(erlang_a(20, 0.9, 20.0, 0.0).abandons, erlang_b(20, 18.0), 1e-14);
        let c = erlang_c_within(20, 0.9, 20.0, 15.0).expect("stable");
        close(erlang_a_within(20, 0.9, 20.0, 1e12, 15.0).still_waits, c.still_waits, 1e-8);
    }

    #[test]
    fn ten_thousand_agents() {
        for per_s in [90.0, 99.0, 100.0, 101.0, 110.0, 1000.0] {
            let a = erlang_a(10_000, per_s, 100.0, 60.0);
            let [waits, mean_wait_s] = by_states(10_000, per_s, 100.0, 60.0);
            if per_s < 200.0 {
                close(a.waits, waits, 1e-9);
                close(a.mean_wait_s, mean_wait_s, 1e-9);
            }
            close(a.abandons, a.mean_wait_s / 60.0, 1e-10);
        }
        // Deep in overload the surplus gives up.
        close(erlang_a(10_000, 1000.0, 100.0, 60.0).abandons, 0.9, 1e-6);
        close(erlang_a(10_000, 110.0, 100.0, 1e9).abandons, 1.0 / 11.0, 1e-6);
    }

    #[test]
    fn no_number_breaks_it() {
        let numbers = [0.0, 1e-300, 1e-12, 0.7, 1e4, 1e12, 1e300, f64::MAX, -1.0, f64::NAN];
        for agents in [0, 1, 7, 10_000] {
            for (per_s, handle_s) in numbers.iter().flat_map(|&a| numbers.map(|b| (a, b))) {
                for patience_s in numbers {
                    let a = erlang_a(agents, per_s, handle_s, patience_s);
                    for share in [a.waits, a.abandons, a.occupancy] {
                        assert!((0.0..=1.0).contains(&share), "{agents} {per_s} {handle_s} {patience_s}: {a:?}");
                    }
                    assert!(a.mean_wait_s >= 0.0 && a.mean_wait_answered_s >= 0.0, "{a:?}");
                }
                let within = erlang_a_within(agents, per_s, handle_s, 60.0, 20.0);
                let sum = within.answered + within.still_waits;
                assert!((0.0..=1.0 + 1e-9).contains(&sum), "{agents} {per_s} {handle_s}: {within:?}");
            }
        }
        assert_eq!(erlang_a(0, 1.0, 1.0, 60.0), Stationary::never(60.0));
        assert_eq!(erlang_a(3, 0.0, 1.0, 60.0), Stationary::at_once(0.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn identities_and_order(n in 1_u32..400, rho in 0.3..3.0_f64, patience in 1.0..5_000.0_f64, t in 0.0..600.0_f64) {
            let per_s = f64::from(n) * rho / 300.0;
            let a = erlang_a(n, per_s, 300.0, patience);
            let [waits, mean_wait_s] = by_states(n, per_s, 300.0, patience);
            // The sum over states overflows in deep overload.
            prop_assume!(waits.is_finite() && mean_wait_s.is_finite());
            prop_assert!((a.waits - waits).abs() < 1e-10 * waits);
            prop_assert!((a.mean_wait_s - mean_wait_s).abs() < 1e-10 * mean_wait_s);
            prop_assert!((a.abandons - a.mean_wait_s / patience).abs() < 1e-10 * a.abandons);
            prop_assert!((a.occupancy - rho * (1.0 - a.abandons)).abs() < 1e-10);
            let now = erlang_a_within(n, per_s, 300.0, patience, t);
            let later = erlang_a_within(n, per_s, 300.0, patience, t + 1.0);
            // Each question has panels of its own: equal shares may differ in the last digits.
            prop_assert!(later.answered >= now.answered - 1e-12 && later.still_waits <= now.still_waits + 1e-12);
            let at_start = erlang_a_within(n, per_s, 300.0, patience, 0.0);
            prop_assert!((at_start.still_waits - a.waits).abs() < 1e-12);
            let at_last = erlang_a_within(n, per_s, 300.0, patience, 1e9);
            prop_assert!((at_last.answered - (1.0 - a.abandons)).abs() < 1e-11);
            let more = erlang_a(n + 1, per_s, 300.0, patience);
            prop_assert!(more.abandons < a.abandons && more.waits <= a.waits + 1e-12);
            prop_assert!(erlang_a_within(n + 1, per_s, 300.0, patience, t).answered >= now.answered - 1e-12);
        }
    }
}
