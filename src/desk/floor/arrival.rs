//! Arrival: a contact is taken at once, waits, or gives up; and who hears of it.

use std::cmp::Reverse;

use super::{BASELINE, Callers, Ended, Floor, NOBODY, News};
use crate::calendar::{SimTime, Span};
use crate::desk::queue::{Contact, Queue};
use crate::desk::{Loss, Request, Tally};
use crate::random::Purpose;
use crate::terms::{Answer, Channel};

impl<T: Tally> Floor<T> {
    /// Queues what the callers have asked for.
    pub(super) fn admit_requests(&mut self) {
        let mut requests = std::mem::take(&mut self.requests);
        for (listener, request) in requests.drain(..) {
            self.admit(&request, listener);
        }
        self.requests = requests;
    }

    #[inline(always)]
    pub(super) fn admit(&mut self, request: &Request, listener: u64) {
        let (now, channel) = (request.at, request.channel);
        let ms = |span: Span| span.0.clamp(0, i64::from(u32::MAX)) as u32;
        let contact = Contact {
            arrived: now,
            deadline: request.patience.map_or(SimTime::NEVER, |patience| now + patience),
            number: self.contacts,
            listener,
            handle_ms: ms(request.handle),
            after_ms: ms(request.after),
            channel,
            reason: request.reason,
            silent: listener == NOBODY && !(self.layout.rules.exact && channel == Channel::Phone),
            call_back: None,
        };
        self.contacts += 1;
        self.tally.offered(now, channel, request.reason);
        if request.redial {
            self.tally.redialed(channel);
        }
        let free = self.layout.takers[channel as usize].iter().find(|&&skill| {
            let team = &self.teams[skill as usize];
            team.is_free() || (channel == Channel::Chat && team.has_room() && !self.holds_no_more_chats(skill))
        });
        if let Some(&skill) = free {
            let (end, told) = self.begin(skill, contact, now);
            self.ends.push(Reverse(end));
            self.ends.extend(told.map(Reverse));
            return;
        }
        let mut contact = if channel == Channel::Phone && self.layout.rules.exact {
            match self.meet_the_queue(contact, request.luck) {
                Some(contact) => contact,
                None => return,
            }
        } else {
            contact
        };
        // When it gives up, a chat may be held that was not held before.
        contact.silent &= !(self.chats && self.layout.before_chats[channel as usize]);
        let urgent = !self.layout.urgent.is_empty() && self.layout.urgent.contains(&contact.reason);
        let queue = 2 * channel as usize + usize::from(!urgent);
        if !contact.silent && contact.deadline != SimTime::NEVER {
            self.deadlines.push(Reverse((contact.deadline, queue, contact.number)));
        }
        self.queues[queue].push(contact);
    }

    /// A call that cannot be taken at once meets the busy tone, an announcement, or the offer to be called back.
    /// `None` if it does not wait.
    pub(super) fn meet_the_queue(&mut self, mut contact: Contact, luck: u32) -> Option<Contact> {
        let ahead: usize = self.queues[..2].iter().map(Queue::len).sum();
        let on_line: usize = self.queues[..2].iter().map(Queue::on_line).sum();
        let lines = self.layout.rules.phone.lines.get();
        if lines > 0 && on_line as u64 >= lines {
            self.lose(contact, contact.arrived, Loss::Blocked, Span::ZERO);
            return None;
        }
        if !self.layout.rules.announces {
            return Some(contact);
        }
        let on_duty: u32 = self.layout.takers[0].iter().map(|&skill| self.teams[skill as usize].agents).sum();
        let mean_handle_ms = self.handled.0 as f64 / self.handled.1 as f64;
        // Each agent's end of service frees a place in the queue.
        let announced_ms = (ahead + 1) as f64 * mean_handle_ms / f64::from(on_duty);
        let mut luck = self.seed.draw(u64::from(luck), Purpose::Announcement, 0);
        let offer = &self.layout.rules.phone.call_back;
        if announced_ms >= offer.offered_after_s.get() * 1000.0 && luck.chance(offer.accepts_share.get()) {
            contact.call_back = Some(luck.chance(offer.reached_share.get()));
            contact.deadline = SimTime::NEVER;
            return Some(contact);
        }
        let patience = contact.deadline - contact.arrived;
        if contact.deadline != SimTime::NEVER
            && patience.0 as f64 <= announced_ms
            && luck.chance(self.layout.rules.phone.balk_share.get())
        {
            self.lose(contact, contact.arrived, Loss::Balked, Span::ZERO);
            return None;
        }
        Some(contact)
    }

    pub(super) fn lose(&mut self, contact: Contact, at: SimTime, how: Loss, waited: Span) {
        self.tally.lost(&contact.lost(at, how));
        if contact.listener != NOBODY {
            self.news.push(News { contact, answer: Answer { at, waited, served: false } });
        }
    }

    pub(super) fn reach_deadline(&mut self) {
        let Some(Reverse((at, queue, number))) = self.deadlines.pop() else {
            return;
        };
        // Unless it was taken before.
        if let Some(contact) = self.queues[queue].expire(number) {
            self.lose(contact, at, Loss::Patience, at - contact.arrived);
            self.hold_more_chats(at);
        }
    }

    /// Tells all news, and queues what they lead to.
    pub(super) fn settle(&mut self, callers: &mut impl Callers) {
        while let Some(News { contact, answer }) = self.news.pop() {
            if contact.listener >= BASELINE {
                self.may_come_again(&contact, answer);
            } else {
                callers.hear(Ended { listener: contact.listener, answer }, &mut self.requests);
                self.admit_requests();
            }
        }
    }
}
