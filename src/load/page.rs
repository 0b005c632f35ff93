//! The page of a load test: one self-contained HTML file, in the manner of the report.

use askama::Template;

use super::report::{LoadReport, Loop};
use super::words::{self, Table};
use crate::error::{Error, Result};
use crate::numbers::{grouped, seconds, within};
use crate::report::page::DrawnChart;

#[derive(Template)]
#[template(path = "load.html")]
struct LoadPage<'a> {
    report: &'a LoadReport,
    charts: &'a [DrawnChart],
    headline: String,
    doubts: Vec<String>,
    /// Each backend and its figures.
    by_kind: Vec<(String, Table)>,
    /// Whether any request was given up.
    gives_up: bool,
    side_by_side: Option<(Table, String)>,
    proof: Table,
    costs: Table,
    trials: Option<Table>,
    window: String,
    warm_up: String,
    is_open: bool,
    /// Crashes survived, by all backends.
    crashes: u64,
    has_sled: bool,
}

/// Renders the page.
///
/// # Errors
///
/// If it cannot be rendered.
pub fn render(report: &LoadReport, charts: &[DrawnChart]) -> Result<String> {
    let page = LoadPage {
        report,
        charts,
        headline: words::headline(report),
        doubts: words::doubts(report),
        by_kind: report.backends().map(|run| (run.backend.clone(), words::by_kind(run))).collect(),
        gives_up: report.backends().any(|run| run.unanswered > 0),
        side_by_side: words::side_by_side(report),
        proof: words::proof(report),
        costs: words::costs(report),
        trials: report.limit.as_ref().map(words::trials),
        window: window(report),
        warm_up: seconds(report.warm_up_s),
        is_open: report.is_open == Loop::Open,
        crashes: report.backends().map(|run| run.crashes_survived).sum(),
        has_sled: report.backends().any(|run| run.backend == "sled"),
    };
    page.render().map_err(|error| Error::Store(format!("index.html cannot be written: {error}")))
}

/// What was played, in a sentence or two.
fn window(report: &LoadReport) -> String {
    let window = &report.window;
    let speed = match report.speed {
        Some(speed) if speed >= 10.0 => format!(" Time ran {} times as fast as in the simulation.", grouped(speed)),
        Some(speed) => format!(" Time ran {speed:.2} times as fast as in the simulation."),
        None => String::new(),
    };
    let played = report.run.tried as f64 / window.requests.max(1) as f64;
    let times = match played {
        x if x < 0.995 => format!("{:.0} % of it", 100.0 * x),
        x => format!("{x:.1} times as many"),
    };
    format!(
        "A window of {} from {} in simulated time: {} requests with {} operations. The test asked for {} requests, {times}.{speed}",
        within(window.length_s),
        window.start.replace('T', " "),
        grouped(window.requests as f64),
        grouped(window.operations as f64),
        grouped(report.run.tried as f64),
    )
}
