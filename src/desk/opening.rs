//! Opening hours: when calls and chats are taken.

use std::sync::Arc;

use super::staffing::Staffing;
use crate::calendar::{HOUR_MS, SimTime};
use crate::scenario::Scenario;
use crate::terms::{Channel, SKILLS, Skill};

/// The channels that each skill takes, the first of them first.
pub fn takes(scenario: &Scenario) -> [Vec<Channel>; SKILLS] {
    let desk = &scenario.desk;
    [
        desk.tier1.takes.clone(),
        desk.tier2.takes.clone(),
        desk.review.takes.clone(),
        desk.partner.takes.clone(),
    ]
}

/// Whether somebody is on duty who takes the channel, by hour since the start.
pub fn staffed(scenario: &Scenario, staffing: &Staffing, channel: Channel) -> Vec<bool> {
    let takes = takes(scenario);
    let takers: Vec<Skill> = Skill::ALL.into_iter().filter(|&skill| takes[skill as usize].contains(&channel)).collect();
    let on_duty = |hour: usize| takers.iter().any(|&skill| staffing.of(skill).in_hour(hour) > 0);
    (0..scenario.hours()).map(on_duty).collect()
}

/// Hours since the start whose contacts can be answered in time if there are agents enough: those in which a live channel
/// is open; for written work, those whose time until the answer is due ends within the horizon and holds at least half of
/// the staffed hours that it holds at best. So the mail of a weekend does not count against agents who are at home.
pub fn answerable(scenario: &Scenario, staffing: &Staffing, channel: Channel) -> Vec<bool> {
    let hours = scenario.hours();
    if channel.is_live() {
        let open = OpenHours::new(scenario, staffing, channel);
        return (0..hours).map(|hour| open.in_hour(hour)).collect();
    }
    let due_h = (scenario.desk.in_time(channel).0.unsigned_abs().div_ceil(HOUR_MS.unsigned_abs()) as usize).max(1);
    let mut staffed_before = vec![0_usize];
    for on_duty in staffed(scenario, staffing, channel) {
        staffed_before.push(staffed_before[staffed_before.len() - 1] + usize::from(on_duty));
    }
    let in_window = |hour: usize| staffed_before[(hour + due_h).min(hours)] - staffed_before[hour];
    let best = (0..hours).map(in_window).max().unwrap_or(0);
    (0..hours)
        .map(|hour| hour + due_h <= hours && in_window(hour) > 0 && 2 * in_window(hour) >= best)
        .collect()
}

/// When a channel is open, by hour since the start.
#[derive(Clone, Debug)]
pub struct OpenHours {
    open: Arc<[bool]>,
    ever: bool,
}

impl OpenHours {
    /// The stated opening hours, or those in which somebody is on duty who takes the channel. Written work and cases
    /// are taken in at any time.
    pub fn new(scenario: &Scenario, staffing: &Staffing, channel: Channel) -> Self {
        let (calendar, stated) = (scenario.calendar(), scenario.desk.open.week());
        let open: Arc<[bool]> = match stated {
            _ if !channel.is_live() => vec![true; scenario.hours()].into(),
            Some(week) => (0..scenario.hours()).map(|hour| week[calendar.hour_of_week(hour)]).collect(),
            None => staffed(scenario, staffing, channel).into(),
        };
        Self { ever: open.contains(&true), open }
    }

    /// Whether the channel is open in the `hour`-th hour since the start.
    #[inline]
    pub fn in_hour(&self, hour: usize) -> bool {
        self.open.get(hour).copied().unwrap_or(false)
    }

    /// When it is next open: now, or at the beginning of an hour; the end of simulated time if that comes first;
    /// `None` if it never is.
    pub fn next(&self, now: SimTime) -> Option<SimTime> {
        if !self.ever {
            return None;
        }
        let hour = now.hour();
        if self.in_hour(hour) {
            return Some(now);
        }
        let opens = (hour + 1..self.open.len()).find(|&later| self.open[later]).unwrap_or(self.open.len());
        Some(SimTime(opens as i64 * HOUR_MS))
    }
}
