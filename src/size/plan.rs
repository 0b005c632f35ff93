//! The plan as it is written: `size.json`.

mod compared;

mod proven;

mod rostered;

use serde::{Deserialize, Serialize};

use super::curve::Point;
use super::refine::{Because, HourStaffing};
use super::shifts::{self, ShiftPlan, Unplannable};
use super::study::Needs;
use super::target::ServiceTarget;
use super::teams::SIZED;
use super::trial::Share;
use super::verdict::TargetVerdict;
use super::wages;
use crate::calendar::{HOUR_MS, SimTime};
use crate::numbers::tidy;
use crate::scenario::Scenario;
use crate::terms::{Channel, Skill};
use compared::{by_day, surge_days, weeks};
use rostered::shifts_of;

pub use compared::{SurgeDay, WeekComparison};
pub use proven::{Fewer, ProofSummary};
pub use rostered::{ShiftLine, ShiftWeek, Shifts};

/// Version of `size.json`.
pub const SCHEMA_VERSION: u32 = 3;

/// Everything that sizing found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffingPlan {
    /// Version of this format.
    pub schema_version: u32,
    /// The run that it is of, as the manifest names it; nothing if it is not written into a folder.
    pub run: String,
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
    pub target: TargetReport,
    /// By strategy, the control arm first.
    pub strategies: Vec<StrategyPlan>,
    /// People needed by week, strategies compared.
    pub weeks: Vec<WeekComparison>,
}

/// The target in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetReport {
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
    /// Channels that have contacts under any strategy: the targets of others ask for nothing.
    pub channels: Vec<Channel>,
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
    /// Agent-hours that were taken out because one agent fewer did on other contacts.
    pub removed_agent_hours: u32,
    /// Agent-hours that were added because the plan missed the target on other contacts, twice.
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
    /// Agents that these keep busy on average, e-mails and cases counted when they arrive.
    pub load: f64,
    /// Agents that calls and chats keep busy on average: the load that theory is applied to.
    pub live_load: f64,
    /// Agents on duty that theory asks for, for calls and chats.
    pub theory: u32,
    /// Agents on duty that simulation found.
    pub agents: u32,
    /// Agents to roster, shrinkage included.
    pub rostered: u32,
    /// Agents on duty that the scenario has.
    pub stated: u32,
    /// Share of calls and chats answered in time, in the last trial; `None` without any, or with too few to be judged on
    /// their own.
    pub answered_share: Option<f64>,
    /// Its lower bound.
    pub answered_at_least: Option<f64>,
    /// Share that gave up, in the trial.
    pub abandoned_share: Option<f64>,
    /// What that says about the target.
    pub verdict: Option<TargetVerdict>,
    /// Share answered in time with one agent fewer, where that was tried.
    pub with_one_fewer: Option<f64>,
    /// Share that gave up with one agent fewer.
    pub abandoned_with_one_fewer: Option<f64>,
    /// What that says about the target, in this hour or in one of the two after it; where calls or chats ask for the last
    /// agent.
    pub verdict_of_fewer: Option<TargetVerdict>,
    /// Agents that would do if nothing had waited when the team opened, where that is fewer.
    pub agents_without_waiting: Option<u32>,
    /// Why the last agent is there: `closed`, `open`, `few`, `live`, `waited`, `written` or `beyond_reach`.
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

