//! The help desk: sizes, dates, and that whoever contacts it can be answered by somebody at some time.

use std::collections::BTreeSet;

use super::Checks;
use crate::desk::staffing::Staffing;
use crate::desk::{baseline, opening};
use crate::scenario::Scenario;
use crate::scenario_file::path::Path;
use crate::terms::{Channel, Skill};
use crate::values::Exception;

impl Checks<'_> {
    pub(super) fn desk(&mut self, scenario: &Scenario) {
        let desk = &scenario.desk;
        let at = |key: &str| Path::keys(&format!("desk.{key}"));
        self.scale(scenario);
        for skill in Skill::ALL {
            let agents = desk.agents(skill);
            let path = at(&format!("{}.agents", skill.key()));
            self.weekly(&path, agents);
            self.crowd(scenario, &path, agents.hours().iter().copied().fold(0.0, f64::max));
            self.exceptions(scenario, &at(&format!("{}.exceptions", skill.key())), desk.exceptions(skill));
        }
        let years = scenario.horizon_days.get() as f64 / 365.25;
        for (key, weekly) in [
            ("phone_per_hour", &desk.baseline.phone_per_hour),
            ("chat_per_hour", &desk.baseline.chat_per_hour),
            ("email_per_hour", &desk.baseline.email_per_hour),
        ] {
            let path = at("baseline").key(key);
            self.weekly(&path, weekly);
            let most = weekly.hours().iter().copied().fold(0.0, f64::max) * scenario.desk_scale();
            let last = most * (1.0 + desk.baseline.growth_share_per_year.get()).powf(years);
            if most > 1e8 {
                self.say(&path, format!("scaled to the population {most} contacts per hour: at most 1e8 are allowed"));
            } else if last > 1e8 {
                let message = format!("{last:.3e} contacts per hour at the end ({key}): at most 1e8 are allowed");
                self.say(&at("baseline.growth_share_per_year"), message);
            }
        }
        self.overlap(&at("open.hours"), desk.open.overlap());
        if let Some(week) = desk.open.week()
            && !week.contains(&true)
        {
            self.say(&at("open.hours"), "the desk would never be open: expected at least one window, or \"staffed\"");
        }
        self.takes(scenario);
        self.routing(scenario);
        self.shifts(scenario);
        let choice = &scenario.journey.choice;
        let shares = choice.by_phone_share.get() + choice.by_chat_share.get();
        if shares > 1.0 + 1e-9 {
            let message = format!("by_phone_share + by_chat_share is {shares:.4}: at most 1 is possible");
            self.say(&Path::keys("journey.choice.by_chat_share"), message);
        }
    }

    /// A desk that is scaled to nobody. The accounts of a directory are counted later.
    fn scale(&mut self, scenario: &Scenario) {
        let stated_for = scenario.desk.for_accounts.get();
        if stated_for > 0 && scenario.population.accounts.get() == 0 && scenario.population.directory.is_none() {
            let message = format!(
                "the desk is stated for {stated_for} accounts and scaled to a population of none: it would have no \
                 agents and no traffic; set it to 0 to take the desk as it stands"
            );
            self.say(&Path::keys("desk.for_accounts"), message);
        }
    }

    fn crowd(&mut self, scenario: &Scenario, path: &Path, rostered: f64) {
        let agents = rostered * scenario.desk_scale();
        if agents > 100_000.0 {
            self.say(path, format!("scaled to the population {agents} agents at once: at most 100,000 are allowed"));
        }
    }

    fn exceptions(&mut self, scenario: &Scenario, path: &Path, exceptions: &[Exception]) {
        for (place, exception) in exceptions.iter().enumerate() {
            let at = path.index(place);
            if exception.last() < exception.from {
                let message = format!("it ends on {}, before it begins on {}", exception.last(), exception.from);
                self.say(&at, message);
            }
            self.crowd(scenario, &at, exception.value.get());
            let same = |other: &Exception| other.is_within(exception) && exception.is_within(other);
            if let Some(first) = exceptions[..place].iter().position(same) {
                let message = format!(
                    "{path}[{first}] is about the same dates and hours: {} agents there, {} here; expected one of them",
                    exceptions[first].value.get(),
                    exception.value.get()
                );
                self.say(&at, message);
            }
        }
    }

    fn takes(&mut self, scenario: &Scenario) {
        for (skill, channels) in Skill::ALL.iter().zip(&opening::takes(scenario)) {
            let path = Path::keys(&format!("desk.{}.takes", skill.key()));
            if (1..channels.len()).any(|place| channels[..place].contains(&channels[place])) {
                self.say(&path, "a channel is named twice");
            }
            if *skill == Skill::Partner && channels.contains(&Channel::Review) {
                self.say(&path, "cases of the review team cannot be given to a partner");
            }
        }
    }

    /// Every channel that contacts come in on must be somebody's, and that somebody must be on duty at some time.
    fn routing(&mut self, scenario: &Scenario) {
        // A list or a roster that was taken out as wrong says nothing about who serves what.
        let is_wrong = |skill: &Skill, key: &str| {
            let path = Path::keys(&format!("desk.{}.{key}", skill.key()));
            self.removed.iter().any(|gone| gone.is_within(&path))
        };
        if ["takes", "agents", "exceptions"]
            .iter()
            .any(|key| Skill::ALL.iter().any(|skill| is_wrong(skill, key)))
        {
            return;
        }
        let (takes, staffing) = (opening::takes(scenario), Staffing::new(scenario));
        let is_staffed = |skill: Skill| staffing.of(skill).hours().iter().any(|&agents| agents > 0);
        let mut unstaffed = BTreeSet::new();
        for channel in Channel::ALL {
            if baseline::expected(scenario, channel).iter().sum::<f64>() == 0.0 {
                continue;
            }
            let own = Skill::ALL.into_iter().filter(|&skill| takes[skill as usize].contains(&channel));
            let takers: Vec<Skill> = own.collect();
            let Some(&first) = takers.first() else {
                let message = format!(
                    "nobody serves this channel: name \"{}\" in the `takes` of desk.tier1, desk.tier2, desk.review or \
                     desk.partner, or set the rate to 0",
                    channel.key()
                );
                self.say(&Path::keys(&format!("desk.baseline.{}_per_hour", channel.key())), message);
                continue;
            };
            // A team without agents is one mistake, however many channels it takes.
            if takers.iter().any(|&skill| is_staffed(skill)) || !unstaffed.insert(first) {
                continue;
            }
            let arrive = format!("{} contacts arrive, but ", channel.key());
            let then = "none would ever be answered";
            // Who has agents, and a list of channels without this one, has left it out.
            let left_out = |skill: &Skill| is_staffed(*skill) && self.source.is_stated(&takes_of(*skill));
            if let Some(skill) = Skill::ALL.into_iter().find(left_out) {
                let message = format!(
                    "{arrive}\"{}\" is not among the channels here, and {}: {then}",
                    channel.key(),
                    nobody(scenario, &takers)
                );
                self.say(&takes_of(skill), message);
            } else {
                let message = format!("{arrive}{}: {then}", nobody(scenario, &takers));
                self.say(&Path::keys(&format!("desk.{}.agents", first.key())), message);
            }
        }
    }

    fn shifts(&mut self, scenario: &Scenario) {
        let root = Path::keys("desk.shifts.patterns");
        let patterns = &scenario.desk.shifts.patterns;
        if patterns.is_empty() {
            self.say(&root, "at least one shift pattern is needed");
        }
        if patterns.len() > 20 {
            self.say(&root, format!("{} shift patterns: at most 20 are allowed", patterns.len()));
        }
        for (place, pattern) in patterns.iter().enumerate() {
            let length = pattern.length_h.get();
            if let Some(late) = pattern.breaks_after_h.iter().find(|after| after.get() + 1 >= length) {
                let message = format!(
                    "a break {} hours after the beginning does not lie within a shift of {length} hours",
                    late.get()
                );
                self.say(&root.index(place).key("breaks_after_h"), message);
            }
        }
    }
}

fn takes_of(skill: Skill) -> Path {
    Path::keys(&format!("desk.{}.takes", skill.key()))
}

/// That these teams are never there, and what decides that.
fn nobody(scenario: &Scenario, teams: &[Skill]) -> String {
    let (first, last) = scenario.dates();
    let keys: Vec<_> = teams.iter().map(|skill| format!("desk.{}.agents", skill.key())).collect();
    let excepted = teams.iter().filter(|&&skill| !scenario.desk.exceptions(skill).is_empty());
    let exceptions: Vec<_> = excepted.map(|skill| format!("desk.{}.exceptions", skill.key())).collect();
    let beside = if exceptions.is_empty() {
        String::new()
    } else {
        format!(" (with {})", exceptions.join(" and "))
    };
    format!("{}{beside} rosters nobody at any hour from {first} to {last}", keys.join(" or "))
}
