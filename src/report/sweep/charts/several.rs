//! Figures along each of several keys that are varied together.

use super::curves::{Curve, HIGH, paint, place};
use super::{names, scaled};
use crate::numbers::short;
use crate::report::charts::{Chart, SMALL, WIDTH, legend, sheet};
use crate::report::drawing::fitted;
use crate::results::Metric;
use crate::sweep::Sweep;
use crate::sweep::figure::Figure;

/// What is drawn along each key, side by side.
const SHOWN: [Figure; 2] = [Figure::COST, Figure::Metric(Metric::CustomersLost)];
/// Keys that are drawn at most.
const KEYS: usize = 8;
/// Groups that Sobol' points are put into along a key.
const GROUPS: usize = 6;
/// Different values of a key up to which each is a group of its own.
const FEW: usize = 8;

/// Points with the same value of a key, or nearly so.
struct Group {
    across: f64,
    label: String,
    points: Vec<usize>,
}

/// Draws the chart.
pub(super) fn draw(found: &Sweep) -> Option<Chart> {
    let axes: Vec<(usize, Vec<Group>)> = (0..found.axes.len())
        .map(|axis| (axis, groups(found, axis)))
        .filter(|(_, groups)| groups.len() > 1)
        .take(KEYS)
        .collect();
    if found.axes.len() < 2 || axes.is_empty() {
        return None;
    }
    let title = "Along each value";
    let below = "Means over the values of the other keys; bands go from the smallest to the largest. They are no intervals of luck.";
    let mut drawing = sheet(110.0 + HIGH * axes.len() as f64, title, &fitted(below, SMALL, WIDTH - 60.0));
    legend(&mut drawing, 16.0, 70.0, &names(found, 0));
    let wide = WIDTH / SHOWN.len() as f64;
    for (row, (axis, groups)) in axes.iter().enumerate() {
        for (column, figure) in SHOWN.into_iter().enumerate() {
            let corner = (column as f64 * wide + 62.0, 116.0 + row as f64 * HIGH);
            let name = format!("{} along {}", figure.word(), found.axes[*axis].key);
            paint(&mut drawing, &curve(found, *axis, groups, figure), (figure, &name), (corner, wide - 84.0));
        }
    }
    let taken = if found.is_sobol {
        format!("Where a key has more than {FEW} values, its points are put into {GROUPS} groups of the same size. ")
    } else {
        String::new()
    };
    Some(Chart {
        id: "along-each".to_owned(),
        title: title.to_owned(),
        shows: "What each strategy comes to along each value, whatever the other values are.".to_owned(),
        read: format!(
            "A line is the mean over the points with a value. The band around it goes from the smallest to the largest of \
             them: it is what the other values do, and no interval of luck. {taken}The dashed line is the value as stated. \
             Grey is the control. Scales do not begin at 0."
        ),
        act: "A steep line: that value matters by itself. A flat line in a wide band: the other values matter more, or the two \
              act together."
            .to_owned(),
        drawing,
    })
}

fn curve(found: &Sweep, axis: usize, groups: &[Group], figure: Figure) -> Curve {
    let of = |arm: usize, group: &Group| {
        let values = group.points.iter().map(|at| scaled(figure, found.points[*at].arms[arm].of(figure).mean));
        let values: Vec<f64> = values.collect();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        [low, values.iter().sum::<f64>() / values.len() as f64, high]
    };
    let axis = &found.axes[axis];
    Curve {
        across: groups.iter().map(|group| group.across).collect(),
        labels: groups.iter().map(|group| group.label.clone()).collect(),
        arms: (0..found.strategies.len()).map(|arm| groups.iter().map(|group| of(arm, group)).collect()).collect(),
        as_given: axis.number_as_given.filter(|_| axis.is_numeric),
    }
}

/// The points by their value of a key, in its order; those between two ends that have many of them, in groups of the same
/// size.
fn groups(found: &Sweep, at: usize) -> Vec<Group> {
    let axis = &found.axes[at];
    let setting = |point: usize| &found.points[point].settings[at];
    let number = |point: usize| setting(point).number.filter(|_| axis.is_numeric);
    let rank = |point: usize| {
        let label = &setting(point).label;
        axis.values.iter().position(|value| value.label == *label).unwrap_or(0) as f64
    };
    let mut order: Vec<usize> = (0..found.points.len()).collect();
    order.sort_by(|&a, &b| number(a).unwrap_or(rank(a)).total_cmp(&number(b).unwrap_or(rank(b))));
    let mut groups: Vec<Group> = Vec::new();
    for &point in &order {
        match groups.last_mut() {
            Some(last) if setting(last.points[0]).label == setting(point).label => last.points.push(point),
            _ => groups.push(Group {
                across: number(point).unwrap_or(groups.len() as f64),
                label: place(axis, setting(point)),
                points: vec![point],
            }),
        }
    }
    if axis.ends.is_none() || groups.len() <= FEW {
        return groups;
    }
    let middle = |points: &[usize]| points.iter().filter_map(|point| number(*point)).sum::<f64>() / points.len() as f64;
    order
        .chunks(order.len().div_ceil(GROUPS))
        .map(|points| Group {
            across: middle(points),
            label: short(middle(points)),
            points: points.to_vec(),
        })
        .collect()
}
