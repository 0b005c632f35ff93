//! What becomes of the active customers under each strategy, in one bar each.

use super::legend::Rows;
use super::{Chart, Findings, MARGIN, NARROW, SMALL, WIDER, narrow_sheet};
use crate::numbers::percent;
use crate::report::drawing::{Anchor, Ink, fitted, text_width};
use crate::report::figures::can_sign_in_share;
use crate::terms::Outcome;

const ROW: f64 = 40.0;

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let strategies = &findings.summary.strategies;
    let active = strategies.first().map_or(0.0, |stay| stay.outcomes_active.sum());
    if active <= 0.0 {
        return None;
    }
    let title = "What becomes of the active customers";
    let entries: Vec<_> = Outcome::ALL
        .into_iter()
        .filter(|&outcome| strategies.iter().any(|strategy| strategy.outcomes_active[outcome] > 0.0))
        .map(|outcome| (Ink::Fate(outcome.index()), outcome.word()))
        .collect();
    let legend = Rows::new(&entries, NARROW);
    let height = 92.0 + legend.extra() + ROW * strategies.len() as f64;
    let mut drawing = narrow_sheet(height, title, "At the horizon, in percent of those who show up until then.");
    legend.draw(&mut drawing, 66.0);
    let full = NARROW - 2.0 * MARGIN;
    for (place, strategy) in strategies.iter().enumerate() {
        let y = 86.0 + legend.extra() + ROW * place as f64;
        let can = can_sign_in_share(strategy).map_or(String::new(), |share| format!("{} can sign in", percent(share)));
        let name = fitted(&strategy.name, SMALL, (full - WIDER * text_width(&can, SMALL) - 12.0) / WIDER);
        drawing.bold(MARGIN, y + 6.0, name, SMALL, Ink::Text, Anchor::Start);
        drawing.text(NARROW - MARGIN, y + 6.0, can, SMALL, Ink::Text, Anchor::End);
        let mut x = MARGIN;
        for outcome in Outcome::ALL {
            let wide = full * strategy.outcomes_active[outcome] / active;
            drawing.rect(x, y + 16.0, wide, 14.0, Ink::Fate(outcome.index()));
            x += wide;
        }
    }
    Some(Chart {
        id: "active-customers".to_owned(),
        title: title.to_owned(),
        shows: "The outcome of every account whose owner is a customer and shows up between start and horizon, whatever the \
                strategy: the same accounts in every bar."
            .to_owned(),
        read: "Blue has moved and was seen there, sand was linked and nobody has come since, grey has not moved, warm colours \
               went wrong. How many can sign in stands above the bar: with what they have, without any further step."
            .to_owned(),
        act: "Warm colours that one strategy has and another has not are what it costs in people; the table below says \
              what it costs in money."
            .to_owned(),
        drawing,
    })
}
