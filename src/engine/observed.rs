//! What an operator can see of the journeys under one strategy, hour by hour: the facts that signals are made of.

use serde::{Deserialize, Serialize};

use crate::calendar::SimTime;
use crate::error::{Error, Result};
use crate::journey::listener::{Fact, Listener};
use crate::listed::listed;
use crate::measure::counts::{Counts, Series};
use crate::terms::operation::{Actor, Operation, Refusal};

listed! {
    /// Something that an operator's systems write down.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Trace {
        /// A campaign mail left.
        Mail,
        /// It bounced.
        Bounce,
        /// A link was clicked or asked for.
        LinkTried,
        /// A link came to nothing.
        LinkFailed,
        /// A customer signed up who has an account.
        DuplicateSignUp,
        /// A takeover was noticed.
        TakeoverNoticed,
    }
}

impl Trace {
    /// What a fact leaves behind, if an operator can see it at all.
    fn of(fact: Fact) -> Option<Self> {
        match fact {
            Fact::MailSent(_) => Some(Self::Mail),
            Fact::Bounced => Some(Self::Bounce),
            Fact::Clicked | Fact::LinkAsked => Some(Self::LinkTried),
            Fact::LinkExpired | Fact::LinkSpent | Fact::Stuck | Fact::LinkMissed => Some(Self::LinkFailed),
            Fact::SignsUp(false) => Some(Self::DuplicateSignUp),
            Fact::Restored => Some(Self::TakeoverNoticed),
            // Only the customer knows, or nobody does; or it is seen elsewhere: the desk tells its own waits.
            Fact::Reached(_)
            | Fact::CutOff
            | Fact::Announced
            | Fact::MailUnseen
            | Fact::MailUnopened
            | Fact::MailRead
            | Fact::ClickedByOther
            | Fact::Linked
            | Fact::SignedIn
            | Fact::Forgot
            | Fact::Refused
            | Fact::Recovered
            | Fact::StepUpAsked
            | Fact::Conflict
            | Fact::TriesLater
            | Fact::GivesUp
            | Fact::TriesAgain
            | Fact::Leaves
            | Fact::Contacts(_)
            | Fact::DeskClosed
            | Fact::HangsUp(_)
            | Fact::Answered(_)
            | Fact::Closed(_)
            | Fact::SignsUp(true)
            | Fact::Attack(..)
            | Fact::IntruderOut
            | Fact::LearnsOfIntruder(_)
            | Fact::WrongLinkSeen
            | Fact::HearsOfIncident(_)
            | Fact::Reassured
            | Fact::ReviewedBefore
            | Fact::FalseAlarm(_)
            | Fact::Suspects
            | Fact::LinkScanned
            | Fact::EnrolsAnew(_)
            | Fact::ClaimsAsked(_)
            | Fact::PasskeyMade
            | Fact::PasskeyMissing
            | Fact::VouchedFor(_)
            | Fact::EmptyAccount
            | Fact::MissesHistory
            | Fact::Misbound
            | Fact::RolledBack(_)
            | Fact::ComesBack => None,
        }
    }
}

/// Traces by hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// By [`Trace`], then by hour. Of a journey that will be walked anew, traces are taken back.
    hours: Vec<Vec<i32>>,
}

impl Observed {
    /// Nothing seen yet.
    pub fn new(hours: usize) -> Self {
        Self { hours: vec![vec![0; hours]; Trace::ALL.len()] }
    }

    /// How many of a kind from one hour up to another.
    pub fn count(&self, trace: Trace, from: usize, to: usize) -> u64 {
        let hours = &self.hours[trace as usize];
        let sum: i64 = hours[from.min(hours.len())..to.min(hours.len())].iter().map(|&count| i64::from(count)).sum();
        sum.unsigned_abs()
    }

    /// Whether what was seen step by step is what the finished journeys were counted to do: mails and sign-ups, hour by
    /// hour.
    ///
    /// # Errors
    ///
    /// [`Error::Check`] with the first hour in which it is not.
    pub fn must_equal(&self, counts: &Counts) -> Result<()> {
        for (trace, series) in [
            (Trace::Mail, Series::Mails),
            (Trace::DuplicateSignUp, Series::Duplicates),
        ] {
            let (seen, counted) = (&self.hours[trace as usize], &counts.series[series as usize]);
            let differs = seen.iter().zip(counted).position(|(&seen, &counted)| i64::from(seen) != i64::from(counted));
            if let Some(hour) = differs {
                return Err(Error::Check(format!(
                    "in hour {hour} the rollout saw {} {}, and {} happened",
                    seen[hour],
                    series.key(),
                    counted[hour]
                )));
            }
        }
        Ok(())
    }

    /// Adds what was seen of other accounts.
    pub fn merge(&mut self, other: &Self) {
        for (into, from) in self.hours.iter_mut().zip(&other.hours) {
            into.iter_mut().zip(from).for_each(|(sum, count)| *sum += count);
        }
    }
}

/// Watches one walk and writes down what an operator sees of it.
#[derive(Debug)]
pub struct Observer<'a> {
    observed: &'a mut Observed,
    /// Traces before this moment are not written down.
    from: SimTime,
    /// Traces that were written down before: a walk that goes again from the start leaves them again.
    known: u32,
    /// What a trace counts: 1, or -1 if it is taken back.
    sign: i32,
    /// Traces so far.
    pub traces: u32,
    /// Those of them before `from`.
    pub before: u32,
}

impl<'a> Observer<'a> {
    /// Writes down all traces but the first `known`, of a walk that has left `traces` before this one goes on.
    pub fn beyond(observed: &'a mut Observed, known: u32, traces: u32) -> Self {
        Self {
            observed,
            from: SimTime(i64::MIN),
            known,
            sign: 1,
            traces,
            before: 0,
        }
    }

    /// Writes down the traces from a moment on, or takes them back.
    pub fn from(observed: &'a mut Observed, from: SimTime, sign: i32) -> Self {
        Self { observed, from, known: 0, sign, traces: 0, before: 0 }
    }
}

impl Listener for Observer<'_> {
    #[inline]
    fn fact(&mut self, at: SimTime, _: usize, fact: Fact) {
        let Some(trace) = Trace::of(fact) else { return };
        self.traces += 1;
        if at < self.from {
            self.before += 1;
        } else if self.traces > self.known
            && let Some(hour) = self.observed.hours[trace as usize].get_mut(at.hour())
        {
            *hour += self.sign;
        }
    }

    #[inline]
    fn operation(&mut self, _: SimTime, _: usize, _: Actor, _: Operation, _: Option<Refusal>) {}
}
