//! Target: the service that the agents must give, and until when written work is due.

use std::sync::Arc;

use crate::calendar::{DAY_MS, HOUR_MS, SimTime, Span};
use crate::desk::opening::{self, OpenHours};
use crate::desk::staffing::Staffing;
use crate::scenario::Scenario;
use crate::terms::{CHANNELS, Channel, SKILLS, Skill};

/// What is to be met, for one scenario.
#[derive(Clone, Debug)]
pub struct ServiceTarget {
    /// Share of a channel's contacts that must be answered in time, of all that are offered.
    pub share: [f64; CHANNELS],
    /// Share of calls and chats that may give up.
    pub abandoned_share: f64,
    /// Time within which a live contact is answered in time.
    pub in_time: [Span; CHANNELS],
    /// Confidence with which the target must hold.
    pub confidence: f64,
    /// Fewest agents of a team that is open.
    pub least_agents: u32,
    /// For each channel, the team that is sized for it: the first that takes it.
    pub owner: [Option<Skill>; CHANNELS],
    /// Hours in which a team works, by skill.
    pub open: [Arc<[bool]>; SKILLS],
    /// Days, counted from the midnight before the start, on which a team works.
    open_days: [Arc<[bool]>; SKILLS],
    /// By skill and hour: the last working hour that has ended when this hour begins.
    last_hour: [Arc<[Option<usize>]>; SKILLS],
    /// Hours from that midnight to the start.
    first_hour: usize,
}

impl ServiceTarget {
    /// The target of a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let stated = &scenario.desk.target;
        let takes = opening::takes(scenario);
        let owner = |channel: Channel| {
            let own = [Skill::Tier1, Skill::Tier2, Skill::Review];
            own.into_iter().find(|&skill| takes[skill as usize].contains(&channel))
        };
        let open = Skill::ALL.map(|skill| working_hours(scenario, &takes, skill));
        let first_hour = scenario.calendar().start_hour() % 24;
        let days = (first_hour + scenario.hours()).div_ceil(24);
        let open_days = |hours: &Arc<[bool]>| -> Arc<[bool]> {
            let works = |day: usize| {
                (0..24).any(|hour| {
                    (day * 24 + hour).checked_sub(first_hour).is_some_and(|hour| hours.get(hour) == Some(&true))
                })
            };
            (0..days).map(works).collect()
        };
        let last_hour = |hours: &Arc<[bool]>| -> Arc<[Option<usize>]> {
            let mut last = None;
            let ended = |hour: usize| {
                last = hour.checked_sub(1).filter(|&before| hours[before]).or(last);
                last
            };
            (0..hours.len()).map(ended).collect()
        };
        Self {
            share: Channel::ALL.map(|channel| match channel {
                Channel::Phone | Channel::Proofing => stated.answered_share.get(),
                Channel::Chat => stated.chat_share.get(),
                Channel::Email => stated.email_share.get(),
                Channel::Review => stated.review_share.get(),
            }),
            abandoned_share: stated.abandoned_share.get(),
            in_time: Channel::ALL.map(|channel| scenario.desk.in_time(channel)),
            confidence: stated.confidence_share.get(),
            least_agents: stated.least_agents.get() as u32,
            owner: Channel::ALL.map(owner),
            open_days: [&open[0], &open[1], &open[2], &open[3]].map(open_days),
            last_hour: [&open[0], &open[1], &open[2], &open[3]].map(last_hour),
            open,
            first_hour,
        }
    }

    /// The live channels whose target no number of agents meets, whatever is tried: it allows no miss.
    pub fn beyond_reach(&self, channel: Channel) -> bool {
        channel.is_live() && (self.share[channel as usize] >= 1.0 || self.abandoned_share <= 0.0)
    }

    /// How many contacts, all of them well served, show that at most this share misses the target: (1 - share) to this
    /// power is what confidence leaves to luck. No number shows that none does.
    pub fn contacts_to_show(&self, may_miss: f64) -> f64 {
        if may_miss > 0.0 {
            (1.0 - self.confidence).ln() / (1.0 - may_miss).max(f64::MIN_POSITIVE).ln()
        } else {
            f64::INFINITY
        }
    }

    /// The share that a team's written work must reach.
    pub fn written_share(&self, skill: Skill) -> f64 {
        self.written(skill).map(|channel| self.share[channel as usize]).fold(0.0, f64::max)
    }

    /// The channels that a team is sized for and on which a customer waits.
    pub fn live(&self, skill: Skill) -> impl Iterator<Item = Channel> + '_ {
        Channel::ALL
            .into_iter()
            .filter(move |&channel| channel.is_live() && self.owner[channel as usize] == Some(skill))
    }

    /// The channels that a team is sized for and whose contacts can wait for days.
    pub fn written(&self, skill: Skill) -> impl Iterator<Item = Channel> + '_ {
        Channel::ALL
            .into_iter()
            .filter(move |&channel| !channel.is_live() && self.owner[channel as usize] == Some(skill))
    }

    /// Number of the day, counted from the midnight before the start.
    pub fn day(&self, at: SimTime) -> usize {
        usize::try_from((at.0 + self.first_hour as i64 * HOUR_MS) / DAY_MS).unwrap_or(0)
    }

    /// The day of an hour since the start.
    pub fn day_of(&self, hour: usize) -> usize {
        self.day(SimTime(hour as i64 * HOUR_MS))
    }

    /// Hours since the start that make up a day.
    pub fn hours_of(&self, day: usize, hours: usize) -> std::ops::Range<usize> {
        let hour = |day: usize| (day * 24).saturating_sub(self.first_hour).min(hours);
        hour(day)..hour(day + 1)
    }

    /// When a written contact is due, and the day whose work decides whether that is met: the one of the last full
    /// working hour before, or of the hour in which it is due if no other is left. `None` if it is due beyond simulated
    /// time, or before anybody works again.
    pub fn due(&self, channel: Channel, arrived: SimTime) -> Option<(SimTime, usize)> {
        let due = self.deadline(channel, arrived)?;
        Some((due, self.day_of(self.decides(channel, arrived, due)?)))
    }

    /// Whether a written contact is due before anybody works again: late with any number of agents.
    pub fn is_due_while_closed(&self, channel: Channel, arrived: SimTime) -> bool {
        let due = self.deadline(channel, arrived);
        due.is_some_and(|due| self.decides(channel, arrived, due).is_none())
    }

    /// The time allowed after an arrival, days off not counted; `None` beyond simulated time.
    fn deadline(&self, channel: Channel, arrived: SimTime) -> Option<SimTime> {
        let owner = self.owner[channel as usize]?;
        let days = &self.open_days[owner as usize];
        let midnight = |day: usize| day as i64 * DAY_MS - self.first_hour as i64 * HOUR_MS;
        let (mut at, mut left) = (arrived.0, self.in_time[channel as usize].0);
        for day in self.day(arrived)..days.len() {
            let end = midnight(day + 1);
            if days[day] {
                if left <= end - at {
                    return Some(SimTime(at + left)).filter(|due| due.hour() < self.open[owner as usize].len());
                }
                left -= end - at;
            }
            at = end;
        }
        None
    }

    /// The working hour between arrival and deadline whose work decides.
    fn decides(&self, channel: Channel, arrived: SimTime, due: SimTime) -> Option<usize> {
        let owner = self.owner[channel as usize]? as usize;
        let ended = self.last_hour[owner][due.hour()].filter(|&hour| (hour as i64 + 1) * HOUR_MS > arrived.0);
        ended.or_else(|| Some(due.hour()).filter(|&hour| self.open[owner][hour] && hour as i64 * HOUR_MS < due.0))
    }
}

