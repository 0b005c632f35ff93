//! The page of a plan: one self-contained HTML file, in the manner of the report.

use askama::Template;

use super::judged::FEWEST_CONTACTS;
use super::output::{goal, headline, wording, words};
use super::plan::{Planned, StaffingPlan, StrategyPlan};
use super::teams::SIZED;
use super::wages;
use crate::error::{Error, Result};
use crate::numbers::{change, grouped, percent, seconds, stated_percent};
use crate::report::page::DrawnChart;
use crate::scenario::Scenario;
use crate::scenario::section::Grade;
use crate::scenario_file::Loaded;
use crate::scenario_file::listing::{self, Listed};

#[derive(Template)]
#[template(path = "size.html")]
struct SizePage<'a> {
    plan: &'a StaffingPlan,
    charts: &'a [DrawnChart],
    headline: String,
    goal: String,
    accounts: String,
    start: String,
    confidence: String,
    /// Chance that a verdict at this confidence is wrong.
    error: String,
    fewest: f64,
    doubts: Vec<String>,
    causes: Vec<String>,
    figures: Vec<(String, Vec<String>)>,
    proofs: Vec<(&'static str, Vec<String>)>,
    surges: Vec<Surge>,
    contrast: Option<String>,
    weeks: Vec<WeekRow>,
    changes: Vec<(String, Vec<String>)>,
    assumptions: Vec<Listed>,
    unknown: usize,
    others: usize,
}

/// The surge days of a strategy.
struct Surge {
    name: String,
    days: usize,
    /// The worst: date, agent-hours, those of the control arm, the difference.
    worst: Vec<[String; 4]>,
}

/// A week, strategies side by side.
struct WeekRow {
    number: usize,
    start: String,
    people: Vec<String>,
    peaks: Vec<String>,
}

/// Surge days that are listed for each strategy.
const LISTED: usize = 8;

/// Renders the page.
pub fn render(loaded: &Loaded, plan: &StaffingPlan, planned: &[Planned], charts: &[DrawnChart]) -> Result<String> {
    let all = listing::values_in_force(loaded);
    let others = listing::assumptions(loaded).iter().filter(|value| !decides(value)).count();
    let assumptions: Vec<Listed> = all.into_iter().filter(decides).collect();
    let first = plan.strategies.first().and_then(|strategy| strategy.skills.first()?.hours.first());
    let page = SizePage {
        plan,
        charts,
        headline: headline::headline(plan),
        goal: goal::whole(plan),
        accounts: grouped(plan.accounts as f64),
        start: first.map_or(String::new(), |hour| wording::moment(&hour.start).replace(" 00:00", "")),
        confidence: stated_percent(plan.target.confidence_share),
        error: stated_percent(1.0 - plan.target.confidence_share),
        fewest: FEWEST_CONTACTS,
        doubts: words::doubts(plan),
        causes: headline::causes(plan),
        figures: words::figures(plan),
        proofs: proofs(plan),
        surges: plan.strategies.iter().skip(1).map(surge).collect(),
        contrast: headline::contrast(plan),
        weeks: weeks(plan),
        changes: changes(&loaded.scenario, plan, planned),
        unknown: assumptions.iter().filter(|value| value.grade == Grade::Assumption).count(),
        assumptions,
        others,
    };
    page.render().map_err(|error| Error::Store(format!("index.html cannot be written: {error}")))
}

/// Whether a value decides a plan directly: the target, shrinkage, pay, shifts, handling times, patience and the traffic
/// of every day.
fn decides(value: &Listed) -> bool {
    let key = value.key.as_str();
    let below = [
        "desk.target.",
        "desk.shifts.",
        "desk.handle_time.",
        "desk.baseline.phone",
        "desk.baseline.email",
        "desk.baseline.chat",
        "desk.baseline.day_cv",
    ];
    let whole = [
        "desk.service_level_s",
        "desk.phone.patience",
        "prices.desk_cents_per_min",
        "prices.tier2_cents_per_min",
        "prices.review_cents_per_min",
    ];
    below.iter().any(|start| key.starts_with(start)) || whole.contains(&key) || key.ends_with("shrinkage_share")
}

