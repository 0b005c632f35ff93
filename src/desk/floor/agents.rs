//! Agents: when they come and go, what they take next, and when they are free again.

use std::cmp::Reverse;

use super::{Floor, NOBODY, News, PLAIN, Service, ServiceEnd};
use crate::calendar::{SimTime, Span};
use crate::desk::queue::{Contact, Queue};
use crate::desk::{Loss, Taken, Tally};
use crate::terms::{Answer, Channel, Skill};

impl<T: Tally> Floor<T> {
    pub(super) fn change_staff(&mut self, now: SimTime) {
        self.staff_changes = SimTime::NEVER;
        for skill in Skill::ALL {
            let roster = self.layout.staffing.of(skill);
            let agents = roster.in_hour(now.hour());
            self.staff_changes = self.staff_changes.min(roster.next_change(now));
            self.staff(skill, agents, now);
        }
    }

    /// The earliest service ends, and its agent takes the next contact. True if there is something to settle.
    #[inline]
    pub(super) fn finish(&mut self) -> bool {
        let Some(&Reverse((at, tag))) = self.ends.peek() else {
            return false;
        };
        if tag & PLAIN == 0 {
            self.ends.pop();
            self.finish_service(at, tag);
            return true;
        }
        let skill = Skill::ALL[(tag & 3) as usize];
        self.teams[skill as usize].release(Channel::Phone, 0);
        match self.next_for(skill, at) {
            Some(contact) => {
                let (end, told) = self.begin(skill, contact, at);
                if let Some(mut top) = self.ends.peek_mut() {
                    *top = Reverse(end);
                }
                self.ends.extend(told.map(Reverse));
                if contact.channel == Channel::Chat {
                    // The agent has room for more of them.
                    self.fill(skill, at);
                }
            }
            None => {
                self.ends.pop();
            }
        }
        if self.attentive {
            self.hold_more_chats(at);
            return true;
        }
        !self.news.is_empty()
    }

    fn finish_service(&mut self, at: SimTime, place: u32) {
        let service = self.services[place as usize];
        self.free_services.push(place);
        let contact = service.contact;
        if service.tells {
            // One who is called back has not waited on the line.
            let waited = if contact.call_back.is_some() {
                Span::ZERO
            } else {
                service.waited
            };
            self.news.push(News { contact, answer: Answer { at, waited, served: true } });
        }
        if service.frees {
            let chatting_since = self.teams[service.skill as usize].release(contact.channel, service.agent);
            if let Some(since) = chatting_since {
                self.tally.busy(service.skill, since, at);
            }
            self.fill(service.skill, at);
        }
    }

    /// Free agents of a team take waiting contacts.
    pub(super) fn fill(&mut self, skill: Skill, now: SimTime) {
        self.fill_alone(skill, now);
        self.hold_more_chats(now);
    }

    fn fill_alone(&mut self, skill: Skill, now: SimTime) {
        while let Some(contact) = self.next_for(skill, now) {
            let (end, told) = self.begin(skill, contact, now);
            self.ends.push(Reverse(end));
            self.ends.extend(told.map(Reverse));
        }
    }

    /// Somebody has left a queue: it may have been the last for whom a team held no further chats.
    pub(super) fn hold_more_chats(&mut self, now: SimTime) {
        const CHAT: usize = Channel::Chat as usize;
        if self.queues[2 * CHAT].is_empty() && self.queues[2 * CHAT + 1].is_empty() {
            return;
        }
        for place in 0..self.layout.takers[CHAT].len() {
            self.fill_alone(self.layout.takers[CHAT][place], now);
        }
    }

    /// Whether somebody waits whom the team takes before it holds a further chat.
    pub(super) fn holds_no_more_chats(&self, skill: Skill) -> bool {
        let before = self.teams[skill as usize].before_chats();
        before
            .iter()
            .flat_map(|&channel| &self.queues[2 * channel as usize..][..2])
            .any(Queue::somebody_waits)
    }

    /// The next contact that an agent of the team takes, if one is free.
    #[inline(always)]
    fn next_for(&mut self, skill: Skill, now: SimTime) -> Option<Contact> {
        let team = &self.teams[skill as usize];
        for &channel in team.takes.iter() {
            let queues = &mut self.queues[2 * channel as usize..][..2];
            if !team.can_take(channel) {
                // Nobody who waits is passed over for a further chat, which is all that can be taken now.
                if team.after == Span::ZERO && queues.iter().any(Queue::somebody_waits) {
                    return None;
                }
                continue;
            }
            for queue in queues {
                if queue.is_empty() {
                    continue;
                }
                if team.after > Span::ZERO
                    && queue.front(now, &mut self.tally).is_none_or(|arrived| arrived + team.after > now)
                {
                    continue;
                }
                if let Some(contact) = queue.pop(now, &mut self.tally) {
                    return Some(contact);
                }
            }
        }
        None
    }

    /// An agent takes a contact. When the agent is free again, and when the customer is told, if that is earlier.
    #[inline(always)]
    pub(super) fn begin(&mut self, skill: Skill, contact: Contact, now: SimTime) -> (ServiceEnd, Option<ServiceEnd>) {
        let agent = self.teams[skill as usize].take(contact.channel, now);
        if contact.call_back == Some(false) {
            return (self.call_in_vain(skill, contact, now), None);
        }
        let (told, free) = (
            now + Span(i64::from(contact.handle_ms)),
            now + Span(i64::from(contact.handle_ms) + i64::from(contact.after_ms)),
        );
        self.tally.taken(&Taken {
            arrived: contact.arrived,
            channel: contact.channel,
            reason: contact.reason,
            at: now,
            busy: free - now,
            skill,
            called_back: contact.call_back.is_some(),
        });
        if contact.channel != Channel::Chat {
            // An agent who chats is busy from the first of the chats to the last: that is told at its end.
            self.tally.busy(skill, now, free);
        } else {
            (self.chats, self.attentive) = (true, true);
        }
        if self.layout.rules.announces && contact.channel == Channel::Phone {
            self.handled = (self.handled.0 + (free - now).0.unsigned_abs(), self.handled.1 + 1);
        }
        let is_told = contact.listener != NOBODY;
        if !is_told && contact.channel != Channel::Chat {
            return ((free, PLAIN | skill as u32), None);
        }
        let waited = now - contact.arrived;
        let both = Service { contact, skill, agent, waited, tells: is_told, frees: true };
        if !is_told || told == free {
            return ((free, self.note(both)), None);
        }
        let told = (told, self.note(Service { frees: false, ..both }));
        ((free, self.note(Service { tells: false, ..both })), Some(told))
    }

    /// Nobody answers the call back: the agent has lost a little time.
    fn call_in_vain(&mut self, skill: Skill, contact: Contact, now: SimTime) -> ServiceEnd {
        let free = now + Span::from_seconds(self.layout.rules.phone.call_back.attempt_s.get());
        self.tally.busy(skill, now, free);
        self.lose(contact, now, Loss::NotReached, Span::ZERO);
        (free, PLAIN | skill as u32)
    }

    fn note(&mut self, service: Service) -> u32 {
        match self.free_services.pop() {
            Some(place) => {
                self.services[place as usize] = service;
                place
            }
            None => {
                self.services.push(service);
                self.services.len() as u32 - 1
            }
        }
    }
}
