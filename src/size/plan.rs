//! The plan as it is written: `size.json`.

use serde::{Deserialize, Serialize};

use super::curve::Point;
use super::refine::{Because, Met, SIZED, Settled};
use super::shifts::{self, ShiftPlan, Unplannable};
use super::study::Needs;
use super::target::Target;
use super::trial::Share;
use super::wages;
use crate::calendar::{HOUR_MS, SimTime, WEEK_H};
use crate::desk::{Channel, Skill};
use crate::report::numbers::tidy;
use crate::scenario::Scenario;

/// Version of `size.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that sizing found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this format.
    pub schema_version: u32,
    /// Name of the scenario.
    pub scenario: String,
    /// Hash of everything that decides the results.
    pub scenario_hash: String,
    /// Seed.
    pub seed: u32,
    /// Replications of the journeys.
    pub replications: u64,
    /// Accounts.
    pub accounts: u64,
    /// Days simulated.
    pub horizon_days: u64,
    /// The service target.
    pub target: TargetStated,
    /// By strategy, the control arm first.
    pub strategies: Vec<StrategyPlan>,
    /// People needed by week, strategies compared.
    pub weeks: Vec<WeekCompared>,
}

/// The target in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetStated {
    /// Share of calls answered in time, in every hour.
    pub answered_share: f64,
    /// In time means within so many seconds.
    pub within_s: f64,
    /// Share of calls and chats that may give up, in every hour.
    pub abandoned_share: f64,
    /// Share of chats answered in time, and the seconds.
    pub chat: [f64; 2],
    /// Share of e-mails answered in time, on every day, and the hours.
    pub email: [f64; 2],
    /// Share of cases decided in time, on every day, and the hours.
    pub review: [f64; 2],
    /// Confidence of each of these.
    pub confidence_share: f64,
}

/// One strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrategyPlan {
    /// Name.
    pub name: String,
    /// How often the plan was searched for, because people react to waits.
    pub rounds: u32,
    /// Samples that each search used.
    pub samples: u32,
    /// Agent-hours that were added after a trial on other contacts.
    pub added_agent_hours: u32,
    /// By skill.
    pub skills: Vec<SkillPlan>,
    /// What the plan comes to.
    pub proof: ProofSummary,
    /// Days that need more agent-hours than the control arm by a tenth and by eight hours or more, worst first.
    pub surge_days: Vec<SurgeDay>,
    /// Cost of the rostered agent-hours, in cents.
    pub cost_cents: u64,
    /// Cost of the shifts that cover them, in cents; `None` if they cannot be covered.
    pub shift_cost_cents: Option<u64>,
    /// What other service levels of calls cost.
    pub price_curve: Vec<PricePoint>,
}

/// One skill under one strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkillPlan {
    /// Skill.
    pub skill: Skill,
    /// Most agents on duty at once.
    pub peak_agents: u32,
    /// When that is first needed.
    pub peak_start: String,
    /// Agent-hours on duty.
    pub agent_hours: u64,
    /// By hour since the start.
    pub hours: Vec<HourPlan>,
    /// Written work by day.
    pub days: Vec<DayPlan>,
    /// The shifts that cover it.
    pub shifts: Shifts,
}

/// One hour of one skill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HourPlan {
    /// When it begins.
    pub start: String,
    /// Contacts that arrive on the channels the skill is sized for; mean over replications.
    pub offered: f64,
    /// Agents that these keep busy.
    pub load: f64,
    /// Agents on duty that theory asks for, for calls and chats.
    pub theory: u32,
    /// Agents on duty that simulation found.
    pub agents: u32,
    /// Agents to roster, shrinkage included.
    pub rostered: u32,
    /// Agents on duty that the scenario has.
    pub stated: u32,
    /// Share of calls and chats answered in time, in the trial; `None` without any.
    pub answered_share: Option<f64>,
    /// Its lower bound.
    pub answered_at_least: Option<f64>,
    /// Share that gave up, in the trial.
    pub abandoned_share: Option<f64>,
    /// Share answered in time with one agent fewer, where that was tried.
    pub with_one_fewer: Option<f64>,
    /// Share that gave up with one agent fewer.
    pub abandoned_with_one_fewer: Option<f64>,
    /// Why the last agent is needed: `closed`, `open`, `live` or `written`.
    pub because: String,
}

