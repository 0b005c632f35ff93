//! How long contacts wait: the tail of the distribution, on a scale of powers of ten.

use super::{SIMULATED, THEORY, axis_x, panel, point};
use crate::report::charts::{MARGIN, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};
use crate::validation::ValidationFindings;
use crate::validation::verdict::Statistic;

/// Draws the chart.
pub(super) fn draw(findings: &ValidationFindings) -> Drawing {
    let mut drawing = sheet(
        400.0,
        "Share of contacts that still wait after t seconds",
        "Answered later or not. Bars are 95 % intervals over replications.",
    );
    legend(&mut drawing, MARGIN, 72.0, &[(THEORY, "theory"), (SIMULATED, "simulated")]);
    let width = (WIDTH - 20.0) / 2.0;
    let panels = [
        ("C6", "C6, Erlang-C: nobody gives up", 1300.0, -3.0),
        ("A6", "A6, Erlang-A: overload, 17 % give up", 260.0, -3.0),
    ];
    for (place, (id, title, last_s, decades)) in panels.into_iter().enumerate() {
        let Some(outcome) = findings.exact.iter().find(|outcome| outcome.case.id == id) else {
            continue;
        };
        let x = 70.0 + place as f64 * width;
        let panel = panel(&mut drawing, (x, width - 90.0), title, (0.0, last_s), (decades, 0.0));
        let log = |share: f64| share.max(1e-9).log10();
        panel.grid_y(&mut drawing, 3, |power| match power {
            power if power > -1.5 => format!("{:.0} %", 100.0 * 10_f64.powf(power)),
            power => format!("{} %", 100.0 * 10_f64.powf(power)),
        });
        panel.floor(&mut drawing);
        axis_x(&mut drawing, &panel, 6, "t, seconds");
        let line = (0..=120).filter_map(|step| {
            let t = last_s * f64::from(step) / 120.0;
            let share = outcome.case.still_waits(t)?;
            (log(share) >= decades).then(|| (panel.at_x(t), panel.at_y(log(share))))
        });
        drawing.line(line, THEORY, 2.0);
        for statement in &outcome.statements {
            if let Statistic::StillWaits(after_s) = statement.measure {
                let at = |share: f64| log(share).max(decades);
                let (low, high) = (statement.mean - statement.half, statement.mean + statement.half);
                point(&mut drawing, &panel, f64::from(after_s), (at(statement.mean), at(low), at(high)), SIMULATED);
            }
        }
        drawing.text(x + panel.w, 100.0, outcome.case.model, 12.0, Ink::Label, Anchor::End);
    }
    drawing
}
