//! Ranges that leave out the value they are about.

use super::Doubts;
use crate::scenario_file::number::{Number, values};
use crate::scenario_file::path::Path;

impl Doubts<'_> {
    /// Worlds are drawn around a range, and the run has the value: they would be about two different things.
    pub(super) fn ranges(&mut self) {
        if self.scenario.uncertain.is_empty() {
            return;
        }
        let root = values(self.scenario);
        for (key, range) in &self.scenario.uncertain {
            let Ok(number) = Number::find(&root, key) else { continue };
            let (low, high) = (range.low.get(), range.high.get());
            if (low..=high).contains(&number.now) {
                continue;
            }
            let message = format!(
                "{key} is {}, which lies outside its own range of {low} to {high}: a run has the value, and worlds are drawn \
                 from the range",
                number.now
            );
            self.say(&Path::keys("uncertain").key(key), message);
        }
    }
}