/// Written work of one skill that is due on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayPlan {
    /// Date.
    pub date: String,
    /// Agent-hours on duty.
    pub agent_hours: u64,
    /// Share answered in time in the trial; `None` if nothing is due.
    pub in_time_share: Option<f64>,
}

/// Shifts of one skill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shifts {
    /// Why there are none.
    pub unplannable: Option<String>,
    /// Paid hours.
    pub paid_h: u64,
    /// Cost in cents.
    pub cost_cents: u64,
    /// Whether least cost is proven for every week.
    pub optimal: bool,
    /// By week.
    pub weeks: Vec<ShiftWeek>,
}

/// Shifts of one week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftWeek {
    /// When it begins.
    pub start: String,
    /// Fewest people who can work it.
    pub people: u32,
    /// Paid hours.
    pub paid_h: u64,
    /// Cost in cents.
    pub cost_cents: u64,
    /// Its shifts.
    pub shifts: Vec<ShiftLine>,
}

/// A shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftLine {
    /// Its pattern.
    pub pattern: String,
    /// When it begins.
    pub start: String,
    /// When it ends.
    pub end: String,
    /// People on it.
    pub people: u32,
}

/// What a plan comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofSummary {
    /// Samples of the trial: contacts that the plan was not found with.
    pub samples: u32,
    /// Hours with calls or chats.
    pub hours: u64,
    /// Of which met the target.
    pub hours_met: u64,
    /// Of which met it even at the one-sided bound of the stated confidence.
    pub hours_met_surely: u64,
    /// Hours in which one agent fewer was tried and did not meet the target with the stated confidence.
    pub hours_tight: u64,
    /// Days on which written work was due.
    pub days: u64,
    /// Of which met the target.
    pub days_met: u64,
    /// Share of calls answered in time over all hours of the trial, with its 95 % interval.
    pub answered_share: Option<[f64; 3]>,
    /// Share of calls that gave up in the trial, with its 95 % interval.
    pub abandoned_share: Option<[f64; 3]>,
    /// The same in the engine's replications, journeys with redials, frustration and all: answered in time, gave up,
    /// mean wait in seconds, occupancy of the first line.
    pub with_journeys: [f64; 4],
}

/// A day that needs many more agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurgeDay {
    /// Date.
    pub date: String,
    /// Agent-hours on duty.
    pub agent_hours: u64,
    /// Those of the control arm.
    pub stay_agent_hours: u64,
}

/// A point of the price curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PricePoint {
    /// Share of calls to be answered in time in every hour.
    pub wanted_share: f64,
    /// Share that is, over all hours.
    pub answered_share: f64,
    /// Share that gives up.
    pub abandoned_share: f64,
    /// Agent-hours rostered.
    pub agent_hours: u64,
    /// Their cost, in cents.
    pub cost_cents: u64,
}

/// People needed in a week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeekCompared {
    /// When it begins.
    pub start: String,
    /// People of all skills, by strategy; `None` where no shifts cover the need.
    pub people: Vec<Option<u32>>,
    /// Most agents of the first line on duty at once, by strategy.
    pub peak_agents: Vec<u32>,
}

/// One strategy with the shift plans it was made into, in the order of [`SIZED`].
#[derive(Debug)]
pub struct Planned {
    /// What it needs.
    pub needs: Needs,
    /// Agents to roster, by skill.
    pub rostered: [Vec<u32>; SIZED.len()],
    /// Shift plans, by skill.
    pub shifts: [Result<ShiftPlan, Unplannable>; SIZED.len()],
    /// The price curve.
    pub curve: Vec<Point>,
}

impl Planned {
    /// Covers the needs with shifts.
    pub fn new(scenario: &Scenario, needs: Needs, curve: Vec<Point>) -> Self {
        let staffing = needs.refined.staffing(scenario);
        let rostered = SIZED.map(|skill| -> Vec<u32> {
            let shrinkage = wages::shrinkage_share(scenario, skill);
            staffing.of(skill).hours().iter().map(|&agents| wages::rostered(agents, shrinkage)).collect()
        });
        let first = scenario.calendar().start_hour();
        let plan = |team: usize| {
            shifts::plan(&wages::patterns(scenario, SIZED[team]), &wages::rules(scenario), &rostered[team], first)
        };
        Self { shifts: std::array::from_fn(plan), needs, rostered, curve }
    }
}

