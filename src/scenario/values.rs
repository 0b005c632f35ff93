//! The kinds of value a scenario may hold. Limits live in these types, so that a value which exists is a legal one.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use crate::calendar::{Span, WEEK_H};

/// Declares a floating-point type with limits, its error sentence and its JSON Schema.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $min:expr, $max:expr, $allowed:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "f64", into = "f64")]
        pub struct $name(f64);

        impl $name {
            /// The value, which must lie within the limits; meant for defaults written in code.
            pub const fn new(value: f64) -> Self {
                assert!(value >= $min && value <= $max, "a default lies outside its limits");
                Self(value)
            }

            /// The plain number.
            #[inline]
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl TryFrom<f64> for $name {
            type Error = String;
            fn try_from(value: f64) -> Result<Self, String> {
                if ($min..=$max).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(format!("{value} is not allowed here: expected {}", $allowed))
                }
            }
        }

        impl From<$name> for f64 {
            fn from(value: $name) -> f64 {
                value.0
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "number", "minimum": $min, "maximum": $max })
            }
        }
    };
}

bounded!(
    /// A share or probability.
    Share, 0.0, 1.0, "a share from 0 to 1"
);
bounded!(
    /// A number that is not negative.
    Amount, 0.0, 1e12, "a number from 0 to 1e12"
);
bounded!(
    /// A number above zero.
    Positive, 1e-9, 1e12, "a number above 0 (from 1e-9 to 1e12)"
);
bounded!(
    /// Any finite number.
    Finite, -1e12, 1e12, "a finite number (from -1e12 to 1e12)"
);

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u64")]
pub struct Whole<const MIN: u64, const MAX: u64>(u64);

impl<const MIN: u64, const MAX: u64> Whole<MIN, MAX> {
    /// The value, which must lie within the limits; meant for defaults written in code.
    pub const fn new(value: u64) -> Self {
        assert!(value >= MIN && value <= MAX, "a default lies outside its limits");
        Self(value)
    }

    /// The plain number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl<const MIN: u64, const MAX: u64> TryFrom<i64> for Whole<MIN, MAX> {
    type Error = String;
    fn try_from(value: i64) -> Result<Self, String> {
        match u64::try_from(value) {
            Ok(whole) if (MIN..=MAX).contains(&whole) => Ok(Self(whole)),
            _ => Err(format!("{value} is not allowed here: expected a whole number from {MIN} to {MAX}")),
        }
    }
}

impl<const MIN: u64, const MAX: u64> From<Whole<MIN, MAX>> for u64 {
    fn from(value: Whole<MIN, MAX>) -> u64 {
        value.0
    }
}

impl<const MIN: u64, const MAX: u64> JsonSchema for Whole<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("WholeFrom{MIN}To{MAX}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// A closed range over a record field; an end that is left out is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Between {
    /// Smallest value that matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Finite>,
    /// Largest value that matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Finite>,
}

impl Between {
    /// Whether `value` lies in the range.
    #[inline]
    pub fn holds(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min.get()) && self.max.is_none_or(|max| value <= max.get())
    }

    /// Whether no value can lie in the range.
    pub fn is_empty(&self) -> bool {
        matches!((self.min, self.max), (Some(min), Some(max)) if min > max)
    }
}

/// A distribution of durations in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// Memoryless, with this mean.
    Exponential(Mean),
    /// Lognormal with this mean and coefficient of variation.
    Lognormal(Spread),
    /// Gamma with this mean and coefficient of variation.
    Gamma(Spread),
    /// Always the same.
    Constant(Mean),
}

/// The mean of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mean {
    /// Mean, in seconds.
    pub mean_s: Positive,
}

/// Mean and spread of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// Mean, in seconds.
    pub mean_s: Positive,
    /// Coefficient of variation: standard deviation divided by mean.
    pub cv: Positive,
}

impl Duration {
    /// An exponential duration, for defaults.
    pub const fn exponential(mean_s: f64) -> Self {
        Self::Exponential(Mean { mean_s: Positive::new(mean_s) })
    }

    /// A lognormal duration, for defaults.
    pub const fn lognormal(mean_s: f64, cv: f64) -> Self {
        Self::Lognormal(Spread { mean_s: Positive::new(mean_s), cv: Positive::new(cv) })
    }

    /// The mean, in seconds.
    pub fn mean_s(&self) -> f64 {
        match self {
            Self::Exponential(mean) | Self::Constant(mean) => mean.mean_s.get(),
            Self::Lognormal(spread) | Self::Gamma(spread) => spread.mean_s.get(),
        }
    }
}

/// How long a contact waits before it gives up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Patience {
    /// It never gives up.
    Endless,
    /// Memoryless, with this mean (the `+M` of M/M/n+M).
    Exponential(Mean),
    /// Lognormal with this mean and coefficient of variation.
    Lognormal(Spread),
    /// Gamma with this mean and coefficient of variation.
    Gamma(Spread),
    /// Everybody waits exactly as long.
    Constant(Mean),
}

