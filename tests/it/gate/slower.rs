//! Time: noise alone fails a rule no more often than it says, and the slowdown that was asked for is seen with the samples
//! that the rule asked for. Times are drawn; no clock is read.

use cutover::error::{Error, Result};
use cutover::gate::rules::Rules;
use cutover::gate::timing::{NoTimer, Program, Timer};
use cutover::gate::verdict::Outcome;
use cutover::gate::{Gate, Places};

use super::Folder;
use super::noise::Dice;

/// Programs that take times as drawn.
struct Drawn<'a> {
    dice: Dice,
    slower: f64,
    most: usize,
    noise: &'a dyn Fn(&mut Dice) -> f64,
    /// What the machine does besides: a walk that meets both programs alike.
    drift: f64,
    runs: usize,
}

impl Timer for Drawn<'_> {
    fn most_pairs(&self) -> Option<usize> {
        Some(self.most)
    }

    fn seconds(&mut self, program: Program, _: &[String]) -> Result<f64> {
        self.runs += 1;
        self.drift += 0.01 * self.dice.normal();
        let own = if program == Program::New { self.slower.ln() } else { 0.0 };
        Ok((own + self.drift + (self.noise)(&mut self.dice)).exp())
    }
}

const RULES: &str = "[[rule]]\ntime = [\"run\"]\nslower = \"10 %\"\n";
const TRIALS: u64 = 400;

/// Trials that end so, and samples of each program on the average.
fn trials(slower: f64, most: usize, noise: &dyn Fn(&mut Dice) -> f64) -> (usize, usize, usize) {
    let rules = Rules::parse("gate.toml", RULES).expect("rules");
    let (mut failed, mut passed, mut samples) = (0, 0, 0);
    for seed in 1..=TRIALS {
        let mut timer = Drawn {
            dice: Dice(seed * 104_729),
            slower,
            most,
            noise,
            drift: 0.0,
            runs: 0,
        };
        let gate = Gate::judge(&rules, &Places::default(), &mut timer).expect("a gate");
        failed += usize::from(gate.rules[0].outcome == Outcome::Failed);
        passed += usize::from(gate.rules[0].outcome == Outcome::Passed);
        samples += timer.runs / 2;
    }
    (failed, passed, samples / TRIALS as usize)
}

/// One run in ten is disturbed, by much.
fn heavy(dice: &mut Dice) -> f64 {
    let is_disturbed = dice.uniform() < 0.1;
    0.04 * dice.normal() + if is_disturbed { -0.5 * dice.uniform().ln() } else { 0.0 }
}

#[test]
fn noise_alone_fails_no_more_than_its_share_and_a_tenth_is_seen() {
    let quiet = |dice: &mut Dice| 0.03 * dice.normal();
    let loud = |dice: &mut Dice| 0.12 * dice.normal();
    type Noise<'a> = (&'a str, &'a dyn Fn(&mut Dice) -> f64);
    let noises: [Noise; 3] = [("quiet", &quiet), ("loud", &loud), ("heavy", &heavy)];
    for (name, noise) in noises {
        let (failed, _, samples) = trials(1.0, 200, noise);
        assert!(failed <= TRIALS as usize / 20, "{name}: {failed} of {TRIALS} fail under noise alone");
        let (seen, passed, of) = trials(1.1, 200, noise);
        assert!(
            seen >= 8 * TRIALS as usize / 10,
            "{name}: {seen} of {TRIALS} are seen with {of} samples ({samples})"
        );
        assert!(passed <= TRIALS as usize / 10, "{name}: {passed} of {TRIALS} pass that are a tenth slower");
    }
}

#[test]
fn it_asks_for_more_samples_where_there_is_more_noise_and_takes_no_more_than_allowed() {
    let noise = |spread: f64| move |dice: &mut Dice| spread * dice.normal();
    let [quiet, loud] = [0.02, 0.1].map(|spread| trials(1.0, 200, &noise(spread)).2);
    assert!(quiet < 16 && loud > 2 * quiet, "{quiet} {loud}");
    let (_, _, bounded) = trials(1.0, 20, &noise(0.5));
    assert_eq!(bounded, 21, "twenty, and one that is thrown away");
}

