//! Uncertain: how far the values of a scenario may be off, and worlds that fit what is known of them.
//!
//! Every value that makes a claim about the world has a grade, and each grade a factor (`[grades]`): nine times in ten the
//! truth lies between the value divided by it and the value times it. A key may state its own interval (`[uncertain]`).
//! Amounts, rates and times are lognormal, shares logit-normal: so a value stays positive, and a share below one.
//!
//! A world is a draw of all of them at once. It is told by a score for each key, in standard deviations: 0 is the middle,
//! ±1.645 are the ends of the interval. What is set by the scenario itself and what is 0, all, a choice or a yes stays as it is.

mod correlation;

mod key;

mod points;

use toml::Value;

use crate::error::{Error, Result};
use crate::scenario::Scenario;
use crate::scenario::section::Grade;
use crate::scenario_file::listing;
use crate::scenario_file::number::{self, Number};
use correlation::Groups;
pub use key::{Scale, UncertainKey};
pub use points::{MOST_POINTS, Points};

/// Half the width of a 90 % interval, in standard deviations.
pub const Z90: f64 = 1.644_853_626_951_472_2;

/// What is uncertain in a scenario.
#[derive(Clone, Debug)]
pub struct Uncertain {
    keys: Vec<UncertainKey>,
    groups: Groups,
    exact: usize,
}

/// A scenario in one of the worlds that fit what is known.
#[derive(Clone, Debug)]
pub struct World {
    /// The scenario with the values of this world.
    pub scenario: Scenario,
    /// Whether values had to be brought nearer to their middle, because together they are not allowed.
    pub was_pulled_in: bool,
}

impl Uncertain {
    /// What is uncertain in a scenario. An export of a directory and a desk alone have fewer customers to be unsure about,
    /// and the same keys.
    ///
    /// # Errors
    ///
    /// If a key with a stated range is none, or its range is not allowed there.
    pub fn new(scenario: &Scenario) -> Result<Self> {
        let root = number::values(scenario);
        let defaults = number::values(&Scenario::default());
        let mut keys = Vec::new();
        let mut exact = 0;
        for known in listing::evidence() {
            let factor = match known.grade {
                // A factor of its own; and what the company aims at is not for the world to decide.
                _ if ["grades.", "desk.target."].iter().any(|section| known.key.starts_with(section)) => continue,
                _ if scenario.uncertain.contains_key(&known.key) => continue,
                Grade::Setting | Grade::Yours => continue,
                Grade::Measured => scenario.grades.measured_factor,
                Grade::Vendor => scenario.grades.vendor_factor,
                Grade::Folklore => scenario.grades.folklore_factor,
                Grade::Assumption => scenario.grades.assumption_factor,
            };
            let Ok(number) = Number::find(&root, &known.key) else {
                exact += 1;
                continue;
            };
            // In code and in a store nobody can tell a stated value from a default one: what differs is stated.
            let is_yours = number.path.find(&root) != number.path.find(&defaults);
            let (grade, factor) = if is_yours {
                (Grade::Yours, scenario.grades.yours_factor)
            } else {
                (known.grade, factor)
            };
            match UncertainKey::within(known.key, number, grade, factor.get()) {
                Some(key) => keys.push(key.inherited(&root)),
                None => exact += 1,
            }
        }
        for (name, range) in &scenario.uncertain {
            let refused = |message: String| Error::Input(format!("uncertain.\"{name}\": {message}"));
            keys.push(UncertainKey::stated(&root, name, *range).map_err(refused)?.inherited(&root));
        }
        let groups = Groups::new(&scenario.correlated, &keys).map_err(Error::Input)?;
        Ok(Self { keys, groups, exact })
    }

    /// The keys with a range: those of the scenario's sections in their order, then those whose range is stated.
    pub fn keys(&self) -> &[UncertainKey] {
        &self.keys
    }

    /// Keys that make a claim and have no range: they are 0, all, a choice, or taken as known.
    pub fn exact(&self) -> usize {
        self.exact
    }

