//! Ranges: their keys exist, and their ends are allowed there.

use super::{Checks, Path};
use crate::scenario::Scenario;
use crate::scenario::uncertain::Correlated;
use crate::scenario_file::number::{Number, values};

impl Checks<'_> {
    pub(super) fn uncertain(&mut self, scenario: &Scenario) {
        if scenario.uncertain.is_empty() && scenario.correlated.is_empty() {
            return;
        }
        // A key need not be stated to be uncertain.
        let root = values(scenario);
        for (key, range) in &scenario.uncertain {
            let path = Path::keys("uncertain").key(key);
            if let Some((_, why)) =
                SETTINGS.iter().find(|(setting, _)| key == setting || key.starts_with(&format!("{setting}.")))
            {
                self.say(&path, format!("{key} cannot be uncertain: {why}"));
                continue;
            }
            let found = Number::find(&root, key);
            if let Err(message) = found.and_then(|number| number.must_have_range(range.low.get(), range.high.get())) {
                self.say(&path, message);
            }
        }
        let lists = Path::keys("correlated");
        for (place, group) in scenario.correlated.iter().enumerate() {
            for key in &group.keys {
                if let Err(message) = Number::find(&root, key) {
                    self.say(&lists.index(place).key("keys"), message);
                }
            }
        }
        for (place, key, message) in Correlated::mistakes(&scenario.correlated) {
            self.say(&lists.index(place).key(key), message);
        }
    }
}

/// What is no claim about the world, and why it has no range.
const SETTINGS: [(&str, &str); 6] = [
    ("seed", "luck is drawn anew in each replication"),
    ("replications", "it says how often luck is drawn"),
    (
        "horizon_days",
        "bills over different times cannot be compared; `cutover sensitivity` looks at twice the horizon",
    ),
    ("population.accounts", "a world has as many accounts as luck asks for; run it with --accounts"),
    ("desk.for_accounts", "it says for how many accounts the desk is stated"),
    ("grades", "they are the ranges themselves"),
];
