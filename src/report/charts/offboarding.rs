//! Offboarding: legacy passwords and sessions that are still alive, by day.

use super::axis::{Panel, day_step, top};
use super::{Chart, Findings, SMALL, WIDTH, legend_of_arms, sheet};
use crate::measure::counts::Series;
use crate::numbers::short;
use crate::report::drawing::{Anchor, Ink};

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    if findings.summary.accounts == 0 || findings.series.len() < 2 {
        return None;
    }
    let title = "Legacy passwords and sessions still alive";
    let legend = legend_of_arms(findings);
    let mut drawing = sheet(
        380.0 + legend.extra(),
        title,
        "Accounts, mean over replications. Days since the start of the scenario.",
    );
    legend.draw(&mut drawing, 72.0);
    let days = findings.scenario.horizon_days.get() as usize;
    let alive_at_end = |arm: usize, series: Series| {
        let security = &findings.summary.strategies[arm].security;
        match series {
            Series::CredentialsEnded => security.legacy_credentials_alive,
            _ => security.legacy_sessions_alive,
        }
    };
    for (place, (name, series)) in [
        ("Passwords the legacy platform accepts", Series::CredentialsEnded),
        ("Sessions at the legacy platform", Series::SessionsEnded),
    ]
    .into_iter()
    .enumerate()
    {
        // Alive on a day: alive at the end, and those that end after that day.
        let curves: Vec<Vec<f64>> = (0..findings.series.len())
            .map(|arm| {
                let ended: Vec<f64> =
                    findings.series[arm].events[series as usize].chunks(24).map(|day| day.iter().sum()).collect();
                let mut alive = alive_at_end(arm, series);
                let mut curve = vec![alive];
                for day in ended.iter().rev() {
                    alive += day;
                    curve.push(alive);
                }
                curve.reverse();
                curve
            })
            .collect();
        let most = curves.iter().flatten().copied().fold(0.0, f64::max);
        let width = WIDTH / 2.0;
        let panel = Panel {
            x: 64.0 + place as f64 * width,
            y: 116.0 + legend.extra(),
            w: width - 90.0,
            h: 220.0,
            across: (0.0, days as f64),
            up: (0.0, top(most)),
        };
        drawing.bold(panel.x, 98.0 + legend.extra(), name, SMALL, Ink::Text, Anchor::Start);
        panel.grid_y(&mut drawing, 4, short);
        panel.floor(&mut drawing);
        panel.days(&mut drawing, day_step(days), |day| format!("day {day}"));
        let every = (days / 300).max(1);
        for (arm, curve) in curves.iter().enumerate() {
            let points = (0..curve.len()).filter(|day| day % every == 0);
            let points = points.map(|day| (panel.at_x(day as f64), panel.at_y(curve[day])));
            drawing.line(points.collect::<Vec<_>>(), findings.ink(arm), if arm == 0 { 1.5 } else { 2.5 });
        }
    }
    Some(Chart {
        id: "offboarding".into(),
        title: title.to_owned(),
        shows: "How many legacy passwords are still accepted and how many legacy sessions still live, by day."
            .to_owned(),
        read:
            "A line that falls to the floor has cleaned up. Passwords that stay accepted can be stuffed; sessions that \
               nobody ended can be used by whoever has them."
                .to_owned(),
        act: "If the strategy you favour leaves a floor above zero, add a cut-off, or revoke sessions on link."
            .to_owned(),
        drawing,
    })
}
