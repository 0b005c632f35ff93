//! Legends: what a colour, a line and a shade mean.

use super::SMALL;
use crate::report::drawing::{Anchor, Drawing, Ink, text_width};

/// From one entry to the next.
const GAP: f64 = 20.0;

/// A legend of coloured squares in a row, from `x`; the x behind the last entry.
pub(crate) fn legend(drawing: &mut Drawing, mut x: f64, y: f64, entries: &[(Ink, &str)]) -> f64 {
    for (ink, name) in entries {
        drawing.rect(x, y - 5.0, 10.0, 10.0, *ink);
        x = word(drawing, x + 15.0, y, name);
    }
    x
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
