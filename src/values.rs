//! The kinds of value a scenario may hold. Limits live in these types, so that a value which exists is a legal one.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

use crate::calendar::Span;

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

/// Serde and JSON Schema for types that are written as text.
macro_rules! written {
    ($name:ident, $pattern:literal, $example:literal) => {
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
                json_schema!({ "type": "string", "pattern": $pattern, "examples": [$example] })
            }
        }
    };
}

mod duration;

mod schedule;

pub use duration::{Duration, Empirical, Mean, Patience, Shaped, Spread};
pub use schedule::{Day, Days, Exception, Hours, Open, Opening, Weekly, Window};

bounded!(
    /// A share or probability.
    Share, 0.0, 1.0, "a share from 0 to 1"
);
bounded!(
    /// A confidence: below one half it would be a bet against, and certainty is beyond any number of samples.
    Confidence, 0.5, 0.999, "a confidence from 0.5 to 0.999"
);
bounded!(
    /// A number that is not negative.
    Amount, 0.0, 1e12, "a number from 0 to 1e12"
);
bounded!(
    /// Agents, at an hour.
    Agents, 0.0, 100_000.0, "a number of agents from 0 to 100,000"
);
bounded!(
    /// Contacts per hour.
    PerHour, 0.0, 1e8, "a number of contacts per hour from 0 to 1e8"
);
impl From<u16> for Agents {
    fn from(agents: u16) -> Self {
        Self(f64::from(agents))
    }
}

impl From<u16> for PerHour {
    fn from(contacts: u16) -> Self {
        Self(f64::from(contacts))
    }
}

bounded!(
    /// Coefficient of variation of days: recorded call centres have 0.06 to 0.4, and above this hardly a day is like
    /// another.
    DayCv, 0.0, 5.0, "a coefficient of variation from 0 to 5"
);
bounded!(
    /// Attacks on an account in a year: every one of them is simulated.
    PerYear, 0.0, 1000.0, "a number of attacks a year from 0 to 1,000"
);
bounded!(
    /// Attempts in a month for each 100,000 accounts: every one of them is simulated.
    Attempts, 0.0, 1e6, "a number of attempts from 0 to 1e6"
);
bounded!(
    /// How many times as many of something there are.
    Factor, 0.0, 100.0, "a factor from 0 to 100"
);
bounded!(
    /// Share of rostered time that is lost.
    Shrinkage, 0.0, 0.9, "a share from 0 to 0.9"
);
bounded!(
    /// Time that an agent spends on something, in seconds.
    WorkS, 0.0, 2_592_000.0, "seconds from 0 to 2,592,000 (30 days)"
);
bounded!(
    /// Mean of a handle time or of a patience, in seconds.
    MeanS, 1e-9, 2_592_000.0, "a mean above 0 (from 1e-9) to 2,592,000 seconds (30 days)"
);
bounded!(
    /// Mean of days until something happens again: below half a day the work would be endless.
    AgainDays, 0.5, 1e6, "a mean from 0.5 to 1e6 days"
);
bounded!(
    /// A factor by which something may be off to either side.
    Fold, 1.0, 1000.0, "a factor from 1 to 1,000"
);
bounded!(
    /// A correlation: at the ends two values would be one.
    Correlation, -0.99, 0.99, "a correlation from -0.99 to 0.99"
);
bounded!(
    /// The power to which something is raised.
    Power, 0.0, 10.0, "a power from 0 to 10"
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
    /// The largest value.
    pub const MOST: u64 = MAX;

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

written!(Start, "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$", "2026-03-02T08:00");

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
    fn limits_are_sentences() {
        assert_eq!(Share::try_from(1.5).expect_err("above 1"), "1.5 is not allowed here: expected a share from 0 to 1");
        assert!(Amount::try_from(f64::NAN).is_err());
        assert!(Positive::try_from(f64::INFINITY).is_err());
        assert!(Whole::<1, 5>::try_from(-1).is_err());
    }
}
