//! Figure: a metric by its name, its values by replication, and how closely it is to be known.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::Metric;
use crate::engine::ArmResult;
use crate::error::{Error, Result};
use crate::numbers::tidy;
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::terms::{Each, Word};
use crate::text::{one_of, visible_line};

/// Values of one metric under one strategy, by replication; money in cents. Result files hold whole numbers as such.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(pub Vec<f64>);

impl Values {
    /// Their mean; 0 of none.
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len().max(1) as f64
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        /// Up to here whole numbers are exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let mut list = to.serialize_seq(Some(self.0.len()))?;
        for &value in &self.0 {
            if value.fract() == 0.0 && value.abs() <= EXACT {
                list.serialize_element(&(value as i64))?;
            } else {
                list.serialize_element(&tidy(value))?;
            }
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Vec::deserialize(from).map(Self)
    }
}

/// Every metric of one strategy, by replication.
pub type ByReplication = Each<Metric, Values>;

/// What these replications of a strategy came to, metric by metric.
pub fn by_replication(scenario: &Scenario, strategy: Option<&Strategy>, results: &[&ArmResult]) -> ByReplication {
    Each::new(|metric: Metric| Values(results.iter().map(|arm| tidy(metric.of(scenario, strategy, arm))).collect()))
}

/// The metric of this name: that of result files, or `cost` for short.
///
/// # Errors
///
/// If there is none: the nearest is named, and all that there are.
pub fn named(name: &str) -> Result<Metric> {
    let name = name.trim();
    if name == "cost" {
        return Ok(Metric::Cost);
    }
    if let Some(metric) = Metric::ALL.into_iter().find(|metric| metric.key() == name) {
        return Ok(metric);
    }
    let alike = |metric: &Metric| strsim::jaro_winkler(metric.name(), name);
    let near = Metric::ALL.into_iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
    let near = match near.filter(|near| alike(near) > 0.8) {
        Some(near) => format!("did you mean {}? ", near.key()),
        None => String::new(),
    };
    Err(Error::Input(format!(
        "there is no measure \"{}\": {near}{}",
        visible_line(name),
        one_of(Metric::ALL.into_iter().map(|metric| metric.key().to_owned()))
    )))
}

/// How closely a metric is to be known: the half width of its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The metric.
    pub metric: Metric,
    /// At most so much to either side.
    pub within: Within,
}

/// A half width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Within {
    /// In what the metric is counted in; money in cents.
    Plain(f64),
    /// As a share of all accounts, as `0.1pp` states it.
    OfAccounts(f64),
    /// As a share of the mean, as `2%` states it.
    OfMean(f64),
}

impl Wanted {
    /// Reads `churned=0.1pp`, `cost=2%` or `peak_calls=50`; money is in units of the currency.
    ///
    /// # Errors
    ///
    /// If it is none of these, or a share of accounts of what does not count accounts.
    pub fn parse(text: &str) -> Result<Self> {
        let shown = visible_line(text);
        let wrong = |why: &str| {
            Error::Input(format!(
                "--precision {shown}: {why}: expected MEASURE=HALF_WIDTH, as in churned=0.1pp (of all accounts), cost=2% (of \
                 its mean) or peak_calls=50"
            ))
        };
        let (name, width) = text.split_once('=').ok_or_else(|| wrong("there is no `=`"))?;
        let metric = named(name)?;
        let width = width.trim();
        let (number, unit) = match (width.strip_suffix("pp"), width.strip_suffix('%')) {
            (Some(points), _) => (points, "pp"),
            (_, Some(percent)) => (percent, "%"),
            _ => (width, ""),
        };
        let number: f64 = number.trim().parse().map_err(|_| wrong("this is no number"))?;
        if !(number.is_finite() && number > 0.0) {
            return Err(wrong("a half width is above 0"));
        }
        if unit == "pp" && number >= 100.0 {
            return Err(wrong("all accounts are 100pp: this asks for nothing"));
        }
        let within = match unit {
            "pp" if !metric.counts_accounts() => {
                let why = format!("{} does not count accounts, and pp is a share of all accounts", metric.key());
                return Err(wrong(&why));
            }
            "pp" => Within::OfAccounts(number / 100.0),
            "%" => Within::OfMean(number / 100.0),
            _ if metric == Metric::Cost => Within::Plain(number * 100.0),
            _ => Within::Plain(number),
        };
        Ok(Self { metric, within })
    }

    /// The half width where so many accounts are simulated and the metric has this mean.
    pub fn half_width(&self, accounts: u64, mean: f64) -> f64 {
        match self.within {
            Within::Plain(width) => width,
            Within::OfAccounts(share) => share * accounts as f64,
            Within::OfMean(share) => share * mean.abs(),
        }
    }
}

/// As it is written on the command line.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let round = |value: f64| tidy(value * 100.0);
        let name = if self.metric == Metric::Cost {
            "cost"
        } else {
            self.metric.key()
        };
        match self.within {
            Within::Plain(cents) if self.metric == Metric::Cost => write!(f, "{name}={}", tidy(cents / 100.0)),
            Within::Plain(width) => write!(f, "{name}={width}"),
            Within::OfAccounts(share) => write!(f, "{name}={}pp", round(share)),
            Within::OfMean(share) => write!(f, "{name}={}%", round(share)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_widths_are_read_and_written() {
        for text in [
            "churned=0.1pp",
            "cost=2%",
            "cost=5000",
            "peak_calls=50",
            "held_days=1.5%",
        ] {
            assert_eq!(Wanted::parse(text).expect("it is allowed").to_string(), text);
        }
        let width = |text: &str| Wanted::parse(text).expect("it is allowed").half_width(200_000, -4_000.0);
        assert_eq!(
            [
                width("churned=0.1pp"),
                width("cost=2%"),
                width("cost_cents=7"),
                width("peak_calls=5")
            ]
            .map(f64::round),
            [200.0, 80.0, 700.0, 5.0]
        );
        for (text, why) in [
            ("churned", "there is no `=`"),
            ("churned=x", "this is no number"),
            ("churned=0", "above 0"),
            ("churned=-1pp", "above 0"),
            ("churned=infpp", "above 0"),
            ("cost=1pp", "does not count accounts"),
            ("chruned=1", "did you mean churned?"),
            ("zzz=1", "expected one of can_sign_in, "),
        ] {
            let error = Wanted::parse(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn whole_values_stand_in_files_as_such() {
        let values = Values(vec![3.0, 0.5, -2.0]);
        let text = serde_json::to_string(&values).expect("json");
        assert_eq!(text, "[3,0.5,-2]");
        assert_eq!(serde_json::from_str::<Values>(&text).expect("read"), values);
        assert_eq!((values.mean(), Values::default().mean()), (0.5, 0.0));
    }
}
