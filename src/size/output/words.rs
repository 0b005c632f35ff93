//! Words: the answer in a sentence, the figures side by side, and what the terminal says.

use std::path::Path;

use super::headline::{causes, headline};
use super::wording::listed;
use crate::numbers::{grouped, money, stated_percent};
use crate::size::plan::{StaffingPlan, StrategyPlan};
use crate::terms::Channel;

/// What every strategy comes to: a row for each figure, a value for each strategy.
pub fn figures(plan: &StaffingPlan) -> Vec<(String, Vec<String>)> {
    let row = |name: &str, of: &dyn Fn(&StrategyPlan) -> String| -> (String, Vec<String>) {
        (name.to_owned(), plan.strategies.iter().map(of).collect())
    };
    let mut rows = Vec::new();
    let skills = plan.strategies.first().map_or(0, |strategy| strategy.skills.len());
    for place in 0..skills {
        if plan.strategies.iter().all(|strategy| strategy.skills[place].agent_hours == 0) {
            continue;
        }
        let word = plan.strategies[0].skills[place].skill.word();
        rows.push(row(&format!("most agents at once, {word}"), &|s| grouped(f64::from(s.skills[place].peak_agents))));
        rows.push(row(&format!("agent-hours on duty, {word}"), &|s| grouped(s.skills[place].agent_hours as f64)));
    }
    let most: Vec<String> = (0..plan.strategies.len()).map(|arm| most_people(plan, arm)).collect();
    rows.push(("people in the hardest week, all teams".to_owned(), most));
    rows.push(row("cost of the agent-hours, shrinkage included", &|s| money(s.cost_cents as f64)));
    rows.push(row("cost of the shifts that cover them", &|s| {
        s.shift_cost_cents.map_or("–".to_owned(), |cents| money(cents as f64))
    }));
    let mean = |interval: Option<[f64; 3]>| interval.map_or("–".to_owned(), |[mean, ..]| stated_percent(mean));
    rows.push(row("calls answered in time, working hours", &|s| mean(s.proof.answered_share)));
    rows.push(row("calls given up, working hours", &|s| mean(s.proof.abandoned_share)));
    let closed = |strategy: &StrategyPlan| strategy.proof.calls_while_closed;
    if plan.strategies.iter().any(|strategy| closed(strategy) >= 0.5) {
        rows.push(row("calls that come while nobody works", &|s| grouped(closed(s).round())));
    }
    let lost = |strategy: &StrategyPlan| strategy.proof.emails_abandoned_share;
    if plan.strategies.iter().any(|strategy| lost(strategy).is_some()) {
        rows.push(row("e-mails given up", &|s| lost(s).map_or("–".to_owned(), stated_percent)));
    }
    rows.push(row("hours that meet the target on average", &|s| of(s.proof.hours_met, s.proof.hours)));
    rows.push(row("hours that meet it surely", &|s| of(s.proof.hours_met_surely, s.proof.hours)));
    let mut count = |name: &str, of: &dyn Fn(&StrategyPlan) -> u64| {
        rows.push(row(name, &|s| grouped(of(s) as f64)));
    };
    count("hours in which one fewer agent surely misses it", &|s| s.proof.fewer.surely_misses);
    count("hours in which one fewer misses it on average, within luck", &|s| s.proof.fewer.misses_on_average);
    count("hours in which one fewer is undecided (on average, not surely)", &|s| s.proof.fewer.undecided);
    let any = |of: Count| plan.strategies.iter().any(|strategy| of(strategy) > 0);
    for (name, of) in RARE.into_iter().filter(|(_, of)| any(*of)) {
        count(name, &of);
    }
    rows.push(row("days on which written work meets it", &|s| of(s.proof.days_met, s.proof.days)));
    rows
}

/// A figure of a strategy.
type Count = fn(&StrategyPlan) -> u64;

/// Figures that are told where they are not zero.
const RARE: [(&str, Count); 4] = [
    ("hours staffed for what waits at opening", |s| s.proof.hours_waited),
    ("hours with too few contacts, left to theory", |s| s.proof.hours_together),
    ("hours in which no number of agents meets it", |s| s.proof.hours_beyond_reach),
    ("days on which no number of agents meets it", |s| s.proof.days_beyond_reach),
];

fn of(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{} of {}", grouped(part as f64), grouped(whole as f64)),
    }
}

/// People in the hardest week of a strategy.
fn most_people(plan: &StaffingPlan, arm: usize) -> String {
    let people: Option<Vec<u32>> = plan.weeks.iter().map(|week| week.people[arm]).collect();
    people
        .and_then(|people| people.into_iter().max())
        .map_or("no shifts cover it".to_owned(), |most| grouped(f64::from(most)))
}

