//! Charts must be readable: no label cut off, none on another, for short and long horizons, few and many strategies.

use cutover::report::charts::{self, Chart, Findings};
use cutover::report::series;
use cutover::report::summary::Summary;
use cutover::report::verdict::Verdict;
use cutover::scenario_file::Loaded;
use cutover::size;
use cutover::size::plan::{Planned, StaffingPlan};
use cutover::size::study::study;
use cutover::watch::Unwatched;

use super::support::{load, read, replications};

fn readable(charts: &[Chart], what: &str) {
    for chart in charts {
        let marks = chart.drawing.misplaced();
        assert!(marks.is_empty(), "{what}, {}: {marks:#?}", chart.id);
    }
}

fn of_a_run(loaded: &Loaded) -> Vec<Chart> {
    let (scenario, replications) = (&loaded.scenario, replications(loaded));
    let summary = Summary::new(scenario, &replications);
    let series = series::hourly(scenario, &replications);
    let verdict = Verdict::new(scenario, &summary, &series, &replications);
    charts::all(&Findings { scenario, summary: &summary, series: &series, verdict: &verdict })
}

fn of_a_plan(loaded: &Loaded) -> Vec<Chart> {
    let scenario = &loaded.scenario;
    let (target, needs) = study(scenario, None, &Unwatched).expect("a study");
    let planned: Vec<Planned> = needs.into_iter().map(|needs| Planned::new(scenario, needs, Vec::new())).collect();
    let plan = StaffingPlan::new(scenario, &target, &planned);
    size::charts::all(&size::charts::SizeFindings { scenario, plan: &plan, planned: &planned })
}

#[test]
fn every_label_of_a_report_can_be_read() {
    let tiny = read("scenarios/tiny.toml");
    for days in ["51", "60", "75", "90", "109", "200", "400"] {
        let days = format!("horizon_days={days}");
        readable(&of_a_run(&load(&tiny, &["replications=1", &days])), &days);
    }
    let busy = ["replications=1", "population.accounts=20000", "desk.tier1.agents=2"];
    readable(&of_a_run(&load(&tiny, &busy)), "busy");
    let named = [
        "lazy-with-a-later-cut-off-and-a-long-name",
        "lazy-once-more-with-a-name-even-longer",
        "third",
    ]
    .map(|name| format!("{{ preset = \"lazy\", name = \"{name}\" }}"));
    let crowd = format!("strategies=[\"reset-only\", \"risk-based\", {}]", named.join(", "));
    readable(&of_a_run(&load(&tiny, &["replications=1", &crowd])), "many strategies");
}

/// A desk that is open by day, and no accounts.
const DESK: &str = "strategies = []\nreplications = 1\nhorizon_days = 9\npopulation.accounts = 0\ndesk.review.agents = 0\n\
                    desk.baseline.email_per_hour = 0\n\
                    desk.baseline.phone_per_hour = [{ days = \"Mon-Fri\", hours = \"8-19\", value = 40 }]\n\
                    desk.tier1.agents = [{ days = \"Mon-Fri\", hours = \"8-19\", value = 6 }]";

#[test]
fn a_desk_without_strategies_has_its_charts_and_its_shifts() {
    readable(&of_a_run(&load(DESK, &[])), "the run");
    let charts = of_a_plan(&load(DESK, &[]));
    readable(&charts, "the plan");
    let shifts = charts.iter().find(|chart| chart.id == "shifts-0").expect("the shifts of the desk as it is");
    assert!(!shifts.title.contains("stay"), "{}", shifts.title);
}

#[test]
fn every_label_of_a_plan_can_be_read() {
    let tiny = read("scenarios/tiny.toml");
    let charts = of_a_plan(&load(&tiny, &["replications=1"]));
    readable(&charts, "the plan");
    assert!(charts.iter().any(|chart| chart.id == "requirement"));
}
