//! Output: `size.json`, the tables that workforce tools import, the charts, the page, and what the terminal says.

use std::path::Path;

use super::plan::{Plan, Planned, StrategyPlan};
use super::sample::Feed;
use super::study::SAMPLED_IN_TRIALS;
use super::target::Target;
use crate::calendar::{HOUR_MS, SimTime};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::report::files::Files;
use crate::report::numbers::{grouped, money, percent};
use crate::scenario::{Loaded, Scenario};

/// `size.json`, as bytes.
pub fn json(plan: &Plan) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(plan)
        .map_err(|error| Error::Store(format!("size.json cannot be written: {error}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Adds the tables, the charts and the page.
pub fn add_files(
    files: &mut Files,
    loaded: &Loaded,
    target: &Target,
    planned: &[Planned],
    plan: &Plan,
    arrivals: u32,
) -> Result<()> {
    let scenario = &loaded.scenario;
    files.add("requirements.csv", &requirements(scenario, plan)?)?;
    files.add("shifts.csv", &shifts(plan)?)?;
    if arrivals > 0 {
        files.add("arrivals.csv", &arrivals_csv(scenario, planned, arrivals)?)?;
    }
    let _ = target;
    Ok(())
}

fn table(name: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| Error::Store(format!("{name} cannot be written: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head).map_err(|error| failed(&error))?;
    for row in rows {
        writer.write_record(&row).map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}

/// A row for each strategy, skill and hour: the interval table that workforce tools import.
fn requirements(scenario: &Scenario, plan: &Plan) -> Result<Vec<u8>> {
    let head = [
        "strategy",
        "skill",
        "date",
        "start",
        "end",
        "offered",
        "load",
        "required_on_duty",
        "required_rostered",
        "stated_on_duty",
    ];
    let calendar = scenario.calendar();
    let rows = plan.strategies.iter().flat_map(|strategy| {
        strategy.skills.iter().flat_map(move |skill| {
            skill.hours.iter().enumerate().map(move |(hour, own)| {
                let clock = |hour: usize| calendar.civil(SimTime(hour as i64 * HOUR_MS)).strftime("%H:%M").to_string();
                vec![
                    strategy.name.clone(),
                    skill.skill.key().to_owned(),
                    calendar.civil(SimTime(hour as i64 * HOUR_MS)).date().to_string(),
                    clock(hour),
                    clock(hour + 1),
                    format!("{:.2}", own.offered),
                    format!("{:.2}", own.load),
                    own.agents.to_string(),
                    own.rostered.to_string(),
                    own.stated.to_string(),
                ]
            })
        })
    });
    table("requirements.csv", &head, rows)
}

/// A row for each shift.
fn shifts(plan: &Plan) -> Result<Vec<u8>> {
    let head = ["strategy", "skill", "week", "pattern", "start", "end", "people"];
    let rows = plan.strategies.iter().flat_map(|strategy| {
        strategy.skills.iter().flat_map(move |skill| {
            skill.shifts.weeks.iter().flat_map(move |week| {
                week.shifts.iter().map(move |shift| {
                    vec![
                        strategy.name.clone(),
                        skill.skill.key().to_owned(),
                        week.start.clone(),
                        shift.pattern.clone(),
                        shift.start.clone(),
                        shift.end.clone(),
                        shift.people.to_string(),
                    ]
                })
            })
        })
    });
    table("shifts.csv", &head, rows)
}

/// What the journeys asked of the desk in the first samples of the trial, for other simulators.
fn arrivals_csv(scenario: &Scenario, planned: &[Planned], samples: u32) -> Result<Vec<u8>> {
    let head = [
        "strategy",
        "sample",
        "at_s",
        "channel",
        "reason",
        "handle_s",
        "after_work_s",
        "patience_s",
    ];
    let rows = planned.iter().flat_map(|planned| {
        (0..samples).flat_map(move |sample| {
            let seed = Seed::new(u64::from(scenario.seed), SAMPLED_IN_TRIALS + sample);
            let journeys = Feed::sampled(&planned.needs.contacts, seed);
            super::sample::with_baseline(scenario, seed, &journeys).into_iter().map(move |request| {
                let seconds = |ms: i64| format!("{:.3}", ms as f64 / 1000.0);
                vec![
                    planned.needs.strategy.clone(),
                    sample.to_string(),
                    seconds(request.at.0),
                    request.channel.key().to_owned(),
                    request.reason.key().to_owned(),
                    seconds(request.handle.0),
                    seconds(request.after.0),
                    request.patience.map_or(String::new(), |patience| seconds(patience.0)),
                ]
            })
        })
    });
    table("arrivals.csv", &head, rows)
}

/// What the terminal says.
pub fn tell(plan: &Plan, out: &Path) -> String {
    let head: Vec<String> = std::iter::once(String::new())
        .chain(plan.strategies.iter().map(|strategy| strategy.name.clone()))
        .collect();
    let row = |name: &str, of: &dyn Fn(&StrategyPlan) -> String| -> Vec<String> {
        std::iter::once(name.to_owned()).chain(plan.strategies.iter().map(of)).collect()
    };
    let mut rows = Vec::new();
    let skills = plan.strategies.first().map_or(0, |strategy| strategy.skills.len());
    for place in 0..skills {
        if plan.strategies.iter().all(|strategy| strategy.skills[place].agent_hours == 0) {
            continue;
        }
        let word = plan.strategies[0].skills[place].skill.word();
        rows.push(row(&format!("most agents at once, {word}"), &|s| s.skills[place].peak_agents.to_string()));
        rows.push(row(&format!("agent-hours, {word}"), &|s| grouped(s.skills[place].agent_hours as f64)));
    }
    rows.push(row("people in the hardest week", &|s| {
        let place = plan.strategies.iter().position(|other| other.name == s.name).unwrap_or(0);
        let most = plan.weeks.iter().map(|week| week.people[place]).collect::<Option<Vec<_>>>();
        most.and_then(|people| people.into_iter().max())
            .map_or("no shifts cover it".to_owned(), |n| n.to_string())
    }));
    rows.push(row("cost of the hours", &|s| money(s.cost_cents as f64)));
    rows.push(row("cost of the shifts", &|s| {
        s.shift_cost_cents.map_or("-".to_owned(), |cents| money(cents as f64))
    }));
    rows.push(row("calls answered in time", &|s| {
        s.proof.answered_share.map_or("-".to_owned(), |[mean, ..]| percent(mean))
    }));
    rows.push(row("calls given up", &|s| {
        s.proof.abandoned_share.map_or("-".to_owned(), |[mean, ..]| percent(mean))
    }));
    rows.push(row("hours that meet the target", &|s| format!("{} of {}", s.proof.hours_met, s.proof.hours)));
    rows.push(row("hours where one agent fewer fails", &|s| format!("{}", s.proof.hours_tight)));
    rows.push(row("days on which written work does", &|s| format!("{} of {}", s.proof.days_met, s.proof.days)));
    let mut text = format!("\n{}\n\n{}", headline(plan), crate::cli::table(&head, &rows));
    for strategy in &plan.strategies {
        for skill in strategy.skills.iter().filter(|skill| skill.shifts.unplannable.is_some()) {
            let why = skill.shifts.unplannable.as_deref().unwrap_or_default();
            text += &format!("\n{}, {}: no shift plan: {why}\n", strategy.name, skill.skill.word());
        }
    }
    text + &format!("\nPlan: {}\n", out.join("index.html").display())
}

/// The answer in a sentence.
pub fn headline(plan: &Plan) -> String {
    let target = &plan.target;
    let goal = format!(
        "{} of calls within {} s and at most {} given up, in every hour",
        percent(target.answered_share),
        target.within_s,
        percent(target.abandoned_share)
    );
    let tier1 = |strategy: &StrategyPlan| {
        strategy.skills.first().map_or((0, String::new()), |s| (s.peak_agents, s.peak_start.clone()))
    };
    let Some(stay) = plan.strategies.first() else {
        return goal;
    };
    let mut text = format!("For {goal}: ");
    let mut parts = Vec::new();
    for strategy in &plan.strategies {
        let (agents, start) = tier1(strategy);
        parts.push(format!(
            "{} needs up to {agents} agents at once (first at {})",
            strategy.name,
            start.replace('T', " ")
        ));
    }
    text += &parts.join("; ");
    let weeks = plan.weeks.iter().enumerate().flat_map(|(number, week)| {
        let mut pairs = Vec::new();
        for a in 1..plan.strategies.len() {
            for b in 1..plan.strategies.len() {
                if let (Some(x), Some(y)) = (week.people[a], week.people[b])
                    && x < y
                {
                    pairs.push((y - x, number + 1, a, b));
                }
            }
        }
        pairs
    });
    if let Some((fewer, week, a, b)) = weeks.max_by_key(|(fewer, week, ..)| (*fewer, std::cmp::Reverse(*week))) {
        let (a, b) = (&plan.strategies[a].name, &plan.strategies[b].name);
        text += &format!(". {a} needs {fewer} fewer people than {b} in week {week}");
    }
    let _ = stay;
    text + "."
}
