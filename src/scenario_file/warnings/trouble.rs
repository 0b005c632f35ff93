//! Hidden trouble that cannot show.

use super::Doubts;
use crate::scenario_file::path::Path;

impl Doubts<'_> {
    /// Trouble that is stated, and that nobody makes use of.
    pub(super) fn idle_trouble(&mut self) {
        let trouble = &self.scenario.population.trouble;
        if self.scenario.threat.enabled {
            return;
        }
        for (key, share) in [
            ("intruder.share", trouble.intruder.share),
            ("planted.share", trouble.planted.share),
        ] {
            let path = Path::keys(&format!("population.trouble.{key}"));
            if share.get() > 0.0 && self.source.is_stated(&path) {
                let message =
                    "it shows nowhere in the results: threat.enabled is false, and then nobody uses what they hold";
                self.say(&path, message);
            }
        }
    }
}