    /// The place of a key.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|known| known.key == key)
    }

    /// Places of keys that go together: each key stands in one of these lists, most of them alone.
    pub fn factors(&self) -> Vec<Vec<usize>> {
        self.groups.factors(self.keys.len())
    }

    /// The scores of a world from independent standard normal ones, a value for each key.
    pub fn scores(&self, independent: &[f64]) -> Vec<f64> {
        self.groups.correlated(independent)
    }

    /// The scenario in the world of these scores. Where its values are not allowed together (shares that sum to more than
    /// one), those concerned are brought halfway to their middle, until they are.
    ///
    /// # Errors
    ///
    /// If the scenario is not allowed even with all values in their middle.
    pub fn world(&self, base: &Scenario, scores: &[f64]) -> Result<World> {
        let mut scores = scores.to_vec();
        let mut was_pulled_in = false;
        for attempt in 0..=ATTEMPTS {
            let built = self.built(base, (0..self.keys.len()).map(|place| (place, scores[place])));
            match built {
                Ok(scenario) => return Ok(World { scenario, was_pulled_in }),
                Err(refused) if attempt == ATTEMPTS => return Err(refused.into()),
                Err(refused) => {
                    was_pulled_in = true;
                    let concerned = |key: &UncertainKey| {
                        refused.problems.iter().any(|problem| {
                            problem.key.is_empty()
                                || key.key.starts_with(&problem.key)
                                || problem.message.contains(key.last())
                        })
                    };
                    let any = self.keys.iter().any(concerned);
                    // The last attempt but one has all of them in their middle.
                    let by = if attempt + 1 == ATTEMPTS { 0.0 } else { 0.5 };
                    for (key, score) in self.keys.iter().zip(&mut scores) {
                        if !any || by == 0.0 || concerned(key) {
                            *score *= by;
                        }
                    }
                }
            }
        }
        unreachable!("the last attempt returns")
    }

    /// The scenario with some keys at these scores, all others as they stand.
    ///
    /// # Errors
    ///
    /// If the values are not allowed together.
    pub fn with(&self, base: &Scenario, scores: &[(usize, f64)]) -> Result<Scenario> {
        Ok(self.built(base, scores.iter().copied())?)
    }

    fn built(
        &self,
        base: &Scenario,
        scores: impl Iterator<Item = (usize, f64)>,
    ) -> std::result::Result<Scenario, crate::scenario_file::ScenarioError> {
        let sets = scores.flat_map(|(place, score)| self.keys[place].sets(score));
        sets.fold(base.rebuild(), |built, (key, value): (String, Value)| built.set(&key, value)).build()
    }
}

