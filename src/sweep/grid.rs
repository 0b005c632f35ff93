//! The sweep: points simulated, and what is read off them.

use super::axis::Axis;
use super::figure::{Figure, Row};
use super::found::{ArmFound, AxisFound, PointFound, Refused, SettingFound, Sweep};
use super::front::{Standing, standings};
use super::lab::Lab;
use super::plan::{Point, points};
use super::size::{must_be_some, size};
use crate::error::{Error, Result};
use crate::measure::statistics::estimate;
use crate::scenario::Scenario;
use crate::sensitivity::lab::Memory;
use crate::strategy::STAY;
use crate::watch::Watch;

/// How a sweep is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Sobol' points; every combination of values if left out.
    pub points: Option<u32>,
    /// Accounts of each point; by the rule if left out.
    pub accounts: Option<u64>,
}

impl Settings {
    /// Whether a sweep along axes can begin.
    ///
    /// # Errors
    ///
    /// If no accounts are asked for, if the points are too many or too few, or if a key is varied twice.
    pub fn must_be_possible(self, axes: &[Axis]) -> Result<()> {
        must_be_some(self.accounts)?;
        points(axes, self.points).map(drop)
    }
}

/// Sweeps a scenario along axes, with the replications that it states.
///
/// # Errors
///
/// If the points are too many, if all points with a value are not allowed, or if the watch stops it.
pub fn sweep(
    scenario: &Scenario,
    axes: &[Axis],
    settings: Settings,
    memory: &dyn Memory,
    watch: &dyn Watch,
) -> Result<Sweep> {
    let scenario = &scenario.checked()?;
    settings.must_be_possible(axes)?;
    let plan = points(axes, settings.points)?;
    let (allowed, refused) = built(scenario, axes, &plan)?;
    let scenarios: Vec<Scenario> = allowed.iter().map(|(_, scenario)| scenario.clone()).collect();
    let (accounts, luck_share) = size(scenario, (axes, &scenarios), settings.accounts, memory, watch)?;
    let lab = Lab::new(scenario, accounts, memory, watch)?;
    let start = lab.start(scenario);
    let scenarios: Vec<Scenario> =
        allowed.iter().map(|(point, _)| point.scenario(start).map_err(Error::from)).collect::<Result<_>>()?;
    let replications = scenario.replications.get() as u32;
    let rows = lab.rows("points", &scenarios, 0..replications)?;
    let strategies: Vec<String> =
        scenario.arms().map(|arm| arm.map_or(STAY, |strategy| &strategy.name).to_owned()).collect();
    let firsts = firsts(&rows, strategies.len());
    let standings = candidates(&rows, &firsts);
    let own = strategies.len() - 1;
    let found = allowed.iter().zip(&rows).enumerate().map(|(at, ((point, _), rows))| PointFound {
        settings: settings_of(point),
        arms: (0..strategies.len())
            .map(|arm| ArmFound {
                strategy: strategies[arm].clone(),
                standing: arm.checked_sub(1).and_then(|arm| standings.get(at * own + arm).copied()),
                same_as_point: Some(firsts[at][arm]).filter(|first| *first != at),
                above_lowest_cents: estimate(&[]),
                figures: estimates(rows, arm),
            })
            .collect(),
    });
    let mut sweep = Sweep {
        schema_version: 1,
        scenario: scenario.name.clone(),
        scenario_hash: scenario.hash(),
        accounts: scenario.population.accounts.get(),
        accounts_simulated: lab.base().accounts(),
        luck_share,
        replications,
        is_sobol: settings.points.is_some(),
        axes: axes.iter().map(AxisFound::from).collect(),
        points: found.collect(),
        strategies,
        refused,
    };
    if let Some((at, arm)) = sweep.cheapest() {
        let lowest = bills(&rows[at], arm);
        for (point, rows) in sweep.points.iter_mut().zip(&rows) {
            for (arm, found) in point.arms.iter_mut().enumerate() {
                let above = bills(rows, arm).into_iter().zip(&lowest).map(|(own, lowest)| own - lowest);
                found.above_lowest_cents = estimate(&above.collect::<Vec<f64>>());
            }
        }
    }
    Ok(sweep)
}

