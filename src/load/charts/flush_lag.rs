//! Flush lag over the time of the test: how much a loss of power would have cost.

use super::{LoadFindings, scale};
use crate::load::tally::LoadTally;
use crate::numbers::short;
use crate::report::charts::axis::{Panel, top};
use crate::report::charts::{Chart, MARGIN, WIDTH, legend, legend_line, sheet};
use crate::report::drawing::{Anchor, Ink};

/// Draws the chart.
pub(super) fn draw(findings: &LoadFindings<'_>) -> Option<Chart> {
    let lags: Vec<Vec<(f64, f64)>> = findings.runs().map(|(_, tally)| lag(tally)).collect();
    let most = lags.iter().flatten().map(|(_, ms)| *ms).fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let title = "How old the oldest write is that is not on disk";
    let below = format!("Of the writes that are committed; the most in each {}.", findings.interval());
    let mut drawing = sheet(356.0, title, &below);
    let names = findings.names();
    let there: Vec<_> = names.into_iter().zip(&lags).filter(|(_, lag)| !lag.is_empty()).map(|(name, _)| name).collect();
    let x = legend(&mut drawing, MARGIN, 72.0, &there);
    let is_lone = findings.tallies.len() == 1;
    if is_lone && findings.tallies[0].lives.len() > 1 {
        legend_line(&mut drawing, x, 72.0, scale::KILLED, "killed and opened again");
    }
    let panel = Panel {
        x: 64.0,
        y: 116.0,
        w: WIDTH - 92.0,
        h: 186.0,
        across: (0.0, findings.tallies.iter().map(scale::end_s).fold(1.0, f64::max)),
        up: (0.0, top(1.05 * most)),
    };
    drawing.text(panel.x, panel.y - 26.0, "milliseconds", 12.0, Ink::Label, Anchor::Start);
    panel.grid_y(&mut drawing, 4, short);
    scale::across(&mut drawing, &panel, 10, "Seconds of the test");
    for (n, lag) in lags.iter().enumerate().rev() {
        let points = lag.iter().map(|(time, ms)| (panel.at_x(time.min(panel.across.1)), panel.at_y(*ms)));
        drawing.line(points.collect::<Vec<_>>(), Ink::Series(n), 1.8);
    }
    if is_lone {
        scale::moments(&mut drawing, &panel, &findings.tallies[0], panel.y - 12.0);
    }
    Some(Chart {
        id: "flush-lag".to_owned(),
        title: title.to_owned(),
        shows: "How far the disk is behind what was committed, over the time of the test. Where requests are acknowledged \
                before their flush, a loss of power would cost so much of them.".to_owned(),
        read: "A level line is what the durability promises. A line that rises is a backlog of writes: the store acknowledges \
               more than it can flush, and its rate is not one that lasts. A line that is cut off at a height is the bound \
               at which requests are held back. Backends that flush each transaction, or nothing, have no line."
            .to_owned(),
        act: "If the line rises or stands at its bound, believe the rate at which it does not. If what stands here is more than \
              you may lose, ask for flushes more often and test again."
            .to_owned(),
        drawing,
    })
}

/// The middle of each slice in seconds, and the lag in milliseconds; nothing if there never was any.
fn lag(tally: &LoadTally<'_>) -> Vec<(f64, f64)> {
    let slice_s = tally.slice_us as f64 / 1e6;
    let point = |(number, slice): (&u64, &crate::load::tally::Slice)| {
        Some(((*number as f64 + 0.5) * slice_s, slice.flush_lag_us? as f64 / 1e3))
    };
    let lags: Vec<(f64, f64)> = tally.slices.iter().filter_map(point).collect();
    if lags.iter().any(|(_, ms)| *ms > 0.0) {
        lags
    } else {
        Vec::new()
    }
}