/// The hours in which a team works: the stated opening hours if a customer can be waiting for it, but for dates on which
/// an exception rosters nobody; else those in which it is rostered; a team that is not rostered at any hour works when
/// the first line does.
fn working_hours(scenario: &Scenario, takes: &[Vec<Channel>; SKILLS], skill: Skill) -> Arc<[bool]> {
    let staffing = Staffing::new(scenario);
    let rostered =
        |skill: Skill| -> Vec<bool> { staffing.of(skill).hours().iter().map(|&agents| agents > 0).collect() };
    let hours = match takes[skill as usize].iter().find(|channel| channel.is_live()) {
        Some(&channel) if scenario.desk.open.week().is_some() => {
            let open = OpenHours::new(scenario, &staffing, channel);
            (0..scenario.hours())
                .map(|hour| open.in_hour(hour) && !is_closed_by_date(scenario, skill, hour))
                .collect()
        }
        _ => rostered(skill),
    };
    if hours.contains(&true) || skill == Skill::Tier1 {
        hours.into()
    } else {
        working_hours(scenario, takes, Skill::Tier1)
    }
}

/// Whether the last exception that is about an hour rosters nobody.
fn is_closed_by_date(scenario: &Scenario, skill: Skill, hour: usize) -> bool {
    let desk = &scenario.desk;
    let exceptions = match skill {
        Skill::Tier1 => &desk.tier1.exceptions,
        Skill::Tier2 => &desk.tier2.exceptions,
        Skill::Review => &desk.review.exceptions,
        Skill::Partner => &desk.partner.exceptions,
    };
    let civil = scenario.calendar().civil(SimTime(hour as i64 * HOUR_MS));
    let last = exceptions.iter().rev().find(|e| e.holds(civil.date(), civil.hour().unsigned_abs()));
    last.is_some_and(|exception| exception.value.get() <= 0.0)
}