impl Patience {
    /// The distribution of patience, or `None` if it is endless.
    pub fn duration(self) -> Option<Duration> {
        match self {
            Self::Endless => None,
            Self::Exponential(mean) => Some(Duration::Exponential(mean)),
            Self::Lognormal(spread) => Some(Duration::Lognormal(spread)),
            Self::Gamma(spread) => Some(Duration::Gamma(spread)),
            Self::Constant(mean) => Some(Duration::Constant(mean)),
        }
    }
}

/// A delay after an event: lognormal, given by its median and the standard deviation of its logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Delay {
    /// Median, in hours.
    pub median_h: Positive,
    /// Standard deviation of the natural logarithm.
    pub sigma: Amount,
}

impl Delay {
    /// A delay, for defaults.
    pub const fn new(median_h: f64, sigma: f64) -> Self {
        Self { median_h: Positive::new(median_h), sigma: Amount::new(sigma) }
    }

    /// The delay whose logarithm lies `z` standard deviations above the median; at most 100 years.
    #[inline]
    pub fn at(&self, z: f64) -> Span {
        let hours = self.median_h.get() * (self.sigma.get() * z).exp();
        Span::from_hours(hours.min(876_600.0))
    }
}

/// A value for every hour of the week: one number, or a list of windows (an hour in no window has the value 0).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Weekly {
    /// The same at every hour.
    Always(Amount),
    /// A value for each window of the week.
    Windows(Vec<Window>),
}

/// Some hours on some days of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// Weekdays: `"Mon-Fri"`, `"Sat"`, `"Mon,Wed"`; all of them if left out.
    #[serde(default)]
    pub days: Days,
    /// Hours of the day, end excluded: `"8-18"`; all of them if left out. They are the desk's, and only for sign-in
    /// hours the customer's.
    #[serde(default)]
    pub hours: Hours,
    /// The value in these hours.
    pub value: Amount,
}

impl Weekly {
    /// The value of each hour of the week, Monday 00:00 first.
    pub fn hours(&self) -> [f64; WEEK_H] {
        match self {
            Self::Always(value) => [value.get(); WEEK_H],
            Self::Windows(windows) => {
                let mut hours = [0.0; WEEK_H];
                for window in windows {
                    for hour in window.hours_of_week() {
                        hours[hour] = window.value.get();
                    }
                }
                hours
            }
        }
    }

    /// An hour of the week that two windows both claim, if there is one.
    pub fn overlap(&self) -> Option<usize> {
        let Self::Windows(windows) = self else { return None };
        let mut claimed = [false; WEEK_H];
        windows
            .iter()
            .flat_map(Window::hours_of_week)
            .find(|&hour| std::mem::replace(&mut claimed[hour], true))
    }
}

/// Reads a [`Weekly`] by hand, so that a mistake in a window is told by the window.
impl<'de> Deserialize<'de> for Weekly {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Weekly;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or a list of { days = \"Mon-Fri\", hours = \"8-18\", value = 1.0 }")
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Weekly, E> {
                Amount::try_from(value).map(Weekly::Always).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Weekly, E> {
                self.visit_f64(value as f64)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, windows: A) -> Result<Weekly, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(windows)).map(Weekly::Windows)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl Window {
    fn hours_of_week(&self) -> impl Iterator<Item = usize> + '_ {
        (0..7).filter(|&day| self.days.0[day]).flat_map(|day| {
            let Hours { from, to } = self.hours;
            (from..to).map(move |hour| day * 24 + usize::from(hour))
        })
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
            (0..=length).for_each(|offset| days[(first + offset) % 7] = true);
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

/// Serde and JSON Schema for types that are written as text.
macro_rules! written {
    ($name:ident, $pattern:literal) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

written!(Days, "^[A-Za-z, -]+$");
written!(Hours, "^[0-9]{1,2} *- *[0-9]{1,2}$");
written!(Start, "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$");

/// A civil date, with an optional time of day, at which simulated time begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start(pub jiff::civil::DateTime);

impl std::str::FromStr for Start {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| {
            format!("\"{text}\" is not a date: expected something like \"2026-03-02\" or \"2026-03-02T08:00\"")
        })
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_fill_the_week_and_overlaps_are_seen() {
        let window = |days: &str, hours: &str, value: f64| Window {
            days: days.parse().expect("days"),
            hours: hours.parse().expect("hours"),
            value: Amount::new(value),
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
    fn limits_are_sentences() {
        assert_eq!(Share::try_from(1.5).expect_err("above 1"), "1.5 is not allowed here: expected a share from 0 to 1");
        assert!(Amount::try_from(f64::NAN).is_err());
        assert!(Positive::try_from(f64::INFINITY).is_err());
        assert!(Whole::<1, 5>::try_from(-1).is_err());
        assert!("Mon-Frl".parse::<Days>().is_err());
        assert!("18-8".parse::<Hours>().is_err());
    }
}
