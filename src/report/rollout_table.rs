//! What rollouts that react did, told for people: a sentence, and a table of the decisions of the first replication.

use super::rollout_summary::{DecisionSummary, RolloutSummary};
use super::summary::{StrategySummary, Summary};
use crate::calendar::{SimTime, Span};
use crate::numbers::{grouped, stated_percent, within};
use crate::plan::{Decision, Deed, planned};
use crate::results::Reaction;
use crate::scenario::Scenario;
use crate::strategy::gate::{Gate, Response};
use crate::strategy::rollout::Adaptive;
use crate::terms::Signal;

/// Most rows of a table: what lies between its beginning and its end is counted, not told.
const MOST_ROWS: usize = 40;
/// Rows of a longer table that are told from its end.
const LAST_ROWS: usize = 9;

/// What the rollout of one strategy did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutTable {
    /// The strategy.
    pub strategy: String,
    /// In a sentence or two.
    pub sentence: String,
    /// The decisions of the first replication; waves that began alike share a row.
    pub rows: Vec<RolloutRow>,
}

/// A decision, or several waves that began alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutRow {
    /// When.
    pub when: String,
    /// What the rollout did.
    pub what: String,
    /// What was seen that led to it.
    pub seen: String,
    /// The gate: what it looks at, and its limit.
    pub gate: String,
}

/// The tables of all strategies whose rollout reacts.
pub fn tables(scenario: &Scenario, summary: &Summary) -> Vec<RolloutTable> {
    let strategies = summary.strategies.iter();
    strategies.filter_map(|strategy| table(scenario, strategy)).collect()
}

fn table(scenario: &Scenario, strategy: &StrategySummary) -> Option<RolloutTable> {
    let rollout = strategy.rollout.as_ref()?;
    let gates = scenario.strategies.iter().find(|known| known.name == strategy.name)?.rollout.reacts()?;
    let mut first: Vec<Decision> = rollout.decisions.first()?.iter().map(DecisionSummary::decision).collect();
    if rollout.reactions().next() == Some(Reaction::Nothing) {
        // Its sentence says all that there is to say.
        first.clear();
    }
    let groups: Vec<&[Decision]> =
        first.chunk_by(|a, b| late(gates, a).is_some_and(|by| late(gates, b) == Some(by))).collect();
    let mut rows: Vec<RolloutRow> = groups.iter().map(|group| row(scenario, gates, group)).collect();
    if rows.len() > MOST_ROWS {
        let left_out = rows.len() - MOST_ROWS + 1;
        let told = rows.len() - LAST_ROWS - left_out;
        let gap = RolloutRow {
            when: "…".to_owned(),
            what: format!("{left_out} more decisions, which summary.json lists"),
            seen: String::new(),
            gate: String::new(),
        };
        rows.splice(told..told + left_out, [gap]);
    }
    Some(RolloutTable {
        strategy: strategy.name.clone(),
        sentence: sentence(scenario, &strategy.name, rollout),
        rows,
    })
}

/// What the rollout did at most in most replications, when and why; and in how many it went otherwise.
fn sentence(scenario: &Scenario, name: &str, rollout: &RolloutSummary) -> String {
    let reactions: Vec<Reaction> = rollout.reactions().collect();
    let count = |reaction: Reaction| reactions.iter().filter(|found| **found == reaction).count();
    let usual = Reaction::ALL.into_iter().max_by_key(|reaction| count(*reaction)).unwrap_or_default();
    // When it did so first, in each replication that went so.
    let moments: Vec<Decision> = rollout
        .decisions
        .iter()
        .zip(&reactions)
        .filter(|(_, reaction)| **reaction == usual && usual > Reaction::Nothing)
        .filter_map(|(decisions, _)| {
            let mut decisions = decisions.iter().map(DecisionSummary::decision);
            decisions.find(|decision| Reaction::of(decision.deed) == usual)
        })
        .collect();
    let day = |at: SimTime| scenario.calendar().civil(at).strftime("%a %-d %b").to_string();
    let mut text = match moments.first() {
        None => format!("Under {name} no gate fired: all waves began as planned."),
        Some(decision) => {
            let why = decision.cause.map_or(String::new(), |cause| format!(": {}", cause.words()));
            format!("Under {name} {} on {}{why}.", did(usual), day(decision.at))
        }
    };
    let all = reactions.len();
    if all > 1 {
        text += &format!(" So it went in {} of {all} replications", count(usual));
        let times = || moments.iter().map(|decision| decision.at);
        if let (Some(from), Some(to)) = (times().min().map(day), times().max().map(day))
            && from != to
        {
            text += &format!(", between {from} and {to}");
        }
        for other in Reaction::ALL.into_iter().rev().filter(|other| *other != usual && count(*other) > 0) {
            text += &format!("; in {} {}", count(other), did(other));
        }
        text += ".";
    }
    text
}

