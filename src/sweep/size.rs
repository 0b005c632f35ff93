//! How many accounts a point has: as many as it takes for luck to be small beside what points differ by.
//!
//! Some points are simulated twice with different luck over few accounts. Luck that all points share cancels when they are
//! compared, so it is taken out first; the rest is held to the rule of [`sensitivity`](crate::sensitivity). Where the desk
//! itself is varied, whole agents must not be coarse: then a point has as many accounts as the rule ever gives.

use super::axis::Axis;
use super::figure::Figure;
use super::lab::Lab;
use crate::error::Result;
use crate::scenario::Scenario;
use crate::sensitivity::lab::Memory;
use crate::sensitivity::population::{FEWEST, MOST, Size, variances};
use crate::watch::Watch;

/// Points that are looked at.
const POINTS: usize = 8;

/// How many accounts the points of a sweep have, and the part of luck in what they differ by, if that was looked at.
///
/// # Errors
///
/// If the watch stops it.
pub fn size(
    scenario: &Scenario,
    (axes, points): (&[Axis], &[Scenario]),
    stated: Option<u64>,
    memory: &dyn Memory,
    watch: &dyn Watch,
) -> Result<(u64, Option<f64>)> {
    let all = scenario.population.accounts.get();
    let concerns_desk = axes.iter().flat_map(|axis| &axis.places).any(|place| {
        let path = place.path.to_string();
        path.starts_with("desk.") && !path.starts_with("desk.for_accounts")
    });
    if let Some(stated) = stated {
        return Ok((stated.min(all), None));
    }
    if concerns_desk || all <= FEWEST {
        return Ok((all.min(MOST), None));
    }
    let lab = Lab::new(scenario, FEWEST, memory, watch)?;
    let every = points.len().div_ceil(POINTS).max(1);
    let some: Vec<Scenario> = points.iter().step_by(every).cloned().collect();
    if some.len() < 2 {
        return Ok((all.min(MOST), None));
    }
    let rows = lab.rows("how large a point is", &some, 0..2)?;
    // Each strategy by itself; the one that asks for most decides.
    let arms = scenario.strategies.len() + 1;
    let sizes = (usize::from(arms > 1)..arms).map(|arm| {
        let bill = |point: usize, number: usize| rows[point][number][arm].of(Figure::COST);
        let means =
            [0, 1].map(|number| (0..some.len()).map(|point| bill(point, number)).sum::<f64>() / some.len() as f64);
        let pairs: Vec<f64> =
            (0..some.len()).flat_map(|point| [0, 1].map(|number| bill(point, number) - means[number])).collect();
        Size::chosen(variances(&pairs), FEWEST, all)
    });
    let most = sizes.max_by_key(|size| size.accounts);
    Ok(most.map_or((all.min(MOST), None), |size| (size.accounts, Some(size.luck_share))))
}
