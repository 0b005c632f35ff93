//! Doubts: what a reader should know before believing the numbers. Each explains its cause and what to do about it.

use super::precision_summary::PrecisionSummary;
use super::series::HourlySeries;
use super::standing;
use super::summary::{StrategySummary, Summary};
use super::verdict::favoured;
use crate::desk::opening;
use crate::desk::staffing::Staffing;
use crate::measure::counts::{Series, Total};
use crate::numbers::{grouped, percent, seconds};
use crate::scenario::Scenario;
use crate::strategy::STAY;
use crate::terms::{Channel, Outcome};

/// Fewer accounts than these are few.
const FEW: u64 = 10_000;

/// Everything that calls for caution.
pub fn doubts(scenario: &Scenario, summary: &Summary, series: &[HourlySeries]) -> Vec<String> {
    let mut doubts = Vec::new();
    match summary.replications {
        1 => doubts.push(
            "One replication says nothing about the luck of the draw: there are no intervals. Set `replications` to 5 or \
             more."
                .to_owned(),
        ),
        n @ 2..=4 => doubts.push(few_replications(n)),
        _ => {}
    }
    if let Some(precision) = summary.precision.as_ref().filter(|precision| !precision.reached) {
        doubts.push(format!(
            "{} `cutover run` goes on from there with --resume and a higher --max-replications.",
            precision.sentence()
        ));
    }
    if summary.accounts > 0 && summary.accounts < FEW {
        doubts.push(format!(
            "With {} accounts, rare cases (takeovers, recycled mailboxes) are few and jump from run to run.",
            grouped(summary.accounts as f64)
        ));
    }
    if let Some(names) = collapsed(summary) {
        doubts.push(format!(
            "The desk collapses under {names}. Waits and losses in such a state depend on patience and redials that nobody \
             has measured; believe the collapse, not its exact depth."
        ));
    }
    for strategy in &summary.strategies {
        for channel in Channel::ALL {
            let desk = &strategy.desk.by_channel[channel];
            let collapsed = strategy.desk.collapses.iter().any(|collapse| collapse.channel == channel);
            if desk.abandoned_share > 0.2 && desk.abandoned >= 10.0 && !collapsed {
                doubts.push(format!(
                    "Under {} {} of {} were given up, and one in a hundred waited longer than {}, though the desk did not \
                     collapse for them. Either they come when nobody is on duty, or they give up sooner than the desk \
                     aims to answer.",
                    strategy.name,
                    percent(desk.abandoned_share),
                    channel.plural(),
                    seconds(desk.wait_s.p99)
                ));
            }
            if desk.left_overdue > 0.02 * desk.offered && desk.left_overdue >= 10.0 {
                doubts.push(format!(
                    "Under {} {} {} still wait at the horizon that could have been answered in time: the desk cannot keep \
                     up. Add agents, or read the outcomes as too friendly.",
                    strategy.name,
                    grouped(desk.left_overdue),
                    channel.plural()
                ));
            } else if desk.left_waiting > 0.2 * desk.offered && desk.left_waiting >= 10.0 {
                doubts.push(format!(
                    "Under {} {} {} still wait at the horizon, {} of all: they came when nobody was on duty to answer them \
                     in time. They are in no mean wait.",
                    strategy.name,
                    grouped(desk.left_waiting),
                    channel.plural(),
                    percent(desk.left_waiting / desk.offered)
                ));
            }
        }
    }
    doubts.extend(summary.strategies.iter().filter_map(divided));
    doubts.extend(half_done(summary));
    doubts.extend(unfinished(scenario, series));
    doubts.extend(mails_beyond(scenario, summary));
    doubts.extend(nobody_home(scenario, summary));
    doubts
}

fn few_replications(replications: u32) -> String {
    format!("{replications} replications make for wide intervals; 5 or more are better.")
}

/// Strategies under which the desk collapses, if there are any.
fn collapsed(summary: &Summary) -> Option<String> {
    let collapsed = summary.strategies.iter().filter(|strategy| !strategy.desk.collapses.is_empty());
    let names: Vec<&str> = collapsed.map(|strategy| strategy.name.as_str()).collect();
    match names.len() {
        0 => None,
        1..=4 => Some(names.join(", ")),
        many => Some(format!("{many} of {} arms", summary.strategies.len())),
    }
}

