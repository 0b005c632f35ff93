//! The calls of the busiest hour against the agents on duty, a row for each strategy.

use super::axis::top;
use super::legend::Rows;
use super::{Chart, Findings, MARGIN, NARROW, SMALL, WIDER, narrow_sheet};
use crate::numbers::grouped;
use crate::report::drawing::{Anchor, Ink, fitted, text_width};

const ROW: f64 = 40.0;
/// Agents that there are, and agents that there are not.
const ON_DUTY: Ink = Ink::Tint(None, 0.6);
const MISSING: Ink = Ink::Alarm(0.8);

/// Draws the chart.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let agents = &findings.verdict.agents;
    let most = agents.iter().map(|of| of.on_duty.max(f64::from(of.needed))).fold(0.0, f64::max);
    if agents.iter().all(|of| of.calls <= 0.0) || most <= 0.0 {
        return None;
    }
    let title = "Calls against agents in the busiest hour";
    let below = "Agents that its calls need, and agents on duty who take calls.";
    let legend = Rows::new(&[(ON_DUTY, "on duty"), (MISSING, "missing"), (Ink::Text, "needed")], NARROW);
    let height = 92.0 + legend.extra() + ROW * agents.len() as f64;
    let mut drawing = narrow_sheet(height, title, below);
    legend.draw(&mut drawing, 66.0);
    let full = NARROW - 2.0 * MARGIN;
    let per_agent = full / top(most);
    for (place, of) in agents.iter().enumerate() {
        let y = 86.0 + legend.extra() + ROW * place as f64;
        let needed = f64::from(of.needed);
        let calls = grouped(of.calls);
        let told = format!("{calls} calls: {} needed, {} on duty", of.needed, grouped(of.on_duty));
        let name = fitted(&of.strategy, SMALL, (full - WIDER * text_width(&told, 12.0) - 12.0) / WIDER);
        drawing.bold(MARGIN, y + 6.0, name, SMALL, Ink::Text, Anchor::Start);
        drawing.text(NARROW - MARGIN, y + 6.0, told, 12.0, Ink::Text, Anchor::End);
        drawing.rect(MARGIN, y + 16.0, per_agent * of.on_duty, 14.0, ON_DUTY);
        drawing.rect(MARGIN + per_agent * of.on_duty, y + 16.0, per_agent * (needed - of.on_duty), 14.0, MISSING);
        drawing.rect(MARGIN + per_agent * needed - 2.0, y + 14.0, 3.0, 18.0, Ink::Text);
    }
    Some(Chart {
        id: "calls-and-agents".to_owned(),
        title: title.to_owned(),
        shows:
            "The hour with the most calls under each strategy: how many agents its calls need to keep the target, by \
                Erlang-A, and how many are on duty."
                .to_owned(),
        read:
            "Red is missing. The hour is the one with the most calls on the mean over the replications; how many the \
               busiest hour of a single one has is among the figures."
                .to_owned(),
        act:
            "Where red is long, spread the mails over more days or roster for the weeks of the campaign; cutover size \
              finds the numbers."
                .to_owned(),
        drawing,
    })
}
