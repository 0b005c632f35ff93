//! A rollout that reacts is told, in figures and in words; where none reacts, nothing of it is said or written.

use cutover::prelude::*;
use cutover::report::charts::{self, Chart, Findings};
use cutover::report::rollout_summary::{DecisionSummary, DeedSummary, RolloutSummary};
use cutover::report::summary::Summary;
use cutover::report::verdict::Verdict;
use cutover::report::{doubts, page, rollout_table, series, told};
use cutover::results::costs::Line;
use cutover::terms::Each;

use super::support::{load, read, replications};

/// The canary finds out that eight in a hundred mailboxes are dead; the others have gates that never fire, or none.
const SCENARIO: &str = r#"
name = "told"
horizon_days = 45
replications = 2
population.accounts = 6000
desk.for_accounts = 100000
[[strategies]]
preset = "reset-only"
name = "canary"
cut_off = { day = 40, tail = "reset_link" }
[strategies.rollout.adaptive]
waves = { day = 14, count = 3, gap_days = 7, canary_share = 0.1 }
gates = [{ signal = "bounce_share", above = 0.02, response = "stop" }]
[[strategies]]
preset = "reset-only"
name = "calm"
cut_off = { day = 40, tail = "reset_link" }
[strategies.rollout.adaptive]
waves = { day = 14, count = 3, gap_days = 7, canary_share = 0.1 }
gates = [{ signal = "duplicate_sign_ups", above = 1000000, response = "hold", longest_hold_days = 3 }]
[[strategies]]
preset = "lazy"
"#;

/// Everything that is told of a run.
struct Told {
    loaded: Loaded,
    replications: Vec<cutover::engine::Replication>,
    summary: Summary,
}

impl Told {
    fn new(text: &str) -> Self {
        let loaded = load(text, &[]);
        let replications = replications(&loaded);
        let summary = Summary::new(&loaded.scenario, &replications);
        Self { loaded, replications, summary }
    }

    fn rollout(&mut self, strategy: &str) -> &mut RolloutSummary {
        let found = self.summary.strategies.iter_mut().find(|found| found.name == strategy);
        found.and_then(|strategy| strategy.rollout.as_mut()).expect("a rollout that reacts")
    }

    fn page(&self) -> String {
        let (scenario, summary) = (&self.loaded.scenario, &self.summary);
        let series = series::hourly(scenario, &self.replications);
        let verdict = Verdict::new(scenario, summary, &series, &self.replications);
        let doubts = doubts::doubts(scenario, summary, &series);
        let told = told::Told {
            loaded: &self.loaded,
            summary,
            series: &series,
            verdict: &verdict,
            doubts: &doubts,
            how_sure: None,
            why: None,
            import: None,
        };
        page::render(&told, &[]).expect("a page")
    }

    fn doubts(&self) -> String {
        let series = series::hourly(&self.loaded.scenario, &self.replications);
        doubts::doubts(&self.loaded.scenario, &self.summary, &series).join("\n")
    }

    fn charts(&self) -> Vec<Chart> {
        let (scenario, summary) = (&self.loaded.scenario, &self.summary);
        let series = series::hourly(scenario, &self.replications);
        let verdict = Verdict::new(scenario, summary, &series, &self.replications);
        charts::all(&Findings { scenario, summary, series: &series, verdict: &verdict })
    }

    fn svg(&self, id: &str) -> String {
        let charts = self.charts();
        let chart = charts.iter().find(|chart| chart.id == id).unwrap_or_else(|| panic!("no chart {id}"));
        chart.drawing.svg(cutover::report::drawing::Theme::Light).expect("svg")
    }
}

