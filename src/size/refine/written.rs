//! Written work of a day: the fewest agent-hours with which it is done when it is due.

use std::ops::Range;

use super::{AgentSearch, Because, HourStaffing, State};
use crate::error::Result;
use crate::size::teams::SIZED;
use crate::size::trial::Share;
use crate::size::verdict::TargetVerdict;

impl AgentSearch<'_> {
    /// The fewest agent-hours of a team with which what is due on `day` is answered in time: up in growing steps until
    /// they suffice, down until they do not, then between.
    pub(super) fn settle_written(
        &mut self,
        day: usize,
        span: &Range<usize>,
        start: &[State],
        team: usize,
        guess: u32,
    ) -> Result<u32> {
        let live: Vec<HourStaffing> = self.refined.hours[team][span.clone()].to_vec();
        let open = span.clone().filter(|&hour| self.is_open(team, hour)).count() as u32;
        // All written work of the last two weeks, four times over, is more than can be needed.
        let weeks = span.start.saturating_sub(13 * 24)..span.end;
        let work: f64 = weeks.map(|hour| self.load[team][hour] - self.busy[team][hour]).sum();
        let most = 2 * open + (4.0 * work).ceil() as u32;
        let (mut too_few, mut enough, mut attempt, mut step) = (0, most, guess.min(most), 1_u32);
        let mut found = false;
        loop {
            self.walk_with_written(span, start, team, &live, attempt)?;
            let holds = self.written_holds(team, day);
            if holds {
                (enough, found) = (attempt, true);
            } else {
                too_few = attempt;
            }
            if attempt == most && !holds {
                // No number of agents on this day helps: it is told, and the work of the day is planned for.
                let share = self.written_share(team, day);
                self.refined.days_beyond_reach[team][day] = share.is_some_and(|share| {
                    !TargetVerdict::of_share(&share, self.target.written_share(SIZED[team])).meets()
                });
                let day: f64 = span.clone().map(|hour| self.load[team][hour] - self.busy[team][hour]).sum();
                let attempt = day.ceil() as u32;
                self.walk_with_written(span, start, team, &live, attempt)?;
                return Ok(attempt);
            }
            if too_few + 1 >= enough && holds {
                return Ok(attempt);
            }
            attempt = match (too_few, enough) {
                (few, enough) if few + 1 >= enough => enough,
                (0, enough) => enough.saturating_sub(step).max(1),
                (few, _) if !found => (few + step).min(most),
                (few, enough) => u32::midpoint(few, enough),
            };
            step = step.saturating_mul(2).min(most);
        }
    }

    /// Walks through a day from its start with so many agent-hours of a team for written work.
    fn walk_with_written(
        &mut self,
        span: &Range<usize>,
        start: &[State],
        team: usize,
        live: &[HourStaffing],
        extra: u32,
    ) -> Result<()> {
        self.states.clone_from_slice(start);
        self.add_written(team, span, live, extra);
        for hour in span.clone() {
            let agents = std::array::from_fn(|team| self.refined.hours[team][hour].agents);
            self.pass(hour, &agents)?;
        }
        Ok(())
    }

    /// Gives a team what its calls and chats keep busy and an even share of so many agent-hours for written work,
    /// where that is more than calls and chats ask for.
    fn add_written(&mut self, team: usize, span: &Range<usize>, live: &[HourStaffing], extra: u32) {
        let open: Vec<usize> = span.clone().filter(|&hour| self.is_open(team, hour)).collect();
        let n = open.len() as u32;
        for (place, &hour) in (0..).zip(&open) {
            // What does not divide evenly is spread over the day.
            let share = (place + 1) * extra / n - place * extra / n;
            let wanted = self.busy[team][hour].ceil() as u32 + share;
            let mut settled = live[hour - span.start].clone();
            if wanted > settled.agents {
                (settled.agents, settled.because) = (wanted, Because::Written);
            }
            self.refined.hours[team][hour] = settled;
        }
    }

    /// Share of the written work due on `day` that was answered in time; `None` if nothing was due.
    pub(super) fn written_share(&self, team: usize, day: usize) -> Option<Share> {
        self.target
            .written(SIZED[team])
            .map(|channel| {
                let due = |state: &State| state.floor.tally.written[channel as usize][day];
                Share::of(self.states.iter().map(due).map(|due| (due.in_time, due.due)), self.target.confidence)
            })
            .filter(|share| share.of > 0)
            .min_by(|a, b| a.mean.total_cmp(&b.mean))
    }

    pub(super) fn written_holds(&self, team: usize, day: usize) -> bool {
        let wanted = self.target.written_share(SIZED[team]);
        // What is too little to show the target is held to it on average.
        let shows = |share: &Share| share.of as f64 >= self.target.contacts_to_show(1.0 - wanted);
        let held = |share: &Share| if shows(share) { share.at_least() } else { share.mean };
        self.written_share(team, day).is_none_or(|share| held(&share) >= wanted)
    }
}
