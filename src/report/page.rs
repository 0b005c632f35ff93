//! The page: one self-contained HTML file, readable on a phone, on paper, without JavaScript, in light and dark.

use askama::Template;

use super::charts::Chart;
use super::desk_table::{self, DeskTable};
use super::rollout_table::{self, RolloutTable};
use super::summary::{StrategySummary, Summary};
use super::verdict::Verdict;
use crate::error::{Error, Result};
use crate::numbers::{grouped, percent};
use crate::population::unit::EdgeCase;
use crate::scenario::section::Grade;
use crate::scenario_file::Loaded;
use crate::scenario_file::listing::{self, Listed};
use crate::terms::Outcome;

/// A chart in both themes.
#[derive(Clone, Debug)]
pub struct DrawnChart {
    /// The chart.
    pub chart: Chart,
    /// SVG on light paper.
    pub light: String,
    /// SVG on dark paper.
    pub dark: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    loaded: &'a Loaded,
    summary: &'a Summary,
    verdict: &'a Verdict,
    doubts: &'a [String],
    charts: &'a [DrawnChart],
    evidence: Vec<(&'static str, Vec<String>)>,
    cases: Vec<CaseRow>,
    desk: Vec<DeskTable>,
    /// Rollouts that react.
    rollouts: Vec<RolloutTable>,
    assumptions: Vec<Listed>,
    unknown: usize,
    accounts: String,
    start: &'a str,
    question: String,
    expected: String,
    analysis: String,
    /// How reading the directory export went.
    import: Option<&'a str>,
}

/// An edge case: how many accounts, and how it fares under each strategy.
struct CaseRow {
    name: String,
    accounts: String,
    migrated: Vec<String>,
    lost: Vec<String>,
}

/// Renders the page.
pub fn render(
    loaded: &Loaded,
    summary: &Summary,
    verdict: &Verdict,
    doubts: &[String],
    charts: &[DrawnChart],
    import: Option<&str>,
) -> Result<String> {
    let scenario = &loaded.scenario;
    let assumptions = listing::assumptions(loaded);
    let page = Page {
        loaded,
        summary,
        verdict,
        doubts,
        charts,
        evidence: controls_evidence(summary),
        cases: cases(summary),
        desk: desk_table::tables(summary),
        rollouts: rollout_table::tables(scenario, summary),
        unknown: assumptions.iter().filter(|value| value.grade == Grade::Assumption).count(),
        assumptions,
        accounts: grouped(summary.accounts as f64),
        start: summary.start.strip_suffix("T00:00:00").unwrap_or(&summary.start),
        question: unwrapped(&scenario.question),
        expected: unwrapped(&scenario.expected),
        analysis: unwrapped(&scenario.analysis),
        import,
    };
    page.render().map_err(|error| Error::Store(format!("index.html cannot be written: {error}")))
}

/// Prose without the line breaks of the file it was written in; paragraphs stay.
fn unwrapped(prose: &str) -> String {
    prose
        .trim()
        .split("\n\n")
        .map(|paragraph| paragraph.replace('\n', " "))
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// What auditors ask for, by strategy.
fn controls_evidence(summary: &Summary) -> Vec<(&'static str, Vec<String>)> {
    let all = summary.accounts.max(1) as f64;
    let outcome = |s: &StrategySummary, outcome: Outcome| s.outcomes[outcome];
    let each = |of: &dyn Fn(&StrategySummary) -> String| summary.strategies.iter().map(of).collect();
    vec![
        (
            "Accounts recovered on the target (NIST CSF 2.0 RC.RP)",
            each(&|s| percent((outcome(s, Outcome::Migrated) + outcome(s, Outcome::MigratedByDesk)) / all)),
        ),
        (
            "Time to recover, median and 90th percentile, hours (RC.RP)",
            each(&|s| {
                if s.time_to_migrate_h.p90 > 0.0 {
                    format!("{} / {}", grouped(s.time_to_migrate_h.p50), grouped(s.time_to_migrate_h.p90))
                } else {
                    "–".to_owned()
                }
            }),
        ),
        (
            "Legacy passwords still accepted at the horizon (OWASP NHI-1)",
            each(&|s| grouped(s.security.legacy_credentials_alive)),
        ),
        (
            "Legacy sessions still alive at the horizon (OWASP NHI-1)",
            each(&|s| grouped(s.security.legacy_sessions_alive)),
        ),
        (
            "Links made for the wrong person: false accepts (NIST AI RMF)",
            each(&|s| grouped(s.security.false_links)),
        ),
        (
            "Genuine customers turned away or stuck: false rejects (NIST AI RMF)",
            each(&|s| grouped(outcome(s, Outcome::Blocked))),
        ),
        (
            "Accounts decided with human oversight (NIST AI RMF)",
            each(&|s| percent(outcome(s, Outcome::MigratedByDesk) / all)),
        ),
    ]
}

/// Outcomes of accounts that moved.
const MOVED: [Outcome; 2] = [Outcome::Migrated, Outcome::MigratedByDesk];
/// Outcomes that nobody wanted.
const LOST: [Outcome; 5] = [
    Outcome::Churned,
    Outcome::Blocked,
    Outcome::Duplicate,
    Outcome::Misbound,
    Outcome::TakenOver,
];

fn cases(summary: &Summary) -> Vec<CaseRow> {
    let Some(first) = summary.strategies.first() else {
        return Vec::new();
    };
    EdgeCase::ALL
        .iter()
        .filter_map(|case| {
            let total = |s: &StrategySummary| s.outcomes_by_edge_case[*case].sum();
            let accounts = total(first);
            let share = |s: &StrategySummary, of: &[Outcome]| {
                let outcomes = &s.outcomes_by_edge_case[*case];
                let sum: f64 = of.iter().map(|outcome| outcomes[*outcome]).sum();
                percent(sum / accounts)
            };
            (accounts > 0.0).then(|| CaseRow {
                name: case.key().replace('_', " "),
                accounts: grouped(accounts),
                migrated: summary.strategies.iter().map(|s| share(s, &MOVED)).collect(),
                lost: summary.strategies.iter().map(|s| share(s, &LOST)).collect(),
            })
        })
        .collect()
}
