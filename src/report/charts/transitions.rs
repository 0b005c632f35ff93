//! Who moves where: the same accounts under two strategies.

use super::{Chart, Findings, SMALL, WIDTH, in_title, sheet};
use crate::numbers::grouped;
use crate::report::comparison::{ComparisonSummary, WITH_TRANSITIONS};
use crate::report::drawing::{Anchor, Ink};
use crate::terms::Outcome;

/// Draws the chart for the best strategy and the best alternative.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let (better, other) = findings.verdict.pair.as_ref()?;
    let forward = findings.summary.comparison(other, better, WITH_TRANSITIONS);
    let backward = findings.summary.comparison(better, other, WITH_TRANSITIONS);
    let cell_of = |from: Outcome, to: Outcome| -> f64 {
        let look = |c: &ComparisonSummary, a: Outcome, b: Outcome| c.transitions.of(a, b);
        match (forward, backward) {
            (Some(c), _) => look(c, from, to),
            (None, Some(c)) => look(c, to, from),
            (None, None) => 0.0,
        }
    };
    let (from, to) = (in_title(other), in_title(better));
    let title = format!("The same accounts under {from} and under {to}");
    let below = format!("Accounts; rows: outcome under {from}; columns: outcome under {to}. Framed: no difference.");
    let outcomes = Outcome::ALL.len() as f64;
    let mut drawing = sheet(140.0 + 36.0 * outcomes, &title, &below);
    let (left, top, cell, row) = (160.0, 112.0, (WIDTH - 180.0) / outcomes, 36.0);
    for (place, outcome) in Outcome::ALL.iter().enumerate() {
        let (first, second) = outcome.word().split_once(' ').unwrap_or(("", outcome.word()));
        let x = left + (place as f64 + 0.5) * cell;
        drawing.text(x, top - 28.0, first, 12.0, Ink::Label, Anchor::Middle);
        drawing.text(x, top - 13.0, second, 12.0, Ink::Label, Anchor::Middle);
        let y = top + (place as f64 + 0.5) * row;
        drawing.text(left - 8.0, y, outcome.word(), SMALL, Ink::Text, Anchor::End);
    }
    let most = Outcome::ALL.iter().flat_map(|&from| Outcome::ALL.map(|to| cell_of(from, to))).fold(1.0, f64::max);
    for (down, &from) in Outcome::ALL.iter().enumerate() {
        for (across, &to) in Outcome::ALL.iter().enumerate() {
            let accounts = cell_of(from, to);
            let strength = (1.0 + accounts).ln() / (1.0 + most).ln();
            let (x, y) = (left + across as f64 * cell, top + down as f64 * row);
            if from == to {
                drawing.rect(x, y, cell, row, Ink::Label);
            }
            drawing.rect(x + 1.5, y + 1.5, cell - 3.0, row - 3.0, Ink::Heat(strength));
            if accounts > 0.0 {
                let (cx, cy) = (x + cell / 2.0, y + row / 2.0);
                // In some replications only: a mean that would be told as 0.
                let text = if accounts < 1.0 {
                    "< 1".to_owned()
                } else {
                    grouped(accounts)
                };
                drawing.text(cx, cy, text, 12.0, Ink::OnHeat(strength), Anchor::Middle);
            }
        }
    }
    Some(Chart {
        id: "transitions".into(),
        title,
        shows: format!("Where each account ends under {better}, given where the same account, with the same habits and \
                        luck, ends under {other}."),
        read: format!("Off the diagonal stand the accounts for which the choice matters. Read along a row: of those lost \
                       under {other}, so many are migrated under {better}. Colour is on a logarithmic scale."),
        act: "Look for large numbers that move the wrong way: they are customers for whom the favoured strategy is worse, \
              and a rule of the policy could spare them."
            .to_owned(),
        drawing,
    })
}
