//! Simulated time: milliseconds since the start of the scenario, hours of the week, and weekly profiles.

use std::fmt;
use std::ops::{Add, Sub};

use jiff::civil::DateTime;
use jiff::{SignedDuration, Unit};
use serde::{Deserialize, Serialize};

/// Milliseconds in a second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600 * SECOND_MS;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// Hours in a week.
pub const WEEK_H: usize = 168;

/// A point in simulated time, in milliseconds since the start of the scenario; earlier points are negative.
///
/// It has nothing to do with the wall clock: real durations are `std::time::Duration` and the two are never added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SimTime(pub i64);

impl SimTime {
    /// The start of the scenario.
    pub const START: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(i64::MAX);

    /// The point `hours` after the start; a span beyond 292 million years is `NEVER`.
    pub fn from_hours(hours: f64) -> Self {
        Self::START + Span::from_hours(hours)
    }

    /// The point `days` after the start.
    pub fn from_days(days: f64) -> Self {
        Self::from_hours(days * 24.0)
    }

    /// The number of the full hour since the start (0 for anything before it).
    pub fn hour(self) -> usize {
        usize::try_from(self.0 / HOUR_MS).unwrap_or(0)
    }

    /// Days since the start.
    pub fn days(self) -> f64 {
        self.0 as f64 / DAY_MS as f64
    }
}

/// A length of simulated time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span(pub i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `hours`, rounded to the millisecond.
    #[inline]
    pub fn from_hours(hours: f64) -> Self {
        Self((hours * HOUR_MS as f64 + 0.5) as i64)
    }

    /// A span of `minutes`, rounded to the millisecond.
    #[inline]
    pub fn from_minutes(minutes: f64) -> Self {
        Self::from_hours(minutes / 60.0)
    }

    /// A span of `seconds`, rounded to the millisecond.
    #[inline]
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds * SECOND_MS as f64 + 0.5) as i64)
    }

    /// The span in minutes.
    pub fn minutes(self) -> f64 {
        self.0 as f64 / 60_000.0
    }

    /// The span in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / SECOND_MS as f64
    }
}

/// As people say it: `45 s`, `3.5 min`, `6.2 h`, `2.1 d`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::numbers::seconds(self.seconds()))
    }
}

