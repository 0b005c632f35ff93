//! Outcome by segment, for every strategy.

use super::{Chart, Findings, MARGIN, SMALL, WIDER, WIDTH, sheet};
use crate::numbers::percent;
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::report::summary::StrategySummary;
use crate::terms::Outcome;

const ROW: f64 = 24.0;

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let segments: Vec<&str> = findings.scenario.segments().iter().map(|segment| segment.name.as_str()).collect();
    if findings.summary.accounts == 0 {
        return None;
    }
    let title = "Outcome by segment";
    let below = "Share of each segment's accounts at the horizon; a stronger colour is more. Rows sum to 100 %.";
    let block = 44.0 + ROW * segments.len() as f64;
    let mut drawing = sheet(100.0 + block * findings.summary.strategies.len() as f64, title, below);
    let cell = (WIDTH - 160.0) / Outcome::ALL.len() as f64;
    for (column, outcome) in Outcome::ALL.iter().enumerate() {
        let x = 150.0 + (column as f64 + 0.5) * cell;
        let (first, second) = outcome.word().split_once(' ').unwrap_or(("", outcome.word()));
        drawing.text(x, 72.0, first, 12.0, Ink::Label, Anchor::Middle);
        drawing.text(x, 86.0, second, 12.0, Ink::Label, Anchor::Middle);
    }
    for (arm, strategy) in findings.summary.strategies.iter().enumerate() {
        let top = 104.0 + arm as f64 * block;
        drawing.bold(MARGIN, top + 4.0, fitted(&strategy.name, SMALL, 600.0), SMALL, findings.ink(arm), Anchor::Start);
        for (row, segment) in segments.iter().enumerate() {
            segment_row(&mut drawing, strategy, segment, (top + 16.0 + row as f64 * ROW, cell));
        }
    }
    Some(Chart {
        id: "outcome-by-segment".into(),
        title: title.to_owned(),
        shows: "What has become of the accounts of each segment at the end of the simulation.".to_owned(),
        read: "Compare the same row between strategies: the three columns on the left are accounts that moved, the third \
               of them without anybody coming since; blocked, duplicate, churned, misbound and taken over on the right are what it cost."
            .to_owned(),
        act: "A segment that is strong on the right under one strategy and on the left under another is worth a rule of its \
              own in the policy."
            .to_owned(),
        drawing,
    })
}

fn segment_row(drawing: &mut Drawing, strategy: &StrategySummary, segment: &str, (y, cell): (f64, f64)) {
    let Some(outcomes) = strategy.outcomes_by_segment.get(segment) else {
        return;
    };
    let total = outcomes.sum();
    drawing.text(
        142.0,
        y + ROW / 2.0,
        fitted(segment, SMALL, (142.0 - MARGIN) / WIDER),
        SMALL,
        Ink::Text,
        Anchor::End,
    );
    for (column, outcome) in Outcome::ALL.iter().enumerate() {
        let count = outcomes[*outcome];
        let share = if total > 0.0 { count / total } else { 0.0 };
        let x = 150.0 + column as f64 * cell;
        // The square root lets small shares be seen.
        let strength = share.sqrt();
        drawing.rect(x + 1.0, y + 1.0, cell - 2.0, ROW - 2.0, Ink::Heat(strength));
        if count > 0.0 {
            drawing.text(x + cell / 2.0, y + ROW / 2.0, percent(share), 12.0, Ink::OnHeat(strength), Anchor::Middle);
        }
    }
}
