//! Values by hour of the week, exceptions to them by date, and opening hours.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use super::Agents;
use crate::calendar::WEEK_H;

/// A value for every hour of the week: one number, or a list of windows. An hour in no window has the value 0; windows
/// do not overlap.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Weekly<V> {
    /// The same at every hour.
    Always(V),
    /// A value for each window of the week.
    Windows(Vec<Window<V>>),
}

/// Some hours on some days of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Window<V> {
    /// Weekdays: `"Mon-Fri"`, `"Sat"`, `"Mon,Wed"`; all of them if left out.
    #[serde(default)]
    pub days: Days,
    /// Hours of the day, end excluded: `"8-18"`; all of them if left out. They are the desk's, and only for sign-in
    /// hours the customer's.
    #[serde(default)]
    pub hours: Hours,
    /// The value in these hours.
    pub value: V,
}

impl<V: From<u16>> Weekly<V> {
    /// The same at every hour of the week.
    pub fn always(value: u16) -> Self {
        Self::Always(value.into())
    }

    /// Weekdays from 8 to 20, and half of it (rounded up) on Saturdays from 9 to 17: the hours in which the traffic of a
    /// desk comes that states none.
    pub fn office_hours(value: u16) -> Self {
        let window = |days: [bool; 7], from: u8, to: u8, value: u16| Window {
            days: Days(days),
            hours: Hours { from, to },
            value: value.into(),
        };
        let weekdays = [true, true, true, true, true, false, false];
        let saturday = [false, false, false, false, false, true, false];
        Self::Windows(vec![
            window(weekdays, 8, 20, value),
            window(saturday, 9, 17, value.div_ceil(2)),
        ])
    }

    /// No value in any hour but those that are added with [`Weekly::window`].
    pub fn never() -> Self {
        Self::Windows(Vec::new())
    }

    /// Adds a window, as in `Weekly::never().window("Mon-Fri", "8-18", 40)?`.
    ///
    /// # Errors
    ///
    /// If these are no days or hours.
    pub fn window(mut self, days: &str, hours: &str, value: u16) -> crate::error::Result<Self> {
        let input = crate::error::Error::Input;
        let window = Window {
            days: days.parse().map_err(input)?,
            hours: hours.parse().map_err(input)?,
            value: value.into(),
        };
        match &mut self {
            Self::Windows(windows) => windows.push(window),
            Self::Always(_) => self = Self::Windows(vec![window]),
        }
        Ok(self)
    }
}

impl<V: Copy + Into<f64>> Weekly<V> {
    /// The value of each hour of the week, Monday 00:00 first.
    pub fn hours(&self) -> [f64; WEEK_H] {
        match self {
            Self::Always(value) => [(*value).into(); WEEK_H],
            Self::Windows(windows) => {
                let mut hours = [0.0; WEEK_H];
                for window in windows {
                    for hour in hours_of_week(window.days, window.hours) {
                        hours[hour] = window.value.into();
                    }
                }
                hours
            }
        }
    }

    /// An hour of the week that two windows both claim, if there is one.
    pub fn overlap(&self) -> Option<usize> {
        let Self::Windows(windows) = self else { return None };
        claimed_twice(windows.iter().map(|window| (window.days, window.hours)))
    }
}

/// Reads a [`Weekly`] by hand, so that a mistake in a window is told by the window.
impl<'de, V: Deserialize<'de> + TryFrom<f64, Error = String>> Deserialize<'de> for Weekly<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de> + TryFrom<f64, Error = String>> de::Visitor<'de> for Visitor<V> {
            type Value = Weekly<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or a list of { days = \"Mon-Fri\", hours = \"8-18\", value = 1.0 }")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Weekly<V>, E> {
                V::try_from(value).map(Weekly::Always).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Weekly<V>, E> {
                self.visit_f64(value as f64)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, windows: A) -> Result<Weekly<V>, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(windows)).map(Weekly::Windows)
            }
        }

        deserializer.deserialize_any(Visitor(PhantomData))
    }
}

