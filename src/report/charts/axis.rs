//! Axes: from values to places on the sheet, with round ticks.

use crate::numbers::short;
use crate::report::drawing::{Anchor, Drawing, Ink, text_width};

/// How far labels of days may reach beyond their panel.
const OVERHANG: f64 = 5.0;

/// A panel of a chart: a rectangle with a scale on each side.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
    /// Values at the left and right edge.
    pub across: (f64, f64),
    /// Values at the lower and upper edge.
    pub up: (f64, f64),
}

impl Panel {
    /// Where a value stands across.
    pub fn at_x(&self, value: f64) -> f64 {
        self.x + self.w * (value - self.across.0) / (self.across.1 - self.across.0)
    }

    /// Where a value stands up; values beyond the scale stand at its edge.
    pub fn at_y(&self, value: f64) -> f64 {
        let part = (value - self.up.0) / (self.up.1 - self.up.0);
        self.y + self.h * (1.0 - part.clamp(0.0, 1.0))
    }

    /// Draws horizontal grid lines with their values, written by `label`.
    pub fn grid_y(&self, drawing: &mut Drawing, wanted: usize, label: impl Fn(f64) -> String) {
        for tick in ticks(self.up.0, self.up.1, wanted) {
            let y = self.at_y(tick);
            drawing.line([(self.x, y), (self.x + self.w, y)], Ink::Grid, 1.0);
            drawing.text(self.x - 6.0, y, label(tick), 12.0, Ink::Label, Anchor::End);
        }
    }

    /// Draws ticks for days, with what `label` calls them. Labels keep to the panel, for beyond it is the next one or the
    /// edge of the sheet, and one that would touch its neighbour is left out.
    pub fn days(&self, drawing: &mut Drawing, every: usize, label: impl Fn(usize) -> String) {
        let (from, to) = (self.across.0.ceil() as usize, self.across.1.floor() as usize);
        let (left, right) = (self.x - OVERHANG, self.x + self.w + OVERHANG);
        let mut free = f64::NEG_INFINITY;
        for day in (from..=to).filter(|day| (day - from) % every == 0) {
            let x = self.at_x(day as f64);
            drawing.line([(x, self.y + self.h), (x, self.y + self.h + 4.0)], Ink::Label, 1.0);
            let text = label(day);
            let half = text_width(&text, 12.0) / 2.0;
            let middle = x.min(right - half).max(left + half);
            if middle - half > free {
                drawing.text(middle, self.y + self.h + 14.0, text, 12.0, Ink::Label, Anchor::Middle);
                free = middle + half + OVERHANG;
            }
        }
    }

    /// Fills stepped areas from the floor: each step from where to where across, and how high (0: none). Steps that touch
    /// are one shape, so that no seams show between them.
    pub fn steps(&self, drawing: &mut Drawing, steps: &[(f64, f64, f64)], ink: Ink) {
        let floor = self.y + self.h;
        let is_high = |height: f64| self.at_y(height) < floor;
        let together = |a: &(f64, f64, f64), b: &(f64, f64, f64)| a.1 == b.0 && is_high(a.2) && is_high(b.2);
        for run in steps.chunk_by(together).filter(|run| is_high(run[0].2)) {
            let mut points = vec![(self.at_x(run[0].0), floor)];
            for (from, to, height) in run {
                points.extend([
                    (self.at_x(*from), self.at_y(*height)),
                    (self.at_x(*to), self.at_y(*height)),
                ]);
            }
            points.push((self.at_x(run[run.len() - 1].1), floor));
            drawing.area(points, ink);
        }
    }

    /// Draws the lower edge.
    pub fn floor(&self, drawing: &mut Drawing) {
        let y = self.y + self.h;
        drawing.line([(self.x, y), (self.x + self.w, y)], Ink::Label, 1.0);
    }
}

/// Round values between two ends, about `wanted` of them.
pub fn ticks(from: f64, to: f64, wanted: usize) -> Vec<f64> {
    if to.partial_cmp(&from) != Some(std::cmp::Ordering::Greater) {
        return vec![from];
    }
    let rough = (to - from) / wanted.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|s| s * power).into_iter().find(|s| *s >= rough).unwrap_or(10.0 * power);
    let first = (from / step).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

/// The upper end of a scale that holds `most`: a round value, never 0.
pub fn top(most: f64) -> f64 {
    if most <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(most.log10().floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .map(|s| s * power)
        .into_iter()
        .find(|s| *s >= most)
        .unwrap_or(most)
}

/// Days from one tick to the next on an axis of so many days.
pub fn day_step(days: usize) -> usize {
    [1, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650, 7300]
        .into_iter()
        .find(|step| days <= step * 5)
        .unwrap_or(days)
}

/// A tick as a short number.
pub fn plain(value: f64) -> String {
    short(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 100.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(ticks(0.0, 0.0, 5), [0.0]);
        assert_eq!(top(87.0), 100.0);
        assert_eq!(top(0.0), 1.0);
        assert_eq!(top(130.0), 150.0);
    }
}
