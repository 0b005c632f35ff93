//! The bill of each strategy, stacked.

use super::axis::{Panel, ticks, top};
use super::legend::Rows;
use super::{Chart, Findings, MARGIN, SMALL, WIDER, WIDTH, sheet};
use crate::numbers::{money, short};
use crate::report::drawing::{Anchor, Ink, fitted};
use crate::results::Line;

/// Height of a row.
const ROW: f64 = 42.0;

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let strategies = &findings.summary.strategies;
    let cents = |place: usize, line: Line| strategies[place].cost_cents[line] as f64;
    let most = strategies.iter().map(|strategy| strategy.cost_cents.total() as f64).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let title = "What each strategy costs";
    let below = "Whole horizon, mean over replications. Baseline traffic of the desk is left out.";
    // Each line of the bill keeps its colour, whether or not others stand beside it.
    let lines: Vec<(Ink, Line)> = (0..).map(Ink::Part).zip(Line::ALL).collect();
    let is_charged = |line: Line| (0..strategies.len()).any(|place| cents(place, line) > 0.0);
    let entries: Vec<_> =
        lines.iter().filter(|(_, line)| is_charged(*line)).map(|(ink, line)| (*ink, line.word())).collect();
    let legend = Rows::new(&entries, WIDTH);
    let mut drawing = sheet(146.0 + legend.extra() + ROW * strategies.len() as f64, title, below);
    legend.draw(&mut drawing, 74.0);
    let panel = Panel {
        x: 150.0,
        y: 100.0 + legend.extra(),
        w: WIDTH - 270.0,
        h: ROW * strategies.len() as f64,
        across: (0.0, top(most / 100.0)),
        up: (0.0, 1.0),
    };
    for tick in ticks(0.0, panel.across.1, 6) {
        let x = panel.at_x(tick);
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], Ink::Grid, 1.0);
        drawing.text(x, panel.y + panel.h + 14.0, short(tick), 12.0, Ink::Label, Anchor::Middle);
    }
    let unit = "cost, in units of your currency";
    drawing.text(panel.x + panel.w / 2.0, panel.y + panel.h + 33.0, unit, 12.0, Ink::Label, Anchor::Middle);
    for (place, strategy) in strategies.iter().enumerate() {
        let y = panel.y + place as f64 * ROW;
        let name = fitted(&strategy.name, SMALL, (panel.x - 10.0 - MARGIN) / WIDER);
        drawing.bold(panel.x - 10.0, y + ROW / 2.0, name, SMALL, findings.ink(place), Anchor::End);
        let mut sum = 0.0;
        for (ink, line) in &lines {
            let from = panel.at_x(sum / 100.0);
            sum += cents(place, *line);
            let wide = panel.at_x(sum / 100.0) - from;
            // A seam between neighbours, where there is room for it.
            drawing.rect(from, y + 8.0, if wide > 4.0 { wide - 1.0 } else { wide }, ROW - 16.0, *ink);
        }
        let x = panel.at_x(sum / 100.0) + 8.0;
        drawing.text(x, y + ROW / 2.0, money(sum), SMALL, Ink::Text, Anchor::Start);
    }
    Some(Chart {
        id: "cost".into(),
        title: title.to_owned(),
        shows: "The bill of each strategy and of leaving everything as it is: what is paid for messages, desk, building and \
                running it, and what is lost with customers, takeovers and mistakes. The currency is that of your prices."
            .to_owned(),
        read: "Longer is dearer. Under stay, customers are lost and the legacy platform is paid for as well: what counts \
               is the difference to it."
            .to_owned(),
        act: "The widest coloured field is the price to check first: put your own figure into the scenario's [prices], or \
              into the worth_cents of a segment, and run again."
            .to_owned(),
        drawing,
    })
}
