//! The page of a difference taken apart.

use askama::Template;

use super::words;
use crate::error::{Error, Result};
use crate::numbers::grouped;
use crate::report::page::DrawnChart;
use crate::results::Metric;
use crate::why::Why;

/// A row of a table: what differs, its two sides, and figures.
type Row = (String, String, [String; 4]);

#[derive(Template)]
#[template(path = "why.html")]
struct WhyPage<'a> {
    found: &'a Why,
    headline: String,
    sentences: Vec<String>,
    charts: &'a [DrawnChart],
    accounts: String,
    metric: &'static str,
    head: [String; 5],
    rows: Vec<Row>,
    /// By metric: what both come to, and what the largest part adds.
    measures: Vec<[String; 5]>,
    how: String,
}

/// Renders the page; `in_run` as for the terminal.
///
/// # Errors
///
/// If it cannot be written.
pub fn render(found: &Why, metric: Metric, in_run: Option<f64>, charts: &[DrawnChart]) -> Result<String> {
    let page = WhyPage {
        found,
        headline: words::headline(found, metric),
        sentences: words::sentences(found, metric),
        charts,
        accounts: grouped(found.accounts as f64),
        metric: metric.word(),
        head: words::head(found),
        rows: words::rows(found, metric, usize::MAX - 1),
        measures: Metric::ALL.into_iter().filter_map(|metric| measure(found, metric)).collect(),
        how: words::how(found, metric, in_run),
    };
    page.render().map_err(|error| Error::Store(format!("index.html cannot be written: {error}")))
}

fn measure(found: &Why, metric: Metric) -> Option<[String; 5]> {
    let shown = words::Shown::new(found, metric)?;
    let most = shown
        .parts
        .first()
        .filter(|(place, value)| *value != 0.0 && words::is_beyond_luck(&shown.measured.parts[*place].adds));
    let most = most
        .map_or("–".to_owned(), |(place, value)| format!("{}: {}", found.parts[*place].name, shown.signed(*value)));
    let value = |value: f64| metric.show(value);
    Some([
        metric.word().to_owned(),
        value(shown.measured.a.mean),
        value(shown.measured.b.mean),
        shown.signed(shown.sum),
        most,
    ])
}
