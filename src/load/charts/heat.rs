//! Latencies over the time of the test, and the rate above them.

use std::collections::BTreeMap;

use super::{LoadFindings, scale};
use crate::load::report::BackendReport;
use crate::load::tally::{LoadTally, Slice};
use crate::numbers::short;
use crate::report::charts::axis::{Panel, top};
use crate::report::charts::{Chart, MARGIN, WIDTH, legend, legend_line, sheet};
use crate::report::drawing::{Anchor, Drawing, Ink};

/// Columns at most.
const COLUMNS: u64 = 150;
/// Fields for a power of ten.
const FIELDS: f64 = 6.0;
/// The palest field that holds a request.
const PALEST: f64 = 0.12;

/// Draws a chart for each backend.
pub(super) fn draw(findings: &LoadFindings<'_>) -> Vec<Chart> {
    findings.runs().enumerate().filter_map(|(n, (run, tally))| chart(findings, n, run, tally)).collect()
}

/// A stretch of time that is one column: its slices together.
#[derive(Default)]
struct Column {
    due: u64,
    acknowledged: u64,
    /// Latencies by field.
    fields: BTreeMap<i64, u64>,
}

fn chart(findings: &LoadFindings<'_>, n: usize, run: &BackendReport, tally: &LoadTally<'_>) -> Option<Chart> {
    let together = (tally.timing.duration_us / tally.slice_us).div_ceil(COLUMNS).max(1);
    let columns = columns(tally, together);
    let fields = || columns.values().flat_map(|column| column.fields.keys());
    let (lowest, highest) = (*fields().min()?, *fields().max()?);
    let column_s = (together * tally.slice_us) as f64 / 1e6;
    let end_s = scale::end_s(tally);
    let name = &run.backend;
    let title = format!("Latency over the time of the test: {name}");
    let each = match (together, findings.interval()) {
        (1, interval) => interval,
        _ => format!("{column_s:.0} seconds"),
    };
    let mut drawing =
        sheet(470.0, &title, "By when requests were due. Above: the rate asked for, and the rate achieved.");
    let x = legend(&mut drawing, MARGIN, 72.0, &[(Ink::Pale(n), "acknowledged each second")]);
    let x = legend_line(&mut drawing, x, 72.0, (Ink::Text, 1.2), "due each second");
    let x = if tally.lives.len() > 1 {
        legend_line(&mut drawing, x, 72.0, scale::KILLED, "killed and opened again")
    } else {
        x
    };
    let shades = [("1 %", 0.01), ("10 %", 0.1), ("100 % of a column", 1.0)].map(|(name, share)| (shade(share), name));
    legend(&mut drawing, x, 72.0, &shades);
    let most = columns.values().map(|column| column.due.max(column.acknowledged)).max()? as f64 / column_s;
    let rates = Panel {
        x: 64.0,
        y: 112.0,
        w: WIDTH - 92.0,
        h: 76.0,
        across: (0.0, end_s),
        up: (0.0, top(1.05 * most)),
    };
    drawing.text(rates.x, rates.y - 13.0, "requests/s", 12.0, Ink::Label, Anchor::Start);
    self::rates(&mut drawing, &rates, &columns, column_s, n, tally.timing.duration_us as f64 / 1e6);
    let heat = Panel {
        y: 212.0,
        h: 204.0,
        up: (lowest as f64 / FIELDS, (highest + 1) as f64 / FIELDS),
        ..rates
    };
    scale::latency_grid(&mut drawing, &heat);
    self::fields(&mut drawing, &heat, &columns, column_s);
    scale::across(&mut drawing, &heat, 10, "Seconds of the test");
    scale::moments(&mut drawing, &heat, tally, rates.y);
    Some(Chart {
        id: format!("heat-{name}"),
        shows: format!("How long requests of all kinds took in {name}, by when they were due, and whether it kept up."),
        read: format!(
            "A column is a {each}; the darker a field, the more of its requests took so long. Single slow requests are pale \
             and still can be seen. A slope that rises all the way is a queue: each request waits for all \
             before it. Spots far above the rest are pauses of the store, such as flushing. In the panel above, area below \
             the line means that requests pile up, area above it that they are caught up with."
        ),
        act: "If the fields rise until the end, the rate is too high, and percentiles tell more of the length of the test than \
              of the store. If spots come in regular distances, look for what the store does then."
            .to_owned(),
        title,
        drawing,
    })
}

fn columns(tally: &LoadTally<'_>, together: u64) -> BTreeMap<u64, Column> {
    // Where nothing happened there is a column too: the store stood still.
    let whole = tally.timing.duration_us.div_ceil(together * tally.slice_us);
    let mut columns: BTreeMap<u64, Column> = (0..whole).map(|number| (number, Column::default())).collect();
    for (number, slice) in &tally.slices {
        let column = columns.entry(number / together).or_default();
        column.due += slice.due;
        column.acknowledged += slice.acknowledged;
        count(slice, &mut column.fields);
    }
    columns
}

fn count(slice: &Slice, fields: &mut BTreeMap<i64, u64>) {
    for latency in slice.latency.values() {
        for step in latency.iter_recorded() {
            let us = latency.lowest_equivalent(step.value_iterated_to()).max(1);
            let field = ((us as f64).log10() * FIELDS).floor() as i64;
            *fields.entry(field).or_default() += u64::from(step.count_at_value());
        }
    }
}

/// The rate achieved as an area, and the rate asked for, until the schedule's end, as a line.
fn rates(drawing: &mut Drawing, panel: &Panel, columns: &BTreeMap<u64, Column>, column_s: f64, n: usize, end_s: f64) {
    let from = |number: u64| number as f64 * column_s;
    let acknowledged = columns.iter().map(|(number, column)| {
        let to = from(number + 1).min(panel.across.1);
        (from(*number), to, column.acknowledged as f64 / column_s)
    });
    let acknowledged: Vec<_> = acknowledged.filter(|(from, to, _)| from < to).collect();
    panel.steps(drawing, &acknowledged, Ink::Pale(n));
    panel.grid_y(drawing, 2, short);
    let asked = columns.iter().filter(|(number, _)| from(**number) < end_s).flat_map(|(number, column)| {
        let (from, to) = (from(*number), from(number + 1).min(end_s));
        let y = panel.at_y(column.due as f64 / (to - from));
        [(panel.at_x(from), y), (panel.at_x(to), y)]
    });
    drawing.line(asked.collect::<Vec<_>>(), Ink::Text, 1.2);
    panel.floor(drawing);
}

fn fields(drawing: &mut Drawing, panel: &Panel, columns: &BTreeMap<u64, Column>, column_s: f64) {
    for (number, column) in columns {
        let all: u64 = column.fields.values().sum();
        let x = panel.at_x(*number as f64 * column_s);
        let right = panel.at_x((number + 1) as f64 * column_s).min(panel.x + panel.w);
        for (field, requests) in &column.fields {
            let (upper, lower) = (panel.at_y((field + 1) as f64 / FIELDS), panel.at_y(*field as f64 / FIELDS));
            let share = *requests as f64 / all as f64;
            drawing.rect(x, upper, right - x, lower - upper, shade(share));
        }
    }
}

/// The shade of a share of a column's requests. It grows with the root, so that a single slow request can be seen.
fn shade(share: f64) -> Ink {
    Ink::Heat(PALEST + (1.0 - PALEST) * share.sqrt())
}