impl Plan {
    /// What is written.
    pub fn new(scenario: &Scenario, target: &Target, planned: &[Planned]) -> Self {
        let stated = &scenario.desk.target;
        let mut strategies: Vec<StrategyPlan> =
            planned.iter().map(|planned| strategy_plan(scenario, target, planned)).collect();
        let stay = strategies.first().map(|stay| by_day(&stay.skills)).unwrap_or_default();
        for strategy in strategies.iter_mut().skip(1) {
            strategy.surge_days = surge_days(scenario, target, &by_day(&strategy.skills), &stay);
        }
        Self {
            schema_version: SCHEMA_VERSION,
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash(),
            seed: scenario.seed,
            replications: scenario.replications.get(),
            accounts: scenario.population.accounts.get(),
            horizon_days: scenario.horizon_days.get(),
            target: TargetStated {
                answered_share: stated.answered_share.get(),
                within_s: scenario.desk.service_level_s.get(),
                abandoned_share: stated.abandoned_share.get(),
                chat: [stated.chat_share.get(), stated.chat_within_s.get()],
                email: [stated.email_share.get(), stated.email_within_h.get()],
                review: [stated.review_share.get(), stated.review_within_h.get()],
                confidence_share: stated.confidence_share.get(),
            },
            weeks: weeks(scenario, planned),
            strategies,
        }
    }
}

fn strategy_plan(scenario: &Scenario, target: &Target, planned: &Planned) -> StrategyPlan {
    let needs = &planned.needs;
    let agents = |team: usize| needs.refined.hours[team].iter().map(|hour| hour.agents).collect::<Vec<_>>();
    let agents: [Vec<u32>; SIZED.len()] = std::array::from_fn(agents);
    StrategyPlan {
        name: needs.strategy.clone(),
        rounds: needs.rounds,
        samples: needs.samples,
        added_agent_hours: needs.added,
        skills: (0..SIZED.len()).map(|team| skill_plan(scenario, target, planned, team)).collect(),
        proof: proof_summary(target, needs),
        surge_days: Vec::new(),
        cost_cents: wages::cost_cents(scenario, [&agents[0], &agents[1], &agents[2]]),
        shift_cost_cents: planned
            .shifts
            .iter()
            .map(|plan| plan.as_ref().ok().map(ShiftPlan::cost_cents))
            .sum::<Option<u64>>(),
        price_curve: planned.curve.iter().map(price_point).collect(),
    }
}

fn price_point(point: &Point) -> PricePoint {
    PricePoint {
        wanted_share: point.wanted,
        answered_share: tidy(point.answered),
        abandoned_share: tidy(point.abandoned),
        agent_hours: point.agent_hours,
        cost_cents: point.cost_cents,
    }
}

fn skill_plan(scenario: &Scenario, target: &Target, planned: &Planned, team: usize) -> SkillPlan {
    let (needs, skill) = (&planned.needs, SIZED[team]);
    let calendar = scenario.calendar();
    let settled = &needs.refined.hours[team];
    let stated = crate::desk::staffing::Staffing::new(scenario);
    let own: Vec<Channel> = Channel::ALL.into_iter().filter(|&c| target.owner[c as usize] == Some(skill)).collect();
    let hours: Vec<HourPlan> = settled
        .iter()
        .enumerate()
        .map(|(hour, settled)| {
            let worst = worst(&needs.proof.hours[hour], &own);
            let fewer = worst_of(&settled.with_one_fewer);
            HourPlan {
                start: calendar.iso(at_hour(hour)),
                offered: tidy(own.iter().map(|&channel| needs.demand[channel as usize].per_hour[hour]).sum()),
                load: tidy(needs.theory.load[team][hour]),
                theory: needs.theory.agents[team][hour],
                agents: settled.agents,
                rostered: planned.rostered[team][hour],
                stated: stated.of(skill).in_hour(hour),
                answered_share: worst.map(|met| tidy(met.answered.mean)),
                answered_at_least: worst.map(|met| tidy(met.answered.at_least())),
                abandoned_share: worst.map(|met| tidy(met.abandoned.mean)),
                with_one_fewer: fewer.map(|met| tidy(met.answered.mean)),
                abandoned_with_one_fewer: fewer.map(|met| tidy(met.abandoned.mean)),
                because: word(settled.because).to_owned(),
            }
        })
        .collect();
    // The first of the busiest.
    let peak = (0..hours.len()).rev().max_by_key(|&hour| hours[hour].agents).unwrap_or(0);
    SkillPlan {
        skill,
        peak_agents: hours.get(peak).map_or(0, |hour| hour.agents),
        peak_start: calendar.iso(at_hour(peak)),
        agent_hours: hours.iter().map(|hour| u64::from(hour.agents)).sum(),
        days: days(scenario, target, needs, team, settled),
        shifts: shifts_of(scenario, &planned.shifts[team], skill),
        hours,
    }
}

