//! Cumulative migration, churn and takeovers over the whole horizon.

use super::axis::{Panel, day_step, top};
use super::{Chart, Findings, SMALL, WIDTH, legend_of_arms, marks, sheet};
use crate::measure::counts::Series;
use crate::numbers::short;
use crate::report::drawing::{Anchor, Drawing, Ink};

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    if findings.summary.accounts == 0 || findings.series.len() < 2 {
        return None;
    }
    let title = "Linked, lost and taken over, day by day";
    let mut below = "Cumulative, mean over replications. Days since the start of the scenario.".to_owned();
    if !all_marks(findings).is_empty() {
        below += &format!(" {}", marks::MEANING);
    }
    let legend = legend_of_arms(findings);
    let mut drawing = sheet(380.0 + legend.extra(), title, &below);
    legend.draw(&mut drawing, 72.0);
    let panels = [
        ("Accounts linked, seen or not", Series::Linked),
        ("Customers lost", Series::Left),
        ("Account takeovers", Series::TakenOver),
    ];
    let width = (WIDTH - 20.0) / 3.0;
    for (place, (name, series)) in panels.into_iter().enumerate() {
        let x = 60.0 + place as f64 * width;
        curve(&mut drawing, findings, name, series, (x, width - 70.0, legend.extra()));
    }
    Some(Chart {
        id: "curves".into(),
        title: title.to_owned(),
        shows: "How many accounts have an identity in the target, how many customers have left, and how many takeovers \
                have happened by each day."
            .to_owned(),
        read: "The grey line is the same customers without any migration: what lies above it in the second and third \
               panel is what a strategy is charged with. A curve that is still rising at the right edge has not finished."
            .to_owned(),
        act: "Judge a strategy by where its migration flattens, not by its first week; and ask whether what it gains \
              early is paid for in the second panel."
            .to_owned(),
        drawing,
    })
}

fn all_marks(findings: &Findings<'_>) -> Vec<marks::TimeMark> {
    (0..findings.series.len()).flat_map(|arm| marks::of_arm(findings, arm)).collect()
}

fn curve(drawing: &mut Drawing, findings: &Findings<'_>, name: &str, series: Series, (x, w, lower): (f64, f64, f64)) {
    let days = findings.scenario.horizon_days.get() as usize;
    let cumulative: Vec<Vec<f64>> = findings
        .series
        .iter()
        .map(|arm| {
            let mut sum = 0.0;
            let by_day = arm.events[series as usize].chunks(24).map(|day| {
                sum += day.iter().sum::<f64>();
                sum
            });
            std::iter::once(0.0).chain(by_day.collect::<Vec<_>>()).collect()
        })
        .collect();
    let most = cumulative.iter().flatten().copied().fold(0.0, f64::max);
    let panel = Panel {
        x,
        y: 116.0 + lower,
        w,
        h: 220.0,
        across: (0.0, days as f64),
        up: (0.0, top(most)),
    };
    drawing.bold(x, 98.0 + lower, name, SMALL, Ink::Text, Anchor::Start);
    panel.grid_y(drawing, 4, short);
    panel.floor(drawing);
    panel.days(drawing, day_step(days), |day| format!("day {day}"));
    // At most one point for each pixel.
    let every = (days / 300).max(1);
    for (arm, values) in cumulative.iter().enumerate() {
        let last = values.len() - 1;
        let days = (0..=last).filter(|day| day % every == 0 || *day == last);
        let points = days.map(|day| (panel.at_x(day as f64), panel.at_y(values[day])));
        drawing.line(points.collect::<Vec<_>>(), findings.ink(arm), if arm == 0 { 1.5 } else { 2.5 });
    }
    marks::draw(drawing, &panel, all_marks(findings));
}
