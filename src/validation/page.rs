//! The document: what was done, what came out, and what disagrees. Its text changes with the figures where it must.

mod behaviour;

mod evidence;

mod record;

mod theory;

use super::ValidationFindings;
use crate::numbers::grouped;

pub use behaviour::curves;
pub use evidence::DEFAULTS;
pub use record::{bank, dispersion};
pub use theory::exact_values;

/// A table of Markdown; columns behind the first `left` are numbers.
fn table(head: &[&str], left: usize, rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let rule = |column| if column < left { "---" } else { "---:" };
    let mut text = line(head.to_vec());
    text += &format!("|{}|\n", (0..head.len()).map(rule).collect::<Vec<_>>().join("|"));
    for row in rows {
        text += &line(row.iter().map(String::as_str).collect());
    }
    text
}

/// Four significant digits.
fn digits(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = (3 - value.abs().log10().floor() as i64).clamp(0, 9) as usize;
    format!("{value:.decimals$}")
}

/// A p-value.
fn chance(p: f64) -> String {
    if p < 0.0001 {
        "< 0.0001".to_owned()
    } else {
        format!("{p:.4}")
    }
}

/// The whole document.
pub fn write(findings: &ValidationFindings) -> String {
    let mut text = String::from("# Validation\n\n");
    text += "Written by `cutover validation`; nothing in here is typed by hand. The same command writes the same bytes.\n\n";
    text += &summary(findings);
    text += &theory::method(findings);
    text += &theory::steady(findings);
    text += &theory::by_agents(findings);
    text += &theory::approximate(findings);
    text += &theory::conservation(findings);
    text += &theory::days(findings);
    text += &bank(&findings.bank);
    text += &dispersion(&findings.dispersion);
    text += &curves(&findings.curves);
    text += DEFAULTS;
    text += &limits();
    text
}

fn summary(findings: &ValidationFindings) -> String {
    let bank = &findings.bank;
    let contacts: u64 = findings.exact.iter().chain(&findings.by_agents).map(|outcome| outcome.contacts).sum();
    let inside = bank.figures.iter().zip(super::bank::RECORDED).filter(|(range, value)| range.holds(*value)).count();
    let balance = if findings.kept.holds() {
        "Little's law and the conservation of contacts hold exactly in every run"
    } else {
        "Little's law or the conservation of contacts is BROKEN in some run"
    };
    format!(
        "| question | answer |\n|---|---|\n\
         | Does the desk follow queueing theory where theory is exact? | **{}** {} contacts in steady state; a difference \
         of 3 % in a well-resolved measure would be found (a test makes sure). |\n\
         | Does it lose or invent contacts? | {balance} ({} contacts). |\n\
         | Does it behave like a call centre that existed? | In total: {inside} of {} figures of the recorded day lie \
         within 95 % of the simulated days; the calls are given and the two shares nearly fixed by the way agents are \
         counted, the waits are not. By the hour: no, see [below](#a-day-that-happened). |\n\
         | Are days as different as in reality? | Only if `desk.baseline.day_cv` is set, \
         see [below](#good-and-bad-days). |\n\
         | Do people behave as they did? | {} [Below](#how-people-behave). |\n\n",
        findings.verdict.sentence(),
        grouped(contacts as f64),
        grouped(findings.kept.came as f64),
        bank.figures.len(),
        behaviour::sentence(&findings.curves),
    )
}

fn limits() -> String {
    "## What this does not show\n\n\
     - Of journeys and threats, what is held against published figures are five groups of people in five situations. What \
     reviewers, step-ups, passkeys and impostors do, what follows a takeover, and every price are not part of it.\n\
     - Calls and chats are tested one channel at a time. Priorities, overflow to a partner, call-backs and busy tones have \
     no closed form here; other tests look at them.\n\
     - One recorded day of one call centre is one day. Its staffing is not on record.\n"
        .to_owned()
}
