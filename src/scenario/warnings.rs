//! What is legal in a scenario but surely not meant. A run goes on; the warning stands beside its results.

use super::Scenario;
use super::source::{Path, Problem, Source};
use crate::calendar::{HOUR_MS, SimTime, WEEK_H};
use crate::desk::opening::{self, OpenHours};
use crate::desk::staffing::Staffing;
use crate::desk::{Channel, Skill, baseline};

/// All warnings.
pub fn warnings(scenario: &Scenario, source: &Source) -> Vec<Problem> {
    let staffing = Staffing::new(scenario);
    let mut warnings = Vec::new();
    gaps(scenario, source, &staffing, &mut warnings);
    strangers(scenario, source, &staffing, &mut warnings);
    exceptions(scenario, source, &mut warnings);
    warnings
}

/// Hours in which calls or chats arrive, the desk is open, and nobody is on duty who takes them.
fn gaps(scenario: &Scenario, source: &Source, staffing: &Staffing, out: &mut Vec<Problem>) {
    let (takes, calendar) = (opening::takes(scenario), scenario.calendar());
    for channel in baseline::CHANNELS.into_iter().filter(|channel| channel.is_live()) {
        let arrivals = baseline::expected(scenario, channel);
        let on_duty = |hour: usize| {
            Skill::ALL
                .iter()
                .any(|&skill| takes[skill as usize].contains(&channel) && staffing.of(skill).in_hour(hour) > 0)
        };
        let stated = scenario.desk.open.week().is_some();
        let open = OpenHours::new(scenario, staffing, channel);
        let gap = |hour: usize| arrivals[hour] > 0.0 && (!stated || open.in_hour(hour)) && !on_duty(hour);
        let mut lost = 0.0;
        let mut week = [false; WEEK_H];
        for hour in (0..arrivals.len()).filter(|&hour| gap(hour)) {
            lost += arrivals[hour];
            week[calendar.hour_of_week(hour)] = true;
        }
        let share = lost / arrivals.iter().sum::<f64>().max(1e-9);
        if share > 0.0 {
            let message = format!(
                "{:.1} % of the baseline's {} contacts arrive while nobody is on duty ({}): they wait until they give \
                 up; roster somebody, or state opening hours in desk.open",
                100.0 * share,
                channel.key(),
                spans(&week)
            );
            out.push(source.problem(&Path::keys(&format!("desk.baseline.{}_per_hour", channel.key())), message));
        }
    }
}

/// Channels that customers are led to but nobody serves.
fn strangers(scenario: &Scenario, source: &Source, staffing: &Staffing, out: &mut Vec<Problem>) {
    use crate::strategy::controls::Fallback;
    if scenario.population.accounts.get() == 0 {
        return;
    }
    let takes = opening::takes(scenario);
    let served = |channel: Channel| {
        Skill::ALL.iter().any(|&skill| {
            takes[skill as usize].contains(&channel) && staffing.of(skill).hours().iter().any(|&agents| agents > 0)
        })
    };
    let choice = &scenario.journey.choice;
    let used = [
        (
            Channel::Phone,
            choice.by_phone_share.get() > 0.0,
            "journey.choice.by_phone_share",
            "they write instead",
        ),
        (
            Channel::Chat,
            choice.by_chat_share.get() > 0.0,
            "journey.choice.by_chat_share",
            "they write instead",
        ),
        (Channel::Email, true, "desk.tier1.takes", "no mail is ever answered"),
    ];
    for (channel, is_used, key, then) in used {
        if is_used && !served(channel) {
            let message = format!("nobody ever serves {} contacts of customers: {then}", channel.key());
            out.push(source.problem(&Path::keys(key), message));
        }
    }
    for (fallback, channel) in [
        (Fallback::Review, Channel::Review),
        (Fallback::Tier2, Channel::Proofing),
    ] {
        let place = scenario.strategies.iter().position(|strategy| strategy.controls.fallback == fallback);
        if let Some(place) = place.filter(|_| !served(channel)) {
            let message = "it sends customers to a team that rosters nobody at any hour: they would never be answered";
            let path = Path::keys("strategies").index(place).key("controls").key("fallback");
            out.push(source.problem(&path, message));
        }
    }
}

/// Exceptions on dates that are not simulated.
fn exceptions(scenario: &Scenario, source: &Source, out: &mut Vec<Problem>) {
    let (desk, calendar) = (&scenario.desk, scenario.calendar());
    let first = calendar.civil(SimTime::START).date();
    let last = calendar.civil(SimTime(scenario.horizon().0 - HOUR_MS)).date();
    for (team, exceptions) in [
        ("tier1", &desk.tier1.exceptions),
        ("tier2", &desk.tier2.exceptions),
        ("review", &desk.review.exceptions),
        ("partner", &desk.partner.exceptions),
    ] {
        for (place, exception) in exceptions.iter().enumerate() {
            if exception.last().0 < first || exception.from.0 > last {
                let message = format!("it is about dates outside the simulated time ({first} to {last})");
                out.push(source.problem(&Path::keys(&format!("desk.{team}.exceptions")).index(place), message));
            }
        }
    }
}

/// Hours of the week in words, as in `Mon 18:00-24:00, Sat 00:00-24:00`.
fn spans(week: &[bool; WEEK_H]) -> String {
    let mut spans = Vec::new();
    for (day, name) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().enumerate() {
        let hours = &week[day * 24..][..24];
        let mut hour = 0;
        while let Some(from) = (hour..24).find(|&at| hours[at]) {
            let to = (from..24).find(|&at| !hours[at]).unwrap_or(24);
            spans.push(format!("{name} {from:02}:00-{to:02}:00"));
            hour = to;
        }
    }
    if spans.len() > 4 {
        let rest = spans.len() - 3;
        spans.truncate(3);
        spans.push(format!("and {rest} more spans"));
    }
    spans.join(", ")
}
