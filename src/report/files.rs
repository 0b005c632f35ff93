//! Files: what a report consists of.

use rayon::prelude::*;

use super::charts::{Chart, Findings};
use super::drawing::Theme;
use super::page::{self, DrawnChart};
use super::sensitivity;
use super::series;
use super::told::Told;
use super::why;
use crate::error::Result;
use crate::folder::Files;
use crate::results::Metric;

/// Draws the charts and the page, and adds them to the files.
///
/// # Errors
///
/// If a file cannot be made or written.
pub fn add_report(files: &mut Files, told: &Told<'_>) -> Result<()> {
    let scenario = &told.loaded.scenario;
    let findings = Findings {
        scenario,
        summary: told.summary,
        series: told.series,
        verdict: told.verdict,
    };
    let mut charts = super::charts::all(&findings);
    charts.extend(told.how_sure.map_or(Vec::new(), sensitivity::charts::beside));
    let shown = told.why.filter(|found| why::words::beside(found, Metric::Cost).is_some());
    charts.extend(shown.and_then(|found| why::chart::draw(found, Metric::Cost)));
    let charts = add_charts(files, charts)?;
    files.add("timeseries.csv", &series::csv(scenario, told.series)?)?;
    files.add("index.html", page::render(told, &charts)?.as_bytes())
}

/// Draws charts and adds them to the files, as SVG on light paper and as PNG.
pub fn add_charts(files: &mut Files, charts: Vec<Chart>) -> Result<Vec<DrawnChart>> {
    let source = format!("cutover {}, run {}", env!("CARGO_PKG_VERSION"), files.run());
    let drawn: Vec<(DrawnChart, Vec<u8>)> =
        charts.into_par_iter().map(|chart| draw(chart, &source)).collect::<Result<_>>()?;
    for (chart, png) in &drawn {
        files.add(&format!("charts/{}.svg", chart.chart.id), chart.light.as_bytes())?;
        files.add(&format!("charts/{}.png", chart.chart.id), png)?;
    }
    Ok(drawn.into_iter().map(|(chart, _)| chart).collect())
}

fn draw(mut chart: Chart, source: &str) -> Result<(DrawnChart, Vec<u8>)> {
    source.clone_into(&mut chart.drawing.source);
    let png = chart.drawing.png()?;
    let (light, dark) = (chart.drawing.svg(Theme::Light)?, chart.drawing.svg(Theme::Dark)?);
    Ok((DrawnChart { chart, light, dark }, png))
}
