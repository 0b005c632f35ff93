//! Opening hours: when calls and chats are taken.

use std::sync::Arc;

use super::staffing::Staffing;
use super::{Channel, SKILLS, Skill};
use crate::calendar::{HOUR_MS, SimTime};
use crate::scenario::Scenario;

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
        let takes = takes(scenario);
        let staffed = |hour: usize| {
            let on_duty =
                |skill: &&Skill| takes[**skill as usize].contains(&channel) && staffing.of(**skill).in_hour(hour) > 0;
            Skill::ALL.iter().any(|skill| on_duty(&skill))
        };
        let open: Arc<[bool]> = (0..scenario.hours())
            .map(|hour| match &stated {
                _ if !channel.is_live() => true,
                Some(week) => week[calendar.hour_of_week(hour)],
                None => staffed(hour),
            })
            .collect();
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
