//! Loss: nobody waits; who finds all lines busy goes away (M/G/n/n).

use super::amount;

/// Erlang-B: the share of arrivals that find all of `agents` lines busy and are lost, at an offered load `a` in
/// erlangs (arrivals per second × mean handle time in seconds).
///
/// B = (aⁿ/n!) / Σⱼ₌₀ⁿ aʲ/j!, whatever the distribution of the handle time. Without lines all are lost (1); without
/// load nobody is (0). Results below 1e-308 become 0.
///
/// Source: A. K. Erlang, Elektrotekniken 13 (1917); for general handle times B. A. Sevastyanov, Theory of Probability
/// and its Applications 2 (1957).
pub fn erlang_b(agents: u32, load_erlangs: f64) -> f64 {
    1.0 / inverse(agents, load_erlangs)
}

/// 1 / B, by the sum 1 + n/a + n(n-1)/a² + ...: only positive terms, about √n of them that matter, and none
/// overflows before the sum does. Infinite where B is too small for a number.
pub(super) fn inverse(agents: u32, load_erlangs: f64) -> f64 {
    let load = amount(load_erlangs);
    let (mut sum, mut term, mut line) = (1.0, 1.0, f64::from(agents));
    while line > 0.0 && sum < f64::INFINITY {
        let ratio = line / load;
        term *= ratio;
        sum += term;
        line -= 1.0;
        // Once ratios are below 1 they only fall: the rest is less than a geometric series.
        if ratio < 1.0 && term * ratio < 1e-18 * sum * (1.0 - ratio) {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::close;
    use super::*;

    /// The recursion B(n) = a B(n-1) / (n + a B(n-1)), as a second route.
    fn recursion(agents: u32, load: f64) -> f64 {
        (1..=agents).fold(1.0, |lost, n| load * lost / (f64::from(n) + load * lost))
    }

    #[test]
    fn few_lines_by_hand() {
        close(erlang_b(1, 3.0), 0.75, 1e-15);
        close(erlang_b(2, 1.0), 0.2, 1e-15);
        assert_eq!(erlang_b(0, 5.0), 1.0);
        assert_eq!(erlang_b(0, 0.0), 1.0);
        assert_eq!(erlang_b(3, 0.0), 0.0);
        assert_eq!(erlang_b(3, f64::INFINITY), 1.0);
    }

    #[test]
    fn many_lines_follow_the_recursion() {
        for load in [9_000.0, 9_900.0, 10_000.0, 10_300.0, 20_000.0] {
            close(erlang_b(10_000, load), recursion(10_000, load), 1e-11);
        }
        let critical = erlang_b(100_000_000, 1e8);
        close(critical, (2.0 / std::f64::consts::PI / 1e8).sqrt(), 1e-3);
    }

    proptest! {
        #[test]
        fn every_line_helps(agents in 0_u32..500, load in 0.01..600.0) {
            let (fewer, more) = (erlang_b(agents, load), erlang_b(agents + 1, load));
            prop_assert!(more < fewer || fewer == 0.0);
            // Below 1e-250 the recursion itself loses digits.
            prop_assert!(fewer < 1e-250 || (fewer - recursion(agents, load)).abs() <= 1e-12 * fewer);
        }
    }
}
