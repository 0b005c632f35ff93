//! Firsts: when each account first had a new password, reached the desk, was taken over, lost its owner; counted by the
//! hour since the rollout reached it.

use crate::calendar::SimTime;
use crate::journey::Closing;
use crate::journey::listener::{Fact, Listener};
use crate::listed::listed;
use crate::measure::Measure;
use crate::population::unit::Unit;
use crate::terms::Reason;
use crate::terms::operation::{Actor, Evidence, Operation, Refusal};

listed! {
    /// What can happen to an account for the first time.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum First {
        /// Its owner has a new password, by a link or with somebody's help.
        NewPassword,
        /// Its owner contacts the desk.
        Contact,
        /// Somebody breaks in.
        TakenOver,
        /// Its owner leaves.
        Left,
    }
}

/// Number of firsts.
const FIRSTS: usize = First::ALL.len();

/// One account on its way.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    reached: SimTime,
    at: [Option<SimTime>; FIRSTS],
}

/// Accounts by the hour of their firsts.
#[derive(Clone, Debug)]
pub struct Firsts {
    /// The unit that is being told of.
    unit: Vec<Seen>,
    /// Only accounts whose owner shows up before the horizon.
    active_only: bool,
    /// Accounts that count.
    accounts: u64,
    /// By first and hour.
    hours: [Vec<u32>; FIRSTS],
    /// All contacts of owners by the hour, first or not.
    contacts: Vec<u32>,
}

impl Firsts {
    /// Nothing heard yet of `hours` hours; with `active_only` only accounts count whose owner shows up before the horizon.
    pub fn new(hours: usize, active_only: bool) -> Self {
        Self {
            unit: Vec::new(),
            active_only,
            accounts: 0,
            hours: std::array::from_fn(|_| vec![0; hours]),
            contacts: vec![0; hours],
        }
    }

    /// Accounts that count.
    pub fn accounts(&self) -> u64 {
        self.accounts
    }

    /// Share of the accounts that had this first before the end of each hour.
    pub fn course(&self, first: First) -> Vec<f64> {
        let mut sum = 0;
        let share = |count: &u32| {
            sum += u64::from(*count);
            sum as f64 / self.accounts.max(1) as f64
        };
        self.hours[first as usize].iter().map(share).collect()
    }

    /// Mean hours until this first, of those that had it.
    pub fn mean_h(&self, first: First) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for (hour, number) in self.hours[first as usize].iter().enumerate() {
            sum += (hour as f64 + 0.5) * f64::from(*number);
            count += f64::from(*number);
        }
        sum / count
    }

    /// Contacts of owners in this hour of simulated time, for each account.
    pub fn contacts_in(&self, hour: usize) -> f64 {
        let contacts = self.contacts.get(hour).copied().unwrap_or_default();
        f64::from(contacts) / self.accounts.max(1) as f64
    }

    fn note(&mut self, member: usize, first: First, at: SimTime) {
        if let Some(seen) = self.unit.get_mut(member) {
            seen.at[first as usize].get_or_insert(at);
        }
    }
}

impl Listener for Firsts {
    fn fact(&mut self, at: SimTime, member: usize, fact: Fact) {
        match fact {
            Fact::Reached(_) => {
                if let Some(seen) = self.unit.get_mut(member) {
                    seen.reached = at;
                }
            }
            Fact::Recovered => self.note(member, First::NewPassword, at),
            // A case that is passed on is none of its own.
            Fact::Contacts(Reason::Access | Reason::Takeover) => {
                self.note(member, First::Contact, at);
                if let Some(contacts) = self.contacts.get_mut(at.hour()) {
                    *contacts += 1;
                }
            }
            Fact::Attack(_, true) => self.note(member, First::TakenOver, at),
            Fact::Leaves => self.note(member, First::Left, at),
            _ => {}
        }
    }

    fn operation(&mut self, at: SimTime, member: usize, actor: Actor, operation: Operation, refused: Option<Refusal>) {
        let (Operation::Link { evidence, .. } | Operation::Merge { evidence, .. }) = operation else {
            return;
        };
        let new_password = matches!(evidence, Evidence::Token(_) | Evidence::Desk | Evidence::Review);
        if new_password && refused.is_none() && matches!(actor, Actor::Owner | Actor::Agent) {
            self.note(member, First::NewPassword, at);
        }
    }
}

impl Measure for Firsts {
    fn begin(&mut self, unit: &Unit) {
        self.unit.clear();
        self.unit.resize(unit.accounts.len(), Seen::default());
    }

    fn close(&mut self, _: &Unit, closings: &[Closing]) {
        for (seen, closing) in self.unit.iter().zip(closings) {
            if self.active_only && !closing.active {
                continue;
            }
            self.accounts += 1;
            for (hours, at) in self.hours.iter_mut().zip(seen.at) {
                let hour = at.and_then(|at| hours.get_mut((at - seen.reached).0.max(0) as usize / 3_600_000));
                if let Some(count) = hour {
                    *count += 1;
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.accounts += other.accounts;
        let all = self.hours.iter_mut().zip(&other.hours).chain([(&mut self.contacts, &other.contacts)]);
        for (into, from) in all {
            into.iter_mut().zip(from).for_each(|(a, b)| *a += b);
        }
    }
}
