//! The answer in a few sentences: whether the target is met, with how many agents, and what their number is made of.

use super::goal;
use super::wording::{date, listed, moment};
use crate::numbers::grouped;
use crate::size::plan::{HourPlan, SkillPlan, StaffingPlan, StrategyPlan};
use crate::terms::Channel;

/// The answer.
pub fn headline(plan: &StaffingPlan) -> String {
    let mut sentences: Vec<String> = beyond_reach(plan).into_iter().collect();
    sentences.extend(scope(plan));
    sentences.push(format!("At the peak, {}.", peaks(plan)));
    sentences.extend(contrast(plan));
    sentences.join(" ")
}

/// Sum of a figure over all strategies.
fn sum(plan: &StaffingPlan, of: fn(&StrategyPlan) -> u64) -> u64 {
    plan.strategies.iter().map(of).sum()
}

/// That no number of agents meets the target, where that is so, and why.
fn beyond_reach(plan: &StaffingPlan) -> Option<String> {
    let hours = sum(plan, |s| s.proof.hours_beyond_reach);
    let days = sum(plan, |s| s.proof.days_beyond_reach);
    let closed: f64 = plan.strategies.iter().map(|s| s.proof.due_while_closed).sum();
    let failing: Vec<Channel> = plan.strategies.iter().flat_map(|s| s.proof.beyond_reach.clone()).collect();
    let target = &plan.target;
    let no_miss = |channel: &Channel| match channel {
        Channel::Chat => target.chat[0] >= 1.0,
        channel => channel.is_live() && target.answered_share >= 1.0,
    };
    let mut parts = Vec::new();
    if let Some(what) = goal::live(plan, &failing).filter(|_| hours > 0) {
        let why = if target.abandoned_share <= 0.0 || failing.iter().any(no_miss) {
            "it allows not one contact to miss it, and no number of agents makes that certain"
        } else {
            "even 100,000 agents at once miss it"
        };
        parts.push(format!(
            "No number of agents meets the target in {} hours{}: {why}. That target is {what}. These hours get the agents whom \
             their contacts keep busy.",
            grouped(hours as f64),
            of_all(plan)
        ));
    }
    if days > 0 {
        parts.push(format!(
            "No number of agents meets the target of {} on {} of {} days{}. What is due then stays late with four times the \
             agents that the work of two weeks needs.",
            goal::written_words(&failing),
            grouped(days as f64),
            grouped(sum(plan, |s| s.proof.days) as f64),
            of_all(plan)
        ));
    }
    if closed >= 0.5 {
        parts.push(format!(
            "No number of agents meets the target of {} for {} of them{}. They are due before anybody works again, and are \
             counted for no day.",
            goal::written_words(&target.channels),
            grouped(closed.round()),
            of_all(plan)
        ));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What the plan is for, and in how many hours and on how many days it is that.
fn scope(plan: &StaffingPlan) -> Vec<String> {
    let channels = &plan.target.channels;
    if channels.is_empty() {
        return vec!["Nothing reaches the desk.".to_owned()];
    }
    let live = goal::live(plan, channels).filter(|_| sum(plan, |s| s.proof.hours_beyond_reach) == 0);
    let written = goal::written(plan, channels).filter(|_| sum(plan, |s| s.proof.days_beyond_reach) == 0);
    let what = |is_second: bool| {
        if is_second {
            "The target of written work"
        } else {
            "The target"
        }
    };
    let of_written = what(live.is_some());
    let live = live.map(|goal| format!("{} is {goal}. {}", what(false), in_hours(plan)));
    let written = written.map(|goal| format!("{of_written} is {goal}. {}", on_days(plan)));
    live.into_iter().chain(written).collect()
}

/// In how many hours a target of calls and chats is met.
fn in_hours(plan: &StaffingPlan) -> String {
    let (hours, met) = (sum(plan, |s| s.proof.hours), sum(plan, |s| s.proof.hours_met));
    let surely = sum(plan, |s| s.proof.hours_met_surely);
    let arms = of_all(plan);
    let count = |hours: u64| grouped(hours as f64);
    match (hours, surely, met) {
        (0, ..) => "No hour has contacts enough to judge it by.".to_owned(),
        (hours, surely, _) if surely == hours => "It is met in every hour.".to_owned(),
        (hours, surely, met) if met == hours => {
            let (surely, hours) = (count(surely), count(hours));
            format!("It is met on average in every hour and surely in {surely} of {hours} hours{arms}.")
        }
        (hours, surely, met) => {
            let (surely, met, hours) = (count(surely), count(met), count(hours));
            format!("It is met on average in {met} and surely in {surely} of {hours} hours{arms}.")
        }
    }
}

/// On how many days a target of written work is met.
fn on_days(plan: &StaffingPlan) -> String {
    let (days, met) = (sum(plan, |s| s.proof.days), sum(plan, |s| s.proof.days_met));
    let count = |days: u64| grouped(days as f64);
    match (days, met) {
        (0, _) => "None of it is due on a simulated day.".to_owned(),
        (days, met) if days == met => "It is met on average on every day.".to_owned(),
        (days, met) => format!("It is met on average on {} of {} days{}.", count(met), count(days), of_all(plan)),
    }
}

/// Said of figures that are summed over strategies.
fn of_all(plan: &StaffingPlan) -> &'static str {
    match plan.strategies.len() {
        0 | 1 => "",
        2 => " (with and without the migration together)",
        _ => " (all strategies and stay together)",
    }
}

/// Most first-line agents at once, strategy by strategy.
fn peaks(plan: &StaffingPlan) -> String {
    let Some((stay, others)) = plan.strategies.split_first() else {
        return "nobody is needed".to_owned();
    };
    let usual = stay.skills.first().map_or(0, |skill| skill.peak_agents);
    if others.is_empty() {
        let when = stay.skills.first().map_or(String::new(), |skill| moment(&skill.peak_start));
        return match usual {
            0 => "no first-line agent is needed".to_owned(),
            1 => format!("1 first-line agent is needed ({when})"),
            _ => format!("{usual} first-line agents are needed at once ({when})"),
        };
    }
    let part = |(place, strategy): (usize, &StrategyPlan)| {
        let (agents, start) = strategy.skills.first().map_or((0, ""), |skill| (skill.peak_agents, &skill.peak_start));
        let name = &strategy.name;
        let agents_word = if agents == 1 { "agent" } else { "agents" };
        match (place, agents) {
            (0, 0) => format!("{name} needs no first-line agent"),
            (0, _) => format!("{name} needs {agents} first-line {agents_word} at once ({})", moment(start)),
            (_, 0) => format!("{name} none"),
            _ => format!("{name} {agents} ({})", moment(start)),
        }
    };
    let parts: Vec<String> = others.iter().enumerate().map(part).collect();
    let usual = match usual {
        0 => "none is needed".to_owned(),
        usual => format!("it is {usual}"),
    };
    format!("{}. With nothing migrated {usual}", listed(&parts))
}

/// The week in which two strategies differ most in people, as a sentence.
pub fn contrast(plan: &StaffingPlan) -> Option<String> {
    let arms = 1..plan.strategies.len();
    let differences = plan.weeks.iter().enumerate().flat_map(|(number, week)| {
        let pairs = arms.clone().flat_map(|fewer| arms.clone().map(move |more| (fewer, more)));
        pairs.filter_map(move |(fewer, more)| {
            let less = week.people[more]?.checked_sub(week.people[fewer]?)?;
            (less > 0).then_some((less, number, fewer, more))
        })
    });
    let (less, number, fewer, more) =
        differences.max_by_key(|&(less, number, ..)| (less, std::cmp::Reverse(number)))?;
    let (week, name) = (&plan.weeks[number], |arm: usize| plan.strategies[arm].name.as_str());
    let people = |arm: usize| week.people[arm].unwrap_or(0);
    let word = if less == 1 { "person" } else { "people" };
    Some(format!(
        "In week {} (from {}) {} needs {less} {word} fewer than {}: {} instead of {}.",
        number + 1,
        date(&week.start),
        name(fewer),
        name(more),
        people(fewer),
        people(more)
    ))
}

/// What peaks are made of, where it is not the contacts of the hour: a sentence for each team and strategy.
pub fn causes(plan: &StaffingPlan) -> Vec<String> {
    let teams = plan
        .strategies
        .iter()
        .flat_map(|strategy| strategy.skills.iter().map(move |skill| (strategy, skill)));
    teams.filter_map(|(strategy, skill)| waited(&strategy.name, skill)).collect()
}

/// In how many hours what waits at opening decides, and where it does most.
fn waited(strategy: &str, skill: &SkillPlan) -> Option<String> {
    let more = |hour: &&HourPlan| hour.agents_without_waiting.map_or(0, |fewer| hour.agents.saturating_sub(fewer));
    let count = skill.hours.iter().filter(|hour| more(hour) > 0).count();
    // The first of those where it does most.
    let most = skill.hours.iter().rev().max_by_key(more)?;
    let fewer = most.agents_without_waiting?;
    let hours = if count == 1 {
        "1 hour".to_owned()
    } else {
        format!("{} hours", grouped(count as f64))
    };
    Some(format!(
        "{strategy}, {}: in {hours} at opening, what waits by then (mail or callers of the night) asks for agents. It \
         does most on {}: {} agents, where {fewer} would do if nothing waited.",
        skill.skill.word(),
        moment(&most.start),
        most.agents
    ))
}
