//! Percentiles: how long all but one in ten, in a hundred, in a thousand requests take at most.

use hdrhistogram::Histogram;

use super::{LoadFindings, scale};
use crate::report::charts::axis::Panel;
use crate::report::charts::{Chart, MARGIN, WIDTH, legend, legend_line, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};

/// Steps from one nine to the next.
const STEPS: f64 = 40.0;

/// Draws the chart.
pub(super) fn draw(findings: &LoadFindings<'_>) -> Option<Chart> {
    let all: Vec<[&Histogram<u64>; 2]> =
        findings.runs().map(|(_, tally)| [&tally.all.latency, &tally.all.service]).collect();
    let drawn = || all.iter().flatten().filter(|of| !of.is_empty());
    let most = drawn().map(|of| of.len()).max()?;
    let title = "How long requests take";
    let below = "All kinds together, after the warm-up. Up, each line is several times the one below; across, each nine leaves a tenth.";
    let mut drawing = sheet(432.0, title, below);
    let x = legend(&mut drawing, MARGIN, 72.0, &findings.names());
    let x = legend_line(&mut drawing, x, 72.0, (Ink::Label, 2.5), "latency: from when it was due");
    legend_line(&mut drawing, x, 72.0, (Ink::Label, 1.0), "service: from when the store began");
    let panel = Panel {
        x: 64.0,
        y: 100.0,
        w: WIDTH - 92.0,
        h: 270.0,
        across: (0.0, nines(most).max(2.0)),
        up: scale::powers(drawn().flat_map(|of| [of.value_at_quantile(0.0) as f64, of.max() as f64])),
    };
    scale::latency_grid(&mut drawing, &panel);
    axis(&mut drawing, &panel);
    for (n, [latency, service]) in all.iter().enumerate().rev() {
        curve(&mut drawing, &panel, service, (Ink::Series(n), 1.0));
        curve(&mut drawing, &panel, latency, (Ink::Series(n), 2.5));
    }
    Some(Chart {
        id: "percentiles".to_owned(),
        title: title.to_owned(),
        shows: "The time within which a share of the requests is answered, from the fastest at the left to the slowest at the \
                right edge."
            .to_owned(),
        read: "At 99 % a line shows what one request in a hundred exceeds. Thick lines count from when a request was due, so \
               that the wait behind others is in them; thin ones count what the store itself took. Where the two part, \
               requests queue. Each line ends with the slowest request; near its end few requests make it."
            .to_owned(),
        act: "Promise what stands at 99 or 99.9 %, not the median. If only the thick line is high, ask for less or give the \
              store more room; if the thin one is high too, the operations themselves are slow."
            .to_owned(),
        drawing,
    })
}

/// How many nines a count of requests can show: a hundred show two.
fn nines(requests: u64) -> f64 {
    (requests as f64).log10()
}

fn axis(drawing: &mut Drawing, panel: &Panel) {
    const NAMES: [&str; 8] = [
        "0 %",
        "90 %",
        "99 %",
        "99.9 %",
        "99.99 %",
        "99.999 %",
        "99.9999 %",
        "99.99999 %",
    ];
    let floor = panel.y + panel.h;
    panel.floor(drawing);
    for (nines, name) in NAMES.into_iter().enumerate() {
        let x = panel.at_x(nines as f64);
        if x > panel.x + panel.w + 0.5 {
            break;
        }
        if nines > 0 {
            drawing.line([(x, panel.y), (x, floor)], Ink::Grid, 1.0);
        }
        drawing.text(x, floor + 14.0, name, 12.0, Ink::Label, Anchor::Middle);
    }
    let half = panel.at_x(2_f64.log10());
    drawing.line([(half, panel.y), (half, floor)], Ink::Grid, 1.0);
    drawing.text(half, floor + 14.0, "50 %", 12.0, Ink::Label, Anchor::Middle);
    let name = "Share of the requests that take at most so long";
    drawing.text(panel.x + panel.w, floor + 36.0, name, 12.0, Ink::Label, Anchor::End);
}

fn curve(drawing: &mut Drawing, panel: &Panel, histogram: &Histogram<u64>, (ink, width): (Ink, f64)) {
    if histogram.is_empty() {
        return;
    }
    let last = nines(histogram.len());
    let steps = (last * STEPS).ceil() as usize;
    let points = (0..=steps).map(|step| {
        let nines = (step as f64 / STEPS).min(last);
        let us = histogram.value_at_quantile(1.0 - 10_f64.powf(-nines)).min(histogram.max());
        (panel.at_x(nines), panel.at_y((us as f64).max(1.0).log10()))
    });
    drawing.line(points.collect::<Vec<_>>(), ink, width);
}
