//! What is legal in a scenario but surely not meant. A run goes on; the warning stands beside its results.

mod coverage;

mod dates;

mod ranges;

mod rounding;

mod strangers;

mod trouble;

use super::path::Path;
use super::source::{Problem, Source};
use crate::calendar::WEEK_H;
use crate::desk::opening;
use crate::desk::staffing::Staffing;
use crate::scenario::Scenario;
use crate::terms::{Channel, SKILLS, Skill};

/// All warnings.
pub fn warnings(scenario: &Scenario, source: &Source) -> Vec<Problem> {
    let mut doubts = Doubts {
        scenario,
        source,
        staffing: Staffing::new(scenario),
        takes: opening::takes(scenario),
        found: Vec::new(),
    };
    doubts.uncovered_hours();
    doubts.idle_hours();
    doubts.strangers();
    doubts.exceptions();
    doubts.rounding();
    doubts.ranges();
    doubts.idle_trouble();
    doubts.found
}

struct Doubts<'a> {
    scenario: &'a Scenario,
    source: &'a Source,
    staffing: Staffing,
    takes: [Vec<Channel>; SKILLS],
    found: Vec<Problem>,
}

impl Doubts<'_> {
    fn say(&mut self, path: &Path, message: impl Into<String>) {
        self.found.push(self.source.problem(path, message));
    }

    /// Whether somebody who takes the channel is on duty in an hour.
    fn on_duty(&self, channel: Channel, hour: usize) -> bool {
        let takers = Skill::ALL.iter().filter(|&&skill| self.takes[skill as usize].contains(&channel));
        takers.into_iter().any(|&skill| self.staffing.of(skill).in_hour(hour) > 0)
    }

    /// Whether somebody takes the channel at any time.
    fn is_served(&self, channel: Channel) -> bool {
        (0..self.scenario.hours()).any(|hour| self.on_duty(channel, hour))
    }

    /// The first strategy that leads customers to a channel by what it does after a failed check.
    fn passes_on_to(&self, channel: Channel) -> Option<usize> {
        use crate::strategy::controls::Fallback;
        let fallback = match channel {
            Channel::Proofing => Fallback::Tier2,
            Channel::Review => Fallback::Review,
            Channel::Phone | Channel::Chat | Channel::Email => return None,
        };
        self.scenario.strategies.iter().position(|strategy| strategy.controls.fallback == fallback)
    }

    /// Whether customers come on a channel, and not only the baseline.
    fn customers_use(&self, channel: Channel) -> bool {
        let choice = &self.scenario.journey.choice;
        let comes = match channel {
            Channel::Phone => choice.by_phone_share.get() > 0.0,
            Channel::Chat => choice.by_chat_share.get() > 0.0,
            Channel::Email => true,
            Channel::Proofing | Channel::Review => self.passes_on_to(channel).is_some(),
        };
        comes && self.scenario.population.accounts.get() > 0
    }
}

/// The hours of the week that these hours since the start are, in words, as in `Mon 18:00-24:00, Sat 00:00-24:00`.
fn spans(scenario: &Scenario, hours: impl IntoIterator<Item = usize>) -> String {
    let calendar = scenario.calendar();
    let mut week = [false; WEEK_H];
    hours.into_iter().for_each(|hour| week[calendar.hour_of_week(hour)] = true);
    let mut spans = Vec::new();
    for (day, name) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().enumerate() {
        let hours = &week[day * 24..][..24];
        let mut hour = 0;
        while let Some(from) = (hour..24).find(|&at| hours[at]) {
            let to = (from..24).find(|&at| !hours[at]).unwrap_or(24);
            spans.push(format!("{name} {from:02}:00-{to:02}:00"));
            hour = to;
        }
    }
    if spans.len() > 4 {
        let rest = spans.len() - 3;
        spans.truncate(3);
        spans.push(format!("and {rest} more spans"));
    }
    spans.join(", ")
}
