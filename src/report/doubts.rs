//! Doubts: what a reader should know before believing the numbers. Each explains its cause and what to do about it.

use super::numbers::{grouped, percent, seconds};
use super::summary::Summary;
use crate::measure::counts::Series;
use crate::report::series::HourlySeries;
use crate::scenario::Scenario;
use crate::strategy::STAY;

/// Everything that calls for caution.
pub fn doubts(scenario: &Scenario, summary: &Summary, series: &[HourlySeries]) -> Vec<String> {
    let mut doubts = Vec::new();
    match summary.replications {
        1 => doubts.push(
            "One replication says nothing about the luck of the draw: there are no intervals. Set `replications` to 5 or \
             more."
                .to_owned(),
        ),
        2..=4 => doubts.push(format!(
            "{} replications make for wide intervals; 5 or more are better.",
            summary.replications
        )),
        _ => {}
    }
    if summary.accounts > 0 && summary.accounts < 10_000 {
        doubts.push(format!(
            "With {} accounts, rare cases (takeovers, recycled mailboxes) are few and jump from run to run.",
            grouped(summary.accounts as f64)
        ));
    }
    let collapsed = summary.strategies.iter().filter(|strategy| !strategy.desk.collapses.is_empty());
    let collapsed: Vec<&str> = collapsed.map(|strategy| strategy.name.as_str()).collect();
    if !collapsed.is_empty() {
        doubts.push(format!(
            "The desk collapses under {}. Waits and losses in such a state depend on patience and redials that nobody has \
             measured; believe the collapse, not its exact depth.",
            collapsed.join(", ")
        ));
    }
    for strategy in &summary.strategies {
        let calls = &strategy.desk.calls;
        let lost = calls.abandoned / (calls.answered + calls.abandoned).max(1.0);
        if lost > 0.2 && strategy.desk.collapses.is_empty() {
            doubts.push(format!(
                "Under {} {} of calls were abandoned, and one caller in a hundred waited longer than {}, though the desk \
                 did not collapse: either they call when nobody is on duty, or they hang up sooner than the desk aims to \
                 answer.",
                strategy.name,
                percent(lost),
                seconds(calls.wait_s.p99)
            ));
        }
        for (channel, summary) in &strategy.desk.by_channel {
            if summary.left_waiting > 0.02 * summary.offered && summary.left_waiting >= 10.0 {
                doubts.push(format!(
                    "Under {} the {channel} queue still held {} contacts at the horizon: it cannot keep up. Add agents, or \
                     read the outcomes as too friendly.",
                    strategy.name,
                    grouped(summary.left_waiting)
                ));
            }
        }
    }
    doubts.extend(unfinished(scenario, series));
    doubts.extend(nobody_home(scenario));
    doubts
}

/// Strategies whose migration was still going on at the horizon.
fn unfinished(scenario: &Scenario, series: &[HourlySeries]) -> Vec<String> {
    let hours = scenario.hours();
    if hours < 28 * 24 {
        return Vec::new();
    }
    series
        .iter()
        .filter(|arm| arm.strategy != STAY)
        .filter_map(|arm| {
            let linked = &arm.events[Series::Linked as usize];
            let total: f64 = linked.iter().sum();
            let last_week: f64 = linked[hours - 168..].iter().sum();
            (total > 0.0 && last_week > 0.03 * total).then(|| {
                format!(
                    "Under {} {} of all migrations fell into the last week: the horizon of {} days cuts it short.",
                    arm.strategy,
                    percent(last_week / total),
                    scenario.horizon_days.get()
                )
            })
        })
        .collect()
}

/// Teams without a single agent.
fn nobody_home(scenario: &Scenario) -> Vec<String> {
    let desk = &scenario.desk;
    let mut doubts = Vec::new();
    if desk.tier1.agents.hours().iter().all(|agents| *agents == 0.0) {
        doubts.push("The first line has no agents all week: nobody answers calls or e-mails.".to_owned());
    }
    let reviews = scenario.strategies.iter().any(|strategy| {
        use crate::strategy::controls::{Fallback, OnConflict};
        use crate::strategy::treatment::Treatment;
        strategy.policy.iter().any(|rule| rule.treat == Treatment::ManualReview)
            || strategy.controls.fallback == Fallback::Review
            || strategy.controls.on_conflict == OnConflict::Review
    });
    if reviews && desk.review.agents.hours().iter().all(|agents| *agents == 0.0) {
        doubts.push("A strategy sends cases to a review team that has no reviewers: they wait for ever.".to_owned());
    }
    doubts
}
