//! What an organisation's systems would have written down of the simulated journeys, day by day.

use super::shown::Shown;
use crate::calendar::{HOUR_MS, SimTime};
use crate::journey::{Closing, Fact, Listener};
use crate::measure::Measure;
use crate::population::unit::Unit;
use crate::terms::operation::{Actor, Operation, Refusal};

/// Counts by cohort, measure and day. The first cohort are all accounts; each further one those whom the rollout reached
/// within a span of time: a wave.
#[derive(Clone, Debug)]
pub struct Heard {
    spans: Vec<(SimTime, SimTime)>,
    days: usize,
    /// Hours of the first date before the start.
    offset_h: i64,
    /// By cohort, measure and day.
    counts: Vec<u32>,
    /// Accounts by cohort.
    accounts: Vec<u64>,
    /// What the accounts of the unit at hand have shown before, as a set of bits, and when they were reached.
    members: Vec<(u32, Option<SimTime>)>,
}

impl Heard {
    /// Nothing heard yet over so many days, the first of which has so many hours before the start.
    pub fn new(spans: &[(SimTime, SimTime)], days: usize, offset_h: usize) -> Self {
        Self {
            spans: spans.to_vec(),
            days,
            offset_h: offset_h as i64,
            counts: vec![0; (spans.len() + 1) * Shown::ALL.len() * days],
            accounts: vec![0; spans.len() + 1],
            members: Vec::new(),
        }
    }

    /// How many of a cohort on each day.
    pub fn by_day(&self, cohort: usize, shown: Shown) -> &[u32] {
        let from = (cohort * Shown::ALL.len() + shown as usize) * self.days;
        &self.counts[from..from + self.days]
    }

    /// Accounts of a cohort.
    pub fn accounts(&self, cohort: usize) -> u64 {
        self.accounts[cohort]
    }

    fn note(&mut self, at: SimTime, member: usize, shown: Shown) {
        let Some((before, reached)) = self.members.get_mut(member) else {
            return;
        };
        let bit = 1 << shown as u32;
        if shown.is_once() && *before & bit != 0 {
            return;
        }
        *before |= bit;
        let reached = *reached;
        let day = (at.0.div_euclid(HOUR_MS) + self.offset_h).div_euclid(24);
        let Some(day) = usize::try_from(day).ok().filter(|day| *day < self.days) else {
            return;
        };
        let row = |cohort: usize| (cohort * Shown::ALL.len() + shown as usize) * self.days + day;
        self.counts[row(0)] += 1;
        let Some(reached) = reached else { return };
        for (place, (from, to)) in self.spans.iter().enumerate() {
            if (*from..*to).contains(&reached) {
                self.counts[row(place + 1)] += 1;
            }
        }
    }
}

impl Listener for Heard {
    fn fact(&mut self, at: SimTime, member: usize, fact: Fact) {
        let shown = match fact {
            Fact::Reached(_) => {
                if let Some((_, reached @ None)) = self.members.get_mut(member) {
                    *reached = Some(at);
                    for (place, (from, to)) in self.spans.iter().enumerate() {
                        self.accounts[place + 1] += u64::from((*from..*to).contains(&at));
                    }
                }
                return;
            }
            Fact::MailSent(_) => Shown::Sent,
            Fact::Bounced => Shown::Bounced,
            Fact::MailRead => Shown::Opened,
            Fact::Clicked | Fact::ClickedByOther => {
                self.note(at, member, Shown::Opened);
                Shown::Clicked
            }
            Fact::LinkExpired | Fact::LinkSpent | Fact::Stuck | Fact::LinkMissed => Shown::LinksFailed,
            Fact::LinkAsked => Shown::LinksAsked,
            Fact::Linked => Shown::Completed,
            Fact::SignedIn => Shown::SignedIn,
            Fact::Contacts(_) => Shown::Contacts,
            Fact::SignsUp(false) => Shown::Duplicates,
            Fact::Restored => Shown::TakeoversNoticed,
            Fact::Leaves => Shown::Left,
            _ => return,
        };
        self.note(at, member, shown);
    }

    fn operation(&mut self, _: SimTime, _: usize, _: Actor, _: Operation, _: Option<Refusal>) {}
}

impl Measure for Heard {
    fn begin(&mut self, unit: &Unit) {
        self.members.clear();
        self.members.resize(unit.accounts.len(), (0, None));
    }

    fn close(&mut self, unit: &Unit, _: &[Closing]) {
        self.accounts[0] += unit.accounts.len() as u64;
    }

    fn merge(&mut self, other: Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum += count);
        self.accounts.iter_mut().zip(&other.accounts).for_each(|(sum, count)| *sum += count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_opens_once_and_a_wave_holds_those_whom_it_reached() {
        let day = |days: f64| SimTime::from_days(days);
        let mut heard = Heard::new(&[(day(1.0), day(2.0))], 5, 0);
        heard.members = vec![(0, None), (0, None)];
        for (member, reached) in [(0, 0.5), (1, 1.5)] {
            heard.fact(day(reached), member, Fact::Reached(0));
            heard.fact(day(2.2), member, Fact::MailRead);
            heard.fact(day(3.2), member, Fact::Clicked);
            heard.fact(day(3.3), member, Fact::LinkAsked);
            heard.fact(day(3.4), member, Fact::LinkAsked);
        }
        assert_eq!(heard.by_day(0, Shown::Opened), [0, 0, 2, 0, 0]);
        assert_eq!(heard.by_day(1, Shown::Opened), [0, 0, 1, 0, 0]);
        assert_eq!((heard.by_day(0, Shown::Clicked)[3], heard.by_day(1, Shown::LinksAsked)[3]), (2, 2));
        assert_eq!(heard.accounts(1), 1);
    }
}