#[test]
fn the_summary_tells_rollouts_that_react_and_no_others() {
    let mut told = Told::new(SCENARIO);
    let json = told.summary.json().expect("json");
    let value: serde_json::Value = serde_json::from_slice(&json).expect("json");
    let has_field = |n: usize| value["strategies"][n].get("rollout").is_some();
    assert_eq!([0, 1, 2, 3].map(has_field), [false, true, true, false], "stay, canary, calm, lazy");
    let read_back: Summary = serde_json::from_value(value.clone()).expect("a summary");
    assert_eq!(read_back, told.summary, "what is written can be read");

    let canary = &value["strategies"][1]["rollout"];
    assert_eq!((&canary["replications_stopped"], &canary["replications_held"]), (&2.into(), &0.into()));
    assert_eq!(canary["waves_begun"], 1.0);
    let decisions = canary["decisions"].as_array().expect("a list");
    assert_eq!(decisions.len(), 2, "one list for each replication");
    let [release, stop] = decisions[0].as_array().expect("a list").as_slice() else {
        panic!("the canary began and the rollout stopped: {}", decisions[0]);
    };
    assert_eq!(
        (&release["deed"], &release["wave"], &release["hours"]),
        (&"release".into(), &0.into(), &168.0.into())
    );
    assert_eq!((&release["at"], release.get("gate")), (&"2026-03-09T00:00:00".into(), None));
    assert_eq!((&stop["deed"], &stop["gate"], &stop["signal"]), (&"stop".into(), &0.into(), &"bounce_share".into()));
    assert!(stop["seen"].as_f64().is_some_and(|seen| seen > 0.02 && seen < 0.3), "{stop}");
    assert_eq!(told.rollout("calm").waves_begun, 4.0, "the canary and three waves");

    let results = Results::new(told.loaded.scenario.clone(), told.replications.clone());
    let arm = results.arm("canary").expect("an arm");
    let typed: Vec<Deed> = arm.decisions().flatten().map(|decision| decision.deed).collect();
    assert_eq!(typed, [Deed::Release(0), Deed::Stop, Deed::Release(0), Deed::Stop]);
    assert!(arm.courses().all(|course| course.reaction == Reaction::Stopped && course.waves_begun == 1));
    assert_eq!(results.arm("lazy").expect("an arm").decisions().flatten().count(), 0);
    let read: Vec<Decision> = told.rollout("canary").decisions[1].iter().map(DecisionSummary::decision).collect();
    let times = |decisions: &[Decision]| decisions.iter().map(|of| (of.at, of.deed)).collect::<Vec<_>>();
    assert_eq!(times(&read), times(&told.replications[1].arms[1].decisions), "to the millisecond");
}

#[test]
fn page_and_charts_tell_it_only_where_a_rollout_reacts() {
    let told = Told::new(SCENARIO);
    let page = told.page();
    let places = [
        "class=\"headline\"",
        "id=\"glance\"",
        "class=\"beside\"",
        "class=\"doubts\"",
    ]
    .map(|part| page.find(part));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "the table comes before paragraphs: {places:?}"
    );
    let section = page
        .split("<section id=\"rollout\">")
        .nth(1)
        .expect("a section")
        .split("</section>")
        .next()
        .expect("it");
    for part in [
        "Under canary the rollout stopped for good on",
        "of mails bounced. So it went in 2 of 2 replications.",
        "the canary began",
        "bounce_share above <span class=\"whole\">2 %</span>",
        "Under calm no gate fired",
    ] {
        assert!(section.contains(part), "\"{part}\" is not in {section}");
    }
    assert_eq!(section.matches("<table").count(), 1, "where no gate fired the sentence is enough");
    for id in ["support-load", "curves"] {
        assert!(told.svg(id).contains("stopped"), "{id} does not mark it");
    }

    let silent = Told::new(&read("scenarios/tiny.toml"));
    let page = silent.page();
    assert!(!page.contains("id=\"rollout\"") && !page.contains("What the rollout did"));
    assert!(!String::from_utf8(silent.summary.json().expect("json")).expect("text").contains("\"rollout\""));
    assert!(silent.charts().iter().all(|chart| {
        let svg = chart.drawing.svg(cutover::report::drawing::Theme::Light).expect("svg");
        !svg.contains("what the rollout did")
    }));
}

#[test]
fn replications_that_disagree_are_a_doubt() {
    let mut told = Told::new(SCENARIO);
    assert!(!told.doubts().contains("luck decides"), "both stopped: {}", told.doubts());
    let rollout = told.rollout("canary");
    rollout.decisions[0].pop();
    rollout.replications_stopped = 1;
    assert!(told.doubts().contains("Under canary the rollout was stopped in 1 of 2 replications: luck decides."));
    let sentence = &rollout_table::tables(&told.loaded.scenario, &told.summary)[0].sentence;
    assert!(sentence.contains("in 1 of 2 replications") && sentence.contains("; in 1 "), "{sentence}");
}

