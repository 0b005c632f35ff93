//! Words: a verdict for the terminal.

use super::verdict::Outcome;
use super::{Gate, Judged, Part};

/// Figures of a rule that are told one by one, at most.
const SHOWN: usize = 8;

/// The verdict, a rule after the other, and how many of them are what.
pub fn terminal(gate: &Gate) -> String {
    let mut text = String::new();
    for rule in &gate.rules {
        text += &format!("{:<11}{}\n", rule.outcome.word(), heading(rule));
        for line in told(rule) {
            text += &format!("           {line}\n");
        }
    }
    text + "\n" + &sum(gate) + "\n"
}

/// The name of a rule, and what it says if that is something else.
pub(super) fn heading(rule: &Judged) -> String {
    if rule.says.starts_with(&rule.name) {
        rule.says.clone()
    } else {
        format!("{}: {}", rule.name, rule.says)
    }
}

/// What came of the figures of a rule: all of few; of many those that did not pass.
pub(super) fn told(rule: &Judged) -> Vec<String> {
    let all = rule.figures.len();
    let worse: Vec<&Part> = rule.figures.iter().filter(|part| part.outcome != Outcome::Passed).collect();
    let (parts, rest) = match (all, worse.len()) {
        (1..=3, _) => (rule.figures.iter().collect(), None),
        (_, 0) => (Vec::new(), Some(format!("all {all} figures passed"))),
        (_, n) => (worse, Some(format!("{} of {all} figures passed", all - n))),
    };
    let mut lines: Vec<String> = parts
        .iter()
        .take(SHOWN)
        .map(|part| match all {
            1 => part.told.clone(),
            _ => format!("{}: {}", part.outcome.word(), part.told),
        })
        .collect();
    if parts.len() > SHOWN {
        lines.push(format!("and {} more", parts.len() - SHOWN));
    }
    lines.extend(rest);
    lines
}

/// `5 rules: 3 passed, 1 failed, 1 undecided, which does not stop the build.`
pub(super) fn sum(gate: &Gate) -> String {
    let all = gate.rules.len();
    let mut parts = vec![format!("{} passed", gate.passed)];
    if gate.failed > 0 {
        parts.push(format!("{} failed", gate.failed));
    }
    if gate.undecided > 0 {
        let undecided = gate.rules.iter().filter(|rule| rule.outcome == Outcome::Undecided);
        let stops = undecided.filter(|rule| rule.undecided_fails).count();
        let what = match stops {
            0 => "which does not stop the build".to_owned(),
            n if n == gate.undecided => "which stops the build".to_owned(),
            n => format!("of which {n} stop the build"),
        };
        parts.push(format!("{} undecided, {what}", gate.undecided));
    }
    let rules = if all == 1 { "1 rule" } else { &format!("{all} rules") };
    format!("{rules}: {}.", parts.join(", "))
}
