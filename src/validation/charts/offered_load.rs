//! Busy agents by hour of the day while arrivals rise and fall.

use super::{SIMULATED, THEORY, axis_x, panel, point};
use crate::report::charts::axis::plain;
use crate::report::charts::{MARGIN, WIDTH, legend, sheet};
use crate::report::drawing::{Drawing, Ink};
use crate::validation::ValidationFindings;

/// Draws the chart.
pub(super) fn draw(findings: &ValidationFindings) -> Drawing {
    let mut drawing = sheet(
        400.0,
        "Busy agents follow the arrivals with a lag",
        "Mean by hour of the day; a call lasts an hour on average. Bars (95 % intervals) are hardly wider than the points.",
    );
    let entries = [
        (Ink::Stay, "arrivals × handle time"),
        (THEORY, "theory: modified offered load"),
        (SIMULATED, "simulated"),
    ];
    legend(&mut drawing, MARGIN, 72.0, &entries);
    let width = (WIDTH - 20.0) / 3.0;
    for (place, day) in findings.days.iter().enumerate() {
        let x = 56.0 + place as f64 * width;
        let title = format!("handle time {}", day.handle.words());
        let panel = panel(&mut drawing, (x, width - 56.0), &title, (0.0, 24.0), (0.0, 250.0));
        panel.grid_y(&mut drawing, 5, plain);
        panel.floor(&mut drawing);
        axis_x(&mut drawing, &panel, 5, "hour of the day");
        let steps = |values: Vec<f64>| {
            let ends = values.into_iter().enumerate();
            let steps = ends.flat_map(|(hour, value)| [(hour as f64, value), (hour as f64 + 1.0, value)]);
            steps.map(|(hour, value)| (panel.at_x(hour), panel.at_y(value))).collect::<Vec<_>>()
        };
        let naive = day.per_hour.iter().map(|rate| rate * day.handle.mean_s() / 3600.0).collect();
        drawing.line(steps(naive), Ink::Stay, 1.0);
        drawing.line(steps(day.statements.iter().map(|s| s.exact).collect()), THEORY, 2.0);
        for (hour, s) in day.statements.iter().enumerate() {
            point(&mut drawing, &panel, hour as f64 + 0.5, (s.mean, s.mean - s.half, s.mean + s.half), SIMULATED);
        }
    }
    drawing
}
