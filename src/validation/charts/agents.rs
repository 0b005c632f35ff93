//! Abandonment and service level against the number of agents.

use super::{SIMULATED, THEORY, axis_x, panel, percent, point};
use crate::desk::erlang;
use crate::report::charts::{MARGIN, WIDTH, legend, sheet};
use crate::report::drawing::Drawing;
use crate::validation::ValidationFindings;
use crate::validation::verdict::Statistic;

/// Draws the chart.
pub(super) fn draw(findings: &ValidationFindings) -> Drawing {
    let mut drawing = sheet(
        400.0,
        "What an agent more or less does",
        "48 calls a minute of one minute each, patience two minutes (exponential). Theory: Erlang-A. Bars are 95 % intervals.",
    );
    legend(&mut drawing, MARGIN, 72.0, &[(THEORY, "theory"), (SIMULATED, "simulated")]);
    let width = (WIDTH - 20.0) / 2.0;
    let panels = [
        ("Share that gives up", Statistic::Abandons, (0.0, 0.2)),
        ("Share answered within 20 s, of the offered", Statistic::Within, (0.0, 1.0)),
    ];
    for (place, (title, measure, up)) in panels.into_iter().enumerate() {
        let x = 70.0 + place as f64 * width;
        let panel = panel(&mut drawing, (x, width - 90.0), title, (39.0, 59.0), up);
        panel.grid_y(&mut drawing, 5, percent);
        panel.floor(&mut drawing);
        axis_x(&mut drawing, &panel, 10, "agents");
        let line = (39..=59).map(|agents| {
            let value = match measure {
                Statistic::Abandons => erlang::erlang_a(agents, 0.8, 60.0, 120.0).abandons,
                _ => erlang::erlang_a_within(agents, 0.8, 60.0, 120.0, 20.0).answered,
            };
            (panel.at_x(f64::from(agents)), panel.at_y(value))
        });
        drawing.line(line, THEORY, 2.0);
        for outcome in &findings.by_agents {
            if let Some(s) = outcome.of(measure) {
                let value = (s.mean, s.mean - s.half, s.mean + s.half);
                point(&mut drawing, &panel, f64::from(outcome.case.agents), value, SIMULATED);
            }
        }
    }
    drawing
}
