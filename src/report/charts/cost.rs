//! The bill of each strategy, stacked.

use super::axis::{Panel, ticks, top};
use super::{Chart, Findings, MARGIN, SMALL, WIDTH, legend, sheet};
use crate::report::costs::Line;
use crate::report::drawing::{Anchor, Ink};
use crate::report::numbers::{money, short};

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let strategies = &findings.summary.strategies;
    let total = |place: usize| strategies[place].cost_cents.get("total").copied().unwrap_or(0) as f64;
    let most = (0..strategies.len()).map(total).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let title = "What each strategy costs";
    let below =
        "Whole horizon, mean over replications, in units of your currency. Baseline traffic of the desk is left out.";
    let row = 42.0;
    let mut drawing = sheet(130.0 + row * strategies.len() as f64 + 30.0, title, below);
    let lines: Vec<_> = Line::ALL.iter().enumerate().map(|(n, line)| (ink(n), line.word())).collect();
    legend(&mut drawing, MARGIN, 74.0, &lines);
    let panel = Panel {
        x: 150.0,
        y: 100.0,
        w: WIDTH - 270.0,
        h: row * strategies.len() as f64,
        across: (0.0, top(most / 100.0)),
        up: (0.0, 1.0),
    };
    for tick in ticks(0.0, panel.across.1, 6) {
        let x = panel.at_x(tick);
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], Ink::Grid, 1.0);
        drawing.text(x, panel.y + panel.h + 14.0, short(tick), 12.0, Ink::Label, Anchor::Middle);
    }
    for (place, strategy) in strategies.iter().enumerate() {
        let y = panel.y + place as f64 * row;
        drawing.bold(panel.x - 10.0, y + row / 2.0, strategy.name.as_str(), SMALL, findings.ink(place), Anchor::End);
        let mut sum = 0.0;
        for (n, line) in Line::ALL.iter().enumerate() {
            let cents = strategy.cost_cents.get(line.key()).copied().unwrap_or(0) as f64;
            let (from, to) = (panel.at_x(sum / 100.0), panel.at_x((sum + cents) / 100.0));
            drawing.rect(from, y + 8.0, to - from, row - 16.0, ink(n));
            sum += cents;
        }
        let x = panel.at_x(sum / 100.0) + 8.0;
        drawing.text(x, y + row / 2.0, money(sum), SMALL, Ink::Text, Anchor::Start);
    }
    Some(Chart {
        id: "cost".into(),
        title: title.to_owned(),
        shows: "The bill of each strategy and of leaving everything as it is: messages, checks, desk, review, the legacy \
                platform, lost customers at a year's worth, takeovers."
            .to_owned(),
        read: "Longer is dearer. `stay` also loses customers and pays for the legacy platform: what counts is the \
               difference to it."
            .to_owned(),
        act: "The widest coloured field is the price to check first: put your own figure into `[prices]` or the segment's \
              `worth_cents` and run again."
            .to_owned(),
        drawing,
    })
}

/// Colours of the lines of the bill.
fn ink(line: usize) -> Ink {
    const ORDER: [Ink; 7] = [
        Ink::Series(5),
        Ink::Series(3),
        Ink::Series(0),
        Ink::Series(2),
        Ink::Stay,
        Ink::Series(1),
        Ink::Series(4),
    ];
    ORDER[line % ORDER.len()]
}