fn days(scenario: &Scenario, target: &Target, needs: &Needs, team: usize, settled: &[Settled]) -> Vec<DayPlan> {
    let calendar = scenario.calendar();
    let day = |(day, share): (usize, &Option<Share>)| {
        let hours = target.hours_of(day, settled.len());
        (!hours.is_empty()).then(|| DayPlan {
            date: calendar.civil(at_hour(hours.start)).date().to_string(),
            agent_hours: settled[hours].iter().map(|hour| u64::from(hour.agents)).sum(),
            in_time_share: share.map(|share| tidy(share.mean)),
        })
    };
    needs.proof.days[team].iter().enumerate().filter_map(day).collect()
}

fn shifts_of(scenario: &Scenario, plan: &Result<ShiftPlan, Unplannable>, skill: Skill) -> Shifts {
    let plan = match plan {
        Ok(plan) => plan,
        Err(unplannable) => {
            return Shifts {
                unplannable: Some(unplannable.to_string()),
                ..Shifts::default()
            };
        }
    };
    let (calendar, patterns) = (scenario.calendar(), wages::patterns(scenario, skill));
    let week = |week: &shifts::Week| ShiftWeek {
        start: calendar.iso(at_hour(week.first_hour)),
        people: week.heads,
        paid_h: week.paid_h,
        cost_cents: week.cost_cents,
        shifts: week
            .shifts
            .iter()
            .map(|shift| {
                let start = plan.starts_at(shift);
                let end = start + i64::from(patterns[shift.pattern].hours);
                ShiftLine {
                    pattern: patterns[shift.pattern].name.clone(),
                    start: calendar.iso(SimTime(start * HOUR_MS)),
                    end: calendar.iso(SimTime(end * HOUR_MS)),
                    people: shift.agents,
                }
            })
            .collect(),
    };
    Shifts {
        unplannable: None,
        paid_h: plan.paid_h(),
        cost_cents: plan.cost_cents(),
        optimal: plan.optimal(),
        weeks: plan.weeks.iter().map(week).collect(),
    }
}

fn proof_summary(target: &Target, needs: &Needs) -> ProofSummary {
    let (mut hours, mut met_hours, mut sure) = (0, 0, 0);
    for met in needs.proof.hours.iter().filter(|met| !met.is_empty()) {
        let holds = |surely: bool| {
            met.iter().all(|(channel, met)| {
                let (answered, abandoned) = match surely {
                    true => (met.answered.at_least(), met.abandoned.at_most()),
                    false => (met.answered.mean, met.abandoned.mean),
                };
                answered >= target.share[*channel as usize] && abandoned <= target.abandoned_share
            })
        };
        hours += 1;
        met_hours += u64::from(holds(false));
        sure += u64::from(holds(true));
    }
    let is_tight = |hour: &&Settled| hour.because == Because::Live && !hour.with_one_fewer.is_empty();
    let tight = needs.refined.hours.iter().flatten().filter(is_tight).count();
    let (mut days, mut days_met) = (0, 0);
    for (team, &skill) in SIZED.iter().enumerate() {
        let wanted = target.written(skill).map(|channel| target.share[channel as usize]).fold(0.0, f64::max);
        for share in needs.proof.days[team].iter().flatten() {
            days += 1;
            days_met += u64::from(share.mean >= wanted);
        }
    }
    let phone = needs.proof.whole[Channel::Phone as usize];
    let interval = |share: Share| {
        [
            share.mean,
            share.mean - 1.96 * share.error,
            share.mean + 1.96 * share.error,
        ]
        .map(tidy)
    };
    ProofSummary {
        samples: 2 * needs.samples,
        hours,
        hours_met: met_hours,
        hours_met_surely: sure,
        hours_tight: tight as u64,
        days,
        days_met,
        answered_share: phone.map(|met| interval(met.answered)),
        abandoned_share: phone.map(|met| interval(met.abandoned)),
        with_journeys: with_journeys(needs),
    }
}