/// What the terminal says.
pub fn tell(plan: &StaffingPlan, out: &Path) -> String {
    let head: Vec<String> =
        std::iter::once(String::new()).chain(plan.strategies.iter().map(|s| s.name.clone())).collect();
    let rows: Vec<Vec<String>> = figures(plan)
        .into_iter()
        .map(|(name, values)| std::iter::once(name).chain(values).collect())
        .collect();
    let mut text = format!("\n{}\n\n{}", headline(plan), crate::text::table(&head, &rows));
    for cause in causes(plan) {
        text += &format!("\n{cause}");
    }
    for doubt in doubts(plan) {
        text += &format!("\n! {doubt}");
    }
    text + &format!("\n\nPlan: {}\n", out.join("index.html").display())
}

/// Share of e-mails given up that is worth a doubt.
const MANY_LOST: f64 = 0.05;

/// What a reader should know before believing the plan.
pub fn doubts(plan: &StaffingPlan) -> Vec<String> {
    let mut doubts = Vec::new();
    for strategy in &plan.strategies {
        for skill in &strategy.skills {
            if let Some(why) = &skill.shifts.unplannable {
                doubts.push(format!("{}, {}: no shift plan: {why}", strategy.name, skill.skill.word()));
            }
        }
    }
    let mut add = |what: &str, of: &dyn Fn(&StrategyPlan) -> Option<String>, remedy: &str| {
        let named = |strategy: &StrategyPlan| Some(format!("{} ({})", strategy.name, of(strategy)?));
        let parts: Vec<String> = plan.strategies.iter().filter_map(named).collect();
        if !parts.is_empty() {
            doubts.push(format!("{what}: {}. {remedy}", listed(&parts)));
        }
    };
    add(
        "Hours with calls or chats missed the target on average in the last trial",
        &|s| {
            let missed = missed(s.proof.hours_met, s.proof.hours).filter(|_| s.proof.hours_beyond_reach == 0)?;
            Some(format!("{missed}, {} of them surely", s.proof.hours_missed_surely))
        },
        &unlucky(plan),
    );
    add(
        "Days of written work missed the target on average in the last trial",
        &|s| missed(s.proof.days_met, s.proof.days),
        "Look at these days in size.json.",
    );
    add(
        "Hours with few contacts, taken together, missed the target",
        &|s| missed_together(plan, s),
        "They are left to theory, which knows nothing of what waits from earlier hours.",
    );
    add(
        "E-mails are given up",
        &|s| s.proof.emails_abandoned_share.filter(|&share| share > MANY_LOST).map(stated_percent),
        "Their target does not count those who give up before the answer is due: it is met with fewer agents the more give \
         up. A shorter desk.target.email_within_h asks for answers while they still wait.",
    );
    add(
        "Few samples",
        &|s| (s.samples < 30).then(|| s.samples.to_string()),
        "Raise desk.target.sample_contacts for a plan to rely on.",
    );
    doubts.extend(idle(plan));
    doubts
}

/// Why hours may miss the target in the last trial, and how far "surely" can be trusted.
fn unlucky(plan: &StaffingPlan) -> String {
    format!(
        "Nothing was changed after it; of many hours that just meet the target, some miss it by the luck of the draw. At a \
         confidence of {} a verdict called sure is itself wrong with a chance of up to {}.",
        stated_percent(plan.target.confidence_share),
        stated_percent(1.0 - plan.target.confidence_share)
    )
}

/// `3 of 680`, if anything was missed.
fn missed(met: u64, all: u64) -> Option<String> {
    (met < all).then(|| of(all - met, all))
}

/// What those hours that are left to theory came to, if that misses the easier of the targets of calls and chats.
fn missed_together(plan: &StaffingPlan, strategy: &StrategyPlan) -> Option<String> {
    let (answered, abandoned) = (strategy.proof.together_answered_share?, strategy.proof.together_abandoned_share?);
    let wanted = |channel: &Channel| match channel {
        Channel::Chat => plan.target.chat[0],
        _ => plan.target.answered_share,
    };
    let live = plan.target.channels.iter().filter(|channel| channel.is_live());
    let misses = answered < live.map(wanted).fold(1.0, f64::min) || abandoned > plan.target.abandoned_share;
    misses.then(|| format!("{} in time, {} given up", stated_percent(answered), stated_percent(abandoned)))
}

/// Teams that are open and have no work under any strategy.
fn idle(plan: &StaffingPlan) -> Vec<String> {
    let Some(stay) = plan.strategies.first() else {
        return Vec::new();
    };
    let idle = |team: usize| {
        let own = || plan.strategies.iter().map(|strategy| &strategy.skills[team]);
        let offered = own().flat_map(|skill| &skill.hours).any(|hour| hour.offered > 0.0);
        (!offered && own().any(|skill| skill.agent_hours > 0)).then(|| {
            format!(
                "The {} has no contact in any hour, yet its open hours are staffed with {} agent-hours and paid for in \
                 every strategy.",
                stay.skills[team].skill.word(),
                grouped(stay.skills[team].agent_hours as f64)
            )
        })
    };
    (0..stay.skills.len()).filter_map(idle).collect()
}
