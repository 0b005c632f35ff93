//! Ranges: their keys exist, and their ends are allowed there.

use super::{Checks, Path};
use crate::scenario::Scenario;
use crate::scenario_file::number::{Number, values};

impl Checks<'_> {
    pub(super) fn uncertain(&mut self, scenario: &Scenario) {
        if scenario.uncertain.is_empty() && scenario.correlated.is_empty() {
            return;
        }
        // A key need not be stated to be uncertain.
        let root = values(scenario);
        for (key, range) in &scenario.uncertain {
            let found = Number::find(&root, key);
            if let Err(message) = found.and_then(|number| number.must_have_range(range.low.get(), range.high.get())) {
                self.say(&Path::keys("uncertain").key(key), message);
            }
        }
        for (place, group) in scenario.correlated.iter().enumerate() {
            for key in &group.keys {
                if let Err(message) = Number::find(&root, key) {
                    self.say(&Path::keys("correlated").index(place).key("keys"), message);
                }
            }
        }
    }
}
