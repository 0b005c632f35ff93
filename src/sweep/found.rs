//! What a sweep found.

use std::collections::BTreeMap;

use serde::Serialize;

use super::axis::{Axis, Setting};
use super::figure::Figure;
use super::front::Standing;
use crate::error::{Error, Result};
use crate::measure::statistics::Estimate;

/// What a sweep found. Money is in cents; figures are those of all accounts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sweep {
    /// Version of this form.
    pub schema_version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of the scenario as it stands.
    pub scenario_hash: String,
    /// Accounts of the scenario.
    pub accounts: u64,
    /// Accounts that each point simulates.
    pub accounts_simulated: u64,
    /// Variance by luck, as part of that between points, of the strategy in which it is the largest; `None` if the number
    /// of accounts was stated or follows from the scenario.
    pub luck_share: Option<f64>,
    /// Replications of each point.
    pub replications: u32,
    /// Whether the points are Sobol' points, and not every combination.
    pub is_sobol: bool,
    /// What is varied.
    pub axes: Vec<AxisFound>,
    /// The control, and the strategies.
    pub strategies: Vec<String>,
    /// What each point came to.
    pub points: Vec<PointFound>,
    /// Points whose values are not allowed together.
    pub refused: Vec<Refused>,
}

/// A key that was varied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AxisFound {
    /// The key, as it was asked for.
    pub key: String,
    /// The unit of its numbers, if they have one.
    pub unit: &'static str,
    /// What is stated in the scenario.
    pub as_given: String,
    /// The number that is stated, if one is.
    pub number_as_given: Option<f64>,
    /// Whether all of its values are numbers.
    pub is_numeric: bool,
    /// Its values in their order, if they were listed.
    pub values: Vec<SettingFound>,
    /// The ends of the range, if it is one.
    pub ends: Option<[f64; 2]>,
    /// Places of the strategies whose own key it is, the control counted; none if it is one of the scenario.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<usize>,
}

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SettingFound {
    /// As people write it.
    pub label: String,
    /// As a number, if it is one.
    pub number: Option<f64>,
}

/// A point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointFound {
    /// Its values, in the order of the axes.
    pub settings: Vec<SettingFound>,
    /// What each strategy came to there, the control first.
    pub arms: Vec<ArmFound>,
}

/// A strategy at a point.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArmFound {
    /// Its name.
    pub strategy: String,
    /// Where it stands among all strategies at all points, in cost, customers lost and takeovers; places of candidates:
    /// point × strategies + strategy, the control not counted. `None` for the control.
    #[serde(flatten)]
    pub standing: Option<Standing>,
    /// Place of the first point at which it comes to the very same in every replication, if that is another one. Both are
    /// one candidate: the values that differ have no part in what it comes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as_point: Option<usize>,
    /// By how much its bill exceeds the lowest one, over paired replications.
    pub above_lowest_cents: Estimate,
    /// Figures by name, with their intervals over replications.
    pub figures: BTreeMap<String, Estimate>,
}

/// A point whose values are not allowed together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refused {
    /// Its values.
    pub settings: Vec<SettingFound>,
    /// Why.
    pub because: String,
}

