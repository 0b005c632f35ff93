//! What a plan comes to: the figures of the last trial, and what one agent fewer would do.

use serde::{Deserialize, Serialize};

use super::super::judged::Look;
use super::super::refine::{Because, Met, SIZED};
use super::super::study::Needs;
use super::super::target::Target;
use super::super::trial::Share;
use super::super::verdict::Verdict;
use crate::desk::{Channel, Skill};
use crate::report::numbers::tidy;

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
    /// Share of calls answered in time over all working hours of the trial, with its 95 % interval.
    pub answered_share: Option<[f64; 3]>,
    /// Share of calls that gave up in the trial, with its 95 % interval.
    pub abandoned_share: Option<[f64; 3]>,
    /// The same in the engine's replications, journeys with redials, frustration and all: answered in time, gave up,
    /// mean wait in seconds, occupancy of the first line.
    pub with_journeys: [f64; 4],
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
    pub(super) fn new(target: &Target, needs: &Needs) -> Self {
        let proof = &needs.proof;
        let verdicts: Vec<Verdict> =
            proof.hours.iter().filter(|met| !met.is_empty()).map(|met| Verdict::of(target, met)).collect();
        let hours = |counts: fn(Verdict) -> bool| verdicts.iter().filter(|&&verdict| counts(verdict)).count() as u64;
        let days: Vec<Verdict> = (0..SIZED.len())
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
            hours_met: hours(Verdict::meets),
            hours_met_surely: hours(|verdict| verdict == Verdict::SurelyMeets),
            hours_missed_surely: hours(|verdict| verdict == Verdict::SurelyMisses),
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
        }
    }
}

fn fewer(needs: &Needs) -> Fewer {
    let mut fewer = Fewer::default();
    let live = needs.refined.hours.iter().flatten().filter(|hour| hour.because.is_live());
    for verdict in live.filter_map(|hour| hour.verdict_of_fewer) {
        match verdict {
            Verdict::SurelyMisses => fewer.surely_misses += 1,
            Verdict::MissesOnAverage => fewer.misses_on_average += 1,
            // An agent who stays although one fewer surely meets the target does not: see `prune`.
            Verdict::Undecided | Verdict::SurelyMeets => fewer.undecided += 1,
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

/// The channel that fares worst.
pub(super) fn worst(met: &[(Channel, Met)]) -> Option<Met> {
    met.iter().map(|(_, met)| *met).min_by(|a, b| a.answered.mean.total_cmp(&b.answered.mean))
}