#[test]
fn a_margin_far_below_the_spread_is_told_as_it_is_stated() {
    let rules = Rules::parse("gate.toml", "[[rule]]\ntime = [\"run\"]\nslower = \"0.0001 %\"\n").expect("rules");
    let mut timer = Drawn {
        dice: Dice(11),
        slower: 1.0,
        most: 20,
        noise: &|dice: &mut Dice| 0.03 * dice.normal(),
        drift: 0.0,
        runs: 0,
    };
    let gate = Gate::judge(&rules, &Places::default(), &mut timer).expect("a gate");
    let (rule, part) = (&gate.rules[0], &gate.rules[0].figures[0]);
    assert!(part.told.contains("to see +0.0001 % it takes more than 20"), "{}", part.told);
    assert!(rule.says.contains("not slower by 0.0001 %, with 95 %"), "{}", rule.says);
    assert_eq!(part.samples, Some([Some(20), None]));
}

#[test]
fn recorded_samples_are_held_against_each_other() {
    let folder = Folder::new();
    let mut dice = Dice(5);
    let mut list = |middle: f64| -> Vec<f64> { (0..60).map(|_| middle * (0.05 * dice.normal()).exp()).collect() };
    let (slow, fast, same) = (list(1.2), list(1.0), list(1.0));
    let json = |list: &[f64]| serde_json::to_string(list).expect("JSON");
    // criterion tells nanoseconds of several iterations.
    let iterations: Vec<f64> = (1..=60).map(f64::from).collect();
    let times: Vec<f64> = same.iter().zip(&iterations).map(|(each, n)| each * n * 1e9).collect();
    let criterion = serde_json::json!({ "sampling_mode": "Linear", "iters": iterations, "times": times });
    folder.write("bench/new/sample.json", &criterion.to_string());
    let file = |name: &str| folder.path().join(name).display().to_string();
    folder.write("slow.json", &json(&slow));
    folder.write("fast.json", &json(&fast));
    let outcome = |now: &str, was: &str| {
        let rules = format!("[[rule]]\nsamples = '{}'\nagainst = '{}'\nslower = \"10 %\"", file(now), file(was));
        let rules = Rules::parse("gate.toml", &rules).expect("rules");
        let gate = Gate::judge(&rules, &Places::default(), &mut NoTimer).unwrap_or_else(|error| panic!("{error}"));
        gate.rules[0].clone()
    };
    let slower = outcome("slow.json", "fast.json");
    assert_eq!(slower.outcome, Outcome::Failed);
    let [low, high] = slower.figures[0].bounds.expect("bounds");
    assert!(low > 1.15 && low < 1.2 && high > 1.2 && high < 1.25, "{low} {high}");
    assert_eq!(outcome("bench", "fast.json").outcome, Outcome::Passed);
    assert_eq!(outcome("fast.json", "slow.json").outcome, Outcome::Passed);
    // The folder of a bench has estimates beside its samples.
    folder.write("bench/new/estimates.json", "{}");
    assert_eq!(outcome("bench", "fast.json").outcome, Outcome::Passed);
    let rules = format!("[[rule]]\nsamples = '{}'\nslower = \"10 %\"", file("fast.json"));
    let rules = Rules::parse("gate.toml", &rules).expect("rules");
    let places = Places { results: None, baseline: Some(folder.path().join("bench")) };
    let gate = Gate::judge(&rules, &places, &mut NoTimer).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(gate.outcome, Outcome::Passed);
}

#[test]
fn without_a_second_program_nothing_is_decided_and_one_that_fails_is_told() {
    struct Broken;
    impl Timer for Broken {
        fn most_pairs(&self) -> Option<usize> {
            Some(20)
        }
        fn seconds(&mut self, _: Program, _: &[String]) -> Result<f64> {
            Err(Error::Store("it is broken".to_owned()))
        }
    }
    let rules = Rules::parse("gate.toml", RULES).expect("rules");
    let gate = Gate::judge(&rules, &Places::default(), &mut NoTimer).expect("a gate");
    assert_eq!(gate.rules[0].outcome, Outcome::Undecided);
    assert!(gate.rules[0].figures[0].told.contains("--against"));
    let error = Gate::judge(&rules, &Places::default(), &mut Broken).expect_err("broken").to_string();
    assert_eq!(error, "it is broken");
}