impl StaffingPlan {
    /// What is written.
    pub fn new(scenario: &Scenario, target: &ServiceTarget, planned: &[Planned]) -> Self {
        let stated = &scenario.desk.target;
        let mut strategies: Vec<StrategyPlan> =
            planned.iter().map(|planned| strategy_plan(scenario, target, planned)).collect();
        let stay = strategies.first().map(|stay| by_day(&stay.skills)).unwrap_or_default();
        for strategy in strategies.iter_mut().skip(1) {
            strategy.surge_days = surge_days(scenario, target, &by_day(&strategy.skills), &stay);
        }
        Self {
            schema_version: SCHEMA_VERSION,
            run: String::new(),
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash(),
            seed: scenario.seed,
            replications: scenario.replications.get(),
            accounts: scenario.population.accounts.get(),
            horizon_days: scenario.horizon_days.get(),
            target: TargetReport {
                answered_share: stated.answered_share.get(),
                within_s: scenario.desk.service_level_s.get(),
                abandoned_share: stated.abandoned_share.get(),
                chat: [stated.chat_share.get(), stated.chat_within_s.get()],
                email: [stated.email_share.get(), stated.email_within_h.get()],
                review: [stated.review_share.get(), stated.review_within_h.get()],
                confidence_share: stated.confidence_share.get(),
                channels: proven::channels(target, planned),
            },
            weeks: weeks(scenario, planned),
            strategies,
        }
    }
}

fn strategy_plan(scenario: &Scenario, target: &ServiceTarget, planned: &Planned) -> StrategyPlan {
    let needs = &planned.needs;
    let agents = |team: usize| needs.refined.hours[team].iter().map(|hour| hour.agents).collect::<Vec<_>>();
    let agents: [Vec<u32>; SIZED.len()] = std::array::from_fn(agents);
    StrategyPlan {
        name: needs.strategy.clone(),
        rounds: needs.rounds,
        samples: needs.samples,
        removed_agent_hours: needs.removed,
        added_agent_hours: needs.added,
        skills: (0..SIZED.len()).map(|team| skill_plan(scenario, target, planned, team)).collect(),
        proof: ProofSummary::new(target, needs),
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

fn skill_plan(scenario: &Scenario, target: &ServiceTarget, planned: &Planned, team: usize) -> SkillPlan {
    let (needs, skill) = (&planned.needs, SIZED[team]);
    let calendar = scenario.calendar();
    let settled = &needs.refined.hours[team];
    let stated = crate::desk::staffing::Staffing::new(scenario);
    let own: Vec<Channel> = Channel::ALL.into_iter().filter(|&c| target.owner[c as usize] == Some(skill)).collect();
    let hours: Vec<HourPlan> = settled
        .iter()
        .enumerate()
        .map(|(hour, settled)| {
            let met = needs.proof.of_team(target, team, hour);
            let (worst, fewer) = (proven::worst(&met), proven::worst(&settled.with_one_fewer));
            HourPlan {
                start: calendar.iso(at_hour(hour)),
                offered: tidy(own.iter().map(|&channel| needs.demand[channel as usize].per_hour[hour]).sum()),
                load: tidy(needs.theory.load[team][hour]),
                live_load: tidy(needs.theory.busy[team][hour]),
                theory: needs.theory.agents[team][hour],
                agents: settled.agents,
                rostered: planned.rostered[team][hour],
                stated: stated.of(skill).in_hour(hour),
                answered_share: worst.map(|met| tidy(met.answered.mean)),
                answered_at_least: worst.map(|met| tidy(met.answered.at_least())),
                abandoned_share: worst.map(|met| tidy(met.abandoned.mean)),
                verdict: worst.map(|_| TargetVerdict::of(target, &met)),
                with_one_fewer: fewer.map(|met| tidy(met.answered.mean)),
                abandoned_with_one_fewer: fewer.map(|met| tidy(met.abandoned.mean)),
                verdict_of_fewer: settled.verdict_of_fewer.filter(|_| settled.because.is_live()),
                agents_without_waiting: settled.without_waiting.filter(|_| settled.because == Because::Waited),
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

fn days(
    scenario: &Scenario,
    target: &ServiceTarget,
    needs: &Needs,
    team: usize,
    settled: &[HourStaffing],
) -> Vec<DayPlan> {
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

fn at_hour(hour: usize) -> SimTime {
    SimTime(hour as i64 * HOUR_MS)
}

fn word(because: Because) -> &'static str {
    match because {
        Because::Closed => "closed",
        Because::Open => "open",
        Because::Few => "few",
        Because::Live => "live",
        Because::Waited => "waited",
        Because::Written => "written",
        Because::BeyondReach => "beyond_reach",
    }
}
