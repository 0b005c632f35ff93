//! Legends: what a colour, a line and a shade mean.

use super::{MARGIN, SMALL, WIDER};
use crate::report::drawing::{Anchor, Drawing, Ink, fitted, text_width};

/// From one entry to the next.
const GAP: f64 = 20.0;

/// A square and the gap behind it.
const SQUARE: f64 = 15.0;

/// A legend of coloured squares in a row, from `x`; the x behind the last entry. Long names are cut where the sheet has no
/// room for all.
pub(crate) fn legend(drawing: &mut Drawing, mut x: f64, y: f64, entries: &[(Ink, &str)]) -> f64 {
    let room = drawing.width - MARGIN - x;
    let wanted: f64 = entries.iter().map(|(_, name)| SQUARE + WIDER * text_width(name, SMALL) + GAP).sum();
    // Behind the last one there is no gap.
    let most = if wanted - GAP > room {
        (room / entries.len() as f64 - SQUARE - GAP) / WIDER
    } else {
        f64::INFINITY
    };
    for (ink, name) in entries {
        drawing.rect(x, y - 5.0, 10.0, 10.0, *ink);
        x = word(drawing, x + SQUARE, y, &fitted(name, SMALL, most));
    }
    x
}

/// From one row of a legend to the next.
const ROW: f64 = 19.0;

/// A legend of coloured squares in as many rows as it takes.
pub(crate) struct Rows<'a> {
    rows: Vec<Vec<(Ink, &'a str)>>,
}

impl<'a> Rows<'a> {
    /// The rows that these entries take on a sheet of this width.
    pub(crate) fn new(entries: &[(Ink, &'a str)], width: f64) -> Self {
        let mut rows: Vec<Vec<(Ink, &str)>> = Vec::new();
        let mut room = 0.0;
        for &(ink, name) in entries {
            let wanted = SQUARE + WIDER * text_width(name, SMALL) + GAP;
            if room < wanted || rows.is_empty() {
                rows.push(Vec::new());
                room = width - 2.0 * MARGIN + GAP;
            }
            room -= wanted;
            if let Some(row) = rows.last_mut() {
                row.push((ink, name));
            }
        }
        Self { rows }
    }

    /// By how much it is higher than a legend of one row.
    pub(crate) fn extra(&self) -> f64 {
        ROW * self.rows.len().saturating_sub(1) as f64
    }

    /// Draws it, its first row at `y`.
    pub(crate) fn draw(&self, drawing: &mut Drawing, y: f64) {
        for (place, row) in self.rows.iter().enumerate() {
            legend(drawing, MARGIN, y + ROW * place as f64, row);
        }
    }
}

/// An entry with a piece of a line; the x behind it.
pub(crate) fn legend_line(drawing: &mut Drawing, x: f64, y: f64, (ink, width): (Ink, f64), name: &str) -> f64 {
    drawing.line([(x, y), (x + 20.0, y)], ink, width);
    word(drawing, x + 26.0, y, name)
}

/// An entry with a piece of a dashed line; the x behind it.
pub(crate) fn legend_dashes(drawing: &mut Drawing, x: f64, y: f64, (ink, width): (Ink, f64), name: &str) -> f64 {
    drawing.dashes((x, y), (x + 22.0, y), ink, width);
    word(drawing, x + 28.0, y, name)
}

/// A bar of the shades of a heat map, with the values at its ends.
pub(crate) fn legend_heat(drawing: &mut Drawing, mut x: f64, y: f64, most: &str, unit: &str) {
    const SHADES: usize = 40;
    const WIDE: f64 = 4.0;
    drawing.text(x, y, "0", SMALL, Ink::Text, Anchor::Start);
    x += 14.0;
    for shade in 0..SHADES {
        let strength = shade as f64 / (SHADES - 1) as f64;
        drawing.rect(x + WIDE * shade as f64, y - 6.0, WIDE, 12.0, Ink::Heat(strength));
    }
    x += WIDE * SHADES as f64 + 7.0;
    word(drawing, x, y, &format!("{most} {unit}"));
}

fn word(drawing: &mut Drawing, x: f64, y: f64, name: &str) -> f64 {
    drawing.text(x, y, name, SMALL, Ink::Text, Anchor::Start);
    x + text_width(name, SMALL) + GAP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::NARROW;
    use crate::report::drawing::Theme;
    use crate::terms::Outcome;

    #[test]
    fn names_that_fit_into_their_row_are_not_cut() {
        let all: Vec<_> = Outcome::ALL.iter().map(|outcome| (Ink::Fate(outcome.index()), outcome.word())).collect();
        for left_out in 0..all.len() {
            let mut entries = all.clone();
            entries.remove(left_out);
            let mut drawing = Drawing::new(NARROW, 200.0);
            Rows::new(&entries, NARROW).draw(&mut drawing, 20.0);
            let svg = drawing.svg(Theme::Light).expect("a drawing");
            for (_, name) in entries {
                assert!(svg.contains(name), "{name} is cut without {}", all[left_out].1);
            }
        }
    }
}
