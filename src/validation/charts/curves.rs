//! How people behave: the model as a line, what was published as points with the interval in which they may lie.

use super::{RECORDED, SIMULATED, axis_x, panel, percent, point};
use crate::report::charts::axis::Panel;
use crate::report::charts::{MARGIN, WIDTH, legend, sheet};
use crate::report::drawing::Drawing;
use crate::validation::curves::Curve;
use crate::validation::curves::cases::Of;

/// Published points and the model's line, days across.
fn draw(drawing: &mut Drawing, panel: &Panel, curve: &Curve) {
    let last = panel.across.1;
    let hours = curve.course.iter().enumerate().map(|(hour, share)| ((hour + 1) as f64 / 24.0, *share));
    let line = [(0.0, 0.0)].into_iter().chain(hours.step_by(3)).filter(|(day, _)| *day <= last);
    drawing.line(line.map(|(day, share)| (panel.at_x(day), panel.at_y(share))), SIMULATED, 2.0);
    for published in curve.case.published {
        if let Of::NewPassword(day) | Of::Contact(day) | Of::TakenOver(day) = published.of {
            let (low, high) = published.range();
            point(drawing, panel, day.min(last), (published.value, low, high), RECORDED);
        }
    }
    panel.floor(drawing);
}

fn of<'a>(curves: &'a [Curve], id: &str) -> Option<&'a Curve> {
    curves.iter().find(|curve| curve.case.id == id)
}

fn begin(title: &str, below: &str) -> Drawing {
    let mut drawing = sheet(400.0, title, below);
    legend(&mut drawing, MARGIN, 72.0, &[(RECORDED, "published"), (SIMULATED, "model")]);
    drawing
}

/// Draws the share with a new password, by day, of those who were locked out, asked, and forced.
pub(super) fn new_passwords(curves: &[Curve]) -> Drawing {
    let mut drawing = begin(
        "Who has a new password, and when",
        "Share of those who were mailed. Bars: 95 % sampling intervals, or the range that was published.",
    );
    let width = (WIDTH - 20.0) / 3.0;
    let panels = [
        ("linkedin-2016", "Locked out (LinkedIn 2016)", 120.0, 0.6),
        ("cmu-2020", "Asked only (nine services)", 365.0, 0.6),
        ("ebay-2014", "Active and forced (eBay 2014)", 90.0, 1.0),
    ];
    for (place, (id, title, days, most)) in panels.into_iter().enumerate() {
        let Some(curve) = of(curves, id) else { continue };
        let x = 62.0 + place as f64 * width;
        let panel = panel(&mut drawing, (x, width - 70.0), title, (0.0, days), (0.0, most));
        panel.grid_y(&mut drawing, 5, percent);
        draw(&mut drawing, &panel, curve);
        axis_x(&mut drawing, &panel, 4, "days since the mail");
    }
    drawing
}

/// Draws who has needed the desk, and who was taken over.
pub(super) fn desk_and_takeovers(curves: &[Curve]) -> Drawing {
    let mut drawing = begin(
        "Who needs the desk, and whose account is broken into",
        "Bars: 95 % sampling interval (left), and the range of what services have published (right).",
    );
    let width = (WIDTH - 20.0) / 2.0;
    if let Some(curve) = of(curves, "idaho-2023") {
        let title = "At the desk after an unannounced change (Idaho State 2023)";
        let panel = panel(&mut drawing, (70.0, width - 90.0), title, (0.0, 5.0), (0.0, 0.2));
        panel.grid_y(&mut drawing, 5, percent);
        draw(&mut drawing, &panel, curve);
        axis_x(&mut drawing, &panel, 5, "days since the change");
    }
    if let Some(curve) = of(curves, "stay-year") {
        let title = "Accounts broken into while nothing is migrated";
        let panel = panel(&mut drawing, (70.0 + width, width - 90.0), title, (0.0, 365.0), (0.0, 0.01));
        panel.grid_y(&mut drawing, 5, |share| format!("{:.1} %", 100.0 * share));
        draw(&mut drawing, &panel, curve);
        axis_x(&mut drawing, &panel, 5, "days");
    }
    drawing
}
