//! Every shift that could be worked within a requirement.

use std::ops::Range;

use super::Pattern;
use crate::calendar::WEEK_H;

/// Where the required hours stand in the week.
#[derive(Clone, Copy, Debug)]
pub(super) struct DutySpan {
    /// Hour of the week of the first required hour.
    pub first_hour_of_week: usize,
    /// Number of required hours.
    pub hours: usize,
}

impl DutySpan {
    pub fn new(first_hour_of_week: usize, hours: usize) -> Self {
        Self { first_hour_of_week: first_hour_of_week % WEEK_H, hours }
    }

    /// Day of the week on which a day of the plan falls; Monday is 0.
    pub fn weekday(&self, day: i32) -> usize {
        ((self.first_hour_of_week / 24) as i32 + day).rem_euclid(7) as usize
    }

    /// Number of weeks, the first and last perhaps short.
    pub fn weeks(&self) -> usize {
        match self.hours {
            0 => 0,
            hours => (self.first_hour_of_week + hours).div_ceil(WEEK_H),
        }
    }

    /// Required hours of a week.
    pub fn hours_of_week(&self, week: usize) -> Range<usize> {
        let monday = |week: usize| (week * WEEK_H).saturating_sub(self.first_hour_of_week).min(self.hours);
        monday(week)..monday(week + 1)
    }

    /// Week in which a shift that starts on this day is planned; the evening before the plan goes with the first.
    pub fn week_of(&self, day: i32) -> usize {
        (self.first_hour_of_week / 24 + usize::try_from(day).unwrap_or(0)) / 7
    }

    /// Whether a day belongs to the week before the first: the Sunday before a plan that starts on a Monday.
    pub fn before_first_week(&self, day: i32) -> bool {
        (self.first_hour_of_week / 24) as i32 + day < 0
    }

    fn days(&self) -> i32 {
        ((self.first_hour_of_week % 24 + self.hours).div_ceil(24)) as i32
    }
}

/// A shift that could be worked: a pattern that starts at an hour of a day.
#[derive(Clone, Debug)]
pub(super) struct Duty {
    pub pattern: usize,
    pub day: i32,
    pub start_h: u32,
    /// Hours from begin to end.
    pub hours: u32,
    /// Required hours in which somebody on it is at work.
    pub at_work: Vec<usize>,
    /// Cost of its paid hours for one agent, in cents.
    pub cents: u64,
}

impl Duty {
    /// Hours from the midnight of day 0 to its begin and its end.
    pub fn clock(&self) -> (i64, i64) {
        let start = i64::from(self.day) * 24 + i64::from(self.start_h);
        (start, start + i64::from(self.hours))
    }
}

/// All duties that cover a required hour, by day, start and pattern.
///
/// The evening before the plan is asked only where nothing that starts in the plan could cover an hour: otherwise the
/// first week would pay for less than it uses.
pub(super) fn all(patterns: &[Pattern], required: &[u32], span: DutySpan) -> Vec<Duty> {
    let mut duties: Vec<Duty> = (0..span.days()).flat_map(|day| of_day(patterns, day, required, span)).collect();
    let mut reached = vec![false; required.len()];
    for hour in duties.iter().flat_map(|duty| &duty.at_work) {
        reached[*hour] = true;
    }
    let mut evening = of_day(patterns, -1, required, span);
    evening.retain(|duty| duty.at_work.iter().any(|hour| required[*hour] > 0 && !reached[*hour]));
    evening.append(&mut duties);
    evening
}

fn of_day(patterns: &[Pattern], day: i32, required: &[u32], span: DutySpan) -> Vec<Duty> {
    let midnight = i64::from(day) * 24 - (span.first_hour_of_week % 24) as i64;
    let mut duties = Vec::new();
    for start_h in 0..24 {
        for (index, pattern) in patterns.iter().enumerate() {
            if !pattern.may_start(span.weekday(day), start_h) {
                continue;
            }
            let at_work: Vec<usize> = (0..pattern.hours)
                .filter(|offset| pattern.works(*offset))
                .filter_map(|offset| usize::try_from(midnight + i64::from(start_h + offset)).ok())
                .filter(|hour| *hour < span.hours)
                .collect();
            if at_work.iter().any(|hour| required[*hour] > 0) {
                let cents = u64::from(pattern.paid_h()).saturating_mul(pattern.cents_per_hour);
                duties.push(Duty {
                    pattern: index,
                    day,
                    start_h,
                    hours: pattern.hours,
                    at_work,
                    cents,
                });
            }
        }
    }
    drop_idle(duties, required)
}

/// Takes out duties that begin with an hour in which nobody is required, where the same pattern an hour or more later,
/// at the same cost, works in every required hour that they work in: plans cost the same without them, and nobody comes
/// to a closed desk.
fn drop_idle(duties: Vec<Duty>, required: &[u32]) -> Vec<Duty> {
    let wanted =
        |duty: &Duty| -> Vec<usize> { duty.at_work.iter().copied().filter(|&hour| required[hour] > 0).collect() };
    let useful: Vec<Vec<usize>> = duties.iter().map(wanted).collect();
    let is_idle = |place: usize| {
        let duty = &duties[place];
        let starts_idle = duty.at_work.first().is_none_or(|&hour| required[hour] == 0);
        let later = |other: &usize| {
            duties[*other].pattern == duty.pattern
                && duties[*other].start_h > duty.start_h
                && useful[place].iter().all(|hour| useful[*other].contains(hour))
        };
        starts_idle && (place + 1..duties.len()).any(|other| later(&other))
    };
    let idle: Vec<bool> = (0..duties.len()).map(is_idle).collect();
    duties.into_iter().zip(idle).filter(|(_, idle)| !idle).map(|(duty, _)| duty).collect()
}