/// The proof in figures: a row for each, a value for each strategy.
fn proofs(plan: &StaffingPlan) -> Vec<(&'static str, Vec<String>)> {
    let each = |of: &dyn Fn(&StrategyPlan) -> String| plan.strategies.iter().map(of).collect();
    let part = |part: u64, whole: u64| match whole {
        0 => "–".to_owned(),
        _ => format!("{} of {}", grouped(part as f64), grouped(whole as f64)),
    };
    let interval = |interval: Option<[f64; 3]>| {
        interval.map_or("–".to_owned(), |[mean, from, to]| {
            format!("{:.1} % [{:.1}–{:.1}]", 100.0 * mean, 100.0 * from, 100.0 * to)
        })
    };
    let journeys =
        |place: usize, word: fn(f64) -> String| each(&|s| s.proof.with_journeys[place].map_or("–".to_owned(), word));
    vec![
        ("Samples the plan was found with", each(&|s| s.samples.to_string())),
        ("Other samples it was tried on", each(&|s| s.proof.samples.to_string())),
        ("Agent-hours taken out because one fewer did", each(&|s| s.removed_agent_hours.to_string())),
        ("Agent-hours added where it missed the target twice", each(&|s| s.added_agent_hours.to_string())),
        ("Hours that meet the target on average", each(&|s| part(s.proof.hours_met, s.proof.hours))),
        ("Hours that meet it surely", each(&|s| part(s.proof.hours_met_surely, s.proof.hours))),
        ("Hours that surely miss it", each(&|s| part(s.proof.hours_missed_surely, s.proof.hours))),
        (
            "Hours in which one agent fewer surely misses it",
            each(&|s| grouped(s.proof.fewer.surely_misses as f64)),
        ),
        (
            "Hours in which one agent fewer misses it on average, within luck",
            each(&|s| grouped(s.proof.fewer.misses_on_average as f64)),
        ),
        ("Hours in which one agent fewer is undecided", each(&|s| grouped(s.proof.fewer.undecided as f64))),
        ("Hours with too few contacts, left to theory", each(&|s| grouped(s.proof.hours_together as f64))),
        (
            "Contacts of those hours answered in time, together",
            each(&|s| s.proof.together_answered_share.map_or("–".to_owned(), percent)),
        ),
        ("Days on which written work meets it", each(&|s| part(s.proof.days_met, s.proof.days))),
        ("Calls answered in time, working hours", each(&|s| interval(s.proof.answered_share))),
        ("Calls given up, working hours", each(&|s| interval(s.proof.abandoned_share))),
        ("With journeys, all hours: calls answered in time", journeys(0, percent)),
        ("With journeys, all hours: calls given up", journeys(1, percent)),
        ("With journeys, all hours: mean wait of calls", journeys(2, seconds)),
        ("With journeys: first line busy", journeys(3, percent)),
        (
            "With journeys: calls while nobody works, turned away or left to wait",
            each(&|s| grouped(s.proof.calls_while_closed.round())),
        ),
        (
            "With journeys: e-mails given up",
            each(&|s| s.proof.emails_abandoned_share.map_or("–".to_owned(), percent)),
        ),
    ]
}

fn surge(strategy: &StrategyPlan) -> Surge {
    let row = |day: &super::plan::SurgeDay| {
        let more = day.agent_hours - day.stay_agent_hours;
        let [own, stay, more] = [day.agent_hours, day.stay_agent_hours, more].map(|hours| grouped(hours as f64));
        [wording::day(&day.date), own, stay, format!("+{more}")]
    };
    Surge {
        name: strategy.name.clone(),
        days: strategy.surge_days.len(),
        worst: strategy.surge_days.iter().take(LISTED).map(row).collect(),
    }
}