impl Sweep {
    /// As JSON.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn json(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec_pretty(self);
        json.map_err(|error| Error::Store(format!("sweep.json cannot be written: {error}")))
    }

    /// A row for each point and strategy: its values, then each figure with the ends of its interval.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let failed = |error: &dyn std::fmt::Display| Error::Store(format!("points.csv cannot be written: {error}"));
        let mut csv = csv::Writer::from_writer(Vec::new());
        let figures: Vec<String> = Figure::all().iter().map(|figure| figure.key()).collect();
        let mut head: Vec<String> = self.axes.iter().map(|axis| axis.key.clone()).collect();
        head.extend(["strategy", "standing"].map(str::to_owned));
        head.extend(figures.iter().flat_map(|key| [key.clone(), format!("{key}.low"), format!("{key}.high")]));
        csv.write_record(&head).map_err(|error| failed(&error))?;
        for point in &self.points {
            for arm in &point.arms {
                let mut row: Vec<String> = point.settings.iter().map(|setting| setting.label.clone()).collect();
                row.push(arm.strategy.clone());
                row.push(arm.standing.map_or("", Standing::key).to_owned());
                for key in &figures {
                    let estimate = arm.figures.get(key);
                    let tidy = |value: f64| crate::numbers::tidy(value).to_string();
                    let ends = estimate.and_then(|estimate| estimate.ci95);
                    row.push(estimate.map_or(String::new(), |estimate| tidy(estimate.mean)));
                    row.extend((0..2).map(|end| ends.map_or(String::new(), |ends| tidy(ends[end]))));
                }
                csv.write_record(&row).map_err(|error| failed(&error))?;
            }
        }
        csv.into_inner().map_err(|error| failed(&error))
    }

    /// The strategy with the lowest bill at any point: places of the point and the strategy. The control counts only where
    /// there is nothing else.
    pub fn cheapest(&self) -> Option<(usize, usize)> {
        let first = usize::from(self.strategies.len() > 1);
        let all = (0..self.points.len()).flat_map(|at| (first..self.strategies.len()).map(move |arm| (at, arm)));
        let bill = |(at, arm): &(usize, usize)| self.points[*at].arms[*arm].of(Figure::COST).mean;
        all.min_by(|a, b| bill(a).total_cmp(&bill(b)))
    }

    /// The values of a key with which a strategy comes to the very same as at a point, that of the point among them. `None`
    /// if any value does: the key has no part in it.
    pub fn values_of(&self, (at, arm): (usize, usize), axis: usize) -> Option<Vec<&str>> {
        let own = &self.axes[axis].arms;
        if !own.is_empty() && !own.contains(&arm) {
            return None;
        }
        let first = |place: usize| self.points[place].arms[arm].same_as_point.unwrap_or(place);
        let label = |place: usize| self.points[place].settings[axis].label.as_str();
        let same: Vec<usize> = (0..self.points.len()).filter(|place| first(*place) == first(at)).collect();
        if same.len() < 2 {
            return Some(vec![label(at)]);
        }
        let mut told: Vec<&str> = Vec::new();
        for place in same {
            if !told.contains(&label(place)) {
                told.push(label(place));
            }
        }
        let is_told = |place: usize| told.contains(&label(place));
        (told.len() == 1 || !(0..self.points.len()).all(is_told)).then_some(told)
    }

    /// The strategy at a point that a standing names: their places.
    pub fn candidate(&self, place: usize) -> (usize, usize) {
        let strategies = self.strategies.len().saturating_sub(1).max(1);
        (place / strategies, place % strategies + 1)
    }
}

impl Standing {
    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::NotToldApart(_) => "not_told_apart",
            Self::Outdone(_) => "outdone",
        }
    }
}

impl ArmFound {
    /// A figure.
    pub fn of(&self, figure: Figure) -> Estimate {
        let none = Estimate { mean: 0.0, ci95: None, n: 0 };
        self.figures.get(&figure.key()).copied().unwrap_or(none)
    }
}

impl From<&Axis> for AxisFound {
    fn from(axis: &Axis) -> Self {
        let values = match &axis.values {
            super::axis::Values::Listed(settings) => settings.iter().map(SettingFound::from).collect(),
            super::axis::Values::Between(_) => Vec::new(),
        };
        Self {
            key: axis.key.clone(),
            unit: axis.unit,
            as_given: axis.as_given.clone(),
            number_as_given: axis.number_as_given,
            is_numeric: axis.is_numeric(),
            ends: match axis.values {
                super::axis::Values::Between(between) => Some([between.low, between.high]),
                super::axis::Values::Listed(_) => None,
            },
            values,
            arms: axis.own_of().into_iter().map(|strategy| strategy + 1).collect(),
        }
    }
}

impl From<&Setting> for SettingFound {
    fn from(setting: &Setting) -> Self {
        Self { label: setting.label.clone(), number: setting.number }
    }
}
