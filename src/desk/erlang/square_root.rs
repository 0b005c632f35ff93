//! Square-root staffing: with many agents, the spare ones a desk needs grow as the square root of its load.

use statrs::function::erf::erfc;

/// Density of the standard normal distribution.
fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Hazard rate of the standard normal distribution: density / (1 - distribution), about x for large x.
fn hazard(x: f64) -> f64 {
    if x < 5.0 {
        return density(x) / (0.5 * erfc(x / std::f64::consts::SQRT_2));
    }
    // Laplace's continued fraction of 1/hazard, from the far end.
    x + (1..=60).rev().fold(0.0, |rest, k| f64::from(k) / (x + rest))
}

/// The number of agents n = R + β √R, rounded up, for an offered load R in erlangs and a quality of service β; 0 where
/// that is not positive, and at most `u32::MAX`.
///
/// If nobody gives up, β = 0.5 makes half of the arrivals wait and β = 2 one in 37; β below 0 only makes sense where
/// customers give up. With the β of [`halfin_whitt_beta`] or [`garnett_beta`] it is mostly within an agent of the exact
/// number for a given P(wait), R above 10 or so.
///
/// Source: A. K. Erlang (1924); S. Borst, A. Mandelbaum and M. Reiman, Operations Research 52 (2004).
pub fn square_root_staffing(load_erlangs: f64, beta: f64) -> u32 {
    let load = super::amount(load_erlangs);
    (load + beta * load.sqrt()).ceil() as u32
}

/// Halfin-Whitt: the limit of P(wait) in M/M/n as the desk grows with n = R + β √R:
/// α = 1 / (1 + β Φ(β) / φ(β)), with Φ and φ of the standard normal distribution.
///
/// 1 for β ≤ 0 (no stationary state), towards 0 as β grows. The error falls as 1/√R: near 0.01 at R = 100.
///
/// Source: S. Halfin and W. Whitt, Operations Research 29 (1981).
pub fn halfin_whitt(beta: f64) -> f64 {
    // Φ(β)/φ(β) is 1 / hazard(-β).
    if beta > 0.0 {
        1.0 / (1.0 + beta / hazard(-beta))
    } else {
        1.0
    }
}

/// The β at which Halfin-Whitt lets a share `waits` of arrivals wait; `None` outside (0, 1].
pub fn halfin_whitt_beta(waits: f64) -> Option<f64> {
    (waits > 0.0 && waits <= 1.0).then(|| falls_to(waits, 0.0, 50.0, halfin_whitt))
}

/// Garnett: the limit of P(wait) in M/M/n+M as the desk grows with n = R + β √R. With h the hazard rate of the standard
/// normal distribution and r = √(handle / patience) of the means: α = 1 / (1 + r h(β/r) / h(-β)).
///
/// For any β, below 0 too. Patience 0 gives 0, endless patience Halfin-Whitt. The error falls as 1/√R.
///
/// Source: O. Garnett, A. Mandelbaum and M. Reiman, Manufacturing & Service Operations Management 4 (2002).
pub fn garnett(beta: f64, handle_s: f64, patience_s: f64) -> f64 {
    let (handle_s, patience_s) = (super::amount(handle_s), super::amount(patience_s));
    let ratio = (handle_s / patience_s).sqrt();
    if patience_s == 0.0 || ratio == f64::INFINITY {
        0.0
    } else if ratio < 1e-150 {
        halfin_whitt(beta)
    } else {
        1.0 / (1.0 + ratio * hazard(beta / ratio) / hazard(-beta))
    }
}

/// The β at which Garnett's function lets a share `waits` of arrivals wait; `None` outside (0, 1), and where no β
/// between -50 and 50 does.
pub fn garnett_beta(waits: f64, handle_s: f64, patience_s: f64) -> Option<f64> {
    let waits_at = |beta| garnett(beta, handle_s, patience_s);
    (waits < waits_at(-50.0) && waits > waits_at(50.0)).then(|| falls_to(waits, -50.0, 50.0, waits_at))
}