/// How often values are brought nearer to their middle.
const ATTEMPTS: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::uncertain::{Correlated, Range};
    use crate::strategy::Strategy;
    use crate::values::{Correlation, Finite, Fold};

    fn scenario() -> Scenario {
        let built = Scenario::builder("uncertain")
            .accounts(100)
            .set("journey.choice.desk_weight", 0.3)
            .strategy(Strategy::preset("reset-only").expect("a preset"));
        built.build().expect("a scenario")
    }

    fn range(low: f64, high: f64) -> Range {
        Range { low: Finite::new(low), high: Finite::new(high) }
    }

    #[test]
    fn every_graded_value_has_the_range_of_its_grade_and_what_is_stated_is_known() {
        let scenario = scenario();
        let uncertain = Uncertain::new(&scenario).expect("ranges");
        assert!(uncertain.keys().len() > 150, "{}", uncertain.keys().len());
        let key = |name: &str| &uncertain.keys()[uncertain.place(name).expect(name)];
        let weight = key("journey.choice.later_weight");
        assert!((weight.at(-Z90) - 0.45 / 2.5).abs() < 1e-9 && (weight.at(Z90) - 0.45 * 2.5).abs() < 1e-9);
        let share = key("journey.choice.redial_share");
        let odds = |share: f64| share / (1.0 - share);
        assert!((odds(share.at(Z90)) / odds(0.55) - 2.5).abs() < 1e-6);
        assert!(uncertain.place("journey.choice.desk_weight").is_none(), "the scenario states it");
        assert!(uncertain.place("grades.assumption_factor").is_none());
        assert!(uncertain.exact() > 0);
    }

    #[test]
    fn a_stated_range_is_kept_at_its_ends_also_for_what_the_scenario_states() {
        let mut scenario = scenario();
        scenario.uncertain.insert("journey.choice.desk_weight".to_owned(), range(0.1, 0.5));
        scenario.uncertain.insert("journey.choice.absence".to_owned(), range(100.0, 900.0));
        let uncertain = Uncertain::new(&scenario).expect("ranges");
        let at = |name: &str, z: f64| uncertain.keys()[uncertain.place(name).expect(name)].at(z);
        assert!((at("journey.choice.desk_weight", -Z90) - 0.1).abs() < 1e-9);
        assert!((at("journey.choice.desk_weight", Z90) - 0.5).abs() < 1e-9);
        assert!((at("journey.choice.absence", 0.0) - 300.0).abs() < 1e-6, "the geometric middle");
    }

    #[test]
    fn a_grade_taken_as_exact_has_no_ranges() {
        let mut scenario = scenario();
        let one = Fold::new(1.0);
        scenario.grades.assumption_factor = one;
        scenario.grades.folklore_factor = one;
        scenario.grades.vendor_factor = one;
        scenario.grades.measured_factor = one;
        assert_eq!(Uncertain::new(&scenario).expect("ranges").keys().len(), 0);
    }

    #[test]
    fn a_world_has_its_values_and_the_middle_is_the_scenario() {
        let scenario = scenario();
        let uncertain = Uncertain::new(&scenario).expect("ranges");
        let middle = uncertain.world(&scenario, &vec![0.0; uncertain.keys().len()]).expect("a world");
        assert!(!middle.was_pulled_in);
        assert_eq!(number::values(&middle.scenario), number::values(&scenario));
        let mut scores = vec![0.0; uncertain.keys().len()];
        scores[uncertain.place("journey.choice.absence").expect("a key")] = Z90;
        let late = uncertain.world(&scenario, &scores).expect("a world").scenario;
        assert!((late.journey.choice.absence.median_h.get() - 504.0 * 2.5).abs() < 1e-6);
    }

    #[test]
    fn values_that_are_not_allowed_together_are_brought_nearer() {
        let scenario = scenario();
        let uncertain = Uncertain::new(&scenario).expect("ranges");
        let extreme = uncertain.world(&scenario, &vec![4.0; uncertain.keys().len()]).expect("a world");
        assert!(extreme.was_pulled_in);
        let low = uncertain.world(&scenario, &vec![-4.0; uncertain.keys().len()]).expect("a world");
        assert!(low.scenario.checked().is_ok());
    }

    #[test]
    fn correlated_keys_go_together_and_are_one_factor() {
        let mut scenario = scenario();
        let keys = ["journey.choice.redial_share", "journey.choice.later_weight"].map(str::to_owned).to_vec();
        scenario.correlated = vec![Correlated {
            name: "persistence".to_owned(),
            keys,
            correlation: Correlation::new(0.8),
        }];
        let uncertain = Uncertain::new(&scenario).expect("ranges");
        let factors = uncertain.factors();
        assert_eq!(factors.len(), uncertain.keys().len() - 1);
        assert_eq!(factors.iter().map(Vec::len).sum::<usize>(), uncertain.keys().len());
        let (a, b) = (
            uncertain.place("journey.choice.redial_share").expect("a key"),
            uncertain.place("journey.choice.later_weight").expect("a key"),
        );
        let points = Points::new(uncertain.keys().len(), 7);
        let pairs: Vec<(f64, f64)> = (0..2048)
            .map(|n| {
                let scores = uncertain.scores(&points.normal(n));
                (scores[a], scores[b])
            })
            .collect();
        let product = pairs.iter().map(|(a, b)| a * b).sum::<f64>() / 2048.0;
        assert!((product - 0.8).abs() < 0.03, "{product}");
    }
}
