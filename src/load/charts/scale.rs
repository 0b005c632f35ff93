//! Scales: latencies on a logarithmic one, time and rates on straight ones.

use crate::load::tally::LoadTally;
use crate::numbers::short;
use crate::report::charts::axis::{Panel, ticks};
use crate::report::drawing::{Anchor, Drawing, Ink, text_width};

/// Ink and width of the line of a process that was killed.
pub(super) const KILLED: (Ink, f64) = (Ink::Alarm(1.0), 1.5);

/// The shortest latency on a scale, in microseconds.
const SHORTEST_US: f64 = 1.0;
/// Powers of ten up to which a scale also has ticks at two and five.
const FINE: f64 = 2.6;

/// The powers of ten that hold these latencies, to a full 1, 2 or 5 of a power: what a scale goes from and to.
pub(super) fn powers(latencies_us: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (least, most) = latencies_us.into_iter().fold((f64::INFINITY, SHORTEST_US), |(least, most), us| {
        let us = us.max(SHORTEST_US);
        (least.min(us), most.max(us))
    });
    let steps = |us: f64| [1.0, 2.0, 5.0, 10.0].map(|step| step * 10_f64.powf(us.log10().floor()));
    let least = least.min(most);
    let from = steps(least).into_iter().rev().find(|step| *step <= least * 1.000_1).unwrap_or(least);
    let to = steps(most).into_iter().find(|step| *step >= most * 0.999_9).unwrap_or(most);
    let (from, to) = (from.log10(), to.log10());
    (from, to.max(from + 1.0))
}

/// Draws the grid of a logarithmic scale of latencies.
pub(super) fn latency_grid(drawing: &mut Drawing, panel: &Panel) {
    let (from, to) = panel.up;
    let is_fine = to - from <= FINE;
    for power in from.floor() as i32..=to.ceil() as i32 {
        for step in [1.0, 2.0, 5.0] {
            let us = step * 10_f64.powi(power);
            let is_inside = (from - 1e-6..=to + 1e-6).contains(&us.log10());
            if !is_inside || (step > 1.0 && !is_fine) {
                continue;
            }
            let y = panel.at_y(us.log10());
            drawing.line([(panel.x, y), (panel.x + panel.w, y)], Ink::Grid, 1.0);
            drawing.text(panel.x - 6.0, y, tick(us), 12.0, Ink::Label, Anchor::End);
        }
    }
}

/// A tick: `200 µs`, `5 ms`, `10 s`.
fn tick(us: f64) -> String {
    match us {
        x if x < 999.0 => format!("{x:.0} µs"),
        x if x < 999_000.0 => format!("{:.0} ms", x / 1e3),
        x => format!("{:.0} s", x / 1e6),
    }
}

/// Draws ticks across with a name below them.
pub(super) fn across(drawing: &mut Drawing, panel: &Panel, wanted: usize, name: &str) {
    let floor = panel.y + panel.h;
    panel.floor(drawing);
    for value in ticks(panel.across.0, panel.across.1, wanted) {
        let x = panel.at_x(value);
        drawing.line([(x, floor), (x, floor + 4.0)], Ink::Label, 1.0);
        drawing.text(x, floor + 14.0, short(value), 12.0, Ink::Label, Anchor::Middle);
    }
    drawing.text(panel.x + panel.w, floor + 32.0, name, 12.0, Ink::Label, Anchor::End);
}

/// Marks the end of the warm-up, the end of the schedule, and where processes were killed, from `top` down to the floor.
pub(super) fn moments(drawing: &mut Drawing, panel: &Panel, tally: &LoadTally<'_>, top: f64) {
    let floor = panel.y + panel.h;
    let second = |us: u64| us as f64 / 1e6;
    let is_inside = |x: f64| x > panel.x + 1.0 && x < panel.x + panel.w - 1.0;
    let mut free = panel.x;
    let (warm_up, end) = (second(tally.timing.warm_up_us), second(tally.timing.duration_us));
    for (time, name) in [(warm_up, "measured from here"), (end, "end of the schedule")] {
        let x = panel.at_x(time);
        if is_inside(x) {
            drawing.dashes((x, top), (x, floor), Ink::Label, 1.0);
            let width = 1.08 * text_width(name, 12.0);
            let room = panel.x + panel.w - x;
            // To the left of the line where there is no room to its right.
            let (left, anchor) = if room > width + 5.0 {
                (x + 4.0, Anchor::Start)
            } else {
                (x - 4.0 - width, Anchor::End)
            };
            if left >= free {
                let at = if anchor == Anchor::Start { left } else { x - 4.0 };
                drawing.text(at, top + 4.0, name, 12.0, Ink::Label, anchor);
                free = left + width + 6.0;
            }
        }
    }
    for life in tally.lives.iter().skip(1) {
        let x = panel.at_x(second(life.from_us));
        if is_inside(x) {
            drawing.line([(x, top), (x, floor)], KILLED.0, KILLED.1);
        }
    }
}

/// Where the time of a test ends on a scale, in seconds: with its last request or answer, and at most half a test after
/// its schedule.
pub(super) fn end_s(tally: &LoadTally<'_>) -> f64 {
    let busy = tally.slices.iter().rev().find(|(_, slice)| slice.due > 0 || slice.acknowledged > 0);
    let slice_s = tally.slice_us as f64 / 1e6;
    let end = busy.map_or(0.0, |(number, _)| (number + 1) as f64 * slice_s);
    let schedule_s = tally.timing.duration_us as f64 / 1e6;
    end.clamp(schedule_s, 1.5 * schedule_s).max(slice_s)
}
