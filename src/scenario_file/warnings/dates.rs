//! Exceptions on dates that are not simulated, and exceptions that contradict each other.

use super::Doubts;
use crate::scenario_file::path::Path;
use crate::terms::Skill;
use crate::values::Exception;

impl Doubts<'_> {
    pub(super) fn exceptions(&mut self) {
        let scenario = self.scenario;
        let (first, last) = scenario.dates();
        for skill in Skill::ALL {
            let path = Path::keys(&format!("desk.{}.exceptions", skill.key()));
            let exceptions = scenario.desk.exceptions(skill);
            for (place, exception) in exceptions.iter().enumerate() {
                let (from, to) = (exception.from.0, exception.last().0);
                if from < first || to > last {
                    let part = if to < first || from > last { "" } else { "in part " };
                    let message = format!("it is {part}about dates outside the simulated time ({first} to {last})");
                    self.say(&path.index(place), message);
                }
                // That a later entry makes a hole in an earlier one is what the order is for.
                let contradicts = |earlier: &&Exception| {
                    earlier.meets(exception) && !exception.is_within(earlier) && earlier.value != exception.value
                };
                if let Some(earlier) = exceptions[..place].iter().position(|earlier| contradicts(&earlier)) {
                    let (from, to) = (exceptions[earlier].from.0.max(from), exceptions[earlier].last().0.min(to));
                    let message = format!(
                        "from {from} to {to} {path}[{earlier}] says {} agents and this entry {}: the later entry \
                         decides; let them not overlap, or put the shorter one last",
                        exceptions[earlier].value.get(),
                        exception.value.get()
                    );
                    self.say(&path.index(place), message);
                }
            }
        }
    }
}
