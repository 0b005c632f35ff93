//! Marks: when a rollout that reacts did something else than planned, as dashed lines with a word.
//!
//! They are those of the first replication. Where there is no room for all, the strongest are kept.

use super::axis::Panel;
use super::{Findings, WIDER};
use crate::plan::Deed;
use crate::report::drawing::{Anchor, Drawing, Ink, text_width};
use crate::report::rollout_summary::DecisionSummary;
use crate::results::Reaction;

/// Size of the words.
const SIZE: f64 = 11.0;
/// Between two lines at least.
const APART: f64 = 4.0;
/// Width of a panel for each of its lines at least.
const PER_MARK: f64 = 24.0;
/// Between a line and its word.
const GAP: f64 = 3.0;
/// From one row of words to the next.
const ROW: f64 = 13.0;

/// What charts say of their marks, where there are any.
pub(super) const MEANING: &str = "Dashed: what the rollout did in the first replication.";

/// A moment at which a rollout reacted.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeMark {
    day: f64,
    word: &'static str,
    reaction: Reaction,
    ink: Ink,
}

impl TimeMark {
    /// The same in the ink of texts, to be seen on an area in the arm's own.
    pub(super) fn in_text(self) -> Self {
        Self { ink: Ink::Text, ..self }
    }
}

/// A word on the sheet: from where to where, and in which row.
type Placed = (f64, f64, usize);

/// The marks of one arm.
pub(super) fn of_arm(findings: &Findings<'_>, arm: usize) -> Vec<TimeMark> {
    let rollout = findings.summary.strategies.get(arm).and_then(|strategy| strategy.rollout.as_ref());
    let first = rollout.and_then(|rollout| rollout.decisions.first());
    let mark = |told: &DecisionSummary| {
        let decision = told.decision();
        word(decision.deed).map(|word| TimeMark {
            day: decision.at.days(),
            word,
            reaction: Reaction::of(decision.deed),
            ink: findings.ink(arm),
        })
    };
    first.into_iter().flatten().filter_map(mark).collect()
}

fn word(deed: Deed) -> Option<&'static str> {
    match deed {
        Deed::Release(_) => None,
        Deed::Hold => Some("held"),
        Deed::GoOn => Some("goes on"),
        Deed::Slow(_) => Some("slowed"),
        Deed::Hasten => Some("at full speed"),
        Deed::Stop => Some("stopped"),
        Deed::RollBack => Some("rolled back"),
    }
}

/// Draws marks into a panel whose values across are days.
pub(super) fn draw(drawing: &mut Drawing, panel: &Panel, marks: Vec<TimeMark>) {
    let kept = thinned(panel, marks);
    for (x, mark) in &kept {
        drawing.dashes((*x, panel.y), (*x, panel.y + panel.h), mark.ink, 1.0);
    }
    let lines: Vec<f64> = kept.iter().map(|(x, _)| *x).collect();
    let mut placed: Vec<Placed> = Vec::new();
    for (x, mark) in &kept {
        let width = text_width(mark.word, SIZE) * WIDER;
        let Some(at) = place(panel, &lines, &placed, *x, width) else {
            continue;
        };
        let y = panel.y + 10.0 + ROW * at.2 as f64;
        // Paper below it, so that it can be read on whatever is drawn there.
        drawing.rect(at.0, y - 6.0, at.1 - at.0, 12.0, Ink::Paper);
        drawing.text(at.0, y, mark.word, SIZE, mark.ink, Anchor::Start);
        placed.push(at);
    }
}

/// As many marks as can be told apart, the strongest first, with their places across. In a crowd those that only slow the
/// sending are left out, then those that stand near others.
fn thinned(panel: &Panel, mut marks: Vec<TimeMark>) -> Vec<(f64, TimeMark)> {
    let most = ((panel.w / PER_MARK) as usize).max(1);
    marks.retain(|mark| (panel.across.0..=panel.across.1).contains(&mark.day));
    if marks.len() > most && marks.iter().any(|mark| mark.reaction > Reaction::Slowed) {
        marks.retain(|mark| mark.reaction > Reaction::Slowed);
    }
    marks.sort_by(|a, b| b.reaction.cmp(&a.reaction).then(a.day.total_cmp(&b.day)));
    let mut apart = APART;
    loop {
        let mut kept: Vec<(f64, TimeMark)> = Vec::new();
        for mark in &marks {
            let x = panel.at_x(mark.day);
            if kept.iter().all(|(other, _)| (other - x).abs() >= apart) {
                kept.push((x, *mark));
            }
        }
        if kept.len() <= most {
            return kept;
        }
        apart *= 1.5;
    }
}

/// Where a word has room beside its line: in the panel, on no other word, and on no other line if that can be had.
fn place(panel: &Panel, lines: &[f64], placed: &[Placed], x: f64, width: f64) -> Option<Placed> {
    let rows = ((panel.h / 2.0 / ROW) as usize).clamp(1, 3);
    let places = (0..rows).flat_map(|row| [(x + GAP, row), (x - GAP - width, row)]);
    let has_room = |(from, to, row): &Placed| {
        let inside = *from >= panel.x && *to <= panel.x + panel.w;
        inside && placed.iter().all(|other| other.2 != *row || other.1 + GAP < *from || *to + GAP < other.0)
    };
    let places: Vec<Placed> = places.map(|(from, row)| (from, from + width, row)).filter(has_room).collect();
    let free_of_lines = |at: &&Placed| lines.iter().all(|line| *line < at.0 || *line > at.1);
    places.iter().find(free_of_lines).or(places.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_marks_are_thinned_out_and_the_strongest_stays() {
        let panel = Panel {
            x: 50.0,
            y: 40.0,
            w: 200.0,
            h: 80.0,
            across: (0.0, 100.0),
            up: (0.0, 1.0),
        };
        let mark = |n: usize| TimeMark {
            day: n as f64 / 4.0,
            word: if n.is_multiple_of(2) { "held" } else { "goes on" },
            reaction: Reaction::Held,
            ink: Ink::Series(0),
        };
        let mut marks: Vec<TimeMark> = (0..400).map(mark).collect();
        marks.push(TimeMark {
            day: 99.9,
            word: "rolled back",
            reaction: Reaction::RolledBack,
            ink: Ink::Series(0),
        });
        marks.push(TimeMark {
            day: 120.0,
            word: "beyond",
            reaction: Reaction::RolledBack,
            ink: Ink::Series(0),
        });
        let mut drawing = Drawing::new(300.0, 160.0);
        draw(&mut drawing, &panel, marks);
        assert_eq!(drawing.misplaced(), Vec::<String>::new());
        let svg = drawing.svg(crate::report::drawing::Theme::Light).expect("svg");
        assert!(svg.contains("rolled back") && !svg.contains("beyond"), "{svg}");
        assert!(svg.matches("<text").count() <= 8, "a wall of words: {}", svg.matches("<text").count());
    }
}
