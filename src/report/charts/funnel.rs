//! The reset funnel: from the mail that was sent to the account that works.

use super::{Chart, Findings, MARGIN, SMALL, WIDTH, sheet};
use crate::numbers::{grouped, percent};
use crate::report::drawing::{Anchor, Ink, fitted};

/// Draws the chart; strategies that mail nobody have no funnel.
pub fn draw(findings: &Findings<'_>) -> Option<Chart> {
    let mailing: Vec<_> = findings
        .summary
        .strategies
        .iter()
        .enumerate()
        .filter(|(_, strategy)| strategy.funnel.notified > 0.0)
        .collect();
    if mailing.is_empty() {
        return None;
    }
    let title = "What becomes of the reset mails";
    let below = "Accounts that reach each step, of those that were sent a campaign mail (reminders included).";
    let block = 220.0;
    let mut drawing = sheet(80.0 + block * mailing.len() as f64, title, below);
    for (place, (arm, strategy)) in mailing.iter().enumerate() {
        let funnel = &strategy.funnel;
        let top = 82.0 + place as f64 * block;
        drawing.bold(MARGIN, top, fitted(&strategy.name, SMALL, 600.0), SMALL, findings.ink(*arm), Anchor::Start);
        let steps = [
            ("sent", funnel.notified, true),
            ("delivered", funnel.delivered, true),
            ("opened by the owner", funnel.opened, true),
            ("link clicked", funnel.clicked, true),
            ("completed by that link", funnel.completed, true),
            ("bounced: the mailbox is dead", funnel.bounced, false),
            ("found the link expired", funnel.expired, false),
            ("completed by a link asked for at sign-in", funnel.completed_on_request, false),
        ];
        for (row, (name, accounts, main)) in steps.into_iter().enumerate() {
            let y = top + 24.0 + row as f64 * 22.0 + if main { 0.0 } else { 8.0 };
            let share = accounts / funnel.notified;
            let ink = if main {
                findings.ink(*arm)
            } else {
                Ink::Pale(arm.saturating_sub(1))
            };
            let full = WIDTH - 470.0;
            drawing.text(290.0, y, name, SMALL, Ink::Text, Anchor::End);
            drawing.rect(300.0, y - 8.0, full, 16.0, Ink::Grid);
            drawing.rect(300.0, y - 8.0, full * share.min(1.0), 16.0, ink);
            let label = format!("{}  ({})", grouped(accounts), percent(share));
            drawing.text(310.0 + full, y, label, SMALL, Ink::Text, Anchor::Start);
        }
    }
    Some(Chart {
        id: "funnel".into(),
        title: title.to_owned(),
        shows: "How many of the accounts that were mailed a link reach each step, and where the others stop."
            .to_owned(),
        read: "Dark bars narrow from step to step; the largest drop is where the campaign loses people. Pale bars are \
               side ways: mail that bounced, links that had expired, customers who came on their own."
            .to_owned(),
        act: "Many expired links ask for a longer lifetime; many bounces for another channel; many unopened mails for \
              waiting until customers come by themselves."
            .to_owned(),
        drawing,
    })
}
