//! The page of a study: one self-contained HTML file, in the manner of the report.

use askama::Template;

use super::words;
use crate::error::{Error, Result};
use crate::numbers::grouped;
use crate::report::page::DrawnChart;
use crate::scenario_file::keys::Reference;
use crate::sensitivity::Sensitivity;

#[derive(Template)]
#[template(path = "sensitivity.html")]
struct SensitivityPage<'a> {
    found: &'a Sensitivity,
    headline: String,
    sentences: Vec<String>,
    /// The picture of the answer.
    opening: Vec<&'a DrawnChart>,
    charts: Vec<&'a DrawnChart>,
    accounts: String,
    options: Vec<Vec<String>>,
    measures: Vec<(&'static str, Vec<String>)>,
    head: [&'static str; 8],
    keys: Vec<(Vec<String>, String)>,
    how: String,
}

/// Renders the page.
///
/// # Errors
///
/// If it cannot be written.
pub fn render(found: &Sensitivity, charts: &[DrawnChart]) -> Result<String> {
    let reference = Reference::new();
    let (opening, charts) = charts.iter().partition(|drawn| drawn.chart.id == "how-sure");
    let rows = words::keys_rows(found, usize::MAX).into_iter().zip(&found.keys);
    let page = SensitivityPage {
        found,
        headline: words::headline(found),
        sentences: words::sentences(found),
        opening,
        charts,
        accounts: grouped(found.accounts as f64),
        options: words::options_rows(found),
        measures: found
            .best_in
            .iter()
            .map(|best| (best.metric.word(), best.shares.iter().map(words::share).collect()))
            .collect(),
        head: words::KEY_HEAD,
        keys: rows.map(|(row, key)| (row, words::meaning(&reference, &key.key))).collect(),
        how: words::how(found),
    };
    page.render().map_err(|error| Error::Store(format!("index.html cannot be written: {error}")))
}