fn with_journeys(needs: &Needs) -> [f64; 4] {
    let phone = needs.desks.iter().map(|desk| desk.channels[Channel::Phone as usize].total());
    let (mut offered, mut within, mut abandoned, mut wait_ms) = (0, 0, 0, 0);
    for total in phone {
        offered += total.offered;
        within += total.within;
        abandoned += total.abandoned;
        wait_ms += total.wait_ms;
    }
    let share = |part: u64| part as f64 / (offered as f64).max(1.0);
    let busy: f64 = needs.desks.iter().map(|desk| desk.teams[Skill::Tier1 as usize].occupancy()).sum();
    [
        if offered == 0 { 1.0 } else { share(within) },
        share(abandoned),
        share(wait_ms) / 1000.0,
        busy / needs.desks.len().max(1) as f64,
    ]
    .map(tidy)
}

/// Agent-hours of all skills, by day.
fn by_day(skills: &[SkillPlan]) -> Vec<u64> {
    let days = skills.iter().map(|skill| skill.days.len()).max().unwrap_or(0);
    (0..days)
        .map(|day| skills.iter().filter_map(|skill| skill.days.get(day)).map(|day| day.agent_hours).sum())
        .collect()
}

fn surge_days(scenario: &Scenario, target: &Target, own: &[u64], stay: &[u64]) -> Vec<SurgeDay> {
    let calendar = scenario.calendar();
    let mut surges: Vec<SurgeDay> = own
        .iter()
        .zip(stay)
        .enumerate()
        .filter(|(_, (own, stay))| **own as f64 >= 1.1 * **stay as f64 && **own >= **stay + 8)
        .map(|(day, (&own, &stay))| SurgeDay {
            date: calendar.civil(at_hour(target.hours_of(day, scenario.hours()).start)).date().to_string(),
            agent_hours: own,
            stay_agent_hours: stay,
        })
        .collect();
    surges.sort_by_key(|surge| std::cmp::Reverse(surge.agent_hours - surge.stay_agent_hours));
    surges
}

fn weeks(scenario: &Scenario, planned: &[Planned]) -> Vec<WeekCompared> {
    let (calendar, hours) = (scenario.calendar(), scenario.hours());
    let mut starts = vec![0];
    let first = WEEK_H - calendar.start_hour() % WEEK_H;
    starts.extend((first..hours).step_by(WEEK_H));
    let people = |planned: &Planned, start: usize| -> Option<u32> {
        let in_week = |plan: &Result<ShiftPlan, Unplannable>| {
            let plan = plan.as_ref().ok()?;
            Some(plan.weeks.iter().find(|week| week.first_hour == start).map_or(0, |week| week.heads))
        };
        planned.shifts.iter().map(in_week).sum()
    };
    let week = |(place, &start): (usize, &usize)| {
        let end = starts.get(place + 1).copied().unwrap_or(hours);
        let peak = |planned: &Planned| {
            planned.needs.refined.hours[0][start..end].iter().map(|hour| hour.agents).max().unwrap_or(0)
        };
        WeekCompared {
            start: calendar.iso(at_hour(start)),
            people: planned.iter().map(|planned| people(planned, start)).collect(),
            peak_agents: planned.iter().map(peak).collect(),
        }
    };
    starts.iter().enumerate().map(week).collect()
}

/// The channel that fares worst.
fn worst(met: &[(Channel, Met)], own: &[Channel]) -> Option<Met> {
    let own = met.iter().filter(|(channel, _)| own.contains(channel)).map(|(_, met)| *met);
    own.min_by(|a, b| a.answered.mean.total_cmp(&b.answered.mean))
}

fn worst_of(met: &[(Channel, Met)]) -> Option<Met> {
    worst(met, &Channel::ALL)
}

fn at_hour(hour: usize) -> SimTime {
    SimTime(hour as i64 * HOUR_MS)
}

fn word(because: Because) -> &'static str {
    match because {
        Because::Closed => "closed",
        Because::Open => "open",
        Because::Live => "live",
        Because::Written => "written",
    }
}