fn weeks(plan: &StaffingPlan) -> Vec<WeekRow> {
    let row = |(place, week): (usize, &super::plan::WeekComparison)| WeekRow {
        number: place + 1,
        start: wording::day(&week.start),
        people: week.people.iter().map(|people| people.map_or("–".to_owned(), |n| n.to_string())).collect(),
        peaks: week.peak_agents.iter().map(u32::to_string).collect(),
    };
    plan.weeks.iter().enumerate().map(row).collect()
}

/// What would change the answer and by how much: a row for each change, a value for each strategy.
fn changes(scenario: &Scenario, plan: &StaffingPlan, planned: &[Planned]) -> Vec<(String, Vec<String>)> {
    let arms = 0..plan.strategies.len();
    let row = |what: String, of: &dyn Fn(usize) -> Option<f64>| {
        let value = |arm| of(arm).map_or("–".to_owned(), change);
        (what, arms.clone().map(value).collect::<Vec<_>>())
    };
    let levels: Vec<f64> = plan
        .strategies
        .first()
        .map(|s| s.price_curve.iter().map(|p| p.wanted_share).collect())
        .unwrap_or_default();
    let mut changes = Vec::new();
    for pair in levels.windows(2).filter(|pair| pair[0] >= 0.7) {
        let step = |arm: usize| {
            let cost = |wanted: f64| {
                let curve = &plan.strategies[arm].price_curve;
                curve.iter().find(|point| point.wanted_share == wanted).map(|point| point.cost_cents as f64)
            };
            let (low, high) = (cost(pair[0])?, cost(pair[1])?);
            (low > 0.0).then(|| high / low - 1.0)
        };
        let (low, high) = (stated_percent(pair[0]), stated_percent(pair[1]));
        changes.push(row(format!("{high} of calls in time in every hour, instead of {low}"), &step));
    }
    let shrunk = |arm: usize| {
        let planned = planned.get(arm)?;
        let cost: f64 = (0..SIZED.len()).map(|team| dearer_cents(scenario, planned, team)).sum();
        let own = plan.strategies[arm].cost_cents as f64;
        (own > 0.0).then(|| cost / own - 1.0)
    };
    changes.push(row("Ten points more shrinkage in every team".to_owned(), &shrunk));
    let open = |arm: usize| {
        let planned = planned.get(arm)?;
        let own = plan.strategies[arm].cost_cents as f64;
        (own > 0.0).then(|| -idle_cents(scenario, plan, planned, arm) / own)
    };
    changes.push(row("Without agents who are there only because a team is open".to_owned(), &open));
    changes.push(row("A tenth more pay".to_owned(), &|_| Some(0.1)));
    changes
}

/// Cost of the agents who are there only because a team is open: those beyond what the load of the hour keeps busy.
fn idle_cents(scenario: &Scenario, plan: &StaffingPlan, planned: &Planned, arm: usize) -> f64 {
    let team = |team: usize| {
        let hours = plan.strategies[arm].skills[team].hours.iter().zip(&planned.rostered[team]);
        let shrinkage = wages::shrinkage_share(scenario, SIZED[team]);
        let idle: u32 = hours
            .filter(|(hour, _)| hour.because == "open")
            .map(|(hour, rostered)| wages::idle(*rostered, hour.load, shrinkage))
            .sum();
        f64::from(idle) * wages::cents_per_hour(scenario, SIZED[team]) as f64
    };
    (0..SIZED.len()).map(team).sum()
}

/// Cost of a team with ten points more shrinkage.
fn dearer_cents(scenario: &Scenario, planned: &Planned, team: usize) -> f64 {
    let shrinkage = (wages::shrinkage_share(scenario, SIZED[team]) + 0.1).min(0.95);
    let agents = planned.needs.refined.hours[team].iter().map(|hour| wages::rostered(hour.agents, shrinkage));
    agents.map(f64::from).sum::<f64>() * wages::cents_per_hour(scenario, SIZED[team]) as f64
}
