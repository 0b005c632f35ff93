//! What a plan comes to: the figures of the last trial, and what one agent fewer would do.

use serde::{Deserialize, Serialize};

use super::Planned;
use crate::measure::desk::DeskMeasure;
use crate::numbers::tidy;
use crate::size::judged::Look;
use crate::size::refine::Because;
use crate::size::service_level::ServiceShares;
use crate::size::study::Needs;
use crate::size::target::ServiceTarget;
use crate::size::teams::SIZED;
use crate::size::trial::Share;
use crate::size::verdict::TargetVerdict;
use crate::terms::{Channel, Skill};

/// What a plan comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofSummary {
    /// Samples of the last trial: contacts that decided nothing about the plan.
    pub samples: u32,
    /// Hours with calls or chats enough to be judged on their own.
    pub hours: u64,
    /// Of which met the target on average.
    pub hours_met: u64,
    /// Of which met it even at the one-sided bound of the stated confidence.
    pub hours_met_surely: u64,
    /// Of which missed it even at the bound in their favour.
    pub hours_missed_surely: u64,
    /// What one agent fewer would do, in the hours whose last agent calls or chats ask for.
    pub fewer: Fewer,
    /// Hours of a team that have more agents than would do if nothing had waited when it opened.
    pub hours_waited: u64,
    /// Hours of a team in which no number of agents meets the target of calls and chats.
    pub hours_beyond_reach: u64,
    /// Hours with calls or chats, but too few to be judged on their own.
    pub hours_together: u64,
    /// Share of the contacts of those hours that was answered in time, on the channel that fares worst.
    pub together_answered_share: Option<f64>,
    /// Share of them that gave up.
    pub together_abandoned_share: Option<f64>,
    /// Days on which written work was due.
    pub days: u64,
    /// Of which met the target on average.
    pub days_met: u64,
    /// Days of a team on which no number of agents does the written work that is due in time.
    pub days_beyond_reach: u64,
    /// E-mails and cases that are due before anybody works again, late with any number of agents and counted for no day;
    /// mean over the samples.
    pub due_while_closed: f64,
    /// Channels of which no number of agents meets the target in some hour or on some day.
    pub beyond_reach: Vec<Channel>,
    /// Share of calls answered in time over all working hours of the trial, with its 95 % interval.
    pub answered_share: Option<[f64; 3]>,
    /// Share of calls that gave up over all working hours of the trial, with its 95 % interval.
    pub abandoned_share: Option<[f64; 3]>,
    /// The same in the engine's replications, journeys with redials, frustration and all: answered in time, gave up,
    /// mean wait in seconds (`None` without calls), occupancy of the first line. Calls that come while nobody works count
    /// here if they are let in to wait.
    pub with_journeys: [Option<f64>; 4],
    /// Calls in those replications that come while the team does not work, turned away or left to wait; mean.
    pub calls_while_closed: f64,
    /// Share of e-mails that gave up in those replications; `None` without any.
    pub emails_abandoned_share: Option<f64>,
}

/// Hours of a team by what one agent fewer would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fewer {
    /// The target is missed even at the bound in its favour.
    pub surely_misses: u64,
    /// It is missed on average, within the luck of the draw.
    pub misses_on_average: u64,
    /// It is met on average, but not surely: whether the agent is needed is not known.
    pub undecided: u64,
}

impl ProofSummary {
    /// Of one strategy.
    pub(super) fn new(target: &ServiceTarget, needs: &Needs) -> Self {
        let proof = &needs.proof;
        let verdicts: Vec<TargetVerdict> =
            proof.hours.iter().filter(|met| !met.is_empty()).map(|met| TargetVerdict::of(target, met)).collect();
        let hours =
            |counts: fn(TargetVerdict) -> bool| verdicts.iter().filter(|&&verdict| counts(verdict)).count() as u64;
        let days: Vec<TargetVerdict> = (0..SIZED.len())
            .flat_map(|team| {
                let due = proof.days[team].iter().enumerate().filter(|(_, share)| share.is_some());
                due.map(move |(day, _)| proof.day(target, team, day))
            })
            .collect();
        let settled = || needs.refined.hours.iter().flatten();
        let together = proof.together.iter().flatten().min_by(|a, b| a.answered.mean.total_cmp(&b.answered.mean));
        let phone = proof.whole[Channel::Phone as usize];
        Self {
            samples: proof.samples,
            hours: verdicts.len() as u64,
            hours_met: hours(TargetVerdict::meets),
            hours_met_surely: hours(|verdict| verdict == TargetVerdict::SurelyMeets),
            hours_missed_surely: hours(|verdict| verdict == TargetVerdict::SurelyMisses),
            fewer: fewer(needs),
            hours_waited: settled().filter(|hour| hour.because == Because::Waited).count() as u64,
            hours_beyond_reach: settled().filter(|hour| hour.because == Because::BeyondReach).count() as u64,
            hours_together: hours_together(needs),
            together_answered_share: together.map(|met| tidy(met.answered.mean)),
            together_abandoned_share: together.map(|met| tidy(met.abandoned.mean)),
            days: days.len() as u64,
            days_met: days.iter().filter(|verdict| verdict.meets()).count() as u64,
            days_beyond_reach: needs.refined.days_beyond_reach.iter().flatten().filter(|&&day| day).count() as u64,
            answered_share: phone.map(|met| interval(met.answered)),
            abandoned_share: phone.map(|met| interval(met.abandoned)),
            with_journeys: with_journeys(needs),
            due_while_closed: tidy(proof.due_while_closed.iter().sum()),
            beyond_reach: beyond_reach(target, needs),
            calls_while_closed: tidy(calls_while_closed(target, needs)),
            emails_abandoned_share: emails_abandoned(needs),
        }
    }
}

