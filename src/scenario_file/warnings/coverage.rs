//! Contacts when nobody is there, and agents when nobody can come.

use super::{Doubts, spans};
use crate::desk::baseline;
use crate::desk::opening::OpenHours;
use crate::scenario_file::path::Path;
use crate::terms::{Channel, Skill};

/// From this share of a channel's traffic on, what finds the desk closed is surely not meant.
const TURNED_AWAY: f64 = 0.2;
/// Up to this share of a channel's traffic, nobody on duty is worth no warning.
const ALONE: f64 = 0.005;

impl Doubts<'_> {
    /// Hours in which calls, chats or proofing calls arrive and find the desk closed or nobody on duty.
    pub(super) fn uncovered_hours(&mut self) {
        let stated = self.scenario.desk.open.week().is_some();
        for channel in [Channel::Phone, Channel::Chat, Channel::Proofing] {
            let arrivals = baseline::expected(self.scenario, channel);
            let open = OpenHours::new(self.scenario, &self.staffing, channel);
            let share = |hours: &[usize]| {
                hours.iter().map(|&hour| arrivals[hour]).sum::<f64>() / arrivals.iter().sum::<f64>().max(1e-9)
            };
            let all = 0..arrivals.len();
            let closed: Vec<_> =
                all.clone().filter(|&hour| stated && arrivals[hour] > 0.0 && !open.in_hour(hour)).collect();
            let alone: Vec<_> =
                all.filter(|&hour| (!stated || open.in_hour(hour)) && !self.on_duty(channel, hour)).collect();
            let rate = Path::keys(&format!("desk.baseline.{}_per_hour", channel.key()));
            if share(&closed) > TURNED_AWAY {
                let message = format!(
                    "{:.1} % of the baseline's {} contacts arrive while the desk is closed ({}): they are turned away; \
                     state the rate by hour of the week, or longer opening hours in desk.open",
                    100.0 * share(&closed),
                    channel.key(),
                    spans(self.scenario, closed)
                );
                self.say(&rate, message);
            }
            if share(&alone) > ALONE {
                let cure = if stated {
                    "or leave these hours out of desk.open"
                } else {
                    "state the rate by hour of the week, or opening hours in desk.open"
                };
                let message = format!(
                    "{:.1} % of the baseline's {} contacts arrive while nobody is on duty ({}): they wait until they \
                     give up; roster somebody, {cure}",
                    100.0 * share(&alone),
                    channel.key(),
                    spans(self.scenario, alone.into_iter().filter(|&hour| arrivals[hour] > 0.0))
                );
                self.say(&rate, message);
            } else if stated && !alone.is_empty() && self.customers_use(channel) && self.is_served(channel) {
                let message = format!(
                    "{} are taken in hours in which nobody is on duty for them ({}): customers wait until they give \
                     up; roster somebody, or leave these hours out",
                    channel.plural(),
                    spans(self.scenario, alone)
                );
                self.say(&Path::keys("desk.open"), message);
            }
        }
    }

    /// Hours for which agents are rostered whose channels are all closed. In the hour after closing they may still answer
    /// who waits.
    pub(super) fn idle_hours(&mut self) {
        if self.scenario.desk.open.week().is_none() {
            return;
        }
        for skill in [Skill::Tier1, Skill::Tier2, Skill::Review] {
            let takes = &self.takes[skill as usize];
            let Some(&channel) = takes.first().filter(|_| takes.iter().all(|channel| channel.is_live())) else {
                continue;
            };
            // Opening hours are the same for all of them.
            let open = OpenHours::new(self.scenario, &self.staffing, channel);
            let agents = self.staffing.of(skill).hours();
            let may_work = |hour: usize| open.in_hour(hour) || (hour > 0 && open.in_hour(hour - 1));
            let idle: Vec<_> = (0..agents.len()).filter(|&hour| agents[hour] > 0 && !may_work(hour)).collect();
            let sum = |hours: &mut dyn Iterator<Item = usize>| hours.map(|hour| f64::from(agents[hour])).sum::<f64>();
            let share = sum(&mut idle.iter().copied()) / sum(&mut (0..agents.len())).max(1.0);
            if share > 0.0 {
                let message = format!(
                    "{:.1} % of the agent-hours lie outside desk.open ({}), and the team takes nothing that comes then; \
                     roster fewer, open longer, or let it take written work",
                    100.0 * share,
                    spans(self.scenario, idle)
                );
                self.say(&Path::keys(&format!("desk.{}.agents", skill.key())), message);
            }
        }
    }
}
