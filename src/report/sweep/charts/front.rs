//! Cost against customers lost and against takeovers: every strategy at every point.

use super::{ink, names, scaled};
use crate::numbers::steps;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};
use crate::results::Metric;
use crate::sweep::figure::Figure;
use crate::sweep::front::Standing;
use crate::sweep::{ArmFound, Sweep};

/// What stands upwards, a panel each.
const UP: [Figure; 2] = [Figure::Metric(Metric::CustomersLost), Figure::Metric(Metric::TakenOver)];

/// Draws the chart.
pub(super) fn draw(found: &Sweep) -> Option<Chart> {
    let arms = || {
        found
            .points
            .iter()
            .flat_map(|point| point.arms.iter().enumerate())
            .filter(|(_, arm)| arm.standing.is_some() && arm.same_as_point.is_none())
    };
    if arms().count() < 3 || found.accounts == 0 {
        return None;
    }
    let title = "What is given up for what";
    let below = "Left is cheaper, down is safer. Filled: on the front. Hollow: not told apart from a better one. Pale: outdone.";
    let mut drawing = sheet(430.0, title, below);
    legend(&mut drawing, 16.0, 70.0, &names(found, 1));
    for (place, up) in UP.into_iter().enumerate() {
        let of = |arm: &ArmFound| (scaled(Figure::COST, arm.of(Figure::COST).mean), arm.of(up).mean);
        let all: Vec<(usize, Standing, (f64, f64))> =
            arms().filter_map(|(at, arm)| Some((at, arm.standing?, of(arm)))).collect();
        panel(&mut drawing, up, &all, 66.0 + place as f64 * WIDTH / 2.0);
    }
    Some(Chart {
        id: "front".to_owned(),
        title: title.to_owned(),
        shows: "The bill of each strategy at each point against the customers that it loses and the accounts taken over."
            .to_owned(),
        read: "A filled square is on the front: none is better in cost, customers lost and takeovers together. A hollow square \
               is not told apart from a better one by these replications. A pale square is outdone, and the table names by \
               whom. What comes to the very same at several points is one square."
            .to_owned(),
        act: "Choose among the filled squares; which of them is a matter of what a lost customer is worth to you.".to_owned(),
        drawing,
    })
}

fn panel(drawing: &mut Drawing, up: Figure, all: &[(usize, Standing, (f64, f64))], x: f64) {
    let span = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let values = all.iter().map(|(.., at)| of(at));
        let (from, to) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), value| (a.min(value), b.max(value)));
        let room = ((to - from) * 0.08).max(to.abs() * 1e-3).max(1e-6);
        (from - room, to + room)
    };
    let panel = Panel {
        x,
        y: 112.0,
        w: WIDTH / 2.0 - 92.0,
        h: 250.0,
        across: span(&|at| at.0),
        up: span(&|at| at.1),
    };
    drawing.bold(x, 94.0, up.word(), 12.0, Ink::Text, Anchor::Start);
    let scale = ticks(panel.up.0, panel.up.1, 5);
    for (tick, label) in scale.iter().zip(steps(&scale)) {
        let at = panel.at_y(*tick);
        drawing.line([(x, at), (x + panel.w, at)], Ink::Grid, 1.0);
        drawing.text(x - 6.0, at, label, 12.0, Ink::Label, Anchor::End);
    }
    panel.floor(drawing);
    let scale = ticks(panel.across.0, panel.across.1, 5);
    for (tick, label) in scale.iter().zip(steps(&scale)) {
        let at = panel.at_x(*tick);
        drawing.line([(at, panel.y), (at, panel.y + panel.h)], Ink::Grid, 1.0);
        drawing.text(at, panel.y + panel.h + 14.0, label, 12.0, Ink::Label, Anchor::Middle);
    }
    let unit = "total cost, in units of your currency";
    drawing.text(panel.x + panel.w / 2.0, panel.y + panel.h + 36.0, unit, 12.0, Ink::Label, Anchor::Middle);
    // Those on the front are drawn last, above the others.
    let rank = |standing: &Standing| match standing {
        Standing::Outdone(_) => 0,
        Standing::NotToldApart(_) => 1,
        Standing::Front => 2,
    };
    let mut order: Vec<_> = all.iter().collect();
    order.sort_by_key(|(_, standing, _)| rank(standing));
    for (arm, standing, (cost, value)) in order {
        let (x, y) = (panel.at_x(*cost), panel.at_y(*value));
        let colour = if matches!(standing, Standing::Outdone(_)) {
            Ink::Tint(arm.checked_sub(1), 0.35)
        } else {
            ink(*arm)
        };
        drawing.rect(x - 5.0, y - 5.0, 10.0, 10.0, colour);
        if matches!(standing, Standing::NotToldApart(_)) {
            drawing.rect(x - 3.0, y - 3.0, 6.0, 6.0, Ink::Paper);
        }
    }
}
