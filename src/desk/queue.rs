//! A queue: contacts of one channel that wait, first come, first served.

use std::collections::VecDeque;

use super::{Loss, Lost, Tally};
use crate::calendar::SimTime;
use crate::terms::Channel;
use crate::terms::Reason;

/// A contact in a queue.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    /// When it reached the desk.
    pub arrived: SimTime,
    /// Gives up at this time.
    pub deadline: SimTime,
    /// Number of the contact in order of arrival.
    pub number: u64,
    /// Who is told what becomes of it.
    pub listener: u64,
    /// Time with the customer, in milliseconds.
    pub handle_ms: u32,
    /// After-contact work, in milliseconds.
    pub after_ms: u32,
    /// How it reached the desk.
    pub channel: Channel,
    /// Why.
    pub reason: Reason,
    /// Whether anybody notices when it gives up: if not, it is found out when its turn comes.
    pub silent: bool,
    /// It waits to be called back; whether it will answer.
    pub call_back: Option<bool>,
}

impl Contact {
    /// The news that it has given up.
    pub fn lost(&self, at: SimTime, how: Loss) -> Lost {
        Lost {
            arrived: self.arrived,
            channel: self.channel,
            reason: self.reason,
            at,
            how,
        }
    }

    fn may_vanish(&self) -> bool {
        self.silent && self.deadline != SimTime::NEVER
    }
}

/// Contacts of one channel in order of arrival. Those that have given up stay in their place until they reach the
/// front; they are told apart by `gone`.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    places: VecDeque<(Contact, bool)>,
    /// Places whose contact has given up and been told of.
    gone: usize,
    /// Places whose contact may have given up without anybody noticing.
    silent: usize,
    /// Places whose contact waits to be called back.
    off_line: usize,
}

impl Queue {
    /// A contact joins the queue.
    #[inline]
    pub fn push(&mut self, contact: Contact) {
        self.silent += usize::from(contact.may_vanish());
        self.off_line += usize::from(contact.call_back.is_some());
        self.places.push_back((contact, false));
    }

    /// Whether nobody is in the queue, not even one who has given up.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many wait, those included that may have given up silently.
    pub fn len(&self) -> usize {
        self.places.len() - self.gone
    }

    /// Whether any wait, those included that may have given up silently.
    #[inline]
    pub fn somebody_waits(&self) -> bool {
        self.gone < self.places.len()
    }

    /// How many of them are on a line: all but those who wait to be called back.
    pub fn on_line(&self) -> usize {
        self.len() - self.off_line
    }

    /// Removes those at the front that have given up by `now`; when the first that still waits arrived.
    #[inline]
    pub fn front(&mut self, now: SimTime, tally: &mut impl Tally) -> Option<SimTime> {
        while let Some((contact, gone)) = self.places.front() {
            let vanished = contact.may_vanish() && contact.deadline <= now;
            if !gone && !vanished {
                return Some(contact.arrived);
            }
            if *gone {
                self.gone -= 1;
            } else {
                tally.lost(&contact.lost(contact.deadline, Loss::Patience));
            }
            self.silent -= usize::from(contact.may_vanish());
            self.places.pop_front();
        }
        None
    }

    /// Takes the first contact that still waits at `now`.
    #[inline]
    pub fn pop(&mut self, now: SimTime, tally: &mut impl Tally) -> Option<Contact> {
        self.front(now, tally)?;
        let (contact, _) = self.places.pop_front()?;
        self.silent -= usize::from(contact.may_vanish());
        self.off_line -= usize::from(contact.call_back.is_some());
        Some(contact)
    }

    /// A contact reaches its deadline; if it still waits it gives up, and here it is.
    pub fn expire(&mut self, number: u64) -> Option<Contact> {
        let place = self.places.binary_search_by_key(&number, |(waiting, _)| waiting.number).ok()?;
        let (contact, gone) = &mut self.places[place];
        if *gone || contact.call_back.is_some() {
            return None;
        }
        *gone = true;
        self.gone += 1;
        Some(*contact)
    }

    /// How many still wait at `now`; those that gave up silently are removed.
    pub fn waiting(&mut self, now: SimTime, tally: &mut impl Tally) -> u64 {
        if self.silent > 0 {
            let silent = &mut self.silent;
            self.places.retain(|(contact, _)| {
                let vanished = contact.may_vanish() && contact.deadline <= now;
                if vanished {
                    tally.lost(&contact.lost(contact.deadline, Loss::Patience));
                    *silent -= 1;
                }
                !vanished
            });
        }
        self.len() as u64
    }
}
