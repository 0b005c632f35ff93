//! What must agree with each other in a scenario, beyond the limits of single values.

mod population;

mod desk;

mod strategies;

mod text;

mod uncertain;

use super::path::Path;
use super::source::{Problem, Source};
use crate::scenario::Scenario;
use crate::values::Weekly;

/// All disagreements. A complaint that rests on a key which was taken out as wrong is not made.
pub fn check(scenario: &Scenario, source: &Source, removed: &[Path]) -> Vec<Problem> {
    let mut checks = Checks { source, removed, problems: Vec::new() };
    checks.texts();
    checks.name(scenario);
    checks.population(scenario);
    checks.choice(scenario);
    checks.desk(scenario);
    checks.strategies(scenario);
    checks.uncertain(scenario);
    checks.problems
}

struct Checks<'a> {
    source: &'a Source,
    removed: &'a [Path],
    problems: Vec<Problem>,
}

impl Checks<'_> {
    fn say(&mut self, path: &Path, message: impl Into<String>) {
        if !self.removed.iter().any(|gone| gone.is_within(path) || path.is_within(gone)) {
            self.problems.push(self.source.problem(path, message));
        }
    }

    /// Something must be left to do after a failure.
    fn choice(&mut self, scenario: &Scenario) {
        let choice = &scenario.journey.choice;
        let weights = [
            choice.later_weight,
            choice.desk_weight,
            choice.sign_up_weight,
            choice.give_up_weight,
        ];
        if weights.iter().all(|weight| weight.get() == 0.0) {
            let message = "all weights are 0: at least one of later_weight, desk_weight, sign_up_weight and \
                           give_up_weight must be above 0";
            self.say(&Path::keys("journey.choice"), message);
        }
    }

    fn weekly<V: Copy + Into<f64>>(&mut self, path: &Path, weekly: &Weekly<V>) {
        self.overlap(path, weekly.overlap());
    }

    /// An hour of the week that two windows both claim.
    fn overlap(&mut self, path: &Path, hour: Option<usize>) {
        if let Some(hour) = hour {
            let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][hour / 24];
            let message = format!("two windows claim {day} {:02}:00: windows must not overlap", hour % 24);
            self.say(path, message);
        }
    }
}
