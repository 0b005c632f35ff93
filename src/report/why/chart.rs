//! From one strategy to another, part by part: a waterfall.

use super::words::{ROWS, Shown};
use crate::numbers;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::charts::{Chart, MARGIN, SMALL, WIDTH, legend, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted};
use crate::results::Metric;
use crate::why::Why;

/// Name of its file.
pub const ID: &str = "why";
/// Height of a row.
const ROW: f64 = 42.0;
/// Inks of what adds and of what takes away.
const MORE: Ink = Ink::Series(1);
const LESS: Ink = Ink::Series(0);

/// A step of the way.
struct Step {
    name: String,
    sides: String,
    /// Where it begins and ends, in units.
    from: f64,
    to: f64,
    /// Where it may end by luck.
    luck: Option<[f64; 2]>,
    label: String,
}

/// Draws the chart; nothing where there is no way to go.
pub fn draw(found: &Why, metric: Metric) -> Option<Chart> {
    let shown = Shown::new(found, metric)?;
    if found.parts.is_empty() {
        return None;
    }
    let unit = if metric == Metric::Cost { 100.0 } else { 1.0 };
    let start = shown.measured.a.mean / unit;
    let end = start + shown.sum / unit;
    let steps = steps(found, &shown, start, unit);
    let word = metric.word();
    let title = "What makes the difference";
    let below = format!("From {} of {} to that of {}, part by part.", word, found.a, found.b);
    let high = 74.0 + ROW * (steps.len() as f64 + 2.0);
    let mut drawing = sheet(high + 76.0, title, &fitted(&below, SMALL, WIDTH - 2.0 * MARGIN));
    legend(&mut drawing, MARGIN, 74.0, &[(MORE, "more"), (LESS, "less")]);
    let reach = || {
        steps
            .iter()
            .flat_map(|step| [step.from, step.to].into_iter().chain(step.luck.into_iter().flatten()))
    };
    let low = reach().fold(start.min(end), f64::min);
    let top = reach().fold(start.max(end), f64::max);
    let room = (top - low).max(1e-9);
    let panel = Panel {
        x: 360.0,
        y: 96.0,
        w: WIDTH - 400.0,
        h: high - 96.0 + 22.0,
        across: (low - 0.06 * room, top + 0.2 * room),
        up: (0.0, 1.0),
    };
    let told = ticks(panel.across.0, panel.across.1, 6);
    for (tick, label) in told.iter().zip(numbers::steps(&told)) {
        let x = panel.at_x(*tick);
        drawing.line([(x, panel.y), (x, panel.y + panel.h)], Ink::Grid, 1.0);
        drawing.text(x, panel.y + panel.h + 14.0, label, 12.0, Ink::Label, Anchor::Middle);
    }
    let unit_told = match metric {
        Metric::Cost => "total cost, in units of your currency; the axis need not begin at 0".to_owned(),
        _ => format!("{word}; the axis need not begin at 0"),
    };
    let foot = panel.y + panel.h + 34.0;
    drawing.text(panel.x + panel.w / 2.0, foot, unit_told, 12.0, Ink::Label, Anchor::Middle);
    strategy(&mut drawing, &panel, 0, (&found.a, metric.show(shown.measured.a.mean)), start);
    for (row, step) in steps.iter().enumerate() {
        part(&mut drawing, &panel, row + 1, step);
    }
    let reached = shown.measured.a.mean + shown.sum;
    strategy(&mut drawing, &panel, steps.len() + 1, (&found.b, metric.show(reached)), end);
    Some(Chart {
        id: ID.to_owned(),
        title: title.to_owned(),
        shows: "Which part of the strategies makes the difference between them.".to_owned(),
        read: "Each bar begins where the one above it ends: orange adds, blue takes away, and the thin line is the 95 % \
               interval of the bar's end by luck. Bars sum to the whole. Below each name stand the two sides."
            .to_owned(),
        act: "Change the part with the longest bar first. Where bars point both ways, take the good parts of both strategies \
              into a third one and run it."
            .to_owned(),
        drawing,
    })
}

fn steps(found: &Why, shown: &Shown<'_>, start: f64, unit: f64) -> Vec<Step> {
    let kept = if shown.parts.len() > ROWS + 1 {
        ROWS
    } else {
        shown.parts.len()
    };
    let (first, rest) = shown.parts.split_at(kept);
    let mut at = start;
    let mut steps = Vec::new();
    for (place, value) in first {
        let (part, adds) = (&found.parts[*place], &shown.measured.parts[*place].adds);
        let from = at;
        at += value / unit;
        steps.push(Step {
            name: part.name.clone(),
            sides: format!("{} → {}", part.a, part.b),
            from,
            to: at,
            luck: adds.ci95.map(|ends| ends.map(|end| from + end / unit)),
            label: shown.signed(*value),
        });
    }
    if !rest.is_empty() {
        let sum: f64 = rest.iter().map(|(_, value)| value).sum();
        steps.push(Step {
            name: format!("{} more parts", rest.len()),
            sides: "each of them adds less".to_owned(),
            from: at,
            to: at + sum / unit,
            luck: None,
            label: shown.signed(sum),
        });
    }
    steps
}

fn middle(panel: &Panel, row: usize) -> f64 {
    panel.y + (row as f64 + 0.5) * ROW
}

/// Where one of the two strategies stands.
fn strategy(drawing: &mut Drawing, panel: &Panel, row: usize, (name, value): (&str, String), at: f64) {
    let (x, y) = (panel.at_x(at), middle(panel, row));
    drawing.bold(panel.x - 12.0, y, fitted(name, SMALL, panel.x - 30.0), SMALL, Ink::Text, Anchor::End);
    drawing.rect(x - 2.0, y - 13.0, 4.0, 26.0, Ink::Text);
    drawing.bold(x + 8.0, y, value, SMALL, Ink::Text, Anchor::Start);
}

/// A step of the way.
fn part(drawing: &mut Drawing, panel: &Panel, row: usize, step: &Step) {
    let y = middle(panel, row);
    let room = panel.x - 12.0 - MARGIN;
    drawing.text(panel.x - 12.0, y - 7.0, fitted(&step.name, SMALL, room / 1.08), SMALL, Ink::Text, Anchor::End);
    drawing.text(panel.x - 12.0, y + 9.0, fitted(&step.sides, 11.0, room / 1.08), 11.0, Ink::Label, Anchor::End);
    let (from, to) = (panel.at_x(step.from), panel.at_x(step.to));
    // From the bar above, and on to the one below.
    drawing.line([(from, y - ROW / 2.0), (from, y + 11.0)], Ink::Label, 1.0);
    drawing.line([(to, y - 11.0), (to, y + ROW / 2.0)], Ink::Label, 1.0);
    let ink = if step.to > step.from { MORE } else { LESS };
    drawing.rect(from.min(to), y - 9.0, (to - from).abs(), 18.0, ink);
    let mut right = from.max(to);
    if let Some(ends) = step.luck {
        let [low, high] = ends.map(|end| panel.at_x(end));
        drawing.line([(low, y), (high, y)], Ink::Text, 1.4);
        for end in [low, high] {
            drawing.line([(end, y - 4.0), (end, y + 4.0)], Ink::Text, 1.4);
        }
        right = right.max(high);
    }
    drawing.text(right + 8.0, y, step.label.clone(), SMALL, Ink::Text, Anchor::Start);
}