/// The share of those who wait that give up, in the same limit: r (h(β/r) - β/r) / √R for an offered load R in erlangs,
/// and at most 1. For R above 30 or so; 0 for endless patience and β ≥ 0. Terms and source as for [`garnett`].
pub fn abandoned_of_delayed(beta: f64, load_erlangs: f64, handle_s: f64, patience_s: f64) -> f64 {
    let ratio = (super::amount(handle_s) / super::amount(patience_s)).sqrt();
    let x = beta / ratio;
    // Beyond 5 the difference of two large numbers is the continued fraction without its first term.
    let excess = if x < 5.0 {
        hazard(x) - x
    } else {
        (1..=60).rev().fold(0.0, |rest, k| f64::from(k) / (x + rest))
    };
    super::amount(ratio * excess / super::amount(load_erlangs).sqrt()).min(1.0)
}

/// Where a falling function has a value, by bisection.
fn falls_to(value: f64, mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if f(middle) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::super::{close, erlang_a, erlang_c};
    use super::*;

    #[test]
    fn the_hazard_is_smooth_and_known() {
        close(hazard(0.0), (2.0 / std::f64::consts::PI).sqrt(), 1e-12);
        close(hazard(1.0), 1.525_135_276_160_981, 1e-10);
        close(hazard(5.0 - 1e-9), hazard(5.0), 1e-8);
        assert!(hazard(-40.0) < 1e-300 && hazard(1e6) > 1e6);
    }

    #[test]
    fn halfin_whitt_is_the_limit_of_erlang_c() {
        assert_eq!(halfin_whitt(0.0), 1.0);
        for beta in [0.2, 0.5, 1.0, 2.0] {
            let error = |load: f64| {
                let agents = square_root_staffing(load, beta);
                // The β that the rounded number really has.
                let beta = (f64::from(agents) - load) / load.sqrt();
                (erlang_c(agents, load, 1.0).expect("stable").waits - halfin_whitt(beta)).abs()
            };
            assert!(error(100.0) < 0.02, "{}", error(100.0));
            assert!(error(1_000_000.0) < 2e-4, "{}", error(1_000_000.0));
            close(halfin_whitt_beta(halfin_whitt(beta)).expect("a share"), beta, 1e-9);
        }
        assert_eq!(halfin_whitt_beta(1.5), None);
        assert_eq!(halfin_whitt_beta(0.0), None);
    }

    #[test]
    fn garnett_is_the_limit_of_erlang_a() {
        for (beta, patience) in [(-1.0, 0.5), (0.0, 2.0), (0.5, 1.0), (1.5, 0.2), (0.3, 5.0)] {
            let load = 1_000_000.0_f64;
            let agents = square_root_staffing(load, beta);
            let exact = erlang_a(agents, load, 1.0, patience);
            close(garnett(beta, 1.0, patience), exact.waits, 5e-3);
            close(abandoned_of_delayed(beta, load, 1.0, patience), exact.abandons / exact.waits, 5e-3);
            close(garnett_beta(garnett(beta, 1.0, patience), 1.0, patience).expect("a share") + 3.0, beta + 3.0, 1e-9);
        }
        close(garnett(0.7, 1.0, 1e14), halfin_whitt(0.7), 1e-6);
        assert_eq!(garnett(0.7, 1.0, 0.0), 0.0);
        assert_eq!(garnett_beta(1.0, 1.0, 1.0), None);
    }

    #[test]
    fn no_number_breaks_it() {
        assert_eq!(square_root_staffing(0.0, 1.0), 0);
        assert_eq!(square_root_staffing(4.0, -9.0), 0);
        assert_eq!(square_root_staffing(100.0, 1.0), 110);
        assert_eq!(square_root_staffing(1e300, 1.0), u32::MAX);
        for beta in [-1e300, -40.0, 0.0, 40.0, 1e300] {
            for time in [0.0, 1e-300, 1.0, 1e300] {
                let waits = garnett(beta, 1.0, time);
                assert!((0.0..=1.0).contains(&waits), "{beta} {time}: {waits}");
                let gone = abandoned_of_delayed(beta, 10.0, 1.0, time);
                assert!((0.0..=1.0).contains(&gone), "{beta} {time}: {gone}");
            }
        }
    }
}
