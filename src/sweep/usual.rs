//! What is looked through where nothing is said: the values of a strategy that people choose, between usual ends.

use super::figure::Figure;
use super::goal::Goal;
use crate::scenario::Scenario;
use crate::strategy::Strategy;

/// Days that a cut-off leaves to the horizon: one at the very end would look good because nobody sees what comes of it.
const TAIL_DAYS: f64 = 28.0;

/// What `--vary` would say about a strategy, each between its usual ends. The number of agents is among them only where the
/// goal counts those on duty, or where the goal or a limit is about the desk: the bill of a run does not count them, and
/// would have ever more of them.
pub fn usual(scenario: &Scenario, strategy: &Strategy, goal: &Goal) -> Vec<String> {
    let name = &strategy.name;
    let horizon = scenario.horizon_days.get() as f64;
    let mut keys = Vec::new();
    let mut vary = |key: String, low: f64, high: f64| {
        if low < high {
            keys.push(format!("{key}={low}..{high}"));
        }
    };
    let waves = match (strategy.rollout.waves(), strategy.rollout.reacts()) {
        (None, _) => None,
        (Some(_), None) => Some("rollout.waves"),
        (Some(_), Some(_)) => Some("rollout.adaptive.waves"),
    };
    if let Some(waves) = waves {
        vary(format!("{name}.{waves}.count"), 1.0, 12.0);
        // A canary goes one gap ahead of the first wave, and not before the start.
        let planned = strategy.rollout.waves().filter(|waves| waves.canary_share.get() > 0.0);
        let longest = planned.map_or(14.0, |waves| waves.day.get().min(14.0));
        vary(format!("{name}.{waves}.gap_days"), 1.0, longest);
    }
    if strategy.cut_off.is_some() {
        vary(format!("{name}.cut_off.day"), (strategy.first_day() + 7.0).round(), horizon - TAIL_DAYS);
    }
    let tail = strategy.cut_off.is_some_and(|cut_off| cut_off.tail.traits().mailed);
    let mails = tail || strategy.policy.iter().any(|rule| rule.treat.traits().mailed);
    if mails {
        vary(format!("{name}.controls.link_lifetime_h"), 4.0, 168.0);
    }
    for (key, threshold) in thresholds(strategy) {
        let key: Vec<String> = key.iter().map(|key| format!("{name}.{key}")).collect();
        vary(key.join("+"), (threshold / 2.0).round(), (threshold * 2.0).round());
    }
    if mails {
        let own: Vec<f64> = strategy.controls.reminders_days.iter().map(|day| day.get()).collect();
        let mut lists: Vec<Vec<f64>> = vec![vec![], vec![7.0], vec![3.0, 10.0], vec![2.0, 6.0, 14.0]];
        if !lists.contains(&own) {
            lists.push(own);
            lists.sort_by_key(Vec::len);
        }
        let lists: Vec<String> = lists.iter().map(|days| format!("{days:?}")).collect();
        keys.push(format!("{name}.controls.reminders_days={}", lists.join(",")));
    }
    let is_of_desk = |figure: Figure| matches!(figure, Figure::StaffedCost | Figure::Occupancy | Figure::Desk(..));
    if is_of_desk(goal.figure) || goal.limits.iter().any(|limit| is_of_desk(limit.figure)) {
        keys.push("desk.tier1.agents=*0.5..2".to_owned());
    }
    keys
}

/// The thresholds of the risk score in a policy: the keys at which each stands, and the points.
fn thresholds(strategy: &Strategy) -> Vec<(Vec<String>, f64)> {
    let mut found: Vec<(Vec<String>, f64)> = Vec::new();
    for (place, rule) in strategy.policy.iter().enumerate() {
        let Some(risk) = rule.when.risk else { continue };
        for (end, points) in [("min", risk.min), ("max", risk.max)] {
            let Some(points) = points.map(|points| points.get()) else {
                continue;
            };
            let key = format!("policy.{place}.when.risk.{end}");
            match found.iter_mut().find(|(_, known)| *known == points) {
                Some((keys, _)) => keys.push(key),
                None => found.push((vec![key], points)),
            }
        }
    }
    found.retain(|(_, points)| *points > 0.0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::goal::Limit;
    use crate::sweep::vary;

    #[test]
    fn every_built_in_strategy_has_values_to_look_through() {
        for name in Strategy::presets() {
            let strategy = Strategy::preset(name).expect("a preset");
            let scenario = Scenario::builder("usual").horizon_days(120).strategy(strategy.clone());
            let scenario = scenario.build().expect("a scenario");
            let goal = |figure: Figure| Goal { figure, limits: Vec::new() };
            for text in usual(&scenario, &strategy, &goal(Figure::StaffedCost)) {
                assert_eq!(vary::read(&scenario, &text).err(), None);
            }
            let own = usual(&scenario, &strategy, &goal(Figure::COST));
            assert!(!own.is_empty() || name == "federate", "{name}");
            let limit = Limit::read("desk.abandoned_share < 0.05").expect("a limit");
            let limited = usual(&scenario, &strategy, &Goal { limits: vec![limit], ..goal(Figure::COST) });
            assert_eq!(limited.len(), own.len() + 1, "agents are looked through where a limit is about the desk");
        }
        let risk = Strategy::preset("risk-based").expect("a preset");
        assert_eq!(thresholds(&risk).len(), 1, "both rules have the same threshold");
    }
}
