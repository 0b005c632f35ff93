//! Charts: one file each. Every chart says what it shows, how to read it, and what to do about it.

pub mod axis;

mod legend;

mod marks;

mod fates;

mod agents;

mod support_load;

mod desk_day;

mod waits;

mod backlog;

mod curves;

mod funnel;

mod outcome_heat;

mod transitions;

mod week;

mod cost;

mod offboarding;

use super::drawing::{Anchor, Drawing, Ink, fitted, text_width};
use super::series::HourlySeries;
use super::summary::Summary;
use super::verdict::Verdict;
use crate::scenario::Scenario;
pub(crate) use legend::{legend, legend_dashes, legend_heat, legend_line};

/// What charts are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Means, intervals and comparisons.
    pub summary: &'a Summary,
    /// Hourly series by strategy, the control arm first.
    pub series: &'a [HourlySeries],
    /// What the run says.
    pub verdict: &'a Verdict,
}

/// A chart and its three lines.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Name of its file.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it shows.
    pub shows: String,
    /// How to read it.
    pub read: String,
    /// What to do about it.
    pub act: String,
    /// The drawing.
    pub drawing: Drawing,
}

/// The charts that stand at the top of a page, side by side where there is room: they are as narrow as a phone.
pub const OPENING: [&str; 2] = ["active-customers", "calls-and-agents"];
/// Their width.
pub(crate) const NARROW: f64 = 460.0;

/// Draws every chart that the findings allow.
pub fn all(findings: &Findings<'_>) -> Vec<Chart> {
    let mut charts = Vec::new();
    charts.extend(fates::draw(findings));
    charts.extend(agents::draw(findings));
    charts.extend(support_load::draw(findings));
    charts.extend(desk_day::draw(findings));
    charts.extend(waits::draw(findings));
    charts.extend(backlog::draw(findings));
    charts.extend(curves::draw(findings));
    charts.extend(funnel::draw(findings));
    charts.extend(outcome_heat::draw(findings));
    charts.extend(transitions::draw(findings));
    charts.extend(week::draw(findings));
    charts.extend(cost::draw(findings));
    charts.extend(offboarding::draw(findings));
    charts
}

/// Width of every chart.
pub(crate) const WIDTH: f64 = 960.0;
/// Text sizes.
const TITLE: f64 = 19.0;
pub(crate) const SMALL: f64 = 13.0;
/// How much wider than ours the fonts of browsers may be.
pub(crate) const WIDER: f64 = 1.08;
/// Left edge of what is drawn.
pub(crate) const MARGIN: f64 = 16.0;

impl Findings<'_> {
    /// The ink of an arm: grey for the control.
    fn ink(&self, arm: usize) -> Ink {
        match arm {
            0 => Ink::Stay,
            n => Ink::Series(n - 1),
        }
    }

    /// The same, mixed with paper: from 0 to the full strength of 1.
    fn tint(&self, arm: usize, strength: f64) -> Ink {
        Ink::Tint(arm.checked_sub(1), strength)
    }

    fn campaign_days(&self) -> (usize, usize) {
        campaign_days(self.scenario)
    }
}

/// First and last day of the weeks in which the rollouts begin: from two days before to four weeks after.
pub(crate) fn campaign_days(scenario: &Scenario) -> (usize, usize) {
    let horizon = scenario.horizon_days.get() as usize;
    let first = scenario.strategies.iter().map(|s| s.first_day()).fold(f64::INFINITY, f64::min);
    let from = if first.is_finite() {
        (first as usize).saturating_sub(2)
    } else {
        0
    };
    (from.min(horizon.saturating_sub(1)), (from + 30).min(horizon))
}

/// A sheet with a title and a line below it.
pub(crate) fn sheet(height: f64, title: &str, below: &str) -> Drawing {
    let mut drawing = Drawing::new(WIDTH, height);
    drawing.bold(MARGIN, 22.0, title, TITLE, Ink::Text, Anchor::Start);
    drawing.text(MARGIN, 46.0, below, SMALL, Ink::Label, Anchor::Start);
    drawing
}

/// The same for a chart that is as narrow as a phone.
fn narrow_sheet(height: f64, title: &str, below: &str) -> Drawing {
    let mut drawing = Drawing::new(NARROW, height);
    drawing.bold(MARGIN, 18.0, title, 16.0, Ink::Text, Anchor::Start);
    drawing.text(MARGIN, 40.0, below, SMALL, Ink::Label, Anchor::Start);
    drawing
}

/// A name that stands in a title, cut if it is long.
pub(crate) fn in_title(name: &str) -> String {
    fitted(name, TITLE, 260.0)
}

/// A name above a panel, in its own ink, cut if it is long, with a note behind it.
pub(crate) fn heading(drawing: &mut Drawing, (x, y): (f64, f64), name: &str, ink: Ink, note: &str) {
    let name = fitted(name, SMALL, 220.0);
    let behind = x + text_width(&name, SMALL) * WIDER + 10.0;
    drawing.bold(x, y, name, SMALL, ink, Anchor::Start);
    drawing.text(behind, y, note, 12.0, Ink::Label, Anchor::Start);
}

/// A legend of all arms.
fn legend_of_arms<'a>(findings: &Findings<'a>) -> legend::Rows<'a> {
    let name = |(arm, series): (usize, &'a HourlySeries)| {
        let name = if arm == 0 {
            "stay (nothing migrated)"
        } else {
            series.strategy.as_str()
        };
        (findings.ink(arm), name)
    };
    let entries: Vec<_> = findings.series.iter().enumerate().map(name).collect();
    legend::Rows::new(&entries, WIDTH)
}
