//! The page: one self-contained HTML file, readable on a phone, on paper, without JavaScript, in light and dark.

use askama::Template;

use super::charts::Chart;
use super::desk_table::{self, DeskTable};
use super::figures::can_sign_in_share;
use super::glance::{self, Glance};
use super::rollout_table::{self, RolloutTable};
use super::sensitivity;
use super::summary::{StrategySummary, Summary};
use super::told::Told;
use super::verdict::Verdict;
use super::why::{chart, words};
use crate::error::{Error, Result};
use crate::measure::counts::Total;
use crate::numbers::{grouped, money, percent};
use crate::population::unit::EdgeCase;
use crate::results::{Line, Metric};
use crate::scenario::section::Grade;
use crate::scenario_file::Loaded;
use crate::scenario_file::listing::{self, Listed};
use crate::strategy::STAY;
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
    /// In how many worlds the answer holds.
    sure: Vec<String>,
    /// The charts that stand at the top.
    opening: Vec<&'a DrawnChart>,
    /// What makes the difference, and its chart.
    why: Option<Difference>,
    difference: Vec<&'a DrawnChart>,
    /// All others.
    charts: Vec<&'a DrawnChart>,
    glance: Vec<Glance>,
    /// The strategy with the smallest bill.
    best: &'a str,
    /// Each line of the bill that anybody pays, and the sum: under each strategy.
    bill: Vec<(String, Vec<String>)>,
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

/// The difference between two strategies, taken apart.
struct Difference {
    headline: String,
    sentences: Vec<String>,
    how: String,
}

/// An edge case: how many accounts, and how it fares under each strategy.
struct CaseRow {
    name: String,
    accounts: String,
    migrated: Vec<String>,
    lost: Vec<String>,
}

/// Renders the page.
///
/// # Errors
///
/// If it cannot be written.
pub fn render(told: &Told<'_>, charts: &[DrawnChart]) -> Result<String> {
    let Told { loaded, summary, verdict, doubts, import, .. } = *told;
    let scenario = &loaded.scenario;
    let assumptions = listing::assumptions(loaded);
    let (opening, charts): (Vec<_>, Vec<_>) =
        charts.iter().partition(|drawn| super::charts::OPENING.contains(&drawn.chart.id.as_str()));
    let (difference, charts): (Vec<_>, Vec<_>) = charts.into_iter().partition(|drawn| drawn.chart.id == chart::ID);
    let best = summary.strategies.iter().filter(|strategy| strategy.name != STAY);
    let best = best
        .min_by_key(|strategy| strategy.cost_cents.total())
        .map_or(STAY, |strategy| strategy.name.as_str());
    let page = Page {
        loaded,
        summary,
        verdict,
        doubts,
        sure: told.how_sure.map_or(Vec::new(), |found| sensitivity::words::beside(found, best)),
        opening,
        why: told.why.map(|found| {
            let said = words::beside(found, Metric::Cost);
            Difference {
                sentences: if said.is_some() {
                    words::sentences(found, Metric::Cost)
                } else {
                    Vec::new()
                },
                headline: said.unwrap_or_else(|| words::hidden(found)),
                how: words::how(found, Metric::Cost, None),
            }
        }),
        difference,
        charts,
        glance: glance::table(summary, verdict),
        best,
        bill: bill(summary),
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

/// The bill line by line as the difference to the control arm, whose own bill stands first.
fn bill(summary: &Summary) -> Vec<(String, Vec<String>)> {
    let Some((stay, others)) = summary.strategies.split_first() else {
        return Vec::new();
    };
    let row = |word: &str, of: &dyn Fn(&StrategySummary) -> i64| {
        let differences = others.iter().map(|strategy| match of(strategy) - of(stay) {
            0 => "0".to_owned(),
            cents => Metric::Cost.show_difference(cents as f64),
        });
        (word.to_owned(), std::iter::once(money(of(stay) as f64)).chain(differences).collect())
    };
    let is_charged = |line: &Line| summary.strategies.iter().any(|strategy| strategy.cost_cents[*line] != 0);
    let lines = Line::ALL.into_iter().filter(is_charged);
    let mut rows: Vec<_> = lines.map(|line| row(line.word(), &move |s| s.cost_cents[line])).collect();
    rows.push(row("in all", &|strategy| strategy.cost_cents.total()));
    rows
}

/// What auditors may ask for, by strategy. Which row serves which framework is our reading; the page says so.
fn controls_evidence(summary: &Summary) -> Vec<(&'static str, Vec<String>)> {
    let all = summary.accounts.max(1) as f64;
    let outcome = |s: &StrategySummary, outcome: Outcome| s.outcomes[outcome];
    let each = |of: &dyn Fn(&StrategySummary) -> String| summary.strategies.iter().map(of).collect();
    vec![
        (
            "Active customers who can sign in (NIST CSF 2.0 RC.RP)",
            each(&|s| can_sign_in_share(s).map_or("–".to_owned(), percent)),
        ),
        (
            "Accounts moved to the target and seen there (RC.RP)",
            each(&|s| percent((outcome(s, Outcome::Migrated) + outcome(s, Outcome::MigratedByDesk)) / all)),
        ),
        (
            "Accounts moved that nobody has come to since",
            each(&|s| percent(outcome(s, Outcome::LinkedUnseen) / all)),
        ),
        ("People locked out for a day or more (RC.RP)", each(&|s| grouped(s.totals[Total::ShutOut]))),
        ("Time locked out, mean over those, days", each(&locked_out)),
        (
            "Accounts with an intruder of the first day: carried over / put out or noticed",
            each(&|s| {
                let gone = s.residents.put_out + s.residents.noticed;
                format!("{} / {}", grouped(s.residents.carried_over), grouped(gone))
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

/// Days for which those were locked out who were so for a day or more, mean.
fn locked_out(strategy: &StrategySummary) -> String {
    match strategy.totals[Total::ShutOut] {
        people if people > 0.0 => format!("{:.1}", strategy.totals[Total::ShutLongHours] / people / 24.0),
        _ => "–".to_owned(),
    }
}

/// Outcomes of accounts that moved, seen or not.
const MOVED: [Outcome; 3] = [Outcome::Migrated, Outcome::MigratedByDesk, Outcome::LinkedUnseen];
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
