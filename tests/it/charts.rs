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
    charts::all(&Findings {
        scenario,
        summary: &summary,
        series: &series,
        verdict: &verdict,
    })
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

/// A run of fifteen strategies: as many as can be compared.
pub const FIFTEEN: &str = r#"
    horizon_days = 75
    replications = 2
    baseline = "later"
    strategies = [
      "reset-only", "risk-based", "lazy",
      { preset = "reset-only", name = "later", rollout = { waves = { day = 21, count = 3, gap_days = 7 } }, cut_off = { day = 50 } },
      { preset = "reset-only", name = "long-links", controls = { link_lifetime_h = 168 } },
      { preset = "reset-only", name = "second-line", controls = { fallback = "tier2" } },
      { preset = "reset-only", name = "no-reminders", controls = { reminders_days = [] } },
      { preset = "reset-only", name = "one-reminder", controls = { reminders_days = [3] } },
      { preset = "lazy", name = "cut-off-40", cut_off = { day = 40, tail = "reset_link" } },
      { preset = "lazy", name = "cut-off-60", cut_off = { day = 60, tail = "magic_link" } },
      { preset = "lazy", name = "keeps-old-sessions-and-old-passwords", controls = { sessions = "leave", retire_credential = false } },
      { preset = "lazy", name = "twin" },
      { preset = "lazy", name = "magic-tail", cut_off = { day = 70, tail = "magic_link" } },
      { preset = "risk-based", name = "sorted-70", cut_off = { day = 70, tail = "magic_link" } },
      { preset = "risk-based", name = "sorted-second-line", controls = { fallback = "tier2" } },
    ]
    [population]
    accounts = 1_500
    segments = [
      { name = "often", share = 0.4, sign_ins = { shape = 1.0, rate_days = 8 } },
      { name = "seldom", share = 0.6 },
    ]
    [desk]
    for_accounts = 50_000
    tier2.agents = 10
"#;

#[test]
fn fifteen_strategies_can_be_read() {
    let loaded = load(FIFTEEN, &[]);
    assert_eq!(loaded.scenario.strategies.len(), 15);
    let charts = of_a_run(&loaded);
    readable(&charts, "fifteen strategies");
    for id in charts::OPENING {
        assert!(charts.iter().any(|chart| chart.id == id), "no {id}");
    }
    // A chart of panels grows with their number, and no panel shrinks to nothing.
    let few = of_a_run(&load(&read("scenarios/tiny.toml"), &["replications=1"]));
    for id in ["backlog", "active-customers", "cost", "hour-of-week"] {
        let height = |charts: &[Chart]| charts.iter().find(|chart| chart.id == id).map_or(0.0, |c| c.drawing.height);
        assert!(height(&charts) > 1.5 * height(&few), "{id}: {} and {}", height(&charts), height(&few));
    }
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
