//! The points of a sweep: every combination of values, or Sobol' points.

use super::axis::{Axis, Setting};
use crate::error::{Error, Result};
use crate::scenario::Scenario;
use crate::scenario_file::ScenarioError;
use crate::scenario_file::settable::Settable;
use crate::uncertain::Points;

/// Most points of a sweep.
pub const MOST_POINTS: usize = 1_024;
/// Most axes of a sweep.
pub const MOST_AXES: usize = 16;
/// Seed of the sequence of points.
pub(super) const SEED: u32 = 5;

/// A point: a setting for each axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// In the order of the axes.
    pub settings: Vec<Setting>,
}

impl Point {
    /// The point at a part of the way along each axis.
    pub(super) fn at(axes: &[Axis], parts: &[f64]) -> Self {
        Self {
            settings: axes.iter().zip(parts).map(|(axis, part)| axis.at(*part)).collect(),
        }
    }

    /// A scenario at this point.
    ///
    /// # Errors
    ///
    /// If the values are not allowed together.
    pub fn scenario(&self, base: &Scenario) -> Result<Scenario, ScenarioError> {
        let sets = self.settings.iter().flat_map(|setting| &setting.sets);
        sets.fold(base.rebuild(), |built, (key, value)| built.set(key, value.clone())).build()
    }

    /// As people read it.
    pub fn label(&self, axes: &[Axis]) -> String {
        let settings = axes.iter().zip(&self.settings);
        settings
            .map(|(axis, setting)| format!("{}={}", axis.key, setting.label))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The points over axes: so many Sobol' points, or every combination of listed values, the last axis fastest.
///
/// # Errors
///
/// If there are too many or too few, or if an axis that has no list of values is to be combined.
pub fn points(axes: &[Axis], sobol: Option<u32>) -> Result<Vec<Point>> {
    let wrong = |said: String| Err(Error::Input(said));
    if axes.is_empty() || axes.len() > MOST_AXES {
        return wrong(format!("{} keys are varied: expected 1 to {MOST_AXES}", axes.len()));
    }
    must_be_distinct(axes)?;
    if let Some(wanted) = sobol {
        if !(2..=MOST_POINTS as u32).contains(&wanted) {
            return wrong(format!("--points {wanted}: expected 2 to {MOST_POINTS}"));
        }
        let sequence = Points::new(axes.len(), SEED);
        let mut points: Vec<Point> = Vec::new();
        for number in 0..wanted {
            let point = Point::at(axes, &sequence.uniform(number));
            // Few values have few points.
            if !points.contains(&point) {
                points.push(point);
            }
        }
        return Ok(points);
    }
    let mut count = 1_usize;
    for axis in axes {
        let Some(values) = axis.len() else {
            return wrong(format!(
                "--vary {}: a range needs a step (10..60:10), a number of values (10..60/6), or --points for Sobol' points",
                axis.key
            ));
        };
        count = count.saturating_mul(values);
    }
    if count > MOST_POINTS {
        return wrong(format!(
            "{count} combinations: expected at most {MOST_POINTS}. Take fewer values, or --points for Sobol' points"
        ));
    }
    let combination = |mut number: usize| {
        let mut parts = vec![0.0; axes.len()];
        for (part, axis) in parts.iter_mut().zip(axes).rev() {
            let values = axis.len().unwrap_or(1);
            *part = ((number % values) as f64 + 0.5) / values as f64;
            number /= values;
        }
        Point::at(axes, &parts)
    };
    Ok((0..count).map(combination).collect())
}

/// Whether every key is varied by one axis only.
pub(super) fn must_be_distinct(axes: &[Axis]) -> Result<()> {
    let mut numbered = axes.iter().enumerate();
    match numbered.find(|(at, axis)| axes[..*at].iter().any(|other| other.shares(axis))) {
        Some((_, twice)) => Err(Error::Input(format!("--vary {}: this key is varied twice", twice.key))),
        None => Ok(()),
    }
}

impl Axis {
    /// Whether a place of one lies in a place of the other.
    fn shares(&self, other: &Self) -> bool {
        let of_other = |place: &Settable| {
            let mut others = other.places.iter();
            others.any(|of| of.path.is_within(&place.path) || place.path.is_within(&of.path))
        };
        self.places.iter().any(of_other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::vary;

    fn axes(texts: &[&str]) -> Vec<Axis> {
        let scenario = Scenario::builder("points").build().expect("a scenario");
        texts.iter().map(|text| vary::read(&scenario, text).expect(text)).collect()
    }

    fn labels(points: &[Point]) -> Vec<String> {
        points
            .iter()
            .map(|point| point.settings.iter().map(|setting| setting.label.as_str()).collect::<Vec<_>>().join("/"))
            .collect()
    }

    #[test]
    fn a_grid_has_every_combination_once() {
        let axes = axes(&["desk.tier1.agents=1,2", "population.shares.mfa=0.1,0.2,0.3"]);
        let points = points(&axes, None).expect("points");
        assert_eq!(labels(&points), ["1/0.1", "1/0.2", "1/0.3", "2/0.1", "2/0.2", "2/0.3"]);
    }

    #[test]
    fn sobol_points_lie_between_the_ends() {
        let axes = axes(&["desk.tier1.agents=1..4", "population.shares.mfa=0.1..0.5"]);
        let points = points(&axes, Some(64)).expect("points");
        assert_eq!(points.len(), 64);
        for point in &points {
            let [agents, share] = [0, 1].map(|axis| point.settings[axis].number.expect("a number"));
            assert!((1.0..=4.0).contains(&agents) && agents.fract() == 0.0 && (0.1..=0.5).contains(&share));
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let says = |texts: &[&str], sobol, says: &str| {
            let said = points(&axes(texts), sobol).expect_err("refused").to_string();
            assert!(said.contains(says), "{said}");
        };
        says(&[], None, "expected 1 to 16");
        says(&["desk.tier1.agents=1..4"], None, "10..60:10");
        says(&["desk.tier1.agents=1,2", "desk.tier1.agents=3,4"], None, "twice");
        says(&["desk.tier1={ agents = 1 }", "desk.tier1.agents=3,4"], None, "twice");
        says(&["desk.tier1.agents=0..199:1", "population.shares.mfa=0..1/100"], None, "expected at most 1024");
        says(&["desk.tier1.agents=1..4"], Some(1), "expected 2 to");
    }
}
