//! Files: what a report consists of.

use rayon::prelude::*;

use super::charts::{Chart, Findings};
use super::drawing::Theme;
use super::page::{self, DrawnChart};
use super::series::{self, HourlySeries};
use super::summary::Summary;
use super::verdict::Verdict;
use crate::error::Result;
use crate::folder::Files;
use crate::scenario::Scenario;
use crate::scenario_file::Loaded;

/// Draws the charts and the page, and adds them to the files.
pub fn add_report(
    files: &mut Files,
    loaded: &Loaded,
    summary: &Summary,
    series: &[HourlySeries],
    verdict: &Verdict,
    doubts: &[String],
    import: Option<&str>,
) -> Result<()> {
    let scenario: &Scenario = &loaded.scenario;
    let findings = Findings { scenario, summary, series, verdict };
    let charts = add_charts(files, super::charts::all(&findings))?;
    files.add("timeseries.csv", &series::csv(scenario, series)?)?;
    let html = page::render(loaded, summary, verdict, doubts, &charts, import)?;
    files.add("index.html", html.as_bytes())
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
