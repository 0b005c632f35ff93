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

/// What a share of one in twenty comes to at most, with two standard errors of so many trials: 28, as docs/gate.md says.
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
    // Ten figures, each with luck of its own, and each exactly on its limit.
    let rule = |number: usize| format!("[[rule]]\ncheck = \"figures.f{number} <= 1_000 with 95 %\"\n");
    let rules: String = (0..10).map(rule).collect();
    let draw = |dice: &mut Dice| {
        let mut drawn = summary(&[1.0; 8], &[1.0; 8]);
        for number in 0..10 {
            drawn["figures"][format!("f{number}")] = list(8, || 1_000.0 + 30.0 * dice.normal()).into();
        }
        [drawn.clone(), drawn]
    };
    let together = failed(&rules, draw);
    assert!(together <= most(), "{together} of {TRIALS}");
    // 1 - 0.95^10: four gates of ten.
    let alone = failed(&format!("together = false\n{rules}"), draw);
    assert!((130..=190).contains(&alone), "each rule alone: {alone} of {TRIALS}");
}

/// However few there are of what is counted, and however much its replications differ.
#[test]
fn a_run_against_itself_differs_by_nothing_within_any_margin() {
    let now = summary(&[1_000.0, 1_400.0], &[1.0, 9.0]);
    for check in [
        "churned not worse than baseline",
        "taken_over not worse than baseline by 10 %",
    ] {
        let rules = format!("strategy = \"lazy\"\n[[rule]]\ncheck = \"{check} with 95 %\"\n");
        let gate = judge(&rules, &now, Some(&now));
        let figure = &gate.rules[0].figures[0];
        assert_eq!((figure.outcome, figure.bounds), (Outcome::Passed, Some([0.0; 2])), "{figure:?}");
    }
    // Ten more in each replication are ten more, whatever the margin is; its width is the rounding of whole numbers.
    let more = summary(&[1_010.0, 1_410.0], &[1.0, 9.0]);
    let rules = "strategy = \"lazy\"\n[[rule]]\ncheck = \"churned not worse than baseline by 50 % with 95 %\"\n";
    let told = judge(rules, &more, Some(&now));
    let [low, high] = told.rules[0].figures[0].bounds.expect("bounds");
    assert!((low + high - 20.0).abs() < 1e-4 && high - low < 4.0, "{low} {high}");
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