const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A set of weekdays, written `"Mon-Fri"` or `"Mon,Wed,Sat-Sun"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days([bool; 7]);

impl Default for Days {
    fn default() -> Self {
        Self([true; 7])
    }
}

impl Days {
    /// Whether each day is among them, Monday first.
    pub fn week(self) -> [bool; 7] {
        self.0
    }
}

impl std::str::FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" are not weekdays: expected something like \"Mon-Fri\" or \"Sat,Sun\"");
        let day = |name: &str| DAY_NAMES.iter().position(|day| day.eq_ignore_ascii_case(name.trim())).ok_or_else(wrong);
        let mut days = [false; 7];
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (day(first)?, day(last)?);
            let length = (last + 7 - first) % 7;
            for day in (0..=length).map(|offset| (first + offset) % 7) {
                if std::mem::replace(&mut days[day], true) {
                    return Err(format!("\"{text}\" names {} twice: expected each day once", DAY_NAMES[day]));
                }
            }
        }
        Ok(Self(days))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = (0..7).filter(|&day| self.0[day]).map(|day| DAY_NAMES[day]).collect();
        f.write_str(&names.join(","))
    }
}

/// A span of hours of the day, written `"8-18"` (18:00 excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from: u8,
    to: u8,
}

impl Default for Hours {
    fn default() -> Self {
        Self { from: 0, to: 24 }
    }
}

impl Hours {
    /// The first and the last hour.
    pub fn span(self) -> (u32, u32) {
        (u32::from(self.from), u32::from(self.to) - 1)
    }
}

impl std::str::FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" are not hours of a day: expected something like \"8-18\", within 0 to 24");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let hour = |text: &str| text.trim().parse::<u8>().map_err(|_| wrong());
        let (from, to) = (hour(from)?, hour(to)?);
        if from < to && to <= 24 {
            Ok(Self { from, to })
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

written!(Days, "^[A-Za-z, -]+$", "Mon-Fri");
written!(Hours, "^[0-9]{1,2} *- *[0-9]{1,2}$", "8-18");
written!(Day, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-12-24");

/// A civil date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub jiff::civil::Date);

impl std::str::FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|_| format!("\"{text}\" is not a date: expected something like \"2026-12-24\""))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Dates on which a value by hour of the week does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exception {
    /// The first date.
    pub from: Day,
    /// The last date; the first one if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Hours of the day, end excluded; all of them if left out.
    #[serde(default)]
    pub hours: Hours,
    /// The value on these dates and hours.
    pub value: Agents,
}

impl Exception {
    /// The last date.
    pub fn last(&self) -> Day {
        self.to.unwrap_or(self.from)
    }

    /// Whether it and another are about one hour.
    pub fn meets(&self, other: &Self) -> bool {
        self.from <= other.last()
            && other.from <= self.last()
            && self.hours.from < other.hours.to
            && other.hours.from < self.hours.to
    }

    /// Whether all that it is about, another is about too.
    pub fn is_within(&self, other: &Self) -> bool {
        other.from <= self.from
            && self.last() <= other.last()
            && other.hours.from <= self.hours.from
            && self.hours.to <= other.hours.to
    }

    /// Whether it is about this date and hour.
    pub fn holds(&self, date: jiff::civil::Date, hour: u8) -> bool {
        (self.from.0..=self.last().0).contains(&date) && (self.hours.from..self.hours.to).contains(&hour)
    }
}

/// When the desk takes calls and chats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// Whenever somebody is on duty who takes them.
    Staffed,
    /// In these hours of the week.
    Hours(Vec<Open>),
}

/// Opening hours on some days of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Open {
    /// Weekdays; all of them if left out.
    #[serde(default)]
    pub days: Days,
    /// Hours of the day, end excluded; all of them if left out.
    #[serde(default)]
    pub hours: Hours,
}

impl Opening {
    /// The open hours of the week, Monday 00:00 first; `None` if they are those with somebody on duty.
    pub fn week(&self) -> Option<[bool; WEEK_H]> {
        let Self::Hours(windows) = self else { return None };
        let mut open = [false; WEEK_H];
        for window in windows {
            hours_of_week(window.days, window.hours).for_each(|hour| open[hour] = true);
        }
        Some(open)
    }

    /// An hour of the week that two windows both claim, if there is one.
    pub fn overlap(&self) -> Option<usize> {
        let Self::Hours(windows) = self else { return None };
        claimed_twice(windows.iter().map(|window| (window.days, window.hours)))
    }
}

/// The first hour of the week that is in two windows, if there is one.
fn claimed_twice(windows: impl Iterator<Item = (Days, Hours)>) -> Option<usize> {
    let mut claimed = [false; WEEK_H];
    windows
        .flat_map(|(days, hours)| hours_of_week(days, hours))
        .find(|&hour| std::mem::replace(&mut claimed[hour], true))
}

fn hours_of_week(days: Days, hours: Hours) -> impl Iterator<Item = usize> {
    (0..7)
        .filter(move |&day| days.0[day])
        .flat_map(move |day| (hours.from..hours.to).map(move |hour| day * 24 + usize::from(hour)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_fill_the_week_and_overlaps_are_seen() {
        let window = |days: &str, hours: &str, value: f64| Window {
            days: days.parse().expect("days"),
            hours: hours.parse().expect("hours"),
            value: Agents::new(value),
        };
        let weekly = Weekly::Windows(vec![window("Mon-Fri", "8-18", 3.0), window("Sat", "9-12", 1.0)]);
        let hours = weekly.hours();
        assert_eq!(hours.iter().sum::<f64>(), 5.0 * 10.0 * 3.0 + 3.0);
        assert_eq!(hours[8], 3.0);
        assert_eq!(hours[18], 0.0);
        assert_eq!(weekly.overlap(), None);
        let doubled = Weekly::Windows(vec![window("Mon-Fri", "8-18", 3.0), window("Fri-Mon", "17-19", 1.0)]);
        assert_eq!(doubled.overlap(), Some(17), "Monday at 17:00 is the first");
    }

    #[test]
    fn what_are_no_days_or_hours_is_told() {
        assert!("Mon-Frl".parse::<Days>().is_err());
        let twice = "Mon-Fri,Wed".parse::<Days>().expect_err("Wednesday twice");
        assert_eq!(twice, "\"Mon-Fri,Wed\" names Wed twice: expected each day once");
        assert!("Sat-Mon,Tue-Fri".parse::<Days>().is_ok(), "every day once");
        assert!("18-8".parse::<Hours>().is_err());
        assert!("2026-02-30".parse::<Day>().is_err());
    }
}
