//! The price curve: what service costs.

use super::{SizeFindings, ink};
use crate::numbers::{percent, short, stated_percent};
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};
use crate::size::plan::{PricePoint, StrategyPlan};

/// Half the size of a mark.
const DOT: f64 = 3.5;
const DIAMOND: f64 = 8.0;

/// Draws the chart.
pub(super) fn draw(findings: &SizeFindings<'_>) -> Option<Chart> {
    let strategies = findings.strategies();
    let points: Vec<(f64, f64)> =
        strategies.iter().flat_map(|s| s.price_curve.iter().map(place).chain(proven(s))).collect();
    if strategies.iter().all(|strategy| strategy.price_curve.len() < 2) {
        return None;
    }
    let least = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).fold(0.0, f64::max);
    let panel = Panel {
        x: 62.0,
        y: 100.0,
        w: WIDTH - 170.0,
        h: 300.0,
        across: round(least(|point| point.0), most(|point| point.0)),
        up: ((least(|point| point.1) * 20.0 - 0.5).floor() / 20.0, 1.0),
    };
    let title = "What service costs";
    let below =
        "Share of all calls answered in time, against the cost of the agent-hours. The scales do not begin at 0.";
    let mut drawing = sheet(462.0, title, below);
    diamond(&mut drawing, (MARGIN + 6.0, 72.0), Ink::Text, DIAMOND - 1.0);
    drawing.text(MARGIN + 20.0, 72.0, "the plan", SMALL, Ink::Text, Anchor::Start);
    findings.legend(&mut drawing, MARGIN + 95.0, 72.0);
    panel.grid_y(&mut drawing, 6, percent);
    panel.floor(&mut drawing);
    for tick in ticks(panel.across.0, panel.across.1, 6) {
        let (x, y) = (panel.at_x(tick), panel.y + panel.h);
        drawing.line([(x, y), (x, y + 4.0)], Ink::Label, 1.0);
        drawing.text(x, y + 14.0, short(tick), 12.0, Ink::Label, Anchor::Middle);
    }
    let middle = panel.x + panel.w / 2.0;
    let y = panel.y + panel.h + 36.0;
    drawing.text(
        middle,
        y,
        "cost of the agent-hours over the whole horizon, in units of your currency",
        12.0,
        Ink::Label,
        Anchor::Middle,
    );
    levels(&mut drawing, strategies, &panel);
    let at = |(x, y): (f64, f64)| (panel.at_x(x), panel.at_y(y));
    for (arm, strategy) in strategies.iter().enumerate() {
        drawing.line(strategy.price_curve.iter().map(|point| at(place(point))), ink(arm), 2.0);
        for (x, y) in strategy.price_curve.iter().map(|point| at(place(point))) {
            drawing.rect(x - DOT, y - DOT, 2.0 * DOT, 2.0 * DOT, ink(arm));
        }
    }
    for (arm, strategy) in strategies.iter().enumerate() {
        if let Some(point) = proven(strategy) {
            diamond(&mut drawing, at(point), Ink::Text, DIAMOND);
            diamond(&mut drawing, at(point), ink(arm), DIAMOND - 2.5);
        }
    }
    Some(Chart {
        id: "price".to_owned(),
        title: title.to_owned(),
        shows: "What other service levels of calls would cost, under each strategy.".to_owned(),
        read: "A square is a plan for which every hour must reach a wanted share; a thin line joins the squares of one \
               wanted share. All calls together fare better than the hardest hour, so a square stands above its wanted \
               share. Squares limit the calls given up as the plan does: where that limit decides, squares of lower wanted \
               shares lie together. A diamond is the plan of this page: it was searched for with more samples, so it need \
               not lie on the line."
            .to_owned(),
        act: "Move along a line to buy or sell service; the flatter it gets, the dearer the next point. Moving from one \
              line to another is the choice of the strategy. The distance between the lines is what it costs at the desk."
            .to_owned(),
        drawing,
    })
}

/// Cost in units of money and share answered in time.
fn place(point: &PricePoint) -> (f64, f64) {
    (point.cost_cents as f64 / 100.0, point.answered_share)
}

/// The plan itself.
fn proven(strategy: &StrategyPlan) -> Option<(f64, f64)> {
    strategy.proof.answered_share.map(|[mean, ..]| (strategy.cost_cents as f64 / 100.0, mean))
}

/// Ends of a scale at round values around what it must hold.
fn round(least: f64, most: f64) -> (f64, f64) {
    let marks = ticks(least, most.max(least + 1.0), 12);
    let step = marks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
    ((least / step).floor() * step, (most / step).ceil().max((least / step).floor() + 1.0) * step)
}

/// Thin lines through the points of one wanted share, named at their right end.
fn levels(drawing: &mut Drawing, strategies: &[StrategyPlan], panel: &Panel) {
    let count = strategies.iter().map(|strategy| strategy.price_curve.len()).max().unwrap_or(0);
    // Names and the places of their points; the names of levels that cost the same would stand on each other.
    let mut names: Vec<(f64, f64, f64, f64)> = Vec::new();
    for level in 0..count {
        let own = || strategies.iter().filter_map(|strategy| strategy.price_curve.get(level));
        let mut points: Vec<(f64, f64)> = own().map(place).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let at = |(x, y): (f64, f64)| (panel.at_x(x), panel.at_y(y));
        drawing.line(points.iter().copied().map(at), Ink::Label, 0.8);
        if let (Some(&last), Some(point)) = (points.last(), own().next()) {
            let ((x, y), wanted) = (at(last), point.wanted_share);
            match names.last_mut() {
                Some((near_x, near_y, _, most)) if (x - *near_x).abs() < 80.0 && (y - *near_y).abs() < 13.0 => {
                    (*near_x, *near_y, *most) = (x, y, wanted);
                }
                _ => names.push((x, y, wanted, wanted)),
            }
        }
    }
    for (x, y, least, most) in names {
        let name = if least == most {
            format!("{} wanted", stated_percent(most))
        } else {
            format!("{}–{} wanted", stated_percent(least).trim_end_matches(" %"), stated_percent(most))
        };
        // Below the dearest point, where the lines leave room.
        drawing.text(x + 8.0, y + 11.0, name, 12.0, Ink::Label, Anchor::Start);
    }
}

fn diamond(drawing: &mut Drawing, (x, y): (f64, f64), ink: Ink, size: f64) {
    drawing.area([(x, y - size), (x + size, y), (x, y + size), (x - size, y)], ink);
}