fn did(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Nothing => "no gate fired",
        Reaction::Slowed => "the sending of mails was slowed",
        Reaction::Held => "further waves were held back",
        Reaction::Stopped => "the rollout stopped for good",
        Reaction::RolledBack => "the migration was rolled back",
    }
}

/// How much later than planned a wave begins; `None` for all other decisions.
fn late(gates: &Adaptive, decision: &Decision) -> Option<Span> {
    match decision.deed {
        Deed::Release(wave) => planned(&gates.waves).get(usize::from(wave)).map(|due| decision.at - *due),
        _ => None,
    }
}

fn row(scenario: &Scenario, gates: &Adaptive, alike: &[Decision]) -> RolloutRow {
    let calendar = scenario.calendar();
    let reads = |at: SimTime| calendar.civil(at).strftime("%a %-d %b %H:%M").to_string();
    let (first, last) = (alike[0], alike[alike.len() - 1]);
    let when = if alike.len() > 1 {
        format!("{} to {}", reads(first.at), reads(last.at))
    } else {
        reads(first.at)
    };
    if let Some(late) = late(gates, &first) {
        let each = if alike.len() > 1 { "each " } else { "" };
        let seen = if late <= Span::ZERO {
            "as planned".to_owned()
        } else {
            format!("{each}{} later than planned", within(late.seconds()))
        };
        return RolloutRow {
            when,
            what: waves(first.deed, last.deed),
            seen,
            gate: String::new(),
        };
    }
    let cause = first.cause.and_then(|cause| gates.gates.get(cause.gate).map(|gate| (cause, gate)));
    // A hold that has lasted too long ends one way or the other, whatever is seen.
    let too_long = cause.is_some_and(|(cause, gate)| {
        let fires = cause.seen.is_none_or(|seen| seen >= gate.calm_below());
        gate.response == Response::Hold && first.deed != Deed::Hold && fires
    });
    let (seen, gate) = cause.map_or((String::new(), String::new()), |(cause, gate)| {
        let is_calm = matches!(first.deed, Deed::GoOn | Deed::Hasten) && !too_long;
        (cause.words(), limit(gate, is_calm))
    });
    let longest =
        |gate: &Gate| format!(", after the longest hold of {}", within(86_400.0 * gate.longest_hold_days.get()));
    let what = match (first.deed, cause) {
        (Deed::Slow(thousandths), _) => {
            format!("{}: {} times as long", first.deed.words(), f64::from(thousandths) / 1000.0)
        }
        (deed, Some((_, gate))) if too_long => deed.words() + &longest(gate),
        (deed, _) => deed.words(),
    };
    RolloutRow { when, what, seen, gate }
}

/// The waves from one to another began.
fn waves(first: Deed, last: Deed) -> String {
    match (first, last) {
        (Deed::Release(0), Deed::Release(1)) => "the canary and wave 1 began".to_owned(),
        (Deed::Release(0), Deed::Release(to)) if to > 1 => format!("the canary and waves 1 to {to} began"),
        (Deed::Release(from), Deed::Release(to)) if from + 1 == to => format!("waves {from} and {to} began"),
        (Deed::Release(from), Deed::Release(to)) if from != to => format!("waves {from} to {to} began"),
        (deed, _) => deed.words(),
    }
}

/// The limit that a gate held the signal to: the lower one if it is calm, the upper one if it fires.
fn limit(gate: &Gate, is_calm: bool) -> String {
    let value = |value: f64| match gate.signal {
        signal if signal.is_share() => stated_percent(value),
        Signal::PhoneWaitP50S | Signal::PhoneWaitP95S => within(value),
        _ => grouped(value),
    };
    let key = gate.signal.key();
    if is_calm {
        format!("{key} below {}", value(gate.calm_below()))
    } else {
        format!("{key} above {}", value(gate.above.get()))
    }
}
