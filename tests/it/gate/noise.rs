//! Noise alone stops a gate no more often than it says, however many rules it has; and what is worse is seen.

use cutover::gate::verdict::Outcome;
use serde_json::Value;

use super::{judge, summary};

/// Numbers that look drawn: SplitMix64.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + 1e-17
    }

    /// A standard normal number (Box and Muller).
    pub(super) fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// A Poisson number of a small mean.
    fn poisson(&mut self, mean: f64) -> f64 {
        let (mut n, mut product) = (0.0, self.uniform());
        while product > (-mean).exp() {
            n += 1.0;
            product *= self.uniform();
        }
        n
    }
}

const TRIALS: u64 = 400;

/// What a share of one in twenty comes to at most, but for two standard errors of so many trials.
pub(super) fn most() -> usize {
    (0.05 * TRIALS as f64 + 2.0 * (0.05 * 0.95 * TRIALS as f64).sqrt()) as usize
}

/// Trials in which a gate fails, whose figures are drawn so: churned and taken over, of this run and of the baseline.
fn failed(rules: &str, draw: impl Fn(&mut Dice) -> [Value; 2]) -> usize {
    let fails = |seed: &u64| {
        let [now, was] = draw(&mut Dice(seed * 7_919));
        judge(rules, &now, Some(&was)).outcome == Outcome::Failed
    };
    (1..=TRIALS).filter(fails).count()
}

fn list(n: usize, mut draw: impl FnMut() -> f64) -> Vec<f64> {
    (0..n).map(|_| draw()).collect()
}

const TWO: &str = "strategy = \"lazy\"\n[[rule]]\ncheck = \"churned not worse than baseline with 95 %\"\n\
                   [[rule]]\ncheck = \"taken_over not worse than baseline with 95 %\"\n";

#[test]
fn noise_alone_fails_no_more_than_its_share() {
    // Luck in common is paired (seed 1), luck of their own is not.
    for (n, seed) in [(2, 1), (3, 1), (5, 2), (20, 1), (20, 2)] {
        let failed = failed(TWO, |dice| {
            let mut draw = || {
                let churned: Vec<f64> = list(n, || (1_000.0 + 30.0 * dice.normal()).round());
                summary(&churned, &list(n, || dice.poisson(3.0)))
            };
            let (now, mut was) = (draw(), draw());
            was["seed"] = seed.into();
            [now, was]
        });
        assert!(failed <= most(), "{failed} of {TRIALS} fail with {n} replications, seed {seed}");
    }
}

#[test]
fn ten_rules_together_fail_no_more_than_one() {
    let rule = "[[rule]]\ncheck = \"churned <= 1_000 with 95 %\"\nstrategy = \"lazy\"\n";
    let other = "[[rule]]\ncheck = \"taken_over <= 50 with 95 %\"\nstrategy = \"lazy\"\n";
    let rules = format!("{}{}", rule.repeat(5), other.repeat(5));
    let draw = |dice: &mut Dice| {
        let values = (list(8, || 1_000.0 + 30.0 * dice.normal()), list(8, || 50.0 + 5.0 * dice.normal()));
        [summary(&values.0, &values.1), summary(&values.0, &values.1)]
    };
    let together = failed(&rules, draw);
    assert!(together <= most(), "{together} of {TRIALS}");
    let alone = failed(&format!("together = false\n{rules}"), draw);
    assert!(alone > together, "each rule alone fails more often: {alone} against {together}");
}

#[test]
fn what_is_worse_is_seen() {
    let seen = failed(TWO, |dice| {
        let base = list(10, || 1_000.0 + 100.0 * dice.normal());
        let now: Vec<f64> = base.iter().map(|value| value + 10.0 + 8.0 * dice.normal()).collect();
        let taken = list(10, || 50.0);
        [summary(&now, &taken), summary(&base, &taken)]
    });
    assert!(
        seen > 9 * TRIALS as usize / 10,
        "pairs see a shift below the luck that both share: {seen} of {TRIALS}"
    );
}
