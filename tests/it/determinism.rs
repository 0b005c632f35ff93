//! The same inputs give the same bytes, whatever the number of threads, the store, and who else is in the comparison.

#[cfg(feature = "cli")]
mod stored;

use cutover::report::comparison::WITH_TRANSITIONS;

use super::support::{load, run};

#[test]
fn a_strategy_compared_with_itself_differs_by_exactly_zero() {
    for preset in ["reset-only", "risk-based", "lazy"] {
        let text = format!(
            r#"
            strategies = ["{preset}", {{ preset = "{preset}", name = "again" }}]
            replications = 2
            population.accounts = 8_000
            desk.for_accounts = 50_000
            "#
        );
        let summary = run(&text, &[]);
        for comparison in summary.comparisons.iter().filter(|c| c.b == "again") {
            assert_eq!(comparison.mean_difference, 0.0, "{preset}: {:?}", comparison.metric);
            assert_eq!(comparison.ci95, Some([0.0, 0.0]), "{preset}: {:?}", comparison.metric);
            for (from, to, accounts) in comparison.transitions.iter() {
                assert!(from == to || accounts == 0.0, "{preset}: off the diagonal");
            }
            if comparison.metric == WITH_TRANSITIONS {
                assert!(comparison.transitions.iter().any(|(.., accounts)| accounts > 0.0), "{preset}: nobody");
            }
        }
        let [mut a, mut b] = [summary.strategies[1].clone(), summary.strategies[2].clone()];
        a.name = String::new();
        b.name = String::new();
        assert_eq!(a, b, "{preset}");
    }
}

/// An arm's result does not depend on which other arms run beside it.
#[test]
fn strategies_do_not_disturb_each_other() {
    let base = "population.accounts = 5_000\nreplications = 1\n";
    let alone = run(&format!("{base}strategies = [\"lazy\"]"), &[]);
    let among = run(&format!("{base}strategies = [\"reset-only\", \"risk-based\", \"lazy\"]"), &[]);
    assert_eq!(alone.strategy("lazy"), among.strategy("lazy"));
    assert_eq!(alone.strategy("stay"), among.strategy("stay"));
}

#[test]
fn the_hash_tells_scenarios_apart() {
    let hash = |sets: &[&str]| load("population.accounts = 100", sets).scenario.hash();
    assert_eq!(hash(&[]), hash(&[]));
    assert_ne!(hash(&[]), hash(&["seed=2"]));
    assert_ne!(hash(&[]), hash(&["journey.mail.inbox_share=0.84"]));
}