fn fewer(needs: &Needs) -> Fewer {
    let mut fewer = Fewer::default();
    let live = needs.refined.hours.iter().flatten().filter(|hour| hour.because.is_live());
    for verdict in live.filter_map(|hour| hour.verdict_of_fewer) {
        match verdict {
            TargetVerdict::SurelyMisses => fewer.surely_misses += 1,
            TargetVerdict::MissesOnAverage => fewer.misses_on_average += 1,
            // An agent who stays although one fewer surely meets the target does not: see `prune`.
            TargetVerdict::Undecided | TargetVerdict::SurelyMeets => fewer.undecided += 1,
        }
    }
    fewer
}

/// Hours in which some channel has contacts and all that have some have too few.
fn hours_together(needs: &Needs) -> u64 {
    let thin = |hour: usize| {
        let has = |look: Look| {
            let with_contacts = |channel: &Channel| needs.demand[*channel as usize].per_hour[hour] > 0.0;
            Channel::ALL.iter().filter(|c| with_contacts(c)).any(|&c| needs.judged.look(c, hour) == look)
        };
        has(Look::Together) && !has(Look::Alone)
    };
    (0..needs.proof.hours.len()).filter(|&hour| thin(hour)).count() as u64
}

fn interval(share: Share) -> [f64; 3] {
    let margin = 1.96 * share.error;
    [
        share.mean,
        (share.mean - margin).max(0.0),
        (share.mean + margin).min(1.0),
    ]
    .map(tidy)
}

/// Channels that have contacts under any strategy and a team that is sized for them.
pub(super) fn channels(target: &ServiceTarget, planned: &[Planned]) -> Vec<Channel> {
    let has = |channel: &Channel| {
        let comes = |planned: &Planned| has_contacts(&planned.needs, *channel);
        target.owner[*channel as usize].is_some() && planned.iter().any(comes)
    };
    Channel::ALL.into_iter().filter(has).collect()
}

fn has_contacts(needs: &Needs, channel: Channel) -> bool {
    needs.demand[channel as usize].per_hour.iter().any(|&contacts| contacts > 0.0)
}

/// Channels of which no number of agents meets the target in some hour or on some day: those whose target allows no miss,
/// else all that are judged in such an hour.
fn beyond_reach(target: &ServiceTarget, needs: &Needs) -> Vec<Channel> {
    let mut found = Vec::new();
    for (team, &skill) in SIZED.iter().enumerate() {
        let settled = needs.refined.hours[team].iter().enumerate();
        for (hour, _) in settled.filter(|(_, settled)| settled.because == Because::BeyondReach) {
            let judged = || target.live(skill).filter(|&channel| needs.judged.look(channel, hour) == Look::Alone);
            let allows_miss = !judged().any(|channel| target.beyond_reach(channel));
            found.extend(judged().filter(|&channel| allows_miss || target.beyond_reach(channel)));
        }
        if needs.refined.days_beyond_reach[team].contains(&true) {
            found.extend(target.written(skill).filter(|&channel| has_contacts(needs, channel)));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Calls that come while the team that is sized for them does not work, turned away or not; mean over replications.
fn calls_while_closed(target: &ServiceTarget, needs: &Needs) -> f64 {
    let Some(owner) = target.owner[Channel::Phone as usize] else {
        return 0.0;
    };
    let closed = |desk: &DeskMeasure| -> u64 {
        let phone = &desk.channels[Channel::Phone as usize];
        let hours = phone.hours.iter().zip(target.open[owner as usize].iter());
        phone.turned_away + hours.filter(|(_, open)| !**open).map(|(hour, _)| hour.offered).sum::<u64>()
    };
    needs.desks.iter().map(closed).sum::<u64>() as f64 / needs.desks.len().max(1) as f64
}

fn emails_abandoned(needs: &Needs) -> Option<f64> {
    let totals = || needs.desks.iter().map(|desk| desk.channels[Channel::Email as usize].total());
    let offered: u64 = totals().map(|total| total.offered).sum();
    let abandoned: u64 = totals().map(|total| total.abandoned).sum();
    (offered > 0).then(|| tidy(abandoned as f64 / offered as f64))
}

fn with_journeys(needs: &Needs) -> [Option<f64>; 4] {
    let phone = needs.desks.iter().map(|desk| desk.channels[Channel::Phone as usize].total());
    let (mut offered, mut within, mut abandoned, mut wait_ms) = (0, 0, 0, 0);
    for total in phone {
        offered += total.offered;
        within += total.within;
        abandoned += total.abandoned;
        wait_ms += total.wait_ms;
    }
    let share = |part: u64| (offered > 0).then(|| part as f64 / offered as f64);
    let busy: f64 = needs.desks.iter().map(|desk| desk.teams[Skill::Tier1 as usize].occupancy()).sum();
    [
        share(within),
        share(abandoned),
        share(wait_ms).map(|ms| ms / 1000.0),
        Some(busy / needs.desks.len().max(1) as f64),
    ]
    .map(|value| value.map(tidy))
}

/// The channel that fares worst.
pub(super) fn worst(met: &[(Channel, ServiceShares)]) -> Option<ServiceShares> {
    met.iter().map(|(_, met)| *met).min_by(|a, b| a.answered.mean.total_cmp(&b.answered.mean))
}
