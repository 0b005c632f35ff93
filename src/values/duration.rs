//! Distributions of durations and of patience.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use statrs::function::gamma::gamma;

use super::{MeanS, Positive};
use crate::text::of_csv;

/// A distribution of durations in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// Memoryless, with this mean.
    Exponential(Mean),
    /// Lognormal with this mean and coefficient of variation.
    Lognormal(Spread),
    /// Gamma with this mean and coefficient of variation.
    Gamma(Spread),
    /// Weibull with this mean and shape.
    Weibull(Shaped),
    /// Always the same.
    Constant(Mean),
    /// One of the values in a column of a CSV file, each as likely as the other.
    Empirical(Empirical),
}

/// The mean of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mean {
    /// Mean, in seconds.
    pub mean_s: MeanS,
}

/// Mean and spread of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// Mean, in seconds.
    pub mean_s: MeanS,
    /// Coefficient of variation: standard deviation divided by mean.
    pub cv: Positive,
}

/// Mean and shape of a Weibull duration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shaped {
    /// Mean, in seconds.
    pub mean_s: MeanS,
    /// Shape: 1 is exponential.
    pub shape: Positive,
}

/// Values from a CSV file with a header.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Empirical {
    /// The file, named from the folder of the scenario.
    pub file: PathBuf,
    /// The column that holds seconds; empty cells are passed over.
    pub column: String,
    /// Hash of the values, set when they are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The values, in milliseconds.
    #[serde(skip)]
    pub values_ms: Arc<[u32]>,
}

impl Empirical {
    /// Most values that are read.
    const MOST: usize = 1_000_000;
    /// Most bytes of the file, for so many values among other columns.
    const MOST_BYTES: u64 = 256 << 20;

    /// Reads the values. The complaint names file, line and cell.
    pub fn read(&mut self, folder: &Path) -> Result<(), String> {
        let path = folder.join(&self.file);
        let name = path.display();
        let wrong = |error: csv::Error| format!("{name}: {}", of_csv(&error));
        let bytes = crate::input::read(&path, Self::MOST_BYTES).map_err(|what| format!("{name}: {what}"))?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let head = reader.headers().map_err(wrong)?.clone();
        if head.is_empty() {
            return Err(format!(
                "{name} is empty: expected a line of titles, \"{}\" among them, and seconds below it",
                self.column
            ));
        }
        let mut places = (0..head.len()).filter(|&place| head[place].trim() == self.column);
        let Some(column) = places.next() else {
            let titles: Vec<_> = head.iter().map(|title| format!("\"{}\"", title.trim())).collect();
            return Err(format!("{name} has no column \"{}\": its columns are {}", self.column, titles.join(", ")));
        };
        if places.next().is_some() {
            return Err(format!("{name} has two columns \"{}\": expected one of that title", self.column));
        }
        let mut values = Vec::new();
        for row in reader.records() {
            let row = row.map_err(wrong)?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = row.get(column).unwrap_or("").trim();
            if cell.is_empty() {
                continue;
            }
            match cell.parse::<f64>() {
                Ok(seconds) if (0.0..=4_000_000.0).contains(&seconds) => values.push((seconds * 1000.0).round() as u32),
                _ => {
                    return Err(format!(
                        "{name}, line {line}, column {}: \"{cell}\" is not allowed here: expected seconds from 0 to 4000000",
                        self.column
                    ));
                }
            }
        }
        if values.is_empty() || values.len() > Self::MOST {
            let found = values.len();
            return Err(format!("{name}: {found} values in column \"{}\": expected 1 to {}", self.column, Self::MOST));
        }
        if values.iter().all(|&value| value == 0) {
            return Err(format!(
                "{name}: all values in column \"{}\" are 0: expected one above 0 at least",
                self.column
            ));
        }
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let digest = format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&bytes));
        if self.digest.as_ref().is_some_and(|expected| *expected != digest) {
            return Err(format!("{name} is not what it was when this scenario was run: its values have changed"));
        }
        self.digest = Some(digest);
        self.values_ms = values.into();
        Ok(())
    }

    /// Mean and mean square, in seconds.
    fn moments(&self) -> (f64, f64) {
        let n = self.values_ms.len().max(1) as f64;
        let seconds = || self.values_ms.iter().map(|&ms| f64::from(ms) / 1000.0);
        (seconds().sum::<f64>() / n, seconds().map(|s| s * s).sum::<f64>() / n)
    }
}

impl Duration {
    /// An exponential duration, for defaults.
    pub const fn exponential(mean_s: f64) -> Self {
        Self::Exponential(Mean { mean_s: MeanS::new(mean_s) })
    }

    /// A lognormal duration, for defaults.
    pub const fn lognormal(mean_s: f64, cv: f64) -> Self {
        Self::Lognormal(Spread { mean_s: MeanS::new(mean_s), cv: Positive::new(cv) })
    }

    /// The mean, in seconds.
    pub fn mean_s(&self) -> f64 {
        match self {
            Self::Exponential(mean) | Self::Constant(mean) => mean.mean_s.get(),
            Self::Lognormal(spread) | Self::Gamma(spread) => spread.mean_s.get(),
            Self::Weibull(shaped) => shaped.mean_s.get(),
            Self::Empirical(empirical) => empirical.moments().0,
        }
    }

    /// The coefficient of variation: standard deviation divided by mean.
    pub fn cv(&self) -> f64 {
        match self {
            Self::Exponential(_) => 1.0,
            Self::Constant(_) => 0.0,
            Self::Lognormal(spread) | Self::Gamma(spread) => spread.cv.get(),
            Self::Weibull(shaped) => {
                let k = shaped.shape.get();
                (gamma(1.0 + 2.0 / k) / gamma(1.0 + 1.0 / k).powi(2) - 1.0).max(0.0).sqrt()
            }
            Self::Empirical(empirical) => {
                let (mean, square) = empirical.moments();
                if mean > 0.0 {
                    (square - mean * mean).max(0.0).sqrt() / mean
                } else {
                    0.0
                }
            }
        }
    }
}

/// How long a contact waits before it gives up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Weibull with this mean and shape: below 1 those who have waited long grow more patient, above 1 less.
    Weibull(Shaped),
    /// Everybody waits exactly as long.
    Constant(Mean),
    /// One of the values in a column of a CSV file, each as likely as the other.
    Empirical(Empirical),
}

impl Patience {
    /// An exponential patience, for defaults.
    pub const fn exponential(mean_s: f64) -> Self {
        Self::Exponential(Mean { mean_s: MeanS::new(mean_s) })
    }

    /// The distribution of patience, or `None` if it is endless.
    pub fn duration(&self) -> Option<Duration> {
        match self.clone() {
            Self::Endless => None,
            Self::Exponential(mean) => Some(Duration::Exponential(mean)),
            Self::Lognormal(spread) => Some(Duration::Lognormal(spread)),
            Self::Gamma(spread) => Some(Duration::Gamma(spread)),
            Self::Weibull(shaped) => Some(Duration::Weibull(shaped)),
            Self::Constant(mean) => Some(Duration::Constant(mean)),
            Self::Empirical(empirical) => Some(Duration::Empirical(empirical)),
        }
    }
}
