//! Told: what came of a figure, in a sentence.

use super::Part;
use super::estimate::How;
use super::meaning::{shown, shown_signed};
use super::question::{Asked, What};
use super::rules::Better;
use super::verdict::{Answer, Outcome};
use crate::numbers::{percent, stated_percent, tidy};

impl Asked {
    /// How many replications would decide, if more would.
    fn more(&self, answer: Option<&Answer>) -> String {
        let wanted = answer.filter(|answer| answer.outcome == Outcome::Undecided).and_then(|answer| {
            let (question, n) = match &self.what {
                What::Limit { question, .. } => (question, question.estimate.replications()?.len()),
                What::Baseline { question, how: How::Paired(n), .. } => (question, *n),
                _ => return None,
            };
            question.wanted(n, answer.bounds?)
        });
        wanted.map(|wanted| format!("; about {wanted} replications would tell")).unwrap_or_default()
    }

    /// What came of it.
    pub(super) fn told(&self, answer: Option<&Answer>) -> Part {
        let path = self.path.clone();
        let mut part = Part {
            path,
            outcome: answer.map_or(Outcome::Undecided, |answer| answer.outcome),
            told: String::new(),
            value: None,
            baseline: None,
            bounds: answer.and_then(|answer| answer.bounds).map(|bounds| bounds.map(tidy)),
            confidence: self.question().and_then(|question| question.confidence),
            paired_replications: None,
            samples: None,
        };
        let why = answer.and_then(|answer| answer.why.as_deref());
        let why = why.map(|why| format!(". {}", sentence(why))).unwrap_or_default();
        let more = self.more(answer);
        match &self.what {
            What::Plain { is_kept, told } => {
                part.outcome = if *is_kept { Outcome::Passed } else { Outcome::Failed };
                part.told.clone_from(told);
            }
            What::Limit { question, names, wanted } => {
                let value = question.estimate.value;
                part.value = Some(tidy(value));
                let bounds = between(&part, names, shown);
                part.told = format!("{} is {}{bounds}; wanted {wanted}{more}{why}", self.path, shown(value, names));
            }
            What::Baseline {
                question,
                change: difference,
                names,
                now,
                was,
                allowed,
                better,
                how,
            } => {
                (part.value, part.baseline) = (Some(tidy(*now)), Some(tidy(*was)));
                if let How::Paired(n) = how {
                    part.paired_replications = Some(*n);
                }
                // A relative margin scales the baseline; the difference is told without that.
                let bounds = question.confidence.and_then(|sure| difference.bounds(sure).ok());
                part.bounds = bounds.map(|bounds| bounds.map(tidy));
                let bounds = between(&part, names, shown_signed);
                let sign = if *better == Better::Lower { 1.0 } else { -1.0 };
                let change = shown_signed(now - was, names);
                let share = if *was == 0.0 {
                    String::new()
                } else {
                    format!(" ({})", signed_percent((now - was) / was.abs()))
                };
                let allowed = match *allowed {
                    0.0 => "no change for the worse is allowed".to_owned(),
                    allowed => format!("allowed is {}", shown_signed(sign * allowed, names)),
                };
                part.told = format!(
                    "{} is {}, was {}: {change}{share}{bounds}; {allowed}{}{more}{why}",
                    self.path,
                    shown(*now, names),
                    shown(*was, names),
                    match how {
                        How::Paired(n) => format!("; {n} replications with the same luck"),
                        How::Apart => String::new(),
                    }
                );
            }
            What::Nothing { why } => part.told = format!("{}: {why}", self.path),
            What::Time(found) => found.tell(&self.path, &why, &mut part),
            What::Command | What::Recorded(..) => part.told = format!("{}: nothing was timed", self.path),
        }
        part
    }
}

/// ` (with 95 % at least 731, with 95 % at most 850)`.
fn between(part: &Part, names: &[String], show: fn(f64, &[String]) -> String) -> String {
    match (part.bounds, part.confidence) {
        (Some([low, high]), Some(confidence)) => {
            let (low, high, sure) = (show(low, names), show(high, names), stated_percent(confidence));
            format!(" (with {sure} at least {low}, with {sure} at most {high})")
        }
        _ => String::new(),
    }
}

fn signed_percent(share: f64) -> String {
    let text = percent(share);
    if share > 0.0 { format!("+{text}") } else { text }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