impl Add<Span> for SimTime {
    type Output = Self;
    #[inline]
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for SimTime {
    type Output = Span;
    #[inline]
    fn sub(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// Where simulated time stands in the civil calendar: the date and hour at which the scenario starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    start: DateTime,
    /// Hours from Monday 00:00 to the start.
    start_hour: usize,
}

impl Calendar {
    /// A calendar whose time zero is `start`; minutes and seconds of it are dropped.
    pub fn new(start: DateTime) -> Self {
        let start = start.with().minute(0).second(0).subsec_nanosecond(0).build().unwrap_or(start);
        let start_hour = start.weekday().to_monday_zero_offset() as usize * 24 + start.hour() as usize;
        Self { start, start_hour }
    }

    /// Hour of the week of the `hour`-th hour since the start: 0 is Monday 00:00 to 01:00.
    #[inline]
    pub fn hour_of_week(&self, hour: usize) -> usize {
        (self.start_hour + hour) % WEEK_H
    }

    /// Hours from Monday 00:00 to the start.
    pub fn start_hour(&self) -> usize {
        self.start_hour
    }

    /// Civil date and time of a simulated time, to the second.
    pub fn civil(&self, time: SimTime) -> DateTime {
        self.start
            .checked_add(SignedDuration::from_millis(time.0))
            .unwrap_or(DateTime::MAX)
            .round(Unit::Second)
            .unwrap_or(DateTime::MAX)
    }

    /// Date and time as people read it: `Mon 2026-03-02 09:15`.
    pub fn reads(&self, time: SimTime) -> String {
        self.civil(time).strftime("%a %Y-%m-%d %H:%M").to_string()
    }

    /// ISO 8601 date and time to the second.
    pub fn iso(&self, time: SimTime) -> String {
        self.civil(time).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

/// How an activity spreads over the week: a weight for each hour, mean 1.
///
/// A Poisson process with this profile is a homogeneous one on a bent time axis ("operational time", in days), so one
/// exponential gap on that axis gives the next event, without thinning.
#[derive(Clone, Debug)]
pub struct Profile {
    weights: [f64; WEEK_H],
    /// Operational days elapsed at the start of each hour of the week.
    elapsed: [f64; WEEK_H + 1],
    /// For the inversion: the first hour of the week that can hold each of these slices of the week.
    guide: [u8; GUIDE],
}

const GUIDE: usize = 256;
const WEEK_DAYS: f64 = 7.0;

impl Profile {
    /// A profile from 168 weights, scaled to mean 1. The weights must be finite, not negative and not all zero.
    pub fn new(weights: [f64; WEEK_H]) -> Self {
        let mean = weights.iter().sum::<f64>() / WEEK_H as f64;
        let weights = weights.map(|weight| weight / mean);
        let mut elapsed = [0.0; WEEK_H + 1];
        for hour in 0..WEEK_H {
            elapsed[hour + 1] = elapsed[hour] + weights[hour] / 24.0;
        }
        elapsed[WEEK_H] = WEEK_DAYS;
        let mut guide = [0; GUIDE];
        let mut hour = 0;
        for (slice, first) in guide.iter_mut().enumerate() {
            while elapsed[hour + 1] <= WEEK_DAYS * slice as f64 / GUIDE as f64 && hour < WEEK_H - 1 {
                hour += 1;
            }
            *first = hour as u8;
        }
        Self { weights, elapsed, guide }
    }

    /// The same at every hour.
    pub fn flat() -> Self {
        Self::new([1.0; WEEK_H])
    }

    /// The weight of an hour of the week; the mean over the week is 1.
    pub fn weight(&self, hour_of_week: usize) -> f64 {
        self.weights[hour_of_week]
    }

    /// Operational days from Monday 00:00 of week zero to `week_ms` milliseconds after it.
    pub fn operational(&self, week_ms: i64) -> f64 {
        let week = WEEK_H as i64 * HOUR_MS;
        let (weeks, rest) = (week_ms.div_euclid(week), week_ms.rem_euclid(week));
        let (hour, part) = ((rest / HOUR_MS) as usize, (rest % HOUR_MS) as f64 / HOUR_MS as f64);
        weeks as f64 * WEEK_DAYS + self.elapsed[hour] + part * self.weights[hour] / 24.0
    }

    /// The inverse of [`operational`](Self::operational): milliseconds after Monday 00:00 of week zero.
    #[inline]
    pub fn real(&self, operational: f64) -> i64 {
        // Rounded down by hand: without it being promised that the processor can, `floor` is a call.
        let weeks = (operational / WEEK_DAYS) as i64 as f64;
        let weeks = if weeks * WEEK_DAYS > operational {
            weeks - 1.0
        } else {
            weeks
        };
        let rest = operational - weeks * WEEK_DAYS;
        let slice = ((rest * (GUIDE as f64 / WEEK_DAYS)) as usize).min(GUIDE - 1);
        let mut hour = usize::from(self.guide[slice]);
        while hour < WEEK_H - 1 && self.elapsed[hour + 1] <= rest {
            hour += 1;
        }
        let inside = (rest - self.elapsed[hour]) * 24.0 / self.weights[hour].max(f64::MIN_POSITIVE);
        weeks as i64 * WEEK_H as i64 * HOUR_MS + ((hour as f64 + inside.min(1.0)) * HOUR_MS as f64) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_calendar_knows_its_weekday() {
        let calendar = Calendar::new(jiff::civil::date(2026, 3, 2).at(0, 0, 0, 0));
        assert_eq!(calendar.hour_of_week(0), 0, "2 March 2026 is a Monday");
        assert_eq!(calendar.hour_of_week(24 * 7 + 5), 5);
        assert_eq!(calendar.iso(SimTime::from_hours(25.5)), "2026-03-03T01:30:00");
        assert_eq!(calendar.reads(SimTime::START), "Mon 2026-03-02 00:00");
    }

    fn profiles() -> impl Strategy<Value = Profile> {
        prop::collection::vec(0.0f64..5.0, WEEK_H).prop_filter_map("some weight", |weights| {
            let weights: [f64; WEEK_H] = weights.try_into().ok()?;
            (weights.iter().sum::<f64>() > 1.0).then(|| Profile::new(weights))
        })
    }

    proptest! {
        #[test]
        fn real_and_operational_time_are_inverse(profile in profiles(), ms in -1_000_000_000i64..10_000_000_000) {
            let operational = profile.operational(ms);
            let back = profile.operational(profile.real(operational));
            prop_assert!((back - operational).abs() < 1e-6, "{operational} became {back}");
        }

        #[test]
        fn a_week_is_a_week_in_both(profile in profiles(), ms in 0i64..10_000_000_000) {
            let week = WEEK_H as i64 * HOUR_MS;
            prop_assert!((profile.operational(ms + week) - profile.operational(ms) - WEEK_DAYS).abs() < 1e-6);
        }
    }
}
