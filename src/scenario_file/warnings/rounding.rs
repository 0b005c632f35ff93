//! Agents are whole: what shrinkage and scale leave of a small team is rounded.

use super::Doubts;
use crate::desk::staffing::{wanted, whole};
use crate::scenario_file::path::Path;
use crate::terms::Skill;

/// From this share of the agent-hours on, rounding makes another desk than the stated one.
const NOTICEABLE: f64 = 0.1;

impl Doubts<'_> {
    pub(super) fn rounding(&mut self) {
        // The accounts of a directory are counted later.
        if self.scenario.population.directory.is_some() && self.scenario.desk.for_accounts.get() > 0 {
            return;
        }
        for skill in Skill::ALL {
            let wanted = wanted(self.scenario, skill);
            let got: f64 = self.staffing.of(skill).hours().iter().map(|&agents| f64::from(agents)).sum();
            let exact: f64 = wanted.iter().sum();
            if (got - exact).abs() <= NOTICEABLE * exact {
                continue;
            }
            let change = |agents: f64| (f64::from(whole(agents)) - agents).abs();
            let worst = wanted.iter().copied().max_by(|a, b| change(*a).total_cmp(&change(*b))).unwrap_or(0.0);
            let key = match (self.scenario.desk.shrinkage_share(skill) > 0.0, self.scenario.desk_scale() == 1.0) {
                (true, _) => format!("desk.{}.shrinkage_share", skill.key()),
                (false, false) => "desk.for_accounts".to_owned(),
                (false, true) => format!("desk.{}.agents", skill.key()),
            };
            let message = format!(
                "agents of the {} are rounded to whole ones, at least one where somebody is rostered: {worst:.2} become \
                 {}, and {exact:.0} agent-hours become {got:.0} ({:+.1} %); state `agents` that come out whole",
                skill.word(),
                whole(worst),
                100.0 * (got / exact - 1.0)
            );
            self.say(&Path::keys(&key), message);
        }
    }
}