/// What calls for caution where strategies are only held against each other: a line for each.
pub fn brief(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    match summary.replications {
        1 => lines.push("1 replication has no interval: whether luck made the order cannot be told.".to_owned()),
        n @ 2..=4 => lines.push(few_replications(n)),
        _ => {}
    }
    let missed = summary.precision.as_ref().filter(|precision| !precision.reached);
    lines.extend(missed.map(PrecisionSummary::sentence));
    if summary.accounts > 0 && summary.accounts < FEW {
        lines.push(format!(
            "With {} accounts, rare cases are few and jump from run to run.",
            grouped(summary.accounts as f64)
        ));
    }
    lines.extend(collapsed(summary).map(|names| {
        format!("The desk collapses under {names}: believe the collapse, not the exact depth of waits and losses.")
    }));
    let remarks = summary.strategies.iter().filter(|strategy| strategy.rollout.is_some());
    lines.extend(remarks.filter_map(|strategy| Some(format!("{}: {}.", strategy.name, standing::remark(strategy)?))));
    lines
}

/// A rollout that ended before its time in some replications only: a mean over two stories.
fn divided(strategy: &StrategySummary) -> Option<String> {
    let rollout = strategy.rollout.as_ref()?;
    let all = rollout.decisions.len() as u32;
    let in_some = |what: &str, count: u32| {
        (0 < count && count < all).then(|| {
            format!(
                "Under {} the rollout was {what} in {count} of {all} replications: luck decides. Its means mix two stories \
                 that differ; compare the replications in summary.json, or move the limits of its gates.",
                strategy.name
            )
        })
    };
    in_some("stopped", rollout.replications_stopped)
        .or_else(|| in_some("rolled back", rollout.replications_rolled_back))
}

/// A rollout of the compared pair that ended before its time in every replication: the bills are not for the same work.
fn half_done(summary: &Summary) -> Vec<String> {
    let Some((better, other)) = favoured(summary) else {
        return Vec::new();
    };
    let found = |name: &str| summary.strategies.iter().find(|strategy| strategy.name == name);
    let (Some(better), Some(other)) = (found(&better), found(&other)) else {
        return Vec::new();
    };
    // As the table counts them: moved with the desk's help or without.
    let moved =
        |strategy: &StrategySummary| strategy.outcomes[Outcome::Migrated] + strategy.outcomes[Outcome::MigratedByDesk];
    let told = |ended: &StrategySummary, against: &StrategySummary| {
        let rollout = ended.rollout.as_ref()?;
        let (stopped, rolled_back) = (rollout.replications_stopped, rollout.replications_rolled_back);
        let fewer = moved(against) - moved(ended);
        if (stopped + rolled_back) as usize != rollout.decisions.len() || fewer < 0.5 {
            return None;
        }
        let how = match (stopped, rolled_back) {
            (0, 0) => return None,
            (_, 0) => "stopped",
            (0, _) => "was rolled back",
            _ => "stopped or was rolled back",
        };
        let consequence = if ended.cost_cents.total() < against.cost_cents.total() {
            format!("its bill is smaller because it {how}, not because it is done")
        } else {
            format!("it {how}, so the two bills are not for the same work")
        };
        Some(format!(
            "{} moved {} accounts fewer than {}: {consequence}.",
            ended.name,
            grouped(fewer),
            against.name
        ))
    };
    [told(better, other), told(other, better)].into_iter().flatten().collect()
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

/// Strategies whose campaign mails are planned in part for a time after the horizon.
fn mails_beyond(scenario: &Scenario, summary: &Summary) -> Vec<String> {
    let told = |strategy: &StrategySummary| {
        let late = strategy.totals[Total::LateMails];
        (late >= 0.5).then(|| {
            format!(
                "Under {} {} campaign mails would leave after the horizon of {} days: what they bring is in no figure.",
                strategy.name,
                grouped(late),
                scenario.horizon_days.get()
            )
        })
    };
    summary.strategies.iter().filter_map(told).collect()
}

/// Channels on which somebody comes and nobody is ever on duty.
fn nobody_home(scenario: &Scenario, summary: &Summary) -> Vec<String> {
    let staffing = Staffing::new(scenario);
    let comes = |channel: Channel| {
        let desks = summary.strategies.iter().map(|strategy| &strategy.desk.by_channel[channel]);
        desks.map(|desk| desk.offered + desk.turned_away).fold(0.0, f64::max) > 0.0
    };
    Channel::ALL
        .into_iter()
        .filter(|&channel| comes(channel) && !opening::staffed(scenario, &staffing, channel).contains(&true))
        .map(|channel| format!("Nobody is ever on duty for {}: none is answered.", channel.plural()))
        .collect()
}