/// The bills of an arm at a point, by replication.
fn bills(rows: &[Vec<Row>], arm: usize) -> Vec<f64> {
    rows.iter().map(|arms| arms[arm].of(Figure::COST)).collect()
}

/// A point with its scenario.
type Allowed = (Point, Scenario);

/// The points that are allowed with their scenarios, and those that are not.
fn built(scenario: &Scenario, axes: &[Axis], plan: &[Point]) -> Result<(Vec<Allowed>, Vec<Refused>)> {
    let (mut allowed, mut refused): (Vec<Allowed>, Vec<Refused>) = (Vec::new(), Vec::new());
    for point in plan {
        match point.scenario(scenario) {
            Ok(scenario) => allowed.push((point.clone(), scenario)),
            Err(error) => refused.push(Refused { settings: settings_of(point), because: error.to_string() }),
        }
    }
    // A value that is allowed at no point is a mistake, not a corner of the plan.
    for (at, axis) in axes.iter().enumerate() {
        let lost = refused
            .iter()
            .find(|point| !allowed.iter().any(|(kept, _)| kept.settings[at].label == point.settings[at].label));
        if let Some(point) = lost.filter(|_| axis.len().is_some() || allowed.is_empty()) {
            return Err(Error::Input(format!(
                "--vary {}: {} is not allowed at any point: {}",
                axis.key, point.settings[at].label, point.because
            )));
        }
    }
    Ok((allowed, refused))
}

fn settings_of(point: &Point) -> Vec<SettingFound> {
    point.settings.iter().map(SettingFound::from).collect()
}

/// By point and arm: the first point at which the arm comes to the very same in every replication. What is varied between
/// the two has no part in it.
fn firsts(rows: &[Vec<Vec<Row>>], arms: usize) -> Vec<Vec<usize>> {
    let is_same = |one: usize, other: usize, arm: usize| {
        let mut pairs = rows[one].iter().zip(&rows[other]);
        pairs.all(|(one, other)| one[arm] == other[arm])
    };
    let first = |at: usize, arm: usize| (0..at).find(|before| is_same(*before, at, arm)).unwrap_or(at);
    (0..rows.len()).map(|at| (0..arms).map(|arm| first(at, arm)).collect()).collect()
}

/// Where the strategies at all points stand, the control left out. What comes to the very same is one candidate.
fn candidates(rows: &[Vec<Vec<Row>>], firsts: &[Vec<usize>]) -> Vec<Standing> {
    let arms = firsts.first().map_or(1, Vec::len);
    let places: Vec<(usize, usize)> = (0..rows.len()).flat_map(|at| (1..arms).map(move |arm| (at, arm))).collect();
    let once: Vec<(usize, usize)> = places.iter().copied().filter(|&(at, arm)| firsts[at][arm] == at).collect();
    let of = |&(at, arm): &(usize, usize)| rows[at].iter().map(|arms| arms[arm].clone()).collect::<Vec<Row>>();
    let all: Vec<Vec<Row>> = once.iter().map(of).collect();
    let found = standings(&all.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let among_all = |number: usize| once[number].0 * (arms - 1) + once[number].1 - 1;
    let stands = |&(at, arm): &(usize, usize)| {
        let number = once.binary_search(&(firsts[at][arm], arm)).unwrap_or(0);
        found[number].renumbered(among_all)
    };
    places.iter().map(stands).collect()
}

fn estimates(
    rows: &[Vec<Row>],
    arm: usize,
) -> std::collections::BTreeMap<String, crate::measure::statistics::Estimate> {
    let all = Figure::all().iter().map(|figure| {
        let values: Vec<f64> = rows.iter().map(|arms| arms[arm].of(*figure)).collect();
        (figure.key(), estimate(&values))
    });
    all.collect()
}
