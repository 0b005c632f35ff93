//! The sweep: points simulated, and what is read off them.

use super::axis::Axis;
use super::figure::{Figure, Row};
use super::found::{ArmFound, AxisFound, PointFound, Refused, SettingFound, Sweep};
use super::front::{Standing, standings};
use super::lab::Lab;
use super::plan::{Point, points};
use super::size::size;
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
    let standings = candidates(&rows, strategies.len());
    let own = strategies.len() - 1;
    let found = allowed.iter().zip(&rows).enumerate().map(|(at, ((point, _), rows))| PointFound {
        settings: settings_of(point),
        arms: (0..strategies.len())
            .map(|arm| ArmFound {
                strategy: strategies[arm].clone(),
                standing: arm.checked_sub(1).and_then(|arm| standings.get(at * own + arm).copied()),
                figures: estimates(rows, arm),
            })
            .collect(),
    });
    Ok(Sweep {
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
    })
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

/// Where the strategies at all points stand, the control left out.
fn candidates(rows: &[Vec<Vec<Row>>], arms: usize) -> Vec<Standing> {
    let one = |point: &Vec<Vec<Row>>, arm: usize| point.iter().map(|rows| rows[arm].clone()).collect::<Vec<Row>>();
    let all: Vec<Vec<Row>> = rows.iter().flat_map(|point| (1..arms).map(move |arm| one(point, arm))).collect();
    standings(&all.iter().map(Vec::as_slice).collect::<Vec<_>>())
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
