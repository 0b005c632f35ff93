//! The page of a sweep: one self-contained HTML file, in the manner of the report.

use askama::Template;

use super::best_words::{self, Typed};
use super::words;
use crate::error::{Error, Result};
use crate::numbers::grouped;
use crate::report::page::DrawnChart;
use crate::sweep::Sweep;
use crate::sweep::best::Best;

/// Rows of the table of points.
const ROWS: usize = 400;

#[derive(Template)]
#[template(path = "sweep.html")]
struct SweepPage<'a> {
    scenario: &'a str,
    scenario_hash: &'a str,
    accounts: String,
    headline: String,
    sentences: Vec<String>,
    /// The picture of the answer.
    opening: Vec<&'a DrawnChart>,
    charts: Vec<&'a DrawnChart>,
    tables: Vec<Table>,
    how: Vec<String>,
    beside: &'static str,
}

/// A table of the page.
struct Table {
    title: &'static str,
    below: &'static str,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Renders the page of a sweep.
///
/// # Errors
///
/// If it cannot be written.
pub fn render(found: &Sweep, charts: &[DrawnChart]) -> Result<String> {
    let (opening, rest) = charts.split_at(charts.len().min(1));
    let points = Table {
        title: "The points",
        below: "± is half of a 95 % interval over replications. “More than the best” is the paired difference of the bill to \
                the lowest one, with its 95 % interval: points share their luck, so that it decides even where ± overlap. A \
                point is called outdone only if the paired differences show that another is not worse in cost, customers lost \
                and takeovers, and better in one of them.",
        head: words::head(found),
        rows: words::rows(found, ROWS),
    };
    SweepPage {
        scenario: &found.scenario,
        scenario_hash: &found.scenario_hash,
        accounts: grouped(found.accounts as f64),
        headline: words::headline(found),
        sentences: words::sentences(found),
        opening: opening.iter().collect(),
        charts: rest.iter().collect(),
        tables: vec![points],
        how: vec![
            words::how(found),
            "All points meet the same customers with the same luck, so that what differs between them is theirs.".to_owned(),
            "A point simulates a part of the accounts with a desk to its scale. A small desk makes people wait longer than a \
             large one, so try what you choose with a run."
                .to_owned(),
        ],
        beside: "sweep.json (everything) and points.csv (a row for each strategy at each point, with all figures)",
    }
    .written()
}

/// Renders the page of the best values of a strategy.
///
/// # Errors
///
/// If it cannot be written.
pub fn render_best(found: &Best, typed: &Typed, charts: &[DrawnChart]) -> Result<String> {
    let tables = vec![
        Table {
            title: "The values",
            below: "Values that are written into the strategy's file, or set with --set.",
            head: best_words::SETTINGS_HEAD.map(str::to_owned).to_vec(),
            rows: best_words::settings(found),
        },
        Table {
            title: "What else changes",
            below: "Means over fresh replications; differences are paired, with their 95 % intervals.",
            head: best_words::CHANGES_HEAD.map(str::to_owned).to_vec(),
            rows: best_words::changes(found),
        },
    ];
    SweepPage {
        scenario: &found.scenario,
        scenario_hash: &found.scenario_hash,
        accounts: grouped(found.accounts as f64),
        headline: best_words::headline(found),
        sentences: best_words::sentences(found, typed),
        opening: charts.iter().collect(),
        charts: Vec::new(),
        tables,
        how: vec![
            best_words::how(found),
            "Points are spread evenly over the values and thinned: all begin with few replications, the better half goes on \
             with twice as many. Further rounds look closer around the best point so far."
                .to_owned(),
            "What was chosen for its luck looks better than it is. So gain and limits are told from replications that the \
             search has not seen."
                .to_owned(),
        ],
        beside: "sweep.json (everything) and, if something better was found, the strategy as a file",
    }
    .written()
}

impl SweepPage<'_> {
    fn written(&self) -> Result<String> {
        self.render().map_err(|error| Error::Store(format!("index.html cannot be written: {error}")))
    }
}