/// A bill that is small because nothing was done any more does not look like a good one.
#[test]
fn a_rollout_that_ended_early_is_not_praised_for_its_bill() {
    let mut told = Told::new(SCENARIO);
    told.summary
        .strategies
        .retain(|strategy| ["stay", "canary", "calm"].contains(&strategy.name.as_str()));
    // The figure is that of the table beside it.
    let compared = told.summary.comparisons.iter().find(|compared| {
        (compared.a.as_str(), compared.b.as_str(), compared.metric) == ("canary", "calm", Metric::Migrated)
    });
    let fewer = -compared.expect("a comparison").mean_difference;
    assert!(fewer > 1000.0, "canary moved {fewer} fewer");
    let said = format!("canary moved {} accounts fewer than calm: ", cutover::numbers::grouped(fewer));
    let doubts = |told: &mut Told, canary_cents: i64, deed: &str| {
        for strategy in &mut told.summary.strategies {
            let cents = if strategy.name == "canary" { canary_cents } else { 1000 };
            strategy.cost_cents.lines = Each::new(|line| if line == Line::Messages { cents } else { 0 });
        }
        let rollout = told.rollout("canary");
        (rollout.replications_stopped, rollout.replications_rolled_back) = match deed {
            "stopped" => (2, 0),
            "rolled back" => (0, 2),
            _ => (1, 0),
        };
        told.doubts()
    };
    let stopped = doubts(&mut told, 10, "stopped");
    let because = "its bill is smaller because it stopped, not because it is done.";
    assert!(stopped.contains(&format!("{said}{because}")), "{stopped}");
    let undone = doubts(&mut told, 10, "rolled back");
    assert!(undone.contains(&format!("{said}its bill is smaller because it was rolled back, not")), "{undone}");
    let dearer = doubts(&mut told, 5000, "stopped");
    assert!(
        dearer.contains(&format!("{said}it stopped, so the two bills are not for the same work.")),
        "{dearer}"
    );
    let remark = |told: &Told| {
        let canary = told.summary.strategy("canary").expect("an arm");
        cutover::report::standing::remark(canary).unwrap_or_default()
    };
    assert!(remark(&told).starts_with("stopped, ") && remark(&told).ends_with("of the active have not moved"));
    doubts(&mut told, 10, "rolled back");
    assert!(remark(&told).starts_with("rolled back"), "{}", remark(&told));
    doubts(&mut told, 10, "stopped once");
    assert!(remark(&told).starts_with("stopped in 1 of 2 replications"), "{}", remark(&told));
    let brief = doubts::brief(&told.summary);
    assert!(brief.iter().any(|line| line.starts_with("canary: stopped in 1 of 2 replications")), "{brief:?}");
    let once = doubts(&mut told, 10, "stopped once");
    assert!(!once.contains("accounts fewer"), "{once}");
}

/// A long story of holds is neither a wall of rows nor one of marks.
#[test]
fn many_decisions_are_thinned_out() {
    let mut told = Told::new(SCENARIO);
    let (scenario, calendar) = (told.loaded.scenario.clone(), told.loaded.scenario.calendar());
    let decided = |hours: f64, deed: DeedSummary, seen: Option<f64>| DecisionSummary {
        at: calendar.iso(SimTime::from_hours(hours)),
        hours,
        deed,
        gate: seen.map(|_| 0),
        signal: seen.map(|_| Signal::DuplicateSignUps),
        seen,
    };
    let mut decisions = vec![decided(168.0, DeedSummary::Release { wave: 0 }, None)];
    for n in 0..60 {
        let at = 174.0 + 12.0 * f64::from(n);
        decisions.push(decided(at, DeedSummary::Hold, Some(2e6)));
        // The first two holds end as they should, the third after its longest time.
        let seen = if n == 2 { 1.5e6 } else { 1.0 };
        decisions.push(decided(at + 6.0, DeedSummary::GoOn, Some(seen)));
    }
    decisions
        .extend((1..4).map(|wave| decided(920.0 + 168.0 * f64::from(wave - 1), DeedSummary::Release { wave }, None)));
    told.rollout("calm").decisions[0] = decisions;
    let tables = rollout_table::tables(&scenario, &told.summary);
    let rows = &tables.iter().find(|table| table.strategy == "calm").expect("a table").rows;
    assert_eq!(rows.len(), 40);
    assert!(rows.iter().any(|row| row.what.contains("more decisions")), "{rows:#?}");
    assert_eq!((rows[0].what.as_str(), rows[0].seen.as_str()), ("the canary began", "as planned"));
    assert_eq!(rows[1].gate, "duplicate_sign_ups above 1,000,000");
    assert_eq!(
        (rows[2].what.as_str(), rows[2].gate.as_str()),
        ("the hold ended", "duplicate_sign_ups below 800,000")
    );
    assert_eq!(rows[6].what, "the hold ended, after the longest hold of 3 d");
    let last = &rows[39];
    assert_eq!(last.what, "waves 1 to 3 began", "waves that are equally late share a row");
    assert!(last.seen.starts_with("each ") && last.seen.ends_with("later than planned"), "{}", last.seen);
    for chart in told.charts() {
        assert_eq!(chart.drawing.misplaced(), Vec::<String>::new(), "{}", chart.id);
    }
    assert!(told.svg("curves").matches("goes on").count() < 40);
}

#[cfg(feature = "cli")]
#[test]
fn the_terminal_says_it_below_the_headline() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("told.toml"), SCENARIO).expect("a file");
    let arguments = ["run", "told.toml", "--store", "memory", "--no-report"];
    let output = super::support::cutover(dir.path()).args(arguments).assert().success();
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    // One sentence and the small table come first.
    let table = said.find("agents needed (on duty)").expect("the small table");
    let paragraphs = said[..table].split("\n\n").filter(|part| !part.trim().is_empty()).count();
    assert_eq!(paragraphs, 2, "the headline, and the table: {said}");
    assert!(table < said.find("Against leaving everything as it is").expect("a sentence below it"), "{said}");
    assert!(!said.contains("The calls of its busiest hour need"), "the table has it: {said}");
    let told = said.find("Under canary the rollout stopped for good on").expect("the sentence");
    assert!(told < said.find("accounts migrated").expect("the figures"), "{said}");
}
