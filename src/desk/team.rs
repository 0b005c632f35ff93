//! A team: agents, and the queues in front of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::{Answer, Channel};
use crate::calendar::{SimTime, Span};
use crate::identity::operation::Reason;
use crate::measure::desk::DeskMeasure;

/// Who is told what became of a contact: a number that means something to the [`Callers`](super::Callers), or nobody.
pub type Listener = Option<u64>;

/// A contact in a queue.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    pub arrived: SimTime,
    /// Gives up at this time.
    pub deadline: SimTime,
    pub handle: Span,
    pub channel: Channel,
    pub reason: Reason,
    /// Number of the contact in order of arrival.
    pub number: u64,
    pub listener: Listener,
}

/// The news about a contact.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// Who is told.
    pub listener: u64,
    /// What became of it.
    pub answer: Answer,
}

/// Contacts of one channel, in order of arrival. Those that have given up stay in their place until they reach the
/// front; they are told apart by `gone`.
#[derive(Debug)]
struct Queue {
    channel: Channel,
    places: VecDeque<(Contact, bool)>,
    /// Places whose contact has given up and been counted.
    gone: usize,
    /// Places whose contact may have given up without anybody noticing.
    silent: usize,
}

/// Agents that take contacts first come, first served, from the first queue that has any.
#[derive(Debug)]
pub struct Team {
    number: usize,
    agents: u32,
    busy: u32,
    /// Ends of service: time, contact number, listener, wait.
    services: BinaryHeap<Reverse<(SimTime, u64, Listener, Span)>>,
    queues: Vec<Queue>,
}

impl Team {
    /// A team without agents; `number` is its place in the measures.
    pub fn new(number: usize, channels: &[Channel]) -> Self {
        let queue = |&channel: &Channel| Queue { channel, places: VecDeque::new(), gone: 0, silent: 0 };
        Self {
            number,
            agents: 0,
            busy: 0,
            services: BinaryHeap::new(),
            queues: channels.iter().map(queue).collect(),
        }
    }

    /// When the next service ends.
    #[inline]
    pub fn next_end(&self) -> SimTime {
        self.services.peek().map_or(SimTime::NEVER, |Reverse((end, ..))| *end)
    }

    /// A contact arrives: an agent takes it, or it waits. True if it waits.
    #[inline]
    pub fn arrive(&mut self, contact: Contact, desk: &mut DeskMeasure) -> bool {
        if self.busy < self.agents {
            self.take(contact, contact.arrived, desk);
            return false;
        }
        let queue = self.queue(contact.channel);
        queue.silent += usize::from(contact.is_silent());
        queue.places.push_back((contact, false));
        true
    }

    /// The earliest service ends, and its agent takes the next contact. The news about the one that ended.
    #[inline]
    pub fn finish(&mut self, desk: &mut DeskMeasure) -> Option<Ended> {
        let Reverse((at, _, listener, waited)) = self.services.pop()?;
        self.busy -= 1;
        self.fill(at, desk);
        listener.map(|listener| Ended { listener, answer: Answer { at, waited, served: true } })
    }

    /// The number of agents on duty changes. Agents that leave finish what they are doing.
    pub fn staff(&mut self, agents: u32, now: SimTime, desk: &mut DeskMeasure) {
        self.agents = agents;
        self.fill(now, desk);
    }

    /// Free agents take waiting contacts.
    #[inline]
    fn fill(&mut self, now: SimTime, desk: &mut DeskMeasure) {
        while self.busy < self.agents {
            let next = self.queues.iter_mut().find_map(|queue| queue.pop(now, desk));
            let Some(contact) = next else { return };
            self.take(contact, now, desk);
        }
    }

    #[inline]
    fn take(&mut self, contact: Contact, now: SimTime, desk: &mut DeskMeasure) {
        let (waited, end) = (now - contact.arrived, now + contact.handle);
        desk.answered(contact.arrived, contact.channel, contact.reason, waited, contact.handle);
        desk.teams[self.number].busy(now, end);
        self.busy += 1;
        self.services.push(Reverse((end, contact.number, contact.listener, waited)));
    }

    /// A listened-to contact reaches its deadline; if it is still waiting it gives up, and here is who it was.
    pub fn expire(&mut self, channel: Channel, number: u64, desk: &mut DeskMeasure) -> Option<Contact> {
        let queue = self.queue(channel);
        let place = queue.places.binary_search_by_key(&number, |(waiting, _)| waiting.number).ok()?;
        let (contact, gone) = &mut queue.places[place];
        *gone = true;
        queue.gone += 1;
        contact.abandon(desk);
        Some(*contact)
    }

    fn queue(&mut self, channel: Channel) -> &mut Queue {
        let place = self.queues.iter().position(|queue| queue.channel == channel);
        &mut self.queues[place.unwrap_or(0)]
    }

    /// Notes how many wait at the end of `hour`.
    pub fn note_backlog(&mut self, hour: usize, now: SimTime, desk: &mut DeskMeasure) {
        for queue in &mut self.queues {
            queue.drop_silent(now, desk);
            let waiting = queue.places.len() - queue.gone;
            desk.channels[queue.channel as usize].hours[hour].backlog = waiting as u64;
        }
    }

    /// The horizon is reached: counts who is still waiting.
    pub fn close(&mut self, horizon: SimTime, desk: &mut DeskMeasure) {
        for queue in &mut self.queues {
            queue.drop_silent(horizon, desk);
            let waiting = queue.places.len() - queue.gone;
            desk.channels[queue.channel as usize].left_waiting = waiting as u64;
        }
    }
}

impl Queue {
    /// The first contact that is still waiting.
    #[inline]
    fn pop(&mut self, now: SimTime, desk: &mut DeskMeasure) -> Option<Contact> {
        while let Some((contact, gone)) = self.places.pop_front() {
            self.silent -= usize::from(contact.is_silent());
            if gone {
                self.gone -= 1;
            } else if contact.is_silent() && contact.deadline <= now {
                contact.abandon(desk);
            } else {
                return Some(contact);
            }
        }
        None
    }

    /// Removes contacts that gave up silently by `now`.
    fn drop_silent(&mut self, now: SimTime, desk: &mut DeskMeasure) {
        if self.silent == 0 {
            return;
        }
        let silent = &mut self.silent;
        self.places.retain(|(contact, _)| {
            let gives_up = contact.is_silent() && contact.deadline <= now;
            if gives_up {
                contact.abandon(desk);
                *silent -= 1;
            }
            !gives_up
        });
    }
}

impl Contact {
    /// Whether it can give up without anybody being told.
    fn is_silent(&self) -> bool {
        self.listener.is_none() && self.deadline != SimTime::NEVER
    }

    fn abandon(&self, desk: &mut DeskMeasure) {
        desk.abandoned(self.arrived, self.channel, self.reason, self.deadline - self.arrived);
    }
}
