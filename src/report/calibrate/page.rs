//! The page of a calibration: one self-contained HTML file, in the manner of the report.

use askama::Template;

use super::words;
use crate::calibrate::{Band, Calibration};
use crate::error::{Error, Result};
use crate::numbers::grouped;
use crate::report::page::DrawnChart;
use crate::report::sensitivity::words::meaning;
use crate::results::Metric;
use crate::scenario_file::keys::Reference;

#[derive(Template)]
#[template(path = "calibrate.html")]
struct CalibratePage<'a> {
    found: &'a Calibration,
    /// What the model cannot explain, above all else.
    unexplained: Option<String>,
    headline: String,
    sentences: Vec<String>,
    /// The picture of the pilot.
    opening: Vec<&'a DrawnChart>,
    /// What was learnt.
    learnt: Vec<&'a DrawnChart>,
    /// What is to come, and the verdict.
    charts: Vec<&'a DrawnChart>,
    accounts: String,
    check_head: [&'static str; 6],
    checks: Vec<Vec<String>>,
    moved_head: [&'static str; 6],
    moved: Vec<(Vec<String>, String)>,
    none_moved: &'static str,
    rest: Vec<[String; 3]>,
    option_head: [&'static str; 5],
    options: Vec<Vec<String>>,
    arms: Vec<String>,
    figures: Vec<(&'static str, Vec<String>)>,
    luck: String,
    how: String,
}

/// Renders the page.
///
/// # Errors
///
/// If it cannot be written.
pub fn render(found: &Calibration, drawn: &[DrawnChart]) -> Result<String> {
    let reference = Reference::new();
    let of = |ids: &[&str]| drawn.iter().filter(|drawn| ids.contains(&drawn.chart.id.as_str())).collect();
    let moved = words::moved_rows(found, usize::MAX).into_iter().zip(&found.moved);
    let page = CalibratePage {
        found,
        unexplained: words::unexplained(found),
        headline: words::headline(found),
        sentences: words::sentences(found),
        opening: of(&["pilot"]),
        learnt: of(&["learnt"]),
        charts: of(&["forecast", "verdict"]),
        accounts: grouped(found.accounts as f64),
        check_head: words::CHECK_HEAD,
        checks: words::check_rows(found, usize::MAX),
        moved_head: words::MOVED_HEAD,
        moved: moved.map(|(row, moved)| (row, meaning(&reference, &moved.key))).collect(),
        none_moved: words::none_moved(found),
        rest: found
            .rest
            .iter()
            .map(|rest| {
                [
                    rest.measure.word().to_owned(),
                    words::between(rest.before),
                    words::between(rest.after),
                ]
            })
            .collect(),
        option_head: words::OPTION_HEAD,
        options: words::option_rows(found),
        arms: found.figures.iter().map(|outlook| outlook.arm.clone()).collect(),
        figures: Metric::ALL
            .into_iter()
            .enumerate()
            .map(|(place, metric)| {
                let show = |band: Band| format!("{} to {}", metric.show(band[0]), metric.show(band[2]));
                (metric.word(), found.figures.iter().map(|outlook| show(outlook.metrics[place].2)).collect())
            })
            .collect(),
        luck: found
            .luck
            .iter()
            .map(|(shown, times)| format!("{} {times:.1}", shown.word()))
            .collect::<Vec<_>>()
            .join(", "),
        how: words::how(found),
    };
    page.render().map_err(|error| Error::Store(format!("index.html cannot be written: {error}")))
}
