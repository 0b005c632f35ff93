//! Stores side by side, in which ties are shown as ties.

use super::is_reference;
use super::tables::{NONE, Table};
use crate::load::report::{BackendReport, Figures, LoadReport, Percentiles};
use crate::numbers::{bytes, grouped, micros};

/// Two values of single runs within this ratio of each other are a tie.
const TIE: f64 = 1.5;

/// Something that stores are compared by.
struct TieMeasure {
    name: &'static str,
    of: fn(&BackendReport) -> Option<f64>,
    say: fn(f64) -> String,
    is_more_better: bool,
}

fn latency(figures: &Figures, at: fn(&Percentiles<u64>) -> u64) -> Option<f64> {
    figures.latency_us.map(|latency| at(&latency) as f64)
}

fn service(figures: &Figures, at: fn(&Percentiles<u64>) -> u64) -> Option<f64> {
    figures.service_us.map(|service| at(&service) as f64)
}

/// What is there: 0 where a store writes nothing is no value.
fn size(bytes: u64) -> Option<f64> {
    (bytes > 0).then_some(bytes as f64)
}

const fn less(name: &'static str, of: fn(&BackendReport) -> Option<f64>, say: fn(f64) -> String) -> TieMeasure {
    TieMeasure { name, of, say, is_more_better: false }
}

const MEASURES: [TieMeasure; 11] = [
    TieMeasure {
        name: "requests/s",
        of: |run| Some(run.achieved_per_s),
        say: grouped,
        is_more_better: true,
    },
    less("latency p50", |run| latency(&run.all, |p| p.p50), micros),
    less("latency p99", |run| latency(&run.all, |p| p.p99), micros),
    less("latency p99.9", |run| latency(&run.all, |p| p.p999), micros),
    less("service p50", |run| service(&run.all, |p| p.p50), micros),
    less("service p99", |run| service(&run.all, |p| p.p99), micros),
    less("flush lag p99", |run| run.flush_lag_ms.map(|lag| 1e3 * lag.p99), micros),
    less("size of the store", |run| size(run.disk_bytes), bytes),
    less("written to the storage", |run| size(run.device_bytes), bytes),
    less("memory, most", |run| size(run.peak_rss_bytes), bytes),
    less("time to fill it", |run| (run.preload.seconds > 0.0).then_some(1e6 * run.preload.seconds), micros),
];

/// The stores side by side, with the one that is ahead or a tie, and a note; nothing for a lone store.
pub fn side_by_side(report: &LoadReport) -> Option<(Table, String)> {
    if report.others.is_empty() {
        return None;
    }
    let mut table = Table::by_backend(report);
    table.head.push("ahead".to_owned());
    for measure in &MEASURES {
        let value = |run: &BackendReport| (measure.of)(run).map_or(NONE.to_owned(), measure.say);
        let row = std::iter::once(measure.name.to_owned()).chain(report.backends().map(value));
        table.rows.push(row.chain([ahead(report, measure)]).collect());
    }
    let mut note =
        "One test each on one machine: two of the same store may differ by half as much again, so values within 1.5 \
                    times of the best are a tie with it."
            .to_owned();
    for run in report.backends().filter(|run| is_reference(run)) {
        note += &format!(" {} keeps nothing safe: it shows what all else costs, and is not ranked.", run.backend);
    }
    if report.backends().any(|run| run.generator_limited) {
        note += " Nor is a test that the harness was too slow for.";
    }
    if report.backends().any(|run| run.used_up_s.is_some()) {
        note += " Nor is a test that ended early because nothing was left to ask.";
    }
    Some((table, note))
}

/// Who is ahead.
fn ahead(report: &LoadReport, measure: &TieMeasure) -> String {
    let is_ranked = |run: &&BackendReport| !run.generator_limited && !is_reference(run) && run.used_up_s.is_none();
    let ranked = report.backends().filter(is_ranked);
    let values: Vec<(&str, f64)> = ranked.filter_map(|run| Some((run.backend.as_str(), (measure.of)(run)?))).collect();
    if values.len() < 2 {
        return NONE.to_owned();
    }
    let best = |a: f64, b: f64| if measure.is_more_better { a.max(b) } else { a.min(b) };
    let Some(best) = values.iter().map(|(_, value)| *value).reduce(best) else {
        return NONE.to_owned();
    };
    let is_tied = |value: f64| {
        if measure.is_more_better {
            TIE * value >= best
        } else {
            value <= TIE * best
        }
    };
    let tied: Vec<&str> = values.iter().filter(|(_, value)| is_tied(*value)).map(|(name, _)| *name).collect();
    match tied.len() {
        1 => tied[0].to_owned(),
        all if all == values.len() => "tie".to_owned(),
        _ => format!("{} (tie)", tied.join(", ")),
    }
}
