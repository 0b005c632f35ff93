//! Load by hour of the week.

use super::{Chart, Findings, MARGIN, SMALL, WIDER, WIDTH, legend_heat, sheet};
use crate::calendar::WEEK_H;
use crate::numbers::short;
use crate::report::drawing::{Anchor, Ink, fitted};
use crate::terms::Channel;

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let (from, to) = findings.campaign_days();
    let calendar = findings.scenario.calendar();
    let days = from..to;
    // Nothing for an hour of the week that does not come in these days.
    let mean_week = |arm: usize| -> [Option<f64>; WEEK_H] {
        let (mut sum, mut hours) = ([0.0; WEEK_H], [0.0_f64; WEEK_H]);
        for hour in days.start * 24..days.end * 24 {
            let slot = calendar.hour_of_week(hour);
            sum[slot] += findings.series[arm].channels[Channel::Phone as usize].offered[hour];
            hours[slot] += 1.0;
        }
        std::array::from_fn(|slot| (hours[slot] > 0.0).then(|| sum[slot] / hours[slot]))
    };
    let weeks: Vec<_> = (0..findings.series.len()).map(mean_week).collect();
    let most = weeks.iter().flatten().flatten().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let title = "Calls by hour of the week";
    let missing = weeks[0].iter().any(Option::is_none);
    let below = format!(
        "Mean over {} days from day {} on, and over replications.{}",
        days.len(),
        days.start,
        if missing {
            " An empty field is an hour that did not come."
        } else {
            ""
        }
    );
    // A lone panel takes the whole width.
    let columns = weeks.len().min(2);
    let rows = weeks.len().div_ceil(columns);
    let block = 196.0;
    let mut drawing = sheet(88.0 + block * rows as f64, title, &below);
    legend_heat(&mut drawing, MARGIN, 72.0, &short(most), "calls per hour");
    let panel = (WIDTH - 30.0) / columns as f64;
    for (arm, week) in weeks.iter().enumerate() {
        let (x, y) = (60.0 + (arm % columns) as f64 * panel, 104.0 + (arm / columns) as f64 * block);
        let (cell, row) = ((panel - 70.0) / 24.0, 19.0);
        let name = fitted(&findings.series[arm].strategy, SMALL, (panel - 70.0) / WIDER);
        drawing.bold(x, y, name, SMALL, findings.ink(arm), Anchor::Start);
        for (day, name) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().enumerate() {
            let top = y + 12.0 + day as f64 * row;
            drawing.text(x - 6.0, top + row / 2.0, *name, 12.0, Ink::Label, Anchor::End);
            for hour in 0..24 {
                let Some(calls) = week[day * 24 + hour] else { continue };
                let left = x + hour as f64 * cell;
                drawing.rect(left + 0.5, top + 0.5, cell - 1.0, row - 1.0, Ink::Heat(calls / most));
            }
        }
        for hour in [0, 6, 12, 18, 24] {
            let at = x + hour as f64 * cell;
            drawing.text(at, y + 12.0 + 7.0 * row + 10.0, format!("{hour}h"), 12.0, Ink::Label, Anchor::Middle);
        }
    }
    Some(Chart {
        id: "hour-of-week".into(),
        title: title.to_owned(),
        shows: "At which hours of the week customers call, under each strategy, while the rollout is young.".to_owned(),
        read: "All panels share the colour scale above them. Strong fields are the hours that decide how many agents must be rostered; \
               people who meet a closed desk call again when it opens."
            .to_owned(),
        act: "Compare the strong fields with your shift plan before the first mail goes out; a strong column at opening time \
              asks for longer opening hours."
            .to_owned(),
        drawing,
    })
}
