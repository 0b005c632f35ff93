//! Turning points: the value of a key at which another strategy becomes the cheaper one, all others as they stand.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::alone::Alone;
use super::lab::LUCKS;
use crate::error::Result;
use crate::measure::statistics::estimate;
use crate::uncertain::{UncertainKey, Z90};

/// How far out a turning point is looked for, in standard deviations: once in a thousand a value lies beyond.
const FURTHEST: f64 = 3.09;
/// Halvings: to less than a hundredth of a standard deviation.
const HALVINGS: u32 = 9;

/// Where the order of two strategies turns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Turn {
    /// Value of the key at which the two cost the same.
    pub value: f64,
    /// The value is uncertain by luck: its 95 % interval.
    pub ci95: [f64; 2],
    /// Whether the key must be above the value; if not, below.
    pub above: bool,
    /// Chance that the key's true value lies beyond.
    pub beyond_share: f64,
}

/// The nearest turning point of a key, to either side of what it is now; `None` if there is none within reach.
///
/// It is found by halving, on the same luck throughout; how much the luck matters is told by the difference there with other
/// luck, over the slope.
///
/// # Errors
///
/// If the watch stops it.
pub fn turn(alone: &Alone<'_>, place: usize, key: &UncertainKey, ends: [Option<f64>; 2]) -> Result<Option<Turn>> {
    let now = alone.now(place);
    let lead = alone.lead(0);
    let mut nearest: Option<(f64, f64)> = None;
    for (side, end) in [(-Z90, ends[0]), (Z90, ends[1])] {
        let turned = |there: Option<f64>| there.is_some_and(|there| (there > 0.0) != (lead > 0.0));
        let further = side.signum() * FURTHEST;
        // From inside the interval outwards; a value that is stated may lie beyond its own interval.
        let (kept, over) = if turned(end) {
            (now, side)
        } else if further.abs() > now.abs() && turned(alone.at(place, further, 0)?) {
            (if end.is_some() { side } else { now }, further)
        } else {
            continue;
        };
        let found = halved(alone, place, kept, over, lead > 0.0)?;
        if nearest.is_none_or(|near| (found.0 - now).abs() < (near.0 - now).abs()) {
            nearest = Some(found);
        }
    }
    let Some((at, slope)) = nearest else { return Ok(None) };
    let mut roots = Vec::new();
    for number in 0..LUCKS {
        if let Some(there) = alone.at(place, at, number)? {
            roots.push(if slope == 0.0 { at } else { at - there / slope });
        }
    }
    // The luck that the scenario was halved on is one of several: the point is where they agree on average.
    let told = estimate(&roots);
    let reach = |score: f64| key.at(score.clamp(-2.0 * FURTHEST, 2.0 * FURTHEST));
    let half_of_level = if slope == 0.0 {
        0.0
    } else {
        alone.half_of_level() / slope.abs()
    };
    let half = told.ci95.map_or(0.0, |[low, high]| ((high - low) / 2.0).hypot(half_of_level));
    let [low, high] = [told.mean - half, told.mean + half];
    let normal = Normal::standard();
    let above = at > now;
    Ok(Some(Turn {
        value: reach(told.mean),
        ci95: [reach(low), reach(high)],
        above,
        beyond_share: if above {
            normal.cdf(-told.mean)
        } else {
            normal.cdf(told.mean)
        },
    }))
}

/// Where the difference is nothing between a score at which the order is kept and one at which it has turned, and the slope
/// there.
fn halved(alone: &Alone<'_>, place: usize, mut kept: f64, mut over: f64, is_ahead: bool) -> Result<(f64, f64)> {
    let (start, end) = (kept, over);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(kept, over);
        match alone.at(place, middle, 0)? {
            Some(there) if (there > 0.0) != is_ahead => over = middle,
            _ => kept = middle,
        }
    }
    let at = f64::midpoint(kept, over);
    // The slope over a fair stretch: over a tiny one it would be luck.
    let step = 0.25 * (end - start);
    let (before, after) = (alone.at(place, at - step, 0)?, alone.at(place, at + step, 0)?);
    let slope = match (before, after) {
        (Some(before), Some(after)) => (after - before) / (2.0 * step),
        _ => 0.0,
    };
    Ok((at, slope))
}
